//! What must hold for any bytes, whichever format they claim to be. `tests/it/formats.rs` of the core runs it too.

use modelium_core::scan::{Depth, Exam, Part, ScannedFile};
use modelium_core::{Artifact, Blob, Context, Error, ErrorKind, Limits, Registry};

/// Limits that let a machine do thousands of runs a second.
pub(crate) fn context() -> Context {
    Context::new().with_limits(Limits {
        structure_bytes: 1 << 22,
        inflated_bytes: 1 << 22,
        nodes: 100_000,
        tensors: 100_000,
        entries: 1_000,
        instructions: 100_000,
        ..Limits::default()
    })
}

/// Hands the bytes to the analyzer and to the inspector of a format, whether or not they would have taken them.
///
/// # Panics
/// If an error is a defect of ours, or if two runs differ.
pub(crate) fn run(format: &str, bytes: &[u8], registry: &Registry, cx: &Context) {
    let artifact = Artifact::from_bytes("fuzz", bytes.to_vec());
    for analyzer in registry.analyzers().iter().filter(|analyzer| analyzer.format().as_str() == format) {
        analyzer.probe(&artifact);
        if let Err(error) = analyzer.analyze(&artifact, cx) {
            sound(&error);
        }
    }
    let part = Part::file("fuzz", Blob::from_bytes("fuzz", bytes.to_vec()));
    for inspector in registry.inspectors().iter().filter(|inspector| inspector.format().as_str() == format) {
        inspector.sniff(&part);
        let mut exam = Exam::new(registry.inspectors(), Depth::Content, cx);
        if let Err(error) = inspector.inspect(&part, &mut exam) {
            sound(&error);
        }
        exam.finish();
    }
}

/// Hands the bytes to whoever takes them, as scanning does.
///
/// # Panics
/// As [`run`].
pub(crate) fn scan(bytes: &[u8], registry: &Registry, cx: &Context) -> ScannedFile {
    let artifact = Artifact::from_bytes("fuzz", bytes.to_vec());
    if let Err(error) = registry.analyze(&artifact, cx) {
        sound(&error);
    }
    let mut exam = Exam::new(registry.inspectors(), Depth::Content, cx);
    exam.examine_artifact(&artifact).expect("nobody cancels");
    let examined = exam.finish();
    for text in examined.findings.iter().map(|finding| &finding.message) {
        assert!(!text.contains('\n'), "more than one line: {text}");
    }
    ScannedFile {
        path: "fuzz".to_owned(),
        verdict: examined.verdict(),
        formats: examined.formats,
        bytes: bytes.len() as u64,
        findings: examined.findings,
        gaps: examined.gaps,
        uses: examined.uses,
        ..ScannedFile::default()
    }
}

fn sound(error: &Error) {
    assert_ne!(error.kind(), ErrorKind::Internal, "{error:?}");
    assert!(!error.to_string().contains('\n'), "more than one line: {error}");
}
