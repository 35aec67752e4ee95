//! Gelu in its three forms, and the activations that are a product with a sigmoid.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use crate::ir::{Attribute, AttributeValue, Node, NodeId, OpType, ValueId};
use crate::passes::fuse::flow::{self, close, either, with_scalar};
use crate::passes::{Level, Pass, Patch, View};

/// Fuses `0.5 · x · (1 + erf(x/√2))` and `0.5 · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³)))` into `Gelu`.
///
/// From opset 20 on it is a standard operator; before, ONNX Runtime's own.
pub(in crate::passes) struct FuseGelu;

/// Fuses `x · sigmoid(α · x)` into ONNX Runtime's `QuickGelu`. Not into `Swish`, which opset 24 has and runtimes of its
/// day have no kernel for.
pub(in crate::passes) struct FuseSwish;

/// Puts the bias in front of a gelu into ONNX Runtime's `BiasGelu` or `FastGelu`.
pub(in crate::passes) struct FuseBiasGelu;

/// The one operand of the whole, and the nodes that go.
type Whole = (ValueId, Vec<NodeId>);

impl Pass for FuseGelu {
    fn name(&self) -> &'static str {
        "fuse_gelu"
    }

    fn about(&self) -> &'static str {
        "fuse the steps of a gelu, exact or by tanh, into one operator"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        if view.opset() < 20 && !view.allows_contrib() {
            return Vec::new();
        }
        let patch = |(id, node): (NodeId, &Node)| {
            let (op, name, wide) = match node.op {
                OpType::Erf => ("Gelu", "none", exact(view, id, node)?),
                OpType::Tanh => ("FastGelu", "tanh", by_tanh(view, id, node)?),
                _ => return None,
            };
            let ((x, nodes), target) = wide;
            let mut patch = Patch::remove(nodes);
            if view.opset() >= 20 {
                let form = AttributeValue::String(name.as_bytes().to_vec().into());
                patch.node_giving(OpType::Gelu, [x.into()], [Attribute::new("approximate", form)], [Some(target)]);
            } else {
                patch.node_giving(OpType::new("com.microsoft", op), [x.into()], [], [Some(target)]);
            }
            Some(patch)
        };
        view.graph.nodes().filter_map(patch).collect()
    }
}

/// `x · 0.5 · (1 + erf(x/√2))`, the factors in any order.
fn exact(view: &View<'_>, erf: NodeId, node: &Node) -> Option<(Whole, ValueId)> {
    let inner = node.input(0)?;
    let (scale, scaling) = view.producer(inner).map(|(id, node, _)| (id, node))?;
    let (x, factor) = flow::scaled(view, scaling)?;
    if !close(factor, FRAC_1_SQRT_2) || !view.is_read_once(inner) {
        return None;
    }
    let (nodes, target) = halved(view, node.output(0)?, x)?;
    Some(((x, nodes.into_iter().chain([erf, scale]).collect()), target))
}

/// `x · 0.5 · (1 + tanh(√(2/π) · (x + 0.044715 · x³)))`.
fn by_tanh(view: &View<'_>, tanh: NodeId, node: &Node) -> Option<(Whole, ValueId)> {
    let inner = node.input(0)?;
    let (scale, scaling, _) = view.producer(inner)?;
    let (sum, factor) = flow::scaled(view, scaling)?;
    let once = view.is_read_once(inner) && view.is_read_once(sum);
    let (add, sum) = view.produced_by(sum, &OpType::Add)?;
    if !close(factor, (2.0 / PI).sqrt()) || !once {
        return None;
    }
    let mut rest = vec![tanh, scale, add];
    let x = cubic(view, sum, &mut rest)?;
    let (nodes, target) = halved(view, node.output(0)?, x)?;
    Some(((x, nodes.into_iter().chain(rest).collect()), target))
}

/// The `x` of `x + 0.044715 · x³`.
fn cubic(view: &View<'_>, sum: &Node, nodes: &mut Vec<NodeId>) -> Option<ValueId> {
    let (x, product) = either(sum, |value| scaled_cube(view, flow::other(sum, value), value).is_some())?;
    nodes.extend(scaled_cube(view, Some(product), x)?);
    Some(x)
}

/// The nodes of `0.044715 · x³`, the cube as a power or as products.
fn scaled_cube(view: &View<'_>, value: Option<ValueId>, x: ValueId) -> Option<Vec<NodeId>> {
    let value = value?;
    let (mut nodes, mut factor, mut degree) = (Vec::new(), 1.0, 0);
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        if value == x {
            degree += 1;
            continue;
        }
        let (id, node, _) = view.producer(value)?;
        if nodes.len() >= 4 || !view.is_read_once(value) {
            return None;
        }
        nodes.push(id);
        match node.op {
            OpType::Pow if node.input(0) == Some(x) && view.scalar(node.input(1)?) == Some(3.0) => degree += 3,
            OpType::Pow if node.input(0) == Some(x) && view.scalar(node.input(1)?) == Some(2.0) => degree += 2,
            OpType::Mul => match with_scalar(view, node) {
                Some((value, number)) => {
                    factor *= number;
                    open.push(value);
                }
                None => open.extend([node.input(0)?, node.input(1)?]),
            },
            _ => return None,
        }
    }
    (degree == 3 && close(factor, 0.044_715)).then_some(nodes)
}

/// From the curve on: `x · 0.5 · (1 + curve)`, the factors in any order. The nodes and the result.
#[expect(clippy::float_cmp, reason = "one is spelt, not computed")]
fn halved(view: &View<'_>, curve: ValueId, x: ValueId) -> Option<(Vec<NodeId>, ValueId)> {
    let (add, sum) = flow::read_by(view, curve, &OpType::Add)?;
    let (_, one) = with_scalar(view, sum)?;
    if one != 1.0 {
        return None;
    }
    let (mut nodes, target) = flow::times(view, sum.output(0)?, x, 0.5)?;
    nodes.push(add);
    Some((nodes, target))
}

impl Pass for FuseSwish {
    fn name(&self) -> &'static str {
        "fuse_swish"
    }

    fn about(&self) -> &'static str {
        "fuse x · sigmoid(α · x) into ONNX Runtime's QuickGelu"
    }

    fn level(&self) -> Level {
        Level::OnnxRuntime
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        let patch = |(id, node): (NodeId, &Node)| {
            let gate = node.input(0)?;
            let (product, mul) = flow::read_by(view, node.output(0)?, &OpType::Mul)?;
            let x = flow::other(mul, node.output(0)?)?;
            if !flow::is_float32(view, x) {
                return None;
            }
            let mut nodes = vec![product, id];
            let mut alpha = 1.0;
            if gate != x {
                let (scale, scaling, _) = view.producer(gate)?;
                let (tensor, factor) = flow::scaled(view, scaling)?;
                if tensor != x || !view.is_read_once(gate) {
                    return None;
                }
                nodes.push(scale);
                alpha = factor;
            }
            let op = OpType::new("com.microsoft", "QuickGelu");
            let mut patch = Patch::remove(nodes);
            patch.node_giving(op, [x.into()], [flow::float("alpha", alpha)], [mul.output(0)]);
            Some(patch)
        };
        view.graph.nodes().filter(|(_, node)| node.op == OpType::Sigmoid).filter_map(patch).collect()
    }
}

impl Pass for FuseBiasGelu {
    fn name(&self) -> &'static str {
        "fuse_bias_gelu"
    }

    fn about(&self) -> &'static str {
        "fuse a bias and the gelu behind it into ONNX Runtime's BiasGelu or FastGelu"
    }

    fn level(&self) -> Level {
        Level::OnnxRuntime
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        let patch = |(id, node): (NodeId, &Node)| {
            let op = match (node.op.domain(), node.op.name()) {
                ("", "Gelu") if node.str("approximate").unwrap_or("none") == "none" => "BiasGelu",
                ("com.microsoft", "Gelu") => "BiasGelu",
                ("", "Gelu") if node.str("approximate") == Some("tanh") => "FastGelu",
                ("com.microsoft", "FastGelu") if node.input(1).is_none() => "FastGelu",
                _ => return None,
            };
            let sum = node.input(0)?;
            let (add, adding) = view.produced_by(sum, &OpType::Add)?;
            let is_bias = |value| view.tensor(value).is_some_and(|tensor| tensor.dims.len() == 1);
            let (bias, x) = either(adding, is_bias)?;
            let width = view.dims(x)?.last()?.known()?;
            let fits = view.known_dims(bias)? == [width] && flow::is_float32(view, x) && view.is_read_once(sum);
            if !fits {
                return None;
            }
            let mut patch = Patch::remove([id, add]);
            patch.node_giving(OpType::new("com.microsoft", op), [x.into(), bias.into()], [], [node.output(0)]);
            Some(patch)
        };
        view.graph.nodes().filter_map(patch).collect()
    }
}
