//! Numbers of every type from `f64`, for kernels that compute on few elements or care little for speed.

use crate::eval::array::Buffer;
use crate::eval::number::narrow;
use crate::tensor::DType;

/// Elements of type `dtype`: rounded to even where they are integers, and kept in the range of the type. `None` for strings
/// and complex numbers.
pub(super) fn from_f64s(dtype: DType, mut items: Vec<f64>) -> Option<Buffer> {
    let signed = matches!(dtype, DType::Int2 | DType::Int4 | DType::Int8 | DType::Int16 | DType::Int32 | DType::Int64);
    let unsigned =
        matches!(dtype, DType::Uint2 | DType::Uint4 | DType::Uint8 | DType::Uint16 | DType::Uint32 | DType::Uint64);
    if signed || unsigned {
        items.iter_mut().for_each(|item| *item = item.round_ties_even());
    }
    narrow(dtype, items)
}
