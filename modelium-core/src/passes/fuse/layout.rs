//! Which axes a tensor has, in terms of the axes that matter, on its way through transposes and reshapes.

use crate::ir::{Dim, Node, OpType, ValueId};
use crate::passes::View;
use crate::passes::fuse::flow;
use crate::passes::known;

/// Steps back that are looked at: exports have ten.
const MOST_STEPS: usize = 32;

/// The axes of a tensor, each a row-major product of atoms.
///
/// A queries' tensor `[batch, heads, rows, size]` has one atom an axis; before its transpose and reshape it is
/// `[batch, rows, heads · size]`. So what counts is told by computing what each node does to the axes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    sizes: Vec<Dim>,
    axes: Vec<Vec<usize>>,
    /// Atoms of which only one position is taken, and which.
    pub(super) picked: Vec<(usize, i64)>,
}

impl Layout {
    /// One atom for each axis, numbered from 0.
    pub(super) fn new(dims: &[Dim]) -> Self {
        Self { sizes: dims.to_vec(), axes: (0..dims.len()).map(|atom| vec![atom]).collect(), picked: Vec::new() }
    }

    /// The axes as these products of atoms.
    pub(super) fn with(sizes: &[Dim], axes: &[&[usize]]) -> Self {
        let axes = axes.iter().map(|axis| axis.to_vec()).collect();
        Self { sizes: sizes.to_vec(), axes, picked: Vec::new() }
    }

    /// True if the axes are these products of atoms; atoms of one element may stand anywhere.
    pub(super) fn is(&self, axes: &[&[usize]]) -> bool {
        let counts = |axis: &&usize| self.sizes.get(**axis) != Some(&Dim::Known(1));
        self.axes.len() == axes.len()
            && self
                .axes
                .iter()
                .zip(axes)
                .all(|(found, wanted)| found.iter().filter(counts).eq(wanted.iter().filter(counts)))
    }

    /// The size of an atom.
    pub(super) fn size(&self, atom: usize) -> Option<&Dim> {
        self.sizes.get(atom)
    }

    /// The axes before a transpose of that permutation.
    fn before(&self, perm: &[usize]) -> Option<Self> {
        if perm.len() != self.axes.len() {
            return None;
        }
        let mut axes = vec![Vec::new(); perm.len()];
        for (axis, &from) in self.axes.iter().zip(perm) {
            axes.get_mut(from)?.clone_from(axis);
        }
        Some(Self { axes, ..self.clone() })
    }

    /// The axes after a transpose of that permutation.
    fn after(&self, perm: &[usize]) -> Option<Self> {
        if perm.len() != self.axes.len() {
            return None;
        }
        let axes = perm.iter().map(|&from| self.axes.get(from).cloned()).collect::<Option<_>>()?;
        Some(Self { axes, ..self.clone() })
    }

    /// The same elements in the same order as a tensor of these dimensions; `None` if an axis would cut an atom in two, or if
    /// that cannot be told.
    fn regrouped(&self, dims: &[Dim]) -> Option<Self> {
        let atoms: Vec<usize> = self.axes.iter().flatten().copied().collect();
        let (mut low, mut high) = (0, atoms.len());
        let mut axes = vec![Vec::new(); dims.len()];
        let (mut first, mut last) = (0, dims.len());
        while first < last {
            let Some(taken) = self.taken(dims.get(first)?, atoms.get(low..high)?.iter().copied()) else { break };
            axes.get_mut(first)?.extend(atoms.get(low..low + taken)?);
            low += taken;
            first += 1;
        }
        while first < last {
            let Some(taken) = self.taken(dims.get(last - 1)?, atoms.get(low..high)?.iter().rev().copied()) else {
                break;
            };
            axes.get_mut(last - 1)?.extend(atoms.get(high - taken..high)?);
            high -= taken;
            last -= 1;
        }
        let rest = atoms.get(low..high)?;
        match last - first {
            // as many elements before as after: what is left is one axis
            1 => axes.get_mut(first)?.extend(rest),
            0 if rest.iter().all(|&atom| self.sizes.get(atom) == Some(&Dim::Known(1))) => {
                axes.get_mut(first.saturating_sub(1))?.extend(rest);
            }
            _ => return None,
        }
        Some(Self { axes, ..self.clone() })
    }

    /// How many of the atoms make up a dimension.
    fn taken(&self, dim: &Dim, atoms: impl Iterator<Item = usize>) -> Option<usize> {
        if *dim == Dim::Known(1) {
            return Some(0);
        }
        let mut product = 1_u64;
        for (count, atom) in (1..).zip(atoms) {
            match self.sizes.get(atom)? {
                Dim::Known(1) => {}
                size if product == 1 && *size != Dim::Unknown && size == dim => return Some(count),
                Dim::Known(size) => product = product.checked_mul(*size)?,
                _ => return None,
            }
            if product > 1 && *dim == Dim::Known(product) {
                return Some(count);
            }
        }
        None
    }

    /// Before one position of an axis was taken and the axis dropped.
    fn unpicked(&self, axis: usize, dim: &Dim, position: i64) -> Option<Self> {
        let mut layout = self.clone();
        if axis > layout.axes.len() {
            return None;
        }
        layout.axes.insert(axis, vec![layout.sizes.len()]);
        layout.picked.push((layout.sizes.len(), position));
        layout.sizes.push(dim.clone());
        Some(layout)
    }
}

/// A tensor that holds the same elements as the one that the walk began with, up to a factor.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) value: ValueId,
    pub(super) layout: Layout,
    /// The first tensor is this one times the factor.
    pub(super) factor: f64,
}

/// Walks from a tensor back to where its elements come from: through transposes, reshapes, picks of one position of an
/// axis, and products with constants if `factors`. The first step is the tensor itself.
pub(super) fn back(view: &View<'_>, value: ValueId, layout: Layout, factors: bool) -> Vec<Step> {
    let mut steps = vec![Step { value, layout, factor: 1.0 }];
    while steps.len() < MOST_STEPS
        && let Some(next) = steps.last().and_then(|step| step_back(view, step, factors))
    {
        steps.push(next);
    }
    steps
}

fn step_back(view: &View<'_>, step: &Step, factors: bool) -> Option<Step> {
    let (_, node, slot) = view.producer(step.value)?;
    let next = |value, layout| Some(Step { value, layout, factor: step.factor });
    let input = node.input(0)?;
    match node.op {
        OpType::Mul | OpType::Div if factors => {
            let (value, factor) = flow::scaled(view, node)?;
            let factor = factor * step.factor;
            (view.rank(value)? == step.layout.axes.len()).then(|| Step { value, layout: step.layout.clone(), factor })
        }
        OpType::Transpose => next(input, step.layout.before(&known::permutation(view, node)?)?),
        OpType::Reshape | OpType::Flatten | OpType::Unsqueeze | OpType::Squeeze => {
            next(input, step.layout.regrouped(&view.dims(input)?)?)
        }
        OpType::Gather => {
            let [position] = *view.ints(node.input(1)?)? else { return None };
            let dims = view.dims(input)?;
            let axis = known::axis(node.int("axis").unwrap_or(0), dims.len())?;
            let dim = dims.get(axis)?;
            let position = if position < 0 { position.checked_add_unsigned(dim.known()?)? } else { position };
            // an index without axes takes the axis away, a list of one leaves it
            let layout = match view.rank(node.input(1)?)? {
                0 => step.layout.clone(),
                1 => without(&step.layout, axis)?,
                _ => return None,
            };
            next(input, layout.unpicked(axis, dim, position)?)
        }
        OpType::Slice | OpType::Split => {
            let (axis, position) = flow::single(view, node, slot)?;
            let dims = view.dims(input)?;
            next(input, without(&step.layout, axis)?.unpicked(axis, dims.get(axis)?, position)?)
        }
        _ => None,
    }
}

/// The layout without an axis that holds nothing but atoms of one element.
fn without(layout: &Layout, axis: usize) -> Option<Layout> {
    let mut layout = layout.clone();
    let single = |&atom: &usize| layout.sizes.get(atom) == Some(&Dim::Known(1));
    if !layout.axes.get(axis)?.iter().all(single) {
        return None;
    }
    let rest = layout.axes.remove(axis);
    // they may stand anywhere
    if let Some(other) = layout.axes.first_mut() {
        other.extend(rest);
    }
    Some(layout)
}

/// Walks on from a tensor as long as one node alone reads it and only moves its elements.
pub(super) fn ahead(view: &View<'_>, value: ValueId, layout: Layout) -> Vec<Step> {
    let mut steps = vec![Step { value, layout, factor: 1.0 }];
    while steps.len() < MOST_STEPS
        && let Some(next) = steps.last().and_then(|step| step_ahead(view, step))
    {
        steps.push(next);
    }
    steps
}

fn step_ahead(view: &View<'_>, step: &Step) -> Option<Step> {
    let (_, node, slot) = view.only_reader(step.value).or_else(|| reader_beside_shapes(view, step.value))?;
    let value = node.output(0)?;
    if slot != 0 {
        return None;
    }
    let layout = match node.op {
        OpType::Transpose => step.layout.after(&known::permutation(view, node)?)?,
        OpType::Reshape | OpType::Flatten | OpType::Unsqueeze | OpType::Squeeze => {
            step.layout.regrouped(&view.dims(value)?)?
        }
        _ => return None,
    };
    Some(Step { value, layout, factor: 1.0 })
}

/// The one reader of a value beside those that only ask its shape.
pub(super) fn reader_beside_shapes<'a>(view: &View<'a>, value: ValueId) -> Option<(crate::ir::NodeId, &'a Node, u32)> {
    if view.is_output(value) || view.is_captured(value) {
        return None;
    }
    let mut readers = view.readers(value).filter(|(_, node, _)| node.op != OpType::Shape);
    let first = readers.next()?;
    readers.next().is_none().then_some(first)
}
