//! What is known of a tokenizer without running it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A tokenizer as its files describe it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TokenizerDescriptor {
    /// How it splits words: `bpe`, `wordpiece`, `unigram`, `wordlevel`, `char`, `word`; `unknown` where no file says so.
    pub kind: String,
    /// The library whose files were read: `tokenizers`, `sentencepiece`, `tiktoken`, `transformers`, `gguf`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub library: Option<String>,
    /// The class that a loader makes of it, as the files spell it: `LlamaTokenizerFast`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Entries of the vocabulary, added tokens left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vocabulary: Option<u64>,
    /// Different tokens with the added ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<u64>,
    /// The highest number of a token; the embedding needs a row more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub highest_id: Option<u64>,
    /// Pairs that byte-pair encoding merges.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merges: Option<u64>,
    /// Unknown characters become tokens of their bytes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub byte_fallback: bool,
    /// Tokens beside the vocabulary, by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<AddedToken>,
    /// Tokens with a part to play: `bos_token` → `<s>`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub special: BTreeMap<String, String>,
    /// Steps of the normaliser, by the names of the file: `NFC`, `Lowercase`, `nmt_nfkc`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub normalizer: Vec<String>,
    /// Steps that cut a text before the model: `ByteLevel`, `Whitespace`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pre_tokenizer: Vec<String>,
    /// Steps that add special tokens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub post_processor: Vec<String>,
    /// Steps that make a text of tokens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decoder: Vec<String>,
    /// Tokens that a text may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u64>,
    /// Tokens after which `tokenizer.json` cuts a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub truncation: Option<u64>,
    /// Templates that make a prompt of messages; read, never rendered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chat_templates: Vec<ChatTemplate>,
    /// The files that were read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
}

/// A token beside the vocabulary.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AddedToken {
    /// Its number.
    pub id: u64,
    /// Its text.
    pub content: String,
    /// It steers the model and is left out of what a reader sees.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub special: bool,
}

/// A template that makes a prompt of messages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChatTemplate {
    /// Its name; `default` for the only one.
    pub name: String,
    /// Bytes of its text.
    pub bytes: u64,
    /// The file that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Variables that the host must supply.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<String>,
    /// Roles of messages that it knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// It knows how to offer tools.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tools: bool,
}
