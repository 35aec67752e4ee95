//! Members of archives on their way to the inspectors.

use crate::error::{ErrorKind, Location, Result};
use crate::scan::{Exam, Part};
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
