//! Tokens → a template, by the grammar of Jinja 3.1 with the tags that prompt templates use beside it: `break`,
//! `continue` and `generation`.

use crate::scan::template::Fault;
use crate::scan::template::ast::{Arguments, Event, Expression, Id, Node, Target, Template};
use crate::scan::template::lex::{Kind, Token};

/// Statements and expressions inside each other that are followed; Jinja itself gives up a little later.
const DEEPEST: u32 = 64;

/// Parses tokens; at most `cap` expressions.
pub(super) fn parse(tokens: Vec<Token<'_>>, cap: usize) -> Result<Template, Fault> {
    let mut parser = Parser { tokens, at: 0, depth: 0, cap, template: Template::default() };
    parser.body(&[])?;
    Ok(parser.template)
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    depth: u32,
    cap: usize,
    template: Template,
}

type Parsed<T> = Result<T, Fault>;

impl<'a> Parser<'a> {
    fn kind(&self) -> &Kind<'a> {
        self.ahead(0)
    }

    fn ahead(&self, by: usize) -> &Kind<'a> {
        self.tokens.get(self.at.saturating_add(by)).map_or(&Kind::End, |token| &token.kind)
    }

    fn place(&self) -> usize {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(0, |token| token.at)
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn is(&self, operator: &str) -> bool {
        matches!(self.kind(), Kind::Operator(found) if *found == operator)
    }

    fn is_name(&self, name: &str) -> bool {
        matches!(self.kind(), Kind::Name(found) if *found == name)
    }

    fn skip(&mut self, operator: &str) -> bool {
        let there = self.is(operator);
        if there {
            self.step();
        }
        there
    }

    fn skip_name(&mut self, name: &str) -> bool {
        let there = self.is_name(name);
        if there {
            self.step();
        }
        there
    }

    fn expect(&mut self, operator: &str) -> Parsed<()> {
        if self.skip(operator) { Ok(()) } else { self.unexpected(&format!("'{operator}'")) }
    }

    fn expect_name(&mut self, name: &str) -> Parsed<()> {
        if self.skip_name(name) { Ok(()) } else { self.unexpected(&format!("'{name}'")) }
    }

    fn expect_kind(&mut self, kind: &Kind<'a>, expected: &str) -> Parsed<()> {
        if self.kind() == kind {
            self.step();
            return Ok(());
        }
        self.unexpected(expected)
    }

    fn any_name(&mut self, expected: &str) -> Parsed<&'a str> {
        let Kind::Name(name) = *self.kind() else { return self.unexpected(expected) };
        self.step();
        Ok(name)
    }

    fn unexpected<T>(&self, expected: &str) -> Parsed<T> {
        let found = match self.kind() {
            Kind::Name(name) => format!("'{name}'"),
            Kind::Operator(operator) => format!("'{operator}'"),
            Kind::String(_) => "a string".to_owned(),
            Kind::Integer(_) | Kind::Float => "a number".to_owned(),
            Kind::VariableEnd => "'}}'".to_owned(),
            Kind::BlockEnd => "'%}'".to_owned(),
            Kind::Data(_) | Kind::VariableBegin | Kind::BlockBegin => "text".to_owned(),
            Kind::End => "the end".to_owned(),
        };
        Err(Fault::Syntax { at: self.place(), reason: format!("found {found}, expected {expected}") })
    }

    fn broken<T>(&self, at: usize, reason: impl Into<String>) -> Parsed<T> {
        Err(Fault::Syntax { at, reason: reason.into() })
    }

    fn add(&mut self, at: usize, expression: Expression) -> Parsed<Id> {
        let id = self.template.expressions.len();
        if id >= self.cap {
            return Err(Fault::TooLong);
        }
        self.template.expressions.push(Node { at, expression });
        Ok(id)
    }

    fn event(&mut self, event: Event) {
        self.template.events.push(event);
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > DEEPEST {
            return Err(Fault::TooDeep { at: self.place(), cap: DEEPEST });
        }
        let result = read(self);
        self.depth = self.depth.saturating_sub(1);
        result
    }

    /// Text and tags up to a tag of one of these names, which is left where it is.
    fn body(&mut self, ends: &[&str]) -> Parsed<()> {
        loop {
            match self.kind() {
                Kind::Data(text) => {
                    let text = (*text).to_owned();
                    self.event(Event::Data(text));
                    self.step();
                }
                Kind::VariableBegin => {
                    self.step();
                    let id = self.tuple(true, false)?;
                    self.event(Event::Output(id));
                    self.expect_kind(&Kind::VariableEnd, "the end of the expression")?;
                }
                Kind::BlockBegin => {
                    self.step();
                    if ends.iter().any(|end| self.is_name(end)) {
                        return Ok(());
                    }
                    self.deeper(Self::statement)?;
                    self.expect_kind(&Kind::BlockEnd, "the end of the tag")?;
                }
                Kind::End if ends.is_empty() => return Ok(()),
                Kind::End => return self.unexpected(&format!("'{}'", ends.join("' or '"))),
                _ => return self.unexpected("text or a tag"),
            }
        }
    }

    /// The body of a statement, whose head has been read.
    fn statements(&mut self, ends: &[&str], drop_end: bool) -> Parsed<()> {
        self.skip(":");
        self.expect_kind(&Kind::BlockEnd, "the end of the tag")?;
        self.body(ends)?;
        if drop_end {
            self.step();
        }
        Ok(())
    }

    fn statement(&mut self) -> Parsed<()> {
        let at = self.place();
        match self.any_name("the name of a tag")? {
            "for" => self.repeat(at),
            "if" => self.condition(),
            "set" => self.assignment(at),
            "macro" => {
                let name = self.any_name("a name")?;
                self.assignable(name, at)?;
                let parameters = self.signature()?;
                self.event(Event::Macro(Some(name.to_owned()), parameters));
                self.statements(&["endmacro"], true)
            }
            "call" => {
                let parameters = if self.is("(") { self.signature()? } else { Vec::new() };
                let id = self.expression(true)?;
                let called = self.template.expressions.get(id).map(|node| &node.expression);
                if !matches!(called, Some(Expression::Call(..))) {
                    return self.broken(at, "a 'call' tag needs a call");
                }
                self.event(Event::Output(id));
                self.event(Event::Macro(None, parameters));
                self.statements(&["endcall"], true)
            }
            "filter" => {
                self.filters(None, true)?;
                self.statements(&["endfilter"], true)
            }
            "with" => {
                let mut first = true;
                while *self.kind() != Kind::BlockEnd {
                    if !first {
                        self.expect(",")?;
                    }
                    first = false;
                    let target = self.target(false)?;
                    self.expect("=")?;
                    let value = self.expression(true)?;
                    self.event(Event::Assign(target, value, at));
                }
                self.statements(&["endwith"], true)
            }
            "autoescape" => {
                self.expression(true)?;
                self.statements(&["endautoescape"], true)
            }
            "generation" => self.statements(&["endgeneration"], true),
            "print" => {
                let mut first = true;
                while *self.kind() != Kind::BlockEnd {
                    if !first {
                        self.expect(",")?;
                    }
                    first = false;
                    let id = self.expression(true)?;
                    self.event(Event::Output(id));
                }
                Ok(())
            }
            "block" => {
                let name = self.any_name("the name of the block")?;
                self.skip_name("required");
                if self.is("-") {
                    return self.unexpected("a name without '-'");
                }
                self.event(Event::Block(name.to_owned()));
                self.statements(&["endblock"], true)?;
                self.skip_name(name);
                Ok(())
            }
            "break" | "continue" => Ok(()),
            tag @ ("extends" | "include" | "import" | "from") => self.include(tag, at),
            other => self.broken(at, format!("'{other}' is no tag")),
        }
    }

    fn repeat(&mut self, at: usize) -> Parsed<()> {
        let target = self.target(false)?;
        self.expect_name("in")?;
        let items = self.tuple(false, false)?;
        if self.skip_name("if") {
            self.expression(true)?;
            self.event(Event::Test);
        }
        self.skip_name("recursive");
        self.event(Event::For(target, items, at));
        self.statements(&["endfor", "else"], false)?;
        self.event(Event::EndFor);
        if self.skip_name("else") {
            return self.statements(&["endfor"], true);
        }
        self.step();
        Ok(())
    }

    fn condition(&mut self) -> Parsed<()> {
        loop {
            self.tuple(false, false)?;
            self.event(Event::Test);
            self.statements(&["elif", "else", "endif"], false)?;
            if self.skip_name("elif") {
                continue;
            }
            if self.skip_name("else") {
                return self.statements(&["endif"], true);
            }
            self.step();
            return Ok(());
        }
    }

    fn assignment(&mut self, at: usize) -> Parsed<()> {
        let target = self.target(true)?;
        if self.skip("=") {
            let value = self.tuple(true, false)?;
            self.event(Event::Assign(target, value, at));
            return Ok(());
        }
        self.filters(None, false)?;
        self.event(Event::Capture);
        self.statements(&["endset"], true)?;
        self.event(Event::EndCapture(target));
        Ok(())
    }

    fn include(&mut self, tag: &'a str, at: usize) -> Parsed<()> {
        let tag = ["extends", "include", "import", "from"].into_iter().find(|known| *known == tag).unwrap_or("include");
        let id = self.expression(true)?;
        let mut names = Vec::new();
        match tag {
            "include" => {
                if self.is_name("ignore") && matches!(self.ahead(1), Kind::Name("missing")) {
                    self.step();
                    self.step();
                }
                self.context();
            }
            "import" => {
                self.expect_name("as")?;
                let name = self.any_name("a name")?;
                self.assignable(name, at)?;
                names.push(name.to_owned());
                self.context();
            }
            "from" => {
                self.expect_name("import")?;
                loop {
                    if !names.is_empty() && !self.skip(",") {
                        break;
                    }
                    if self.context() || !matches!(self.kind(), Kind::Name(_)) {
                        break;
                    }
                    let mut name = self.any_name("a name")?;
                    if name.starts_with('_') {
                        return self.broken(at, "names that begin with '_' cannot be imported");
                    }
                    if self.skip_name("as") {
                        name = self.any_name("a name")?;
                    }
                    names.push(name.to_owned());
                    if self.context() || !self.is(",") {
                        break;
                    }
                }
                if names.is_empty() {
                    return self.unexpected("a name");
                }
            }
            _ => {}
        }
        self.event(Event::Include(tag, id, names, at));
        Ok(())
    }

    /// `with context` or `without context`.
    fn context(&mut self) -> bool {
        let there = (self.is_name("with") || self.is_name("without")) && matches!(self.ahead(1), Kind::Name("context"));
        if there {
            self.step();
            self.step();
        }
        there
    }

    fn signature(&mut self) -> Parsed<Vec<(String, Option<Id>)>> {
        let mut parameters: Vec<(String, Option<Id>)> = Vec::new();
        self.expect("(")?;
        while !self.is(")") {
            if !parameters.is_empty() {
                self.expect(",")?;
            }
            let at = self.place();
            let name = self.any_name("a name")?;
            self.assignable(name, at)?;
            let default = if self.skip("=") { Some(self.expression(true)?) } else { None };
            if default.is_none() && parameters.last().is_some_and(|(_, default)| default.is_some()) {
                return self.broken(at, "a parameter without a default follows one with a default");
            }
            parameters.push((name.to_owned(), default));
        }
        self.expect(")")?;
        Ok(parameters)
    }

    fn assignable(&self, name: &str, at: usize) -> Parsed<()> {
        if is_constant(name) { self.broken(at, format!("nothing can be assigned to '{name}'")) } else { Ok(()) }
    }

    /// What a value is assigned to.
    fn target(&mut self, members: bool) -> Parsed<Target> {
        let at = self.place();
        let id = self.simple_tuple(members)?;
        match self.as_target(id) {
            Some(target) => Ok(target),
            None => self.broken(at, "nothing can be assigned to this expression"),
        }
    }

    fn as_target(&self, id: Id) -> Option<Target> {
        match &self.template.expressions.get(id)?.expression {
            Expression::Name(name) => Some(Target::Name(name.clone())),
            Expression::Member(name, attribute) => Some(Target::Member(name.clone(), attribute.clone())),
            // parts stand before wholes, so that this ends; lists in brackets are none, but nobody writes them here
            Expression::List(items) => {
                Some(Target::Several(items.iter().map(|item| self.as_target(*item)).collect::<Option<_>>()?))
            }
            _ => None,
        }
    }

    fn tuple_ends(&self) -> bool {
        matches!(self.kind(), Kind::VariableEnd | Kind::BlockEnd) || self.is(")")
    }

    /// One primary or several in a row, as targets are written.
    fn simple_tuple(&mut self, members: bool) -> Parsed<Id> {
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
    fn tuple(&mut self, conditions: bool, in_parentheses: bool) -> Parsed<Id> {
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

    fn expression(&mut self, conditions: bool) -> Parsed<Id> {
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
                return self.broken(at, "an argument stands where it cannot stand");
            }
        }
        self.expect(")")?;
        Ok(arguments)
    }

    /// `|name(…)` as often as it comes; at the head of a block the first one has no `|`.
    fn filters(&mut self, mut target: Option<Id>, mut at_head: bool) -> Parsed<Option<Id>> {
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
                return self.broken(at, "tests cannot be chained with 'is'");
            }
            let id = self.primary(false)?;
            self.postfix(id)?;
        }
        self.add(at, Expression::Test(name))
    }
}

fn is_constant(name: &str) -> bool {
    matches!(name, "true" | "false" | "none" | "True" | "False" | "None")
}
