//! Arithmetic on one element: numbers as runtimes compute them, symbols by the laws that hold of every size.

use std::sync::Arc;

use crate::ir::expr::{Expr, Rounding};
use crate::ir::infer::value::{Item, is_float};
use crate::ir::schema::OpType;
use crate::tensor::DType;

/// The largest power of two that a factor such as 0.375 is made whole by.
const MOST_HALVINGS: u32 = 16;

/// Whole numbers up to here are exact in single precision, as sizes are taken to be.
const MOST_WHOLE: f64 = 16_777_216.0;

/// An element in another type. What is whole stays what it is: so it is in each type that can hold sizes.
#[expect(clippy::cast_precision_loss, reason = "what a cast to float does")]
#[expect(clippy::cast_possible_truncation, reason = "in range, as checked")]
pub(super) fn convert(item: &Item, from: DType, to: DType) -> Item {
    match item {
        _ if to == DType::Bool => truth(holds(item)),
        Item::Int(value) if is_float(to) => Item::Float(*value as f64),
        Item::Float(value) if !is_float(to) => {
            let whole = value.trunc();
            if whole.abs() < 9.0e15 { Item::Int(whole as i64) } else { Item::Unknown }
        }
        Item::Ratio(ratio) if !is_float(to) => {
            Item::from_expr(ratio.0.divided(&Expr::constant(ratio.1), Rounding::ToZero))
        }
        Item::Symbol(_) | Item::Expr(_) if from == DType::Bool => Item::Unknown,
        item => item.clone(),
    }
}

/// Whether an element is other than zero.
fn holds(item: &Item) -> Option<bool> {
    match item {
        Item::Int(value) => Some(*value != 0),
        Item::Float(value) => Some(*value != 0.0),
        Item::Ratio(ratio) => ratio.0.equals(&Expr::default()).map(|zero| !zero),
        _ => item.expr()?.equals(&Expr::default()).map(|zero| !zero),
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
        // A size is taken to fit 32 bits and the digits of a float, not fewer; one below zero fits no unsigned type.
        (item @ (Item::Symbol(_) | Item::Expr(_) | Item::Ratio(_)), Some(dtype)) => match dtype {
            DType::Int32 | DType::Int64 | DType::Float32 | DType::Float64 => item,
            DType::Uint32 | DType::Uint64 if item.expr().and_then(|expr| expr.least()).is_some_and(|it| it >= 0) => {
                item
            }
            _ => Item::Unknown,
        },
        (item, _) => item,
    }
}

/// An operator on one element.
pub(super) fn one(op: &OpType, item: &Item) -> Item {
    match (op, item) {
        (OpType::Neg, Item::Float(value)) => Item::Float(-value),
        (OpType::Abs, Item::Float(value)) => Item::Float(value.abs()),
        (OpType::Ceil, Item::Float(value)) => Item::Float(value.ceil()),
        (OpType::Floor, Item::Float(value)) => Item::Float(value.floor()),
        (OpType::Round, Item::Float(value)) => Item::Float(value.round_ties_even()),
        (OpType::Sqrt, Item::Float(value)) => Item::Float(value.sqrt()),
        (OpType::Reciprocal, Item::Float(value)) => Item::Float(1.0 / value),
        (OpType::Relu, Item::Float(value)) => Item::Float(value.max(0.0)),
        (OpType::Not, item) => truth(holds(item).map(|holds| !holds)),
        (OpType::Ceil, Item::Ratio(ratio)) => Item::from_expr(ratio.0.divided_up(ratio.1)),
        (OpType::Floor, Item::Ratio(ratio)) => {
            Item::from_expr(ratio.0.divided(&Expr::constant(ratio.1), Rounding::Down))
        }
        (OpType::Neg, Item::Ratio(ratio)) => {
            ratio.0.scaled(-1).map_or(Item::Unknown, |above| Item::ratio(above, ratio.1))
        }
        (_, Item::Int(_) | Item::Symbol(_) | Item::Expr(_)) => whole_one(op, item).unwrap_or(Item::Unknown),
        _ => Item::Unknown,
    }
}

fn whole_one(op: &OpType, item: &Item) -> Option<Item> {
    match op {
        OpType::Ceil | OpType::Floor | OpType::Round => Some(item.clone()),
        OpType::Neg => Some(Item::from_expr(item.expr()?.scaled(-1))),
        OpType::Abs => {
            let expr = item.expr()?;
            let negative = expr.scaled(-1)?;
            Some(Item::from_expr(Expr::largest(vec![expr, negative])))
        }
        OpType::Relu => Some(Item::from_expr(Expr::largest(vec![item.expr()?, Expr::default()]))),
        OpType::Sign => match (item.expr()?.least(), item.expr()?.most()) {
            (Some(1..), _) => Some(Item::Int(1)),
            (_, Some(..0)) => Some(Item::Int(-1)),
            (Some(0), Some(0)) => Some(Item::Int(0)),
            _ => None,
        },
        _ => None,
    }
}

/// An operator on two elements of a type; `fmod` is the attribute of `Mod`.
pub(super) fn two(op: &OpType, a: &Item, b: &Item, dtype: Option<DType>, fmod: bool) -> Item {
    match (a, b) {
        (Item::Int(a), Item::Int(b)) => two_ints(op, *a, *b, fmod),
        (Item::Float(a), Item::Float(b)) => two_floats(op, *a, *b),
        _ if matches!(op, OpType::And | OpType::Or | OpType::Xor) => truth(two_truths(op, holds(a), holds(b))),
        (Item::Unknown, _) | (_, Item::Unknown) => Item::Unknown,
        _ if dtype.is_some_and(is_float) => fractions(op, a, b).unwrap_or(Item::Unknown),
        _ if dtype.is_some() => wholes(op, a, b, fmod).unwrap_or(Item::Unknown),
        _ => Item::Unknown,
    }
}

fn truth(value: Option<bool>) -> Item {
    value.map_or(Item::Unknown, |value| Item::Int(value.into()))
}

fn two_truths(op: &OpType, a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match op {
        OpType::And if a == Some(false) || b == Some(false) => Some(false),
        OpType::Or if a == Some(true) || b == Some(true) => Some(true),
        OpType::And => Some(a? && b?),
        OpType::Or => Some(a? || b?),
        _ => Some(a? != b?),
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

/// Two whole numbers, one of them an expression at least.
fn wholes(op: &OpType, a: &Item, b: &Item, fmod: bool) -> Option<Item> {
    let (a, b) = (a.expr()?, b.expr()?);
    let rounding = if fmod { Rounding::ToZero } else { Rounding::Down };
    let expr = match op {
        OpType::Add | OpType::Sum => a.plus(&b),
        OpType::Sub => a.minus(&b),
        OpType::Mul => a.times(&b),
        OpType::Div => a.divided(&b, Rounding::ToZero),
        OpType::Mod => a.rest(&b, rounding),
        OpType::Max => Expr::largest(vec![a, b]),
        OpType::Min => Expr::smallest(vec![a, b]),
        OpType::Pow => {
            let exponent = b.to_constant().filter(|exponent| (0..=8).contains(exponent))?;
            (0..exponent).try_fold(Expr::constant(1), |product, _| product.times(&a))
        }
        _ => return Some(truth(compared(op, &a, &b))),
    };
    Some(Item::from_expr(expr))
}

fn compared(op: &OpType, a: &Expr, b: &Expr) -> Option<bool> {
    let certain = |yes: bool, no: bool| if yes { Some(true) } else { no.then_some(false) };
    match op {
        OpType::Equal => a.equals(b),
        OpType::Greater => certain(a.above(b), b.at_least(a)),
        OpType::GreaterOrEqual => certain(a.at_least(b), b.above(a)),
        OpType::Less => certain(b.above(a), a.at_least(b)),
        OpType::LessOrEqual => certain(b.at_least(a), a.above(b)),
        _ => None,
    }
}

/// Two floats, one of them an expression at least. What a size is divided by or scaled by stays exact.
fn fractions(op: &OpType, a: &Item, b: &Item) -> Option<Item> {
    let (above, below) = fraction(a)?;
    let (other, other_below) = fraction(b)?;
    // On one divisor.
    let (x, y) = (above.scaled(other_below)?, other.scaled(below)?);
    let common = below.checked_mul(other_below)?;
    let (above, below) = match op {
        OpType::Add | OpType::Sum => (x.plus(&y)?, common),
        OpType::Sub => (x.minus(&y)?, common),
        OpType::Mul => (above.times(&other)?, common),
        OpType::Div => match y.to_constant() {
            Some(0) => return None,
            Some(by) if by < 0 => (x.scaled(-1)?, by.checked_neg()?),
            Some(by) => (x, by),
            // A size by itself is NaN for a size of zero, and no run comes that far.
            None => (x.divided_exactly(&y)?, 1),
        },
        OpType::Max => (Expr::largest(vec![x, y])?, common),
        OpType::Min => (Expr::smallest(vec![x, y])?, common),
        _ => return Some(truth(compared(op, &x, &y))),
    };
    Some(Item::ratio(above, below))
}

/// Numerator and divisor, which is above zero; `None` for what is neither a size nor a float of few digits.
#[expect(clippy::cast_possible_truncation, reason = "in range, as checked")]
fn fraction(item: &Item) -> Option<(Expr, i64)> {
    match item {
        Item::Ratio(ratio) => Some((ratio.0.clone(), ratio.1)),
        Item::Float(value) => (0..=MOST_HALVINGS).find_map(|halvings| {
            let below = 1_i64 << halvings;
            let above = value * f64::from(1_u32 << halvings);
            let whole = above.fract() == 0.0 && above.abs() <= MOST_WHOLE;
            whole.then(|| (Expr::constant(above as i64), below))
        }),
        _ => item.expr().map(|expr| (expr, 1)),
    }
}

impl Item {
    /// A quotient of a float type; an expression where it divides without a rest.
    fn ratio(above: Expr, below: i64) -> Self {
        match above.divided_exactly(&Expr::constant(below)) {
            Some(whole) => match whole.to_constant() {
                #[expect(clippy::cast_precision_loss, reason = "a number of few digits")]
                Some(number) => Self::Float(number as f64),
                None => Self::from_expr(Some(whole)),
            },
            None => match above.to_constant() {
                #[expect(clippy::cast_precision_loss, reason = "numbers of few digits")]
                Some(number) => Self::Float(number as f64 / below as f64),
                None => Self::Ratio(Arc::new((above, below))),
            },
        }
    }
}

/// `floor(size · scale)` for a scale of few binary digits.
pub(super) fn scaled_down(size: &Expr, scale: f64) -> Option<Expr> {
    let (above, below) = fraction(&Item::Float(scale))?;
    size.times(&above)?.divided(&Expr::constant(below), Rounding::Down)
}

/// How many numbers there are from `start` to before `limit` in steps of a number: `max(ceil((limit - start)/step), 0)`.
pub(super) fn range_length(start: &Item, limit: &Item, step: &Item) -> Option<Expr> {
    let ((start, a), (limit, b), (step, c)) = (fraction(start)?, fraction(limit)?, fraction(step)?);
    let span = limit.scaled(a)?.minus(&start.scaled(b)?)?.scaled(c)?;
    let step = step.to_constant()?.checked_mul(a)?.checked_mul(b)?;
    let (span, step) = if step < 0 { (span.scaled(-1)?, step.checked_neg()?) } else { (span, step) };
    if step == 0 {
        return None;
    }
    Expr::largest(vec![span.divided_up(step)?, Expr::default()])
}
