//! Normalisations that opsets gained, written out; batch normalisation, which used to train by its outputs.

use crate::ir::{AttributeValue, Dim, OpType, Shape, Type, ValueId};
use crate::opset::axes::from_front;
use crate::opset::step::{Outcome, Step};
use crate::tensor::DType;

/// The axes from `axis` to the last, counted from the end where the rank is not needed.
fn axes_from(step: &Step<'_>, axis: i64) -> Result<Vec<i64>, String> {
    if axis == -1 {
        return Ok(vec![-1]);
    }
    let rank = step.rank(0)?;
    Ok((from_front(axis, rank)?..i64::try_from(rank).unwrap_or(i64::MAX)).collect())
}

/// A type of that rank whose dimensions are open.
fn open(step: &Step<'_>, like: ValueId) -> Option<Type> {
    let ty = step.ty(like)?;
    let shape = ty.shape().map(|shape| Shape::new(vec![Dim::Unknown; shape.dims.len()]));
    Some(Type::tensor(ty.dtype()?, shape))
}

/// The mean over some axes, which stay as ones.
fn mean(step: &mut Step<'_>, x: ValueId, axes: &[i64]) -> Result<ValueId, String> {
    let ty = open(step, x);
    if step.to < 18 {
        let attributes = [("axes", AttributeValue::Ints(axes.to_vec())), ("keepdims", AttributeValue::Int(1))];
        return Ok(step.emit_typed(OpType::ReduceMean, &[x], &attributes, ty));
    }
    let axes = step.hold_ints(axes)?;
    Ok(step.emit_typed(OpType::ReduceMean, &[x, axes], &[("keepdims", AttributeValue::Int(1))], ty))
}

/// The input in the type in which it is computed with, and that type.
fn stashed(step: &mut Step<'_>) -> Result<(ValueId, DType), String> {
    let (x, dtype) = (step.input(0)?, step.dtype(0)?);
    // 1 is float32, the default; what is wider stays as it is.
    let narrow = matches!(dtype, DType::Float16 | DType::Bfloat16);
    match step.int("stash_type")?.unwrap_or(1) {
        1 if narrow => Ok((step.cast(x, DType::Float32), DType::Float32)),
        1 => Ok((x, dtype)),
        other => Err(format!("a computation in element type {other}")),
    }
}

/// A value in the type of the first input.
fn unstashed(step: &mut Step<'_>, x: ValueId, from: DType) -> Result<ValueId, String> {
    let dtype = step.dtype(0)?;
    Ok(if dtype == from { x } else { step.cast(x, dtype) })
}

/// `√(x + ε)`.
fn deviation(step: &mut Step<'_>, variance: ValueId, epsilon: f64, dtype: DType) -> Result<ValueId, String> {
    let epsilon = step.hold_float(epsilon, dtype)?;
    let sum = step.emit(OpType::Add, &[variance, epsilon], &[], variance);
    Ok(step.emit(OpType::Sqrt, &[sum], &[], variance))
}

/// `(x − μ) / √(σ² + ε)` over some axes, with `μ` and the divisor.
fn normalized(
    step: &mut Step<'_>,
    x: ValueId,
    axes: &[i64],
    dtype: DType,
) -> Result<(ValueId, ValueId, ValueId), String> {
    let epsilon = step.float("epsilon")?.unwrap_or(1e-5);
    let average = mean(step, x, axes)?;
    let centred = step.emit(OpType::Sub, &[x, average], &[], x);
    let square = step.emit(OpType::Mul, &[centred, centred], &[], x);
    let variance = mean(step, square, axes)?;
    let divisor = deviation(step, variance, epsilon.into(), dtype)?;
    Ok((step.emit(OpType::Div, &[centred, divisor], &[], x), average, divisor))
}

/// Layer normalisation, down.
pub(super) fn layer(step: &mut Step<'_>) -> Outcome {
    let scale = step.input(1)?;
    let axis = step.int("axis")?.unwrap_or(-1);
    let over = axes_from(step, axis)?;
    let (x, dtype) = stashed(step)?;
    let (y, average, divisor) = normalized(step, x, &over, dtype)?;
    if let Some(output) = step.node.output(1) {
        step.emit_into(OpType::Identity, &[average], &[], output);
    }
    if let Some(output) = step.node.output(2) {
        step.emit_into(OpType::Reciprocal, &[divisor], &[], output);
    }
    let y = unstashed(step, y, dtype)?;
    match step.node.input(2) {
        None => step.end(OpType::Mul, &[y, scale], &[]),
        Some(bias) => {
            let scaled = step.emit(OpType::Mul, &[y, scale], &[], y);
            step.end(OpType::Add, &[scaled, bias], &[])
        }
    }
}

/// Root-mean-square normalisation, down.
pub(super) fn root_mean_square(step: &mut Step<'_>) -> Outcome {
    let scale = step.input(1)?;
    let axis = step.int("axis")?.unwrap_or(-1);
    let epsilon = step.float("epsilon")?.unwrap_or(1e-5);
    let over = axes_from(step, axis)?;
    let (x, dtype) = stashed(step)?;
    let square = step.emit(OpType::Mul, &[x, x], &[], x);
    let power = mean(step, square, &over)?;
    let divisor = deviation(step, power, epsilon.into(), dtype)?;
    let y = step.emit(OpType::Div, &[x, divisor], &[], x);
    let y = unstashed(step, y, dtype)?;
    step.end(OpType::Mul, &[y, scale], &[])
}

/// Group normalisation with a scale for each channel, down.
pub(super) fn group(step: &mut Step<'_>) -> Outcome {
    let rank = step.rank(0)?;
    let mut channel = vec![-1_i64];
    channel.resize(rank.saturating_sub(1).max(1), 1);
    grouped(step, &channel, false)
}

/// Group normalisation with a scale for each group, down.
pub(super) fn group_by_group(step: &mut Step<'_>) -> Outcome {
    grouped(step, &[-1, 1], true)
}

/// `parameters` is the shape that scale and bias take beside what they scale.
fn grouped(step: &mut Step<'_>, parameters: &[i64], before: bool) -> Outcome {
    let (scale, bias) = (step.input(1)?, step.input(2)?);
    let groups = step.int("num_groups")?.ok_or("attribute 'num_groups' is missing")?;
    let whole = Type::tensor(DType::Int64, None);
    let shape = step.input(0)?;
    let shape = step.emit_typed(OpType::Shape, &[shape], &[], Some(whole));
    let (x, dtype) = stashed(step)?;
    let three = Some(Type::tensor(dtype, Some(Shape::new(vec![Dim::Unknown; 3]))));
    let rows = step.hold_ints(&[0, groups, -1])?;
    let rows = step.emit_typed(OpType::Reshape, &[x, rows], &[], three);
    let (y, ..) = normalized(step, rows, &[2], dtype)?;
    let y = unstashed(step, y, dtype)?;
    let place = step.hold_ints(parameters)?;
    let (scale_ty, bias_ty) = (wide(step, scale, parameters.len()), wide(step, bias, parameters.len()));
    let scale = step.emit_typed(OpType::Reshape, &[scale, place], &[], scale_ty);
    let bias = step.emit_typed(OpType::Reshape, &[bias, place], &[], bias_ty);
    if before {
        let scaled = step.emit(OpType::Mul, &[y, scale], &[], y);
        let sum = step.emit(OpType::Add, &[scaled, bias], &[], y);
        return step.end(OpType::Reshape, &[sum, shape], &[]);
    }
    let ty = step.input(0).ok().and_then(|x| step.ty(x)).cloned();
    let y = step.emit_typed(OpType::Reshape, &[y, shape], &[], ty);
    let scaled = step.emit(OpType::Mul, &[y, scale], &[], y);
    step.end(OpType::Add, &[scaled, bias], &[])
}

fn wide(step: &Step<'_>, value: ValueId, rank: usize) -> Option<Type> {
    Some(Type::tensor(step.ty(value)?.dtype()?, Some(Shape::new(vec![Dim::Unknown; rank]))))
}

/// Group normalisation, up: the scale of a group becomes that of each of its channels.
pub(super) fn group_to_channels(step: &mut Step<'_>) -> Outcome {
    let groups = step.int("num_groups")?.ok_or("attribute 'num_groups' is missing")?;
    let channels = i64::try_from(step.dim(0, 1)?).map_err(|_| "too many channels")?;
    let each = channels.checked_div(groups).filter(|each| each.checked_mul(groups) == Some(channels));
    let each = each.ok_or("channels that the groups do not divide")?;
    for input in [1, 2] {
        let value = step.input(input)?;
        let (column, square, list) =
            (step.hold_ints(&[groups, 1])?, step.hold_ints(&[groups, each])?, step.hold_ints(&[-1])?);
        let two = wide(step, value, 2);
        let one = wide(step, value, 1);
        let value = step.emit_typed(OpType::Reshape, &[value, column], &[], two.clone());
        let value = step.emit_typed(OpType::Expand, &[value, square], &[], two);
        let value = step.emit_typed(OpType::Reshape, &[value, list], &[], one);
        step.put(input, value);
    }
    step.keep()
}

/// Mean and variance normalisation, down.
pub(super) fn mean_variance(step: &mut Step<'_>) -> Outcome {
    let (x, dtype) = (step.input(0)?, step.dtype(0)?);
    let axes = step.ints("axes")?.unwrap_or_else(|| vec![0, 2, 3]);
    let average = mean(step, x, &axes)?;
    let square = step.emit(OpType::Mul, &[x, x], &[], x);
    let power = mean(step, square, &axes)?;
    let average_square = step.emit(OpType::Mul, &[average, average], &[], average);
    let variance = step.emit(OpType::Sub, &[power, average_square], &[], power);
    let root = step.emit(OpType::Sqrt, &[variance], &[], variance);
    let epsilon = step.hold_float(1e-9, dtype)?;
    let divisor = step.emit(OpType::Add, &[root, epsilon], &[], root);
    let centred = step.emit(OpType::Sub, &[x, average], &[], x);
    step.end(OpType::Div, &[centred, divisor], &[])
}

/// Batch normalisation, up: that with further outputs trained, in a manner of its own.
pub(super) fn batch_up(step: &mut Step<'_>) -> Outcome {
    if (1..5).any(|output| step.takes(output)) {
        return Err("a batch normalisation that trains".to_owned());
    }
    step.node.outputs.truncate(1);
    step.keep()
}

/// Batch normalisation, down: one that trains has other outputs there.
pub(super) fn batch_down(step: &mut Step<'_>) -> Outcome {
    if step.int("training_mode")?.unwrap_or(0) != 0 {
        return Err("a batch normalisation that trains".to_owned());
    }
    step.drop("training_mode");
    batch_up(step)
}
