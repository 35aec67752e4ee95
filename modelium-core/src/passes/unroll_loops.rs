//! Puts the few rounds of a `Loop` one after the other.

use crate::ir::{Attribute, AttributeValue, Graph, Node, NodeId, OpType};
use crate::passes::constant::{self, of_ints, uniform, uniform_of};
use crate::passes::{Pass, Patch, Source, View};
use crate::tensor::DType;

/// The most nodes that come of a loop.
const MOST_NODES: usize = 32;

/// Puts the few rounds of a `Loop` one after the other, where their number is a constant and no condition ends it before.
pub(super) struct UnrollLoops;

impl Pass for UnrollLoops {
    fn name(&self) -> &'static str {
        "unroll_loops"
    }

    fn about(&self) -> &'static str {
        "put the few rounds of a Loop one after the other"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        let loops =
            view.graph.nodes().filter(|(_, node)| node.op == OpType::Loop && view.opset() >= 13 && view.site.spends);
        loops.filter_map(|(id, node)| unrolled(view, id, node)).collect()
    }
}

fn unrolled(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    let Some(AttributeValue::Graph(body)) = node.attribute("body") else { return None };
    let starts = node.input(1).is_none_or(|condition| uniform(view, condition) == Some(1.0));
    let [trips] = *view.ints(node.input(0)?)?.as_slice() else { return None };
    let trips = usize::try_from(trips).ok().filter(|&trips| trips > 0)?;
    if !starts || !goes_on(body) || body.node_count().checked_mul(trips)? > MOST_NODES {
        return None;
    }
    // an Identity of a sequence is an operator of its own
    if node.outputs.iter().flatten().any(|&output| view.dtype(output).is_none()) {
        return None;
    }
    let carried = body.inputs.len().checked_sub(2)?;
    let mut patch = Patch::remove([id]);
    let mut values: Vec<Source> = node.inputs.iter().skip(2).map(|&input| input.into()).collect();
    let mut rows: Vec<Vec<Source>> = Vec::new();
    let zero = patch.tensor("axis", constant::list(&[0]));
    let go = patch.tensor("condition", of_ints(DType::Bool, vec![], &[1])?);
    for trip in 0..i64::try_from(trips).ok()? {
        let trip = patch.tensor("iteration", of_ints(DType::Int64, vec![], &[trip])?);
        let inputs: Vec<Source> = [trip, go].into_iter().chain(values.iter().copied()).collect();
        let outputs = patch.body(view.graph, body, &inputs)?;
        let (next, scanned) = outputs.get(1..)?.split_at_checked(carried)?;
        values = next.to_vec();
        rows.resize(scanned.len(), Vec::new());
        for (row, &value) in rows.iter_mut().zip(scanned) {
            row.push(patch.node(OpType::Unsqueeze, [value, zero], vec![]));
        }
    }
    for row in rows {
        let axis = vec![Attribute::new("axis", AttributeValue::Int(0))];
        values.push(patch.node(OpType::Concat, row, axis));
    }
    patch.give(node, &values).then_some(patch)
}

/// True if the body's condition is true in each round.
fn goes_on(body: &Graph) -> bool {
    let Some(mut value) = body.outputs.first().map(|port| port.value) else { return false };
    for _ in 0..8 {
        if body.inputs.get(1).is_some_and(|port| port.value == value) {
            return true;
        }
        if let Some(constant) = body.initializers.iter().find(|initializer| initializer.value == value) {
            return uniform_of(&constant.tensor) == Some(1.0);
        }
        let Some(node) = body.value(value).producer.and_then(|(id, _)| body.node(id)) else { return false };
        match (&node.op, node.input(0)) {
            (OpType::Identity | OpType::Cast, Some(input)) => value = input,
            (OpType::Constant, _) => {
                let Some(AttributeValue::Tensor(tensor)) = node.attribute("value") else { return false };
                return uniform_of(tensor) == Some(1.0);
            }
            _ => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::sketch;
    use crate::passes::proof::simplified;

    fn looping(condition: &str) -> Vec<String> {
        let body = sketch::graph(&[
            "i: int64[]",
            "c: bool[]",
            "v: float32[n]",
            condition,
            "w = Add(v, x)",
            "r = Neg(w)",
            "-> d; w; r",
        ]);
        let lines = ["x: float32[n]", "m = int64 2", "y, s = Loop(m, _, x) body=@b", "-> y; s"];
        let found = simplified(sketch::model_with(21, &lines, &[("b", body)]), UnrollLoops);
        sketch::lines(&found.graph).into_iter().filter(|line| line.contains('(')).collect()
    }

    #[test]
    fn rounds_follow_each_other() {
        assert_eq!(
            looping("d = Identity(c)"),
            [
                "d_1 = Identity(condition)",
                "w_1 = Add(x, x)",
                "r_1 = Neg(w_1)",
                "unsqueeze = Unsqueeze(r_1, axis)",
                "w_2 = Add(w_1, x)",
                "r_2 = Neg(w_2)",
                "unsqueeze_1 = Unsqueeze(r_2, axis)",
                "concat = Concat(unsqueeze, unsqueeze_1) axis=0",
                "y = Identity(w_2)",
                "s = Identity(concat)"
            ][1..]
        );
    }

    #[test]
    fn a_condition_that_can_end_it_keeps_the_loop() {
        assert_eq!(looping("d = Not(c)").len(), 1);
    }
}
