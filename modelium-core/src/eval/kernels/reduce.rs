//! Reductions: many elements along some axes become one.

use crate::error::Result;
use crate::eval::array::{Array, Element as _};
use crate::eval::broadcast::{Walk, strides};
use crate::eval::call::{Call, Kernel};
use crate::eval::number::{Integer, by_integer, is_float};
use crate::ir::OpType;
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::ReduceSum => |call| reduce(call, How::Sum),
        OpType::ReduceMean => |call| reduce(call, How::Mean),
        OpType::ReduceProd => |call| reduce(call, How::Product),
        OpType::ReduceMax => |call| reduce(call, How::Most),
        OpType::ReduceMin => |call| reduce(call, How::Least),
        OpType::ReduceL1 => |call| reduce(call, How::L1),
        OpType::ReduceL2 => |call| reduce(call, How::L2),
        OpType::ReduceSumSquare => |call| reduce(call, How::SumSquare),
        OpType::ReduceLogSum => |call| reduce(call, How::LogSum),
        OpType::ReduceLogSumExp => |call| reduce(call, How::LogSumExp),
        _ => return None,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Sum,
    Mean,
    Product,
    Most,
    Least,
    L1,
    L2,
    SumSquare,
    LogSum,
    LogSumExp,
}

/// Which axes of a tensor fold into one element.
pub(super) struct Folding {
    walk: Walk<2>,
    count: usize,
    /// Elements that fold into each.
    pub(super) folded: usize,
    /// The dimensions that are left: one, or none, in the place of folded ones.
    pub(super) dims: Vec<usize>,
}

impl Folding {
    /// Over the axes that `folded` marks.
    pub(super) fn new(dims: &[usize], folded: &[bool], keep: bool) -> Self {
        let ones: Vec<usize> = dims.iter().zip(folded).map(|(&dim, &folded)| if folded { 1 } else { dim }).collect();
        let steps = strides(&ones).into_iter().zip(folded).map(|(step, &folded)| if folded { 0 } else { step });
        let walk = Walk::strided(dims, &[strides(dims), steps.collect()]);
        let left = |(&dim, &folded): (&usize, &bool)| match (folded, keep) {
            (false, _) => Some(dim),
            (true, true) => Some(1),
            (true, false) => None,
        };
        Self {
            walk,
            count: ones.iter().product(),
            folded: dims.iter().zip(folded).filter(|(_, folded)| **folded).map(|(dim, _)| dim).product(),
            dims: dims.iter().zip(folded).filter_map(left).collect(),
        }
    }

    /// Folds `items` with `f`, which also hears which of the results it adds to.
    pub(super) fn fold<T: Copy, A: Clone>(&self, items: &[T], start: A, f: impl Fn(A, T, usize) -> A) -> Vec<A> {
        let mut out = vec![start; self.count];
        self.walk.each_row(|[from, to]| {
            let [from_step, to_step] = self.walk.steps;
            if to_step == 0 {
                let mut total = out[to].clone();
                for index in 0..self.walk.row {
                    total = f(total, items[from + index * from_step], to);
                }
                out[to] = total;
            } else {
                for index in 0..self.walk.row {
                    let slot = to + index * to_step;
                    out[slot] = f(out[slot].clone(), items[from + index * from_step], slot);
                }
            }
        });
        out
    }
}

/// Marks axes; all of them if none are given, unless the node says that then nothing folds.
fn marked(call: &Call<'_, '_>, rank: usize) -> Result<Vec<bool>> {
    let axes = call.axes(1)?.unwrap_or_default();
    if axes.is_empty() {
        return Ok(vec![!call.flag("noop_with_empty_axes"); rank]);
    }
    let mut folded = vec![false; rank];
    for axis in axes {
        folded[call.axis(axis, rank)?] = true;
    }
    Ok(folded)
}

fn reduce(call: &mut Call<'_, '_>, how: How) -> Result<()> {
    let array = call.array(0)?;
    let keep = call.int("keepdims").is_none_or(|value| value != 0);
    let folding = Folding::new(array.dims(), &marked(call, array.rank())?, keep);
    // one double for each that is left
    call.room(DType::Float64, &folding.dims)?;
    if let Some(items) = array.items::<bool>() {
        let out = match how {
            How::Most => folding.fold(items, false, |a, b, _| a || b),
            How::Least => folding.fold(items, true, |a, b, _| a && b),
            _ => return Err(call.unknown_type(DType::Bool)),
        };
        return call.give_array(0, folding.dims, bool::wrap(out));
    }
    by_integer!(array.dtype(), T => {
        if let Some(out) = on_integers::<T>(&folding, array.items::<T>().unwrap_or_default(), how) {
            return call.give_array(0, folding.dims, T::wrap(out));
        }
    }, if !is_float(array.dtype()) {
        return Err(call.unknown_type(array.dtype()));
    });
    let out = on_floats(call, &folding, &array, how)?;
    call.give_reals(0, array.dtype(), folding.dims, out)
}

/// What is exact in integers; `None` for the rest.
fn on_integers<T: Integer>(folding: &Folding, items: &[T], how: How) -> Option<Vec<T>> {
    let zero = T::default();
    Some(match how {
        How::Sum => folding.fold(items, zero, |a, b, _| a.plus(b)),
        How::Product => folding.fold(items, T::ONE, |a, b, _| a.times(b)),
        How::Most => folding.fold(items, T::LEAST, |a, b, _| a.max(b)),
        How::Least => folding.fold(items, T::MOST, |a, b, _| a.min(b)),
        How::L1 => folding.fold(items, zero, |a, b, _| a.plus(if b < zero { b.negated() } else { b })),
        How::SumSquare => folding.fold(items, zero, |a, b, _| a.plus(b.times(b))),
        How::Mean | How::L2 | How::LogSum | How::LogSumExp => return None,
    })
}

/// Sums are kept in doubles, so that their order does not matter to the result.
fn on_floats(call: &Call<'_, '_>, folding: &Folding, array: &Array, how: How) -> Result<Vec<f64>> {
    if let Some(items) = array.items::<f32>() {
        return Ok(fold_floats(folding, items, how, f64::from));
    }
    let (_, items) = call.reals_of::<f64>(array)?;
    Ok(fold_floats(folding, &items, how, |x| x))
}

fn fold_floats<T: Copy>(folding: &Folding, items: &[T], how: How, wide: impl Fn(T) -> f64 + Copy) -> Vec<f64> {
    let sum = |f: fn(f64) -> f64| folding.fold(items, 0.0, |a, b, _| a + f(wide(b)));
    let most = || {
        folding.fold(items, f64::NEG_INFINITY, |a: f64, b, _| {
            let b = wide(b);
            if a.is_nan() || a > b { a } else { b }
        })
    };
    let mapped = |items: Vec<f64>, f: &dyn Fn(f64) -> f64| items.into_iter().map(f).collect();
    match how {
        How::Sum => sum(|x| x),
        How::Mean => mapped(sum(|x| x), &|x| x / folding.folded as f64),
        How::Product => folding.fold(items, 1.0, |a, b, _| a * wide(b)),
        How::Most => most(),
        How::Least => folding.fold(items, f64::INFINITY, |a: f64, b, _| {
            let b = wide(b);
            if a.is_nan() || a < b { a } else { b }
        }),
        How::L1 => sum(f64::abs),
        How::L2 => mapped(sum(|x| x * x), &f64::sqrt),
        How::SumSquare => sum(|x| x * x),
        How::LogSum => mapped(sum(|x| x), &f64::ln),
        How::LogSumExp => {
            let most: Vec<f64> = mapped(most(), &|x| if x.is_finite() { x } else { 0.0 });
            let sums = folding.fold(items, 0.0, |a, b, slot| a + (wide(b) - most[slot]).exp());
            sums.into_iter().zip(most).map(|(sum, most)| sum.ln() + most).collect()
        }
    }
}
