//! Model files of SentencePiece by themselves: a vocabulary and how it was trained. Nothing in them acts.

use crate::blob::Blob;
use crate::error::{ErrorKind, Result};
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::{Exam, Part};
use crate::tokenizer;
use crate::wire::protobuf::{Cursor, Tag, WireType};

/// A model file of SentencePiece.
const FORMAT: FormatId = FormatId::new("sentencepiece");

/// Takes model files of SentencePiece, all of whose bytes are read.
#[derive(Debug, Clone, Copy, Default)]
pub struct SentencePieceInspector;

impl Inspector for SentencePieceInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if looks_like_pieces(&part.blob) { Sniff::Maybe } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        match tokenizer::read_pieces(&part.blob, exam.cx()) {
            Ok(_) => Ok(Taken::Yes),
            Err(error) if error.kind() == ErrorKind::Malformed => Ok(Taken::No),
            Err(error) => Err(error),
        }
    }
}

/// The first piece: a text, then a score in four bytes.
pub(super) fn looks_like_pieces(blob: &Blob) -> bool {
    let read = || {
        let mut cursor = Cursor::new(blob);
        let message = Tag { field: 1, wire: WireType::Len };
        (cursor.tag().ok()? == message).then_some(())?;
        let range = cursor.value(message).ok()?;
        let mut piece = Cursor::within(blob, range);
        (piece.tag().ok()? == message).then_some(())?;
        piece.value(message).ok()?;
        (piece.tag().ok()? == Tag { field: 2, wire: WireType::Fixed32 }).then_some(())
    };
    read().is_some()
}
