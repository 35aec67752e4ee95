//! Reductions over axes.

use crate::ir::infer::call::{Call, Gap, Outcome, Rule};
use crate::ir::infer::dims;
use crate::ir::infer::value::{Elements, Item};
use crate::ir::schema::OpType;
use crate::ir::types::Dim;

pub(super) fn rule(op: &OpType) -> Option<Rule> {
    Some(match op {
        OpType::ReduceL1
        | OpType::ReduceL2
        | OpType::ReduceLogSum
        | OpType::ReduceLogSumExp
        | OpType::ReduceMax
        | OpType::ReduceMean
        | OpType::ReduceMin
        | OpType::ReduceProd
        | OpType::ReduceSum
        | OpType::ReduceSumSquare => reduce,
        OpType::ArgMax | OpType::ArgMin => arg,
        OpType::NegativeLogLikelihoodLoss | OpType::SoftmaxCrossEntropyLoss => loss,
        _ => return None,
    })
}

fn reduce(call: &mut Call<'_, '_>) -> Outcome {
    let keep = call.int("keepdims").unwrap_or(1) != 0;
    let axes = match call.axes(1) {
        Ok(axes) => axes.filter(|axes| !axes.is_empty()),
        // Which axes go is open; if they stay as ones, the rank is known nevertheless.
        Err(_) if keep => {
            let rank = call.shape(0)?.len();
            return call.shaped(0, dims::open(rank));
        }
        Err(gap) => return Err(gap),
    };
    let dims = call.shape(0)?;
    let gone = match axes {
        Some(axes) => dims::axes(&axes, dims.len())?,
        None if call.int("noop_with_empty_axes").unwrap_or(0) != 0 => return call.like(0, 0),
        None => (0..dims.len()).collect(),
    };
    let dims = reduced(dims, &gone, keep);
    let whole = gone.len() == call.shape(0)?.len();
    call.shaped(0, dims.clone())?;
    if let (true, Some(value)) = (whole, call.value(0)) {
        let numbers: Option<Vec<u64>> = dims.iter().map(Dim::known).collect();
        if let Some(all) = numbers.and_then(|dims| Elements::new(dims, vec![total(&call.node.op, &value)])) {
            call.hold(0, all);
        }
    }
    Ok(())
}

fn reduced(dims: &[Dim], gone: &[usize], keep: bool) -> Vec<Dim> {
    let mut left = Vec::with_capacity(dims.len());
    for (axis, dim) in dims.iter().enumerate() {
        match (gone.contains(&axis), keep) {
            (false, _) => left.push(dim.clone()),
            (true, true) => left.push(Dim::Known(1)),
            (true, false) => {}
        }
    }
    left
}

/// All elements in one, for shapes: sums and products of integers.
fn total(op: &OpType, value: &Elements) -> Item {
    if let (OpType::ReduceSum | OpType::ReduceProd | OpType::ReduceMax | OpType::ReduceMin, [only]) =
        (op, value.items.as_slice())
    {
        return only.clone();
    }
    let Some(ints) = value.ints() else { return Item::Unknown };
    let total = match op {
        OpType::ReduceSum => ints.iter().try_fold(0_i64, |sum, &item| sum.checked_add(item)),
        OpType::ReduceProd => ints.iter().try_fold(1_i64, |product, &item| product.checked_mul(item)),
        OpType::ReduceMax => ints.iter().copied().max(),
        OpType::ReduceMin => ints.iter().copied().min(),
        _ => None,
    };
    total.map_or(Item::Unknown, Item::Int)
}

fn arg(call: &mut Call<'_, '_>) -> Outcome {
    let keep = call.int("keepdims").unwrap_or(1) != 0;
    let dims = call.shape(0)?;
    let axis = dims::axis(call.int("axis").unwrap_or(0), dims.len())?;
    let dims = reduced(dims, &[axis], keep);
    call.shaped(0, dims)
}

fn loss(call: &mut Call<'_, '_>) -> Outcome {
    // The second output of the cross entropy: the logarithms.
    let _ = call.like(1, 0);
    if call.str("reduction").unwrap_or("mean") != "none" {
        return call.shaped(0, Vec::new());
    }
    let [batch, _, rest @ ..] = call.shape(0)? else { return Err(Gap::conflict("a loss needs batch and classes")) };
    let dims = [std::slice::from_ref(batch), rest].concat();
    call.shaped(0, dims)
}
