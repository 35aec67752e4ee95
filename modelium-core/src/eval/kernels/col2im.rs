//! `Col2Im`.

use crate::error::Result;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::shape::{ints, sizes};
use crate::eval::number::rounded;
use crate::ir::OpType;
use crate::tensor::DType;
use crate::tensor::strided::strides;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    matches!(op, OpType::Col2Im).then_some(col2im as Kernel)
}

/// One spatial axis.
struct Axis {
    image: usize,
    block: usize,
    stride: usize,
    dilation: usize,
    before: usize,
    /// Positions of the block along the axis.
    turns: usize,
}

impl Axis {
    /// Where one element of the block lies in the image at one of its positions; `None` on the padding.
    fn place(&self, element: usize, turn: usize) -> Option<usize> {
        let padded = turn.checked_mul(self.stride)?.checked_add(element.checked_mul(self.dilation)?)?;
        padded.checked_sub(self.before).filter(|&place| place < self.image)
    }
}

fn axes(call: &Call<'_, '_>) -> Result<Vec<Axis>> {
    let (image, block) = (sizes(call, &ints(call, 1)?)?, sizes(call, &ints(call, 2)?)?);
    let rank = image.len();
    let list = |name: &str, default: i64, length: usize| sizes(call, call.ints(name).unwrap_or(&vec![default; length]));
    let (stride, dilation, pads) = (list("strides", 1, rank)?, list("dilations", 1, rank)?, list("pads", 0, rank * 2)?);
    if rank == 0 || block.len() != rank || stride.len() != rank || dilation.len() != rank || pads.len() != rank * 2 {
        return Err(call.misfit("image, block, strides, dilations and pads of different lengths"));
    }
    let axis = |at: usize| {
        let span = dilation[at].checked_mul(block[at].checked_sub(1)?)?.checked_add(1)?;
        let padded = image[at].checked_add(pads[at])?.checked_add(pads[at + rank])?;
        let turns = padded.checked_sub(span)?.checked_div(stride[at])?.checked_add(1)?;
        let (image, block, stride, dilation) = (image[at], block[at], stride[at], dilation[at]);
        Some(Axis { image, block, stride, dilation, before: pads[at], turns })
    };
    let axes: Option<Vec<Axis>> = (0..rank).map(axis).collect();
    axes.ok_or_else(|| call.misfit("blocks that do not fit into the image"))
}

fn col2im(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let axes = axes(call)?;
    let product = |each: fn(&Axis) -> usize| {
        let product = axes.iter().try_fold(1_usize, |product, axis| product.checked_mul(each(axis)));
        product.ok_or_else(|| call.misfit("more blocks than fit into memory"))
    };
    let (block, turns) = (product(|axis| axis.block)?, product(|axis| axis.turns)?);
    let &[batch, columns, held] = array.dims() else {
        return Err(call.misfit(format!("a tensor of rank {}, expected 3", array.rank())));
    };
    if block == 0 || !columns.is_multiple_of(block) || held != turns {
        return Err(call.misfit(format!("{:?} for blocks of {block} at {turns} places", array.dims())));
    }
    let channels = columns / block;
    let mut dims = vec![batch, channels];
    dims.extend(axes.iter().map(|axis| axis.image));
    let count = call.room(DType::Float64, &dims)?;
    let items = array.to_f64s().ok_or_else(|| call.unknown_type(array.dtype()))?;
    let (image_dims, block_dims): (Vec<usize>, Vec<usize>) = axes.iter().map(|axis| (axis.image, axis.block)).unzip();
    let turn_dims: Vec<usize> = axes.iter().map(|axis| axis.turns).collect();
    let (image_steps, block_steps, turn_steps) = (strides(&image_dims), strides(&block_dims), strides(&turn_dims));
    let mut image = vec![0.0; count];
    let size = if count == 0 { 0 } else { image_dims.iter().product() };
    for (number, row) in items.chunks(turns.max(1)).enumerate().filter(|_| count > 0) {
        call.cx.tick("evaluate", number as u64, (batch * columns) as u64)?;
        let (plane, element) = (number / block, number % block);
        for (turn, item) in row.iter().enumerate() {
            let place = axes.iter().enumerate().try_fold(0_usize, |place, (at, axis)| {
                let element = element / block_steps[at] % axis.block;
                let turn = turn / turn_steps[at] % axis.turns;
                Some(place + axis.place(element, turn)? * image_steps[at])
            });
            if let Some(place) = place {
                image[plane * size + place] += item;
            }
        }
    }
    let buffer = rounded(array.dtype(), image).ok_or_else(|| call.unknown_type(array.dtype()))?;
    call.give_array(0, dims, buffer)
}
