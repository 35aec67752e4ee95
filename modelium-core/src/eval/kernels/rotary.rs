//! Rotary position embeddings: pairs of features turned by an angle that grows with the position.

use crate::error::Result;
use crate::eval::call::{Call, Kernel};
use crate::eval::number::is_float;
use crate::ir::OpType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    (*op == OpType::RotaryEmbedding).then_some(rotary as Kernel)
}

fn rotary(call: &mut Call<'_, '_>) -> Result<()> {
    let dtype = call.array(0)?.dtype();
    if !is_float(dtype) {
        return Err(call.unknown_type(dtype));
    }
    let (dims, mut items) = call.reals_at::<f64>(0)?;
    let ((cos_dims, cos), (sin_dims, sin)) = (call.reals_at::<f64>(1)?, call.reals_at::<f64>(2)?);
    let places = call.ints_at(3)?;
    let misfit = || call.misfit(format!("input {dims:?} with caches {cos_dims:?} and {sin_dims:?}"));
    // how features lie: the strides of batch, head and position
    let (batch, heads, length, width, strides) = match *dims.as_slice() {
        [batch, heads, length, width] => (batch, heads, length, width, [heads * length * width, length * width, width]),
        [batch, length, hidden] => {
            let heads = call.int("num_heads").and_then(|heads| usize::try_from(heads).ok()).unwrap_or(0);
            if heads == 0 || !hidden.is_multiple_of(heads) {
                return Err(call.misfit(format!("a width of {hidden} in {heads} heads")));
            }
            let width = hidden / heads;
            (batch, heads, length, width, [length * hidden, width, hidden])
        }
        _ => return Err(misfit()),
    };
    let turned = call.int("rotary_embedding_dim").and_then(|dim| usize::try_from(dim).ok()).unwrap_or(0);
    let turned = if turned == 0 { width } else { turned };
    let half = turned / 2;
    if turned > width || cos_dims != sin_dims || cos_dims.last() != Some(&half) {
        return Err(misfit());
    }
    let rows = cos_dims[..cos_dims.len() - 1].iter().product::<usize>();
    let row = |sample: usize, position: usize| -> Result<usize> {
        let token = sample * length + position;
        match &places {
            Some(places) => {
                let place = places.get(token).or(places.get(position).filter(|_| places.len() == length));
                place
                    .and_then(|&place| usize::try_from(if place < 0 { place + rows as i64 } else { place }).ok())
                    .filter(|place| *place < rows)
                    .ok_or_else(misfit)
            }
            None if rows == batch * length => Ok(token),
            None if rows == length => Ok(position),
            None => Err(misfit()),
        }
    };
    let interleaved = call.flag("interleaved");
    for sample in 0..batch {
        for position in 0..length {
            let row = row(sample, position)? * half;
            for head in 0..heads {
                let start = sample * strides[0] + head * strides[1] + position * strides[2];
                let features = &mut items[start..start + turned];
                for pair in 0..half {
                    let (first, second) = if interleaved { (2 * pair, 2 * pair + 1) } else { (pair, half + pair) };
                    let (a, b) = (features[first], features[second]);
                    let (cos, sin) = (cos[row + pair], sin[row + pair]);
                    features[first] = cos * a - sin * b;
                    features[second] = sin * a + cos * b;
                }
            }
        }
    }
    call.give_reals(0, dtype, dims, items)
}
