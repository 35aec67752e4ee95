//! ONNX Runtime's own operators, as its optimiser and its exporters leave them in a file: the domain `com.microsoft`.
//!
//! There is no specification table for them, so that each rule says the element type too.

mod attention;
mod quantized;

use crate::ir::infer::call::{Call, Gap, Outcome, Rule};
use crate::ir::infer::{convolution, cut, dims, gather, generate, matmul, quantize, recurrent};
use crate::ir::schema::OpType;
use crate::ir::types::Dim;
use crate::tensor::DType;

pub(super) fn rule(op: &OpType) -> Option<Rule> {
    match op.domain() {
        "com.microsoft" => own(op.name()).or_else(|| attention::rule(op.name())).or_else(|| quantized::rule(op.name())),
        // Experiments that ONNX Runtime keeps in the standard domain.
        "" => standard(op.name()),
        // Image layouts of its own, inside of optimised models.
        "com.ms.internal.nhwc" => internal(op.name()),
        _ => None,
    }
}

fn standard(name: &str) -> Option<Rule> {
    Some(match name {
        "SimplifiedLayerNormalization" => simplified_layer_norm,
        "Affine" | "ImageScaler" | "ParametricSoftplus" | "ScaledTanh" => like_first,
        _ => return None,
    })
}

fn internal(name: &str) -> Option<Rule> {
    Some(match name {
        "Conv" | "FusedConv" => nhwc_conv,
        "AveragePool" | "MaxPool" => nhwc_pool,
        "GlobalAveragePool" | "GlobalMaxPool" => nhwc_global_pool,
        _ => return None,
    })
}

fn own(name: &str) -> Option<Rule> {
    Some(match name {
        "BiasAdd" | "BiasGelu" | "BiasSoftmax" | "ComplexMul" | "ComplexMulConj" | "FastGelu" | "Gelu"
        | "GroupNorm" | "Inverse" | "MoE" | "QMoE" | "QuickGelu" | "RotaryEmbedding" | "Trilu" => like_first,
        "BiasDropout" | "BitmaskBiasDropout" | "BitmaskDropout" => dropout,
        "BiasSplitGelu" => bias_split_gelu,
        "SkipGroupNorm" => skip_group_norm,
        "SkipLayerNormalization" | "SkipSimplifiedLayerNormalization" => skip_layer_norm,
        "SimplifiedLayerNormalization" => simplified_layer_norm,
        "EmbedLayerNormalization" => embed_layer_norm,
        "FusedMatMul" | "FusedMatMulActivation" | "TransposeMatMul" => fused_matmul,
        "FusedGemm" | "QGemm" => gemm,
        "FusedConv" => fused_conv,
        "NhwcConv" | "NhwcFusedConv" => nhwc_conv,
        "NhwcMaxPool" => nhwc_pool,
        "MatMulNBits" | "MatMulBnb4" | "MatMulFpQ4" => matmul_n_bits,
        "MatMulInteger16" => |call| product_typed(call, Some(DType::Int32)),
        "MatMulIntegerToFloat" => integer_to_float,
        "DynamicQuantizeMatMul" | "GemmFastGelu" => integer_product,
        "DynamicQuantizeLSTM" => dynamic_lstm,
        "QuantizeLinear" => quantize::quantize,
        "DequantizeLinear" => quantize::dequantize,
        "GatherND" => |call| retyped(call, 0, gather::gather_nd),
        "GatherBlockQuantized" => quantized::gather_blocks,
        "Pad" => |call| retyped(call, 0, |call| cut::padded(call, false)),
        "Range" => |call| retyped(call, 0, generate::range),
        "ExpandDims" => expand_dims,
        "Unique" => unique,
        "CDist" => distances,
        "CropAndResize" => crop_and_resize,
        "IsAllFinite" => |call| {
            call.typed(0, Some(DType::Bool));
            call.shaped(0, Vec::new())
        },
        "NGramRepeatBlock" => |call| retyped(call, 1, |call| call.like(0, 1)),
        "TorchEmbedding" => embedding,
        "GreedySearch" | "Sampling" => |call| generated(call, 2),
        "BeamSearch" => |call| generated(call, 3),
        _ => return None,
    })
}

/// A rule of a standard operator, for one that has no table to say the element type: that of an input.
fn retyped(call: &mut Call<'_, '_>, like: usize, rule: impl FnOnce(&mut Call<'_, '_>) -> Outcome) -> Outcome {
    let dtype = call.dtype(like);
    call.typed(0, dtype);
    rule(call)
}

fn like_first(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    call.like(0, 0)
}

/// `x → (y, mask)`; a mask of bits is a list.
fn dropout(call: &mut Call<'_, '_>) -> Outcome {
    let bits = call.node.op.name() != "BiasDropout";
    call.typed(1, Some(if bits { DType::Uint32 } else { DType::Bool }));
    like_first(call)?;
    if bits { call.shaped(1, dims::open(1)) } else { call.like(1, 0) }
}

/// Half of the last axis gates the other half.
fn bias_split_gelu(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    let mut dims = call.shape(0)?.to_vec();
    if let Some(last) = dims.last_mut() {
        *last = dims::divided(last, 2)?;
    }
    call.shaped(0, dims)
}

/// `(x, γ, β, skip, …) → (y, x + skip)`
fn skip_group_norm(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(1, dtype);
    like_first(call)?;
    call.like(1, 0)
}

/// `x → (y, inverse deviation)`, over the axes from `axis` on.
fn simplified_layer_norm(call: &mut Call<'_, '_>) -> Outcome {
    // The scale may be of fewer digits than what it scales.
    let dtype = call.dtype(1).or_else(|| call.dtype(0));
    call.typed(0, dtype);
    let stash = call.dtype_attribute("stash_type").unwrap_or(DType::Float32);
    call.typed(1, Some(stash));
    call.like(0, 0)?;
    let mut dims = call.shape(0)?.to_vec();
    let axis = dims::axis(call.int("axis").unwrap_or(-1), dims.len())?;
    dims.iter_mut().skip(axis).for_each(|dim| *dim = Dim::Known(1));
    call.shaped(1, dims)
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

fn fused_matmul(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    let side = |input, flag, batch_flag| -> Result<Vec<Dim>, Gap> {
        let mut dims = call.shape(input)?.to_vec();
        if call.int(batch_flag).unwrap_or(0) != 0
            && let [rest @ .., _] = dims.as_mut_slice()
            && rest.len() > 1
        {
            // The rows come first, and the batch behind them.
            rest.rotate_left(1);
        }
        if call.int(flag).unwrap_or(0) != 0
            && let [.., rows, columns] = dims.as_mut_slice()
        {
            std::mem::swap(rows, columns);
        }
        Ok(dims)
    };
    let dims = matmul::product(&side(0, "transA", "transBatchA")?, &side(1, "transB", "transBatchB")?)?;
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

/// The product of two matrices, of the type of the first.
fn integer_product(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    product_typed(call, dtype)
}

fn product_typed(call: &mut Call<'_, '_>, dtype: Option<DType>) -> Outcome {
    call.typed(0, dtype);
    let dims = matmul::product(call.shape(0)?, call.shape(1)?)?;
    call.shaped(0, dims)
}

/// Images `[batch, …, channels]`, weights `[out, …]`.
fn nhwc_conv(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    let kernel = match (call.ints("kernel_shape"), call.shape(1)) {
        (Some(kernel), _) => kernel.iter().map(|&dim| dims::from_i64(dim)).collect(),
        (None, Ok([_, kernel @ .., _])) => kernel.to_vec(),
        _ => return Err(Gap::Open),
    };
    let filters = call.shape(1).ok().and_then(|weights| weights.first()).cloned().unwrap_or(Dim::Unknown);
    let [batch, spatial @ .., _] = call.shape(0)? else { return Err(Gap::conflict("an image without channels")) };
    let dims = convolution::slid(call, kernel, spatial)?;
    let dims = [std::slice::from_ref(batch), &dims, &[filters]].concat();
    call.shaped(0, dims)
}

/// Images `[batch, …, channels]`.
fn nhwc_pool(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    let kernel = call.ints("kernel_shape").ok_or(Gap::Open)?.iter().map(|&dim| dims::from_i64(dim)).collect();
    let [batch, spatial @ .., channels] = call.shape(0)? else {
        return Err(Gap::conflict("an image without channels"));
    };
    let dims = convolution::slid(call, kernel, spatial)?;
    let dims = [std::slice::from_ref(batch), &dims, std::slice::from_ref(channels)].concat();
    call.shaped(0, dims)
}

fn nhwc_global_pool(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    let mut dims = call.shape(0)?.to_vec();
    if let [_, spatial @ .., _] = dims.as_mut_slice() {
        spatial.fill(Dim::Known(1));
    }
    call.shaped(0, dims)
}

fn dynamic_lstm(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    for output in 0..3 {
        call.typed(output, dtype);
    }
    recurrent::recurrent(call)
}

/// An axis of one, where an input says.
fn expand_dims(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    let axis = call.int_at(1).ok_or(Gap::Open)?;
    let mut dims = call.shape(0)?.to_vec();
    let axis = dims::axis(axis, dims.len() + 1)?;
    dims.insert(axis, Dim::Known(1));
    call.shaped(0, dims)
}

/// `x → (values, places of x among them, counts)`, of a list.
fn unique(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    call.typed(1, Some(DType::Int64));
    call.typed(2, Some(DType::Int64));
    call.shaped(0, dims::open(1))?;
    call.shaped(2, dims::open(1))?;
    call.like(1, 0)
}

/// From each row of one list to each of another.
fn distances(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    let ([a, _], [b, _]) = (call.shape_of_rank(0, 2)?, call.shape_of_rank(1, 2)?) else { return Err(Gap::Open) };
    let dims = vec![a.clone(), b.clone()];
    call.shaped(0, dims)
}

/// Image `[batch, channels, height, width]`, boxes `[count, 4]`, and the size of what comes out of each.
fn crop_and_resize(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    let size = call.dims_at(3).ok_or(Gap::Open)?;
    let [_, channels, _, _] = call.shape_of_rank(0, 4)? else { return Err(Gap::Open) };
    let [boxes, _] = call.shape_of_rank(1, 2)? else { return Err(Gap::Open) };
    let dims = [&[boxes.clone(), channels.clone()], size.as_slice()].concat();
    call.shaped(0, dims)
}

/// Weights `[words, size]`, indices of any shape.
fn embedding(call: &mut Call<'_, '_>) -> Outcome {
    let dtype = call.dtype(0);
    call.typed(0, dtype);
    let [_, size] = call.shape_of_rank(0, 2)? else { return Err(Gap::Open) };
    let dims = [call.shape(1)?, std::slice::from_ref(size)].concat();
    call.shaped(0, dims)
}

/// Tokens, as long as the run lets them be.
fn generated(call: &mut Call<'_, '_>, rank: usize) -> Outcome {
    call.typed(0, Some(DType::Int32));
    let mut dims = dims::open(rank);
    if let (Ok([batch, ..]), Some(first)) = (call.shape(0), dims.first_mut()) {
        *first = batch.clone();
    }
    call.shaped(0, dims)
}
