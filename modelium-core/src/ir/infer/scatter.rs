//! Operators that write elements into a tensor: the output is like the first input.

use crate::ir::infer::call::{Call, Outcome, Rule};
use crate::ir::infer::dims;
use crate::ir::infer::gather::wrapped;
use crate::ir::infer::item::two;
use crate::ir::infer::value::{Elements, Item};
use crate::ir::schema::OpType;

pub(super) fn rule(op: &OpType) -> Option<Rule> {
    Some(match op {
        OpType::ScatterND => scatter_nd,
        OpType::ScatterElements | OpType::Scatter => scatter_elements,
        _ => return None,
    })
}

/// `data`, `indices` `[…, depth]`, `updates` `[…, data after depth]`
fn scatter_nd(call: &mut Call<'_, '_>) -> Outcome {
    call.like(0, 0)?;
    let (Some(data), Some(indices), Some(updates)) = (call.value(0), call.value(1), call.value(2)) else {
        return Ok(());
    };
    let Some(combine) = combination(call) else { return Ok(()) };
    let dtype = call.dtype(0);
    let mut written = (*data).clone();
    let Some(outer) = indices.dims.len().checked_sub(1) else { return Ok(()) };
    let depth = indices.dims.last().and_then(|&depth| usize::try_from(depth).ok()).unwrap_or_default();
    let done = Elements::build(updates.dims.clone(), |at| {
        let (outer, inner) = at.split_at_checked(outer)?;
        let mut place = Vec::with_capacity(depth);
        for index in 0..depth {
            let index = indices.get(&[outer, &[index]].concat())?.int()?;
            place.push(wrapped(index, *data.dims.get(place.len())?)?);
        }
        place.extend_from_slice(inner);
        let update = updates.get(at)?;
        let slot = written.get_mut(&place)?;
        *slot = combine.as_ref().map_or_else(|| update.clone(), |op| two(op, slot, update, dtype, false));
        Some(Item::Unknown)
    });
    // An index that is not known may mean any element.
    if done.is_some() {
        call.hold(0, written);
    }
    Ok(())
}

fn scatter_elements(call: &mut Call<'_, '_>) -> Outcome {
    call.like(0, 0)?;
    let rank = call.shape(0)?.len();
    let axis = dims::axis(call.int("axis").unwrap_or(0), rank)?;
    let (Some(data), Some(indices), Some(updates)) = (call.value(0), call.value(1), call.value(2)) else {
        return Ok(());
    };
    let Some(combine) = combination(call) else { return Ok(()) };
    let dtype = call.dtype(0);
    let mut written = (*data).clone();
    let done = Elements::build(updates.dims.clone(), |at| {
        let index = indices.get(at)?.int()?;
        let mut place = at.to_vec();
        *place.get_mut(axis)? = wrapped(index, *data.dims.get(axis)?)?;
        let update = updates.get(at)?;
        let slot = written.get_mut(&place)?;
        *slot = combine.as_ref().map_or_else(|| update.clone(), |op| two(op, slot, update, dtype, false));
        Some(Item::Unknown)
    });
    if done.is_some() {
        call.hold(0, written);
    }
    Ok(())
}

/// How an element that is there goes together with what is written: not at all, or by an operator. `None` for what is
/// not followed.
#[expect(clippy::option_option, reason = "whether it is followed, and what it is")]
fn combination(call: &Call<'_, '_>) -> Option<Option<OpType>> {
    Some(match call.str("reduction").unwrap_or("none") {
        "none" => None,
        "add" => Some(OpType::Add),
        "mul" => Some(OpType::Mul),
        "max" => Some(OpType::Max),
        "min" => Some(OpType::Min),
        _ => return None,
    })
}
