//! Real models compared; where they differ is where numpy says.

use std::collections::BTreeMap;

use modelium_core::error::ErrorKind;
use modelium_core::parity::{ParityReport, SampleSource, compare};
use modelium_core::plan::{SampleSpec, Tolerance};
use modelium_core::tensor::Tensor;
use modelium_core::wire::npz::read_npz;
use modelium_core::{Blob, Context, Result};
use serde_json::Value;

use crate::support::{open, repository, runtime};

const STRICT: Tolerance = Tolerance { absolute: 1e-6, relative: 1e-5, cosine: 0.999_999 };

fn spec(bindings: &[&[(&str, u64)]]) -> SampleSpec {
    let bind = |binding: &&[(&str, u64)]| binding.iter().map(|&(name, size)| (name.to_owned(), size)).collect();
    SampleSpec { seed: 1, bindings: bindings.iter().map(bind).collect(), own: false }
}

fn arrays(path: &str) -> BTreeMap<String, Tensor> {
    let bytes = std::fs::read(repository(path)).expect("the samples are committed");
    read_npz(&Blob::from_bytes(path, bytes), &Context::new()).expect("the samples are sound")
}

fn compared(original: &str, result: &str, spec: &SampleSpec, samples: Option<&str>) -> Result<ParityReport> {
    let own = samples.map(arrays);
    compare(&open(original), &open(result), &runtime(), spec, own.as_ref(), &STRICT, &Context::new())
}

fn expected(case: &str) -> Value {
    let text = std::fs::read(repository("backends/ort/tests/parity/expected.json")).expect("the file is committed");
    serde_json::from_slice::<Value>(&text).expect("the file is JSON")[case].clone()
}

fn assert_close(found: f64, expected: &Value) {
    let expected = expected.as_f64().expect("a number");
    assert!((found - expected).abs() <= 1e-4 * expected.abs(), "found {found}, expected {expected}");
}

#[test]
fn equal_models_are_in_parity_whatever_their_dimensions() {
    for model in ["net_mlp", "net_cnn", "net_lstm", "net_transformer", "net_quantized", "no_inputs", "several_outputs"]
    {
        let path = format!("tests/corpus/onnx/{model}.onnx");
        let report = compared(&path, &path, &spec(&[]), None).expect(model);
        assert!(report.passed, "{model}: {report}");
        let dynamic = report.samples.iter().any(|sample| !sample.binding.is_empty());
        assert_eq!(report.samples.len(), if dynamic { 2 } else { 1 }, "{model}: {report}");
        report.into_result().expect(model);
    }
}

#[test]
fn the_example_keeps_its_accuracy() {
    let digits = "examples/models/digits/digits.onnx";
    let report = compared(digits, digits, &spec(&[]), Some("examples/models/digits/samples.npz")).expect("it runs");
    assert!(report.passed);
    let (accuracy, expected) = (report.accuracy.clone().expect("the samples have labels"), expected("digits"));
    assert_eq!(Value::from(accuracy.rows), expected["rows"]);
    assert_eq!(
        (Value::from(accuracy.original), Value::from(accuracy.result)),
        (expected["hits"].clone(), expected["hits"].clone())
    );
    assert!(report.to_string().contains("accuracy of 'logits': 358/360 before, 358/360 after"), "{report}");
}

#[test]
fn a_changed_weight_is_found_where_numpy_finds_it() {
    let (before, after) = ("tests/corpus/onnx/net_mlp.onnx", "backends/ort/tests/parity/mlp_changed.onnx");
    let samples = Some("backends/ort/tests/parity/mlp_samples.npz");
    let report = compared(before, after, &spec(&[&[("batch", 1)]]), samples).expect("both run");
    let sample = &report.samples[0];
    assert_eq!((sample.source, sample.rows, sample.passed), (SampleSource::Own, Some(7), false));
    let (output, expected) = (&sample.outputs[0], expected("mlp"));
    let worst = output.worst.as_ref().expect("it differs");
    assert_eq!(Value::from(worst.index.clone()), expected["index"]);
    assert_close(output.max_absolute, &expected["absolute"]);
    assert_close(output.max_relative, &expected["relative"]);
    assert!((output.cosine - expected["cosine"].as_f64().expect("a number")).abs() < 1e-9, "{}", output.cosine);
    let error = report.into_result().expect_err("they differ");
    assert_eq!(error.kind(), ErrorKind::Mismatch);
    let line = "output 'probabilities' differs by 0.013 at [1, 1]; tolerance is 1e-6 or 1e-5 relative";
    assert_eq!(error.message(), line);
}

#[test]
fn nan_that_appears_or_goes_is_found() {
    let (log, magnitude) = ("backends/ort/tests/parity/log.onnx", "backends/ort/tests/parity/log_of_magnitude.onnx");
    let samples = Some("backends/ort/tests/parity/log_samples.npz");
    let report = compared(log, log, &spec(&[&[("n", 1)]]), samples).expect("it runs");
    assert!(report.passed && report.samples[0].outputs[0].same_nonfinite, "{report}");
    let report = compared(log, magnitude, &spec(&[&[("n", 1)]]), samples).expect("both run");
    let output = &report.samples[0].outputs[0];
    assert!(!output.same_nonfinite);
    assert_eq!(serde_json::json!([output.worst.as_ref().expect("it differs").index]), expected("log")["nan_differs"]);
}

#[test]
fn ids_reach_the_rows_of_a_table() {
    let (before, after) = ("backends/ort/tests/parity/embed.onnx", "backends/ort/tests/parity/embed_changed.onnx");
    let report = compared(before, after, &spec(&[&[("n", 1000)]]), None).expect("both run");
    let output = &report.samples[0].outputs[0];
    assert_eq!(output.max_absolute.to_bits(), 0.5_f64.to_bits(), "{report}");
    let worst = output.worst.as_ref().expect("it differs");
    // the table counts up from 0 by fours; row 37, column 1 was raised by a half
    assert_eq!((worst.index[1], worst.original.as_str(), worst.result.as_str()), (1, "149", "149.5"));
}

#[test]
fn a_model_that_lacks_an_input_is_a_mismatch() {
    let (mlp, cnn) = ("tests/corpus/onnx/net_mlp.onnx", "tests/corpus/onnx/net_cnn.onnx");
    let error = compared(mlp, cnn, &spec(&[]), None).expect("both load").into_result().expect_err("they differ");
    assert_eq!(error.message(), "input 'features' is missing from the result");
}

#[test]
fn a_model_without_known_rank_asks_for_own_samples() {
    let model = "tests/corpus/onnx/shapes_unknown.onnx";
    let error = compared(model, model, &spec(&[]), None).expect_err("nothing says how many axes there are");
    assert_eq!(
        error.message(),
        "the original runs on no generated sample: no sample can be made for input 'in_0' of type float32[…]"
    );
    assert!(error.notes()[0].contains("--samples FILE.npz"));
}
