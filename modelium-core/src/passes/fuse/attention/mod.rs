//! Attention, recognised by its data flow.
//!
//! ```text
//! softmax(q · kᵀ · scale + bias) · v
//! ```
//!
//! The search begins at a `Softmax` and goes out to the two products. Heads, their size and the scale come from shapes and
//! constants; where queries, keys and values come from is told by what each transpose and reshape does to the axes, and
//! names count for nothing. What is found is said as ONNX Runtime's `MultiHeadAttention` ([`runtime`]), or as the standard
//! `Attention` from opset 23 on ([`standard`]), in whichever shapes and with whichever past leave the fewest nodes; one that
//! stands there already is said anew.
//!
//! Fires only where nothing else reads the scores, and where the batch and the heads of the three tensors are the same for
//! certain.

mod bias;
mod by_head;
mod plan;
mod reach;
mod runtime;
mod source;
mod standard;
#[cfg(test)]
mod tests;

use crate::ir::{Attribute, AttributeValue, Dim, Node, NodeId, OpType, ValueId};
use crate::passes::View;
use crate::passes::fuse::flow;
use crate::passes::fuse::layout::{Layout, Step, ahead, back};
use crate::passes::known;

use bias::Term;

pub(in crate::passes) use by_head::ScaleQueries;
pub(in crate::passes) use runtime::FuseAttention;
pub(in crate::passes) use standard::FuseStandardAttention;

/// The atoms of a tensor of queries, keys or values: batch, heads, rows, size of a head.
const HEADS_FIRST: [&[usize]; 4] = [&[0], &[1], &[2], &[3]];
const ROWS_FIRST: [&[usize]; 4] = [&[0], &[2], &[1], &[3]];
const PACKED: [&[usize]; 3] = [&[0], &[2], &[1, 3]];
const SEQUENCE_FIRST: [&[usize]; 3] = [&[2], &[0], &[1, 3]];

/// Operations between the scores and their product that are looked at.
const MOST_OPERATIONS: usize = 8;

/// An attention of a graph.
#[derive(Debug)]
struct Found {
    /// Nodes that go, from the product of the scores to the product with the values.
    nodes: Vec<NodeId>,
    /// Where queries, keys and values come from, the nearest first.
    queries: Vec<Step>,
    keys: Vec<Step>,
    values: Vec<Step>,
    /// Multiplies the scores; factors of queries and keys are in their steps.
    scale: f64,
    /// Added to the scores.
    biases: Vec<Term>,
    /// The zero that stands where the softmax is not a number, because all scores of a row are minus infinity.
    guard: Option<ValueId>,
    /// The result `[batch, heads, rows, size]`, and the values that hold the same in other shapes.
    results: Vec<Step>,
    batch: Dim,
    heads: u64,
    /// Of keys and values: as many as of queries, but where a standard operator has fewer.
    key_heads: u64,
    rows: Dim,
    columns: Dim,
    size: u64,
    value_size: u64,
    /// Attributes of a standard operator that stay as they are.
    rest: Vec<Attribute>,
}

/// The scores of a softmax.
#[derive(Debug)]
struct Scores {
    nodes: Vec<NodeId>,
    queries: ValueId,
    keys: ValueId,
    scale: f64,
    biases: Vec<Term>,
}

/// Every attention of a graph.
fn all<'v>(view: &'v View<'_>) -> impl Iterator<Item = Found> + 'v {
    view.graph.nodes().filter(|(_, node)| node.op == OpType::Softmax).filter_map(|(id, node)| find(view, id, node))
}

fn find(view: &View<'_>, id: NodeId, softmax: &Node) -> Option<Found> {
    let (scores, weights) = (softmax.input(0)?, softmax.output(0)?);
    let default = if view.opset() >= 13 { -1 } else { 1 };
    if view.rank(scores)? != 4 || known::axis(softmax.int("axis").unwrap_or(default), 4)? != 3 {
        return None;
    }
    let mut nodes = vec![id];
    let (weights, guard) = guarded(view, weights, &mut nodes);
    let (product, matmul, slot) = view.only_reader(weights)?;
    if matmul.op != OpType::MatMul || slot != 0 {
        return None;
    }
    nodes.push(product);
    let scores = self::scores(view, scores)?;
    let (values, result) = (matmul.input(1)?, matmul.output(0)?);
    let four = |value| <[Dim; 4]>::try_from(view.dims(value)?.into_owned()).ok();
    let [batch, heads, rows, size] = four(scores.queries)?;
    let [key_batch, key_heads, _, columns] = four(scores.keys)?;
    let [value_batch, value_heads, _, value_size] = four(values)?;
    let same = batch != Dim::Unknown && batch == key_batch && batch == value_batch;
    if !same || heads != key_heads || heads != value_heads {
        return None;
    }
    let layout = |rows: &Dim, size: &Dim| [batch.clone(), heads.clone(), rows.clone(), size.clone()];
    nodes.extend(scores.nodes);
    let query_layout = Layout::new(&layout(&rows, &size));
    let key_layout = Layout::with(&layout(&columns, &size), &[&[0], &[1], &[3], &[2]]);
    let value_layout = Layout::new(&layout(&columns, &value_size));
    Some(Found {
        nodes,
        queries: back(view, scores.queries, query_layout, true),
        keys: back(view, scores.keys, key_layout, true),
        values: back(view, values, value_layout, false),
        scale: scores.scale,
        biases: scores.biases,
        guard,
        results: ahead(view, result, Layout::new(&layout(&rows, &value_size))),
        heads: heads.known()?,
        key_heads: heads.known()?,
        size: size.known()?,
        value_size: value_size.known()?,
        batch,
        rows,
        columns,
        rest: Vec::new(),
    })
}

/// Every standard operator of tensors `[batch, heads, rows, size]`, as if it were spelt out. Its bias need not be numbers.
fn standing<'v>(view: &'v View<'_>) -> impl Iterator<Item = Found> + 'v {
    view.graph.nodes().filter(|(_, node)| node.op == OpType::Attention).filter_map(|(id, node)| stands(view, id, node))
}

fn stands(view: &View<'_>, id: NodeId, node: &Node) -> Option<Found> {
    if node.inputs.iter().skip(4).chain(node.outputs.iter().skip(1)).any(Option::is_some) {
        return None;
    }
    let (queries, keys, values, result) = (node.input(0)?, node.input(1)?, node.input(2)?, node.output(0)?);
    let four = |value| <[Dim; 4]>::try_from(view.dims(value)?.into_owned()).ok();
    let ([batch, heads, rows, size], [key_batch, key_heads, columns, _]) = (four(queries)?, four(keys)?);
    let [value_batch, value_heads, _, value_size] = four(values)?;
    if batch == Dim::Unknown || batch != key_batch || batch != value_batch || key_heads != value_heads {
        return None;
    }
    let size = size.known()?;
    let layout = |heads: &Dim, rows: &Dim, size: u64| {
        Layout::new(&[batch.clone(), heads.clone(), rows.clone(), Dim::Known(size)])
    };
    let from = |value, heads, rows, size, factors| back(view, value, layout(heads, rows, size), factors);
    let value_size = value_size.known()?;
    // what is said anew, or says nothing
    let plain = |attribute: &&Attribute| match (attribute.name.as_str(), &attribute.value) {
        ("scale" | "q_num_heads" | "kv_num_heads" | "qk_matmul_output_mode", _)
        | ("is_causal", AttributeValue::Int(0))
        | ("left_window_size" | "right_window_size", AttributeValue::Int(-1)) => true,
        ("softcap", AttributeValue::Float(cap)) => cap.to_bits() == 0,
        _ => false,
    };
    Some(Found {
        nodes: vec![id],
        queries: from(queries, &heads, &rows, size, true),
        keys: from(keys, &key_heads, &columns, size, true),
        values: from(values, &key_heads, &columns, value_size, false),
        scale: match node.float("scale") {
            Some(scale) => scale.into(),
            None => f64::from(u32::try_from(size).ok()?).sqrt().recip(),
        },
        biases: node.input(3).map(Term::Whole).into_iter().collect(),
        guard: None,
        results: ahead(view, result, layout(&heads, &rows, value_size)),
        heads: heads.known()?,
        key_heads: key_heads.known()?,
        size,
        value_size,
        rest: node.attributes.iter().filter(|attribute| !plain(attribute)).cloned().collect(),
        batch,
        rows,
        columns,
    })
}

/// The weights behind `Where(IsNaN(weights), 0, weights)`, and the zero.
fn guarded(view: &View<'_>, weights: ValueId, nodes: &mut Vec<NodeId>) -> (ValueId, Option<ValueId>) {
    let behind = || {
        let readers: Vec<_> = view.readers(weights).collect();
        let ([a, b], 2) = (<[_; 2]>::try_from(readers).ok()?, view.uses(weights).len()) else { return None };
        let (is_nan, choice) = if a.1.op == OpType::IsNaN { (a, b) } else { (b, a) };
        if is_nan.1.op != OpType::IsNaN || choice.1.op != OpType::Where || choice.2 != 2 {
            return None;
        }
        let (reader, _, slot) = view.only_reader(is_nan.1.output(0)?)?;
        let zero = choice.1.input(1)?;
        let is_zero = view.scalar(zero) == Some(0.0) && view.tensor(zero)?.dims.len() <= 1;
        (reader == choice.0 && slot == 0 && is_zero).then_some((is_nan.0, choice.0, choice.1.output(0)?, zero))
    };
    let Some((is_nan, choice, weights, zero)) = behind() else { return (weights, None) };
    nodes.extend([is_nan, choice]);
    (weights, Some(zero))
}

/// Walks from the softmax back to the product of queries and keys.
#[expect(clippy::float_cmp, reason = "exactly one: no scale so far")]
fn scores(view: &View<'_>, value: ValueId) -> Option<Scores> {
    let mut open = vec![(value, Vec::new(), 1.0, Vec::new())];
    let mut looked = 0;
    while let Some((value, nodes, scale, biases)) = open.pop() {
        looked += 1;
        if looked > MOST_OPERATIONS || !view.is_read_once(value) {
            continue;
        }
        let Some((id, node, 0)) = view.producer(value) else { continue };
        let nodes: Vec<NodeId> = nodes.into_iter().chain([id]).collect();
        match node.op {
            OpType::MatMul => {
                let (Some(queries), Some(keys)) = (node.input(0), node.input(1)) else { continue };
                return Some(Scores { nodes, queries, keys, scale, biases });
            }
            OpType::Mul | OpType::Div => {
                let Some((value, factor)) = flow::scaled(view, node) else { continue };
                open.push((value, nodes, scale * factor, biases));
            }
            // a bias that is scaled with the scores is not what the operators compute
            OpType::Add if scale == 1.0 => {
                let (Some(a), Some(b)) = (node.input(0), node.input(1)) else { continue };
                let with = |bias| biases.iter().cloned().chain([Term::Whole(bias)]).collect();
                open.push((b, nodes.clone(), scale, with(a)));
                open.push((a, nodes, scale, with(b)));
            }
            OpType::Reshape if scale == 1.0 => {
                let Some((inner, bias, more)) = bias::by_window(view, node) else { continue };
                let biases = biases.into_iter().chain([bias]).collect();
                open.push((inner, nodes.into_iter().chain(more).collect(), scale, biases));
            }
            _ => {}
        }
    }
    None
}
