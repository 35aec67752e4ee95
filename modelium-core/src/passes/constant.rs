//! Constants that passes read and make.

use half::{bf16, f16};

use crate::blob::Blob;
use crate::ir::{Attribute, AttributeValue, NodeId, OpType, ValueId};
use crate::passes::{Patch, View};
use crate::tensor::{DType, Data, Tensor};

/// The most elements that are looked at to see whether they are all the same.
const MOST_UNIFORM: u64 = 1 << 16;

/// A list of int64.
pub(super) fn list(values: &[i64]) -> Tensor {
    raw(DType::Int64, vec![values.len() as u64], values.iter().flat_map(|value| value.to_le_bytes()).collect())
}

/// A tensor over bytes that fill it.
pub(super) fn raw(dtype: DType, dims: Vec<u64>, bytes: Vec<u8>) -> Tensor {
    Tensor { name: None, dtype, dims, data: Data::Raw(Blob::from_bytes("constant", bytes)), notes: None }
}

/// The elements of a tensor of floating-point numbers.
pub(super) fn floats(tensor: &Tensor) -> Option<Vec<f64>> {
    let bytes = tensor.to_le_bytes()?;
    Some(match tensor.dtype {
        DType::Float16 => bytes.as_chunks().0.iter().map(|word| f16::from_le_bytes(*word).to_f64()).collect(),
        DType::Bfloat16 => bytes.as_chunks().0.iter().map(|word| bf16::from_le_bytes(*word).to_f64()).collect(),
        DType::Float32 => bytes.as_chunks().0.iter().map(|word| f32::from_le_bytes(*word).into()).collect(),
        DType::Float64 => bytes.as_chunks().0.iter().map(|word| f64::from_le_bytes(*word)).collect(),
        _ => return None,
    })
}

/// A tensor of numbers, each rounded to the element type; `None` for types that are not numbers of 16 bits or more, and
/// for integers that do not fit.
#[expect(clippy::cast_possible_truncation, reason = "rounding is what is asked for; integers are checked")]
pub(super) fn of_numbers(dtype: DType, dims: Vec<u64>, values: &[f64]) -> Option<Tensor> {
    let whole = |value: f64| (value.fract() == 0.0 && value.abs() < 9.0e15).then_some(value as i64);
    let bytes = match dtype {
        DType::Float16 => values.iter().flat_map(|&value| f16::from_f64(value).to_le_bytes()).collect(),
        DType::Bfloat16 => values.iter().flat_map(|&value| bf16::from_f64(value).to_le_bytes()).collect(),
        DType::Float32 => values.iter().flat_map(|&value| (value as f32).to_le_bytes()).collect(),
        DType::Float64 => values.iter().flat_map(|&value| value.to_le_bytes()).collect(),
        _ => {
            let whole: Vec<i64> = values.iter().map(|&value| whole(value)).collect::<Option<_>>()?;
            return of_ints(dtype, dims, &whole);
        }
    };
    Some(raw(dtype, dims, bytes))
}

/// A tensor of integers or booleans; `None` if one does not fit.
pub(super) fn of_ints(dtype: DType, dims: Vec<u64>, values: &[i64]) -> Option<Tensor> {
    let mut bytes = Vec::with_capacity(values.len().saturating_mul(8));
    for &value in values {
        match dtype {
            DType::Bool if value == 0 || value == 1 => bytes.push(u8::from(value == 1)),
            DType::Int8 => bytes.extend(i8::try_from(value).ok()?.to_le_bytes()),
            DType::Uint8 => bytes.extend(u8::try_from(value).ok()?.to_le_bytes()),
            DType::Int16 => bytes.extend(i16::try_from(value).ok()?.to_le_bytes()),
            DType::Uint16 => bytes.extend(u16::try_from(value).ok()?.to_le_bytes()),
            DType::Int32 => bytes.extend(i32::try_from(value).ok()?.to_le_bytes()),
            DType::Uint32 => bytes.extend(u32::try_from(value).ok()?.to_le_bytes()),
            DType::Int64 => bytes.extend(value.to_le_bytes()),
            DType::Uint64 => bytes.extend(u64::try_from(value).ok()?.to_le_bytes()),
            _ => return None,
        }
    }
    Some(raw(dtype, dims, bytes))
}

/// The number that every element of a constant is, NaN aside.
pub(super) fn uniform(view: &View<'_>, value: ValueId) -> Option<f64> {
    let Some(tensor) = view.tensor(value) else {
        let elements = view.elements(value)?;
        let first = elements.items.first()?.float()?;
        return elements.items.iter().all(|item| item.float() == Some(first)).then_some(first);
    };
    uniform_of(tensor)
}

/// The number that every element of a tensor is, NaN aside.
pub(super) fn uniform_of(tensor: &Tensor) -> Option<f64> {
    if tensor.elements().is_none_or(|count| count == 0 || count > MOST_UNIFORM) {
        return None;
    }
    let bytes = tensor.to_le_bytes()?;
    let width = usize::try_from(tensor.dtype.bits()?).ok()? / 8;
    let first = bytes.get(..width).filter(|first| !first.is_empty())?;
    if bytes.chunks(width).any(|item| item != first) {
        return None;
    }
    let one = Tensor { dims: vec![], ..raw(tensor.dtype, vec![], first.to_vec()) };
    let number = match floats(&one) {
        Some(values) => values.first().copied()?,
        None => crate::ir::infer::value::Elements::of(&one)?.single()?.float()?,
    };
    (!number.is_nan()).then_some(number)
}

/// A patch that puts a constant in the place of a node's only output: an initializer, or a `Constant` where there are
/// none.
pub(super) fn instead(view: &View<'_>, node: NodeId, value: ValueId, tensor: Tensor) -> Patch {
    all_instead(view, node, vec![(value, tensor)])
}

/// The same for all outputs of a node that somebody reads.
pub(super) fn all_instead(view: &View<'_>, node: NodeId, constants: Vec<(ValueId, Tensor)>) -> Patch {
    let mut patch = Patch::remove([node]);
    for (value, tensor) in constants {
        if view.site.has_initializers() {
            let name = Some(view.value(value).name.clone());
            patch = patch.constant(value, Tensor { name, ..tensor });
        } else {
            let attribute = Attribute::new("value", AttributeValue::Tensor(Box::new(tensor)));
            patch.node_giving(OpType::Constant, [], vec![attribute], [Some(value)]);
        }
    }
    patch
}
