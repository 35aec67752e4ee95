//! Operators that give the axes of a tensor another order.

use crate::error::Result;
use crate::eval::array::{Array, map_buffer};
use crate::eval::call::{Call, Kernel};
use crate::ir::OpType;
use crate::tensor::strided::View;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::Transpose => transpose,
        OpType::DepthToSpace => depth_to_space,
        OpType::SpaceToDepth => space_to_depth,
        _ => return None,
    })
}

fn transpose(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let rank = array.rank();
    let order = match call.ints("perm") {
        None => (0..rank).rev().collect(),
        Some(perm) => perm.iter().map(|&axis| call.axis(axis, rank)).collect::<Result<Vec<_>>>()?,
    };
    let mut is_named = vec![false; rank];
    order.iter().for_each(|&axis| is_named[axis] = true);
    if order.len() != rank || is_named.contains(&false) {
        return Err(call.misfit(format!("perm {order:?} does not name each of {rank} axes once")));
    }
    call.room(array.dtype(), array.dims())?;
    let view = View::dense(array.dims()).permuted(&order);
    let buffer = map_buffer!(array.buffer(), items => view.copy(items));
    call.give_array(0, view.dims, buffer)
}

/// Batch, depth, height and width of input 0, and the size of a block.
fn blocks(call: &Call<'_, '_>) -> Result<(Array, [usize; 4], usize)> {
    let array = call.array(0)?;
    let &[batch, depth, height, width] = array.dims() else {
        return Err(call.misfit(format!("a tensor of rank {}, expected 4", array.rank())));
    };
    let size = call.int("blocksize").unwrap_or(0);
    let Some(size) = usize::try_from(size).ok().filter(|&size| size > 0 && size.checked_mul(size).is_some()) else {
        return Err(call.misfit(format!("a blocksize of {size}")));
    };
    Ok((array, [batch, depth, height, width], size))
}

/// Reads the array with six axes, orders them, and gives the outcome four.
fn regroup(
    call: &mut Call<'_, '_>,
    array: &Array,
    split: &[usize; 6],
    order: &[usize],
    dims: Vec<usize>,
) -> Result<()> {
    call.room(array.dtype(), &dims)?;
    let view = View::dense(split).permuted(order);
    let buffer = map_buffer!(array.buffer(), items => view.copy(items));
    call.give_array(0, dims, buffer)
}

fn depth_to_space(call: &mut Call<'_, '_>) -> Result<()> {
    let (array, [batch, depth, height, width], size) = blocks(call)?;
    if !depth.is_multiple_of(size * size) {
        return Err(call.misfit(format!("a depth of {depth} does not divide into blocks of {size}")));
    }
    let thin = depth / (size * size);
    let dims = vec![batch, thin, height.saturating_mul(size), width.saturating_mul(size)];
    match call.str("mode") {
        None | Some("DCR") => {
            regroup(call, &array, &[batch, size, size, thin, height, width], &[0, 3, 4, 1, 5, 2], dims)
        }
        Some("CRD") => regroup(call, &array, &[batch, thin, size, size, height, width], &[0, 1, 4, 2, 5, 3], dims),
        Some(mode) => Err(call.misfit(format!("mode '{mode}', expected DCR or CRD"))),
    }
}

fn space_to_depth(call: &mut Call<'_, '_>) -> Result<()> {
    let (array, [batch, depth, height, width], size) = blocks(call)?;
    if !height.is_multiple_of(size) || !width.is_multiple_of(size) {
        return Err(call.misfit(format!("{height}×{width} does not divide into blocks of {size}")));
    }
    let (low, narrow) = (height / size, width / size);
    let dims = vec![batch, depth.saturating_mul(size * size), low, narrow];
    let split = [batch, depth, low, size, narrow, size];
    match call.str("mode") {
        None | Some("DCR") => regroup(call, &array, &split, &[0, 3, 5, 1, 2, 4], dims),
        Some("CRD") => regroup(call, &array, &split, &[0, 1, 3, 5, 2, 4], dims),
        Some(mode) => Err(call.misfit(format!("mode '{mode}', expected DCR or CRD"))),
    }
}
