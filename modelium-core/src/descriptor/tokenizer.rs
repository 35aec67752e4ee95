//! What is known of a tokenizer without running it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A tokenizer as its files describe it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TokenizerDescriptor {
    /// `bpe`, `wordpiece`, `unigram`, `sentencepiece`, `tiktoken`, …
    pub kind: String,
    /// Entries of the vocabulary, added tokens left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vocabulary: Option<u64>,
}
