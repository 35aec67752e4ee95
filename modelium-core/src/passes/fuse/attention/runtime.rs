//! Attention as ONNX Runtime's own operator.

use std::collections::HashSet;

use crate::ir::{NodeId, OpType, ValueId};
use crate::passes::fuse::flow;
use crate::passes::{Level, Pass, Patch, Source, View};

use super::source::{self, Way, ints};
use super::{Found, PACKED, SEQUENCE_FIRST, bias};

/// Fuses attention into `com.microsoft.MultiHeadAttention`.
///
/// Queries go in as `[batch, rows, heads · size]`; keys and values likewise where they come so, else as
/// `[batch, heads, rows, size]`. Past keys and values that are put in front of new ones go in as `past_key` and `past_value`.
pub(in crate::passes) struct FuseAttention;

impl Pass for FuseAttention {
    fn name(&self) -> &'static str {
        "fuse_attention"
    }

    fn about(&self) -> &'static str {
        "fuse scores, softmax and weighted sum into ONNX Runtime's MultiHeadAttention"
    }

    fn level(&self) -> Level {
        Level::OnnxRuntime
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        super::all(view).filter_map(|found| patch(view, &found)).collect()
    }
}

/// Keys and values.
enum Memory {
    /// Each for itself.
    Whole(Way, Way),
    /// New ones behind past ones; the two nodes that put them together.
    Past { new: (Way, Way), past: (ValueId, ValueId), joined: (ValueId, ValueId), nodes: [NodeId; 2] },
}

fn patch(view: &View<'_>, found: &Found) -> Option<Patch> {
    if !flow::is_float32(view, found.queries.first()?.value) {
        return None;
    }
    let queries = source::packed(view, &found.queries, found.heads, found.size)?;
    let bias = bias::of(view, found)?;
    let memory = past(view, found, &queries).or_else(|| whole(view, found, &queries))?;
    let width = i64::try_from(found.heads.checked_mul(found.value_size)?).ok()?;
    let guard = found.guard.filter(|_| !bias::is_finite(view, &found.biases));

    // where the result goes: as it comes, flattened, by sequence, or back to where the heads are
    let shapes: [(&[&[usize]], Vec<After>); 4] = [
        (&PACKED, vec![]),
        (&[&[0, 2], &[1, 3]], vec![After::Reshape(vec![-1, width])]),
        (&SEQUENCE_FIRST, vec![After::Transpose(&[1, 0, 2])]),
        (&[&[2, 0], &[1, 3]], vec![After::Transpose(&[1, 0, 2]), After::Reshape(vec![-1, width])]),
    ];
    let at = |axes: &[&[usize]]| found.results.iter().rposition(|step| step.layout.is(axes));
    let by_shape = shapes.into_iter().find_map(|(axes, after)| Some((at(axes)?, after)));
    let (at, after) = by_shape.unwrap_or_else(|| {
        let (heads, size) = (found.heads.cast_signed(), found.value_size.cast_signed());
        (0, vec![After::Reshape(vec![0, 0, heads, size]), After::Transpose(&[0, 2, 1, 3])])
    });
    let target = found.results.get(at)?.value;
    let moves = found.results.iter().take(at + 1).skip(1);
    let mut going = found.nodes.clone();
    going.extend(moves.filter_map(|step| view.producer(step.value).map(|(id, ..)| id)));
    let target_node = view.producer(target)?.0;

    let (keys, values) = match &memory {
        Memory::Whole(keys, values) | Memory::Past { new: (keys, values), .. } => (keys, values),
    };
    let spared = [&queries, keys, values].into_iter().map(|way| way.spared.len()).sum::<usize>();
    let joins = if let Memory::Past { nodes, .. } = &memory { nodes.len() } else { 0 };
    let taken = [&queries, keys, values].into_iter().map(Way::cost).sum::<usize>()
        + bias.as_ref().map_or(0, bias::Bias::cost)
        + after.len()
        + if guard.is_some() { 3 } else { 1 };
    if taken > going.len() + spared + joins {
        return None;
    }

    // the place of the new nodes is that of the first to go, and its name goes to the last
    going.retain(|&id| id != target_node);
    going.insert(0, target_node);
    if let Memory::Past { nodes, .. } = &memory {
        going.extend(nodes);
    }
    let mut patch = Patch::remove(going);
    let mut inputs = match source::parts([&queries, keys, values]) {
        Some((from, order, width)) => cut(view, &mut patch, from, order, width)?,
        None => vec![queries.lay(&mut patch)?, keys.lay(&mut patch)?, values.lay(&mut patch)?],
    };
    if let Some(bias) = &bias {
        inputs.extend([Source::Nothing, Source::Nothing, bias.lay(view, &mut patch)?]);
    }
    if let Memory::Past { past, .. } = &memory {
        inputs.resize(6, Source::Nothing);
        inputs.extend([past.0, past.1].map(Source::Value));
    }
    let scale = found.scale * queries.factor * keys.factor;
    let attributes = vec![flow::int("num_heads", i64::try_from(found.heads).ok()?), flow::float("scale", scale)];
    let op = OpType::new("com.microsoft", "MultiHeadAttention");
    let joined = if let Memory::Past { joined, .. } = &memory { vec![joined.0, joined.1] } else { Vec::new() };
    let plain = after.is_empty() && guard.is_none();
    let mut outputs = vec![if plain { Source::Value(target) } else { patch.value("attention") }];
    outputs.extend(joined.into_iter().map(Source::Value));
    let mut result = *outputs.first()?;
    patch.push(op, inputs, attributes, outputs);
    let mut rest: Vec<After> = guard.map(After::Guard).into_iter().chain(after).collect();
    let Some(last) = rest.pop() else { return Some(patch) };
    for step in rest {
        result = step.lay(&mut patch, result, None)?;
    }
    last.lay(&mut patch, result, Some(target))?;
    Some(patch)
}

/// Queries, keys and values cut out of one projection by one `Split`.
fn cut(view: &View<'_>, patch: &mut Patch, from: ValueId, order: [usize; 3], width: i64) -> Option<Vec<Source>> {
    let named = ["queries", "keys", "values"].map(|name| patch.value(name));
    let mut outputs = named.to_vec();
    for (&place, value) in order.iter().zip(named) {
        *outputs.get_mut(place)? = value;
    }
    let (mut inputs, mut attributes) = (vec![Source::Value(from)], vec![flow::int("axis", 2)]);
    if view.opset() >= 13 {
        inputs.push(ints(patch, "sizes", &[width; 3])?);
    } else {
        attributes.push(flow::list("split", &[width; 3]));
    }
    patch.push(OpType::Split, inputs, attributes, outputs);
    Some(named.to_vec())
}

/// What is still done to the result.
enum After {
    Reshape(Vec<i64>),
    Transpose(&'static [i64]),
    /// Zero where it is not a number.
    Guard(ValueId),
}

impl After {
    fn lay(&self, patch: &mut Patch, result: Source, target: Option<ValueId>) -> Option<Source> {
        let (op, inputs, attributes) = match self {
            Self::Reshape(dims) => (OpType::Reshape, vec![result, ints(patch, "shape", dims)?], vec![]),
            Self::Transpose(perm) => (OpType::Transpose, vec![result], vec![flow::list("perm", perm)]),
            Self::Guard(zero) => {
                let is_nan = patch.node(OpType::IsNaN, [result], []);
                (OpType::Where, vec![is_nan, (*zero).into(), result], vec![])
            }
        };
        let output = target.map_or_else(|| patch.value(op.name().to_lowercase()), Source::Value);
        patch.push(op, inputs, attributes, vec![output]);
        Some(output)
    }
}

/// Keys and values both packed, or both by heads, as they come.
fn whole(view: &View<'_>, found: &Found, queries: &Way) -> Option<Memory> {
    let (keys, values) = (&found.keys, &found.values);
    let packed = |steps, size| source::packed(view, steps, found.heads, size);
    let by_heads = || {
        // the operator takes them by heads only if keys and values are alike
        let (keys, values) = (source::split(view, keys)?, source::split(view, values)?);
        (found.size == found.value_size).then_some((keys, values))
    };
    let both = (packed(keys, found.size)?, packed(values, found.value_size)?);
    let (keys, values) = match by_heads() {
        // parts of one projection take one node together
        _ if source::parts([queries, &both.0, &both.1]).is_some() => both,
        Some(by_heads) if by_heads.0.cost() + by_heads.1.cost() < both.0.cost() + both.1.cost() => by_heads,
        _ => both,
    };
    Some(Memory::Whole(keys, values))
}

/// New keys and values behind past ones, where what is put together is read elsewhere too: for the next call.
fn past(view: &View<'_>, found: &Found, queries: &Way) -> Option<Memory> {
    let (keys, values) = (source::split(view, &found.keys)?, source::split(view, &found.values)?);
    if found.size != found.value_size || keys.factor.to_bits() != 1.0_f64.to_bits() {
        return None;
    }
    let (past_keys, new_keys, key_node) = joined(view, keys.from)?;
    let (past_values, new_values, value_node) = joined(view, values.from)?;
    let new = |value| {
        let dims = view.dims(value)?;
        let [batch, heads, rows, size] = dims.as_ref() else { return None };
        let alike = *batch == found.batch && *rows == found.rows && heads.known() == Some(found.heads);
        if !alike || size.known() != Some(found.size) {
            return None;
        }
        let steps = super::back(view, value, super::Layout::new(&dims), false);
        source::packed(view, &steps, found.heads, found.size)
    };
    let fits = |value| {
        let dims = view.dims(value)?;
        let [batch, heads, _, size] = dims.as_ref() else { return None };
        (*batch == found.batch && heads.known() == Some(found.heads) && size.known() == Some(found.size)).then_some(())
    };
    fits(past_keys)?;
    fits(past_values)?;
    let new = (new(new_keys)?, new(new_values)?);
    // both rows of the past are of one length, as the two joined ones are that meet in the products
    let past_rows = |value| view.dims(value).and_then(|dims| dims.get(2).cloned());
    if past_rows(past_keys)? != past_rows(past_values)? || past_rows(past_keys)? == crate::ir::Dim::Unknown {
        return None;
    }
    let reads = found.biases.iter().map(bias::Term::value).chain([
        queries.from,
        new.0.from,
        new.1.from,
        past_keys,
        past_values,
    ]);
    (key_node != value_node && !depends(view, reads, [key_node, value_node])).then_some(Memory::Past {
        new,
        past: (past_keys, past_values),
        joined: (keys.from, values.from),
        nodes: [key_node, value_node],
    })
}

/// The two halves of `Concat(past, new)` along the rows, if more than the attention reads it.
fn joined(view: &View<'_>, value: ValueId) -> Option<(ValueId, ValueId, NodeId)> {
    let (id, node) = view.produced_by(value, &OpType::Concat)?;
    let [Some(past), Some(new)] = *node.inputs.as_slice() else { return None };
    let along_rows = flow::axis(node.int("axis")?, view.rank(past)?)? == 2;
    (along_rows && (view.is_output(value) || view.readers(value).nth(1).is_some())).then_some((past, new, id))
}

/// True if any of the values is computed from what the nodes compute.
fn depends(view: &View<'_>, values: impl IntoIterator<Item = ValueId>, nodes: [NodeId; 2]) -> bool {
    let mut open: Vec<ValueId> = values.into_iter().collect();
    let mut seen: HashSet<NodeId> = HashSet::new();
    while let Some(value) = open.pop() {
        let Some((id, node, _)) = view.producer(value) else { continue };
        if nodes.contains(&id) {
            return true;
        }
        if !seen.insert(id) {
            continue;
        }
        open.extend(node.inputs.iter().flatten());
        open.extend(node.subgraphs().flat_map(crate::ir::Graph::captures).filter_map(|name| view.graph.find(name)));
    }
    false
}
