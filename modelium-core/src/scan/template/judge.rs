//! What a template reaches for. What is known to be harmless passes; all else is told.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::finding::Rule;
use crate::scan::rules::template as rules;
use crate::scan::template::Facts;
use crate::scan::template::ast::{Arguments, Event, Expression, Id, Target, Template};
use crate::scan::template::fold::{Bindings, FUNCTIONS, fold};
use crate::scan::template::value::Value;

/// Functions that a prompt template may call, whoever renders it.
const CALLABLE: [&str; 12] = [
    "range",
    "dict",
    "namespace",
    "cycler",
    "joiner",
    "raise_exception",
    "strftime_now",
    "caller",
    "super",
    "loop",
    "_",
    "gettext",
];

/// Names of frameworks for the web, which have no business in a prompt.
const WEB: [&str; 6] = ["url_for", "get_flashed_messages", "request", "current_app", "config", "lipsum"];

/// Names that stand for running something, wherever they come from.
const RUNNERS: [&str; 24] = [
    "eval",
    "exec",
    "execfile",
    "compile",
    "open",
    "input",
    "import_module",
    "system",
    "popen",
    "spawn",
    "subprocess",
    "check_output",
    "os",
    "sys",
    "builtins",
    "globals",
    "locals",
    "vars",
    "getattr",
    "setattr",
    "breakpoint",
    "Popen",
    "importlib",
    "subclasses",
];

/// Attributes without underscores that lead to the insides of Python.
const INTERNALS: [&str; 22] = [
    "mro",
    "gi_frame",
    "gi_code",
    "gi_yieldfrom",
    "cr_frame",
    "cr_code",
    "ag_frame",
    "ag_code",
    "f_globals",
    "f_locals",
    "f_builtins",
    "f_back",
    "f_code",
    "tb_frame",
    "tb_next",
    "func_globals",
    "func_code",
    "func_closure",
    "im_func",
    "im_class",
    "co_consts",
    "co_code",
];

/// Methods of texts, lists, dictionaries, dates and loops.
const METHODS: [&str; 66] = [
    "strip",
    "lstrip",
    "rstrip",
    "split",
    "rsplit",
    "splitlines",
    "startswith",
    "endswith",
    "lower",
    "upper",
    "title",
    "capitalize",
    "swapcase",
    "casefold",
    "replace",
    "join",
    "find",
    "rfind",
    "index",
    "rindex",
    "count",
    "isdigit",
    "isalpha",
    "isalnum",
    "isnumeric",
    "isdecimal",
    "isspace",
    "isupper",
    "islower",
    "istitle",
    "isidentifier",
    "zfill",
    "center",
    "ljust",
    "rjust",
    "expandtabs",
    "partition",
    "rpartition",
    "removeprefix",
    "removesuffix",
    "encode",
    "decode",
    "translate",
    "maketrans",
    "append",
    "extend",
    "insert",
    "remove",
    "pop",
    "clear",
    "sort",
    "reverse",
    "copy",
    "get",
    "items",
    "keys",
    "values",
    "update",
    "setdefault",
    "popitem",
    "cycle",
    "changed",
    "next",
    "strftime",
    "isoformat",
    "hex",
];

/// The filters of Jinja, and those that hosts of prompt templates add.
const FILTERS: [&str; 64] = [
    "abs",
    "attr",
    "batch",
    "capitalize",
    "center",
    "count",
    "d",
    "default",
    "dictsort",
    "e",
    "escape",
    "filesizeformat",
    "first",
    "float",
    "forceescape",
    "format",
    "groupby",
    "indent",
    "int",
    "items",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "pprint",
    "random",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "safe",
    "select",
    "selectattr",
    "slice",
    "sort",
    "string",
    "striptags",
    "sum",
    "title",
    "tojson",
    "trim",
    "truncate",
    "unique",
    "upper",
    "urlencode",
    "urlize",
    "wordcount",
    "wordwrap",
    "xmlattr",
    "from_json",
    "fromjson",
    "to_json",
    "strftime",
    "b64encode",
    "regex_replace",
    "regex_search",
    "bool",
    "split",
    "to_yaml",
];

/// The tests of Jinja.
const TESTS: [&str; 39] = [
    "boolean",
    "callable",
    "defined",
    "divisibleby",
    "eq",
    "equalto",
    "escaped",
    "even",
    "false",
    "filter",
    "float",
    "ge",
    "greaterthan",
    "gt",
    "in",
    "integer",
    "iterable",
    "le",
    "lessthan",
    "lower",
    "lt",
    "mapping",
    "ne",
    "none",
    "number",
    "odd",
    "sameas",
    "sequence",
    "string",
    "test",
    "true",
    "undefined",
    "upper",
    "contains",
    "match",
    "search",
    "list",
    "dict",
    "startswith",
];

/// Steps of loops, repetitions and widths beyond which no prompt needs more.
const STEPS: i64 = 100_000;

/// A finding: the rule, the byte of the template, what is the matter.
pub(super) type Report = (&'static Rule, usize, String);

/// What a template reaches for, and what it needs.
///
/// # Errors
/// `Cancelled` from `tick` only.
pub(super) fn judge(template: &Template, tick: &dyn Fn(usize) -> Result<()>) -> Result<(Vec<Report>, Facts)> {
    let mut judge = Judge {
        template,
        values: Vec::new(),
        bindings: Bindings::default(),
        reports: Vec::new(),
        facts: Facts::default(),
        blocks: BTreeSet::new(),
        speaks: false,
        loops: Vec::new(),
    };
    // what a name stands for can be said behind its use: the first walk learns, the second one speaks
    for speaks in [false, true] {
        judge.speaks = speaks;
        judge.values.clear();
        judge.walk(tick)?;
    }
    let mut facts = judge.facts;
    facts.tools = facts.variables.iter().any(|name| matches!(name.as_str(), "tools" | "functions" | "builtin_tools"));
    facts.variables.sort();
    facts.variables.dedup();
    facts.roles.sort();
    facts.roles.dedup();
    Ok((judge.reports, facts))
}

struct Judge<'t> {
    template: &'t Template,
    values: Vec<Value>,
    bindings: Bindings,
    reports: Vec<Report>,
    facts: Facts,
    blocks: BTreeSet<&'t str>,
    /// The second walk: everything that binds a name is known.
    speaks: bool,
    /// Steps of the loops that are open, as far as they are known.
    loops: Vec<i64>,
}

impl<'t> Judge<'t> {
    fn walk(&mut self, tick: &dyn Fn(usize) -> Result<()>) -> Result<()> {
        let template = self.template;
        let mut captures: Vec<Vec<Value>> = Vec::new();
        self.loops.clear();
        for event in &template.events {
            match event {
                Event::Data(text) => {
                    if let Some(capture) = captures.last_mut() {
                        capture.push(Value::text(text.as_str()));
                    }
                }
                Event::Output(id) => {
                    self.fold_up_to(*id, tick)?;
                    let value = self.value(*id);
                    if let Some(capture) = captures.last_mut() {
                        capture.push(value);
                    }
                }
                Event::Test => {}
                Event::Assign(target, id, at) => {
                    self.fold_up_to(*id, tick)?;
                    self.grows(target, *id, *at);
                    let value = self.value(*id);
                    self.bind(target, &value, Some(*id), *at);
                }
                Event::Capture => captures.push(Vec::new()),
                Event::EndCapture(target) => {
                    let parts = captures.pop().unwrap_or_default();
                    let mut value = Value::concat(&parts);
                    // a text of which the host supplies a part, and the template none that could name anything
                    let plain = |part: &Value| part.texts.iter().all(|text| !text.contains('_'));
                    if value.built && parts.iter().all(|part| !part.built && plain(part)) {
                        value = Value::host();
                    }
                    self.bind(target, &value, None, 0);
                }
                Event::For(target, id, at) => {
                    self.fold_up_to(*id, tick)?;
                    let steps = self.steps(*id);
                    self.loops.push(steps);
                    let total = self.loops.iter().fold(1_i64, |total, steps| total.saturating_mul((*steps).max(1)));
                    if total > STEPS.saturating_mul(10) {
                        self.tell(&rules::HEAVY, *at, format!("loops inside each other make {total} steps"));
                    }
                    let member = self.value(*id).any_member();
                    let member = if member == Value::default() { Value::host() } else { member };
                    self.bind(target, &member, None, *at);
                }
                Event::EndFor => {
                    self.loops.pop();
                }
                Event::Macro(name, parameters) => {
                    if let Some(name) = name {
                        self.bindings.bind(name, &Value::function("macro"));
                    }
                    for (name, default) in parameters {
                        let default = default.map_or_else(Value::host, |id| self.value(id));
                        self.bindings.bind(name, &default.or(&Value::host()));
                    }
                    for name in ["varargs", "kwargs", "caller"] {
                        self.bindings.bind(name, &Value::host());
                    }
                    self.bindings.bind("caller", &Value::function("macro"));
                }
                Event::Block(name) => {
                    self.blocks.insert(name);
                }
                Event::Include(tag, id, names, at) => {
                    self.fold_up_to(*id, tick)?;
                    for name in names {
                        self.bindings.bind(name, &Value::function("macro"));
                    }
                    let from = self.value(*id).spelt().and_then(|texts| texts.into_iter().next());
                    let from = from.map_or_else(|| "a computed name".to_owned(), |from| format!("'{from}'"));
                    self.tell(&rules::INCLUDE, *at, format!("the template takes another one in by '{tag}': {from}"));
                }
            }
        }
        self.fold_up_to(template.expressions.len(), tick)
    }

    fn value(&self, id: Id) -> Value {
        self.values.get(id).cloned().unwrap_or_else(Value::host)
    }

    fn expression(&self, id: Id) -> Option<&'t Expression> {
        self.template.expressions.get(id).map(|node| &node.expression)
    }

    fn tell(&mut self, rule: &'static Rule, at: usize, message: impl Into<String>) {
        if self.speaks {
            self.reports.push((rule, at, message.into()));
        }
    }

    fn fold_up_to(&mut self, id: Id, tick: &dyn Fn(usize) -> Result<()>) -> Result<()> {
        while self.values.len() <= id && self.values.len() < self.template.expressions.len() {
            let next = self.values.len();
            if next.is_multiple_of(1024) {
                tick(next)?;
            }
            let value = fold(self.template, next, &self.values, &self.bindings);
            self.values.push(value);
            if self.speaks {
                self.look(next);
            }
        }
        Ok(())
    }

    fn bind(&mut self, target: &Target, value: &Value, source: Option<Id>, at: usize) {
        match target {
            Target::Name(name) => {
                self.bindings.bind(name, value);
                // namespace(a=1): its members are told apart, because templates keep their state there
                if let Some(Expression::Call(callee, arguments)) = source.and_then(|id| self.expression(id))
                    && matches!(self.expression(*callee), Some(Expression::Name(function)) if function == "namespace")
                {
                    for (attribute, id) in &arguments.named {
                        let value = self.value(*id);
                        self.bindings.bind_member(name, attribute, &value);
                    }
                }
            }
            Target::Member(name, attribute) => {
                self.attribute(attribute, at);
                self.bindings.bind_member(name, attribute, value);
            }
            Target::Several(targets) => {
                let members = value.members().filter(|members| members.len() == targets.len());
                let any = value.any_member();
                let any = if any == Value::default() { Value::host() } else { any };
                for (index, target) in targets.iter().enumerate() {
                    let member = members.as_ref().and_then(|members| members.get(index)).unwrap_or(&any);
                    self.bind(target, member, None, at);
                }
            }
        }
    }

    /// How often a loop goes round, as far as the template says; 1 if the host decides.
    fn steps(&self, id: Id) -> i64 {
        match self.expression(id) {
            Some(Expression::Call(callee, arguments)) if self.is_named(*callee, "range") => {
                let bounds = arguments.plain.iter().filter_map(|id| self.value(*id).integer);
                bounds.map(i64::saturating_abs).max().unwrap_or(1)
            }
            _ => self.value(id).members().map_or(1, |members| i64::try_from(members.len()).unwrap_or(i64::MAX)),
        }
    }

    fn is_named(&self, id: Id, name: &str) -> bool {
        matches!(self.expression(id), Some(Expression::Name(found)) if found == name)
    }

    /// A value that is assigned to itself twice over grows without bounds in a loop.
    fn grows(&mut self, target: &Target, id: Id, at: usize) {
        let same = |part: &Id| match (self.expression(*part), target) {
            (Some(Expression::Name(name)), Target::Name(target)) => name == target,
            (Some(Expression::Attribute(of, attribute)), Target::Member(name, target)) => {
                attribute == target && self.is_named(*of, name)
            }
            _ => false,
        };
        let times = match self.expression(id) {
            Some(Expression::Concat(parts)) => parts.iter().filter(|part| same(part)).count(),
            Some(Expression::Binary("+", left, right)) => [left, right].into_iter().filter(|part| same(part)).count(),
            _ => 0,
        };
        if times > 1 && !self.loops.is_empty() {
            self.tell(&rules::HEAVY, at, "a value doubles with each step of a loop");
        }
    }

    /// Looks at one expression, whose value is known.
    fn look(&mut self, id: Id) {
        let template = self.template;
        let Some(node) = template.expressions.get(id) else { return };
        let at = node.at;
        match &node.expression {
            Expression::Name(name) => self.name(name, at),
            Expression::Attribute(of, name) => {
                self.attribute(name, at);
                self.inside(*of, at);
            }
            Expression::Item(of, key) => {
                self.inside(*of, at);
                if !matches!(self.expression(*key), Some(Expression::Slice(_))) {
                    self.key(*key, at);
                }
            }
            Expression::Call(callee, arguments) => self.call(*callee, arguments, at),
            Expression::Filter(target, name, arguments) => {
                match target {
                    Some(target) if name == "attr" => self.inside(*target, at),
                    Some(target) if name == "format" => self.widths(*target, '%', at),
                    _ => {}
                }
                self.filter(name, arguments, at);
            }
            Expression::Test(name) if !TESTS.contains(&name.as_str()) => {
                self.tell(&rules::UNKNOWN, at, format!("'{}' is none of the known tests", shown(name)));
            }
            Expression::Binary(operator @ ("*" | "**"), left, right) => self.repeats(operator, *left, *right, at),
            Expression::Binary("%", left, _) => self.widths(*left, '%', at),
            Expression::Compare(left, rest) => self.roles(*left, rest),
            _ => {}
        }
    }

    fn name(&mut self, name: &str, at: usize) {
        if self.bindings.names.contains_key(name) || matches!(name, "loop" | "varargs" | "kwargs") {
            return;
        }
        if name.starts_with("__") {
            self.tell(&rules::ESCAPE, at, format!("'{}' is of the insides of Python", shown(name)));
        } else if WEB.contains(&name) && name != "config" {
            self.tell(&rules::UNKNOWN, at, format!("'{name}' is no part of prompts"));
        } else if !FUNCTIONS.contains(&name) {
            self.facts.variables.push(name.to_owned());
        }
    }

    /// An attribute that is reached for.
    fn attribute(&mut self, name: &str, at: usize) {
        if name.starts_with('_') || INTERNALS.contains(&name) {
            let message = format!("the template reaches for '{}', which is of the insides of Python", shown(name));
            self.tell(&rules::ESCAPE, at, message);
        }
    }

    /// What is reached into.
    fn inside(&mut self, of: Id, at: usize) {
        let value = self.value(of);
        let Some(function) = value.function.as_deref().filter(|_| !value.host) else { return };
        if WEB.contains(&function) {
            self.tell(&rules::ESCAPE, at, format!("the template reaches into '{function}' of its host"));
        } else if !(matches!(function, "macro" | "generator") || function == "self" && !self.blocks.is_empty()) {
            self.tell(&rules::UNKNOWN, at, format!("the template reaches into the function '{function}'"));
        }
    }

    /// A key that is looked up; it reaches attributes as well.
    fn key(&mut self, key: Id, at: usize) {
        let value = self.value(key);
        if let Some(name) = value.texts.iter().find(|name| name.starts_with("__")) {
            let message = format!("the template reaches for '{}', which is of the insides of Python", shown(name));
            self.tell(&rules::ESCAPE, at, message);
        } else if value.built {
            self.tell(&rules::COMPUTED, at, "the template looks up a name that it puts together");
        }
    }

    /// The name of an attribute as a text: what `attr` and `map(attribute=…)` take.
    fn spelt_attribute(&mut self, id: Id, at: usize) {
        let value = self.value(id);
        for name in value.texts.iter().flat_map(|texts| texts.split(['.', ','])) {
            self.attribute(name, at);
        }
        if value.built || value.host || value.function.is_some() {
            self.tell(&rules::COMPUTED, at, "the template computes the name of an attribute");
        }
    }

    fn call(&mut self, callee: Id, arguments: &Arguments, at: usize) {
        match self.expression(callee) {
            Some(Expression::Name(name)) => self.call_name(name, arguments, at),
            Some(Expression::Attribute(of, method)) => self.call_method(*of, method, arguments, at),
            Some(Expression::Item(of, key)) => {
                let (of, value) = (*of, self.value(*key));
                match value.texts.as_slice() {
                    [method] if value.is_known() => self.call_method(of, method, arguments, at),
                    _ => self.tell(&rules::COMPUTED, at, "the template calls what it looked up"),
                }
            }
            Some(Expression::Filter(Some(of), name, named)) if name == "attr" => {
                let (of, value) = (*of, named.plain.first().map(|id| self.value(*id)).unwrap_or_default());
                match value.texts.as_slice() {
                    [method] if value.is_known() => self.call_method(of, method, arguments, at),
                    _ => self.tell(&rules::COMPUTED, at, "the template calls what it looked up"),
                }
            }
            _ => self.tell(&rules::UNKNOWN, at, "the template calls the result of an expression"),
        }
    }

    fn call_name(&mut self, name: &str, arguments: &Arguments, at: usize) {
        let bound = self.bindings.names.get(name).cloned();
        let function = match &bound {
            Some(bound) => bound.function.as_deref().unwrap_or_default().to_owned(),
            None => name.to_owned(),
        };
        if bound.is_none() && (RUNNERS.contains(&name) || name.starts_with("__")) {
            self.tell(&rules::ESCAPE, at, format!("the template calls '{}'", shown(name)));
        } else if !(function == "macro" || CALLABLE.contains(&function.as_str()) || function == "self") {
            self.tell(&rules::UNKNOWN, at, format!("the template calls '{}', which is not known", shown(name)));
        }
        if function == "range" || function == "lipsum" {
            let most = arguments.plain.iter().chain(arguments.named.iter().map(|(_, id)| id));
            let most = most.filter_map(|id| self.value(*id).integer).map(i64::saturating_abs).max();
            if let Some(most) = most.filter(|most| *most > STEPS) {
                self.tell(&rules::HEAVY, at, format!("'{function}' makes {most} steps"));
            }
        }
    }

    fn call_method(&mut self, of: Id, method: &str, arguments: &Arguments, at: usize) {
        if self.is_named(of, "self") && self.blocks.contains(method) {
            return;
        }
        match method {
            "format" | "format_map" => self.formats(of, at),
            "center" | "ljust" | "rjust" | "zfill" | "expandtabs" => self.wide(arguments, at),
            _ if RUNNERS.contains(&method) => {
                self.tell(&rules::ESCAPE, at, format!("the template calls '{}'", shown(method)));
            }
            _ if method.starts_with('_') || INTERNALS.contains(&method) => self.attribute(method, at),
            _ if METHODS.contains(&method) => {}
            _ => self.tell(&rules::UNKNOWN, at, format!("the template calls the method '{}'", shown(method))),
        }
    }

    /// Formatting follows attributes that its text names.
    fn formats(&mut self, of: Id, at: usize) {
        let value = self.value(of);
        let fields = value.texts.iter().flat_map(|text| text.split('{').skip(1));
        let fields = fields.filter_map(|field| field.split(['}', ':', '!']).next());
        let fields: Vec<String> = fields.filter(|field| field.contains(['.', '['])).map(str::to_owned).collect();
        if let Some(field) = fields.iter().find(|field| {
            field.split(['.', '[', ']']).skip(1).any(|name| name.starts_with('_') || INTERNALS.contains(&name))
        }) {
            let message = format!("a format reaches for '{}', which is of the insides of Python", shown(field));
            self.tell(&rules::ESCAPE, at, message);
        } else if !fields.is_empty() {
            self.tell(&rules::COMPUTED, at, "a format reaches for attributes");
        } else if value.built || value.host || value.function.is_some() {
            self.tell(&rules::COMPUTED, at, "a text that is not known is taken as a format");
        }
        self.widths(of, ':', at);
    }

    fn filter(&mut self, name: &str, arguments: &Arguments, at: usize) {
        let first = arguments.plain.first().copied();
        let named = |key: &str| arguments.named.iter().find(|(name, _)| name == key).map(|(_, id)| *id);
        match name {
            "attr" => match first.or_else(|| named("name")) {
                Some(id) => self.spelt_attribute(id, at),
                None => self.tell(&rules::COMPUTED, at, "the template computes the name of an attribute"),
            },
            "map" => match first {
                Some(filter) => {
                    let value = self.value(filter);
                    match value.texts.as_slice() {
                        [filter] if value.is_known() => {
                            let inner = Arguments {
                                plain: arguments.plain.iter().skip(1).copied().collect(),
                                ..Arguments::default()
                            };
                            self.filter(&filter.to_string(), &inner, at);
                        }
                        _ => self.tell(&rules::COMPUTED, at, "the template computes the name of a filter"),
                    }
                }
                None => {
                    if let Some(id) = named("attribute") {
                        self.spelt_attribute(id, at);
                    }
                }
            },
            "selectattr" | "rejectattr" | "groupby" => {
                if let Some(id) = first.or_else(|| named("attribute")) {
                    self.spelt_attribute(id, at);
                }
            }
            "sort" | "unique" | "sum" | "min" | "max" | "join" => {
                let positional = arguments.plain.get(1).copied().filter(|_| name == "join");
                if let Some(id) = named("attribute").or(positional) {
                    self.spelt_attribute(id, at);
                }
            }
            "center" | "indent" | "truncate" | "wordwrap" => self.wide(arguments, at),
            _ if FILTERS.contains(&name) => {}
            _ => self.tell(&rules::UNKNOWN, at, format!("'{}' is none of the known filters", shown(name))),
        }
        if !arguments.spread.is_empty() && matches!(name, "attr" | "map" | "selectattr" | "groupby") {
            self.tell(&rules::COMPUTED, at, format!("the arguments of '{name}' are computed"));
        }
    }

    fn wide(&mut self, arguments: &Arguments, at: usize) {
        let numbers = arguments.plain.iter().chain(arguments.named.iter().map(|(_, id)| id));
        let most = numbers.filter_map(|id| self.value(*id).integer).max();
        if let Some(most) = most.filter(|most| *most > STEPS) {
            self.tell(&rules::HEAVY, at, format!("a text is padded to {most} characters"));
        }
    }

    /// Numbers in a format that pad its result.
    fn widths(&mut self, of: Id, mark: char, at: usize) {
        let value = self.value(of);
        let wide = value.texts.iter().flat_map(|text| text.split(mark).skip(1)).any(|spec| {
            let digits: String = spec.chars().take_while(|c| c.is_ascii_digit() || "<>^+- 0#.".contains(*c)).collect();
            digits.split(|c: char| !c.is_ascii_digit()).any(|number| number.trim_start_matches('0').len() > 6)
        });
        if wide {
            self.tell(&rules::HEAVY, at, "a format pads its result to millions of characters");
        }
    }

    fn repeats(&mut self, operator: &str, left: Id, right: Id, at: usize) {
        // Jinja takes powers in a row from the left, other engines from the right
        let tower = match self.expression(left) {
            Some(Expression::Binary("**", _, middle)) => self.value(*middle).integer.zip(self.value(right).integer),
            _ => None,
        };
        let tower = tower.and_then(|(base, exponent)| Some((base, u32::try_from(exponent).ok()?)));
        if let Some((base, exponent)) = tower.filter(|_| operator == "**")
            && base.checked_pow(exponent).is_none_or(|power| power > 10_000)
        {
            self.tell(&rules::HEAVY, at, "powers of powers are too large to compute");
        }
        let (left, right) = (self.value(left), self.value(right));
        let times = right.integer.or(left.integer).unwrap_or_default();
        let text = |value: &Value| value.is_text() || value.items.is_some();
        if operator == "*" && times > STEPS && (text(&left) || text(&right) || left.host || right.host) {
            self.tell(&rules::HEAVY, at, format!("something is repeated {times} times"));
        }
        let exponent = right.integer.unwrap_or_default();
        if operator == "**" && (exponent > 10_000 || left.integer.is_some() && right == Value::default()) {
            self.tell(&rules::HEAVY, at, "a power is too large to compute");
        }
    }

    /// The texts that a role is compared with.
    fn roles(&mut self, left: Id, rest: &[(&'static str, Id)]) {
        let mut sides = vec![left];
        sides.extend(rest.iter().map(|(_, id)| *id));
        let of_role = |id: &Id| match self.expression(*id) {
            Some(Expression::Attribute(_, name)) => name == "role",
            Some(Expression::Item(_, key)) => {
                matches!(self.expression(*key), Some(Expression::String(name)) if name == "role")
            }
            Some(Expression::Name(name)) => name == "role",
            _ => false,
        };
        if !sides.iter().any(of_role) {
            return;
        }
        for id in sides {
            let value = self.value(id);
            let members = value.items.iter().flat_map(|items| items.iter().flat_map(|item| item.texts.iter()));
            let roles = value.texts.iter().chain(members).map(ToString::to_string);
            self.facts.roles.extend(roles.filter(|role| !role.is_empty() && role.len() <= 64));
        }
    }
}

/// A name as messages show it: not too long.
fn shown(name: &str) -> String {
    name.chars().take(80).collect()
}
