//! Activations: functions of one tensor with parameters in attributes.

use crate::error::Result;
use crate::eval::array::Element as _;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::unary::{OnIntegers, floats, integers_or};
use crate::eval::number::{Integer, Real, by_integer, by_precision, is_float, reals};
use crate::ir::OpType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::Relu => |call| integers_or(call, &Positive, |x| x.most(0.0), |x| x.most(0.0)),
        OpType::LeakyRelu => |call| with(call, &[("alpha", 0.01)], |x, [a, _]| if x < 0.0 { a * x } else { x }),
        OpType::ThresholdedRelu => |call| with(call, &[("alpha", 1.0)], |x, [a, _]| if x > a { x } else { 0.0 }),
        OpType::Elu => |call| with(call, &[("alpha", 1.0)], |x, [a, _]| if x < 0.0 { a * x.exp_m1() } else { x }),
        OpType::Celu => {
            |call| with(call, &[("alpha", 1.0)], |x, [a, _]| if x < 0.0 { a * (x / a).exp_m1() } else { x })
        }
        OpType::Selu => selu,
        OpType::HardSigmoid => {
            |call| with(call, &[("alpha", 0.2), ("beta", 0.5)], |x, [a, b]| (a * x + b).clamp(0.0, 1.0))
        }
        OpType::HardSwish => |call| with(call, &[], |x, _| x * (x / 6.0 + 0.5).clamp(0.0, 1.0)),
        OpType::Sigmoid => |call| floats(call, sigmoid_f32, sigmoid),
        OpType::Softplus => |call| with(call, &[], |x, _| softplus(x)),
        OpType::Softsign => |call| with(call, &[], |x, _| x / (1.0 + x.abs())),
        OpType::Mish => |call| with(call, &[], |x, _| x * softplus(x).tanh()),
        OpType::Swish => |call| with(call, &[("alpha", 1.0)], |x, [a, _]| x * sigmoid(a * x)),
        OpType::SwiGLU => swiglu,
        OpType::Gelu => gelu,
        OpType::Shrink => shrink,
        _ => return None,
    })
}

struct Positive;

impl OnIntegers for Positive {
    fn apply<T: Integer>(&self, item: T) -> T {
        item.max(T::default())
    }
}

/// The logistic function, without overflow on either side.
pub(super) fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 { 1.0 / (1.0 + (-x).exp()) } else { x.exp() / (1.0 + x.exp()) }
}

fn sigmoid_f32(x: f32) -> f32 {
    if x >= 0.0 { 1.0 / (1.0 + (-x).exp()) } else { x.exp() / (1.0 + x.exp()) }
}

/// `ln(1 + eˣ)`, without overflow.
pub(super) fn softplus(x: f64) -> f64 {
    if x > 0.0 { x + (-x).exp().ln_1p() } else { x.exp().ln_1p() }
}

/// A function with up to two float attributes and their defaults.
fn with(call: &mut Call<'_, '_>, parameters: &[(&str, f32)], f: impl Fn(f64, [f64; 2]) -> f64) -> Result<()> {
    let parameter =
        |index: usize| parameters.get(index).map_or(0.0, |(name, default)| call.float(name).unwrap_or(*default).into());
    let parameters = [parameter(0), parameter(1)];
    floats(call, |x| f(x.into(), parameters) as f32, |x| f(x, parameters))
}

fn selu(call: &mut Call<'_, '_>) -> Result<()> {
    // the first version rounds its defaults to five digits
    let defaults = if call.opset < 6 { [1.6732, 1.0507] } else { [1.673_263_2, 1.050_701] };
    with(
        call,
        &[("alpha", defaults[0]), ("gamma", defaults[1])],
        |x, [a, g]| {
            if x > 0.0 { g * x } else { g * a * x.exp_m1() }
        },
    )
}

fn gelu(call: &mut Call<'_, '_>) -> Result<()> {
    match call.str("approximate") {
        Some("tanh") => {
            let f = |x: f64| 0.5 * x * (1.0 + (0.797_884_560_802_865_4 * (x + 0.044_715 * x * x * x)).tanh());
            floats(call, |x| f(x.into()) as f32, f)
        }
        _ => {
            let half = std::f32::consts::FRAC_1_SQRT_2;
            let f = |x: f32| 0.5 * x * (1.0 + libm::erff(x * half));
            floats(call, f, |x| 0.5 * x * (1.0 + libm::erf(x * std::f64::consts::FRAC_1_SQRT_2)))
        }
    }
}

fn swiglu(call: &mut Call<'_, '_>) -> Result<()> {
    let (gate, linear) = (call.array(0)?, call.array(1)?);
    if gate.dims() != linear.dims() || gate.dtype() != linear.dtype() {
        return Err(call.misfit("gate and value differ in shape or type"));
    }
    if !is_float(gate.dtype()) {
        return Err(call.unknown_type(gate.dtype()));
    }
    let alpha = f64::from(call.float("alpha").unwrap_or(1.0));
    by_precision!(gate.dtype(), T => {
        let (a, b) = (reals::<T>(&gate).unwrap_or_default(), reals::<T>(&linear).unwrap_or_default());
        let swish = |a: T| T::of(a.to_f64() * sigmoid(alpha * a.to_f64()));
        let items: Vec<T> = a.iter().zip(b.iter()).map(|(&a, &b)| swish(a) * b).collect();
        call.give_reals(0, gate.dtype(), gate.dims().to_vec(), items)
    })
}

fn shrink(call: &mut Call<'_, '_>) -> Result<()> {
    let (bias, lambda) = (call.float("bias").unwrap_or(0.0), call.float("lambd").unwrap_or(0.5));
    let (bias, lambda) = (f64::from(bias), f64::from(lambda));
    let f = |x: f64| {
        if x < -lambda {
            x + bias
        } else if x > lambda {
            x - bias
        } else {
            0.0
        }
    };
    let array = call.array(0)?;
    by_integer!(array.dtype(), T => {
        let items = array.items::<T>().unwrap_or_default().iter().map(|&item| T::of_f64(f(item.to_f64()))).collect();
        return call.give_array(0, array.dims().to_vec(), T::wrap(items));
    }, {});
    drop(array);
    floats(call, |x| f(x.into()) as f32, f)
}
