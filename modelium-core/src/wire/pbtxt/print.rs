//! A tree as text, in the style of Triton's documentation.

use std::fmt::Write as _;

use super::{Element, Message, Value};

/// The text of a whole file.
pub(super) fn message(message: &Message) -> String {
    let mut text = String::new();
    fields(&mut text, message, 0);
    text
}

fn fields(text: &mut String, message: &Message, depth: usize) {
    for field in &message.fields {
        indent(text, depth);
        text.push_str(&field.name);
        match &field.value {
            Value::Message(inner) => {
                text.push(' ');
                braces(text, inner, depth);
            }
            Value::List(elements) if elements.iter().any(|element| matches!(element.value, Value::Message(_))) => {
                messages(text, elements, depth);
            }
            Value::List(elements) => {
                text.push_str(": [");
                for (index, element) in elements.iter().enumerate() {
                    text.push_str(if index == 0 { " " } else { ", " });
                    scalar(text, &element.value);
                }
                text.push_str(" ]");
            }
            value => {
                text.push_str(": ");
                scalar(text, value);
            }
        }
        text.push('\n');
    }
}

/// A list whose elements are messages, each brace on a line of its own.
fn messages(text: &mut String, elements: &[Element], depth: usize) {
    text.push_str(" [\n");
    for (index, element) in elements.iter().enumerate() {
        if index != 0 {
            text.push_str(",\n");
        }
        indent(text, depth.saturating_add(1));
        match &element.value {
            Value::Message(inner) => braces(text, inner, depth.saturating_add(1)),
            other => scalar(text, other),
        }
    }
    text.push('\n');
    indent(text, depth);
    text.push(']');
}

fn braces(text: &mut String, message: &Message, depth: usize) {
    if message.fields.is_empty() {
        text.push_str("{ }");
        return;
    }
    text.push_str("{\n");
    fields(text, message, depth.saturating_add(1));
    indent(text, depth);
    text.push('}');
}

fn indent(text: &mut String, depth: usize) {
    (0..depth).for_each(|_| text.push_str("  "));
}

fn scalar(text: &mut String, value: &Value) {
    match value {
        Value::Integer { negative, magnitude } => {
            let _ = write!(text, "{}{magnitude}", if *negative { "-" } else { "" });
        }
        Value::Float(number) if number.is_nan() => text.push_str("nan"),
        Value::Float(number) => {
            let _ = write!(text, "{number:?}");
        }
        Value::Word(word) => text.push_str(word),
        Value::Text(bytes) => quoted(text, bytes),
        Value::Message(inner) => braces(text, inner, 0), // a list holds no list, so this and the next do not happen
        Value::List(_) => text.push_str("[ ]"),
    }
}

/// Quotes a string; what is neither printable nor UTF-8 becomes an octal escape, which every parser reads alike.
fn quoted(text: &mut String, bytes: &[u8]) {
    text.push('"');
    for chunk in bytes.utf8_chunks() {
        for letter in chunk.valid().chars() {
            match letter {
                '"' => text.push_str("\\\""),
                '\\' => text.push_str("\\\\"),
                '\n' => text.push_str("\\n"),
                '\r' => text.push_str("\\r"),
                '\t' => text.push_str("\\t"),
                '\0'..='\x1f' | '\x7f' => {
                    let _ = write!(text, "\\{:03o}", u32::from(letter));
                }
                letter => text.push(letter),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "\\{byte:03o}");
        }
    }
    text.push('"');
}
