//! `DeformConv`: a convolution whose taps are moved by offsets and scaled by a mask.

use crate::error::Result;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::conv::groups;
use crate::eval::kernels::window::{Window, step};
use crate::eval::number::is_float;
use crate::eval::product::{Matrix, multiply};
use crate::ir::OpType;
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    (*op == OpType::DeformConv).then_some(deform_conv as Kernel)
}

fn deform_conv(call: &mut Call<'_, '_>) -> Result<()> {
    let dtype = call.array(0)?.dtype();
    if !is_float(dtype) {
        return Err(call.unknown_type(dtype));
    }
    let ((x_dims, x), (w_dims, w)) = (call.reals_at::<f64>(0)?, call.reals_at::<f64>(1)?);
    let (offset_dims, offsets) = call.reals_at::<f64>(2)?;
    let misfit = || call.misfit(format!("no convolution of {x_dims:?} with {w_dims:?} and offsets {offset_dims:?}"));
    let (&[batch, channels, height, width], &[outputs, inner, ..]) = (x_dims.as_slice(), w_dims.as_slice()) else {
        return Err(call.unsupported("a deformable convolution over other than two axes"));
    };
    let group = groups(call, channels, outputs)?;
    let parts = call.int("offset_group").unwrap_or(1);
    let parts = usize::try_from(parts).ok().filter(|parts| *parts > 0 && channels.is_multiple_of(*parts));
    let parts = parts.ok_or_else(misfit)?;
    if w_dims.len() != 4 || inner != channels / group {
        return Err(misfit());
    }
    let window = Window::new(call, &[height, width], w_dims[2..].to_vec())?;
    let (taps, places) = (window.kernel_len(), window.output_len());
    let expected = [batch, parts * taps * 2, window.output[0], window.output[1]];
    if offset_dims != expected {
        return Err(misfit());
    }
    let bias = call.optional(3)?.map(|bias| call.reals_of::<f64>(&bias)).transpose()?;
    let mask = call.optional(4)?.map(|mask| call.reals_of::<f64>(&mask)).transpose()?;
    if mask.as_ref().is_some_and(|(dims, _)| *dims != [batch, parts * taps, window.output[0], window.output[1]])
        || bias.as_ref().is_some_and(|(_, bias)| bias.len() != outputs)
    {
        return Err(misfit());
    }
    let dims = vec![batch, outputs, window.output[0], window.output[1]];
    let count = call.room(DType::Float64, &dims)?;
    let laid_len = call.room(DType::Float64, &[channels, taps, places])?;
    let mut out = vec![0.0; count];
    let mut laid = vec![0.0; laid_len];
    let per_group = outputs / group;
    for image in 0..batch {
        for channel in 0..channels {
            call.cx.tick("evaluate", channel as u64, channels as u64)?;
            let part = channel / (channels / parts);
            let plane = &x[(image * channels + channel) * height * width..][..height * width];
            for tap in 0..taps {
                let shifts = ((image * parts + part) * taps + tap) * 2 * places;
                let scales = ((image * parts + part) * taps + tap) * places;
                let mut at = [0, 0];
                for place in 0..places {
                    let (row, column) = (tap / window.kernel[1], tap % window.kernel[1]);
                    let along = |axis: usize, tap: usize| {
                        (at[axis] * window.strides[axis] + tap * window.dilations[axis]) as f64
                            - window.begin[axis] as f64
                    };
                    let y = along(0, row) + offsets[shifts + place];
                    let x = along(1, column) + offsets[shifts + places + place];
                    let scale = mask.as_ref().map_or(1.0, |(_, mask)| mask[scales + place]);
                    laid[(channel * taps + tap) * places + place] = scale * between(plane, height, width, y, x);
                    step(&mut at, &window.output);
                }
            }
        }
        for part in 0..group {
            let weights = Matrix::new(&w[part * per_group * inner * taps..], per_group, inner * taps);
            let columns = Matrix::new(&laid[part * inner * taps * places..], inner * taps, places);
            let start = (image * outputs + part * per_group) * places;
            let piece = &mut out[start..start + per_group * places];
            multiply(weights.ok_or_else(misfit)?, columns.ok_or_else(misfit)?, piece);
        }
    }
    if let Some((_, bias)) = bias {
        for (index, part) in out.chunks_exact_mut(places.max(1)).enumerate() {
            part.iter_mut().for_each(|item| *item += bias[index % outputs]);
        }
    }
    call.give_reals(0, dtype, dims, out)
}

/// The value between four neighbours; those outside are zero.
fn between(plane: &[f64], height: usize, width: usize, y: f64, x: f64) -> f64 {
    let (top, left) = (y.floor(), x.floor());
    let at = |row: f64, column: f64| {
        let inside = row >= 0.0 && column >= 0.0 && row < height as f64 && column < width as f64;
        if inside { plane[row as usize * width + column as usize] } else { 0.0 }
    };
    let (down, right) = (y - top, x - left);
    at(top, left) * (1.0 - down) * (1.0 - right)
        + at(top, left + 1.0) * (1.0 - down) * right
        + at(top + 1.0, left) * down * (1.0 - right)
        + at(top + 1.0, left + 1.0) * down * right
}
