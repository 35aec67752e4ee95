//! Rotary embedding, which opset 23 made an operator: written out.

use crate::ir::{AttributeValue, Dim, OpType, Shape, Type, ValueId};
use crate::opset::step::{Outcome, Step};
use crate::tensor::DType;

fn ranked(dtype: DType, rank: usize) -> Type {
    Type::tensor(dtype, Some(Shape::new(vec![Dim::Unknown; rank])))
}

/// Every `stride`-th element of the last of four axes, from `start` to `end`.
fn part(step: &mut Step<'_>, x: ValueId, start: i64, end: i64, stride: i64, dtype: DType) -> Result<ValueId, String> {
    let bounds =
        [step.hold_ints(&[start])?, step.hold_ints(&[end])?, step.hold_ints(&[3])?, step.hold_ints(&[stride])?];
    let [start, end, axis, stride] = bounds;
    Ok(step.emit_typed(OpType::Slice, &[x, start, end, axis, stride], &[], Some(ranked(dtype, 4))))
}

/// The angles' cosines or sines as `[batch, length, 1, half]`.
fn angles(step: &mut Step<'_>, cache: ValueId, dtype: DType) -> Result<ValueId, String> {
    let rows = match step.node.input(3) {
        Some(positions) => step.emit_typed(OpType::Gather, &[cache, positions], &[], Some(ranked(dtype, 3))),
        None => cache,
    };
    let axis = step.hold_ints(&[2])?;
    Ok(step.emit_typed(OpType::Unsqueeze, &[rows, axis], &[], Some(ranked(dtype, 4))))
}

/// Rotary embedding, down: pairs turned by their angles.
pub(super) fn rotary(step: &mut Step<'_>) -> Outcome {
    let (x, cosines, sines, dtype) = (step.input(0)?, step.input(1)?, step.input(2)?, step.dtype(0)?);
    let joined = step.rank(0)? == 3;
    let interleaved = step.int("interleaved")?.unwrap_or(0) != 0;
    let swap = [("perm", AttributeValue::Ints(vec![0, 2, 1, 3]))];
    let (whole, size) = if joined {
        let heads = step.int("num_heads")?.filter(|&heads| heads > 0).ok_or("the number of heads is not said")?;
        let shape = step.hold_ints(&[0, 0, heads, -1])?;
        let size = i64::try_from(step.dim(0, 2)?).map_err(|_| "a head that is too large")? / heads;
        (step.emit_typed(OpType::Reshape, &[x, shape], &[], Some(ranked(dtype, 4))), size)
    } else {
        let size = i64::try_from(step.dim(0, 3)?).map_err(|_| "a head that is too large")?;
        (step.emit_typed(OpType::Transpose, &[x], &swap, Some(ranked(dtype, 4))), size)
    };
    let turned = match step.int("rotary_embedding_dim")? {
        None | Some(0) => size,
        Some(turned) => turned,
    };
    let (cosines, sines) = (angles(step, cosines, dtype)?, angles(step, sines, dtype)?);
    let (first, second) = if interleaved {
        (part(step, whole, 0, turned, 2, dtype)?, part(step, whole, 1, turned, 2, dtype)?)
    } else {
        (part(step, whole, 0, turned / 2, 1, dtype)?, part(step, whole, turned / 2, turned, 1, dtype)?)
    };
    let product = |step: &mut Step<'_>, a, b| step.emit_typed(OpType::Mul, &[a, b], &[], Some(ranked(dtype, 4)));
    let (a, b) = (product(step, cosines, first), product(step, sines, second));
    let real = step.emit_typed(OpType::Sub, &[a, b], &[], Some(ranked(dtype, 4)));
    let (a, b) = (product(step, sines, first), product(step, cosines, second));
    let imaginary = step.emit_typed(OpType::Add, &[a, b], &[], Some(ranked(dtype, 4)));
    let last = |rank: i64| [("axis", AttributeValue::Int(rank))];
    let mut y = if interleaved {
        let axis = step.hold_ints(&[4])?;
        let real = step.emit_typed(OpType::Unsqueeze, &[real, axis], &[], Some(ranked(dtype, 5)));
        let imaginary = step.emit_typed(OpType::Unsqueeze, &[imaginary, axis], &[], Some(ranked(dtype, 5)));
        let pairs = step.emit_typed(OpType::Concat, &[real, imaginary], &last(4), Some(ranked(dtype, 5)));
        let shape = step.hold_ints(&[0, 0, 0, -1])?;
        step.emit_typed(OpType::Reshape, &[pairs, shape], &[], Some(ranked(dtype, 4)))
    } else {
        step.emit_typed(OpType::Concat, &[real, imaginary], &last(3), Some(ranked(dtype, 4)))
    };
    if turned < size {
        let rest = part(step, whole, turned, size, 1, dtype)?;
        y = step.emit_typed(OpType::Concat, &[y, rest], &last(3), Some(ranked(dtype, 4)));
    }
    if joined {
        let shape = step.hold_ints(&[0, 0, -1])?;
        step.end(OpType::Reshape, &[y, shape], &[])
    } else {
        step.end(OpType::Transpose, &[y], &swap)
    }
}
