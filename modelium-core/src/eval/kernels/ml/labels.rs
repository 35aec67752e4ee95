//! Labels of one kind for labels of another.

use std::collections::HashMap;

use bytes::Bytes;

use crate::error::Result;
use crate::eval::array::{Array, Element, map_buffer};
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::constant::stored;
use crate::eval::kernels::strings::attribute_strings;
use crate::ir::{AttributeValue, OpType};
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::LabelEncoder => encode,
        OpType::CategoryMapper => categories,
        _ => return None,
    })
}

/// A label that can be looked up.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Integer(i64),
    /// The bits of a float, of which there is one zero and one NaN.
    Float(u64),
    Text(Bytes),
}

/// The elements as labels.
fn keys(call: &Call<'_, '_>, array: &Array) -> Result<Vec<Key>> {
    if let Some(items) = array.items::<Bytes>() {
        return Ok(items.iter().cloned().map(Key::Text).collect());
    }
    if let Some(items) = array.to_i64s() {
        return Ok(items.into_iter().map(Key::Integer).collect());
    }
    let items = array.to_f64s().ok_or_else(|| call.unknown_type(array.dtype()))?;
    let bits = |item: f64| if item.is_nan() { f64::NAN.to_bits() } else { (item + 0.0).to_bits() };
    Ok(items.into_iter().map(|item| Key::Float(bits(item))).collect())
}

/// Gives, for each label of input 0, the value at its key's place, or else the default, the only element of `default`.
fn replace(call: &mut Call<'_, '_>, keys_array: &Array, values: &Array, default: &Array) -> Result<()> {
    let array = call.array(0)?;
    if keys_array.len() != values.len() || default.len() != 1 || default.dtype() != values.dtype() {
        return Err(call.misfit(format!("{} keys for {} values", keys_array.len(), values.len())));
    }
    if keys_array.dtype() != array.dtype() {
        return Err(call.misfit(format!("labels of {} among keys of {}", array.dtype(), keys_array.dtype())));
    }
    let mut places = HashMap::new();
    for (place, key) in keys(call, keys_array)?.into_iter().enumerate() {
        // since version 4 NaN is a label like others, and of equal keys the last counts
        if call.opset >= 4 {
            places.insert(key, place);
        } else if key != Key::Float(f64::NAN.to_bits()) {
            places.entry(key).or_insert(place);
        }
    }
    let found: Vec<Option<usize>> = keys(call, &array)?.iter().map(|key| places.get(key).copied()).collect();
    call.room(values.dtype(), array.dims())?;
    let misfit = || call.misfit("a default of another type");
    let buffer = map_buffer!(values.buffer(), items => {
        let default = default.buffer().codes().and_then(<[_]>::first).ok_or_else(misfit)?;
        found.iter().map(|&place| place.map_or(default, |place| &items[place]).clone()).collect()
    });
    call.give_array(0, array.dims().to_vec(), buffer)
}

/// A list that an attribute holds in one of three types, or as a tensor.
fn list(call: &Call<'_, '_>, prefix: &str) -> Result<Array> {
    if let Some(strings) = attribute_strings(call, &format!("{prefix}_strings")) {
        return Ok(Array::list(strings.to_vec()));
    }
    if let Some(integers) = call.ints(&format!("{prefix}_int64s")) {
        return Ok(Array::list(integers.to_vec()));
    }
    if let Some(floats) = call.floats(&format!("{prefix}_floats")) {
        return Ok(Array::list(floats.to_vec()));
    }
    match call.attribute(&format!("{prefix}_tensor")) {
        Some(AttributeValue::Tensor(tensor)) => stored(call, tensor),
        _ => Err(call.misfit(format!("{prefix} are left out"))),
    }
}

fn default_text(call: &Call<'_, '_>) -> Array {
    Array::scalar(Bytes::copy_from_slice(call.str("default_string").unwrap_or("_Unused").as_bytes()))
}

fn encode(call: &mut Call<'_, '_>) -> Result<()> {
    if call.opset < 2 {
        let classes = attribute_strings(call, "classes_strings").unwrap_or_default();
        let numbers: Vec<i64> = (0..).take(classes.len()).collect();
        return swap(call, &Array::list(classes.to_vec()), &Array::list(numbers));
    }
    let (keys, values) = (list(call, "keys")?, list(call, "values")?);
    let default = match (call.attribute("default_tensor"), values.dtype()) {
        (Some(AttributeValue::Tensor(tensor)), _) => {
            let default = stored(call, tensor)?;
            // a default of another type than the values counts for nothing
            if default.dtype() == values.dtype() { default } else { fallback(call, values.dtype())? }
        }
        (_, dtype) => fallback(call, dtype)?,
    };
    replace(call, &keys, &values, &default)
}

/// What stands for labels without a value, by the type of values.
fn fallback(call: &Call<'_, '_>, dtype: DType) -> Result<Array> {
    let integer = call.int("default_int64").unwrap_or(-1);
    Ok(match dtype {
        DType::String => default_text(call),
        DType::Int64 => Array::scalar(integer),
        DType::Int32 => Array::scalar(i32::try_from(integer).unwrap_or(-1)),
        DType::Int16 => Array::scalar(i16::try_from(integer).unwrap_or(-1)),
        DType::Float32 => Array::scalar(call.float("default_float").unwrap_or(-0.0)),
        DType::Float64 => Array::scalar(f64::from(call.float("default_float").unwrap_or(-0.0))),
        DType::Bool => Array::scalar(false),
        _ => return Err(call.unknown_type(dtype)),
    })
}

/// Names for numbers, or numbers for names, whichever input 0 holds.
fn swap(call: &mut Call<'_, '_>, names: &Array, numbers: &Array) -> Result<()> {
    if call.array(0)?.dtype() == Bytes::DTYPE {
        let default = Array::scalar(call.int("default_int64").unwrap_or(-1));
        replace(call, names, numbers, &default)
    } else {
        let default = default_text(call);
        replace(call, numbers, names, &default)
    }
}

fn categories(call: &mut Call<'_, '_>) -> Result<()> {
    let names = attribute_strings(call, "cats_strings").unwrap_or_default().to_vec();
    let numbers = call.ints("cats_int64s").unwrap_or_default().to_vec();
    swap(call, &Array::list(names), &Array::list(numbers))
}
