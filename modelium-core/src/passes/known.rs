//! What passes ask of a view again and again: equal shapes, axes, attributes with their defaults.

use crate::ir::{Attribute, AttributeValue, Dim, Node, OpType, ValueId};
use crate::passes::View;

/// True if both shapes are known, symbols included, and the same.
pub(super) fn same_shape(view: &View<'_>, a: ValueId, b: ValueId) -> bool {
    let (Some(a), Some(b)) = (view.dims(a), view.dims(b)) else { return false };
    a == b && !a.contains(&Dim::Unknown)
}

/// True if both element types are known and the same.
pub(super) fn same_dtype(view: &View<'_>, a: ValueId, b: ValueId) -> bool {
    view.dtype(a).is_some_and(|dtype| view.dtype(b) == Some(dtype))
}

/// An axis counted from the front.
pub(super) fn axis(axis: i64, rank: usize) -> Option<usize> {
    let signed = i64::try_from(rank).ok()?;
    let axis = if axis < 0 { axis.checked_add(signed)? } else { axis };
    usize::try_from(axis).ok().filter(|&axis| axis < rank)
}

/// A list that is an attribute in older opsets and an input in newer ones; `None` if it is not known, an empty list if it
/// is left out.
pub(super) fn list(view: &View<'_>, node: &Node, name: &str, slot: usize) -> Option<Vec<i64>> {
    if let Some(values) = node.ints(name) {
        return Some(values.to_vec());
    }
    node.input(slot).map_or(Some(Vec::new()), |value| view.ints(value))
}

/// The axes of `Squeeze`, `Unsqueeze` or a reduction, counted from the front in a tensor of that rank, ascending.
pub(super) fn axes(view: &View<'_>, node: &Node, rank: usize) -> Option<Vec<usize>> {
    let mut axes: Vec<usize> =
        list(view, node, "axes", 1)?.into_iter().map(|value| axis(value, rank)).collect::<Option<_>>()?;
    axes.sort_unstable();
    (!axes.windows(2).any(|pair| pair[0] == pair[1])).then_some(axes)
}

/// The permutation of a `Transpose`: output axis `i` is input axis `perm[i]`.
pub(super) fn permutation(view: &View<'_>, node: &Node) -> Option<Vec<usize>> {
    let Some(perm) = node.ints("perm") else {
        return Some((0..view.rank(node.input(0)?)?).rev().collect());
    };
    let perm: Vec<usize> = perm.iter().map(|&from| axis(from, perm.len())).collect::<Option<_>>()?;
    let mut seen = vec![false; perm.len()];
    for &from in &perm {
        seen[from] = true;
    }
    seen.into_iter().all(|seen| seen).then_some(perm)
}

/// The attribute that says a permutation.
pub(super) fn perm(perm: &[usize]) -> Vec<Attribute> {
    vec![Attribute::new("perm", AttributeValue::Ints(perm.iter().map(|&from| signed(from)).collect()))]
}

/// A number of axes or elements as attributes have it.
pub(super) fn signed(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// True for operators that compute each element of the output from one element of their only input.
pub(super) fn is_unary(op: &OpType) -> bool {
    use OpType as O;
    matches!(
        op,
        O::Abs
            | O::Acos
            | O::Acosh
            | O::Asin
            | O::Asinh
            | O::Atan
            | O::Atanh
            | O::BitwiseNot
            | O::Cast
            | O::Ceil
            | O::Celu
            | O::Cos
            | O::Cosh
            | O::Elu
            | O::Erf
            | O::Exp
            | O::Floor
            | O::Gelu
            | O::HardSigmoid
            | O::HardSwish
            | O::Identity
            | O::IsInf
            | O::IsNaN
            | O::LeakyRelu
            | O::Log
            | O::Mish
            | O::Neg
            | O::Not
            | O::Reciprocal
            | O::Relu
            | O::Round
            | O::Selu
            | O::Shrink
            | O::Sigmoid
            | O::Sign
            | O::Sin
            | O::Sinh
            | O::Softplus
            | O::Softsign
            | O::Sqrt
            | O::Tan
            | O::Tanh
            | O::ThresholdedRelu
    )
}

/// The inputs of a binary operator in both orders: `(one, other)` with the position of `one`.
pub(super) fn both_ways(node: &Node) -> Vec<(ValueId, ValueId, usize)> {
    match (node.input(0), node.input(1)) {
        (Some(a), Some(b)) => vec![(a, b, 0), (b, a, 1)],
        _ => Vec::new(),
    }
}
