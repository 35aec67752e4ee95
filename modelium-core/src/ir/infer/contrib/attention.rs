//! Attention: projections packed or apart, with what was said before in a cache.

use crate::ir::expr::Expr;
use crate::ir::infer::call::{Call, Gap, Outcome, Rule};
use crate::ir::infer::dims;
use crate::ir::types::Dim;
use crate::tensor::DType;

pub(super) fn rule(name: &str) -> Option<Rule> {
    Some(match name {
        "Attention" => |call| attention(call, 4, 0),
        "QAttention" => |call| attention(call, 8, 3),
        "MultiHeadAttention" => multi_head,
        "DecoderMaskedMultiHeadAttention" => decoder,
        "GroupQueryAttention" | "SparseAttention" => group_query,
        "LongformerAttention" => super::like_first,
        "PackedAttention" => packed,
        "PackedMultiHeadAttention" => packed_multi_head,
        "RemovePadding" => remove_padding,
        "RestorePadding" => restore_padding,
        "RelativePositionBias" => relative_position_bias,
        _ => return None,
    })
}

fn heads(call: &Call<'_, '_>, name: &str) -> Result<u64, Gap> {
    let heads = call.int(name).and_then(|heads| u64::try_from(heads).ok()).filter(|&heads| heads > 0);
    heads.ok_or(Gap::Open)
}

/// How wide the values are that weights `[in, queries + keys + values]` make.
fn width_of_values(call: &Call<'_, '_>, weights: usize) -> Result<Dim, Gap> {
    match call.ints("qkv_hidden_sizes") {
        Some([_, _, values]) => Ok(dims::from_i64(*values)),
        _ => dims::divided(call.shape_of_rank(weights, 2)?.get(1).ok_or(Gap::Open)?, 3),
    }
}

/// Input `[batch, sequence, in]`, the cache `[2, batch, heads, past, size]`.
fn attention(call: &mut Call<'_, '_>, past: usize, typed_by: usize) -> Outcome {
    let dtype = call.dtype(typed_by);
    call.typed(0, dtype);
    call.typed(1, dtype);
    let width = width_of_values(call, 1)?;
    let [batch, sequence, _] = call.shape_of_rank(0, 3)? else { return Err(Gap::Open) };
    let (batch, sequence) = (batch.clone(), sequence.clone());
    call.shaped(0, vec![batch.clone(), sequence.clone(), width.clone()])?;
    let shared = call.int("past_present_share_buffer").unwrap_or(0) != 0;
    let present = if call.has(past) {
        let [two, batch, heads, before, size] = call.shape_of_rank(past, 5)? else { return Err(Gap::Open) };
        let total = if shared { before.clone() } else { dims::plus(before, &sequence) };
        vec![two.clone(), batch.clone(), heads.clone(), total, size.clone()]
    } else {
        let heads = heads(call, "num_heads")?;
        vec![Dim::Known(2), batch, Dim::Known(heads), sequence, dims::divided(&width, heads)?]
    };
    call.shaped(1, present)
}

/// Queries `[batch, sequence, hidden]`, or all three as `[batch, sequence, heads, 3, size]`; keys and values beside them,
/// as `[batch, sequence, hidden]`, together as `[batch, sequence, heads, 2, size]`, or `[batch, heads, sequence, size]`.
fn multi_head(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    for output in 0..4 {
        call.typed(output, dtype);
    }
    let heads = heads(call, "num_heads")?;
    let query = call.shape(0)?.to_vec();
    let apart = |width: &Dim| dims::divided(width, heads);
    let (batch, sequence, hidden) = match query.as_slice() {
        [batch, sequence, hidden] => (batch, sequence, hidden.clone()),
        [batch, sequence, heads, _, size] => (batch, sequence, dims::times(heads, size)),
        other => return Err(Gap::conflict(format!("queries of rank {}", other.len()))),
    };
    let (keys, size) = match call.shape(1) {
        _ if query.len() == 5 || !call.has(1) => (sequence.clone(), apart(&hidden)?),
        Ok([_, keys, width]) => (keys.clone(), apart(width)?),
        Ok([_, keys, _, _, size] | [_, _, keys, size]) => (keys.clone(), size.clone()),
        _ => (Dim::Unknown, Dim::Unknown),
    };
    let value_size = match call.shape(2) {
        _ if !call.has(2) => size.clone(),
        Ok([_, _, width]) => apart(width)?,
        Ok([_, _, _, size]) => size.clone(),
        _ => Dim::Unknown,
    };
    let width = dims::times(&Dim::Known(heads), &value_size);
    call.shaped(0, vec![batch.clone(), sequence.clone(), width])?;
    let total = match call.shape(6) {
        _ if !call.has(6) => keys,
        // The cache is written in place.
        Ok([_, _, past, _]) if call.has(8) => past.clone(),
        Ok([_, _, past, _]) => dims::plus(past, &keys),
        _ => Dim::Unknown,
    };
    let cache = |size| vec![batch.clone(), Dim::Known(heads), total.clone(), size];
    let (keys, values) = (cache(size), cache(value_size));
    let scores = vec![batch.clone(), Dim::Known(heads), sequence.clone(), total.clone()];
    call.shaped(1, keys)?;
    call.shaped(2, values)?;
    call.shaped(3, scores)
}

/// One token at a time, the cache written in place.
fn decoder(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    for output in 0..3 {
        call.typed(output, dtype);
    }
    for (output, past) in [(1, 5), (2, 6)] {
        if call.has(past) {
            call.like(output, past)?;
        }
    }
    let [batch, sequence, hidden] = call.shape_of_rank(0, 3)? else { return Err(Gap::Open) };
    let width = match call.shape(2) {
        Ok([_, _, width]) => width.clone(),
        Ok([_, heads, _, size]) => dims::times(heads, size),
        _ => hidden.clone(),
    };
    let dims = vec![batch.clone(), sequence.clone(), width];
    call.shaped(0, dims)
}

/// Queries `[batch, sequence, hidden]` with keys and values of fewer heads beside them, or behind them on the last axis;
/// the cache is `[batch, key heads, past, size]`.
fn group_query(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    let cached = call.dtype(3).or(dtype);
    call.typed(0, dtype);
    call.typed(1, cached);
    call.typed(2, cached);
    let (heads, key_heads) = (heads(call, "num_heads")?, heads(call, "kv_num_heads")?);
    let total_at = if call.node.op.name() == "SparseAttention" { 7 } else { 6 };
    let total = call.value(total_at).and_then(|total| total.single()?.expr());
    let [batch, sequence, hidden] = call.shape_of_rank(0, 3)? else { return Err(Gap::Open) };
    let (batch, sequence) = (batch.clone(), sequence.clone());
    let all = if call.has(1) { heads } else { heads.saturating_add(key_heads.saturating_mul(2)) };
    let size = dims::divided(hidden, all)?;
    call.shaped(0, vec![batch.clone(), sequence, dims::times(&Dim::Known(heads), &size)])?;
    let past = match call.shape(3) {
        Ok([_, _, past, _]) => past.expr(),
        _ if !call.has(3) => Some(Expr::constant(0)),
        _ => None,
    };
    // The cache grows to what there is in all, unless it is that long already.
    let present = past.zip(total).and_then(|(past, total)| Expr::largest(vec![past, total]));
    let cache = vec![batch, Dim::Known(key_heads), present.map_or(Dim::Unknown, Dim::from), size];
    call.shaped(1, cache.clone())?;
    call.shaped(2, cache)
}

/// Tokens of all sequences one after the other: `[tokens, in]`.
fn packed(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    let width = width_of_values(call, 1)?;
    let [tokens, _] = call.shape_of_rank(0, 2)? else { return Err(Gap::Open) };
    let dims = vec![tokens.clone(), width];
    call.shaped(0, dims)
}

fn packed_multi_head(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    let dims = match (call.shape(0)?, call.shape(2)) {
        ([tokens, heads, _, size], _) => vec![tokens.clone(), dims::times(heads, size)],
        ([tokens, _], Ok([_, width])) => vec![tokens.clone(), width.clone()],
        _ => return Err(Gap::Open),
    };
    call.shaped(0, dims)
}

/// `[batch, sequence, hidden] → ([tokens, hidden], [batch, sequence], [batch + 1], [1])`
fn remove_padding(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    for output in 1..4 {
        call.typed(output, Some(DType::Int32));
    }
    let [batch, sequence, hidden] = call.shape_of_rank(0, 3)? else { return Err(Gap::Open) };
    let (batch, sequence, hidden) = (batch.clone(), sequence.clone(), hidden.clone());
    call.shaped(2, vec![dims::shifted(&batch, 1)])?;
    call.shaped(1, vec![batch, sequence])?;
    call.shaped(3, vec![Dim::Known(1)])?;
    call.shaped(0, vec![Dim::Unknown, hidden])
}

/// `([tokens, hidden], [batch, sequence]) → [batch, sequence, hidden]`
fn restore_padding(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    let ([_, hidden], [batch, sequence]) = (call.shape_of_rank(0, 2)?, call.shape_of_rank(1, 2)?) else {
        return Err(Gap::Open);
    };
    let dims = vec![batch.clone(), sequence.clone(), hidden.clone()];
    call.shaped(0, dims)
}

/// `([buckets, heads], queries, keys) → [1, heads, queries, keys]`
fn relative_position_bias(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    let mut length = |input| call.value(input).and_then(|value| Some(value.single()?.to_dim())).unwrap_or(Dim::Unknown);
    let (queries, keys) = (length(1), length(2));
    let [_, heads] = call.shape_of_rank(0, 2)? else { return Err(Gap::Open) };
    let dims = vec![Dim::Known(1), heads.clone(), queries, keys];
    call.shaped(0, dims)
}
