//! Arithmetic on two tensors that are stretched to fit each other, and on any number of them.

use crate::error::Result;
use crate::eval::array::{Array, Buffer, Element};
use crate::eval::broadcast;
use crate::eval::call::{Call, Kernel};
use crate::eval::number::{Integer, Real, by_integer, by_precision, is_float, reals};
use crate::ir::OpType;
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::Add => |call| two(call, &Plus),
        OpType::Sub => |call| two(call, &Minus),
        OpType::Mul => |call| two(call, &Times),
        OpType::Div => |call| two(call, &Over),
        OpType::Mod => modulo,
        OpType::Pow => pow,
        OpType::PRelu => prelu,
        OpType::Sum => |call| many(call, &Plus),
        OpType::Max => |call| many(call, &Most),
        OpType::Min => |call| many(call, &Least),
        OpType::Mean => mean,
        OpType::Clip => clip,
        _ => return None,
    })
}

/// An operation on two numbers of one type.
trait Operation {
    fn integers<T: Integer>(&self, a: T, b: T) -> T;
    fn reals<T: Real>(&self, a: T, b: T) -> T;
}

macro_rules! operation {
    ($($name:ident: $a:ident, $b:ident => $integers:expr, $reals:expr;)*) => {$(
        struct $name;

        impl Operation for $name {
            fn integers<T: Integer>(&self, $a: T, $b: T) -> T {
                $integers
            }
            fn reals<T: Real>(&self, $a: T, $b: T) -> T {
                $reals
            }
        }
    )*};
}

operation! {
    Plus: a, b => a.plus(b), a + b;
    Minus: a, b => a.minus(b), a - b;
    Times: a, b => a.times(b), a * b;
    Over: a, b => a.over(b), a / b;
    Most: a, b => a.max(b), a.most(b);
    Least: a, b => a.min(b), a.least(b);
    Rest: a, b => a.rest(b), a % b;
    Modulo: a, b => floored(a, b), floored_real(a, b);
    Slope: a, b => if a < T::default() { a.times(b) } else { a }, if a < T::ZERO { a * b } else { a };
}

/// The rest of a division rounded down: it has the sign of `b`.
fn floored<T: Integer>(a: T, b: T) -> T {
    let rest = a.rest(b);
    if rest != T::default() && (rest < T::default()) != (b < T::default()) { rest.plus(b) } else { rest }
}

fn floored_real<T: Real>(a: T, b: T) -> T {
    let rest = a % b;
    if rest == T::ZERO {
        return if b.to_f64().is_sign_negative() { -T::ZERO } else { T::ZERO };
    }
    if (rest < T::ZERO) == (b < T::ZERO) { rest } else { rest + b }
}

fn two(call: &mut Call<'_, '_>, operation: &impl Operation) -> Result<()> {
    let (a, b) = operands(call)?;
    let array = apply(call, operation, &a, &b)?;
    call.give(0, array);
    Ok(())
}

/// The two operands. Before opset 7, and in that of `PRelu`, the second one is aligned by the attribute `axis`.
pub(super) fn operands(call: &mut Call<'_, '_>) -> Result<(Array, Array)> {
    let (a, mut b) = (call.array(0)?, call.array(1)?);
    if call.opset < 7 && call.flag("broadcast") {
        let ahead = match call.int("axis") {
            Some(axis) => call.axis(axis, a.rank())?,
            None => a.rank().saturating_sub(b.rank()),
        };
        let behind = a.rank().saturating_sub(ahead + b.rank());
        let dims = b.dims().iter().copied().chain(std::iter::repeat_n(1, behind)).collect();
        b = b.reshaped(dims).unwrap_or(b);
    }
    call.take(0);
    call.take(1);
    Ok((a, b))
}

/// The common shape of inputs.
pub(super) fn common(call: &Call<'_, '_>, shapes: &[&[usize]]) -> Result<Vec<usize>> {
    broadcast::common(shapes).ok_or_else(|| {
        let shapes: Vec<String> = shapes.iter().map(|dims| format!("{dims:?}")).collect();
        call.misfit(format!("shapes {} do not fit each other", shapes.join(" and ")))
    })
}

fn apply(call: &Call<'_, '_>, operation: &impl Operation, a: &Array, b: &Array) -> Result<Array> {
    let dtype = a.dtype();
    if b.dtype() != dtype {
        return Err(call.misfit(format!("operands are of {dtype} and {}", b.dtype())));
    }
    let dims = common(call, &[a.dims(), b.dims()])?;
    call.room(dtype, &dims)?;
    by_integer!(dtype, T => {
        let (x, y) = (a.items::<T>().unwrap_or_default(), b.items::<T>().unwrap_or_default());
        let items = broadcast::zip(&dims, (x, a.dims()), (y, b.dims()), |a, b| operation.integers(a, b));
        return call.array_of(dims, T::wrap(items));
    }, {});
    if !is_float(dtype) {
        return Err(call.unknown_type(dtype));
    }
    by_precision!(dtype, T => {
        let (x, y) = (reals::<T>(a).unwrap_or_default(), reals::<T>(b).unwrap_or_default());
        let items: Vec<T> = broadcast::zip(&dims, (&x, a.dims()), (&y, b.dims()), |a, b| operation.reals(a, b));
        call.array_of_reals(dtype, dims, items)
    })
}

fn many(call: &mut Call<'_, '_>, operation: &impl Operation) -> Result<()> {
    let mut total = call.array(0)?;
    for index in 1..call.input_count() {
        total = apply(call, operation, &total, &call.array(index)?)?;
    }
    call.give(0, total);
    Ok(())
}

fn mean(call: &mut Call<'_, '_>) -> Result<()> {
    let first = call.array(0)?;
    let dtype = first.dtype();
    if !is_float(dtype) {
        return Err(call.unknown_type(dtype));
    }
    let arrays = (0..call.input_count()).map(|index| call.array(index)).collect::<Result<Vec<_>>>()?;
    let shapes: Vec<&[usize]> = arrays.iter().map(Array::dims).collect();
    let dims = common(call, &shapes)?;
    call.room(DType::Float64, &dims)?;
    by_precision!(dtype, T => {
        let mut total = vec![T::ZERO; dims.iter().product()];
        for array in &arrays {
            let items = reals::<T>(array).ok_or_else(|| call.unknown_type(array.dtype()))?;
            total = broadcast::zip(&dims, (&total, &dims), (&items, array.dims()), |a, b| a + b);
        }
        let count = T::of_i64(arrays.len() as i64);
        total.iter_mut().for_each(|item| *item = *item / count);
        call.give_reals(0, dtype, dims, total)
    })
}

fn modulo(call: &mut Call<'_, '_>) -> Result<()> {
    if call.flag("fmod") { two(call, &Rest) } else { two(call, &Modulo) }
}

fn prelu(call: &mut Call<'_, '_>) -> Result<()> {
    let (a, mut slope) = (call.array(0)?, call.array(1)?);
    if call.opset < 7 && a.rank() > 1 && slope.rank() == 1 && slope.len() > 1 {
        // one slope for each channel
        let dims = [vec![slope.len()], vec![1; a.rank() - 2]].concat();
        slope = slope.reshaped(dims).unwrap_or(slope);
    }
    if common(call, &[a.dims(), slope.dims()])? != a.dims() {
        return Err(call.misfit(format!("slopes {:?} are larger than {:?}", slope.dims(), a.dims())));
    }
    let array = apply(call, &Slope, &a, &slope)?;
    call.give(0, array);
    Ok(())
}

fn pow(call: &mut Call<'_, '_>) -> Result<()> {
    let (base, exponent) = operands(call)?;
    let dtype = base.dtype();
    let dims = common(call, &[base.dims(), exponent.dims()])?;
    call.room(DType::Float64, &dims)?;
    if let (Some(x), Some(y)) = (whole(&base), whole(&exponent)) {
        let items = broadcast::zip(&dims, (&x, base.dims()), (&y, exponent.dims()), |a, b| power(a, b));
        let buffer = by_integer!(dtype, T => T::wrap(items.into_iter().map(T::of_i64).collect()), Buffer::Bool(
            std::sync::Arc::new(items.into_iter().map(|item| item != 0).collect()),
        ));
        return call.give_array(0, dims, buffer);
    }
    if exponent.dtype() == DType::Float64 || dtype == DType::Float64 || !is_float(dtype) {
        let unknown = || call.unknown_type(dtype);
        let (x, y) = (reals::<f64>(&base).ok_or_else(unknown)?, reals::<f64>(&exponent).ok_or_else(unknown)?);
        let items = broadcast::zip(&dims, (&x, base.dims()), (&y, exponent.dims()), f64::powf);
        return call.give_reals(0, dtype, dims, items);
    }
    let (x, y) = (reals::<f32>(&base).unwrap_or_default(), reals::<f32>(&exponent).unwrap_or_default());
    let items = if let [only] = y.as_ref()
        && only.fract() == 0.0
        && only.abs() <= 64.0
        && base.dims() == dims
    {
        let only = *only as i32;
        x.iter().map(|&x| x.powi(only)).collect()
    } else {
        broadcast::zip(&dims, (&x, base.dims()), (&y, exponent.dims()), f32::powf)
    };
    call.give_reals(0, dtype, dims, items)
}

fn whole(array: &Array) -> Option<Vec<i64>> {
    if matches!(array.dtype(), DType::Uint64 | DType::Bool) { None } else { array.to_i64s() }
}

fn power(base: i64, exponent: i64) -> i64 {
    match (base, exponent) {
        (1, _) => 1,
        (-1, exponent) => {
            if exponent % 2 == 0 {
                1
            } else {
                -1
            }
        }
        (_, exponent) if exponent < 0 => 0,
        (base, exponent) => (0..64).rev().fold(1_i64, |power, bit| {
            let square = power.wrapping_mul(power);
            if exponent >> bit & 1 == 1 { square.wrapping_mul(base) } else { square }
        }),
    }
}

/// Bounds are attributes before opset 11, and inputs of one element from then on.
fn clip(call: &mut Call<'_, '_>) -> Result<()> {
    let mut array = call.array(0)?;
    let dtype = array.dtype();
    call.take(0);
    let bound = |name: &str, index: usize| -> Result<Option<Array>> {
        if call.opset >= 11 {
            return call.optional(index);
        }
        let Some(bound) = call.float(name) else { return Ok(None) };
        call.array_of_reals(dtype, Vec::new(), vec![bound]).map(Some)
    };
    let (least, most) = (bound("min", 1)?, bound("max", 2)?);
    for (limit, is_least) in [(least, true), (most, false)] {
        let Some(limit) = limit else { continue };
        if limit.len() != 1 {
            return Err(call.misfit(format!("a bound has {} elements, expected one", limit.len())));
        }
        let limit = limit.reshaped(Vec::new()).unwrap_or(limit);
        array = if is_least { apply(call, &Most, &array, &limit)? } else { apply(call, &Least, &array, &limit)? };
    }
    call.give(0, array);
    Ok(())
}
