//! Operators that take parts of a tensor by position: slices, conditions, crops, triangles.

use crate::error::Result;
use crate::eval::array::map_buffer;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::constant::nothing;
use crate::eval::kernels::pick::{Along, only, pick, picked_dims};
use crate::eval::kernels::shape::{ints, sizes};
use crate::ir::OpType;
use crate::tensor::strided::View;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::Slice => slice,
        OpType::Compress => compress,
        OpType::CenterCropPad => center_crop_pad,
        OpType::Trilu => trilu,
        OpType::ReverseSequence => reverse_sequence,
        _ => return None,
    })
}

fn slice(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let rank = array.rank();
    let (starts, ends, axes, steps) = if call.opset < 10 {
        let list = |name: &str| call.ints(name).map(<[i64]>::to_vec);
        let given = |name: &str| list(name).ok_or_else(|| call.misfit(format!("{name} is left out")));
        (given("starts")?, given("ends")?, list("axes"), None)
    } else {
        (ints(call, 1)?, ints(call, 2)?, call.ints_at(3)?, call.ints_at(4)?)
    };
    let axes = match axes {
        Some(axes) => axes.iter().map(|&axis| call.axis(axis, rank)).collect::<Result<Vec<_>>>()?,
        None => (0..starts.len()).collect(),
    };
    let steps = steps.unwrap_or_else(|| vec![1; starts.len()]);
    let lengths = [starts.len(), ends.len(), axes.len(), steps.len()];
    if lengths.iter().any(|&length| length != starts.len()) || axes.iter().any(|&axis| axis >= rank) {
        return Err(call.misfit(format!("starts, ends, axes and steps of {lengths:?} entries for a rank of {rank}")));
    }
    let mut view = View::dense(array.dims());
    let mut is_cut = vec![false; rank];
    for (index, &axis) in axes.iter().enumerate() {
        if std::mem::replace(&mut is_cut[axis], true) {
            return Err(call.misfit(format!("axis {axis} is named twice")));
        }
        if steps[index] == 0 {
            return Err(call.misfit("a step of 0"));
        }
        let (start, count) = cut(array.dims()[axis], starts[index], ends[index], steps[index]);
        view.dims[axis] = count;
        if count > 0 && !array.is_empty() {
            view.start += start * view.steps[axis].unsigned_abs();
            // with one element the step, which may be beyond all bounds, is never taken
            let step = if count > 1 { isize::try_from(steps[index]).unwrap_or(0) } else { 0 };
            view.steps[axis] *= step;
        }
    }
    call.room(array.dtype(), &view.dims)?;
    let buffer = map_buffer!(array.buffer(), items => view.copy(items));
    call.give_array(0, view.dims, buffer)
}

/// Where a slice of an axis of `dim` starts, and how many elements it has.
fn cut(dim: usize, start: i64, end: i64, step: i64) -> (usize, usize) {
    let dim = i64::try_from(dim).unwrap_or(i64::MAX);
    if dim == 0 {
        return (0, 0);
    }
    let from_front = |place: i64| if place < 0 { place.saturating_add(dim) } else { place };
    let (start, distance) = if step > 0 {
        let start = from_front(start).clamp(0, dim);
        (start, from_front(end).clamp(0, dim) - start)
    } else {
        let start = from_front(start).clamp(0, (dim - 1).max(0));
        let end = from_front(end).clamp(-1, dim - 1);
        (start, start - end)
    };
    let count = u64::try_from(distance).unwrap_or(0).div_ceil(step.unsigned_abs());
    (usize::try_from(start).unwrap_or(0), usize::try_from(count).unwrap_or(0))
}

fn compress(call: &mut Call<'_, '_>) -> Result<()> {
    let (mut array, condition) = (call.array(0)?, call.array(1)?);
    let Some(condition) = condition.items::<bool>() else {
        return Err(call.unknown_type(condition.dtype()));
    };
    let axis = if let Some(axis) = call.int("axis") {
        call.axis(axis, array.rank())?
    } else {
        array = array.reshaped(vec![array.len()]).ok_or_else(|| call.misfit("a tensor that cannot be flat"))?;
        0
    };
    if condition[condition.len().min(array.dims()[axis])..].contains(&true) {
        return Err(call.misfit(format!("condition is longer than axis {axis} of {:?}", array.dims())));
    }
    let kept = condition.iter().enumerate().filter(|(_, is_kept)| **is_kept).map(|(index, _)| Some(index)).collect();
    let along = only(array.rank(), axis, kept);
    let dims = picked_dims(array.dims(), &along);
    let count = call.room(array.dtype(), &dims)?;
    let fill = nothing(array.dtype());
    let buffer = map_buffer!(array.buffer(), items => match fill.codes() {
        Some([fill]) if count > 0 => pick(items, array.dims(), &along, fill),
        _ => Vec::new(),
    });
    call.give_array(0, dims, buffer)
}

fn center_crop_pad(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let shape = sizes(call, &ints(call, 1)?)?;
    let axes = match call.ints("axes") {
        Some(axes) => axes.iter().map(|&axis| call.axis(axis, array.rank())).collect::<Result<Vec<_>>>()?,
        None => (0..array.rank()).collect(),
    };
    if axes.len() != shape.len() {
        return Err(call.misfit(format!("a shape of {} dimensions for {} axes", shape.len(), axes.len())));
    }
    let mut dims = array.dims().to_vec();
    axes.iter().zip(&shape).for_each(|(&axis, &wanted)| dims[axis] = wanted);
    let count = call.room(array.dtype(), &dims)?;
    let along = |(&own, &wanted): (&usize, &usize)| {
        let (cropped, padded) = (own.saturating_sub(wanted) / 2, wanted.saturating_sub(own) / 2);
        let place = |position: usize| position.checked_sub(padded).map(|at| at + cropped).filter(|&at| at < own);
        Along::Some((0..wanted).map(place).collect())
    };
    let fill = nothing(array.dtype());
    let buffer = map_buffer!(array.buffer(), items => match fill.codes() {
        Some([fill]) if count > 0 => {
            let along: Vec<Along> = array.dims().iter().zip(&dims).map(along).collect();
            pick(items, array.dims(), &along, fill)
        }
        _ => Vec::new(),
    });
    call.give_array(0, dims, buffer)
}

fn trilu(call: &mut Call<'_, '_>) -> Result<()> {
    fn triangle<T: Clone + Default>(items: &[T], rows: usize, columns: usize, shift: i64, upper: bool) -> Vec<T> {
        let mut kept = vec![T::default(); items.len()];
        for (index, (row, kept)) in items.chunks(columns).zip(kept.chunks_mut(columns)).enumerate() {
            let row_index = ((index % rows) as u64).cast_signed();
            // the first column of the upper triangle, or the first behind the lower
            let border = row_index.saturating_add(shift).saturating_add(i64::from(!upper));
            let border = usize::try_from(border.max(0)).map_or(columns, |border| border.min(columns));
            if upper {
                kept[border..].clone_from_slice(&row[border..]);
            } else {
                kept[..border].clone_from_slice(&row[..border]);
            }
        }
        kept
    }
    let array = call.array(0)?;
    let &[.., rows, columns] = array.dims() else {
        return Err(call.misfit(format!("a tensor of rank {}, expected at least 2", array.rank())));
    };
    let shift = call.int_at(1)?.unwrap_or(0);
    let upper = call.int("upper") != Some(0);
    if array.is_empty() {
        call.give(0, array);
        return Ok(());
    }
    call.room(array.dtype(), array.dims())?;
    let buffer = map_buffer!(array.buffer(), items => triangle(items, rows, columns, shift, upper));
    call.give_array(0, array.dims().to_vec(), buffer)
}

fn reverse_sequence(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let lengths = sizes(call, &ints(call, 1)?)?;
    let (batch_axis, time_axis) = (call.int("batch_axis").unwrap_or(1), call.int("time_axis").unwrap_or(0));
    let (batch_axis, time_axis) = (call.axis(batch_axis, array.rank())?, call.axis(time_axis, array.rank())?);
    if batch_axis > 1 || time_axis > 1 || batch_axis == time_axis {
        return Err(
            call.misfit(format!("batch axis {batch_axis} and time axis {time_axis}, expected 0 and 1 or 1 and 0"))
        );
    }
    let (batch, time) = (array.dims()[batch_axis], array.dims()[time_axis]);
    if lengths.len() != batch || lengths.iter().any(|&length| length > time) {
        return Err(call.misfit(format!("lengths of {} sequences for {batch} of up to {time}", lengths.len())));
    }
    call.room(array.dtype(), array.dims())?;
    let (first, second) = (array.dims()[0], array.dims()[1]);
    let chunk = if array.is_empty() { 0 } else { array.len() / (first * second) };
    let buffer = map_buffer!(array.buffer(), items => {
        let mut reversed = Vec::with_capacity(items.len());
        for (outer, inner) in (0..first).flat_map(|outer| (0..second).map(move |inner| (outer, inner))) {
            if chunk == 0 {
                break;
            }
            let (sample, step) = if batch_axis == 0 { (outer, inner) } else { (inner, outer) };
            let length = lengths[sample];
            let source = if step < length { length - 1 - step } else { step };
            let place = if batch_axis == 0 { sample * second + source } else { source * second + sample };
            reversed.extend_from_slice(&items[place * chunk..(place + 1) * chunk]);
        }
        reversed
    });
    call.give_array(0, array.dims().to_vec(), buffer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_stay_inside_whatever_they_ask_for() {
        assert_eq!(cut(5, 1, 4, 1), (1, 3));
        assert_eq!(cut(5, -1, i64::MIN, -1), (4, 5));
        assert_eq!(cut(5, i64::MAX, i64::MIN, i64::MIN), (4, 1));
        assert_eq!(cut(5, 0, i64::MAX, i64::MAX), (0, 1));
        assert_eq!(cut(0, -1, 5, -1), (0, 0));
        assert_eq!(cut(5, 3, 1, 1), (3, 0));
    }
}
