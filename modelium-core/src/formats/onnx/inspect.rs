//! What would act in an ONNX model: operators that call back into Python or need a library, data that leads elsewhere.

use crate::artifact::Artifact;
use crate::error::Result;
use crate::finding::Severity;
use crate::formats::onnx::{OnnxAnalyzer, locate};
use crate::formats::{Analyzer as _, FormatId, Inspector, Sniff, Taken};
use crate::scan::{Exam, Part, rules};

/// Looks for danger in ONNX models.
#[derive(Debug, Clone, Copy, Default)]
pub struct OnnxInspector;

impl Inspector for OnnxInspector {
    fn format(&self) -> FormatId {
        FormatId::ONNX
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if locate::looks_like_onnx(&part.blob) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let artifact = match exam.entry(part) {
            Some((artifact, entry)) => artifact.only(entry)?,
            None => Artifact::from_bytes(part.name(), part.blob.bytes().clone()),
        };
        let model = OnnxAnalyzer.analyze(&artifact, exam.cx())?;
        for finding in model.findings {
            let at = crate::error::Location { members: part.members.clone(), ..finding.location };
            match (finding.severity, finding.code.as_ref()) {
                (Severity::Danger, _) => exam.report(&rules::graph::RUNS_CODE, at, finding.message),
                (_, "onnx.unknown_domain") => exam.report(&rules::graph::NEEDS_LIBRARY, at, finding.message),
                _ => {}
            }
        }
        Ok(Taken::Yes)
    }
}
