//! Reads messages where they lie: a field at a time, nothing decoded before it is asked for, nothing allocated.
//!
//! For readers that want a few facts of a message and skip the rest. A reader that wants all of it decodes records behind
//! the [`guard`](super::guard) instead. Whoever follows messages that can hold themselves keeps count of the depth.

use std::borrow::Cow;

use crate::blob::Blob;
use crate::error::{Classify, ErrorKind, Location, Result};
use crate::wire::protobuf::cursor::{Cursor, Fault, Tag, WireType, count_varints, split_values};

/// Bytes that are taken for a message, or for the text or packed numbers that a field holds.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    blob: &'a Blob,
    start: usize,
    end: usize,
}

/// One field as it stands in its message.
#[derive(Debug, Clone, Copy)]
pub struct FieldView<'a> {
    /// Its number.
    pub number: u32,
    /// The byte of its tag, counted from the start of the blob.
    pub at: u64,
    tag: Tag,
    value: Message<'a>,
}

/// A message that is not what its reader expects.
#[derive(Debug, thiserror::Error)]
#[error("{fault}")]
pub struct ViewError {
    /// What is wrong.
    #[source]
    pub fault: Fault,
    /// The file and the byte.
    pub location: Location,
}

impl Classify for ViewError {
    fn kind(&self) -> ErrorKind {
        match self.fault {
            Fault::GroupDepth => ErrorKind::LimitExceeded,
            _ => ErrorKind::Malformed,
        }
    }

    fn location(&self) -> Location {
        self.location.clone()
    }
}

impl<'a> Message<'a> {
    /// A whole blob as one message.
    pub fn whole(blob: &'a Blob) -> Self {
        Self { blob, start: 0, end: blob.bytes().len() }
    }

    /// The fields in the order of the bytes. After an error there are no more.
    pub fn fields(self) -> Fields<'a> {
        let cursor = Cursor::within(self.blob.bytes(), self.start..self.end);
        Fields { blob: self.blob, cursor, broken: false }
    }

    /// The last field of that number, which is the one that counts where a field is not repeated.
    ///
    /// # Errors
    /// `Malformed` if the message is.
    pub fn find(self, number: u32) -> Result<Option<FieldView<'a>>> {
        let mut found = None;
        for field in self.fields() {
            found = Some(field?).filter(|field| field.number == number).or(found);
        }
        Ok(found)
    }

    /// The bytes.
    pub fn bytes(self) -> &'a [u8] {
        self.blob.bytes().get(self.start..self.end).unwrap_or_default()
    }

    /// The bytes as text; what is not UTF-8 becomes U+FFFD.
    pub fn text(self) -> Cow<'a, str> {
        String::from_utf8_lossy(self.bytes())
    }

    /// Where the bytes start in the blob.
    pub fn offset(self) -> u64 {
        self.start as u64
    }

    /// Number of bytes.
    pub fn byte_len(self) -> u64 {
        self.end.saturating_sub(self.start) as u64
    }

    /// The bytes as a blob of their own, which still knows its file.
    pub fn to_blob(self) -> Blob {
        let window = self.blob.bytes().get(self.start..self.end).map(|_| self.blob.bytes().slice(self.start..self.end));
        self.blob.window(window.unwrap_or_default())
    }
}

impl<'a> FieldView<'a> {
    /// The message, text or bytes that the field holds.
    ///
    /// # Errors
    /// `Malformed` if it holds a number.
    pub fn message(&self) -> Result<Message<'a>> {
        self.expect(WireType::Len)?;
        Ok(self.value)
    }

    /// The text that the field holds.
    ///
    /// # Errors
    /// `Malformed` if it holds a number.
    pub fn text(&self) -> Result<Cow<'a, str>> {
        Ok(self.message()?.text())
    }

    /// The number that the field holds as a varint.
    ///
    /// # Errors
    /// `Malformed` if it holds something else.
    pub fn int(&self) -> Result<u64> {
        self.expect(WireType::Varint)?;
        Cursor::new(self.value.bytes()).varint().map_err(|fault| self.fault(fault))
    }

    /// The same, as two's complement.
    ///
    /// # Errors
    /// `Malformed` if the field holds something else.
    pub fn signed(&self) -> Result<i64> {
        Ok(self.int()?.cast_signed())
    }

    /// The numbers of a repeated field, packed or not; those of one occurrence.
    ///
    /// # Errors
    /// `Malformed` if it holds something else, or ends inside a number.
    pub fn ints(&self) -> Result<impl Iterator<Item = u64> + use<'a>> {
        match self.tag.wire {
            WireType::Len if count_varints(self.value.bytes()).is_none() => {
                return Err(self.fault(Fault::EndsInNumber));
            }
            WireType::Len | WireType::Varint => {}
            _ => self.expect(WireType::Varint)?,
        }
        let values = split_values(WireType::Varint, self.value.bytes());
        Ok(values.filter_map(|bytes| Cursor::new(bytes).varint().ok()))
    }

    /// True if the field holds a length and bytes.
    pub fn is_message(&self) -> bool {
        self.tag.wire == WireType::Len
    }

    /// How the value is laid out.
    pub fn wire(&self) -> WireType {
        self.tag.wire
    }

    /// The bytes of the value as they stand in the file, without tag and length.
    pub fn raw(&self) -> &'a [u8] {
        self.value.bytes()
    }

    fn expect(&self, expected: WireType) -> Result<()> {
        let found = self.tag.wire;
        if found == expected { Ok(()) } else { Err(self.fault(Fault::Mistyped { found, expected })) }
    }

    fn fault(&self, fault: Fault) -> crate::Error {
        ViewError { fault, location: self.value.blob.location(self.at) }.into()
    }
}

/// The fields of a message.
#[derive(Debug, Clone)]
pub struct Fields<'a> {
    blob: &'a Blob,
    cursor: Cursor<'a>,
    broken: bool,
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<FieldView<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.broken || self.cursor.is_at_end() {
            return None;
        }
        let at = self.cursor.position() as u64;
        let field = self.cursor.tag().and_then(|tag| Ok((tag, self.cursor.value(tag)?)));
        Some(match field {
            Ok((tag, range)) => {
                let value = Message { blob: self.blob, start: range.start, end: range.end };
                Ok(FieldView { number: tag.field, at, tag, value })
            }
            Err(fault) => {
                self.broken = true;
                Err(ViewError { fault, location: self.blob.location(at) }.into())
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_where_they_lie() {
        // 1: 150, 2: "ab", 3: packed [1, 300]
        let blob = Blob::from_bytes("m", vec![0x08, 0x96, 1, 0x12, 2, b'a', b'b', 0x1a, 3, 1, 0xac, 2]);
        let message = Message::whole(&blob);
        assert_eq!(message.find(1).unwrap().unwrap().int().unwrap(), 150);
        assert_eq!(message.find(2).unwrap().unwrap().text().unwrap(), "ab");
        assert_eq!(message.find(3).unwrap().unwrap().ints().unwrap().collect::<Vec<_>>(), [1, 300]);
        assert_eq!(message.find(2).unwrap().unwrap().message().unwrap().to_blob().offset(), 5);
    }

    #[test]
    fn an_error_names_the_byte_and_ends_the_message() {
        let blob = Blob::from_bytes("m", vec![0x08, 1, 0x12, 9, b'a']);
        let fields: Vec<_> = Message::whole(&blob).fields().collect();
        assert_eq!(fields.len(), 2);
        let error = fields.last().unwrap().as_ref().unwrap_err().to_string();
        assert_eq!(error, "a field claims 9 bytes but its message has 1 left (m, at byte 2)");
        let first = fields.first().unwrap().as_ref().unwrap();
        let error = first.text().unwrap_err().to_string();
        assert_eq!(error, "found a varint, expected a length and bytes (m, at byte 0)");
    }
}
