//! Finds the cycle that makes an order impossible, to name its nodes.

use std::collections::HashMap;

use crate::ir::graph::{Graph, NodeId};

/// A path from `reader` to `producer`, if the producer, directly or not, needs what the reader computes.
///
/// The reader also needs the producer, so that the path closes to a cycle. It is spelt in the direction of the data:
/// `'a' (Add) → 'b' (Mul) → 'a' (Add)`.
pub(super) fn find(graph: &Graph, reader: NodeId, producer: NodeId) -> Option<String> {
    let mut towards = HashMap::from([(producer, None)]);
    let mut open = vec![producer];
    while let Some(id) = open.pop() {
        if id == reader {
            return Some(spell(graph, reader, &towards));
        }
        let Some(node) = graph.node(id) else { continue };
        let captured = node.subgraphs().flat_map(Graph::captures).filter_map(|name| graph.find(name));
        for value in node.inputs.iter().flatten().copied().chain(captured) {
            if let Some((before, _)) = graph.value(value).producer
                && !towards.contains_key(&before)
            {
                towards.insert(before, Some(id));
                open.push(before);
            }
        }
    }
    None
}

fn spell(graph: &Graph, reader: NodeId, towards: &HashMap<NodeId, Option<NodeId>>) -> String {
    const SHOWN: usize = 8;
    // An arrow means the data's way here, so that a nameless node goes by what it computes.
    let label = |id| {
        let Some(node) = graph.node(id) else { return String::new() };
        let output = || node.outputs.iter().flatten().next().map(|&value| graph.value(value).name.as_str());
        let name = node.name.as_deref().filter(|name| !name.is_empty()).or_else(output).unwrap_or_default();
        format!("'{name}' ({})", node.op.name())
    };
    let mut path = vec![label(reader)];
    let mut next = towards.get(&reader).copied().flatten();
    let mut hidden = 0_usize;
    while let Some(id) = next {
        if path.len() < SHOWN {
            path.push(label(id));
        } else {
            hidden += 1;
        }
        next = towards.get(&id).copied().flatten();
    }
    if hidden > 0 {
        path.push(format!("… {hidden} more"));
    }
    path.push(label(reader));
    path.join(" → ")
}
