//! The evaluator as a runtime: it computes what ONNX Runtime computes of the corpus, and what PyTorch computed of its exports.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use modelium_core::error::ErrorKind;
use modelium_core::eval::Array;
use modelium_core::reference::ReferenceRuntime;
use modelium_core::runtime::{Runtime as _, Session};
use modelium_core::tensor::{DType, Data, Tensor};
use modelium_core::wire::npz::read_npz;
use modelium_core::{Artifact, Blob, CancelToken, Context};
use serde_json::Value;

use crate::support::repository;

fn load(path: &Path) -> modelium_core::Result<Box<dyn Session>> {
    let cx = Context::new();
    ReferenceRuntime::default().load(&Artifact::open(path, &cx).unwrap(), &cx)
}

/// A tensor as `tests/generate/ort_outputs.py` writes it.
fn tensor(name: &str, json: &Value) -> Tensor {
    let dtype: DType = serde_json::from_value(json["dtype"].clone()).unwrap();
    let data = if dtype == DType::String {
        let strings: Vec<String> = serde_json::from_value(json["strings"].clone()).unwrap();
        Data::Strings(strings.into_iter().map(Into::into).collect())
    } else {
        let pairs = json["bytes"].as_str().unwrap().as_bytes().as_chunks::<2>().0;
        let bytes = pairs.iter().map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap());
        Data::Raw(Blob::from_bytes(name, bytes.collect::<Vec<u8>>()))
    };
    let dims = serde_json::from_value(json["dims"].clone()).unwrap();
    Tensor { name: Some(name.to_owned()), dtype, dims, data, notes: None }
}

/// How far the elements are apart, relative to the largest that is expected; an error if they cannot be compared.
#[expect(clippy::float_cmp, reason = "equal infinities")]
fn distance(found: &Tensor, expected: &Tensor) -> Result<f64, String> {
    let name = found.name.as_deref().unwrap_or_default();
    if (found.dtype, &found.dims) != (expected.dtype, &expected.dims) {
        return Err(format!("'{name}' is {}{:?}", found.dtype, found.dims));
    }
    let numbers = |tensor: &Tensor| Array::from_tensor(tensor).and_then(|array| array.to_f64s());
    let (Some(found), Some(wanted)) = (numbers(found), numbers(expected)) else {
        return if found.data == expected.data { Ok(0.0) } else { Err(format!("'{name}' has other elements")) };
    };
    let largest = wanted.iter().fold(1e-30_f64, |most, value| most.max(value.abs()));
    let apart = |(one, other): (&f64, &f64)| {
        let same = one == other || (one.is_nan() && other.is_nan());
        if same { 0.0 } else { (one - other).abs() / largest }
    };
    // not a number where a number is expected is far off
    Ok(found.iter().zip(&wanted).map(apart).fold(0.0, |most, off| if off <= most { most } else { off }))
}

fn distances(found: &[Tensor], expected: &[Tensor]) -> Result<f64, String> {
    if found.len() != expected.len() {
        return Err(format!("{} outputs, expected {}", found.len(), expected.len()));
    }
    found.iter().zip(expected).try_fold(0.0_f64, |most, (one, other)| Ok(most.max(distance(one, other)?)))
}

#[test]
fn computes_what_onnx_runtime_does_of_the_corpus() {
    let text = fs::read(repository("backends/ort/tests/expected/outputs.json")).unwrap();
    let expected: Value = serde_json::from_slice(&text).unwrap();
    let (mut ran, mut wrong) = (Vec::new(), Vec::new());
    for (model, expected) in expected["models"].as_object().unwrap() {
        let (Some(given), Some(got)) = (expected["given"].as_object(), expected["got"].as_array()) else { continue };
        let name = Path::new(model).file_stem().unwrap().to_str().unwrap();
        let given: Vec<Tensor> = given.iter().map(|(name, json)| tensor(name, json)).collect();
        let got: Vec<Tensor> = got.iter().map(|json| tensor("expected", json)).collect();
        let found = load(&repository(model))
            .and_then(|mut session| session.run(&given, &Context::new()))
            .map_err(|error| error.to_string())
            .and_then(|found| distances(&found, &got));
        match found {
            Ok(off) if off <= 1e-5 => ran.push(name),
            Ok(off) => wrong.push(format!("{name}: off by {off:.1e}")),
            Err(reason) => wrong.push(format!("{name}: {reason}")),
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), wrong.len() + ran.len(), wrong.join("\n"));
    for name in ["subgraphs_if", "subgraphs_loop", "subgraphs_nested", "subgraphs_scan", "net_lstm", "functions"] {
        assert!(ran.contains(&name), "{name} is not among the {} that ran", ran.len());
    }
}

fn arrays(path: PathBuf) -> BTreeMap<String, Tensor> {
    read_npz(&Blob::from_bytes("samples", fs::read(path).unwrap()), &Context::new()).unwrap()
}

/// One export of each kind: attention, a cache, control flow with suppression of boxes, recurrence, convolutions.
const EXPORTS: [&str; 6] = [
    "bert-tiny.legacy",
    "gpt2-past-tiny.dynamo",
    "ssd-tiny.legacy",
    "lstm-tiny.dynamo",
    "resnet-tiny.legacy-raw",
    "whisper-decoder-tiny.legacy",
];

#[test]
fn computes_what_pytorch_did_of_its_exports() {
    for name in EXPORTS {
        let case = repository("tests/corpus/exports").join(name);
        let mut session = load(&case.join("model.onnx")).unwrap();
        for sample in 0..2 {
            let given = arrays(case.join(format!("inputs_{sample}.npz")));
            let inputs = session.inputs().iter().map(|port| {
                let array = &given[&port.name];
                Tensor { name: Some(port.name.clone()), ..array.clone() }
            });
            let inputs: Vec<Tensor> = inputs.collect();
            let found = session.run(&inputs, &Context::new()).unwrap_or_else(|error| panic!("{name}: {error}"));
            let expected = arrays(case.join(format!("outputs_{sample}.npz")));
            let expected: Vec<Tensor> = session.outputs().iter().map(|port| expected[&port.name].clone()).collect();
            let off = distances(&found, &expected).unwrap_or_else(|reason| panic!("{name}: {reason}"));
            assert!(off <= 1e-4, "{name} is off by {off:.1e}");
        }
    }
}

/// Triton compares a config with what ONNX Runtime infers, and takes no `-1` where that knows a number.
#[test]
fn knows_of_its_outputs_what_onnx_runtime_does() {
    let session = load(&repository("tests/corpus/exports/minilm-tiny.legacy/model.onnx")).unwrap();
    let types: Vec<String> = session.outputs().iter().map(|port| format!("{} {}", port.name, port.ty)).collect();
    // the file declares `Divsentence_dim_1` for the last one; ONNX Runtime's session says 16
    assert_eq!(types, ["last_hidden_state float32[batch, length, 16]", "sentence float32[batch, 16]"]);
}

#[test]
fn refuses_inputs_that_the_model_does_not_have() {
    let mut session = load(&repository("tests/corpus/onnx/net_mlp.onnx")).unwrap();
    let port = session.inputs()[0].clone();
    let cx = Context::new();
    let given = |name: &str, dtype: DType| Tensor::new(name, dtype, vec![1, 4], vec![0; 4 * 4]).unwrap();
    let other = Tensor::new("other", DType::Float32, vec![1], vec![0; 4]).unwrap();
    let error = session.run(&[other], &cx).unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::InvalidArgument, "the model has no input 'other'")
    );
    let error = session.run(&[given(&port.name, DType::Int32)], &cx).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(error.to_string(), format!("input '{}' is of int32, expected float32", port.name));
    let nameless = Tensor { name: None, ..given("x", DType::Float32) };
    assert_eq!(session.run(&[nameless], &cx).unwrap_err().to_string(), "an input tensor has no name");
}

/// A node of `com.microsoft` that no function explains.
const FOREIGN: &str = "tests/corpus/onnx/foreign_operators.onnx";

#[test]
fn what_it_does_not_know_is_unsupported_and_says_what_to_install() {
    let error = load(&repository(FOREIGN)).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    let expected = "the reference evaluator cannot run the model: the evaluator does not know operator 'com.";
    assert!(error.message().starts_with(expected), "{error}");
    assert!(error.location().file.as_ref().unwrap().ends_with("foreign_operators.onnx"), "{error}");
    assert!(error.notes()[0].contains("`pip install onnxruntime`"), "{error:?}");
    load(&repository("tests/corpus/onnx/functions.onnx")).unwrap(); // its domain is foreign, and its bodies are there
}

#[test]
fn a_model_that_fails_on_its_inputs_is_no_gap_of_the_evaluator() {
    let mut session = load(&repository("tests/corpus/onnx/net_mlp.onnx")).unwrap();
    let port = session.inputs()[0].clone();
    let wide = Tensor::new(port.name, DType::Float32, vec![1, 5], vec![0; 5 * 4]).unwrap();
    let error = session.run(&[wide], &Context::new()).unwrap_err();
    assert_eq!((error.kind(), error.notes().len()), (ErrorKind::Backend, 0), "{error}");
    assert!(error.message().starts_with("the reference evaluator cannot run the model: "), "{error}");
}

#[test]
fn stops_when_it_is_cancelled() {
    let case = repository("tests/corpus/exports/bert-tiny.legacy");
    let mut session = load(&case.join("model.onnx")).unwrap();
    let inputs: Vec<Tensor> = arrays(case.join("inputs_0.npz"))
        .into_iter()
        .map(|(name, array)| Tensor { name: Some(name), ..array })
        .collect();
    let cancel = CancelToken::default();
    cancel.cancel();
    let error = session.run(&inputs, &Context::new().with_cancel(cancel)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}
