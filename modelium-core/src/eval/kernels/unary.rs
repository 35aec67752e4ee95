//! Functions of one tensor, element by element: what mathematics knows by a name.

use std::sync::Arc;

use crate::error::Result;
use crate::eval::array::{Array, Buffer, Element};
use crate::eval::call::{Call, Kernel};
use crate::eval::number::{Integer, by_integer};
use crate::eval::value::Value;
use crate::ir::OpType;
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::Abs => |call| integers_or(call, &Magnitude, f32::abs, f64::abs),
        OpType::Neg => |call| integers_or(call, &Negated, |x| -x, |x| -x),
        OpType::Sign => |call| integers_or(call, &Sign, sign_f32, sign_f64),
        OpType::Ceil => |call| floats(call, f32::ceil, f64::ceil),
        OpType::Floor => |call| floats(call, f32::floor, f64::floor),
        OpType::Round => |call| floats(call, f32::round_ties_even, f64::round_ties_even),
        OpType::Sqrt => |call| floats(call, f32::sqrt, f64::sqrt),
        OpType::Exp => |call| floats(call, f32::exp, f64::exp),
        OpType::Log => |call| floats(call, f32::ln, f64::ln),
        OpType::Reciprocal => |call| floats(call, |x| 1.0 / x, |x| 1.0 / x),
        OpType::Sin => |call| floats(call, f32::sin, f64::sin),
        OpType::Cos => |call| floats(call, f32::cos, f64::cos),
        OpType::Tan => |call| floats(call, f32::tan, f64::tan),
        OpType::Asin => |call| floats(call, f32::asin, f64::asin),
        OpType::Acos => |call| floats(call, f32::acos, f64::acos),
        OpType::Atan => |call| floats(call, f32::atan, f64::atan),
        OpType::Sinh => |call| floats(call, f32::sinh, f64::sinh),
        OpType::Cosh => |call| floats(call, f32::cosh, f64::cosh),
        OpType::Tanh => |call| floats(call, f32::tanh, f64::tanh),
        OpType::Asinh => |call| floats(call, f32::asinh, f64::asinh),
        OpType::Acosh => |call| floats(call, f32::acosh, f64::acosh),
        OpType::Atanh => |call| floats(call, f32::atanh, f64::atanh),
        OpType::Erf => |call| integers_or(call, &ErrorFunction, libm::erff, libm::erf),
        OpType::IsNaN => |call| classes(call, |x| x.is_nan()),
        OpType::IsInf => is_inf,
        _ => return None,
    })
}

fn sign_f32(x: f32) -> f32 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        x
    }
}

fn sign_f64(x: f64) -> f64 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        x
    }
}

/// Applies a function to floats, in place if nobody else reads them.
pub(super) fn floats(call: &mut Call<'_, '_>, f: impl Fn(f32) -> f32, g: impl Fn(f64) -> f64) -> Result<()> {
    let array = call.array(0)?;
    call.take(0);
    let dims = array.dims().to_vec();
    let buffer = match array.into_buffer() {
        Buffer::Float32(mut items) => {
            Arc::make_mut(&mut items).iter_mut().for_each(|item| *item = f(*item));
            Buffer::Float32(items)
        }
        Buffer::Float64(mut items) => {
            Arc::make_mut(&mut items).iter_mut().for_each(|item| *item = g(*item));
            Buffer::Float64(items)
        }
        Buffer::Float16(mut items) => {
            Arc::make_mut(&mut items).iter_mut().for_each(|item| *item = half::f16::from_f32(f(item.to_f32())));
            Buffer::Float16(items)
        }
        Buffer::Bfloat16(mut items) => {
            Arc::make_mut(&mut items).iter_mut().for_each(|item| *item = half::bf16::from_f32(f(item.to_f32())));
            Buffer::Bfloat16(items)
        }
        other => return Err(call.unknown_type(other.dtype())),
    };
    call.give_array(0, dims, buffer)
}

/// What an operator does to integers.
pub(super) trait OnIntegers {
    fn apply<T: Integer>(&self, item: T) -> T;
}

struct Magnitude;
struct Negated;
struct Sign;
struct ErrorFunction;

impl OnIntegers for Magnitude {
    fn apply<T: Integer>(&self, item: T) -> T {
        if item < T::default() { item.negated() } else { item }
    }
}

impl OnIntegers for Negated {
    fn apply<T: Integer>(&self, item: T) -> T {
        item.negated()
    }
}

impl OnIntegers for Sign {
    fn apply<T: Integer>(&self, item: T) -> T {
        match item.cmp(&T::default()) {
            std::cmp::Ordering::Less => T::ONE.negated(),
            std::cmp::Ordering::Equal => item,
            std::cmp::Ordering::Greater => T::ONE,
        }
    }
}

impl OnIntegers for ErrorFunction {
    fn apply<T: Integer>(&self, item: T) -> T {
        T::of_f64(libm::erf(item.to_f64()))
    }
}

/// One function on integers, another on floats.
pub(super) fn integers_or(
    call: &mut Call<'_, '_>,
    on_integers: &impl OnIntegers,
    f: impl Fn(f32) -> f32,
    g: impl Fn(f64) -> f64,
) -> Result<()> {
    let array = call.array(0)?;
    by_integer!(array.dtype(), T => {
        let items: Vec<T> = array.items::<T>().unwrap_or_default().iter().map(|&item| on_integers.apply(item)).collect();
        return call.give_array(0, array.dims().to_vec(), T::wrap(items));
    }, {});
    drop(array);
    floats(call, f, g)
}

fn is_inf(call: &mut Call<'_, '_>) -> Result<()> {
    let wanted = |name| call.int(name).is_none_or(|value| value != 0);
    let (negative, positive) = (wanted("detect_negative"), wanted("detect_positive"));
    classes(call, move |x| x.is_infinite() && if x > 0.0 { positive } else { negative })
}

/// A question about each float.
fn classes(call: &mut Call<'_, '_>, is: impl Fn(f64) -> bool) -> Result<()> {
    let array = call.array(0)?;
    if matches!(array.dtype(), DType::String | DType::Complex64 | DType::Complex128) {
        return Err(call.unknown_type(array.dtype()));
    }
    call.room(DType::Float64, array.dims())?;
    let items: Vec<bool> = array.to_f64s().unwrap_or_default().into_iter().map(is).collect();
    let answer = Array::new(array.dims().to_vec(), items).ok_or_else(|| call.misfit("elements are missing"))?;
    call.give(0, Value::Tensor(answer));
    Ok(())
}
