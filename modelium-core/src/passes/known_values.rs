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
