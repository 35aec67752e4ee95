//! Softmax and its kin: up to opset 12 over all axes from one on, then over one axis.

use crate::ir::{AttributeValue, Dim, OpType, Shape, Type};
use crate::opset::axes::from_front;
use crate::opset::step::{Outcome, Step};
use crate::tensor::DType;

/// Up: the axes from `axis` on become one, and the shape is restored.
pub(super) fn to_one_axis(step: &mut Step<'_>) -> Outcome {
    let axis = step.int("axis")?.unwrap_or(1);
    let rank = step.rank(0).ok();
    let last = axis == -1
        || rank.is_some_and(|rank| from_front(axis, rank).is_ok_and(|axis| from_front(-1, rank) == Ok(axis)));
    if last {
        step.set("axis", AttributeValue::Int(-1));
        return step.keep();
    }
    let (x, dtype) = (step.input(0)?, step.dtype(0).ok());
    let flat = dtype.map(|dtype| Type::tensor(dtype, Some(Shape::new([Dim::Unknown, Dim::Unknown]))));
    let shape = step.emit_typed(OpType::Shape, &[x], &[], Some(Type::tensor(DType::Int64, None)));
    let rows = step.emit_typed(OpType::Flatten, &[x], &[("axis", AttributeValue::Int(axis))], flat.clone());
    let op = step.node.op.clone();
    let soft = step.emit_typed(op, &[rows], &[("axis", AttributeValue::Int(-1))], flat);
    step.end(OpType::Reshape, &[soft, shape], &[])
}

/// Down: an axis that is not the last is moved there and back.
pub(super) fn to_last_axes(step: &mut Step<'_>) -> Outcome {
    let axis = step.int("axis")?.unwrap_or(-1);
    if axis == -1 {
        step.set("axis", AttributeValue::Int(-1));
        return step.keep();
    }
    let rank = step.rank(0)?;
    let axis = from_front(axis, rank)?;
    let last = i64::try_from(rank).unwrap_or(i64::MAX) - 1;
    if axis == last {
        step.set("axis", AttributeValue::Int(-1));
        return step.keep();
    }
    // Swapping twice restores.
    let swap: Vec<i64> = (0..=last)
        .map(|at| {
            if at == axis {
                last
            } else if at == last {
                axis
            } else {
                at
            }
        })
        .collect();
    let swap = [("perm", AttributeValue::Ints(swap))];
    let (x, dtype) = (step.input(0)?, step.dtype(0).ok());
    let ty = dtype.map(|dtype| Type::tensor(dtype, Some(Shape::new(vec![Dim::Unknown; rank]))));
    let turned = step.emit_typed(OpType::Transpose, &[x], &swap, ty.clone());
    let op = step.node.op.clone();
    let soft = step.emit_typed(op, &[turned], &[("axis", AttributeValue::Int(-1))], ty);
    step.end(OpType::Transpose, &[soft], &swap)
}
