//! Folds what scales and shifts channels into the weights before.

use crate::ir::{Node, NodeId, OpType, ValueId};
use crate::passes::constant::{floats, of_numbers};
use crate::passes::{Pass, Patch, Source, View};
use crate::tensor::{Channels, DType};

/// Folds what scales and shifts each channel into the weights and the bias of the convolution or matrix product before it:
/// a batch normalisation, or a product, quotient, sum or difference with a constant.
///
/// `y = (W·x + b)·s + t` becomes `y = (W·s)·x + (b·s + t)`. Fires only when weights, bias and the constant are constants,
/// and nothing else reads the weights or what is computed of them.
pub(super) struct FoldScale;

impl Pass for FoldScale {
    fn name(&self) -> &'static str {
        "fold_scale"
    }

    fn about(&self) -> &'static str {
        "fold batch normalisations and constants into the convolution or product before them"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        view.graph.nodes().filter_map(|(id, node)| folded(view, id, node)).collect()
    }
}

/// What happens to a channel: `y = x·scale + shift`, one number for each channel.
pub(super) struct Affine {
    pub(super) scale: Option<Vec<f64>>,
    pub(super) shift: Option<Vec<f64>>,
}

fn folded(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    let slot = match node.op {
        OpType::BatchNormalization | OpType::Sub | OpType::Div => 0,
        OpType::Add | OpType::Mul => usize::from(view.tensor(node.input(0)?).is_some()),
        _ => return None,
    };
    let input = node.input(slot)?;
    let (below, product, 0) = view.producer(input)? else { return None };
    if !view.is_read_once(input) || node.outputs.iter().skip(1).any(Option::is_some) {
        return None;
    }
    let layout = Layout::of(view, product)?;
    let affine = affine(view, node, slot, layout.channels, view.rank(input)?)?;
    let weight = view.tensor(product.input(1)?)?;
    if !matches!(weight.dtype, DType::Float32 | DType::Float64) {
        return None;
    }
    let mut patch = Patch::remove([id, below]);
    let weight_source = match &affine.scale {
        None => product.input(1).into(),
        Some(scale) => {
            if !view.is_read_once(product.input(1)?) {
                return None;
            }
            let name = view.value(product.input(1)?).name.clone();
            patch.tensor(name, weight.scaled(scale.clone(), layout.weights)?)
        }
    };
    let bias = bias(view, product, &layout, &affine)?;
    let mut inputs: Vec<Source> = vec![product.input(0).into(), weight_source];
    if let Some(values) = bias {
        let name = match product.input(2) {
            Some(value) => view.value(value).name.clone(),
            None => format!("{}_bias", view.value(node.output(0)?).name),
        };
        inputs.push(patch.tensor(name, of_numbers(weight.dtype, vec![layout.channels as u64], &values)?));
    }
    let op = if product.op == OpType::MatMul && inputs.len() == 3 { OpType::Gemm } else { product.op.clone() };
    patch.node_giving(op, inputs, product.attributes.clone(), [node.output(0)]);
    Some(patch)
}

/// The channels of the output.
struct Layout {
    channels: usize,
    /// Where they stand in the weights.
    weights: Channels,
}

impl Layout {
    fn of(view: &View<'_>, product: &Node) -> Option<Self> {
        let dims: Vec<usize> =
            view.tensor(product.input(1)?)?.dims.iter().map(|&dim| usize::try_from(dim).ok()).collect::<Option<_>>()?;
        let after = |axis: usize| dims.iter().skip(axis).skip(1).product::<usize>();
        let along = |axis: usize| dims.get(axis).copied();
        match product.op {
            OpType::Conv if dims.len() >= 3 => Some(Self::plain(along(0)?, after(0))),
            OpType::ConvTranspose if dims.len() >= 3 => {
                let groups = usize::try_from(product.int("group").unwrap_or(1)).ok().filter(|&groups| groups > 0)?;
                let each = along(0)?.checked_div(groups)?.checked_mul(dims.iter().skip(1).product())?;
                let channels = along(1)?.checked_mul(groups)?;
                Some(Self { channels, weights: Channels { step: after(1), along: along(1)?, group: Some(each) } })
            }
            OpType::Gemm if dims.len() == 2 && is_plain_gemm(product) => {
                let axis = usize::from(product.int("transB").unwrap_or(0) == 0);
                Some(Self::plain(along(axis)?, after(axis)))
            }
            OpType::MatMul if dims.len() == 2 && view.rank(product.input(0)?)? == 2 && view.opset() >= 9 => {
                Some(Self::plain(along(1)?, 1))
            }
            _ => None,
        }
    }

    fn plain(channels: usize, step: usize) -> Self {
        Self { channels, weights: Channels { step, along: channels, group: None } }
    }
}

#[expect(clippy::float_cmp, reason = "exactly the default")]
fn is_plain_gemm(node: &Node) -> bool {
    ["alpha", "beta"].iter().all(|name| node.float(name).unwrap_or(1.0) == 1.0)
}

/// The bias after the change, one number for each channel; an empty option where there is none still.
#[expect(clippy::option_option, reason = "no change, a change without a bias, and one with a bias")]
fn bias(view: &View<'_>, product: &Node, layout: &Layout, affine: &Affine) -> Option<Option<Vec<f64>>> {
    let mut values = match product.input(2) {
        Some(value) => {
            let tensor = view.tensor(value)?;
            spread(&floats(tensor)?, &tensor.dims, layout.channels, 0, 1)?
        }
        None if affine.shift.is_none() => return Some(None),
        None => vec![0.0; layout.channels],
    };
    if let Some(scale) = &affine.scale {
        values.iter_mut().zip(scale).for_each(|(value, scale)| *value *= scale);
    }
    if let Some(shift) = &affine.shift {
        values.iter_mut().zip(shift).for_each(|(value, shift)| *value += shift);
    }
    Some(Some(values))
}

fn affine(view: &View<'_>, node: &Node, slot: usize, channels: usize, rank: usize) -> Option<Affine> {
    if node.op == OpType::BatchNormalization {
        return normalisation(view, node, channels);
    }
    let other: ValueId = node.input(1 - slot)?;
    let tensor = view.tensor(other)?;
    if tensor.dims.len() > rank {
        return None;
    }
    // in a matrix the channels are the last axis, in an image the second: axis 1 in both
    let values = spread(&floats(tensor)?, &tensor.dims, channels, 1, rank)?;
    Some(match node.op {
        OpType::Mul => Affine { scale: Some(values), shift: None },
        OpType::Div if values.iter().all(|&value| value != 0.0) => {
            Affine { scale: Some(values.into_iter().map(f64::recip).collect()), shift: None }
        }
        OpType::Add => Affine { scale: None, shift: Some(values) },
        OpType::Sub => Affine { scale: None, shift: Some(values.into_iter().map(|value| -value).collect()) },
        _ => return None,
    })
}

/// `(x − μ)·γ/√(σ² + ε) + β` by the statistics of training.
pub(super) fn normalisation(view: &View<'_>, node: &Node, channels: usize) -> Option<Affine> {
    if node.int("training_mode").unwrap_or(0) != 0 || view.opset() < 9 || node.int("spatial") == Some(0) {
        return None;
    }
    let read = |slot| {
        let values = floats(view.tensor(node.input(slot)?)?)?;
        (values.len() == channels).then_some(values)
    };
    let (gamma, beta, mean, variance) = (read(1)?, read(2)?, read(3)?, read(4)?);
    let epsilon = f64::from(node.float("epsilon").unwrap_or(1e-5));
    let scale: Vec<f64> =
        gamma.iter().zip(&variance).map(|(gamma, variance)| gamma / (variance + epsilon).sqrt()).collect();
    let shift = beta.iter().zip(&mean).zip(&scale).map(|((beta, mean), scale)| beta - mean * scale).collect();
    scale.iter().all(|scale| scale.is_finite()).then_some(Affine { scale: Some(scale), shift: Some(shift) })
}

/// One number for each channel of a constant that broadcasts over all axes but `axis` of `rank`.
pub(super) fn spread(values: &[f64], dims: &[u64], channels: usize, axis: usize, rank: usize) -> Option<Vec<f64>> {
    if let [value] = values {
        return Some(vec![*value; channels]);
    }
    let place = dims.len().checked_add(axis)?.checked_sub(rank)?;
    let fits = dims.iter().enumerate().all(|(at, &dim)| dim == if at == place { channels as u64 } else { 1 });
    fits.then(|| values.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::proof::{becomes, stays};

    #[test]
    fn a_batch_normalisation_goes_into_the_convolution() {
        // scale 3/√(3 + 1) and 1/√(0 + 1), by hand
        becomes(
            FoldScale,
            &[
                "x: float32[n, 1, 8]",
                "w = float32[2, 1, 1] [2, 4]",
                "g = float32 [3, 1]",
                "b = float32 [1, 0]",
                "m = float32 [2, 1]",
                "v = float32 [3, 0]",
                "c = Conv(x, w)",
                "y = BatchNormalization(c, g, b, m, v) epsilon=1.0",
                "-> y",
            ],
            &["w_1 = float32[2, 1, 1] [3, 4]", "y_bias = float32 [-2, -1]", "y = Conv(x, w_1, y_bias)"],
        );
    }

    #[test]
    fn constants_behind_a_product_go_into_it() {
        becomes(
            FoldScale,
            &[
                "x: float32[n, 1]",
                "w = float32[1, 2] [2, 4]",
                "b = float32 [1, 1]",
                "k = float32 [10, 100]",
                "c = Gemm(x, w, b)",
                "y = Mul(k, c)",
                "-> y",
            ],
            &["w_1 = float32[1, 2] [20, 400]", "b_1 = float32 [10, 100]", "y = Gemm(x, w_1, b_1)"],
        );
    }

    #[test]
    fn groups_of_a_transposed_convolution_have_channels_of_their_own() {
        becomes(
            FoldScale,
            &[
                "x: float32[n, 2, 8]",
                "w = float32[2, 2, 1] [1, 1, 1, 1]",
                "k = float32[4, 1] [1, 2, 3, 4]",
                "c = ConvTranspose(x, w) group=2",
                "y = Mul(c, k)",
                "-> y",
            ],
            &["w_1 = float32[2, 2, 1] [1, 2, 3, 4]", "y = ConvTranspose(x, w_1) group=2"],
        );
    }

    #[test]
    fn what_differs_within_a_channel_or_is_read_elsewhere_stays() {
        stays(
            FoldScale,
            &[
                "x: float32[n, 1, 2]",
                "w = float32[2, 1, 1] [2, 4]",
                "k = float32 [1, 2]",
                "c = Conv(x, w)",
                "y = Mul(c, k)",
                "-> y",
            ],
        );
        stays(
            FoldScale,
            &[
                "x: float32[n, 1, 2]",
                "w = float32[2, 1, 1] [2, 4]",
                "k = float32 3",
                "c = Conv(x, w)",
                "y = Mul(c, k)",
                "-> y; c",
            ],
        );
    }
}
