//! Which value of the result stands for which of the original.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::context::Context;
use crate::error::Result;
use crate::ir::{AttributeValue, Graph, Node, ValueId};
use crate::tensor::{DType, Tensor};

/// The result's value for each value that a node of the original computes, by [`ValueId::index`].
pub(super) struct Counterparts {
    pairs: Vec<Option<ValueId>>,
    /// Values that nodes of the original compute.
    pub(super) values: u64,
    /// Those with a counterpart of the same name.
    pub(super) by_name: u64,
    /// Those with another name that are computed in the same way.
    pub(super) by_structure: u64,
}

impl Counterparts {
    pub(super) fn of(&self, value: ValueId) -> Option<ValueId> {
        self.pairs.get(value.index()).copied().flatten()
    }
}

/// Pairs by name first. What is left pairs where the same chain of operators leads to it from the same inputs, constants
/// and named values; where several are alike, such as three projections of one value, in the order of the files, if there
/// are as many in both.
pub(super) fn find(a: &Graph, b: &Graph, cx: &Context) -> Result<Counterparts> {
    let constants: HashSet<ValueId> = b.initializers.iter().map(|initializer| initializer.value).collect();
    let there = |id: &ValueId| b.value(*id).producer.is_some() || constants.contains(id);
    let named = |value: ValueId| b.find(&a.value(value).name).filter(there);
    let computed: Vec<ValueId> = a.nodes().flat_map(|(_, node)| node.outputs.iter().flatten().copied()).collect();
    let mut pairs = vec![None; a.value_count()];
    let mut alike: BTreeMap<u64, (Vec<ValueId>, Vec<ValueId>)> = BTreeMap::new();
    let (keys_a, keys_b) = (keys(a, b, cx)?, keys(b, a, cx)?);
    let mut by_name = 0;
    for &value in &computed {
        if let Some(same) = named(value) {
            pairs[value.index()] = Some(same);
            by_name += 1;
        } else {
            alike.entry(keys_a[value.index()]).or_default().0.push(value);
        }
    }
    let defined_in_a = |id: ValueId| a.find(&b.value(id).name).is_some_and(|id| a.value(id).producer.is_some());
    for value in b.nodes().flat_map(|(_, node)| node.outputs.iter().flatten().copied()).filter(|&id| !defined_in_a(id))
    {
        alike.entry(keys_b[value.index()]).or_default().1.push(value);
    }
    let mut by_structure = 0;
    for (left, right) in alike.into_values().filter(|(left, right)| left.len() == right.len()) {
        by_structure += left.len() as u64;
        left.into_iter().zip(right).for_each(|(left, right)| pairs[left.index()] = Some(right));
    }
    Ok(Counterparts { pairs, values: computed.len() as u64, by_name, by_structure })
}

/// For each value of `graph` a number that says how it is computed; a name that both graphs have is its own reason.
fn keys(graph: &Graph, other: &Graph, cx: &Context) -> Result<Vec<u64>> {
    let mut keys: Vec<u64> = graph.values().map(|(_, value)| hashed(|state| value.name.hash(state))).collect();
    for initializer in &graph.initializers {
        if other.find(&graph.value(initializer.value).name).is_none() {
            keys[initializer.value.index()] = hashed(|state| constant(&initializer.tensor, state));
        }
    }
    for (done, (_, node)) in (0_u64..).zip(graph.nodes()) {
        cx.tick("layers", done, graph.node_count() as u64)?;
        let inputs: Vec<Option<u64>> = node.inputs.iter().map(|input| Some(keys[(*input)?.index()])).collect();
        let own = hashed(|state| {
            operation(node, state);
            inputs.hash(state);
        });
        for (slot, output) in node.outputs.iter().enumerate() {
            let Some(output) = *output else { continue };
            if other.find(&graph.value(output).name).is_none() {
                keys[output.index()] = hashed(|state| (own, slot).hash(state));
            }
        }
    }
    Ok(keys)
}

fn hashed(write: impl FnOnce(&mut DefaultHasher)) -> u64 {
    let mut state = DefaultHasher::new(); // the same keys on each run
    write(&mut state);
    state.finish()
}

/// Floats by shape alone, for their numbers may be what differs; all else, such as shapes and indices, by its elements.
fn constant(tensor: &Tensor, state: &mut DefaultHasher) {
    (tensor.dtype as u8, &tensor.dims).hash(state);
    let weights = matches!(tensor.dtype, DType::Float16 | DType::Bfloat16 | DType::Float32 | DType::Float64);
    if !weights {
        tensor.to_le_bytes().hash(state);
    }
}

fn operation(node: &Node, state: &mut DefaultHasher) {
    (node.op.domain(), node.op.name()).hash(state);
    let mut attributes: Vec<_> = node.attributes.iter().collect();
    attributes.sort_by(|a, b| a.name.cmp(&b.name));
    for attribute in attributes {
        attribute.name.hash(state);
        value(&attribute.value, state);
    }
}

fn value(value: &AttributeValue, state: &mut DefaultHasher) {
    match value {
        AttributeValue::Float(number) => number.to_bits().hash(state),
        AttributeValue::Int(number) => number.hash(state),
        AttributeValue::String(text) => text.hash(state),
        AttributeValue::Floats(numbers) => numbers.iter().for_each(|number| number.to_bits().hash(state)),
        AttributeValue::Ints(numbers) => numbers.hash(state),
        AttributeValue::Strings(texts) => texts.hash(state),
        AttributeValue::Reference { attribute, .. } => attribute.hash(state),
        _ => {
            value_tensors(value, state);
            // a subgraph by its operators: it is one node's affair
            for graph in value.graphs() {
                graph.nodes().for_each(|(_, node)| operation(node, state));
            }
        }
    }
}

fn value_tensors(value: &AttributeValue, state: &mut DefaultHasher) {
    value.tensors().iter().for_each(|tensor| constant(tensor, state));
}
