//! What the user wants.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::license::LicensePolicy;
use crate::plan::types::Tolerance;

/// What the user wants of a conversion; the default is "the same model, as files, proven equal".
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Requirements {
    /// Where the model is to be served.
    pub target: Target,
    /// The name to serve it under; the model's own name if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What to prefer where there is a choice.
    pub objective: Objective,
    /// Number format of weights and arithmetic.
    pub precision: Precision,
    /// What the result must not exceed.
    pub constraints: Constraints,
    /// What requests will look like.
    pub workload: Workload,
    /// The caller's own inputs for the proof: an `.npz` with one array for each input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub samples: Option<InputFile>,
}

/// Where a model is to be served.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Just the converted files.
    #[default]
    Files,
    /// A Triton model repository.
    Triton,
}

/// What to prefer where there is a choice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// The time of one request.
    #[default]
    Latency,
    /// Requests in a second.
    Throughput,
    /// Resident memory of the server.
    Memory,
    /// Bytes on disk.
    Size,
}

/// Number format of weights and arithmetic.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each name is the format")]
pub enum Precision {
    /// As the model has it.
    #[default]
    Keep,
    Fp32,
    Fp16,
    Int8,
    Int4,
}

/// What the result must not exceed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Constraints {
    /// Bytes of memory that any step may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_memory_bytes: Option<u64>,
    /// Bytes on disk of the result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_size_bytes: Option<u64>,
    /// Seconds that the whole conversion may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_seconds: Option<u64>,
    /// How far outputs may differ; by default as the precision allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<Tolerance>,
    /// Under which licences the model may come; any if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license: Option<LicensePolicy>,
    /// Go on where no runtime here can prove that the result computes the same.
    pub allow_unproven: bool,
}

/// What requests will look like.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Workload {
    /// Requests in one batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<DimRange>,
    /// Symbolic dimensions by name.
    pub dims: BTreeMap<String, DimRange>,
}

/// The numbers that a dimension takes, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DimRange {
    /// The least.
    pub min: u64,
    /// The most.
    pub max: u64,
}

/// A file of the caller's that a plan reads, bound to its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InputFile {
    /// Where it lies.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
}
