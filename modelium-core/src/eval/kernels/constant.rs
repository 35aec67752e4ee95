//! Operators that make tensors out of little: constants, identities, ranges, one-hot codes.

use std::sync::Arc;

use bytes::Bytes;
use half::{bf16, f16};

use crate::error::Result;
use crate::eval::array::{Array, Buffer, Element, map_buffer};
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::cast::dtype_attribute;
use crate::eval::kernels::shape::{ints, sizes};
use crate::eval::number::rounded;
use crate::ir::{AttributeValue, OpType, SparseTensor};
use crate::tensor::strided::around;
use crate::tensor::{DType, Tensor};

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::Constant => constant,
        OpType::ConstantOfShape => constant_of_shape,
        OpType::EyeLike => eye_like,
        OpType::Range => range,
        OpType::OneHot => one_hot,
        _ => return None,
    })
}

/// A tensor that an attribute holds.
pub(super) fn stored(call: &Call<'_, '_>, tensor: &Tensor) -> Result<Array> {
    Array::from_tensor(tensor).ok_or_else(|| call.misfit("a tensor has not as many elements as its shape says"))
}

fn constant(call: &mut Call<'_, '_>) -> Result<()> {
    let values = call.node.attributes.iter().filter(|attribute| attribute.name.contains("value"));
    let array = match values.map(|attribute| &attribute.value).next() {
        Some(AttributeValue::Tensor(tensor)) => stored(call, tensor)?,
        Some(AttributeValue::SparseTensor(sparse)) => dense(call, sparse)?,
        Some(AttributeValue::Float(value)) => Array::scalar(*value),
        Some(AttributeValue::Floats(values)) => Array::list(values.clone()),
        Some(AttributeValue::Int(value)) => Array::scalar(*value),
        Some(AttributeValue::Ints(values)) => Array::list(values.clone()),
        Some(AttributeValue::String(value)) => Array::scalar(value.clone()),
        Some(AttributeValue::Strings(values)) => Array::list(values.clone()),
        _ => return Err(call.misfit("the constant has no value")),
    };
    call.give(0, array);
    Ok(())
}

/// A sparse tensor with its zeros.
fn dense(call: &Call<'_, '_>, sparse: &SparseTensor) -> Result<Array> {
    let dims = sparse.dims.iter().map(|&dim| usize::try_from(dim).unwrap_or(usize::MAX)).collect::<Vec<_>>();
    let count = call.room(sparse.values.dtype, &dims)?;
    scattered(sparse, dims, count).ok_or_else(|| call.misfit("a sparse tensor whose indices do not fit its shape"))
}

/// The elements of a sparse tensor among `count` zeros; `None` if an index leads outside.
pub(in crate::eval) fn scattered(sparse: &SparseTensor, dims: Vec<usize>, count: usize) -> Option<Array> {
    fn place<T: Clone + Default>(values: &[T], places: &[usize], count: usize) -> Option<Vec<T>> {
        let mut items = vec![T::default(); count];
        for (value, &place) in values.iter().zip(places) {
            *items.get_mut(place)? = value.clone();
        }
        Some(items)
    }
    let values = Array::from_tensor(&sparse.values)?;
    let indices = Array::from_tensor(&sparse.indices)?;
    let numbers = indices.to_i64s()?;
    let numbers: Vec<usize> = numbers.into_iter().map(|index| usize::try_from(index).ok()).collect::<Option<_>>()?;
    let places = match indices.dims() {
        [_] => numbers,
        [_, rank] if *rank == dims.len() && *rank > 0 => {
            let place = |index: &[usize]| {
                index.iter().zip(&dims).try_fold(0_usize, |place, (&index, &dim)| {
                    place.checked_mul(dim)?.checked_add(index).filter(|_| index < dim)
                })
            };
            numbers.chunks(*rank).map(place).collect::<Option<_>>()?
        }
        _ => return None,
    };
    if places.len() != values.len() {
        return None;
    }
    let buffer = map_buffer!(values.buffer(), items => place(items, &places, count)?);
    Array::of(dims, buffer)
}

fn constant_of_shape(call: &mut Call<'_, '_>) -> Result<()> {
    let dims = sizes(call, &ints(call, 0)?)?;
    let value = match call.attribute("value") {
        Some(AttributeValue::Tensor(tensor)) => stored(call, tensor)?,
        _ => Array::scalar(0_f32),
    };
    if value.len() != 1 {
        return Err(call.misfit(format!("value has {} elements, expected one", value.len())));
    }
    let count = call.room(value.dtype(), &dims)?;
    let buffer = map_buffer!(value.buffer(), items => vec![items[0].clone(); count]);
    call.give_array(0, dims, buffer)
}

fn eye_like(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let &[rows, columns] = array.dims() else {
        return Err(call.misfit(format!("a tensor of rank {}, expected 2", array.rank())));
    };
    let dtype = dtype_attribute(call, "dtype")?.unwrap_or(array.dtype());
    let shift = call.int("k").unwrap_or(0);
    let count = call.room(dtype, &[rows, columns])?;
    let pair = rounded(dtype, vec![0.0, 1.0]).ok_or_else(|| call.unknown_type(dtype))?;
    let mut is_one = vec![false; count];
    for row in 0..rows {
        let column = (row as u64).cast_signed().checked_add(shift).and_then(|column| usize::try_from(column).ok());
        if let Some(column) = column.filter(|&column| column < columns) {
            is_one[row * columns + column] = true;
        }
    }
    let buffer = map_buffer!(&pair, items => is_one.iter().map(|&is_one| items[usize::from(is_one)].clone()).collect());
    call.give_array(0, vec![rows, columns], buffer)
}

fn range(call: &mut Call<'_, '_>) -> Result<()> {
    let (start, limit, delta) = (call.array(0)?, call.array(1)?, call.array(2)?);
    let dtype = start.dtype();
    let misfit = || call.misfit("start, limit and delta are not one number each, of one type");
    if [&start, &limit, &delta].iter().any(|array| array.len() != 1 || array.dtype() != dtype) {
        return Err(misfit());
    }
    let buffer = if let (Some(first), Some(end), Some(step)) = (start.to_i64s(), limit.to_i64s(), delta.to_i64s()) {
        let (first, end, step) = (i128::from(first[0]), i128::from(end[0]), i128::from(step[0]));
        if step == 0 {
            return Err(call.misfit("a delta of 0"));
        }
        let distance = end - first;
        let count =
            if (distance < 0) == (step < 0) { distance.unsigned_abs().div_ceil(step.unsigned_abs()) } else { 0 };
        let count = call.room(dtype, &[usize::try_from(count).unwrap_or(usize::MAX)])?;
        #[expect(clippy::cast_possible_truncation, reason = "every number lies between start and limit, which fit")]
        let item = |index: usize| (first + step * index as i128) as i64;
        let items = (0..count).map(item);
        match dtype {
            DType::Int64 => i64::wrap(items.collect()),
            #[expect(clippy::cast_possible_truncation, reason = "as above")]
            DType::Int32 => i32::wrap(items.map(|item| item as i32).collect()),
            #[expect(clippy::cast_possible_truncation, reason = "as above")]
            DType::Int16 => i16::wrap(items.map(|item| item as i16).collect()),
            _ => return Err(call.unknown_type(dtype)),
        }
    } else {
        let number = |array: &Array| array.to_f64s().and_then(|items| items.first().copied()).ok_or_else(misfit);
        let (first, end, step) = (number(&start)?, number(&limit)?, number(&delta)?);
        let count = ((end - first) / step).ceil();
        if count.is_nan() {
            return Err(call.misfit("a range that is not of numbers"));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` stays in range")]
        let count = call.room(dtype, &[count.max(0.0) as usize])?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "each step is in the type's own precision"
        )]
        let single = |index: usize| first as f32 + index as f32 * step as f32;
        #[expect(clippy::cast_precision_loss, reason = "the formula of the specification")]
        let double = |index: usize| first + index as f64 * step;
        let wide = call.int("stash_type") == Some(11);
        match dtype {
            DType::Float64 => f64::wrap((0..count).map(double).collect()),
            DType::Float32 => f32::wrap((0..count).map(single).collect()),
            DType::Float16 if wide => f16::wrap((0..count).map(|index| f16::from_f64(double(index))).collect()),
            DType::Float16 => f16::wrap((0..count).map(|index| f16::from_f32(single(index))).collect()),
            DType::Bfloat16 if wide => bf16::wrap((0..count).map(|index| bf16::from_f64(double(index))).collect()),
            DType::Bfloat16 => bf16::wrap((0..count).map(|index| bf16::from_f32(single(index))).collect()),
            _ => return Err(call.unknown_type(dtype)),
        }
    };
    call.give_array(0, vec![buffer.len()], buffer)
}

fn one_hot(call: &mut Call<'_, '_>) -> Result<()> {
    let (indices, depth, values) = (call.array(0)?, call.array(1)?, call.array(2)?);
    let whole = |array: &Array| -> Result<Vec<i64>> {
        #[expect(clippy::cast_possible_truncation, reason = "`as` stays in range")]
        let from_floats = || array.to_f64s().map(|items| items.into_iter().map(|item| item as i64).collect());
        array.to_i64s().or_else(from_floats).ok_or_else(|| call.unknown_type(array.dtype()))
    };
    let &[depth] = whole(&depth)?.as_slice() else {
        return Err(call.misfit(format!("depth has {} elements, expected one", depth.len())));
    };
    let count = usize::try_from(depth).map_err(|_| call.misfit(format!("a depth of {depth}")))?;
    if values.len() != 2 {
        return Err(call.misfit(format!("values has {} elements, expected two", values.len())));
    }
    let axis = call.axis(call.int("axis").unwrap_or(-1), indices.rank() + 1)?;
    let mut dims = indices.dims().to_vec();
    dims.insert(axis, count);
    let total = call.room(values.dtype(), &dims)?;
    let (_, inner) = around(&dims, axis);
    let mut is_on = vec![false; total];
    if total > 0 {
        for (place, index) in whole(&indices)?.into_iter().enumerate() {
            let index = if index < 0 { index.saturating_add(depth) } else { index };
            if let Some(index) = usize::try_from(index).ok().filter(|&index| index < count) {
                is_on[(place / inner * count + index) * inner + place % inner] = true;
            }
        }
    }
    let buffer =
        map_buffer!(values.buffer(), items => is_on.iter().map(|&is_on| items[usize::from(is_on)].clone()).collect());
    call.give_array(0, dims, buffer)
}

/// One element of a type that stands for nothing: zero, false or the empty string.
pub(super) fn nothing(dtype: DType) -> Buffer {
    match dtype {
        DType::Bool => bool::wrap(vec![false]),
        DType::String => Bytes::wrap(vec![Bytes::new()]),
        DType::Complex64 => <[f32; 2]>::wrap(vec![[0.0; 2]]),
        DType::Complex128 => <[f64; 2]>::wrap(vec![[0.0; 2]]),
        _ => rounded(dtype, vec![0.0]).unwrap_or_else(|| Buffer::Small(dtype, Arc::new(vec![0]))),
    }
}
