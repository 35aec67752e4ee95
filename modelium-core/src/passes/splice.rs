//! Puts the nodes of one graph into another.

use crate::ir::{Graph, Node, NodeId, OpType, ValueId};
use crate::passes::patch::{NewNode, Patch, Source};

impl Patch {
    /// Adds the nodes of another graph, which read `inputs` where it has inputs of its own and the values of `around`
    /// where it captures; gives what it puts out. `None` for a graph with sparse constants, or with too few inputs.
    ///
    /// Constants are shared, not copied.
    pub(super) fn body(&mut self, around: &Graph, body: &Graph, inputs: &[Source]) -> Option<Vec<Source>> {
        if !body.sparse_initializers.is_empty() || body.inputs.len() > inputs.len() {
            return None;
        }
        let mut places: Vec<Option<Source>> = vec![None; body.value_count()];
        for (port, &input) in body.inputs.iter().zip(inputs) {
            places[port.value.index()] = Some(input);
        }
        for initializer in &body.initializers {
            let place = &mut places[initializer.value.index()];
            if place.is_none() {
                let name = body.value(initializer.value).name.clone();
                *place = Some(self.tensor(name, initializer.tensor.clone()));
            }
        }
        let mut place = |patch: &mut Self, value: ValueId| {
            *places[value.index()].get_or_insert_with(|| {
                let name = &body.value(value).name;
                match (body.value(value).producer, around.find(name)) {
                    (None, Some(outer)) => Source::Value(outer),
                    (None, None) => patch.fresh(name.clone(), None, true),
                    (Some(_), _) => patch.fresh(name.clone(), None, false),
                }
            })
        };
        for (_, node) in body.nodes() {
            let mut all = |values: &[Option<ValueId>]| -> Vec<Source> {
                values.iter().map(|value| value.map_or(Source::Nothing, |value| place(self, value))).collect()
            };
            let (inputs, outputs) = (all(&node.inputs), all(&node.outputs));
            let mut captures: Vec<(String, Source)> = Vec::new();
            for name in node.subgraphs().flat_map(Graph::captures) {
                if let Some(value) = body.find(name) {
                    captures.push((name.to_owned(), place(self, value)));
                }
            }
            self.nodes.push(NewNode {
                op: node.op.clone(),
                inputs,
                outputs,
                attributes: node.attributes.clone(),
                overload: node.overload.clone(),
                captures,
            });
        }
        Some(body.outputs.iter().map(|port| place(self, port.value)).collect())
    }

    /// A patch that puts a graph in the place of a node; outputs by position.
    pub(super) fn splice(around: &Graph, id: NodeId, node: &Node, body: &Graph, inputs: &[Source]) -> Option<Self> {
        let mut patch = Self::remove([id]);
        let outputs = patch.body(around, body, inputs)?;
        patch.give(node, &outputs).then_some(patch)
    }

    /// Lets the outputs of a node that goes be these values; false if there are too few.
    pub(super) fn give(&mut self, node: &Node, sources: &[Source]) -> bool {
        for (slot, output) in node.outputs.iter().enumerate() {
            let Some(output) = *output else { continue };
            let Some(&source) = sources.get(slot) else { return false };
            self.node_giving(OpType::Identity, [source], vec![], [Some(output)]);
        }
        true
    }
}
