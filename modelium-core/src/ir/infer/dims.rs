//! Arithmetic on dimensions that may be numbers, expressions or open. Numbers come from files: nothing here overflows.

use crate::ir::expr::{Expr, Rounding};
use crate::ir::infer::call::Gap;
use crate::ir::types::{Dim, is_placeholder};

/// What two dimensions become side by side in a broadcast.
///
/// A number above one wins over what is not known: at run time that is either the same or one.
fn broadcast_dim(a: &Dim, b: &Dim) -> Result<Dim, Gap> {
    match (a, b) {
        (a, b) if a == b => Ok(a.clone()),
        (Dim::Known(1), other) | (other, Dim::Known(1)) => Ok(other.clone()),
        (Dim::Known(a), Dim::Known(b)) => Err(Gap::conflict(format!("dimensions {a} and {b} do not broadcast"))),
        (Dim::Known(known), _) | (_, Dim::Known(known)) => Ok(Dim::Known(*known)),
        _ => Ok(combined(a, b, Expr::broadcast)),
    }
}

/// The shape of an elementwise operation on two tensors, aligned at the last axis.
pub(super) fn broadcast(a: &[Dim], b: &[Dim]) -> Result<Vec<Dim>, Gap> {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let (head, tail) = long.split_at(long.len() - short.len());
    let mut dims = head.to_vec();
    for (a, b) in tail.iter().zip(short) {
        dims.push(broadcast_dim(a, b)?);
    }
    Ok(dims)
}

/// Two spellings of one dimension: the more precise one.
pub(super) fn same(a: &Dim, b: &Dim) -> Result<Dim, Gap> {
    match (a, b) {
        (Dim::Known(x), Dim::Known(y)) if x != y => {
            Err(Gap::conflict(format!("found dimensions {x} and {y} where they have to be equal")))
        }
        _ => Ok(if rank(a) <= rank(b) { a.clone() } else { b.clone() }),
    }
}

/// How much a spelling says; less is more.
pub(super) fn rank(dim: &Dim) -> u8 {
    match dim {
        Dim::Known(_) => 0,
        Dim::Symbol(name) if is_placeholder(name) => 3,
        Dim::Symbol(_) => 1,
        Dim::Expr(_) => 2,
        Dim::Unknown => 4,
    }
}

/// What holds of both: a dimension where they agree, open where they do not.
pub(super) fn either(a: &Dim, b: &Dim) -> Dim {
    if a == b { a.clone() } else { Dim::Unknown }
}

/// The product of dimensions.
pub(super) fn product<'d>(dims: impl IntoIterator<Item = &'d Dim>) -> Dim {
    dims.into_iter().fold(Dim::Known(1), |product, dim| times(&product, dim))
}

/// An expression of two dimensions; open where one of them is, or where it would grow too large.
fn combined(a: &Dim, b: &Dim, f: impl FnOnce(&Expr, &Expr) -> Option<Expr>) -> Dim {
    a.expr().zip(b.expr()).and_then(|(a, b)| f(&a, &b)).map_or(Dim::Unknown, Dim::from)
}

/// `a · b`.
pub(super) fn times(a: &Dim, b: &Dim) -> Dim {
    match (a, b) {
        (Dim::Known(0), _) | (_, Dim::Known(0)) => Dim::Known(0),
        (Dim::Known(1), other) | (other, Dim::Known(1)) => other.clone(),
        (Dim::Known(a), Dim::Known(b)) => a.checked_mul(*b).map_or(Dim::Unknown, Dim::Known),
        _ => combined(a, b, Expr::times),
    }
}

/// `a + b`.
pub(super) fn plus(a: &Dim, b: &Dim) -> Dim {
    match (a, b) {
        (Dim::Known(0), other) | (other, Dim::Known(0)) => other.clone(),
        (Dim::Known(a), Dim::Known(b)) => a.checked_add(*b).map_or(Dim::Unknown, Dim::Known),
        _ => combined(a, b, Expr::plus),
    }
}

/// `a + by`, open below zero.
pub(super) fn shifted(a: &Dim, by: i64) -> Dim {
    match a {
        _ if by == 0 => a.clone(),
        Dim::Known(a) => a.checked_add_signed(by).map_or(Dim::Unknown, Dim::Known),
        _ => a.expr().and_then(|a| a.shifted(by)).map_or(Dim::Unknown, Dim::from),
    }
}

/// `a / by` where the remainder is zero.
pub(super) fn divided(a: &Dim, by: u64) -> Result<Dim, Gap> {
    match a {
        _ if by == 1 => Ok(a.clone()),
        Dim::Known(a) => match (a.checked_rem(by), a.checked_div(by)) {
            (Some(0), Some(quotient)) => Ok(Dim::Known(quotient)),
            _ => Err(Gap::conflict(format!("{a} is not a multiple of {by}"))),
        },
        _ => Ok(floored(a, by)),
    }
}

/// `floor(a / by)`; open for `by = 0`.
pub(super) fn floored(a: &Dim, by: u64) -> Dim {
    match a {
        Dim::Known(a) => a.checked_div(by).map_or(Dim::Unknown, Dim::Known),
        _ => combined(a, &Dim::Known(by), |a, by| a.divided(by, Rounding::Down)),
    }
}

/// The length that an axis has for the elements of `whole` to fill a shape whose other axes are `others`; open where
/// that cannot be said.
///
/// What has to divide without a rest divides: symbols that both name cancel out, and of the rest the quotient is told.
pub(super) fn remaining<'d>(whole: &[Dim], others: impl Iterator<Item = &'d Dim> + Clone) -> Result<Dim, Gap> {
    let numbers = |product: u128, dim: &Dim| dim.known().map_or(Some(product), |dim| product.checked_mul(dim.into()));
    let (from, to) = (whole.iter().try_fold(1, numbers), others.clone().try_fold(1, numbers));
    let known = |dim: &Dim| dim.known().is_some();
    let (whole_known, others_known) = (whole.iter().all(known), others.clone().all(known));
    match (from, to) {
        (Some(from), Some(to)) if whole_known && others_known && to != 0 => match from % to {
            0 => Ok(u64::try_from(from / to).map_or(Dim::Unknown, Dim::Known)),
            _ => Err(Gap::conflict(format!("{from} elements are no multiple of {to}"))),
        },
        (_, Some(0)) => Ok(Dim::Unknown),
        (Some(0), _) if others_known => Ok(Dim::Known(0)),
        _ => Ok(combined(&product(whole), &product(others), |whole, by| whole.divided(by, Rounding::Down))),
    }
}

/// A dimension from a number that a file gives; open if it is below zero.
pub(super) fn from_i64(dim: i64) -> Dim {
    u64::try_from(dim).map_or(Dim::Unknown, Dim::Known)
}

/// The axis that `axis` means in a tensor of that rank; negative ones count from the end.
pub(super) fn axis(axis: i64, rank: usize) -> Result<usize, Gap> {
    let signed = i64::try_from(rank).map_err(|_| Gap::Open)?;
    let resolved = if axis < 0 { axis.checked_add(signed) } else { Some(axis) };
    resolved
        .and_then(|axis| usize::try_from(axis).ok())
        .filter(|&axis| axis < rank)
        .ok_or_else(|| Gap::conflict(format!("axis {axis} of a tensor of rank {rank}")))
}

/// Several axes, each once.
pub(super) fn axes(given: &[i64], rank: usize) -> Result<Vec<usize>, Gap> {
    let mut seen = vec![false; rank];
    given
        .iter()
        .map(|&raw| {
            let resolved = axis(raw, rank)?;
            if std::mem::replace(&mut seen[resolved], true) {
                return Err(Gap::conflict(format!("axis {raw} is named twice")));
            }
            Ok(resolved)
        })
        .collect()
}

/// A shape of which only the rank is known.
pub(super) fn open(rank: usize) -> Vec<Dim> {
    vec![Dim::Unknown; rank]
}
