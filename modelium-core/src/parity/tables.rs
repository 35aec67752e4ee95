//! Which integer inputs pick rows of a table, and how many rows there are: token ids of an embedding.

use std::collections::{BTreeMap, BTreeSet};

use crate::artifact::Artifact;
use crate::context::Context;
use crate::error::{ErrorKind, Result};
use crate::formats::Importer;
use crate::formats::onnx::OnnxImporter;
use crate::ir::{Graph, Node, OpType, Type, Use, ValueId};
use crate::tensor::DType;

/// For each input that picks rows, the rows of the smallest table that it picks from.
///
/// Only the structure is read. A model that is not ONNX, or that the importer does not take, has no tables here; its
/// samples are no worse for it than they would be without this.
///
/// # Errors
/// `Cancelled`.
pub(super) fn rows(original: &Artifact, cx: &Context) -> Result<BTreeMap<String, u64>> {
    match OnnxImporter.import(original, cx) {
        Ok(model) => Ok(rows_of(&model.graph)),
        Err(error) if error.kind() == ErrorKind::Cancelled => Err(error),
        Err(_) => Ok(BTreeMap::new()),
    }
}

fn rows_of(graph: &Graph) -> BTreeMap<String, u64> {
    let uses = graph.uses();
    let integers = graph.inputs.iter().filter(|port| {
        let dtype = port.ty.as_ref().and_then(Type::dtype);
        matches!(dtype, Some(DType::Int32 | DType::Int64))
    });
    integers
        .filter_map(|port| Some((graph.value(port.value).name.clone(), smallest(graph, &uses, port.value)?)))
        .collect()
}

/// Follows a value through operators that only move its elements, to every table that it reaches.
fn smallest(graph: &Graph, uses: &[Vec<Use>], input: ValueId) -> Option<u64> {
    let (mut seen, mut next, mut least) = (BTreeSet::from([input]), vec![input], None::<u64>);
    while let Some(value) = next.pop() {
        for place in uses.get(value.index()).into_iter().flatten() {
            let &Use::Input(id, slot) = place else { continue };
            let Some(node) = graph.node(id) else { continue };
            if let Some(rows) = table(node, slot).and_then(|(table, axis)| dim(graph, table, axis)) {
                least = Some(least.map_or(rows, |least| least.min(rows)));
            }
            if slot == 0 && moves(&node.op) {
                next.extend(node.outputs.iter().flatten().filter(|&&output| seen.insert(output)));
            }
        }
    }
    least
}

/// The table that a node picks from by its input at `slot`, and the axis along which it picks.
fn table(node: &Node, slot: u32) -> Option<(ValueId, i64)> {
    // ONNX Runtime's own: word ids and segment ids, each with a table
    let embeds = node.op.domain() == "com.microsoft" && node.op.name() == "EmbedLayerNormalization";
    match slot {
        1 if node.op == OpType::Gather => Some((node.input(0)?, node.int("axis").unwrap_or(0))),
        0 if embeds => Some((node.input(2)?, 0)),
        1 if embeds => Some((node.input(4)?, 0)),
        _ => None,
    }
}

fn moves(op: &OpType) -> bool {
    use OpType::{
        Cast, Concat, Expand, Flatten, Gather, Identity, Reshape, Slice, Squeeze, Tile, Transpose, Unsqueeze,
    };
    matches!(
        op,
        Cast | Concat | Expand | Flatten | Gather | Identity | Reshape | Slice | Squeeze | Tile | Transpose | Unsqueeze
    )
}

/// A known dimension of a value: of its constant, or of its type.
fn dim(graph: &Graph, value: ValueId, axis: i64) -> Option<u64> {
    let stored = graph.initializers.iter().find(|initializer| initializer.value == value);
    let producer = graph.value(value).producer.and_then(|(id, _)| graph.node(id));
    let constant = producer.filter(|node| node.op == OpType::Constant).and_then(|node| node.attribute("value"));
    let tensor = stored.map(|stored| &stored.tensor).or_else(|| constant?.tensors().first());
    let dims = match tensor {
        Some(tensor) => tensor.dims.clone(),
        None => graph.value(value).ty.as_ref()?.shape()?.to_known()?,
    };
    let from_front = if axis < 0 { axis.checked_add(i64::try_from(dims.len()).ok()?)? } else { axis };
    dims.get(usize::try_from(from_front).ok()?).copied()
}
