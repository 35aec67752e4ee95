//! Tokens → a template, by the grammar of Jinja 3.1 with the tags that prompt templates use beside it: `break`,
//! `continue` and `generation`. Statements here, expressions in the file below.

mod expressions;

use crate::scan::template::Fault;
use crate::scan::template::ast::{Event, Expression, Id, Node, Target, Template};
use crate::scan::template::lex::{Kind, Token, broken};

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
                assignable(name, at)?;
                let parameters = self.signature()?;
                self.event(Event::Macro(Some(name.to_owned()), parameters));
                self.statements(&["endmacro"], true)
            }
            "call" => {
                let parameters = if self.is("(") { self.signature()? } else { Vec::new() };
                let id = self.expression(true)?;
                let called = self.template.expressions.get(id).map(|node| &node.expression);
                if !matches!(called, Some(Expression::Call(..))) {
                    return broken(at, "a 'call' tag needs a call");
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
            other => broken(at, format!("'{other}' is no tag")),
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
                assignable(name, at)?;
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
                        return broken(at, "names that begin with '_' cannot be imported");
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
            assignable(name, at)?;
            let default = if self.skip("=") { Some(self.expression(true)?) } else { None };
            if default.is_none() && parameters.last().is_some_and(|(_, default)| default.is_some()) {
                return broken(at, "a parameter without a default follows one with a default");
            }
            parameters.push((name.to_owned(), default));
        }
        self.expect(")")?;
        Ok(parameters)
    }

    /// What a value is assigned to.
    fn target(&mut self, members: bool) -> Parsed<Target> {
        let at = self.place();
        let id = self.simple_tuple(members)?;
        match self.as_target(id) {
            Some(target) => Ok(target),
            None => broken(at, "nothing can be assigned to this expression"),
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
}

fn is_constant(name: &str) -> bool {
    matches!(name, "true" | "false" | "none" | "True" | "False" | "None")
}

fn assignable(name: &str, at: usize) -> Parsed<()> {
    if is_constant(name) { broken(at, format!("nothing can be assigned to '{name}'")) } else { Ok(()) }
}
