//! Looking for what must not be in a model. Nothing is executed, and nothing is extracted.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::Artifact;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::finding::{Finding, Severity};
use crate::formats::FormatId;
use crate::registry::Registry;

/// What scanning found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScanReport {
    /// Each path, in the order given.
    pub files: Vec<ScannedFile>,
}

/// What is in one path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScannedFile {
    /// The path as given.
    pub path: String,
    /// The format it was read as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<FormatId>,
    /// What to think of it.
    pub verdict: Verdict,
    /// What led there.
    pub findings: Vec<Finding>,
}

/// What to think of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// All that a loader would read was understood, and nothing in it acts.
    Clean,
    /// It was not understood, so nothing can be said. Never to be taken for clean.
    Undetermined,
    /// It could run or reach something that was not meant to.
    Danger,
}

/// Scans each path; one that cannot be read is a verdict, not an error.
///
/// # Errors
/// `Cancelled`; `Io` if a path does not exist.
pub(super) fn scan(registry: &Registry, paths: &[impl AsRef<Path>], cx: &Context) -> Result<ScanReport> {
    let total = paths.len() as u64;
    let files = (0..).zip(paths).map(|(done, path)| {
        cx.tick("scan", done, total)?;
        scan_one(registry, path.as_ref(), cx)
    });
    Ok(ScanReport { files: files.collect::<Result<_>>()? })
}

fn scan_one(registry: &Registry, path: &Path, cx: &Context) -> Result<ScannedFile> {
    let artifact = Artifact::open(path, cx)?;
    let path = path.display().to_string();
    match registry.analyze(&artifact, cx) {
        Ok(descriptor) => {
            let danger = descriptor.findings.iter().any(|finding| finding.severity == Severity::Danger);
            let verdict = if danger { Verdict::Danger } else { Verdict::Clean };
            Ok(ScannedFile { path, format: Some(descriptor.format), verdict, findings: descriptor.findings })
        }
        Err(error) if error.kind() == ErrorKind::Cancelled => Err(error),
        Err(error) => {
            let verdict =
                if error.kind() == ErrorKind::UnsafeContent { Verdict::Danger } else { Verdict::Undetermined };
            let format = registry.detect(&artifact).ok().map(|analyzer| analyzer.format());
            Ok(ScannedFile { path, format, verdict, findings: vec![finding(&error)] })
        }
    }
}

/// An error as a finding: what stopped the analysis.
fn finding(error: &Error) -> Finding {
    let (code, severity) = match error.kind() {
        ErrorKind::UnsafeContent => ("scan.unsafe_content", Severity::Danger),
        ErrorKind::Unsupported => ("scan.unsupported", Severity::Warning),
        ErrorKind::LimitExceeded => ("scan.limit_exceeded", Severity::Warning),
        _ => ("scan.malformed", Severity::Error),
    };
    let finding = Finding::new(code, severity, error.message()).at(error.location().clone());
    match error.notes() {
        [] => finding,
        notes => finding.remedy(notes.join("; ")),
    }
}
