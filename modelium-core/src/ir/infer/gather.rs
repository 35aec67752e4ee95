//! Operators that pick elements: by index, by mask, by rank in an order.

use crate::ir::infer::call::{Call, Gap, Outcome, Rule};
use crate::ir::infer::reshape::known;
use crate::ir::infer::value::{Elements, Item};
use crate::ir::infer::{dims, value};
use crate::ir::schema::OpType;
use crate::ir::types::Dim;

pub(super) fn rule(op: &OpType) -> Option<Rule> {
    Some(match op {
        OpType::Gather => gather,
        OpType::GatherElements => gather_elements,
        OpType::GatherND => gather_nd,
        OpType::OneHot => one_hot,
        OpType::NonZero => non_zero,
        OpType::Compress => compress,
        OpType::Unique => unique,
        OpType::TopK => top_k,
        OpType::NonMaxSuppression => non_max_suppression,
        _ => return None,
    })
}

fn gather(call: &mut Call<'_, '_>) -> Outcome {
    let data = call.shape(0)?;
    let axis = dims::axis(call.int("axis").unwrap_or(0), data.len())?;
    let (before, after) = (&data[..axis], &data[axis + 1..]);
    let dims = [before, call.shape(1)?, after].concat();
    call.shaped(0, dims.clone())?;
    let (Some(value), Some(indices)) = (call.value(0), call.value(1)) else { return Ok(()) };
    let numbers = dims.iter().map(Dim::known).collect::<Option<Vec<_>>>();
    let small = |dims: &Vec<u64>| value::count(dims).is_some_and(|count| count <= value::MOST);
    let Some(numbers) = numbers.filter(small) else { return Ok(()) };
    let length = value.dims.get(axis).copied().unwrap_or_default();
    let (index_rank, outer) = (indices.dims.len(), axis);
    let picked = Elements::build(numbers, |at| {
        let (before, rest) = at.split_at_checked(outer)?;
        let (index, after) = rest.split_at_checked(index_rank)?;
        let Some(index) = indices.get(index)?.int() else { return Some(Item::Unknown) };
        let index = wrapped(index, length)?;
        value.get(&[before, &[index], after].concat()).cloned()
    });
    match picked {
        Some(picked) => call.hold(0, picked),
        None => return Err(Gap::conflict(format!("an index outside of {length} elements"))),
    }
    Ok(())
}

fn gather_elements(call: &mut Call<'_, '_>) -> Outcome {
    call.like(0, 1)?;
    let rank = call.shape(0)?.len();
    let axis = dims::axis(call.int("axis").unwrap_or(0), rank)?;
    let (Some(value), Some(indices)) = (call.value(0), call.value(1)) else { return Ok(()) };
    let picked = Elements::build(indices.dims.clone(), |at| {
        let Some(index) = indices.get(at)?.int() else { return Some(Item::Unknown) };
        let mut at = at.to_vec();
        *at.get_mut(axis)? = wrapped(index, *value.dims.get(axis)?)?;
        value.get(&at).cloned()
    });
    if let Some(picked) = picked {
        call.hold(0, picked);
    }
    Ok(())
}

/// The place that an index means on an axis of that length; negative ones count from the end.
pub(super) fn wrapped(index: i64, length: u64) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    usize::try_from(if index < 0 { index.checked_add(length)? } else { index }).ok()
}

pub(super) fn gather_nd(call: &mut Call<'_, '_>) -> Outcome {
    let (data, indices) = (call.shape(0)?, call.shape(1)?);
    let batch = usize::try_from(call.int("batch_dims").unwrap_or(0)).map_err(|_| Gap::Open)?;
    let Some((depth, outer)) = indices.split_last() else { return Err(Gap::conflict("the indices are a scalar")) };
    let depth = depth.known().and_then(|depth| usize::try_from(depth).ok()).ok_or(Gap::Open)?;
    let inner = depth.checked_add(batch).and_then(|taken| data.get(taken..));
    let inner = inner.ok_or_else(|| Gap::conflict(format!("{depth} indices into rank {}", data.len())))?;
    let (outer, dims) = (outer.len(), [outer, inner].concat());
    call.shaped(0, dims.clone())?;
    let (Some(value), Some(indices), Some(numbers)) = (call.value(0), call.value(1), known(&dims)) else {
        return Ok(());
    };
    let picked = Elements::build(numbers, |at| {
        let (outer, inner) = at.split_at_checked(outer)?;
        let mut place = outer.get(..batch)?.to_vec();
        for index in 0..depth {
            let Some(index) = indices.get(&[outer, &[index]].concat())?.int() else { return Some(Item::Unknown) };
            place.push(wrapped(index, *value.dims.get(place.len())?)?);
        }
        place.extend_from_slice(inner);
        value.get(&place).cloned()
    });
    if let Some(picked) = picked {
        call.hold(0, picked);
    }
    Ok(())
}

fn one_hot(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(2);
    call.typed(0, dtype);
    let depth = call.value(1).and_then(|depth| match depth.single()? {
        Item::Float(depth) => Some(dims::from_i64(whole(*depth)?)),
        item => Some(item.to_dim()),
    });
    let mut dims = call.shape(0)?.to_vec();
    let axis = dims::axis(call.int("axis").unwrap_or(-1), dims.len() + 1)?;
    dims.insert(axis, depth.unwrap_or(Dim::Unknown));
    call.shaped(0, dims)
}

#[expect(clippy::cast_possible_truncation, reason = "in range, as checked")]
fn whole(value: f64) -> Option<i64> {
    (value.abs() < 9.0e15).then_some(value as i64)
}

fn non_zero(call: &mut Call<'_, '_>) -> Outcome {
    let dims = call.shape(0)?.to_vec();
    let rank = dims.len() as u64;
    let Some(value) = call.value(0).filter(|value| value.items.iter().all(|item| item.float().is_some())) else {
        return call.shaped(0, vec![Dim::Known(rank), Dim::Unknown]);
    };
    let mut found = Vec::new();
    Elements::build(value.dims.clone(), |at| {
        if value.get(at)?.float() != Some(0.0) {
            found.push(at.to_vec());
        }
        Some(Item::Unknown)
    });
    let count = found.len() as u64;
    call.shaped(0, vec![Dim::Known(rank), Dim::Known(count)])?;
    let places = Elements::build(vec![rank, count], |at| {
        let [axis, index] = at else { return None };
        found.get(*index)?.get(*axis).and_then(|&place| i64::try_from(place).ok()).map(Item::Int)
    });
    if let Some(places) = places {
        call.hold(0, places);
    }
    Ok(())
}

fn compress(call: &mut Call<'_, '_>) -> Outcome {
    let Some(axis) = call.int("axis") else { return call.shaped(0, dims::open(1)) };
    let mut dims = call.shape(0)?.to_vec();
    let axis = dims::axis(axis, dims.len())?;
    dims[axis] = Dim::Unknown;
    call.shaped(0, dims)
}

fn unique(call: &mut Call<'_, '_>) -> Outcome {
    for output in 1..4 {
        call.shaped(output, dims::open(1))?;
    }
    compress(call)
}

fn top_k(call: &mut Call<'_, '_>) -> Outcome {
    let count = if call.opset < 10 {
        call.int("k").map(dims::from_i64)
    } else {
        call.value(1).and_then(|count| Some(count.single()?.to_dim()))
    };
    let mut dims = call.shape(0)?.to_vec();
    let axis = dims::axis(call.int("axis").unwrap_or(-1), dims.len())?;
    dims[axis] = count.unwrap_or(Dim::Unknown);
    call.shaped(1, dims.clone())?;
    call.shaped(0, dims)
}

fn non_max_suppression(call: &mut Call<'_, '_>) -> Outcome {
    call.shaped(0, vec![Dim::Unknown, Dim::Known(3)])
}
