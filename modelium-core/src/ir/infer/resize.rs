//! Images on another grid.

use std::sync::Arc;

use crate::ir::attribute::AttributeValue;
use crate::ir::infer::call::{Call, Gap, Outcome, Rule};
use crate::ir::infer::value::{Elements, Item};
use crate::ir::infer::{dims, item};
use crate::ir::schema::OpType;
use crate::ir::types::Dim;

pub(super) fn rule(op: &OpType) -> Option<Rule> {
    Some(match op {
        OpType::Resize => resize,
        OpType::Upsample => upsample,
        OpType::CenterCropPad => center_crop_pad,
        OpType::GridSample => grid_sample,
        OpType::AffineGrid => affine_grid,
        _ => return None,
    })
}

fn upsample(call: &mut Call<'_, '_>) -> Outcome {
    let dims = call.shape(0)?.to_vec();
    let scales = if call.opset < 7 {
        let [height, width] = [float(call, "height_scale"), float(call, "width_scale")];
        height.zip(width).map(|(height, width)| vec![1.0, 1.0, height, width])
    } else if call.opset < 9 {
        call.floats("scales").map(|scales| scales.iter().map(|&scale| f64::from(scale)).collect())
    } else {
        call.value(1).and_then(|scales| scales.floats())
    };
    let Some(scales) = scales else { return call.shaped(0, dims::open(dims.len())) };
    let dims = scaled(&dims, &(0..dims.len()).collect::<Vec<_>>(), &scales)?;
    call.shaped(0, dims)
}

fn float(call: &Call<'_, '_>, name: &str) -> Option<f64> {
    if let AttributeValue::Float(value) = call.attribute(name)? { Some(f64::from(*value)) } else { None }
}

fn resize(call: &mut Call<'_, '_>) -> Outcome {
    let dims = call.shape(0)?.to_vec();
    let (scales, sizes) = if call.opset < 11 { (1, None) } else { (2, Some(3)) };
    let axes = match call.ints("axes") {
        Some(axes) => dims::axes(axes, dims.len())?,
        None => (0..dims.len()).collect(),
    };
    let given = |value: &Arc<Elements>| !value.items.is_empty();
    if let Some(sizes) = sizes.filter(|&sizes| call.has(sizes))
        && let Some(sizes) = call.value(sizes).filter(given)
    {
        if sizes.items.len() != axes.len() {
            return Err(Gap::conflict(format!("{} sizes for {} axes", sizes.items.len(), axes.len())));
        }
        let wanted: Vec<_> = sizes.items.iter().map(Item::to_dim).collect();
        let dims = match call.str("keep_aspect_ratio_policy") {
            None | Some("stretch") => placed(dims, &axes, wanted),
            Some(policy) => fitted(dims, &axes, &wanted, policy == "not_larger"),
        };
        return call.shaped(0, dims);
    }
    let Some(scales) = call.value(scales).filter(given).and_then(|scales| scales.floats()) else {
        let wanted = dims::open(axes.len());
        return call.shaped(0, placed(dims, &axes, wanted));
    };
    let dims = scaled(&dims, &axes, &scales)?;
    call.shaped(0, dims)
}

fn placed(mut dims: Vec<Dim>, axes: &[usize], wanted: Vec<Dim>) -> Vec<Dim> {
    axes.iter().zip(wanted).for_each(|(&axis, dim)| dims[axis] = dim);
    dims
}

/// `floor(dim · scale)` along each axis.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "in single precision, as runtimes do")]
fn scaled(dims: &[Dim], axes: &[usize], scales: &[f64]) -> Result<Vec<Dim>, Gap> {
    if scales.len() != axes.len() {
        return Err(Gap::conflict(format!("{} scales for {} axes", scales.len(), axes.len())));
    }
    let mut resized = dims.to_vec();
    for (&axis, &scale) in axes.iter().zip(scales) {
        resized[axis] = match &dims[axis] {
            dim if (scale - 1.0).abs() < f64::EPSILON => dim.clone(),
            Dim::Known(dim) => whole(f64::from((*dim as f32 * scale as f32).floor())),
            dim => dim.expr().and_then(|dim| item::scaled_down(&dim, scale)).map_or(Dim::Unknown, Dim::from),
        };
    }
    Ok(resized)
}

/// The wanted sizes, shrunk or grown so that the proportions stay.
#[expect(clippy::cast_precision_loss, reason = "in single precision, as runtimes do")]
fn fitted(dims: Vec<Dim>, axes: &[usize], wanted: &[Dim], not_larger: bool) -> Vec<Dim> {
    let ratios: Option<Vec<f32>> = axes
        .iter()
        .zip(wanted)
        .map(|(&axis, wanted)| Some(wanted.known()? as f32 / dims[axis].known()? as f32))
        .collect();
    let best = ratios.and_then(|ratios| ratios.into_iter().reduce(|a, b| if (a < b) == not_larger { a } else { b }));
    let sizes = axes
        .iter()
        .map(|&axis| match (best, dims[axis].known()) {
            (Some(scale), Some(dim)) => whole(f64::from((scale * dim as f32 + 0.5).floor())),
            _ => Dim::Unknown,
        })
        .collect();
    placed(dims, axes, sizes)
}

#[expect(clippy::cast_possible_truncation, reason = "in range, as checked")]
fn whole(number: f64) -> Dim {
    if (0.0..9.0e15).contains(&number) { dims::from_i64(number as i64) } else { Dim::Unknown }
}

fn center_crop_pad(call: &mut Call<'_, '_>) -> Outcome {
    let wanted = call.dims_at(1).ok_or(Gap::Open)?;
    let dims = call.shape(0)?.to_vec();
    let axes = match call.ints("axes") {
        Some(axes) => dims::axes(axes, dims.len())?,
        None => (0..dims.len()).collect(),
    };
    if wanted.len() != axes.len() {
        return Err(Gap::conflict(format!("{} lengths for {} axes", wanted.len(), axes.len())));
    }
    call.shaped(0, placed(dims, &axes, wanted))
}

/// Image `[batch, channels, …]`, grid `[batch, …, axes]`.
fn grid_sample(call: &mut Call<'_, '_>) -> Outcome {
    let [batch, channels, ..] = call.shape(0)? else { return Err(Gap::conflict("an image without channels")) };
    let [batch_too, spatial @ .., _] = call.shape(1)? else { return Err(Gap::conflict("a grid without axes")) };
    let mut dims = vec![dims::same(batch, batch_too)?, channels.clone()];
    dims.extend_from_slice(spatial);
    call.shaped(0, dims)
}

fn affine_grid(call: &mut Call<'_, '_>) -> Outcome {
    let size = call.dims_at(1).ok_or(Gap::Open)?;
    let [batch, _, spatial @ ..] = size.as_slice() else { return Err(Gap::conflict("a size without channels")) };
    let mut dims = vec![batch.clone()];
    dims.extend_from_slice(spatial);
    dims.push(Dim::Known(spatial.len() as u64));
    call.shaped(0, dims)
}
