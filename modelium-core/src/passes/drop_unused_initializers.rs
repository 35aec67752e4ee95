//! Drops constants that nobody reads.

use std::collections::HashSet;

use crate::passes::{Pass, Patch, View};

/// Drops constants that nobody reads. One that is an input as well stays: it is that input's default.
pub(super) struct DropUnusedInitializers;

impl Pass for DropUnusedInitializers {
    fn name(&self) -> &'static str {
        "drop_unused_initializers"
    }

    fn about(&self) -> &'static str {
        "drop constants that nobody reads"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        let graph = view.graph;
        let inputs: HashSet<_> = graph.inputs.iter().map(|port| port.value).collect();
        let dense = graph.initializers.iter().map(|initializer| initializer.value);
        let sparse = graph.sparse_initializers.iter().map(|initializer| initializer.value);
        let unused: Vec<_> =
            dense.chain(sparse).filter(|&value| view.uses(value).is_empty() && !inputs.contains(&value)).collect();
        if unused.is_empty() { Vec::new() } else { vec![Patch::drop_initializers(unused)] }
    }
}
