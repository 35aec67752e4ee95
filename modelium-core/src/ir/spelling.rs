//! Types as operator schemas and attributes spell them.

use crate::ir::infer::{from_code, type_string as of_tensor};
use crate::ir::types::{Type, TypeKind};
use crate::tensor::DType;

/// `tensor(float)`, `seq(tensor(int64))`, `optional(…)`, `sparse_tensor(float)`, `map(string,tensor(float))`.
///
/// `None` where the type leaves an element type open, and for types of a runtime's own.
pub(crate) fn type_string(ty: &Type) -> Option<String> {
    Some(match &ty.kind {
        TypeKind::Tensor { dtype, .. } => of_tensor((*dtype)?).to_owned(),
        TypeKind::SparseTensor { dtype, .. } => format!("sparse_{}", of_tensor((*dtype)?)),
        TypeKind::Sequence(inner) => format!("seq({})", type_string(inner.as_deref()?)?),
        TypeKind::Optional(inner) => format!("optional({})", type_string(inner.as_deref()?)?),
        TypeKind::Map { key, value } => {
            let key = of_tensor((*key)?).trim_start_matches("tensor(").trim_end_matches(')');
            format!("map({key},{})", type_string(value.as_deref()?)?)
        }
        TypeKind::Opaque { .. } | TypeKind::Unspecified => return None,
    })
}

/// The number that `TensorProto.DataType` gives to a type.
pub(crate) fn code(dtype: DType) -> i64 {
    (1..=64).find(|&code| from_code(code) == Some(dtype)).unwrap_or_default()
}

/// The type that `TensorProto.DataType` numbers so.
pub(crate) fn dtype(code: i64) -> Option<DType> {
    from_code(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_spelt_as_the_schemas_do() {
        let ty = |kind| Type { kind, denotation: None };
        let tensor = Type::tensor(DType::Float32, None);
        let list = ty(TypeKind::Sequence(Some(Box::new(tensor.clone()))));
        assert_eq!(type_string(&list).as_deref(), Some("seq(tensor(float))"));
        let map = ty(TypeKind::Map { key: Some(DType::Int64), value: Some(Box::new(tensor)) });
        assert_eq!(type_string(&map).as_deref(), Some("map(int64,tensor(float))"));
        assert_eq!(type_string(&ty(TypeKind::Sequence(None))), None);
    }

    #[test]
    fn every_type_has_a_number() {
        assert!(DType::ALL.into_iter().all(|it| dtype(code(it)) == Some(it)));
    }
}
