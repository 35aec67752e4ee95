//! Element types as ONNX's attributes and type strings spell them.

use crate::ir::types::{Dim, Shape, Type, TypeKind};
use crate::tensor::DType;

/// The last number that `from_code` knows.
const NEWEST_CODE: i64 = 28;

/// The type that `TensorProto.DataType` numbers so.
pub(in crate::ir) fn from_code(code: i64) -> Option<DType> {
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
        27 => DType::Float6E2M3,
        28 => DType::Float6E3M2,
        _ => return None,
    })
}

/// The element type of `tensor(float)` and its like, as operator schemas spell types.
pub(super) fn from_type_string(text: &str) -> Option<DType> {
    (1..=NEWEST_CODE).filter_map(from_code).find(|&dtype| type_string(dtype) == text)
}

/// How operator schemas spell a tensor of that type.
pub(in crate::ir) fn type_string(dtype: DType) -> &'static str {
    match dtype {
        DType::Float32 => "tensor(float)",
        DType::Float64 => "tensor(double)",
        DType::Float16 => "tensor(float16)",
        DType::Bfloat16 => "tensor(bfloat16)",
        DType::Bool => "tensor(bool)",
        DType::String => "tensor(string)",
        DType::Int2 => "tensor(int2)",
        DType::Int4 => "tensor(int4)",
        DType::Int8 => "tensor(int8)",
        DType::Int16 => "tensor(int16)",
        DType::Int32 => "tensor(int32)",
        DType::Int64 => "tensor(int64)",
        DType::Uint2 => "tensor(uint2)",
        DType::Uint4 => "tensor(uint4)",
        DType::Uint8 => "tensor(uint8)",
        DType::Uint16 => "tensor(uint16)",
        DType::Uint32 => "tensor(uint32)",
        DType::Uint64 => "tensor(uint64)",
        DType::Complex64 => "tensor(complex64)",
        DType::Complex128 => "tensor(complex128)",
        DType::Float4E2M1 => "tensor(float4e2m1)",
        DType::Float8E4M3Fn => "tensor(float8e4m3fn)",
        DType::Float8E4M3FnUz => "tensor(float8e4m3fnuz)",
        DType::Float8E5M2 => "tensor(float8e5m2)",
        DType::Float8E5M2FnUz => "tensor(float8e5m2fnuz)",
        DType::Float8E8M0 => "tensor(float8e8m0)",
        DType::Float6E2M3 => "tensor(float6e2m3)",
        DType::Float6E3M2 => "tensor(float6e3m2)",
    }
}

/// A dense tensor as far as it is known.
pub(super) fn tensor(dtype: Option<DType>, dims: Option<Vec<Dim>>) -> Type {
    Type { kind: TypeKind::Tensor { dtype, shape: dims.map(Shape::new) }, denotation: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_a_spelling_of_its_own() {
        for code in 1..=NEWEST_CODE {
            let dtype = from_code(code).unwrap();
            assert_eq!(from_type_string(type_string(dtype)), Some(dtype));
        }
        assert_eq!((from_code(0), from_code(NEWEST_CODE + 1)), (None, None));
    }
}
