//! What is certain of the number that an expression comes to.

use crate::ir::expr::{Atom, Expr, Function};

/// From, to; `None` where there is no end that is known. Both count.
type Range = (Option<i64>, Option<i64>);

impl Expr {
    /// The least that it can be, so far as that is seen: no symbol is below zero.
    pub fn least(&self) -> Option<i64> {
        self.range().0
    }

    /// The most that it can be, so far as that is seen.
    pub fn most(&self) -> Option<i64> {
        self.range().1
    }

    /// True if it is certain that the number is at least `other`'s.
    pub fn at_least(&self, other: &Self) -> bool {
        self.minus(other).and_then(|difference| difference.least()).is_some_and(|least| least >= 0)
    }

    /// True if it is certain that the number is above `other`'s.
    pub fn above(&self, other: &Self) -> bool {
        self.minus(other).and_then(|difference| difference.least()).is_some_and(|least| least > 0)
    }

    /// Whether the two are equal, where that is certain.
    pub fn equals(&self, other: &Self) -> Option<bool> {
        if self == other {
            return Some(true);
        }
        (self.above(other) || other.above(self)).then_some(false)
    }

    fn range(&self) -> Range {
        let mut sum: Range = (Some(0), Some(0));
        for term in &self.terms {
            // A product of numbers that are not below zero has its ends where the factors have theirs.
            let mut product: Range = (Some(1), Some(1));
            for atom in &term.factors {
                let (least, most) = atom.range();
                if least.is_none_or(|least| least < 0) {
                    product = (None, None);
                    break;
                }
                product = (both(product.0, least, i64::checked_mul), both(product.1, most, i64::checked_mul));
            }
            let scaled = |end: Option<i64>| end.and_then(|end| end.checked_mul(term.coefficient));
            let (least, most) = (scaled(product.0), scaled(product.1));
            let (least, most) = if term.coefficient < 0 { (most, least) } else { (least, most) };
            sum = (both(sum.0, least, i64::checked_add), both(sum.1, most, i64::checked_add));
        }
        sum
    }
}

impl Atom {
    fn range(&self) -> Range {
        let Self::Call(function, arguments) = self else { return (Some(0), None) };
        let ranges: Vec<Range> = arguments.iter().map(Expr::range).collect();
        let mut least = ranges.iter().map(|range| range.0);
        let mut most = ranges.iter().map(|range| range.1);
        match function {
            Function::Max => (least.flatten().max(), most.try_fold(i64::MIN, |all, end| Some(all.max(end?)))),
            Function::Min => (least.try_fold(i64::MAX, |all, end| Some(all.min(end?))), most.flatten().min()),
            // One of the two, whichever.
            Function::Broadcast => (
                least.try_fold(i64::MAX, |all, end| Some(all.min(end?))),
                most.try_fold(i64::MIN, |all, end| Some(all.max(end?))),
            ),
            Function::Floor | Function::Trunc => match ranges.as_slice() {
                [(Some(low), high), (Some(least), most)] if *low >= 0 && *least >= 1 => {
                    (most.map_or(Some(0), |most| low.checked_div(most)), high.and_then(|high| high.checked_div(*least)))
                }
                _ => (None, None),
            },
        }
    }
}

fn both(a: Option<i64>, b: Option<i64>, f: impl Fn(i64, i64) -> Option<i64>) -> Option<i64> {
    f(a?, b?)
}
