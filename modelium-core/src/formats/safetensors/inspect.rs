//! What hides in a safetensors file: a header that lies, bytes that belong to nobody, credentials in the metadata.

use crate::error::Result;
use crate::formats::safetensors::{FORMAT, is_named, sniff};
use crate::formats::{FormatId, Inspector, Match, Sniff, Taken};
use crate::scan::{Exam, Part, content, rules, secrets};
use crate::wire::safetensors::{Flaw, Header};

/// Looks for danger in safetensors files.
#[derive(Debug, Clone, Copy, Default)]
pub struct SafetensorsInspector;

impl Inspector for SafetensorsInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        match sniff(&part.blob) {
            Match::Certain => Sniff::Certain,
            Match::Maybe => Sniff::Maybe,
            Match::No if is_named(part.name()) => Sniff::Maybe,
            Match::No => Sniff::No,
        }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let header = Header::read(&part.blob, exam.cx())?;
        for (byte, flaw) in header.flaws(part.blob.len()) {
            let rule = match &flaw {
                Flaw::Duplicate { .. } => &rules::structure::DUPLICATE,
                Flaw::Overlap { .. } => &rules::structure::OVERLAP,
                Flaw::Hole { .. } => &rules::structure::HOLE,
                Flaw::Trailing { .. } => &rules::structure::TRAILING,
                _ => &rules::structure::MALFORMED,
            };
            exam.report(rule, part.at(byte), flaw.to_string());
            let (name, bytes) = match flaw {
                Flaw::Hole { bytes, .. } => ("between the tensors", bytes),
                Flaw::Trailing { bytes } => ("behind the tensors", bytes),
                _ => continue,
            };
            let hidden = part.blob.slice(byte..byte.saturating_add(bytes).min(part.blob.len()));
            let hidden = hidden.filter(|hidden| hidden.iter().any(|byte| *byte != 0));
            if let Some(hidden) = hidden {
                content::search(part, byte..byte.saturating_add(hidden.len()), exam)?;
                exam.child(part, name, hidden)?;
            }
        }
        for (key, byte) in &header.unknown_keys {
            let message = format!("key '{key}' of a tensor is none of the format's");
            exam.report(&rules::structure::UNKNOWN_KEY, part.at(*byte), message);
        }
        for (key, value) in &header.metadata {
            secrets::examine_entry(&part.item(format!("__metadata__.{key}")), key, value, exam);
        }
        for entry in &header.tensors {
            if leads_elsewhere(&entry.name) {
                let message = format!("tensor '{}' has the name of a file elsewhere", entry.name);
                exam.report(&rules::structure::ODD_NAME, part.at(entry.at), message);
            }
            let start = header.data_start.saturating_add(entry.begin);
            content::search(part, start..header.data_start.saturating_add(entry.end), exam)?;
        }
        Ok(Taken::Yes)
    }
}

/// True for a name that, taken for a file's, leads out of its folder or ends at a NUL.
fn leads_elsewhere(name: &str) -> bool {
    name.contains('\0') || name.starts_with(['/', '\\']) || name.split(['/', '\\']).any(|part| part == "..")
}
