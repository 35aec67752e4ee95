//! Folds a batch normalisation into the matrix product before it, where the product has more than two axes.

use crate::ir::{Node, NodeId, OpType, ValueId};
use crate::passes::constant::{floats, of_numbers};
use crate::passes::fold_scale::{normalisation, spread};
use crate::passes::known::permutation;
use crate::passes::{Pass, Patch, Source, View};
use crate::tensor::{Channels, Tensor};

/// Folds a batch normalisation into the `MatMul` before it, through an addition of a bias and a transposition: a linear
/// layer over `[batch, length, channels]` whose channels are moved to where the normalisation looks for them.
///
/// `y = (W·x + b)·s + t` becomes `y = (W·s)·x + (b·s + t)`. Exact where axis 1 of what is normalised is the columns of a
/// constant on the right, or the rows of one on the left; fires there alone, if all but the input are constants and
/// nothing else reads what is computed between. Products of two axes are for `fold_scale`.
pub(super) struct FoldNorm;

impl Pass for FoldNorm {
    fn name(&self) -> &'static str {
        "fold_norm"
    }

    fn about(&self) -> &'static str {
        "fold batch normalisations into the products of more than two axes before them"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        let norms = view.graph.nodes().filter(|(_, node)| node.op == OpType::BatchNormalization);
        norms.filter_map(|(id, node)| folded(view, id, node)).collect()
    }
}

fn folded(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    let (input, output) = (node.input(0)?, node.output(0)?);
    let rank = view.rank(input).filter(|&rank| rank > 2)?;
    if node.outputs.iter().skip(1).any(Option::is_some) {
        return None;
    }
    let mut patch = Patch::remove([id]);
    let (mut below, mut channel) = (input, 1);
    let transpose = alone(view, below, &OpType::Transpose);
    if let Some((id, turn)) = transpose {
        channel = *permutation(view, turn).filter(|perm| perm.len() == rank)?.get(1)?;
        below = turn.input(0)?;
        patch.remove.push(id);
    }
    let add = alone(view, below, &OpType::Add);
    let mut bias = None;
    if let Some((id, add)) = add {
        let slot = usize::from(view.tensor(add.input(0)?).is_some());
        bias = Some(view.tensor(add.input(1 - slot)?)?);
        below = add.input(slot)?;
        patch.remove.push(id);
    }
    let (product_id, product) = alone(view, below, &OpType::MatMul)?;
    patch.remove.push(product_id);
    if view.rank(below) != Some(rank) {
        return None;
    }
    let side = Side::of(channel, rank)?;
    let weight_value = product.input(side.slot())?;
    let weight = view.tensor(weight_value).filter(|_| view.is_read_once(weight_value))?;
    let within = side.channels(weight)?;
    let channels = within.along;
    let (scale, shift) = {
        let affine = normalisation(view, node, channels)?;
        (affine.scale?, affine.shift?)
    };
    let mut biases = match bias {
        None => vec![0.0; channels],
        Some(tensor) if tensor.dims.len() <= rank => spread(&floats(tensor)?, &tensor.dims, channels, channel, rank)?,
        Some(_) => return None,
    };
    biases.iter_mut().zip(scale.iter().zip(&shift)).for_each(|(bias, (scale, shift))| *bias = *bias * scale + shift);

    let name = |value: ValueId| view.value(value).name.clone();
    let scaled = patch.tensor(name(weight_value), weight.scaled(scale, within)?);
    let inputs = match side {
        Side::Columns => [product.input(0).into(), scaled],
        Side::Rows => [scaled, product.input(1).into()],
    };
    let multiplied = patch.node(OpType::MatMul, inputs, product.attributes.clone());
    let dims = match side {
        Side::Columns => vec![channels as u64],
        Side::Rows => vec![channels as u64, 1],
    };
    let biases = patch.tensor(format!("{}_bias", name(output)), of_numbers(weight.dtype, dims, &biases)?);
    let Some((_, turn)) = transpose else {
        patch.node_giving(OpType::Add, [multiplied, biases], vec![], [Some(output)]);
        return Some(patch);
    };
    let added: Source = patch.node(OpType::Add, [multiplied, biases], vec![]);
    patch.node_giving(OpType::Transpose, [added], turn.attributes.clone(), [Some(output)]);
    Some(patch)
}

/// The node of that operator that computes a value which nothing else reads.
fn alone<'a>(view: &View<'a>, value: ValueId, op: &OpType) -> Option<(NodeId, &'a Node)> {
    view.produced_by(value, op).filter(|_| view.is_read_once(value))
}

/// Which constant of a product holds the channels.
#[derive(Clone, Copy)]
enum Side {
    /// The right one, in its columns.
    Columns,
    /// The left one, in its rows.
    Rows,
}

impl Side {
    /// The side of the axis of the product on which the channels lie.
    fn of(channel: usize, rank: usize) -> Option<Self> {
        match rank.checked_sub(channel)? {
            1 => Some(Self::Columns),
            2 => Some(Self::Rows),
            _ => None,
        }
    }

    fn slot(self) -> usize {
        match self {
            Self::Columns => 1,
            Self::Rows => 0,
        }
    }

    /// Where they stand in the constant.
    fn channels(self, weight: &Tensor) -> Option<Channels> {
        let [.., rows, columns] = *weight.dims.as_slice() else { return None };
        let (rows, columns) = (usize::try_from(rows).ok()?, usize::try_from(columns).ok()?);
        Some(match self {
            Self::Columns => Channels { step: 1, along: columns, group: None },
            Self::Rows => Channels { step: columns, along: rows, group: None },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::proof::{becomes, stays};

    /// Scales by 3/√(3 + 1) = 1.5 and 1/√(0 + 1) = 1, shifts by 1 − 2·1.5 = −2 and 0 − 1·1 = −1.
    const STATISTICS: [&str; 4] =
        ["g = float32 [3, 1]", "b = float32 [1, 0]", "m = float32 [2, 1]", "v = float32 [3, 0]"];

    fn model<'a>(first: &[&'a str], last: &[&'a str]) -> Vec<&'a str> {
        [first, &STATISTICS, last].concat()
    }

    #[test]
    fn a_linear_layer_takes_the_normalisation_behind_its_transposition() {
        becomes(
            FoldNorm,
            &model(
                &["x: float32[n, l, 3]", "w = float32[3, 2] [2, 1, 4, 1, 6, 1]", "k = float32 [2, 5]"],
                &[
                    "p = MatMul(x, w)",
                    "a = Add(k, p)",
                    "t = Transpose(a) perm=[0, 2, 1]",
                    "y = BatchNormalization(t, g, b, m, v) epsilon=1.0",
                    "-> y",
                ],
            ),
            &[
                "w_1 = float32[3, 2] [3, 1, 6, 1, 9, 1]",
                "y_bias = float32 [1, 4]",
                "matmul = MatMul(x, w_1)",
                "add = Add(matmul, y_bias)",
                "y = Transpose(add) perm=[0, 2, 1]",
            ],
        );
    }

    #[test]
    fn channels_that_come_to_the_front_of_an_image_are_found() {
        becomes(
            FoldNorm,
            &model(
                &["x: float32[n, 4, 5, 1]", "w = float32[1, 2] [2, 3]"],
                &[
                    "p = MatMul(x, w)",
                    "t = Transpose(p) perm=[0, 3, 1, 2]",
                    "y = BatchNormalization(t, g, b, m, v) epsilon=1.0",
                    "-> y",
                ],
            ),
            &[
                "w_1 = float32[1, 2] [3, 3]",
                "y_bias = float32 [-2, -1]",
                "matmul = MatMul(x, w_1)",
                "add = Add(matmul, y_bias)",
                "y = Transpose(add) perm=[0, 3, 1, 2]",
            ],
        );
    }

    #[test]
    fn rows_of_a_constant_on_the_left_are_channels() {
        becomes(
            FoldNorm,
            &model(
                &["x: float32[n, 3, l]", "w = float32[2, 3] [2, 4, 6, 1, 1, 1]"],
                &["p = MatMul(w, x)", "y = BatchNormalization(p, g, b, m, v) epsilon=1.0", "-> y"],
            ),
            &[
                "w_1 = float32[2, 3] [3, 6, 9, 1, 1, 1]",
                "y_bias = float32[2, 1] [-2, -1]",
                "matmul = MatMul(w_1, x)",
                "y = Add(matmul, y_bias)",
            ],
        );
    }

    #[test]
    fn channels_that_are_no_axis_of_the_constant_stay() {
        // axis 1 is the rows of `x`
        stays(
            FoldNorm,
            &model(
                &["x: float32[n, 2, 3]", "w = float32[3, 2] [2, 1, 4, 1, 6, 1]"],
                &["p = MatMul(x, w)", "y = BatchNormalization(p, g, b, m, v)", "-> y"],
            ),
        );
        // what is transposed is read elsewhere
        stays(
            FoldNorm,
            &model(
                &["x: float32[n, l, 3]", "w = float32[3, 2] [2, 1, 4, 1, 6, 1]"],
                &[
                    "p = MatMul(x, w)",
                    "t = Transpose(p) perm=[0, 2, 1]",
                    "y = BatchNormalization(t, g, b, m, v)",
                    "-> y; p",
                ],
            ),
        );
        // a bias that differs along the length
        stays(
            FoldNorm,
            &model(
                &["x: float32[n, 2, 3]", "w = float32[3, 2] [2, 1, 4, 1, 6, 1]", "k = float32[2, 1] [1, 2]"],
                &[
                    "p = MatMul(x, w)",
                    "a = Add(p, k)",
                    "t = Transpose(a) perm=[0, 2, 1]",
                    "y = BatchNormalization(t, g, b, m, v)",
                    "-> y",
                ],
            ),
        );
    }
}
