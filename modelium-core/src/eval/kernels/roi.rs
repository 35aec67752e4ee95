//! Regions of interest: pools over boxes.

use crate::error::Result;
use crate::eval::call::{Call, Kernel};
use crate::eval::number::is_float;
use crate::ir::OpType;
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::RoiAlign => align,
        OpType::MaxRoiPool => max_pool,
        _ => return None,
    })
}

struct Image {
    dims: Vec<usize>,
    items: Vec<f64>,
}

impl Image {
    fn new(call: &Call<'_, '_>) -> Result<(DType, Self)> {
        let array = call.array(0)?;
        if !is_float(array.dtype()) {
            return Err(call.unknown_type(array.dtype()));
        }
        let (dims, items) = call.reals_of::<f64>(&array)?;
        if dims.len() == 4 && !items.is_empty() {
            Ok((array.dtype(), Self { dims, items }))
        } else {
            Err(call.misfit(format!("an image of shape {dims:?}")))
        }
    }

    fn plane(&self, call: &Call<'_, '_>, sample: f64, channel: usize) -> Result<&[f64]> {
        let (channels, size) = (self.dims[1], self.dims[2] * self.dims[3]);
        if !(sample >= 0.0 && sample < self.dims[0] as f64) {
            return Err(call.misfit(format!("sample {sample} of {}", self.dims[0])));
        }
        Ok(&self.items[(sample as usize * channels + channel) * size..][..size])
    }
}

/// A positive number from an attribute, not too large for a grid.
fn size(call: &Call<'_, '_>, given: i64) -> Result<usize> {
    usize::try_from(given)
        .ok()
        .filter(|size| (1..=1 << 16).contains(size))
        .ok_or_else(|| call.misfit(format!("an output of {given}")))
}

fn align(call: &mut Call<'_, '_>) -> Result<()> {
    let (dtype, image) = Image::new(call)?;
    let (roi_dims, rois) = call.reals_at::<f64>(1)?;
    let samples = call.ints_at(2)?.unwrap_or_default();
    let (height, width) =
        (size(call, call.int("output_height").unwrap_or(1))?, size(call, call.int("output_width").unwrap_or(1))?);
    if roi_dims.len() != 2 || roi_dims[1] != 4 || samples.len() != roi_dims[0] {
        return Err(call.misfit(format!("boxes {roi_dims:?} for {} samples", samples.len())));
    }
    // the first version does not know the shift by half a pixel
    let mode = call.str("coordinate_transformation_mode").unwrap_or(if call.opset < 16 { "" } else { "half_pixel" });
    let shifts = mode == "half_pixel";
    let most = call.str("mode") == Some("max");
    let scale = f64::from(call.float("spatial_scale").unwrap_or(1.0));
    let ratio = usize::try_from(call.int("sampling_ratio").unwrap_or(0)).unwrap_or(0).min(1 << 12);
    let dims = vec![roi_dims[0], image.dims[1], height, width];
    let mut out = Vec::with_capacity(call.room(DType::Float64, &dims)?);
    for (roi, &sample) in rois.as_chunks::<4>().0.iter().zip(&samples) {
        call.cx.tick("evaluate", out.len() as u64, 0)?;
        let shift = if shifts { 0.5 } else { 0.0 };
        let [left, top, right, bottom] = roi.map(|edge| edge * scale - shift);
        let (mut roi_width, mut roi_height) = (right - left, bottom - top);
        if !shifts {
            (roi_width, roi_height) = (roi_width.max(1.0), roi_height.max(1.0));
        }
        let (bin_height, bin_width) = (roi_height / height as f64, roi_width / width as f64);
        let grid = |bin: f64| if ratio > 0 { ratio } else { (bin.ceil().clamp(1.0, 4096.0)) as usize };
        let (rows, columns) = (grid(bin_height), grid(bin_width));
        for channel in 0..image.dims[1] {
            let plane = image.plane(call, sample as f64, channel)?;
            for cell in 0..height * width {
                let (y, x) = ((cell / width) as f64, (cell % width) as f64);
                let (mut sum, mut best) = (0.0, f64::NEG_INFINITY);
                if rows * columns > 256 || cell % 256 == 0 {
                    call.cx.tick("evaluate", out.len() as u64, 0)?;
                }
                for row in 0..rows {
                    let y = top + y * bin_height + (row as f64 + 0.5) * bin_height / rows as f64;
                    for column in 0..columns {
                        let x = left + x * bin_width + (column as f64 + 0.5) * bin_width / columns as f64;
                        let parts = between(plane, image.dims[2], image.dims[3], y, x);
                        sum += parts.iter().sum::<f64>();
                        best = parts.iter().copied().fold(best, f64::max);
                    }
                }
                out.push(if most { best } else { sum / (rows * columns) as f64 });
            }
        }
    }
    call.give_reals(0, dtype, dims, out)
}

/// What four neighbours add to the value between them. The largest of these is what `max` means to the reference.
fn between(plane: &[f64], height: usize, width: usize, y: f64, x: f64) -> [f64; 4] {
    if y < -1.0 || y > height as f64 || x < -1.0 || x > width as f64 || y.is_nan() || x.is_nan() {
        return [0.0; 4];
    }
    let edge = |at: f64, size: usize| {
        let at = at.max(0.0);
        let low = at as usize;
        if low >= size - 1 { (size - 1, size - 1, 0.0) } else { (low, low + 1, at - low as f64) }
    };
    let ((top, bottom, down), (left, right, across)) = (edge(y, height), edge(x, width));
    [
        (1.0 - down) * (1.0 - across) * plane[top * width + left],
        (1.0 - down) * across * plane[top * width + right],
        down * (1.0 - across) * plane[bottom * width + left],
        down * across * plane[bottom * width + right],
    ]
}

fn max_pool(call: &mut Call<'_, '_>) -> Result<()> {
    let (dtype, image) = Image::new(call)?;
    let (roi_dims, rois) = call.reals_at::<f64>(1)?;
    let &[pooled_height, pooled_width] = call.ints("pooled_shape").unwrap_or_default() else {
        return Err(call.misfit("attribute 'pooled_shape' is not two numbers"));
    };
    let (pooled_height, pooled_width) = (size(call, pooled_height)?, size(call, pooled_width)?);
    if roi_dims.len() != 2 || roi_dims[1] != 5 {
        return Err(call.misfit(format!("boxes of shape {roi_dims:?}")));
    }
    let scale = f64::from(call.float("spatial_scale").unwrap_or(1.0));
    let (height, width) = (image.dims[2], image.dims[3]);
    let dims = vec![roi_dims[0], image.dims[1], pooled_height, pooled_width];
    let mut out = Vec::with_capacity(call.room(DType::Float64, &dims)?);
    for roi in rois.as_chunks::<5>().0 {
        let [sample, left, top, right, bottom] = *roi;
        let [left, top, right, bottom] = [left, top, right, bottom].map(|edge| (edge * scale).round());
        let (bin_height, bin_width) =
            ((bottom - top + 1.0).max(1.0) / pooled_height as f64, (right - left + 1.0).max(1.0) / pooled_width as f64);
        // the elements that a bin covers, at least in part
        let span = |index: usize, bin: f64, start: f64, size: usize| {
            let edge = |at: f64| (at + start).clamp(0.0, size as f64) as usize;
            edge((index as f64 * bin).floor())..edge(((index + 1) as f64 * bin).ceil())
        };
        for channel in 0..image.dims[1] {
            call.cx.tick("evaluate", out.len() as u64, 0)?;
            let plane = image.plane(call, sample, channel)?;
            for cell in 0..pooled_height * pooled_width {
                let rows = span(cell / pooled_width, bin_height, top, height);
                let columns = span(cell % pooled_width, bin_width, left, width);
                let inside = rows.flat_map(|row| columns.clone().map(move |column| row * width + column));
                let most = inside.map(|place| plane[place]).fold(f64::NEG_INFINITY, f64::max);
                out.push(if most == f64::NEG_INFINITY { 0.0 } else { most });
            }
        }
    }
    call.give_reals(0, dtype, dims, out)
}
