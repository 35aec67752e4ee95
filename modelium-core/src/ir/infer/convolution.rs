//! Windows that slide over an image: convolutions and pooling.

use crate::ir::expr::{Expr, Rounding};
use crate::ir::infer::call::{Call, Gap, Outcome, Rule};
use crate::ir::infer::dims;
use crate::ir::infer::elementwise::same_shape;
use crate::ir::schema::OpType;
use crate::ir::types::Dim;

pub(super) fn rule(op: &OpType) -> Option<Rule> {
    Some(match op {
        OpType::Conv | OpType::ConvInteger | OpType::DeformConv => conv,
        OpType::QLinearConv => qlinear_conv,
        OpType::ConvTranspose => conv_transpose,
        OpType::CausalConvWithState => causal_conv,
        OpType::AveragePool | OpType::LpPool | OpType::MaxPool => pool,
        OpType::GlobalAveragePool | OpType::GlobalLpPool | OpType::GlobalMaxPool => global_pool,
        OpType::MaxUnpool => max_unpool,
        OpType::MaxRoiPool => max_roi_pool,
        OpType::RoiAlign => roi_align,
        OpType::Col2Im => col2im,
        _ => return None,
    })
}

/// How a window moves along each axis.
struct Window<'m> {
    kernel: Vec<Dim>,
    strides: Option<&'m [i64]>,
    dilations: Option<&'m [i64]>,
    pads: Option<&'m [i64]>,
    auto_pad: &'m str,
    ceil: bool,
}

impl<'m> Window<'m> {
    /// The attributes that all windows share; a list that is given must have a number for each axis.
    fn of(call: &Call<'_, 'm>, kernel: Vec<Dim>, axes: usize) -> Result<Self, Gap> {
        let list = |name: &str, length: usize| match call.ints(name) {
            Some(values) if values.len() != length => {
                Err(Gap::conflict(format!("{} {name} for {axes} axes", values.len())))
            }
            values => Ok(values),
        };
        if kernel.len() != axes {
            return Err(Gap::conflict(format!("a kernel of {} axes over {axes}", kernel.len())));
        }
        Ok(Self {
            kernel,
            strides: list("strides", axes)?,
            dilations: list("dilations", axes)?,
            pads: list("pads", axes * 2)?,
            auto_pad: call.str("auto_pad").unwrap_or("NOTSET"),
            ceil: call.int("ceil_mode").unwrap_or(0) != 0,
        })
    }

    fn same(&self) -> bool {
        matches!(self.auto_pad, "SAME_UPPER" | "SAME_LOWER")
    }

    fn stride(&self, axis: usize) -> Result<i64, Gap> {
        positive(self.strides, axis, "stride")
    }

    /// From the first to one past the last element under the window.
    fn extent(&self, axis: usize) -> Result<Option<Expr>, Gap> {
        let dilation = positive(self.dilations, axis, "dilation")?;
        let kernel = self.kernel.get(axis).and_then(Dim::expr);
        Ok(kernel.and_then(|kernel| kernel.shifted(-1)?.scaled(dilation)?.shifted(1)))
    }

    fn padding(&self, axis: usize) -> (i64, i64) {
        let pad = |index: usize| self.pads.and_then(|pads| pads.get(index)).copied().unwrap_or_default();
        if self.auto_pad == "VALID" { (0, 0) } else { (pad(axis), pad(axis + self.kernel.len())) }
    }

    /// How many places the window takes along an axis.
    fn slide(&self, axis: usize, length: &Dim) -> Result<Dim, Gap> {
        let stride = self.stride(axis)?;
        let (begin, end) = self.padding(axis);
        let Some(length) = length.expr() else { return Ok(Dim::Unknown) };
        if self.same() {
            return Ok(length.divided_up(stride).map_or(Dim::Unknown, Dim::from));
        }
        let Some(extent) = self.extent(axis)? else { return Ok(Dim::Unknown) };
        let padded = length.shifted(begin).and_then(|length| length.shifted(end));
        let room = padded.as_ref().and_then(|padded| padded.minus(&extent));
        if let (Some(padded), Some(..0)) = (padded, room.as_ref().and_then(Expr::most)) {
            return Err(Gap::conflict(format!("a window of {extent} over {padded} elements")));
        }
        let places = room.and_then(|room| if self.ceil { self.up(&room, &length, axis) } else { down(&room, stride) });
        Ok(places.map_or(Dim::Unknown, Dim::from))
    }

    /// How many places there are when the last may hang over the end, but must not start in the padding behind it.
    fn up(&self, room: &Expr, length: &Expr, axis: usize) -> Option<Expr> {
        let (stride, (begin, _)) = (self.stride(axis).ok()?, self.padding(axis));
        let (hanging, starting) = (room.shifted(stride)?, length.shifted(begin)?);
        // Both are divided by the stride and rounded up: the smaller one stays so.
        if starting.at_least(&hanging) {
            hanging.divided_up(stride)
        } else if hanging.at_least(&starting) {
            starting.divided_up(stride)
        } else {
            Expr::smallest(vec![hanging.divided_up(stride)?, starting.divided_up(stride)?])
        }
    }

    /// How long an axis was whose windows take so many places: the way back, with what the attributes add.
    fn unslide(&self, axis: usize, places: &Dim, extra: i64) -> Result<Dim, Gap> {
        let (stride, extent, (begin, end)) = (self.stride(axis)?, self.extent(axis)?, self.padding(axis));
        let Some(places) = places.expr() else { return Ok(Dim::Unknown) };
        let length = if self.same() {
            places.scaled(stride)
        } else {
            let added = extra.checked_sub(begin).and_then(|added| added.checked_sub(end));
            added
                .zip(extent)
                .and_then(|(added, extent)| places.shifted(-1)?.scaled(stride)?.plus(&extent)?.shifted(added))
        };
        Ok(length.map_or(Dim::Unknown, Dim::from))
    }
}

/// `floor(room / stride) + 1`
fn down(room: &Expr, stride: i64) -> Option<Expr> {
    room.divided(&Expr::constant(stride), Rounding::Down)?.shifted(1)
}

fn positive(list: Option<&[i64]>, axis: usize, what: &str) -> Result<i64, Gap> {
    match list.and_then(|list| list.get(axis)) {
        None => Ok(1),
        Some(&number) if number > 0 => Ok(number),
        Some(number) => Err(Gap::conflict(format!("{what} {number}"))),
    }
}

/// Batch, channels and the axes that a window slides along.
fn image<'c>(call: &'c Call<'_, '_>) -> Result<(&'c Dim, &'c Dim, &'c [Dim]), Gap> {
    let [batch, channels, spatial @ ..] = call.shape(0)? else {
        return Err(Gap::conflict("a tensor without batch and channels"));
    };
    Ok((batch, channels, spatial))
}

fn conv(call: &mut Call<'_, '_>) -> Outcome {
    convolve(call, 1)
}

fn qlinear_conv(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(7);
    call.typed(0, dtype);
    convolve(call, 3)
}

/// Input `[batch, channels, …]`, weights `[out, channels / group, kernel …]`.
pub(super) fn convolve(call: &mut Call<'_, '_>, weights: usize) -> Outcome {
    let (batch, channels, spatial) = image(call)?;
    let mut dims = vec![batch.clone(), Dim::Unknown];
    let shape = call.shape(weights).ok();
    let kernel = match (call.ints("kernel_shape"), shape) {
        (Some(kernel), _) => kernel.iter().map(|&dim| dims::from_i64(dim)).collect(),
        (None, Some([_, _, kernel @ ..])) => kernel.to_vec(),
        _ => dims::open(spatial.len()),
    };
    if let Some(shape) = shape {
        let [filters, depth, ..] = shape else { return Err(Gap::conflict("weights without filters and channels")) };
        dims[1] = filters.clone();
        if let (Some(depth), Some(channels)) = (depth.known(), channels.known()) {
            let group = u64::try_from(call.int("group").unwrap_or(1)).unwrap_or_default();
            if depth.checked_mul(group) != Some(channels) {
                return Err(Gap::conflict(format!("{channels} channels for weights of {depth} in {group} groups")));
            }
        }
        if shape.len() != spatial.len() + 2 {
            return Err(Gap::conflict(format!("weights of rank {} over rank {}", shape.len(), spatial.len() + 2)));
        }
    }
    let window = Window::of(call, kernel, spatial.len())?;
    for (axis, length) in spatial.iter().enumerate() {
        dims.push(window.slide(axis, length)?);
    }
    call.shaped(0, dims)
}

/// Input `[batch, channels, …]`, weights `[channels, out / group, kernel …]`.
fn conv_transpose(call: &mut Call<'_, '_>) -> Outcome {
    let (batch, _, spatial) = image(call)?;
    let axes = spatial.len();
    let mut dims = vec![batch.clone(), Dim::Unknown];
    let shape = call.shape(1).ok();
    if let Some([_, filters, ..]) = shape {
        let group = u64::try_from(call.int("group").unwrap_or(1)).unwrap_or_default();
        dims[1] = dims::times(filters, &Dim::Known(group));
    }
    let kernel = match (call.ints("kernel_shape"), shape) {
        (Some(kernel), _) => kernel.iter().map(|&dim| dims::from_i64(dim)).collect(),
        (None, Some([_, _, kernel @ ..])) => kernel.to_vec(),
        _ => dims::open(axes),
    };
    let window = Window::of(call, kernel, axes)?;
    let asked = call.ints("output_shape").unwrap_or_default();
    // Some writers give the whole shape, batch and channels too.
    let asked = asked.get(asked.len().saturating_sub(axes)..).filter(|asked| asked.len() == axes);
    let extra = call.ints("output_padding");
    for (axis, length) in spatial.iter().enumerate() {
        if let Some(asked) = asked {
            dims.push(asked.get(axis).map_or(Dim::Unknown, |&dim| dims::from_i64(dim)));
            continue;
        }
        let extra = extra.and_then(|extra| extra.get(axis)).copied().unwrap_or_default();
        dims.push(window.unslide(axis, length, extra)?);
    }
    call.shaped(0, dims)
}

/// Input `[batch, channels, length]`, weights `[channels, 1, kernel]`.
fn causal_conv(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(1, dtype);
    same_shape(call)?;
    let [batch, channels, _] = call.shape_of_rank(0, 3)? else { return Err(Gap::Open) };
    let [.., kernel] = call.shape_of_rank(1, 3)? else { return Err(Gap::Open) };
    let dims = vec![batch.clone(), channels.clone(), dims::shifted(kernel, -1)];
    call.shaped(1, dims)
}

/// How many places a window takes along each of these axes.
pub(super) fn slid(call: &Call<'_, '_>, kernel: Vec<Dim>, spatial: &[Dim]) -> Result<Vec<Dim>, Gap> {
    let window = Window::of(call, kernel, spatial.len())?;
    spatial.iter().enumerate().map(|(axis, length)| window.slide(axis, length)).collect()
}

pub(super) fn pool(call: &mut Call<'_, '_>) -> Outcome {
    let (batch, channels, spatial) = image(call)?;
    let kernel = call.ints("kernel_shape").ok_or(Gap::Open)?.iter().map(|&dim| dims::from_i64(dim)).collect();
    let mut dims = vec![batch.clone(), channels.clone()];
    dims.extend(slid(call, kernel, spatial)?);
    call.shaped(1, dims.clone())?;
    call.shaped(0, dims)
}

pub(super) fn global_pool(call: &mut Call<'_, '_>) -> Outcome {
    let (batch, channels, spatial) = image(call)?;
    let mut dims = vec![batch.clone(), channels.clone()];
    dims.resize(spatial.len() + 2, Dim::Known(1));
    call.shaped(0, dims)
}

fn max_unpool(call: &mut Call<'_, '_>) -> Outcome {
    if call.has(2) {
        let dims = call.dims_at(2).ok_or(Gap::Open)?;
        return call.shaped(0, dims);
    }
    let (batch, channels, spatial) = image(call)?;
    let kernel = call.ints("kernel_shape").ok_or(Gap::Open)?.iter().map(|&dim| dims::from_i64(dim)).collect();
    let window = Window::of(call, kernel, spatial.len())?;
    let mut dims = vec![batch.clone(), channels.clone()];
    for (axis, length) in spatial.iter().enumerate() {
        dims.push(window.unslide(axis, length, 0)?);
    }
    call.shaped(0, dims)
}

fn max_roi_pool(call: &mut Call<'_, '_>) -> Outcome {
    let [rois, _] = call.shape_of_rank(1, 2)? else { return Err(Gap::Open) };
    let (_, channels, _) = image(call)?;
    let mut dims = vec![rois.clone(), channels.clone()];
    dims.extend(call.ints("pooled_shape").ok_or(Gap::Open)?.iter().map(|&dim| dims::from_i64(dim)));
    call.shaped(0, dims)
}

fn roi_align(call: &mut Call<'_, '_>) -> Outcome {
    let (_, channels, _) = image(call)?;
    let rois = call.shape(1)?.first().cloned().unwrap_or(Dim::Unknown);
    let size = |name| dims::from_i64(call.int(name).unwrap_or(1));
    let dims = vec![rois, channels.clone(), size("output_height"), size("output_width")];
    call.shaped(0, dims)
}

fn col2im(call: &mut Call<'_, '_>) -> Outcome {
    let image = call.dims_at(1).ok_or(Gap::Open)?;
    let block = call.ints_at(2);
    let [batch, columns, _] = call.shape_of_rank(0, 3)? else { return Err(Gap::Open) };
    let area = block
        .and_then(|block| block.iter().try_fold(1_u64, |area, &length| area.checked_mul(u64::try_from(length).ok()?)));
    let channels = match area {
        Some(area) => dims::divided(columns, area)?,
        None => Dim::Unknown,
    };
    let mut dims = vec![batch.clone(), channels];
    dims.extend(image);
    call.shaped(0, dims)
}
