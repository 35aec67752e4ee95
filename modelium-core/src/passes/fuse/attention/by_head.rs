//! A scale of its own for each head.

use crate::ir::{Node, NodeId, OpType, ValueId};
use crate::passes::{Level, Pass, Patch, View};

/// Nodes from the scores to their softmax.
const MOST_STEPS: usize = 8;

/// Scales queries instead of scores where each head has a constant scale of its own, as cosine attention has it:
/// `(q · kᵀ) · s` becomes `(q · s) · kᵀ`, for attention operators know one scale for all heads.
pub(in crate::passes) struct ScaleQueries;

impl Pass for ScaleQueries {
    fn name(&self) -> &'static str {
        "scale_queries"
    }

    fn about(&self) -> &'static str {
        "scale queries instead of scores where each head has a scale of its own"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        // only where attention can be fused afterwards
        if view.site.level < Level::OnnxRuntime && view.opset() < 23 {
            return Vec::new();
        }
        let scales = view.graph.nodes().filter(|(_, node)| node.op == OpType::Mul);
        scales.filter_map(|(id, node)| moved(view, id, node)).collect()
    }
}

fn moved(view: &View<'_>, id: NodeId, scaling: &Node) -> Option<Patch> {
    let (a, b) = (scaling.input(0)?, scaling.input(1)?);
    let (scores, scale) = if view.tensor(b).is_some() { (a, b) } else { (b, a) };
    let (below, product) = view.produced_by(scores, &OpType::MatMul).filter(|_| view.is_read_once(scores))?;
    let (queries, keys) = (product.input(0)?, product.input(1)?);
    let heads = view.dims(queries)?.get(1)?.known()?;
    let by_head = match *view.tensor(scale)?.dims.as_slice() {
        [found, 1, 1] | [1, found, 1, 1] => found == heads && heads > 1,
        _ => false,
    };
    if !by_head || view.rank(queries)? != 4 || !leads_to_softmax(view, scaling.output(0)?) {
        return None;
    }
    let mut patch = Patch::remove([id, below]);
    let scaled = patch.node(OpType::Mul, [queries.into(), scale.into()], []);
    patch.node_giving(OpType::MatMul, [scaled, keys.into()], [], [scaling.output(0)]);
    Some(patch)
}

fn leads_to_softmax(view: &View<'_>, mut value: ValueId) -> bool {
    for _ in 0..MOST_STEPS {
        let Some((_, node, _)) = view.only_reader(value) else { return false };
        match (&node.op, node.output(0)) {
            (OpType::Softmax, _) => return true,
            (OpType::Add | OpType::Reshape, Some(output)) => value = output,
            _ => return false,
        }
    }
    false
}
