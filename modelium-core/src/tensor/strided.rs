//! Copies of strided views: the one loop behind Transpose, Slice, Expand, Split and others, and behind weights that are
//! stored in another order.

/// Elements of a dense buffer, seen in another order: for each axis of the result its length, and the step between two
/// neighbours in the source. Whoever makes one promises that every element it names lies in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct View {
    pub(crate) dims: Vec<usize>,
    pub(crate) steps: Vec<isize>,
    pub(crate) start: usize,
}

impl View {
    /// The whole of a dense tensor.
    pub(crate) fn dense(dims: &[usize]) -> Self {
        let steps = strides(dims).into_iter().map(usize::cast_signed).collect();
        Self { dims: dims.to_vec(), steps, start: 0 }
    }

    /// The same with its axes in another order.
    pub(crate) fn permuted(&self, order: &[usize]) -> Self {
        Self {
            dims: order.iter().map(|&axis| self.dims[axis]).collect(),
            steps: order.iter().map(|&axis| self.steps[axis]).collect(),
            start: self.start,
        }
    }

    /// The elements in row-major order of the view.
    pub(crate) fn copy<T: Clone>(&self, items: &[T]) -> Vec<T> {
        let (dims, steps) = self.merged();
        let count: usize = dims.iter().product();
        let mut copied = Vec::with_capacity(count);
        if count == 0 {
            return copied;
        }
        if let Some(axis) = crossing(&dims, &steps) {
            return self.across(items, dims, steps, axis);
        }
        let (&length, outer_dims) = dims.split_last().unwrap_or((&1, &[]));
        let (&step, outer_steps) = steps.split_last().unwrap_or((&1, &[]));
        for first in Offsets::new(outer_dims, outer_steps, self.start) {
            match step {
                1 => copied.extend_from_slice(&items[first..first + length]),
                0 => copied.resize(copied.len() + length, items[first].clone()),
                2.. => copied.extend(items[first..].iter().step_by(step.unsigned_abs()).take(length).cloned()),
                _ => copied.extend(items[..=first].iter().rev().step_by(step.unsigned_abs()).take(length).cloned()),
            }
        }
        copied
    }

    /// The copy where neighbours in the source lie along `axis` and not along the last one: in square tiles, so that a line
    /// of the cache is used for as many elements as it holds.
    fn across<T: Clone>(&self, items: &[T], mut dims: Vec<usize>, mut steps: Vec<isize>, axis: usize) -> Vec<T> {
        const TILE: usize = 16;
        let count = dims.iter().product();
        let mut copied = vec![items[self.start].clone(); count];
        let mut places = strides(&dims);
        let (wide, row) = (dims.remove(axis), places.remove(axis));
        steps.remove(axis);
        let (Some(long), Some(step)) = (dims.pop(), steps.pop()) else { return copied };
        places.pop();
        let places: Vec<isize> = places.into_iter().map(usize::cast_signed).collect();
        let froms = Offsets::new(&dims, &steps, self.start);
        for (from, to) in froms.zip(Offsets::new(&dims, &places, 0)) {
            for left in (0..long).step_by(TILE) {
                let width = TILE.min(long - left);
                let from = from.wrapping_add_signed(step.wrapping_mul(left.cast_signed()));
                for above in (0..wide).step_by(TILE) {
                    for at in above..wide.min(above + TILE) {
                        let mut source = from + at;
                        for slot in &mut copied[to + at * row + left..][..width] {
                            *slot = items[source].clone();
                            source = source.wrapping_add_signed(step);
                        }
                    }
                }
            }
        }
        copied
    }

    /// Axes without those of length one, and with neighbours joined that one step can walk.
    fn merged(&self) -> (Vec<usize>, Vec<isize>) {
        let (mut dims, mut steps) = (Vec::<usize>::new(), Vec::<isize>::new());
        for (&dim, &step) in self.dims.iter().zip(&self.steps) {
            if dim == 0 {
                return (vec![0], vec![1]);
            }
            if dim == 1 {
                continue;
            }
            match (dims.last_mut(), steps.last_mut()) {
                (Some(outer), Some(outer_step)) if *outer_step == step.wrapping_mul(dim.cast_signed()) => {
                    *outer *= dim;
                    *outer_step = step;
                }
                _ => {
                    dims.push(dim);
                    steps.push(step);
                }
            }
        }
        (dims, steps)
    }
}

/// The axis along which neighbours lie side by side in the source, where it is worth to go along it and the last axis at
/// once.
fn crossing(dims: &[usize], steps: &[isize]) -> Option<usize> {
    const LEAST: usize = 4;
    let (&length, outer) = dims.split_last()?;
    let apart = steps.last()?.unsigned_abs() > 1;
    let axis = outer.iter().zip(steps).rposition(|(&dim, &step)| step == 1 && dim >= LEAST)?;
    (apart && length >= LEAST).then_some(axis)
}

/// The distance between neighbours along each axis of a dense tensor. Meaningless, but no panic, where it has no elements.
pub(crate) fn strides(dims: &[usize]) -> Vec<usize> {
    let mut strides = vec![1_usize; dims.len()];
    for axis in (1..dims.len()).rev() {
        strides[axis - 1] = strides[axis].saturating_mul(dims[axis]);
    }
    strides
}

/// How many elements lie before an axis, and how many one position along it holds.
pub(crate) fn around(dims: &[usize], axis: usize) -> (usize, usize) {
    let product = |dims: &[usize]| dims.iter().fold(1_usize, |product, &dim| product.saturating_mul(dim));
    (product(&dims[..axis]), product(dims.get(axis + 1..).unwrap_or(&[])))
}

/// The place in the source of each element of a strided view, row-major.
pub(crate) struct Offsets<'v> {
    dims: &'v [usize],
    steps: &'v [isize],
    index: Vec<usize>,
    next: Option<usize>,
}

impl<'v> Offsets<'v> {
    pub(crate) fn new(dims: &'v [usize], steps: &'v [isize], start: usize) -> Self {
        let next = (!dims.contains(&0)).then_some(start);
        Self { dims, steps, index: vec![0; dims.len()], next }
    }
}

impl Iterator for Offsets<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let offset = self.next?;
        let mut moved = offset;
        for axis in (0..self.dims.len()).rev() {
            self.index[axis] += 1;
            if self.index[axis] < self.dims[axis] {
                self.next = Some(moved.wrapping_add_signed(self.steps[axis]));
                return Some(offset);
            }
            self.index[axis] = 0;
            let back = self.steps[axis].wrapping_mul((self.dims[axis] - 1).cast_signed());
            moved = moved.wrapping_add_signed(back.wrapping_neg());
        }
        self.next = None;
        Some(offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_step_forwards_backwards_and_not_at_all() {
        let items = [0, 1, 2, 3, 4, 5];
        let whole = View::dense(&[2, 3]);
        assert_eq!(whole.copy(&items), items);
        assert_eq!(whole.permuted(&[1, 0]).copy(&items), [0, 3, 1, 4, 2, 5]);
        assert_eq!(View { dims: vec![2, 2], steps: vec![-3, -2], start: 5 }.copy(&items), [5, 3, 2, 0]);
        assert_eq!(View { dims: vec![2, 2], steps: vec![0, 3], start: 1 }.copy(&items), [1, 4, 1, 4]);
        assert_eq!(View { dims: vec![], steps: vec![], start: 4 }.copy(&items), [4]);
        let many: Vec<usize> = (0..3 * 37 * 21).collect();
        let cube = View::dense(&[3, 37, 21]);
        for order in [[0, 2, 1], [2, 0, 1], [2, 1, 0], [1, 2, 0]] {
            let view = cube.permuted(&order);
            let each = Offsets::new(&view.dims, &view.steps, 0).map(|at| many[at]);
            assert_eq!(view.copy(&many), each.collect::<Vec<_>>(), "{order:?}");
        }
        assert_eq!(View { dims: vec![3, 0], steps: vec![1, 1], start: 9 }.copy(&items), [0; 0]);
    }
}
