//! Merges transposes, and moves them to where they meet.

use crate::ir::{Attribute, AttributeValue, Node, NodeId, OpType, ValueId};
use crate::passes::known::{axis, both_ways, is_unary, perm, permutation, signed};
use crate::passes::{Pass, Patch, Source, View};

/// The most operators between two transposes that cancel.
const MOST: usize = 8;

/// Merges transposes in a row, and lets those that meet behind elementwise operators cancel: `Transpose → Relu →
/// Transpose` back is `Relu`; a sum or a concatenation of values that are transposed in the same way is transposed once.
pub(super) struct MergeTransposes;

impl Pass for MergeTransposes {
    fn name(&self) -> &'static str {
        "merge_transposes"
    }

    fn about(&self) -> &'static str {
        "merge transposes in a row, and those that meet behind elementwise operators"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        let patch = |(id, node): (NodeId, &Node)| match node.op {
            OpType::Transpose => in_a_row(view, id, node).or_else(|| around_elementwise(view, id, node)),
            OpType::Concat => behind_concat(view, id, node),
            OpType::Add | OpType::Sub | OpType::Mul | OpType::Div => behind_binary(view, id, node),
            _ => None,
        };
        view.graph.nodes().filter_map(patch).collect()
    }
}

/// The transpose that computes a value: its input and permutation.
fn transposed(view: &View<'_>, value: ValueId) -> Option<(ValueId, Vec<usize>)> {
    let (_, node) = view.produced_by(value, &OpType::Transpose)?;
    Some((node.input(0)?, permutation(view, node)?))
}

fn in_a_row(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    let (from, first) = transposed(view, node.input(0)?)?;
    let second = permutation(view, node)?;
    let both: Vec<usize> = second.iter().map(|&at| first.get(at).copied()).collect::<Option<_>>()?;
    let output = node.output(0)?;
    let mut patch = Patch::remove([id]);
    if is_identity(&both) && !view.is_captured(output) {
        let kept =
            view.is_output(output) && (view.producer(from).is_none() || view.is_output(from) || view.is_captured(from));
        if !kept {
            return Some(patch.redirect(output, from));
        }
    }
    patch.node_giving(OpType::Transpose, [from.into()], perm(&both), [Some(output)]);
    Some(patch)
}

fn is_identity(perm: &[usize]) -> bool {
    perm.iter().enumerate().all(|(to, &from)| to == from)
}

/// `Transpose → elementwise … → Transpose` back, each read once: the elementwise operators alone.
fn around_elementwise(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    let back = permutation(view, node)?;
    let mut between: Vec<(NodeId, &Node, usize)> = Vec::new();
    let mut at = node.input(0)?;
    let (from, first, there) = loop {
        if !view.is_read_once(at) {
            return None;
        }
        let (above, above_node, 0) = view.producer(at)? else { return None };
        if above_node.op == OpType::Transpose {
            break (above_node.input(0)?, above, permutation(view, above_node)?);
        }
        if between.len() >= MOST {
            return None;
        }
        let slot = carried(view, above_node)?;
        between.push((above, above_node, slot));
        at = above_node.input(slot)?;
    };
    let both: Option<Vec<usize>> = back.iter().map(|&axis| there.get(axis).copied()).collect();
    if between.is_empty() || !is_identity(&both?) {
        return None;
    }
    let gone = between.iter().map(|&(id, ..)| id).chain([first, id]);
    let mut patch = Patch::remove(gone);
    let mut carry: Source = from.into();
    for (index, (_, op, slot)) in between.iter().enumerate().rev() {
        let mut inputs: Vec<Source> = op.inputs.iter().map(|&input| input.into()).collect();
        *inputs.get_mut(*slot)? = carry;
        if index == 0 {
            patch.node_giving(op.op.clone(), inputs, op.attributes.clone(), [node.output(0)]);
        } else {
            carry = patch.node(op.op.clone(), inputs, op.attributes.clone());
        }
    }
    Some(patch)
}

/// Which input an elementwise operator carries to its output, whatever the order of the axes.
fn carried(view: &View<'_>, node: &Node) -> Option<usize> {
    if is_unary(&node.op) {
        return Some(0);
    }
    let is_single = |value| view.tensor(value).is_some_and(|tensor| tensor.dims.is_empty());
    match node.op {
        OpType::Add | OpType::Sub | OpType::Mul | OpType::Div | OpType::Pow => {
            both_ways(node).into_iter().find(|&(_, other, _)| is_single(other)).map(|(.., slot)| slot)
        }
        OpType::Clip => node.inputs.iter().skip(1).flatten().all(|&bound| is_single(bound)).then_some(0),
        _ => None,
    }
}

/// `Concat` of values that are all transposed in the same way, each read once.
fn behind_concat(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    let sources: Vec<(ValueId, Vec<usize>)> = node
        .inputs
        .iter()
        .map(|input| input.filter(|&input| view.is_read_once(input)).and_then(|input| transposed(view, input)))
        .collect::<Option<_>>()?;
    let (_, first) = sources.first()?;
    if sources.len() < 2 || sources.iter().any(|(_, other)| other != first) {
        return None;
    }
    let joined = *first.get(axis(node.int("axis")?, first.len())?)?;
    let mut patch = Patch::remove([id]);
    let attributes = vec![Attribute::new("axis", AttributeValue::Int(signed(joined)))];
    let concat = patch.node(OpType::Concat, sources.iter().map(|&(value, _)| value.into()), attributes);
    patch.node_giving(OpType::Transpose, [concat], perm(first), [node.output(0)]);
    Some(patch)
}

/// `Add` and its like of two values of one rank that are transposed in the same way, each read once.
fn behind_binary(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    let (a, b) = (node.input(0)?, node.input(1)?);
    if a == b || !view.is_read_once(a) || !view.is_read_once(b) {
        return None;
    }
    let ((a, first), (b, second)) = (transposed(view, a)?, transposed(view, b)?);
    if first != second {
        return None;
    }
    let mut patch = Patch::remove([id]);
    let result = patch.node(node.op.clone(), [a.into(), b.into()], node.attributes.clone());
    patch.node_giving(OpType::Transpose, [result], perm(&first), [node.output(0)]);
    Some(patch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::proof::{becomes, stays};

    #[test]
    fn transposes_in_a_row_are_one() {
        becomes(
            MergeTransposes,
            &["x: float32[a, b, c]", "t = Transpose(x) perm=[1, 2, 0]", "y = Transpose(t) perm=[1, 0, 2]", "-> y"],
            &["y = Transpose(x) perm=[2, 1, 0]"],
        );
    }

    #[test]
    fn there_and_back_around_elementwise_operators_is_nothing() {
        becomes(
            MergeTransposes,
            &[
                "x: float32[a, b, c]",
                "k = float32 2",
                "t = Transpose(x) perm=[1, 2, 0]",
                "u = Relu(t)",
                "v = Mul(k, u)",
                "y = Transpose(v) perm=[2, 0, 1]",
                "-> y",
            ],
            &["k = float32 2", "relu = Relu(x)", "y = Mul(k, relu)"],
        );
    }

    #[test]
    fn a_sum_and_a_concatenation_are_transposed_once() {
        becomes(
            MergeTransposes,
            &[
                "x: float32[a, b, 2]",
                "z: float32[a, b, 2]",
                "t = Transpose(x) perm=[2, 0, 1]",
                "u = Transpose(z) perm=[2, 0, 1]",
                "y = Concat(t, u) axis=0",
                "-> y",
            ],
            &["concat = Concat(x, z) axis=2", "y = Transpose(concat) perm=[2, 0, 1]"],
        );
    }

    #[test]
    fn what_others_read_stays() {
        stays(
            MergeTransposes,
            &[
                "x: float32[a, b]",
                "t = Transpose(x) perm=[1, 0]",
                "u = Relu(t)",
                "z = Exp(u)",
                "y = Transpose(u) perm=[1, 0]",
                "-> y; z",
            ],
        );
    }
}
