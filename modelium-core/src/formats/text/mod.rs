//! What lies beside models and acts on nobody: text, and media that are told by their first bytes.
//!
//! Asked last. Text is UTF-8 without control characters, all of it; a model card, a licence, a table, a vocabulary. XML
//! is looked at closer, because a document type can make its parser fetch files. Media are images and sound.

mod media;

use crate::error::Result;
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::{Exam, Part, doctype};

pub use media::MediaInspector;

/// Text of no particular format.
pub const FORMAT: FormatId = FormatId::new("text");

/// Bytes between two ticks.
const CHUNK: usize = 4 << 20;

/// Takes text.
#[derive(Debug, Clone, Copy, Default)]
pub struct TextInspector;

impl Inspector for TextInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        let first = part.blob.get(..part.blob.len().min(512).try_into().unwrap_or(0)).unwrap_or_default();
        let whole = first.utf8_chunks().next().map_or(0, |chunk| chunk.valid().len());
        // a character may be cut at the end
        if first.iter().any(|byte| is_control(*byte)) || first.len().saturating_sub(whole) > 3 {
            Sniff::No
        } else {
            Sniff::Maybe
        }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let mut carry: Vec<u8> = Vec::new();
        let (mut done, total) = (0_u64, part.blob.len());
        for chunk in part.blob.chunks(CHUNK) {
            exam.cx().tick("scan", done, total)?;
            done = done.saturating_add(chunk.len() as u64);
            if memchr::memchr(0, chunk).is_some() || chunk.iter().any(|byte| is_control(*byte)) {
                return Ok(Taken::No);
            }
            let joined;
            let text: &[u8] = if carry.is_empty() {
                chunk
            } else {
                joined = [carry.as_slice(), chunk].concat();
                &joined
            };
            match std::str::from_utf8(text) {
                Ok(_) => carry = Vec::new(),
                // a character over the seam
                Err(error) if error.error_len().is_none() && done < total => {
                    carry = text.get(error.valid_up_to()..).unwrap_or_default().to_vec();
                }
                Err(_) => return Ok(Taken::No),
            }
        }
        doctype::inspect(part, exam);
        Ok(Taken::Yes)
    }
}

/// Bytes below the space that text does not hold: all but tab, line breaks, form feed and the escape of terminals.
fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)
}
