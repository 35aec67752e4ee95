//! Merges constants that are added, or multiplied by, one after the other.

use crate::ir::{Node, NodeId, OpType, ValueId};
use crate::passes::constant::{floats, of_numbers};
use crate::passes::known::same_dtype;
use crate::passes::{Pass, Patch, View};
use crate::tensor::{DType, Tensor};

/// The most elements of a merged constant.
const MOST: usize = 1 << 16;

/// Merges constants that are added, or multiplied by, one after the other: `(x·a)·b` is `x·(a·b)`, and `(x + a) − b` is
/// `x + (a − b)`.
///
/// Only for floating-point numbers of 32 and 64 bits, where rounding in another order makes no difference that counts.
pub(super) struct MergeConstants;

impl Pass for MergeConstants {
    fn name(&self) -> &'static str {
        "merge_constants"
    }

    fn about(&self) -> &'static str {
        "merge constants that are added or multiplied by one after the other"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        if view.opset() < 7 {
            return Vec::new();
        }
        view.graph.nodes().filter_map(|(id, node)| merged(view, id, node)).collect()
    }
}

/// A value and the constant that is added to it or multiplied with it.
struct Step<'a> {
    value: ValueId,
    constant: &'a Tensor,
    name: ValueId,
    op: OpType,
    /// It is taken away, or divided by.
    inverse: bool,
}

fn step<'a>(view: &View<'a>, node: &Node) -> Option<Step<'a>> {
    let (a, b) = (node.input(0)?, node.input(1)?);
    let (op, inverse) = match node.op {
        OpType::Add => (OpType::Add, false),
        OpType::Mul => (OpType::Mul, false),
        OpType::Sub => (OpType::Add, true),
        OpType::Div => (OpType::Mul, true),
        _ => return None,
    };
    match (view.tensor(a), view.tensor(b)) {
        (None, Some(constant)) => Some(Step { value: a, constant, name: b, op, inverse }),
        (Some(constant), None) if !inverse => Some(Step { value: b, constant, name: a, op, inverse }),
        _ => None,
    }
}

fn merged(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    let outer = step(view, node)?;
    let (below, first, _) = view.producer(outer.value).filter(|_| view.is_read_once(outer.value))?;
    let inner = step(view, first)?;
    if outer.op != inner.op || !matches!(inner.constant.dtype, DType::Float32 | DType::Float64) {
        return None;
    }
    if !same_dtype(view, inner.name, outer.name) {
        return None;
    }
    let dims = match (inner.constant, outer.constant) {
        (a, b) if a.dims == b.dims => a.dims.clone(),
        (a, b) if b.elements() == Some(1) && b.dims.len() <= a.dims.len() => a.dims.clone(),
        (a, b) if a.elements() == Some(1) && a.dims.len() <= b.dims.len() => b.dims.clone(),
        _ => return None,
    };
    let (a, b) = (floats(inner.constant)?, floats(outer.constant)?);
    let count = a.len().max(b.len());
    if count > MOST || a.is_empty() || b.is_empty() {
        return None;
    }
    let one = |step: &Step<'_>, value: f64| match (&step.op, step.inverse) {
        (OpType::Add, true) => -value,
        (OpType::Mul, true) => value.recip(),
        _ => value,
    };
    let both = |(a, b): (&f64, &f64)| {
        let (a, b) = (one(&inner, *a), one(&outer, *b));
        if inner.op == OpType::Add { a + b } else { a * b }
    };
    let values: Vec<f64> = a.iter().cycle().zip(b.iter().cycle()).take(count).map(both).collect();
    if values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let mut patch = Patch::remove([id, below]);
    let constant = patch.tensor(view.value(outer.name).name.clone(), of_numbers(inner.constant.dtype, dims, &values)?);
    patch.node_giving(inner.op.clone(), [inner.value.into(), constant], vec![], [node.output(0)]);
    Some(patch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::proof::{becomes, stays};

    #[test]
    fn factors_and_terms_in_a_row_are_one() {
        becomes(
            MergeConstants,
            &["x: float32[n, 2]", "a = float32 [4, 6]", "b = float32 2", "m = Mul(a, x)", "y = Div(m, b)", "-> y"],
            &["b_1 = float32 [2, 3]", "y = Mul(x, b_1)"],
        );
        becomes(
            MergeConstants,
            &["x: float32[n]", "a = float32 4", "b = float32 1", "m = Sub(x, a)", "y = Add(m, b)", "-> y"],
            &["b_1 = float32 -3", "y = Add(x, b_1)"],
        );
    }

    #[test]
    fn sums_of_products_and_integers_stay() {
        stays(
            MergeConstants,
            &["x: float32[n]", "a = float32 4", "b = float32 1", "m = Mul(x, a)", "y = Add(m, b)", "-> y"],
        );
        stays(MergeConstants, &["x: int64[n]", "a = int64 4", "b = int64 2", "m = Mul(x, a)", "y = Div(m, b)", "-> y"]);
    }
}
