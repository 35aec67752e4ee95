//! What a model takes: figures with the method that made them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a figure came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Counted from the file.
    Exact,
    /// A formula whose constants were fitted to measurements.
    Calibrated,
    /// A formula over facts of the file.
    Analytic,
}

/// One number, its method, and, unless it is exact, the interval it lies in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Figure {
    /// The number.
    pub value: u64,
    /// How it came about.
    pub method: Method,
    /// The least it can be; left out for exact figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<u64>,
    /// The most it can be; left out for exact figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<u64>,
    /// What it was computed at: `context`, `batch`, …
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub at: BTreeMap<String, u64>,
}

impl Figure {
    /// A number that was counted.
    pub fn exact(value: u64) -> Self {
        Self { value, method: Method::Exact, low: None, high: None, at: BTreeMap::new() }
    }
}

/// Figures by name, units in the name: `parameters`, `weight_bytes`, `active_parameters`, `kv_cache_bytes_per_token`, …
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Resources {
    /// The figures.
    pub figures: BTreeMap<String, Figure>,
}

impl Resources {
    /// True if nothing is known.
    pub fn is_empty(&self) -> bool {
        self.figures.is_empty()
    }
}
