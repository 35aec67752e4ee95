//! Operators that work element by element: unary, broadcasting, casts, activations.

use crate::ir::infer::call::{Call, Outcome, Rule};
use crate::ir::infer::dims;
use crate::ir::infer::item::{convert, one, settle, two};
use crate::ir::infer::value::{Elements, Item};
use crate::ir::schema::OpType;
use crate::ir::types::Dim;
use crate::tensor::DType;

pub(super) fn rule(op: &OpType) -> Option<Rule> {
    Some(match op {
        OpType::Acos
        | OpType::Acosh
        | OpType::Asin
        | OpType::Asinh
        | OpType::Atan
        | OpType::Atanh
        | OpType::BitwiseNot
        | OpType::Celu
        | OpType::Cos
        | OpType::Cosh
        | OpType::CumProd
        | OpType::CumSum
        | OpType::Elu
        | OpType::Erf
        | OpType::Exp
        | OpType::Gelu
        | OpType::HardSigmoid
        | OpType::HardSwish
        | OpType::Hardmax
        | OpType::IsInf
        | OpType::IsNaN
        | OpType::LRN
        | OpType::LeakyRelu
        | OpType::Log
        | OpType::LogSoftmax
        | OpType::LpNormalization
        | OpType::MeanVarianceNormalization
        | OpType::Mish
        | OpType::PRelu
        | OpType::RegexFullMatch
        | OpType::ReverseSequence
        | OpType::RotaryEmbedding
        | OpType::Selu
        | OpType::Shrink
        | OpType::Sigmoid
        | OpType::Sin
        | OpType::Sinh
        | OpType::Softmax
        | OpType::Softplus
        | OpType::Softsign
        | OpType::SwiGLU
        | OpType::Swish
        | OpType::Tan
        | OpType::Tanh
        | OpType::TensorScatter
        | OpType::ThresholdedRelu
        | OpType::Trilu => same_shape,
        OpType::Abs
        | OpType::Ceil
        | OpType::Floor
        | OpType::Neg
        | OpType::Not
        | OpType::Reciprocal
        | OpType::Relu
        | OpType::Round
        | OpType::Sign
        | OpType::Sqrt => unary,
        OpType::Add
        | OpType::And
        | OpType::BitShift
        | OpType::BitwiseAnd
        | OpType::BitwiseOr
        | OpType::BitwiseXor
        | OpType::Div
        | OpType::Equal
        | OpType::Greater
        | OpType::GreaterOrEqual
        | OpType::Less
        | OpType::LessOrEqual
        | OpType::Mod
        | OpType::Mul
        | OpType::Or
        | OpType::Pow
        | OpType::StringConcat
        | OpType::Sub
        | OpType::Xor => binary,
        OpType::Max | OpType::Mean | OpType::Min | OpType::Sum => variadic,
        OpType::Clip => clip,
        OpType::Where => choose,
        OpType::Identity => identity,
        OpType::Cast | OpType::BitCast => cast,
        OpType::CastLike => cast_like,
        OpType::Dropout => dropout,
        _ => return None,
    })
}

/// The output is like the first input.
pub(super) fn same_shape(call: &mut Call<'_, '_>) -> Outcome {
    call.like(0, 0)
}

fn unary(call: &mut Call<'_, '_>) -> Outcome {
    call.like(0, 0)?;
    if let Some(value) = call.value(0) {
        let op = &call.node.op;
        let dtype = call.dtype(0);
        call.hold(0, value.map(|item| settle(one(op, item), dtype)));
    }
    Ok(())
}

fn identity(call: &mut Call<'_, '_>) -> Outcome {
    call.value(0);
    let fact = call.fact(0);
    call.pass(0, fact);
    Ok(())
}

fn dropout(call: &mut Call<'_, '_>) -> Outcome {
    if call.opset < 10 {
        // The mask was of the input's type then.
        let dtype = call.dtype(0);
        call.typed(1, dtype);
    }
    call.like(1, 0)?;
    call.like(0, 0)
}

fn binary(call: &mut Call<'_, '_>) -> Outcome {
    if call.opset < 7 {
        // The second operand is stretched along an axis to fit the first.
        return call.like(0, 0);
    }
    let dims = dims::broadcast(call.shape(0)?, call.shape(1)?)?;
    call.shaped(0, dims)?;
    let (Some(a), Some(b)) = (call.value(0), call.value(1)) else { return Ok(()) };
    let (op, dtype) = (&call.node.op, call.dtype(0));
    let fmod = call.int("fmod").unwrap_or(0) != 0;
    let compares =
        matches!(op, OpType::Equal | OpType::Greater | OpType::GreaterOrEqual | OpType::Less | OpType::LessOrEqual);
    let result = dtype.filter(|_| !compares);
    if let Some(value) = Elements::zip(&a, &b, |a, b| settle(two(op, a, b, dtype, fmod), result)) {
        call.hold(0, value);
    }
    Ok(())
}

fn variadic(call: &mut Call<'_, '_>) -> Outcome {
    let mut dims = call.shape(0)?.to_vec();
    if call.opset >= 8 {
        for input in 1..call.node.inputs.len() {
            dims = dims::broadcast(&dims, call.shape(input)?)?;
        }
    }
    call.shaped(0, dims)?;
    let Some(first) = call.value(0) else { return Ok(()) };
    let (op, dtype) = (&call.node.op, call.dtype(0));
    if matches!(op, OpType::Mean) {
        return Ok(());
    }
    let mut folded = (*first).clone();
    for input in 1..call.node.inputs.len() {
        let Some(next) = call.value(input) else { return Ok(()) };
        let Some(zipped) = Elements::zip(&folded, &next, |a, b| settle(two(op, a, b, dtype, false), dtype)) else {
            return Ok(());
        };
        folded = zipped;
    }
    call.hold(0, folded);
    Ok(())
}

/// Between the bounds, which were attributes before opset 11.
fn clip(call: &mut Call<'_, '_>) -> Outcome {
    call.like(0, 0)?;
    if call.opset < 11 {
        return Ok(());
    }
    let Some(mut value) = call.value(0).map(|value| (*value).clone()) else { return Ok(()) };
    let dtype = call.dtype(0);
    for (input, op) in [(1, OpType::Max), (2, OpType::Min)] {
        if call.has(input) {
            let bound = call.value(input).and_then(|bound| bound.single().cloned()).unwrap_or(Item::Unknown);
            value = value.map(|item| settle(two(&op, item, &bound, dtype, false), dtype));
        }
    }
    call.hold(0, value);
    Ok(())
}

fn choose(call: &mut Call<'_, '_>) -> Outcome {
    let dims = dims::broadcast(call.shape(0)?, call.shape(1)?)?;
    let dims = dims::broadcast(&dims, call.shape(2)?)?;
    call.shaped(0, dims.clone())?;
    let (Some(condition), Some(yes), Some(no)) = (call.value(0), call.value(1), call.value(2)) else { return Ok(()) };
    let Some(dims) = dims.iter().map(Dim::known).collect() else { return Ok(()) };
    let taken = Elements::build(dims, |at| {
        let (yes, no) = (yes.broadcast_get(at)?, no.broadcast_get(at)?);
        Some(match condition.broadcast_get(at)? {
            Item::Int(0) => no.clone(),
            Item::Int(_) => yes.clone(),
            _ if yes == no => yes.clone(),
            _ => Item::Unknown,
        })
    });
    if let Some(taken) = taken {
        call.hold(0, taken);
    }
    Ok(())
}

fn cast(call: &mut Call<'_, '_>) -> Outcome {
    let to = if call.opset < 6 && matches!(call.node.op, OpType::Cast) {
        call.str("to").and_then(by_old_name)
    } else {
        call.dtype_attribute("to")
    };
    cast_to(call, to)
}

/// How `Cast` named types before opset 6.
fn by_old_name(name: &str) -> Option<DType> {
    super::dtype::from_type_string(&format!("tensor({})", name.to_ascii_lowercase()))
}

fn cast_like(call: &mut Call<'_, '_>) -> Outcome {
    let to = call.dtype(1);
    cast_to(call, to)
}

fn cast_to(call: &mut Call<'_, '_>, to: Option<DType>) -> Outcome {
    call.typed(0, to);
    call.like(0, 0)?;
    if matches!(call.node.op, OpType::BitCast) {
        return Ok(());
    }
    if let (Some(value), Some(to), Some(from)) = (call.value(0), to, call.dtype(0)) {
        call.hold(0, value.map(|item| settle(convert(item, from, to), Some(to))));
    }
    Ok(())
}
