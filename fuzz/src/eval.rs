//! What must hold when any bytes that claim to be an ONNX model are evaluated. `tests/it/fuzz_eval.rs` of the core runs it
//! too.

use std::collections::HashMap;
use std::num::NonZeroUsize;

use modelium_core::eval::{Array, Evaluator, Options, Value};
use modelium_core::formats::Importer as _;
use modelium_core::formats::onnx::OnnxImporter;
use modelium_core::ir::Type;
use modelium_core::tensor::Tensor;
use modelium_core::{Artifact, Context, ErrorKind, Limits};

/// The most bytes of an input that is made up.
const INPUT_BYTES: u64 = 1 << 12;

/// Limits that let a machine do thousands of runs a second.
pub(crate) fn context() -> Context {
    Context::new().with_limits(Limits { structure_bytes: 64 << 20, threads: NonZeroUsize::MIN, ..Limits::default() })
}

/// Imports and evaluates, with zeros for inputs that have a shape and no default. True if there are outputs.
///
/// # Panics
/// If an error is a defect of ours, or an output is not what it says it is.
pub(crate) fn run(bytes: &[u8], cx: &Context) -> bool {
    let artifact = Artifact::from_entries("fuzz", [("model.onnx".to_owned(), bytes.to_vec().into())]);
    let Ok(model) = OnnxImporter.import(&artifact, cx) else { return false };
    let mut inputs = HashMap::new();
    for port in &model.graph.inputs {
        if let Some(value) = port.ty.as_ref().and_then(zeros) {
            inputs.insert(model.graph.value(port.value).name.clone(), value);
        }
    }
    for initializer in &model.graph.initializers {
        inputs.remove(&model.graph.value(initializer.value).name);
    }
    let options = Options { most_bytes: 1 << 20, most_steps: 200 };
    match Evaluator::new(&model, options).run(&inputs, cx) {
        Ok(outputs) => {
            outputs.iter().for_each(whole);
            true
        }
        Err(error) => {
            assert_ne!(error.kind(), ErrorKind::Internal, "{error:?}");
            false
        }
    }
}

fn zeros(ty: &Type) -> Option<Value> {
    let (dtype, dims) = (ty.dtype()?, ty.shape()?.dims.iter().map(|dim| dim.known().unwrap_or(2)).collect::<Vec<_>>());
    let count = dims.iter().try_fold(1_u64, |product, &dim| product.checked_mul(dim))?;
    let bytes = dtype.bytes_for(count).filter(|&bytes| bytes <= INPUT_BYTES)?;
    let tensor = Tensor::new("zeros", dtype, dims, vec![0; usize::try_from(bytes).ok()?])?;
    Array::from_tensor(&tensor).map(Value::Tensor)
}

/// Panics unless a value has as many elements as its shapes say.
fn whole(value: &Value) {
    let check = |array: &Array| assert_eq!(array.dims().iter().product::<usize>(), array.len());
    match value {
        Value::Tensor(array) => check(array),
        Value::Sequence(values) => values.iter().for_each(whole),
        Value::Optional(inner) => inner.iter().for_each(|inner| whole(inner)),
        Value::Map(map) => {
            check(&map.0);
            check(&map.1);
        }
    }
}
