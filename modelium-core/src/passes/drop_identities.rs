//! Drops nodes that hand on their input unchanged.

use crate::ir::{Node, NodeId, OpType};
use crate::passes::{Pass, Patch, View};

/// Drops nodes that hand on their input unchanged: `Identity`, `Dropout` outside training, and `Concat`, `Sum`, `Max`,
/// `Min`, `Mean` of one input.
///
/// Stays where names forbid it: between a graph's input and its output, and where a subgraph reads the result by name.
pub(super) struct DropIdentities;

impl Pass for DropIdentities {
    fn name(&self) -> &'static str {
        "drop_identities"
    }

    fn about(&self) -> &'static str {
        "drop nodes that hand on their input unchanged"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        let is_false = |value| view.scalar(value) == Some(0.0);
        let read = |node: &Node, slot| node.output(slot).is_some_and(|output| !view.uses(output).is_empty());
        let hands_on = |node: &Node| match node.op {
            OpType::Identity => true,
            // from opset 12 an input says whether it is training; 7 to 11 never train
            OpType::Dropout if view.opset() >= 12 => node.input(2).is_none_or(is_false) && !read(node, 1),
            OpType::Dropout => view.opset() >= 7 && !read(node, 1),
            OpType::Concat | OpType::Sum | OpType::Max | OpType::Min | OpType::Mean => node.inputs.len() == 1,
            _ => false,
        };
        let patch = |(id, node): (NodeId, &Node)| {
            let (from, to) = (node.output(0)?, node.input(0)?);
            // without readers it is dead, not an identity
            (hands_on(node) && !view.uses(from).is_empty() && !view.is_captured(from))
                .then(|| Patch::remove([id]).redirect(from, to))
        };
        view.graph.nodes().filter_map(patch).collect()
    }
}
