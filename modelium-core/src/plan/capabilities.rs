//! What can be done here, as data: planners choose from it, validators hold plans against it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::descriptor::FormatId;
use crate::plan::types::PackageTarget;

/// Names of everything that a plan's operations can refer to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Capabilities {
    /// Formats that can be imported.
    pub reads: Vec<FormatId>,
    /// Formats that can be exported.
    pub writes: Vec<FormatId>,
    /// Passes, in the order in which they run by default.
    pub passes: Vec<String>,
    /// Runtimes that can run a model for its proof.
    pub runtimes: Vec<String>,
    /// What results can be packaged for.
    pub targets: Vec<PackageTarget>,
}

impl Capabilities {
    /// True if models of that format can be read.
    pub fn reads(&self, format: &FormatId) -> bool {
        self.reads.contains(format)
    }

    /// True if models can be written in that format.
    pub fn writes(&self, format: &FormatId) -> bool {
        self.writes.contains(format)
    }
}
