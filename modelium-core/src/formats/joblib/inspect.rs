//! What loading a file of joblib would do.

use crate::error::Result;
use crate::formats::joblib::{FORMAT, OLD_HEADER, OLD_MAGIC};
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::{Exam, Part, pickle};
use crate::wire::compress::Codec;

/// Examines files of joblib. Compressed ones are inflated by whoever takes streams, and come back here.
#[derive(Debug, Clone, Copy, Default)]
pub struct JoblibInspector;

impl Inspector for JoblibInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        let old = part.blob.starts_with(OLD_MAGIC);
        if old || pickle::is_joblib(&part.blob) && pickle::looks_like_pickle(&part.blob).is_some() {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        if let Some(stream) = part.blob.slice(OLD_HEADER..part.blob.len()).filter(|_| part.blob.starts_with(OLD_MAGIC))
        {
            let inflated = exam.unpack(Codec::Zlib, &stream)?;
            exam.child(part, "zlib", inflated.blob)?;
        } else {
            pickle::examine_file(part, 0, exam)?;
        }
        Ok(Taken::Yes)
    }
}
