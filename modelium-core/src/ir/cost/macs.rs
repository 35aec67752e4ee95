//! Multiply-accumulates of one node: one row for each operator that has them.

use crate::ir::attribute::AttributeValue;
use crate::ir::graph::Node;
use crate::ir::infer::{Equation, Scope};
use crate::ir::schema::OpType;
use crate::ir::types::Dim;

/// What is known of a node's multiply-accumulates.
pub(super) enum Macs {
    /// The operator has none, as far as anybody knows.
    None,
    /// So many.
    Count(u128),
    /// It has some, but shapes are missing or the number is beyond 2¹²⁸.
    Unknown,
}

/// The count of a node.
pub(super) fn of<'m>(scope: Scope<'_, 'm>, node: &'m Node) -> Macs {
    let count = Count { scope, node };
    let found = match &node.op {
        OpType::Conv | OpType::ConvInteger | OpType::DeformConv | OpType::CausalConvWithState => count.convolution(1),
        OpType::QLinearConv => count.convolution(3),
        OpType::ConvTranspose => count.transposed_convolution(),
        OpType::MatMul | OpType::MatMulInteger | OpType::QLinearMatMul => count.matmul(false),
        OpType::Gemm => count.gemm(),
        OpType::Einsum => count.einsum(),
        OpType::LSTM | OpType::GRU | OpType::RNN => count.recurrent(),
        OpType::Attention | OpType::FlexAttention => count.attention(),
        OpType::LinearAttention => count.linear_attention(),
        OpType::Other(other) if other.domain() == "com.microsoft" => match other.name() {
            "FusedConv" => count.convolution(1),
            "FusedMatMul" | "TransposeMatMul" => count.matmul(count.flag("transA")),
            "MatMulNBits" | "MatMulIntegerToFloat" | "DynamicQuantizeMatMul" => count.matmul(false),
            "FusedGemm" | "QGemm" => count.gemm(),
            "Attention" => count.packed_attention(),
            "MultiHeadAttention" => count.attention(),
            "GroupQueryAttention" => None,
            _ => return Macs::None,
        },
        _ => return Macs::None,
    };
    found.map_or(Macs::Unknown, Macs::Count)
}

struct Count<'a, 'm> {
    scope: Scope<'a, 'm>,
    node: &'m Node,
}

impl<'a> Count<'a, '_> {
    fn input(&self, index: usize) -> Option<&'a [Dim]> {
        Some(&self.scope.input(self.node, index)?.shape()?.dims)
    }

    fn output(&self) -> Option<&'a [Dim]> {
        Some(&self.scope.output(self.node, 0)?.shape()?.dims)
    }

    fn flag(&self, name: &str) -> bool {
        matches!(self.scope.attribute(self.node, name), Some(AttributeValue::Int(1..)))
    }

    /// Each element of the output is a sum over one filter. Weights `[out, channels / group, kernel …]`.
    fn convolution(&self, weights: usize) -> Option<u128> {
        let [_, filter @ ..] = self.input(weights)? else { return None };
        elements(self.output()?)?.checked_mul(elements(filter)?)
    }

    /// Each element of the input is spread by one filter. Weights `[channels, out / group, kernel …]`.
    fn transposed_convolution(&self) -> Option<u128> {
        let [_, filter @ ..] = self.input(1)? else { return None };
        elements(self.input(0)?)?.checked_mul(elements(filter)?)
    }

    fn matmul(&self, transposed: bool) -> Option<u128> {
        let (([.., inner, _], true) | ([.., inner], _)) = (self.input(0)?, transposed) else { return None };
        elements(self.output()?)?.checked_mul(inner.known()?.into())
    }

    fn gemm(&self) -> Option<u128> {
        let [rows, columns] = self.input(0)? else { return None };
        let inner = if self.flag("transA") { rows } else { columns };
        elements(self.output()?)?.checked_mul(inner.known()?.into())
    }

    /// A product over all indices for each operand but the first.
    fn einsum(&self) -> Option<u128> {
        let Some(AttributeValue::String(equation)) = self.scope.attribute(self.node, "equation") else { return None };
        let equation = Equation::parse(std::str::from_utf8(equation).ok()?)?;
        let shapes = (0..self.node.inputs.len()).map(|input| self.input(input)).collect::<Option<Vec<_>>>()?;
        let indices = equation.sizes(&shapes)?;
        let products = u128::try_from(shapes.len()).ok()?.saturating_sub(1);
        elements(&indices)?.checked_mul(products)
    }

    /// At each step of each sequence both matrices are multiplied, for all gates and directions.
    fn recurrent(&self) -> Option<u128> {
        let [steps @ .., _] = self.input(0)? else { return None };
        let weights = elements(self.input(1)?)?.checked_add(elements(self.input(2)?)?)?;
        elements(steps)?.checked_mul(weights)
    }

    /// Queries by keys, then weights by values: each element of queries and output meets each position.
    fn attention(&self) -> Option<u128> {
        let positions = |index| match self.input(index)? {
            [_, _, positions, _] | [_, positions, _] => positions.known(),
            _ => None,
        };
        let past =
            if matches!(self.node.op, OpType::Attention) && self.node.input(4).is_some() { positions(4)? } else { 0 };
        let total = u128::from(positions(1)?) + u128::from(past);
        let elements = elements(self.input(0)?)?.checked_add(elements(self.output()?)?)?;
        elements.checked_mul(total)
    }

    /// The projection to queries, keys and values, then attention among the positions themselves.
    fn packed_attention(&self) -> Option<u128> {
        let ([_, sequence, _], [_, width]) = (self.input(0)?, self.input(1)?) else { return None };
        if self.node.input(4).is_some() {
            return None; // a past of a length that only this operator's attributes tell
        }
        let projection = elements(self.input(0)?)?.checked_mul(width.known()?.into())?;
        let attention = elements(self.output()?)?.checked_mul(2)?.checked_mul(sequence.known()?.into())?;
        projection.checked_add(attention)
    }

    /// At each position a state `[key size, value size]` of each head is written, and read by each query's head.
    fn linear_attention(&self) -> Option<u128> {
        let [batch, heads, key, value] = self.scope.output(self.node, 1)?.shape()?.dims.as_slice() else { return None };
        let [_, positions, _] = self.input(0)? else { return None };
        let rule = match self.scope.attribute(self.node, "update_rule") {
            Some(AttributeValue::String(rule)) => rule.as_ref(),
            _ => b"gated_delta",
        };
        let writes = if rule.ends_with(b"delta") { 2 } else { 1 };
        let Some(AttributeValue::Int(readers)) = self.scope.attribute(self.node, "q_num_heads") else { return None };
        let state = elements(&[batch.clone(), positions.clone(), key.clone(), value.clone()])?;
        let per_state = u128::from(heads.known()?).checked_mul(writes)?.checked_add(u128::try_from(*readers).ok()?)?;
        state.checked_mul(per_state)
    }
}

/// The product of dimensions that are all known.
fn elements(dims: &[Dim]) -> Option<u128> {
    dims.iter().try_fold(1_u128, |product, dim| product.checked_mul(dim.known()?.into()))
}
