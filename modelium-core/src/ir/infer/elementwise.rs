//! Operators that work element by element: unary, broadcasting, casts, activations.

use crate::ir::infer::call::{Call, Outcome, Rule};
use crate::ir::infer::dims;
use crate::ir::infer::value::{Elements, Item, is_float};
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
        | OpType::Clip
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
        | OpType::Relu
        | OpType::ReverseSequence
        | OpType::RotaryEmbedding
        | OpType::Scatter
        | OpType::ScatterElements
        | OpType::ScatterND
        | OpType::Selu
        | OpType::Shrink
        | OpType::Sigmoid
        | OpType::Sign
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
        | OpType::Round
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
    let dtype = dtype.filter(|_| !compares);
    if let Some(value) = Elements::zip(&a, &b, |a, b| settle(two(op, a, b, fmod), dtype)) {
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
        let Some(zipped) = Elements::zip(&folded, &next, |a, b| settle(two(op, a, b, false), dtype)) else {
            return Ok(());
        };
        folded = zipped;
    }
    call.hold(0, folded);
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

/// An element in another type. A symbol stays one: it is a whole number in each of them.
#[expect(clippy::cast_precision_loss, reason = "what a cast to float does")]
#[expect(clippy::cast_possible_truncation, reason = "in range, as checked")]
fn convert(item: &Item, from: DType, to: DType) -> Item {
    match item {
        _ if to == DType::Bool => match item {
            Item::Int(value) => Item::Int((*value != 0).into()),
            Item::Float(value) => Item::Int((*value != 0.0).into()),
            _ => Item::Unknown,
        },
        Item::Int(value) if is_float(to) => Item::Float(*value as f64),
        Item::Float(value) if !is_float(to) => {
            let whole = value.trunc();
            if whole.abs() < 9.0e15 { Item::Int(whole as i64) } else { Item::Unknown }
        }
        Item::Symbol(_) if from == DType::Bool => Item::Unknown,
        item => item.clone(),
    }
}

/// An element as its type holds it: floats rounded, integers out of range not known.
#[expect(clippy::cast_possible_truncation, reason = "the rounding that is wanted")]
pub(super) fn settle(item: Item, dtype: Option<DType>) -> Item {
    match (item, dtype) {
        (Item::Float(value), Some(DType::Float32)) => Item::Float(f64::from(value as f32)),
        (Item::Float(value), Some(DType::Float64)) => Item::Float(value),
        (Item::Float(_), _) => Item::Unknown,
        (Item::Int(value), Some(dtype)) => {
            let fits = match dtype {
                DType::Int8 => i8::try_from(value).is_ok(),
                DType::Int16 => i16::try_from(value).is_ok(),
                DType::Int32 => i32::try_from(value).is_ok(),
                DType::Uint8 => u8::try_from(value).is_ok(),
                DType::Uint16 => u16::try_from(value).is_ok(),
                DType::Uint32 => u32::try_from(value).is_ok(),
                DType::Uint64 => value >= 0,
                DType::Int64 => true,
                DType::Bool => value == 0 || value == 1,
                _ => false,
            };
            if fits { Item::Int(value) } else { Item::Unknown }
        }
        (item, _) => item,
    }
}

fn one(op: &OpType, item: &Item) -> Item {
    match (op, item) {
        (OpType::Abs | OpType::Ceil | OpType::Floor | OpType::Round, Item::Symbol(_)) => item.clone(),
        (OpType::Neg, Item::Int(value)) => value.checked_neg().map_or(Item::Unknown, Item::Int),
        (OpType::Abs, Item::Int(value)) => value.checked_abs().map_or(Item::Unknown, Item::Int),
        (OpType::Not, Item::Int(value)) => Item::Int((*value == 0).into()),
        (OpType::Neg, Item::Float(value)) => Item::Float(-value),
        (OpType::Abs, Item::Float(value)) => Item::Float(value.abs()),
        (OpType::Ceil, Item::Float(value)) => Item::Float(value.ceil()),
        (OpType::Floor, Item::Float(value)) => Item::Float(value.floor()),
        (OpType::Round, Item::Float(value)) => Item::Float(value.round_ties_even()),
        (OpType::Sqrt, Item::Float(value)) => Item::Float(value.sqrt()),
        (OpType::Reciprocal, Item::Float(value)) => Item::Float(1.0 / value),
        _ => Item::Unknown,
    }
}

fn two(op: &OpType, a: &Item, b: &Item, fmod: bool) -> Item {
    match (a, b) {
        (Item::Int(a), Item::Int(b)) => two_ints(op, *a, *b, fmod),
        (Item::Float(a), Item::Float(b)) => two_floats(op, *a, *b),
        _ => with_symbol(op, a, b),
    }
}

fn two_ints(op: &OpType, a: i64, b: i64, fmod: bool) -> Item {
    let truth = |value: bool| Some(i64::from(value));
    let value = match op {
        OpType::Add | OpType::Sum => a.checked_add(b),
        OpType::Sub => a.checked_sub(b),
        OpType::Mul => a.checked_mul(b),
        OpType::Div => a.checked_div(b),
        OpType::Mod if fmod => a.checked_rem(b),
        // The sign of the divisor, as in Python.
        OpType::Mod => a.checked_rem(b).map(|rest| if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }),
        OpType::Pow => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
        OpType::Max => Some(a.max(b)),
        OpType::Min => Some(a.min(b)),
        OpType::Equal => truth(a == b),
        OpType::Greater => truth(a > b),
        OpType::GreaterOrEqual => truth(a >= b),
        OpType::Less => truth(a < b),
        OpType::LessOrEqual => truth(a <= b),
        OpType::And => truth(a != 0 && b != 0),
        OpType::Or => truth(a != 0 || b != 0),
        OpType::Xor => truth((a != 0) != (b != 0)),
        _ => None,
    };
    value.map_or(Item::Unknown, Item::Int)
}

#[expect(clippy::float_cmp, reason = "the operator Equal")]
fn two_floats(op: &OpType, a: f64, b: f64) -> Item {
    let truth = |value: bool| Item::Int(value.into());
    match op {
        OpType::Add | OpType::Sum => Item::Float(a + b),
        OpType::Sub => Item::Float(a - b),
        OpType::Mul => Item::Float(a * b),
        OpType::Div => Item::Float(a / b),
        OpType::Max => Item::Float(a.max(b)),
        OpType::Min => Item::Float(a.min(b)),
        OpType::Equal => truth(a == b),
        OpType::Greater => truth(a > b),
        OpType::GreaterOrEqual => truth(a >= b),
        OpType::Less => truth(a < b),
        OpType::LessOrEqual => truth(a <= b),
        _ => Item::Unknown,
    }
}

/// What holds of a symbol whatever number it stands for, so long as that is not below zero.
#[expect(clippy::match_same_arms, reason = "one law of arithmetic a line")]
#[expect(clippy::float_cmp, reason = "neutral elements are exact")]
fn with_symbol(op: &OpType, a: &Item, b: &Item) -> Item {
    let is = |item: &Item, number: i32| match item {
        Item::Int(value) => *value == i64::from(number),
        Item::Float(value) => *value == f64::from(number),
        _ => false,
    };
    let symbol = |item: &Item| matches!(item, Item::Symbol(_));
    let below_zero = |item: &Item| item.float().is_some_and(|value| value < 0.0);
    match op {
        OpType::Add | OpType::Sum if is(b, 0) => a.clone(),
        OpType::Add | OpType::Sum if is(a, 0) => b.clone(),
        OpType::Sub if is(b, 0) => a.clone(),
        OpType::Sub if a == b && symbol(a) => Item::Int(0),
        OpType::Mul if is(b, 1) => a.clone(),
        OpType::Mul if is(a, 1) => b.clone(),
        OpType::Mul if is(a, 0) && symbol(b) || is(b, 0) && symbol(a) => Item::Int(0),
        OpType::Div if is(b, 1) => a.clone(),
        OpType::Max if a == b || below_zero(b) && symbol(a) || is(b, 0) && symbol(a) => a.clone(),
        OpType::Max if below_zero(a) && symbol(b) || is(a, 0) && symbol(b) => b.clone(),
        OpType::Min if a == b => a.clone(),
        OpType::Equal if symbol(a) && a == b => Item::Int(1),
        OpType::Equal if symbol(a) && below_zero(b) || symbol(b) && below_zero(a) => Item::Int(0),
        OpType::Greater | OpType::GreaterOrEqual if symbol(a) && below_zero(b) => Item::Int(1),
        OpType::Less | OpType::LessOrEqual if symbol(a) && below_zero(b) => Item::Int(0),
        OpType::GreaterOrEqual if symbol(a) && is(b, 0) => Item::Int(1),
        OpType::Less if symbol(a) && is(b, 0) => Item::Int(0),
        _ => Item::Unknown,
    }
}
