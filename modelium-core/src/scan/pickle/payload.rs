//! Constants that are pickles themselves, plain or written as text, though nothing here loads them.

use crate::blob::Blob;
use crate::context::Context;
use crate::error::Result;
use crate::finding::Severity;
use crate::scan::pickle::fold::{unbase64, unhex};
use crate::scan::pickle::judge::judge;
use crate::wire::pickle::{self, Options, Trace, Value};

/// Constants that are looked into, and instructions of each.
const CONSTANTS: usize = 256;
const INSTRUCTIONS: u64 = 100_000;

/// The first constant that is a whole pickle, and what it would call.
pub(super) fn hidden(trace: &Trace, cx: &Context) -> Result<Vec<(u64, String, String)>> {
    let mut found = Vec::new();
    let mut looked = 0_usize;
    for (_, value) in trace.values() {
        let (Value::Str(span) | Value::Bytes(span) | Value::ByteArray(span)) = value else { continue };
        let bytes = trace.span(span);
        let decoded = match bytes {
            [0x80, 2..=5, .., b'.'] => bytes.to_vec(),
            [b'g', b'A', b'I' | b'J' | b'M' | b'N' | b'Q' | b'R' | b'S' | b'T' | b'U' | b'V', ..]
                if bytes.len() > 15 =>
            {
                unbase64(bytes).unwrap_or_default()
            }
            [b'8', b'0', b'0', b'2'..=b'5', ..] if bytes.len() > 15 => unhex(bytes).unwrap_or_default(),
            _ => continue,
        };
        looked = looked.saturating_add(1);
        if looked > CONSTANTS {
            break;
        }
        let length = decoded.len() as u64;
        let blob = Blob::from_bytes("constant", decoded);
        let options = Options { instructions: Some(INSTRUCTIONS), ..Options::default() };
        let inner = pickle::run(&blob, 0, options, cx)?;
        if inner.fault().is_some() || inner.end() != length {
            continue;
        }
        let judged = judge(&inner);
        if judged.gravest() >= Some(Severity::Danger)
            && let Some(worst) = judged.charges.into_iter().find(|charge| charge.rule.severity == Severity::Danger)
        {
            let place = trace.place(span).unwrap_or(trace.start());
            found.push((place, worst.message, worst.evidence));
        }
    }
    Ok(found)
}
