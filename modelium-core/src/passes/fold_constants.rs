//! Computes what depends on constants only.

use std::collections::HashMap;
use std::num::NonZeroUsize;

use crate::context::Limits;
use crate::eval::{self, Array, Value};
use crate::ir::schema::schema;
use crate::ir::{Model, Node, NodeId, OpType, Opset, Use, ValueId};
use crate::passes::constant::all_instead;
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

/// The most bytes of results for which no threads are started.
const MOST_ALONE: u64 = 1 << 20;

/// Computes what depends on constants only, as the reference evaluator does; what is independent at the same time.
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
        let found = computed(view);
        let mut ledger = Ledger::new(view);
        let mut gone = vec![false; view.graph.node_capacity()];
        for (id, node) in view.graph.nodes() {
            let Some(outputs) = ledger.outputs(node) else { continue };
            let size = |&output: &ValueId| Some((output, found.get(&output)?.byte_len()));
            let Some(sizes) = outputs.iter().map(size).collect::<Option<Vec<_>>>() else { continue };
            gone[id.index()] = ledger.book(node, &sizes).is_some();
        }
        // what only nodes read that go as well is not kept
        let goes = |place: &Use| matches!(*place, Use::Input(reader, _) if gone[reader.index()]);
        let is_kept = |&value: &ValueId| !view.uses(value).iter().all(goes);
        let patch = |(id, node): (NodeId, &Node)| {
            let outputs = read(view, node);
            outputs.iter().any(is_kept).then_some(())?;
            let tensor = |value: ValueId| Some((value, found.get(&value)?.to_tensor(&view.value(value).name)));
            Some(all_instead(view, id, outputs.into_iter().map(tensor).collect::<Option<_>>()?))
        };
        view.graph.nodes().filter(|(id, _)| gone[id.index()]).filter_map(patch).collect()
    }
}

/// The outputs that somebody reads.
fn read(view: &View<'_>, node: &Node) -> Vec<ValueId> {
    node.outputs.iter().flatten().copied().filter(|&output| !view.uses(output).is_empty()).collect()
}

/// A constant that takes the place of a value.
enum Found {
    /// Over bytes that are there.
    Shared(Tensor),
    Computed(Array),
}

impl Found {
    fn byte_len(&self) -> u64 {
        match self {
            Self::Shared(tensor) => tensor.byte_len().unwrap_or_else(|| strings_len(tensor)),
            Self::Computed(array) => array.dtype().bytes_for(array.len() as u64).unwrap_or_else(|| array.bytes()),
        }
    }

    fn to_tensor(&self, name: &str) -> Tensor {
        match self {
            Self::Shared(tensor) => tensor.clone(),
            Self::Computed(array) => array.to_tensor(name),
        }
    }
}

/// All values that follow from constants, as far as sizes that are known before do not speak against it.
fn computed(view: &View<'_>) -> HashMap<ValueId, Found> {
    let mut ledger = Ledger::new(view);
    let (mut shared, mut nodes, mut bytes) = (HashMap::new(), Vec::new(), 0_u64);
    for (id, node) in view.graph.nodes() {
        let Some(outputs) = ledger.outputs(node) else { continue };
        let sizes: Vec<_> = outputs.iter().map(|&output| (output, expected(view, output))).collect();
        if sizes.iter().any(|(_, size)| size.is_none()) && ledger.input_bytes(node) > MOST_UNSIZED {
            continue;
        }
        let sizes: Vec<_> = sizes.into_iter().map(|(output, size)| (output, size.unwrap_or(0))).collect();
        if ledger.book(node, &sizes).is_none() {
            continue;
        }
        if let Some((output, tensor)) = without_copy(view, node, &shared) {
            shared.insert(output, tensor);
        } else {
            bytes = sizes.iter().fold(bytes, |sum, (_, size)| sum.saturating_add(*size));
            nodes.push(id);
        }
    }
    let values = if nodes.is_empty() { HashMap::new() } else { evaluated(view, &nodes, &shared, bytes) };
    let array = |(value, computed): (ValueId, Value)| match computed {
        Value::Tensor(array) => Some((value, Found::Computed(array))),
        _ => None,
    };
    let shared = shared.into_iter().map(|(value, tensor)| (value, Found::Shared(tensor)));
    shared.chain(values.into_iter().filter_map(array)).collect()
}

/// What nodes give of constants; nothing if it is cancelled, which the next tick says.
fn evaluated(
    view: &View<'_>,
    nodes: &[NodeId],
    shared: &HashMap<ValueId, Tensor>,
    bytes: u64,
) -> HashMap<ValueId, Value> {
    // the opset is all that the evaluator looks up
    let opsets = vec![Opset { domain: None, version: i64::try_from(view.opset()).ok() }];
    let model = Model { opsets, ..Model::default() };
    let constant = |value| Array::from_tensor(shared.get(&value).or_else(|| view.tensor(value))?);
    let folding = eval::Folding { model: &model, graph: view.graph, nodes, constant: &constant, keep: &|_| true };
    let options = eval::Options { most_bytes: MOST_BYTES, ..eval::Options::default() };
    let mut cx = view.site.cx.clone();
    if bytes <= MOST_ALONE {
        let limits = Limits { threads: NonZeroUsize::MIN, ..cx.limits().clone() };
        cx = cx.with_limits(limits);
    }
    eval::fold(&folding, &options, &cx).unwrap_or_default()
}

/// The bytes of a value, if inference knows them.
fn expected(view: &View<'_>, value: ValueId) -> Option<u64> {
    let (dims, dtype) = (view.known_dims(value)?, view.dtype(value)?);
    dtype.bytes_for(dims.iter().try_fold(1, |count: u64, &dim| count.checked_mul(dim))?)
}

/// The output of a node that needs no bytes of its own: those of a constant in another shape, or of large weights in
/// another order.
fn without_copy(view: &View<'_>, node: &Node, shared: &HashMap<ValueId, Tensor>) -> Option<(ValueId, Tensor)> {
    let (input, output) = (node.input(0)?, node.output(0)?);
    let tensor = shared.get(&input).or_else(|| view.tensor(input))?;
    match node.op {
        OpType::Reshape | OpType::Squeeze | OpType::Unsqueeze | OpType::Flatten => {
            let same = Tensor { dims: view.known_dims(output)?, notes: None, ..tensor.clone() };
            (same.elements() == tensor.elements()).then_some((output, same))
        }
        OpType::Transpose => Some((output, tensor.transposed(&permutation(view, node)?)?)),
        _ => None,
    }
}

/// A constant on the way.
struct Entry {
    bytes: u64,
    /// Bytes of constants that nobody else reads, and that go when this one takes their place.
    freed: u64,
}

/// What constants take and free.
struct Ledger<'v, 'a> {
    view: &'v View<'a>,
    known: HashMap<ValueId, Entry>,
    room: u64,
}

impl<'v, 'a> Ledger<'v, 'a> {
    fn new(view: &'v View<'a>) -> Self {
        Self { view, known: HashMap::new(), room: view.site.room }
    }

    fn is_constant(&self, value: ValueId) -> bool {
        self.known.contains_key(&value) || self.view.tensor(value).is_some()
    }

    /// True if the node is of a kind that is folded, and its inputs are constants.
    fn may_fold(&self, node: &Node) -> bool {
        node.inputs.iter().flatten().all(|&input| self.is_constant(input)) && is_foldable(self.view, node)
    }

    /// The outputs of a node that may be folded.
    fn outputs(&self, node: &Node) -> Option<Vec<ValueId>> {
        if !self.may_fold(node) {
            return None;
        }
        let outputs = read(self.view, node);
        (!outputs.is_empty() && !outputs.iter().any(|&output| self.view.is_output(output))).then_some(outputs)
    }

    /// Takes outputs of that many bytes for constants, if there is room.
    fn book(&mut self, node: &Node, sizes: &[(ValueId, u64)]) -> Option<()> {
        let freed = node.inputs.iter().flatten().fold(0_u64, |sum, &input| sum.saturating_add(self.freed(input)));
        let bytes = sizes.iter().fold(0_u64, |sum, (_, size)| sum.saturating_add(*size));
        self.room = self.room.checked_sub(bytes.saturating_sub(freed.saturating_add(NODE_BYTES)))?;
        for &(output, bytes) in sizes {
            // several outputs cannot all say that the same bytes go
            let freed = if sizes.len() == 1 { bytes.max(freed) } else { bytes };
            let freed = if self.view.is_read_once(output) { freed } else { 0 };
            self.known.insert(output, Entry { bytes, freed });
        }
        Some(())
    }

    fn freed(&self, value: ValueId) -> u64 {
        if let Some(known) = self.known.get(&value) {
            return known.freed;
        }
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

    fn input_bytes(&self, node: &Node) -> u64 {
        let stored = |value| self.view.tensor(value).and_then(Tensor::byte_len).unwrap_or(u64::MAX);
        let bytes = |&value: &ValueId| self.known.get(&value).map_or_else(|| stored(value), |known| known.bytes);
        node.inputs.iter().flatten().map(bytes).fold(0, u64::saturating_add)
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
    use std::sync::Arc;

    use super::*;
    use crate::context::Context;
    use crate::ir::sketch;
    use crate::passes::drop_dead::DropDead;
    use crate::passes::drop_unused_initializers::DropUnusedInitializers;
    use crate::passes::proof::{becomes, stays};
    use crate::passes::{Options, simplify};

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
    fn every_output_that_is_read_becomes_a_constant() {
        becomes(
            FoldConstants,
            &[
                "x: float32[n, 2]",
                "w = float32[3, 2] [1, 2, 3, 4, 5, 6]",
                "k = int64 [1, 1, 1]",
                "a, b, c = Split(w, k) axis=0",
                "d = Neg(c)",
                "s = Add(x, a)",
                "t = Add(s, d)",
                "y = Mul(t, a)",
                "-> y",
            ],
            &[
                "a = float32[1, 2] [1, 2]",
                "d = float32[1, 2] [-5, -6]",
                "s = Add(x, a)",
                "t = Add(s, d)",
                "y = Mul(t, a)",
            ],
        );
    }

    #[test]
    fn an_output_of_the_graph_keeps_its_node() {
        stays(
            FoldConstants,
            &[
                "x: float32[n, 1]",
                "w = float32[1, 2] [1, 2]",
                "k = int64 [1, 1]",
                "a, b = Split(w, k) axis=1",
                "y = Add(x, a)",
                "-> y; b",
            ],
        );
    }

    #[test]
    fn many_large_constants_are_folded_on_any_number_of_threads() {
        let mut lines = vec!["x: float32[1024, 256]".to_owned()];
        let mut sum = "x".to_owned();
        for at in 0..8 {
            lines.push(format!("w{at} = float32[256, 1024]"));
            lines.push(format!("t{at} = Transpose(w{at})"));
            lines.push(format!("c{at} = Cos(t{at})"));
            lines.push(format!("s{at} = Add({sum}, c{at})"));
            sum = format!("s{at}");
        }
        lines.push(format!("-> {sum}"));
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        for threads in [1, 3] {
            let limits = Limits { threads: NonZeroUsize::new(threads).unwrap(), ..Limits::default() };
            let mut model = sketch::model(21, &lines);
            let passes: [Arc<dyn Pass>; 3] =
                [Arc::new(FoldConstants), Arc::new(DropDead), Arc::new(DropUnusedInitializers)];
            simplify(&mut model, &passes, &Options::default(), &Context::new().with_limits(limits)).unwrap();
            assert_eq!(model.graph.nodes().count(), 8, "{threads} threads");
            for initializer in &model.graph.initializers {
                let ones = Array::from_tensor(&initializer.tensor).unwrap();
                assert!(ones.items::<f32>().unwrap().iter().all(|&item| item.to_bits() == 1_f32.to_bits()));
            }
        }
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
