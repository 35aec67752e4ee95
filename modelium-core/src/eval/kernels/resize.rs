//! Resize and Upsample: each axis is sampled on its own.

use crate::error::Result;
use crate::eval::array::{Array, map_buffer};
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::constant::nothing;
use crate::eval::kernels::pick::{Along, pick};
use crate::eval::kernels::sampling::{Coordinates, Filter, Sample, nearest, samples};
use crate::eval::kernels::shape::sizes;
use crate::eval::number::rounded;
use crate::ir::OpType;
use crate::tensor::DType;
use crate::tensor::strided::around;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::Resize => resize,
        OpType::Upsample => upsample,
        _ => return None,
    })
}

/// What becomes of one axis.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axis {
    pub(super) before: usize,
    pub(super) after: usize,
    pub(super) scale: f64,
    /// Part of the axis that is seen, where 0 is its first element and 1 its last.
    pub(super) region: (f64, f64),
}

impl Axis {
    /// True if nothing becomes of it.
    fn is_kept(&self) -> bool {
        #[expect(clippy::float_cmp, reason = "a scale of exactly one")]
        let is_one = self.scale == 1.0 && self.region == (0.0, 1.0);
        is_one && self.before == self.after
    }
}

#[expect(clippy::cast_precision_loss, reason = "dimensions beyond 2⁵³ have no elements in memory")]
fn real(dim: usize) -> f64 {
    dim as f64
}

/// A length that was computed; no more than what `usize` holds.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` stays in range")]
fn whole(length: f64) -> usize {
    length as usize
}

fn positive(call: &Call<'_, '_>, scale: f64) -> Result<f64> {
    Some(scale)
        .filter(|scale| *scale > 0.0 && scale.is_finite())
        .ok_or_else(|| call.misfit(format!("a scale of {scale}")))
}

fn scaled(call: &Call<'_, '_>, dim: usize, scale: f64) -> Result<Axis> {
    let scale = positive(call, scale)?;
    Ok(Axis { before: dim, after: whole((real(dim) * scale).floor()), scale, region: (0.0, 1.0) })
}

fn upsample(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let scales: Vec<f64> = match call.opset {
        ..7 => {
            let scale = |name: &str| f64::from(call.float(name).unwrap_or(1.0));
            vec![1.0, 1.0, scale("height_scale"), scale("width_scale")]
        }
        7..9 => call.floats("scales").unwrap_or_default().iter().map(|&scale| f64::from(scale)).collect(),
        _ => call.array(1)?.to_f64s().ok_or_else(|| call.misfit("scales are not numbers"))?,
    };
    simple(call, &array, &scales)
}

/// What Upsample and the first version of Resize do: coordinates are divided by the scale.
fn simple(call: &mut Call<'_, '_>, array: &Array, scales: &[f64]) -> Result<()> {
    if scales.len() != array.rank() {
        return Err(call.misfit(format!("{} scales for a tensor of rank {}", scales.len(), array.rank())));
    }
    let axes =
        array.dims().iter().zip(scales).map(|(&dim, &scale)| scaled(call, dim, scale)).collect::<Result<Vec<_>>>()?;
    match call.str("mode") {
        None | Some("nearest") => {
            let round = |axis: &Axis| if axis.scale < 1.0 { "ceil" } else { "floor" };
            give_nearest(call, array, &axes, Coordinates::Asymmetric, round)
        }
        Some("linear" | "bilinear") => {
            let filter = Filter { cubic: None, antialias: false, exclude_outside: false };
            give_filtered(call, array, &axes, Coordinates::Asymmetric, &filter)
        }
        Some(mode) => Err(call.misfit(format!("mode '{mode}', expected nearest or linear"))),
    }
}

fn resize(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    if call.opset < 11 {
        let scales = call.array(1)?.to_f64s().ok_or_else(|| call.misfit("scales are not numbers"))?;
        return simple(call, &array, &scales);
    }
    let coordinates = match call.str("coordinate_transformation_mode") {
        None | Some("half_pixel") => Coordinates::HalfPixel,
        Some("half_pixel_symmetric") => Coordinates::HalfPixelSymmetric,
        Some("pytorch_half_pixel") => Coordinates::PytorchHalfPixel,
        Some("align_corners") => Coordinates::AlignCorners,
        Some("asymmetric") => Coordinates::Asymmetric,
        Some("tf_crop_and_resize") => Coordinates::CropAndResize,
        Some("tf_half_pixel_for_nn") => Coordinates::HalfPixelForNearest,
        Some(mode) => return Err(call.misfit(format!("coordinate_transformation_mode '{mode}'"))),
    };
    let axes = axes(call, &array, matches!(coordinates, Coordinates::CropAndResize))?;
    let cubic = match call.str("mode") {
        None | Some("nearest") => {
            let mode = call.str("nearest_mode").unwrap_or("round_prefer_floor").to_owned();
            return give_nearest(call, &array, &axes, coordinates, |_| &mode);
        }
        Some("linear") => None,
        Some("cubic") => Some(call.float("cubic_coeff_a").map_or(-0.75, f64::from)),
        Some(mode) => return Err(call.misfit(format!("mode '{mode}', expected nearest, linear or cubic"))),
    };
    let filter = Filter { cubic, antialias: call.flag("antialias"), exclude_outside: call.flag("exclude_outside") };
    give_filtered(call, &array, &axes, coordinates, &filter)
}

/// What becomes of each axis, by the inputs `roi`, `scales` and `sizes`.
fn axes(call: &Call<'_, '_>, array: &Array, crops: bool) -> Result<Vec<Axis>> {
    let named = match call.ints("axes") {
        Some(axes) => axes.iter().map(|&axis| call.axis(axis, array.rank())).collect::<Result<Vec<_>>>()?,
        None => (0..array.rank()).collect(),
    };
    let keep = |&dim: &usize| Axis { before: dim, after: dim, scale: 1.0, region: (0.0, 1.0) };
    let mut axes: Vec<Axis> = array.dims().iter().map(keep).collect();
    let numbers = |index: usize| -> Result<Option<Vec<f64>>> {
        let Some(array) = call.optional(index)?.filter(|array| !array.is_empty()) else { return Ok(None) };
        array.to_f64s().map(Some).ok_or_else(|| call.misfit(format!("input {index} is not of numbers")))
    };
    let lists = (numbers(2)?, call.ints_at(3)?.filter(|sizes| !sizes.is_empty()));
    let fits = |length: usize| {
        let misfit = || call.misfit(format!("{length} scales or sizes for {} axes", named.len()));
        (length == named.len()).then_some(()).ok_or_else(misfit)
    };
    match lists {
        (Some(scales), None) => {
            fits(scales.len())?;
            for (&axis, &scale) in named.iter().zip(&scales) {
                axes[axis] = scaled(call, array.dims()[axis], scale)?;
            }
        }
        (None, Some(given)) => {
            fits(given.len())?;
            let wanted = sizes(call, &given)?;
            for (&axis, &size) in named.iter().zip(&wanted) {
                axes[axis].after = size;
                axes[axis].scale = real(size) / real(axes[axis].before);
            }
            let scales = named.iter().map(|&axis| axes[axis].scale);
            let common = match call.str("keep_aspect_ratio_policy") {
                None | Some("stretch") => None,
                Some("not_larger") => scales.reduce(f64::min),
                Some("not_smaller") => scales.reduce(f64::max),
                Some(policy) => return Err(call.misfit(format!("keep_aspect_ratio_policy '{policy}'"))),
            };
            for &axis in common.iter().flat_map(|_| &named) {
                axes[axis].scale = positive(call, common.unwrap_or(1.0))?;
                axes[axis].after = whole((axes[axis].scale * real(axes[axis].before) + 0.5).floor());
            }
        }
        (None, None) => return Err(call.misfit("neither scales nor sizes are given")),
        (Some(_), Some(_)) => return Err(call.misfit("both scales and sizes are given")),
    }
    if crops {
        let region = numbers(1)?.unwrap_or_default();
        if region.len() != named.len() * 2 {
            return Err(call.misfit(format!("a roi of {} numbers for {} axes", region.len(), named.len())));
        }
        for (index, &axis) in named.iter().enumerate() {
            axes[axis].region = (region[index], region[index + named.len()]);
        }
    }
    Ok(axes)
}

/// The dimensions of the result, which has elements only if the source has.
fn dims(call: &Call<'_, '_>, array: &Array, axes: &[Axis]) -> Result<(Vec<usize>, usize)> {
    let dims: Vec<usize> = axes.iter().map(|axis| axis.after).collect();
    let count = call.room(array.dtype(), &dims)?;
    if array.is_empty() && count > 0 {
        return Err(call.misfit(format!("{:?} has nothing to become {dims:?}", array.dims())));
    }
    Ok((dims, count))
}

fn give_nearest<'m>(
    call: &mut Call<'_, '_>,
    array: &Array,
    axes: &[Axis],
    coordinates: Coordinates,
    mode: impl Fn(&Axis) -> &'m str,
) -> Result<()> {
    let (dims, count) = dims(call, array, axes)?;
    let mut along = Vec::with_capacity(axes.len());
    for axis in axes.iter().filter(|_| count > 0) {
        if axis.is_kept() {
            along.push(Along::All);
            continue;
        }
        let mode = mode(axis);
        let positions = nearest(axis, coordinates, mode);
        along.push(Along::Some(positions.ok_or_else(|| call.misfit(format!("nearest_mode '{mode}'")))?));
    }
    let fill = rounded(array.dtype(), vec![call.float("extrapolation_value").map_or(0.0, f64::from)]);
    let fill = fill.unwrap_or_else(|| nothing(array.dtype()));
    let buffer = map_buffer!(array.buffer(), items => match fill.codes() {
        Some([fill]) if count > 0 => pick(items, array.dims(), &along, fill),
        _ => Vec::new(),
    });
    call.give_array(0, dims, buffer)
}

fn give_filtered(
    call: &mut Call<'_, '_>,
    array: &Array,
    axes: &[Axis],
    coordinates: Coordinates,
    filter: &Filter,
) -> Result<()> {
    let (wanted, count) = dims(call, array, axes)?;
    let mut items = array.to_f64s().ok_or_else(|| call.unknown_type(array.dtype()))?;
    let mut dims = array.dims().to_vec();
    let fill = call.float("extrapolation_value").map_or(0.0, f64::from);
    for (index, axis) in axes.iter().enumerate().filter(|_| count > 0) {
        if axis.is_kept() {
            continue;
        }
        dims[index] = axis.after;
        call.room(DType::Float64, &dims)?;
        call.cx.tick("evaluate", index as u64, axes.len() as u64)?;
        let (outer, inner) = around(&dims, index);
        items = filtered(&items, outer, axis, inner, &samples(axis, coordinates, filter), fill);
    }
    if count == 0 {
        items.clear();
    }
    let buffer = rounded(array.dtype(), items).ok_or_else(|| call.unknown_type(array.dtype()))?;
    call.give_array(0, wanted, buffer)
}

/// One axis, each position a weighted sum.
fn filtered(items: &[f64], outer: usize, axis: &Axis, inner: usize, samples: &[Sample], fill: f64) -> Vec<f64> {
    let mut filtered = Vec::with_capacity(outer * axis.after * inner);
    for before in 0..outer {
        let block = &items[before * axis.before * inner..][..axis.before * inner];
        for sample in samples {
            let start = filtered.len();
            let Sample::Weighted(taps) = sample else {
                filtered.resize(start + inner, fill);
                continue;
            };
            filtered.resize(start + inner, 0.0);
            for &(place, weight) in taps {
                let row = &block[place * inner..][..inner];
                filtered[start..].iter_mut().zip(row).for_each(|(sum, item)| *sum += weight * item);
            }
        }
    }
    filtered
}
