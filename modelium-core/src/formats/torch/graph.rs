//! What would act in the graph of an exported program.
//!
//! Loading one does three things with its text that can act. Targets of nodes are looked up by `getattr` from `torch`, step
//! by step, and called: `torch.ops.aten.add` is an operator, `torch.os.system` is not. Symbolic sizes go through
//! `sympify`, which evaluates Python. Guards become the source of a function. Each is held against what `torch.export`
//! writes.

use crate::blob::Blob;
use crate::error::{Location, Result};
use crate::formats::torch::code::{Act, Use};
use crate::scan::callables;
use crate::scan::rules::torch as rules;
use crate::scan::{Exam, Part};
use crate::wire::json::{self, Json};

/// Functions of sizes that `torch.export` writes: those of sympy and of torch's own.
const FUNCTIONS: &[&str] = &[
    "Abs",
    "Add",
    "And",
    "CeilDiv",
    "CeilToInt",
    "CleanDiv",
    "Eq",
    "Equality",
    "FloatPow",
    "FloatTrueDiv",
    "Float",
    "FloorDiv",
    "FloorToInt",
    "Ge",
    "GreaterThan",
    "Gt",
    "Identity",
    "IntTrueDiv",
    "Integer",
    "IsNonOverlappingAndDenseIndicator",
    "LShift",
    "Le",
    "LessThan",
    "Lt",
    "Max",
    "Min",
    "Mod",
    "ModularIndexing",
    "Mul",
    "Ne",
    "Not",
    "Or",
    "Piecewise",
    "ExprCondPair",
    "Pow",
    "PowByNatural",
    "PythonMod",
    "RShift",
    "Rational",
    "RoundDecimal",
    "RoundToInt",
    "StrictGreaterThan",
    "StrictLessThan",
    "Symbol",
    "ToFloat",
    "TruncToFloat",
    "TruncToInt",
    "Unequality",
    "Where",
    "ceiling",
    "floor",
    "log",
    "sqrt",
    "abs",
    "max",
    "min",
    "int",
    "float",
    "bool",
    "len",
    "size",
    "stride",
    "storage_offset",
    "sym_max",
    "sym_min",
    "sym_not",
    "sym_ite",
    "sym_float",
    "sym_int",
    "sym_sum",
];

/// Names that are looked up behind a dot in guards.
const ATTRIBUTES: &[&str] = &[
    "size",
    "stride",
    "storage_offset",
    "dtype",
    "device",
    "shape",
    "sym_max",
    "sym_min",
    "sym_not",
    "sym_ite",
    "sym_float",
    "sym_int",
    "sym_sum",
    "ceil",
    "floor",
    "trunc",
    "sqrt",
    "log",
    "log2",
    "pow",
];

/// Functions of `math` and `_operator` that act on nothing but numbers.
const ROOTS: &[&str] = &["_operator.", "math."];

/// Examines a graph, or an index of tensors.
///
/// # Errors
/// `Cancelled`, and what [`json::parse`] raises.
pub(super) fn inspect(part: &Part, exam: &mut Exam<'_>) -> Result<()> {
    let document = json::parse(&part.blob, exam.cx())?;
    let mut waiting: Vec<&Json> = vec![&document.root];
    let mut done = 0_u64;
    while let Some(value) = waiting.pop() {
        exam.cx().tick("scan", done, 0)?;
        done = done.saturating_add(1);
        waiting.extend(value.items());
        let is_node = value.get("inputs").is_some() && value.get("outputs").is_some();
        for (key, inner) in value.entries() {
            match (key.as_str(), inner) {
                ("target", Json::String(name)) if is_node => target(part, name, exam),
                ("expr_str", Json::String(text)) => expression(part, "a size", text, exam),
                ("guards_code", Json::Array(guards)) => {
                    guards.iter().filter_map(Json::as_str).for_each(|text| expression(part, "a guard", text, exam));
                }
                _ => waiting.push(inner),
            }
        }
    }
    Ok(())
}

/// Where a text stands in the part.
fn place(part: &Part, text: &str) -> Location {
    let found = memchr::memmem::find(&part.blob, text.as_bytes());
    found.map_or_else(|| part.location(), |at| part.at(at as u64))
}

/// A target that a node calls.
fn target(part: &Part, name: &str, exam: &mut Exam<'_>) {
    if let Some(path) = name.strip_prefix("torch.ops.") {
        let mut steps = path.split('.');
        let (domain, operator) = (steps.next().unwrap_or_default(), steps.next().unwrap_or_default());
        let found = Use { byte: 0, domain: domain.to_owned(), name: operator.to_owned() };
        let (rule, message) = match found.act() {
            None => return,
            Some(Act::Writes) => (&rules::SCRIPT_WRITES, format!("a node calls '{name}', which writes a file")),
            Some(Act::Reads) => (&rules::SCRIPT_READS, format!("a node calls '{name}', which reads a file")),
            Some(Act::Unknown) => {
                (&rules::SCRIPT_UNKNOWN_OPERATOR, format!("a node calls '{name}', which PyTorch does not bring"))
            }
        };
        exam.report(rule, place(part, name), message);
        return;
    }
    let plain = ROOTS.iter().any(|root| name.strip_prefix(root).is_some_and(|rest| !rest.contains('.')));
    let symbolic = name.strip_prefix("torch.sym_").is_some_and(|rest| !rest.contains('.'));
    // what resolves to nothing stays text, and nothing calls it
    if plain || symbolic || !name.starts_with("torch") && !name.starts_with("_operator") && !name.starts_with("math") {
        return;
    }
    let inner = name.strip_prefix("torch.").unwrap_or(name);
    let act = callables::act(inner).or_else(|| callables::act(name));
    match act {
        Some(act) => {
            let message = format!("a node calls '{name}', which {}", act.verb());
            let rule = if act.endangers() { &rules::PROGRAM_ACTS } else { &rules::PROGRAM_CALLS };
            exam.report(rule, place(part, name), message);
        }
        None => {
            exam.report(
                &rules::PROGRAM_CALLS,
                place(part, name),
                format!("a node calls '{name}', which is no operator"),
            );
        }
    }
}

/// Text that is evaluated as Python: arithmetic on sizes, or something else.
fn expression(part: &Part, what: &str, text: &str, exam: &mut Exam<'_>) {
    let Some(word) = stranger(text) else { return };
    let dangerous = word.contains("__") || callables::act(&format!("builtins.{word}")).is_some();
    let rule = if dangerous { &rules::PROGRAM_ACTS } else { &rules::PROGRAM_CALLS };
    let message = format!("{what} is evaluated as Python and uses '{word}', which sizes do not");
    exam.report_seen(rule, place(part, word), message, text);
}

/// The first name in an expression that arithmetic on sizes does not use.
fn stranger(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let mut at = 0_usize;
    let mut before = b' ';
    while let Some(byte) = bytes.get(at) {
        let start = at;
        if matches!(byte, b'"' | b'\'') {
            at = at.saturating_add(1);
            while bytes.get(at).is_some_and(|inner| inner != byte) {
                let step = if bytes.get(at) == Some(&b'\\') { 2 } else { 1 };
                at = at.saturating_add(step);
            }
            at = at.saturating_add(1);
        } else if byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii() {
            while bytes
                .get(at)
                .is_some_and(|inner| inner.is_ascii_alphanumeric() || *inner == b'_' || !inner.is_ascii())
            {
                at = at.saturating_add(1);
            }
            let word = text.get(start..at).unwrap_or(text);
            let rest = text.get(at..).unwrap_or_default().trim_start();
            let calls = rest.starts_with('(');
            let attribute = before == b'.' && !word.starts_with(|c: char| c.is_ascii_digit());
            // `Symbol('s0', integer=True)`: a generated function ends in the name of its symbol
            let opaque = word.starts_with("OpaqueUnaryFn_") || word.starts_with("BitwiseFn_");
            let known = if attribute {
                ATTRIBUTES.contains(&word)
            } else if calls {
                FUNCTIONS.contains(&word)
                    || opaque
                    || matches!(word, "and" | "or" | "not" | "if" | "else" | "in" | "is")
            } else {
                !matches!(word, "lambda" | "import" | "for" | "yield" | "await" | "exec" | "eval") && word.is_ascii()
            };
            if !known || word.contains("__") {
                return Some(word);
            }
        } else {
            at = at.saturating_add(1);
        }
        if !byte.is_ascii_whitespace() {
            before = *byte;
        }
        // a call of what was called or indexed: `x[0](…)`
        if matches!(byte, b'(') && start > 0 {
            let back = text.get(..start).unwrap_or_default().trim_end();
            if back.ends_with([']', '}', '"', '\'']) || back.ends_with(')') {
                return Some(text.get(..start).unwrap_or_default());
            }
        }
    }
    None
}

/// True for a record that holds a graph or an index of tensors.
pub(super) fn is_graph(record: &str, blob: &Blob) -> bool {
    let named = record.rsplit_once('.').is_some_and(|(_, end)| end == "json");
    named
        && (record.starts_with("models/") || record.starts_with("serialized_") || record.starts_with("data/"))
        && blob.starts_with(b"{")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_guards_that_torch_export_writes_are_arithmetic() {
        for text in [
            "FloorDiv(Mul(Symbol('s27', positive=True, integer=True), Integer(2)), Integer(2))",
            "torch.sym_max(1, (L['x'].size()[1]*(1 + L['x'].size()[0])) // 2) == 3",
            "not (L['x'].stride()[0] >= 2 and s0 + 1 != 0.5)",
            "Max(1, s0//2)",
        ] {
            assert_eq!(stranger(text), None, "{text}");
        }
    }

    #[test]
    fn python_that_is_no_arithmetic_is_named() {
        for (text, word) in [
            ("__import__('os').system('true')", "__import__"),
            ("Symbol('s0').__class__", "__class__"),
            ("exec('x')", "exec"),
            ("[f('x') for f in [L]]", "f"),
            ("math.os.system('true')", "os"),
            ("(lambda: 1)()", "lambda"),
            ("L['x'](1)", "L['x']"),
        ] {
            assert_eq!(stranger(text), Some(word), "{text}");
        }
    }
}
