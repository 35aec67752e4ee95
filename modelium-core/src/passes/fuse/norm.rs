//! Normalisation over the last axes, as exporters spell it out.

use crate::ir::{Node, NodeId, OpType, ValueId};
use crate::passes::fuse::flow::{self, either, with_scalar};
use crate::passes::known;
use crate::passes::{Pass, Patch, Source, View};

/// Fuses `(x − mean(x)) / √(variance(x) + ε) · γ + β` into `LayerNormalization` (opset 17).
pub(in crate::passes) struct FuseLayerNormalization;

/// Fuses `x / √(mean(x²) + ε) · γ` into `RMSNormalization` (opset 23).
pub(in crate::passes) struct FuseRmsNormalization;

/// A normalisation by the root of the mean of squares, over the last axis.
#[derive(Debug)]
pub(super) struct Rms {
    pub(super) x: ValueId,
    pub(super) weight: ValueId,
    pub(super) epsilon: f64,
    pub(super) target: ValueId,
    /// The nodes that go, the one that computes the target first.
    pub(super) nodes: Vec<NodeId>,
}

impl Pass for FuseLayerNormalization {
    fn name(&self) -> &'static str {
        "fuse_layer_normalization"
    }

    fn about(&self) -> &'static str {
        "fuse the steps of a layer normalisation into one operator (opset 17)"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        if view.opset() < 17 {
            return Vec::new();
        }
        let means = view.graph.nodes().filter(|(_, node)| node.op == OpType::ReduceMean);
        means.filter_map(|(id, node)| layer(view, id, node)).collect()
    }
}

impl Pass for FuseRmsNormalization {
    fn name(&self) -> &'static str {
        "fuse_rms_normalization"
    }

    fn about(&self) -> &'static str {
        "fuse the steps of a normalisation by the mean of squares into one operator (opset 23)"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        if view.opset() < 23 {
            return Vec::new();
        }
        let patch = |rms: Rms| {
            let mut patch = Patch::remove(rms.nodes);
            let attributes = [flow::int("axis", -1), flow::float("epsilon", rms.epsilon)];
            let inputs = [rms.x.into(), rms.weight.into()];
            patch.node_giving(OpType::RMSNormalization, inputs, attributes, [Some(rms.target)]);
            patch
        };
        all_rms(view).map(patch).collect()
    }
}

/// Begins at the mean that is taken from `x`.
fn layer(view: &View<'_>, mean_id: NodeId, mean_node: &Node) -> Option<Patch> {
    let (x, mean) = (mean_node.input(0)?, mean_node.output(0)?);
    over_last(view, mean_node)?;
    let (sub, centring) = flow::read_by(view, mean, &OpType::Sub)?;
    let centred = centring.output(0)?;
    if centring.input(0)? != x
        || centring.input(1)? != mean
        || view.uses(centred).len() != view.readers(centred).count()
    {
        return None;
    }
    // the squares: the other readers of what is centred are a product at the end
    let squares = |node: &Node| is_square(view, node, centred);
    let (square, squaring, _) = view.readers(centred).find(|(_, node, _)| squares(node))?;
    let (variance, vary) = flow::read_by(view, squaring.output(0)?, &OpType::ReduceMean)?;
    over_last(view, vary)?;
    let (epsilon, root, scale) = scaled_by_root(view, vary.output(0)?, centred)?;
    let others = view.readers(centred).all(|(id, ..)| id == square || id == scale.0);
    let (gain, weight, scaled) = weighted(view, scale.1, x)?;
    if !others {
        return None;
    }
    let mut nodes = vec![gain, scale.0, variance, square, sub, mean_id];
    nodes.extend(root);
    let (target, bias) = match shifted(view, scaled, x) {
        Some((add, bias, target)) => {
            nodes.insert(0, add);
            (target, Some(bias))
        }
        None => (scaled, None),
    };
    let mut patch = Patch::remove(nodes);
    let attributes = [flow::int("axis", -1), flow::float("epsilon", epsilon)];
    let mut inputs = vec![x.into(), weight.into()];
    inputs.extend(bias.map(Source::Value));
    patch.node_giving(OpType::LayerNormalization, inputs, attributes, [Some(target)]);
    Some(patch)
}

/// Every normalisation by the mean of squares.
pub(super) fn all_rms<'v>(view: &'v View<'_>) -> impl Iterator<Item = Rms> + 'v {
    let means = view.graph.nodes().filter(|(_, node)| node.op == OpType::ReduceMean);
    means.filter_map(|(id, node)| rms(view, id, node))
}

/// Begins at the mean of the squares.
fn rms(view: &View<'_>, mean_id: NodeId, mean_node: &Node) -> Option<Rms> {
    over_last(view, mean_node)?;
    let squares = mean_node.input(0)?;
    let (square, squaring, _) = view.producer(squares)?;
    let x = squaring.input(0)?;
    if !is_square(view, squaring, x) || !view.is_read_once(squares) {
        return None;
    }
    let (epsilon, root, scale) = scaled_by_root(view, mean_node.output(0)?, x)?;
    let (gain, weight, target) = weighted(view, scale.1, x)?;
    let nodes = [gain, scale.0, mean_id, square].into_iter().chain(root).collect();
    Some(Rms { x, weight, epsilon, target, nodes })
}

/// A mean over the last axis that keeps it.
fn over_last(view: &View<'_>, node: &Node) -> Option<()> {
    let rank = view.rank(node.input(0)?)?;
    let [axis] = *known::list(view, node, "axes", 1)?.as_slice() else { return None };
    (node.int("keepdims").unwrap_or(1) == 1 && known::axis(axis, rank)? + 1 == rank).then_some(())
}

fn is_square(view: &View<'_>, node: &Node, x: ValueId) -> bool {
    match node.op {
        OpType::Pow => {
            let two = node.input(1).and_then(|power| view.scalar(power)) == Some(2.0);
            let power_is_number = node.input(1).and_then(|power| view.tensor(power)).is_some_and(|t| t.dims.len() <= 1);
            node.input(0) == Some(x) && two && power_is_number
        }
        OpType::Mul => node.input(0) == Some(x) && node.input(1) == Some(x),
        _ => false,
    }
}

/// From a variance on: `x / √(variance + ε)` or `x · 1/√(variance + ε)`. Gives ε, the nodes of the root, and the last node
/// with its result.
fn scaled_by_root(view: &View<'_>, variance: ValueId, x: ValueId) -> Option<(f64, Vec<NodeId>, (NodeId, ValueId))> {
    let (add, adding) = flow::read_by(view, variance, &OpType::Add)?;
    let (tensor, epsilon) = with_scalar(view, adding)?;
    if tensor != variance || epsilon <= 0.0 {
        return None;
    }
    let (sqrt, rooting) = flow::read_by(view, adding.output(0)?, &OpType::Sqrt)?;
    let root = rooting.output(0)?;
    let (next, node, slot) = view.only_reader(root)?;
    let is_one = |value| view.scalar(value) == Some(1.0) && view.tensor(value).is_some_and(|one| one.dims.len() <= 1);
    let inverts = node.op == OpType::Reciprocal || node.op == OpType::Div && slot == 1 && is_one(node.input(0)?);
    if node.op == OpType::Div && slot == 1 && node.input(0) == Some(x) {
        return Some((epsilon, vec![add, sqrt], (next, node.output(0)?)));
    }
    if !inverts {
        return None;
    }
    let inverse = node.output(0)?;
    let (last, product) = flow::read_by(view, inverse, &OpType::Mul)?;
    let same = flow::other(product, inverse)? == x;
    same.then_some((epsilon, vec![add, sqrt, next], (last, product.output(0)?)))
}

/// `value · γ` where γ has one element for each of the last axis: the node, γ, and the result.
fn weighted(view: &View<'_>, value: ValueId, x: ValueId) -> Option<(NodeId, ValueId, ValueId)> {
    let (id, node) = flow::read_by(view, value, &OpType::Mul)?;
    let (weight, _) = either(node, |weight| weight != value && is_per_channel(view, weight, x))?;
    Some((id, weight, node.output(0)?))
}

/// `value + β`.
fn shifted(view: &View<'_>, value: ValueId, x: ValueId) -> Option<(NodeId, ValueId, ValueId)> {
    let (id, node) = flow::read_by(view, value, &OpType::Add)?;
    let (bias, _) = either(node, |bias| bias != value && is_per_channel(view, bias, x))?;
    Some((id, bias, node.output(0)?))
}

/// A constant with one element for each of the last axis, of the same type.
fn is_per_channel(view: &View<'_>, value: ValueId, x: ValueId) -> bool {
    let width = view.dims(x).and_then(|dims| dims.last()?.known());
    let dims = view.tensor(value).map(|tensor| tensor.dims.as_slice());
    width.is_some_and(|width| dims == Some(&[width]))
        && view.dtype(value).is_some()
        && view.dtype(value) == view.dtype(x)
}
