//! Drops nodes that change nothing, by what is known of their inputs.

use crate::ir::{Dim, Node, NodeId, OpType, ValueId};
use crate::passes::constant::uniform;
use crate::passes::known::{axes, list, permutation, same_dtype, same_shape};
use crate::passes::{Pass, Patch, View};

/// Drops nodes that change nothing, by what is known of their inputs.
///
/// A cast to the same type; a reshape, slice, pad or tile to the same shape; an addition of 0 and a product with 1; a
/// choice whose condition is known; a reduction over axes of one element. A shape of equal symbols is the same shape, and
/// one that is not known is not.
pub(super) struct DropNoops;

impl Pass for DropNoops {
    fn name(&self) -> &'static str {
        "drop_noops"
    }

    fn about(&self) -> &'static str {
        "drop nodes that change nothing: casts to the same type, reshapes to the same shape, additions of 0"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        let patch = |(id, node): (NodeId, &Node)| {
            let output = node.output(0)?;
            if node.outputs.iter().flatten().count() != 1 || view.uses(output).is_empty() || view.is_captured(output) {
                return None;
            }
            let input = handed_on(view, node, output)?;
            (input != output).then(|| Patch::remove([id]).redirect(output, input))
        };
        view.graph.nodes().filter_map(patch).collect()
    }
}

/// The input that the only output equals.
fn handed_on(view: &View<'_>, node: &Node, output: ValueId) -> Option<ValueId> {
    use OpType as O;
    let first = node.input(0)?;
    let reshapes = || same_shape(view, first, output);
    let same = match node.op {
        O::Cast | O::CastLike => same_dtype(view, first, output),
        O::Reshape | O::Flatten | O::Squeeze | O::Unsqueeze | O::Expand => reshapes(),
        O::Tile => reshapes() && !has_empty(view, first),
        O::Transpose => permutation(view, node)?.iter().enumerate().all(|(to, &from)| to == from),
        O::Slice => reshapes() && steps_forward(view, node),
        O::Pad => pads(view, node)?.iter().all(|&pad| pad == 0),
        O::Resize => resizes_by_one(view, node, first, output),
        O::Split => node.outputs.len() == 1,
        O::ReduceSum | O::ReduceMean | O::ReduceMax | O::ReduceMin | O::ReduceProd => {
            reshapes() && reduces_single_elements(view, node, first)
        }
        O::Clip => node.inputs.iter().skip(1).all(Option::is_none) && no_attributes(node),
        O::Add | O::Mul | O::Or | O::And | O::Xor | O::BitwiseOr | O::BitwiseXor => {
            let second = node.input(1)?;
            let neutral = neutral(&node.op);
            return [(first, second), (second, first)]
                .into_iter()
                .find(|&(kept, other)| uniform(view, other) == Some(neutral) && keeps(view, kept, other, output))
                .map(|(kept, _)| kept);
        }
        O::Sub | O::Div | O::Pow | O::BitShift => {
            let second = node.input(1)?;
            uniform(view, second) == Some(neutral(&node.op))
                && keeps(view, first, second, output)
                && same_dtype(view, first, output)
        }
        O::Where => return chosen(view, node, output),
        _ => false,
    };
    same.then_some(first)
}

/// What changes nothing on the right of the operator.
fn neutral(op: &OpType) -> f64 {
    f64::from(matches!(op, OpType::Mul | OpType::Div | OpType::Pow | OpType::And))
}

/// True if the output has the shape of `kept`: a scalar does not broadcast it.
fn keeps(view: &View<'_>, kept: ValueId, other: ValueId, output: ValueId) -> bool {
    same_shape(view, kept, output) || view.dims(other).is_some_and(|dims| dims.is_empty())
}

fn chosen(view: &View<'_>, node: &Node, output: ValueId) -> Option<ValueId> {
    let (condition, one, other) = (node.input(0)?, node.input(1)?, node.input(2)?);
    if one == other && same_shape(view, one, output) {
        return Some(one);
    }
    let value = if uniform(view, condition)? == 0.0 { other } else { one };
    same_shape(view, value, output).then_some(value)
}

fn has_empty(view: &View<'_>, value: ValueId) -> bool {
    view.dims(value).is_none_or(|dims| dims.contains(&Dim::Known(0)))
}

fn steps_forward(view: &View<'_>, node: &Node) -> bool {
    let Some(steps) = node.input(4) else { return true };
    view.ints(steps).is_some_and(|steps| steps.iter().all(|&step| step == 1))
}

fn pads(view: &View<'_>, node: &Node) -> Option<Vec<i64>> {
    let pads = list(view, node, "pads", 1)?;
    // before opset 2 the attribute had another name, and an empty list is none of ours
    (!pads.is_empty()).then_some(pads)
}

fn no_attributes(node: &Node) -> bool {
    node.attributes.is_empty()
}

fn reduces_single_elements(view: &View<'_>, node: &Node, input: ValueId) -> bool {
    let Some(dims) = view.dims(input) else { return false };
    let Some(axes) = axes(view, node, dims.len()) else { return false };
    if axes.is_empty() {
        return node.int("noop_with_empty_axes") == Some(1) || dims.iter().all(|dim| *dim == Dim::Known(1));
    }
    axes.iter().all(|&axis| dims.get(axis) == Some(&Dim::Known(1)))
}

/// True if every scale is exactly 1, or the sizes are those of the input and nothing is cropped.
fn resizes_by_one(view: &View<'_>, node: &Node, input: ValueId, output: ValueId) -> bool {
    let crops = node.str("coordinate_transformation_mode") == Some("tf_crop_and_resize");
    if crops || node.attribute("axes").is_some() || view.opset() < 11 {
        return false;
    }
    let scales = node.input(2).filter(|&scales| view.dims(scales).is_none_or(|dims| *dims != [Dim::Known(0)]));
    if let Some(scales) = scales {
        uniform(view, scales) == Some(1.0)
    } else {
        let stretch = node.str("keep_aspect_ratio_policy").is_none_or(|policy| policy == "stretch");
        stretch && node.input(3).is_some() && same_shape(view, input, output)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::proof::{becomes, becomes_at, stays, stays_at};

    /// Asserts that a call which gives `a` of `x` goes, with the constants that it alone reads.
    #[track_caller]
    fn goes(input: &str, constants: &[&str], call: &str) {
        let call = format!("a = {call}");
        let lines = [&[input][..], constants, &[&call, "y = Relu(a)", "-> y"]].concat();
        becomes(DropNoops, &lines, &["y = Relu(x)"]);
    }

    /// Asserts that it does not.
    #[track_caller]
    fn remains(input: &str, constants: &[&str], call: &str) {
        let call = format!("a = {call}");
        stays(DropNoops, &[&[input][..], constants, &[&call, "y = Identity(a)", "-> y"]].concat());
    }

    #[test]
    fn a_cast_to_the_same_type_goes() {
        goes("x: float32[n]", &[], "Cast(x) to=1");
        goes("x: float32[n]", &["k = float32 [2]"], "CastLike(x, k)");
        remains("x: float32[n]", &[], "Cast(x) to=7");
        remains("x: float32[n]", &["k = int64 [2]"], "CastLike(x, k)");
    }

    #[test]
    fn a_view_of_the_same_shape_goes() {
        goes("x: float32[n, 4]", &["k = int64 [-1, 4]"], "Reshape(x, k)");
        goes("x: float32[n, 4]", &[], "Flatten(x) axis=1");
        goes("x: float32[n, 4]", &["k = int64 [1, 4]"], "Expand(x, k)");
        goes("x: float32[n, 4]", &["k = int64 [1, 1]"], "Tile(x, k)");
        remains("x: float32[n, m]", &["k = int64 [-1, 4]"], "Reshape(x, k)");
        remains("x: float32[n, 4, 2]", &[], "Flatten(x) axis=1");
        remains("x: float32[n, 1]", &["k = int64 [1, 4]"], "Expand(x, k)");
        remains("x: float32[n, 4]", &["k = int64 [1, 2]"], "Tile(x, k)");
    }

    #[test]
    fn a_transposition_goes_by_its_order_and_not_by_its_shape() {
        goes("x: float32[n, m]", &[], "Transpose(x) perm=[0, 1]");
        remains("x: float32[n, n]", &[], "Transpose(x) perm=[1, 0]");
        remains("x: float32[n, n]", &[], "Transpose(x)");
    }

    #[test]
    fn a_slice_of_all_goes_unless_it_turns_round() {
        let all = ["s = int64 [0]", "e = int64 [9223372036854775807]", "l = int64 [1]"];
        goes("x: float32[n, 4]", &all, "Slice(x, s, e, l)");
        let reversed = ["s = int64 [-1]", "e = int64 [-9223372036854775807]", "l = int64 [1]", "d = int64 [-1]"];
        remains("x: float32[n, 4]", &reversed, "Slice(x, s, e, l, d)");
        remains("x: float32[n, 4]", &["s = int64 [1]", "e = int64 [4]", "l = int64 [1]"], "Slice(x, s, e, l)");
    }

    #[test]
    fn pads_of_nothing_go() {
        goes("x: float32[n, 4]", &["p = int64 [0, 0, 0, 0]"], "Pad(x, p)");
        // as long as before, and moved
        remains("x: float32[n, 4]", &["p = int64 [0, 1, 0, -1]"], "Pad(x, p)");
    }

    #[test]
    fn arithmetic_with_what_changes_nothing_goes() {
        goes("x: float32[n, 4]", &["k = float32 0"], "Add(x, k)");
        goes("x: float32[n, 4]", &["k = float32 0"], "Add(k, x)");
        goes("x: float32[n, 4]", &["k = float32 [1, 1, 1, 1]"], "Mul(k, x)");
        goes("x: float32[n, 4]", &["k = float32 0"], "Sub(x, k)");
        goes("x: float32[n, 4]", &["k = float32 1"], "Div(x, k)");
        goes("x: float32[n, 4]", &["k = float32 1"], "Pow(x, k)");
        goes("x: float32[n, 4]", &["k = int64 1"], "Pow(x, k)");
        remains("x: float32[n, 4]", &["k = float32 0"], "Sub(k, x)");
        remains("x: float32[n, 4]", &["k = float32 1"], "Div(k, x)");
        remains("x: float32[n, 4]", &["k = float32 0"], "Mul(x, k)");
        remains("x: float32[n, 4]", &["k = float32 [1, 1, 1, 2]"], "Mul(x, k)");
        // the constant makes it larger
        remains("x: float32[4]", &["k = float32[2, 4] [0, 0, 0, 0, 0, 0, 0, 0]"], "Add(x, k)");
        remains("x: float32[n]", &["k = float32[1, 1] [1]"], "Mul(x, k)");
    }

    #[test]
    fn logic_with_what_changes_nothing_goes() {
        let proved = |constant: &str, call: &str, goes: bool| {
            let call = format!("a = {call}");
            let lines = ["x: bool[n]", constant, &call, "y = Not(a)", "-> y"];
            if goes { becomes(DropNoops, &lines, &["y = Not(x)"]) } else { stays(DropNoops, &lines) }
        };
        proved("k = bool 1", "And(x, k)", true);
        proved("k = bool 0", "Or(k, x)", true);
        proved("k = bool 0", "Xor(x, k)", true);
        proved("k = bool 0", "And(x, k)", false);
        proved("k = bool 1", "Or(x, k)", false);
    }

    #[test]
    fn a_choice_that_is_known_goes() {
        goes("x: float32[n, 4]", &["c = bool 1", "k = float32 7"], "Where(c, x, k)");
        goes("x: float32[n, 4]", &["c = bool [0, 0, 0, 0]", "k = float32 7"], "Where(c, k, x)");
        goes("x: float32[n, 4]", &["c = bool [0, 1, 0, 1]"], "Where(c, x, x)");
        remains("x: float32[n, 4]", &["c = bool [0, 1, 0, 1]", "k = float32 7"], "Where(c, x, k)");
        // the condition makes it larger
        remains("x: float32[4]", &["c = bool[2, 1] [1, 1]", "k = float32 7"], "Where(c, x, k)");
    }

    #[test]
    fn a_reduction_over_single_elements_goes() {
        goes("x: float32[n, 1]", &["l = int64 [1]"], "ReduceSum(x, l) keepdims=1");
        goes("x: float32[n, m]", &[], "ReduceMax(x) noop_with_empty_axes=1");
        remains("x: float32[n, 1]", &["l = int64 [1]"], "ReduceSum(x, l) keepdims=0");
        remains("x: float32[1, n]", &["l = int64 [1]"], "ReduceMean(x, l) keepdims=1");
    }

    #[test]
    fn a_resize_by_one_goes_unless_it_crops() {
        let scales = ["s = float32 [1, 1, 1, 1]"];
        goes("x: float32[1, 1, 4, 4]", &scales, "Resize(x, _, s) mode=\"linear\"");
        let crop = ["r = float32 [0, 0, 0, 0, 1, 1, 0.5, 0.5]", scales[0]];
        let cropped = "Resize(x, r, s) mode=\"linear\" coordinate_transformation_mode=\"tf_crop_and_resize\"";
        remains("x: float32[1, 1, 4, 4]", &crop, cropped);
        remains("x: float32[1, 1, 4, 4]", &["s = float32 [1, 1, 2, 2]"], "Resize(x, _, s) mode=\"nearest\"");
    }

    #[test]
    fn a_split_of_one_and_a_clip_without_limits_go() {
        goes("x: float32[n, 4]", &[], "Split(x) axis=1 num_outputs=1");
        goes("x: float32[n, 4]", &[], "Clip(x)");
        remains("x: float32[n, 4]", &["k = float32 0"], "Clip(x, k)");
    }

    #[test]
    fn older_opsets_say_the_same_by_attributes() {
        let model = |call: &'static str| ["x: float32[n, 4]", call, "y = Relu(a)", "-> y"];
        becomes_at(10, DropNoops, &model("a = Pad(x) pads=[0, 0, 0, 0]"), &["y = Relu(x)"]);
        stays_at(10, DropNoops, &model("a = Pad(x) pads=[0, 1, 0, 0]"));
        becomes_at(10, DropNoops, &model("a = Clip(x)"), &["y = Relu(x)"]);
        stays_at(10, DropNoops, &model("a = Clip(x) min=-0.5"));
    }
}
