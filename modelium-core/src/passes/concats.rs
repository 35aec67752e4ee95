//! Merges concatenations, and drops what adds nothing to them.

use crate::ir::{Dim, Node, NodeId, OpType, ValueId};
use crate::passes::known::axis;
use crate::passes::{Pass, Patch, Source, View};

/// Merges concatenations along one axis, drops inputs without elements, and drops a concatenation of all parts of a split.
pub(super) struct MergeConcats;

impl Pass for MergeConcats {
    fn name(&self) -> &'static str {
        "merge_concats"
    }

    fn about(&self) -> &'static str {
        "merge concatenations along one axis, and put the parts of a split together again"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        let concats = view.graph.nodes().filter(|(_, node)| node.op == OpType::Concat);
        concats.filter_map(|(id, node)| whole(view, id, node).or_else(|| merged(view, id, node))).collect()
    }
}

fn merged(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    let along = node.int("axis")?;
    let mut inputs: Vec<Source> = Vec::with_capacity(node.inputs.len());
    let mut gone = vec![id];
    for input in node.inputs.iter().flatten().copied() {
        let dims = view.dims(input);
        let place = |dims: &[Dim]| axis(along, dims.len());
        if dims.as_deref().and_then(|dims| dims.get(place(dims)?)) == Some(&Dim::Known(0)) && dims.is_some() {
            continue;
        }
        match inner(view, input, along, dims.map(|dims| dims.len())) {
            Some((below, concat)) => {
                gone.push(below);
                inputs.extend(concat.inputs.iter().map(|&input| Source::from(input)));
            }
            None => inputs.push(input.into()),
        }
    }
    let nothing_new = gone.len() == 1 && inputs.len() == node.inputs.len();
    if nothing_new || inputs.is_empty() {
        return None;
    }
    let mut patch = Patch::remove(gone);
    patch.node_giving(OpType::Concat, inputs, node.attributes.clone(), [node.output(0)]);
    Some(patch)
}

/// The concatenation along the same axis that computes a value which nothing else reads.
fn inner<'a>(view: &View<'a>, value: ValueId, along: i64, rank: Option<usize>) -> Option<(NodeId, &'a Node)> {
    let (id, concat) = view.produced_by(value, &OpType::Concat).filter(|_| view.is_read_once(value))?;
    let other = concat.int("axis")?;
    let same = match rank {
        Some(rank) => axis(other, rank) == axis(along, rank),
        None => other == along,
    };
    same.then_some((id, concat))
}

/// All outputs of one split, in their order, along its axis.
fn whole(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    let (output, first) = (node.output(0)?, node.input(0)?);
    let (_, split, 0) = view.producer(first)? else { return None };
    if split.op != OpType::Split || split.outputs != node.inputs || view.is_captured(output) {
        return None;
    }
    let rank = view.rank(first)?;
    let same = axis(split.int("axis").unwrap_or(0), rank) == axis(node.int("axis")?, rank);
    same.then(|| Some(Patch::remove([id]).redirect(output, split.input(0)?))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::proof::{becomes, stays};

    #[test]
    fn concatenations_along_one_axis_are_one() {
        becomes(
            MergeConcats,
            &[
                "x: float32[n, 2]",
                "z: float32[n, 3]",
                "e: float32[n, 0]",
                "a = Concat(x, z) axis=-1",
                "y = Concat(z, a, e) axis=1",
                "-> y",
            ],
            &["y = Concat(z, x, z) axis=1"],
        );
    }

    #[test]
    fn a_split_that_is_put_together_again_is_nothing() {
        becomes(
            MergeConcats,
            &[
                "x: float32[n, 4]",
                "r = Relu(x)",
                "a, b = Split(r) axis=1 num_outputs=2",
                "c = Concat(a, b) axis=1",
                "y = Exp(c)",
                "-> y",
            ],
            &["r = Relu(x)", "y = Exp(r)"],
        );
        stays(
            MergeConcats,
            &[
                "x: float32[n, 4]",
                "a, b = Split(x) axis=1 num_outputs=2",
                "c = Concat(b, a) axis=1",
                "y = Exp(c)",
                "-> y",
            ],
        );
    }

    #[test]
    fn other_axes_and_what_others_read_stay() {
        stays(MergeConcats, &["x: float32[n, 2]", "a = Concat(x, x) axis=0", "y = Concat(a, a) axis=1", "-> y"]);
        stays(MergeConcats, &["x: float32[n, 2]", "a = Concat(x, x) axis=1", "y = Concat(a, x) axis=1", "-> y; a"]);
    }
}
