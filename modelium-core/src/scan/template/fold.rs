//! Expressions → values: what filters and methods make of texts that are known.

use std::collections::HashMap;

use crate::scan::template::ast::{Arguments, Expression, Id, Template};
use crate::scan::template::value::Value;

/// What names stand for, as far as the template binds them.
#[derive(Debug, Default)]
pub(super) struct Bindings {
    pub(super) names: HashMap<String, Value>,
    /// Attributes of namespaces.
    pub(super) members: HashMap<(String, String), Value>,
}

impl Bindings {
    pub(super) fn bind(&mut self, name: &str, value: &Value) {
        let known = self.names.entry(name.to_owned()).or_default();
        *known = known.or(value);
    }

    pub(super) fn bind_member(&mut self, name: &str, attribute: &str, value: &Value) {
        let known = self.members.entry((name.to_owned(), attribute.to_owned())).or_default();
        *known = known.or(value);
    }
}

/// Functions and objects that Jinja or its hosts have, beside plain data.
pub(super) const FUNCTIONS: [&str; 19] = [
    "range",
    "dict",
    "namespace",
    "cycler",
    "joiner",
    "lipsum",
    "caller",
    "super",
    "self",
    "raise_exception",
    "strftime_now",
    "url_for",
    "get_flashed_messages",
    "request",
    "config",
    "current_app",
    "_",
    "gettext",
    "ngettext",
];

/// The value of one expression, whose parts have theirs in `values`.
pub(super) fn fold(template: &Template, id: Id, values: &[Value], bindings: &Bindings) -> Value {
    let Some(node) = template.expressions.get(id) else { return Value::default() };
    let unknown = Value::host();
    let value = |id: Id| values.get(id).unwrap_or(&unknown);
    match &node.expression {
        Expression::Name(name) => match bindings.names.get(name) {
            Some(bound) => bound.clone(),
            None if FUNCTIONS.contains(&name.as_str()) => Value::function(name),
            None => Value::host(),
        },
        Expression::String(text) => Value::text(text.as_str()),
        Expression::Integer(Some(number)) => Value::integer(*number),
        Expression::Integer(None) | Expression::Constant | Expression::Not => Value::default(),
        Expression::Test(..) | Expression::Compare(..) | Expression::Slice(_) | Expression::Member(..) => {
            Value::default()
        }
        Expression::List(items) => Value::list(items.iter().map(|item| value(*item).clone()).collect()),
        Expression::Dict(pairs) => {
            Value::dict(pairs.iter().map(|(key, item)| (value(*key).clone(), value(*item).clone())).collect())
        }
        Expression::Attribute(of, name) => {
            let member = match template.expressions.get(*of).map(|node| &node.expression) {
                Some(Expression::Name(object)) => bindings.members.get(&(object.clone(), name.clone())),
                _ => None,
            };
            member.cloned().unwrap_or_else(|| value(*of).member(&Value::text(name.as_str())))
        }
        Expression::Item(of, key) => match template.expressions.get(*key).map(|node| &node.expression) {
            Some(Expression::Slice(parts)) => {
                let known = parts.iter().flatten().all(|part| value(*part).is_known());
                let part = |id: Option<Id>| id.and_then(|id| value(id).integer);
                let [from, to, by] = *parts;
                if known {
                    value(*of).slice([part(from), part(to), part(by)])
                } else {
                    let of = value(*of);
                    Value {
                        built: of.is_text(),
                        host: of.host,
                        items: of.items.clone(),
                        weight: of.weight,
                        ..Value::default()
                    }
                }
            }
            _ => value(*of).member(value(*key)),
        },
        Expression::Call(callee, arguments) => call(template, *callee, arguments, &value),
        Expression::Filter(target, name, arguments) => {
            let target = target.map_or_else(Value::host, |target| value(target).clone());
            filter(&target, name, arguments, &value)
        }
        Expression::Concat(parts) => Value::concat(parts.iter().map(|part| value(*part))),
        Expression::Binary(operator, left, right) => binary(operator, value(*left), value(*right)),
        Expression::Either(left, right) => value(*left).or(value(*right)),
        Expression::Sign(sign, of) => {
            let number =
                value(*of).integer.and_then(|number| if *sign == "-" { number.checked_neg() } else { Some(number) });
            Value { integer: number, host: value(*of).host, ..Value::default() }
        }
        Expression::Condition(then, other) => other.map_or(value(*then).clone(), |other| value(*then).or(value(other))),
    }
}

fn binary(operator: &str, left: &Value, right: &Value) -> Value {
    let numbers = left.integer.zip(right.integer).filter(|_| left.is_known() && right.is_known());
    let plain = |value: &Value| value.is_text() || value.items.is_some();
    let unknown = || Value { built: left.is_text() || right.is_text(), host: true, ..Value::default() };
    match operator {
        "+" if left.items.is_some() && right.items.is_some() => {
            let items = [left, right].into_iter().flat_map(|side| side.members().unwrap_or_default());
            Value::list(items.collect())
        }
        "+" if left.is_text() || right.is_text() => Value::concat([left, right]),
        "%" if left.is_text() => left.percent(right),
        "*" if plain(left) || plain(right) => {
            let (text, times) = if plain(left) { (left, right.integer) } else { (right, left.integer) };
            let times = times.and_then(|times| usize::try_from(times).ok()).filter(|times| *times <= 64);
            match times {
                Some(times) if text.items.is_none() => text.each(|text| text.repeat(times)),
                _ => Value { built: text.is_text(), ..text.clone() },
            }
        }
        _ => match numbers {
            Some((a, b)) => {
                let result = match operator {
                    "+" => a.checked_add(b),
                    "-" => a.checked_sub(b),
                    "*" => a.checked_mul(b),
                    "//" => a.checked_div_euclid(b),
                    "%" => a.checked_rem_euclid(b),
                    "**" => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
                    _ => None,
                };
                result.map_or_else(Value::default, Value::integer)
            }
            None => unknown(),
        },
    }
}

fn call<'v>(template: &Template, callee: Id, arguments: &Arguments, value: &dyn Fn(Id) -> &'v Value) -> Value {
    let plain: Vec<Value> = arguments.plain.iter().map(|id| value(*id).clone()).collect();
    let named: Vec<(String, Value)> =
        arguments.named.iter().map(|(name, id)| (name.clone(), value(*id).clone())).collect();
    match template.expressions.get(callee).map(|node| &node.expression) {
        Some(Expression::Name(name)) if name == "dict" => {
            Value::dict(named.into_iter().map(|(name, value)| (Value::text(name), value)).collect())
        }
        Some(Expression::Attribute(of, method)) => self_method(value(*of), method, &plain, &named),
        Some(Expression::Item(of, key)) => match value(*key).texts.as_slice() {
            [method] => self_method(value(*of), method, &plain, &named),
            _ => Value::built(),
        },
        _ => Value::host(),
    }
}

fn self_method(of: &Value, method: &str, plain: &[Value], named: &[(String, Value)]) -> Value {
    let text = |at: usize| plain.get(at).and_then(Value::spelt).and_then(|texts| texts.into_iter().next());
    match (method, plain.len()) {
        ("join", 1) => join(plain.first().unwrap_or(&Value::default()), of),
        ("keys", 0) if of.pairs.is_some() => Value::list(of.members().unwrap_or_default()),
        ("values", 0) if of.pairs.is_some() => {
            let pairs = of.pairs.iter().flat_map(|pairs| pairs.iter());
            Value::list(pairs.map(|(_, value)| value.clone()).collect())
        }
        ("get", 1 | 2) if of.pairs.is_some() => {
            let found = plain.first().map_or_else(Value::default, |key| of.member(key));
            plain.get(1).map_or(found.clone(), |other| found.or(other))
        }
        ("pop", 0) if of.items.is_some() => of.any_member(),
        _ if !of.is_text() => Value::host(),
        ("lower" | "casefold", 0) => of.each(str::to_lowercase),
        ("upper", 0) => of.each(str::to_uppercase),
        ("capitalize" | "title", 0) => of.each(capitalized),
        ("swapcase", 0) => of.each(|text| text.chars().map(swapped).collect()),
        ("strip", 0) => of.each(|text| text.trim().to_owned()),
        ("lstrip", 0) => of.each(|text| text.trim_start().to_owned()),
        ("rstrip", 0) => of.each(|text| text.trim_end().to_owned()),
        ("strip" | "lstrip" | "rstrip", 1) => match text(0) {
            Some(letters) => of.each(|text| {
                let text = if method == "rstrip" { text } else { text.trim_start_matches(|c| letters.contains(c)) };
                let text = if method == "lstrip" { text } else { text.trim_end_matches(|c| letters.contains(c)) };
                text.to_owned()
            }),
            None => Value::built(),
        },
        ("removeprefix", 1) => match text(0) {
            Some(prefix) => of.each(|text| text.strip_prefix(&*prefix).unwrap_or(text).to_owned()),
            None => Value::built(),
        },
        ("removesuffix", 1) => match text(0) {
            Some(suffix) => of.each(|text| text.strip_suffix(&*suffix).unwrap_or(text).to_owned()),
            None => Value::built(),
        },
        ("replace", 2 | 3) => match (text(0), text(1)) {
            (Some(from), Some(to)) => of.each(|text| text.replace(&*from, &to)),
            _ => Value::built(),
        },
        ("split" | "rsplit", 0..=2) if of.texts.len() == 1 => {
            let whole = of.texts.first().map_or("", |text| text);
            let parts: Vec<Value> = match text(0) {
                Some(separator) if !separator.is_empty() => whole.split(&*separator).map(Value::text).collect(),
                None if plain.is_empty() => whole.split_whitespace().map(Value::text).collect(),
                _ => return Value::built(),
            };
            Value::list(parts)
        }
        ("format", _) => of.braces(plain, named),
        ("startswith" | "endswith" | "find" | "rfind" | "index" | "count" | "isdigit" | "isalpha", _) => {
            Value::default()
        }
        _ => Value::built(),
    }
}

fn swapped(c: char) -> char {
    if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + &letters.as_str().to_lowercase())
}

fn join(items: &Value, separator: &Value) -> Value {
    let Some(members) = items.members().filter(|_| items.is_known()) else {
        // names of the host, put together: no text of the template's own
        let host = items.host && !items.built && separator.texts.iter().all(|text| !text.contains('_'));
        return if host { Value::host() } else { Value::built() };
    };
    let empty = Value::text("");
    let separator = if separator.is_text() { separator } else { &empty };
    let mut parts = Vec::new();
    for member in &members {
        if !parts.is_empty() {
            parts.push(separator);
        }
        parts.push(member);
    }
    Value::concat(parts)
}

fn filter<'v>(target: &Value, name: &str, arguments: &Arguments, value: &dyn Fn(Id) -> &'v Value) -> Value {
    let argument = |at: usize| arguments.plain.get(at).map(|id| value(*id));
    let text = |at: usize| argument(at).and_then(Value::spelt).and_then(|texts| texts.into_iter().next());
    match name {
        "join" => join(target, &argument(0).cloned().unwrap_or_default()),
        "reverse" => {
            let mut value = Value { weight: target.weight, ..target.slice([None, None, Some(-1)]) };
            if target.items.is_none() && target.pairs.is_some() {
                value.items = target.members().map(|members| members.into_iter().rev().collect::<Vec<_>>().into());
            }
            value
        }
        "replace" => match (text(0), text(1)) {
            (Some(from), Some(to)) => target.each(|text| text.replace(&*from, &to)),
            _ if target.host && !target.is_text() => Value::host(),
            _ => Value::built(),
        },
        "lower" => target.each(str::to_lowercase),
        "upper" => target.each(str::to_uppercase),
        "capitalize" | "title" => target.each(capitalized),
        "trim" => match text(0) {
            Some(letters) => target.each(|text| text.trim_matches(|c| letters.contains(c)).to_owned()),
            None => target.each(|text| text.trim().to_owned()),
        },
        "string" | "safe" | "escape" | "e" | "forceescape" if target.is_known() && target.spelt().is_some() => {
            Value::texts(target.spelt().unwrap_or_default())
        }
        // the text of an object that is no data: its letters are as good as an alphabet
        "string" | "safe" | "escape" | "e" | "urlencode" | "pprint" if !target.host || target.function.is_some() => {
            Value::built()
        }
        "list" | "unique" | "sort" => match target.members() {
            Some(members) if target.is_known() => Value::list(members),
            _ => Value { built: target.built, ..Value::host() },
        },
        "first" => target.member(&Value::integer(0)).or(&first_key(target, false)),
        "last" => target.member(&Value::integer(-1)).or(&first_key(target, true)),
        "random" | "min" | "max" => target.any_member(),
        "default" | "d" => argument(0).map_or_else(|| target.clone(), |other| target.or(other)),
        "format" => {
            let items: Vec<Value> = arguments.plain.iter().map(|id| value(*id).clone()).collect();
            target.percent(&Value::list(items))
        }
        "length" | "count" | "int" | "float" | "abs" | "round" | "sum" | "wordcount" => {
            Value { integer: target.integer.filter(|_| name == "int"), host: true, ..Value::default() }
        }
        "attr" => Value::host(),
        // a generator over what the template wrote: its own text shows where it lies
        "select" | "reject" | "selectattr" | "rejectattr" | "batch" | "slice" if !target.host => {
            Value { function: Some("generator".into()), ..target.any_member() }
        }
        "map" if text(0).as_deref() == Some("string") => Value::built(),
        "tojson" | "indent" | "wordwrap" | "center" | "truncate" | "striptags" | "xmlattr" => {
            Value { built: target.is_text() || target.function.is_some(), host: true, ..Value::default() }
        }
        _ => Value { built: target.is_text() || target.function.is_some(), host: true, ..Value::default() },
    }
}

/// The first or last key of a dictionary.
fn first_key(target: &Value, last: bool) -> Value {
    let Some(pairs) = target.pairs.as_ref().filter(|_| target.items.is_none()) else { return Value::default() };
    let pair = if last { pairs.last() } else { pairs.first() };
    pair.map_or_else(Value::default, |(key, _)| key.clone())
}
