//! Element types as ONNX's attributes and type strings spell them.

use crate::ir::types::{Dim, Shape, Type, TypeKind};
use crate::tensor::DType;

/// The type that `TensorProto.DataType` numbers so.
pub(super) fn from_code(code: i64) -> Option<DType> {
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
        14 => DType::Complex64,
        15 => DType::Complex128,
        16 => DType::Bfloat16,
        17 => DType::Float8E4M3Fn,
        18 => DType::Float8E4M3FnUz,
        19 => DType::Float8E5M2,
        20 => DType::Float8E5M2FnUz,
        21 => DType::Uint4,
        22 => DType::Int4,
        23 => DType::Float4E2M1,
        24 => DType::Float8E8M0,
        25 => DType::Uint2,
        26 => DType::Int2,
        _ => return None,
    })
}

/// The element type of `tensor(float)` and its like, as operator schemas spell types.
pub(super) fn from_type_string(text: &str) -> Option<DType> {
    Some(match text.strip_prefix("tensor(")?.strip_suffix(')')? {
        "float" => DType::Float32,
        "double" => DType::Float64,
        "float16" => DType::Float16,
        "bfloat16" => DType::Bfloat16,
        "bool" => DType::Bool,
        "string" => DType::String,
        "int2" => DType::Int2,
        "int4" => DType::Int4,
        "int8" => DType::Int8,
        "int16" => DType::Int16,
        "int32" => DType::Int32,
        "int64" => DType::Int64,
        "uint2" => DType::Uint2,
        "uint4" => DType::Uint4,
        "uint8" => DType::Uint8,
        "uint16" => DType::Uint16,
        "uint32" => DType::Uint32,
        "uint64" => DType::Uint64,
        "complex64" => DType::Complex64,
        "complex128" => DType::Complex128,
        "float4e2m1" => DType::Float4E2M1,
        "float8e4m3fn" => DType::Float8E4M3Fn,
        "float8e4m3fnuz" => DType::Float8E4M3FnUz,
        "float8e5m2" => DType::Float8E5M2,
        "float8e5m2fnuz" => DType::Float8E5M2FnUz,
        "float8e8m0" => DType::Float8E8M0,
        _ => return None,
    })
}

/// A dense tensor as far as it is known.
pub(super) fn tensor(dtype: Option<DType>, dims: Option<Vec<Dim>>) -> Type {
    Type { kind: TypeKind::Tensor { dtype, shape: dims.map(Shape::new) }, denotation: None }
}
