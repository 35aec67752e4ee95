//! Constants, and what makes tensors from shapes.

use crate::ir::{AttributeValue, OpType, Shape, Type};
use crate::opset::facts;
use crate::opset::step::{Outcome, Step};
use crate::tensor::{DType, Tensor};

/// Numbers and lists become the one tensor that `Constant` could hold before.
pub(super) fn to_tensor(step: &mut Step<'_>) -> Outcome {
    if step.node.attribute("value").is_none() && step.node.attribute("sparse_value").is_none() {
        let tensor = facts::held(&step.node).ok_or("a constant of text, or of a function's argument")?;
        step.node.attributes.clear();
        step.set("value", AttributeValue::Tensor(Box::new(tensor)));
    }
    step.keep()
}

/// Before opset 9 a constant held floats alone; others become initializers.
pub(super) fn to_floats(step: &mut Step<'_>) -> Outcome {
    let Some(AttributeValue::Tensor(tensor)) = step.node.attribute("value").cloned() else {
        return Err("a constant of another kind than a tensor".to_owned());
    };
    if matches!(tensor.dtype, DType::Float16 | DType::Float32 | DType::Float64) {
        return step.keep();
    }
    step.initialize(*tensor)
}

/// One value in a given shape: expanded from a scalar.
pub(super) fn of_shape(step: &mut Step<'_>) -> Outcome {
    let shape = step.input(0)?;
    let tensor = match step.node.attribute("value") {
        None => facts::floats(&[0.0], vec![1]),
        Some(AttributeValue::Tensor(tensor)) => Some((**tensor).clone()),
        Some(_) => return Err("attribute 'value' is an argument of the function, and not known".to_owned()),
    };
    let value = step.hold(tensor)?;
    step.end(OpType::Expand, &[value, shape], &[])
}

/// Part of a shape: a slice of the whole.
pub(super) fn part_of_shape(step: &mut Step<'_>) -> Outcome {
    let (start, end) = (step.int("start")?.unwrap_or(0), step.int("end")?);
    step.drop("start");
    step.drop("end");
    if start == 0 && end.is_none() {
        return step.keep();
    }
    let x = step.input(0)?;
    let ty = Type::tensor(DType::Int64, Some(Shape::new([crate::ir::Dim::Unknown])));
    let whole = step.emit_typed(OpType::Shape, &[x], &[], Some(ty));
    let (start, end) = (step.hold_ints(&[start])?, step.hold_ints(&[end.unwrap_or(i64::MAX)])?);
    step.end(OpType::Slice, &[whole, start, end], &[])
}

/// Gemm with nothing to add: a zero, which broadcasts.
pub(super) fn gemm_with_zero(step: &mut Step<'_>) -> Outcome {
    if !step.has(2) {
        let dtype = step.dtype(0)?;
        let zero = step.hold(Tensor::new("", dtype, vec![1], zeros(dtype)?))?;
        step.put(2, zero);
    }
    step.keep()
}

fn zeros(dtype: DType) -> Result<Vec<u8>, String> {
    let bytes = dtype.bytes_for(1).and_then(|bytes| usize::try_from(bytes).ok());
    bytes.map(|bytes| vec![0; bytes]).ok_or_else(|| format!("there is no zero of {dtype}"))
}
