//! Reads dimensions from the inputs of the graph.

use std::collections::HashMap;

use crate::ir::infer::value::Item;
use crate::ir::{Attribute, AttributeValue, Dim, Node, NodeId, OpType, ValueId};
use crate::passes::known::signed;
use crate::passes::{Pass, Patch, View};
use crate::tensor::DType;

/// Reads dimensions from the inputs of the graph, with one `Shape` of just those axes, instead of computing them.
///
/// From opset 15 on, where `Shape` takes a range of axes. All shapes that are the same then come from the same node.
pub(super) struct ShapeSources;

impl Pass for ShapeSources {
    fn name(&self) -> &'static str {
        "shape_sources"
    }

    fn about(&self) -> &'static str {
        "read dimensions from the inputs of the graph"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        if view.opset() < 15 {
            return Vec::new();
        }
        let sources = Sources::of(view);
        if sources.axes.is_empty() {
            return Vec::new();
        }
        view.graph.nodes().filter_map(|(id, node)| read(view, &sources, id, node)).collect()
    }
}

/// Where each symbol is read: the first axis of the first input that has it.
struct Sources<'v> {
    axes: HashMap<Dim, (ValueId, usize)>,
    view: &'v View<'v>,
}

impl<'v> Sources<'v> {
    fn of(view: &'v View<'_>) -> Self {
        let mut axes = HashMap::new();
        for port in &view.graph.inputs {
            let Some(dims) = view.dims(port.value) else { continue };
            for (axis, dim) in dims.iter().enumerate() {
                if matches!(dim, Dim::Symbol(_) | Dim::Expr(_)) {
                    axes.entry(dim.clone()).or_insert((port.value, axis));
                }
            }
        }
        Self { axes, view }
    }

    /// The input, and the range of its axes, whose dimensions these are.
    fn range(&self, items: &[Item]) -> Option<(ValueId, usize)> {
        let symbol = items.iter().position(|item| matches!(item.to_dim(), Dim::Symbol(_) | Dim::Expr(_)))?;
        let &(value, axis) = self.axes.get(&items.get(symbol)?.to_dim())?;
        let start = axis.checked_sub(symbol)?;
        let dims = self.view.dims(value)?;
        let here = dims.get(start..start.checked_add(items.len())?)?;
        let same = here.iter().zip(items).all(|(dim, item)| *dim != Dim::Unknown && *dim == item.to_dim());
        same.then_some((value, start))
    }
}

fn read(view: &View<'_>, sources: &Sources<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    let [Some(output)] = *node.outputs.as_slice() else { return None };
    if node.inputs.is_empty() || view.uses(output).is_empty() || view.dtype(output) != Some(DType::Int64) {
        return None;
    }
    let elements = view.elements(output)?;
    let (value, start) = sources.range(&elements.items)?;
    let end = start.checked_add(elements.items.len())?;
    let is_there = |node: &Node| {
        node.op == OpType::Shape
            && node.input(0) == Some(value)
            && node.int("start").unwrap_or(0) == signed(start)
            && node.int("end").is_none_or(|at| at == signed(end))
    };
    let attributes = vec![
        Attribute::new("start", AttributeValue::Int(signed(start))),
        Attribute::new("end", AttributeValue::Int(signed(end))),
    ];
    let mut patch = Patch::remove([id]);
    match elements.dims.as_slice() {
        [_] if !is_there(node) => {
            patch.node_giving(OpType::Shape, [value.into()], attributes, [Some(output)]);
        }
        [] => {
            let there = node.op == OpType::Squeeze && node.inputs.len() == 1;
            let above = node.input(0).and_then(|input| view.producer(input));
            if there && above.is_some_and(|(_, above, _)| is_there(above)) {
                return None;
            }
            let shape = patch.node(OpType::Shape, [value.into()], attributes);
            patch.node_giving(OpType::Squeeze, [shape], vec![], [Some(output)]);
        }
        _ => return None,
    }
    Some(patch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::proof::{becomes, becomes_at};

    const LINES: [&str; 8] = [
        "x: float32[n, 4, s]",
        "i = int64 2",
        "z = int64 [0]",
        "w: float32[s]",
        "a = Relu(x)",
        "b = Shape(a)",
        "c = Gather(b, i)",
        "d = Unsqueeze(c, z)",
    ];

    #[test]
    fn a_dimension_comes_straight_from_the_input() {
        let lines = [&LINES[..], &["y = ConstantOfShape(d)", "-> y"]].concat();
        becomes(ShapeSources, &lines, &["d = Shape(x) start=2 end=3", "y = ConstantOfShape(d)"]);
    }

    #[test]
    fn a_number_is_squeezed_out_of_it() {
        let lines = [&LINES[..7], &["y = Range(i, c, i)", "-> y"]].concat();
        becomes_at(
            21,
            ShapeSources,
            &lines,
            &["i = int64 2", "shape = Shape(x) start=2 end=3", "c = Squeeze(shape)", "y = Range(i, c, i)"],
        );
        becomes_at(
            14,
            ShapeSources,
            &lines,
            &["i = int64 2", "a = Relu(x)", "b = Shape(a)", "c = Gather(b, i)", "y = Range(i, c, i)"],
        );
    }
}
