//! Signals: Fourier transforms, windows, mel filters.

use std::f64::consts::TAU;

use crate::context::Context;
use crate::error::Result;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::axis::Lines;
use crate::eval::kernels::cast::dtype_attribute;
use crate::eval::number::is_float;
use crate::ir::OpType;
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::DFT => dft,
        OpType::STFT => stft,
        OpType::HannWindow => |call| window(call, [0.5, 0.5, 0.0]),
        OpType::HammingWindow => |call| window(call, [25.0 / 46.0, 21.0 / 46.0, 0.0]),
        OpType::BlackmanWindow => |call| window(call, [0.42, 0.5, 0.08]),
        OpType::MelWeightMatrix => mel_weights,
        _ => return None,
    })
}

type Complex = [f64; 2];

/// The transform of a line: by halving while the length is even, then by the definition.
fn transform(line: &[Complex], inverse: bool, cx: &Context) -> Result<Vec<Complex>> {
    let count = line.len();
    if count > 1 && count.is_multiple_of(2) {
        let half = |offset: usize| line.iter().skip(offset).step_by(2).copied().collect::<Vec<_>>();
        let (even, odd) = (transform(&half(0), inverse, cx)?, transform(&half(1), inverse, cx)?);
        let mut out = vec![[0.0; 2]; count];
        for index in 0..count / 2 {
            let turned = times(odd[index], turn(index, count, inverse));
            out[index] = [even[index][0] + turned[0], even[index][1] + turned[1]];
            out[index + count / 2] = [even[index][0] - turned[0], even[index][1] - turned[1]];
        }
        return Ok(out);
    }
    let turns: Vec<Complex> = (0..count).map(|index| turn(index, count, inverse)).collect();
    let mut out = Vec::with_capacity(count);
    for frequency in 0..count {
        if frequency % (1 + 1_000_000 / count) == 0 {
            cx.tick("evaluate", frequency as u64, count as u64)?;
        }
        let (mut sum, mut at) = ([0.0; 2], 0);
        for &item in line {
            let part = times(item, turns[at]);
            sum = [sum[0] + part[0], sum[1] + part[1]];
            at += frequency;
            if at >= count {
                at -= count;
            }
        }
        out.push(sum);
    }
    Ok(out)
}

fn turn(index: usize, count: usize, inverse: bool) -> Complex {
    let angle = TAU * index as f64 / count as f64;
    [angle.cos(), if inverse { angle.sin() } else { -angle.sin() }]
}

fn times(a: Complex, b: Complex) -> Complex {
    [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]]
}

fn dft(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let dtype = array.dtype();
    if !is_float(dtype) {
        return Err(call.unknown_type(dtype));
    }
    let (dims, items) = call.reals_of::<f64>(&array)?;
    let [signal @ .., parts @ (1 | 2)] = dims.as_slice() else {
        return Err(call.misfit(format!("a signal of shape {dims:?}")));
    };
    let axis = if call.opset < 20 { call.int("axis").unwrap_or(1) } else { call.int_at(2)?.unwrap_or(-2) };
    let axis = call.axis(axis, dims.len())?;
    if axis >= signal.len() {
        return Err(call.misfit("the last axis holds the parts of complex numbers"));
    }
    let (inverse, onesided) = (call.flag("inverse"), call.flag("onesided"));
    // one side of a spectrum stands for twice as many, less the first
    let natural = if inverse && onesided { signal[axis].saturating_sub(1) * 2 } else { signal[axis] };
    let length = match call.int_at(1)? {
        Some(length) => usize::try_from(length).map_err(|_| call.misfit(format!("a length of {length}")))?,
        None => natural,
    };
    let kept = if onesided && !inverse { length / 2 + 1 } else { length };
    let out_parts = if onesided && inverse { 1 } else { 2 };
    let mut out_dims = signal.to_vec();
    out_dims[axis] = kept;
    out_dims.push(out_parts);
    call.room(DType::Complex128, &[length])?;
    let mut out = vec![0.0; call.room(DType::Float64, &out_dims)?];
    let (lines, out_lines) = (Lines::new(signal, axis), Lines::new(&out_dims[..signal.len()], axis));
    let part = |place: usize, which: usize| if which < *parts { items[place * parts + which] } else { 0.0 };
    for (start, out_start) in lines.starts().zip(out_lines.starts()) {
        let mut line = vec![[0.0; 2]; length];
        for (index, slot) in line.iter_mut().enumerate().take(lines.length) {
            let place = start + index * lines.inner;
            *slot = [part(place, 0), part(place, 1)];
        }
        if onesided && inverse {
            // the other side mirrors this one
            for index in length / 2 + 1..length {
                let mirrored = line[length - index];
                line[index] = [mirrored[0], -mirrored[1]];
            }
        }
        let factor = if inverse { 1.0 / length as f64 } else { 1.0 };
        for (index, item) in transform(&line, inverse, call.cx)?.into_iter().enumerate().take(kept) {
            let place = (out_start + index * out_lines.inner) * out_parts;
            (0..out_parts).for_each(|part| out[place + part] = item[part] * factor);
        }
    }
    call.give_reals(0, dtype, out_dims, out)
}

fn stft(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let dtype = array.dtype();
    if !is_float(dtype) {
        return Err(call.unknown_type(dtype));
    }
    let (dims, items) = call.reals_of::<f64>(&array)?;
    let (batch, length, parts) = match *dims.as_slice() {
        [batch, length] => (batch, length, 1),
        [batch, length, parts @ (1 | 2)] => (batch, length, parts),
        _ => return Err(call.misfit(format!("a signal of shape {dims:?}"))),
    };
    let positive = |given: i64| usize::try_from(given).ok().filter(|size| *size > 0);
    let step = call.int_at(1)?.and_then(positive).ok_or_else(|| call.misfit("input 1 is no positive number"))?;
    let shape = call.optional(2)?.map(|window| call.reals_of::<f64>(&window)).transpose()?.map(|(_, items)| items);
    let frame = match call.int_at(3)? {
        Some(frame) => positive(frame).ok_or_else(|| call.misfit(format!("frames of {frame}")))?,
        None => shape.as_ref().map_or(length, Vec::len),
    };
    if frame > length || frame == 0 || shape.as_ref().is_some_and(|shape| shape.len() != frame) {
        return Err(call.misfit(format!("frames of {frame} in a signal of {length}")));
    }
    let frames = (length - frame) / step + 1;
    let onesided = call.int("onesided").is_none_or(|value| value != 0);
    let kept = if onesided { frame / 2 + 1 } else { frame };
    let out_dims = vec![batch, frames, kept, 2];
    let mut out = Vec::with_capacity(call.room(DType::Float64, &out_dims)?);
    for sample in 0..batch {
        for index in 0..frames {
            call.cx.tick("evaluate", index as u64, frames as u64)?;
            let line: Vec<Complex> = (0..frame)
                .map(|at| {
                    let place = (sample * length + index * step + at) * parts;
                    let factor = shape.as_ref().map_or(1.0, |shape| shape[at]);
                    let imaginary = if parts == 2 { items[place + 1] } else { 0.0 };
                    [items[place] * factor, imaginary * factor]
                })
                .collect();
            out.extend(transform(&line, false, call.cx)?.into_iter().take(kept).flatten());
        }
    }
    call.give_reals(0, dtype, out_dims, out)
}

/// `a − b · cos(2πn/N) + c · cos(4πn/N)`.
fn window(call: &mut Call<'_, '_>, [a, b, c]: [f64; 3]) -> Result<()> {
    let dtype = dtype_attribute(call, "output_datatype")?.unwrap_or(DType::Float32);
    let size = call.int_at(0)?.and_then(|size| usize::try_from(size).ok());
    let size = size.ok_or_else(|| call.misfit("input 0 is no size"))?;
    let periodic = call.int("periodic").is_none_or(|value| value != 0);
    let count = if periodic { size } else { size.saturating_sub(1) }.max(1) as f64;
    call.room(DType::Float64, &[size])?;
    let item = |index: usize| {
        let angle = TAU * index as f64 / count;
        a - b * angle.cos() + c * (2.0 * angle).cos()
    };
    call.give_reals(0, dtype, vec![size], (0..size).map(item).collect())
}

fn mel_weights(call: &mut Call<'_, '_>) -> Result<()> {
    let dtype = dtype_attribute(call, "output_datatype")?.unwrap_or(DType::Float32);
    let number = |index: usize| -> Result<f64> {
        match call.reals_at::<f64>(index)?.1.as_slice() {
            [only] if only.is_finite() => Ok(*only),
            _ => Err(call.misfit(format!("input {index} is not one number"))),
        }
    };
    let (bands, length, rate, low, high) = (number(0)?, number(1)?, number(2)?, number(3)?, number(4)?);
    if !(bands >= 0.0 && length >= 0.0 && rate > 0.0 && bands < 1e9 && length < 1e9) {
        return Err(call.misfit("bands, length and rate are no sizes"));
    }
    let (bands, bins) = (bands as usize, (length / 2.0).floor() as usize + 1);
    let dims = vec![bins, bands];
    let mut out = vec![0.0; call.room(DType::Float64, &dims)?];
    let mel = |hertz: f64| 2595.0 * (1.0 + hertz / 700.0).log10();
    let step = (mel(high) - mel(low)) / (bands + 2) as f64;
    // the bin at which a band starts, peaks or ends
    let edge = |index: usize| {
        let hertz = 700.0 * (10_f64.powf((index as f64 * step + mel(low)) / 2595.0) - 1.0);
        ((length + 1.0) * hertz / rate).floor() as i64
    };
    for band in 0..bands {
        call.cx.tick("evaluate", band as u64, bands as u64)?;
        let (lower, centre, upper) = (edge(band), edge(band + 1), edge(band + 2));
        let mut put = |bin: i64, weight: f64| {
            if let Some(bin) = usize::try_from(bin).ok().filter(|bin| *bin < bins) {
                out[bin * bands + band] = weight;
            }
        };
        let inside = |from: i64, to: i64| from.max(0)..to.min(bins as i64);
        if lower == centre {
            put(centre, 1.0);
        } else {
            inside(lower, centre + 1).for_each(|bin| put(bin, (bin - lower) as f64 / (centre - lower) as f64));
        }
        inside(centre, upper).for_each(|bin| put(bin, (upper - bin) as f64 / (upper - centre) as f64));
    }
    call.give_reals(0, dtype, dims, out)
}
