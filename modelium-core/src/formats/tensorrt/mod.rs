//! `TensorRT` engines: compiled programs for one kind of GPU and one version of the library.
//!
//! The content is not published. What is public is said by `NVIDIA`'s own `trtexec`: an engine begins with `ptrt` (engines
//! before 8.6 with `ftrt`), and since 8.6 bytes 24 to 27 hold the version that built it. The rest is code for a GPU and weights
//! in forms that only the library knows, so that scanning cannot call an engine clean: the report says that its bytes are
//! not understood.

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::{FormatId, ModelDescriptor, Producer};
use crate::error::Result;
use crate::finding::{Finding, Severity};
use crate::formats::single::{only_file, the_file};
use crate::formats::{Analyzer, Inspector, Match, Sniff, Taken};
use crate::scan::{Exam, Part};

/// `TensorRT` engine.
pub const FORMAT: FormatId = FormatId::new("tensorrt");

/// Bytes of the header, as far as it is public.
const HEADER: u64 = 28;

/// Describes engines by their header.
#[derive(Debug, Clone, Copy, Default)]
pub struct TensorrtAnalyzer;

/// Says that engines cannot be looked into.
#[derive(Debug, Clone, Copy, Default)]
pub struct TensorrtInspector;

fn is_engine(blob: &Blob) -> bool {
    blob.len() >= HEADER && (blob.starts_with(b"ptrt") || blob.starts_with(b"ftrt"))
}

/// The version that built an engine; older engines do not say.
fn version(blob: &Blob) -> Option<String> {
    let plan = blob.starts_with(b"ptrt");
    let bytes = blob.get(24..28).filter(|bytes| plan && matches!(bytes.first(), Some(7..=30)))?;
    let numbers: Vec<_> = bytes.iter().map(u8::to_string).collect();
    Some(numbers.join("."))
}

impl Analyzer for TensorrtAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        match only_file(artifact) {
            Some((_, blob)) if is_engine(&blob) => Match::Certain,
            _ => Match::No,
        }
    }

    fn analyze(&self, artifact: &Artifact, _cx: &Context) -> Result<ModelDescriptor> {
        let (name, blob) = the_file(artifact)?;
        let mut model = ModelDescriptor::of(artifact, FORMAT, name);
        model.framework = Some(Producer { name: "tensorrt".to_owned(), version: version(&blob) });
        let message =
            "an engine is compiled code for one kind of GPU; only TensorRT of the same version reads more of it";
        model.findings.push(Finding::new("tensorrt.opaque", Severity::Note, message));
        Ok(model)
    }
}

impl Inspector for TensorrtInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if is_engine(&part.blob) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let rest = part.blob.len().saturating_sub(HEADER);
        exam.gap(part.at(HEADER), rest, "an engine is compiled code for a GPU, in a form that is not published");
        Ok(Taken::Yes)
    }
}
