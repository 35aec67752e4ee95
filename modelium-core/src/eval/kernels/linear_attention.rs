//! Attention without softmax, as a recurrence, and the causal convolution before it.

use crate::error::Result;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::activation::sigmoid;
use crate::eval::number::is_float;
use crate::ir::OpType;
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::LinearAttention => linear_attention,
        OpType::CausalConvWithState => causal_conv,
        _ => return None,
    })
}

/// A positive count from an attribute.
fn count(call: &Call<'_, '_>, name: &str) -> Result<usize> {
    let given = call.int(name).and_then(|count| usize::try_from(count).ok()).filter(|count| *count > 0);
    given.ok_or_else(|| call.misfit(format!("attribute '{name}' is no positive number")))
}

/// For each token: `S ← decay · S + β · k ⊗ (v − Sᵀk)`, `o = scale · Sᵀq`; which of the factors there are, the rule says.
fn linear_attention(call: &mut Call<'_, '_>) -> Result<()> {
    let dtype = call.array(0)?.dtype();
    if !is_float(dtype) {
        return Err(call.unknown_type(dtype));
    }
    let (heads, shared) = (count(call, "q_num_heads")?, count(call, "kv_num_heads")?);
    let ((q_dims, q), (k_dims, k), (v_dims, v)) =
        (call.reals_at::<f64>(0)?, call.reals_at::<f64>(1)?, call.reals_at::<f64>(2)?);
    let misfit = || call.misfit(format!("queries {q_dims:?}, keys {k_dims:?}, values {v_dims:?}"));
    let (&[batch, steps, q_width], &[_, _, k_width], &[_, _, v_width]) =
        (q_dims.as_slice(), k_dims.as_slice(), v_dims.as_slice())
    else {
        return Err(misfit());
    };
    let fits = q_width.is_multiple_of(heads)
        && v_width.is_multiple_of(shared)
        && heads.is_multiple_of(shared)
        && k_dims == [batch, steps, q_width / heads * shared]
        && v_dims[..2] == [batch, steps];
    if !fits {
        return Err(misfit());
    }
    let (d_k, d_v) = (k_width / shared, v_width / shared);
    let rule = call.str("update_rule").unwrap_or("gated_delta").to_owned();
    let (gated, delta) = match rule.as_str() {
        "linear" => (false, false),
        "gated" => (true, false),
        "delta" => (false, true),
        "gated_delta" => (true, true),
        rule => return Err(call.misfit(format!("update rule '{rule}'"))),
    };
    let scale = call.float("scale").filter(|scale| *scale != 0.0);
    let scale = scale.map_or_else(|| 1.0 / (d_k as f64).sqrt(), f64::from);
    let state_dims = vec![batch, shared, d_k, d_v];
    let states = call.room(DType::Float64, &state_dims)?;
    let (mut state, state_dtype) = match call.optional(3)? {
        Some(past) if past.dims() == state_dims => (call.reals_of::<f64>(&past)?.1, past.dtype()),
        Some(past) => return Err(call.misfit(format!("state {:?}, expected {state_dims:?}", past.dims()))),
        None => (vec![0.0; states], dtype),
    };
    let side = |index: usize, needed: bool, widths: [usize; 2]| -> Result<(usize, Vec<f64>)> {
        if !needed {
            return Ok((0, Vec::new()));
        }
        let (dims, items) = call.reals_at::<f64>(index)?;
        match *dims.as_slice() {
            [b, t, width] if b == batch && t == steps && widths.contains(&width) => Ok((width, items)),
            _ => Err(call.misfit(format!("input {index} is of shape {dims:?}"))),
        }
    };
    let (decay_width, decay) = side(4, gated, [shared * d_k, shared])?;
    let (beta_width, beta) = side(5, delta, [shared, 1])?;
    let out_dims = vec![batch, steps, heads * d_v];
    let mut out = vec![0.0; call.room(DType::Float64, &out_dims)?];
    let group = heads / shared;
    let mut seen = vec![0.0; d_v];
    for sample in 0..batch {
        for step in 0..steps {
            call.cx.tick("evaluate", step as u64, steps as u64)?;
            let token = sample * steps + step;
            for head in 0..shared {
                let state = &mut state[(sample * shared + head) * d_k * d_v..][..d_k * d_v];
                let key = &k[token * k_width + head * d_k..][..d_k];
                let value = &v[token * v_width + head * d_v..][..d_v];
                if gated {
                    for (row, line) in state.chunks_exact_mut(d_v.max(1)).enumerate() {
                        let at = if decay_width == shared { head } else { head * d_k + row };
                        let factor = decay[token * decay_width + at].exp();
                        line.iter_mut().for_each(|item| *item *= factor);
                    }
                }
                seen.copy_from_slice(value);
                let mut rate = 1.0;
                if delta {
                    rate = beta[token * beta_width + if beta_width == 1 { 0 } else { head }];
                    for (line, key) in state.chunks_exact(d_v.max(1)).zip(key) {
                        seen.iter_mut().zip(line).for_each(|(seen, item)| *seen -= key * item);
                    }
                }
                for (line, key) in state.chunks_exact_mut(d_v.max(1)).zip(key) {
                    line.iter_mut().zip(&seen).for_each(|(item, seen)| *item += rate * key * seen);
                }
                for query in head * group..(head + 1) * group {
                    let q = &q[token * q_width + query * d_k..][..d_k];
                    let out = &mut out[(token * heads + query) * d_v..][..d_v];
                    for (line, q) in state.chunks_exact(d_v.max(1)).zip(q) {
                        out.iter_mut().zip(line).for_each(|(out, item)| *out += scale * q * item);
                    }
                }
            }
        }
    }
    call.give_reals(0, dtype, out_dims, out)?;
    call.give_reals(1, state_dtype, state_dims, state)
}

/// Each channel with a kernel of its own, over the present and the past.
fn causal_conv(call: &mut Call<'_, '_>) -> Result<()> {
    let dtype = call.array(0)?.dtype();
    if !is_float(dtype) {
        return Err(call.unknown_type(dtype));
    }
    let ((x_dims, x), (w_dims, w)) = (call.reals_at::<f64>(0)?, call.reals_at::<f64>(1)?);
    let misfit = || call.misfit(format!("no convolution of {x_dims:?} with {w_dims:?}"));
    let (&[batch, channels, length], &[w_channels, 1, taps]) = (x_dims.as_slice(), w_dims.as_slice()) else {
        return Err(misfit());
    };
    if channels != w_channels || taps == 0 {
        return Err(misfit());
    }
    let bias = match call.optional(2)? {
        Some(bias) if bias.len() == channels => Some(call.reals_of::<f64>(&bias)?.1),
        Some(_) => return Err(misfit()),
        None => None,
    };
    let carried = taps - 1;
    let state_dims = vec![batch, channels, carried];
    let past = match call.optional(3)? {
        Some(past) if past.dims() == state_dims => call.reals_of::<f64>(&past)?.1,
        Some(past) => return Err(call.misfit(format!("state {:?}, expected {state_dims:?}", past.dims()))),
        None => vec![0.0; call.room(DType::Float64, &state_dims)?],
    };
    let swish = match call.str("activation").unwrap_or("none") {
        "none" => false,
        "silu" | "swish" => true,
        other => return Err(call.misfit(format!("activation '{other}'"))),
    };
    call.room(DType::Float64, &[batch, channels, length + carried])?;
    let mut out = Vec::with_capacity(x.len());
    let mut state = Vec::with_capacity(past.len());
    for line in 0..batch * channels {
        call.cx.tick("evaluate", line as u64, (batch * channels) as u64)?;
        let channel = line % channels;
        let all = [&past[line * carried..][..carried], &x[line * length..][..length]].concat();
        let kernel = &w[channel * taps..][..taps];
        for window in all.windows(taps) {
            let sum: f64 = window.iter().zip(kernel).map(|(x, w)| x * w).sum();
            let sum = sum + bias.as_ref().map_or(0.0, |bias| bias[channel]);
            out.push(if swish { sum * sigmoid(sum) } else { sum });
        }
        state.extend_from_slice(&all[length..]);
    }
    call.give_reals(0, dtype, x_dims, out)?;
    call.give_reals(1, dtype, state_dims, state)
}
