//! Zip archives: their shape, and what is in those that no format takes.

use crate::error::{ErrorKind, Result};
use crate::finding::Rule;
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::members::zip_member;
use crate::scan::rules::archive as rules;
use crate::scan::{Depth, Exam, Part};
use crate::wire::zip::{Directory, Entry, Oddity, chain, looks_like_zip};

/// Zip archives of no particular format.
const FORMAT: FormatId = FormatId::new("zip");

/// Stored members up to this size have their checksum compared even where only structure is looked at.
const SMALL: u64 = 1 << 20;

/// Reports in what an archive contradicts itself, whichever format it is of.
#[derive(Debug, Clone, Copy, Default)]
pub struct ZipShapeInspector;

/// Examines the members of an archive that no format has taken.
#[derive(Debug, Clone, Copy, Default)]
pub struct ZipInspector;

fn begins_like_zip(part: &Part) -> bool {
    part.blob.starts_with(b"PK\x03\x04") || part.blob.starts_with(b"PK\x05\x06")
}

impl Inspector for ZipShapeInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if begins_like_zip(part) || looks_like_zip(&part.blob) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let directory = match Directory::read(&part.blob, exam.cx()) {
            Ok(directory) => directory,
            Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
            Err(error) => {
                if error.kind() == ErrorKind::LimitExceeded {
                    exam.report(&rules::TOO_MANY, part.location(), error.message());
                }
                return Ok(Taken::No); // whoever reads the members says why they cannot be read
            }
        };
        for (at, oddity) in &directory.oddities {
            if let Some(rule) = rule(oddity, &directory) {
                exam.report(rule, part.at(*at), oddity.to_string());
            }
        }
        for entry in directory.entries.iter().filter(|entry| entry.is_link) {
            link(part, &directory, entry, exam);
        }
        for entry in directory.entries.iter().filter(|entry| entry.is_plain() && entry.crc != 0) {
            checksum(part, &directory, entry, exam)?;
        }
        Ok(Taken::No)
    }
}

/// The rule under which an oddity falls; none where it hurts nobody.
fn rule(oddity: &Oddity, directory: &Directory) -> Option<&'static Rule> {
    Some(match oddity {
        // archives one behind the other, each of which is examined by itself
        Oddity::Prefix { .. } if !chain(directory.blob()).is_empty() => return None,
        // TensorFlow Lite keeps labels and vocabularies in an archive behind the model
        Oddity::Prefix { .. } if directory.blob().get(4..8) == Some(b"TFL3") => return None,
        Oddity::Prefix { .. } => &rules::PREFIX,
        Oddity::Trailing { .. } => {
            let rest = directory.blob().slice(directory.extent.end..directory.blob().len())?;
            // padding to a block
            let is_padding = rest.len() <= SMALL && rest.iter().all(|byte| *byte == 0);
            return (!is_padding).then_some(&rules::TRAILING);
        }
        Oddity::TwoDirectories { .. }
        | Oddity::Count { .. }
        | Oddity::Zip64Disagrees
        | Oddity::BrokenRecord { .. }
        | Oddity::LocalName { .. }
        | Oddity::LocalFact { .. }
        | Oddity::NoLocalHeader { .. }
        | Oddity::OutOfFile { .. }
        | Oddity::NulInName { .. } => &rules::DISAGREES,
        Oddity::Duplicate { .. } | Oddity::AlmostDuplicate { .. } => &rules::DUPLICATE,
        Oddity::Overlap { .. } => &rules::OVERLAP,
        Oddity::Encrypted { .. } => &rules::ENCRYPTED,
        Oddity::Escapes { .. } => &rules::ESCAPES,
        Oddity::Link { .. } => return None, // by its target, below
        Oddity::Hidden { .. } => &rules::HIDDEN,
    })
}

/// The content of a link is its target.
fn link(part: &Part, directory: &Directory, entry: &Entry, exam: &mut Exam<'_>) {
    let target = directory.member(entry, 1 << 16, exam.cx()).ok();
    let target = target.map(|target| String::from_utf8_lossy(&target).into_owned()).unwrap_or_default();
    report_link(part, entry.header, &entry.name, &target, exam);
}

/// Reports a link by whether its target leads out of the archive's folder.
pub(super) fn report_link(part: &Part, at: u64, name: &str, target: &str, exam: &mut Exam<'_>) {
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let escapes = crate::wire::zip::escapes(target) && !stays(folder, target);
    let rule = if escapes { &rules::LINK_ESCAPES } else { &rules::LINK };
    exam.report_seen(rule, part.at(at), format!("member '{name}' is a link"), format!("{name} -> {target}"));
}

/// True if a relative target, taken from the folder of its link, stays inside.
fn stays(folder: &str, target: &str) -> bool {
    !target.starts_with(['/', '\\'])
        && !target.contains(':')
        && !crate::wire::zip::escapes(&format!("{folder}/{target}"))
}

/// Compares the checksum of a stored member. Large ones are read where content is looked at anyway.
fn checksum(part: &Part, directory: &Directory, entry: &Entry, exam: &mut Exam<'_>) -> Result<()> {
    if exam.depth() == Depth::Structure && entry.stored > SMALL {
        return Ok(());
    }
    let Some(bytes) = entry.data.clone().and_then(|data| directory.blob().slice(data)) else { return Ok(()) };
    let mut crc = flate2::Crc::new();
    for chunk in bytes.chunks(4 << 20) {
        exam.cx().tick("scan", crc.amount().into(), bytes.len())?;
        crc.update(chunk);
    }
    if crc.sum() != entry.crc {
        let message =
            format!("member '{}' has checksum {:08x}, the directory says {:08x}", entry.name, crc.sum(), entry.crc);
        exam.report(&rules::CHECKSUM, part.at(entry.header), message);
    }
    Ok(())
}

impl Inspector for ZipInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if begins_like_zip(part) || looks_like_zip(&part.blob) { Sniff::Maybe } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let archives = chain(&part.blob);
        for range in &archives {
            if let Some(blob) = part.blob.slice(range.clone()) {
                exam.child(part, format!("archive at {}", range.start), blob)?;
            }
        }
        if !archives.is_empty() {
            return Ok(Taken::Yes);
        }
        let directory = Directory::read(&part.blob, exam.cx())?;
        for entry in directory.entries.iter().filter(|entry| !entry.is_folder() && !entry.is_link) {
            zip_member(part, &directory, entry, exam)?;
        }
        Ok(Taken::Yes)
    }
}
