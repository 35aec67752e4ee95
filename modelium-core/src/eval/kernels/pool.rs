//! Pools: the largest element, the mean or the norm of what a window sees.

use crate::error::Result;
use crate::eval::array::{Array, Element as _};
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::window::{Window, sizes, step};
use crate::eval::number::{by_precision, is_float};
use crate::ir::OpType;
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::MaxPool => max_pool,
        OpType::AveragePool => average_pool,
        OpType::LpPool => lp_pool,
        OpType::GlobalMaxPool => {
            |call| global(call, |items, _| items.iter().copied().fold(f64::NEG_INFINITY, f64::max))
        }
        OpType::GlobalAveragePool => |call| global(call, |items, _| items.iter().sum::<f64>() / items.len() as f64),
        OpType::GlobalLpPool => |call| global(call, norm),
        OpType::MaxUnpool => max_unpool,
        _ => return None,
    })
}

fn norm(items: &[f64], p: f64) -> f64 {
    items.iter().map(|item| item.abs().powf(p)).sum::<f64>().powf(1.0 / p)
}

/// The exponent of a norm; the first version has a float.
fn exponent(call: &Call<'_, '_>) -> f64 {
    call.int("p").map_or_else(|| call.float("p").map_or(2.0, f64::from), |p| p as f64)
}

fn global(call: &mut Call<'_, '_>, join: fn(&[f64], f64) -> f64) -> Result<()> {
    let array = call.array(0)?;
    let [batch, channels, spatial @ ..] = array.dims() else {
        return Err(call.misfit(format!("a pool of {:?}", array.dims())));
    };
    if !is_float(array.dtype()) {
        return Err(call.unknown_type(array.dtype()));
    }
    let dims = [&[*batch, *channels], vec![1; spatial.len()].as_slice()].concat();
    let size: usize = spatial.iter().product();
    let p = exponent(call);
    let (_, items) = call.reals_of::<f64>(&array)?;
    let count = call.room(DType::Float64, &dims)?;
    let out: Vec<f64> =
        if size == 0 { vec![f64::NAN; count] } else { items.chunks_exact(size).map(|part| join(part, p)).collect() };
    call.give_reals(0, array.dtype(), dims, out)
}

/// The window of a pool, and the dimensions of its result.
fn window(call: &Call<'_, '_>, array: &Array) -> Result<(Window, Vec<usize>)> {
    let [batch, channels, input @ ..] = array.dims() else {
        return Err(call.misfit(format!("a pool of {:?}", array.dims())));
    };
    if call.ints("kernel_shape").is_none() {
        return Err(call.misfit("attribute 'kernel_shape' is left out"));
    }
    let window = Window::new(call, input, sizes(call, "kernel_shape", input.len(), 1)?)?;
    let dims = [&[*batch, *channels], window.output.as_slice()].concat();
    call.room(DType::Float64, &dims)?;
    Ok((window, dims))
}

/// Visits each window of each channel, in order of the output: its channel and its index.
fn each_window(
    call: &Call<'_, '_>,
    window: &Window,
    channels: usize,
    mut visit: impl FnMut(usize, &[usize]),
) -> Result<()> {
    if window.output.contains(&0) {
        return Ok(());
    }
    let mut at = vec![0; window.output.len()];
    let mut work = 0;
    for channel in 0..channels {
        call.cx.tick("evaluate", channel as u64, channels as u64)?;
        loop {
            visit(channel, &at);
            work += window.kernel_len();
            if work > 1 << 22 {
                work = 0;
                call.cx.tick("evaluate", channel as u64, channels as u64)?;
            }
            if !step(&mut at, &window.output) {
                break;
            }
        }
    }
    Ok(())
}

fn max_pool(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let dtype = array.dtype();
    if !is_float(dtype) && !matches!(dtype, DType::Int8 | DType::Uint8) {
        return Err(call.unknown_type(dtype));
    }
    let (window, dims) = window(call, &array)?;
    let channels: usize = array.dims().iter().take(2).product();
    let size = window.input_len();
    let columns_first = call.flag("storage_order");
    let wants_places = call.wants(1);
    let mut places: Vec<i64> = Vec::new();
    by_precision!(dtype, T => {
        let (_, items) = call.reals_of::<T>(&array)?;
        let mut out: Vec<T> = Vec::with_capacity(dims.iter().product());
        each_window(call, &window, channels, |channel, at| {
            let mut best: Option<(T, usize)> = None;
            window.each_inside(at, |place| {
                let item = items[channel * size + place];
                if best.is_none_or(|(most, _)| item > most || item.is_nan()) {
                    best = Some((item, place));
                }
            });
            let (most, place) = best.unwrap_or((T::NEG_INFINITY, 0));
            out.push(most);
            if wants_places {
                let place = if columns_first { turned(place, &window.input) } else { place };
                places.push((channel * size + place) as i64);
            }
        })?;
        call.give_reals(0, dtype, dims.clone(), out)?;
    });
    if wants_places { call.give_array(1, dims, i64::wrap(places)) } else { Ok(()) }
}

/// The place of an element if the first axis were the innermost.
fn turned(mut place: usize, dims: &[usize]) -> usize {
    let mut index = vec![0; dims.len()];
    for (slot, &dim) in index.iter_mut().zip(dims).rev() {
        *slot = place % dim;
        place /= dim;
    }
    index.iter().zip(dims).rev().fold(0, |place, (index, dim)| place * dim + index)
}

fn average_pool(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let dtype = array.dtype();
    if !is_float(dtype) {
        return Err(call.unknown_type(dtype));
    }
    let (window, dims) = window(call, &array)?;
    let channels: usize = array.dims().iter().take(2).product();
    let size = window.input_len();
    let counts_padding = call.flag("count_include_pad");
    let (_, items) = call.reals_of::<f64>(&array)?;
    let mut out = Vec::with_capacity(dims.iter().product());
    each_window(call, &window, channels, |channel, at| {
        let (mut sum, mut count) = (0.0, 0);
        window.each_inside(at, |place| {
            sum += items[channel * size + place];
            count += 1;
        });
        if counts_padding {
            // what lies beyond the padding, as with `ceil_mode`, does not count
            let inside = |axis: usize| {
                let beyond = window.input[axis] + window.begin[axis] + window.end[axis];
                let start = at[axis] * window.strides[axis];
                (0..window.kernel[axis]).filter(|tap| start + tap * window.dilations[axis] < beyond).count()
            };
            count = (0..at.len()).map(inside).product();
        }
        out.push(sum / f64::from(count as u32));
    })?;
    call.give_reals(0, dtype, dims, out)
}

fn lp_pool(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let dtype = array.dtype();
    if !is_float(dtype) {
        return Err(call.unknown_type(dtype));
    }
    let (window, dims) = window(call, &array)?;
    let channels: usize = array.dims().iter().take(2).product();
    let (size, p) = (window.input_len(), exponent(call));
    let (_, items) = call.reals_of::<f64>(&array)?;
    let mut out = Vec::with_capacity(dims.iter().product());
    each_window(call, &window, channels, |channel, at| {
        let mut sum = 0.0;
        window.each_inside(at, |place| sum += items[channel * size + place].abs().powf(p));
        out.push(sum.powf(1.0 / p));
    })?;
    call.give_reals(0, dtype, dims, out)
}

/// Puts the elements back where `MaxPool` found them.
fn max_unpool(call: &mut Call<'_, '_>) -> Result<()> {
    let (array, places) = (call.array(0)?, call.array(1)?);
    let [batch, channels, input @ ..] = array.dims() else {
        return Err(call.misfit(format!("a pool of {:?}", array.dims())));
    };
    let rank = input.len();
    let kernel = sizes(call, "kernel_shape", rank, 1)?;
    let strides = sizes(call, "strides", rank, 1)?;
    let (begin, end) = crate::eval::kernels::window::pads(call, rank)?;
    let inferred: Vec<usize> = (0..rank)
        .map(|axis| {
            let full = input[axis].saturating_sub(1).saturating_mul(strides[axis]).saturating_add(kernel[axis]);
            full.saturating_sub(begin[axis] + end[axis])
        })
        .collect();
    let own = [&[*batch, *channels], inferred.as_slice()].concat();
    let dims: Vec<usize> = match call.ints_at(2)? {
        None => own.clone(),
        Some(given) => given
            .iter()
            .map(|&dim| usize::try_from(dim).map_err(|_| call.misfit(format!("a dimension of {dim}"))))
            .collect::<Result<_>>()?,
    };
    if dims.len() != own.len() || array.dims() != places.dims() {
        return Err(call.misfit(format!("{:?} cannot be unpooled to {dims:?}", array.dims())));
    }
    let count = call.room(DType::Float64, &dims)?;
    let (_, items) = call.reals_of::<f64>(&array)?;
    let places = places.to_i64s().ok_or_else(|| call.misfit("places are no integers"))?;
    let mut out = vec![0.0; count];
    for (item, place) in items.into_iter().zip(places) {
        // places count in the shape that was pooled, of which the wanted one may be larger
        let misfit = || call.misfit(format!("place {place} lies outside"));
        let mut rest = usize::try_from(place).ok().ok_or_else(misfit)?;
        let mut index = vec![0; own.len()];
        for (slot, &dim) in index.iter_mut().zip(&own).rev() {
            *slot = rest.checked_rem(dim).ok_or_else(misfit)?;
            rest /= dim;
        }
        let place = index
            .iter()
            .zip(&dims)
            .try_fold(0_usize, |place, (index, dim)| place.checked_mul(*dim)?.checked_add(*index));
        let place = place.ok_or_else(misfit)?;
        *out.get_mut(place).ok_or_else(misfit)? = item;
    }
    call.give_reals(0, array.dtype(), dims, out)
}
