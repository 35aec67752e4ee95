//! Single files under a compression.

use crate::blob::Blob;
use crate::error::Result;
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::rules::archive as rules;
use crate::scan::{Exam, Part, pickle};
use crate::wire::compress::{Codec, inflate_head};

/// A file under a compression, of no particular format.
const FORMAT: FormatId = FormatId::new("compressed");

/// Inflates what is compressed, and has the content examined.
#[derive(Debug, Clone, Copy, Default)]
pub struct StreamInspector;

/// Bytes of a broken stream that are looked at.
const BROKEN_HEAD: usize = 16 << 20;

fn begins_pickle(codec: Codec, blob: &Blob) -> bool {
    let head = inflate_head(codec, blob, 1 << 16);
    pickle::looks_like_pickle(&Blob::from_bytes(blob.name(), head)).is_some()
}

impl Inspector for StreamInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if Codec::sniff(&part.blob).is_some() { Sniff::Maybe } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let Some(codec) = Codec::sniff(&part.blob) else { return Ok(Taken::No) };
        let inflated = match exam.unpack(codec, &part.blob) {
            Err(error) if error.kind() == crate::ErrorKind::Malformed && begins_pickle(codec, &part.blob) => {
                // a loader that inflates as it goes has acted before it finds the stream broken
                let head = Blob::from_bytes(part.blob.name(), inflate_head(codec, &part.blob, BROKEN_HEAD));
                exam.inflate(head.len())?;
                exam.child(part, codec.name(), head)?;
                return Err(error);
            }
            // two or three bytes that look like a header are a weak sign
            Err(error) if matches!(codec, Codec::Zlib | Codec::Lzma) && error.kind() == crate::ErrorKind::Malformed => {
                return Ok(Taken::No);
            }
            inflated => inflated?,
        };
        if inflated.consumed < part.blob.len() {
            let bytes = part.blob.len().saturating_sub(inflated.consumed);
            let message = format!("{bytes} bytes follow the end of the {codec} stream");
            exam.report(&rules::TRAILING, part.at(inflated.consumed), message);
            if let Some(rest) = part.blob.slice(inflated.consumed..part.blob.len()) {
                exam.child(part, "behind the stream", rest)?;
            }
        }
        exam.child(part, codec.name(), inflated.blob)?;
        Ok(Taken::Yes)
    }
}
