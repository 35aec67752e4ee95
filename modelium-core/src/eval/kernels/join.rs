//! Operators that join tensors along an axis, take them apart, and repeat them.

use crate::error::Result;
use crate::eval::array::{Array, map_buffer};
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::shape::{ints, sizes};
use crate::eval::value::Value;
use crate::ir::OpType;
use crate::tensor::strided::{View, around};

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::Concat => concat,
        OpType::Split => split,
        OpType::Tile => tile,
        OpType::ConcatFromSequence => concat_from_sequence,
        OpType::SplitToSequence => split_to_sequence,
        _ => return None,
    })
}

/// Tensors of one type joined along an existing axis.
pub(super) fn joined(call: &Call<'_, '_>, arrays: &[Array], axis: usize) -> Result<Array> {
    fn typed<T: Clone + 'static>(
        _: &[T],
        arrays: &[Array],
        outer: usize,
        axis: usize,
        inner: usize,
        count: usize,
    ) -> Vec<T> {
        let mut parts: Vec<(&[T], usize)> = Vec::with_capacity(arrays.len());
        for array in arrays {
            parts.push((array.buffer().codes().unwrap_or_default(), array.dims()[axis] * inner));
        }
        let mut items = Vec::with_capacity(count);
        for before in 0..outer {
            parts.iter().for_each(|(part, run)| items.extend_from_slice(&part[before * run..(before + 1) * run]));
        }
        items
    }

    let first = arrays.first().ok_or_else(|| call.misfit("nothing to join"))?;
    let mut dims = first.dims().to_vec();
    dims[axis] = 0;
    for array in arrays {
        let fits =
            array.dims().iter().zip(first.dims()).enumerate().all(|(at, (own, other))| at == axis || own == other);
        if array.rank() != first.rank() || !fits || array.dtype() != first.dtype() {
            return Err(call.misfit(format!(
                "{} {:?} does not join {} {:?} on axis {axis}",
                array.dtype(),
                array.dims(),
                first.dtype(),
                first.dims()
            )));
        }
        dims[axis] = dims[axis].saturating_add(array.dims()[axis]);
    }
    let count = call.room(first.dtype(), &dims)?;
    let (outer, inner) = around(&dims, axis);
    let outer = if count == 0 { 0 } else { outer };
    let buffer = map_buffer!(first.buffer(), items => typed(items, arrays, outer, axis, inner, count));
    Array::of(dims, buffer).ok_or_else(|| call.misfit("the parts do not make up a whole"))
}

fn concat(call: &mut Call<'_, '_>) -> Result<()> {
    let arrays = (0..call.input_count()).map(|index| call.array(index)).collect::<Result<Vec<_>>>()?;
    let axis = match call.int("axis") {
        Some(axis) => axis,
        None if call.opset < 4 => 1,
        None => return Err(call.misfit("axis is left out")),
    };
    let axis = call.axis(axis, arrays.first().map_or(0, Array::rank))?;
    let joined = if let [only] = arrays.as_slice() { only.clone() } else { joined(call, &arrays, axis)? };
    call.give(0, joined);
    Ok(())
}

/// The part of a tensor that starts at `start` of an axis and is `length` long; it lies inside.
fn part(call: &Call<'_, '_>, array: &Array, axis: usize, start: usize, length: usize) -> Result<Array> {
    let mut view = View::dense(array.dims());
    view.dims[axis] = length;
    view.start = start.saturating_mul(view.steps[axis].unsigned_abs());
    call.room(array.dtype(), &view.dims)?;
    let buffer = map_buffer!(array.buffer(), items => view.copy(items));
    Array::of(view.dims, buffer).ok_or_else(|| call.misfit("a part has not as many elements as its shape says"))
}

/// Consecutive parts of these lengths, which have to add up to the axis.
fn parts(call: &Call<'_, '_>, array: &Array, axis: usize, lengths: &[usize]) -> Result<Vec<Array>> {
    let whole = lengths.iter().try_fold(0_usize, |sum, &length| sum.checked_add(length));
    if whole != Some(array.dims()[axis]) {
        return Err(call.misfit(format!("parts of {lengths:?} do not make up {}", array.dims()[axis])));
    }
    let mut start = 0;
    let mut parts = Vec::with_capacity(lengths.len());
    for &length in lengths {
        parts.push(part(call, array, axis, start, length)?);
        start += length;
    }
    Ok(parts)
}

fn split(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let axis = call.axis(call.int("axis").unwrap_or(0), array.rank())?;
    let dim = array.dims()[axis];
    let given = match call.ints("split") {
        Some(lengths) => Some(lengths.to_vec()),
        None => call.ints_at(1)?,
    };
    let lengths = if let Some(lengths) = given {
        sizes(call, &lengths)?
    } else {
        let outputs = call.output_count();
        let wanted = call.int("num_outputs").map_or(Ok(outputs), usize::try_from);
        let Some(count) = wanted.ok().filter(|&count| count > 0 && count <= outputs.max(1)) else {
            return Err(call.misfit(format!("num_outputs does not fit a node of {outputs} outputs")));
        };
        if call.opset < 18 && !dim.is_multiple_of(count) {
            return Err(call.misfit(format!("{dim} does not divide into {count} equal parts")));
        }
        let length = dim.div_ceil(count);
        (0..count).map(|index| length.min(dim.saturating_sub(index.saturating_mul(length)))).collect()
    };
    for (index, part) in parts(call, &array, axis, &lengths)?.into_iter().enumerate() {
        call.give(index, part);
    }
    Ok(())
}

fn split_to_sequence(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let axis = call.axis(call.int("axis").unwrap_or(0), array.rank())?;
    let dim = array.dims()[axis];
    let given = call.optional(1)?;
    let lengths = match &given {
        Some(split) if split.rank() > 0 => sizes(call, &ints(call, 1)?)?,
        _ => {
            let length = if given.is_some() { ints(call, 1)?[0] } else { 1 };
            let Some(length) = usize::try_from(length).ok().filter(|&length| length > 0) else {
                return Err(call.misfit(format!("parts of {length}")));
            };
            (0..dim.div_ceil(length)).map(|index| length.min(dim - index * length)).collect()
        }
    };
    let keeps_axis = given.is_some() || call.int("keepdims") != Some(0);
    let mut values = Vec::with_capacity(lengths.len());
    for part in parts(call, &array, axis, &lengths)? {
        let mut dims = part.dims().to_vec();
        if !keeps_axis {
            dims.remove(axis);
        }
        let part = part.reshaped(dims).ok_or_else(|| call.misfit("a part of more than one"))?;
        values.push(Value::Tensor(part));
    }
    call.give(0, Value::Sequence(values.into()));
    Ok(())
}

fn concat_from_sequence(call: &mut Call<'_, '_>) -> Result<()> {
    let Some(values) = call.value(0).and_then(Value::as_sequence) else {
        return Err(call.misfit("input 0 is not a sequence"));
    };
    let arrays: Option<Vec<Array>> = values.iter().map(|value| value.as_tensor().cloned()).collect();
    let mut arrays = arrays.ok_or_else(|| call.misfit("a sequence of other things than tensors"))?;
    let rank = arrays.first().map_or(0, Array::rank);
    let axis = call.int("axis").ok_or_else(|| call.misfit("axis is left out"))?;
    let stacks = call.flag("new_axis");
    let axis = call.axis(axis, rank + usize::from(stacks))?;
    if stacks {
        for array in &mut arrays {
            let mut dims = array.dims().to_vec();
            dims.insert(axis.min(dims.len()), 1);
            *array = array.reshaped(dims).unwrap_or_else(|| array.clone());
        }
    }
    let joined = joined(call, &arrays, axis)?;
    call.give(0, joined);
    Ok(())
}

fn tile(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let mut repeats = vec![1; array.rank()];
    if call.opset < 6 {
        // one axis, whose numbers may come as floats
        let number = |index: usize| -> Result<i64> {
            let array = call.array(index)?;
            let only = array.to_f64s().filter(|items| items.len() == 1);
            #[expect(clippy::cast_possible_truncation, reason = "`as` stays in range")]
            only.map(|items| items[0] as i64).ok_or_else(|| call.misfit(format!("input {index} is not one number")))
        };
        let axis = call.axis(number(2)?, array.rank())?;
        repeats[axis] = sizes(call, &[number(1)?])?[0];
    } else {
        repeats = sizes(call, &ints(call, 1)?)?;
    }
    if repeats.len() != array.rank() {
        return Err(call.misfit(format!("{} repeats for a tensor of rank {}", repeats.len(), array.rank())));
    }
    let dims: Vec<usize> = array.dims().iter().zip(&repeats).map(|(dim, &times)| dim.saturating_mul(times)).collect();
    let count = call.room(array.dtype(), &dims)?;
    let buffer = map_buffer!(array.buffer(), items => {
        if count == 0 { Vec::new() } else { tiled(items.to_vec(), array.dims(), &repeats) }
    });
    call.give_array(0, dims, buffer)
}

/// Repeats axis by axis, innermost first.
fn tiled<T: Clone>(mut items: Vec<T>, dims: &[usize], repeats: &[usize]) -> Vec<T> {
    let mut chunk = 1;
    for (&dim, &times) in dims.iter().zip(repeats).rev() {
        chunk *= dim;
        if times > 1 {
            let mut longer = Vec::with_capacity(items.len() * times);
            for run in items.chunks(chunk) {
                (0..times).for_each(|_| longer.extend_from_slice(run));
            }
            items = longer;
        }
        chunk *= times;
    }
    items
}
