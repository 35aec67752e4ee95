//! Queries, keys and values in the shape that an operator wants them in.

use crate::ir::{Attribute, OpType, ValueId};
use crate::passes::fuse::flow;
use crate::passes::fuse::layout::{Layout, Step, back};
use crate::passes::fuse::size::ints;
use crate::passes::{Patch, Source, View};

use super::{HEADS_FIRST, PACKED, ROWS_FIRST, SEQUENCE_FIRST};

/// How a tensor is had: from which value, through what.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) from: ValueId,
    pub(super) factor: f64,
    pub(super) through: Vec<Move>,
}

/// What is done to a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Move {
    /// `[0, 2, 1, 3]`.
    Transpose,
    /// `[1, 0, 2]`.
    Swap,
    /// To these dimensions, where 0 keeps one.
    Reshape(Vec<i64>),
    /// One of equal parts of the last of three axes: its number, how many, how wide each is.
    Part(i64, u64, i64),
    /// A rotary embedding of that operator, with these further inputs and attributes.
    Rotate(OpType, Vec<Source>, Vec<Attribute>),
}

/// `[batch, rows, heads · size]`.
pub(super) fn packed(view: &View<'_>, steps: &[Step], heads: u64, size: u64) -> Option<Way> {
    let near = || way_by_rows(steps, heads, size);
    near().or_else(|| rotated(view, steps, heads, size)).or_else(|| way_by_heads(steps, heads, size))
}

/// From where the rows come before the heads.
fn way_by_rows(steps: &[Step], heads: u64, size: u64) -> Option<Way> {
    let width = i64::try_from(heads.checked_mul(size)?).ok()?;
    if let Some(at) = plain(steps, &PACKED) {
        return way(steps, at, vec![]);
    }
    let picked = furthest(steps, |step| part(step).is_some());
    if let Some((at, (position, parts))) = picked.and_then(|at| Some((at, part(steps.get(at)?)?))) {
        return way(steps, at, vec![Move::Part(position, parts, width)]);
    }
    if let Some(at) = plain(steps, &ROWS_FIRST) {
        return way(steps, at, vec![Move::Reshape(vec![0, 0, width])]);
    }
    way(steps, plain(steps, &SEQUENCE_FIRST)?, vec![Move::Swap])
}

/// From where the heads come before the rows.
fn way_by_heads(steps: &[Step], heads: u64, size: u64) -> Option<Way> {
    let width = i64::try_from(heads.checked_mul(size)?).ok()?;
    let through = vec![Move::Transpose, Move::Reshape(vec![0, 0, width])];
    way(steps, plain(steps, &HEADS_FIRST)?, through)
}

/// Behind a rotary embedding by heads, which turns packed heads just as well.
fn rotated(view: &View<'_>, steps: &[Step], heads: u64, size: u64) -> Option<Way> {
    let outer = split(steps)?;
    let (_, node, _) = view.producer(outer.from)?;
    let mut attributes = node.attributes.clone();
    match (node.op.domain(), node.op.name()) {
        // with a part that does not turn it has the number of heads
        ("com.microsoft", "RotaryEmbedding") => {}
        ("", "RotaryEmbedding") => {
            attributes.retain(|attribute| attribute.name != "num_heads");
            attributes.push(flow::int("num_heads", i64::try_from(heads).ok()?));
        }
        _ => return None,
    }
    if !view.is_read_once(outer.from) {
        return None;
    }
    let x = node.input(0)?;
    let steps = back(view, x, Layout::new(&view.dims(x)?), false);
    let inner = way_by_rows(&steps, heads, size)?;
    let inputs = node.inputs.iter().skip(1).map(|&input| input.into()).collect();
    let through = [inner.through, vec![Move::Rotate(node.op.clone(), inputs, attributes)]].concat();
    Some(Way { from: inner.from, factor: outer.factor, through })
}

/// `[batch, heads, rows, size]`, only if it is there.
pub(super) fn split(steps: &[Step]) -> Option<Way> {
    way(steps, plain(steps, &HEADS_FIRST)?, Vec::new())
}

/// `[batch, heads, rows, size]`.
pub(super) fn heads_first(steps: &[Step]) -> Option<Way> {
    split(steps).or_else(|| way(steps, plain(steps, &ROWS_FIRST)?, vec![Move::Transpose]))
}

fn way(steps: &[Step], at: usize, through: Vec<Move>) -> Option<Way> {
    let step = steps.get(at)?;
    Some(Way { from: step.value, factor: step.factor, through })
}

fn furthest(steps: &[Step], is: impl Fn(&Step) -> bool) -> Option<usize> {
    steps.iter().rposition(is)
}

fn plain(steps: &[Step], axes: &[&[usize]]) -> Option<usize> {
    furthest(steps, |step| step.layout.picked.is_empty() && step.layout.is(axes))
}

/// The part of a packed projection `[batch, rows, parts · heads · size]` that a step picks: its number, and of how many.
fn part(step: &Step) -> Option<(i64, u64)> {
    let [(atom, position)] = step.layout.picked.as_slice() else { return None };
    let parts = step.layout.size(*atom)?.known()?;
    step.layout.is(&[&[0], &[2], &[*atom, 1, 3]]).then_some((*position, parts))
}

impl Way {
    /// Nodes that it takes.
    pub(super) fn cost(&self) -> usize {
        self.through.len()
    }

    /// Values that they read.
    pub(super) fn reads(&self) -> impl Iterator<Item = ValueId> {
        let beside = self.through.iter().filter_map(|step| match step {
            Move::Rotate(_, inputs, _) => Some(inputs),
            _ => None,
        });
        let value = |source: &Source| if let Source::Value(value) = source { Some(*value) } else { None };
        std::iter::once(self.from).chain(beside.flatten().filter_map(value))
    }

    /// Adds its nodes to a patch.
    pub(super) fn lay(&self, patch: &mut Patch) -> Option<Source> {
        let mut source = Source::Value(self.from);
        for step in &self.through {
            source = match step {
                Move::Transpose => patch.node(OpType::Transpose, [source], [flow::list("perm", &[0, 2, 1, 3])]),
                Move::Swap => patch.node(OpType::Transpose, [source], [flow::list("perm", &[1, 0, 2])]),
                Move::Reshape(dims) => {
                    let shape = ints(patch, "shape", dims)?;
                    patch.node(OpType::Reshape, [source, shape], [])
                }
                Move::Rotate(op, inputs, attributes) => {
                    patch.node(op.clone(), [&[source], inputs.as_slice()].concat(), attributes.clone())
                }
                Move::Part(position, _, width) => {
                    let start = position.checked_mul(*width)?;
                    let starts = ints(patch, "starts", &[start])?;
                    let ends = ints(patch, "ends", &[start.checked_add(*width)?])?;
                    let axes = ints(patch, "axes", &[2])?;
                    patch.node(OpType::Slice, [source, starts, ends, axes], [])
                }
            };
        }
        Some(source)
    }
}

/// Where the three are the three parts of one projection: it, which part each is, and how wide they are.
pub(super) fn parts(ways: [&Way; 3]) -> Option<(ValueId, [usize; 3], i64)> {
    let part = |way: &Way| match way.through.as_slice() {
        [Move::Part(position, 3, width)] => Some((way.from, usize::try_from(*position).ok()?, *width)),
        _ => None,
    };
    let [a, b, c] = ways.map(part);
    let (a, b, c) = (a?, b?, c?);
    let order = [a.1, b.1, c.1];
    let each_once = (0..3).all(|place| order.contains(&place));
    (a.0 == b.0 && a.0 == c.0 && a.2 == b.2 && a.2 == c.2 && each_once).then_some((a.0, order, a.2))
}
