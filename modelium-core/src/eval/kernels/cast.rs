//! Elements of one type as elements of another.

use std::sync::Arc;

use bytes::Bytes;
use half::{bf16, f16};

use crate::error::Result;
use crate::eval::array::{Array, Buffer};
use crate::eval::call::{Call, Kernel};
use crate::eval::number::{narrow, reals};
use crate::eval::small;
use crate::ir::{OpType, spelling};
use crate::tensor::{DType, Tensor};

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::Cast => cast,
        OpType::CastLike => cast_like,
        OpType::BitCast => bit_cast,
        _ => return None,
    })
}

/// The element type that an attribute names, if it is there.
pub(super) fn dtype_attribute(call: &Call<'_, '_>, name: &str) -> Result<Option<DType>> {
    let Some(number) = call.int(name) else { return Ok(None) };
    match spelling::dtype(number) {
        Some(dtype) => Ok(Some(dtype)),
        None => Err(call.misfit(format!("attribute '{name}' is {number}, which names no element type"))),
    }
}

fn cast(call: &mut Call<'_, '_>) -> Result<()> {
    let named = call.str("to").and_then(|name| match name {
        // the first versions spell the type
        "FLOAT" => Some(DType::Float32),
        "DOUBLE" => Some(DType::Float64),
        name => DType::from_name(&name.to_lowercase()),
    });
    let to = match named {
        Some(to) => to,
        None => dtype_attribute(call, "to")?.ok_or_else(|| call.misfit("attribute 'to' is left out"))?,
    };
    cast_to(call, to)
}

fn cast_like(call: &mut Call<'_, '_>) -> Result<()> {
    let to = call.array(1)?.dtype();
    cast_to(call, to)
}

fn cast_to(call: &mut Call<'_, '_>, to: DType) -> Result<()> {
    let array = call.array(0)?;
    call.room(to, array.dims())?;
    let saturate = call.int("saturate").is_none_or(|value| value != 0);
    let mode = call.str("round_mode").unwrap_or("up").to_owned();
    let converted = convert(&array, to, saturate, &mode)
        .ok_or_else(|| call.misfit(format!("elements of {} have no meaning as {to}", array.dtype())))?;
    call.give_array(0, array.dims().to_vec(), converted)
}

/// The elements as another type, by the rules of `Cast`; `None` for strings that spell no number.
pub(super) fn convert(array: &Array, to: DType, saturate: bool, mode: &str) -> Option<Buffer> {
    if array.dtype() == to {
        return Some(array.buffer().clone());
    }
    match (array.buffer(), to) {
        (Buffer::Complex64(items), DType::Complex128) => {
            Some(Buffer::Complex128(Arc::new(items.iter().map(|part| part.map(f64::from)).collect())))
        }
        (Buffer::Complex128(items), DType::Complex64) => {
            Some(Buffer::Complex64(Arc::new(items.iter().map(|part| part.map(|part| part as f32)).collect())))
        }
        (Buffer::Complex64(_) | Buffer::Complex128(_), _) => None,
        (_, DType::Complex64) => {
            let items = reals::<f32>(array)?;
            Some(Buffer::Complex64(Arc::new(items.iter().map(|&item| [item, 0.0]).collect())))
        }
        (_, DType::Complex128) => {
            let items = reals::<f64>(array)?;
            Some(Buffer::Complex128(Arc::new(items.iter().map(|&item| [item, 0.0]).collect())))
        }
        (Buffer::String(items), _) => from_strings(items, to, saturate, mode),
        (_, DType::String) => Some(Buffer::String(Arc::new(to_strings(array)?))),
        (
            Buffer::Bool(_)
            | Buffer::Small(..)
            | Buffer::Float16(_)
            | Buffer::Bfloat16(_)
            | Buffer::Float32(_)
            | Buffer::Float64(_),
            _,
        ) => floats(array, to, saturate, mode),
        (_, DType::Float16 | DType::Bfloat16 | DType::Float32 | DType::Float64 | DType::Bool) => {
            narrow(to, reals::<f64>(array)?.into_owned())
        }
        _ => integers(array, to, saturate, mode),
    }
}

fn floats(array: &Array, to: DType, saturate: bool, mode: &str) -> Option<Buffer> {
    if to.bits().is_some_and(|bits| bits <= 8) && !matches!(to, DType::Bool | DType::Int8 | DType::Uint8) {
        let wide = reals::<f64>(array)?;
        let code = |value: f64| match to {
            DType::Float8E8M0 => small::encode_power(value, mode, saturate),
            // out of range is undefined; bits are dropped, as between integers
            DType::Int4 | DType::Uint4 => value as i64 as u8 & 15,
            DType::Int2 | DType::Uint2 => value as i64 as u8 & 3,
            _ => small::encode(to, value, saturate),
        };
        return Some(Buffer::Small(to, Arc::new(wide.iter().map(|&value| code(value)).collect())));
    }
    // integers of few bits are exact in f64, and truncated as the hardware of most runtimes does: through i64
    let wide = || reals::<f64>(array).map(std::borrow::Cow::into_owned);
    Some(match to {
        DType::Int8 => Buffer::Int8(Arc::new(wide()?.into_iter().map(|value| value as i64 as i8).collect())),
        DType::Int16 => Buffer::Int16(Arc::new(wide()?.into_iter().map(|value| value as i64 as i16).collect())),
        DType::Uint8 => Buffer::Uint8(Arc::new(wide()?.into_iter().map(|value| value as i64 as u8).collect())),
        DType::Uint16 => Buffer::Uint16(Arc::new(wide()?.into_iter().map(|value| value as i64 as u16).collect())),
        DType::Uint32 => Buffer::Uint32(Arc::new(wide()?.into_iter().map(|value| value as i64 as u32).collect())),
        // once to 32 bits, then on: as if there were no f64 between
        DType::Float16 if array.dtype() != DType::Float64 => {
            Buffer::Float16(Arc::new(reals::<f32>(array)?.iter().map(|&value| f16::from_f32(value)).collect()))
        }
        DType::Bfloat16 if array.dtype() != DType::Float64 => {
            Buffer::Bfloat16(Arc::new(reals::<f32>(array)?.iter().map(|&value| bf16::from_f32(value)).collect()))
        }
        _ => narrow(to, wide()?)?,
    })
}

/// Integers to integers: higher bits are dropped.
fn integers(array: &Array, to: DType, saturate: bool, mode: &str) -> Option<Buffer> {
    let wide: Vec<i64> = match array.buffer() {
        Buffer::Uint64(items) => items.iter().map(|item| item.cast_signed()).collect(),
        _ => array.to_i64s()?,
    };
    let items = wide.into_iter();
    Some(match to {
        DType::Int8 => Buffer::Int8(Arc::new(items.map(|item| item as i8).collect())),
        DType::Int16 => Buffer::Int16(Arc::new(items.map(|item| item as i16).collect())),
        DType::Int32 => Buffer::Int32(Arc::new(items.map(|item| item as i32).collect())),
        DType::Int64 => Buffer::Int64(Arc::new(items.collect())),
        DType::Uint8 => Buffer::Uint8(Arc::new(items.map(|item| item as u8).collect())),
        DType::Uint16 => Buffer::Uint16(Arc::new(items.map(|item| item as u16).collect())),
        DType::Uint32 => Buffer::Uint32(Arc::new(items.map(|item| item as u32).collect())),
        DType::Uint64 => Buffer::Uint64(Arc::new(items.map(i64::cast_unsigned).collect())),
        DType::Int4 | DType::Uint4 => Buffer::Small(to, Arc::new(items.map(|item| item as u8 & 15).collect())),
        DType::Int2 | DType::Uint2 => Buffer::Small(to, Arc::new(items.map(|item| item as u8 & 3).collect())),
        _ => return floats(array, to, saturate, mode),
    })
}

fn from_strings(items: &[Bytes], to: DType, saturate: bool, mode: &str) -> Option<Buffer> {
    let texts: Vec<&str> =
        items.iter().map(|item| std::str::from_utf8(item).ok().map(str::trim)).collect::<Option<_>>()?;
    if matches!(to, DType::Int64 | DType::Int32 | DType::Uint64 | DType::Int16 | DType::Int8)
        && let Some(whole) = texts.iter().map(|text| text.parse::<i64>().ok()).collect::<Option<Vec<_>>>()
    {
        return convert(&Array::list(whole), to, saturate, mode);
    }
    if to == DType::Bool {
        let truth = |text: &&str| match *text {
            "True" | "true" | "1" => Some(true),
            "False" | "false" | "0" | "" => Some(false),
            text => text.parse::<f64>().ok().map(|value| value != 0.0),
        };
        return Some(Buffer::Bool(Arc::new(texts.iter().map(truth).collect::<Option<_>>()?)));
    }
    let wide: Vec<f64> = texts.iter().map(|text| text.parse::<f64>().ok()).collect::<Option<_>>()?;
    convert(&Array::list(wide), to, saturate, mode)
}

/// Numbers as text: the shortest digits that give the number back, as numpy prints them.
fn to_strings(array: &Array) -> Option<Vec<Bytes>> {
    fn spell(value: f64, digits: String) -> String {
        let magnitude = value.abs();
        if value.is_nan() {
            "nan".to_owned()
        } else if value.is_infinite() {
            if value > 0.0 { "inf".to_owned() } else { "-inf".to_owned() }
        } else if magnitude != 0.0 && !(1e-4..1e16).contains(&magnitude) {
            // numpy's exponent has a sign and two digits
            let (mantissa, exponent) = digits.split_once('e').unwrap_or((&digits, "0"));
            let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
            format!("{mantissa}e{sign}{exponent:0>2}")
        } else {
            digits
        }
    }
    let float = |value: f64, plain: String, scientific: String| {
        let magnitude = value.abs();
        let digits = if magnitude != 0.0 && !(1e-4..1e16).contains(&magnitude) { scientific } else { plain };
        Bytes::from(spell(value, digits))
    };
    Some(match array.buffer() {
        Buffer::Float32(items) => items.iter().map(|&x| float(x.into(), format!("{x:?}"), format!("{x:e}"))).collect(),
        Buffer::Float64(items) => items.iter().map(|&x| float(x, format!("{x:?}"), format!("{x:e}"))).collect(),
        Buffer::Float16(_) | Buffer::Bfloat16(_) => {
            let items = reals::<f32>(array)?;
            items.iter().map(|&x| float(x.into(), format!("{x:?}"), format!("{x:e}"))).collect()
        }
        Buffer::Bool(items) => {
            items.iter().map(|&item| Bytes::from_static(if item { b"True" } else { b"False" })).collect()
        }
        Buffer::Uint64(items) => items.iter().map(|item| Bytes::from(item.to_string())).collect(),
        Buffer::Small(..) => array.to_f64s()?.iter().map(|item| Bytes::from(format!("{item:?}"))).collect(),
        _ => array.to_i64s()?.iter().map(|item| Bytes::from(item.to_string())).collect(),
    })
}

fn bit_cast(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let to = dtype_attribute(call, "to")?.ok_or_else(|| call.misfit("attribute 'to' is left out"))?;
    let from = array.dtype();
    if from.bits().is_none() || from.bits() != to.bits() {
        return Err(call.misfit(format!("{from} and {to} differ in their number of bits")));
    }
    let tensor = Tensor { dtype: to, ..array.to_tensor("") };
    let cast = Array::from_tensor(&tensor).ok_or_else(|| call.misfit("bits do not make elements"))?;
    call.give(0, cast);
    Ok(())
}
