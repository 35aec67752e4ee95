//! 7z archives, recognised and not opened.

use crate::error::Result;
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::rules::archive as rules;
use crate::scan::{Exam, Part};

/// 7z archives.
const FORMAT: FormatId = FormatId::new("7z");

/// Says that a model must not come in a 7z archive: loaders exist that unpack it, so its members matter.
#[derive(Debug, Clone, Copy, Default)]
pub struct SevenZipInspector;

impl Inspector for SevenZipInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if part.blob.starts_with(b"7z\xbc\xaf\x27\x1c") { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        exam.report(&rules::UNREADABLE, part.at(0), "a 7z archive, whose members are not examined");
        exam.gap(part.location(), part.blob.len(), "members of 7z archives are not read");
        Ok(Taken::Yes)
    }
}
