//! What a new version of a model does that the old one did not.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::scan::{Gap, ScanReport, ScannedFile, Verdict};

/// Two scans compared, file by file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScanDiff {
    /// The verdict of the old version.
    pub before: Verdict,
    /// The verdict of the new version.
    pub after: Verdict,
    /// True if the new version does something that the old one did not.
    pub does_more: bool,
    /// Files that differ in what they do.
    pub files: Vec<FileDiff>,
}

/// How one file differs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileDiff {
    /// Its path, relative to the path that was scanned.
    pub path: String,
    /// It is in the new version alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub appeared: bool,
    /// It is in the old version alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disappeared: bool,
    /// Findings that the old version did not have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub new_findings: Vec<Finding>,
    /// Findings that the new version does not have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone_findings: Vec<Finding>,
    /// Gaps that the old version did not have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub new_gaps: Vec<Gap>,
    /// Callables, operators and classes that the old version did not use.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub new_uses: BTreeSet<String>,
    /// Callables, operators and classes that the new version does not use.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub gone_uses: BTreeSet<String>,
}

/// What a finding says, wherever it stands: bytes move between versions.
fn meaning(finding: &Finding) -> (&str, &[String], Option<&str>, &str) {
    let said = finding.evidence.as_deref().unwrap_or(&finding.message);
    (&finding.code, &finding.location.members, finding.location.item.as_deref(), said)
}

impl ScanDiff {
    /// Compares the scans of one path each; `old` and `new` are those paths.
    pub fn between(old: (&str, &ScanReport), new: (&str, &ScanReport)) -> Self {
        let (before, after) = (by_path(old.0, old.1), by_path(new.0, new.1));
        let none = ScannedFile::default();
        let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let mut files = Vec::new();
        for path in paths {
            let (was, is) = (before.get(path).copied(), after.get(path).copied());
            let diff = FileDiff {
                path: path.clone(),
                appeared: was.is_none(),
                disappeared: is.is_none(),
                ..compare(was.unwrap_or(&none), is.unwrap_or(&none))
            };
            let same = FileDiff { path: path.clone(), ..FileDiff::default() };
            if diff != same {
                files.push(diff);
            }
        }
        let more =
            |file: &FileDiff| !file.new_findings.is_empty() || !file.new_uses.is_empty() || !file.new_gaps.is_empty();
        Self { before: old.1.verdict, after: new.1.verdict, does_more: files.iter().any(more), files }
    }
}

/// The files by their path below the scanned one; a single file has no path below itself, so that two names match.
fn by_path<'a>(root: &str, report: &'a ScanReport) -> BTreeMap<String, &'a ScannedFile> {
    let below = |path: &str| path.strip_prefix(root).unwrap_or(path).trim_start_matches(['/', '\\']).to_owned();
    report.files.iter().map(|file| (below(&file.path), file)).collect()
}

fn compare(was: &ScannedFile, is: &ScannedFile) -> FileDiff {
    let only = |these: &ScannedFile, those: &ScannedFile| -> Vec<Finding> {
        let known: BTreeSet<_> = those.findings.iter().map(meaning).collect();
        these.findings.iter().filter(|finding| !known.contains(&meaning(finding))).cloned().collect()
    };
    let reasons: BTreeSet<_> = was.gaps.iter().map(|gap| (&gap.location.members, &gap.reason)).collect();
    let is_new = |gap: &&Gap| !reasons.contains(&(&gap.location.members, &gap.reason));
    FileDiff {
        new_findings: only(is, was),
        gone_findings: only(was, is),
        new_gaps: is.gaps.iter().filter(is_new).cloned().collect(),
        new_uses: is.uses.difference(&was.uses).cloned().collect(),
        gone_uses: was.uses.difference(&is.uses).cloned().collect(),
        ..FileDiff::default()
    }
}
