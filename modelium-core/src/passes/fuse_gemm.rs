//! Makes `Gemm` of products of matrices and what is added to them.

use crate::ir::{Attribute, AttributeValue, Dim, Node, NodeId, OpType, ValueId};
use crate::passes::known::{both_ways, permutation, same_shape};
use crate::passes::{Pass, Patch, Source, View};
use crate::tensor::DType;

/// Makes `Gemm` of a `MatMul` of two matrices and the `Add` behind it, and lets it read its matrices as they were before a
/// transpose.
///
/// Only for two axes, as `Gemm` has no others, and for floating-point types, as runtimes have no others.
pub(super) struct FuseGemm;

impl Pass for FuseGemm {
    fn name(&self) -> &'static str {
        "fuse_gemm"
    }

    fn about(&self) -> &'static str {
        "make Gemm of a MatMul of matrices and the Add behind it, or the Transpose before it"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        if view.opset() < 9 {
            return Vec::new();
        }
        let patch = |(id, node): (NodeId, &Node)| match node.op {
            OpType::Add => add(view, id, node),
            OpType::Gemm | OpType::MatMul => untransposed(view, id, node),
            _ => None,
        };
        view.graph.nodes().filter_map(patch).collect()
    }
}

fn is_float(view: &View<'_>, value: ValueId) -> bool {
    matches!(view.dtype(value), Some(DType::Float16 | DType::Float32 | DType::Float64))
}

/// `MatMul` of two matrices, or a `Gemm` that adds nothing yet.
fn add(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    let output = node.output(0)?;
    both_ways(node).into_iter().find_map(|(product, added, _)| {
        let (below, matmul, 0) = view.producer(product)? else { return None };
        let plain = match matmul.op {
            OpType::MatMul => true,
            OpType::Gemm => matmul.input(2).is_none(),
            _ => false,
        };
        let (a, b) = (matmul.input(0)?, matmul.input(1)?);
        if !plain
            || !view.is_read_once(product)
            || view.rank(a)? != 2
            || view.rank(b)? != 2
            || !is_float(view, a)
            || !same_shape(view, product, output)
            || !spreads(&view.dims(added)?, &view.dims(product)?)
        {
            return None;
        }
        let mut patch = Patch::remove([id, below]);
        let attributes: Vec<Attribute> = matmul.attributes.iter().filter(|item| item.name != "beta").cloned().collect();
        patch.node_giving(OpType::Gemm, [a.into(), b.into(), added.into()], attributes, [Some(output)]);
        Some(patch)
    })
}

/// True if a value of that shape can be added to a matrix without changing its shape.
fn spreads(added: &[Dim], to: &[Dim]) -> bool {
    let one = Dim::Known(1);
    added.len() <= to.len()
        && added.iter().rev().zip(to.iter().rev()).all(|(from, to)| *from == one || from == to && *to != Dim::Unknown)
}

fn untransposed(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    let (a, b) = (node.input(0)?, node.input(1)?);
    if view.rank(a)? != 2 || view.rank(b)? != 2 || !is_float(view, a) {
        return None;
    }
    let before = |value| {
        let (_, above) = view.produced_by(value, &OpType::Transpose).filter(|_| view.is_read_once(value))?;
        (permutation(view, above)? == [1, 0]).then(|| above.input(0)).flatten()
    };
    let (from_a, from_b) = (before(a), before(b));
    if from_a.is_none() && from_b.is_none() {
        return None;
    }
    let mut attributes: Vec<Attribute> =
        node.attributes.iter().filter(|item| !matches!(item.name.as_str(), "transA" | "transB")).cloned().collect();
    for (name, turned) in [("transA", from_a.is_some()), ("transB", from_b.is_some())] {
        if (node.int(name).unwrap_or(0) != 0) != turned {
            attributes.push(Attribute::new(name, AttributeValue::Int(1)));
        }
    }
    let mut inputs: Vec<Source> = vec![from_a.unwrap_or(a).into(), from_b.unwrap_or(b).into()];
    inputs.extend(node.inputs.iter().skip(2).map(|&input| Source::from(input)));
    let mut patch = Patch::remove([id]);
    patch.node_giving(OpType::Gemm, inputs, attributes, [node.output(0)]);
    Some(patch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::proof::{becomes, stays};

    #[test]
    fn a_product_of_matrices_and_a_bias_are_a_gemm() {
        becomes(
            FuseGemm,
            &[
                "x: float32[n, 4]",
                "w = float32[3, 4]",
                "b = float32 [1, 2, 3]",
                "t = Transpose(w) perm=[1, 0]",
                "m = MatMul(x, t)",
                "y = Add(b, m)",
                "-> y",
            ],
            &[
                "w = float32[3, 4] [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]",
                "b = float32 [1, 2, 3]",
                "y = Gemm(x, w, b) transB=1",
            ],
        );
    }

    #[test]
    fn three_axes_integers_and_what_would_broadcast_stay() {
        let rest = ["m = MatMul(x, w)", "y = Add(m, b)", "-> y"];
        for inputs in [
            ["x: float32[n, 2, 4]", "w: float32[4, 3]", "b: float32[3]"],
            ["x: int32[n, 4]", "w: int32[4, 3]", "b: int32[3]"],
            ["x: float32[n, 4]", "w: float32[4, 3]", "b: float32[2, n, 3]"],
            ["x: float32[n, 4]", "w: float32[4, 3]", "b: float32[m, 3]"],
        ] {
            stays(FuseGemm, &[&inputs[..], &rest[..]].concat());
        }
    }
}
