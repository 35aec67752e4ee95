//! Products of matrices, and determinants.

use crate::error::Result;
use crate::eval::array::Array;
use crate::eval::broadcast::{self, Walk};
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::binary::common;
use crate::eval::kernels::cast::convert;
use crate::eval::number::{by_precision, is_float, reals};
use crate::eval::product::{Matrix, Ring, multiply, multiply_on_threads};
use crate::ir::OpType;
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::MatMul => matmul,
        OpType::Gemm => gemm,
        OpType::MatMulInteger => matmul_integer,
        OpType::QLinearMatMul => qlinear_matmul,
        OpType::Det => det,
        _ => return None,
    })
}

/// Integers of every width as `i64`, in which wrapping arithmetic keeps the lower bits of each right.
pub(super) fn wide(call: &Call<'_, '_>, array: &Array) -> Result<Vec<i64>> {
    let wide = convert(array, DType::Int64, true, "up").and_then(|buffer| Array::of(array.dims().to_vec(), buffer));
    let items = wide.as_ref().and_then(Array::items::<i64>).map(<[i64]>::to_vec);
    items.ok_or_else(|| call.unknown_type(array.dtype()))
}

/// Gives `i64` results in an integer type.
pub(super) fn give_wide(call: &mut Call<'_, '_>, dtype: DType, dims: Vec<usize>, items: Vec<i64>) -> Result<()> {
    let array = Array::new(dims, items).ok_or_else(|| call.misfit("elements are missing"))?;
    let buffer = convert(&array, dtype, true, "up").ok_or_else(|| call.unknown_type(dtype))?;
    call.give_array(0, array.dims().to_vec(), buffer)
}

/// True for whole numbers of 8 to 64 bits.
pub(super) fn is_integer(dtype: DType) -> bool {
    crate::eval::number::by_integer!(dtype, _T => true, false)
}

fn matmul(call: &mut Call<'_, '_>) -> Result<()> {
    let (a, b) = (call.array(0)?, call.array(1)?);
    let dtype = a.dtype();
    if b.dtype() != dtype {
        return Err(call.misfit(format!("operands are of {dtype} and {}", b.dtype())));
    }
    if is_integer(dtype) {
        let (x, y) = (wide(call, &a)?, wide(call, &b)?);
        let (dims, items) = product(call, (&x, a.dims()), (&y, b.dims()))?;
        return give_wide(call, dtype, dims, items);
    }
    if !is_float(dtype) {
        return Err(call.unknown_type(dtype));
    }
    by_precision!(dtype, T => {
        let (x, y) = (reals::<T>(&a).unwrap_or_default(), reals::<T>(&b).unwrap_or_default());
        let (dims, items) = product::<T>(call, (&x, a.dims()), (&y, b.dims()))?;
        call.give_reals(0, dtype, dims, items)
    })
}

/// `a @ b` as numpy counts it: a vector is a row on the left and a column on the right, axes before the last two are
/// stretched to fit.
pub(super) fn product<T: Ring>(
    call: &Call<'_, '_>,
    (a, a_dims): (&[T], &[usize]),
    (b, b_dims): (&[T], &[usize]),
) -> Result<(Vec<usize>, Vec<T>)> {
    let misfit = || call.misfit(format!("matrices {a_dims:?} and {b_dims:?} have no product"));
    let (a_batch, rows, inner) = match a_dims {
        [] => return Err(misfit()),
        [inner] => (&[][..], 1, *inner),
        [batch @ .., rows, inner] => (batch, *rows, *inner),
    };
    let (b_batch, b_inner, columns) = match b_dims {
        [] => return Err(misfit()),
        [inner] => (&[][..], *inner, 1),
        [batch @ .., inner, columns] => (batch, *inner, *columns),
    };
    if inner != b_inner {
        return Err(misfit());
    }
    let batch = broadcast::common(&[a_batch, b_batch]).ok_or_else(misfit)?;
    let mut dims = batch.clone();
    dims.extend((a_dims.len() > 1).then_some(rows));
    dims.extend((b_dims.len() > 1).then_some(columns));
    let count = call.room(T::DTYPE, &dims)?;
    let mut out = vec![T::default(); count];
    let missing = || call.misfit("elements are missing");
    if b_batch.iter().all(|&dim| dim == 1) && a_batch.iter().product::<usize>() == batch.iter().product::<usize>() {
        // one matrix on the right: all rows on the left are rows of one matrix
        let rows = rows * a_batch.iter().product::<usize>();
        let a = Matrix::new(a, rows, inner).ok_or_else(missing)?;
        let b = Matrix::new(b, inner, columns).ok_or_else(missing)?;
        multiply_on_threads(a, b, &mut out, call.cx)?;
        return Ok((dims, out));
    }
    let walk = Walk::new(&batch, [a_batch, b_batch]);
    let mut places = Vec::with_capacity(batch.iter().product());
    walk.each_row(|[a, b]| {
        let [a_step, b_step] = walk.steps;
        places.extend((0..walk.row).map(|index| (a + index * a_step, b + index * b_step)));
    });
    let cost = rows.saturating_mul(inner).saturating_mul(columns);
    broadcast::pieces(&mut out, rows * columns, cost, call.cx, |index, out| {
        let Some(&(a_at, b_at)) = places.get(index) else { return Ok(()) };
        let a = Matrix::new(a.get(a_at * rows * inner..).unwrap_or_default(), rows, inner).ok_or_else(missing)?;
        let b = Matrix::new(b.get(b_at * inner * columns..).unwrap_or_default(), inner, columns).ok_or_else(missing)?;
        multiply(a, b, out);
        Ok(())
    })?;
    Ok((dims, out))
}

/// `alpha · A' · B' + beta · C`.
fn gemm(call: &mut Call<'_, '_>) -> Result<()> {
    let (a, b) = (call.array(0)?, call.array(1)?);
    let c = call.optional(2)?;
    let dtype = a.dtype();
    let (alpha, beta) = (call.float("alpha").unwrap_or(1.0), call.float("beta").unwrap_or(1.0));
    let ([a_rows, a_columns], [b_rows, b_columns]) = (a.dims(), b.dims()) else {
        return Err(call.misfit(format!("operands {:?} and {:?} are not matrices", a.dims(), b.dims())));
    };
    let (a_rows, a_columns, b_rows, b_columns) = (*a_rows, *a_columns, *b_rows, *b_columns);
    let (rows, inner) = if call.flag("transA") { (a_columns, a_rows) } else { (a_rows, a_columns) };
    let (b_inner, columns) = if call.flag("transB") { (b_columns, b_rows) } else { (b_rows, b_columns) };
    if inner != b_inner {
        return Err(call.misfit(format!("matrices {:?} and {:?} have no product", a.dims(), b.dims())));
    }
    let dims = vec![rows, columns];
    if let Some(c) = &c
        && common(call, &[c.dims(), &dims])? != dims
    {
        return Err(call.misfit(format!("addend {:?} is larger than {dims:?}", c.dims())));
    }
    let count = call.room(DType::Float64, &dims)?;
    let missing = || call.misfit("elements are missing");
    macro_rules! compute {
        ($x:expr, $y:expr, $T:ty) => {{
            let (x, y) = ($x, $y);
            let mut x = Matrix::new(&x, a_rows, a_columns).ok_or_else(missing)?;
            let mut y = Matrix::new(&y, b_rows, b_columns).ok_or_else(missing)?;
            if call.flag("transA") {
                x = x.transposed();
            }
            if call.flag("transB") {
                y = y.transposed();
            }
            let mut out: Vec<$T> = vec![<$T>::default(); count];
            multiply_on_threads(x, y, &mut out, call.cx)?;
            out
        }};
    }
    if is_integer(dtype) {
        let mut out = compute!(wide(call, &a)?, wide(call, &b)?, i64);
        if alpha != 1.0 {
            out.iter_mut().for_each(|item| *item = (*item as f64 * f64::from(alpha)) as i64);
        }
        if let Some(c) = &c {
            let c_items = wide(call, c)?;
            out = broadcast::zip(&dims, (&out, &dims), (&c_items, c.dims()), |item, c| {
                item.wrapping_add(if beta == 1.0 { c } else { (c as f64 * f64::from(beta)) as i64 })
            });
        }
        return give_wide(call, dtype, dims, out);
    }
    if !is_float(dtype) {
        return Err(call.unknown_type(dtype));
    }
    by_precision!(dtype, T => {
        let unknown = || call.unknown_type(b.dtype());
        let mut out: Vec<T> =
            compute!(reals::<T>(&a).ok_or_else(unknown)?, reals::<T>(&b).ok_or_else(unknown)?, T);
        if alpha != 1.0 {
            out.iter_mut().for_each(|item| *item *= T::from(alpha));
        }
        if let Some(c) = &c {
            let items = reals::<T>(c).ok_or_else(unknown)?;
            let beta = T::from(beta);
            out = broadcast::zip(&dims, (&out, &dims), (&items, c.dims()), |item, c| item + beta * c);
        }
        call.give_reals(0, dtype, dims, out)
    })
}

/// The elements of a quantized matrix less its zero point, and its dimensions. A zero point of one axis belongs to the rows
/// of the left matrix, to the columns of the right one.
fn centred(call: &Call<'_, '_>, index: usize, zero: Option<Array>, left: bool) -> Result<(Vec<usize>, Vec<f64>)> {
    let array = call.array(index)?;
    let (dims, items) = call.reals_of::<f64>(&array)?;
    let Some(zero) = zero else { return Ok((dims, items)) };
    let (zero_dims, zeros) = call.reals_of::<f64>(&zero)?;
    let zero_dims = along_rows(zero_dims, left && dims.len() > 1);
    if common(call, &[&dims, &zero_dims])? != dims {
        return Err(call.misfit(format!("zero points {zero_dims:?} do not fit {dims:?}")));
    }
    let items = broadcast::zip(&dims, (&items, &dims), (&zeros, &zero_dims), |item, zero| item - zero);
    Ok((dims, items))
}

fn along_rows(mut dims: Vec<usize>, rows: bool) -> Vec<usize> {
    if rows && dims.len() == 1 {
        dims.push(1);
    }
    dims
}

fn matmul_integer(call: &mut Call<'_, '_>) -> Result<()> {
    let (a_dims, a) = centred(call, 0, call.optional(2)?, true)?;
    let (b_dims, b) = centred(call, 1, call.optional(3)?, false)?;
    // doubles hold these sums exactly
    let (dims, items) = product(call, (&a, &a_dims), (&b, &b_dims))?;
    let items = items.into_iter().map(|item| item as i64).collect();
    give_wide(call, DType::Int32, dims, items)
}

fn qlinear_matmul(call: &mut Call<'_, '_>) -> Result<()> {
    let (a_dims, a) = centred(call, 0, call.optional(2)?, true)?;
    let (b_dims, b) = centred(call, 3, call.optional(5)?, false)?;
    let (dims, items) = product(call, (&a, &a_dims), (&b, &b_dims))?;
    let zero = call.array(7)?;
    let mut items = items;
    for (index, left, divides) in [(1, true, false), (4, false, false), (6, true, true)] {
        let (scale_dims, scale) = call.reals_at::<f64>(index)?;
        let scale_dims = along_rows(scale_dims, left && dims.len() > 1);
        if common(call, &[&dims, &scale_dims])? != dims {
            return Err(call.misfit(format!("scales {scale_dims:?} do not fit {dims:?}")));
        }
        items = broadcast::zip(&dims, (&items, &dims), (&scale, &scale_dims), |item, scale| {
            if divides { item / scale } else { item * scale }
        });
    }
    let (zero_dims, zeros) = call.reals_of::<f64>(&zero)?;
    let zero_dims = along_rows(zero_dims, dims.len() > 1);
    if common(call, &[&dims, &zero_dims])? != dims {
        return Err(call.misfit(format!("zero points {zero_dims:?} do not fit {dims:?}")));
    }
    let rounds = zero.dtype().bits().is_some_and(|bits| bits <= 8) && !crate::eval::small::is_float(zero.dtype());
    let items = broadcast::zip(&dims, (&items, &dims), (&zeros, &zero_dims), |item, zero| {
        if rounds { item.round_ties_even() + zero } else { item + zero }
    });
    call.give_reals(0, zero.dtype(), dims, items)
}

/// Determinants of the last two axes, by elimination with the largest pivot.
fn det(call: &mut Call<'_, '_>) -> Result<()> {
    let array = call.array(0)?;
    let [batch @ .., rows, columns] = array.dims() else { return Err(call.misfit("input 0 is no matrix")) };
    if rows != columns {
        return Err(call.misfit(format!("a matrix of {rows} by {columns} has no determinant")));
    }
    if !is_float(array.dtype()) {
        return Err(call.unknown_type(array.dtype()));
    }
    let (size, batch) = (*rows, batch.to_vec());
    let count = call.room(DType::Float64, &batch)?;
    let (_, mut items) = call.reals_of::<f64>(&array)?;
    let mut out = Vec::with_capacity(count);
    if size == 0 {
        out.resize(count, 1.0);
    } else {
        for matrix in items.chunks_exact_mut(size * size) {
            call.cx.tick("evaluate", out.len() as u64, count as u64)?;
            out.push(determinant(matrix, size));
        }
    }
    call.give_reals(0, array.dtype(), batch, out)
}

fn determinant(matrix: &mut [f64], size: usize) -> f64 {
    let mut det = 1.0;
    for column in 0..size {
        let largest =
            |a: &usize, b: &usize| matrix[a * size + column].abs().total_cmp(&matrix[b * size + column].abs());
        let pivot = (column..size).max_by(largest).unwrap_or(column);
        if matrix[pivot * size + column] == 0.0 {
            return 0.0;
        }
        if pivot != column {
            (0..size).for_each(|index| matrix.swap(pivot * size + index, column * size + index));
            det = -det;
        }
        let head = matrix[column * size + column];
        det *= head;
        for row in column + 1..size {
            let factor = matrix[row * size + column] / head;
            for index in column..size {
                matrix[row * size + index] -= factor * matrix[column * size + index];
            }
        }
    }
    det
}
