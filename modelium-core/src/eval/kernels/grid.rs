//! `GridSample` and `AffineGrid`.

use crate::error::Result;
use crate::eval::array::Array;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::shape::{ints, sizes};
use crate::eval::number::rounded;
use crate::ir::OpType;
use crate::tensor::DType;
use crate::tensor::strided::strides;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::GridSample => grid_sample,
        OpType::AffineGrid => affine_grid,
        _ => return None,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Nearest,
    Linear,
    Cubic,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Border {
    Zeros,
    Repeat,
    Reflect,
}

#[expect(clippy::cast_precision_loss, reason = "dimensions beyond 2⁵³ have no elements in memory")]
fn real(number: usize) -> f64 {
    number as f64
}

/// Mirrors a coordinate at the borders until it lies between them.
fn reflect(at: f64, low: f64, high: f64) -> f64 {
    let range = high - low;
    if range <= 0.0 || !at.is_finite() {
        return low;
    }
    let beyond = (at - low).rem_euclid(2.0 * range);
    low + beyond.min(2.0 * range - beyond)
}

/// How coordinates in [-1, 1] address an axis.
struct Lens {
    mode: Mode,
    border: Border,
    align_corners: bool,
}

impl Lens {
    /// The elements of an axis that count at a coordinate, and how much.
    fn taps(&self, at: f64, length: usize) -> Vec<(usize, f64)> {
        let dim = real(length);
        let (low, high) = if self.align_corners { (0.0, dim - 1.0) } else { (-0.5, dim - 0.5) };
        let mut at =
            if self.align_corners { f64::midpoint(at, 1.0) * (dim - 1.0) } else { ((at + 1.0) * dim - 1.0) / 2.0 };
        if self.mode == Mode::Nearest {
            at = at.round_ties_even();
        }
        if at < low || at > high {
            at = match self.border {
                Border::Zeros => at,
                // cubic weights are those of the place itself, and only the elements repeat
                Border::Repeat if self.mode == Mode::Cubic => at,
                Border::Repeat => at.clamp(0.0, dim - 1.0),
                Border::Reflect => reflect(at, low, high),
            };
        }
        let base = at.floor();
        let x = at - base;
        let place = |step: f64, weight: f64| {
            let place = match self.border {
                Border::Zeros => base + step,
                Border::Repeat => (base + step).clamp(0.0, dim - 1.0),
                Border::Reflect => reflect(base + step, low, high).trunc(),
            };
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the length")]
            ((0.0..dim).contains(&place)).then_some((place as usize, weight))
        };
        match self.mode {
            Mode::Nearest => place(if x >= 0.5 { 1.0 } else { 0.0 }, 1.0).into_iter().collect(),
            Mode::Linear => [place(0.0, 1.0 - x), place(1.0, x)].into_iter().flatten().collect(),
            Mode::Cubic => {
                let a = -0.75;
                let far = |x: f64| ((a * x - 5.0 * a) * x + 8.0 * a) * x - 4.0 * a;
                let near = |x: f64| ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0;
                let weights = [(-1.0, far(x + 1.0)), (0.0, near(x)), (1.0, near(1.0 - x)), (2.0, far(2.0 - x))];
                weights.into_iter().filter_map(|(step, weight)| place(step, weight)).collect()
            }
        }
    }
}

fn grid_sample(call: &mut Call<'_, '_>) -> Result<()> {
    let (array, grid) = (call.array(0)?, call.array(1)?);
    let mode = match call.str("mode") {
        None | Some("linear" | "bilinear") => Mode::Linear,
        Some("nearest") => Mode::Nearest,
        Some("cubic" | "bicubic") => Mode::Cubic,
        Some(mode) => return Err(call.misfit(format!("mode '{mode}', expected nearest, linear or cubic"))),
    };
    let border = match call.str("padding_mode") {
        None | Some("zeros") => Border::Zeros,
        Some("border") => Border::Repeat,
        Some("reflection") => Border::Reflect,
        Some(mode) => return Err(call.misfit(format!("padding_mode '{mode}', expected zeros, border or reflection"))),
    };
    let lens = Lens { mode, border, align_corners: call.flag("align_corners") };
    let spatial = array.rank().saturating_sub(2);
    let fits = spatial > 0 && grid.rank() == array.rank() && grid.dims()[0] == array.dims()[0];
    if !fits || grid.dims().last() != Some(&spatial) {
        return Err(call.misfit(format!("a grid {:?} for {:?}", grid.dims(), array.dims())));
    }
    let mut dims = array.dims()[..2].to_vec();
    dims.extend_from_slice(&grid.dims()[1..=spatial]);
    let count = call.room(DType::Float64, &dims)?;
    let (batch, channels) = (dims[0], dims[1]);
    let plane = &array.dims()[2..];
    let items = array.to_f64s().ok_or_else(|| call.unknown_type(array.dtype()))?;
    let points = grid.to_f64s().ok_or_else(|| call.unknown_type(grid.dtype()))?;
    if items.is_empty() && count > 0 {
        return Err(call.misfit(format!("nothing to sample in {:?}", array.dims())));
    }
    let mut sampled = vec![0.0; count];
    let pixels = if count == 0 { 0 } else { count / batch / channels };
    let (steps, size) = (strides(plane), if count == 0 { 0 } else { plane.iter().product::<usize>() });
    for (index, point) in points.chunks(spatial).enumerate().take(batch * pixels) {
        if index % 4096 == 0 {
            call.cx.tick("evaluate", index as u64, (batch * pixels) as u64)?;
        }
        let (sample, pixel) = (index / pixels, index % pixels);
        let mut taps = vec![(0_usize, 1.0_f64)];
        // the last axis comes first in the grid
        for ((&at, &length), &step) in point.iter().rev().zip(plane).zip(&steps) {
            let here = lens.taps(at, length);
            let joined = |&(base, weight): &(usize, f64)| {
                here.iter().map(move |&(place, share)| (base + place * step, weight * share)).collect::<Vec<_>>()
            };
            taps = taps.iter().flat_map(joined).collect();
        }
        for channel in 0..channels {
            let source = &items[(sample * channels + channel) * size..][..size];
            let value = taps.iter().map(|&(place, weight)| source[place] * weight).sum();
            sampled[(sample * channels + channel) * pixels + pixel] = value;
        }
    }
    let buffer = rounded(array.dtype(), sampled).ok_or_else(|| call.unknown_type(array.dtype()))?;
    call.give_array(0, dims, buffer)
}

fn affine_grid(call: &mut Call<'_, '_>) -> Result<()> {
    let theta = call.array(0)?;
    let size = sizes(call, &ints(call, 1)?)?;
    let spatial = size.len().saturating_sub(2);
    if !(2..=3).contains(&spatial) || theta.dims() != [size[0], spatial, spatial + 1] {
        return Err(call.misfit(format!("theta {:?} for a size of {size:?}", theta.dims())));
    }
    let aligned = call.flag("align_corners");
    let plane = &size[2..];
    let mut dims = vec![size[0]];
    dims.extend_from_slice(plane);
    dims.push(spatial);
    let count = call.room(DType::Float64, &dims)?;
    let numbers = theta.to_f64s().ok_or_else(|| call.unknown_type(theta.dtype()))?;
    let center = |position: usize, length: usize| match aligned {
        true if length == 1 => -1.0,
        true => 2.0 * real(position) / (real(length) - 1.0) - 1.0,
        false => (2.0 * real(position) + 1.0) / real(length) - 1.0,
    };
    let steps = strides(plane);
    let pixels = if count == 0 { 0 } else { plane.iter().product::<usize>() };
    let mut grid = Vec::with_capacity(count);
    for matrix in numbers.chunks(spatial * (spatial + 1)).filter(|_| count > 0) {
        for pixel in 0..pixels {
            // x first: the last axis
            let point: Vec<f64> =
                (0..spatial).rev().map(|axis| center(pixel / steps[axis] % plane[axis], plane[axis])).collect();
            for row in matrix.chunks(spatial + 1) {
                let moved: f64 = row.iter().zip(&point).map(|(factor, at)| factor * at).sum();
                grid.push(moved + row[spatial]);
            }
        }
    }
    let buffer = rounded(theta.dtype(), grid).ok_or_else(|| call.unknown_type(theta.dtype()))?;
    let grid = Array::of(dims, buffer).ok_or_else(|| call.misfit("a grid of that shape"))?;
    call.give(0, grid);
    Ok(())
}
