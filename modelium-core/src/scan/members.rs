//! Members of archives on their way to the inspectors.

use crate::error::{ErrorKind, Location, Result};
use crate::scan::{Exam, Part};
use crate::wire::tar::{Tar, TarEntry, TarKind};
use crate::wire::zip::{Directory, Entry};

/// Hands one member of a zip archive on; what cannot be read of it is reported, and the others can still be examined.
///
/// # Errors
/// `Cancelled` only.
pub fn zip_member(part: &Part, directory: &Directory, entry: &Entry, exam: &mut Exam<'_>) -> Result<()> {
    let read = if entry.is_plain() { Ok(()) } else { exam.inflate(entry.bytes) };
    match read.and_then(|()| directory.member(entry, entry.bytes, exam.cx())) {
        Ok(blob) => exam.child(part, &entry.name, blob),
        Err(error) if error.kind() == ErrorKind::Cancelled => Err(error),
        Err(error) => {
            let whole = part.member(&entry.name, part.blob.clone());
            let error = error.with_location(Location::default());
            exam.fault(&error, &whole);
            Ok(())
        }
    }
}

/// Hands the members of a tape archive on, all but those that the caller has looked at, and what stands behind its end.
///
/// # Errors
/// `Cancelled` only.
pub fn tar_members(part: &Part, tar: &Tar, seen: impl Fn(&TarEntry) -> bool, exam: &mut Exam<'_>) -> Result<()> {
    for entry in tar.entries.iter().filter(|entry| !seen(entry)) {
        let Some(bytes) = part.blob.slice(entry.data.clone()) else { continue };
        match &entry.kind {
            TarKind::File => exam.child(part, &entry.name, bytes)?,
            TarKind::Other(kind) if !bytes.is_empty() => {
                let reason = format!("member '{}' is of kind {kind:#04x}, which is not understood", entry.name);
                exam.gap(part.at(entry.header), bytes.len(), reason);
            }
            _ => {}
        }
    }
    match tar.trailing.and_then(|at| part.blob.slice(at..part.blob.len())) {
        Some(rest) => exam.child(part, "behind the end", rest),
        None => Ok(()),
    }
}
