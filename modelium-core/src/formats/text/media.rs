//! Images and sound, told by their first bytes. Nothing that loads a model interprets them.

use crate::error::Result;
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::{Exam, Part};

/// Images and sound.
const FORMAT: FormatId = FormatId::new("media");

/// First bytes, and what must stand at byte 8 where these alone say little.
const MAGICS: &[(&[u8], &[u8])] = &[
    (b"\x89PNG\r\n\x1a\n", b""),
    (b"\xff\xd8\xff", b""),
    (b"GIF87a", b""),
    (b"GIF89a", b""),
    (b"RIFF", b"WEBP"),
    (b"RIFF", b"WAVE"),
    (b"RIFF", b"AVI "),
    (b"fLaC\0", b""),
    (b"OggS\0", b""),
    (b"ID3\x03\0", b""),
    (b"ID3\x04\0", b""),
    (b"II*\0", b""),
    (b"MM\0*", b""),
    (b"\0\0\x01\0\x01\0", b""),
    (b"wOF2\0\x01\0\0", b""),
];

/// Takes images and sound.
#[derive(Debug, Clone, Copy, Default)]
pub struct MediaInspector;

impl Inspector for MediaInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        let second = part.blob.get(8..).unwrap_or_default();
        let is = |(first, then): &(&[u8], &[u8])| part.blob.starts_with(first) && second.starts_with(then);
        // video and newer sound: a box whose type follows its length
        let boxed = part.blob.get(4..8) == Some(b"ftyp");
        if boxed || MAGICS.iter().any(is) { Sniff::Maybe } else { Sniff::No }
    }

    fn inspect(&self, _: &Part, _: &mut Exam<'_>) -> Result<Taken> {
        Ok(Taken::Yes)
    }
}
