//! What is added to the scores, as one tensor `[batch or 1, heads or 1, rows, columns]`.

use crate::ir::{Dim, Node, NodeId, OpType, ValueId};
use crate::passes::fuse::flow;
use crate::passes::fuse::size::{Size, ints};
use crate::passes::{Patch, Source, View};
use crate::tensor::Tensor;

use super::Found;

/// One thing that is added to the scores.
#[derive(Debug, Clone)]
pub(super) enum Term {
    /// A tensor that is added as it is.
    Whole(ValueId),
    /// `[1, windows, heads or 1, rows, columns]`, added to scores whose batch is a batch of images times their windows.
    ByWindow {
        value: ValueId,
        /// The last four dimensions.
        dims: [i64; 4],
        /// How many images.
        images: Dim,
    },
}

impl Term {
    pub(super) fn value(&self) -> ValueId {
        let (Self::Whole(value) | Self::ByWindow { value, .. }) = self;
        *value
    }
}

/// How the bias is had.
#[derive(Debug)]
pub(super) struct Bias {
    parts: Vec<Part>,
    /// Axes to put before the first.
    missing: usize,
    /// Rows to repeat a single one for.
    rows: Option<Size>,
}

/// One term in the rank of the scores.
#[derive(Debug)]
enum Part {
    Whole(ValueId),
    Repeated { value: ValueId, dims: [i64; 4], times: Size },
}

/// The bias of an attention, if it has one and its shape is certain; `None` if it has one that does not fit.
#[expect(clippy::option_option, reason = "one that does not fit, none, and one that fits")]
pub(super) fn of(view: &View<'_>, found: &Found) -> Option<Option<Bias>> {
    let mut dims: Option<Vec<Dim>> = None;
    let mut parts = Vec::new();
    for term in &found.biases {
        let (part, part_dims) = match term {
            Term::Whole(value) => (Part::Whole(*value), view.dims(*value)?.into_owned()),
            Term::ByWindow { value, dims, images } => {
                let known = |index: usize| Some(Dim::Known(u64::try_from(*dims.get(index)?).ok()?));
                let shape = vec![found.batch.clone(), known(1)?, known(2)?, known(3)?];
                (Part::Repeated { value: *value, dims: *dims, times: Size::of(view, images)? }, shape)
            }
        };
        parts.push(part);
        dims = Some(match dims {
            Some(dims) => broadcast(&dims, &part_dims)?,
            None => part_dims,
        });
    }
    let Some(dims) = dims else { return Some(None) };
    let missing = 4_usize.checked_sub(dims.len())?;
    let dims: Vec<Dim> = std::iter::repeat_n(Dim::Known(1), missing).chain(dims).collect();
    let [batch, heads, rows, columns] = dims.as_slice() else { return None };
    let outer = |dim: &Dim, whole: &Dim| *dim == Dim::Known(1) || *dim != Dim::Unknown && dim == whole;
    let inner = |dim: &Dim, whole: &Dim| *dim != Dim::Unknown && dim == whole;
    if !outer(batch, &found.batch) || !outer(heads, &Dim::Known(found.heads)) || !inner(columns, &found.columns) {
        return None;
    }
    let rows = match rows {
        rows if inner(rows, &found.rows) => None,
        Dim::Known(1) => Some(Size::of(view, &found.rows)?),
        _ => return None,
    };
    Some(Some(Bias { parts, missing, rows }))
}

/// From the `Reshape` that ends `Reshape(Reshape(scores) + bias)`, where the scores' batch is split into images and their
/// windows meanwhile: the scores, the bias, and the nodes beside the given one.
pub(super) fn by_window(view: &View<'_>, last: &Node) -> Option<(ValueId, Term, Vec<NodeId>)> {
    let sum = last.input(0)?;
    let (add, adding) = view.produced_by(sum, &OpType::Add)?;
    let whole = view.dims(last.output(0)?)?;
    let split = view.dims(sum)?;
    let ([_, heads, rows, columns], [images, windows, rest @ ..]) = (whole.as_ref(), split.as_ref()) else {
        return None;
    };
    let windows = i64::try_from(windows.known()?).ok()?;
    if !view.is_read_once(sum) || rest != [heads.clone(), rows.clone(), columns.clone()] || rest.contains(&Dim::Unknown)
    {
        return None;
    }
    let scores = |value: ValueId| {
        let (id, node) = view.produced_by(value, &OpType::Reshape)?;
        let scores = node.input(0)?;
        let fits = view.is_read_once(value) && view.dims(value)? == split && view.dims(scores)? == whole;
        fits.then_some((scores, id))
    };
    let (value, bias) = flow::either(adding, |value| scores(value).is_some())?;
    let (scores, first) = scores(value)?;
    let dims = view.known_dims(bias)?;
    let [1, many, bias_heads, bias_rows, bias_columns] = *dims.as_slice() else { return None };
    let inner = [bias_rows, bias_columns].map(Dim::Known) == [rows.clone(), columns.clone()];
    let outer = bias_heads == 1 || Dim::Known(bias_heads) == *heads;
    let signed = |dim: u64| i64::try_from(dim).ok();
    let dims = [windows, signed(bias_heads)?, signed(bias_rows)?, signed(bias_columns)?];
    (signed(many)? == windows && inner && outer)
        .then(|| (scores, Term::ByWindow { value: bias, dims, images: images.clone() }, vec![add, first]))
}

fn broadcast(a: &[Dim], b: &[Dim]) -> Option<Vec<Dim>> {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let (head, tail) = long.split_at(long.len() - short.len());
    let pair = |(a, b): (&Dim, &Dim)| match (a, b) {
        (Dim::Unknown, _) | (_, Dim::Unknown) => None,
        (a, b) if a == b => Some(a.clone()),
        (Dim::Known(1), other) | (other, Dim::Known(1)) => Some(other.clone()),
        _ => None,
    };
    let tail: Option<Vec<Dim>> = tail.iter().zip(short).map(pair).collect();
    Some(head.iter().cloned().chain(tail?).collect())
}

impl Part {
    fn cost(&self) -> usize {
        if let Self::Repeated { times, .. } = self { 2 + times.cost() } else { 0 }
    }

    fn lay(&self, patch: &mut Patch) -> Option<Source> {
        match self {
            Self::Whole(value) => Some((*value).into()),
            Self::Repeated { value, dims, times } => {
                let shape = ints(patch, "shape", dims)?;
                let once = patch.node(OpType::Reshape, [(*value).into(), shape], []);
                let repeats = times.lay(patch, &[], &[1, 1, 1])?;
                Some(patch.node(OpType::Tile, [once, repeats], []))
            }
        }
    }
}

impl Bias {
    /// Nodes that it takes.
    pub(super) fn cost(&self) -> usize {
        self.parts.len().saturating_sub(1)
            + self.parts.iter().map(Part::cost).sum::<usize>()
            + usize::from(self.missing > 0)
            + self.rows.as_ref().map_or(0, |rows| 1 + rows.cost())
    }

    /// Values that it reads.
    pub(super) fn reads(&self) -> impl Iterator<Item = ValueId> {
        self.parts.iter().map(|part| match part {
            Part::Whole(value) | Part::Repeated { value, .. } => *value,
        })
    }

    /// Adds its nodes to a patch.
    pub(super) fn lay(&self, view: &View<'_>, patch: &mut Patch) -> Option<Source> {
        let (first, rest) = self.parts.split_first()?;
        let mut source = first.lay(patch)?;
        for part in rest {
            let part = part.lay(patch)?;
            source = patch.node(OpType::Add, [source, part], []);
        }
        if self.missing > 0 {
            let axes: Vec<i64> = (0..i64::try_from(self.missing).ok()?).collect();
            let constant = if let ([], Source::Value(value)) = (rest, source) { Some(value) } else { None };
            source = match constant.and_then(|value| Some((value, view.tensor(value)?))) {
                Some((value, tensor)) => {
                    let dims = std::iter::repeat_n(1, self.missing).chain(tensor.dims.iter().copied()).collect();
                    patch.tensor(view.value(value).name.clone(), Tensor { dims, ..tensor.clone() })
                }
                None if view.opset() >= 13 => {
                    let axes = ints(patch, "axes", &axes)?;
                    patch.node(OpType::Unsqueeze, [source, axes], [])
                }
                None => patch.node(OpType::Unsqueeze, [source], [flow::list("axes", &axes)]),
            };
        }
        if let Some(rows) = &self.rows {
            let shape = rows.lay(patch, &[1, 1], &[1])?;
            source = patch.node(OpType::Expand, [source, shape], []);
        }
        Some(source)
    }
}
