//! Drops nodes whose results nobody reads.

use crate::ir::Use;
use crate::passes::{Pass, Patch, View};

/// Drops nodes whose results nobody reads. Operators have no effects; one without outputs is kept all the same.
pub(super) struct DropDead;

impl Pass for DropDead {
    fn name(&self) -> &'static str {
        "drop_dead"
    }

    fn about(&self) -> &'static str {
        "drop nodes whose results nobody reads"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        let mut dead = vec![false; view.graph.node_capacity()];
        let mut chain = Vec::new();
        // readers come after what they read, so one walk from the end finds whole dead chains
        for (id, node) in view.graph.nodes().rev() {
            let alive = |place: &Use| match *place {
                Use::Input(reader, _) | Use::Capture(reader) => !dead[reader.index()],
                Use::Output(_) => true,
            };
            let mut outputs = node.outputs.iter().flatten().peekable();
            if outputs.peek().is_some() && !outputs.any(|&output| view.uses(output).iter().any(alive)) {
                dead[id.index()] = true;
                chain.push(id);
            }
        }
        // one patch: a dead node's reader, if any, is in it too
        if chain.is_empty() { Vec::new() } else { vec![Patch::remove(chain)] }
    }
}
