//! Operators on integers with a scale and a zero point beside each.

use crate::ir::infer::call::{Call, Gap, Outcome, Rule};
use crate::ir::infer::{convolution, dims, reduce};
use crate::ir::types::Dim;

pub(super) fn rule(name: &str) -> Option<Rule> {
    Some(match name {
        "QLinearLeakyRelu" | "QLinearSigmoid" | "QLinearSoftmax" => super::like_first,
        "QLinearAdd" | "QLinearMul" => binary,
        "QLinearWhere" => choose,
        "QLinearConcat" => concat,
        "QLinearAveragePool" => average_pool,
        "QLinearGlobalAveragePool" => global_pool,
        "QLinearReduceMean" => reduce_mean,
        _ => return None,
    })
}

/// `(a, scale, zero, b, scale, zero, …)`
fn binary(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    let dims = dims::broadcast(call.shape(0)?, call.shape(3)?)?;
    call.shaped(0, dims)
}

/// `(condition, a, scale, zero, b, …)`
fn choose(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(1);
    call.typed(0, dtype);
    let dims = dims::broadcast(call.shape(0)?, call.shape(1)?)?;
    let dims = dims::broadcast(&dims, call.shape(4)?)?;
    call.shaped(0, dims)
}

/// `(scale, zero, a, scale, zero, b, …)`
fn concat(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(2);
    call.typed(0, dtype);
    let mut dims = call.shape(2)?.to_vec();
    let axis = dims::axis(call.int("axis").ok_or(Gap::Open)?, dims.len())?;
    for input in (5..call.node.inputs.len()).step_by(3) {
        let next = call.shape_of_rank(input, dims.len())?;
        for (index, (dim, other)) in dims.iter_mut().zip(next).enumerate() {
            *dim = if index == axis { dims::plus(dim, other) } else { dims::same(dim, other)? };
        }
    }
    call.shaped(0, dims)
}

fn average_pool(call: &mut Call<'_, '_>) -> Outcome {
    if call.int("channels_last").unwrap_or(0) != 0 {
        return super::nhwc_pool(call);
    }
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    convolution::pool(call)
}

fn global_pool(call: &mut Call<'_, '_>) -> Outcome {
    if call.int("channels_last").unwrap_or(0) != 0 {
        return super::nhwc_global_pool(call);
    }
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    convolution::global_pool(call)
}

fn reduce_mean(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    let dims = call.shape(0)?;
    let gone = match call.ints("axes") {
        Some(axes) => dims::axes(axes, dims.len())?,
        None => (0..dims.len()).collect(),
    };
    let dims = reduce::reduced(dims, &gone, call.int("keepdims").unwrap_or(1) != 0);
    call.shaped(0, dims)
}

/// `(data, indices, scales, …)`: rows picked and scaled back; bytes hold several numbers each.
pub(super) fn gather_blocks(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(2);
    call.typed(0, dtype);
    let mut data = call.shape(0)?.to_vec();
    let bits = call.int("bits").and_then(|bits| u64::try_from(bits).ok()).filter(|bits| (1..=8).contains(bits));
    let packed = call.dtype(0).and_then(crate::tensor::DType::bits) == Some(8);
    if let (true, Some(last)) = (packed, data.last_mut()) {
        *last = dims::times(last, &Dim::Known(8 / bits.unwrap_or(4)));
    }
    let axis = dims::axis(call.int("gather_axis").unwrap_or(0), data.len())?;
    let (before, after) = (data.get(..axis).unwrap_or_default(), data.get(axis + 1..).unwrap_or_default());
    let dims = [before, call.shape(1)?, after].concat();
    call.shaped(0, dims)
}
