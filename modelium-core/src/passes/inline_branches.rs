//! Puts the branch that is taken in the place of an `If` whose condition is known.

use crate::ir::{AttributeValue, Node, NodeId, OpType};
use crate::passes::constant::uniform;
use crate::passes::{Pass, Patch, View};

/// Puts the branch that is taken in the place of an `If` whose condition is known.
pub(super) struct InlineBranches;

impl Pass for InlineBranches {
    fn name(&self) -> &'static str {
        "inline_branches"
    }

    fn about(&self) -> &'static str {
        "put the branch that is taken in the place of an If whose condition is known"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        let branches = view.graph.nodes().filter(|(_, node)| node.op == OpType::If);
        branches.filter_map(|(id, node)| taken(view, id, node)).collect()
    }
}

fn taken(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    let name = if uniform(view, node.input(0)?)? == 0.0 { "else_branch" } else { "then_branch" };
    let Some(AttributeValue::Graph(branch)) = node.attribute(name) else { return None };
    // an Identity of a sequence is an operator of its own, and of an optional a later one
    let tensors = node.outputs.iter().flatten().all(|&output| view.dtype(output).is_some());
    if !tensors && view.opset() < 16 {
        return None;
    }
    Patch::splice(view.graph, id, node, branch, &[])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::sketch;
    use crate::passes::proof::simplified;

    #[test]
    fn the_branch_that_is_taken_remains() {
        let then = sketch::graph(&["k = float32 2", "t = Mul(x, k)", "-> t"]);
        let other = sketch::graph(&["e = Neg(x)", "-> e"]);
        let lines = ["x: float32[n]", "c = bool 1", "y = If(c) then_branch=@t else_branch=@e", "-> y"];
        let model = sketch::model_with(21, &lines, &[("t", then), ("e", other)]);
        let found = simplified(model, InlineBranches);
        assert_eq!(sketch::lines(&found.graph), ["k_1 = float32 2", "t_1 = Mul(x, k_1)", "y = Identity(t_1)"]);
    }

    #[test]
    fn what_an_inner_graph_captures_is_renamed_with_it() {
        let innermost = sketch::graph(&["u = Exp(t)", "-> u"]);
        let rest = sketch::graph(&["v = Identity(x)", "-> v"]);
        let lines = ["t = Relu(x)", "w = If(d) then_branch=@u else_branch=@v", "-> w"];
        let then = sketch::graph_with(&lines, &[("u", innermost), ("v", rest)]);
        let other = sketch::graph(&["e = Neg(x)", "-> e"]);
        let lines = ["x: float32[n]", "d: bool[]", "c = bool 1", "y = If(c) then_branch=@t else_branch=@e", "-> y"];
        let model = sketch::model_with(21, &lines, &[("t", then), ("e", other)]);
        let found = simplified(model, InlineBranches);
        assert_eq!(
            sketch::lines(&found.graph),
            [
                "t_1 = Relu(x)",
                "w_1 = If(d) then_branch={u = Exp(t_1)} else_branch={v = Identity(x)}",
                "y = Identity(w_1)"
            ]
        );
    }
}
