//! Lets reductions and gathers keep or drop the axis that the next operator makes or drops.

use crate::ir::{Attribute, AttributeValue, Node, NodeId, OpType};
use crate::passes::constant;
use crate::passes::known::{axes, axis};
use crate::passes::{Pass, Patch, Source, View};

/// Lets reductions and gathers keep or drop the axis that the next operator makes or drops: a reduction that keeps its
/// axes before a `Squeeze` of them does not keep them; a `Gather` of one index before an `Unsqueeze` gathers a list of one.
pub(super) struct KeptAxes;

impl Pass for KeptAxes {
    fn name(&self) -> &'static str {
        "kept_axes"
    }

    fn about(&self) -> &'static str {
        "let reductions and gathers keep or drop axes themselves"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        let patch = |(id, node): (NodeId, &Node)| match node.op {
            OpType::Squeeze | OpType::Unsqueeze => reduction(view, id, node).or_else(|| gather(view, id, node)),
            _ => None,
        };
        view.graph.nodes().filter_map(patch).collect()
    }
}

fn is_reduction(op: &OpType) -> bool {
    use OpType as O;
    matches!(
        op,
        O::ReduceL1
            | O::ReduceL2
            | O::ReduceLogSum
            | O::ReduceLogSumExp
            | O::ReduceMax
            | O::ReduceMean
            | O::ReduceMin
            | O::ReduceProd
            | O::ReduceSum
            | O::ReduceSumSquare
            | O::ArgMax
            | O::ArgMin
    )
}

fn reduction(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    let between = node.input(0)?;
    let (below, reduce, 0) = view.producer(between).filter(|_| view.is_read_once(between))? else { return None };
    if !is_reduction(&reduce.op) {
        return None;
    }
    let rank = view.rank(reduce.input(0)?)?;
    let reduced = match reduce.op {
        OpType::ArgMax | OpType::ArgMin => vec![axis(reduce.int("axis").unwrap_or(0), rank)?],
        _ => axes(view, reduce, rank)?,
    };
    let keeps = reduce.int("keepdims").unwrap_or(1) != 0;
    let wanted = axes(view, node, rank)?;
    if reduced.is_empty() || wanted != reduced || keeps != (node.op == OpType::Squeeze) {
        return None;
    }
    let mut attributes: Vec<Attribute> =
        reduce.attributes.iter().filter(|item| item.name != "keepdims").cloned().collect();
    attributes.push(Attribute::new("keepdims", AttributeValue::Int(i64::from(!keeps))));
    let inputs: Vec<Source> = reduce.inputs.iter().map(|&input| input.into()).collect();
    let mut patch = Patch::remove([id, below]);
    patch.node_giving(reduce.op.clone(), inputs, attributes, [node.output(0)]);
    Some(patch)
}

fn gather(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    let between = node.input(0)?;
    let (below, gather) = view.produced_by(between, &OpType::Gather).filter(|_| view.is_read_once(between))?;
    let index = gather.input(1)?;
    view.tensor(index).filter(|tensor| tensor.dims.is_empty())?;
    let rank = view.rank(gather.input(0)?)?;
    if node.op != OpType::Unsqueeze || axes(view, node, rank)? != [axis(gather.int("axis").unwrap_or(0), rank)?] {
        return None;
    }
    let mut patch = Patch::remove([id, below]);
    let indices = patch.tensor(view.value(index).name.clone(), constant::list(&view.ints(index)?));
    patch.node_giving(OpType::Gather, [gather.input(0).into(), indices], gather.attributes.clone(), [node.output(0)]);
    Some(patch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::proof::{becomes, stays};

    #[test]
    fn a_reduction_drops_its_axes_itself() {
        becomes(
            KeptAxes,
            &["x: float32[n, 2, 3]", "k = int64 [-1]", "a = ReduceMean(x, k)", "y = Squeeze(a, k)", "-> y"],
            &["k = int64 [-1]", "y = ReduceMean(x, k) keepdims=0"],
        );
        stays(
            KeptAxes,
            &[
                "x: float32[n, 1, 3]",
                "k = int64 [2]",
                "l = int64 [1]",
                "a = ReduceMean(x, k)",
                "y = Squeeze(a, l)",
                "-> y",
            ],
        );
    }

    #[test]
    fn a_gather_of_one_keeps_its_axis() {
        becomes(
            KeptAxes,
            &[
                "x: float32[n, 2, 3]",
                "i = int64 1",
                "k = int64 [-2]",
                "a = Gather(x, i) axis=1",
                "y = Unsqueeze(a, k)",
                "-> y",
            ],
            &["i_1 = int64 [1]", "y = Gather(x, i_1) axis=1"],
        );
    }
}
