//! Copies where each axis says for itself which positions it takes: Pad, Compress, nearest Resize and others.

use crate::tensor::strided::around;

/// What a result takes along one axis of its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Along {
    /// Everything, in order.
    All,
    /// These positions; `None` is filled.
    Some(Vec<Option<usize>>),
}

/// The elements of a dense tensor of `dims` at the positions that `along` names, one entry for each axis. Positions lie
/// inside their axis.
pub(super) fn pick<T: Clone>(items: &[T], dims: &[usize], along: &[Along], fill: &T) -> Vec<T> {
    let mut picked = Vec::new();
    // axes at the end that are taken whole move together
    let moved = along.iter().rposition(|along| *along != Along::All).map_or(0, |last| last + 1);
    let chunk = dims[moved..].iter().product();
    Picker { items, dims: &dims[..moved], along: &along[..moved], fill, chunk }.walk(0, Some(0), &mut picked);
    picked
}

struct Picker<'p, T> {
    items: &'p [T],
    dims: &'p [usize],
    along: &'p [Along],
    fill: &'p T,
    chunk: usize,
}

impl<T: Clone> Picker<'_, T> {
    /// Copies what lies below `base`, the number of a position on the axes before `axis`.
    fn walk(&self, axis: usize, base: Option<usize>, picked: &mut Vec<T>) {
        let (Some(along), Some(&dim)) = (self.along.get(axis), self.dims.get(axis)) else {
            match base {
                Some(base) => picked.extend_from_slice(&self.items[base * self.chunk..(base + 1) * self.chunk]),
                None => picked.resize(picked.len() + self.chunk, self.fill.clone()),
            }
            return;
        };
        let below = |position: usize| base.map(|base| base * dim + position);
        match along {
            Along::All => (0..dim).for_each(|position| self.walk(axis + 1, below(position), picked)),
            Along::Some(positions) if axis + 1 == self.along.len() => {
                self.row(positions, base.map(|base| base * dim), picked);
            }
            Along::Some(positions) => {
                for position in positions {
                    self.walk(axis + 1, position.and_then(below), picked);
                }
            }
        }
    }

    /// The last axis that is not whole: neighbours are copied together.
    fn row(&self, positions: &[Option<usize>], base: Option<usize>, picked: &mut Vec<T>) {
        let mut rest = positions;
        while let Some(&first) = rest.first() {
            let run =
                rest.iter().enumerate().take_while(|&(index, &position)| position == first.map(|first| first + index));
            let run = run.count();
            match base.zip(first) {
                Some((base, first)) => {
                    let start = base + first;
                    picked.extend_from_slice(&self.items[start * self.chunk..(start + run) * self.chunk]);
                }
                None => picked.resize(picked.len() + run * self.chunk, self.fill.clone()),
            }
            rest = &rest[run..];
        }
    }
}

/// How many elements a result has in each axis.
pub(super) fn picked_dims(dims: &[usize], along: &[Along]) -> Vec<usize> {
    let length = |(&dim, along): (&usize, &Along)| match along {
        Along::All => dim,
        Along::Some(positions) => positions.len(),
    };
    dims.iter().zip(along).map(length).collect()
}

/// Positions along one axis only.
pub(super) fn only(rank: usize, axis: usize, positions: Vec<Option<usize>>) -> Vec<Along> {
    let mut along = vec![Along::All; rank];
    along[axis] = Along::Some(positions);
    along
}

/// Chunks of the elements below one axis, at the same `positions` of it for each element before it.
pub(super) fn take_along<T: Clone>(items: &[T], dims: &[usize], axis: usize, positions: &[usize]) -> Vec<T> {
    let (outer, inner) = around(dims, axis);
    let mut taken = Vec::with_capacity(outer.saturating_mul(inner).saturating_mul(positions.len()));
    if inner == 0 {
        return taken;
    }
    for before in 0..outer {
        let block = &items[before * dims[axis] * inner..];
        if inner == 1 {
            taken.extend(positions.iter().map(|&position| block[position].clone()));
        } else {
            positions
                .iter()
                .for_each(|&position| taken.extend_from_slice(&block[position * inner..(position + 1) * inner]));
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_repeat_and_are_filled() {
        let items = [1, 2, 3, 4, 5, 6];
        let along = [Along::All, Along::Some(vec![Some(2), None, Some(0), Some(1)])];
        assert_eq!(pick(&items, &[2, 3], &along, &9), [3, 9, 1, 2, 6, 9, 4, 5]);
        let along = [Along::Some(vec![None, Some(1)]), Along::All];
        assert_eq!(pick(&items, &[2, 3], &along, &9), [9, 9, 9, 4, 5, 6]);
        assert_eq!(take_along(&items, &[3, 2], 0, &[2, 0]), [5, 6, 1, 2]);
    }
}
