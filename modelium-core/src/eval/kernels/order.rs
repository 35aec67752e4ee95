//! Operators that compare elements with each other: `TopK`, Unique, `NonZero`.

use std::cmp::Ordering;

use bytes::Bytes;
use half::{bf16, f16};

use crate::error::Result;
use crate::eval::array::{Array, Buffer, each_buffer, map_buffer};
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::pick::take_along;
use crate::ir::OpType;
use crate::tensor::strided::around;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::TopK => top_k,
        OpType::Unique => unique,
        OpType::NonZero => non_zero,
        _ => return None,
    })
}

/// A total order, in which NaN is greater than every number and equal to itself.
trait Compare {
    fn compare(&self, other: &Self) -> Ordering;
}

macro_rules! compare {
    (exact $($exact:ty)*; floats $($float:ty)*; pairs $($pair:ty)*) => {
        $(impl Compare for $exact {
            fn compare(&self, other: &Self) -> Ordering {
                self.cmp(other)
            }
        })*
        $(impl Compare for $float {
            fn compare(&self, other: &Self) -> Ordering {
                self.partial_cmp(other).unwrap_or_else(|| self.is_nan().cmp(&other.is_nan()))
            }
        })*
        $(impl Compare for $pair {
            fn compare(&self, other: &Self) -> Ordering {
                self[0].compare(&other[0]).then_with(|| self[1].compare(&other[1]))
            }
        })*
    };
}

compare! { exact bool i8 i16 i32 i64 u8 u16 u32 u64 Bytes; floats f16 bf16 f32 f64; pairs [f32; 2] [f64; 2] }

fn top_k(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let axis = call.axis(call.int("axis").unwrap_or(-1), array.rank())?;
    let wanted = if call.opset < 10 { call.int("k") } else { call.int_at(1)? };
    let dim = array.dims()[axis];
    let count = wanted.and_then(|wanted| usize::try_from(wanted).ok()).filter(|&count| count <= dim);
    let Some(count) = count else {
        return Err(call.misfit(format!("k of {} on an axis of {dim}", wanted.unwrap_or(0))));
    };
    if matches!(array.buffer(), Buffer::Small(..)) {
        return Err(call.unknown_type(array.dtype()));
    }
    let largest = call.int("largest") != Some(0);
    let mut dims = array.dims().to_vec();
    dims[axis] = count;
    let total = call.room(array.dtype(), &dims)?;
    let (outer, inner) = around(&dims, axis);
    let mut places = vec![0_usize; total];
    let lanes = if total == 0 { 0 } else { outer };
    for before in 0..lanes {
        call.cx.tick("evaluate", before as u64, lanes as u64)?;
        for after in 0..inner {
            let start = before * dim * inner + after;
            let best = each_buffer!(array.buffer(), items => best(items, start, inner, dim, count, largest));
            for (rank, place) in best.into_iter().enumerate() {
                places[(before * count + rank) * inner + after] = place;
            }
        }
    }
    let taken = |(at, &place): (usize, &usize)| {
        // `at` names the lane, `place` the element in it
        let (before, after) = (at / inner / count, at % inner);
        (before * dim + place) * inner + after
    };
    let buffer = map_buffer!(array.buffer(), items => {
        places.iter().enumerate().map(|place| items[taken(place)].clone()).collect()
    });
    call.give_array(0, dims.clone(), buffer)?;
    let indices = places.into_iter().map(|place| (place as u64).cast_signed()).collect();
    let indices = Array::new::<i64>(dims, indices).ok_or_else(|| call.misfit("indices of that shape"))?;
    call.give(1, indices);
    Ok(())
}

/// The first `count` of `dim` elements, `step` apart, in order; of equal ones the first.
fn best<T: Compare>(items: &[T], start: usize, step: usize, dim: usize, count: usize, largest: bool) -> Vec<usize> {
    let compare = |one: &usize, other: &usize| {
        let order = items[start + one * step].compare(&items[start + other * step]);
        (if largest { order.reverse() } else { order }).then(one.cmp(other))
    };
    let mut places: Vec<usize> = (0..dim).collect();
    if count < dim && count > 0 {
        places.select_nth_unstable_by(count - 1, compare);
    }
    places.truncate(count);
    places.sort_unstable_by(compare);
    places
}

fn unique(call: &mut Call<'_, '_>) -> Result<()> {
    let mut array = call.array(0)?;
    let axis = if let Some(axis) = call.int("axis") {
        call.axis(axis, array.rank())?
    } else {
        array = array.reshaped(vec![array.len()]).ok_or_else(|| call.misfit("a tensor that cannot be flat"))?;
        0
    };
    let dim = array.dims()[axis];
    if dim > 0 && array.is_empty() {
        return Err(call.misfit(format!("nothing to tell apart in {:?}", array.dims())));
    }
    call.room(array.dtype(), array.dims())?;
    let groups = each_buffer!(array.buffer(), items => groups(items, array.dims(), axis));
    let mut groups: Vec<Vec<usize>> = groups;
    if call.int("sorted") == Some(0) {
        groups.sort_unstable_by_key(|group| group.first().copied());
    }
    let firsts: Vec<usize> = groups.iter().filter_map(|group| group.first().copied()).collect();
    let mut dims = array.dims().to_vec();
    dims[axis] = firsts.len();
    let buffer = map_buffer!(array.buffer(), items => take_along(items, array.dims(), axis, &firsts));
    call.give_array(0, dims, buffer)?;
    let signed = |number: usize| (number as u64).cast_signed();
    call.give(1, Array::list(firsts.into_iter().map(signed).collect::<Vec<i64>>()));
    let mut inverse = vec![0_i64; dim];
    for (number, group) in groups.iter().enumerate() {
        group.iter().for_each(|&place| inverse[place] = signed(number));
    }
    call.give(2, Array::list(inverse));
    call.give(3, Array::list(groups.iter().map(|group| signed(group.len())).collect::<Vec<i64>>()));
    Ok(())
}

/// The positions along an axis, in ascending order of what lies there, those of equal parts together.
fn groups<T: Compare>(items: &[T], dims: &[usize], axis: usize) -> Vec<Vec<usize>> {
    let (outer, inner) = around(dims, axis);
    let dim = dims[axis];
    let part = |place: usize| (0..outer).flat_map(move |before| &items[(before * dim + place) * inner..][..inner]);
    let compare = |one: usize, other: usize| {
        let orders = part(one).zip(part(other)).map(|(one, other)| one.compare(other));
        orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    };
    let mut places: Vec<usize> = (0..dim).collect();
    places.sort_by(|&one, &other| compare(one, other));
    places.chunk_by(|&one, &other| compare(one, other).is_eq()).map(<[usize]>::to_vec).collect()
}

fn non_zero(call: &mut Call<'_, '_>) -> Result<()> {
    fn places<T: PartialEq + Default>(items: &[T]) -> Vec<usize> {
        let zero = T::default();
        items.iter().enumerate().filter(|(_, item)| **item != zero).map(|(place, _)| place).collect()
    }
    let array = call.array(0)?;
    let places = each_buffer!(array.buffer(), items => places(items));
    let dims = vec![array.rank(), places.len()];
    call.room(crate::tensor::DType::Int64, &dims)?;
    let mut numbers = Vec::with_capacity(places.len().saturating_mul(array.rank()));
    for (axis, &dim) in array.dims().iter().enumerate() {
        let (_, inner) = around(array.dims(), axis);
        numbers.extend(places.iter().map(|place| ((place / inner % dim) as u64).cast_signed()));
    }
    let indices = Array::new::<i64>(dims, numbers).ok_or_else(|| call.misfit("indices of that shape"))?;
    call.give(0, indices);
    Ok(())
}
