//! What scanning came to, as a document.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::descriptor::FormatId;
use crate::error::Location;
use crate::finding::{Finding, Severity};

/// What scanning found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScanReport {
    /// The gravest verdict of all files.
    pub verdict: Verdict,
    /// Each file, in the order in which the paths were given, and below a folder by name.
    pub files: Vec<ScannedFile>,
}

/// What is in one file, or what the files of one folder mean together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScannedFile {
    /// The path.
    pub path: String,
    /// The formats it is to their loaders; more than one for a polyglot, none where it was not recognised.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formats: Vec<FormatId>,
    /// Its size.
    pub bytes: u64,
    /// What to think of it.
    pub verdict: Verdict,
    /// What led there.
    pub findings: Vec<Finding>,
    /// What was not understood.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
}

/// Bytes that were not understood, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Gap {
    /// Where they are.
    pub location: Location,
    /// How many.
    pub bytes: u64,
    /// Why.
    pub reason: String,
}

/// What to think of a model. In the order in which one outweighs another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every byte that a loader would interpret was understood, and nothing in it acts.
    #[default]
    Clean,
    /// Some of it was not understood, so nothing can be said. Never to be taken for clean.
    Undetermined,
    /// A person must look: something is called that is not known, or a part is broken that a loader would read.
    Suspicious,
    /// It runs code, writes, reaches the network or leads out of its folder.
    Malicious,
}

impl Verdict {
    /// The verdict that findings and gaps come to.
    pub fn of(findings: &[Finding], gaps: &[Gap]) -> Self {
        let gravest = findings.iter().map(|finding| finding.severity).max();
        match gravest {
            Some(Severity::Danger) => Self::Malicious,
            Some(Severity::Suspicious) => Self::Suspicious,
            _ if !gaps.is_empty() => Self::Undetermined,
            _ => Self::Clean,
        }
    }
}
