//! What loading arrays would do: those of objects are pickles.

use crate::error::{ErrorKind, Result};
use crate::formats::numpy::error::{NumpyError, NumpyFault};
use crate::formats::numpy::header::{self, MAGIC};
use crate::formats::numpy::{FORMAT, analyze};
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::{Exam, Part, content, pickle};
use crate::wire::zip::Directory;

/// Examines `.npy` files.
#[derive(Debug, Clone, Copy, Default)]
pub struct NumpyInspector;

/// Examines `.npz` files.
#[derive(Debug, Clone, Copy, Default)]
pub struct NpzInspector;

impl Inspector for NumpyInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if part.blob.starts_with(MAGIC) { Sniff::Certain } else { Sniff::No }
    }

    /// Several arrays may follow one another, as `numpy.save` to an open file writes them.
    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let mut at = 0;
        while at < part.blob.len() {
            exam.cx().tick("scan", at, part.blob.len())?;
            let rest = part.blob.slice(at..part.blob.len());
            if at > 0 && !rest.is_some_and(|rest| rest.starts_with(MAGIC)) {
                let extra = part.blob.len().saturating_sub(at);
                return Err(NumpyError { fault: NumpyFault::Trailing { extra }, at: part.blob.location(at) }.into());
            }
            let header = header::read(&part.blob, at, exam.cx())?;
            if header.element.objects {
                let trace = pickle::examine_one(part, header.start, &mut pickle::Plain, exam)?;
                if trace.fault().is_some() {
                    break; // it is reported
                }
                at = trace.end();
            } else {
                content::search(part, header.start..header.end, exam)?;
                at = header.end;
            }
        }
        Ok(Taken::Yes)
    }
}

impl Inspector for NpzInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if analyze::is_npz(&part.blob) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let directory = Directory::read(&part.blob, exam.cx())?;
        for entry in directory.entries.iter().filter(|entry| !entry.is_folder()) {
            let read = if entry.is_plain() { Ok(()) } else { exam.inflate(entry.bytes) };
            match read.and_then(|()| directory.member(entry, entry.bytes, exam.cx())) {
                Ok(blob) => exam.child(part, &entry.name, blob)?,
                Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
                Err(error) => exam.fault(&error, &part.member(&entry.name, part.blob.clone())),
            }
        }
        Ok(Taken::Yes)
    }
}
