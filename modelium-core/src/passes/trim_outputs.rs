//! Leaves out optional outputs that nobody reads.

use crate::ir::schema::{Arity, schema};
use crate::ir::{Node, NodeId, ValueId};
use crate::passes::{Pass, Patch, Source, View};

/// Leaves out optional outputs that nobody reads: the mask of a `Dropout`, the indices of a `MaxPool`, the states of an
/// `LSTM`.
pub(super) struct TrimOutputs;

impl Pass for TrimOutputs {
    fn name(&self) -> &'static str {
        "trim_outputs"
    }

    fn about(&self) -> &'static str {
        "leave out optional outputs that nobody reads"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        view.graph.nodes().filter_map(|(id, node)| trimmed(view, id, node)).collect()
    }
}

fn trimmed(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    if node.outputs.len() < 2 || node.subgraphs().next().is_some() {
        return None;
    }
    let schema = schema(&node.op, view.opset()).filter(|_| node.op.domain().is_empty())?;
    let is_read = |value: &Option<ValueId>| value.is_some_and(|value| !view.uses(value).is_empty());
    if !node.outputs.iter().any(is_read) {
        return None; // dead as a whole
    }
    let mut outputs: Vec<Option<ValueId>> = Vec::with_capacity(node.outputs.len());
    for (index, output) in node.outputs.iter().enumerate() {
        let optional = schema.output(index).is_some_and(|formal| formal.arity == Arity::Optional);
        outputs.push(output.filter(|_| !optional || is_read(output)));
    }
    if outputs == node.outputs {
        return None;
    }
    while outputs.last() == Some(&None) {
        outputs.pop();
    }
    let inputs: Vec<Source> = node.inputs.iter().map(|&input| input.into()).collect();
    let mut patch = Patch::remove([id]);
    patch.node_giving(node.op.clone(), inputs, node.attributes.clone(), outputs);
    Some(patch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::proof::{becomes, stays};

    #[test]
    fn what_nobody_reads_is_left_out() {
        becomes(
            TrimOutputs,
            &["x: float32[n, 1, 8]", "y, i = MaxPool(x) kernel_shape=[2]", "-> y"],
            &["y = MaxPool(x) kernel_shape=[2]"],
        );
        stays(TrimOutputs, &["x: float32[n, 1, 8]", "y, i = MaxPool(x) kernel_shape=[2]", "-> y; i"]);
        stays(TrimOutputs, &["x: float32[4]", "a, y = Split(x) num_outputs=2", "-> y"]);
    }
}
