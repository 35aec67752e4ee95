//! The largest and the smallest of several numbers, and dimensions side by side in a broadcast.

use crate::ir::expr::{Atom, Expr, Function, Term};

impl Expr {
    /// The largest of them; `None` of none, and where it has no expression of bounded size.
    pub fn largest(all: Vec<Self>) -> Option<Self> {
        Self::extreme(Function::Max, all, Self::at_least)
    }

    /// The smallest of them; `None` of none, and where it has no expression of bounded size.
    pub fn smallest(all: Vec<Self>) -> Option<Self> {
        Self::extreme(Function::Min, all, |a, b| b.at_least(a))
    }

    /// Drops what others certainly beat; `beats` holds of equals too.
    fn extreme(function: Function, all: Vec<Self>, beats: impl Fn(&Self, &Self) -> bool) -> Option<Self> {
        let mut flat = Vec::with_capacity(all.len());
        for expr in all {
            match expr.only_call(function) {
                Some(arguments) => flat.extend(arguments.iter().cloned()),
                None => flat.push(expr),
            }
        }
        let mut kept: Vec<Self> = Vec::with_capacity(flat.len());
        for expr in flat {
            if kept.iter().any(|other| beats(other, &expr)) {
                continue;
            }
            kept.retain(|other| !beats(&expr, other));
            kept.push(expr);
            if kept.len() > 8 {
                return None;
            }
        }
        kept.sort_unstable();
        if kept.len() > 1 { Self::call(function, kept) } else { kept.pop() }
    }

    /// What two dimensions become side by side in a broadcast: the other where one of them is 1.
    ///
    /// `None` where they certainly do not fit each other, or where the result has no expression of bounded size.
    pub fn broadcast(&self, other: &Self) -> Option<Self> {
        let (one, same) = (Self::constant(1), self == other);
        match (self, other) {
            (a, b) if *a == one || same => Some(b.clone()),
            (a, b) if *b == one => Some(a.clone()),
            // Two numbers here are not equal.
            (a, b) if a.to_constant().is_some() && b.to_constant().is_some() => None,
            // The one that is certainly not 1 is the result: the other is the same or 1.
            (a, _) if a.is_certainly_not_one() => Some(a.clone()),
            (_, b) if b.is_certainly_not_one() => Some(b.clone()),
            (a, b) if a.is_cut_of(b) => Some(b.clone()),
            (a, b) if b.is_cut_of(a) => Some(a.clone()),
            (a, b) if b.only_call(Function::Broadcast).is_some_and(|sides| sides.contains(a)) => Some(b.clone()),
            (a, b) if a.only_call(Function::Broadcast).is_some_and(|sides| sides.contains(b)) => Some(a.clone()),
            (a, b) => {
                let mut sides = vec![a.clone(), b.clone()];
                sides.sort_unstable();
                Self::call(Function::Broadcast, sides)
            }
        }
    }

    /// True for the smallest of `whole` and others, none of which is zero: where it is not `whole` it has to be 1, and then
    /// `whole` is the result all the same.
    fn is_cut_of(&self, whole: &Self) -> bool {
        let Some(parts) = self.only_call(Function::Min) else { return false };
        parts.contains(whole) && parts.iter().all(|part| part == whole || part.least().is_some_and(|least| least > 0))
    }

    fn is_certainly_not_one(&self) -> bool {
        self.least().is_some_and(|least| least > 1) || self.most().is_some_and(|most| most < 1)
    }

    /// The arguments, if the expression is a call of that function and nothing more.
    pub(super) fn only_call(&self, function: Function) -> Option<&[Self]> {
        match self.terms.as_slice() {
            [Term { coefficient: 1, factors }] => match factors.as_slice() {
                [Atom::Call(called, arguments)] if *called == function => Some(arguments),
                _ => None,
            },
            _ => None,
        }
    }
}
