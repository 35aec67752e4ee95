//! Rotary position embedding, as language models spell it out.

use crate::ir::{Dim, Node, NodeId, OpType, ValueId};
use crate::passes::fuse::flow::{self, either};
use crate::passes::fuse::size::{Size, ints};
use crate::passes::known;
use crate::passes::{Level, Pass, Patch, Source, View};

/// Nodes between the angles and where they are used.
const MOST_STEPS: usize = 8;

/// Fuses `x · cos + rotated(x) · sin` into ONNX Runtime's `RotaryEmbedding`, where `rotated(x)` is the second half of the
/// last axis, negated, before the first, and both halves turn by the same angles.
///
/// The angles `[1, rows, half]` become the caches of the operator, one row for each of `x`.
pub(in crate::passes) struct FuseRotaryEmbedding;

/// The same into the standard `RotaryEmbedding`, which opset 23 has: its caches are `[batch, rows, half]`.
pub(in crate::passes) struct FuseStandardRotaryEmbedding;

/// A rotary embedding of a graph.
struct Found {
    x: ValueId,
    angles: ValueId,
    target: ValueId,
    /// The nodes that go, the one that computes the target first.
    nodes: Vec<NodeId>,
}

impl Pass for FuseRotaryEmbedding {
    fn name(&self) -> &'static str {
        "fuse_rotary_embedding"
    }

    fn about(&self) -> &'static str {
        "fuse the steps of a rotary position embedding into ONNX Runtime's operator"
    }

    fn level(&self) -> Level {
        Level::OnnxRuntime
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        if view.opset() < 13 {
            return Vec::new();
        }
        all(view).filter_map(|found| contrib(view, found)).chain(partial(view)).collect()
    }
}

impl Pass for FuseStandardRotaryEmbedding {
    fn name(&self) -> &'static str {
        "fuse_standard_rotary_embedding"
    }

    fn about(&self) -> &'static str {
        "fuse the steps of a rotary position embedding into one operator (opset 23)"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        // where ONNX Runtime's own operator is allowed, it takes over
        if view.opset() < 23 || view.site.level > Level::Portable {
            return Vec::new();
        }
        all(view).filter_map(|found| standard(view, found)).chain(partial(view)).collect()
    }
}

fn contrib(view: &View<'_>, found: Found) -> Option<Patch> {
    if view.dims(found.angles)?.first()?.known() != Some(1) {
        return None;
    }
    let mut patch = Patch::remove(found.nodes);
    let (axis, position) = (ints(&mut patch, "axes", &[0])?, ints(&mut patch, "position", &[0])?);
    let cache = patch.node(OpType::Squeeze, [found.angles.into(), axis], []);
    let cos = patch.node(OpType::Cos, [cache], []);
    let sin = patch.node(OpType::Sin, [cache], []);
    let op = OpType::new("com.microsoft", "RotaryEmbedding");
    patch.node_giving(op, [found.x.into(), position, cos, sin], [], [Some(found.target)]);
    Some(patch)
}

fn standard(view: &View<'_>, found: Found) -> Option<Patch> {
    let batch = view.dims(found.x)?.first()?.clone();
    let mut patch = Patch::remove(found.nodes);
    let mut angles = Source::Value(found.angles);
    if *view.dims(found.angles)?.first()? != batch {
        let shape = Size::of(view, &batch)?.lay(&mut patch, &[], &[1, 1])?;
        angles = patch.node(OpType::Expand, [angles, shape], []);
    }
    let cos = patch.node(OpType::Cos, [angles], []);
    let sin = patch.node(OpType::Sin, [angles], []);
    patch.node_giving(OpType::RotaryEmbedding, [found.x.into(), cos, sin], [], [Some(found.target)]);
    Some(patch)
}

/// Where a part of the last axis does not turn: `Concat(rotary(x[..n]), x[n..])` is one operator.
fn partial(view: &View<'_>) -> Vec<Patch> {
    let patch = |(id, node): (NodeId, &Node)| {
        let (turned, whole) = (node.output(0)?, node.int("rotary_embedding_dim").unwrap_or(0) == 0);
        let (joining, concat) = flow::read_by(view, turned, &OpType::Concat)?;
        let [Some(first), Some(second)] = *concat.inputs.as_slice() else { return None };
        let last = known::axis(concat.int("axis")?, 4)? == 3;
        let (x, _, start, width) = cut(view, node.input(0)?)?;
        let (same, _, end, rest) = cut(view, second)?;
        let dims = view.dims(x)?;
        let [_, heads, _, size] = dims.as_ref() else { return None };
        let all_of_it = start == 0 && end == width && width.checked_add(rest)? == size.known()?;
        if !whole || !last || first != turned || same != x || !all_of_it {
            return None;
        }
        let heads = flow::int("num_heads", i64::try_from(heads.known()?).ok()?);
        let width = flow::int("rotary_embedding_dim", i64::try_from(width).ok()?);
        let mut patch = Patch::remove([joining, id]);
        let inputs = [Some(x)].into_iter().chain(node.inputs.iter().skip(1).copied()).map(Source::from);
        patch.node_giving(node.op.clone(), inputs, [heads, width], [concat.output(0)]);
        Some(patch)
    };
    let is_rotary = |node: &Node| {
        let known = node.op == OpType::RotaryEmbedding || node.op.domain() == "com.microsoft";
        known && node.op.name() == "RotaryEmbedding" && node.int("interleaved").unwrap_or(0) == 0
    };
    view.graph.nodes().filter(|(_, node)| is_rotary(node)).filter_map(patch).collect()
}

/// Every rotary embedding of a graph.
fn all<'v>(view: &'v View<'_>) -> impl Iterator<Item = Found> + 'v {
    let sums = view.graph.nodes().filter(|(_, node)| node.op == OpType::Add);
    sums.filter_map(|(id, node)| find(view, id, node))
}

fn find(view: &View<'_>, id: NodeId, sum: &Node) -> Option<Found> {
    let turned = |value| {
        let (mul, product) = view.produced_by(value, &OpType::Mul)?;
        let (rotated, sin) = either(product, |value| rotated(view, value).is_some())?;
        view.is_read_once(value).then_some((mul, rotated, sin))
    };
    let (second, first) = either(sum, |value| turned(value).is_some())?;
    let (turning, rotated_value, sin) = turned(second)?;
    let (x, mut nodes) = rotated(view, rotated_value)?;
    let (keeping, product) = view.produced_by(first, &OpType::Mul)?;
    let cos = flow::other(product, x).filter(|_| view.is_read_once(first))?;
    let angles = angles(view, cos, &OpType::Cos, x)?;
    if angles != self::angles(view, sin, &OpType::Sin, x)? || !flow::is_float32(view, x) {
        return None;
    }
    nodes.splice(0..0, [id, turning, keeping]);
    Some(Found { x, angles, target: sum.output(0)?, nodes })
}

/// The `x` of `Concat(−second half of x, first half of x)`, and the nodes.
fn rotated(view: &View<'_>, value: ValueId) -> Option<(ValueId, Vec<NodeId>)> {
    let (concat, joining) = view.produced_by(value, &OpType::Concat)?;
    let [Some(left), Some(right)] = *joining.inputs.as_slice() else { return None };
    let last = known::axis(joining.int("axis")?, view.rank(value)?)? + 1 == view.rank(value)?;
    let (neg, negating) = view.produced_by(left, &OpType::Neg)?;
    let second = negating.input(0)?;
    let (x, from_second, cut) = half(view, second, 1)?;
    let (same, from_first, other_cut) = half(view, right, 0)?;
    let once = [value, left, second, right].iter().all(|&value| view.is_read_once(value));
    let mut nodes = vec![concat, neg, from_second];
    nodes.extend((from_first != from_second).then_some(from_first));
    (last && x == same && cut == other_cut && once).then_some((x, nodes))
}

/// The tensor of whose last axis a value is a half, the node, and where it is cut.
fn half(view: &View<'_>, value: ValueId, which: u64) -> Option<(ValueId, NodeId, u64)> {
    let (x, id, start, width) = cut(view, value)?;
    let size = view.dims(x)?.last()?.known()?;
    (width > 0 && width.checked_mul(2)? == size && start == which * width).then_some((x, id, width))
}

/// The tensor of rank 4 of whose last axis a value is a part, the node, where the part begins and how wide it is.
fn cut(view: &View<'_>, value: ValueId) -> Option<(ValueId, NodeId, u64, u64)> {
    let (id, node, slot) = view.producer(value)?;
    let x = node.input(0)?;
    let dims = view.dims(x)?;
    let on_last = |axis: i64| dims.len() == 4 && known::axis(axis, 4) == Some(3);
    let width = |value| view.dims(value)?.last()?.known();
    let start = match node.op {
        OpType::Split if on_last(node.int("axis").unwrap_or(0)) => {
            let before = node.outputs.iter().take(slot as usize);
            before.map(|part| width((*part)?)).sum::<Option<u64>>()?
        }
        OpType::Slice => {
            let one = |values: Option<Vec<i64>>| if let Some([one]) = values.as_deref() { Some(*one) } else { None };
            let start = one(view.ints(node.input(1)?))?;
            let size = dims.last()?.known()?;
            let step = node.input(4).map_or(Some(1), |steps| one(view.ints(steps)))?;
            let start = if start < 0 { size.checked_add_signed(start)? } else { start.unsigned_abs() };
            (on_last(one(view.ints(node.input(3)?))?) && step == 1).then_some(start)?
        }
        _ => return None,
    };
    // the inferred width says where it ends
    Some((x, id, start, width(value)?))
}

/// The angles `[1 or batch, rows, half]` whose cosines or sines, twice one behind the other, are
/// `[1 or batch, 1, rows, size]`.
#[expect(clippy::float_cmp, reason = "one is spelt, not computed")]
fn angles(view: &View<'_>, value: ValueId, op: &OpType, x: ValueId) -> Option<ValueId> {
    let dims = view.dims(value)?;
    let whole = view.dims(x)?;
    let ([batch, _, rows, size], [outer, rest @ ..]) = (whole.as_ref(), dims.as_ref()) else { return None };
    let fits = *outer == Dim::Known(1) || *outer != Dim::Unknown && outer == batch;
    if !fits || *rows == Dim::Unknown || rest != [Dim::Known(1), rows.clone(), size.clone()] {
        return None;
    }
    let (mut value, mut looked) = (value, 0);
    let doubled = loop {
        let (_, node, _) = view.producer(value)?;
        match &node.op {
            found if found == op => break node.input(0)?,
            OpType::Unsqueeze | OpType::Reshape | OpType::Squeeze => value = node.input(0)?,
            OpType::Mul => {
                let (tensor, factor) = flow::with_scalar(view, node)?;
                value = (factor == 1.0).then_some(tensor)?;
            }
            _ => return None,
        }
        looked += 1;
        if looked > MOST_STEPS {
            return None;
        }
    };
    if view.dims(doubled)?.as_ref() != [outer.clone(), rows.clone(), size.clone()] {
        return None;
    }
    let (_, joining) = view.produced_by(doubled, &OpType::Concat)?;
    let [Some(once), Some(again)] = *joining.inputs.as_slice() else { return None };
    let last = known::axis(joining.int("axis")?, 3)? == 2;
    (last && once == again && view.rank(once)? == 3 && flow::is_float32(view, once)).then_some(once)
}
