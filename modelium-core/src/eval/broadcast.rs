//! Shapes that are stretched to fit each other, as numpy does.

use crate::context::Context;
use crate::error::Result;

/// The common shape; `None` if there is none.
pub(super) fn common(shapes: &[&[usize]]) -> Option<Vec<usize>> {
    let rank = shapes.iter().map(|dims| dims.len()).max().unwrap_or(0);
    let mut out = vec![1; rank];
    for dims in shapes {
        for (slot, &dim) in out.iter_mut().rev().zip(dims.iter().rev()) {
            match (*slot, dim) {
                (_, 1) => {}
                (1, dim) => *slot = dim,
                (same, dim) if same == dim => {}
                _ => return None,
            }
        }
    }
    Some(out)
}

/// How many elements lie between neighbours along each axis.
pub(super) fn strides(dims: &[usize]) -> Vec<usize> {
    let mut strides = vec![0; dims.len()];
    let mut step = 1_usize;
    for (stride, &dim) in strides.iter_mut().zip(dims).rev() {
        *stride = step;
        step = step.saturating_mul(dim);
    }
    strides
}

/// The strides of a tensor that is stretched to `out`: zero along the axes that repeat.
pub(super) fn stretched(dims: &[usize], out: &[usize]) -> Vec<usize> {
    let own = strides(dims);
    let ahead = out.len().saturating_sub(dims.len());
    let along = dims.iter().zip(own).map(|(&dim, stride)| if dim == 1 { 0 } else { stride });
    std::iter::repeat_n(0, ahead).chain(along).collect()
}

/// How to walk over `N` tensors at once: rows along which each has one step, and where each row starts.
pub(super) struct Walk<const N: usize> {
    outer: Vec<(usize, [usize; N])>,
    /// Elements of a row.
    pub(super) row: usize,
    /// Elements from one to the next in a row.
    pub(super) steps: [usize; N],
}

impl<const N: usize> Walk<N> {
    /// Over tensors with these dimensions, each stretched to `out`.
    pub(super) fn new(out: &[usize], operands: [&[usize]; N]) -> Self {
        Self::strided(out, &operands.map(|dims| stretched(dims, out)))
    }

    /// Over tensors with these strides along the axes of `out`.
    pub(super) fn strided(out: &[usize], strides: &[Vec<usize>; N]) -> Self {
        let mut axes: Vec<(usize, [usize; N])> = Vec::with_capacity(out.len());
        for (axis, &dim) in out.iter().enumerate() {
            if dim == 1 {
                continue;
            }
            let steps = std::array::from_fn(|operand| strides[operand].get(axis).copied().unwrap_or(0));
            // an axis joins the one outside it if together they are one run for every operand
            if let Some((before, outside)) = axes.last_mut()
                && (0..N).all(|operand| outside[operand] == steps[operand].saturating_mul(dim))
                && let Some(joined) = before.checked_mul(dim)
            {
                (*before, *outside) = (joined, steps);
            } else {
                axes.push((dim, steps));
            }
        }
        let (row, steps) = axes.pop().unwrap_or((1, [0; N]));
        Self { outer: axes, row, steps }
    }

    /// Visits each row in order, with where it starts in each tensor.
    pub(super) fn each_row(&self, mut visit: impl FnMut([usize; N])) {
        if self.row == 0 || self.outer.iter().any(|(dim, _)| *dim == 0) {
            return;
        }
        let mut at = [0; N];
        let mut index = vec![0; self.outer.len()];
        loop {
            visit(at);
            let mut axis = self.outer.len();
            loop {
                if axis == 0 {
                    return;
                }
                axis -= 1;
                let (dim, steps) = self.outer[axis];
                index[axis] += 1;
                (0..N).for_each(|operand| at[operand] += steps[operand]);
                if index[axis] < dim {
                    break;
                }
                (0..N).for_each(|operand| at[operand] -= steps[operand] * dim);
                index[axis] = 0;
            }
        }
    }
}

/// `f` over two tensors that are stretched to `out`, in its order.
pub(super) fn zip<A: Copy, B: Copy, R>(
    out: &[usize],
    (a, a_dims): (&[A], &[usize]),
    (b, b_dims): (&[B], &[usize]),
    f: impl Fn(A, B) -> R,
) -> Vec<R> {
    if a.len() == b.len() && a_dims == b_dims {
        return a.iter().zip(b).map(|(&a, &b)| f(a, b)).collect();
    }
    let walk = Walk::new(out, [a_dims, b_dims]);
    let mut items = Vec::with_capacity(out.iter().product());
    walk.each_row(|[a_at, b_at]| match walk.steps {
        [1, 1] => items.extend(a[a_at..][..walk.row].iter().zip(&b[b_at..][..walk.row]).map(|(&a, &b)| f(a, b))),
        [1, 0] => {
            let b = b[b_at];
            items.extend(a[a_at..][..walk.row].iter().map(|&a| f(a, b)));
        }
        [0, 1] => {
            let a = a[a_at];
            items.extend(b[b_at..][..walk.row].iter().map(|&b| f(a, b)));
        }
        [a_step, b_step] => {
            items.extend((0..walk.row).map(|index| f(a[a_at + index * a_step], b[b_at + index * b_step])));
        }
    });
    items
}

/// Runs `work` for each of `0..count` on as many threads as the limits allow, if `cost`, in multiplications of one piece,
/// makes that worth it. `out` is cut into `count` pieces of `size` elements, one for each.
pub(super) fn pieces<T: Send>(
    out: &mut [T],
    size: usize,
    cost: usize,
    cx: &Context,
    work: impl Fn(usize, &mut [T]) -> Result<()> + Sync,
) -> Result<()> {
    let count = out.len().checked_div(size).unwrap_or(0);
    let threads = cx.limits().threads.get().min(count).min(count.saturating_mul(cost) / 2_000_000 + 1);
    if threads <= 1 {
        for (index, piece) in out.chunks_exact_mut(size.max(1)).enumerate() {
            cx.tick("evaluate", index as u64, count as u64)?;
            work(index, piece)?;
        }
        return Ok(());
    }
    let share = count.div_ceil(threads);
    let part = |part: usize, pieces: &mut [T]| {
        for (index, piece) in pieces.chunks_exact_mut(size).enumerate() {
            if cx.cancel_token().is_cancelled() {
                break;
            }
            work(part * share + index, piece)?;
        }
        Ok::<(), crate::error::Error>(())
    };
    let part = &part;
    std::thread::scope(|scope| {
        let workers: Vec<_> = out
            .chunks_mut(share * size)
            .enumerate()
            .map(|(index, pieces)| scope.spawn(move || part(index, pieces)))
            .collect();
        for worker in workers {
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        }
        Ok::<(), crate::error::Error>(())
    })?;
    cx.tick("evaluate", count as u64, count as u64)
}
