//! FlatBuffers: tables that are read where they lie, by offsets that are checked at every step.
//!
//! Follows the [internals](https://flatbuffers.dev/internals/) of the encoding. A [`Table`] knows its fields by number, in
//! the order of the schema; a field that is left out has its default. Offsets point anywhere in the buffer, so that a
//! hostile one can make two tables out of the same bytes; a reader that lists what it finds keeps a
//! [`Budget`](super::budget::Budget).

use std::borrow::Cow;

use crate::blob::Blob;
use crate::error::{Classify, ErrorKind, Location, Result};

/// A buffer: where offsets count from.
#[derive(Debug, Clone, Copy)]
pub struct Buffer<'a> {
    blob: &'a Blob,
}

/// One table.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    buffer: Buffer<'a>,
    at: u64,
    vtable: u64,
    vtable_len: u64,
}

/// A vector of scalars, strings or tables.
#[derive(Debug, Clone, Copy)]
pub struct Vector<'a> {
    buffer: Buffer<'a>,
    /// Where the first element lies.
    at: u64,
    len: u64,
}

/// What is wrong with a buffer.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum FlatFault {
    #[error("{what} of {claimed} bytes does not fit; the buffer ends after {available}")]
    Overrun { what: &'static str, claimed: u64, available: u64 },
    #[error("an offset leads to byte {target} of a buffer of {available} bytes")]
    Astray { target: i128, available: u64 },
    #[error("a table of offsets has {0} bytes; expected an even number from 4 on")]
    VtableSize(u64),
}

/// A fault and its place.
#[derive(Debug, thiserror::Error)]
#[error("{fault}")]
pub struct FlatError {
    /// What is wrong.
    #[source]
    pub fault: FlatFault,
    /// The file and the byte.
    pub location: Location,
}

impl Classify for FlatError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Malformed
    }

    fn location(&self) -> Location {
        self.location.clone()
    }
}

impl<'a> Buffer<'a> {
    /// A blob that begins with the offset of its root table.
    pub fn new(blob: &'a Blob) -> Self {
        Self { blob }
    }

    /// The four letters behind the root offset, if there are as many bytes.
    pub fn identifier(self) -> Option<&'a [u8]> {
        self.blob.bytes().get(4..8)
    }

    /// The root table.
    ///
    /// # Errors
    /// `Malformed` if the offset or the table does not fit.
    pub fn root(self) -> Result<Table<'a>> {
        let at = self.u32(0, "the root offset")?;
        self.table(at.into())
    }

    fn table(self, at: u64) -> Result<Table<'a>> {
        // the offset of the vtable is signed, and counts backwards
        let back = i64::from(self.u32(at, "a table")?.cast_signed());
        let target = i128::from(at).saturating_sub(i128::from(back));
        let vtable = u64::try_from(target).ok().filter(|target| *target < self.blob.len());
        let Some(vtable) = vtable else {
            return Err(self.fault(FlatFault::Astray { target, available: self.blob.len() }, at));
        };
        let vtable_len = u64::from(self.u16(vtable, "a table of offsets")?);
        if vtable_len < 4 || !vtable_len.is_multiple_of(2) {
            return Err(self.fault(FlatFault::VtableSize(vtable_len), vtable));
        }
        self.bytes(vtable, vtable_len, "a table of offsets")?;
        Ok(Table { buffer: self, at, vtable, vtable_len })
    }

    /// Bytes of the buffer.
    ///
    /// # Errors
    /// `Malformed` if they do not fit.
    pub fn bytes(self, at: u64, len: u64, what: &'static str) -> Result<&'a [u8]> {
        let range = at.checked_add(len).and_then(|end| Some(usize::try_from(at).ok()?..usize::try_from(end).ok()?));
        let bytes = range.and_then(|range| self.blob.bytes().get(range));
        bytes.ok_or_else(|| self.fault(FlatFault::Overrun { what, claimed: len, available: self.blob.len() }, at))
    }

    fn u16(self, at: u64, what: &'static str) -> Result<u16> {
        let bytes = self.bytes(at, 2, what)?;
        Ok(bytes.try_into().map(u16::from_le_bytes).unwrap_or_default())
    }

    fn u32(self, at: u64, what: &'static str) -> Result<u32> {
        let bytes = self.bytes(at, 4, what)?;
        Ok(bytes.try_into().map(u32::from_le_bytes).unwrap_or_default())
    }

    /// Follows the offset at `at`.
    fn follow(self, at: u64) -> Result<u64> {
        let offset = self.u32(at, "an offset")?;
        let target = at.saturating_add(offset.into());
        if target < self.blob.len() {
            Ok(target)
        } else {
            Err(self.fault(FlatFault::Astray { target: target.into(), available: self.blob.len() }, at))
        }
    }

    fn vector(self, at: u64, element: u64) -> Result<Vector<'a>> {
        let len = u64::from(self.u32(at, "the length of a vector")?);
        let start = at.saturating_add(4);
        self.bytes(start, len.saturating_mul(element), "a vector")?;
        Ok(Vector { buffer: self, at: start, len })
    }

    fn fault(self, fault: FlatFault, at: u64) -> crate::Error {
        FlatError { fault, location: self.blob.location(at) }.into()
    }
}

impl<'a> Table<'a> {
    /// Where the table lies in its buffer.
    pub fn position(self) -> u64 {
        self.at
    }

    /// Where the value of a field lies; none if it is left out.
    fn field(self, number: u16) -> Result<Option<u64>> {
        let slot = u64::from(number).saturating_mul(2).saturating_add(4);
        if slot.saturating_add(2) > self.vtable_len {
            return Ok(None);
        }
        let offset = self.buffer.u16(self.vtable.saturating_add(slot), "a table of offsets")?;
        Ok((offset != 0).then(|| self.at.saturating_add(offset.into())))
    }

    /// True if the field is there.
    ///
    /// # Errors
    /// `Malformed` if the table does not fit its buffer.
    pub fn has(self, number: u16) -> Result<bool> {
        Ok(self.field(number)?.is_some())
    }

    /// A number of one byte.
    ///
    /// # Errors
    /// `Malformed` if it lies outside the buffer.
    pub fn u8(self, number: u16, default: u8) -> Result<u8> {
        let Some(at) = self.field(number)? else { return Ok(default) };
        Ok(self.buffer.bytes(at, 1, "a number")?.first().copied().unwrap_or(default))
    }

    /// A number of four bytes.
    ///
    /// # Errors
    /// `Malformed` if it lies outside the buffer.
    pub fn u32(self, number: u16, default: u32) -> Result<u32> {
        let Some(at) = self.field(number)? else { return Ok(default) };
        self.buffer.u32(at, "a number")
    }

    /// A number of four bytes, with a sign.
    ///
    /// # Errors
    /// `Malformed` if it lies outside the buffer.
    pub fn i32(self, number: u16, default: i32) -> Result<i32> {
        Ok(self.u32(number, default.cast_unsigned())?.cast_signed())
    }

    /// A number of eight bytes.
    ///
    /// # Errors
    /// `Malformed` if it lies outside the buffer.
    pub fn u64(self, number: u16, default: u64) -> Result<u64> {
        let Some(at) = self.field(number)? else { return Ok(default) };
        let bytes = self.buffer.bytes(at, 8, "a number")?;
        Ok(bytes.try_into().map_or(default, u64::from_le_bytes))
    }

    /// A table inside this one.
    ///
    /// # Errors
    /// `Malformed` if it does not fit.
    pub fn table(self, number: u16) -> Result<Option<Table<'a>>> {
        let Some(at) = self.field(number)? else { return Ok(None) };
        self.buffer.table(self.buffer.follow(at)?).map(Some)
    }

    /// Text; what is not UTF-8 becomes U+FFFD.
    ///
    /// # Errors
    /// `Malformed` if it does not fit.
    pub fn text(self, number: u16) -> Result<Option<Cow<'a, str>>> {
        let bytes = self.vector(number, 1)?.map(Vector::bytes).transpose()?;
        Ok(bytes.map(String::from_utf8_lossy))
    }

    /// A vector whose elements take so many bytes each: 4 for tables and strings.
    ///
    /// # Errors
    /// `Malformed` if it does not fit.
    pub fn vector(self, number: u16, element: u64) -> Result<Option<Vector<'a>>> {
        let Some(at) = self.field(number)? else { return Ok(None) };
        self.buffer.vector(self.buffer.follow(at)?, element).map(Some)
    }

    /// The tables of a vector; none if it is left out.
    ///
    /// # Errors
    /// `Malformed` if the vector does not fit.
    pub fn tables(self, number: u16) -> Result<impl Iterator<Item = Result<Table<'a>>> + use<'a>> {
        let vector = self.vector(number, 4)?;
        Ok(vector.into_iter().flat_map(Vector::tables))
    }

    /// The numbers of a vector of four-byte integers; none if it is left out.
    ///
    /// # Errors
    /// `Malformed` if the vector does not fit.
    pub fn i32s(self, number: u16) -> Result<impl Iterator<Item = i32> + use<'a>> {
        let bytes = self.vector(number, 4)?.map(|vector| vector.scalars(4)).transpose()?;
        let numbers = bytes.unwrap_or_default().chunks_exact(4);
        Ok(numbers.filter_map(|bytes| Some(i32::from_le_bytes(bytes.try_into().ok()?))))
    }
}

impl<'a> Vector<'a> {
    /// Number of elements.
    #[expect(clippy::len_without_is_empty, reason = "nobody asks")]
    pub fn len(self) -> u64 {
        self.len
    }

    /// Where the first element lies in the buffer.
    pub fn position(self) -> u64 {
        self.at
    }

    /// The elements of a vector of bytes.
    ///
    /// # Errors
    /// None that [`Table::vector`] did not report before.
    pub fn bytes(self) -> Result<&'a [u8]> {
        self.scalars(1)
    }

    fn scalars(self, element: u64) -> Result<&'a [u8]> {
        self.buffer.bytes(self.at, self.len.saturating_mul(element), "a vector")
    }

    /// The elements of a vector of tables.
    pub fn tables(self) -> impl Iterator<Item = Result<Table<'a>>> + use<'a> {
        let slots = (0..self.len).map(move |index| self.at.saturating_add(index.saturating_mul(4)));
        slots.map(move |slot| self.buffer.table(self.buffer.follow(slot)?))
    }

    /// The elements of a vector of strings.
    pub fn texts(self) -> impl Iterator<Item = Result<Cow<'a, str>>> + use<'a> {
        let slots = (0..self.len).map(move |index| self.at.saturating_add(index.saturating_mul(4)));
        slots.map(move |slot| {
            let vector = self.buffer.vector(self.buffer.follow(slot)?, 1)?;
            Ok(String::from_utf8_lossy(vector.bytes()?))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A root table with one number, 7, and the text "hi".
    fn small() -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend(16_u32.to_le_bytes()); // 0: root
        bytes.extend(b"TEST"); // 4
        bytes.extend([8, 0, 12, 0, 4, 0, 8, 0]); // 8: vtable of 8 bytes, table of 12, fields at 4 and 8
        bytes.extend(8_i32.to_le_bytes()); // 16: the table; its vtable lies 8 bytes before
        bytes.extend(7_u32.to_le_bytes()); // 20
        bytes.extend(4_u32.to_le_bytes()); // 24: leads to 28
        bytes.extend(2_u32.to_le_bytes()); // 28
        bytes.extend(b"hi\0\0");
        bytes
    }

    #[test]
    fn fields_are_found_by_number() {
        let blob = Blob::from_bytes("b", small());
        let root = Buffer::new(&blob).root().unwrap();
        assert_eq!(root.u32(0, 0).unwrap(), 7);
        assert_eq!(root.text(1).unwrap().unwrap(), "hi");
        assert_eq!(root.u32(2, 5).unwrap(), 5);
    }

    #[test]
    fn an_offset_that_leads_out_is_refused() {
        let mut bytes = small();
        bytes[24] = 200;
        let blob = Blob::from_bytes("b", bytes);
        let error = Buffer::new(&blob).root().unwrap().text(1).unwrap_err().to_string();
        assert_eq!(error, "an offset leads to byte 224 of a buffer of 36 bytes (b, at byte 24)");
    }

    #[test]
    fn a_vector_longer_than_the_buffer_is_refused() {
        let mut bytes = small();
        bytes[31] = 0xff;
        let blob = Blob::from_bytes("b", bytes);
        let error = Buffer::new(&blob).root().unwrap().text(1).unwrap_err().to_string();
        assert_eq!(error, "a vector of 4278190082 bytes does not fit; the buffer ends after 36 (b, at byte 32)");
    }
}
