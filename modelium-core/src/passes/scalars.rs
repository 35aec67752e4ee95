//! Computes a list of one element as a list, where it was a scalar on the way.

use crate::ir::{Dim, Node, NodeId, OpType, ValueId};
use crate::passes::constant;
use crate::passes::known::is_unary;
use crate::passes::{Pass, Patch, Source, View};

/// Operators in a row that are looked at.
const MOST: usize = 8;

/// Takes one axis back to where it was dropped: `Unsqueeze(Mul(Squeeze(d), 2))` is `Mul(d, 2)` if `d` is a list of one
/// element. Shapes are computed so, axis by axis, where a model computes with its own dimensions.
///
/// Fires where the chain between is of operators that work element by element, each with one input that is not a constant
/// and read by nothing else, and begins with a `Squeeze` of a list of one or with a `Gather` of one element.
pub(super) struct LiftScalars;

impl Pass for LiftScalars {
    fn name(&self) -> &'static str {
        "lift_scalars"
    }

    fn about(&self) -> &'static str {
        "compute lists of one element as lists, not as scalars on the way"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        let ends = view.graph.nodes().filter(|(_, node)| matches!(node.op, OpType::Unsqueeze | OpType::Reshape));
        ends.filter_map(|(id, node)| lifted(view, id, node)).collect()
    }
}

fn lifted(view: &View<'_>, id: NodeId, end: &Node) -> Option<Patch> {
    let (mut value, output) = (end.input(0)?, end.output(0)?);
    if view.rank(value)? != 0 || !is_list_of_one(view, output) {
        return None;
    }
    // from the end to the beginning: the node, and which input comes from the one before
    let mut chain: Vec<(NodeId, &Node, usize)> = Vec::new();
    let (start, gather) = loop {
        let (below, node, 0) = view.producer(value)? else { return None };
        let first = node.input(0)?;
        match node.op {
            OpType::Squeeze | OpType::Reshape if is_list_of_one(view, first) => break (first, None),
            OpType::Gather if view.is_read_once(value) && view.rank(first)? == 1 => break (first, Some((below, node))),
            _ if chain.len() < MOST && view.is_read_once(value) => {
                let slot = variable_input(view, node)?;
                chain.push((below, node, slot));
                value = node.input(slot)?;
            }
            _ => return None,
        }
    };
    if chain.is_empty() && gather.is_none() {
        return None; // a view of a view
    }
    let mut gone = vec![id];
    gone.extend(chain.iter().map(|(id, ..)| *id).chain(gather.map(|(id, _)| id)));
    let mut patch = Patch::remove(gone);
    let mut source = Source::Value(start);
    if let Some((_, node)) = gather {
        let [index] = *view.ints(node.input(1)?)? else { return None };
        let index = patch.tensor("index", constant::list(&[index]));
        let inputs = [source, index];
        if chain.is_empty() {
            patch.node_giving(node.op.clone(), inputs, node.attributes.clone(), [Some(output)]);
            return Some(patch);
        }
        source = patch.node(node.op.clone(), inputs, node.attributes.clone());
    }
    for (left, (_, node, slot)) in chain.iter().enumerate().rev() {
        let mut inputs: Vec<Source> = node.inputs.iter().map(|&input| input.into()).collect();
        *inputs.get_mut(*slot)? = source;
        if left == 0 {
            patch.node_giving(node.op.clone(), inputs, node.attributes.clone(), [Some(output)]);
        } else {
            source = patch.node(node.op.clone(), inputs, node.attributes.clone());
        }
    }
    Some(patch)
}

fn is_list_of_one(view: &View<'_>, value: ValueId) -> bool {
    view.dims(value).as_deref() == Some(&[Dim::Known(1)])
}

/// The only input of an operator that works element by element which is not a constant scalar.
fn variable_input(view: &View<'_>, node: &Node) -> Option<usize> {
    if is_unary(&node.op) {
        return Some(0);
    }
    if !matches!(node.op, OpType::Add | OpType::Sub | OpType::Mul | OpType::Div) || view.opset() < 7 {
        return None;
    }
    let is_constant = |slot| node.input(slot).and_then(|input| view.tensor(input)).is_some_and(|it| it.dims.is_empty());
    match (is_constant(0), is_constant(1)) {
        (false, true) => Some(0),
        (true, false) => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::proof::{becomes, stays};

    #[test]
    fn a_dimension_that_is_computed_with_stays_a_list() {
        becomes(
            LiftScalars,
            &[
                "x: float32[n, 3, h]",
                "two = int64 2",
                "one = int64 1",
                "axis = int64 [0]",
                "s = Shape(x) start=2 end=3",
                "h = Squeeze(s)",
                "a = Mul(two, h)",
                "b = Add(a, one)",
                "y = Unsqueeze(b, axis)",
                "-> y",
            ],
            &["two = int64 2", "one = int64 1", "s = Shape(x) start=2 end=3", "mul = Mul(two, s)", "y = Add(mul, one)"],
        );
    }

    #[test]
    fn one_element_is_gathered_as_a_list() {
        becomes(
            LiftScalars,
            &[
                "x: float32[n, 3, h]",
                "k = int64 2",
                "axis = int64 [0]",
                "s = Shape(x)",
                "h = Gather(s, k) axis=0",
                "c = Cast(h) to=1",
                "y = Unsqueeze(c, axis)",
                "-> y",
            ],
            &["index = int64 [2]", "s = Shape(x)", "gather = Gather(s, index) axis=0", "y = Cast(gather) to=1"],
        );
    }

    #[test]
    fn what_is_read_as_a_scalar_too_stays() {
        stays(
            LiftScalars,
            &[
                "x: float32[n, 3, h]",
                "two = int64 2",
                "axis = int64 [0]",
                "s = Shape(x) start=2 end=3",
                "h = Squeeze(s)",
                "a = Mul(h, two)",
                "y = Unsqueeze(a, axis)",
                "z = Neg(a)",
                "-> y; z",
            ],
        );
        stays(
            LiftScalars,
            &[
                "x: float32[n, 3, h]",
                "axes = int64 [0, 1]",
                "s = Shape(x) start=2 end=3",
                "h = Squeeze(s)",
                "a = Neg(h)",
                "y = Unsqueeze(a, axes)",
                "-> y",
            ],
        );
    }
}
