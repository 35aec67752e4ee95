//! Safetensors: tensors behind a header of JSON, and nothing else. One file; folders with an index are Hugging Face's.
//!
//! Follows the [format](https://github.com/huggingface/safetensors#format); the header itself is read by
//! [`wire::safetensors`](crate::wire::safetensors), because other formats hold and write such files too.
//!
//! Analysis is strict, as the reference implementation is: a header whose ranges overlap, leave holes or contradict their
//! shapes is refused with the byte. Inspection reads on, tells everything that is wrong, hands on what lies where no
//! tensor does, and looks for credentials in the metadata. Neither touches weights, except for what
//! [`Depth::Content`](crate::scan::Depth) looks for among them.

mod analyze;
mod inspect;

use crate::blob::Blob;
use crate::descriptor::FormatId;
use crate::formats::Match;
use crate::wire::safetensors::HEADER_CAP;

pub use analyze::SafetensorsAnalyzer;
pub use inspect::SafetensorsInspector;

/// The name of the format.
pub const FORMAT: FormatId = FormatId::new("safetensors");

/// Whether bytes begin as a file of this format: a length, then an object with a name in it, or nothing in it.
fn sniff(blob: &Blob) -> Match {
    let (Some(length), Some(b'{')) = (blob.first_chunk().map(|bytes| u64::from_le_bytes(*bytes)), blob.get(8)) else {
        return Match::No;
    };
    let rest = blob.get(9..blob.len().min(64).try_into().unwrap_or(64)).unwrap_or_default().trim_ascii_start();
    if !matches!(rest.first(), Some(b'"' | b'}')) {
        return Match::No;
    }
    // a text with a brace in its ninth place has letters where the length is
    let letters = blob.iter().take(8).all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace());
    match length {
        0..=HEADER_CAP => Match::Certain,
        _ if letters => Match::No,
        _ => Match::Maybe,
    }
}

/// True for a name that ends as files of this format do.
fn is_named(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("safetensors"))
}
