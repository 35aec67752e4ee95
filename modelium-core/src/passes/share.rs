//! Computes the same thing once, and keeps equal constants once.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::blob::Blob;
use crate::ir::schema::schema;
use crate::ir::{AttributeValue, Node, NodeId, OpType, ValueId};
use crate::passes::{Pass, Patch, View};
use crate::tensor::{Data, Tensor};

/// Computes the same thing once: nodes of one operator, with the same attributes and inputs.
///
/// Not for operators that may give something else each time, nor for those that run subgraphs.
pub(super) struct ShareNodes;

impl Pass for ShareNodes {
    fn name(&self) -> &'static str {
        "share_nodes"
    }

    fn about(&self) -> &'static str {
        "compute the same thing once"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        let mut seen: HashMap<u64, Vec<NodeId>> = HashMap::new();
        // inputs that are found to be equal count as one, so that whole chains are shared at once
        let mut stands: Vec<Option<ValueId>> = vec![None; view.graph.value_count()];
        let mut patches = Vec::new();
        for (id, node) in view.graph.nodes() {
            if !is_shareable(view, node) {
                continue;
            }
            let standing = |value: Option<ValueId>| value.map(|value| stands[value.index()].unwrap_or(value));
            let mut hasher = DefaultHasher::new();
            (&node.op, &node.domain, &node.overload, node.outputs.len()).hash(&mut hasher);
            node.inputs.iter().for_each(|&input| standing(input).hash(&mut hasher));
            node.attributes.iter().for_each(|item| {
                item.name.hash(&mut hasher);
                hash(&item.value, &mut hasher);
            });
            let same = |other: &Node| {
                (&other.op, &other.overload) == (&node.op, &node.overload)
                    && other.inputs.iter().map(|&input| standing(input)).eq(node.inputs.iter().map(|&i| standing(i)))
                    && other.attributes.len() == node.attributes.len()
                    && other
                        .attributes
                        .iter()
                        .zip(&node.attributes)
                        .all(|(a, b)| a.name == b.name && a.value == b.value)
                    && other.outputs.len() == node.outputs.len()
                    && other.outputs.iter().zip(&node.outputs).all(|(a, b)| a.is_some() || b.is_none())
            };
            let bucket = seen.entry(hasher.finish()).or_default();
            let Some(first) = bucket.iter().filter_map(|&other| view.graph.node(other)).find(|other| same(other))
            else {
                bucket.push(id);
                continue;
            };
            if let Some(patch) = join(view, id, node, first) {
                patches.push(patch);
                for (&from, &to) in node.outputs.iter().zip(&first.outputs) {
                    if let Some(from) = from {
                        stands[from.index()] = to;
                    }
                }
            }
        }
        patches
    }
}

fn is_shareable(view: &View<'_>, node: &Node) -> bool {
    node.op != OpType::Constant
        && node.subgraphs().next().is_none()
        && !node.outputs.is_empty()
        && match node.op.domain() {
            "" => schema(&node.op, view.opset()).is_some_and(|schema| schema.deterministic),
            "ai.onnx.ml" => true,
            _ => false,
        }
}

/// The patch that lets the readers of `node` read `first`; none where names forbid it.
fn join(view: &View<'_>, id: NodeId, node: &Node, first: &Node) -> Option<Patch> {
    let mut patch = Patch::remove([id]);
    for (&from, &to) in node.outputs.iter().zip(&first.outputs) {
        let Some(from) = from else { continue };
        if view.uses(from).is_empty() {
            continue;
        }
        let to = to?;
        let keeps_name = |value| view.is_output(value) || view.is_captured(value);
        if view.is_captured(from) || view.is_output(from) && keeps_name(to) {
            return None;
        }
        patch = patch.redirect(from, to);
    }
    Some(patch)
}

/// Keeps equal constants once.
///
/// Bytes are compared, never copied, and those of tensors that differ somewhere are hardly touched: a few samples of
/// each tell them apart.
pub(super) struct ShareConstants;

impl Pass for ShareConstants {
    fn name(&self) -> &'static str {
        "share_constants"
    }

    fn about(&self) -> &'static str {
        "keep equal constants once"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        let mut seen: HashMap<u64, Vec<(ValueId, &Tensor)>> = HashMap::new();
        let mut patches = Vec::new();
        for initializer in &view.graph.initializers {
            let (value, tensor) = (initializer.value, &initializer.tensor);
            if view.uses(value).is_empty() || view.tensor(value).is_none() {
                continue;
            }
            let mut hasher = DefaultHasher::new();
            (tensor.dtype, &tensor.dims).hash(&mut hasher);
            sample(tensor, &mut hasher);
            let bucket = seen.entry(hasher.finish()).or_default();
            let equal = bucket.iter().find(|(_, other)| are_equal(tensor, other));
            match equal {
                Some(&(first, _)) if !view.is_captured(value) && !view.is_output(value) => {
                    patches.push(Patch::new().redirect(value, first));
                }
                Some(_) => {}
                None => bucket.push((value, tensor)),
            }
        }
        patches
    }
}

/// Puts a few bytes of a tensor into a hash.
fn sample(tensor: &Tensor, hasher: &mut impl Hasher) {
    const EACH: usize = 32;
    match (&tensor.data, stored(tensor)) {
        (_, Some(blob)) => {
            let bytes = blob.bytes();
            let last = bytes.len().saturating_sub(EACH);
            for start in [0, last / 3, last / 2, last] {
                bytes.get(start..bytes.len().min(start.saturating_add(EACH))).hash(hasher);
            }
        }
        (Data::Strings(strings), None) => strings.hash(hasher),
        (Data::Derived(derived), None) => sample(derived.of(), hasher),
        // varints, whose stored form says nothing of what they stand for
        (_, None) => {}
    }
}

/// The elements where they lie as they are.
fn stored(tensor: &Tensor) -> Option<&Blob> {
    match &tensor.data {
        Data::Raw(blob) => Some(blob),
        Data::External(external) => Some(&external.blob),
        _ => None,
    }
}

fn are_equal(a: &Tensor, b: &Tensor) -> bool {
    if a.dtype != b.dtype || a.dims != b.dims {
        return false;
    }
    match (stored(a), stored(b)) {
        (Some(a), Some(b)) => a.holds_same(b),
        _ => match (&a.data, &b.data) {
            (Data::Strings(a), Data::Strings(b)) => a == b,
            // by what they follow from: that is cheaper than computing them
            (Data::Derived(_), _) | (_, Data::Derived(_)) => a.data == b.data,
            _ => a.to_le_bytes().is_some() && a.to_le_bytes() == b.to_le_bytes(),
        },
    }
}

/// Puts an attribute's value into a hash, numbers by their bits.
fn hash(value: &AttributeValue, hasher: &mut impl Hasher) {
    use AttributeValue as V;
    match value {
        V::Float(value) => value.to_bits().hash(hasher),
        V::Int(value) => value.hash(hasher),
        V::String(value) => value.hash(hasher),
        V::Floats(values) => values.iter().for_each(|value| value.to_bits().hash(hasher)),
        V::Ints(values) => values.hash(hasher),
        V::Strings(values) => values.hash(hasher),
        V::Tensor(tensor) => {
            (tensor.dtype, &tensor.dims).hash(hasher);
            sample(tensor, hasher);
        }
        // compared when the rest is equal
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::proof::{becomes, stays};

    #[test]
    fn equal_chains_are_computed_once() {
        becomes(
            ShareNodes,
            &[
                "x: float32[n, 4]",
                "a = Relu(x)",
                "b = Softmax(a) axis=1",
                "c = Relu(x)",
                "d = Softmax(c) axis=1",
                "y = Add(b, d)",
                "-> y",
            ],
            &["a = Relu(x)", "b = Softmax(a) axis=1", "y = Add(b, b)"],
        );
    }

    #[test]
    fn other_attributes_inputs_or_chance_are_not_the_same() {
        stays(
            ShareNodes,
            &["x: float32[n, 4]", "a = Softmax(x) axis=0", "b = Softmax(x) axis=1", "y = Add(a, b)", "-> y"],
        );
        stays(
            ShareNodes,
            &["x: float32[n, 4]", "a = RandomNormalLike(x)", "b = RandomNormalLike(x)", "y = Add(a, b)", "-> y"],
        );
        stays(ShareNodes, &["x: float32[n, 4]", "a = Relu(x)", "b = Relu(x)", "-> a; b"]);
    }

    #[test]
    fn equal_constants_are_kept_once() {
        becomes(
            ShareConstants,
            &[
                "x: float32[2]",
                "k = float32 [1, 2]",
                "l = float32 [1, 2]",
                "m = float32 [1, 3]",
                "a = Add(x, k)",
                "b = Mul(a, l)",
                "y = Sub(b, m)",
                "-> y",
            ],
            &["k = float32 [1, 2]", "m = float32 [1, 3]", "a = Add(x, k)", "b = Mul(a, k)", "y = Sub(b, m)"],
        );
    }
}
