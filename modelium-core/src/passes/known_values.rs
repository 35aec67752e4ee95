//! Puts constants where inference knows every element.

use crate::ir::infer::value::Item;
use crate::ir::{NodeId, OpType, ValueId};
use crate::passes::constant::{instead, of_ints, of_numbers};
use crate::passes::{Pass, Patch, View};
use crate::tensor::Tensor;

/// Puts constants where inference knows every element: shape arithmetic that comes to numbers, whatever the symbols are.
///
/// The results are small: inference follows no large tensors.
pub(super) struct KnownValues;

impl Pass for KnownValues {
    fn name(&self) -> &'static str {
        "known_values"
    }

    fn about(&self) -> &'static str {
        "put constants where shape arithmetic comes to numbers"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        let patch = |(id, node): (NodeId, &crate::ir::Node)| {
            let mut outputs = node.outputs.iter().flatten();
            let (&output, None) = (outputs.next()?, outputs.next()) else { return None };
            if node.op == OpType::Constant || view.is_output(output) || view.uses(output).is_empty() {
                return None;
            }
            Some(instead(view, id, output, known(view, output)?))
        };
        view.graph.nodes().filter_map(patch).collect()
    }
}

fn known(view: &View<'_>, value: ValueId) -> Option<Tensor> {
    let (dtype, elements) = (view.dtype(value)?, view.elements(value)?);
    let whole = elements.items.iter().all(|item| matches!(item, Item::Int(_)));
    if whole && let Some(tensor) = of_ints(dtype, elements.dims.clone(), &elements.ints()?) {
        return Some(tensor);
    }
    of_numbers(dtype, elements.dims.clone(), &elements.floats()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::proof::{becomes, stays};

    #[test]
    fn shape_arithmetic_that_comes_to_numbers_is_a_constant() {
        becomes(
            KnownValues,
            &[
                "x: float32[n, 3, 4]",
                "i = int64 [1, 2]",
                "two = int64 2",
                "s = Shape(x)",
                "d = Gather(s, i)",
                "t = Mul(d, two)",
                "y = ConstantOfShape(t)",
                "-> y",
            ],
            &["t = int64 [6, 8]", "y = ConstantOfShape(t)"],
        );
    }

    #[test]
    fn symbols_that_cancel_leave_a_number() {
        becomes(
            KnownValues,
            &[
                "x: float32[n, 4]",
                "i = int64 [0]",
                "three = int64 [3]",
                "s = Shape(x)",
                "n = Gather(s, i)",
                "m = Add(n, three)",
                "d = Sub(m, n)",
                "y = ConstantOfShape(d)",
                "-> y",
            ],
            &["d = int64 [3]", "y = ConstantOfShape(d)"],
        );
    }

    #[test]
    fn comparisons_and_other_types_come_to_constants_too() {
        becomes(
            KnownValues,
            &[
                "x: float32[n, 3]",
                "i = int64 1",
                "four = int64 4",
                "s = Shape(x)",
                "d = Gather(s, i)",
                "e = Less(d, four)",
                "f = Cast(d) to=1",
                "p = Mul(x, f)",
                "y = Where(e, p, x)",
                "-> y",
            ],
            &["e = bool 1", "f = float32 3", "p = Mul(x, f)", "y = Where(e, p, x)"],
        );
    }

    #[test]
    fn a_size_that_depends_on_a_symbol_and_an_output_of_the_graph_stay() {
        stays(
            KnownValues,
            &[
                "x: float32[n, 3]",
                "i = int64 [0]",
                "s = Shape(x)",
                "d = Gather(s, i)",
                "y = ConstantOfShape(d)",
                "-> y",
            ],
        );
        stays(KnownValues, &["x: float32[2, 3]", "y = Shape(x)", "-> y"]);
    }
}
