//! `FlexAttention` of `ai.onnx.preview`.

use crate::error::Result;
use crate::eval::array::Array;
use crate::eval::call::{Call, Kernel};
use crate::eval::number::{reals, rounded};
use crate::eval::value::Value;
use crate::ir::{OpType, spelling};
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    matches!(op, OpType::FlexAttention).then_some(flex_attention as Kernel)
}

/// A tensor of samples, heads, positions and features.
struct Heads {
    dims: [usize; 4],
    items: Vec<f64>,
}

impl Heads {
    fn of(call: &Call<'_, '_>, index: usize) -> Result<Self> {
        let array = call.array(index)?;
        let &[batch, heads, length, size] = array.dims() else {
            return Err(call.misfit(format!("input {index} is of rank {}, expected 4", array.rank())));
        };
        call.room(DType::Float64, array.dims())?;
        let items = reals::<f64>(&array).ok_or_else(|| call.unknown_type(array.dtype()))?.into_owned();
        Ok(Self { dims: [batch, heads, length, size], items })
    }

    /// The features at one position.
    fn row(&self, sample: usize, head: usize, position: usize) -> &[f64] {
        let [_, heads, length, size] = self.dims;
        &self.items[((sample * heads + head) * length + position) * size..][..size]
    }
}

fn flex_attention(call: &mut Call<'_, '_>) -> Result<()> {
    let dtype = call.array(0)?.dtype();
    let (queries, keys, values) = (Heads::of(call, 0)?, Heads::of(call, 1)?, Heads::of(call, 2)?);
    let [batch, heads, length, size] = queries.dims;
    let [_, shared, key_length, _] = keys.dims;
    let width = values.dims[3];
    let fits = keys.dims[0] == batch && keys.dims[3] == size && values.dims[..3] == keys.dims[..3];
    if !fits || shared == 0 || !heads.is_multiple_of(shared) {
        return Err(call.misfit(format!("queries {:?}, keys {:?}, values {:?}", queries.dims, keys.dims, values.dims)));
    }
    let group = heads / shared;
    let precision = match call.int("softmax_precision").filter(|&code| code != 0) {
        Some(code) => spelling::dtype(code).ok_or_else(|| call.unsupported(format!("element type number {code}")))?,
        None if dtype == DType::Float64 => dtype,
        None => DType::Float32,
    };
    #[expect(clippy::cast_precision_loss, reason = "the size of a head")]
    let scale = call.float("scale").map_or_else(|| 1.0 / (size as f64).sqrt(), f64::from);
    let dims = vec![batch, heads, length, key_length];
    let mut scores = Vec::with_capacity(call.room(DType::Float64, &dims)?);
    for (sample, head) in (0..batch).flat_map(|sample| (0..heads).map(move |head| (sample, head))) {
        call.cx.tick("evaluate", (sample * heads + head) as u64, (batch * heads) as u64)?;
        for (query, key) in (0..length).flat_map(|query| (0..key_length).map(move |key| (query, key))) {
            let (one, other) = (queries.row(sample, head, query), keys.row(sample, head / group, key));
            scores.push(one.iter().zip(other).map(|(one, other)| one * other).sum::<f64>() * scale);
        }
    }
    let mut shares = modified(call, "score_mod", precision, &dims, scores)?;
    for row in shares.chunks_mut(key_length.max(1)) {
        let most = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        row.iter_mut().for_each(|score| *score = (*score - most).exp());
        let sum: f64 = row.iter().sum();
        row.iter_mut().for_each(|score| *score /= sum);
    }
    let shares = modified(call, "prob_mod", precision, &dims, shares)?;
    let dims = vec![batch, heads, length, width];
    let mut joined = vec![0.0; call.room(DType::Float64, &dims)?];
    for (place, row) in shares.chunks(key_length.max(1)).enumerate().filter(|_| !dims.contains(&0)) {
        let (sample, head) = (place / length / heads, place / length % heads);
        for (key, share) in row.iter().enumerate() {
            let value = values.row(sample, head / group, key);
            joined[place * width..][..width].iter_mut().zip(value).for_each(|(sum, value)| *sum += share * value);
        }
    }
    let buffer = rounded(dtype, joined).ok_or_else(|| call.unknown_type(dtype))?;
    call.give_array(0, dims, buffer)
}

/// What a subgraph makes of scores, if there is one.
fn modified(call: &mut Call<'_, '_>, name: &str, dtype: DType, dims: &[usize], items: Vec<f64>) -> Result<Vec<f64>> {
    let Some(graph) = call.graph(name) else { return Ok(items) };
    let array = rounded(dtype, items).and_then(|buffer| Array::of(dims.to_vec(), buffer));
    let array = array.ok_or_else(|| call.unknown_type(dtype))?;
    let graph = call.prepare(graph)?;
    let outputs = call.run(&graph, vec![Some(Value::Tensor(array))])?;
    match outputs.first().and_then(Value::as_tensor) {
        Some(array) if array.dims() == dims => {
            Ok(reals::<f64>(array).ok_or_else(|| call.unknown_type(array.dtype()))?.into_owned())
        }
        _ => Err(call.misfit(format!("{name} does not give scores of {dims:?}"))),
    }
}
