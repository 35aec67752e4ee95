//! Merges slices.

use crate::ir::{Dim, Node, NodeId, OpType, Use, ValueId};
use crate::passes::constant;
use crate::passes::known::{axis, signed};
use crate::passes::{Pass, Patch, Source, View};

/// What one axis of a `Slice` takes.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cut {
    axis: usize,
    start: i64,
    end: i64,
    step: i64,
}

/// The cuts of a `Slice` whose numbers are all constants.
fn cuts(view: &View<'_>, node: &Node) -> Option<(ValueId, Vec<Cut>)> {
    if node.op != OpType::Slice || view.opset() < 10 {
        return None;
    }
    let input = node.input(0)?;
    let (starts, ends) = (view.ints(node.input(1)?)?, view.ints(node.input(2)?)?);
    let axes = match node.input(3) {
        Some(axes) => view.ints(axes)?,
        None => (0..starts.len()).map(signed).collect(),
    };
    let steps = match node.input(4) {
        Some(steps) => view.ints(steps)?,
        None => vec![1; starts.len()],
    };
    // without a rank, only axes from the front can be told apart
    let rank = view.rank(input);
    let place = |at: i64| rank.map_or_else(|| usize::try_from(at).ok(), |rank| axis(at, rank));
    let cut = |(((&start, &end), &at), &step)| Some(Cut { axis: place(at)?, start, end, step });
    let fits = ends.len() == starts.len() && axes.len() == starts.len() && steps.len() == starts.len();
    let cuts = starts.iter().zip(&ends).zip(&axes).zip(&steps).map(cut).collect::<Option<Vec<_>>>()?;
    fits.then_some((input, cuts))
}

/// Makes one `Slice` of several in a row.
pub(super) struct MergeSlices;

impl Pass for MergeSlices {
    fn name(&self) -> &'static str {
        "merge_slices"
    }

    fn about(&self) -> &'static str {
        "make one slice of several in a row"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        view.graph.nodes().filter_map(|(id, node)| in_a_row(view, id, node)).collect()
    }
}

fn in_a_row(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    let (between, outer) = cuts(view, node)?;
    let (below, first) = view.produced_by(between, &OpType::Slice).filter(|_| view.is_read_once(between))?;
    let (input, mut all) = cuts(view, first)?;
    for cut in outer {
        match all.iter_mut().find(|other| other.axis == cut.axis) {
            None => all.push(cut),
            Some(inner) => *inner = inner.then(cut)?,
        }
    }
    all.sort_by_key(|cut| cut.axis);
    let mut patch = Patch::remove([id, below]);
    let name = view.value(node.output(0)?).name.clone();
    let mut list = |what: &str, number: fn(&Cut) -> i64| {
        patch.tensor(format!("{name}_{what}"), constant::list(&all.iter().map(number).collect::<Vec<_>>()))
    };
    let mut inputs: Vec<Source> = vec![input.into()];
    inputs.push(list("starts", |cut| cut.start));
    inputs.push(list("ends", |cut| cut.end));
    inputs.push(list("axes", |cut| signed(cut.axis)));
    if all.iter().any(|cut| cut.step != 1) {
        inputs.push(list("steps", |cut| cut.step));
    }
    patch.node_giving(OpType::Slice, inputs, vec![], [node.output(0)]);
    Some(patch)
}

/// Ends from here on mean "to the end".
const FAR: i64 = i32::MAX as i64;

impl Cut {
    /// This cut and then another of what it leaves; `None` where that depends on how long the axis is.
    fn then(self, next: Self) -> Option<Self> {
        if self.step != 1 || next.step != 1 || self.start < 0 || next.start < 0 {
            return None;
        }
        let start = self.start.checked_add(next.start)?;
        let end = match (self.end, next.end) {
            (end, next) if next >= FAR => end,
            (_, next) if next < 0 => return None,
            (end, next) if end >= 0 => end.min(self.start.checked_add(next)?),
            _ => return None,
        };
        Some(Self { start, end, ..self })
    }
}

/// Makes one `Split` of slices that take an axis apart.
///
/// They take every element of the axis exactly once, and their lengths are constants.
pub(super) struct SplitSlices;

impl Pass for SplitSlices {
    fn name(&self) -> &'static str {
        "split_slices"
    }

    fn about(&self) -> &'static str {
        "make one split of slices that take an axis apart"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        if view.opset() < 13 {
            return Vec::new();
        }
        view.graph.values().filter_map(|(value, _)| split(view, value)).collect()
    }
}

fn split(view: &View<'_>, value: ValueId) -> Option<Patch> {
    let readers = view.uses(value);
    // slices of a constant are folded one by one
    if readers.len() < 2 || view.tensor(value).is_some() {
        return None;
    }
    let dims = view.dims(value)?;
    let mut parts: Vec<(NodeId, Cut, ValueId)> = Vec::new();
    for reader in readers {
        let Use::Input(id, 0) = *reader else { continue };
        let Some(node) = view.graph.node(id) else { continue };
        let Some((_, cuts)) = cuts(view, node) else { continue };
        let ([cut], Some(output)) = (cuts.as_slice(), node.output(0)) else { continue };
        let Some(Dim::Known(length)) = dims.get(cut.axis) else { continue };
        let length = i64::try_from(*length).ok()?;
        let clamp = |at: i64| if at < 0 { at.saturating_add(length) } else { at }.clamp(0, length);
        if cut.step == 1 && !view.is_captured(output) {
            parts.push((id, Cut { start: clamp(cut.start), end: clamp(cut.end), ..*cut }, output));
        }
    }
    let axis = parts.first()?.1.axis;
    let Some(Dim::Known(length)) = dims.get(axis) else { return None };
    parts.retain(|(_, cut, _)| cut.axis == axis);
    parts.sort_by_key(|(_, cut, _)| (cut.start, cut.end));
    let mut at = 0;
    for (_, cut, _) in &parts {
        if cut.start != at || cut.end <= cut.start {
            return None;
        }
        at = cut.end;
    }
    if parts.len() < 2 || u64::try_from(at).ok()? != *length {
        return None;
    }
    let sizes: Vec<i64> = parts.iter().map(|(_, cut, _)| cut.end.saturating_sub(cut.start)).collect();
    let mut patch = Patch::remove(parts.iter().map(|&(id, ..)| id));
    let sizes = patch.tensor(format!("{}_split", view.value(value).name), constant::list(&sizes));
    let attribute = crate::ir::Attribute::new("axis", crate::ir::AttributeValue::Int(signed(axis)));
    let outputs = parts.iter().map(|&(.., output)| Some(output));
    patch.node_giving(OpType::Split, [value.into(), sizes], vec![attribute], outputs);
    Some(patch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::proof::{becomes, stays};

    #[test]
    fn slices_in_a_row_are_one() {
        becomes(
            MergeSlices,
            &[
                "x: float32[n, m, k]",
                "a = int64 [1]",
                "b = int64 [5]",
                "c = int64 [0]",
                "d = int64 [2]",
                "e = int64 [-1]",
                "s = Slice(x, a, b, c)",
                "t = Slice(s, c, e, d)",
                "y = Slice(t, a, d, c)",
                "-> y",
            ],
            &[
                "y_starts = int64 [2, 0]",
                "y_ends = int64 [3, -1]",
                "y_axes = int64 [0, 2]",
                "y = Slice(x, y_starts, y_ends, y_axes)",
            ],
        );
    }

    #[test]
    fn slices_that_take_an_axis_apart_are_a_split() {
        becomes(
            SplitSlices,
            &[
                "x: float32[n, 6]",
                "z = int64 [0]",
                "l = int64 [1]",
                "a = int64 [-2]",
                "e = int64 [9223372036854775807]",
                "s = Slice(x, a, e, l)",
                "t = Slice(x, z, a, l)",
                "y = Concat(s, t) axis=1",
                "-> y",
            ],
            &["x_split = int64 [4, 2]", "t, s = Split(x, x_split) axis=1", "y = Concat(s, t) axis=1"],
        );
    }

    #[test]
    fn slices_that_leave_a_gap_or_overlap_stay() {
        for middle in ["m = int64 [3]", "m = int64 [1]"] {
            stays(
                SplitSlices,
                &[
                    "x: float32[n, 6]",
                    "z = int64 [0]",
                    "l = int64 [1]",
                    "a = int64 [2]",
                    middle,
                    "e = int64 [6]",
                    "s = Slice(x, z, a, l)",
                    "t = Slice(x, m, e, l)",
                    "-> s; t",
                ],
            );
        }
    }
}
