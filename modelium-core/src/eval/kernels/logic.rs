//! Truth values: comparison, logic on booleans and on bits, choice.

use bytes::Bytes;

use crate::error::Result;
use crate::eval::array::{Array, Element, map_buffer};
use crate::eval::broadcast::{self, Walk};
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::binary::{common, operands};
use crate::eval::number::{Integer, by_integer, by_precision, reals};
use crate::ir::OpType;
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::Equal => |call| compare(call, &Equal),
        OpType::Less => |call| compare(call, &Less),
        OpType::LessOrEqual => |call| compare(call, &LessOrEqual),
        OpType::Greater => |call| compare(call, &Greater),
        OpType::GreaterOrEqual => |call| compare(call, &GreaterOrEqual),
        OpType::And => |call| booleans(call, |a, b| a && b),
        OpType::Or => |call| booleans(call, |a, b| a || b),
        OpType::Xor => |call| booleans(call, |a, b| a != b),
        OpType::Not => not,
        OpType::BitwiseAnd => |call| bits(call, &And),
        OpType::BitwiseOr => |call| bits(call, &Or),
        OpType::BitwiseXor => |call| bits(call, &Xor),
        OpType::BitwiseNot => bitwise_not,
        OpType::BitShift => bit_shift,
        OpType::Where => choose,
        _ => return None,
    })
}

trait Relation {
    fn holds<T: PartialOrd>(&self, a: &T, b: &T) -> bool;
}

macro_rules! relation {
    ($($name:ident $sign:tt)*) => {$(
        struct $name;

        impl Relation for $name {
            fn holds<T: PartialOrd>(&self, a: &T, b: &T) -> bool {
                a $sign b
            }
        }
    )*};
}

relation! { Equal == Less < LessOrEqual <= Greater > GreaterOrEqual >= }

fn compare(call: &mut Call<'_, '_>, relation: &impl Relation) -> Result<()> {
    let (a, b) = operands(call)?;
    let dtype = a.dtype();
    if b.dtype() != dtype {
        return Err(call.misfit(format!("operands are of {dtype} and {}", b.dtype())));
    }
    let dims = common(call, &[a.dims(), b.dims()])?;
    call.room(DType::Float64, &dims)?;
    let items = by_integer!(dtype, T => {
        let (x, y) = (a.items::<T>().unwrap_or_default(), b.items::<T>().unwrap_or_default());
        broadcast::zip(&dims, (x, a.dims()), (y, b.dims()), |a, b| relation.holds(&a, &b))
    }, match dtype {
        DType::Bool => {
            let (x, y) = (a.items::<bool>().unwrap_or_default(), b.items::<bool>().unwrap_or_default());
            broadcast::zip(&dims, (x, a.dims()), (y, b.dims()), |a, b| relation.holds(&a, &b))
        }
        DType::String => {
            let x: Vec<&Bytes> = a.items::<Bytes>().unwrap_or_default().iter().collect();
            let y: Vec<&Bytes> = b.items::<Bytes>().unwrap_or_default().iter().collect();
            broadcast::zip(&dims, (&x, a.dims()), (&y, b.dims()), |a, b| relation.holds(a, b))
        }
        DType::Complex64 | DType::Complex128 => return Err(call.unknown_type(dtype)),
        _ => by_precision!(dtype, T => {
            let (x, y) = (reals::<T>(&a).unwrap_or_default(), reals::<T>(&b).unwrap_or_default());
            broadcast::zip(&dims, (&x, a.dims()), (&y, b.dims()), |a, b| relation.holds(&a, &b))
        }),
    });
    call.give_array(0, dims, bool::wrap(items))
}

fn booleans(call: &mut Call<'_, '_>, f: impl Fn(bool, bool) -> bool) -> Result<()> {
    let (a, b) = operands(call)?;
    let (Some(x), Some(y)) = (a.items::<bool>(), b.items::<bool>()) else {
        return Err(call.unknown_type(if a.dtype() == DType::Bool { b.dtype() } else { a.dtype() }));
    };
    let dims = common(call, &[a.dims(), b.dims()])?;
    call.room(DType::Bool, &dims)?;
    let items = broadcast::zip(&dims, (x, a.dims()), (y, b.dims()), f);
    call.give_array(0, dims, bool::wrap(items))
}

fn not(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let Some(items) = array.items::<bool>() else { return Err(call.unknown_type(array.dtype())) };
    let items = items.iter().map(|item| !item).collect();
    call.give_array(0, array.dims().to_vec(), bool::wrap(items))
}

trait Bits {
    fn join<T: Integer>(&self, a: T, b: T) -> T;
}

struct And;
struct Or;
struct Xor;

impl Bits for And {
    fn join<T: Integer>(&self, a: T, b: T) -> T {
        a.and(b)
    }
}

impl Bits for Or {
    fn join<T: Integer>(&self, a: T, b: T) -> T {
        a.or(b)
    }
}

impl Bits for Xor {
    fn join<T: Integer>(&self, a: T, b: T) -> T {
        a.xor(b)
    }
}

/// Shifts, whose second operand says by how many bits. Beyond the width of the type nothing is left but the sign.
struct Shift {
    left: bool,
}

impl Bits for Shift {
    fn join<T: Integer>(&self, a: T, b: T) -> T {
        let width = i128::from(T::BITS);
        let count = b.to_i128();
        let inside = (0..width).contains(&count);
        match (self.left, inside) {
            (true, true) => a.left(count as u32),
            (true, false) => T::default(),
            (false, true) => a.right(count as u32),
            (false, false) if T::SIGNED => a.right(T::BITS),
            (false, false) => T::default(),
        }
    }
}

fn bits(call: &mut Call<'_, '_>, operation: &impl Bits) -> Result<()> {
    let (a, b) = operands(call)?;
    if a.dtype() != b.dtype() {
        return Err(call.misfit(format!("operands are of {} and {}", a.dtype(), b.dtype())));
    }
    let dims = common(call, &[a.dims(), b.dims()])?;
    call.room(a.dtype(), &dims)?;
    by_integer!(a.dtype(), T => {
        let (x, y) = (a.items::<T>().unwrap_or_default(), b.items::<T>().unwrap_or_default());
        let items = broadcast::zip(&dims, (x, a.dims()), (y, b.dims()), |a, b| operation.join(a, b));
        call.give_array(0, dims, T::wrap(items))
    }, Err(call.unknown_type(a.dtype())))
}

fn bitwise_not(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    by_integer!(array.dtype(), T => {
        let items: Vec<T> = array.items::<T>().unwrap_or_default().iter().map(|item| Integer::not(*item)).collect();
        call.give_array(0, array.dims().to_vec(), T::wrap(items))
    }, Err(call.unknown_type(array.dtype())))
}

fn bit_shift(call: &mut Call<'_, '_>) -> Result<()> {
    let left = match call.str("direction") {
        Some("LEFT") => true,
        Some("RIGHT") => false,
        _ => return Err(call.misfit("attribute 'direction' is neither LEFT nor RIGHT")),
    };
    bits(call, &Shift { left })
}

fn choose(call: &mut Call<'_, '_>) -> Result<()> {
    let (condition, yes, no) = (call.array(0)?, call.array(1)?, call.array(2)?);
    let Some(chosen) = condition.items::<bool>() else { return Err(call.unknown_type(condition.dtype())) };
    if yes.dtype() != no.dtype() {
        return Err(call.misfit(format!("operands are of {} and {}", yes.dtype(), no.dtype())));
    }
    let dims = common(call, &[condition.dims(), yes.dims(), no.dims()])?;
    let count = call.room(yes.dtype(), &dims)?;
    let walk = Walk::new(&dims, [condition.dims(), yes.dims(), no.dims()]);
    let buffer = map_buffer!(yes.buffer(), a => select(&walk, chosen, a, same(&no, a), count));
    call.give_array(0, dims, buffer)
}

/// The elements of an array that has the type of `_like`.
fn same<'a, T: 'static>(array: &'a Array, _like: &[T]) -> &'a [T] {
    array.buffer().codes().unwrap_or_default()
}

fn select<T: Clone>(walk: &Walk<3>, chosen: &[bool], yes: &[T], no: &[T], count: usize) -> Vec<T> {
    let mut items = Vec::with_capacity(count);
    walk.each_row(|[chosen_at, yes_at, no_at]| {
        let [chosen_step, yes_step, no_step] = walk.steps;
        items.extend((0..walk.row).map(|index| {
            if chosen[chosen_at + index * chosen_step] {
                yes[yes_at + index * yes_step].clone()
            } else {
                no[no_at + index * no_step].clone()
            }
        }));
    });
    items
}
