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
