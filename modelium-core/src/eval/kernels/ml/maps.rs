//! Maps: from columns to names and back.

use std::sync::Arc;

use bytes::Bytes;

use crate::error::Result;
use crate::eval::array::{Array, Element, map_buffer};
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::constant::nothing;
use crate::eval::kernels::ml::Classes;
use crate::eval::number::rounded;
use crate::eval::value::Value;
use crate::ir::OpType;
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::ZipMap => zip_map,
        OpType::CastMap => cast_map,
        OpType::DictVectorizer => vectorize,
        _ => return None,
    })
}

/// Input 0, a map: its keys, and the values of each.
fn map(call: &Call<'_, '_>) -> Result<Arc<(Array, Array)>> {
    match call.value(0) {
        Some(Value::Map(map)) => Ok(Arc::clone(map)),
        _ => Err(call.misfit("input 0 is not a map")),
    }
}

fn zip_map(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let items = array.items::<f32>().ok_or_else(|| call.unknown_type(array.dtype()))?;
    let columns = array.dims().last().copied().unwrap_or(1);
    let keys = match Classes::of(call, "classlabels_strings", "classlabels_int64s") {
        Classes::Strings(names) => Array::list(names),
        Classes::Integers(names) => Array::list(names),
    };
    if keys.len() != columns || array.rank() > 2 {
        return Err(call.misfit(format!("{} names for columns of {:?}", keys.len(), array.dims())));
    }
    let maps = items.chunks(columns.max(1)).map(|row| Value::Map(Arc::new((keys.clone(), Array::list(row.to_vec())))));
    let maps = Value::Sequence(Arc::new(maps.collect()));
    call.room_for(maps.bytes())?;
    call.give(0, maps);
    Ok(())
}

fn cast_map(call: &mut Call<'_, '_>) -> Result<()> {
    let map = map(call)?;
    let (keys, values) = (&map.0, &map.1);
    let keys = keys.to_i64s().ok_or_else(|| call.unknown_type(keys.dtype()))?;
    let mut order: Vec<usize> = (0..keys.len().min(values.len())).collect();
    order.sort_by_key(|&place| keys[place]);
    let sparse = match call.str("map_form") {
        None | Some("DENSE") => false,
        Some("SPARSE") => true,
        Some(form) => return Err(call.misfit(format!("map_form '{form}', expected DENSE or SPARSE"))),
    };
    let dtype = match call.str("cast_to") {
        None | Some("TO_FLOAT") => DType::Float32,
        Some("TO_STRING") => DType::String,
        Some("TO_INT64") => DType::Int64,
        Some(name) => return Err(call.misfit(format!("cast_to '{name}'"))),
    };
    let cast = cast(call, values, dtype)?;
    // for each column of the result the value that stands there
    let columns: Vec<Option<usize>> = if sparse {
        let width = usize::try_from(call.int("max_map").unwrap_or(1).max(0)).unwrap_or(usize::MAX);
        call.room(dtype, &[width])?;
        let mut columns = vec![None; width];
        for &place in &order {
            let column = usize::try_from(keys[place]).ok().and_then(|column| columns.get_mut(column));
            *column.ok_or_else(|| call.misfit(format!("key {} in a map of {width}", keys[place])))? = Some(place);
        }
        columns
    } else {
        order.into_iter().map(Some).collect()
    };
    let fill = nothing(dtype);
    let misfit = || call.misfit("values of that type");
    let buffer = map_buffer!(cast.buffer(), items => {
        let fill = fill.codes().and_then(<[_]>::first).ok_or_else(misfit)?;
        columns.iter().map(|&place| place.map_or(fill, |place| &items[place]).clone()).collect()
    });
    call.give_array(0, vec![1, columns.len()], buffer)
}

/// Strings and numbers as each other.
fn cast(call: &Call<'_, '_>, values: &Array, dtype: DType) -> Result<Array> {
    if values.dtype() == dtype {
        return Ok(values.clone());
    }
    let unknown = || call.unknown_type(values.dtype());
    if let Some(items) = values.items::<Bytes>() {
        let number = |item: &Bytes| std::str::from_utf8(item).ok().and_then(|text| text.trim().parse::<f64>().ok());
        let numbers: Option<Vec<f64>> = items.iter().map(number).collect();
        let numbers = numbers.ok_or_else(|| call.misfit("a string that is not a number"))?;
        return Array::of(values.dims().to_vec(), rounded(dtype, numbers).ok_or_else(unknown)?).ok_or_else(unknown);
    }
    let numbers = values.to_f64s().ok_or_else(unknown)?;
    let buffer = match dtype {
        DType::String => Bytes::wrap(numbers.iter().map(|number| Bytes::from(format!("{number:.6}"))).collect()),
        // numbers lose what is behind the point
        DType::Int64 => rounded(dtype, numbers.into_iter().map(f64::trunc).collect()).ok_or_else(unknown)?,
        _ => rounded(dtype, numbers).ok_or_else(unknown)?,
    };
    Array::of(values.dims().to_vec(), buffer).ok_or_else(unknown)
}

fn vectorize(call: &mut Call<'_, '_>) -> Result<()> {
    let map = map(call)?;
    let (keys, values) = (&map.0, &map.1);
    let vocabulary = match Classes::of(call, "string_vocabulary", "int64_vocabulary") {
        Classes::Strings(names) => {
            let keys = keys.items::<Bytes>().ok_or_else(|| call.unknown_type(keys.dtype()))?;
            names.iter().map(|name| keys.iter().position(|key| key == name)).collect::<Vec<_>>()
        }
        Classes::Integers(names) => {
            let keys = keys.to_i64s().ok_or_else(|| call.unknown_type(keys.dtype()))?;
            names.iter().map(|name| keys.iter().position(|key| key == name)).collect()
        }
    };
    let fill = nothing(values.dtype());
    let misfit = || call.misfit("values of that type");
    let buffer = map_buffer!(values.buffer(), items => {
        let fill = fill.codes().and_then(<[_]>::first).ok_or_else(misfit)?;
        vocabulary.iter().map(|&place| place.map_or(fill, |place| &items[place]).clone()).collect()
    });
    call.give_array(0, vec![1, vocabulary.len()], buffer)
}
