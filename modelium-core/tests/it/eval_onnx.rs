//! The evaluator against the official suite: every case with values, compared as the package `onnx` compares.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use modelium_core::eval::{Array, Buffer, Evaluator, Options, Value};
use modelium_core::formats::Importer as _;
use modelium_core::formats::onnx::OnnxImporter;
use modelium_core::ir::{Model, Type, TypeKind};
use modelium_core::tensor::DType;
use modelium_core::{Artifact, Context};

use crate::support::{golden, suite};

/// Why cases that no implementation can pass are not run.
const NOT_RUN: &[(&str, &str)] = &[
    ("test_bernoulli", "random: the suite's numbers come from numpy's generator"),
    ("test_adagrad", "training operator"),
    ("test_adam", "training operator"),
    ("test_momentum", "training operator"),
    ("test_nesterov_momentum", "training operator"),
    ("test_gradient", "training operator"),
    ("test_image_decoder", "decoding images is not the evaluator's"),
];

const NO_VALUES: &str = "the suite has no values for it";

#[test]
fn passes_what_the_table_says_of_the_official_suite() {
    let Some(folder) = suite() else { return };
    let filter = std::env::var("MODELIUM_CASES").ok();
    let mut cases: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("model.onnx").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| filter.as_ref().is_none_or(|filter| name.contains(filter)))
        .collect();
    cases.sort();
    let next = AtomicUsize::new(0);
    let mut reasons: Vec<(String, String)> = std::thread::scope(|scope| {
        let work = || {
            let mut reasons = Vec::new();
            while let Some(name) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                let outcome = catch_unwind(AssertUnwindSafe(|| case(&folder.join(name))));
                match outcome.unwrap_or_else(|_| Err("panics".to_owned())) {
                    Ok(()) => {}
                    Err(reason) => reasons.push((name.clone(), reason)),
                }
            }
            reasons
        };
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    reasons.sort();
    let without = reasons.iter().filter(|(_, reason)| reason == NO_VALUES).count();
    let (passed, compared) = (cases.len() - reasons.len(), cases.len() - without);
    let mut table =
        format!("{passed} of {compared} cases pass; {without} more have no values. Those that do not pass:\n\n");
    for (name, reason) in &reasons {
        writeln!(table, "{name}: {reason}").unwrap();
    }
    assert!(filter.is_none(), "{table}");
    golden("tests/golden/eval_suite.txt", &table);
}

/// Runs one case; says what is wrong.
fn case(folder: &Path) -> Result<(), String> {
    let name = folder.file_name().unwrap().to_str().unwrap();
    if let Some((_, reason)) = NOT_RUN.iter().find(|(start, _)| name.starts_with(start) && !name.contains("expanded")) {
        return Err((*reason).to_owned());
    }
    let cx = Context::new();
    let facts: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("case.json")).unwrap()).unwrap();
    let tolerance = (facts["rtol"].as_f64().unwrap(), facts["atol"].as_f64().unwrap());
    let artifact = Artifact::open(folder.join("model.onnx"), &cx).unwrap();
    let model = OnnxImporter.import(&artifact, &cx).map_err(|error| format!("does not open: {error}"))?;
    let mut sets = 0;
    for number in 0.. {
        let data = folder.join(format!("test_data_set_{number}"));
        if !data.exists() {
            break;
        }
        sets += 1;
        run(&model, &data, tolerance, &cx)?;
    }
    if sets == 0 { Err(NO_VALUES.to_owned()) } else { Ok(()) }
}

fn run(model: &Model, data: &Path, tolerance: (f64, f64), cx: &Context) -> Result<(), String> {
    let graph = &model.graph;
    let mut inputs = HashMap::new();
    for (index, port) in graph.inputs.iter().enumerate() {
        let Ok(bytes) = fs::read(data.join(format!("input_{index}.pb"))) else { continue };
        let name = graph.value(port.value).name.clone();
        inputs.insert(name, read(&bytes, port.ty.as_ref().unwrap()));
    }
    let options = Options { most_bytes: 1 << 28, ..Options::default() };
    let outputs = Evaluator::new(model, options).run(&inputs, cx).map_err(|error| error.to_string())?;
    for (index, (port, found)) in graph.outputs.iter().zip(&outputs).enumerate() {
        let Ok(bytes) = fs::read(data.join(format!("output_{index}.pb"))) else { continue };
        let name = &graph.value(port.value).name;
        let expected = read(&bytes, port.ty.as_ref().unwrap());
        differs(found, &expected, tolerance).map_or(Ok(()), |reason| Err(format!("output '{name}' {reason}")))?;
    }
    Ok(())
}

/// Says where a value is not the expected one.
fn differs(found: &Value, expected: &Value, tolerance: (f64, f64)) -> Option<String> {
    match (found, expected) {
        (Value::Tensor(found), Value::Tensor(expected)) => differs_in_elements(found, expected, tolerance),
        (Value::Sequence(found), Value::Sequence(expected)) => {
            if found.len() != expected.len() {
                return Some(format!("has {} values, expected {}", found.len(), expected.len()));
            }
            found.iter().zip(expected.iter()).find_map(|(found, expected)| differs(found, expected, tolerance))
        }
        (Value::Optional(None), Value::Optional(None)) => None,
        (Value::Optional(Some(found)), Value::Optional(Some(expected))) => differs(found, expected, tolerance),
        (Value::Optional(Some(found)), expected) => differs(found, expected, tolerance),
        (found, Value::Optional(Some(expected))) => differs(found, expected, tolerance),
        (Value::Map(found), Value::Map(expected)) => differs_in_elements(&found.0, &expected.0, tolerance)
            .or_else(|| differs_in_elements(&found.1, &expected.1, tolerance)),
        _ => Some("is of another kind".to_owned()),
    }
}

#[expect(clippy::float_cmp, reason = "equal infinities")]
fn is_close(found: f64, expected: f64, (rtol, atol): (f64, f64)) -> bool {
    let same = found == expected || (found.is_nan() && expected.is_nan());
    same || (found - expected).abs() <= atol + rtol * expected.abs()
}

fn differs_in_elements(found: &Array, expected: &Array, tolerance: (f64, f64)) -> Option<String> {
    if (found.dtype(), found.dims()) != (expected.dtype(), expected.dims()) {
        return Some(format!(
            "is {}{:?}, expected {}{:?}",
            found.dtype(),
            found.dims(),
            expected.dtype(),
            expected.dims()
        ));
    }
    if let (Some(found), Some(expected)) = (found.to_f64s(), expected.to_f64s()) {
        let wrong = |(found, expected): (f64, f64)| !is_close(found, expected, tolerance);
        let pairs = || found.iter().copied().zip(expected.iter().copied());
        let first = pairs().position(wrong)?;
        let count = pairs().filter(|pair| wrong(*pair)).count();
        return Some(format!(
            "differs in {count} of {} elements, first at {first}: {}, expected {}",
            found.len(),
            found[first],
            expected[first]
        ));
    }
    match (found.buffer(), expected.buffer()) {
        (Buffer::Complex64(found), Buffer::Complex64(expected)) => {
            let close = |(found, expected): (&[f32; 2], &[f32; 2])| {
                let distance = f64::from((found[0] - expected[0]).hypot(found[1] - expected[1]));
                distance <= tolerance.1 + tolerance.0 * f64::from(expected[0].hypot(expected[1]))
            };
            (!found.iter().zip(expected.iter()).all(close)).then(|| "differs".to_owned())
        }
        (found, expected) => (found != expected).then(|| format!("is {found:?}, expected {expected:?}")),
    }
}

/// Reads a `TensorProto`, `SequenceProto`, `OptionalProto` or `MapProto`, as the type says.
fn read(bytes: &[u8], ty: &Type) -> Value {
    match &ty.kind {
        TypeKind::Sequence(inner) => {
            let inner = inner.as_deref().unwrap();
            let items = fields(bytes).into_iter().filter(|(number, _)| *number > 2);
            Value::Sequence(Arc::new(items.map(|(_, item)| read(item, inner)).collect()))
        }
        TypeKind::Optional(inner) => {
            let item = fields(bytes).into_iter().find(|(number, item)| *number > 2 && !item.is_empty());
            Value::Optional(item.map(|(_, item)| Box::new(read(item, inner.as_deref().unwrap()))))
        }
        TypeKind::Map { .. } => panic!("no case has one"),
        _ => Value::Tensor(tensor(bytes)),
    }
}

/// A tensor, read by the importer as an initializer of an empty model.
fn tensor(bytes: &[u8]) -> Array {
    let field = |number: u8, bytes: &[u8]| {
        let mut field = vec![number << 3 | 2];
        let mut length = bytes.len();
        while length >= 0x80 {
            field.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
            length >>= 7;
        }
        field.push(u8::try_from(length).unwrap());
        field.extend_from_slice(bytes);
        field
    };
    let named = [bytes, &field(8, b"t")].concat();
    let graph = [field(2, b"g"), field(5, &named)].concat();
    let model = [vec![8, 10], field(7, &graph), field(8, &[0x10, 23])].concat();
    let cx = Context::new();
    let artifact = Artifact::from_bytes("value.onnx", model);
    let model = OnnxImporter.import(&artifact, &cx).unwrap();
    Array::from_tensor(&model.graph.initializers[0].tensor).unwrap()
}

/// The length-delimited fields of a message.
fn fields(mut bytes: &[u8]) -> Vec<(u64, &[u8])> {
    fn varint(bytes: &mut &[u8]) -> u64 {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = bytes[0];
            *bytes = &bytes[1..];
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        value
    }
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes);
        let value = varint(&mut bytes);
        if tag & 7 == 2 {
            let (field, rest) = bytes.split_at(usize::try_from(value).unwrap());
            fields.push((tag >> 3, field));
            bytes = rest;
        }
    }
    fields
}

#[test]
fn element_types_of_few_bits_have_the_values_of_the_specification() {
    let decoded = |dtype, codes: &[u8]| {
        Array::of(vec![codes.len()], Buffer::Small(dtype, Arc::new(codes.to_vec()))).unwrap().to_f64s().unwrap()
    };
    assert_eq!(decoded(DType::Float8E4M3Fn, &[0x7e, 0x01, 0x80, 0x38]), [448.0, 0.001_953_125, -0.0, 1.0]);
    assert_eq!(decoded(DType::Float8E5M2, &[0x7b, 0x7c, 0x01, 0x3c]), [57344.0, f64::INFINITY, 2f64.powi(-16), 1.0]);
    assert!(decoded(DType::Float8E4M3FnUz, &[0x80])[0].is_nan());
    assert_eq!(decoded(DType::Float8E4M3FnUz, &[0x7f, 0x40]), [240.0, 1.0]);
    assert_eq!(decoded(DType::Float8E5M2FnUz, &[0x7f, 0x40]), [57344.0, 1.0]);
    assert_eq!(decoded(DType::Float8E8M0, &[127, 128, 0]), [1.0, 2.0, 2f64.powi(-127)]);
    assert_eq!(decoded(DType::Float4E2M1, &[0, 1, 7, 15]), [0.0, 0.5, 6.0, -6.0]);
    assert_eq!(decoded(DType::Float6E2M3, &[0x1f, 0x08]), [7.5, 1.0]);
    assert_eq!(decoded(DType::Float6E3M2, &[0x1f, 0x0c]), [28.0, 1.0]);
    assert_eq!(decoded(DType::Int4, &[7, 8, 15]), [7.0, -8.0, -1.0]);
    assert_eq!(decoded(DType::Int2, &[1, 2, 3]), [1.0, -2.0, -1.0]);
    assert_eq!(decoded(DType::Uint2, &[3]), [3.0]);
}
