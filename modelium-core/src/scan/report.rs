//! What scanning came to, as a document.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::descriptor::{FormatId, Producer};
use crate::error::Location;
use crate::finding::{Finding, Severity};

/// What scanning found. The same bytes and options give the same report on every machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScanReport {
    /// What scanned.
    pub tool: Producer,
    /// The gravest verdict of all files.
    pub verdict: Verdict,
    /// All files together.
    pub summary: Summary,
    /// Each file, in the order in which the paths were given, and below a folder by name. What the files of a folder
    /// mean together stands under the folder's name, after them.
    pub files: Vec<ScannedFile>,
}

/// How many files came to which verdict.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Bytes of these that were not understood.
    pub gap_bytes: u64,
    /// Files that are clean.
    pub clean: u64,
    /// Files of which something was not understood.
    pub undetermined: u64,
    /// Files that a person must look at.
    pub suspicious: u64,
    /// Files that act.
    pub malicious: u64,
}

/// What is in one file, or what the files of one folder mean together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScannedFile {
    /// The path.
    pub path: String,
    /// The formats it is to their loaders; more than one for a polyglot, none where it was not recognised.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formats: Vec<FormatId>,
    /// Its size; 0 for a folder.
    pub bytes: u64,
    /// SHA-256 in lower-case hexadecimal, where digests were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// What to think of it.
    pub verdict: Verdict,
    /// What led there.
    pub findings: Vec<Finding>,
    /// Findings that the policy accepts, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<Accepted>,
    /// What was not understood.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
    /// What loading it calls or asks for, harmless or not: callables, operators, classes.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub uses: BTreeSet<String>,
}

/// A finding that a policy accepts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Accepted {
    /// What was found.
    pub finding: Finding,
    /// Why it may stand.
    pub reason: String,
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

impl Gap {
    /// Whether it is one of these files as a whole.
    pub(crate) fn is_of(&self, files: &BTreeSet<String>) -> bool {
        let at = &self.location;
        at.file.as_ref().is_some_and(|file| files.contains(file) && *at == Location::file(file))
    }
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

    /// The name, as JSON spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Undetermined => "undetermined",
            Self::Suspicious => "suspicious",
            Self::Malicious => "malicious",
        }
    }
}

impl ScanReport {
    /// The report of these files.
    pub fn new(files: Vec<ScannedFile>) -> Self {
        let mut summary = Summary::default();
        let add = |total: &mut u64, number: u64| *total = total.saturating_add(number);
        for file in &files {
            add(&mut summary.files, 1);
            add(&mut summary.bytes, file.bytes);
            file.gaps.iter().for_each(|gap| add(&mut summary.gap_bytes, gap.bytes));
            let verdict = match file.verdict {
                Verdict::Clean => &mut summary.clean,
                Verdict::Undetermined => &mut summary.undetermined,
                Verdict::Suspicious => &mut summary.suspicious,
                Verdict::Malicious => &mut summary.malicious,
            };
            add(verdict, 1);
        }
        let verdict = files.iter().map(|file| file.verdict).max().unwrap_or_default();
        let tool = Producer { name: "modelium".to_owned(), version: Some(env!("CARGO_PKG_VERSION").to_owned()) };
        Self { tool, verdict, summary, files }
    }
}
