//! Expressions as text: as people, sympy and PyTorch write them.

use std::fmt;

use crate::ir::expr::{Atom, Expr, Function, Rounding, Term};

/// The longest text that is read, in bytes.
const MOST_TEXT: usize = 512;

/// The deepest nesting that is read.
const MOST_DEPTH: usize = 16;

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.terms.is_empty() {
            return f.write_str("0");
        }
        let above = self.terms.iter().filter(|term| term.coefficient > 0);
        let below = self.terms.iter().filter(|term| term.coefficient < 0);
        for (index, term) in above.chain(below).enumerate() {
            f.write_str(match (index, term.coefficient > 0) {
                (0, true) => "",
                (0, false) => "-",
                (_, true) => " + ",
                (_, false) => " - ",
            })?;
            term.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Term {
    /// Without the sign.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.coefficient.unsigned_abs();
        if number != 1 || self.factors.is_empty() {
            write!(f, "{number}")?;
        }
        for (index, powers) in self.factors.chunk_by(|a, b| a == b).enumerate() {
            if index > 0 || number != 1 {
                f.write_str("*")?;
            }
            let Some(atom) = powers.first() else { continue };
            atom.fmt(f)?;
            if powers.len() > 1 {
                write!(f, "**{}", powers.len())?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (function, arguments) = match self {
            Self::Symbol(name) => return f.write_str(name),
            Self::Call(function, arguments) => (function, arguments),
        };
        let name = match function {
            Function::Floor => "floor",
            Function::Trunc => "trunc",
            Function::Max => "max",
            Function::Min => "min",
            Function::Broadcast => "broadcast",
        };
        write!(f, "{name}(")?;
        match (function, &**arguments) {
            (Function::Floor | Function::Trunc, [a, b]) => {
                write!(
                    f,
                    "{}/{}",
                    within(a, a.terms.len() > 1 || a.terms.iter().any(|term| term.coefficient < 0)),
                    within(b, !b.stands_alone())
                )?;
            }
            (_, arguments) => {
                for (index, argument) in arguments.iter().enumerate() {
                    write!(f, "{}{argument}", if index == 0 { "" } else { ", " })?;
                }
            }
        }
        f.write_str(")")
    }
}

fn within(expr: &Expr, parentheses: bool) -> String {
    if parentheses { format!("({expr})") } else { expr.to_string() }
}

impl Expr {
    /// True if nothing is multiplied or added: a number that is not below zero, or one atom.
    fn stands_alone(&self) -> bool {
        match self.terms.as_slice() {
            [] => true,
            [only] if only.factors.is_empty() => only.coefficient > 0,
            [only] => only.coefficient == 1 && only.factors.len() == 1,
            _ => false,
        }
    }

    /// Reads an expression over names that `known` accepts, as [`Display`](fmt::Display), sympy and PyTorch write them.
    ///
    /// `None` for any other text: names may hold any letters, and `batch-size` is more often a name than a difference.
    pub fn parse(text: &str, known: &dyn Fn(&str) -> bool) -> Option<Self> {
        if text.len() > MOST_TEXT {
            return None;
        }
        let mut reader = Reader { rest: text.trim_start(), known };
        let sum = reader.sum(0)?.whole()?;
        reader.rest.is_empty().then_some(sum)
    }
}

/// A quotient that has not been rounded yet; the divisor is above zero.
struct Fraction {
    above: Expr,
    below: i64,
}

impl Fraction {
    fn whole(self) -> Option<Expr> {
        if self.below == 1 { Some(self.above) } else { self.above.divided_exactly(&Expr::constant(self.below)) }
    }

    fn plus(&self, other: &Self) -> Option<Self> {
        let (a, b) = (self.above.scaled(other.below)?, other.above.scaled(self.below)?);
        Some(Self { above: a.plus(&b)?, below: self.below.checked_mul(other.below)? })
    }

    fn times(&self, other: &Self) -> Option<Self> {
        Some(Self { above: self.above.times(&other.above)?, below: self.below.checked_mul(other.below)? })
    }

    fn negative(&self) -> Option<Self> {
        Some(Self { above: self.above.scaled(-1)?, below: self.below })
    }

    fn rounded(&self, rounding: Rounding) -> Option<Expr> {
        self.above.divided(&Expr::constant(self.below), rounding)
    }
}

impl From<Expr> for Fraction {
    fn from(above: Expr) -> Self {
        Self { above, below: 1 }
    }
}

struct Reader<'t> {
    rest: &'t str,
    known: &'t dyn Fn(&str) -> bool,
}

impl<'t> Reader<'t> {
    fn take(&mut self, token: &str) -> bool {
        let found = self.rest.strip_prefix(token);
        if let Some(rest) = found {
            self.rest = rest.trim_start();
        }
        found.is_some()
    }

    fn sum(&mut self, depth: usize) -> Option<Fraction> {
        let mut sum = self.product(depth)?;
        loop {
            if self.take("+") {
                sum = sum.plus(&self.product(depth)?)?;
            } else if self.take("-") {
                sum = sum.plus(&self.product(depth)?.negative()?)?;
            } else {
                return Some(sum);
            }
        }
    }

    fn product(&mut self, depth: usize) -> Option<Fraction> {
        if self.take("-") {
            return self.product(depth.checked_add(1).filter(|&depth| depth < MOST_DEPTH)?)?.negative();
        }
        let mut product = self.power(depth)?;
        loop {
            if self.take("//") {
                let by = self.power(depth)?.whole()?;
                product = product.whole()?.divided(&by, Rounding::Down)?.into();
            } else if self.take("/") {
                let by = self.power(depth)?.whole()?;
                product = match by.to_constant() {
                    Some(by) if by > 0 => Fraction { above: product.above, below: product.below.checked_mul(by)? },
                    Some(_) => return None,
                    None => product.whole()?.divided_exactly(&by)?.into(),
                };
            } else if self.take("%") {
                let by = self.power(depth)?.whole()?;
                product = product.whole()?.rest(&by, Rounding::Down)?.into();
            } else if self.take("*") {
                product = product.times(&self.power(depth)?)?;
            } else {
                return Some(product);
            }
        }
    }

    fn power(&mut self, depth: usize) -> Option<Fraction> {
        let base = self.atom(depth)?;
        if !self.take("**") && !self.take("^") {
            return Some(base);
        }
        let exponent = self.number()?;
        (0..u32::try_from(exponent).ok().filter(|&exponent| exponent <= 12)?)
            .try_fold(Expr::constant(1).into(), |product: Fraction, _| product.times(&base))
    }

    fn number(&mut self) -> Option<i64> {
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at_checked(digits)?;
        self.rest = rest.trim_start();
        digits.parse().ok()
    }

    fn name(&mut self) -> Option<&'t str> {
        let part = |letter: &u8| letter.is_ascii_alphanumeric() || matches!(letter, b'_' | b'.');
        let (name, rest) = self.rest.split_at_checked(self.rest.bytes().take_while(part).count())?;
        self.rest = rest.trim_start();
        Some(name).filter(|name| !name.is_empty())
    }

    fn atom(&mut self, depth: usize) -> Option<Fraction> {
        let depth = depth.checked_add(1).filter(|&depth| depth < MOST_DEPTH)?;
        if self.take("(") {
            let inside = self.sum(depth)?;
            return self.take(")").then_some(inside);
        }
        if self.rest.starts_with(|letter: char| letter.is_ascii_digit()) {
            return self.number().map(Expr::constant).map(Fraction::from);
        }
        let name = self.name()?;
        if !self.take("(") {
            return (self.known)(name).then(|| Expr::symbol(name.into()).into());
        }
        let quotient = matches!(name, "floor" | "trunc") && depth < MOST_DEPTH;
        let mut arguments = vec![self.argument(depth, quotient)?];
        while self.take(",") {
            arguments.push(self.argument(depth, false)?);
        }
        if !self.take(")") {
            return None;
        }
        called(name, arguments)
    }

    /// An argument of a function; in one that rounds, `a/b` may have any divisor.
    fn argument(&mut self, depth: usize, quotient: bool) -> Option<Argument> {
        let before = self.rest;
        if let Some(sum) = self.sum(depth)
            && self.rest.starts_with([',', ')'])
        {
            return Some(Argument::Fraction(sum));
        }
        self.rest = before;
        if !quotient {
            return None;
        }
        let above = self.power(depth)?.whole()?;
        let mut above = above;
        while self.rest.starts_with('*') && self.take("*") {
            above = above.times(&self.power(depth)?.whole()?)?;
        }
        if !self.take("/") {
            return None;
        }
        Some(Argument::Quotient(above, self.power(depth)?.whole()?))
    }
}

/// What stands between the parentheses of a function.
enum Argument {
    Fraction(Fraction),
    /// By what is no number.
    Quotient(Expr, Expr),
}

fn called(name: &str, arguments: Vec<Argument>) -> Option<Fraction> {
    let rounded = |argument: &Argument, rounding| match argument {
        Argument::Fraction(fraction) => fraction.rounded(rounding),
        Argument::Quotient(above, below) => above.divided(below, rounding),
    };
    let expr = match (name, arguments.as_slice()) {
        ("floor", [only]) => rounded(only, Rounding::Down)?,
        ("trunc" | "TruncToInt", [only]) => rounded(only, Rounding::ToZero)?,
        ("ceil" | "ceiling" | "CeilToInt", [Argument::Fraction(only)]) => only.above.divided_up(only.below)?,
        _ => {
            let whole = |argument| if let Argument::Fraction(it) = argument { Fraction::whole(it) } else { None };
            let mut arguments = arguments.into_iter().map(whole).collect::<Option<Vec<_>>>()?;
            match (name, arguments.as_slice()) {
                ("max" | "Max", _) => Expr::largest(arguments)?,
                ("min" | "Min", _) => Expr::smallest(arguments)?,
                ("FloorDiv" | "CleanDiv" | "IntTrueDiv", [a, b]) => a.divided(b, Rounding::Down)?,
                ("CeilDiv", [a, b]) => a.scaled(-1)?.divided(b, Rounding::Down)?.scaled(-1)?,
                ("Mod" | "PythonMod", [a, b]) => a.rest(b, Rounding::Down)?,
                ("broadcast", [a, b]) => a.broadcast(b)?,
                ("Identity", [_]) => arguments.pop()?,
                _ => return None,
            }
        }
    };
    Some(expr.into())
}
