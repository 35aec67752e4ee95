//! What is declared and what is inferred of one value complete each other.

use crate::ir::infer::dims;
use crate::ir::types::{Dim, Shape, Type, TypeKind};

/// The best of two types.
pub(super) struct Merged {
    pub(super) ty: Type,
    /// They contradict; `true` if in more than rank and dimensions.
    pub(super) disagrees: Option<bool>,
}

/// Merges a declared type with an inferred one, which wins where they contradict.
pub(super) fn merge(declared: &Type, inferred: &Type) -> Merged {
    let denotation = declared.denotation.clone().or_else(|| inferred.denotation.clone());
    let whole = |ty: &Type, disagrees| Merged { ty: Type { denotation: denotation.clone(), ..ty.clone() }, disagrees };
    match (&declared.kind, &inferred.kind) {
        (TypeKind::Unspecified, _) => whole(inferred, None),
        (_, TypeKind::Unspecified)
        | (TypeKind::Map { .. }, TypeKind::Map { .. })
        | (TypeKind::SparseTensor { .. }, TypeKind::SparseTensor { .. })
        | (TypeKind::Opaque { .. }, TypeKind::Opaque { .. }) => whole(declared, None),
        (TypeKind::Tensor { dtype: said, shape: drawn }, TypeKind::Tensor { dtype: found, shape: measured }) => {
            let mut disagrees = (said.is_some() && found.is_some() && said != found).then_some(true);
            let shape = match (drawn, measured) {
                (Some(drawn), Some(measured)) if drawn.dims.len() == measured.dims.len() => {
                    let dims = drawn.dims.iter().zip(&measured.dims).map(|(drawn, measured)| {
                        if let (Dim::Known(a), Dim::Known(b)) = (drawn, measured)
                            && a != b
                        {
                            disagrees.get_or_insert(false);
                        }
                        finer(drawn, measured)
                    });
                    Some(Shape { dims: dims.collect(), denotations: drawn.denotations.clone() })
                }
                (Some(_), Some(measured)) => {
                    disagrees.get_or_insert(false);
                    Some(measured.clone())
                }
                (drawn, measured) => measured.as_ref().or(drawn.as_ref()).cloned(),
            };
            Merged { ty: Type { kind: TypeKind::Tensor { dtype: found.or(*said), shape }, denotation }, disagrees }
        }
        (TypeKind::Sequence(said), TypeKind::Sequence(found)) => {
            within(said.as_deref(), found.as_deref(), TypeKind::Sequence)
        }
        (TypeKind::Optional(said), TypeKind::Optional(found)) => {
            within(said.as_deref(), found.as_deref(), TypeKind::Optional)
        }
        _ => whole(inferred, Some(true)),
    }
}

/// The types of elements.
fn within(declared: Option<&Type>, inferred: Option<&Type>, list: impl Fn(Option<Box<Type>>) -> TypeKind) -> Merged {
    let (inner, disagrees) = match (declared, inferred) {
        (Some(declared), Some(inferred)) => {
            let Merged { ty, disagrees } = merge(declared, inferred);
            (Some(ty), disagrees)
        }
        (declared, inferred) => (inferred.or(declared).cloned(), None),
    };
    Merged { ty: Type { kind: list(inner.map(Box::new)), denotation: None }, disagrees }
}

/// The dimension that says more.
///
/// A name that is inferred comes from the inputs, and the same name elsewhere is the same number; what is declared in
/// the middle of a graph is a name of its own as often as not. A name that was made up says least.
fn finer(declared: &Dim, inferred: &Dim) -> Dim {
    match (dims::rank(declared), dims::rank(inferred)) {
        (0, 1..) | (..3, 3) | (_, 4) => declared.clone(),
        _ => inferred.clone(),
    }
}

/// What holds of both types: of a value that is one or the other.
pub(super) fn either(a: &Type, b: &Type) -> Option<Type> {
    let kind = match (&a.kind, &b.kind) {
        (a, b) if a == b => a.clone(),
        (TypeKind::Tensor { dtype, shape }, TypeKind::Tensor { dtype: other, shape: other_shape }) => {
            let dtype = dtype.filter(|_| dtype == other)?;
            let shape = match (shape, other_shape) {
                (Some(a), Some(b)) if a.dims.len() == b.dims.len() => {
                    Some(Shape::new(a.dims.iter().zip(&b.dims).map(|(a, b)| dims::either(a, b))))
                }
                _ => None,
            };
            TypeKind::Tensor { dtype: Some(dtype), shape }
        }
        (TypeKind::Sequence(Some(a)), TypeKind::Sequence(Some(b))) => TypeKind::Sequence(Some(Box::new(either(a, b)?))),
        (TypeKind::Optional(Some(a)), TypeKind::Optional(Some(b))) => TypeKind::Optional(Some(Box::new(either(a, b)?))),
        _ => return None,
    };
    Some(Type { kind, denotation: None })
}
