//! Scatter and its relatives: elements written at positions that a tensor names.

use bytes::Bytes;
use half::{bf16, f16};

use crate::error::Result;
use crate::eval::array::{Array, Buffer, map_buffer};
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::gather::{element_places, tuple_length, tuple_place};
use crate::eval::kernels::shape::ints;
use crate::ir::OpType;
use crate::tensor::strided::{around, strides};

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::Scatter | OpType::ScatterElements => scatter_elements,
        OpType::ScatterND => scatter_nd,
        OpType::TensorScatter => tensor_scatter,
        _ => return None,
    })
}

/// What becomes of an element that is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reduction {
    Replace,
    Add,
    Multiply,
    Most,
    Least,
}

/// An element type, with what reductions mean on it.
trait Reduce: Clone + 'static {
    /// `None` if the type has no such operation.
    fn reduce(&self, other: &Self, how: Reduction) -> Option<Self>;
}

macro_rules! reduce {
    ($($type:ty: $one:ident, $other:ident => $add:expr, $multiply:expr;)*) => {$(
        impl Reduce for $type {
            fn reduce(&self, other: &Self, how: Reduction) -> Option<Self> {
                let ($one, $other) = (*self, *other);
                Some(match how {
                    Reduction::Replace => $other,
                    Reduction::Add => $add,
                    Reduction::Multiply => $multiply,
                    Reduction::Most => if $one > $other || is_nan(&$one) { $one } else { $other },
                    Reduction::Least => if $one < $other || is_nan(&$one) { $one } else { $other },
                })
            }
        }
    )*};
}

/// True for what is not equal to itself.
fn is_nan<T: PartialOrd>(item: &T) -> bool {
    item.partial_cmp(item).is_none()
}

reduce! {
    bool: one, other => one | other, one & other;
    i8: one, other => one.wrapping_add(other), one.wrapping_mul(other);
    i16: one, other => one.wrapping_add(other), one.wrapping_mul(other);
    i32: one, other => one.wrapping_add(other), one.wrapping_mul(other);
    i64: one, other => one.wrapping_add(other), one.wrapping_mul(other);
    u8: one, other => one.wrapping_add(other), one.wrapping_mul(other);
    u16: one, other => one.wrapping_add(other), one.wrapping_mul(other);
    u32: one, other => one.wrapping_add(other), one.wrapping_mul(other);
    u64: one, other => one.wrapping_add(other), one.wrapping_mul(other);
    f16: one, other => f16::from_f32(one.to_f32() + other.to_f32()), f16::from_f32(one.to_f32() * other.to_f32());
    bf16: one, other => bf16::from_f32(one.to_f32() + other.to_f32()), bf16::from_f32(one.to_f32() * other.to_f32());
    f32: one, other => one + other, one * other;
    f64: one, other => one + other, one * other;
}

macro_rules! reduce_complex {
    ($($type:ty)*) => {$(
        impl Reduce for $type {
            fn reduce(&self, other: &Self, how: Reduction) -> Option<Self> {
                let ([a, b], [c, d]) = (*self, *other);
                Some(match how {
                    Reduction::Replace => *other,
                    Reduction::Add => [a + c, b + d],
                    Reduction::Multiply => [a * c - b * d, a * d + b * c],
                    Reduction::Most | Reduction::Least => return None,
                })
            }
        }
    )*};
}

reduce_complex! { [f32; 2] [f64; 2] }

impl Reduce for Bytes {
    fn reduce(&self, other: &Self, how: Reduction) -> Option<Self> {
        (how == Reduction::Replace).then(|| other.clone())
    }
}

fn reduction(call: &Call<'_, '_>) -> Result<Reduction> {
    Ok(match call.str("reduction") {
        None | Some("none") => Reduction::Replace,
        Some("add") => Reduction::Add,
        Some("mul") => Reduction::Multiply,
        Some("max") => Reduction::Most,
        Some("min") => Reduction::Least,
        Some(other) => return Err(call.misfit(format!("reduction '{other}', expected none, add, mul, max or min"))),
    })
}

/// Writes the updates, in order, in chunks of `chunk` at `places`.
fn write(call: &Call<'_, '_>, array: &Array, updates: &Array, places: &[usize], chunk: usize) -> Result<Buffer> {
    fn typed<T: Reduce>(
        items: &[T],
        updates: &Buffer,
        places: &[usize],
        chunk: usize,
        how: Reduction,
    ) -> Option<Vec<T>> {
        let updates = updates.codes::<T>()?;
        let mut items = items.to_vec();
        for (place, update) in places.iter().zip(updates.chunks(chunk.max(1))) {
            let slots = items.get_mut(*place..place + chunk)?;
            if how == Reduction::Replace {
                slots.clone_from_slice(update);
                continue;
            }
            for (slot, update) in slots.iter_mut().zip(update) {
                *slot = slot.reduce(update, how)?;
            }
        }
        Some(items)
    }
    let how = reduction(call)?;
    if array.dtype() != updates.dtype() {
        return Err(call.misfit(format!("updates of {} into {}", updates.dtype(), array.dtype())));
    }
    // codes of small types cannot be added
    if how != Reduction::Replace && matches!(array.buffer(), Buffer::Small(..)) {
        return Err(call.unknown_type(array.dtype()));
    }
    call.room(array.dtype(), array.dims())?;
    let unknown = || call.unknown_type(array.dtype());
    Ok(map_buffer!(array.buffer(), items => {
        typed(items, updates.buffer(), places, chunk, how).ok_or_else(unknown)?
    }))
}

fn scatter_elements(call: &mut Call<'_, '_>) -> Result<()> {
    let (array, indices, updates) = (call.array(0)?, call.array(1)?, call.array(2)?);
    let axis = call.axis(call.int("axis").unwrap_or(0), array.rank())?;
    if indices.dims() != updates.dims() {
        return Err(call.misfit(format!("indices {:?} for updates {:?}", indices.dims(), updates.dims())));
    }
    let places = element_places(call, array.dims(), &indices, &ints(call, 1)?, axis)?;
    let buffer = write(call, &array, &updates, &places, 1)?;
    call.give_array(0, array.dims().to_vec(), buffer)
}

fn scatter_nd(call: &mut Call<'_, '_>) -> Result<()> {
    let (array, indices, updates) = (call.array(0)?, call.array(1)?, call.array(2)?);
    let length = tuple_length(call, &indices, array.rank())?;
    let mut expected = indices.dims()[..indices.rank() - 1].to_vec();
    expected.extend_from_slice(&array.dims()[length..]);
    if updates.dims() != expected {
        return Err(call.misfit(format!("updates {:?}, expected {expected:?}", updates.dims())));
    }
    if updates.is_empty() {
        call.give(0, array);
        return Ok(());
    }
    let chunk: usize = array.dims()[length..].iter().product();
    let (numbers, steps) = (ints(call, 1)?, strides(array.dims()));
    let mut places = Vec::new();
    for tuple in 0..updates.len() / chunk {
        let tuple = &numbers[tuple * length..(tuple + 1) * length];
        places.push(tuple_place(call, tuple, array.dims(), &steps)?);
    }
    let buffer = write(call, &array, &updates, &places, chunk)?;
    call.give_array(0, array.dims().to_vec(), buffer)
}

fn tensor_scatter(call: &mut Call<'_, '_>) -> Result<()> {
    let (cache, updates) = (call.array(0)?, call.array(1)?);
    let axis = call.axis(call.int("axis").unwrap_or(-2), cache.rank())?;
    let fits = cache
        .dims()
        .iter()
        .zip(updates.dims())
        .enumerate()
        .all(|(at, (own, update))| if at == axis { update <= own } else { update == own });
    if axis == 0 || cache.rank() != updates.rank() || !fits {
        return Err(call.misfit(format!("updates {:?} on axis {axis} of {:?}", updates.dims(), cache.dims())));
    }
    let (batch, length, longest) = (cache.dims()[0], updates.dims()[axis], cache.dims()[axis]);
    let circular = match call.str("mode") {
        None | Some("linear") => false,
        Some("circular") => true,
        Some(mode) => return Err(call.misfit(format!("mode '{mode}', expected linear or circular"))),
    };
    let starts = call.ints_at(2)?.unwrap_or_else(|| vec![0; batch]);
    if starts.len() != batch {
        return Err(call.misfit(format!("{} write indices for a batch of {batch}", starts.len())));
    }
    if updates.is_empty() {
        call.give(0, cache);
        return Ok(());
    }
    let (outer, inner) = around(cache.dims(), axis);
    let mut places = Vec::new();
    for before in 0..outer {
        let start = starts[before / (outer / batch)];
        for step in 0..length {
            let outside = || call.misfit(format!("write index {start} for {length} of {longest}"));
            let at = usize::try_from(start).ok().and_then(|start| start.checked_add(step)).ok_or_else(outside)?;
            let at = if circular { at % longest } else { at };
            if at >= longest {
                return Err(outside());
            }
            places.push((before * longest + at) * inner);
        }
    }
    let buffer = write(call, &cache, &updates, &places, inner)?;
    call.give_array(0, cache.dims().to_vec(), buffer)
}
