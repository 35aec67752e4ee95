//! Normalisations: elements less their mean, over their deviation.

use crate::error::Result;
use crate::eval::array::Array;
use crate::eval::broadcast;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::axis::Lines;
use crate::eval::kernels::binary::common;
use crate::eval::kernels::reduce::Folding;
use crate::eval::number::is_float;
use crate::ir::{OpType, spelling};
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::BatchNormalization => batch,
        OpType::InstanceNormalization => instance,
        OpType::GroupNormalization => group,
        OpType::LayerNormalization => layer,
        OpType::RMSNormalization => rms,
        OpType::MeanVarianceNormalization => mean_variance,
        OpType::LRN => local_response,
        _ => return None,
    })
}

/// Input `index` as doubles, of so many elements.
fn vector(call: &Call<'_, '_>, index: usize, count: usize) -> Result<Vec<f64>> {
    let (dims, items) = call.reals_at::<f64>(index)?;
    if items.len() == count {
        Ok(items)
    } else {
        Err(call.misfit(format!("input {index} is of shape {dims:?}, expected {count} elements")))
    }
}

fn float_input(call: &Call<'_, '_>) -> Result<(Array, Vec<f64>)> {
    let array = call.array(0)?;
    if !is_float(array.dtype()) {
        return Err(call.unknown_type(array.dtype()));
    }
    call.room(DType::Float64, array.dims())?;
    let (_, items) = call.reals_of::<f64>(&array)?;
    Ok((array, items))
}

fn epsilon(call: &Call<'_, '_>) -> f64 {
    call.float("epsilon").unwrap_or(1e-5).into()
}

fn channels(call: &Call<'_, '_>, array: &Array) -> Result<(usize, usize)> {
    match array.dims() {
        [_, channels, rest @ ..] => Ok((*channels, rest.iter().product())),
        [_] => Ok((1, 1)),
        dims => Err(call.misfit(format!("{dims:?} has no channels"))),
    }
}

fn batch(call: &mut Call<'_, '_>) -> Result<()> {
    let (array, mut items) = float_input(call)?;
    let (mut channels, mut size) = channels(call, &array)?;
    if call.opset < 9 && call.int("spatial") == Some(0) {
        // each element of a sample has statistics of its own
        (channels, size) = (channels * size, 1);
    }
    let [scale, bias, mut mean, mut variance] = [
        vector(call, 1, channels)?,
        vector(call, 2, channels)?,
        vector(call, 3, channels)?,
        vector(call, 4, channels)?,
    ];
    let dims = array.dims().to_vec();
    let trains = match call.opset {
        0..7 => call.int("is_test").unwrap_or(0) == 0,
        7..14 => call.output_count() > 1,
        _ => call.flag("training_mode"),
    };
    if trains {
        let count = (items.len() / channels.max(1)) as f64;
        let mut sums = vec![(0.0, 0.0); channels];
        for (index, part) in items.chunks_exact(size.max(1)).enumerate() {
            sums[index % channels].0 += part.iter().sum::<f64>();
        }
        for (index, part) in items.chunks_exact(size.max(1)).enumerate() {
            let (sum, squares) = &mut sums[index % channels];
            *squares += part.iter().map(|item| (item - *sum / count).powi(2)).sum::<f64>();
        }
        let momentum = f64::from(call.float("momentum").unwrap_or(0.9));
        let own: Vec<(f64, f64)> = sums.iter().map(|(sum, squares)| (sum / count, squares / count)).collect();
        let mix = |old: &[f64], new: &dyn Fn(&(f64, f64)) -> f64| -> Vec<f64> {
            old.iter().zip(&own).map(|(old, own)| old * momentum + new(own) * (1.0 - momentum)).collect()
        };
        let running = [mix(&mean, &|own| own.0), mix(&variance, &|own| own.1)];
        for (index, items) in running.into_iter().enumerate() {
            let dtype = call.array(3 + index)?.dtype();
            call.give_reals(1 + index, dtype, vec![channels], items)?;
        }
        mean = own.iter().map(|own| own.0).collect();
        variance = own.iter().map(|own| own.1).collect();
        if call.opset < 14 {
            call.give_reals(3, array.dtype(), vec![channels], mean.clone())?;
            call.give_reals(4, array.dtype(), vec![channels], variance.clone())?;
        }
    }
    let epsilon = epsilon(call);
    for (index, part) in items.chunks_exact_mut(size.max(1)).enumerate() {
        let channel = index % channels.max(1);
        let factor = scale[channel] / (variance[channel] + epsilon).sqrt();
        let shift = bias[channel] - mean[channel] * factor;
        part.iter_mut().for_each(|item| *item = *item * factor + shift);
    }
    call.give_reals(0, array.dtype(), dims, items)
}

/// Each part becomes one of mean zero and variance one.
fn standardize(items: &mut [f64], size: usize, epsilon: f64) {
    for part in items.chunks_exact_mut(size.max(1)) {
        let count = part.len() as f64;
        let mean = part.iter().sum::<f64>() / count;
        let variance = part.iter().map(|item| (item - mean).powi(2)).sum::<f64>() / count;
        let factor = 1.0 / (variance + epsilon).sqrt();
        part.iter_mut().for_each(|item| *item = (*item - mean) * factor);
    }
}

fn instance(call: &mut Call<'_, '_>) -> Result<()> {
    let (array, mut items) = float_input(call)?;
    let (channels, size) = channels(call, &array)?;
    let (scale, bias) = (vector(call, 1, channels)?, vector(call, 2, channels)?);
    standardize(&mut items, size, epsilon(call));
    for (index, part) in items.chunks_exact_mut(size.max(1)).enumerate() {
        let channel = index % channels.max(1);
        part.iter_mut().for_each(|item| *item = *item * scale[channel] + bias[channel]);
    }
    call.give_reals(0, array.dtype(), array.dims().to_vec(), items)
}

/// Scale and bias belong to channels, and before opset 21 to groups.
fn group(call: &mut Call<'_, '_>) -> Result<()> {
    let (array, mut items) = float_input(call)?;
    let (channels, size) = channels(call, &array)?;
    let groups = call.int("num_groups").and_then(|groups| usize::try_from(groups).ok()).unwrap_or(0);
    if groups == 0 || !channels.is_multiple_of(groups) {
        return Err(call.misfit(format!("{channels} channels in {groups} groups")));
    }
    let per_group = channels / groups;
    let count = if call.opset < 21 { groups } else { channels };
    let (scale, bias) = (vector(call, 1, count)?, vector(call, 2, count)?);
    standardize(&mut items, per_group * size, epsilon(call));
    for (index, part) in items.chunks_exact_mut(size.max(1)).enumerate() {
        let channel = index % channels.max(1);
        let own = if call.opset < 21 { channel / per_group.max(1) } else { channel };
        part.iter_mut().for_each(|item| *item = *item * scale[own] + bias[own]);
    }
    call.give_reals(0, array.dtype(), array.dims().to_vec(), items)
}

/// Multiplies by the scale and adds the bias, both stretched to fit.
fn scaled(call: &Call<'_, '_>, dims: &[usize], items: &[f64], bias: Option<usize>) -> Result<Vec<f64>> {
    let (scale_dims, scale) = call.reals_at::<f64>(1)?;
    if common(call, &[dims, &scale_dims])? != dims {
        return Err(call.misfit(format!("scale {scale_dims:?} is larger than {dims:?}")));
    }
    let items = broadcast::zip(dims, (items, dims), (&scale, &scale_dims), |item, scale| item * scale);
    let Some(bias) = bias.filter(|index| call.value(*index).is_some()) else { return Ok(items) };
    let (bias_dims, bias) = call.reals_at::<f64>(bias)?;
    if common(call, &[dims, &bias_dims])? != dims {
        return Err(call.misfit(format!("bias {bias_dims:?} is larger than {dims:?}")));
    }
    Ok(broadcast::zip(dims, (&items, dims), (&bias, &bias_dims), |item, bias| item + bias))
}

fn layer(call: &mut Call<'_, '_>) -> Result<()> {
    let (array, mut items) = float_input(call)?;
    let axis = call.axis(call.int("axis").unwrap_or(-1), array.rank())?;
    let dims = array.dims().to_vec();
    let size: usize = dims.iter().skip(axis).product();
    let epsilon = epsilon(call);
    let (mut means, mut factors) = (Vec::new(), Vec::new());
    for part in items.chunks_exact_mut(size.max(1)) {
        let count = part.len() as f64;
        let mean = part.iter().sum::<f64>() / count;
        let variance = part.iter().map(|item| (item - mean).powi(2)).sum::<f64>() / count;
        let factor = 1.0 / (variance + epsilon).sqrt();
        part.iter_mut().for_each(|item| *item = (*item - mean) * factor);
        means.push(mean);
        factors.push(factor);
    }
    let items = scaled(call, &dims, &items, Some(2))?;
    let stash = call.int("stash_type").and_then(spelling::dtype).unwrap_or(DType::Float32);
    let left: Vec<usize> = dims.iter().enumerate().map(|(at, &dim)| if at < axis { dim } else { 1 }).collect();
    call.give_reals(0, array.dtype(), dims, items)?;
    if call.wants(1) {
        call.give_reals(1, stash, left.clone(), means)?;
    }
    if call.wants(2) {
        call.give_reals(2, stash, left, factors)?;
    }
    Ok(())
}

fn rms(call: &mut Call<'_, '_>) -> Result<()> {
    let (array, mut items) = float_input(call)?;
    let axis = call.axis(call.int("axis").unwrap_or(-1), array.rank())?;
    let dims = array.dims().to_vec();
    let size: usize = dims.iter().skip(axis).product();
    let epsilon = epsilon(call);
    for part in items.chunks_exact_mut(size.max(1)) {
        let square = part.iter().map(|item| item * item).sum::<f64>() / part.len() as f64;
        let factor = 1.0 / (square + epsilon).sqrt();
        part.iter_mut().for_each(|item| *item *= factor);
    }
    let items = scaled(call, &dims, &items, None)?;
    // the scale decides the type
    let dtype = call.array(1)?.dtype();
    call.give_reals(0, dtype, dims, items)
}

fn mean_variance(call: &mut Call<'_, '_>) -> Result<()> {
    let (array, items) = float_input(call)?;
    let axes = call.ints("axes").map_or_else(|| vec![0, 2, 3], <[i64]>::to_vec);
    let mut folded = vec![false; array.rank()];
    for axis in axes {
        folded[call.axis(axis, array.rank())?] = true;
    }
    let folding = Folding::new(array.dims(), &folded, true);
    let count = folding.folded as f64;
    let means: Vec<f64> = folding.fold(&items, 0.0, |a, b, _| a + b).into_iter().map(|sum| sum / count).collect();
    let squares = folding.fold(&items, 0.0, |a, b, slot| a + (b - means[slot]).powi(2));
    let deviations: Vec<f64> = squares.into_iter().map(|sum| (sum / count).sqrt() + 1e-9).collect();
    let dims = array.dims();
    let items = broadcast::zip(dims, (&items, dims), (&means, &folding.dims), |item, mean| item - mean);
    let items = broadcast::zip(dims, (&items, dims), (&deviations, &folding.dims), |item, by| item / by);
    call.give_reals(0, array.dtype(), dims.to_vec(), items)
}

fn local_response(call: &mut Call<'_, '_>) -> Result<()> {
    let (array, items) = float_input(call)?;
    let (channels, _) = channels(call, &array)?;
    let size = call.int("size").and_then(|size| usize::try_from(size).ok()).filter(|size| *size > 0);
    let size = size.ok_or_else(|| call.misfit("attribute 'size' is no positive number"))?;
    let parameter = |name: &str, default: f32| f64::from(call.float(name).unwrap_or(default));
    let (alpha, beta, bias) = (parameter("alpha", 1e-4), parameter("beta", 0.75), parameter("bias", 1.0));
    let lines = Lines::new(array.dims(), 1.min(array.rank().saturating_sub(1)));
    let (before, behind) = ((size - 1) / 2, size / 2);
    let mut out = items.clone();
    for start in lines.starts() {
        for channel in 0..channels {
            let near = channel.saturating_sub(before)..channel.saturating_add(behind + 1).min(channels);
            let squares: f64 = near.map(|other| items[start + other * lines.inner].powi(2)).sum();
            out[start + channel * lines.inner] /= (bias + alpha / size as f64 * squares).powf(beta);
        }
    }
    call.give_reals(0, array.dtype(), array.dims().to_vec(), out)
}
