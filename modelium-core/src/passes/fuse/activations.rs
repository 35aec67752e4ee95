//! Activations of a few steps each, which later opsets have as one operator.

use crate::ir::{Node, NodeId, OpType, ValueId};
use crate::passes::fuse::flow::{self, close, either, with_scalar};
use crate::passes::{Pass, Patch, View};

/// Where `x` is so large that `ln(1 + eˣ)` is `x` in float32.
const LINEAR: f64 = 16.0;

/// Where `eˣ` is still a float32.
const LARGEST_EXPONENT: f64 = 88.0;

/// Fuses `x · clip(x + 3, 0, 6) / 6` into `HardSwish` (opset 14), `ln(1 + eˣ)` that is guarded against overflow into
/// `Softplus`, and `x · tanh(softplus(x))` into `Mish` (opset 18).
///
/// Without its guard `ln(1 + eˣ)` is infinite where `Softplus` is not, and stays.
pub(in crate::passes) struct FuseActivations;

/// An activation: its operator, what it is taken of, its result, and the nodes that go.
type Found = (OpType, ValueId, ValueId, Vec<NodeId>);

impl Pass for FuseActivations {
    fn name(&self) -> &'static str {
        "fuse_activations"
    }

    fn about(&self) -> &'static str {
        "fuse the steps of a hard swish (opset 14), a guarded softplus or a mish (opset 18) into one operator"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        let found = |(id, node): (NodeId, &Node)| match node.op {
            OpType::Clip | OpType::Min | OpType::HardSigmoid if view.opset() >= 14 => hard_swish(view, id, node),
            OpType::Where => softplus(view, id, node),
            OpType::Tanh if view.opset() >= 18 => mish(view, id, node),
            _ => None,
        };
        let patch = |(op, x, target, nodes): Found| {
            let mut patch = Patch::remove(nodes);
            patch.node_giving(op, [x.into()], [], [Some(target)]);
            flow::is_float32(view, x).then_some(patch)
        };
        view.graph.nodes().filter_map(found).filter_map(patch).collect()
    }
}

/// From the clip on: `x · clip(x + 3, 0, 6) / 6`, `x · clip(x / 6 + 1/2, 0, 1)` or `x · hard_sigmoid(x)`.
fn hard_swish(view: &View<'_>, id: NodeId, node: &Node) -> Option<Found> {
    let (x, rest, factor) = if node.op == OpType::HardSigmoid {
        let number = |name, default| node.float(name).map_or(default, f64::from);
        let fits = close(number("alpha", 0.2), 1.0 / 6.0) && is(number("beta", 0.5), 0.5);
        (fits.then_some(node.input(0)?)?, vec![id], 1.0)
    } else {
        let (inner, high, mut nodes) = clipped(view, id, node)?;
        let (add, adding) = view.produced_by(inner, &OpType::Add).filter(|_| view.is_read_once(inner))?;
        let (shifted, shift) = with_scalar(view, adding)?;
        nodes.push(add);
        if is(high, 6.0) && is(shift, 3.0) {
            (shifted, nodes, 1.0 / 6.0)
        } else {
            let (scale, scaling, _) = view.producer(shifted).filter(|_| view.is_read_once(shifted))?;
            let (x, by) = flow::scaled(view, scaling)?;
            nodes.push(scale);
            (is(high, 1.0) && is(shift, 0.5) && close(by, 1.0 / 6.0)).then_some((x, nodes, 1.0))?
        }
    };
    let (nodes, target) = flow::times(view, node.output(0)?, x, factor)?;
    Some((OpType::HardSwish, x, target, nodes.into_iter().chain(rest).collect()))
}

/// What is clipped from zero up to which number, and the nodes: by `Clip`, or by `Min` behind `Relu` or `Max`.
fn clipped(view: &View<'_>, id: NodeId, node: &Node) -> Option<(ValueId, f64, Vec<NodeId>)> {
    if node.op == OpType::Clip {
        let (low, high) = (view.scalar(node.input(1)?)?, view.scalar(node.input(2)?)?);
        return is(low, 0.0).then_some((node.input(0)?, high, vec![id]));
    }
    if node.inputs.len() != 2 {
        return None;
    }
    let (lower, high) = with_scalar(view, node)?;
    let (below, lowering, 0) = view.producer(lower).filter(|_| view.is_read_once(lower))? else { return None };
    let inner = match lowering.op {
        OpType::Relu => lowering.input(0)?,
        OpType::Max if lowering.inputs.len() == 2 => with_scalar(view, lowering).filter(|(_, low)| is(*low, 0.0))?.0,
        _ => return None,
    };
    Some((inner, high, vec![id, below]))
}

/// `Where(x > c, x, softplus(x))` for a `c` from which on the two are the same, or with the choices the other way round.
fn softplus(view: &View<'_>, id: NodeId, node: &Node) -> Option<Found> {
    let (condition, comparing, 0) = view.producer(node.input(0)?)? else { return None };
    let (x, bound) = (comparing.input(0)?, view.scalar(comparing.input(1)?)?);
    let (linear, curve) = match comparing.op {
        OpType::Greater | OpType::GreaterOrEqual => (node.input(1)?, node.input(2)?),
        OpType::Less | OpType::LessOrEqual => (node.input(2)?, node.input(1)?),
        _ => return None,
    };
    let single = view.tensor(comparing.input(1)?)?.dims.len() <= view.rank(x)?;
    if linear != x || bound < LINEAR || !single {
        return None;
    }
    let (soft, inner, _) = view.producer(curve).filter(|_| view.is_read_once(curve))?;
    let mut nodes = vec![id, soft];
    nodes.extend(view.is_read_once(node.input(0)?).then_some(condition));
    if inner.op == OpType::Softplus && inner.input(0)? == x {
        return Some((OpType::Softplus, x, node.output(0)?, nodes));
    }
    let sum = inner.input(0)?;
    let (add, adding) = view.produced_by(sum, &OpType::Add).filter(|_| view.is_read_once(sum))?;
    let (power, one) = with_scalar(view, adding)?;
    let (exp, raising) = view.produced_by(power, &OpType::Exp).filter(|_| view.is_read_once(power))?;
    nodes.extend([add, exp]);
    let fits = inner.op == OpType::Log && is(one, 1.0) && raising.input(0)? == x;
    (fits && bound <= LARGEST_EXPONENT).then_some((OpType::Softplus, x, node.output(0)?, nodes))
}

/// `x · tanh(softplus(x))`, from the tanh on.
fn mish(view: &View<'_>, id: NodeId, node: &Node) -> Option<Found> {
    let inner = node.input(0)?;
    let (soft, softening) = view.produced_by(inner, &OpType::Softplus).filter(|_| view.is_read_once(inner))?;
    let (mul, product) = flow::read_by(view, node.output(0)?, &OpType::Mul)?;
    let (_, x) = either(product, |value| Some(value) == node.output(0))?;
    (softening.input(0)? == x).then_some((OpType::Mish, x, product.output(0)?, vec![mul, id, soft]))
}

/// True for a number that a file has exactly.
fn is(found: f64, meant: f64) -> bool {
    found.to_bits() == meant.to_bits()
}
