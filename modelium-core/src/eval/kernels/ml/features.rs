//! Features made fit for a model: scaled, binarised, imputed, picked, encoded.

use bytes::Bytes;

use crate::error::Result;
use crate::eval::array::{Array, map_buffer};
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::gather::position;
use crate::eval::kernels::ml::{Classes, reals};
use crate::eval::kernels::pick::take_along;
use crate::eval::kernels::shape::ints;
use crate::eval::number::rounded;
use crate::ir::OpType;
use crate::tensor::DType;
use crate::tensor::strided::around;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::ArrayFeatureExtractor => extract,
        OpType::Binarizer => binarize,
        OpType::FeatureVectorizer => vectorize,
        OpType::Imputer => impute,
        OpType::Normalizer => normalize,
        OpType::OneHotEncoder => one_hot,
        OpType::Scaler => scale,
        _ => return None,
    })
}

/// Input 0 as numbers.
fn numbers(call: &Call<'_, '_>) -> Result<(Array, Vec<f64>)> {
    let array = call.array(0)?;
    call.room(DType::Float64, array.dims())?;
    let items = array.to_f64s().ok_or_else(|| call.unknown_type(array.dtype()))?;
    Ok((array, items))
}

fn give(call: &mut Call<'_, '_>, dims: &[usize], dtype: DType, items: Vec<f64>) -> Result<()> {
    let buffer = rounded(dtype, items).ok_or_else(|| call.unknown_type(dtype))?;
    call.give_array(0, dims.to_vec(), buffer)
}

fn extract(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let Some(axis) = array.rank().checked_sub(1) else { return Err(call.misfit("a tensor without axes")) };
    let columns = array.dims()[axis];
    let places = ints(call, 1)?.into_iter().map(|index| position(call, index, columns)).collect::<Result<Vec<_>>>()?;
    let mut dims = array.dims().to_vec();
    dims[axis] = places.len();
    if axis == 0 {
        dims.insert(0, 1);
    }
    call.room(array.dtype(), &dims)?;
    let buffer = map_buffer!(array.buffer(), items => take_along(items, array.dims(), axis, &places));
    call.give_array(0, dims, buffer)
}

fn binarize(call: &mut Call<'_, '_>) -> Result<()> {
    let (array, items) = numbers(call)?;
    let threshold = call.float("threshold").map_or(0.0, f64::from);
    let items = items.into_iter().map(|item| f64::from(u8::from(item > threshold))).collect();
    give(call, array.dims(), array.dtype(), items)
}

/// One number for each feature, or one for all.
fn each<'v>(call: &Call<'_, '_>, values: &'v [f64], columns: usize) -> Result<impl Fn(usize) -> f64 + 'v> {
    if values.len() != 1 && values.len() != columns {
        return Err(call.misfit(format!("{} values for {columns} features", values.len())));
    }
    Ok(move |column: usize| values[column % values.len()])
}

fn scale(call: &mut Call<'_, '_>) -> Result<()> {
    let (array, mut items) = numbers(call)?;
    let columns = array.dims().last().copied().unwrap_or(1);
    let (offsets, factors) = (reals(call, "offset")?, reals(call, "scale")?);
    let (offset, factor) = (each(call, &offsets, columns)?, each(call, &factors, columns)?);
    for (at, item) in items.iter_mut().enumerate() {
        *item = (*item - offset(at % columns)) * factor(at % columns);
    }
    give(call, array.dims(), DType::Float32, items)
}

fn impute(call: &mut Call<'_, '_>) -> Result<()> {
    let (array, mut items) = numbers(call)?;
    let columns = array.dims().last().copied().unwrap_or(1);
    let (values, missing) = if matches!(array.dtype(), DType::Int64 | DType::Int32) {
        let values = call.ints("imputed_value_int64s").unwrap_or_default().to_vec();
        let missing = call.int("replaced_value_int64").unwrap_or(0);
        #[expect(clippy::cast_precision_loss, reason = "as all numbers here")]
        (values.into_iter().map(|value| value as f64).collect(), missing as f64)
    } else {
        (reals(call, "imputed_value_floats")?, call.float("replaced_value_float").map_or(0.0, f64::from))
    };
    let value = each(call, &values, columns)?;
    for (at, item) in items.iter_mut().enumerate() {
        #[expect(clippy::float_cmp, reason = "the very number that stands for a gap")]
        if *item == missing || (item.is_nan() && missing.is_nan()) {
            *item = value(at % columns);
        }
    }
    give(call, array.dims(), array.dtype(), items)
}

fn normalize(call: &mut Call<'_, '_>) -> Result<()> {
    let (array, mut items) = numbers(call)?;
    let mode = call.str("norm").unwrap_or("MAX");
    let norm = |items: &mut dyn Iterator<Item = f64>| match mode {
        "L1" => items.map(f64::abs).sum::<f64>(),
        "L2" => items.map(|item| item * item).sum::<f64>().sqrt(),
        _ => items.fold(f64::NEG_INFINITY, f64::max),
    };
    if !["MAX", "L1", "L2"].contains(&mode) {
        return Err(call.misfit(format!("norm '{mode}', expected MAX, L1 or L2")));
    }
    let axis = array.rank().min(2).saturating_sub(1);
    if !array.is_empty() && array.rank() > 0 {
        let (outer, inner) = around(array.dims(), axis);
        let columns = array.dims()[axis];
        for lane in 0..outer * inner {
            let place = |column: usize| (lane / inner * columns + column) * inner + lane % inner;
            let norm = norm(&mut (0..columns).map(|column| items[place(column)]));
            for column in (0..columns).filter(|_| norm != 0.0) {
                items[place(column)] /= norm;
            }
        }
    }
    give(call, array.dims(), DType::Float32, items)
}

fn vectorize(call: &mut Call<'_, '_>) -> Result<()> {
    let widths = crate::eval::kernels::shape::sizes(call, call.ints("inputdimensions").unwrap_or_default())?;
    if widths.len() != call.input_count() {
        return Err(call.misfit(format!("{} dimensions for {} inputs", widths.len(), call.input_count())));
    }
    let mut parts = Vec::with_capacity(widths.len());
    let mut rows = None;
    for index in 0..widths.len() {
        let array = call.array(index)?;
        let (own, columns) = match *array.dims() {
            [rows] => (rows, 1),
            [rows, columns] => (rows, columns),
            _ => return Err(call.misfit(format!("a tensor of rank {}, expected 1 or 2", array.rank()))),
        };
        if *rows.get_or_insert(own) != own {
            return Err(call.misfit("inputs of different numbers of samples"));
        }
        parts.push((array.to_f64s().ok_or_else(|| call.unknown_type(array.dtype()))?, columns));
    }
    let rows = rows.unwrap_or(0);
    let width = widths.iter().fold(0_usize, |sum, width| sum.saturating_add(*width));
    let dims = vec![rows, width];
    let count = call.room(DType::Float64, &dims)?;
    let mut items = Vec::with_capacity(count);
    for row in (0..rows).filter(|_| count > 0) {
        for ((part, columns), &width) in parts.iter().zip(&widths) {
            let own = &part[row * columns..(row + 1) * columns];
            items.extend_from_slice(&own[..width.min(*columns)]);
            items.extend(std::iter::repeat_n(0.0, width.saturating_sub(*columns)));
        }
    }
    give(call, &dims, DType::Float32, items)
}

fn one_hot(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let classes = Classes::of(call, "cats_strings", "cats_int64s");
    let mut dims = array.dims().to_vec();
    dims.push(classes.len());
    let count = call.room(DType::Float32, &dims)?;
    let found: Vec<Option<usize>> = match (&classes, array.items::<Bytes>()) {
        (Classes::Strings(names), Some(items)) => {
            items.iter().map(|item| names.iter().position(|name| name == item)).collect()
        }
        (Classes::Integers(names), None) => {
            let items = array.to_f64s().ok_or_else(|| call.unknown_type(array.dtype()))?;
            #[expect(clippy::cast_possible_truncation, reason = "categories are whole numbers")]
            items.into_iter().map(|item| names.iter().position(|&name| name == item as i64)).collect()
        }
        _ => return Err(call.unknown_type(array.dtype())),
    };
    if call.int("zeros") == Some(0) && found.contains(&None) {
        return Err(call.misfit("a category that is not listed"));
    }
    let mut items = vec![0_f32; count];
    for (row, place) in found.into_iter().enumerate() {
        if let Some(place) = place {
            items[row * classes.len() + place] = 1.0;
        }
    }
    let encoded = Array::new(dims, items).ok_or_else(|| call.misfit("codes of that shape"))?;
    call.give(0, encoded);
    Ok(())
}
