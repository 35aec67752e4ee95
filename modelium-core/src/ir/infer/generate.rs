//! Operators that make tensors: constants, ranges, random numbers.

use crate::ir::attribute::AttributeValue;
use crate::ir::infer::call::{Call, Gap, Outcome, Rule};
use crate::ir::infer::engine::Fact;
use crate::ir::infer::item::settle;
use crate::ir::infer::value::{Elements, Item, MOST};
use crate::ir::infer::{dims, item};
use crate::ir::schema::OpType;
use crate::ir::types::{Dim, Shape, Type};
use crate::tensor::DType;

pub(super) fn rule(op: &OpType) -> Option<Rule> {
    Some(match op {
        OpType::Constant => constant,
        OpType::ConstantOfShape => constant_of_shape,
        OpType::Range => range,
        OpType::EyeLike | OpType::RandomNormalLike | OpType::RandomUniformLike | OpType::Bernoulli => like_with_dtype,
        OpType::RandomNormal | OpType::RandomUniform => random,
        OpType::Multinomial => multinomial,
        _ => return None,
    })
}

fn constant(call: &mut Call<'_, '_>) -> Outcome {
    let forms = [
        "value",
        "sparse_value",
        "value_float",
        "value_floats",
        "value_int",
        "value_ints",
        "value_string",
        "value_strings",
    ];
    let value = forms.iter().find_map(|form| call.attribute(form)).ok_or(Gap::Open)?;
    let list = |dtype, length: usize| Type::tensor(dtype, Some(Shape::known(&[length as u64])));
    let scalar = |dtype| Type::tensor(dtype, Some(Shape::default()));
    let ty = match value {
        AttributeValue::Tensor(tensor) => {
            call.pass(0, Fact::stored(tensor));
            return Ok(());
        }
        AttributeValue::SparseTensor(sparse) => Type::tensor(sparse.values.dtype, Some(Shape::known(&sparse.dims))),
        AttributeValue::Float(_) => scalar(DType::Float32),
        AttributeValue::Floats(values) => list(DType::Float32, values.len()),
        AttributeValue::Int(_) => scalar(DType::Int64),
        AttributeValue::Ints(values) => list(DType::Int64, values.len()),
        AttributeValue::String(_) => scalar(DType::String),
        AttributeValue::Strings(values) => list(DType::String, values.len()),
        _ => return Err(Gap::Open),
    };
    call.other(0, ty)?;
    let elements = match value {
        AttributeValue::Float(value) => Some(Elements::scalar(Item::Float((*value).into()))),
        AttributeValue::Int(value) => Some(Elements::scalar(Item::Int(*value))),
        AttributeValue::Ints(values) if values.len() <= MOST => {
            Elements::list(values.iter().map(|&value| Item::Int(value)).collect())
        }
        AttributeValue::Floats(values) if values.len() <= MOST => {
            Elements::list(values.iter().map(|&value| Item::Float(value.into())).collect())
        }
        _ => None,
    };
    if let Some(elements) = elements {
        call.hold(0, elements);
    }
    Ok(())
}

fn constant_of_shape(call: &mut Call<'_, '_>) -> Outcome {
    let (dtype, value) = match call.attribute("value") {
        Some(AttributeValue::Tensor(tensor)) => {
            (tensor.dtype, Elements::of(tensor).and_then(|elements| elements.single().cloned()))
        }
        _ => (DType::Float32, Some(Item::Float(0.0))),
    };
    call.typed(0, Some(dtype));
    let dims = call.dims_at(0).ok_or(Gap::Open)?;
    call.shaped(0, dims.clone())?;
    if let (Some(value), Some(numbers)) = (value, dims.iter().map(Dim::known).collect())
        && let Some(filled) = Elements::build(numbers, |_| Some(value.clone()))
    {
        call.hold(0, filled);
    }
    Ok(())
}

pub(super) fn range(call: &mut Call<'_, '_>) -> Outcome {
    let mut single = |input| call.value(input).and_then(|value| value.single().cloned()).unwrap_or(Item::Unknown);
    let (start, limit, step) = (single(0), single(1), single(2));
    if let (Item::Int(start), Item::Int(limit), Item::Int(step)) = (&start, &limit, &step) {
        if *step == 0 {
            return Err(Gap::conflict("a range with step 0"));
        }
        let span = i128::from(*limit) - i128::from(*start);
        let count =
            if (span > 0) == (*step > 0) { span.unsigned_abs().div_ceil(step.unsigned_abs().into()) } else { 0 };
        let count = u64::try_from(count).map_err(|_| Gap::Open)?;
        call.shaped(0, vec![Dim::Known(count)])?;
        let dtype = call.dtype(0);
        let items = Elements::build(vec![count], |at| {
            let value = i64::try_from(*at.first()?).ok()?.checked_mul(*step)?.checked_add(*start)?;
            Some(settle(Item::Int(value), dtype))
        });
        if let Some(items) = items {
            call.hold(0, items);
        }
        return Ok(());
    }
    let length = match item::range_length(&start, &limit, &step) {
        Some(length) => Dim::from(length),
        None => float_range(&start, &limit, &step).unwrap_or(Dim::Unknown),
    };
    call.shaped(0, vec![length.clone()])?;
    // So many are known, though not from where: a position after what is in the cache.
    if let (Dim::Known(count), Some(start), Some(step), Some(dtype)) =
        (length, start.expr(), step.expr(), call.dtype(0))
    {
        let items = Elements::build(vec![count], |at| {
            let offset = step.scaled(i64::try_from(*at.first()?).ok()?);
            let item = Item::from_expr(offset.and_then(|offset| start.plus(&offset)));
            Some(settle(item, Some(dtype)))
        });
        if let Some(items) = items {
            call.hold(0, items);
        }
    }
    Ok(())
}

/// `max(ceil((limit − start) / step), 0)`.
#[expect(clippy::cast_possible_truncation, reason = "in range, as checked")]
fn float_range(start: &Item, limit: &Item, step: &Item) -> Option<Dim> {
    let count = ((limit.float()? - start.float()?) / step.float()?).ceil().max(0.0);
    (count < 9.0e15).then(|| dims::from_i64(count as i64))
}

fn like_with_dtype(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype_attribute("dtype").or_else(|| call.dtype(0));
    call.typed(0, dtype);
    call.like(0, 0)
}

fn random(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype_attribute("dtype").unwrap_or(DType::Float32);
    call.typed(0, Some(dtype));
    let dims = call.ints("shape").ok_or(Gap::Open)?.iter().map(|&dim| dims::from_i64(dim)).collect();
    call.shaped(0, dims)
}

fn multinomial(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype_attribute("dtype").unwrap_or(DType::Int32);
    call.typed(0, Some(dtype));
    let [batch, _] = call.shape_of_rank(0, 2)? else { return Err(Gap::Open) };
    let dims = vec![batch.clone(), dims::from_i64(call.int("sample_size").unwrap_or(1))];
    call.shaped(0, dims)
}
