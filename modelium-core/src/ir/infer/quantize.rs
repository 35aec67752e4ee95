//! Quantisation to integers and small floats, and back.

use crate::ir::infer::call::{Call, Outcome, Rule};
use crate::ir::schema::OpType;
use crate::tensor::DType;

pub(super) fn rule(op: &OpType) -> Option<Rule> {
    Some(match op {
        OpType::QuantizeLinear => quantize,
        OpType::DequantizeLinear => dequantize,
        OpType::DynamicQuantizeLinear => dynamic_quantize,
        _ => return None,
    })
}

/// The attribute, else the zero point, else unsigned bytes.
pub(super) fn quantize(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype_attribute("output_dtype");
    let dtype = match dtype {
        Some(dtype) => Some(dtype),
        None if call.has(2) => call.dtype(2),
        None => Some(DType::Uint8),
    };
    call.typed(0, dtype);
    call.like(0, 0)
}

/// The attribute, else what the scale is of.
pub(super) fn dequantize(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype_attribute("output_dtype").or_else(|| call.dtype(1));
    call.typed(0, dtype);
    call.like(0, 0)
}

fn dynamic_quantize(call: &mut Call<'_, '_>) -> Outcome {
    call.shaped(1, Vec::new())?;
    call.shaped(2, Vec::new())?;
    call.like(0, 0)
}
