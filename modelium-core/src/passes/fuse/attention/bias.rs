//! What is added to the scores, as one tensor `[batch or 1, heads or 1, rows, columns]`.

use crate::ir::{Dim, OpType, ValueId};
use crate::passes::fuse::flow;
use crate::passes::{Patch, Source, View};
use crate::tensor::{DType, Tensor};

use super::Found;
use super::source::ints;

/// Nodes back that a bound is looked for.
const MOST_DEPTH: usize = 24;

/// The most elements of a constant that are read for a bound.
const MOST_ELEMENTS: u64 = 1 << 22;

/// How the bias is had.
#[derive(Debug)]
pub(super) struct Bias {
    parts: Vec<ValueId>,
    /// Axes to put before the first.
    missing: usize,
    /// Rows to repeat a single one for.
    rows: Option<i64>,
}

/// The bias of an attention, if it has one and its shape is certain; `None` if it has one that does not fit.
pub(super) fn of(view: &View<'_>, found: &Found) -> Option<Option<Bias>> {
    let mut dims: Option<Vec<Dim>> = None;
    for &part in &found.biases {
        let part = view.dims(part)?;
        dims = Some(match dims {
            Some(dims) => broadcast(&dims, &part)?,
            None => part.into_owned(),
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
    let rows = match (rows, &found.rows) {
        (rows, whole) if inner(rows, whole) => None,
        (Dim::Known(1), Dim::Known(whole)) => Some(i64::try_from(*whole).ok()?),
        _ => return None,
    };
    Some(Some(Bias { parts: found.biases.clone(), missing, rows }))
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

impl Bias {
    /// Nodes that it takes.
    pub(super) fn cost(&self) -> usize {
        self.parts.len().saturating_sub(1) + usize::from(self.missing > 0) + usize::from(self.rows.is_some())
    }

    /// Adds its nodes to a patch.
    pub(super) fn lay(&self, view: &View<'_>, patch: &mut Patch) -> Option<Source> {
        let (&first, rest) = self.parts.split_first()?;
        let mut source = Source::Value(first);
        for &part in rest {
            source = patch.node(OpType::Add, [source, part.into()], []);
        }
        if self.missing > 0 {
            let axes: Vec<i64> = (0..i64::try_from(self.missing).ok()?).collect();
            source = match view.tensor(first).filter(|_| rest.is_empty()) {
                Some(tensor) => {
                    let dims = std::iter::repeat_n(1, self.missing).chain(tensor.dims.iter().copied()).collect();
                    patch.tensor(view.value(first).name.clone(), Tensor { dims, ..tensor.clone() })
                }
                None if view.opset() >= 13 => {
                    let axes = ints(patch, "axes", &axes)?;
                    patch.node(OpType::Unsqueeze, [source, axes], [])
                }
                None => patch.node(OpType::Unsqueeze, [source], [flow::list("axes", &axes)]),
            };
        }
        if let Some(rows) = self.rows {
            let shape = ints(patch, "shape", &[1, 1, rows, 1])?;
            source = patch.node(OpType::Expand, [source, shape], []);
        }
        Some(source)
    }
}

/// True if no score of these biases can be minus infinity, given that the products are no larger than numbers usually are.
pub(super) fn is_finite(view: &View<'_>, biases: &[ValueId]) -> bool {
    biases.iter().try_fold(0.0, |sum, &bias| rounded(sum + bound(view, bias, MOST_DEPTH)?)).is_some()
}

/// What float32 makes of a number; `None` for infinity.
fn rounded(bound: f64) -> Option<f64> {
    let largest = f64::from(f32::MAX);
    // half of the last place
    (bound < largest + 2_f64.powi(103)).then_some(bound.min(largest))
}

/// A number that no element exceeds in magnitude.
fn bound(view: &View<'_>, value: ValueId, depth: usize) -> Option<f64> {
    let depth = depth.checked_sub(1)?;
    if let Some(tensor) = view.tensor(value) {
        return largest(tensor);
    }
    let (_, node, 0) = view.producer(value)? else { return None };
    let of = |input| bound(view, node.input(input)?, depth);
    let bound = match node.op {
        OpType::Where => of(1)?.max(of(2)?),
        OpType::Add | OpType::Sub => of(0)? + of(1)?,
        OpType::Mul => of(0)? * of(1)?,
        OpType::Neg
        | OpType::Identity
        | OpType::Transpose
        | OpType::Reshape
        | OpType::Unsqueeze
        | OpType::Squeeze
        | OpType::Expand
        | OpType::Gather
        | OpType::Slice
        | OpType::Tile => of(0)?,
        OpType::Concat => {
            let mut most = 0.0_f64;
            for input in 0..node.inputs.len() {
                most = most.max(of(input)?);
            }
            most
        }
        OpType::Cast if view.dtype(node.input(0)?)? == DType::Bool => 1.0,
        OpType::Cast if view.dtype(node.input(0)?)? == DType::Float32 && flow::is_float32(view, value) => of(0)?,
        OpType::Sigmoid | OpType::Tanh => 1.0,
        _ => return None,
    };
    rounded(bound)
}

fn largest(tensor: &Tensor) -> Option<f64> {
    if tensor.dtype != DType::Float32 || tensor.elements()? > MOST_ELEMENTS {
        return None;
    }
    let bytes = tensor.to_le_bytes()?;
    let mut largest = 0.0_f64;
    for word in bytes.as_chunks().0 {
        let number = f64::from(f32::from_le_bytes(*word)).abs();
        if !number.is_finite() {
            return None;
        }
        largest = largest.max(number);
    }
    Some(largest)
}
