//! Slices what is read of a split.

use crate::ir::{Node, NodeId, OpType};
use crate::passes::constant;
use crate::passes::known::{axis, list, signed};
use crate::passes::{Pass, Patch, View};

/// Makes a `Slice` of a `Split` of which one part is read and the others are not.
///
/// Fires only when it is known where the part begins and ends.
pub(super) struct SlicePart;

impl Pass for SlicePart {
    fn name(&self) -> &'static str {
        "slice_part"
    }

    fn about(&self) -> &'static str {
        "make a slice of a split of which only one part is read"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        // the limits of a slice take more bytes than those of a split
        if view.opset() < 10 || !view.site.spends {
            return Vec::new();
        }
        view.graph.nodes().filter_map(|(id, node)| sliced(view, id, node)).collect()
    }
}

fn sliced(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    if node.op != OpType::Split || node.outputs.len() < 2 {
        return None;
    }
    let is_read = |slot: &usize| node.output(*slot).is_some_and(|output| !view.uses(output).is_empty());
    let mut read = (0..node.outputs.len()).filter(is_read);
    let (Some(part), None) = (read.next(), read.next()) else { return None };
    let input = node.input(0)?;
    let along = axis(node.int("axis").unwrap_or(0), view.rank(input)?)?;
    let sizes = list(view, node, "split", 1)?;
    let (start, end) = if sizes.is_empty() {
        // the last part is shorter where the parts do not come out even
        let length = view.dims(input)?.get(along)?.known().and_then(|length| i64::try_from(length).ok())?;
        let count = signed(node.outputs.len());
        let each = length.checked_add(count)?.checked_sub(1)?.checked_div(count)?;
        let start = each.checked_mul(signed(part))?.min(length);
        (start, start.checked_add(each)?.min(length))
    } else {
        let before = sizes.get(..part)?.iter().try_fold(0_i64, |sum, &size| sum.checked_add(size))?;
        (before, before.checked_add(*sizes.get(part)?)?)
    };
    let output = node.output(part)?;
    let name = &view.value(output).name;
    let mut patch = Patch::remove([id]);
    let mut number = |what: &str, number| patch.tensor(format!("{name}_{what}"), constant::list(&[number]));
    let limits = [number("starts", start), number("ends", end), number("axes", signed(along))];
    patch.node_giving(OpType::Slice, [input.into()].into_iter().chain(limits), vec![], [Some(output)]);
    Some(patch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::proof::{becomes, becomes_at, stays};

    #[test]
    fn the_only_part_that_is_read_is_a_slice() {
        becomes(
            SlicePart,
            &["x: float32[n, 6]", "k = int64 [1, 2, 3]", "a, b, c = Split(x, k) axis=-1", "y = Relu(b)", "-> y"],
            &[
                "b_starts = int64 [1]",
                "b_ends = int64 [3]",
                "b_axes = int64 [1]",
                "b = Slice(x, b_starts, b_ends, b_axes)",
                "y = Relu(b)",
            ],
        );
        becomes_at(
            11,
            SlicePart,
            &["x: float32[6, n]", "a, b = Split(x) split=[2, 4]", "y = Relu(a)", "-> y"],
            &[
                "a_starts = int64 [0]",
                "a_ends = int64 [2]",
                "a_axes = int64 [0]",
                "a = Slice(x, a_starts, a_ends, a_axes)",
                "y = Relu(a)",
            ],
        );
    }

    #[test]
    fn the_last_part_of_an_uneven_split_is_shorter() {
        becomes(
            SlicePart,
            &["x: float32[n, 5]", "a, b = Split(x) axis=1 num_outputs=2", "y = Relu(b)", "-> y"],
            &[
                "b_starts = int64 [3]",
                "b_ends = int64 [5]",
                "b_axes = int64 [1]",
                "b = Slice(x, b_starts, b_ends, b_axes)",
                "y = Relu(b)",
            ],
        );
    }

    #[test]
    fn a_split_stays_where_two_parts_are_read_or_the_length_is_a_symbol() {
        stays(SlicePart, &["x: float32[n, 6]", "a, b, c = Split(x) axis=1 num_outputs=3", "y = Add(a, c)", "-> y"]);
        stays(SlicePart, &["x: float32[n, 6]", "a, b = Split(x) num_outputs=2", "y = Relu(b)", "-> y"]);
        stays(SlicePart, &["x: float32[n, 6]", "k: int64[2]", "a, b = Split(x, k) axis=1", "y = Relu(b)", "-> y"]);
    }
}
