//! Applies patches: the one place where passes change a graph.

use std::collections::{HashMap, HashSet};

use crate::error::{Error, Result};
use crate::ir::{Attribute, AttributeValue, Graph, Initializer, Model, Node, NodeId, OpType, Use, ValueId};
use crate::passes::patch::{Fresh, NewNode, Patch, Source};
use crate::tensor::Tensor;

/// What one patch did: what went and what came, as people call it.
pub(super) type Change = (Vec<String>, Vec<String>);

/// Names that no new value may take: those of every graph of the model.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    /// For each base, the number to try next.
    next: HashMap<String, u64>,
}

impl Names {
    pub(super) fn of(model: &Model) -> Self {
        let values = model.graphs().into_iter().flat_map(Graph::values);
        Self { taken: values.map(|(_, value)| value.name.clone()).collect(), next: HashMap::new() }
    }

    /// `base`, or the first of `base_1`, `base_2`, … that no graph of the model has; taken from then on.
    pub(super) fn free(&mut self, base: &str) -> String {
        if self.taken.insert(base.to_owned()) {
            return base.to_owned();
        }
        let next = self.next.entry(base.to_owned()).or_insert(1);
        loop {
            let name = format!("{base}_{next}");
            *next = next.saturating_add(1);
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

/// Applies patches that one look at the graph gave, in time linear in the graph and the patches.
///
/// A patch is left out if an earlier one took what it is about, or if it cannot be applied without touching the names
/// that callers and subgraphs rely on. `initializers` is false where there can be none: a new constant is then a
/// `Constant` node.
pub(super) fn apply(
    graph: &mut Graph,
    patches: Vec<Patch>,
    uses: Vec<Vec<Use>>,
    names: &mut Names,
    initializers: bool,
) -> Result<Vec<Change>> {
    if patches.is_empty() {
        return Ok(Vec::new());
    }
    let nodes = graph.node_capacity();
    let order = graph.order().len();
    let mut edit =
        Edit { graph, uses, names, initializers, dead: HashSet::new(), merged: HashMap::new(), places: Vec::new() };
    let changes: Vec<Change> = patches.into_iter().filter_map(|patch| edit.apply(patch)).collect();
    let (dead, places) = (edit.dead, edit.places);
    let added = graph.node_capacity() > nodes;
    if added {
        graph.move_nodes(order, &places);
    }
    graph.remove_nodes(|id| dead.contains(&id));
    if (added || !changes.is_empty()) && !graph.sort() {
        return Err(Error::internal("a rewrite made a graph cyclic"));
    }
    Ok(changes)
}

/// A graph while patches are applied: who reads what is kept up to date, and nodes go all at once at the end.
struct Edit<'g> {
    graph: &'g mut Graph,
    uses: Vec<Vec<Use>>,
    names: &'g mut Names,
    initializers: bool,
    dead: HashSet<NodeId>,
    /// Which value stands for one that has gone.
    merged: HashMap<ValueId, ValueId>,
    /// For each new node, the node whose place it takes.
    places: Vec<Option<NodeId>>,
}

impl Edit<'_> {
    fn apply(&mut self, mut patch: Patch) -> Option<Change> {
        if patch.remove.iter().any(|id| self.dead.contains(id) || self.graph.node(*id).is_none()) {
            return None;
        }
        for source in patch.nodes.iter_mut().flat_map(|node| &mut node.inputs) {
            if let Source::Value(value) = source {
                *value = self.standing(*value)?;
            }
        }
        for (from, to) in &mut patch.redirects {
            if self.merged.contains_key(from) {
                return None;
            }
            *to = self.standing(*to)?;
        }
        if !self.serves(&patch) || !patch.redirects.iter().all(|&(from, to)| self.can_redirect(&patch, from, to)) {
            return None;
        }
        let labels = |id: &NodeId| self.graph.node(*id).map(|node| node.label(self.graph));
        let mut removed: Vec<String> = patch.remove.iter().filter_map(labels).collect();
        for &(from, to) in &patch.redirects {
            self.redirect(from, to);
        }
        self.dead.extend(&patch.remove);
        let mut added = Vec::new();
        for (value, tensor) in std::mem::take(&mut patch.constants) {
            added.push(self.called(value));
            self.graph.value_mut(value).producer = None;
            self.graph.initializers.push(Initializer { value, tensor });
        }
        self.add(patch.fresh, patch.nodes, patch.remove.first().copied(), &mut added);
        if !patch.drop_initializers.is_empty() {
            removed.extend(patch.drop_initializers.iter().map(|&value| self.called(value)));
            let gone: HashSet<ValueId> = patch.drop_initializers.into_iter().collect();
            self.graph.initializers.retain(|initializer| !gone.contains(&initializer.value));
            self.graph.sparse_initializers.retain(|initializer| !gone.contains(&initializer.value));
        }
        Some((removed, added))
    }

    fn called(&self, value: ValueId) -> String {
        format!("'{}' (initializer)", self.graph.value(value).name)
    }

    /// The value to read for `value` now; `None` if nothing computes it any more.
    fn standing(&self, mut value: ValueId) -> Option<ValueId> {
        while let Some(&next) = self.merged.get(&value) {
            value = next;
        }
        let gone = self.graph.value(value).producer.is_some_and(|(producer, _)| self.dead.contains(&producer));
        (!gone).then_some(value)
    }

    fn is_read(&self, value: ValueId, going: &HashSet<NodeId>) -> bool {
        let lives = |id: &NodeId| !self.dead.contains(id) && !going.contains(id);
        self.uses.get(value.index()).into_iter().flatten().any(|place| match place {
            Use::Input(node, slot) => {
                lives(node) && self.graph.node(*node).and_then(|node| node.input(*slot as usize)) == Some(value)
            }
            Use::Capture(node) => lives(node),
            Use::Output(_) => true,
        })
    }

    /// True if every value that is still read is still computed after the patch, and new nodes compute only such values.
    fn serves(&self, patch: &Patch) -> bool {
        let given: Vec<ValueId> = patch
            .nodes
            .iter()
            .flat_map(|node| &node.outputs)
            .filter_map(|output| if let Source::Value(value) = output { Some(*value) } else { None })
            .collect();
        let going: HashSet<NodeId> = patch.remove.iter().copied().collect();
        let loses =
            |value: ValueId| self.graph.value(value).producer.is_some_and(|(producer, _)| going.contains(&producer));
        let redirected = |value| patch.redirects.iter().any(|&(from, _)| from == value);
        let constant = |value| patch.constants.iter().any(|&(other, _)| other == value);
        given.iter().all(|&value| loses(value) && !redirected(value))
            && patch.constants.iter().all(|&(value, _)| loses(value))
            && patch.remove.iter().filter_map(|&id| self.graph.node(id)).flat_map(|node| &node.outputs).flatten().all(
                |&value| given.contains(&value) || redirected(value) || constant(value) || !self.is_read(value, &going),
            )
            && patch.nodes.iter().flat_map(|node| &node.inputs).all(|input| match *input {
                // what the patch itself takes away, it can read only if it gives it again
                Source::Value(value) => !loses(value) || given.contains(&value) || constant(value),
                _ => true,
            })
    }

    fn is_output(&self, value: ValueId) -> bool {
        self.uses.get(value.index()).into_iter().flatten().any(|place| matches!(place, Use::Output(_)))
    }

    fn is_captured(&self, value: ValueId) -> bool {
        let lives = |place: &Use| matches!(place, Use::Capture(node) if !self.dead.contains(node));
        self.uses.get(value.index()).into_iter().flatten().any(lives)
    }

    /// A graph's output keeps its name: then the producer of `to` computes `from` instead, and the readers of `to` follow.
    fn can_redirect(&self, patch: &Patch, from: ValueId, to: ValueId) -> bool {
        if from == to || self.is_captured(from) {
            return false;
        }
        if !self.is_output(from) {
            return self.graph.value(to).producer.is_none_or(|(producer, _)| !patch.remove.contains(&producer));
        }
        let Some((producer, _)) = self.graph.value(to).producer else { return false };
        let loses = self.graph.value(from).producer.is_some_and(|(producer, _)| patch.remove.contains(&producer));
        let busy = patch.remove.contains(&producer) || self.dead.contains(&producer);
        loses && !busy && !self.is_output(to) && !self.is_captured(to)
    }

    fn redirect(&mut self, from: ValueId, to: ValueId) {
        let (gone, stays) = if self.is_output(from) { (to, from) } else { (from, to) };
        if gone == to
            && let Some((producer, slot)) = self.graph.value(to).producer
        {
            self.graph.set_output(producer, slot, from);
        }
        for place in std::mem::take(&mut self.uses[gone.index()]) {
            if let Use::Input(node, slot) = place {
                self.graph.set_input(node, slot, stays);
            }
            self.uses[stays.index()].push(place);
        }
        self.merged.insert(gone, stays);
    }

    /// Adds the values and nodes that a patch makes.
    fn add(&mut self, fresh: Vec<Fresh>, nodes: Vec<NewNode>, place: Option<NodeId>, added: &mut Vec<String>) {
        let name = place.and_then(|id| self.graph.node(id)).and_then(|node| node.name.clone());
        let mut ids = Vec::with_capacity(fresh.len());
        for fresh in fresh {
            let base = if fresh.base.is_empty() { "value" } else { &fresh.base };
            let id = if fresh.outer {
                self.graph.intern(base)
            } else {
                let name = self.names.free(base);
                self.graph.intern(&name)
            };
            self.uses.resize(self.graph.value_count(), Vec::new());
            ids.push(id);
            let Some(tensor) = fresh.tensor else { continue };
            added.push(self.called(id));
            self.store(id, tensor, place);
        }
        let last = nodes.len().saturating_sub(1);
        for (index, new) in nodes.into_iter().enumerate() {
            let value = |source: Source| match source {
                Source::Value(value) => Some(value),
                Source::New(index) => ids.get(index).copied(),
                Source::Nothing => None,
            };
            let inputs = new.inputs.into_iter().map(value).collect();
            let outputs = new.outputs.into_iter().map(value).collect();
            let mut node = Node::new(new.op, inputs, outputs);
            node.attributes = new.attributes;
            node.overload = new.overload;
            let called = |source| value(source).map(|id| self.graph.value(id).name.clone());
            let captures: HashMap<String, String> =
                new.captures.into_iter().filter_map(|(name, source)| Some((name, called(source)?))).collect();
            if !captures.is_empty() {
                node.attributes.iter_mut().for_each(|attribute| {
                    attribute.value.graphs_mut().iter_mut().for_each(|inner| inner.rename_captures(&captures));
                });
            }
            // what takes the place of a node is called as it was
            node.name = if index == last { name.clone() } else { None };
            added.push(self.push(node, place));
        }
    }

    fn store(&mut self, value: ValueId, mut tensor: Tensor, place: Option<NodeId>) {
        let name = self.graph.value(value).name.clone();
        if self.initializers {
            tensor.name = Some(name);
            self.graph.initializers.push(Initializer { value, tensor });
            return;
        }
        let mut node = Node::new(OpType::Constant, Vec::new(), vec![Some(value)]);
        node.attributes.push(Attribute::new("value", AttributeValue::Tensor(Box::new(tensor))));
        self.push(node, place);
    }

    fn push(&mut self, node: Node, place: Option<NodeId>) -> String {
        let label = node.label(self.graph);
        let captures: Vec<String> = node.subgraphs().flat_map(Graph::captures).map(str::to_owned).collect();
        let inputs = node.inputs.clone();
        let id = self.graph.add_node(node);
        self.places.push(place);
        for (slot, input) in (0_u32..).zip(inputs) {
            if let Some(input) = input {
                self.uses[input.index()].push(Use::Input(id, slot));
            }
        }
        for name in captures {
            if let Some(value) = self.graph.find(&name) {
                self.uses[value.index()].push(Use::Capture(id));
            }
        }
        label
    }
}
