//! Replaces computed shapes by constants that say "as it was" and "the rest".

use crate::ir::infer::value::Item;
use crate::ir::{Attribute, Dim, Node, NodeId, OpType, ValueId};
use crate::passes::constant;
use crate::passes::{Pass, Patch, View};

/// Replaces computed shapes by constants: in `Reshape`, 0 copies a dimension of the input and one -1 stands for the rest;
/// in `Expand`, 1 keeps a dimension of the input.
///
/// Dimensions that stay symbols stay dynamic, and the arithmetic that computed them goes.
pub(super) struct ConstantShapes;

impl Pass for ConstantShapes {
    fn name(&self) -> &'static str {
        "constant_shapes"
    }

    fn about(&self) -> &'static str {
        "replace computed shapes by constants that copy dimensions of the input and leave one open"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        let patch = |(id, node): (NodeId, &Node)| {
            let (input, shape, output) = (node.input(0)?, node.input(1)?, node.output(0)?);
            if view.tensor(shape).is_some() {
                return None;
            }
            let values = match node.op {
                OpType::Reshape => reshape(view, node, input, shape, output)?,
                OpType::Expand => expand(view, input, shape)?,
                _ => return None,
            };
            let mut patch = Patch::remove([id]);
            let shape = patch.tensor(format!("{}_shape", view.value(output).name), constant::list(&values));
            // 0 means a copy from here on
            let attributes: Vec<Attribute> =
                node.attributes.iter().filter(|attribute| attribute.name != "allowzero").cloned().collect();
            patch.node_giving(node.op.clone(), [input.into(), shape], attributes, [Some(output)]);
            Some(patch)
        };
        view.graph.nodes().filter_map(patch).collect()
    }
}

fn reshape(view: &View<'_>, node: &Node, input: ValueId, shape: ValueId, output: ValueId) -> Option<Vec<i64>> {
    if view.opset() < 5 {
        return None;
    }
    let wanted: Vec<Dim> = if let Some(dims) = view.dims(output) {
        dims.to_vec()
    } else {
        let elements = view.elements(shape)?;
        let copies = node.int("allowzero") != Some(1);
        let dim = |item: &Item| if copies && *item == Item::Int(0) { Dim::Unknown } else { item.to_dim() };
        elements.items.iter().map(dim).collect()
    };
    spell(&view.dims(input)?, &wanted)
}

/// The constant that `Reshape` needs to make `wanted` of `from`; `None` if there is none.
///
/// A dimension of 0 elements cannot be said together with a -1, so it is left alone.
pub(super) fn spell(from: &[Dim], wanted: &[Dim]) -> Option<Vec<i64>> {
    let mut values = Vec::with_capacity(wanted.len());
    for (place, dim) in wanted.iter().enumerate() {
        values.push(match dim {
            Dim::Known(0) => return None,
            Dim::Known(dim) => i64::try_from(*dim).ok()?,
            Dim::Unknown => -1,
            dim if from.get(place) == Some(dim) => 0,
            _ => -1,
        });
    }
    let open = values.iter().filter(|&&value| value == -1).count();
    (open <= 1).then_some(values)
}

fn expand(view: &View<'_>, input: ValueId, shape: ValueId) -> Option<Vec<i64>> {
    let (elements, dims) = (view.elements(shape)?, view.dims(input)?);
    let rank = elements.items.len();
    let mut values = Vec::with_capacity(rank);
    for (place, item) in elements.items.iter().enumerate() {
        let dim = place.checked_add(dims.len()).and_then(|at| at.checked_sub(rank)).and_then(|at| dims.get(at));
        values.push(match item {
            Item::Int(value) => *value,
            Item::Unknown | Item::Float(_) => return None,
            item if dim == Some(&item.to_dim()) && item.to_dim() != Dim::Unknown => 1,
            _ => return None,
        });
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::proof::{becomes, stays};

    #[test]
    fn a_shape_that_keeps_its_symbols_copies_them() {
        becomes(
            ConstantShapes,
            &[
                "x: float32[n, s, 8]",
                "i = int64 [0, 1]",
                "h = int64 [2, 4]",
                "a = Shape(x)",
                "b = Gather(a, i)",
                "c = Concat(b, h) axis=0",
                "y = Reshape(x, c)",
                "-> y",
            ],
            &["y_shape = int64 [0, 0, 2, 4]", "y = Reshape(x, y_shape)"],
        );
    }

    #[test]
    fn one_dimension_can_stay_open() {
        becomes(
            ConstantShapes,
            &[
                "x: float32[n, s, 8]",
                "t: float32[s]",
                "h = int64 [8]",
                "a = Shape(t)",
                "c = Concat(a, h) axis=0",
                "m = int64 [-1]",
                "d = Concat(m, c) axis=0",
                "y = Reshape(x, d)",
                "-> y",
            ],
            &["y_shape = int64 [0, 0, 8]", "y = Reshape(x, y_shape)"],
        );
    }

    #[test]
    fn two_open_dimensions_are_computed() {
        stays(
            ConstantShapes,
            &[
                "x: float32[m, 8]",
                "t: float32[a, b]",
                "h = int64 [8]",
                "s = Shape(t)",
                "c = Concat(s, h) axis=0",
                "y = Reshape(x, c)",
                "-> y",
            ],
        );
    }

    #[test]
    fn an_expand_keeps_what_is_there_and_makes_the_rest() {
        becomes(
            ConstantShapes,
            &[
                "x: float32[n, 1]",
                "i = int64 [0]",
                "k = int64 [4]",
                "a = Shape(x)",
                "b = Gather(a, i)",
                "c = Concat(k, b, k) axis=0",
                "y = Expand(x, c)",
                "-> y",
            ],
            &["y_shape = int64 [4, 1, 4]", "y = Expand(x, y_shape)"],
        );
    }
}
