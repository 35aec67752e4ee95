//! Axes that were attributes and became inputs; axes that may count from the end.

use crate::ir::{AttributeValue, OpType, Shape, Type};
use crate::opset::step::{Outcome, Step};
use crate::tensor::{DType, Tensor};

/// Squeeze and Unsqueeze, up: axes become an input.
pub(super) fn axes_to_input(step: &mut Step<'_>) -> Outcome {
    attribute_to_input(step, "axes", 1)
}

/// Squeeze and Unsqueeze, down: axes become an attribute.
pub(super) fn axes_to_attribute(step: &mut Step<'_>) -> Outcome {
    input_to_attribute(step, 1, "axes")
}

/// Lets a list of integers be an input; inside a function it may be an argument.
pub(super) fn attribute_to_input(step: &mut Step<'_>, name: &str, input: usize) -> Outcome {
    if let Some(reference @ AttributeValue::Reference { .. }) = step.node.attribute(name).cloned() {
        if step.to < 12 {
            return Err(format!("attribute '{name}' is an argument of the function, and would have to be an input"));
        }
        let value = step.emit_typed(OpType::Constant, &[], &[("value_ints", reference)], None);
        step.put(input, value);
    } else if let Some(values) = step.ints(name)? {
        let value = step.hold_ints(&values)?;
        step.put(input, value);
    }
    step.drop(name);
    step.keep()
}

/// Lets a constant list of integers be an attribute.
pub(super) fn input_to_attribute(step: &mut Step<'_>, input: usize, name: &str) -> Outcome {
    if step.has(input) {
        let values = step.ints_at(input)?;
        step.set(name, AttributeValue::Ints(values));
    }
    step.cut(input);
    step.keep()
}

/// The axis that a number means in a tensor of that rank.
pub(super) fn from_front(axis: i64, rank: usize) -> Result<i64, String> {
    let rank = i64::try_from(rank).map_err(|_| "the rank is too large")?;
    let axis = if axis < 0 { axis.saturating_add(rank) } else { axis };
    if (0..rank).contains(&axis) { Ok(axis) } else { Err(format!("axis {axis} of a tensor of rank {rank}")) }
}

/// `axis` counts from the front of the first input.
pub(super) fn axis_from_front(step: &mut Step<'_>) -> Outcome {
    if let Some(axis) = step.int("axis")?.filter(|&axis| axis < 0) {
        let axis = from_front(axis, step.rank(0)?)?;
        step.set("axis", AttributeValue::Int(axis));
    }
    step.keep()
}

/// `axis` counts from the front of a tensor with one axis more.
pub(super) fn new_axis_from_front(step: &mut Step<'_>) -> Outcome {
    // OneHot has a default of −1 on both sides.
    if let Some(axis) = step.int("axis")?.filter(|&axis| axis < -1) {
        let axis = from_front(axis, step.rank(0)?.saturating_add(1))?;
        step.set("axis", AttributeValue::Int(axis));
    }
    step.keep()
}

/// Flatten's axis may be as large as the rank.
pub(super) fn flatten_from_front(step: &mut Step<'_>) -> Outcome {
    if let Some(axis) = step.int("axis")?.filter(|&axis| axis < 0) {
        let axis = from_front(axis, step.rank(0)?)?;
        step.set("axis", AttributeValue::Int(axis));
    }
    step.keep()
}

/// Indices and the axis count from the front: those of Gather could be negative from opset 11 on.
///
/// What is no constant is made so: `i < 0 ? i + n : i`.
pub(super) fn gather_from_front(step: &mut Step<'_>) -> Outcome {
    let indices = step.constant(1).and_then(Tensor::to_i64s);
    if indices.is_none_or(|indices| indices.iter().any(|&index| index < 0)) {
        let (x, given, dtype) = (step.input(0)?, step.input(1)?, step.dtype(1)?);
        let axis = step.int("axis")?.unwrap_or(0);
        let axis = if axis < 0 { from_front(axis, step.rank(0)?)? } else { axis };
        let whole = step.emit_typed(OpType::Shape, &[x], &[], Some(Type::tensor(DType::Int64, None)));
        let at = step.hold_int(axis)?;
        let scalar = Some(Type::tensor(DType::Int64, Some(Shape::known(&[]))));
        let mut length = step.emit_typed(OpType::Gather, &[whole, at], &[], scalar);
        let mut zero = step.hold_int(0)?;
        if dtype != DType::Int64 {
            (length, zero) = (step.cast(length, dtype), step.cast(zero, dtype));
        }
        let shape = step.ty(given).and_then(Type::shape).cloned();
        let below = step.emit_typed(OpType::Less, &[given, zero], &[], Some(Type::tensor(DType::Bool, shape)));
        let shifted = step.emit(OpType::Add, &[given, length], &[], given);
        let indices = step.emit(OpType::Where, &[below, shifted, given], &[], given);
        step.put(1, indices);
    }
    axis_from_front(step)
}

/// `axes` count from the front of the first input.
pub(super) fn axes_from_front(step: &mut Step<'_>) -> Outcome {
    if let Some(axes) = step.ints("axes")?
        && axes.iter().any(|&axis| axis < 0)
    {
        let rank = step.rank(0)?;
        let axes = axes.iter().map(|&axis| from_front(axis, rank)).collect::<Result<_, _>>()?;
        step.set("axes", AttributeValue::Ints(axes));
    }
    step.keep()
}

/// `axes` of Unsqueeze count from the front of its output.
pub(super) fn unsqueeze_from_front(step: &mut Step<'_>) -> Outcome {
    if let Some(axes) = step.ints("axes")?
        && axes.iter().any(|&axis| axis < 0)
    {
        let rank = step.rank(0)?.saturating_add(axes.len());
        let axes = axes.iter().map(|&axis| from_front(axis, rank)).collect::<Result<_, _>>()?;
        step.set("axes", AttributeValue::Ints(axes));
    }
    step.keep()
}
