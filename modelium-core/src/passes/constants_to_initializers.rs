//! Turns `Constant` nodes into initializers.

use crate::blob::Blob;
use crate::ir::{AttributeValue, Node, OpType};
use crate::passes::{Pass, Patch, View};
use crate::tensor::{DType, Data, Tensor};

/// Turns `Constant` nodes into initializers, which runtimes load without executing anything.
///
/// Not in functions, which have no initializers; not before format version 4, where an initializer has to be an input
/// too; not for a graph's own output; and not for sparse constants, which not every runtime takes as initializers.
pub(super) struct ConstantsToInitializers;

impl Pass for ConstantsToInitializers {
    fn name(&self) -> &'static str {
        "constants_to_initializers"
    }

    fn about(&self) -> &'static str {
        "turn Constant nodes into initializers"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        let graph = view.graph;
        if !view.site.has_initializers() {
            return Vec::new();
        }
        let is_output = |value| graph.outputs.iter().any(|port| port.value == value);
        graph
            .nodes()
            .filter(|(_, node)| node.op == OpType::Constant)
            .filter_map(|(id, node)| {
                let value = node.output(0).filter(|&value| !is_output(value))?;
                let tensor = tensor(node, &graph.value(value).name)?;
                Some(Patch::remove([id]).constant(value, tensor))
            })
            .collect()
    }
}

/// The tensor that a `Constant` node stands for, under the name of its result.
fn tensor(node: &Node, name: &str) -> Option<Tensor> {
    let [attribute] = node.attributes.as_slice() else { return None };
    let of = |dtype, dims, data| Tensor { name: Some(name.to_owned()), dtype, dims, data, notes: None };
    let raw = |bytes: Vec<u8>| Data::Raw(Blob::from_bytes(name, bytes));
    Some(match &attribute.value {
        AttributeValue::Tensor(tensor) => Tensor { name: Some(name.to_owned()), ..(**tensor).clone() },
        AttributeValue::Float(value) => of(DType::Float32, Vec::new(), raw(value.to_le_bytes().to_vec())),
        AttributeValue::Int(value) => of(DType::Int64, Vec::new(), raw(value.to_le_bytes().to_vec())),
        AttributeValue::Floats(values) => {
            let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            of(DType::Float32, vec![values.len() as u64], raw(bytes))
        }
        AttributeValue::Ints(values) => {
            let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            of(DType::Int64, vec![values.len() as u64], raw(bytes))
        }
        AttributeValue::String(value) => of(DType::String, Vec::new(), Data::Strings(vec![value.clone()])),
        AttributeValue::Strings(values) => of(DType::String, vec![values.len() as u64], Data::Strings(values.clone())),
        _ => return None,
    })
}
