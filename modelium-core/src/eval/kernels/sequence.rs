//! Sequences and optionals.

use std::sync::Arc;

use crate::error::Result;
use crate::eval::array::Array;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::gather::position;
use crate::eval::value::Value;
use crate::ir::OpType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::SequenceEmpty => empty,
        OpType::SequenceConstruct => construct,
        OpType::SequenceAt => at,
        OpType::SequenceInsert => insert,
        OpType::SequenceErase => erase,
        OpType::SequenceLength => length,
        OpType::SequenceMap => map,
        OpType::Optional => optional,
        OpType::OptionalHasElement => has_element,
        OpType::OptionalGetElement => get_element,
        _ => return None,
    })
}

/// Input 0, a sequence; one that nobody else reads is taken over without a copy.
fn sequence(call: &mut Call<'_, '_>) -> Result<Vec<Value>> {
    let mut value = call.take(0);
    while let Some(Value::Optional(Some(inner))) = value {
        value = Some(*inner);
    }
    match value {
        Some(Value::Sequence(values)) => Ok(Arc::unwrap_or_clone(values)),
        _ => Err(call.misfit("input 0 is not a sequence")),
    }
}

/// Gives a sequence, if its tensors may be as many.
fn give_sequence(call: &mut Call<'_, '_>, index: usize, values: Vec<Value>) -> Result<()> {
    let sequence = Value::Sequence(Arc::new(values));
    call.room_for(sequence.bytes())?;
    call.give(index, sequence);
    Ok(())
}

fn empty(call: &mut Call<'_, '_>) -> Result<()> {
    give_sequence(call, 0, Vec::new())
}

fn construct(call: &mut Call<'_, '_>) -> Result<()> {
    let values = (0..call.input_count()).map(|index| call.array(index).map(Value::Tensor)).collect::<Result<_>>()?;
    give_sequence(call, 0, values)
}

fn at(call: &mut Call<'_, '_>) -> Result<()> {
    let place = call.int_at(1)?.ok_or_else(|| call.misfit("position is left out"))?;
    let Some(values) = call.value(0).and_then(Value::as_sequence) else {
        return Err(call.misfit("input 0 is not a sequence"));
    };
    let value = values[position(call, place, values.len())?].clone();
    call.give(0, value);
    Ok(())
}

fn insert(call: &mut Call<'_, '_>) -> Result<()> {
    let place = call.int_at(2)?;
    let array = call.array(1)?;
    let mut values = sequence(call)?;
    let count = values.len();
    let place = match place {
        None => count,
        // behind the last is a place too
        Some(place) if usize::try_from(place).is_ok_and(|place| place == count) => count,
        Some(place) => position(call, place, count)?,
    };
    values.insert(place, Value::Tensor(array));
    give_sequence(call, 0, values)
}

fn erase(call: &mut Call<'_, '_>) -> Result<()> {
    let place = call.int_at(1)?.unwrap_or(-1);
    let mut values = sequence(call)?;
    values.remove(position(call, place, values.len())?);
    give_sequence(call, 0, values)
}

fn length(call: &mut Call<'_, '_>) -> Result<()> {
    let Some(values) = call.value(0).and_then(Value::as_sequence) else {
        return Err(call.misfit("input 0 is not a sequence"));
    };
    let count = (values.len() as u64).cast_signed();
    call.give(0, Array::scalar(count));
    Ok(())
}

/// Runs the body once for each element of the first sequence; other sequences, as long, step with it, tensors stay.
fn map(call: &mut Call<'_, '_>) -> Result<()> {
    let body = call.graph("body").ok_or_else(|| call.misfit("body is left out"))?;
    let mut outputs: Vec<Vec<Value>> = vec![Vec::new(); body.outputs.len()];
    let body = call.prepare(body)?;
    let mut held = 0;
    let first = sequence(call)?;
    let others: Vec<Option<Value>> = (1..call.input_count()).map(|index| call.take(index)).collect();
    for (index, element) in first.iter().enumerate() {
        let mut inputs = vec![Some(element.clone())];
        for other in &others {
            inputs.push(match other.as_ref().map(|value| (value, value.as_sequence())) {
                Some((_, Some(values))) => {
                    let value = values.get(index).cloned();
                    Some(
                        value
                            .ok_or_else(|| call.misfit(format!("sequences of {} and {}", first.len(), values.len())))?,
                    )
                }
                Some((value, None)) => Some(value.clone()),
                None => None,
            });
        }
        for (output, value) in outputs.iter_mut().zip(call.run(&body, inputs)?) {
            held += value.bytes();
            output.push(value);
        }
        call.room_for(held)?;
    }
    for (index, values) in outputs.into_iter().enumerate() {
        give_sequence(call, index, values)?;
    }
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "a kernel, and kernels can fail")]
fn optional(call: &mut Call<'_, '_>) -> Result<()> {
    let value = call.take(0);
    call.give(0, Value::Optional(value.map(Box::new)));
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "a kernel, and kernels can fail")]
fn has_element(call: &mut Call<'_, '_>) -> Result<()> {
    let has = !matches!(call.value(0), None | Some(Value::Optional(None)));
    call.give(0, Array::scalar(has));
    Ok(())
}

fn get_element(call: &mut Call<'_, '_>) -> Result<()> {
    match call.take(0) {
        Some(Value::Optional(Some(value))) => call.give(0, *value),
        Some(value @ (Value::Tensor(_) | Value::Sequence(_) | Value::Map(_))) => call.give(0, value),
        Some(Value::Optional(None)) | None => return Err(call.misfit("the optional is empty")),
    }
    Ok(())
}
