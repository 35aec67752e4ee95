//! Tensors across the boundary: every element type that ONNX Runtime has, by its bytes.

use bytes::Bytes;
use modelium_core::error::ErrorKind;
use modelium_core::ir::{Dim, Shape, Type, TypeKind};
use modelium_core::tensor::{DType, Data, Tensor};
use modelium_core::{Blob, Error, Result};
use ort::memory::Allocator;
use ort::value::{DynTensor, DynTensorValueType, DynValue, TensorElementType, ValueType};

use crate::session::backend;

/// The one table of element types.
const TYPES: [(DType, TensorElementType); 26] = [
    (DType::Bool, TensorElementType::Bool),
    (DType::Int2, TensorElementType::Int2),
    (DType::Int4, TensorElementType::Int4),
    (DType::Int8, TensorElementType::Int8),
    (DType::Int16, TensorElementType::Int16),
    (DType::Int32, TensorElementType::Int32),
    (DType::Int64, TensorElementType::Int64),
    (DType::Uint2, TensorElementType::Uint2),
    (DType::Uint4, TensorElementType::Uint4),
    (DType::Uint8, TensorElementType::Uint8),
    (DType::Uint16, TensorElementType::Uint16),
    (DType::Uint32, TensorElementType::Uint32),
    (DType::Uint64, TensorElementType::Uint64),
    (DType::Float4E2M1, TensorElementType::Float4E2M1),
    (DType::Float8E4M3Fn, TensorElementType::Float8E4M3FN),
    (DType::Float8E4M3FnUz, TensorElementType::Float8E4M3FNUZ),
    (DType::Float8E5M2, TensorElementType::Float8E5M2),
    (DType::Float8E5M2FnUz, TensorElementType::Float8E5M2FNUZ),
    (DType::Float8E8M0, TensorElementType::Float8E8M0),
    (DType::Float16, TensorElementType::Float16),
    (DType::Bfloat16, TensorElementType::Bfloat16),
    (DType::Float32, TensorElementType::Float32),
    (DType::Float64, TensorElementType::Float64),
    (DType::Complex64, TensorElementType::Complex64),
    (DType::Complex128, TensorElementType::Complex128),
    (DType::String, TensorElementType::String),
];

fn dtype(of: TensorElementType) -> Option<DType> {
    TYPES.iter().find(|(_, theirs)| *theirs == of).map(|(ours, _)| *ours)
}

/// The type of an input or output; `ranked` is false where a tensor's rank is unknown, which `of` cannot say.
pub(crate) fn type_of(of: &ValueType, ranked: bool) -> Type {
    let kind = match of {
        ValueType::Tensor { ty, shape, dimension_symbols } => {
            let dims = shape.iter().zip(dimension_symbols.iter()).map(|(&dim, symbol)| match u64::try_from(dim) {
                Ok(dim) => Dim::Known(dim),
                Err(_) if symbol.is_empty() => Dim::Unknown,
                Err(_) => Dim::Symbol(symbol.as_str().into()),
            });
            TypeKind::Tensor { dtype: dtype(*ty), shape: ranked.then(|| Shape::new(dims)) }
        }
        ValueType::Sequence(element) => TypeKind::Sequence(Some(Box::new(type_of(element, true)))),
        ValueType::Optional(element) => TypeKind::Optional(Some(Box::new(type_of(element, true)))),
        ValueType::Map { key, value } => {
            let value = dtype(*value).map(|value| Box::new(Type::tensor(value, None)));
            TypeKind::Map { key: dtype(*key), value }
        }
    };
    Type { kind, denotation: None }
}

/// Copies a tensor into ONNX Runtime's memory.
pub(crate) fn to_ort(tensor: &Tensor) -> Result<DynValue> {
    let name = tensor.name.as_deref().unwrap_or_default();
    let misfit = || {
        let Tensor { dtype, dims, .. } = tensor;
        Error::argument(format!("input '{name}' does not hold the bytes that {dtype} of shape {dims:?} takes"))
    };
    let dims = tensor.dims.iter().map(|&dim| i64::try_from(dim).map_err(|_| misfit())).collect::<Result<Vec<i64>>>()?;
    if let Data::Strings(strings) = &tensor.data {
        if tensor.dtype != DType::String || tensor.elements() != Some(strings.len() as u64) {
            return Err(misfit());
        }
        let text = |string: &'_ Bytes| std::str::from_utf8(string).map(str::to_owned);
        let strings = strings.iter().map(text).collect::<Result<Vec<_>, _>>().map_err(|_| {
            Error::argument(format!("input '{name}' holds a string that is not UTF-8, which onnxruntime does not take"))
        })?;
        let value = ort::value::Tensor::from_string_array((dims, strings.as_slice()));
        return Ok(value.map_err(|error| backend(&format!("take input '{name}'"), &error))?.into_dyn());
    }
    let bytes =
        tensor.to_le_bytes().filter(|bytes| tensor.byte_len() == Some(bytes.len() as u64)).ok_or_else(misfit)?;
    let (_, element) = TYPES.iter().find(|(ours, _)| *ours == tensor.dtype).ok_or_else(misfit)?;
    let mut value = DynTensor::new(&Allocator::default(), *element, dims)
        .map_err(|error| backend(&format!("take input '{name}'"), &error))?;
    if value.size() != Some(bytes.len()) {
        return Err(misfit());
    }
    if !bytes.is_empty() {
        // SAFETY: the value owns `size()` bytes in the CPU's memory, as many as there are to copy, and nobody else has it.
        unsafe { value.data_ptr_mut().cast::<u8>().copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
    }
    Ok(value.into_dyn())
}

/// Copies an output out of ONNX Runtime's memory.
pub(crate) fn from_ort(name: &str, value: DynValue) -> Result<Tensor> {
    let unsupported = |ty: &ValueType| {
        Error::new(ErrorKind::Unsupported, format!("output '{name}' is {}, not a tensor", type_of(ty, true)))
    };
    if !value.is_tensor() {
        return Err(unsupported(value.dtype()));
    }
    let unreadable = |error: ort::Error| backend(&format!("give output '{name}'"), &error);
    let value = value.downcast::<DynTensorValueType>().map_err(unreadable)?;
    let dtype = dtype(*value.data_type()).ok_or_else(|| unsupported(value.dtype()))?;
    let dims = value.shape().iter().map(|&dim| u64::try_from(dim).unwrap_or(0)).collect();
    let data = if dtype == DType::String {
        let (_, strings) = value.try_extract_strings().map_err(unreadable)?;
        Data::Strings(strings.into_iter().map(Bytes::from).collect())
    } else {
        let size = value.size().ok_or_else(|| unsupported(value.dtype()))?;
        let bytes = if size == 0 {
            Vec::new() // the pointer may be null
        } else {
            // SAFETY: the value owns `size()` initialised bytes in the CPU's memory until it is dropped, after the copy.
            unsafe { std::slice::from_raw_parts(value.data_ptr().cast::<u8>(), size) }.to_vec()
        };
        Data::Raw(Blob::from_bytes(name, bytes))
    };
    Ok(Tensor { name: Some(name.to_owned()), dtype, dims, data, notes: None })
}
