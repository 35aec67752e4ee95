//! Lets convolutions and pools pad by themselves.

use crate::ir::{Attribute, AttributeValue, Node, NodeId, OpType, ValueId};
use crate::passes::constant::uniform;
use crate::passes::known::list;
use crate::passes::{Pass, Patch, Source, View};

/// Lets convolutions and pools pad by themselves, instead of a `Pad` before them.
///
/// A convolution pads with 0; a maximum with what is less than everything; an average with 0 where it counts what is
/// padded. Batch and channels must not be padded.
pub(super) struct FoldPads;

impl Pass for FoldPads {
    fn name(&self) -> &'static str {
        "fold_pads"
    }

    fn about(&self) -> &'static str {
        "let convolutions and pools pad by themselves"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        let patch = |(id, node): (NodeId, &Node)| match node.op {
            OpType::Conv | OpType::MaxPool | OpType::AveragePool => folded(view, id, node),
            _ => None,
        };
        view.graph.nodes().filter_map(patch).collect()
    }
}

fn folded(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    let input = node.input(0)?;
    let (below, pad) = view.produced_by(input, &OpType::Pad).filter(|_| view.is_read_once(input))?;
    let constant = pad.str("mode").is_none_or(|mode| mode == "constant");
    let explicit = node.str("auto_pad").is_none_or(|mode| mode == "NOTSET");
    if !constant || !explicit || pad.input(3).is_some() || node.int("ceil_mode").unwrap_or(0) != 0 {
        return None;
    }
    let value = match (view.opset() < 11, pad.input(2)) {
        (true, _) => f64::from(pad.float("value").unwrap_or(0.0)),
        (false, None) => 0.0,
        (false, Some(value)) => uniform(view, value)?,
    };
    let all = list(view, pad, "pads", 1)?;
    let rank = all.len() / 2;
    let added: Vec<i64> = match all.split_at_checked(rank)? {
        ([0, 0, begins @ ..], [0, 0, ends @ ..]) if begins.len() == ends.len() => [begins, ends].concat(),
        _ => return None,
    };
    let own = node.ints("pads").map_or_else(|| vec![0; added.len()], <[i64]>::to_vec);
    if added.iter().any(|&pad| pad < 0) || own.len() != added.len() {
        return None;
    }
    let mut attributes: Vec<Attribute> = node.attributes.iter().filter(|item| item.name != "pads").cloned().collect();
    let fits = match node.op {
        OpType::Conv => value == 0.0,
        OpType::MaxPool => value == f64::NEG_INFINITY && node.output(1).is_none(),
        _ => {
            let counts = node.int("count_include_pad").unwrap_or(0) != 0;
            if !counts && own.iter().all(|&pad| pad == 0) && view.opset() >= 7 {
                attributes.retain(|item| item.name != "count_include_pad");
                attributes.push(Attribute::new("count_include_pad", AttributeValue::Int(1)));
                value == 0.0
            } else {
                value == 0.0 && counts
            }
        }
    };
    if !fits || !matches!(node.op, OpType::Conv) && !smaller_than_kernel(node, &own, &added)? {
        return None;
    }
    let pads: Vec<i64> = own.iter().zip(&added).map(|(own, added)| own.checked_add(*added)).collect::<Option<_>>()?;
    attributes.push(Attribute::new("pads", AttributeValue::Ints(pads)));
    let inputs: Vec<Source> =
        std::iter::once(pad.input(0)).chain(node.inputs.iter().skip(1).copied()).map(Source::from).collect();
    let outputs: Vec<Option<ValueId>> = node.outputs.clone();
    let mut patch = Patch::remove([id, below]);
    patch.node_giving(node.op.clone(), inputs, attributes, outputs);
    Some(patch)
}

/// Runtimes refuse a pool whose window can lie in the padding alone.
fn smaller_than_kernel(node: &Node, own: &[i64], added: &[i64]) -> Option<bool> {
    let kernel = node.ints("kernel_shape")?;
    let total = own.iter().zip(added).map(|(own, added)| own.checked_add(*added)).collect::<Option<Vec<_>>>()?;
    Some(total.iter().zip(kernel.iter().cycle()).all(|(pad, kernel)| pad < kernel))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::proof::{becomes, stays};

    const PADS: &str = "p = int64 [0, 0, 1, 0, 0, 2]";

    #[test]
    fn a_convolution_pads_by_itself() {
        becomes(
            FoldPads,
            &[
                "x: float32[n, 1, 8]",
                PADS,
                "w = float32 [1]",
                "v: float32[1, 1, 3]",
                "a = Pad(x, p)",
                "y = Conv(a, v) pads=[1, 1]",
                "-> y",
            ],
            &["y = Conv(x, v) pads=[2, 3]"],
        );
    }

    #[test]
    fn an_average_counts_what_was_padded_and_a_maximum_of_zeros_stays() {
        becomes(
            FoldPads,
            &["x: float32[n, 1, 8]", PADS, "a = Pad(x, p)", "y = AveragePool(a) kernel_shape=[3]", "-> y"],
            &["y = AveragePool(x) kernel_shape=[3] count_include_pad=1 pads=[1, 2]"],
        );
        stays(FoldPads, &["x: float32[n, 1, 8]", PADS, "a = Pad(x, p)", "y = MaxPool(a) kernel_shape=[3]", "-> y"]);
    }
}
