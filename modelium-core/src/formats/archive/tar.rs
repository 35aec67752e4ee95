//! Tape archives: their shape, and what is in those that no format takes.

use crate::error::{ErrorKind, Result};
use crate::formats::archive::zip::report_link;
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::members::tar_members;
use crate::scan::rules::archive as rules;
use crate::scan::{Exam, Part};
use crate::wire::tar::{Tar, TarKind, looks_like_tar};
use crate::wire::zip::escapes;

/// Tape archives of no particular format.
const FORMAT: FormatId = FormatId::new("tar");

/// Reports names and links that lead out, and devices, whichever format the archive is of.
#[derive(Debug, Clone, Copy, Default)]
pub struct TarShapeInspector;

/// Examines the members of an archive that no format has taken.
#[derive(Debug, Clone, Copy, Default)]
pub struct TarInspector;

impl Inspector for TarShapeInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if looks_like_tar(&part.blob) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let tar = match Tar::read(&part.blob, exam.cx()) {
            Ok(tar) => tar,
            Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
            Err(error) => {
                if error.kind() == ErrorKind::LimitExceeded {
                    exam.report(&rules::TOO_MANY, part.location(), error.message());
                }
                return Ok(Taken::No); // whoever reads the members says why they cannot be read
            }
        };
        let mut names = std::collections::HashSet::new();
        for entry in &tar.entries {
            let at = part.at(entry.header);
            if escapes(&entry.name) {
                let message = format!("member '{}' leads out of the folder it is unpacked into", entry.name);
                exam.report(&rules::ESCAPES, at.clone(), message);
            }
            if entry.kind != TarKind::Folder && !names.insert(&entry.name) {
                exam.report(&rules::DUPLICATE, at.clone(), format!("two members are called '{}'", entry.name));
            }
            match &entry.kind {
                TarKind::SymbolicLink(target) => report_link(part, entry.header, &entry.name, target, exam),
                // the target of a hard link counts from the root of the archive
                TarKind::HardLink(target) if escapes(target) => {
                    let message = format!("member '{}' is a link", entry.name);
                    exam.report_seen(&rules::LINK_ESCAPES, at, message, format!("{} -> {target}", entry.name));
                }
                TarKind::Device => {
                    exam.report(&rules::DEVICE, at, format!("member '{}' is a device or a pipe", entry.name));
                }
                _ => {}
            }
        }
        if let Some(trailing) = tar.trailing {
            let bytes = part.blob.len().saturating_sub(trailing);
            exam.report(&rules::TRAILING, part.at(trailing), format!("{bytes} bytes follow the end of the archive"));
        }
        Ok(Taken::No)
    }
}

impl Inspector for TarInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if looks_like_tar(&part.blob) { Sniff::Maybe } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let tar = Tar::read(&part.blob, exam.cx())?;
        tar_members(part, &tar, |_| false, exam)?;
        Ok(Taken::Yes)
    }
}
