//! Every field against the table of Triton's messages: does it exist, may it stand twice, is its value of its kind.

use std::collections::HashMap;

use crate::tensor::DType;

use super::super::config::data_type;
use super::super::fields::{self, FieldSpec, Kind, MessageSpec};
use super::super::pbtxt::{Message, Position, Value};
use super::Report;
use super::suggest::{choose, nearest};

/// Reports what Triton's own parser would refuse.
pub(super) fn check(tree: &Message, report: &mut Report) {
    if let Some(root) = fields::message(fields::ROOT) {
        check_message(tree, root, "a model configuration", report);
    }
}

fn check_message(message: &Message, spec: &'static MessageSpec, inside: &str, report: &mut Report) {
    let mut seen: HashMap<&str, Position> = HashMap::new();
    let mut groups: HashMap<&str, &str> = HashMap::new();
    for field in &message.fields {
        let Some(known) = spec.field(&field.name) else {
            unknown_field(&field.name, field.at, spec, inside, report);
            continue;
        };
        let is_list = matches!(field.value, Value::List(_));
        if !known.repeated {
            if let Some(first) = seen.insert(known.name, field.at) {
                let message = format!("'{}' stands here and at line {}; it may stand once", known.name, first.line);
                report.error("triton.field_twice", field.at, message, "keep one of them");
            }
            if is_list {
                let message = format!("'{}' takes one value, not a list", known.name);
                report.error("triton.wrong_kind", field.at, message, "take the brackets away");
                continue;
            }
            if let Some(group) = known.oneof
                && let Some(other) = groups.insert(group, known.name).filter(|other| *other != known.name)
            {
                let message = format!("'{}' and '{other}' exclude each other", known.name);
                report.error("triton.exclusive_fields", field.at, message, "keep one of them");
            }
        }
        for (at, value) in field.values() {
            check_value(value, at, known, report);
        }
    }
}

fn unknown_field(name: &str, at: Position, spec: &MessageSpec, inside: &str, report: &mut Report) {
    if report.is_full() {
        return report.error("triton.unknown_field", at, "", ""); // counted, and not worth a search
    }
    let names = spec.fields.iter().map(|field| field.name);
    let remedy = match nearest(name, names.clone()) {
        Some(other) => format!("did you mean '{other}'?"),
        None => match homes(name).as_slice() {
            [] => choose(name, names),
            homes => format!("it belongs into {}", homes.join(" or ")),
        },
    };
    report.error("triton.unknown_field", at, format!("{inside} has no field '{name}'"), remedy);
}

/// The fields whose message has a field of that name: `dynamic_batching` for `preferred_batch_size`.
fn homes(name: &str) -> Vec<String> {
    let Some(root) = fields::message(fields::ROOT) else { return Vec::new() };
    let holds = |field: &&FieldSpec| match field.kind {
        Kind::Message(inner) => fields::message(inner).is_some_and(|inner| inner.field(name).is_some()),
        _ => false,
    };
    root.fields.iter().filter(holds).map(|field| format!("'{}'", field.name)).collect()
}

fn check_value(value: &Value, at: Position, spec: &FieldSpec, report: &mut Report) {
    let name = spec.name;
    let wrong = |report: &mut Report, expected: &str, remedy: &str| {
        let message = format!("'{name}' is {}; it takes {expected}", found(value));
        report.error("triton.wrong_kind", at, message, remedy);
    };
    match spec.kind {
        Kind::Bool if value.as_bool().is_none() => {
            wrong(report, "true or false", "write true or false, without quotes");
        }
        Kind::Bool => {}
        Kind::Int32 | Kind::Int64 | Kind::Uint32 | Kind::Uint64 => {
            if let Err((expected, remedy)) = integer(value, spec.kind) {
                wrong(report, &expected, remedy);
            }
        }
        Kind::Float | Kind::Double => {
            let word = |word: &str| ["inf", "infinity", "nan"].contains(&word.to_ascii_lowercase().as_str());
            let is_number = matches!(value, Value::Integer { .. } | Value::Float(_));
            if !is_number && !value.as_word().is_some_and(word) {
                wrong(report, "a number", "write digits, without quotes");
            }
        }
        Kind::String => match value {
            Value::Text(bytes) if std::str::from_utf8(bytes).is_err() => {
                let message = format!("'{name}' is not UTF-8; clients may refuse to show it");
                report.warning("triton.not_utf8", at, message, "write it in UTF-8");
            }
            Value::Text(_) => {}
            _ => wrong(report, "a string", "put it into quotes"),
        },
        Kind::Enum(values) => enumeration(value, at, name, values, report),
        Kind::Message(inner) | Kind::Map(inner) => match (value, fields::message(inner)) {
            (Value::Message(message), Some(spec)) => check_message(message, spec, &format!("'{name}'"), report),
            (Value::Message(_), None) => {}
            _ => wrong(report, "a message", "write its fields between { and }"),
        },
    }
}

/// What is wrong with an integer, and what to do.
fn integer(value: &Value, kind: Kind) -> Result<(), (String, &'static str)> {
    let (least, most): (i128, i128) = match kind {
        Kind::Int32 => (i32::MIN.into(), i32::MAX.into()),
        Kind::Int64 => (i64::MIN.into(), i64::MAX.into()),
        Kind::Uint32 => (0, u32::MAX.into()),
        _ => (0, u64::MAX.into()),
    };
    match *value {
        Value::Integer { negative, magnitude } => {
            let magnitude = i128::from(magnitude);
            let number = if negative { -magnitude } else { magnitude };
            if (least..=most).contains(&number) {
                return Ok(());
            }
            Err((format!("an integer from {least} to {most}"), "write a number in that range"))
        }
        Value::Text(_) => Err(("an integer".to_owned(), "take the quotes away")),
        _ => Err(("an integer".to_owned(), "write digits alone")),
    }
}

fn enumeration(value: &Value, at: Position, name: &str, spec: &str, report: &mut Report) {
    let Some(spec) = fields::enumeration(spec) else { return };
    let names = spec.values.iter().map(|(name, _)| *name);
    let word = match value {
        Value::Word(word) if spec.number(word).is_some() => return,
        Value::Word(word) => word.as_str(),
        Value::Integer { .. } => {
            let number = value.as_i64();
            if !spec.values.iter().any(|(_, known)| Some(i64::from(*known)) == number) {
                let message = format!("'{name}' has no value with the number {}", found(value));
                report.error("triton.unknown_value", at, message, choose("", names));
            }
            return;
        }
        Value::Text(_) => {
            let text = value.as_str().unwrap_or_default();
            let message = format!("'{name}' is {}; it takes a bare word", found(value));
            let remedy =
                if spec.number(text).is_some() { "take the quotes away".to_owned() } else { choose(text, names) };
            report.error("triton.wrong_kind", at, message, remedy);
            return;
        }
        _ => {
            report.error(
                "triton.wrong_kind",
                at,
                format!("'{name}' is {}; it takes a bare word", found(value)),
                choose("", names),
            );
            return;
        }
    };
    // FP32 and float32 are what the protocol and ONNX say for TYPE_FP32
    let other =
        serde_json::from_value::<DType>(word.to_ascii_lowercase().into()).ok().and_then(data_type).or_else(|| {
            let name = if word.eq_ignore_ascii_case("bytes") { "STRING" } else { word };
            names.clone().find(|known| known.rsplit_once('_').is_some_and(|(_, end)| end.eq_ignore_ascii_case(name)))
        });
    let other = other.filter(|other| spec.number(other).is_some());
    let remedy = other.map_or_else(|| choose(word, names), |other| format!("did you mean '{other}'?"));
    report.error("triton.unknown_value", at, format!("'{name}' has no value '{word}'"), remedy);
}

/// A value in words.
fn found(value: &Value) -> String {
    match value {
        Value::Message(_) => "a message".to_owned(),
        Value::List(_) => "a list".to_owned(),
        Value::Integer { negative, magnitude } => format!("{}{magnitude}", if *negative { "-" } else { "" }),
        Value::Float(number) => format!("{number:?}"),
        Value::Word(word) => format!("the word {word}"),
        Value::Text(text) => format!("the string \"{}\"", text.escape_ascii()),
    }
}
