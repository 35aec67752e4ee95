//! `TypeProto` → [`Type`].

use std::sync::Arc;

use bytes::Bytes;

use crate::error::Result;
use crate::formats::onnx::error::OnnxFault;
use crate::formats::onnx::import::Reader;
use crate::formats::onnx::schema::{self, DimensionValue, TypeProto, TypeTensor, TypeValue};
use crate::ir::{Dim, Shape, Type, TypeKind};
use crate::tensor::DType;

impl Reader<'_> {
    /// Reads a type; errors point at `near`, for a type has no text of its own.
    pub(super) fn ty(&mut self, record: TypeProto, near: &Bytes) -> Result<Type> {
        let kind = match record.value {
            None => TypeKind::Unspecified,
            Some(TypeValue::Tensor(tensor)) => {
                let (dtype, shape) = self.tensor_type(tensor, near)?;
                TypeKind::Tensor { dtype, shape }
            }
            Some(TypeValue::SparseTensor(tensor)) => {
                let (dtype, shape) = self.tensor_type(tensor, near)?;
                TypeKind::SparseTensor { dtype, shape }
            }
            Some(TypeValue::Sequence(sequence)) => TypeKind::Sequence(self.inner_type(sequence.elem_type, near)?),
            Some(TypeValue::Optional(optional)) => TypeKind::Optional(self.inner_type(optional.elem_type, near)?),
            Some(TypeValue::Map(map)) => {
                let key = self.element_type(map.key_type, near)?;
                if let Some(key) = key.filter(|key| !is_map_key(*key)) {
                    return Err(OnnxFault::MapKey(key).at(self.place(near)));
                }
                TypeKind::Map { key, value: self.inner_type(map.value_type, near)? }
            }
            Some(TypeValue::Opaque(opaque)) => {
                TypeKind::Opaque { domain: self.name(opaque.domain)?, name: self.name(opaque.name)? }
            }
        };
        Ok(Type { kind, denotation: self.text(record.denotation)? })
    }

    fn inner_type(&mut self, record: Option<Box<TypeProto>>, near: &Bytes) -> Result<Option<Box<Type>>> {
        record.map(|record| Ok(Box::new(self.ty(*record, near)?))).transpose()
    }

    /// An element type; 0, undefined, is the same as none.
    fn element_type(&self, code: Option<i32>, near: &Bytes) -> Result<Option<DType>> {
        let Some(code) = code.filter(|code| *code != 0) else { return Ok(None) };
        match schema::dtype(code) {
            Some(dtype) => Ok(Some(dtype)),
            None => Err(OnnxFault::UnknownElementType { code }.at(self.place(near))),
        }
    }

    fn tensor_type(&mut self, record: TypeTensor, near: &Bytes) -> Result<(Option<DType>, Option<Shape>)> {
        let dtype = self.element_type(record.elem_type, near)?;
        let Some(record) = record.shape else { return Ok((dtype, None)) };
        let cap = self.cx.limits().rank;
        if record.dim.len() as u64 > cap.into() {
            return Err(OnnxFault::TypeRank { rank: record.dim.len(), cap }.at(self.place(near)));
        }
        let mut shape = Shape::default();
        for (axis, dim) in (0_u32..).zip(record.dim) {
            shape.dims.push(match dim.value {
                None | Some(DimensionValue::Value(-1)) => Dim::Unknown,
                Some(DimensionValue::Value(dim)) => match u64::try_from(dim) {
                    Ok(dim) => Dim::Known(dim),
                    Err(_) => return Err(OnnxFault::NegativeTypeDim { dim }.at(self.place(near))),
                },
                Some(DimensionValue::Param(name)) if name.is_empty() => Dim::Unknown,
                Some(DimensionValue::Param(name)) => Dim::Symbol(self.symbol(&name)?),
            });
            if let Some(denotation) = self.text(dim.denotation)? {
                shape.denotations.push((axis, denotation));
            }
        }
        Ok((dtype, Some(shape)))
    }

    /// Equal names share one string.
    fn symbol(&mut self, name: &Bytes) -> Result<Arc<str>> {
        if let Some(symbol) = self.symbols.get(name) {
            return Ok(Arc::clone(symbol));
        }
        let symbol: Arc<str> = self.borrowed_name(name)?.into();
        self.symbols.insert(name.clone(), Arc::clone(&symbol));
        Ok(symbol)
    }
}

/// The specification: an integral type or string.
fn is_map_key(dtype: DType) -> bool {
    use DType::{Int8, Int16, Int32, Int64, String, Uint8, Uint16, Uint32, Uint64};
    matches!(dtype, Int8 | Int16 | Int32 | Int64 | Uint8 | Uint16 | Uint32 | Uint64 | String)
}
