//! Operators that look at shapes, or give the same elements another one.

use crate::error::Result;
use crate::eval::array::{Array, elements, map_buffer};
use crate::eval::call::{Call, Kernel};
use crate::ir::OpType;
use crate::tensor::strided::View;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::Shape => shape,
        OpType::Size => size,
        OpType::Reshape => reshape,
        OpType::Flatten => flatten,
        OpType::Squeeze => squeeze,
        OpType::Unsqueeze => unsqueeze,
        OpType::Expand => expand,
        _ => return None,
    })
}

/// Dimensions that a tensor of integers gives.
pub(super) fn sizes(call: &Call<'_, '_>, given: &[i64]) -> Result<Vec<usize>> {
    let size = |&dim: &i64| usize::try_from(dim).map_err(|_| call.misfit(format!("a dimension of {dim}")));
    given.iter().map(size).collect()
}

/// The integers of an input that has to be there.
pub(super) fn ints(call: &Call<'_, '_>, index: usize) -> Result<Vec<i64>> {
    call.ints_at(index)?.ok_or_else(|| call.misfit(format!("input {index} is left out")))
}

/// Gives input 0 in other dimensions.
fn give_reshaped(call: &mut Call<'_, '_>, array: &Array, dims: &[usize]) -> Result<()> {
    let Some(reshaped) = array.reshaped(dims.to_vec()) else {
        return Err(call.misfit(format!("{:?} has not as many elements as {dims:?}", array.dims())));
    };
    call.give(0, reshaped);
    Ok(())
}

fn shape(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let dims: Vec<i64> = array.dims().iter().map(|&dim| dim as u64).map(u64::cast_signed).collect();
    let rank = i64::try_from(dims.len()).unwrap_or(i64::MAX);
    let place = |given: i64| {
        let place = if given < 0 { given.saturating_add(rank) } else { given };
        usize::try_from(place.clamp(0, rank)).unwrap_or_default()
    };
    let end = call.int("end").map_or(dims.len(), place);
    let start = call.int("start").map_or(0, place).min(end);
    call.give(0, Array::list(dims[start..end].to_vec()));
    Ok(())
}

fn size(call: &mut Call<'_, '_>) -> Result<()> {
    let count = call.array(0)?.len() as u64;
    call.give(0, Array::scalar(count.cast_signed()));
    Ok(())
}

fn reshape(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let wanted = match call.ints("shape") {
        Some(shape) if call.opset < 5 => shape.to_vec(),
        _ => ints(call, 1)?,
    };
    let keeps_zero = call.flag("allowzero");
    let mut dims = Vec::with_capacity(wanted.len());
    let mut open = None;
    for (axis, &dim) in wanted.iter().enumerate() {
        dims.push(match dim {
            -1 if open.is_none() => {
                open = Some(axis);
                1
            }
            -1 => return Err(call.misfit("shape has two dimensions of -1")),
            0 if !keeps_zero => match array.dims().get(axis) {
                Some(&dim) => dim,
                None => return Err(call.misfit(format!("shape copies dimension {axis} of {:?}", array.dims()))),
            },
            _ => usize::try_from(dim).map_err(|_| call.misfit(format!("a dimension of {dim}")))?,
        });
    }
    if let Some(open) = open {
        let others = elements(&dims).filter(|&others| others > 0);
        let Some(others) = others.filter(|others| array.len().is_multiple_of(*others)) else {
            return Err(call.misfit(format!("{:?} does not divide into {wanted:?}", array.dims())));
        };
        dims[open] = array.len() / others;
    }
    give_reshaped(call, &array, &dims)
}

fn flatten(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let rank = array.rank();
    let axis = call.int("axis").unwrap_or(1);
    let axis = if usize::try_from(axis).is_ok_and(|axis| axis == rank) { rank } else { call.axis(axis, rank)? };
    let (outer, inner) = array.dims().split_at(axis);
    let (Some(outer), Some(inner)) = (elements(outer), elements(inner)) else {
        return Err(call.misfit(format!("{:?} is too large to be flattened", array.dims())));
    };
    give_reshaped(call, &array, &[outer, inner])
}

fn squeeze(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let mut drops: Vec<bool> = array.dims().iter().map(|&dim| dim == 1).collect();
    if let Some(axes) = call.axes(1)? {
        drops.fill(false);
        for axis in axes {
            let axis = call.axis(axis, array.rank())?;
            if array.dims()[axis] != 1 {
                return Err(call.misfit(format!("axis {axis} of {:?} is not 1", array.dims())));
            }
            drops[axis] = true;
        }
    }
    let kept: Vec<usize> = array.dims().iter().zip(&drops).filter(|(_, drops)| !**drops).map(|(&dim, _)| dim).collect();
    give_reshaped(call, &array, &kept)
}

fn unsqueeze(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let axes = call.axes(1)?.ok_or_else(|| call.misfit("axes are left out"))?;
    let rank = array.rank() + axes.len();
    if rank > call.cx.limits().rank as usize {
        return Err(call.unsupported(format!("a rank of {rank}")));
    }
    let mut is_new = vec![false; rank];
    for axis in axes {
        let axis = call.axis(axis, rank)?;
        if std::mem::replace(&mut is_new[axis], true) {
            return Err(call.misfit(format!("axis {axis} is named twice")));
        }
    }
    let mut old = array.dims().iter();
    let dims: Vec<usize> =
        is_new.iter().map(|&is_new| if is_new { 1 } else { old.next().copied().unwrap_or(1) }).collect();
    give_reshaped(call, &array, &dims)
}

fn expand(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let wanted = sizes(call, &ints(call, 1)?)?;
    let Some(view) = broadcast(array.dims(), &wanted) else {
        return Err(call.misfit(format!("{:?} does not broadcast with {wanted:?}", array.dims())));
    };
    if view.dims == array.dims() {
        call.give(0, array);
        return Ok(());
    }
    call.room(array.dtype(), &view.dims)?;
    let buffer = map_buffer!(array.buffer(), items => view.copy(items));
    call.give_array(0, view.dims, buffer)
}

/// A tensor of `dims` stretched to what it and `other` have in common; `None` if they do not fit.
pub(super) fn broadcast(dims: &[usize], other: &[usize]) -> Option<View> {
    let source = View::dense(dims);
    let rank = dims.len().max(other.len());
    let mut view = View { dims: Vec::with_capacity(rank), steps: Vec::with_capacity(rank), start: 0 };
    for axis in 0..rank {
        let inner = (axis + dims.len()).checked_sub(rank);
        let own = inner.map_or(1, |axis| dims[axis]);
        let wanted = (axis + other.len()).checked_sub(rank).map_or(1, |axis| other[axis]);
        view.dims.push(match (own, wanted) {
            (own, wanted) if own == wanted || wanted == 1 => own,
            (1, wanted) => wanted,
            _ => return None,
        });
        view.steps.push(if own == 1 { 0 } else { inner.map_or(0, |axis| source.steps[axis]) });
    }
    Some(view)
}
