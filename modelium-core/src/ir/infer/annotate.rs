//! Writes what inference found out into the model.

use std::collections::{BTreeMap, HashSet};

use crate::context::Context;
use crate::error::Result;
use crate::ir::graph::{Graph, Model, Port, ValueId};
use crate::ir::infer::{Facts, infer};

/// Declares the inferred types of all values that nodes compute, in the main graph and its subgraphs. What the model
/// declares of its inputs and outputs stays; functions have no types of their own.
///
/// Returns how many values have a type now.
///
/// # Errors
/// `Cancelled` only.
pub fn annotate(model: &mut Model, bindings: &BTreeMap<String, u64>, cx: &Context) -> Result<u64> {
    let facts = infer(model, bindings, cx)?.into_facts();
    Ok(declare(&mut model.graph, &facts))
}

fn declare(graph: &mut Graph, facts: &Facts) -> u64 {
    let outputs: HashSet<ValueId> = graph.outputs.iter().map(|port| port.value).collect();
    let computed: Vec<ValueId> = graph.nodes().flat_map(|(_, node)| node.outputs.iter().flatten()).copied().collect();
    let mut places: BTreeMap<ValueId, usize> =
        graph.value_info.iter().enumerate().map(|(index, port)| (port.value, index)).collect();
    let mut declared = 0;
    for value in computed {
        let Some(ty) = facts.ty(value) else { continue };
        declared += 1;
        if outputs.contains(&value) {
            continue;
        }
        graph.value_mut(value).ty = Some(ty.clone());
        if let Some(port) = places.get(&value).and_then(|&index| graph.value_info.get_mut(index)) {
            port.ty = Some(ty.clone());
        } else {
            places.insert(value, graph.value_info.len());
            graph.value_info.push(Port::new(value, Some(ty.clone())));
        }
    }
    for id in graph.order().to_vec() {
        let Some(node) = graph.node_mut(id) else { continue };
        let subgraphs = node.attributes.iter_mut().flat_map(|attribute| attribute.value.graphs_mut());
        for (position, inner) in subgraphs.enumerate() {
            declared += facts.inner(id, position).map_or(0, |facts| declare(inner, facts));
        }
    }
    declared
}
