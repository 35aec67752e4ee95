//! Numbers of every type as `f64` and back, for kernels that compute on few elements or care little for speed.

use half::{bf16, f16};

use crate::eval::array::{Array, Buffer};
use crate::tensor::DType;

/// The elements as `f64`; `None` unless they are numbers or booleans of a type that Rust or `half` knows.
pub(super) fn to_f64s(array: &Array) -> Option<Vec<f64>> {
    #[expect(clippy::cast_precision_loss, reason = "integers beyond 2⁵³ lose their last bits, as in every runtime")]
    Some(match array.buffer() {
        Buffer::Bool(items) => items.iter().map(|&item| f64::from(u8::from(item))).collect(),
        Buffer::Int8(items) => items.iter().map(|&item| f64::from(item)).collect(),
        Buffer::Int16(items) => items.iter().map(|&item| f64::from(item)).collect(),
        Buffer::Int32(items) => items.iter().map(|&item| f64::from(item)).collect(),
        Buffer::Int64(items) => items.iter().map(|&item| item as f64).collect(),
        Buffer::Uint8(items) => items.iter().map(|&item| f64::from(item)).collect(),
        Buffer::Uint16(items) => items.iter().map(|&item| f64::from(item)).collect(),
        Buffer::Uint32(items) => items.iter().map(|&item| f64::from(item)).collect(),
        Buffer::Uint64(items) => items.iter().map(|&item| item as f64).collect(),
        Buffer::Float16(items) => items.iter().map(|&item| item.to_f64()).collect(),
        Buffer::Bfloat16(items) => items.iter().map(|&item| item.to_f64()).collect(),
        Buffer::Float32(items) => items.iter().map(|&item| f64::from(item)).collect(),
        Buffer::Float64(items) => items.to_vec(),
        _ => return None,
    })
}

/// Elements of type `dtype` from `f64`s: rounded to even where they are integers, and kept in the range of the type.
pub(super) fn from_f64s(dtype: DType, items: Vec<f64>) -> Option<Buffer> {
    fn all<T>(items: &[f64], convert: impl Fn(f64) -> T) -> std::sync::Arc<Vec<T>> {
        std::sync::Arc::new(items.iter().map(|&item| convert(item)).collect())
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` stays in the range of the type")]
    Some(match dtype {
        DType::Bool => Buffer::Bool(all(&items, |item| item != 0.0)),
        DType::Int8 => Buffer::Int8(all(&items, |item| item.round_ties_even() as i8)),
        DType::Int16 => Buffer::Int16(all(&items, |item| item.round_ties_even() as i16)),
        DType::Int32 => Buffer::Int32(all(&items, |item| item.round_ties_even() as i32)),
        DType::Int64 => Buffer::Int64(all(&items, |item| item.round_ties_even() as i64)),
        DType::Uint8 => Buffer::Uint8(all(&items, |item| item.round_ties_even() as u8)),
        DType::Uint16 => Buffer::Uint16(all(&items, |item| item.round_ties_even() as u16)),
        DType::Uint32 => Buffer::Uint32(all(&items, |item| item.round_ties_even() as u32)),
        DType::Uint64 => Buffer::Uint64(all(&items, |item| item.round_ties_even() as u64)),
        DType::Float16 => Buffer::Float16(all(&items, f16::from_f64)),
        DType::Bfloat16 => Buffer::Bfloat16(all(&items, bf16::from_f64)),
        DType::Float32 => Buffer::Float32(all(&items, |item| item as f32)),
        DType::Float64 => Buffer::Float64(std::sync::Arc::new(items)),
        _ => return None,
    })
}

/// The element type that ONNX's `TensorProto.DataType` numbers so.
pub(super) fn dtype_of(code: i64) -> Option<DType> {
    Some(match code {
        1 => DType::Float32,
        2 => DType::Uint8,
        3 => DType::Int8,
        4 => DType::Uint16,
        5 => DType::Int16,
        6 => DType::Int32,
        7 => DType::Int64,
        8 => DType::String,
        9 => DType::Bool,
        10 => DType::Float16,
        11 => DType::Float64,
        12 => DType::Uint32,
        13 => DType::Uint64,
        16 => DType::Bfloat16,
        _ => return None,
    })
}
