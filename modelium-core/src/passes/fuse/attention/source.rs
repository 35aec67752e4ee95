//! Queries, keys and values in the shape that an operator wants them in.

use crate::ir::{Dim, NodeId, OpType, ValueId};
use crate::passes::fuse::flow;
use crate::passes::fuse::layout::Step;
use crate::passes::{Patch, Source, View};
use crate::tensor::{DType, Tensor};

use super::{HEADS_FIRST, PACKED, ROWS_FIRST};

/// How a tensor is had: from which value, through what.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) from: ValueId,
    pub(super) factor: f64,
    pub(super) through: Vec<Move>,
    /// Nodes between that value and the product, as far as nothing else reads them.
    pub(super) spared: Vec<NodeId>,
}

/// What is done to a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Move {
    /// `[0, 2, 1, 3]`.
    Transpose,
    /// To these dimensions, where 0 keeps one.
    Reshape(Vec<i64>),
    /// One of equal parts of the last of three axes: its number, how many, how wide each is.
    Part(i64, u64, i64),
}

/// `[batch, rows, heads · size]`.
pub(super) fn packed(view: &View<'_>, steps: &[Step], heads: u64, size: u64) -> Option<Way> {
    let width = i64::try_from(heads.checked_mul(size)?).ok()?;
    let reshape = || Move::Reshape(vec![0, 0, width]);
    let direct = furthest(steps, |step| step.layout.picked.is_empty() && step.layout.is(&PACKED)).map(|at| (at, vec![]));
    let part = || {
        let at = furthest(steps, |step| part(step).is_some())?;
        let (position, parts) = part(steps.get(at)?)?;
        Some((at, vec![Move::Part(position, parts, width)]))
    };
    let rows_first = || Some((plain(steps, &ROWS_FIRST)?, vec![reshape()]));
    let heads_first = || Some((plain(steps, &HEADS_FIRST)?, vec![Move::Transpose, reshape()]));
    let (at, through) = direct.or_else(part).or_else(rows_first).or_else(heads_first)?;
    way(view, steps, at, through)
}

/// `[batch, heads, rows, size]`, only if it is there.
pub(super) fn split(view: &View<'_>, steps: &[Step]) -> Option<Way> {
    way(view, steps, plain(steps, &HEADS_FIRST)?, Vec::new())
}

/// `[batch, heads, rows, size]`.
pub(super) fn heads_first(view: &View<'_>, steps: &[Step]) -> Option<Way> {
    split(view, steps).or_else(|| way(view, steps, plain(steps, &ROWS_FIRST)?, vec![Move::Transpose]))
}

fn way(view: &View<'_>, steps: &[Step], at: usize, through: Vec<Move>) -> Option<Way> {
    let step = steps.get(at)?;
    let producer = |step: &Step| view.producer(step.value).map(|(id, ..)| id);
    let spared =
        steps.iter().take(at).take_while(|step| view.is_read_once(step.value)).filter_map(producer).collect();
    Some(Way { from: step.value, factor: step.factor, through, spared })
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

    /// Adds its nodes to a patch.
    pub(super) fn lay(&self, patch: &mut Patch) -> Option<Source> {
        let mut source = Source::Value(self.from);
        for step in &self.through {
            source = match step {
                Move::Transpose => patch.node(OpType::Transpose, [source], [flow::list("perm", &[0, 2, 1, 3])]),
                Move::Reshape(dims) => {
                    let shape = ints(patch, "shape", dims)?;
                    patch.node(OpType::Reshape, [source, shape], [])
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

/// A list of integers as a new constant.
pub(super) fn ints(patch: &mut Patch, name: &str, values: &[i64]) -> Option<Source> {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let tensor = Tensor::new(name, DType::Int64, vec![values.len() as u64], bytes)?;
    Some(patch.tensor(name, tensor))
}

/// An input of the graph that has this dimension, and at which axis.
pub(super) fn with_dim(view: &View<'_>, dim: &Dim) -> Option<(ValueId, i64)> {
    if *dim == Dim::Unknown {
        return None;
    }
    view.graph.inputs.iter().find_map(|port| {
        let axis = view.dims(port.value)?.iter().position(|other| other == dim)?;
        Some((port.value, i64::try_from(axis).ok()?))
    })
}
