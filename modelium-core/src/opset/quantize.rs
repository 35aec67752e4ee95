//! Quantisation.

use crate::ir::spelling;
use crate::ir::{OpType, Shape, Type};
use crate::opset::step::{Outcome, Step};
use crate::tensor::Tensor;

/// Down: one scale for the whole tensor.
pub(super) fn per_tensor(step: &mut Step<'_>) -> Outcome {
    let single = step.dims(1)?.iter().all(|dim| dim.known() == Some(1));
    if !single {
        return Err("a scale for each channel".to_owned());
    }
    step.drop("axis");
    step.keep()
}

/// Down: the result's type follows from a zero point alone.
pub(super) fn typed_by_zero_point(step: &mut Step<'_>) -> Outcome {
    if step.int("block_size")?.unwrap_or(0) != 0 {
        return Err("a scale for each block".to_owned());
    }
    let code = step.int("output_dtype")?.unwrap_or(0);
    if code != 0 && !step.has(2) {
        let dtype = spelling::dtype(code).ok_or("an element type that is not known")?;
        let dims = Shape::new(step.dims(1)?).to_known().ok_or("a scale whose shape is not known")?;
        let ty = Type::tensor(dtype, Some(Shape::known(&dims)));
        let length = ty.byte_len().filter(|&length| length <= 1 << 20).and_then(|length| usize::try_from(length).ok());
        let length = length.ok_or("a scale that is too large")?;
        let zero = step.hold(Tensor::new("", dtype, dims, vec![0; length]))?;
        step.put(2, zero);
    }
    step.drop("output_dtype");
    step.drop("block_size");
    step.keep()
}

/// Down: the result has the type of the scale.
pub(super) fn typed_by_scale(step: &mut Step<'_>) -> Outcome {
    computed_in(step, "output_dtype")
}

/// Down: the computation is in the type of the scale.
pub(super) fn precise_by_scale(step: &mut Step<'_>) -> Outcome {
    computed_in(step, "precision")
}

fn computed_in(step: &mut Step<'_>, attribute: &str) -> Outcome {
    let code = step.int(attribute)?.unwrap_or(0);
    if code != 0 && spelling::dtype(code) != Some(step.dtype(1)?) {
        return Err(format!("attribute '{attribute}' is another type than the scale's"));
    }
    step.drop(attribute);
    step.keep()
}

/// `(x − zero) · scale`, down; with one scale.
pub(super) fn dequantize(step: &mut Step<'_>) -> Outcome {
    let (x, scale, dtype) = (step.input(0)?, step.input(1)?, step.dtype(1)?);
    let mut value = step.cast(x, dtype);
    if let Some(zero) = step.node.input(2) {
        let zero = step.cast(zero, dtype);
        value = step.emit(OpType::Sub, &[value, zero], &[], value);
    }
    step.end(OpType::Mul, &[value, scale], &[])
}
