//! Lists of tensors, and values that may be absent.

use crate::ir::attribute::AttributeValue;
use crate::ir::infer::call::{Call, Gap, Outcome, Rule};
use crate::ir::infer::{dims, dtype, merge};
use crate::ir::schema::OpType;
use crate::ir::types::{Dim, Type, TypeKind};
use crate::tensor::DType;

pub(super) fn rule(op: &OpType) -> Option<Rule> {
    Some(match op {
        OpType::SequenceConstruct => construct,
        OpType::SequenceEmpty => empty,
        OpType::SequenceInsert => insert,
        OpType::SequenceErase => erase,
        OpType::SequenceAt => at,
        OpType::SequenceLength | OpType::OptionalHasElement => scalar,
        OpType::SplitToSequence => split,
        OpType::ConcatFromSequence => concat,
        OpType::Optional => optional,
        OpType::OptionalGetElement => get_element,
        _ => return None,
    })
}

fn list(element: Type) -> Type {
    Type { kind: TypeKind::Sequence(Some(Box::new(element))), denotation: None }
}

/// The elements of the first input, a list of tensors.
fn element<'c>(call: &'c Call<'_, '_>) -> Result<&'c Type, Gap> {
    match &call.ty(0).ok_or(Gap::Open)?.kind {
        TypeKind::Sequence(Some(element)) => Ok(element),
        _ => Err(Gap::Open),
    }
}

/// A tensor, and nothing else: so types do not nest without end.
fn tensor(ty: &Type) -> Result<&Type, Gap> {
    if matches!(ty.kind, TypeKind::Tensor { .. }) { Ok(ty) } else { Err(Gap::conflict("not a tensor")) }
}

fn construct(call: &mut Call<'_, '_>) -> Outcome {
    let mut common = tensor(call.ty(0).ok_or(Gap::Open)?)?.clone();
    for input in 1..call.node.inputs.len() {
        common = merge::either(&common, tensor(call.ty(input).ok_or(Gap::Open)?)?).ok_or(Gap::Open)?;
    }
    call.other(0, list(common))
}

fn empty(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype_attribute("dtype").unwrap_or(DType::Float32);
    call.other(0, list(dtype::tensor(Some(dtype), None)))
}

fn insert(call: &mut Call<'_, '_>) -> Outcome {
    let common = merge::either(element(call)?, call.ty(1).ok_or(Gap::Open)?).ok_or(Gap::Open)?;
    call.other(0, list(common))
}

fn erase(call: &mut Call<'_, '_>) -> Outcome {
    let same = list(element(call)?.clone());
    call.other(0, same)
}

fn at(call: &mut Call<'_, '_>) -> Outcome {
    let element = element(call)?.clone();
    call.other(0, element)
}

fn scalar(call: &mut Call<'_, '_>) -> Outcome {
    call.shaped(0, Vec::new())
}

fn split(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    let Ok(shape) = call.shape(0) else { return call.other(0, list(dtype::tensor(dtype, None))) };
    let mut dims = shape.to_vec();
    let axis = dims::axis(call.int("axis").unwrap_or(0), dims.len())?;
    if call.has(1) {
        let sizes = call.ints_at(1);
        let whole = dims[axis].known();
        let equal = sizes.and_then(|sizes| match sizes.as_slice() {
            // One size for all parts, or the size of each: of one length only if they say so.
            [size] => {
                u64::try_from(*size).ok().filter(|&size| whole.and_then(|whole| whole.checked_rem(size)) == Some(0))
            }
            [first, rest @ ..] if rest.iter().all(|size| size == first) => u64::try_from(*first).ok(),
            _ => None,
        });
        dims[axis] = equal.map_or(Dim::Unknown, Dim::Known);
    } else if call.int("keepdims").unwrap_or(1) == 0 {
        dims.remove(axis);
    } else {
        dims[axis] = Dim::Known(1);
    }
    call.other(0, list(dtype::tensor(dtype, Some(dims))))
}

fn concat(call: &mut Call<'_, '_>) -> Outcome {
    let element = element(call)?;
    let dtype = element.dtype();
    let dims = element.shape().map(|shape| shape.dims.clone());
    call.typed(0, dtype);
    let mut dims = dims.ok_or(Gap::Open)?;
    let axis = call.int("axis").ok_or(Gap::Open)?;
    if call.int("new_axis").unwrap_or(0) != 0 {
        dims.insert(dims::axis(axis, dims.len() + 1)?, Dim::Unknown);
    } else {
        let axis = dims::axis(axis, dims.len())?;
        dims[axis] = Dim::Unknown;
    }
    call.shaped(0, dims)
}

fn optional(call: &mut Call<'_, '_>) -> Outcome {
    let inner = match (call.ty(0), call.attribute("type")) {
        (Some(ty), _) => ty.clone(),
        (None, Some(AttributeValue::Type(ty))) => (**ty).clone(),
        _ => return Err(Gap::Open),
    };
    if !matches!(inner.kind, TypeKind::Tensor { .. } | TypeKind::Sequence(_)) {
        return Err(Gap::conflict("neither a tensor nor a list"));
    }
    call.other(0, Type { kind: TypeKind::Optional(Some(Box::new(inner))), denotation: None })
}

fn get_element(call: &mut Call<'_, '_>) -> Outcome {
    let inner = match &call.ty(0).ok_or(Gap::Open)?.kind {
        TypeKind::Optional(Some(inner)) => (**inner).clone(),
        TypeKind::Optional(None) => return Err(Gap::Open),
        // Since opset 18 a value that is there anyway.
        kind => Type { kind: kind.clone(), denotation: None },
    };
    call.other(0, inner)
}
