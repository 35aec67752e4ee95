//! YAML of no particular format: configs beside models.
//!
//! No loader is known to read such a file; what is looked for is what would act on whoever loads it: tags that build
//! Python objects, targets that act when they are instantiated, aliases that multiply. Nearly every text is YAML of one
//! long scalar, so a text is taken only if it begins like a mapping or a list, and turns out to be one.

use crate::descriptor::FormatId;
use crate::error::Result;
use crate::formats::single::head;
use crate::formats::{Inspector, Sniff, Taken};
use crate::scan::{Exam, Part, hydra, yaml as judge};
use crate::wire::json::Json;
use crate::wire::yaml::{self, YamlError};

/// YAML.
pub const FORMAT: FormatId = FormatId::new("yaml");

/// A config longer than this is none.
const LONGEST: u64 = 16 << 20;

/// Looks for danger in YAML.
#[derive(Debug, Clone, Copy, Default)]
pub struct YamlInspector;

impl Inspector for YamlInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if part.blob.len() <= LONGEST && begins(&part.blob) { Sniff::Maybe } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let text = yaml::read(&part.blob, exam.cx())?;
        let holds = text.documents.iter().any(|document| matches!(document, Json::Object(_) | Json::Array(_)));
        if text.tags.is_empty() {
            match text.fault {
                Some(YamlError::TooDeep { .. }) => {
                    judge::examine(&text, part, exam);
                    return Ok(Taken::Yes);
                }
                Some(YamlError::TooLarge { at, cap }) if holds => return Err(YamlError::TooLarge { at, cap }.into()),
                Some(_) => return Ok(Taken::No),
                None if !holds => return Ok(Taken::No),
                None => {}
            }
        }
        judge::examine(&text, part, exam);
        for document in &text.documents {
            hydra::examine(document, &part.location(), hydra::Reader::Unknown, exam)?;
        }
        Ok(Taken::Yes)
    }
}

/// Whether the first line that says something is one of a mapping, a list, a directive or a tag.
fn begins(blob: &[u8]) -> bool {
    if blob.starts_with(b"\xff\xfe") || blob.starts_with(b"\xfe\xff") {
        return true; // UTF-16
    }
    let text = head(blob, 4096).trim_start_matches('\u{feff}');
    if text.contains('\0') {
        return false;
    }
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let Some(line) = lines.next() else { return false };
    let key = || {
        let name = line.split_once(": ").map(|(key, _)| key).or_else(|| line.strip_suffix(':'));
        name.is_some_and(|key| key.len() < 200)
    };
    line.starts_with("---")
        || line.starts_with(['%', '!', '&', '{', '[', '?'])
        || line.starts_with("- ")
        || line == "-"
        || key()
}
