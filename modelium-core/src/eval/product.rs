//! Products of matrices.

use crate::context::Context;
use crate::error::Result;
use crate::eval::array::Element;
use crate::eval::broadcast;
use crate::eval::number::Real;

/// What matrices can hold: `f32`, `f64`, and `i64` for all integers, wrapping.
pub(super) trait Ring: Element + Copy + Default {
    fn plus(self, other: Self) -> Self;
    fn times(self, other: Self) -> Self;
    /// `out = a · b`, for sizes that fit and are not zero.
    fn product(a: Matrix<'_, Self>, b: Matrix<'_, Self>, out: &mut [Self]);
}

macro_rules! ring_of_reals {
    ($($real:ident),*) => {$(
        impl Ring for $real {
            fn plus(self, other: Self) -> Self {
                self + other
            }
            fn times(self, other: Self) -> Self {
                self * other
            }
            fn product(a: Matrix<'_, Self>, b: Matrix<'_, Self>, out: &mut [Self]) {
                let stride = |strides: [usize; 2]| strides.map(usize::cast_signed);
                // SAFETY: `Matrix::new` has seen that `rows · columns` elements are there, transposing keeps that, and
                // `rows_from` keeps the end in place; `out` is borrowed mutably, so it overlaps neither, and `multiply`
                // has checked its size
                unsafe {
                    $real::multiply(
                        [a.rows, a.columns, b.columns],
                        (a.items.as_ptr(), stride(a.strides)),
                        (b.items.as_ptr(), stride(b.strides)),
                        (out.as_mut_ptr(), b.columns.cast_signed()),
                    );
                }
            }
        }
    )*};
}

ring_of_reals!(f32, f64);

impl Ring for i64 {
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
    fn times(self, other: Self) -> Self {
        self.wrapping_mul(other)
    }
    fn product(a: Matrix<'_, Self>, b: Matrix<'_, Self>, out: &mut [Self]) {
        for (row, out) in out.chunks_exact_mut(b.columns).take(a.rows).enumerate() {
            out.fill(0);
            for inner in 0..a.columns {
                let factor = a.items[row * a.strides[0] + inner * a.strides[1]];
                for (column, slot) in out.iter_mut().enumerate() {
                    *slot = slot.plus(factor.times(b.items[inner * b.strides[0] + column * b.strides[1]]));
                }
            }
        }
    }
}

/// A matrix inside a slice: element `(row, column)` lies at `row · strides[0] + column · strides[1]`.
#[derive(Clone, Copy)]
pub(super) struct Matrix<'a, T> {
    items: &'a [T],
    rows: usize,
    columns: usize,
    strides: [usize; 2],
}

impl<'a, T: Ring> Matrix<'a, T> {
    /// Row by row; `None` if the elements are too few.
    pub(super) fn new(items: &'a [T], rows: usize, columns: usize) -> Option<Self> {
        (items.len() >= rows.checked_mul(columns)?).then_some(Self { items, rows, columns, strides: [columns, 1] })
    }

    /// Rows and columns change places.
    pub(super) fn transposed(self) -> Self {
        let Self { items, rows, columns, strides: [row, column] } = self;
        Self { items, rows: columns, columns: rows, strides: [column, row] }
    }

    fn rows_from(self, start: usize, rows: usize) -> Self {
        Self { items: self.items.get(start * self.strides[0]..).unwrap_or_default(), rows, ..self }
    }
}

/// `out = a · b`, row by row. Nothing happens if the sizes do not fit.
pub(super) fn multiply<T: Ring>(a: Matrix<'_, T>, b: Matrix<'_, T>, out: &mut [T]) {
    if a.columns != b.rows || out.len() < a.rows * b.columns || out.is_empty() {
        return;
    }
    if a.columns == 0 {
        out.fill(T::default());
        return;
    }
    if a.rows == 1 && b.strides[1] == 1 && a.strides[1] == 1 {
        // a vector gains nothing from packing
        let out = &mut out[..b.columns];
        out.fill(T::default());
        for (&factor, row) in a.items.iter().take(a.columns).zip(b.items.chunks_exact(b.columns)) {
            out.iter_mut().zip(row).for_each(|(slot, &item)| *slot = slot.plus(factor.times(item)));
        }
        return;
    }
    T::product(a, b, out);
}

/// The same on several threads if it is large: each takes some rows of `a`.
pub(super) fn multiply_on_threads<T: Ring>(
    a: Matrix<'_, T>,
    b: Matrix<'_, T>,
    out: &mut [T],
    cx: &Context,
) -> Result<()> {
    let cost = a.columns.saturating_mul(b.columns);
    let threads = cx.limits().threads.get();
    // rows a piece: enough for the blocks of the product, few enough to be cancelled
    let rows = if cost == 0 { a.rows } else { (400_000_000 / cost).clamp(8, a.rows.div_ceil(threads).max(8)) }.max(1);
    let whole = a.rows / rows;
    let (front, back) = out.split_at_mut((whole * rows * b.columns).min(out.len()));
    broadcast::pieces(front, rows * b.columns, cost.saturating_mul(rows), cx, |index, piece| {
        multiply(a.rows_from(index * rows, rows), b, piece);
        Ok(())
    })?;
    let left = a.rows - whole * rows;
    if left > 0 {
        multiply(a.rows_from(whole * rows, left), b, back);
    }
    Ok(())
}
