//! If and Loop.

use crate::error::Result;
use crate::eval::array::{Array, map_buffer};
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::constant::nothing;
use crate::eval::kernels::join::joined;
use crate::eval::value::Value;
use crate::ir::{OpType, Port, Type, TypeKind};
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::If => branch,
        OpType::Loop => repeat,
        _ => return None,
    })
}

/// The only element of a tensor of booleans.
fn truth(call: &Call<'_, '_>, value: &Value) -> Result<bool> {
    match value.as_tensor().and_then(Array::items::<bool>) {
        Some([only]) => Ok(*only),
        _ => Err(call.misfit("a condition that is not one boolean")),
    }
}

fn branch(call: &mut Call<'_, '_>) -> Result<()> {
    let Some(condition) = call.value(0) else { return Err(call.misfit("the condition is left out")) };
    let name = if truth(call, condition)? { "then_branch" } else { "else_branch" };
    let graph = call.graph(name).ok_or_else(|| call.misfit(format!("{name} is left out")))?;
    let graph = call.prepare(graph)?;
    for (index, value) in call.run(&graph, Vec::new())?.into_iter().enumerate() {
        call.give(index, value);
    }
    Ok(())
}

/// A tensor of one element, with as many axes as the port declares: none or one.
fn single(array: Array, port: Option<&Port>) -> Value {
    let has_axis = shape_of(port).is_some_and(|dims| dims.len() == 1);
    let dims = if has_axis { vec![1] } else { Vec::new() };
    Value::Tensor(array.reshaped(dims).unwrap_or(array))
}

fn repeat(call: &mut Call<'_, '_>) -> Result<()> {
    let body = call.graph("body").ok_or_else(|| call.misfit("body is left out"))?;
    let most = call.int_at(0)?;
    let mut goes_on = match call.value(1) {
        Some(condition) => truth(call, condition)?,
        None => true,
    };
    let mut carried: Vec<Option<Value>> = (2..call.input_count()).map(|index| call.take(index)).collect();
    let Some(collected) = body.outputs.len().checked_sub(carried.len() + 1) else {
        return Err(call.misfit(format!("a body of {} outputs carries {} values", body.outputs.len(), carried.len())));
    };
    let mut collected: Vec<Vec<Value>> = vec![Vec::new(); collected];
    let mut held = 0;
    let prepared = call.prepare(body)?;
    let mut turn = 0_i64;
    while goes_on && most.is_none_or(|most| turn < most) {
        let mut inputs = vec![
            Some(single(Array::scalar(turn), body.inputs.first())),
            Some(single(Array::scalar(true), body.inputs.get(1))),
        ];
        inputs.append(&mut carried);
        let mut outputs = call.run(&prepared, inputs)?.into_iter();
        if let Some(condition) = outputs.next() {
            goes_on = truth(call, &condition)?;
        }
        carried.extend(outputs.by_ref().take(call.input_count().saturating_sub(2)).map(Some));
        for (values, value) in collected.iter_mut().zip(outputs) {
            held += value.bytes() + 32;
            values.push(value);
        }
        call.room_for(held)?;
        turn += 1;
    }
    let count = carried.len();
    for (index, value) in carried.into_iter().enumerate() {
        let value = value.ok_or_else(|| call.misfit(format!("input {} is left out", index + 2)))?;
        call.give(index, value);
    }
    for (index, values) in collected.into_iter().enumerate() {
        let port = body.outputs.get(index + count + 1);
        let array = stacked(call, &values, 0, port)?;
        call.give(index + count, array);
    }
    Ok(())
}

/// Tensors of one shape along a new axis. Without any, an empty tensor of the type that `port` declares.
pub(super) fn stacked(call: &Call<'_, '_>, values: &[Value], axis: i64, port: Option<&Port>) -> Result<Array> {
    if values.is_empty() {
        let mut dims = shape_of(port).unwrap_or_default();
        dims.insert(call.axis(axis, dims.len() + 1)?, 0);
        let dtype = dtype_of(port).ok_or_else(|| call.misfit("nothing collected, of a type that nobody declares"))?;
        let one = nothing(dtype);
        let buffer = map_buffer!(&one, items => items[..0].to_vec());
        return Array::of(dims, buffer).ok_or_else(|| call.misfit("an empty tensor of that shape"));
    }
    let mut arrays = Vec::with_capacity(values.len());
    let mut place = 0;
    for value in values {
        let array = value.as_tensor().ok_or_else(|| call.misfit("the body collects other things than tensors"))?;
        let mut dims = array.dims().to_vec();
        place = call.axis(axis, dims.len() + 1)?;
        dims.insert(place, 1);
        arrays.extend(array.reshaped(dims));
    }
    joined(call, &arrays, place)
}

/// The dimensions that a port declares; 0 where it leaves them open.
fn shape_of(port: Option<&Port>) -> Option<Vec<usize>> {
    let Some(Type { kind: TypeKind::Tensor { shape: Some(shape), .. }, .. }) = port?.ty.as_ref() else { return None };
    let dim = |dim: Option<u64>| dim.and_then(|dim| usize::try_from(dim).ok()).unwrap_or(0);
    Some(shape.dims.iter().map(|open| dim(open.known())).collect())
}

fn dtype_of(port: Option<&Port>) -> Option<DType> {
    port?.ty.as_ref()?.dtype()
}
