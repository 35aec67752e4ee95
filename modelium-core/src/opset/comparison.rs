//! Comparisons, casts and signs.

use crate::ir::spelling;
use crate::ir::{AttributeValue, OpType, Type};
use crate::opset::step::{Outcome, Step};
use crate::tensor::DType;

/// Greater, or equal; so that it is false where one is no number.
pub(super) fn greater_or_equal(step: &mut Step<'_>) -> Outcome {
    either(step, OpType::Greater)
}

/// Less, or equal.
pub(super) fn less_or_equal(step: &mut Step<'_>) -> Outcome {
    either(step, OpType::Less)
}

fn either(step: &mut Step<'_>, strict: OpType) -> Outcome {
    let (a, b) = (step.input(0)?, step.input(1)?);
    let truth = || Some(Type::tensor(DType::Bool, None));
    let strict = step.emit_typed(strict, &[a, b], &[], truth());
    let equal = step.emit_typed(OpType::Equal, &[a, b], &[], truth());
    step.end(OpType::Or, &[strict, equal], &[])
}

/// A cast to the type of the second input, which has to be known.
pub(super) fn cast_like(step: &mut Step<'_>) -> Outcome {
    let to = step.dtype(1)?;
    step.cut(1);
    step.set("to", AttributeValue::Int(spelling::code(to)));
    step.rename(OpType::Cast);
    step.keep()
}

/// Saturation says something of 8-bit floats alone.
pub(super) fn cast_saturate(step: &mut Step<'_>) -> Outcome {
    let to = step.int("to")?.unwrap_or_default();
    // 17 to 20 are the 8-bit floats that saturate
    if step.int("saturate")? == Some(0) && (17..=20).contains(&to) {
        return Err("a cast to an 8-bit float that does not saturate".to_owned());
    }
    step.drop("saturate");
    step.keep()
}

/// Rounding says something of 8-bit exponents alone.
pub(super) fn cast_rounding(step: &mut Step<'_>) -> Outcome {
    // 24 is float8e8m0
    if step.text("round_mode")?.is_some_and(|mode| mode != "up") && step.int("to")? == Some(24) {
        return Err("a cast to float8e8m0 that does not round up".to_owned());
    }
    step.drop("round_mode");
    step.keep()
}

/// `1` above zero, `−1` below.
pub(super) fn sign(step: &mut Step<'_>) -> Outcome {
    let (x, dtype) = (step.input(0)?, step.dtype(0)?);
    let zero = step.hold_float(0.0, dtype)?;
    let truth = || Some(Type::tensor(DType::Bool, None));
    let above = step.emit_typed(OpType::Greater, &[x, zero], &[], truth());
    let below = step.emit_typed(OpType::Less, &[x, zero], &[], truth());
    let (above, below) = (step.cast(above, dtype), step.cast(below, dtype));
    step.end(OpType::Sub, &[above, below], &[])
}

/// Floats take no floor of a quotient before.
pub(super) fn modulo(step: &mut Step<'_>) -> Outcome {
    let floats = [DType::Float16, DType::Bfloat16, DType::Float32, DType::Float64];
    if step.int("fmod")?.unwrap_or(0) == 0 && step.dtype(0).map_or(true, |dtype| floats.contains(&dtype)) {
        return Err("a remainder of floats by floor, not by truncation".to_owned());
    }
    step.keep()
}
