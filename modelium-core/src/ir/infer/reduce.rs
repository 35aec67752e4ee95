//! Reductions over axes.

use crate::ir::infer::call::{Call, Gap, Outcome, Rule};
use crate::ir::infer::item::{settle, two};
use crate::ir::infer::reshape::known;
use crate::ir::infer::value::{Elements, Item, is_float};
use crate::ir::infer::{dims, value};
use crate::ir::schema::OpType;
use crate::ir::types::Dim;
use crate::tensor::DType;

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
    call.shaped(0, dims.clone())?;
    if let (Some(value), Some(numbers)) = (call.value(0), known(&dims))
        && let Some(op) = folds(&call.node.op)
        && let Some(totals) = totals(&value, numbers, &gone, keep, &op, call.dtype(0))
    {
        call.hold(0, totals);
    }
    Ok(())
}

/// The operator on two elements that a reduction of integers repeats.
fn folds(op: &OpType) -> Option<OpType> {
    Some(match op {
        OpType::ReduceSum => OpType::Add,
        OpType::ReduceProd => OpType::Mul,
        OpType::ReduceMax => OpType::Max,
        OpType::ReduceMin => OpType::Min,
        _ => return None,
    })
}

/// The elements along the axes that go, folded; for shapes, and so not for floats, which sum in an order of their own.
fn totals(
    value: &Elements,
    dims: Vec<u64>,
    gone: &[usize],
    keep: bool,
    op: &OpType,
    dtype: Option<DType>,
) -> Option<Elements> {
    let dtype = dtype.filter(|&dtype| !is_float(dtype) || value.items.len() == 1);
    let mut sums: Vec<Option<Item>> = vec![None; value::count(&dims).filter(|&count| count <= value::MOST)?];
    let mut steps = value.items.iter();
    Elements::build(value.dims.clone(), |at| {
        let item = steps.next()?;
        let place = at.iter().zip(&value.dims).enumerate().try_fold(0_usize, |index, (axis, (&at, &dim))| {
            let lost = gone.contains(&axis);
            let (at, dim) = if lost { (0, if keep { 1 } else { return Some(index) }) } else { (at, dim) };
            index.checked_mul(usize::try_from(dim).ok()?)?.checked_add(at)
        })?;
        let sum = sums.get_mut(place)?;
        *sum = Some(match sum.take() {
            Some(sum) => settle(two(op, &sum, item, dtype, false), dtype),
            None => item.clone(),
        });
        Some(Item::Unknown)
    })?;
    let neutral = match op {
        OpType::Add => Item::Int(0),
        OpType::Mul => Item::Int(1),
        _ => Item::Unknown,
    };
    let of_nothing = |sum: Option<Item>| sum.unwrap_or_else(|| neutral.clone());
    Elements::new(dims, sums.into_iter().map(of_nothing).collect())
}

pub(super) fn reduced(dims: &[Dim], gone: &[usize], keep: bool) -> Vec<Dim> {
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
