//! Scaled products of queries and keys, softmax, and products with values.

use crate::error::Result;
use crate::eval::array::Array;
use crate::eval::broadcast::{self, stretched};
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::cast::dtype_attribute;
use crate::eval::kernels::matmul::product;
use crate::eval::number::{Real, by_precision, is_float};
use crate::ir::OpType;
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    (*op == OpType::Attention).then_some(attention as Kernel)
}

/// `[batch, heads, length, width]`.
struct Heads<T> {
    dims: [usize; 4],
    items: Vec<T>,
}

impl<T: Real> Heads<T> {
    /// From `[batch, heads, length, width]`, or from `[batch, length, heads · width]`.
    fn new(call: &Call<'_, '_>, array: &Array, heads: Option<i64>) -> Result<Self> {
        let (dims, items) = call.reals_of::<T>(array)?;
        match *dims.as_slice() {
            [batch, heads, length, width] => Ok(Self { dims: [batch, heads, length, width], items }),
            [batch, length, hidden] => {
                let heads = heads.and_then(|heads| usize::try_from(heads).ok());
                let heads = heads.filter(|heads| *heads > 0 && hidden.is_multiple_of(*heads));
                let heads = heads.ok_or_else(|| call.misfit(format!("a width of {hidden} is not split into heads")))?;
                let width = hidden / heads;
                let items = turned(&items, [batch, length, heads, width]);
                Ok(Self { dims: [batch, heads, length, width], items })
            }
            _ => Err(call.misfit(format!("queries, keys or values of shape {dims:?}"))),
        }
    }

    /// With more positions ahead.
    fn after(self, call: &Call<'_, '_>, past: Option<Self>) -> Result<Self> {
        let Some(past) = past else { return Ok(self) };
        let ([batch, heads, length, width], [.., before, _]) = (self.dims, past.dims);
        if past.dims != [batch, heads, before, width] {
            return Err(call.misfit(format!("past {:?} does not fit {:?}", past.dims, self.dims)));
        }
        let dims = [batch, heads, before + length, width];
        let mut items = Vec::with_capacity(call.room(T::DTYPE, &dims)?);
        for index in 0..batch * heads {
            items.extend_from_slice(&past.items[index * before * width..][..before * width]);
            items.extend_from_slice(&self.items[index * length * width..][..length * width]);
        }
        Ok(Self { dims, items })
    }

    /// Each head as often as query heads share it.
    fn repeated(&self, times: usize) -> Vec<T> {
        let size = self.dims[2] * self.dims[3];
        let heads = self.items.chunks_exact(size.max(1));
        heads.flat_map(|head| std::iter::repeat_n(head, times)).flatten().copied().collect()
    }
}

/// `[a, b, c, d]` to `[a, c, b, d]`.
fn turned<T: Copy>(items: &[T], [a, b, c, d]: [usize; 4]) -> Vec<T> {
    let mut out = Vec::with_capacity(items.len());
    for first in 0..a {
        for third in 0..c {
            for second in 0..b {
                out.extend_from_slice(&items[((first * b + second) * c + third) * d..][..d]);
            }
        }
    }
    out
}

/// Rounds to what elements of that type can hold.
fn rounded<T: Real>(items: &mut [T], dtype: DType) {
    match dtype {
        DType::Float16 => items.iter_mut().for_each(|item| *item = T::of(half::f16::from_f64(item.to_f64()).to_f64())),
        DType::Bfloat16 => {
            items.iter_mut().for_each(|item| *item = T::of(half::bf16::from_f64(item.to_f64()).to_f64()));
        }
        _ => {}
    }
}

/// Softmax of each row; one that is masked as a whole becomes zeros.
fn softmax_rows<T: Real>(items: &mut [T], length: usize) {
    for row in items.chunks_exact_mut(length.max(1)) {
        if row.iter().all(|&item| item == T::NEG_INFINITY) {
            row.fill(T::ZERO);
        } else {
            crate::eval::kernels::axis::softmax(row);
        }
    }
}

/// `q · kᵀ`, for so many heads.
fn scores<T: Real>(call: &Call<'_, '_>, q: &Heads<T>, k: &[T], positions: usize) -> Result<Vec<T>> {
    let [batch, heads, length, width] = q.dims;
    let mut out = vec![T::ZERO; call.room(T::DTYPE, &[batch, heads, length, positions])?];
    let cost = length.saturating_mul(positions).saturating_mul(width);
    let missing = || call.misfit("elements are missing");
    broadcast::pieces(&mut out, length * positions, cost, call.cx, |index, out| {
        use crate::eval::product::{Matrix, multiply};
        let q = q.items.get(index * length * width..).and_then(|q| Matrix::new(q, length, width));
        let k = k.get(index * positions * width..).and_then(|k| Matrix::new(k, positions, width));
        multiply(q.ok_or_else(missing)?, k.ok_or_else(missing)?.transposed(), out);
        Ok(())
    })?;
    Ok(out)
}

/// Which keys a query may see by its position.
struct Reach {
    causal: bool,
    left: i64,
    right: i64,
    /// Positions before the first query, for each sample.
    offsets: Vec<i64>,
    /// Keys that are no padding, for each sample.
    valid: Vec<i64>,
}

impl Reach {
    fn sees(&self, sample: usize, query: usize, key: usize) -> bool {
        let (at, key) = (self.offsets[sample].saturating_add(query as i64), key as i64);
        key < self.valid[sample]
            && (!self.causal || key <= at)
            && (self.left < 0 || at.saturating_sub(key) <= self.left)
            && (self.right < 0 || key.saturating_sub(at) <= self.right)
    }
}

fn attention(call: &mut Call<'_, '_>) -> Result<()> {
    let dtype = call.array(0)?.dtype();
    if !is_float(dtype) {
        return Err(call.unknown_type(dtype));
    }
    by_precision!(dtype, T => attend::<T>(call, dtype))
}

#[expect(clippy::too_many_lines, reason = "one formula, from top to bottom")]
fn attend<T: Real>(call: &mut Call<'_, '_>, dtype: DType) -> Result<()> {
    let arrays = [call.array(0)?, call.array(1)?, call.array(2)?];
    let flat = arrays[0].rank() == 3;
    let (q_heads, kv_heads) = (call.int("q_num_heads"), call.int("kv_num_heads"));
    let mut q = Heads::<T>::new(call, &arrays[0], q_heads)?;
    let past = |index: usize| -> Result<Option<Heads<T>>> {
        call.optional(index)?.map(|past| Heads::new(call, &past, None)).transpose()
    };
    let (past_k, past_v) = (past(4)?, past(5)?);
    let before = past_k.as_ref().map_or(0, |past| past.dims[2]);
    let mut k = Heads::<T>::new(call, &arrays[1], kv_heads)?.after(call, past_k)?;
    let v = Heads::<T>::new(call, &arrays[2], kv_heads)?.after(call, past_v)?;
    let [batch, heads, length, width] = q.dims;
    let [_, shared, positions, _] = k.dims;
    let fits = k.dims == [batch, shared, positions, width] && v.dims[..3] == k.dims[..3];
    if !fits || shared == 0 || !heads.is_multiple_of(shared) {
        return Err(call.misfit(format!("queries {:?}, keys {:?}, values {:?}", q.dims, k.dims, v.dims)));
    }
    let (k_dims, v_dims) = (k.dims.to_vec(), v.dims.to_vec());
    if call.wants(1) {
        call.give_reals(1, arrays[1].dtype(), k_dims, k.items.clone())?;
    }
    if call.wants(2) {
        call.give_reals(2, arrays[2].dtype(), v_dims, v.items.clone())?;
    }
    let scale = call.float("scale").map_or_else(|| 1.0 / (width as f64).sqrt(), f64::from);
    // each side takes its half, as the specification does to stay in range
    let scale = T::of(scale.sqrt());
    for items in [&mut q.items, &mut k.items] {
        items.iter_mut().for_each(|item| *item *= scale);
        rounded(items, dtype);
    }
    let times = heads / shared;
    let k_items = k.repeated(times);
    let mut rows = scores(call, &q, &k_items, positions)?;
    rounded(&mut rows, dtype);
    let mode = call.int("qk_matmul_output_mode").unwrap_or(0);
    let row_dims = vec![batch, heads, length, positions];
    let shown = |call: &mut Call<'_, '_>, when: i64, rows: &[T]| -> Result<()> {
        if mode == when && call.wants(3) { call.give_reals(3, dtype, row_dims.clone(), rows.to_vec()) } else { Ok(()) }
    };
    shown(call, 0, &rows)?;
    if let Some(cap) = call.float("softcap").filter(|cap| *cap > 0.0) {
        let cap = T::from(cap);
        rows.iter_mut().for_each(|item| *item = cap * (*item / cap).tanh());
        rounded(&mut rows, dtype);
    }
    shown(call, 1, &rows)?;
    let valid = match call.ints_at(6)? {
        None => None,
        Some(valid) if valid.len() == batch => Some(valid),
        Some(valid) => return Err(call.misfit(format!("{} lengths for a batch of {batch}", valid.len()))),
    };
    let reach = Reach {
        causal: call.flag("is_causal"),
        left: call.int("left_window_size").unwrap_or(-1),
        right: call.int("right_window_size").unwrap_or(-1),
        offsets: match &valid {
            Some(valid) if before == 0 => valid.iter().map(|valid| valid.saturating_sub(length as i64)).collect(),
            _ => vec![before as i64; batch],
        },
        valid: valid.unwrap_or_else(|| vec![i64::MAX; batch]),
    };
    mask(call, &mut rows, [batch, heads, length, positions])?;
    for (index, row) in rows.chunks_exact_mut(positions.max(1)).enumerate() {
        let (sample, query) = (index / (heads * length), index % length);
        for (key, item) in row.iter_mut().enumerate() {
            if !reach.sees(sample, query, key) {
                *item = T::NEG_INFINITY;
            }
        }
    }
    rounded(&mut rows, dtype);
    shown(call, 2, &rows)?;
    let precision = dtype_attribute(call, "softmax_precision")?.unwrap_or(dtype);
    softmax_rows(&mut rows, positions);
    rounded(&mut rows, precision);
    rounded(&mut rows, dtype);
    shown(call, 3, &rows)?;
    let values = v.repeated(times);
    let value_dims = [batch, heads, positions, v.dims[3]];
    let (dims, items) = product(call, (&rows, &row_dims), (&values, &value_dims))?;
    if flat {
        let items = turned(&items, [batch, heads, length, v.dims[3]]);
        return call.give_reals(0, dtype, vec![batch, length, heads * v.dims[3]], items);
    }
    call.give_reals(0, dtype, dims, items)
}

/// Adds the mask, of floats or of booleans, to rows of scores. Where it is shorter than a row, keys are masked.
fn mask<T: Real>(call: &Call<'_, '_>, rows: &mut [T], dims: [usize; 4]) -> Result<()> {
    let Some(mask) = call.optional(3)? else { return Ok(()) };
    let positions = dims[3];
    let misfit = || call.misfit(format!("mask {:?} does not fit {dims:?}", mask.dims()));
    let [outer @ .., last] = mask.dims() else { return Err(misfit()) };
    let last = *last;
    let whole = [outer, &[positions]].concat();
    if last > positions || broadcast::common(&[&whole, &dims]).is_none_or(|common| common != dims) {
        return Err(misfit());
    }
    let items: Vec<T> = match mask.items::<bool>() {
        Some(items) => items.iter().map(|&item| if item { T::ZERO } else { T::NEG_INFINITY }).collect(),
        None => call.reals_of::<T>(&mask)?.1,
    };
    let steps = stretched(&[outer, &[last]].concat(), &dims);
    for (index, row) in rows.chunks_exact_mut(positions.max(1)).enumerate() {
        let (mut rest, mut start) = (index, 0);
        for axis in (0..3).rev() {
            start += rest % dims[axis] * steps[axis];
            rest /= dims[axis];
        }
        for (key, item) in row.iter_mut().enumerate() {
            *item = match items.get(start + key) {
                Some(&bias) if key < last => *item + bias,
                _ => T::NEG_INFINITY,
            };
        }
    }
    Ok(())
}
