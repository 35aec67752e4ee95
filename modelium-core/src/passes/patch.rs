//! The unit of change.

use std::collections::HashSet;

use crate::ir::{Graph, Initializer, NodeId, Use, ValueId};
use crate::tensor::Tensor;

/// One independent change of one graph.
#[derive(Debug, Clone, Default)]
pub struct Patch {
    remove: Vec<NodeId>,
    redirect: Option<(ValueId, ValueId)>,
    constants: Vec<(ValueId, Tensor)>,
    drop_initializers: Vec<ValueId>,
}

impl Patch {
    /// Takes nodes out. What they computed must be read by nobody, or be redirected or made constant by this patch.
    pub fn remove(nodes: impl IntoIterator<Item = NodeId>) -> Self {
        Self { remove: nodes.into_iter().collect(), ..Self::default() }
    }

    /// Takes initializers out that nobody reads.
    pub fn drop_initializers(values: impl IntoIterator<Item = ValueId>) -> Self {
        Self { drop_initializers: values.into_iter().collect(), ..Self::default() }
    }

    /// Who read `from` reads `to` instead.
    #[must_use]
    pub fn redirect(mut self, from: ValueId, to: ValueId) -> Self {
        self.redirect = Some((from, to));
        self
    }

    /// The value is an initializer from now on.
    #[must_use]
    pub fn constant(mut self, value: ValueId, tensor: Tensor) -> Self {
        self.constants.push((value, tensor));
        self
    }
}

/// What one patch did: what went and what came, as people call it.
pub(super) type Change = (Vec<String>, Vec<String>);

/// Applies patches that one look at the graph gave, in time linear in the graph and the patches.
///
/// A patch is left out if an earlier one took what it is about, or if it cannot be applied without touching the names
/// that callers and subgraphs rely on.
pub(super) fn apply(graph: &mut Graph, patches: Vec<Patch>) -> Vec<Change> {
    if patches.is_empty() {
        return Vec::new();
    }
    let uses = graph.uses();
    let mut edit = Edit { graph, uses, dead: HashSet::new() };
    let changes = patches.into_iter().filter_map(|patch| edit.apply(patch)).collect();
    let dead = edit.dead;
    graph.remove_nodes(|id| dead.contains(&id));
    changes
}

/// A graph while patches are applied: who reads what is kept up to date, and nodes go all at once at the end.
struct Edit<'g> {
    graph: &'g mut Graph,
    uses: Vec<Vec<Use>>,
    dead: HashSet<NodeId>,
}

impl Edit<'_> {
    fn apply(&mut self, patch: Patch) -> Option<Change> {
        if patch.remove.iter().any(|id| self.dead.contains(id)) {
            return None;
        }
        let labels = |id: &NodeId| self.graph.node(*id).map(|node| node.label(self.graph));
        let mut removed: Vec<String> = patch.remove.iter().filter_map(labels).collect();
        if let Some((from, to)) = patch.redirect
            && !self.redirect(&patch.remove, from, to)
        {
            return None;
        }
        self.dead.extend(patch.remove);
        let initializer = |graph: &Graph, value| format!("'{}' (initializer)", graph.value(value).name);
        let mut added = Vec::new();
        for (value, tensor) in patch.constants {
            added.push(initializer(self.graph, value));
            self.graph.initializers.push(Initializer { value, tensor });
        }
        if !patch.drop_initializers.is_empty() {
            removed.extend(patch.drop_initializers.iter().map(|&value| initializer(self.graph, value)));
            let gone: HashSet<ValueId> = patch.drop_initializers.into_iter().collect();
            self.graph.initializers.retain(|initializer| !gone.contains(&initializer.value));
            self.graph.sparse_initializers.retain(|initializer| !gone.contains(&initializer.value));
        }
        Some((removed, added))
    }

    fn is_output(&self, value: ValueId) -> bool {
        self.uses[value.index()].iter().any(|place| matches!(place, Use::Output(_)))
    }

    fn is_captured(&self, value: ValueId) -> bool {
        self.uses[value.index()].iter().any(|place| matches!(place, Use::Capture(_)))
    }

    /// Redirects readers of `from` to `to`. A graph's output keeps its name: then the producer of `to` computes `from`
    /// instead, and the readers of `to` follow.
    fn redirect(&mut self, remove: &[NodeId], from: ValueId, to: ValueId) -> bool {
        if self.is_captured(from) {
            return false;
        }
        let (gone, stays) = if self.is_output(from) { (to, from) } else { (from, to) };
        if gone == to {
            let Some((producer, slot)) = self.graph.value(to).producer else { return false };
            let busy = remove.contains(&producer) || self.dead.contains(&producer);
            if busy || self.is_output(to) || self.is_captured(to) {
                return false;
            }
            self.graph.set_output(producer, slot, from);
        }
        for place in std::mem::take(&mut self.uses[gone.index()]) {
            if let Use::Input(node, slot) = place {
                self.graph.set_input(node, slot, stays);
            }
            self.uses[stays.index()].push(place);
        }
        true
    }
}
