//! Floats of different width made comparable.

use half::{bf16, f16};

use crate::runtime::RuntimePort;
use crate::tensor::{DType, Tensor};

/// True for floats that convert without a scale of their own.
fn is_float(dtype: DType) -> bool {
    matches!(dtype, DType::Float16 | DType::Bfloat16 | DType::Float32 | DType::Float64)
}

/// The elements; `None` for other types.
fn values(tensor: &Tensor) -> Option<Vec<f64>> {
    let bytes = tensor.to_le_bytes().filter(|bytes| tensor.byte_len() == Some(bytes.len() as u64))?;
    Some(match tensor.dtype {
        DType::Float16 => bytes.as_chunks().0.iter().map(|word| f16::from_le_bytes(*word).into()).collect(),
        DType::Bfloat16 => bytes.as_chunks().0.iter().map(|word| bf16::from_le_bytes(*word).into()).collect(),
        DType::Float32 => bytes.as_chunks().0.iter().map(|word| f32::from_le_bytes(*word).into()).collect(),
        DType::Float64 => bytes.as_chunks().0.iter().map(|word| f64::from_le_bytes(*word)).collect(),
        _ => return None,
    })
}

/// The same numbers as another type of float, rounded where it is narrower; the tensor itself where it is no float.
fn cast(tensor: &Tensor, dtype: DType) -> Tensor {
    let Some(values) = values(tensor).filter(|_| tensor.dtype != dtype) else { return tensor.clone() };
    #[expect(clippy::cast_possible_truncation, reason = "rounded to the type that is asked for")]
    let bytes: Vec<u8> = match dtype {
        DType::Float16 => values.into_iter().flat_map(|value| f16::from_f64(value).to_le_bytes()).collect(),
        DType::Bfloat16 => values.into_iter().flat_map(|value| bf16::from_f64(value).to_le_bytes()).collect(),
        DType::Float32 => values.into_iter().flat_map(|value| (value as f32).to_le_bytes()).collect(),
        DType::Float64 => values.into_iter().flat_map(f64::to_le_bytes).collect(),
        _ => return tensor.clone(),
    };
    let name = tensor.name.clone().unwrap_or_default();
    Tensor::new(name, dtype, tensor.dims.clone(), bytes).unwrap_or_else(|| tensor.clone())
}

/// Both as float64 if they are floats of different types, else as they are.
pub(super) fn same_width(a: &Tensor, b: &Tensor) -> (Tensor, Tensor) {
    if a.dtype != b.dtype && is_float(a.dtype) && is_float(b.dtype) {
        (cast(a, DType::Float64), cast(b, DType::Float64))
    } else {
        (a.clone(), b.clone())
    }
}

/// The inputs as a model declares them, floats converted.
pub(super) fn fit(inputs: &[Tensor], ports: &[RuntimePort]) -> Vec<Tensor> {
    let fit = |tensor: &Tensor| {
        let port = ports.iter().find(|port| Some(&port.name) == tensor.name.as_ref());
        match port.and_then(|port| port.ty.dtype()) {
            Some(dtype) if is_float(dtype) => cast(tensor, dtype),
            _ => tensor.clone(),
        }
    };
    inputs.iter().map(fit).collect()
}

/// The ports with the types of those of the same name, where both are floats.
pub(super) fn as_wide(ports: &[RuntimePort], like: &[RuntimePort]) -> Vec<RuntimePort> {
    let float = |port: &RuntimePort| port.ty.dtype().is_some_and(is_float);
    let widen = |port: &RuntimePort| {
        let other = like.iter().find(|other| other.name == port.name && float(other) && float(port));
        other.unwrap_or(port).clone()
    };
    ports.iter().map(widen).collect()
}

/// The largest finite magnitude; 0 for other types.
pub(super) fn largest(tensor: &Tensor) -> f64 {
    let values = values(tensor).unwrap_or_default();
    values.into_iter().filter(|value| value.is_finite()).fold(0.0, |most, value| most.max(value.abs()))
}
