//! ONNX Runtime's own operators, as its optimiser leaves them in a file: the domain `com.microsoft`.
//!
//! There is no specification table for them, so that each rule says the element type too.

use crate::ir::infer::call::{Call, Gap, Outcome, Rule};
use crate::ir::infer::{convolution, dims, matmul, quantize};
use crate::ir::schema::OpType;
use crate::ir::types::Dim;
use crate::tensor::DType;

pub(super) fn rule(op: &OpType) -> Option<Rule> {
    if op.domain() != "com.microsoft" {
        return None;
    }
    Some(match op.name() {
        "BiasGelu" | "FastGelu" | "Gelu" | "QuickGelu" | "BiasDropout" | "BiasSoftmax" | "RotaryEmbedding"
        | "Trilu" | "Inverse" | "BiasAdd" | "QLinearLeakyRelu" | "QLinearSigmoid" | "QLinearSoftmax" | "GroupNorm" => {
            like_first
        }
        "SkipLayerNormalization" | "SkipSimplifiedLayerNormalization" => skip_layer_norm,
        "EmbedLayerNormalization" => embed_layer_norm,
        "QLinearAdd" | "QLinearMul" => qlinear_binary,
        "QLinearGlobalAveragePool" => qlinear_global_pool,
        "FusedMatMul" | "TransposeMatMul" => fused_matmul,
        "FusedGemm" | "QGemm" => gemm,
        "FusedConv" => fused_conv,
        "MatMulNBits" => matmul_n_bits,
        "MatMulIntegerToFloat" => integer_to_float,
        "DynamicQuantizeMatMul" => dynamic_quantize_matmul,
        "QuantizeLinear" => quantize::quantize,
        "DequantizeLinear" => quantize::dequantize,
        "Attention" => attention,
        "MultiHeadAttention" | "GroupQueryAttention" => separate_attention,
        _ => return None,
    })
}

fn like_first(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    call.like(0, 0)
}

/// `(x, skip, …) → (y, mean, inverse deviation, x + skip)`
fn skip_layer_norm(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(3, dtype);
    call.typed(1, Some(DType::Float32));
    call.typed(2, Some(DType::Float32));
    like_first(call)?;
    call.like(3, 0)?;
    let mut dims = call.shape(0)?.to_vec();
    if let Some(last) = dims.last_mut() {
        *last = Dim::Known(1);
    }
    call.shaped(1, dims.clone())?;
    call.shaped(2, dims)
}

/// `(ids, segments, words, …) → ([batch, sequence, hidden], [batch])`
fn embed_layer_norm(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(2);
    call.typed(0, dtype);
    call.typed(1, Some(DType::Int32));
    call.typed(2, dtype);
    let [batch, sequence] = call.shape_of_rank(0, 2)? else { return Err(Gap::Open) };
    let [_, hidden] = call.shape_of_rank(2, 2)? else { return Err(Gap::Open) };
    let (batch, sequence, hidden) = (batch.clone(), sequence.clone(), hidden.clone());
    call.shaped(1, vec![batch.clone()])?;
    call.shaped(2, vec![batch.clone(), sequence.clone(), hidden.clone()])?;
    call.shaped(0, vec![batch, sequence, hidden])
}

/// `(a, scale, zero, b, scale, zero, …)`
fn qlinear_binary(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    let dims = dims::broadcast(call.shape(0)?, call.shape(3)?)?;
    call.shaped(0, dims)
}

fn qlinear_global_pool(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    if call.int("channels_last").unwrap_or(0) != 0 {
        return Err(Gap::Open);
    }
    convolution::global_pool(call)
}

fn fused_matmul(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    if call.int("transBatchA").unwrap_or(0) != 0 || call.int("transBatchB").unwrap_or(0) != 0 {
        return Err(Gap::Open);
    }
    let side = |input, flag| -> Result<Vec<Dim>, Gap> {
        let mut dims = call.shape(input)?.to_vec();
        if call.int(flag).unwrap_or(0) != 0
            && let [.., rows, columns] = dims.as_mut_slice()
        {
            std::mem::swap(rows, columns);
        }
        Ok(dims)
    };
    let dims = matmul::product(&side(0, "transA")?, &side(1, "transB")?)?;
    call.shaped(0, dims)
}

/// `FusedGemm(a, b, c)`, `QGemm(a, scale, zero, b, …)`.
fn gemm(call: &mut Call<'_, '_>) -> Outcome {
    let quantized = call.node.op.name() == "QGemm";
    let dtype = match quantized {
        // Without the scale of the output the result is left as floats.
        true if !call.has(7) => Some(DType::Float32),
        true => call.dtype(8).or_else(|| call.dtype(0)),
        false => call.dtype(0),
    };
    call.typed(0, dtype);
    let side = |input, flag, taken: usize| {
        let dims = call.shape_of_rank(input, 2)?;
        let flipped = call.int(flag).unwrap_or(0) != 0;
        dims.get(if flipped { 1 - taken } else { taken }).cloned().ok_or(Gap::Open)
    };
    let dims = vec![side(0, "transA", 0)?, side(if quantized { 3 } else { 1 }, "transB", 1)?];
    call.shaped(0, dims)
}

fn fused_conv(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    convolution::convolve(call, 1)
}

/// Weights packed in blocks; their shape is in the attributes `K` and `N`.
fn matmul_n_bits(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    let columns = dims::from_i64(call.int("N").ok_or(Gap::Open)?);
    let rows = dims::from_i64(call.int("K").ok_or(Gap::Open)?);
    let dims = matmul::product(call.shape(0)?, &[rows, columns])?;
    call.shaped(0, dims)
}

fn integer_to_float(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(2);
    call.typed(0, dtype);
    let dims = matmul::product(call.shape(0)?, call.shape(1)?)?;
    call.shaped(0, dims)
}

fn dynamic_quantize_matmul(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    let dims = matmul::product(call.shape(0)?, call.shape(1)?)?;
    call.shaped(0, dims)
}

/// Input `[batch, sequence, in]`, weights `[in, queries + keys + values]`, packed side by side.
fn attention(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    call.typed(1, dtype);
    let [batch, sequence, _] = call.shape_of_rank(0, 3)? else { return Err(Gap::Open) };
    let width = match call.ints("qkv_hidden_sizes") {
        Some([_, _, values]) => dims::from_i64(*values),
        _ => dims::divided(call.shape_of_rank(1, 2)?.get(1).ok_or(Gap::Open)?, 3)?,
    };
    let dims = vec![batch.clone(), sequence.clone(), width];
    call.shaped(0, dims)
}

/// Queries `[batch, sequence, hidden]`; keys and values beside them.
fn separate_attention(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    for output in 0..3 {
        call.typed(output, dtype);
    }
    let [batch, sequence, hidden] = call.shape_of_rank(0, 3)? else { return Err(Gap::Open) };
    let grouped = call.node.op.name() == "GroupQueryAttention";
    if !call.has(1) {
        return Err(Gap::Open); // queries, keys and values packed into one
    }
    let width = match call.shape(2) {
        Ok([_, _, values]) if !grouped => values.clone(),
        _ => hidden.clone(),
    };
    let dims = vec![batch.clone(), sequence.clone(), width];
    call.shaped(0, dims)
}
