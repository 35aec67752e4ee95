//! The model files of SentencePiece: a protobuf message, `ModelProto` of
//! [`sentencepiece_model.proto`](https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto).

use super::Tokenizer;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::tokenizer::AddedToken;
use crate::error::{Error, ErrorKind, Result};
use crate::wire::protobuf::{Cursor, Fault, WireType};

/// Pieces that steer the model: unknown, control, defined by the user; bytes stand for themselves.
const UNKNOWN: u64 = 2;
const CONTROL: u64 = 3;
const DEFINED: u64 = 4;

/// Pieces between two ticks.
const TICK: u64 = 1 << 14;

/// Reads the pieces and how they were trained; gives their number.
pub(super) fn read(blob: &Blob, tokenizer: &mut Tokenizer, cx: &Context) -> Result<Option<u64>> {
    let mut cursor = Cursor::new(blob);
    let (mut pieces, mut kind, mut byte_fallback) = (0_u64, None, false);
    let (mut added, mut normalizer, mut scored) = (Vec::new(), None, false);
    while !cursor.is_at_end() {
        let at = cursor.position();
        let place =
            |fault: Fault| Error::new(ErrorKind::Malformed, fault.to_string()).with_location(blob.location(at as u64));
        let tag = cursor.tag().map_err(place)?;
        let range = cursor.value(tag).map_err(place)?;
        match (tag.field, tag.wire) {
            (1, WireType::Len) => {
                let piece = piece(Cursor::within(blob, range)).map_err(place)?;
                scored |= piece.scored;
                if matches!(piece.role, UNKNOWN | CONTROL | DEFINED) {
                    added.push(AddedToken { id: pieces, content: piece.text, special: piece.role != DEFINED });
                }
                pieces = pieces.saturating_add(1);
                if pieces.is_multiple_of(TICK) {
                    cx.tick("analyze", at as u64, blob.len())?;
                }
                if pieces > cx.limits().nodes {
                    let message = format!("more than {} pieces; raise Limits::nodes to read them", cx.limits().nodes);
                    return Err(Error::new(ErrorKind::LimitExceeded, message).with_location(blob.location(at as u64)));
                }
            }
            (2, WireType::Len) => {
                (kind, byte_fallback) = trainer(Cursor::within(blob, range)).map_err(place)?;
            }
            (3, WireType::Len) => normalizer = normalizer_name(Cursor::within(blob, range)).map_err(place)?,
            _ => {}
        }
    }
    if pieces == 0 || !scored {
        let message = "found no pieces with scores, expected a model of SentencePiece";
        return Err(Error::new(ErrorKind::Malformed, message).with_location(blob.location(0)));
    }
    // a field that is left out has the first value
    let kind = match kind.unwrap_or(1) {
        1 => "unigram",
        2 => "bpe",
        3 => "word",
        4 => "char",
        _ => "unknown",
    };
    if tokenizer.describe("sentencepiece", kind, pieces, pieces.checked_sub(1)) {
        tokenizer.descriptor.byte_fallback = byte_fallback;
        tokenizer.descriptor.normalizer.extend(normalizer);
        for token in added {
            tokenizer.add(token, true);
        }
    }
    Ok(Some(pieces))
}

struct Piece {
    text: String,
    role: u64,
    scored: bool,
}

fn piece(mut cursor: Cursor<'_>) -> Result<Piece, Fault> {
    let (mut range, mut role, mut scored) = (0..0, 1, false);
    while !cursor.is_at_end() {
        let tag = cursor.tag()?;
        let value = cursor.value(tag)?;
        match (tag.field, tag.wire) {
            (1, WireType::Len) => range = value,
            (2, WireType::Fixed32) => scored = true,
            (3, WireType::Varint) => role = Cursor::new(cursor.slice(value)).varint()?,
            _ => {}
        }
    }
    // only pieces with a part to play keep their text
    let plain = !matches!(role, UNKNOWN | CONTROL | DEFINED);
    let text = if plain { String::new() } else { String::from_utf8_lossy(cursor.slice(range)).into_owned() };
    Ok(Piece { text, role, scored })
}

/// The kind of the model and whether unknown characters become bytes.
fn trainer(mut cursor: Cursor<'_>) -> Result<(Option<u64>, bool), Fault> {
    let (mut kind, mut fallback) = (None, false);
    while !cursor.is_at_end() {
        let tag = cursor.tag()?;
        let value = cursor.value(tag)?;
        match (tag.field, tag.wire) {
            (3, WireType::Varint) => kind = Some(Cursor::new(cursor.slice(value)).varint()?),
            (35, WireType::Varint) => fallback = Cursor::new(cursor.slice(value)).varint()? != 0,
            _ => {}
        }
    }
    Ok((kind, fallback))
}

fn normalizer_name(mut cursor: Cursor<'_>) -> Result<Option<String>, Fault> {
    let mut name = None;
    while !cursor.is_at_end() {
        let tag = cursor.tag()?;
        let value = cursor.value(tag)?;
        if (tag.field, tag.wire) == (1, WireType::Len) {
            name = Some(String::from_utf8_lossy(cursor.slice(value)).into_owned()).filter(|name| !name.is_empty());
        }
    }
    Ok(name)
}
