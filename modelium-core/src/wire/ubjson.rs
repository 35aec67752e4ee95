//! Universal Binary JSON, draft 12, as XGBoost and the scientific writers use it.
//!
//! Gives the same [`Json`] values as [`json`](super::json). Counts are held against the bytes that are left before
//! anything is allocated for them, and lists of numbers of one type are passed over in one step where they are not kept.

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Classify, ErrorKind, Location, Result};
use crate::wire::json::Json;

/// Memory of one value beyond its text.
const NODE_BYTES: u64 = size_of::<Json>() as u64;

/// Why bytes are not UBJSON.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum UbjsonError {
    #[error("found byte {found:#04x}, expected {expected}")]
    Unexpected { at: Location, found: u8, expected: &'static str },
    #[error("the bytes end inside a value")]
    Ends { at: Location },
    #[error("{claimed} {what}, but {available} bytes are left")]
    Overrun { at: Location, what: &'static str, claimed: i64, available: u64 },
    #[error("a text is not UTF-8")]
    NotUtf8 { at: Location },
    #[error("{extra} bytes follow the value")]
    Trailing { at: Location, extra: u64 },
    #[error("values nest deeper than {cap}; raise Limits::depth to read them")]
    TooDeep { at: Location, cap: u32 },
    #[error("the values take more than {cap} bytes; raise Limits::structure_bytes to read them")]
    TooLarge { at: Location, cap: u64 },
}

impl Classify for UbjsonError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::TooDeep { .. } | Self::TooLarge { .. } => ErrorKind::LimitExceeded,
            _ => ErrorKind::Malformed,
        }
    }

    fn location(&self) -> Location {
        match self {
            Self::Unexpected { at, .. }
            | Self::Ends { at }
            | Self::Overrun { at, .. }
            | Self::NotUtf8 { at }
            | Self::Trailing { at, .. }
            | Self::TooDeep { at, .. }
            | Self::TooLarge { at, .. } => at.clone(),
        }
    }
}

/// Reads a value that fills the bytes; what stands below keys that `keep` does not name becomes null.
///
/// # Errors
/// `Malformed`, or `LimitExceeded` beyond [`Limits::depth`](crate::Limits::depth) and
/// [`Limits::structure_bytes`](crate::Limits::structure_bytes); with the byte.
pub fn parse(blob: &Blob, keep: &dyn Fn(&str) -> bool, cx: &Context) -> Result<Json> {
    let limits = cx.limits();
    let (cap, room) = (limits.depth, limits.structure_bytes);
    let mut reader = Reader { blob, at: 0, depth: 0, cap, room, most: room, keep, dropping: false, cx };
    let kind = reader.kind("a value")?;
    let value = reader.value(kind)?;
    let extra = blob.len().saturating_sub(reader.at as u64);
    if extra > 0 {
        return Err(UbjsonError::Trailing { at: reader.place(), extra }.into());
    }
    Ok(value)
}

struct Reader<'a> {
    blob: &'a Blob,
    at: usize,
    depth: u32,
    cap: u32,
    room: u64,
    most: u64,
    keep: &'a dyn Fn(&str) -> bool,
    dropping: bool,
    cx: &'a Context,
}

/// What stands in front of the items of a list or a mapping.
struct Head {
    kind: Option<u8>,
    count: Option<u64>,
}

/// Bytes of a number of this type.
fn width(kind: u8) -> Option<usize> {
    Some(match kind {
        b'i' | b'U' | b'C' => 1,
        b'I' => 2,
        b'l' | b'd' => 4,
        b'L' | b'D' => 8,
        _ => return None,
    })
}

impl Reader<'_> {
    fn place(&self) -> Location {
        self.blob.location(self.at as u64)
    }

    fn left(&self) -> u64 {
        self.blob.len().saturating_sub(self.at as u64)
    }

    fn peek(&self) -> Option<u8> {
        self.blob.get(self.at).copied()
    }

    fn step(&mut self, by: usize) {
        self.at = self.at.saturating_add(by);
    }

    /// The next byte that is not a no-op.
    fn kind(&mut self, _expected: &'static str) -> Result<u8, UbjsonError> {
        while self.peek() == Some(b'N') {
            self.step(1);
        }
        let kind = self.peek().ok_or_else(|| UbjsonError::Ends { at: self.place() })?;
        self.step(1);
        Ok(kind)
    }

    fn unexpected(&self, found: u8, expected: &'static str) -> UbjsonError {
        let at = self.blob.location((self.at as u64).saturating_sub(1));
        UbjsonError::Unexpected { at, found, expected }
    }

    fn spend(&mut self, bytes: u64) -> Result<(), UbjsonError> {
        if self.dropping {
            return Ok(());
        }
        self.room =
            self.room.checked_sub(bytes).ok_or_else(|| UbjsonError::TooLarge { at: self.place(), cap: self.most })?;
        Ok(())
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], UbjsonError> {
        let bytes = self.blob.get(self.at..).and_then(|rest| rest.first_chunk::<N>()).copied();
        let bytes = bytes.ok_or_else(|| UbjsonError::Ends { at: self.place() })?;
        self.step(N);
        Ok(bytes)
    }

    fn number(&mut self, kind: u8) -> Result<Json, UbjsonError> {
        let int = |number: i64| Json::Int(i128::from(number));
        Ok(match kind {
            b'i' => int(i64::from(i8::from_be_bytes(self.take()?))),
            b'U' => int(i64::from(u8::from_be_bytes(self.take()?))),
            b'I' => int(i64::from(i16::from_be_bytes(self.take()?))),
            b'l' => int(i64::from(i32::from_be_bytes(self.take()?))),
            b'L' => int(i64::from_be_bytes(self.take()?)),
            b'd' => Json::Float(f64::from(f32::from_be_bytes(self.take()?))),
            b'D' => Json::Float(f64::from_be_bytes(self.take()?)),
            b'C' => Json::String(char::from(u8::from_be_bytes(self.take()?)).to_string()),
            other => return Err(self.unexpected(other, "a type of number")),
        })
    }

    /// A length: a whole number of any width, not beyond the bytes that are left.
    fn length(&mut self, what: &'static str, each: u64) -> Result<u64, UbjsonError> {
        let kind = self.kind("a length")?;
        let at = self.place();
        let Json::Int(number) = self.number(kind)? else { return Err(self.unexpected(kind, "a whole number")) };
        let (claimed, available) = (i64::try_from(number).unwrap_or(i64::MAX), self.left());
        let length = u64::try_from(claimed).ok().filter(|length| length.saturating_mul(each) <= available);
        length.ok_or(UbjsonError::Overrun { at, what, claimed, available })
    }

    fn text(&mut self) -> Result<String, UbjsonError> {
        let length = self.length("bytes of text", 1)?;
        self.spend(length)?;
        let place = self.place();
        let end = self.at.saturating_add(usize::try_from(length).unwrap_or(usize::MAX));
        let bytes = self.blob.get(self.at..end).unwrap_or_default();
        let text = std::str::from_utf8(bytes).map_err(|_| UbjsonError::NotUtf8 { at: place })?;
        self.at = end;
        Ok(if self.dropping { String::new() } else { text.to_owned() })
    }

    fn value(&mut self, kind: u8) -> Result<Json> {
        self.spend(NODE_BYTES)?;
        Ok(match kind {
            b'Z' => Json::Null,
            b'T' => Json::Bool(true),
            b'F' => Json::Bool(false),
            b'S' => Json::String(self.text()?),
            b'H' => {
                let text = self.text()?;
                text.parse().map_or(Json::String(text), Json::Float)
            }
            b'[' => self.nested(Self::list)?,
            b'{' => self.nested(Self::mapping)?,
            other if width(other).is_some() => self.number(other)?,
            other => return Err(self.unexpected(other, "the type of a value").into()),
        })
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Json>) -> Result<Json> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > self.cap {
            return Err(UbjsonError::TooDeep { at: self.place(), cap: self.cap }.into());
        }
        let value = read(self)?;
        self.depth = self.depth.saturating_sub(1);
        Ok(value)
    }

    fn head(&mut self) -> Result<Head, UbjsonError> {
        let mut kind = None;
        if self.peek() == Some(b'$') {
            self.step(1);
            kind = Some(self.kind("a type")?);
            if self.peek() != Some(b'#') {
                let found = self.kind("'#'")?;
                return Err(self.unexpected(found, "'#' after the type of items"));
            }
        }
        let mut count = None;
        if self.peek() == Some(b'#') {
            self.step(1);
            // items without bytes of their own, like `$T`, would be made of nothing
            let each = kind.and_then(width).unwrap_or(1) as u64;
            count = Some(self.length("items", each)?);
        }
        Ok(Head { kind, count })
    }

    /// True once all items are read; takes the end mark of a list that has no count.
    fn over(&mut self, head: &Head, read: u64, mark: u8) -> Result<bool, UbjsonError> {
        if let Some(count) = head.count {
            return Ok(read >= count);
        }
        while self.peek() == Some(b'N') {
            self.step(1);
        }
        match self.peek() {
            None => Err(UbjsonError::Ends { at: self.place() }),
            Some(found) if found == mark => {
                self.step(1);
                Ok(true)
            }
            Some(_) => Ok(false),
        }
    }

    fn list(&mut self) -> Result<Json> {
        let head = self.head()?;
        if let (true, Some(width), Some(count)) = (self.dropping, head.kind.and_then(width), head.count) {
            self.step(usize::try_from(count).unwrap_or(usize::MAX).saturating_mul(width)); // was held against the rest
            return Ok(Json::Null);
        }
        let mut items = Vec::new();
        let mut read = 0_u64;
        while !self.over(&head, read, b']')? {
            if read.is_multiple_of(1 << 12) {
                self.cx.tick("read", self.at as u64, self.blob.len())?;
            }
            let kind = match head.kind {
                Some(kind) => kind,
                None => self.kind("a value")?,
            };
            let item = self.value(kind)?;
            if !self.dropping {
                items.push(item);
            }
            read = read.saturating_add(1);
        }
        Ok(Json::Array(items))
    }

    fn mapping(&mut self) -> Result<Json> {
        let head = self.head()?;
        let mut entries = Vec::new();
        let mut read = 0_u64;
        while !self.over(&head, read, b'}')? {
            self.cx.tick("read", self.at as u64, self.blob.len())?;
            let key = self.text()?;
            let kind = match head.kind {
                Some(kind) => kind,
                None => self.kind("a value")?,
            };
            if self.dropping {
                self.value(kind)?;
            } else {
                self.spend(size_of::<String>() as u64)?;
                self.dropping = !(self.keep)(&key);
                let value = self.value(kind)?;
                entries.push((key, if self.dropping { Json::Null } else { value }));
                self.dropping = false;
            }
            read = read.saturating_add(1);
        }
        Ok(Json::Object(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Json> {
        parse(&Blob::from_bytes("t", bytes.to_vec()), &|key| key != "no", &Context::new())
    }

    #[test]
    fn reads_numbers_texts_lists_and_mappings() {
        let json = read(b"{U\x01a[$l#U\x02\0\0\0\x01\xff\xff\xff\xffU\x01b[iZ\x7fTFZSU\x02hi]U\x01cd\x3f\xc0\0\0}");
        assert!(json.is_err(), "a list that begins with a type and no value is broken");
        let json =
            read(b"{U\x01a[$l#U\x02\0\0\0\x01\xff\xff\xff\xffU\x01b[i\x7fTFZSU\x02hi]U\x01cd\x3f\xc0\0\0}").unwrap();
        assert_eq!(json.get("a").unwrap().items(), [Json::Int(1), Json::Int(-1)]);
        assert_eq!(json.get("b").unwrap().items().len(), 5);
        assert_eq!(json.get("c"), Some(&Json::Float(1.5)));
    }

    #[test]
    fn what_is_not_kept_is_passed_over() {
        let json = read(b"{U\x02no[$d#U\x02\0\0\0\0\0\0\0\0U\x01bT}").unwrap();
        assert_eq!((json.get("no"), json.get("b")), (Some(&Json::Null), Some(&Json::Bool(true))));
    }

    #[test]
    fn counts_are_held_against_the_bytes() {
        let error = read(b"[$l#L\x7f\xff\xff\xff\xff\xff\xff\xff").unwrap_err();
        assert_eq!(error.to_string(), "9223372036854775807 items, but 0 bytes are left (t, at byte 5)");
        let error = read(b"[$T#l\x7f\xff\xff\xff").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert_eq!(read(&b"[".repeat(1000)).unwrap_err().kind(), ErrorKind::LimitExceeded);
        assert_eq!(read(b"TT").unwrap_err().to_string(), "1 bytes follow the value (t, at byte 1)");
    }
}
