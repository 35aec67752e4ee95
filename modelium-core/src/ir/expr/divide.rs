//! Quotients: exact where the polynomials say so, else rounded, with all that can be pulled out pulled out.

use crate::ir::expr::{Atom, Expr, Function, Term};

/// Steps of one long division.
const MOST_STEPS: usize = 128;

/// How a quotient becomes whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// As `//` of Python.
    Down,
    /// As `/` of C, and so of the operator `Div` on integers.
    ToZero,
}

/// `floor(a / b)`; `None` for `b = 0` and on overflow.
pub(super) fn floored(a: i64, b: i64) -> Option<i64> {
    let (quotient, rest) = (a.checked_div(b)?, a.checked_rem(b)?);
    if rest != 0 && (rest < 0) != (b < 0) { quotient.checked_sub(1) } else { Some(quotient) }
}

impl Expr {
    /// The quotient by a number that is not zero: an expression that is zero for some sizes divides at none of them.
    ///
    /// `None` by zero, and where it has no expression of bounded size.
    pub fn divided(&self, by: &Self, rounding: Rounding) -> Option<Self> {
        if let Some(divisor) = by.to_constant() {
            return self.divided_by_number(divisor, rounding);
        }
        let (numerator, by) = self.reduced(by);
        if let Some(divisor) = by.to_constant() {
            return numerator.divided_by_number(divisor, rounding);
        }
        let (quotient, rest) = numerator.long_division(&by)?;
        if rest.terms.is_empty() {
            return Some(quotient);
        }
        let positive = |expr: &Self| expr.least().is_some_and(|least| least >= 0);
        if rounding == Rounding::ToZero && !(positive(&numerator) && positive(&by)) {
            return Self::call(Function::Trunc, vec![numerator, by]);
        }
        // Rounding down commutes with whole numbers.
        let rounded = match rest.most() {
            Some(most) if positive(&rest) && by.least().is_some_and(|least| least > most) => Self::default(),
            _ => Self::call(Function::Floor, vec![rest, by])?,
        };
        quotient.plus(&rounded)
    }

    /// The quotient, if the polynomials divide without a rest.
    pub fn divided_exactly(&self, by: &Self) -> Option<Self> {
        let (quotient, rest) = self.long_division(by)?;
        rest.terms.is_empty().then_some(quotient)
    }

    /// What is left over; `ToZero` has the sign of the dividend, `Down` that of the divisor.
    pub fn rest(&self, by: &Self, rounding: Rounding) -> Option<Self> {
        self.minus(&self.divided(by, rounding)?.times(by)?)
    }

    /// The quotient by a number above zero, rounded up.
    pub fn divided_up(&self, by: i64) -> Option<Self> {
        self.shifted(by.checked_sub(1).filter(|&up| up >= 0)?)?.divided_by_number(by, Rounding::Down)
    }

    fn divided_by_number(&self, by: i64, rounding: Rounding) -> Option<Self> {
        if by < 0 {
            return self.scaled(-1)?.divided_by_number(by.checked_neg()?, rounding);
        }
        if by < 2 {
            return (by == 1).then(|| self.clone());
        }
        if let Some(number) = self.to_constant() {
            let quotient = if rounding == Rounding::Down { floored(number, by) } else { number.checked_div(by) };
            return quotient.map(Self::constant);
        }
        if self.terms.iter().all(|term| term.coefficient % by == 0) {
            let divide = |term: &Term| Term { coefficient: term.coefficient / by, factors: term.factors.clone() };
            return Some(Self { terms: self.terms.iter().map(divide).collect() });
        }
        if rounding == Rounding::ToZero && self.least().is_none_or(|least| least < 0) {
            return Self::call(Function::Trunc, vec![self.clone(), Self::constant(by)]);
        }
        self.floored_by(by)
    }

    /// `floor(self / by)` of a positive number: what is a multiple of `by` is pulled out, so that the coefficients that
    /// stay lie from 0 to `by - 1`.
    fn floored_by(&self, by: i64) -> Option<Self> {
        let (mut outside, mut inside) = (Vec::new(), Vec::new());
        for Term { coefficient, factors } in &self.terms {
            let part = |coefficient| Term { coefficient, factors: factors.clone() };
            outside.push(part(floored(*coefficient, by)?));
            inside.push(part(coefficient.checked_rem_euclid(by)?));
        }
        let (outside, mut inside) = (Self::of_terms(outside)?, Self::of_terms(inside)?);
        // What all parts but the constant share with the divisor cancels out: of the constant, the rest does not matter.
        let products = inside.terms.iter().filter(|term| !term.factors.is_empty());
        let shared = products.fold(by, |shared, term| gcd(shared, term.coefficient));
        for term in &mut inside.terms {
            term.coefficient = floored(term.coefficient, shared)?;
        }
        inside.terms.retain(|term| term.coefficient != 0);
        let by = by / shared;
        if let Some((numerator, inner, offset)) = inside.floor_and_offset() {
            // A quotient of a quotient: once by the product.
            let numerator = numerator.shifted(offset.checked_mul(inner)?)?;
            return outside.plus(&numerator.divided_by_number(inner.checked_mul(by)?, Rounding::Down)?);
        }
        let rounded = match (inside.least(), inside.most()) {
            _ if by == 1 => inside,
            (Some(0..), Some(most)) if most < by => Self::default(),
            _ => Self::call(Function::Floor, vec![inside, Self::constant(by)])?,
        };
        outside.plus(&rounded)
    }

    /// Numerator, divisor and offset of `floor(numerator / divisor) + offset`, if that is all.
    fn floor_and_offset(&self) -> Option<(&Self, i64, i64)> {
        let (first, offset) = match self.terms.as_slice() {
            [first] => (first, 0),
            [first, last] if last.factors.is_empty() => (first, last.coefficient),
            _ => return None,
        };
        match (first.coefficient, first.factors.as_slice()) {
            (1, [Atom::Call(Function::Floor, arguments)]) => {
                let [numerator, by] = &**arguments else { return None };
                Some((numerator, by.to_constant().filter(|&by| by > 0)?, offset))
            }
            _ => None,
        }
    }

    /// Numerator and divisor without the factors that all terms of both share.
    fn reduced(&self, by: &Self) -> (Self, Self) {
        let all = || self.terms.iter().chain(&by.terms);
        let number = all().fold(0, |shared, term| gcd(shared, term.coefficient)).max(1);
        let mut shared = by.terms.first().map(|term| term.factors.clone()).unwrap_or_default();
        for term in all() {
            let mut left = term.factors.clone();
            shared.retain(|atom| left.iter().position(|other| other == atom).map(|at| left.remove(at)).is_some());
        }
        let without = |expr: &Self| {
            let divide = |term: &Term| Term {
                coefficient: term.coefficient / number,
                factors: missing(&term.factors, &shared).unwrap_or_default(),
            };
            Self { terms: expr.terms.iter().map(divide).collect() }
        };
        (without(self), without(by))
    }

    /// Quotient and rest of polynomials; the rest has no term that the divisor's first term divides.
    fn long_division(&self, by: &Self) -> Option<(Self, Self)> {
        let leading = by.terms.first()?;
        let (mut left, mut quotient, mut rest) = (self.clone(), Vec::new(), Vec::new());
        for _ in 0..MOST_STEPS {
            let Some(first) = left.terms.first() else {
                return Some((Self::of_terms(quotient)?, Self::of_terms(rest)?));
            };
            let factors = missing(&first.factors, &leading.factors)
                .filter(|_| first.coefficient.checked_rem(leading.coefficient) == Some(0));
            match factors {
                Some(factors) => {
                    let step = Term { coefficient: first.coefficient.checked_div(leading.coefficient)?, factors };
                    left = left.minus(&by.times(&Self { terms: vec![step.clone()] })?)?;
                    quotient.push(step);
                }
                None => rest.push(left.terms.remove(0)),
            }
        }
        None
    }
}

/// The factors that are left of `all` without `gone`; `None` unless each of those is there.
fn missing(all: &[Atom], gone: &[Atom]) -> Option<Vec<Atom>> {
    let mut left = all.to_vec();
    for atom in gone {
        let at = left.iter().position(|other| other == atom)?;
        left.remove(at);
    }
    Some(left)
}

/// The greatest common divisor; not below zero, and of 0 and 0 it is 0.
fn gcd(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i64::try_from(a).unwrap_or(1)
}
