//! Values as source code, for a person to read: `os.system('true')`.

use crate::scan::callables;
use crate::wire::pickle::{CallKind, Trace, Value, ValueId};

/// Where an expression is cut, in bytes.
const MOST: usize = 300;
const DEPTH: u32 = 6;
const ITEMS: usize = 8;

/// Writes a value as Python would.
pub(super) fn render(trace: &Trace, id: ValueId) -> String {
    let mut text = String::new();
    write(trace, id, DEPTH, &mut text);
    text
}

fn write(trace: &Trace, id: ValueId, depth: u32, out: &mut String) {
    let Some(deeper) = depth.checked_sub(1).filter(|_| out.len() < MOST) else {
        out.push('…');
        return;
    };
    match trace.value(id) {
        Value::None => out.push_str("None"),
        Value::Bool(value) => out.push_str(if value { "True" } else { "False" }),
        Value::Int(value) => out.push_str(&value.to_string()),
        Value::Float(value) => out.push_str(&value.to_string()),
        Value::Long(span) => match trace.int(id) {
            Some(value) => out.push_str(&value.to_string()),
            None => put(out, format_args!("<integer of {} bytes>", trace.span(span).len())),
        },
        Value::Digits(span) => out.push_str(&String::from_utf8_lossy(first(trace.span(span)))),
        Value::Str(span) => {
            let bytes = trace.span(span);
            put(out, format_args!("'{}'", String::from_utf8_lossy(first(bytes)).escape_debug()));
            cut(bytes, out);
        }
        Value::Bytes(span) | Value::ByteArray(span) => {
            let bytes = trace.span(span);
            put(out, format_args!("b'{}'", first(bytes).escape_ascii()));
            cut(bytes, out);
        }
        Value::Tuple(..) => {
            let items = trace.items(id).unwrap_or_default();
            list(trace, items, ("(", if items.len() == 1 { ",)" } else { ")" }), deeper, out);
        }
        Value::List(_) => list(trace, trace.items(id).unwrap_or_default(), ("[", "]"), deeper, out),
        Value::Set(_) => list(trace, trace.items(id).unwrap_or_default(), ("{", "}"), deeper, out),
        Value::FrozenSet(..) => list(trace, trace.items(id).unwrap_or_default(), ("frozenset({", "})"), deeper, out),
        Value::Dict(_) => {
            out.push('{');
            entries(trace, id, ": ", deeper, out);
            out.push('}');
        }
        Value::Global { module, name } => {
            if let Some((module, name)) = trace.text(module).zip(trace.text(name)) {
                out.push_str(&callables::path(&module, &name));
            } else {
                out.push_str("<import ");
                write(trace, module, deeper, out);
                out.push_str(" . ");
                write(trace, name, deeper, out);
                out.push('>');
            }
        }
        Value::Call(_) => {
            let Some(call) = trace.call(id) else { return };
            write(trace, call.callee, deeper, out);
            if matches!(call.kind, CallKind::NewObj | CallKind::NewObjEx) {
                out.push_str(".__new__");
            }
            if let Some(items) = trace.items(call.args) {
                list(trace, items, ("(", ")"), deeper, out);
            } else {
                out.push_str("(*");
                write(trace, call.args, deeper, out);
                out.push(')');
            }
        }
        Value::Persistent(pid) => {
            out.push_str("persistent_load(");
            write(trace, pid, deeper, out);
            out.push(')');
        }
        Value::Extension(code) => put(out, format_args!("<extension {code}>")),
        Value::Buffer => out.push_str("<buffer>"),
        Value::Raw(_) => out.push_str("<array>"),
    }
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    use std::fmt::Write as _;
    let _ = out.write_fmt(text); // writing to a string does not fail
}

fn list(trace: &Trace, items: &[ValueId], (open, close): (&str, &str), depth: u32, out: &mut String) {
    out.push_str(open);
    for (index, item) in items.iter().take(ITEMS).enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        write(trace, *item, depth, out);
    }
    if items.len() > ITEMS {
        out.push_str(", …");
    }
    out.push_str(close);
}

fn entries(trace: &Trace, id: ValueId, between: &str, depth: u32, out: &mut String) {
    for (index, (key, value)) in trace.entries(id).take(ITEMS).enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        write(trace, key, depth, out);
        out.push_str(between);
        write(trace, value, depth, out);
    }
}

fn first(bytes: &[u8]) -> &[u8] {
    bytes.get(..60).unwrap_or(bytes)
}

fn cut(bytes: &[u8], out: &mut String) {
    if bytes.len() > 60 {
        out.push('…');
    }
}
