//! Gather and its relatives: elements at positions that a tensor names.

use crate::error::Result;
use crate::eval::array::{Array, map_buffer};
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::pick::take_along;
use crate::eval::kernels::shape::ints;
use crate::ir::OpType;
use crate::tensor::strided::{Offsets, strides};

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::Gather => gather,
        OpType::GatherElements => gather_elements,
        OpType::GatherND => gather_nd,
        _ => return None,
    })
}

/// Where an index points on an axis of `dim`; negative ones count from the end.
pub(super) fn position(call: &Call<'_, '_>, index: i64, dim: usize) -> Result<usize> {
    let signed = i64::try_from(dim).unwrap_or(i64::MAX);
    let place = if index < 0 { index.checked_add(signed) } else { Some(index) };
    place
        .and_then(|place| usize::try_from(place).ok())
        .filter(|&place| place < dim)
        .ok_or_else(|| call.misfit(format!("index {index} on an axis of {dim}")))
}

fn gather(call: &mut Call<'_, '_>) -> Result<()> {
    let (array, indices) = (call.array(0)?, call.array(1)?);
    let axis = call.axis(call.int("axis").unwrap_or(0), array.rank())?;
    let dim = array.dims()[axis];
    let positions = ints(call, 1)?.into_iter().map(|index| position(call, index, dim)).collect::<Result<Vec<_>>>()?;
    let mut dims = array.dims()[..axis].to_vec();
    dims.extend_from_slice(indices.dims());
    dims.extend_from_slice(&array.dims()[axis + 1..]);
    let count = call.room(array.dtype(), &dims)?;
    let buffer = map_buffer!(array.buffer(), items => {
        if count == 0 { Vec::new() } else { take_along(items, array.dims(), axis, &positions) }
    });
    call.give_array(0, dims, buffer)
}

/// For each element of `indices`, row-major, the place in a tensor of `dims` with the index put in for `axis`. The other
/// dimensions of `indices` may be smaller.
pub(super) fn element_places(
    call: &Call<'_, '_>,
    dims: &[usize],
    indices: &Array,
    numbers: &[i64],
    axis: usize,
) -> Result<Vec<usize>> {
    let fits = indices.dims().iter().zip(dims).enumerate().all(|(at, (own, other))| at == axis || own <= other);
    if indices.rank() != dims.len() || !fits {
        return Err(call.misfit(format!("indices {:?} on axis {axis} of {dims:?}", indices.dims())));
    }
    let steps = strides(dims);
    let others: Vec<isize> =
        steps.iter().enumerate().map(|(at, &step)| if at == axis { 0 } else { step.cast_signed() }).collect();
    let mut places = Vec::with_capacity(numbers.len());
    for (base, &index) in Offsets::new(indices.dims(), &others, 0).zip(numbers) {
        places.push(base + position(call, index, dims[axis])? * steps[axis]);
    }
    Ok(places)
}

fn gather_elements(call: &mut Call<'_, '_>) -> Result<()> {
    let (array, indices) = (call.array(0)?, call.array(1)?);
    let axis = call.axis(call.int("axis").unwrap_or(0), array.rank())?;
    call.room(array.dtype(), indices.dims())?;
    let places = element_places(call, array.dims(), &indices, &ints(call, 1)?, axis)?;
    let buffer = map_buffer!(array.buffer(), items => places.iter().map(|&place| items[place].clone()).collect());
    call.give_array(0, indices.dims().to_vec(), buffer)
}

/// How many axes an index tuple of `indices` covers.
pub(super) fn tuple_length(call: &Call<'_, '_>, indices: &Array, rank: usize) -> Result<usize> {
    let length = indices.dims().last().copied();
    length
        .filter(|&length| length <= rank)
        .ok_or_else(|| call.misfit(format!("indices {:?} into a tensor of rank {rank}", indices.dims())))
}

/// The place of the first element below an index tuple.
pub(super) fn tuple_place(call: &Call<'_, '_>, tuple: &[i64], dims: &[usize], steps: &[usize]) -> Result<usize> {
    let mut place = 0;
    for ((&index, &dim), &step) in tuple.iter().zip(dims).zip(steps) {
        place += position(call, index, dim)? * step;
    }
    Ok(place)
}

fn gather_nd(call: &mut Call<'_, '_>) -> Result<()> {
    let (array, indices) = (call.array(0)?, call.array(1)?);
    let batch_dims = call.int("batch_dims").unwrap_or(0);
    let shared = usize::try_from(batch_dims).ok().filter(|&shared| {
        shared < indices.rank() && shared <= array.rank() && array.dims()[..shared] == indices.dims()[..shared]
    });
    let Some(shared) = shared else {
        let (own, other) = (array.dims(), indices.dims());
        return Err(call.misfit(format!("indices {other:?} into {own:?} with batch_dims {batch_dims}")));
    };
    let below = &array.dims()[shared..];
    let length = tuple_length(call, &indices, below.len())?;
    let mut dims = indices.dims()[..indices.rank() - 1].to_vec();
    dims.extend_from_slice(&below[length..]);
    let count = call.room(array.dtype(), &dims)?;
    let numbers = ints(call, 1)?;
    let steps = strides(array.dims());
    let chunk = if count == 0 { 0 } else { below[length..].iter().product() };
    let tuples: usize = if count == 0 { 0 } else { count / chunk };
    let batches: usize = if count == 0 { 1 } else { array.dims()[..shared].iter().product() };
    let per_batch = tuples / batches.max(1);
    let mut places = Vec::with_capacity(tuples);
    for tuple in 0..tuples {
        let base = tuple / per_batch.max(1) * below.iter().product::<usize>();
        let numbers = &numbers[tuple * length..(tuple + 1) * length];
        places.push(base + tuple_place(call, numbers, below, &steps[shared..])?);
    }
    let buffer = map_buffer!(array.buffer(), items => {
        let mut taken = Vec::with_capacity(count);
        places.iter().for_each(|&place| taken.extend_from_slice(&items[place..place + chunk]));
        taken
    });
    call.give_array(0, dims, buffer)
}
