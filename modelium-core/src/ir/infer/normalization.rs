//! Normalisations and attention of the standard operators.

use crate::ir::infer::call::{Call, Gap, Outcome, Rule};
use crate::ir::infer::dims;
use crate::ir::infer::elementwise::same_shape;
use crate::ir::schema::OpType;
use crate::ir::types::Dim;
use crate::tensor::DType;

pub(super) fn rule(op: &OpType) -> Option<Rule> {
    Some(match op {
        OpType::InstanceNormalization | OpType::GroupNormalization | OpType::RMSNormalization => same_shape,
        OpType::BatchNormalization => batch_normalization,
        OpType::LayerNormalization => layer_normalization,
        OpType::Attention => attention,
        OpType::FlexAttention => flex_attention,
        OpType::LinearAttention => linear_attention,
        _ => return None,
    })
}

fn batch_normalization(call: &mut Call<'_, '_>) -> Outcome {
    for output in 1..call.node.outputs.len() {
        let dtype = call.dtype(3);
        call.typed(output, dtype);
        let _ = call.like(output, 3); // the statistics, one for each channel
    }
    call.like(0, 0)
}

fn layer_normalization(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype_attribute("stash_type").unwrap_or(DType::Float32);
    call.typed(1, Some(dtype));
    call.typed(2, Some(dtype));
    call.like(0, 0)?;
    let mut dims = call.shape(0)?.to_vec();
    let axis = dims::axis(call.int("axis").unwrap_or(-1), dims.len())?;
    dims[axis..].fill(Dim::Known(1));
    call.shaped(1, dims.clone())?;
    call.shaped(2, dims)
}

/// Queries, keys or values as `[batch, heads, sequence, size]`.
struct Projection {
    batch: Dim,
    heads: Dim,
    sequence: Dim,
    size: Dim,
}

impl Projection {
    fn of(call: &Call<'_, '_>, input: usize, count: &str) -> Result<Self, Gap> {
        match call.shape(input)? {
            [batch, heads, sequence, size] => {
                Ok(Self { batch: batch.clone(), heads: heads.clone(), sequence: sequence.clone(), size: size.clone() })
            }
            [batch, sequence, hidden] => {
                let heads = call.int(count).and_then(|heads| u64::try_from(heads).ok()).ok_or(Gap::Open)?;
                let size = dims::divided(hidden, heads)?;
                Ok(Self { batch: batch.clone(), heads: Dim::Known(heads), sequence: sequence.clone(), size })
            }
            other => Err(Gap::conflict(format!("attention over rank {}", other.len()))),
        }
    }
}

fn attention(call: &mut Call<'_, '_>) -> Outcome {
    let query = Projection::of(call, 0, "q_num_heads")?;
    let keys = Projection::of(call, 1, "kv_num_heads")?;
    let values = Projection::of(call, 2, "kv_num_heads")?;
    let packed = call.shape(0)?.len() == 3;
    let output = if packed {
        vec![query.batch.clone(), query.sequence.clone(), dims::times(&query.heads, &values.size)]
    } else {
        vec![query.batch.clone(), query.heads.clone(), query.sequence.clone(), values.size.clone()]
    };
    call.shaped(0, output)?;
    let total = if call.has(4) {
        call.shape(4).ok().and_then(|past| past.get(2)).map_or(Dim::Unknown, |past| dims::plus(past, &keys.sequence))
    } else {
        keys.sequence.clone()
    };
    call.shaped(1, vec![query.batch.clone(), keys.heads.clone(), total.clone(), keys.size])?;
    call.shaped(2, vec![query.batch.clone(), keys.heads, total.clone(), values.size])?;
    call.shaped(3, vec![query.batch, query.heads, query.sequence, total])
}

fn flex_attention(call: &mut Call<'_, '_>) -> Outcome {
    let [query @ .., _] = call.shape_of_rank(0, 4)? else { return Err(Gap::Open) };
    let [.., size] = call.shape_of_rank(2, 4)? else { return Err(Gap::Open) };
    let dims = [query, std::slice::from_ref(size)].concat();
    call.shaped(0, dims)
}

fn linear_attention(call: &mut Call<'_, '_>) -> Outcome {
    let [batch, sequence, _] = call.shape_of_rank(0, 3)? else { return Err(Gap::Open) };
    let (batch, sequence) = (batch.clone(), sequence.clone());
    let keys = Projection::of(call, 1, "kv_num_heads")?;
    let values = Projection::of(call, 2, "kv_num_heads")?;
    let heads = call.int("q_num_heads").and_then(|heads| u64::try_from(heads).ok()).ok_or(Gap::Open)?;
    let width = dims::times(&Dim::Known(heads), &values.size);
    call.shaped(0, vec![batch.clone(), sequence, width])?;
    let state = if call.has(3) { 3 } else { 0 };
    let dtype = call.dtype(state);
    call.typed(1, dtype);
    call.shaped(1, vec![batch, keys.heads, keys.size, values.size])
}
