//! Convolutions, as products of matrices over laid-out windows.

use crate::error::Result;
use crate::eval::array::Array;
use crate::eval::broadcast;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::matmul::give_wide;
use crate::eval::kernels::window::Window;
use crate::eval::number::{Real, by_precision, is_float};
use crate::eval::product::{Matrix, multiply, multiply_on_threads};
use crate::ir::OpType;
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::Conv => conv,
        OpType::ConvInteger => conv_integer,
        OpType::QLinearConv => qlinear_conv,
        _ => return None,
    })
}

/// Dimensions and elements.
type Items<T> = (Vec<usize>, Vec<T>);

/// The attribute `group`, which has to divide both counts.
pub(super) fn groups(call: &Call<'_, '_>, channels: usize, outputs: usize) -> Result<usize> {
    let group = call.int("group").unwrap_or(1);
    usize::try_from(group)
        .ok()
        .filter(|group| *group > 0 && channels.is_multiple_of(*group) && outputs.is_multiple_of(*group))
        .ok_or_else(|| call.misfit(format!("{channels} channels and {outputs} outputs in {group} groups")))
}

fn conv(call: &mut Call<'_, '_>) -> Result<()> {
    let dtype = call.array(0)?.dtype();
    if !is_float(dtype) {
        return Err(call.unknown_type(dtype));
    }
    by_precision!(dtype, T => {
        let (x, w) = (call.array(0)?, call.array(1)?);
        let bias = match call.optional(2)? {
            Some(bias) => Some(call.reals_of::<T>(&bias)?.1),
            None => None,
        };
        let unknown = || call.unknown_type(dtype);
        let items = crate::eval::number::reals::<T>(&x).ok_or_else(unknown)?;
        let weights = crate::eval::number::reals::<T>(&w).ok_or_else(unknown)?;
        let (dims, items) =
            convolve::<T>(call, (x.dims(), &items), (w.dims(), &weights), bias.as_deref())?;
        call.give_reals(0, dtype, dims, items)
    })
}

/// `[batch, channels, …]` with `[outputs, channels / groups, …]`, to `[batch, outputs, …]`.
pub(super) fn convolve<T: Real>(
    call: &Call<'_, '_>,
    (x_dims, x): (&[usize], &[T]),
    (w_dims, w): (&[usize], &[T]),
    bias: Option<&[T]>,
) -> Result<Items<T>> {
    let ([batch, channels, input @ ..], [outputs, inner, kernel @ ..]) = (x_dims, w_dims) else {
        return Err(call.misfit(format!("no convolution of {x_dims:?} with {w_dims:?}")));
    };
    let group = groups(call, *channels, *outputs)?;
    if kernel.len() != input.len() || *inner != channels / group {
        return Err(call.misfit(format!("no convolution of {x_dims:?} with {w_dims:?} in {group} groups")));
    }
    if let Some(given) = call.ints("kernel_shape")
        && given.iter().map(|&size| usize::try_from(size).unwrap_or(0)).ne(kernel.iter().copied())
    {
        return Err(call.misfit(format!("attribute 'kernel_shape' is {given:?}, but weights are {w_dims:?}")));
    }
    if bias.is_some_and(|bias| bias.len() != *outputs) {
        return Err(call.misfit(format!("bias does not have {outputs} elements")));
    }
    let window = Window::new(call, input, kernel.to_vec())?;
    let (input_len, output_len) = (window.input_len(), window.output_len());
    let dims = [&[*batch, *outputs], window.output.as_slice()].concat();
    let count = call.room(DType::Float64, &dims)?;
    let taps = inner * window.kernel_len();
    call.room(DType::Float64, &[taps, output_len])?;
    let mut out = vec![T::ZERO; count];
    let per_group = outputs / group;
    // a kernel of one element that moves by one sees the input as it is
    let plain = window.kernel_len() == 1
        && window.strides.iter().all(|&stride| stride == 1)
        && window.begin.iter().chain(&window.end).all(|&pad| pad == 0);
    let missing = || call.misfit("elements are missing");
    let one = |index: usize, piece: &mut [T], threads: bool| -> Result<()> {
        let (image, part) = (index / group, index % group);
        let start = (image * channels + part * inner) * input_len;
        let channels = x.get(start..start + inner * input_len).ok_or_else(missing)?;
        let mut laid = Vec::new();
        let columns = if plain {
            channels
        } else {
            laid.reserve(taps * output_len);
            window.columns(channels, &mut laid);
            &laid
        };
        let weights = w.get(part * per_group * taps..).ok_or_else(missing)?;
        let weights = Matrix::new(weights, per_group, taps).ok_or_else(missing)?;
        let columns = Matrix::new(columns, taps, output_len).ok_or_else(missing)?;
        if threads {
            multiply_on_threads(weights, columns, piece, call.cx)?;
        } else {
            multiply(weights, columns, piece);
        }
        if let Some(bias) = bias {
            for (row, &bias) in piece.chunks_exact_mut(output_len.max(1)).zip(&bias[part * per_group..]) {
                row.iter_mut().for_each(|item| *item += bias);
            }
        }
        Ok(())
    };
    let size = per_group * output_len;
    if batch * group == 1 {
        one(0, &mut out, true)?;
    } else {
        let cost = size.saturating_mul(taps);
        broadcast::pieces(&mut out, size, cost, call.cx, |index, piece| one(index, piece, false))?;
    }
    Ok((dims, out))
}

/// The elements less their zero point, which is one, or one for each index of the first axis.
fn centred(call: &Call<'_, '_>, array: &Array, zero: Option<Array>) -> Result<Vec<f64>> {
    let (dims, mut items) = call.reals_of::<f64>(array)?;
    let Some(zero) = zero else { return Ok(items) };
    let zeros = call.reals_of::<f64>(&zero)?.1;
    let size: usize = dims.iter().skip(1).product();
    match zeros.as_slice() {
        [zero] => items.iter_mut().for_each(|item| *item -= zero),
        zeros if Some(&zeros.len()) == dims.first() => {
            for (part, zero) in items.chunks_exact_mut(size.max(1)).zip(zeros) {
                part.iter_mut().for_each(|item| *item -= zero);
            }
        }
        zeros => return Err(call.misfit(format!("{} zero points for {dims:?}", zeros.len()))),
    }
    Ok(items)
}

fn conv_integer(call: &mut Call<'_, '_>) -> Result<()> {
    let (x, w) = (call.array(0)?, call.array(1)?);
    let (items, weights) = (centred(call, &x, call.optional(2)?)?, centred(call, &w, call.optional(3)?)?);
    // doubles hold these sums exactly
    let (dims, items) = convolve(call, (x.dims(), &items), (w.dims(), &weights), None)?;
    give_wide(call, DType::Int32, dims, items.into_iter().map(|item| item as i64).collect())
}

fn qlinear_conv(call: &mut Call<'_, '_>) -> Result<()> {
    let (x, w, zero) = (call.array(0)?, call.array(3)?, call.array(7)?);
    let items = centred(call, &x, call.optional(2)?)?;
    let weights = centred(call, &w, call.optional(5)?)?;
    let bias = match call.optional(8)? {
        Some(bias) => Some(call.reals_of::<f64>(&bias)?.1),
        None => None,
    };
    let (dims, mut items) = convolve(call, (x.dims(), &items), (w.dims(), &weights), bias.as_deref())?;
    let scale = |index: usize| -> Result<Vec<f64>> { Ok(call.reals_at::<f64>(index)?.1) };
    let (x_scale, w_scale, y_scale) = (scale(1)?, scale(4)?, scale(6)?);
    let zero_items = call.reals_of::<f64>(&zero)?.1;
    let ([x_scale], [y_scale], [offset]) = (x_scale.as_slice(), y_scale.as_slice(), zero_items.as_slice()) else {
        return Err(call.misfit("scales and zero points of input and output have one element"));
    };
    let outputs = dims.get(1).copied().unwrap_or(1);
    if w_scale.len() != 1 && w_scale.len() != outputs {
        return Err(call.misfit(format!("{} scales for {outputs} outputs", w_scale.len())));
    }
    let size: usize = dims.iter().skip(2).product();
    for (index, part) in items.chunks_exact_mut(size.max(1)).enumerate() {
        let w_scale = if w_scale.len() == 1 { w_scale[0] } else { w_scale[index % outputs] };
        part.iter_mut().for_each(|item| *item = (*item * (x_scale * w_scale / y_scale)).round_ties_even() + offset);
    }
    call.give_reals(0, zero.dtype(), dims, items)
}
