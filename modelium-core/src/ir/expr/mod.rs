//! Whole numbers that are not known yet: expressions over named symbols, such as `2*batch + floor(seq/2)`.
//!
//! An [`Expr`] is a polynomial in canonical form: terms, each an integer times a product of *atoms*. An atom is a symbol
//! or what no polynomial says: a quotient rounded, the largest or smallest of several. Canonical means that expressions
//! which are equal as polynomials compare equal, and that as much as possible is pulled out of quotients
//! (`floor((2*a + 3)/2)` is `a + 1`), so that equal sizes of a network's layers are seen to be equal.
//!
//! ```text
//! mod         the form: terms, atoms, sums, products
//! divide      quotients: exact ones, rounded ones, remainders
//! extreme     the largest, the smallest, the two sides of a broadcast
//! bounds      what is certain of the number, given that no symbol is below zero
//! text        as people and exporters write it, and back
//! ```
//!
//! A symbol stands for a dimension: a number from zero to 2⁶³ - 1. Arithmetic is on `i64` and checked; what overflows or
//! grows beyond [`MOST_TERMS`] has no expression, so that a hostile model cannot let one grow.

mod bounds;
mod divide;
mod extreme;
#[cfg(test)]
mod tests;
mod text;

use std::cmp::Ordering;
use std::sync::Arc;

use crate::ir::types::Dim;

pub use divide::Rounding;

/// The most terms of one expression, in all its parts.
const MOST_TERMS: usize = 64;

/// The most atoms in one product.
const MOST_FACTORS: usize = 12;

/// A whole number as an expression over named symbols, in canonical form; see the head of this module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Expr {
    /// The largest product first, the constant last; no two are of the same product and none is zero.
    terms: Vec<Term>,
}

/// An integer times a product.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Term {
    /// Not zero.
    coefficient: i64,
    /// Sorted; an atom to the power of three is there three times.
    factors: Vec<Atom>,
}

/// What products are made of.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Atom {
    /// A dimension that is not known.
    Symbol(Arc<str>),
    /// A function of expressions that is no polynomial.
    Call(Function, Arc<[Expr]>),
}

/// What an atom computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Function {
    /// The quotient of two, rounded down.
    Floor,
    /// The quotient of two, rounded to zero.
    Trunc,
    /// The largest of two or more; sorted, each once.
    Max,
    /// The smallest of two or more; sorted, each once.
    Min,
    /// What two dimensions become side by side: the other where one is 1. Sorted.
    Broadcast,
}

impl Term {
    /// The order of terms: more factors first, then by the factors. It survives multiplication, as division needs.
    fn order(&self, other: &Self) -> Ordering {
        other.factors.len().cmp(&self.factors.len()).then_with(|| self.factors.cmp(&other.factors))
    }

    fn times(&self, other: &Self) -> Option<Self> {
        let coefficient = self.coefficient.checked_mul(other.coefficient)?;
        let mut factors = [self.factors.as_slice(), &other.factors].concat();
        factors.sort_unstable();
        (factors.len() <= MOST_FACTORS).then_some(Self { coefficient, factors })
    }
}

impl PartialOrd for Expr {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// An order for sorting; it says nothing of the numbers.
impl Ord for Expr {
    fn cmp(&self, other: &Self) -> Ordering {
        let pairs = self.terms.iter().zip(&other.terms);
        pairs
            .map(|(a, b)| a.order(b).then(a.coefficient.cmp(&b.coefficient)))
            .find(|order| order.is_ne())
            .unwrap_or_else(|| other.terms.len().cmp(&self.terms.len()))
    }
}

impl Expr {
    /// A number.
    pub fn constant(value: i64) -> Self {
        let terms = if value == 0 { Vec::new() } else { vec![Term { coefficient: value, factors: Vec::new() }] };
        Self { terms }
    }

    /// A symbol.
    pub fn symbol(name: Arc<str>) -> Self {
        Self::atom(Atom::Symbol(name))
    }

    fn atom(atom: Atom) -> Self {
        Self { terms: vec![Term { coefficient: 1, factors: vec![atom] }] }
    }

    fn call(function: Function, arguments: Vec<Self>) -> Option<Self> {
        let size = arguments.iter().fold(1_usize, |size, argument| size.saturating_add(argument.size()));
        (size <= MOST_TERMS).then(|| Self::atom(Atom::Call(function, arguments.into())))
    }

    /// Expressions from terms in any order; `None` where numbers overflow or there are too many.
    fn of_terms(mut terms: Vec<Term>) -> Option<Self> {
        terms.sort_by(Term::order);
        let mut merged: Vec<Term> = Vec::with_capacity(terms.len());
        for term in terms {
            match merged.last_mut().filter(|last| last.factors == term.factors) {
                Some(last) => last.coefficient = last.coefficient.checked_add(term.coefficient)?,
                None => merged.push(term),
            }
        }
        merged.retain(|term| term.coefficient != 0);
        let sum = Self { terms: merged };
        (sum.size() <= MOST_TERMS).then_some(sum)
    }

    /// Terms, those inside of functions included: what it costs to hold.
    pub(in crate::ir) fn size(&self) -> usize {
        let parts = self.terms.iter().flat_map(|term| &term.factors).map(|atom| match atom {
            Atom::Symbol(_) => 0,
            Atom::Call(_, arguments) => arguments.iter().map(Self::size).sum(),
        });
        parts.sum::<usize>() + self.terms.len()
    }

    /// The number, if it is known.
    pub fn to_constant(&self) -> Option<i64> {
        match self.terms.as_slice() {
            [] => Some(0),
            [Term { coefficient, factors }] if factors.is_empty() => Some(*coefficient),
            _ => None,
        }
    }

    /// The name, if it is a symbol and nothing more.
    pub fn to_symbol(&self) -> Option<&Arc<str>> {
        match self.terms.as_slice() {
            [Term { coefficient: 1, factors }] => match factors.as_slice() {
                [Atom::Symbol(name)] => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    /// The sum; `None` where it has no expression of bounded size.
    pub fn plus(&self, other: &Self) -> Option<Self> {
        Self::of_terms([self.terms.as_slice(), &other.terms].concat())
    }

    /// The difference; `None` where it has no expression of bounded size.
    pub fn minus(&self, other: &Self) -> Option<Self> {
        self.plus(&other.scaled(-1)?)
    }

    /// The product; `None` where it has no expression of bounded size.
    pub fn times(&self, other: &Self) -> Option<Self> {
        if self.terms.len().saturating_mul(other.terms.len()) > MOST_TERMS * 4 {
            return None;
        }
        let pairs = self.terms.iter().flat_map(|a| other.terms.iter().map(move |b| a.times(b)));
        Self::of_terms(pairs.collect::<Option<Vec<_>>>()?)
    }

    /// So many times the expression; `None` on overflow.
    pub fn scaled(&self, by: i64) -> Option<Self> {
        if by == 0 {
            return Some(Self::default());
        }
        let scale =
            |term: &Term| Some(Term { coefficient: term.coefficient.checked_mul(by)?, factors: term.factors.clone() });
        Some(Self { terms: self.terms.iter().map(scale).collect::<Option<_>>()? })
    }

    /// The sum with a number; `None` on overflow.
    pub fn shifted(&self, by: i64) -> Option<Self> {
        self.plus(&Self::constant(by))
    }

    /// Every symbol in it, more than once where it stands more than once.
    pub fn symbols(&self) -> Vec<&Arc<str>> {
        let atoms = self.terms.iter().flat_map(|term| &term.factors);
        atoms
            .flat_map(|atom| match atom {
                Atom::Symbol(name) => vec![name],
                Atom::Call(_, arguments) => arguments.iter().flat_map(Self::symbols).collect(),
            })
            .collect()
    }

    /// The expression with others in the place of the symbols for which `find` has one.
    ///
    /// `None` where the result has no expression of bounded size, or divides by zero.
    pub fn substituted(&self, find: &dyn Fn(&Arc<str>) -> Option<Self>) -> Option<Self> {
        let mut sum = Self::default();
        for term in &self.terms {
            let mut product = Self::constant(term.coefficient);
            for atom in &term.factors {
                let factor = match atom {
                    Atom::Symbol(name) => find(name).unwrap_or_else(|| Self::symbol(Arc::clone(name))),
                    Atom::Call(function, arguments) => {
                        let arguments = arguments.iter().map(|argument| argument.substituted(find));
                        Self::apply(*function, arguments.collect::<Option<_>>()?)?
                    }
                };
                product = product.times(&factor)?;
            }
            sum = sum.plus(&product)?;
        }
        Some(sum)
    }

    fn apply(function: Function, arguments: Vec<Self>) -> Option<Self> {
        match (function, arguments.as_slice()) {
            (Function::Floor, [a, b]) => a.divided(b, Rounding::Down),
            (Function::Trunc, [a, b]) => a.divided(b, Rounding::ToZero),
            (Function::Broadcast, [a, b]) => a.broadcast(b),
            (Function::Max, _) => Self::largest(arguments),
            (Function::Min, _) => Self::smallest(arguments),
            _ => None,
        }
    }

    /// The number that it comes to; `None` if a symbol has none, on overflow and on a division by zero.
    pub fn evaluate(&self, find: &dyn Fn(&str) -> Option<i64>) -> Option<i64> {
        self.terms.iter().try_fold(0_i64, |sum, term| {
            let product = term.factors.iter().try_fold(term.coefficient, |product, atom| {
                product.checked_mul(match atom {
                    Atom::Symbol(name) => find(name)?,
                    Atom::Call(function, arguments) => {
                        let numbers = arguments.iter().map(|argument| argument.evaluate(find));
                        function.evaluate(&numbers.collect::<Option<Vec<_>>>()?)?
                    }
                })
            })?;
            sum.checked_add(product)
        })
    }
}

impl Function {
    fn evaluate(self, numbers: &[i64]) -> Option<i64> {
        match (self, numbers) {
            (Self::Floor, [a, b]) => divide::floored(*a, *b),
            (Self::Trunc, [a, b]) => a.checked_div(*b),
            (Self::Max, numbers) => numbers.iter().copied().max(),
            (Self::Min, numbers) => numbers.iter().copied().min(),
            (Self::Broadcast, [1, other] | [other, 1]) => Some(*other),
            (Self::Broadcast, [a, b]) if a == b => Some(*a),
            _ => None,
        }
    }
}

/// `None` for a dimension of which nothing is known.
impl Dim {
    /// The dimension as an expression; `None` if nothing is known of it.
    pub fn expr(&self) -> Option<Expr> {
        match self {
            Self::Known(dim) => i64::try_from(*dim).ok().map(Expr::constant),
            Self::Symbol(name) => Some(Expr::symbol(Arc::clone(name))),
            Self::Expr(expr) => Some((**expr).clone()),
            Self::Unknown => None,
        }
    }
}

/// A number below zero is no dimension, and so is not known.
impl From<Expr> for Dim {
    fn from(expr: Expr) -> Self {
        match (expr.to_constant(), expr.to_symbol()) {
            (Some(number), _) => u64::try_from(number).map_or(Self::Unknown, Self::Known),
            (None, Some(name)) => Self::Symbol(Arc::clone(name)),
            (None, None) => Self::Expr(Arc::new(expr)),
        }
    }
}
