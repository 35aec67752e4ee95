//! Expressions, from tuples down to primaries.

use crate::scan::template::ast::{Arguments, Expression, Id};
use crate::scan::template::lex::{Kind, broken};
use crate::scan::template::parse::{Parsed, Parser, is_constant};

impl Parser<'_> {
    fn tuple_ends(&self) -> bool {
        matches!(self.kind(), Kind::VariableEnd | Kind::BlockEnd) || self.is(")")
    }

    /// One primary or several in a row, as targets are written.
    pub(super) fn simple_tuple(&mut self, members: bool) -> Parsed<Id> {
        let (at, mut items, mut several) = (self.place(), Vec::new(), false);
        loop {
            if !items.is_empty() {
                self.expect(",")?;
            }
            if self.tuple_ends() {
                break;
            }
            items.push(self.primary(members)?);
            if !self.is(",") {
                break;
            }
            several = true;
        }
        match (several, items.first()) {
            (false, Some(only)) => Ok(*only),
            (false, None) => self.unexpected("an expression"),
            (true, _) => self.add(at, Expression::List(items)),
        }
    }

    /// One expression, or several in a row.
    pub(super) fn tuple(&mut self, conditions: bool, in_parentheses: bool) -> Parsed<Id> {
        let (at, mut items, mut several) = (self.place(), Vec::new(), false);
        loop {
            if !items.is_empty() {
                self.expect(",")?;
            }
            if self.tuple_ends() {
                break;
            }
            items.push(self.expression(conditions)?);
            if !self.is(",") {
                break;
            }
            several = true;
        }
        match (several, items.first()) {
            (false, Some(only)) => Ok(*only),
            (false, None) if !in_parentheses => self.unexpected("an expression"),
            _ => self.add(at, Expression::List(items)),
        }
    }

    pub(super) fn expression(&mut self, conditions: bool) -> Parsed<Id> {
        self.deeper(|parser| if conditions { parser.conditional() } else { parser.or() })
    }

    fn conditional(&mut self) -> Parsed<Id> {
        let at = self.place();
        let mut then = self.or()?;
        while self.skip_name("if") {
            self.or()?;
            let other = if self.skip_name("else") { Some(self.deeper(Self::conditional)?) } else { None };
            then = self.add(at, Expression::Condition(then, other))?;
        }
        Ok(then)
    }

    fn or(&mut self) -> Parsed<Id> {
        let at = self.place();
        let mut left = self.and()?;
        while self.skip_name("or") {
            let right = self.and()?;
            left = self.add(at, Expression::Either(left, right))?;
        }
        Ok(left)
    }

    fn and(&mut self) -> Parsed<Id> {
        let at = self.place();
        let mut left = self.not()?;
        while self.skip_name("and") {
            let right = self.not()?;
            left = self.add(at, Expression::Either(left, right))?;
        }
        Ok(left)
    }

    fn not(&mut self) -> Parsed<Id> {
        let at = self.place();
        if self.skip_name("not") {
            self.deeper(Self::not)?;
            return self.add(at, Expression::Not);
        }
        self.compare()
    }

    fn compare(&mut self) -> Parsed<Id> {
        let at = self.place();
        let first = self.sum()?;
        let mut rest = Vec::new();
        loop {
            let operator = match *self.kind() {
                Kind::Operator(operator @ ("==" | "!=" | "<" | "<=" | ">" | ">=")) => operator,
                Kind::Name("in") => "in",
                Kind::Name("not") if matches!(self.ahead(1), Kind::Name("in")) => {
                    self.step();
                    "not in"
                }
                _ => break,
            };
            self.step();
            rest.push((operator, self.sum()?));
        }
        if rest.is_empty() { Ok(first) } else { self.add(at, Expression::Compare(first, rest)) }
    }

    fn sum(&mut self) -> Parsed<Id> {
        let at = self.place();
        let mut left = self.concat()?;
        while let Kind::Operator(operator @ ("+" | "-")) = *self.kind() {
            self.step();
            let right = self.concat()?;
            left = self.add(at, Expression::Binary(operator, left, right))?;
        }
        Ok(left)
    }

    fn concat(&mut self) -> Parsed<Id> {
        let at = self.place();
        let first = self.product()?;
        let mut parts = vec![first];
        while self.skip("~") {
            parts.push(self.product()?);
        }
        if parts.len() == 1 { Ok(first) } else { self.add(at, Expression::Concat(parts)) }
    }

    fn product(&mut self) -> Parsed<Id> {
        let at = self.place();
        let mut left = self.power()?;
        while let Kind::Operator(operator @ ("*" | "/" | "//" | "%")) = *self.kind() {
            self.step();
            let right = self.power()?;
            left = self.add(at, Expression::Binary(operator, left, right))?;
        }
        Ok(left)
    }

    fn power(&mut self) -> Parsed<Id> {
        let at = self.place();
        let mut left = self.unary(true)?;
        while self.skip("**") {
            let right = self.unary(true)?;
            left = self.add(at, Expression::Binary("**", left, right))?;
        }
        Ok(left)
    }

    fn unary(&mut self, filters: bool) -> Parsed<Id> {
        let at = self.place();
        let id = match *self.kind() {
            Kind::Operator(sign @ ("-" | "+")) => {
                self.step();
                let operand = self.deeper(|parser| parser.unary(false))?;
                self.add(at, Expression::Sign(sign, operand))?
            }
            _ => self.primary(false)?,
        };
        let id = self.postfix(id)?;
        if filters { self.filter_expression(id) } else { Ok(id) }
    }

    fn primary(&mut self, members: bool) -> Parsed<Id> {
        let at = self.place();
        let expression = match self.kind().clone() {
            Kind::Name(name) => {
                self.step();
                if is_constant(name) {
                    Expression::Constant
                } else if members && self.skip(".") {
                    Expression::Member(name.to_owned(), self.any_name("a name")?.to_owned())
                } else {
                    Expression::Name(name.to_owned())
                }
            }
            Kind::String(mut text) => {
                self.step();
                while let Kind::String(more) = self.kind() {
                    text.push_str(more);
                    self.step();
                }
                Expression::String(text)
            }
            Kind::Integer(value) => {
                self.step();
                Expression::Integer(value)
            }
            Kind::Float => {
                self.step();
                Expression::Constant
            }
            Kind::Operator("(") => {
                self.step();
                let id = self.tuple(true, true)?;
                self.expect(")")?;
                return Ok(id);
            }
            Kind::Operator("[") => {
                self.step();
                let mut items = Vec::new();
                while !self.is("]") {
                    if !items.is_empty() {
                        self.expect(",")?;
                    }
                    if self.is("]") {
                        break;
                    }
                    items.push(self.expression(true)?);
                }
                self.expect("]")?;
                Expression::List(items)
            }
            Kind::Operator("{") => {
                self.step();
                let mut items = Vec::new();
                while !self.is("}") {
                    if !items.is_empty() {
                        self.expect(",")?;
                    }
                    if self.is("}") {
                        break;
                    }
                    let key = self.expression(true)?;
                    self.expect(":")?;
                    items.push((key, self.expression(true)?));
                }
                self.expect("}")?;
                Expression::Dict(items)
            }
            _ => return self.unexpected("an expression"),
        };
        self.add(at, expression)
    }

    fn postfix(&mut self, mut id: Id) -> Parsed<Id> {
        loop {
            let at = self.place();
            if self.skip(".") {
                let expression = match *self.kind() {
                    Kind::Name(name) => Expression::Attribute(id, name.to_owned()),
                    Kind::Integer(value) => Expression::Item(id, self.add(at, Expression::Integer(value))?),
                    _ => return self.unexpected("a name or a number"),
                };
                self.step();
                id = self.add(at, expression)?;
            } else if self.skip("[") {
                id = self.subscript(id, at)?;
            } else if self.is("(") {
                let arguments = self.arguments()?;
                id = self.add(at, Expression::Call(id, arguments))?;
            } else {
                return Ok(id);
            }
        }
    }

    fn filter_expression(&mut self, mut id: Id) -> Parsed<Id> {
        loop {
            let at = self.place();
            if self.is("|") {
                id = self.filters(Some(id), false)?.unwrap_or(id);
            } else if self.skip_name("is") {
                id = self.test(at)?;
            } else if self.is("(") {
                let arguments = self.arguments()?;
                id = self.add(at, Expression::Call(id, arguments))?;
            } else {
                return Ok(id);
            }
        }
    }

    fn subscript(&mut self, of: Id, at: usize) -> Parsed<Id> {
        let mut items = Vec::new();
        while !self.is("]") {
            if !items.is_empty() {
                self.expect(",")?;
            }
            items.push(self.subscribed()?);
        }
        self.expect("]")?;
        let key = match *items {
            [only] => only,
            _ => self.add(at, Expression::List(items))?,
        };
        self.add(at, Expression::Item(of, key))
    }

    fn subscribed(&mut self) -> Parsed<Id> {
        let at = self.place();
        let mut parts = [None; 3];
        if !self.is(":") {
            let id = self.expression(true)?;
            if !self.is(":") {
                return Ok(id);
            }
            parts[0] = Some(id);
        }
        for part in parts.iter_mut().skip(1) {
            if !self.skip(":") {
                break;
            }
            if !self.is(":") && !self.is("]") && !self.is(",") {
                *part = Some(self.expression(true)?);
            }
        }
        self.add(at, Expression::Slice(parts))
    }

    fn arguments(&mut self) -> Parsed<Arguments> {
        let mut arguments = Arguments::default();
        let (mut list, mut dict, mut more) = (false, false, false);
        self.expect("(")?;
        while !self.is(")") {
            if more {
                self.expect(",")?;
                if self.is(")") {
                    break;
                }
            }
            more = true;
            let at = self.place();
            let misplaced = if self.skip("*") {
                arguments.spread.push(self.expression(true)?);
                std::mem::replace(&mut list, true) || dict
            } else if self.skip("**") {
                arguments.spread.push(self.expression(true)?);
                std::mem::replace(&mut dict, true)
            } else if let (Kind::Name(name), Kind::Operator("=")) = (self.kind().clone(), self.ahead(1)) {
                self.step();
                self.step();
                arguments.named.push((name.to_owned(), self.expression(true)?));
                dict
            } else {
                arguments.plain.push(self.expression(true)?);
                list || dict || !arguments.named.is_empty()
            };
            if misplaced {
                return broken(at, "an argument stands where it cannot stand");
            }
        }
        self.expect(")")?;
        Ok(arguments)
    }

    /// `|name(…)` as often as it comes; at the head of a block the first one has no `|`.
    pub(super) fn filters(&mut self, mut target: Option<Id>, mut at_head: bool) -> Parsed<Option<Id>> {
        while self.is("|") || at_head {
            let at = self.place();
            if !at_head {
                self.step();
            }
            at_head = false;
            let name = self.dotted()?;
            let arguments = if self.is("(") { self.arguments()? } else { Arguments::default() };
            target = Some(self.add(at, Expression::Filter(target, name, arguments))?);
        }
        Ok(target)
    }

    fn dotted(&mut self) -> Parsed<String> {
        let mut name = self.any_name("a name")?.to_owned();
        while self.skip(".") {
            name.push('.');
            name.push_str(self.any_name("a name")?);
        }
        Ok(name)
    }

    fn test(&mut self, at: usize) -> Parsed<Id> {
        self.skip_name("not");
        let name = self.dotted()?;
        let word = matches!(self.kind(), Kind::Name("else" | "or" | "and"));
        let operand = match self.kind() {
            Kind::Name(_) | Kind::String(_) | Kind::Integer(_) | Kind::Float => !word,
            Kind::Operator(operator) => matches!(*operator, "[" | "{"),
            _ => false,
        };
        if self.is("(") {
            self.arguments()?;
        } else if operand {
            if self.is_name("is") {
                return broken(at, "tests cannot be chained with 'is'");
            }
            let id = self.primary(false)?;
            self.postfix(id)?;
        }
        self.add(at, Expression::Test(name))
    }
}
