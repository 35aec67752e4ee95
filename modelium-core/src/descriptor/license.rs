//! The licence of a model, with its evidence.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Under which licences a model comes, as far as its files say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LicenseDescriptor {
    /// SPDX identifiers or expressions, `LicenseRef-…` for licences outside the list; what the model itself says first.
    pub spdx: Vec<String>,
    /// Where each was read.
    pub evidence: Vec<LicenseEvidence>,
    /// Models that this one was made from, as the files name them: their licences hold too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub base_models: Vec<String>,
    /// Where the text of the licence lies, as the model card says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// One place that names a licence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LicenseEvidence {
    /// SPDX identifier or expression, or `LicenseRef-…`.
    pub spdx: String,
    /// The file.
    pub file: String,
    /// How it was told: `front_matter`, `text`, `metadata`, `base_model`.
    pub source: String,
    /// What the file says, where that is another word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    /// Per cent of the text that is the licence's own, where texts were compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub similarity: Option<u8>,
}
