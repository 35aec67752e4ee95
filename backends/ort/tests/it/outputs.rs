//! Sessions say and compute what they do when Python runs the same library.

use modelium_core::error::ErrorKind;
use modelium_core::ir::Dim;
use modelium_core::runtime::{Runtime as _, RuntimePort};
use modelium_core::tensor::{DType, Data, Tensor};
use modelium_core::{Artifact, Blob, Context};
use serde_json::Value;

use crate::support::{floats, open, repository, runtime};

fn expected() -> Value {
    let text = std::fs::read_to_string(repository("backends/ort/tests/expected/outputs.json"));
    serde_json::from_str(&text.expect("the file is committed")).expect("the file is JSON")
}

fn hex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).expect("the file is ASCII"));
    pairs.map(|pair| u8::from_str_radix(pair, 16).expect("two digits")).collect()
}

fn tensor(name: &str, json: &Value) -> Tensor {
    let dims: Vec<u64> = serde_json::from_value(json["dims"].clone()).expect("dims are numbers");
    let dtype: DType = serde_json::from_value(json["dtype"].clone()).expect("our names are numpy's");
    let data = if dtype == DType::String {
        let strings: Vec<String> = serde_json::from_value(json["strings"].clone()).expect("strings");
        Data::Strings(strings.into_iter().map(Into::into).collect())
    } else {
        Data::Raw(Blob::from_bytes(name, hex(json["bytes"].as_str().expect("bytes are text"))))
    };
    Tensor { name: Some(name.to_owned()), dtype, dims, data, notes: None }
}

/// Equal, floats up to the last bits, which depend on the processor.
fn assert_close(found: &Tensor, expected: &Tensor, model: &str) {
    let name = &found.name;
    assert_eq!((found.dtype, &found.dims), (expected.dtype, &expected.dims), "{model}: {name:?}");
    if found.dtype != DType::Float32 {
        assert_eq!(found.data, expected.data, "{model}: {name:?}");
        return;
    }
    let values = |tensor: &Tensor| -> Vec<f32> {
        let bytes = tensor.to_le_bytes().expect("float32 is no string");
        bytes.as_chunks().0.iter().map(|word| f32::from_le_bytes(*word)).collect()
    };
    for (found, expected) in values(found).into_iter().zip(values(expected)) {
        let same = (found - expected).abs() <= 1e-5 + 1e-5 * expected.abs() || found.is_nan() && expected.is_nan();
        assert!(same, "{model}: {name:?} has {found}, expected {expected}");
    }
}

/// `[name, type, dims]` as Python says it; of types and dimensions what Python can tell apart.
fn assert_signature(found: &[RuntimePort], expected: &Value, model: &str) {
    let expected = expected.as_array().expect("a list of ports");
    assert_eq!(found.len(), expected.len(), "{model}");
    for (port, expected) in found.iter().zip(expected) {
        assert_eq!(Value::from(port.name.as_str()), expected[0], "{model}");
        let Some(shape) = port.ty.shape() else { continue };
        let dim = |dim: &Dim| match dim {
            Dim::Known(size) => Value::from(*size),
            Dim::Symbol(name) => Value::from(name.as_ref()),
            Dim::Expr(expr) => Value::from(expr.to_string()),
            Dim::Unknown => Value::Null,
        };
        assert_eq!(shape.dims.iter().map(dim).collect::<Value>(), expected[2], "{model}: {}", port.name);
    }
}

#[test]
fn every_model_of_the_corpus_runs_as_from_python() {
    let (runtime, cx) = (runtime(), Context::new());
    let mut ran = 0;
    for (model, expected) in expected()["models"].as_object().expect("models by name") {
        let loaded = runtime.load(&open(model), &cx);
        if let Some(refusal) = expected["refused"].as_str() {
            let kind = if refusal == "NotImplemented" { ErrorKind::Unsupported } else { ErrorKind::Backend };
            assert_eq!(loaded.map(|_| ()).expect_err(model).kind(), kind, "{model}");
            continue;
        }
        let mut session = loaded.expect(model);
        assert_signature(session.inputs(), &expected["inputs"], model);
        assert_signature(session.outputs(), &expected["outputs"], model);
        let Some(given) = expected["given"].as_object() else { continue };
        let inputs: Vec<Tensor> = given.iter().map(|(name, json)| tensor(name, json)).collect();
        let outputs = session.run(&inputs, &cx).expect(model);
        let got = expected["got"].as_array().expect("a list of outputs");
        assert_eq!(outputs.len(), got.len(), "{model}");
        for (found, json) in outputs.iter().zip(got) {
            assert_close(found, &tensor("expected", json), model);
        }
        ran += 1;
    }
    assert!(ran > 50, "only {ran} models ran");
}

#[test]
fn outputs_that_are_no_tensors_are_refused_by_name() {
    let (runtime, cx) = (runtime(), Context::new());
    for (model, message) in [
        ("net_classical", "output 'scores' is seq(map(string, float32[…])); only tensors can be read"),
        ("types_optional", "output 'none' is optional(float32[n]); only tensors can be read"),
        ("types_sequence", "output 's' is seq(float32[m]); only tensors can be read"),
        ("types_map", "output 'zipped' is seq(map(int64, float32[…])); only tensors can be read"),
        ("constant_forms", "output 'sparse_value_out' is float32[2, 3], not a tensor"),
    ] {
        let mut session = runtime.load(&open(&format!("tests/corpus/onnx/{model}.onnx")), &cx).expect(model);
        let inputs: Vec<Tensor> = session.inputs().iter().map(|port| floats(&port.name, &[2, 3], &[0.0; 6])).collect();
        let error = session.run(&inputs, &cx).expect_err(model);
        assert_eq!((error.kind(), error.message()), (ErrorKind::Unsupported, message), "{model}");
    }
}

#[test]
fn a_tensor_without_known_rank_has_no_shape_and_a_scalar_has() {
    let (runtime, cx) = (runtime(), Context::new());
    let session = runtime.load(&open("tests/corpus/onnx/shapes_unknown.onnx"), &cx).expect("it loads");
    assert_eq!(session.inputs()[0].ty.to_string(), "float32[…]");
    let session = runtime.load(&open("tests/corpus/onnx/shapes_known_in_part.onnx"), &cx).expect("it loads");
    assert_eq!(session.inputs()[0].ty.to_string(), "float32[]");
}

/// Bytes that make different elements, none of them NaN; booleans are 0 and 1.
fn pattern(dtype: DType, elements: u64) -> Vec<u8> {
    let length = dtype.bytes_for(elements).expect("it has a size");
    let unused = dtype.bits().expect("it has a size") * elements % 8; // the last byte's upper bits, where it is not full
    let mut bytes: Vec<u8> = (0_u8..=255)
        .cycle()
        .zip(0..length)
        .map(|(i, _)| i.wrapping_mul(37).wrapping_add(1) & if dtype == DType::Bool { 1 } else { 0x3b })
        .collect();
    if let Some(last) = bytes.last_mut().filter(|_| unused > 0) {
        *last &= (1 << unused) - 1;
    }
    bytes
}

#[test]
fn every_element_type_passes_unchanged() {
    use DType as D;
    let (runtime, cx) = (runtime(), Context::new());
    for (file, dtype) in [
        ("bool", D::Bool),
        ("int2", D::Int2),
        ("int4", D::Int4),
        ("int8", D::Int8),
        ("int16", D::Int16),
        ("int32", D::Int32),
        ("int64", D::Int64),
        ("uint2", D::Uint2),
        ("uint4", D::Uint4),
        ("uint8", D::Uint8),
        ("uint16", D::Uint16),
        ("uint32", D::Uint32),
        ("uint64", D::Uint64),
        ("float4e2m1", D::Float4E2M1),
        ("float8e8m0", D::Float8E8M0),
        ("float8e4m3fn", D::Float8E4M3Fn),
        ("float8e4m3fnuz", D::Float8E4M3FnUz),
        ("float8e5m2", D::Float8E5M2),
        ("float8e5m2fnuz", D::Float8E5M2FnUz),
        ("float16", D::Float16),
        ("bfloat16", D::Bfloat16),
        ("float", D::Float32),
        ("double", D::Float64),
    ] {
        let mut session =
            runtime.load(&open(&format!("backends/ort/tests/expected/identity/{file}.onnx")), &cx).expect(file);
        assert_eq!(session.inputs()[0].ty.dtype(), Some(dtype));
        for dims in [vec![], vec![5], vec![2, 3], vec![0], vec![3, 0, 2]] {
            let elements = dims.iter().product();
            let input = Tensor::new("x", dtype, dims, pattern(dtype, elements)).expect("the pattern fills the shape");
            let outputs = session.run(std::slice::from_ref(&input), &cx).expect(file);
            let name = Some(session.outputs()[0].name.clone());
            assert_eq!(outputs, [Tensor { name, ..input }], "{file}");
        }
    }
}

#[test]
fn strings_pass_unchanged() {
    let (runtime, cx) = (runtime(), Context::new());
    let mut session = runtime.load(&open("backends/ort/tests/expected/identity/string.onnx"), &cx).expect("it loads");
    let strings = |name: &str, dims: &[u64], strings: &[&'static str]| {
        let data = Data::Strings(strings.iter().map(|text| text.as_bytes().into()).collect());
        Tensor { name: Some(name.to_owned()), dtype: DType::String, dims: dims.to_vec(), data, notes: None }
    };
    for (dims, texts) in [(&[][..], &["naïve 日本"][..]), (&[3], &["", "a b", "c"]), (&[2, 0], &[])] {
        let outputs = session.run(&[strings("x", dims, texts)], &cx).expect("it runs");
        assert_eq!(outputs, [strings("y", dims, texts)]);
    }
    let bad = Tensor { data: Data::Strings(vec![vec![0xff].into()]), ..strings("x", &[1], &[]) };
    let error = session.run(&[bad], &cx).expect_err("0xff is not UTF-8");
    assert_eq!(error.message(), "input 'x' holds a string that is not UTF-8, which onnxruntime does not take");
}

#[test]
fn a_type_that_the_library_lacks_is_an_error() {
    let error = runtime()
        .load(&open("backends/ort/tests/expected/identity/complex64.onnx"), &Context::new())
        .map(|_| ())
        .expect_err("complex numbers");
    assert!(error.message().contains("complex64"), "{error}");
}

#[test]
fn a_type_that_the_binding_lacks_is_an_error_and_no_panic() {
    let error = runtime()
        .load(&open("backends/ort/tests/expected/nested_sequence.onnx"), &Context::new())
        .map(|_| ())
        .expect_err("a sequence of sequences");
    assert_eq!(error.kind(), ErrorKind::Backend);
}

#[test]
fn a_model_in_memory_finds_its_external_data_there() {
    let (runtime, cx) = (runtime(), Context::new());
    let folder = open("tests/corpus/onnx/external_many_files");
    let files =
        folder.entries().map(|(name, _)| (name.to_owned(), folder.blob(name).expect("it maps").bytes().clone()));
    let files: Vec<_> = files.collect();
    let memory = Artifact::from_entries("memory", files.clone());
    let deeper = files.into_iter().map(|(name, bytes)| (format!("deeper/{name}"), bytes));
    let deeper = Artifact::from_entries("memory", deeper.chain([("notes.txt".to_owned(), bytes::Bytes::new())]));
    let input = floats("x", &[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let run = |artifact| runtime.load(artifact, &cx)?.run(std::slice::from_ref(&input), &cx);
    let expected = run(&folder).expect("from disk");
    assert_eq!(run(&memory).expect("from memory"), expected);
    assert_eq!(run(&deeper).expect("from a folder in memory"), expected);
}

#[test]
fn a_broken_model_is_one_clear_line() {
    let artifact = Artifact::from_bytes("broken.onnx", &b"not a model"[..]);
    let error = runtime().load(&artifact, &Context::new()).map(|_| ()).expect_err("it is no model");
    assert_eq!(error.kind(), ErrorKind::Backend);
    let line = error.to_string();
    assert!(line.starts_with("onnxruntime cannot load the model: ") && line.ends_with("(broken.onnx)"), "{line}");
    assert!(!line.contains('\n'), "{line}");
}

#[test]
fn inputs_that_do_not_fit_are_errors_and_the_session_lives_on() {
    let (runtime, cx) = (runtime(), Context::new());
    let mut session = runtime.load(&open("tests/corpus/onnx/net_mlp.onnx"), &cx).expect("it loads");
    for inputs in [
        vec![],
        vec![floats("wrong", &[1, 10], &[0.0; 10])],
        vec![floats("features", &[1, 9], &[0.0; 9])],
        vec![Tensor { dtype: DType::Int32, ..floats("features", &[1, 10], &[0.0; 10]) }],
        vec![Tensor { dims: vec![2, 10], ..floats("features", &[1, 10], &[0.0; 10]) }],
        vec![Tensor { name: None, ..floats("features", &[1, 10], &[0.0; 10]) }],
    ] {
        let error = session.run(&inputs, &cx).expect_err("they do not fit");
        assert!(matches!(error.kind(), ErrorKind::Backend | ErrorKind::InvalidArgument), "{error:?}");
    }
    session.run(&[floats("features", &[1, 10], &[0.0; 10])], &cx).expect("it still runs");
}
