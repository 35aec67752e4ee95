//! What runs along one axis: the place of the largest element, running sums, softmax.

use crate::error::Result;
use crate::eval::array::Element;
use crate::eval::call::{Call, Kernel};
use crate::eval::number::{Integer, Real, by_integer, by_precision, is_float};
use crate::ir::OpType;
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::ArgMax => |call| place_of(call, true),
        OpType::ArgMin => |call| place_of(call, false),
        OpType::CumSum => |call| running(call, false),
        OpType::CumProd => |call| running(call, true),
        OpType::Softmax => |call| along(call, default_axis(call), Softmax),
        OpType::LogSoftmax => |call| along(call, default_axis(call), LogSoftmax),
        OpType::Hardmax => |call| along(call, default_axis(call), Hardmax),
        OpType::LpNormalization => lp_normalization,
        _ => return None,
    })
}

/// The lines of a tensor along one axis: line `(outer, inner)` starts at `outer · length · inner_count + inner`, and its
/// elements lie `inner_count` apart.
pub(super) struct Lines {
    pub(super) outer: usize,
    pub(super) length: usize,
    pub(super) inner: usize,
}

impl Lines {
    pub(super) fn new(dims: &[usize], axis: usize) -> Self {
        Self {
            outer: dims.iter().take(axis).product(),
            length: dims.get(axis).copied().unwrap_or(1),
            inner: dims.iter().skip(axis + 1).product(),
        }
    }

    /// Where each line starts, in order.
    pub(super) fn starts(&self) -> impl Iterator<Item = usize> + use<> {
        let Self { outer, length, inner } = *self;
        (0..outer).flat_map(move |line| (0..inner).map(move |offset| line * length * inner + offset))
    }
}

fn place_of(call: &mut Call<'_, '_>, most: bool) -> Result<()> {
    let array = call.array(0)?;
    let axis = call.axis(call.int("axis").unwrap_or(0), array.rank())?;
    let keep = call.int("keepdims").is_none_or(|value| value != 0);
    let last = call.flag("select_last_index");
    let lines = Lines::new(array.dims(), axis);
    if lines.length == 0 && lines.outer * lines.inner > 0 {
        return Err(call.misfit(format!("axis {axis} has no elements")));
    }
    let mut dims = array.dims().to_vec();
    if keep {
        dims[axis] = 1;
    } else {
        dims.remove(axis);
    }
    call.room(DType::Int64, &dims)?;
    let places = by_integer!(array.dtype(), T => {
        places(&lines, array.items::<T>().unwrap_or_default(), most, last, |_| false)
    }, {
        if !is_float(array.dtype()) {
            return Err(call.unknown_type(array.dtype()));
        }
        by_precision!(array.dtype(), T => {
            places(&lines, &call.reals_of::<T>(&array)?.1, most, last, |item| item.is_nan())
        })
    });
    call.give_array(0, dims, i64::wrap(places))
}

/// The first place of the extreme in each line, or the last; of what is not a number if there is one.
fn places<T: Copy + PartialOrd>(
    lines: &Lines,
    items: &[T],
    most: bool,
    last: bool,
    is_nan: impl Fn(T) -> bool,
) -> Vec<i64> {
    let better = |a: T, b: T| {
        if is_nan(b) {
            return is_nan(a) && last;
        }
        is_nan(a) || (if most { a > b } else { a < b }) || last && a == b
    };
    let place = |start: usize| {
        let item = |index: usize| items[start + index * lines.inner];
        (1..lines.length).fold(0, |best, index| if better(item(index), item(best)) { index } else { best }) as i64
    };
    lines.starts().map(place).collect()
}

fn running(call: &mut Call<'_, '_>, product: bool) -> Result<()> {
    let array = call.array(0)?;
    let axis = call.int_at(1)?.ok_or_else(|| call.misfit("input 1 is left out"))?;
    let axis = call.axis(axis, array.rank())?;
    let (exclusive, reverse) = (call.flag("exclusive"), call.flag("reverse"));
    let lines = Lines::new(array.dims(), axis);
    by_integer!(array.dtype(), T => {
        let items = array.items::<T>().unwrap_or_default();
        let start = if product { T::ONE } else { T::default() };
        let out = run(&lines, items, exclusive, reverse, start, |a, b| if product { a.times(b) } else { a.plus(b) });
        return call.give_array(0, array.dims().to_vec(), T::wrap(out));
    }, {});
    if !is_float(array.dtype()) {
        return Err(call.unknown_type(array.dtype()));
    }
    by_precision!(array.dtype(), T => {
        let (dims, items) = call.reals_of::<T>(&array)?;
        let start = if product { T::ONE } else { T::ZERO };
        let out = run(&lines, &items, exclusive, reverse, start, |a, b| if product { a * b } else { a + b });
        call.give_reals(0, array.dtype(), dims, out)
    })
}

fn run<T: Copy>(
    lines: &Lines,
    items: &[T],
    exclusive: bool,
    reverse: bool,
    start: T,
    join: impl Fn(T, T) -> T,
) -> Vec<T> {
    let mut out = items.to_vec();
    for first in lines.starts() {
        let mut total = start;
        for step in 0..lines.length {
            let index = if reverse { lines.length - 1 - step } else { step };
            let at = first + index * lines.inner;
            let joined = join(total, items[at]);
            out[at] = if exclusive { total } else { joined };
            total = joined;
        }
    }
    out
}

/// Before opset 13 a softmax runs over everything from `axis` on, as if it were one axis.
fn default_axis(call: &Call<'_, '_>) -> i64 {
    call.int("axis").unwrap_or(if call.opset < 13 { 1 } else { -1 })
}

/// What becomes of one line.
trait OnLine {
    fn apply<T: Real>(&self, line: &mut [T]);
}

struct Softmax;
struct LogSoftmax;
struct Hardmax;

/// `line` becomes `eˣ / Σ eˣ`.
pub(super) fn softmax<T: Real>(line: &mut [T]) {
    let most = line.iter().copied().fold(T::NEG_INFINITY, T::most);
    let mut sum = T::ZERO;
    for item in &mut *line {
        *item = (*item - most).exp();
        sum += *item;
    }
    let factor = T::ONE / sum;
    line.iter_mut().for_each(|item| *item *= factor);
}

impl OnLine for Softmax {
    fn apply<T: Real>(&self, line: &mut [T]) {
        softmax(line);
    }
}

impl OnLine for LogSoftmax {
    fn apply<T: Real>(&self, line: &mut [T]) {
        let most = line.iter().copied().fold(T::NEG_INFINITY, T::most);
        let sum: T = line.iter().map(|&item| (item - most).exp()).sum();
        let shift = most + sum.ln();
        line.iter_mut().for_each(|item| *item = *item - shift);
    }
}

impl OnLine for Hardmax {
    fn apply<T: Real>(&self, line: &mut [T]) {
        let best = (1..line.len()).fold(0, |best, index| if line[index] > line[best] { index } else { best });
        line.iter_mut().enumerate().for_each(|(index, item)| *item = if index == best { T::ONE } else { T::ZERO });
    }
}

fn along(call: &mut Call<'_, '_>, axis: i64, on_line: impl OnLine) -> Result<()> {
    let array = call.array(0)?;
    call.take(0);
    let dtype = array.dtype();
    if !is_float(dtype) {
        return Err(call.unknown_type(dtype));
    }
    let rank = array.rank();
    let signed = rank as i64;
    let mut lines = if call.opset < 13 {
        let axis = if axis == signed { rank } else { call.axis(axis, rank)? };
        Lines {
            outer: array.dims().iter().take(axis).product(),
            length: array.dims().iter().skip(axis).product(),
            inner: 1,
        }
    } else if rank == 0 {
        Lines { outer: 1, length: 1, inner: 1 }
    } else {
        Lines::new(array.dims(), call.axis(axis, rank)?)
    };
    if array.is_empty() {
        lines.outer = 0;
    }
    by_precision!(dtype, T => {
        let (dims, mut items) = call.reals_of::<T>(&array)?;
        each_line(&lines, &mut items, |line| on_line.apply(line));
        call.give_reals(0, dtype, dims, items)
    })
}

/// Changes each line in place.
fn each_line<T: Copy>(lines: &Lines, items: &mut [T], mut change: impl FnMut(&mut [T])) {
    if lines.outer == 0 || lines.length == 0 || lines.inner == 0 {
        return;
    }
    if lines.inner == 1 {
        items.chunks_exact_mut(lines.length).for_each(change);
        return;
    }
    let mut line = Vec::with_capacity(lines.length);
    for start in lines.starts() {
        line.clear();
        line.extend((0..lines.length).map(|index| items[start + index * lines.inner]));
        change(&mut line);
        line.iter().enumerate().for_each(|(index, &item)| items[start + index * lines.inner] = item);
    }
}

/// Lines of length one; those of zeros stay.
fn lp_normalization(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let axis = call.axis(call.int("axis").unwrap_or(-1), array.rank())?;
    let p = call.int("p").unwrap_or(2);
    if !is_float(array.dtype()) {
        return Err(call.unknown_type(array.dtype()));
    }
    let lines = Lines::new(array.dims(), axis);
    by_precision!(array.dtype(), T => {
        let (dims, mut items) = call.reals_of::<T>(&array)?;
        each_line(&lines, &mut items, |line| {
            let norm = if p == 1 {
                line.iter().map(|item| item.abs()).sum()
            } else {
                line.iter().map(|&item| item * item).sum::<T>().sqrt()
            };
            line.iter_mut().for_each(|item| *item = if norm == T::ZERO { T::ZERO } else { *item / norm });
        });
        call.give_reals(0, array.dtype(), dims, items)
    })
}
