//! Windows that slide over an image: convolutions and pooling.

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

    fn stride(&self, axis: usize) -> Result<i128, Gap> {
        positive(self.strides, axis, "stride")
    }

    /// From the first to one past the last element under the window.
    fn extent(&self, axis: usize) -> Result<Option<i128>, Gap> {
        let dilation = positive(self.dilations, axis, "dilation")?;
        let kernel = self.kernel.get(axis).and_then(Dim::known);
        Ok(kernel.map(|kernel| (i128::from(kernel) - 1) * dilation + 1))
    }

    fn padding(&self, axis: usize) -> (i128, i128) {
        let pad = |index: usize| self.pads.and_then(|pads| pads.get(index)).copied().unwrap_or_default();
        if self.auto_pad == "VALID" { (0, 0) } else { (pad(axis).into(), pad(axis + self.kernel.len()).into()) }
    }

    /// How many places the window takes along an axis.
    fn slide(&self, axis: usize, length: &Dim) -> Result<Dim, Gap> {
        let stride = self.stride(axis)?;
        if self.same() {
            return Ok(match length {
                Dim::Known(length) => to_dim((i128::from(*length) + stride - 1) / stride),
                length if stride == 1 => length.clone(),
                _ => Dim::Unknown,
            });
        }
        let Some(extent) = self.extent(axis)? else { return Ok(Dim::Unknown) };
        let (begin, end) = self.padding(axis);
        let Dim::Known(length) = length else {
            let keeps = stride == 1 && begin + end == extent - 1;
            return Ok(if keeps { length.clone() } else { Dim::Unknown });
        };
        let length = i128::from(*length);
        let room = length + begin + end - extent;
        if room < 0 {
            return Err(Gap::conflict(format!("a window of {extent} over {} elements", length + begin + end)));
        }
        let mut places = if self.ceil { (room + stride - 1) / stride } else { room / stride } + 1;
        if self.ceil && (places - 1) * stride >= length + begin {
            places -= 1; // a window that would start in the padding behind is left out
        }
        Ok(to_dim(places))
    }
}

fn positive(list: Option<&[i64]>, axis: usize, what: &str) -> Result<i128, Gap> {
    match list.and_then(|list| list.get(axis)) {
        None => Ok(1),
        Some(&number) if number > 0 => Ok(number.into()),
        Some(number) => Err(Gap::conflict(format!("{what} {number}"))),
    }
}

fn to_dim(number: i128) -> Dim {
    u64::try_from(number).map_or(Dim::Unknown, Dim::Known)
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
        let (stride, extent) = (window.stride(axis)?, window.extent(axis)?);
        let extra: i128 = extra.and_then(|extra| extra.get(axis)).copied().unwrap_or_default().into();
        let (begin, end) = window.padding(axis);
        dims.push(match (length, extent) {
            (Dim::Known(length), _) if window.same() => {
                i128::from(*length).checked_mul(stride).map_or(Dim::Unknown, to_dim)
            }
            (Dim::Known(length), Some(extent)) => {
                (i128::from(*length) - 1).checked_mul(stride).map_or(Dim::Unknown, |spread| {
                    to_dim(spread.saturating_add(extent).saturating_add(extra - begin - end))
                })
            }
            _ => Dim::Unknown,
        });
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

pub(super) fn pool(call: &mut Call<'_, '_>) -> Outcome {
    let (batch, channels, spatial) = image(call)?;
    let kernel = call.ints("kernel_shape").ok_or(Gap::Open)?.iter().map(|&dim| dims::from_i64(dim)).collect();
    let window = Window::of(call, kernel, spatial.len())?;
    let mut dims = vec![batch.clone(), channels.clone()];
    for (axis, length) in spatial.iter().enumerate() {
        dims.push(window.slide(axis, length)?);
    }
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
        let (stride, (begin, end)) = (window.stride(axis)?, window.padding(axis));
        dims.push(match (length, window.extent(axis)?) {
            (Dim::Known(length), Some(extent)) => (i128::from(*length) - 1)
                .checked_mul(stride)
                .map_or(Dim::Unknown, |spread| to_dim(spread.saturating_add(extent - begin - end))),
            _ => Dim::Unknown,
        });
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
