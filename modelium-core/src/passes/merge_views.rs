//! Makes one of several operators in a row that only look at the same elements in another shape.

use crate::ir::{Dim, Node, NodeId, OpType, ValueId};
use crate::passes::constant;
use crate::passes::constant_shapes::spell;
use crate::passes::known::{axes, permutation, same_shape, signed};
use crate::passes::{Pass, Patch, Source, View};

/// The most operators in a row that are looked at.
const MOST: usize = 16;

/// Makes one `Reshape`, or nothing, of several operators in a row that only look at the same elements in another shape:
/// `Reshape`, `Flatten`, `Squeeze`, `Unsqueeze`, and `Transpose` where only axes of one element move.
///
/// Whoever reads a shape that was there before reads the value that had it.
pub(super) struct MergeViews;

impl Pass for MergeViews {
    fn name(&self) -> &'static str {
        "merge_views"
    }

    fn about(&self) -> &'static str {
        "make one of several reshapes, squeezes and unsqueezes in a row"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        view.graph.nodes().filter_map(|(id, node)| merged(view, id, node)).collect()
    }
}

fn merged(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    let output = node.output(0)?;
    let before = looked_at(view, node)?;
    // up to the first value that others read too, beyond which nothing would go
    let (mut at, mut exclusive) = (before, before);
    for _ in 0..MOST {
        let Some((_, above, 0)) = view.producer(at) else { break };
        let Some(higher) = looked_at(view, above) else { break };
        if exclusive == at && view.is_read_once(at) {
            exclusive = higher;
        }
        at = higher;
        if same_shape(view, at, output) && !view.is_captured(output) && !view.is_output(output) {
            return Some(Patch::remove([id]).redirect(output, at));
        }
    }
    if exclusive == before {
        return None;
    }
    single(view, id, output, exclusive).or_else(|| reshape_again(view, id, node, before))
}

/// The input whose elements the output of a node are, in the same order.
fn looked_at(view: &View<'_>, node: &Node) -> Option<ValueId> {
    let input = node.input(0)?;
    let looks = match node.op {
        OpType::Reshape => view.opset() >= 5,
        OpType::Flatten | OpType::Squeeze | OpType::Unsqueeze => true,
        OpType::Transpose => moves_only_ones(view, node, input)?,
        _ => false,
    };
    looks.then_some(input)
}

fn moves_only_ones(view: &View<'_>, node: &Node, input: ValueId) -> Option<bool> {
    let (perm, dims) = (permutation(view, node)?, view.dims(input)?);
    let stay: Vec<usize> = perm.into_iter().filter(|&from| dims.get(from) != Some(&Dim::Known(1))).collect();
    Some(stay.is_sorted())
}

/// One `Reshape` from the value that the row starts with.
fn single(view: &View<'_>, id: NodeId, output: ValueId, from: ValueId) -> Option<Patch> {
    if view.opset() < 5 {
        return None;
    }
    let values = spell(&view.dims(from)?, &view.dims(output)?)?;
    let mut patch = Patch::remove([id]);
    let shape = patch.tensor(format!("{}_shape", view.value(output).name), constant::list(&values));
    patch.node_giving(OpType::Reshape, [from.into(), shape], vec![], [Some(output)]);
    Some(patch)
}

/// A `Reshape` that copies nothing does not care what shape it gets; squeezes and unsqueezes add up.
fn reshape_again(view: &View<'_>, id: NodeId, node: &Node, before: ValueId) -> Option<Patch> {
    let (_, above, _) = view.producer(before)?;
    let from = above.input(0)?;
    let mut patch = Patch::remove([id]);
    let mut inputs: Vec<Source> = vec![from.into()];
    match (&node.op, &above.op) {
        (OpType::Reshape, _) => {
            let shape = node.input(1)?;
            let values = view.elements(shape)?;
            let copies = node.int("allowzero") != Some(1);
            let is_copy = |item: &crate::ir::infer::value::Item| match item.int() {
                Some(value) => value == 0,
                None => true,
            };
            if copies && values.items.iter().any(is_copy) {
                return None;
            }
            inputs.push(shape.into());
            patch.node_giving(OpType::Reshape, inputs, node.attributes.clone(), [node.output(0)]);
        }
        (OpType::Unsqueeze, OpType::Unsqueeze) if view.opset() >= 13 => {
            let rank = view.rank(from)?;
            let inner = axes(view, above, rank.checked_add(view.ints(above.input(1)?)?.len())?)?;
            let full = rank.checked_add(inner.len())?.checked_add(view.ints(node.input(1)?)?.len())?;
            let outer = axes(view, node, full)?;
            // axes that the first one made, counted past those that the second one made
            let kept: Vec<usize> = (0..full).filter(|axis| !outer.contains(axis)).collect();
            let moved = inner.iter().map(|&axis| kept.get(axis).copied()).collect::<Option<Vec<_>>>()?;
            let mut all: Vec<i64> = outer.iter().copied().chain(moved).map(signed).collect();
            all.sort_unstable();
            let base = format!("{}_axes", view.value(node.output(0)?).name);
            inputs.push(patch.tensor(base, constant::list(&all)));
            patch.node_giving(OpType::Unsqueeze, inputs, vec![], [node.output(0)]);
        }
        _ => return None,
    }
    Some(patch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::proof::{becomes, stays};

    #[test]
    fn reshapes_in_a_row_are_one() {
        becomes(
            MergeViews,
            &[
                "x: float32[n, 6]",
                "k = int64 [0, 2, 3]",
                "l = int64 [1]",
                "a = Reshape(x, k)",
                "b = Unsqueeze(a, l)",
                "y = Transpose(b) perm=[1, 0, 2, 3]",
                "-> y",
            ],
            &["y_shape = int64 [1, -1, 2, 3]", "y = Reshape(x, y_shape)"],
        );
    }

    #[test]
    fn a_shape_that_was_there_before_is_read_from_there() {
        becomes(
            MergeViews,
            &[
                "x: float32[n, 6]",
                "l = int64 [1]",
                "a = Relu(x)",
                "b = Unsqueeze(a, l)",
                "c = Squeeze(b, l)",
                "y = Exp(c)",
                "-> y",
            ],
            &["a = Relu(x)", "y = Exp(a)"],
        );
    }

    #[test]
    fn unsqueezes_add_up_whatever_the_shape() {
        becomes(
            MergeViews,
            &[
                "x: float32[?, ?]",
                "k = int64 [0]",
                "l = int64 [2]",
                "a = Unsqueeze(x, k)",
                "y = Unsqueeze(a, l)",
                "-> y",
            ],
            &["y_axes = int64 [0, 2]", "y = Unsqueeze(x, y_axes)"],
        );
    }

    #[test]
    fn a_reshape_that_others_read_stays() {
        stays(
            MergeViews,
            &[
                "x: float32[n, 6]",
                "k = int64 [0, 2, 3]",
                "l = int64 [1]",
                "a = Reshape(x, k)",
                "z = Relu(a)",
                "y = Unsqueeze(a, l)",
                "-> y; z",
            ],
        );
    }
}
