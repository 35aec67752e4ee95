//! Reductions.

use crate::ir::{AttributeValue, OpType};
use crate::opset::axes;
use crate::opset::step::{Outcome, Step};

/// Up: axes become an input. An empty list meant every axis, and still does.
pub(super) fn axes_to_input(step: &mut Step<'_>) -> Outcome {
    axes::attribute_to_input(step, "axes", 1)
}

/// Down: axes become an attribute; a reduction over none becomes what it does to each element.
pub(super) fn axes_to_attribute(step: &mut Step<'_>) -> Outcome {
    let noop = step.int("noop_with_empty_axes")?.unwrap_or(0) != 0;
    let axes = if step.has(1) { step.ints_at(1)? } else { Vec::new() };
    if axes.is_empty() && noop {
        return each(step);
    }
    step.drop("noop_with_empty_axes");
    step.cut(1);
    if !axes.is_empty() {
        step.set("axes", AttributeValue::Ints(axes));
    }
    step.keep()
}

/// A reduction of each element alone.
fn each(step: &mut Step<'_>) -> Outcome {
    let x = step.input(0)?;
    match step.node.op {
        OpType::ReduceSum | OpType::ReduceMean | OpType::ReduceProd | OpType::ReduceMax | OpType::ReduceMin => {
            step.end(OpType::Identity, &[x], &[])
        }
        _ => Err("a reduction over no axes".to_owned()),
    }
}
