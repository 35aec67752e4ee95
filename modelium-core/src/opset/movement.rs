//! Bounds, pads, pieces: what moved from attributes to inputs.

use crate::ir::{AttributeValue, OpType, Shape, Type, ValueId};
use crate::opset::axes::{axis_from_front, from_front};
use crate::opset::step::{Outcome, Step};
use crate::tensor::DType;

/// Clip, up: bounds become inputs.
pub(super) fn clip_to_inputs(step: &mut Step<'_>) -> Outcome {
    for (index, name) in [(1, "min"), (2, "max")] {
        if let Some(bound) = step.float(name)? {
            let dtype = step.dtype(0)?;
            let bound = step.hold_float(bound.into(), dtype)?;
            step.put(index, bound);
        }
        step.drop(name);
    }
    step.keep()
}

/// Clip, down: constant bounds become attributes, others the maximum and minimum that they are.
pub(super) fn clip_to_attributes(step: &mut Step<'_>) -> Outcome {
    let given = [1, 2].map(|input| if step.has(input) { Some(single(step, input)) } else { None });
    if let [Some(Err(_)), _] | [_, Some(Err(_))] = given {
        let mut value = step.input(0)?;
        let bounds = [(1, OpType::Max), (2, OpType::Min)].map(|(input, op)| (step.node.input(input), op));
        for (bound, op) in bounds {
            if let Some(bound) = bound {
                value = step.emit(op, &[value, bound], &[], value);
            }
        }
        return step.end(OpType::Identity, &[value], &[]);
    }
    for (bound, name) in given.into_iter().zip(["min", "max"]) {
        if let Some(bound) = bound.transpose()? {
            step.set(name, AttributeValue::Float(bound));
        }
    }
    step.cut(1);
    step.keep()
}

#[expect(clippy::cast_possible_truncation, reason = "the attribute is a 32-bit float, and so are nearly all bounds")]
fn single(step: &Step<'_>, input: usize) -> Result<f32, String> {
    match step.floats_at(input)?.as_slice() {
        [only] => Ok(*only as f32),
        _ => Err(format!("input {input} is no scalar")),
    }
}

/// Pad, up: pads and value become inputs.
pub(super) fn pad_to_inputs(step: &mut Step<'_>) -> Outcome {
    if let Some(value) = step.float("value")?.filter(|&value| value != 0.0) {
        let dtype = step.dtype(0)?;
        let value = step.hold_float(value.into(), dtype)?;
        step.put(2, value);
    }
    step.drop("value");
    let pads = step.ints("pads")?.unwrap_or_default();
    let pads = step.hold_ints(&pads)?;
    step.put(1, pads);
    step.drop("pads");
    step.keep()
}

/// Pad, down: constant pads and value become attributes.
pub(super) fn pad_to_attributes(step: &mut Step<'_>) -> Outcome {
    let pads = step.ints_at(1)?;
    if step.has(2) {
        let value = single(step, 2)?;
        step.set("value", AttributeValue::Float(value));
    }
    step.set("pads", AttributeValue::Ints(pads));
    step.cut(1);
    step.keep()
}

/// Pad, down: pads of some axes become pads of all.
pub(super) fn pad_all_axes(step: &mut Step<'_>) -> Outcome {
    if step.has(3) {
        let (axes, some, rank) = (step.ints_at(3)?, step.ints_at(1)?, step.rank(0)?);
        let mut pads = vec![0; rank.saturating_mul(2)];
        for (index, &axis) in axes.iter().enumerate() {
            let place = usize::try_from(from_front(axis, rank)?).map_err(|_| "an axis below zero")?;
            for (from, to) in [(index, place), (index.saturating_add(axes.len()), place.saturating_add(rank))] {
                let (Some(from), Some(to)) = (some.get(from), pads.get_mut(to)) else {
                    return Err("pads that are not two for each axis".to_owned());
                };
                *to = *from;
            }
        }
        let pads = step.hold_ints(&pads)?;
        step.put(1, pads);
        step.cut(3);
    }
    step.keep()
}

/// Pad, down: nothing wraps around before.
pub(super) fn pad_without_wrap(step: &mut Step<'_>) -> Outcome {
    if step.text("mode")? == Some("wrap") {
        return Err("a pad that wraps around".to_owned());
    }
    step.keep()
}

/// Slice, up: starts, ends and axes become inputs.
pub(super) fn slice_to_inputs(step: &mut Step<'_>) -> Outcome {
    for (input, name) in [(1, "starts"), (2, "ends"), (3, "axes")] {
        if let Some(values) = step.ints(name)? {
            let values = step.hold_ints(&values)?;
            step.put(input, values);
        }
        step.drop(name);
    }
    step.keep()
}

/// Slice, down: constants become attributes; there are no steps.
pub(super) fn slice_to_attributes(step: &mut Step<'_>) -> Outcome {
    if step.has(4) && step.ints_at(4)?.iter().any(|&stride| stride != 1) {
        return Err("a slice with steps".to_owned());
    }
    for (input, name) in [(1, "starts"), (2, "ends"), (3, "axes")] {
        if step.has(input) {
            let values = step.ints_at(input)?;
            step.set(name, AttributeValue::Ints(values));
        }
    }
    step.cut(1);
    step.keep()
}

/// Slice, down: axes count from the front.
pub(super) fn slice_from_front(step: &mut Step<'_>) -> Outcome {
    if step.has(3) {
        let Ok(axes) = step.ints_at(3) else { return Err("axes that may count from the end".to_owned()) };
        if axes.iter().any(|&axis| axis < 0) {
            let rank = step.rank(0)?;
            let axes: Vec<i64> = axes.iter().map(|&axis| from_front(axis, rank)).collect::<Result<_, _>>()?;
            let axes = step.hold_ints(&axes)?;
            step.put(3, axes);
        }
    }
    step.keep()
}

/// `TopK`, up: k becomes an input.
pub(super) fn topk_to_input(step: &mut Step<'_>) -> Outcome {
    let k = step.int("k")?.ok_or("attribute 'k' is missing")?;
    let k = step.hold_ints(&[k])?;
    step.put(1, k);
    step.drop("k");
    step.keep()
}

/// `TopK`, down: a constant k becomes an attribute.
pub(super) fn topk_to_attribute(step: &mut Step<'_>) -> Outcome {
    let [k] = step.ints_at(1)?[..] else { return Err("k is no single number".to_owned()) };
    step.set("k", AttributeValue::Int(k));
    step.cut(1);
    step.keep()
}

/// `TopK`, down: the largest, sorted; axes count from the front.
pub(super) fn topk_largest(step: &mut Step<'_>) -> Outcome {
    if step.int("largest")?.unwrap_or(1) == 0 {
        return Err("the smallest instead of the largest".to_owned());
    }
    step.drop("largest");
    step.drop("sorted"); // sorted is one of the orders that unsorted allows
    axis_from_front(step)
}

/// Split, up: lengths become an input.
pub(super) fn split_to_input(step: &mut Step<'_>) -> Outcome {
    crate::opset::axes::attribute_to_input(step, "split", 1)
}

/// Split, down: constant lengths become an attribute.
pub(super) fn split_to_attribute(step: &mut Step<'_>) -> Outcome {
    crate::opset::axes::input_to_attribute(step, 1, "split")
}

/// Split, up: equal pieces are counted.
pub(super) fn split_counted(step: &mut Step<'_>) -> Outcome {
    if !step.has(1) {
        let count = i64::try_from(step.node.outputs.len()).map_err(|_| "too many outputs")?;
        step.set("num_outputs", AttributeValue::Int(count));
    }
    step.keep()
}

/// Split, down: pieces that need not be equal are spelt out.
pub(super) fn split_uncounted(step: &mut Step<'_>) -> Outcome {
    if step.int("num_outputs")?.is_some() {
        let rank = step.rank(0)?;
        let axis = from_front(step.int("axis")?.unwrap_or(0), rank)?;
        let axis = usize::try_from(axis).map_err(|_| "an axis below zero")?;
        let count = step.node.outputs.len() as u64;
        let known = step.dim(0, axis);
        let whole = known.map_err(|_| "pieces that are equal only if the dimension, which is not known, divides")?;
        if count == 0 {
            return Err("no outputs".to_owned());
        }
        if whole % count != 0 {
            let piece = whole.div_ceil(count);
            let lengths = (0..count).map(|index| piece.min(whole.saturating_sub(index.saturating_mul(piece))));
            let lengths: Vec<i64> = lengths.map(|length| i64::try_from(length).unwrap_or(i64::MAX)).collect();
            let lengths = step.hold_ints(&lengths)?;
            step.put(1, lengths);
        }
        step.drop("num_outputs");
    }
    step.keep()
}

/// Reshape, down: a zero copies; a shape without zeros does not care.
pub(super) fn reshape_zero(step: &mut Step<'_>) -> Outcome {
    if step.int("allowzero")?.unwrap_or(0) != 0 && step.ints_at(1).map_or(true, |shape| shape.contains(&0)) {
        return Err("a shape in which zero means zero".to_owned());
    }
    step.drop("allowzero");
    step.keep()
}

/// `Scatter` became `ScatterElements`.
pub(super) fn scatter_renamed(step: &mut Step<'_>) -> Outcome {
    step.rename(OpType::ScatterElements);
    step.keep()
}

/// `ScatterElements` was `Scatter`, whose indices and axis count from the front.
pub(super) fn scatter_elements_renamed(step: &mut Step<'_>) -> Outcome {
    let indices = step.constant(1).and_then(crate::tensor::Tensor::to_i64s);
    if indices.is_none_or(|indices| indices.iter().any(|&index| index < 0)) {
        return Err("indices that may count from the end".to_owned());
    }
    if let Some(axis) = step.int("axis")?.filter(|&axis| axis < 0) {
        let axis = from_front(axis, step.rank(0)?)?;
        step.set("axis", AttributeValue::Int(axis));
    }
    step.rename(OpType::Scatter);
    step.keep()
}

/// Scatters, down: what collides is not compared.
pub(super) fn scatter_without_extremes(step: &mut Step<'_>) -> Outcome {
    if step.text("reduction")?.is_some_and(|reduction| matches!(reduction, "max" | "min")) {
        return Err("a scatter that keeps the larger or the smaller".to_owned());
    }
    step.keep()
}

/// Dropout, up: the ratio becomes an input; it never trained.
pub(super) fn dropout_to_input(step: &mut Step<'_>) -> Outcome {
    if let Some(ratio) = step.float("ratio")? {
        let ratio = step.hold_float(ratio.into(), DType::Float32)?;
        step.put(1, ratio);
    }
    step.drop("ratio");
    step.keep()
}

/// Dropout, down: the ratio says nothing where nobody trains.
pub(super) fn dropout_to_attribute(step: &mut Step<'_>) -> Outcome {
    if step.has(2) {
        let trains = step.constant(2).and_then(crate::tensor::Tensor::to_le_bytes);
        if trains.is_none_or(|bytes| bytes.iter().any(|&byte| byte != 0)) {
            return Err("a dropout that trains, or may".to_owned());
        }
    }
    if step.takes(1) {
        return Err("a mask, which said another thing where nobody trains".to_owned());
    }
    step.drop("seed");
    step.cut(1);
    step.keep()
}

/// Sums, means and extremes, down: before opset 8 their inputs have one shape.
pub(super) fn same_shapes(step: &mut Step<'_>) -> Outcome {
    if step.node.inputs.len() < 2 || shapes_are_equal(step) {
        return step.keep();
    }
    let inputs: Vec<ValueId> = step.node.inputs.iter().flatten().copied().collect();
    let (Some((&first, rest)), OpType::Sum) = (inputs.split_first(), &step.node.op) else {
        return Err("inputs that broadcast".to_owned());
    };
    let ty = step.dtype(0).ok().map(|dtype| Type::tensor(dtype, None));
    let mut sum = first;
    for &input in rest {
        sum = step.emit_typed(OpType::Add, &[sum, input], &[], ty.clone());
    }
    step.end(OpType::Identity, &[sum], &[])
}

fn shapes_are_equal(step: &Step<'_>) -> bool {
    let shape = |input| step.dims(input).ok().map(Shape::new).and_then(|shape| shape.to_known());
    let first = shape(0);
    first.is_some() && (1..step.node.inputs.len()).all(|input| shape(input) == first)
}
