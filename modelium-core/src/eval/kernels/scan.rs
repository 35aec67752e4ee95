//! Scan.

use crate::error::Result;
use crate::eval::array::{Array, map_buffer};
use crate::eval::call::{Call, Kernel};
use crate::eval::engine::Prepared;
use crate::eval::kernels::constant::nothing;
use crate::eval::kernels::control::stacked;
use crate::eval::kernels::join::joined;
use crate::eval::value::Value;
use crate::ir::{Graph, OpType};
use crate::tensor::strided::View;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    matches!(op, OpType::Scan).then_some(scan as Kernel)
}

/// How the values of one node are scanned.
struct Plan<'g> {
    body: &'g Graph,
    prepared: Prepared<'g>,
    /// How many values are carried from turn to turn.
    states: usize,
}

fn scan(call: &mut Call<'_, '_>) -> Result<()> {
    let body = call.graph("body").ok_or_else(|| call.misfit("body is left out"))?;
    // version 8 knows the lengths of sequences, and a batch before them
    let first = usize::from(call.opset < 9);
    let inputs = call.input_count().saturating_sub(first);
    let scanned = call.int("num_scan_inputs").and_then(|count| usize::try_from(count).ok());
    let Some(scanned) = scanned.filter(|&scanned| scanned >= 1 && scanned <= inputs) else {
        return Err(call.misfit(format!("num_scan_inputs does not fit {inputs} inputs")));
    };
    let states = inputs - scanned;
    if body.outputs.len() < states {
        return Err(call.misfit(format!("a body of {} outputs carries {states} values", body.outputs.len())));
    }
    let prepared = call.prepare(body)?;
    let plan = Plan { body, prepared, states };
    let arrays = (first..call.input_count()).map(|index| call.array(index)).collect::<Result<Vec<_>>>()?;
    if first == 1 { scan_batch(call, &plan, &arrays) } else { scan_once(call, &plan, arrays) }
}

/// The part of a tensor at one position of an axis, without that axis.
fn at(call: &Call<'_, '_>, array: &Array, axis: usize, position: usize) -> Result<Array> {
    let mut view = View::dense(array.dims());
    view.start = position.saturating_mul(view.steps[axis].unsigned_abs());
    view.dims.remove(axis);
    view.steps.remove(axis);
    call.room(array.dtype(), &view.dims)?;
    let buffer = map_buffer!(array.buffer(), items => view.copy(items));
    Array::of(view.dims, buffer).ok_or_else(|| call.misfit("a part has not as many elements as its shape says"))
}

/// The entry of a list attribute for one of the values; 0 where the list is left out.
fn entry(call: &Call<'_, '_>, name: &str, index: usize) -> i64 {
    call.ints(name).and_then(|list| list.get(index)).copied().unwrap_or(0)
}

/// Runs the body for each position of the scanned inputs. Gives the final states, and what the others collected.
fn turns(
    call: &mut Call<'_, '_>,
    plan: &Plan<'_>,
    states: Vec<Value>,
    length: usize,
    slice: impl Fn(&Call<'_, '_>, usize) -> Result<Vec<Value>>,
) -> Result<(Vec<Value>, Vec<Vec<Value>>)> {
    let mut states = states;
    let mut collected: Vec<Vec<Value>> = vec![Vec::new(); plan.body.outputs.len() - plan.states];
    let mut held = 0;
    for turn in 0..length {
        let mut inputs: Vec<Option<Value>> = states.drain(..).map(Some).collect();
        inputs.extend(slice(call, turn)?.into_iter().map(Some));
        let mut outputs = call.run(&plan.prepared, inputs)?.into_iter();
        states.extend(outputs.by_ref().take(plan.states));
        for (values, value) in collected.iter_mut().zip(outputs) {
            held += value.bytes() + 32;
            values.push(value);
        }
        call.room_for(held)?;
    }
    Ok((states, collected))
}

fn scan_once(call: &mut Call<'_, '_>, plan: &Plan<'_>, arrays: Vec<Array>) -> Result<()> {
    let scanned = arrays[plan.states..].to_vec();
    let states = arrays.into_iter().take(plan.states).map(Value::Tensor).collect();
    let mut axes = Vec::with_capacity(scanned.len());
    let mut length = None;
    for (index, array) in scanned.iter().enumerate() {
        let axis = call.axis(entry(call, "scan_input_axes", index), array.rank())?;
        let own = array.dims()[axis];
        if *length.get_or_insert(own) != own {
            return Err(call.misfit(format!("scan inputs of {own} and {} elements", length.unwrap_or(0))));
        }
        axes.push((axis, entry(call, "scan_input_directions", index) == 1));
    }
    let length = length.unwrap_or(0);
    let (states, collected) = turns(call, plan, states, length, |call, turn| {
        let parts = scanned.iter().zip(&axes).map(|(array, &(axis, backwards))| {
            at(call, array, axis, if backwards { length - 1 - turn } else { turn }).map(Value::Tensor)
        });
        parts.collect()
    })?;
    for (index, state) in states.into_iter().enumerate() {
        call.give(index, state);
    }
    for (index, mut values) in collected.into_iter().enumerate() {
        if entry(call, "scan_output_directions", index) == 1 {
            values.reverse();
        }
        let axis = entry(call, "scan_output_axes", index);
        let array = stacked(call, &values, axis, plan.body.outputs.get(plan.states + index))?;
        call.give(plan.states + index, array);
    }
    Ok(())
}

fn scan_batch(call: &mut Call<'_, '_>, plan: &Plan<'_>, arrays: &[Array]) -> Result<()> {
    let scanned = &arrays[plan.states..];
    if scanned.iter().any(|array| array.rank() < 2) || arrays.iter().any(|array| array.rank() < 1) {
        return Err(call.misfit("inputs without a batch or a sequence axis"));
    }
    let (batch, longest) = scanned.first().map_or((0, 0), |array| (array.dims()[0], array.dims()[1]));
    let fits = scanned.iter().all(|array| array.dims()[..2] == [batch, longest]);
    if !fits || arrays.iter().any(|array| array.dims()[0] != batch) {
        return Err(call.misfit("inputs of different batches or lengths"));
    }
    let longest_signed = i64::try_from(longest).unwrap_or(i64::MAX);
    let lengths = call.ints_at(0)?.unwrap_or_else(|| vec![longest_signed; batch]);
    let lengths: Option<Vec<usize>> =
        lengths.into_iter().map(|length| usize::try_from(length).ok().filter(|&length| length <= longest)).collect();
    let Some(lengths) = lengths.filter(|lengths| lengths.len() == batch) else {
        return Err(call.misfit("lengths that do not fit the sequences"));
    };
    let mut final_states: Vec<Vec<Value>> = vec![Vec::new(); plan.states];
    let mut wholes: Vec<Vec<Value>> = vec![Vec::new(); plan.body.outputs.len() - plan.states];
    for (sample, &length) in lengths.iter().enumerate() {
        let states = arrays[..plan.states].iter().map(|array| at(call, array, 0, sample).map(Value::Tensor));
        let states = states.collect::<Result<_>>()?;
        let rows = scanned.iter().map(|array| at(call, array, 0, sample)).collect::<Result<Vec<_>>>()?;
        let (states, collected) = turns(call, plan, states, length, |call, turn| {
            let parts = rows.iter().enumerate().map(|(index, row)| {
                let backwards = entry(call, "directions", index) == 1;
                at(call, row, 0, if backwards { length - 1 - turn } else { turn }).map(Value::Tensor)
            });
            parts.collect()
        })?;
        final_states.iter_mut().zip(states).for_each(|(values, state)| values.push(state));
        for (index, (whole, values)) in wholes.iter_mut().zip(collected).enumerate() {
            let array = stacked(call, &values, 0, plan.body.outputs.get(plan.states + index))?;
            whole.push(Value::Tensor(lengthened(call, array, longest)?));
        }
    }
    for (index, values) in final_states.into_iter().chain(wholes).enumerate() {
        let array = stacked(call, &values, 0, None)?;
        call.give(index, array);
    }
    Ok(())
}

/// A tensor with zeros behind it, until its first axis is `length`.
fn lengthened(call: &Call<'_, '_>, array: Array, length: usize) -> Result<Array> {
    let mut dims = array.dims().to_vec();
    dims[0] = length.saturating_sub(dims[0]);
    if dims[0] == 0 {
        return Ok(array);
    }
    let count = call.room(array.dtype(), &dims)?;
    let zero = nothing(array.dtype());
    let zeros = map_buffer!(&zero, items => vec![items[0].clone(); count]);
    let zeros = Array::of(dims, zeros).ok_or_else(|| call.misfit("zeros of that shape"))?;
    joined(call, &[array, zeros], 0)
}
