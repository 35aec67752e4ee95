//! Recurrent layers.

use crate::ir::infer::call::{Call, Gap, Outcome, Rule};
use crate::ir::infer::dims;
use crate::ir::schema::OpType;
use crate::ir::types::Dim;

pub(super) fn rule(op: &OpType) -> Option<Rule> {
    Some(match op {
        OpType::LSTM | OpType::GRU | OpType::RNN => recurrent,
        _ => return None,
    })
}

/// Input `[sequence, batch, input]`, recurrence weights `[directions, gates·hidden, hidden]`; with `layout` 1 the batch
/// comes first.
pub(super) fn recurrent(call: &mut Call<'_, '_>) -> Outcome {
    let [first, second, _] = call.shape_of_rank(0, 3)? else { return Err(Gap::Open) };
    let batch_first = call.int("layout").unwrap_or(0) != 0;
    let (sequence, batch) = if batch_first { (second, first) } else { (first, second) };
    let (sequence, batch) = (sequence.clone(), batch.clone());
    let directions = Dim::Known(if call.str("direction") == Some("bidirectional") { 2 } else { 1 });
    let hidden = match call.int("hidden_size") {
        Some(hidden) => dims::from_i64(hidden),
        None => call.shape(2).ok().and_then(|weights| weights.get(2)).cloned().unwrap_or(Dim::Unknown),
    };
    let (all, last) = if batch_first {
        (vec![batch.clone(), sequence, directions.clone(), hidden.clone()], vec![batch, directions, hidden])
    } else {
        (vec![sequence, directions.clone(), batch.clone(), hidden.clone()], vec![directions, batch, hidden])
    };
    call.shaped(0, all)?;
    call.shaped(1, last.clone())?;
    call.shaped(2, last)
}
