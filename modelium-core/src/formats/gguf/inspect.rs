//! What would act in a GGUF file: templates that reach into Python, sizes that reach into the reader's memory.

use crate::error::{Error, ErrorKind, Result};
use crate::finding::Rule;
use crate::formats::gguf::error::{Flaw, GgufError, GgufFault};
use crate::formats::gguf::header::{Header, Value, lossy};
use crate::formats::gguf::types::NEWEST;
use crate::formats::gguf::{FORMAT, MAGIC};
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::{Exam, Part, content, rules, secrets, template};

/// The longest text that is looked through for credentials.
const TEXT: u64 = 1 << 20;

/// Numbers of types that a later ggml may have; beyond, none ever had one.
const LATER: u32 = 64;

/// Looks for danger in GGUF files.
#[derive(Debug, Clone, Copy, Default)]
pub struct GgufInspector;

impl Inspector for GgufInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if part.blob.starts_with(MAGIC) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let header = match Header::read(&part.blob, exam.cx()) {
            Ok(header) => header,
            Err(error) if wraps(&error) => {
                let byte = error.location().byte.unwrap_or_default();
                exam.report(&rules::structure::OVERFLOW, part.at(byte), error.message());
                return Ok(Taken::Yes);
            }
            // lists that nest without end bring readers that recurse down
            Err(error) if error.kind() == ErrorKind::LimitExceeded => {
                let byte = error.location().byte.unwrap_or_default();
                exam.report(&rules::structure::MALFORMED, part.at(byte), error.message());
                return Err(error);
            }
            Err(error) => return Err(error),
        };
        for (byte, flaw) in header.flaws(&part.blob) {
            let at = part.at(byte);
            if let Some(rule) = rule_of(&flaw) {
                exam.report(rule, at, flaw.to_string());
            } else {
                exam.gap(at, 0, flaw.to_string());
            }
            let (name, bytes) = match flaw {
                Flaw::Hole { bytes, .. } => ("between the tensors", bytes),
                Flaw::Trailing { bytes } => ("behind the tensors", bytes),
                _ => continue,
            };
            let hidden = part.blob.slice(byte..byte.saturating_add(bytes).min(part.blob.len()));
            if let Some(hidden) = hidden.filter(|hidden| hidden.iter().any(|byte| *byte != 0)) {
                content::search(part, byte..byte.saturating_add(hidden.len()), exam)?;
                exam.child(part, name, hidden)?;
            }
        }
        for pair in &header.pairs {
            let Value::Text(range) = &pair.value else { continue };
            let text = lossy(&part.blob, range);
            if pair.key.starts_with("tokenizer.chat_template") {
                let mut at = part.at(range.start);
                at.item = Some(pair.key.clone());
                template::examine(&at, &text, exam)?;
            }
            if text.len() as u64 <= TEXT {
                let mut at = part.at(range.start);
                at.item = Some(pair.key.clone());
                secrets::examine_entry(&at, &pair.key, &text, exam);
            } else {
                exam.gap(
                    part.at(range.start),
                    text.len() as u64,
                    format!("the text of '{}' is not looked through", pair.key),
                );
            }
        }
        for entry in &header.tensors {
            let start = header.data_start.saturating_add(entry.offset);
            let end = entry.bytes().ok().and_then(|bytes| start.checked_add(bytes));
            if let Some(end) = end.filter(|end| *end <= part.blob.len()) {
                content::search(part, start..end, exam)?;
            }
        }
        Ok(Taken::Yes)
    }
}

/// True for a header whose sizes wrap around 64 bits.
fn wraps(error: &Error) -> bool {
    let leaf = std::error::Error::source(error).and_then(|leaf| leaf.downcast_ref::<GgufError>());
    leaf.is_some_and(|leaf| matches!(leaf.fault, GgufFault::Wraps { .. } | GgufFault::NoStart))
}

/// The rule that a flaw breaks; none for what only a later version can tell.
fn rule_of(flaw: &Flaw) -> Option<&'static Rule> {
    Some(match flaw {
        Flaw::Duplicate { .. } => &rules::structure::DUPLICATE,
        Flaw::UnknownType { code, .. } if (NEWEST..LATER).contains(code) => return None,
        Flaw::Overflow { .. } => &rules::structure::OVERFLOW,
        Flaw::OutOfBounds { .. } => &rules::structure::OUT_OF_BOUNDS,
        Flaw::Overlap { .. } => &rules::structure::OVERLAP,
        Flaw::Hole { .. } => &rules::structure::HOLE,
        Flaw::Trailing { .. } => &rules::structure::TRAILING,
        Flaw::UnknownType { .. }
        | Flaw::NoElements { .. }
        | Flaw::Ragged { .. }
        | Flaw::Misaligned { .. }
        | Flaw::CutOff { .. } => &rules::structure::MALFORMED,
    })
}
