//! How an operator is given queries, keys and values, and where what it gives goes.

use std::collections::HashSet;

use crate::ir::{Attribute, Dim, NodeId, OpType, ValueId};
use crate::passes::fuse::flow;
use crate::passes::fuse::layout::{Layout, Step, back};
use crate::passes::fuse::size::ints;
use crate::passes::known;
use crate::passes::{Patch, Source, View, constant};
use crate::tensor::DType;

use super::bias::{Bias, Term};
use super::source::{self, Way};
use super::{Found, PACKED, SEQUENCE_FIRST, bias};

/// Keys and values by their own heads: one for each head of queries, or fewer that several share.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) heads: u64,
    keys: Vec<Step>,
    values: Vec<Step>,
}

/// One way to say an attention as one operator.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) heads: u64,
    /// Queries and the result are `[batch, rows, heads · size]`.
    pub(super) packed: bool,
    /// Multiplies the scores.
    pub(super) scale: f64,
    queries: Way,
    memory: Memory,
    bias: Option<Bias>,
    /// The lowest number that the bias keeps.
    floor: Option<f64>,
    /// The zero that stands where the result is not a number.
    guard: Option<ValueId>,
    after: Vec<After>,
    target: ValueId,
    /// The nodes that go, the one that computes the target first.
    going: Vec<NodeId>,
}

/// Keys and values.
#[derive(Debug)]
enum Memory {
    /// Each for itself.
    Whole(Way, Way),
    /// New ones behind past ones; the two nodes that put them together.
    Past { new: (Way, Way), past: (ValueId, ValueId), joined: (ValueId, ValueId), nodes: [NodeId; 2] },
}

/// What is still done to the result.
#[derive(Debug)]
enum After {
    Reshape(Vec<i64>),
    Transpose(&'static [i64]),
    /// Zero where it is not a number.
    Guard(ValueId),
}

impl Group {
    /// As many heads as there are of queries.
    pub(super) fn whole(found: &Found) -> Self {
        Self { heads: found.key_heads, keys: found.keys.clone(), values: found.values.clone() }
    }

    /// The heads before each is repeated for several of queries.
    pub(super) fn few(view: &View<'_>, found: &Found) -> Option<Self> {
        let once = |steps: &[Step], factors: bool| {
            let way = source::split(steps)?;
            let (few, heads) = unrepeated(view, way.from, found.key_heads)?;
            let mut steps = back(view, few, Layout::new(&view.dims(few)?), factors);
            for step in &mut steps {
                step.factor *= way.factor;
            }
            Some((steps, heads))
        };
        let (keys, heads) = once(&found.keys, true)?;
        let (values, value_heads) = once(&found.values, false)?;
        (heads == value_heads).then_some(Self { heads, keys, values })
    }
}

impl Plan {
    /// Queries as `[batch, rows, heads · size]`, and the result likewise. Keys and values too, or as
    /// `[batch, heads, rows, size]` if the operator takes them so beside packed queries. Past keys and values that are put
    /// in front of new ones are inputs of their own.
    pub(super) fn packed(view: &View<'_>, found: &Found, group: &Group, mixes: bool) -> Option<Self> {
        let queries = source::packed(view, &found.queries, found.heads, found.size)?;
        let memory = past(view, found, group, &queries).or_else(|| whole(view, found, group, &queries, mixes))?;
        let width = i64::try_from(found.heads.checked_mul(found.value_size)?).ok()?;
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
        Some(Self { packed: true, ..Self::new(view, found, group, queries, memory, at, after)? })
    }

    /// All as `[batch, heads, rows, size]`.
    pub(super) fn by_heads(view: &View<'_>, found: &Found, group: &Group) -> Option<Self> {
        let queries = source::heads_first(&found.queries)?;
        let memory = Memory::Whole(source::heads_first(&group.keys)?, source::heads_first(&group.values)?);
        Self::new(view, found, group, queries, memory, 0, Vec::new())
    }

    fn new(
        view: &View<'_>,
        found: &Found,
        group: &Group,
        queries: Way,
        memory: Memory,
        at: usize,
        after: Vec<After>,
    ) -> Option<Self> {
        let bias = bias::of(view, found)?;
        let target = found.results.get(at)?.value;
        let target_node = view.producer(target)?.0;
        let moves = found.results.iter().take(at + 1).skip(1);
        let mut going = found.nodes.clone();
        going.extend(moves.filter_map(|step| view.producer(step.value).map(|(id, ..)| id)));
        // the place of the new nodes is that of the first to go, and its name goes to the last
        going.retain(|&id| id != target_node);
        going.insert(0, target_node);
        if let Memory::Past { nodes, .. } = &memory {
            going.extend(nodes);
        }
        let scale = found.scale * queries.factor * memory.ways().0.factor;
        let (heads, packed, floor, guard) = (group.heads, false, None, None);
        Some(Self { heads, packed, scale, queries, memory, bias, floor, guard, after, target, going })
    }

    /// With zero, given here, wherever the result is not a number.
    pub(super) fn guarded(self, guard: Option<ValueId>) -> Self {
        Self { guard, ..self }
    }

    /// With this number in the place of all lower ones in the bias.
    pub(super) fn above(self, floor: Option<f64>) -> Self {
        Self { floor, ..self }
    }

    /// How many nodes fewer there are with it.
    pub(super) fn gain(&self, view: &View<'_>) -> i64 {
        let (keys, values) = self.memory.ways();
        let ways = [&self.queries, keys, values];
        let taken = ways.into_iter().map(Way::cost).sum::<usize>()
            + self.bias.as_ref().map_or(0, Bias::cost)
            + usize::from(self.floor.is_some())
            + self.after.len()
            + if self.guard.is_some() { 3 } else { 1 };
        let past = if let Memory::Past { past, .. } = &self.memory { vec![past.0, past.1] } else { Vec::new() };
        let kept = ways.into_iter().flat_map(Way::reads).chain(past).chain(self.guard);
        let kept = kept.chain(self.bias.iter().flat_map(Bias::reads)).collect();
        let count = |nodes: usize| i64::try_from(nodes).unwrap_or(i64::MAX);
        count(dying(view, &self.going, &kept)) - count(taken)
    }

    /// The operator, whose input `bias_at` is the bias and whose next two are the past, and what is around it.
    pub(super) fn lay(&self, view: &View<'_>, op: OpType, attributes: Vec<Attribute>, bias_at: usize) -> Option<Patch> {
        let mut patch = Patch::remove(self.going.iter().copied());
        let (keys, values) = self.memory.ways();
        let mut inputs = match source::parts([&self.queries, keys, values]) {
            Some((from, order, width)) => cut(view, &mut patch, from, order, width)?,
            None => vec![self.queries.lay(&mut patch)?, keys.lay(&mut patch)?, values.lay(&mut patch)?],
        };
        if let Some(bias) = &self.bias {
            inputs.resize(bias_at, Source::Nothing);
            let bias = bias.lay(view, &mut patch)?;
            inputs.push(match self.floor {
                Some(floor) => {
                    let floor = patch.tensor("floor", constant::of_numbers(DType::Float32, vec![], &[floor])?);
                    patch.node(OpType::Max, [bias, floor], [])
                }
                None => bias,
            });
        }
        let mut joined = Vec::new();
        if let Memory::Past { past, joined: (keys, values), .. } = &self.memory {
            inputs.resize(bias_at + 1, Source::Nothing);
            inputs.extend([past.0, past.1].map(Source::Value));
            joined.extend([*keys, *values].map(Source::Value));
        }
        let mut rest: Vec<&After> = self.after.iter().collect();
        let guard = self.guard.map(After::Guard);
        rest.splice(0..0, &guard);
        let last = rest.pop();
        let mut result = if last.is_some() { patch.value("attention") } else { Source::Value(self.target) };
        patch.push(op, inputs, attributes, [vec![result], joined].concat());
        for step in rest {
            result = step.lay(&mut patch, result, None)?;
        }
        if let Some(last) = last {
            last.lay(&mut patch, result, Some(self.target))?;
        }
        Some(patch)
    }
}

impl Memory {
    /// Where keys and values of this call come from.
    fn ways(&self) -> (&Way, &Way) {
        let (Self::Whole(keys, values) | Self::Past { new: (keys, values), .. }) = self;
        (keys, values)
    }
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

/// Keys and values both packed, or both by heads, as they come.
fn whole(view: &View<'_>, found: &Found, group: &Group, queries: &Way, mixes: bool) -> Option<Memory> {
    let (keys, values) = (&group.keys, &group.values);
    let packed = |steps, size| source::packed(view, steps, group.heads, size);
    let by_heads = || {
        // the operator takes them by heads only if keys and values are alike
        let (keys, values) = (source::split(keys)?, source::split(values)?);
        (mixes && found.size == found.value_size).then_some((keys, values))
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
fn past(view: &View<'_>, found: &Found, group: &Group, queries: &Way) -> Option<Memory> {
    let (keys, values) = (source::split(&group.keys)?, source::split(&group.values)?);
    // what is causal is so by the place among the keys that are given
    if found.size != found.value_size || !found.rest.is_empty() {
        return None;
    }
    let (past_keys, new_keys, key_node) = joined(view, keys.from)?;
    let (past_values, new_values, value_node) = joined(view, values.from)?;
    let fits = |value| {
        let dims = view.dims(value)?;
        let [batch, heads, rows, size] = dims.as_ref() else { return None };
        let fits = *batch == found.batch && heads.known() == Some(group.heads) && size.known() == Some(found.size);
        fits.then(|| rows.clone())
    };
    let new = |value| {
        fits(value).filter(|rows| *rows == found.rows)?;
        let steps = back(view, value, Layout::new(&view.dims(value)?), false);
        source::packed(view, &steps, group.heads, found.size)
    };
    // both rows of the past are of one length, as the two joined ones are that meet in the products
    if fits(past_keys)? != fits(past_values)? || fits(past_keys)? == Dim::Unknown {
        return None;
    }
    // what the keys are multiplied with comes behind what is put together
    let new = (Way { factor: keys.factor, ..new(new_keys)? }, new(new_values)?);
    let reads =
        found.biases.iter().map(Term::value).chain([queries.from, new.0.from, new.1.from, past_keys, past_values]);
    (key_node != value_node && !depends(view, reads, [key_node, value_node])).then_some(Memory::Past {
        new,
        past: (past_keys, past_values),
        joined: (keys.from, values.from),
        nodes: [key_node, value_node],
    })
}

/// How many nodes go with these: they, and what nothing else reads. The values that are kept are read on.
fn dying(view: &View<'_>, going: &[NodeId], kept: &HashSet<ValueId>) -> usize {
    let mut gone: HashSet<NodeId> = going.iter().copied().collect();
    let inputs = |id: NodeId| view.graph.node(id).into_iter().flat_map(|node| node.inputs.iter().flatten().copied());
    let mut open: Vec<ValueId> = going.iter().flat_map(|&id| inputs(id)).collect();
    while let Some(value) = open.pop() {
        let Some((id, node, _)) = view.producer(value).filter(|(id, ..)| !gone.contains(id)) else { continue };
        let unread = |&value: &ValueId| {
            let elsewhere = kept.contains(&value) || view.is_output(value) || view.is_captured(value);
            !elsewhere && view.readers(value).all(|(reader, ..)| gone.contains(&reader))
        };
        if node.outputs.iter().flatten().all(unread) {
            gone.insert(id);
            open.extend(inputs(id));
        }
    }
    gone.len()
}

/// The two halves of `Concat(past, new)` along the rows, if more than the attention reads it.
fn joined(view: &View<'_>, value: ValueId) -> Option<(ValueId, ValueId, NodeId)> {
    let (id, node) = view.produced_by(value, &OpType::Concat)?;
    let [Some(past), Some(new)] = *node.inputs.as_slice() else { return None };
    let along_rows = known::axis(node.int("axis")?, view.rank(past)?)? == 2;
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

/// `[batch, few, rows, size]` behind `[batch, heads, rows, size]` in which each head is repeated: it, and how many
/// heads it has.
fn unrepeated(view: &View<'_>, value: ValueId, heads: u64) -> Option<(ValueId, u64)> {
    let (_, reshape) = view.produced_by(value, &OpType::Reshape)?;
    let repeated = reshape.input(0)?;
    let (_, expand) = view.produced_by(repeated, &OpType::Expand)?;
    let single = expand.input(0)?;
    let (_, unsqueeze, _) = view.producer(single)?;
    if !matches!(unsqueeze.op, OpType::Unsqueeze | OpType::Reshape) {
        return None;
    }
    let few = unsqueeze.input(0)?;
    let dims = |value| view.dims(value).map(std::borrow::Cow::into_owned);
    let (whole, repeated, single, few_dims) = (dims(value)?, dims(repeated)?, dims(single)?, dims(few)?);
    let [batch, count, rows, size] = few_dims.as_slice() else { return None };
    let count = count.known()?;
    let times = heads.checked_div(count)?;
    let known = !few_dims.contains(&Dim::Unknown) && times > 1 && count.checked_mul(times)? == heads;
    let with = |middle: u64| {
        let dims = [batch, &Dim::Known(count), &Dim::Known(middle), rows, size];
        dims.into_iter().cloned().collect::<Vec<_>>()
    };
    let last = [batch, &Dim::Known(heads), rows, size].into_iter().cloned().collect::<Vec<_>>();
    (known && single == with(1) && repeated == with(times) && whole == last).then_some((few, count))
}
