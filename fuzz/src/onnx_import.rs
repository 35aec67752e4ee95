//! What must hold for any bytes that claim to be an ONNX model. `tests/it/fuzz_onnx.rs` of the core runs it too.

use modelium_core::formats::onnx::{OnnxExporter, OnnxImporter};
use modelium_core::formats::{Exporter as _, Importer as _, Weights};
use modelium_core::ir::{self, Model};
use modelium_core::opset::convert_opset;
use modelium_core::{Artifact, Context, ErrorKind, Limits, MemorySink, Sink as _};

/// A file that external data may point at.
const BESIDE: &[u8] = &[0x3f; 256];

/// Limits that let a machine do thousands of runs a second.
pub(crate) fn context() -> Context {
    Context::new().with_limits(Limits { structure_bytes: 64 << 20, ..Limits::default() })
}

/// Imports; what is accepted must come out as a model that comes out as the same bytes again, and in another opset as a
/// model that is well formed.
///
/// True if it is accepted.
///
/// # Panics
/// If it does not, or if an error is a defect of ours.
pub(crate) fn run(bytes: &[u8], cx: &Context) -> bool {
    let Some(model) = import(vec![("model.onnx".to_owned(), bytes.to_vec())], cx) else { return false };
    if let Err(error) = ir::check(&model, cx) {
        assert_ne!(error.kind(), ErrorKind::Internal, "{error:?}");
        return false;
    }
    let targets = [7, 8, 10, 12, 17, 22, 28];
    if let Some(&target) = targets.get(bytes.len() % targets.len()) {
        other_opset(&model, target, cx);
    }
    for weights in [Weights::InPlace, Weights::Auto, Weights::Beside { threshold_bytes: 1 }] {
        let first = export(&model, weights, cx);
        let Some(again) = import(first.clone(), cx) else { panic!("{weights:?}: what was exported is refused") };
        assert_eq!(first, export(&again, weights, cx), "{weights:?}: exported twice, not the same");
    }
    true
}

fn other_opset(model: &Model, target: u64, cx: &Context) {
    let mut other = model.clone();
    match convert_opset(&mut other, target, cx) {
        Ok(_) => {
            ir::check(&other, cx).unwrap_or_else(|error| panic!("what was converted to {target} is broken: {error:?}"));
        }
        Err(error) => {
            assert_ne!(error.kind(), ErrorKind::Internal, "{error:?}");
            assert!(other == *model, "a refused model changed");
        }
    }
    if let Err(error) = ir::check_full(model, cx) {
        assert_ne!(error.kind(), ErrorKind::Internal, "{error:?}");
    }
}

fn import(mut files: Vec<(String, Vec<u8>)>, cx: &Context) -> Option<Model> {
    files.push(("weights.bin".to_owned(), BESIDE.to_vec()));
    let artifact = Artifact::from_entries("fuzz", files.into_iter().map(|(name, bytes)| (name, bytes.into())));
    match OnnxImporter.import(&artifact, cx) {
        Ok(model) => Some(model),
        Err(error) => {
            assert_ne!(error.kind(), ErrorKind::Internal, "{error:?}");
            assert!(!error.to_string().contains('\n'), "more than one line: {error}");
            None
        }
    }
}

fn export(model: &Model, weights: Weights, cx: &Context) -> Vec<(String, Vec<u8>)> {
    let mut sink = MemorySink::new();
    let checked =
        ir::check(model, cx).unwrap_or_else(|error| panic!("what was exported is not well formed: {error:?}"));
    OnnxExporter
        .export(checked, "model.onnx", weights, &mut sink, cx)
        .unwrap_or_else(|error| panic!("what was checked does not export: {error:?}"));
    sink.commit().unwrap_or_else(|error| panic!("{error:?}"));
    sink.into_files().into_iter().collect()
}
