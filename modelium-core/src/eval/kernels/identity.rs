//! Operators that hand on what they are given.

use crate::error::Result;
use crate::eval::array::Array;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::mersenne::Mersenne;
use crate::eval::number::rounded;
use crate::ir::OpType;
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::Identity => identity,
        OpType::Dropout => dropout,
        _ => return None,
    })
}

fn identity(call: &mut Call<'_, '_>) -> Result<()> {
    let value = call.take(0).ok_or_else(|| call.misfit("input 0 is left out"))?;
    call.give(0, value);
    Ok(())
}

fn dropout(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let trains = if call.opset < 12 {
        // versions before 7 train unless they are told that this is a test
        call.opset < 7 && !call.flag("is_test")
    } else {
        call.optional(2)?.is_some_and(|flag| flag.items::<bool>().is_some_and(|items| items.contains(&true)))
    };
    let ratio = match (call.opset >= 12).then(|| call.optional(1)).transpose()?.flatten() {
        Some(ratio) => ratio.to_f64s().and_then(|items| items.first().copied()),
        None => Some(call.float("ratio").map_or(0.5, f64::from)),
    };
    let ratio = ratio.filter(|ratio| (0.0..1.0).contains(ratio));
    let ratio = ratio.ok_or_else(|| call.misfit("a ratio that is not in [0, 1)"))?;
    let count = call.room(array.dtype(), array.dims())?;
    let mut kept = vec![true; if call.wants(1) || trains { count } else { 0 }];
    if trains && ratio > 0.0 {
        let mut stream = Mersenne::new(low_word(call.int("seed").unwrap_or(0)));
        kept.iter_mut().for_each(|kept| *kept = stream.uniform() >= ratio);
        let items = array.to_f64s().ok_or_else(|| call.unknown_type(array.dtype()))?;
        let scale = 1.0 / (1.0 - ratio);
        let items = items.iter().zip(&kept).map(|(item, &kept)| if kept { item * scale } else { 0.0 }).collect();
        let buffer = rounded(array.dtype(), items).ok_or_else(|| call.unknown_type(array.dtype()))?;
        call.give_array(0, array.dims().to_vec(), buffer)?;
    } else {
        call.give(0, array.clone());
    }
    if call.wants(1) {
        // versions before 10 say that the mask is of the type of the data
        let mask = if call.opset < 10 && array.dtype() != DType::Bool {
            let ones = kept.iter().map(|&kept| f64::from(u8::from(kept))).collect();
            rounded(array.dtype(), ones).and_then(|buffer| Array::of(array.dims().to_vec(), buffer))
        } else {
            Array::new(array.dims().to_vec(), kept)
        };
        call.give(1, mask.ok_or_else(|| call.unknown_type(array.dtype()))?);
    }
    Ok(())
}

/// The low 32 bits.
fn low_word(seed: i64) -> u32 {
    let [a, b, c, d, ..] = seed.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}
