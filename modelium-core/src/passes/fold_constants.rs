//! Computes what depends on constants only.

use std::collections::HashMap;

use crate::context::Context;
use crate::eval::{self, Array, Value};
use crate::ir::schema::schema;
use crate::ir::{Model, Node, OpType, Opset, Use, ValueId};
use crate::passes::constant::instead;
use crate::passes::known::permutation;
use crate::passes::{Pass, Patch, View};
use crate::tensor::Tensor;

/// The most bytes of a result that is computed on the way, whatever becomes of it.
const MOST_BYTES: u64 = 1 << 30;

/// What a node and a tensor's header take in a file, about.
const NODE_BYTES: u64 = 96;

/// The most readers of a constant that are asked whether they go.
const MOST_SHARES: usize = 16;

/// The most bytes of inputs where the size of the result is not known before.
const MOST_UNSIZED: u64 = 1 << 20;

/// Computes what depends on constants only, as the reference evaluator does.
///
/// A result may be as large as the constants that go with it; beyond that it takes from the room that the site has. Not
/// for operators that may give something else each time, and not for `DequantizeLinear`, which holds a large constant in
/// few bytes on purpose.
pub(super) struct FoldConstants;

impl Pass for FoldConstants {
    fn name(&self) -> &'static str {
        "fold_constants"
    }

    fn about(&self) -> &'static str {
        "compute what depends on constants only"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        let mut folder = Folder::new(view);
        let mut gone = vec![false; view.graph.node_capacity()];
        for (id, node) in view.graph.nodes() {
            gone[id.index()] = folder.fold(node).is_some();
        }
        // what only nodes read that go as well is not kept
        let goes = |place: &Use| matches!(*place, Use::Input(reader, _) if gone[reader.index()]);
        let is_kept = |value| !view.uses(value).is_empty() && !view.uses(value).iter().all(goes);
        let all = view.graph.nodes().filter(|(id, _)| gone[id.index()]);
        let kept = all.filter_map(|(id, node)| Some((id, node.output(0).filter(|&output| is_kept(output))?)));
        let done = kept.filter_map(|(id, output)| Some(instead(view, id, output, folder.tensor(output)?)));
        done.collect()
    }
}

/// A constant on the way.
struct Known {
    tensor: Tensor,
    /// Bytes of constants that nobody else reads, and that go when this one takes their place.
    freed: u64,
}

struct Folder<'v, 'a> {
    view: &'v View<'a>,
    /// Opsets for the evaluator, which looks nothing else up.
    model: Model,
    known: HashMap<ValueId, Known>,
    room: u64,
    cx: Context,
}

impl<'v, 'a> Folder<'v, 'a> {
    fn new(view: &'v View<'a>) -> Self {
        let version = i64::try_from(view.opset()).ok();
        let opsets = vec![Opset { domain: None, version }];
        let model = Model { opsets, ..Model::default() };
        Self { view, model, known: HashMap::new(), room: view.site.room, cx: Context::new() }
    }

    fn constant(&self, value: ValueId) -> Option<&Tensor> {
        self.view.tensor(value).or_else(|| self.known.get(&value).map(|known| &known.tensor))
    }

    /// The constant that took the place of a value; once.
    fn tensor(&mut self, value: ValueId) -> Option<Tensor> {
        self.known.remove(&value).map(|known| known.tensor)
    }

    /// True if the node is of a kind that is folded, and its inputs are constants.
    fn may_fold(&self, node: &Node) -> bool {
        is_foldable(self.view, node) && node.inputs.iter().flatten().all(|&input| self.constant(input).is_some())
    }

    /// Computes a node's only output, if its inputs are constants and there is room.
    fn fold(&mut self, node: &Node) -> Option<()> {
        let [Some(output)] = *node.outputs.as_slice() else { return None };
        if !self.may_fold(node) || self.view.is_output(output) {
            return None;
        }
        let freed = node.inputs.iter().flatten().fold(0_u64, |sum, &input| sum.saturating_add(self.freed(input)));
        let paid = freed.saturating_add(NODE_BYTES);
        let size = self.view.known_dims(output).zip(self.view.dtype(output));
        let expected =
            size.and_then(|(dims, dtype)| dtype.bytes_for(dims.iter().try_fold(1, |n: u64, &dim| n.checked_mul(dim))?));
        match expected {
            Some(bytes) if bytes.saturating_sub(paid) > self.room => return None,
            None if self.input_bytes(node) > MOST_UNSIZED => return None,
            _ => {}
        }
        let tensor = self.compute(node)?;
        let bytes = tensor.byte_len().unwrap_or_else(|| strings_len(&tensor));
        let unpaid = bytes.saturating_sub(paid);
        self.room = self.room.checked_sub(unpaid)?;
        let freed = if self.view.is_read_once(output) { bytes.max(freed) } else { 0 };
        self.known.insert(output, Known { tensor, freed });
        Some(())
    }

    fn freed(&self, value: ValueId) -> u64 {
        if let Some(known) = self.known.get(&value) {
            known.freed
        } else {
            // what only nodes read that are folded goes; each of them has its share
            let uses = self.view.uses(value);
            let goes = |place: &Use| match *place {
                Use::Input(reader, _) => self.view.graph.node(reader).is_some_and(|node| self.may_fold(node)),
                _ => false,
            };
            let bytes = self.view.tensor(value).and_then(Tensor::byte_len).unwrap_or_default();
            if uses.len() <= MOST_SHARES && uses.iter().all(goes) {
                bytes.checked_div(uses.len() as u64).unwrap_or(0)
            } else {
                0
            }
        }
    }

    fn input_bytes(&self, node: &Node) -> u64 {
        let bytes = |&input: &ValueId| self.constant(input).and_then(Tensor::byte_len).unwrap_or(u64::MAX);
        node.inputs.iter().flatten().map(bytes).fold(0, u64::saturating_add)
    }

    fn compute(&self, node: &Node) -> Option<Tensor> {
        let output = node.output(0)?;
        let first = node.input(0).and_then(|input| self.constant(input));
        // the same bytes in another shape are not copied
        if let (OpType::Reshape | OpType::Squeeze | OpType::Unsqueeze | OpType::Flatten, Some(tensor), Some(dims)) =
            (&node.op, first, self.view.known_dims(output))
        {
            let same = Tensor { dims, notes: None, ..tensor.clone() };
            return (same.elements() == tensor.elements()).then_some(same);
        }
        // nor are those of large weights in another order
        if let (OpType::Transpose, Some(tensor)) = (&node.op, first)
            && let Some(turned) = tensor.transposed(&permutation(self.view, node)?)
        {
            return Some(turned);
        }
        let input = |value: &Option<ValueId>| match value {
            None => Some(None),
            Some(value) => Some(Some(Value::Tensor(Array::from_tensor(self.constant(*value)?)?))),
        };
        let inputs = node.inputs.iter().map(input).collect::<Option<Vec<_>>>()?;
        let options = eval::Options { most_bytes: MOST_BYTES, ..eval::Options::default() };
        let computed = eval::evaluate(&self.model, node, inputs, &options, &self.cx);
        let results = computed.inspect_err(|error| tracing::debug!(%error, "not folded")).ok()?;
        let array = results.into_iter().next()??;
        Some(array.as_tensor()?.to_tensor(self.view.value(output).name.clone()))
    }
}

fn is_foldable(view: &View<'_>, node: &Node) -> bool {
    let plain = !matches!(node.op, OpType::Constant | OpType::DequantizeLinear)
        && node.op.domain().is_empty()
        && node.inputs.iter().any(Option::is_some)
        && node.subgraphs().next().is_none();
    plain && schema(&node.op, view.opset()).is_some_and(|schema| schema.deterministic) && eval::knows(node)
}

fn strings_len(tensor: &Tensor) -> u64 {
    let crate::tensor::Data::Strings(strings) = &tensor.data else { return u64::MAX };
    strings.iter().fold(0, |sum, string| sum.saturating_add(string.len() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::proof::{becomes, stays};

    #[test]
    fn chains_of_constants_become_one() {
        becomes(
            FoldConstants,
            &[
                "x: float32[n, 2]",
                "w = float32[2, 3] [1, 2, 3, 4, 5, 6]",
                "b = float32 10",
                "t = Transpose(w) perm=[1, 0]",
                "u = Mul(t, b)",
                "y = Gemm(x, u) transB=1",
                "-> y",
            ],
            &["u = float32[3, 2] [10, 40, 20, 50, 30, 60]", "y = Gemm(x, u) transB=1"],
        );
    }

    #[test]
    fn chance_and_quantised_weights_stay() {
        stays(
            FoldConstants,
            &["x: float32[2]", "k = float32 [1, 2]", "r = RandomNormalLike(k)", "y = Add(x, r)", "-> y"],
        );
        stays(
            FoldConstants,
            &[
                "x: float32[2]",
                "k = int8 [1, 2]",
                "s = float32 2",
                "r = DequantizeLinear(k, s)",
                "y = Add(x, r)",
                "-> y",
            ],
        );
    }
}
