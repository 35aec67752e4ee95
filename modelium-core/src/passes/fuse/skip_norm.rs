//! A residual and the normalisation behind it.

use crate::ir::{Dim, Node, NodeId, OpType, ValueId};
use crate::passes::fuse::flow::{self, either};
use crate::passes::fuse::norm::{self, Rms};
use crate::passes::known;
use crate::passes::{Level, Pass, Patch, Source, View};

/// Fuses `LayerNormalization(a + b)` into ONNX Runtime's `SkipLayerNormalization`, and the normalisation by the mean of
/// squares likewise into `SkipSimplifiedLayerNormalization`.
///
/// The sum, which the next residual reads, is an output of the new node; a bias that is added to one of the two goes in too.
pub(in crate::passes) struct FuseSkipNormalization;

/// The normalisation of a sum.
struct Norm {
    op: &'static str,
    sum: ValueId,
    weight: ValueId,
    /// Only of a layer normalisation.
    shift: Option<ValueId>,
    epsilon: f64,
    target: ValueId,
    nodes: Vec<NodeId>,
}

impl Pass for FuseSkipNormalization {
    fn name(&self) -> &'static str {
        "fuse_skip_normalization"
    }

    fn about(&self) -> &'static str {
        "fuse a residual and the normalisation behind it into ONNX Runtime's operator"
    }

    fn level(&self) -> Level {
        Level::OnnxRuntime
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        let spelt_out = norm::all_rms(view).map(|rms| {
            let Rms { x, weight, epsilon, target, nodes } = rms;
            Norm { op: "SkipSimplifiedLayerNormalization", sum: x, weight, shift: None, epsilon, target, nodes }
        });
        let whole = view.graph.nodes().filter_map(|(id, node)| normalization(view, id, node));
        spelt_out.chain(whole).filter_map(|norm| patch(view, &norm)).collect()
    }
}

fn normalization(view: &View<'_>, id: NodeId, node: &Node) -> Option<Norm> {
    let op = match node.op {
        OpType::LayerNormalization => "SkipLayerNormalization",
        OpType::RMSNormalization => "SkipSimplifiedLayerNormalization",
        _ => return None,
    };
    let sum = node.input(0)?;
    let last = known::axis(node.int("axis").unwrap_or(-1), view.rank(sum)?)? + 1 == view.rank(sum)?;
    let others = node.outputs.iter().skip(1).flatten().next().is_some();
    (last && !others).then_some(Norm {
        op,
        sum,
        weight: node.input(1)?,
        shift: node.input(2),
        epsilon: node.float("epsilon").unwrap_or(1e-5).into(),
        target: node.output(0)?,
        nodes: vec![id],
    })
}

fn patch(view: &View<'_>, norm: &Norm) -> Option<Patch> {
    let (add, adding) = view.produced_by(norm.sum, &OpType::Add)?;
    let (one, two) = (adding.input(0)?, adding.input(1)?);
    let dims = view.dims(one)?;
    let alike = dims == view.dims(two)? && !dims.contains(&Dim::Unknown) && matches!(dims.len(), 2 | 3);
    let width = dims.last()?.known()?;
    let per_channel = |value| view.known_dims(value).is_some_and(|dims| dims == [width]);
    let shift_fits = norm.shift.is_none_or(per_channel);
    if !alike || one == two || !per_channel(norm.weight) || !shift_fits || !flow::is_float32(view, one) {
        return None;
    }
    // a bias of a projection can be added in the same go
    let biased = |value: ValueId| {
        let (id, node) = view.produced_by(value, &OpType::Add)?;
        let is_bias = |bias| view.tensor(bias).is_some() && per_channel(bias);
        let (bias, x) = either(node, is_bias)?;
        (view.is_read_once(value) && view.dims(x)? == dims).then_some((id, x, bias))
    };
    let (input, skip, bias) = match (biased(one), biased(two)) {
        (Some((id, x, bias)), _) => (x, two, Some((id, bias))),
        (None, Some((id, x, bias))) => (x, one, Some((id, bias))),
        (None, None) => (one, two, None),
    };
    // the sum is an output of the operator for whoever else reads it
    let inside = |id: &NodeId| norm.nodes.contains(id);
    let read_on =
        view.is_output(norm.sum) || view.is_captured(norm.sum) || view.readers(norm.sum).any(|(id, ..)| !inside(&id));
    let mut patch = Patch::remove(norm.nodes.iter().copied().chain([add]).chain(bias.map(|(id, _)| id)));
    let mut inputs = vec![input.into(), skip.into(), norm.weight.into()];
    if norm.op == "SkipLayerNormalization" && (norm.shift.is_some() || bias.is_some()) {
        inputs.push(norm.shift.into());
    }
    inputs.extend(bias.map(|(_, bias)| Source::Value(bias)));
    let mut outputs = vec![Some(norm.target)];
    if read_on {
        outputs.extend([None, None, Some(norm.sum)]);
    }
    let op = OpType::new("com.microsoft", norm.op);
    patch.node_giving(op, inputs, [flow::float("epsilon", norm.epsilon)], outputs);
    Some(patch)
}
