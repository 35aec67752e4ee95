//! Activations that opsets gained: written out as what the specification says they are.

use crate::ir::{AttributeValue, OpType, ValueId};
use crate::opset::step::{Outcome, Step};
use crate::tensor::DType;

/// The input, its element type.
fn subject(step: &Step<'_>) -> Result<(ValueId, DType), String> {
    Ok((step.input(0)?, step.dtype(0)?))
}

/// `x · max(0, min(1, x/6 + 1/2))`.
pub(super) fn hard_swish(step: &mut Step<'_>) -> Outcome {
    let x = step.input(0)?;
    let attributes = [("alpha", AttributeValue::Float(1.0 / 6.0)), ("beta", AttributeValue::Float(0.5))];
    let gate = step.emit(OpType::HardSigmoid, &[x], &attributes, x);
    step.end(OpType::Mul, &[x, gate], &[])
}

/// `x · tanh(ln(1 + eˣ))`.
pub(super) fn mish(step: &mut Step<'_>) -> Outcome {
    let x = step.input(0)?;
    let soft = step.emit(OpType::Softplus, &[x], &[], x);
    let gate = step.emit(OpType::Tanh, &[soft], &[], x);
    step.end(OpType::Mul, &[x, gate], &[])
}

/// `x · σ(α·x)`.
pub(super) fn swish(step: &mut Step<'_>) -> Outcome {
    let x = step.input(0)?;
    let alpha = step.float("alpha")?.unwrap_or(1.0);
    let gate = gate(step, x, alpha)?;
    step.end(OpType::Mul, &[x, gate], &[])
}

/// `x · σ(α·x) · b`.
pub(super) fn swiglu(step: &mut Step<'_>) -> Outcome {
    let (a, b) = (step.input(0)?, step.input(1)?);
    let alpha = step.float("alpha")?.unwrap_or(1.0);
    let gate = gate(step, a, alpha)?;
    let swish = step.emit(OpType::Mul, &[a, gate], &[], a);
    step.end(OpType::Mul, &[swish, b], &[])
}

fn gate(step: &mut Step<'_>, x: ValueId, alpha: f32) -> Result<ValueId, String> {
    let mut scaled = x;
    #[expect(clippy::float_cmp, reason = "one is spelt, not computed")]
    if alpha != 1.0 {
        let dtype = step.dtype(0)?;
        let alpha = step.hold_float(alpha.into(), dtype)?;
        scaled = step.emit(OpType::Mul, &[x, alpha], &[], x);
    }
    Ok(step.emit(OpType::Sigmoid, &[scaled], &[], x))
}

/// `α · (eˣᐟᵅ − 1)` below zero, `x` above.
pub(super) fn celu(step: &mut Step<'_>) -> Outcome {
    let (x, dtype) = subject(step)?;
    let alpha = step.float("alpha")?.unwrap_or(1.0);
    let alpha = step.hold_float(alpha.into(), dtype)?;
    let scaled = step.emit(OpType::Div, &[x, alpha], &[], x);
    let elu = step.emit(OpType::Elu, &[scaled], &[("alpha", AttributeValue::Float(1.0))], x);
    step.end(OpType::Mul, &[elu, alpha], &[])
}

/// `x · Φ(x)`, or its approximation by tanh.
pub(super) fn gelu(step: &mut Step<'_>) -> Outcome {
    let (x, dtype) = subject(step)?;
    let approximate = step.text("approximate")?.unwrap_or("none").to_owned();
    let (one, half) = (step.hold_float(1.0, dtype)?, step.hold_float(0.5, dtype)?);
    let inner = match approximate.as_str() {
        "none" => {
            let root = step.hold_float(std::f64::consts::SQRT_2, dtype)?;
            let scaled = step.emit(OpType::Div, &[x, root], &[], x);
            step.emit(OpType::Erf, &[scaled], &[], x)
        }
        "tanh" => {
            let cubic = step.hold_float(0.044_715, dtype)?;
            let factor = step.hold_float((2.0 / std::f64::consts::PI).sqrt(), dtype)?;
            let square = step.emit(OpType::Mul, &[x, x], &[], x);
            let cube = step.emit(OpType::Mul, &[square, x], &[], x);
            let term = step.emit(OpType::Mul, &[cube, cubic], &[], x);
            let sum = step.emit(OpType::Add, &[x, term], &[], x);
            let scaled = step.emit(OpType::Mul, &[sum, factor], &[], x);
            step.emit(OpType::Tanh, &[scaled], &[], x)
        }
        other => return Err(format!("approximation '{other}' is not known")),
    };
    let sum = step.emit(OpType::Add, &[inner, one], &[], x);
    let halved = step.emit(OpType::Mul, &[x, half], &[], x);
    step.end(OpType::Mul, &[halved, sum], &[])
}

/// `x` above α, else zero.
pub(super) fn thresholded_relu(step: &mut Step<'_>) -> Outcome {
    let (x, dtype) = subject(step)?;
    let alpha = step.float("alpha")?.unwrap_or(1.0);
    let (alpha, zero) = (step.hold_float(alpha.into(), dtype)?, step.hold_float(0.0, dtype)?);
    let above = compare(step, OpType::Greater, x, alpha);
    step.end(OpType::Where, &[above, x, zero], &[])
}

/// A comparison, which has the shape of its first operand.
fn compare(step: &mut Step<'_>, op: OpType, a: ValueId, b: ValueId) -> ValueId {
    let shape = step.ty(a).and_then(crate::ir::Type::shape).cloned();
    step.emit_typed(op, &[a, b], &[], Some(crate::ir::Type::tensor(DType::Bool, shape)))
}

/// `(eˣ − e⁻ˣ) / 2`.
pub(super) fn sinh(step: &mut Step<'_>) -> Outcome {
    halves(step, OpType::Sub)
}

/// `(eˣ + e⁻ˣ) / 2`.
pub(super) fn cosh(step: &mut Step<'_>) -> Outcome {
    halves(step, OpType::Add)
}

fn halves(step: &mut Step<'_>, op: OpType) -> Outcome {
    let (x, dtype) = subject(step)?;
    let negative = step.emit(OpType::Neg, &[x], &[], x);
    let up = step.emit(OpType::Exp, &[x], &[], x);
    let down = step.emit(OpType::Exp, &[negative], &[], x);
    let both = step.emit(op, &[up, down], &[], x);
    let half = step.hold_float(0.5, dtype)?;
    step.end(OpType::Mul, &[both, half], &[])
}
