//! The licence of a model, with its evidence.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Under which licences a model comes, as far as its files say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LicenseDescriptor {
    /// SPDX identifiers, or `LicenseRef-…` for licences outside the list.
    pub spdx: Vec<String>,
    /// Where each was read.
    pub evidence: Vec<LicenseEvidence>,
}

/// One place that names a licence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LicenseEvidence {
    /// SPDX identifier, or `LicenseRef-…`.
    pub spdx: String,
    /// The file.
    pub file: String,
    /// How it was told: `front_matter`, `text`, `metadata`, `base_model`.
    pub source: String,
}
