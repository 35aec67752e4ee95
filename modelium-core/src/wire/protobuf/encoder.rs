//! Writes fields to a stream. A message's length stands in front of it, so it is counted before it is written.

use std::borrow::Cow;
use std::io::Write;

use crate::blob::{Blob, Reader};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::wire::protobuf::cursor::{WireType, split_values};

/// Bytes between two ticks.
const TICK: usize = 4 << 20;

/// Counts encoded fields, or writes them.
///
/// Nothing is gathered: what is written costs a visit of the structure for each level that encloses it, and the memory of
/// one part of a [`Reader`].
pub struct Encoder<'a> {
    target: Option<Target<'a>>,
    len: u64,
}

struct Target<'a> {
    out: &'a mut dyn Write,
    name: &'a str,
    cx: &'a Context,
    total: u64,
    reader: Reader,
}

impl<'a> Encoder<'a> {
    /// Counts only.
    pub const fn counting() -> Self {
        Self { target: None, len: 0 }
    }

    /// Writes to `out`, which errors call `name`; reports the bytes written, out of `total`, as stage `export`.
    pub fn writing(out: &'a mut dyn Write, name: &'a str, total: u64, cx: &'a Context) -> Self {
        Self { target: Some(Target { out, name, cx, total, reader: Reader::default() }), len: 0 }
    }

    /// Bytes so far.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// True before the first field.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// A field of [`WireType::Varint`]; a negative number takes ten bytes.
    pub fn int(&mut self, field: u32, value: i64) -> Result<()> {
        self.tag(field, WireType::Varint)?;
        self.varint(value.cast_unsigned())
    }

    /// A float field.
    pub fn float(&mut self, field: u32, value: f32) -> Result<()> {
        self.tag(field, WireType::Fixed32)?;
        self.raw(&value.to_bits().to_le_bytes())
    }

    /// Text, bytes, or a message that is encoded already.
    pub fn bytes(&mut self, field: u32, value: &[u8]) -> Result<()> {
        self.tag(field, WireType::Len)?;
        self.varint(value.len() as u64)?;
        self.raw(value)
    }

    /// A field of bytes that lie in a file.
    pub fn blob(&mut self, field: u32, value: &Blob) -> Result<()> {
        self.tag(field, WireType::Len)?;
        self.varint(value.len())?;
        self.raw_blob(value)
    }

    /// A field of so many bytes, which are computed only to be written.
    pub fn computed<'v>(
        &mut self,
        field: u32,
        length: u64,
        compute: impl FnOnce() -> Option<Cow<'v, [u8]>>,
    ) -> Result<()> {
        self.tag(field, WireType::Len)?;
        self.varint(length)?;
        if self.target.is_none() {
            self.len = self.len.saturating_add(length);
            return Ok(());
        }
        let bytes = compute().filter(|bytes| bytes.len() as u64 == length);
        self.raw(&bytes.ok_or_else(|| Error::internal("elements are not as many as they were counted"))?)
    }

    /// Text or bytes that may be left out.
    pub fn optional(&mut self, field: u32, value: Option<impl AsRef<[u8]>>) -> Result<()> {
        value.map_or(Ok(()), |value| self.bytes(field, value.as_ref()))
    }

    /// A field that was kept as it is encoded, one value or several of the same layout back to back.
    pub fn values(&mut self, field: u32, wire: WireType, values: &[u8]) -> Result<()> {
        for value in split_values(wire, values) {
            self.tag(field, wire)?;
            if wire == WireType::Len {
                self.varint(value.len() as u64)?;
            }
            self.raw(value)?;
        }
        Ok(())
    }

    /// A message; `body` writes its fields and is called more than once.
    pub fn message(&mut self, field: u32, body: impl Fn(&mut Encoder<'_>) -> Result<()>) -> Result<()> {
        let mut counted = Encoder::counting();
        body(&mut counted)?;
        self.tag(field, WireType::Len)?;
        self.varint(counted.len)?;
        if self.target.is_some() {
            return body(self);
        }
        self.len = self.len.saturating_add(counted.len);
        Ok(())
    }

    /// The tag in front of a value.
    pub fn tag(&mut self, field: u32, wire: WireType) -> Result<()> {
        self.varint(u64::from(field) << 3 | u64::from(wire.code()))
    }

    /// A varint.
    pub fn varint(&mut self, mut value: u64) -> Result<()> {
        let mut bytes = [0_u8; 10];
        let mut used = 0_usize;
        for slot in &mut bytes {
            used = used.saturating_add(1);
            let low = value.to_le_bytes()[0];
            value >>= 7;
            if value == 0 {
                *slot = low;
                break;
            }
            *slot = low | 0x80;
        }
        self.raw(bytes.get(..used).unwrap_or_default())
    }

    /// Bytes as they are. Long ones are written in parts, with a tick before each.
    pub fn raw(&mut self, bytes: &[u8]) -> Result<()> {
        let Some(target) = &mut self.target else {
            self.len = self.len.saturating_add(bytes.len() as u64);
            return Ok(());
        };
        for part in bytes.chunks(TICK) {
            if part.len() == TICK {
                target.cx.tick("export", self.len, target.total)?;
            }
            target.out.write_all(part).map_err(|error| Error::io("write", target.name, error))?;
            self.len = self.len.saturating_add(part.len() as u64);
        }
        Ok(())
    }

    /// Bytes of a file as they are, read where they lie.
    pub fn raw_blob(&mut self, blob: &Blob) -> Result<()> {
        let Self { target: Some(target), len } = self else {
            self.len = self.len.saturating_add(blob.len());
            return Ok(());
        };
        let Target { out, name, cx, total, reader } = target;
        reader.read(blob, *len, |part| {
            cx.tick("export", *len, *total)?;
            out.write_all(part).map_err(|error| Error::io("write", *name, error))?;
            *len = len.saturating_add(part.len() as u64);
            Ok(())
        })
    }

    /// Reports progress, if this one writes.
    pub fn tick(&self) -> Result<()> {
        self.target.as_ref().map_or(Ok(()), |target| target.cx.tick("export", self.len, target.total))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_messages_carry_their_lengths() {
        let mut out = Vec::new();
        let cx = Context::new();
        let mut encoder = Encoder::writing(&mut out, "test", 0, &cx);
        encoder
            .message(3, |outer| {
                outer.int(1, 150)?; // 08 96 01, the example of the specification
                outer.message(2, |inner| inner.optional(1, Some("ab")))
            })
            .unwrap();
        assert_eq!(encoder.len(), 11);
        assert_eq!(out, [0x1a, 9, 0x08, 0x96, 0x01, 0x12, 4, 0x0a, 2, b'a', b'b']);
    }

    #[test]
    fn a_negative_number_takes_ten_bytes() {
        let mut encoder = Encoder::counting();
        encoder.int(1, -1).unwrap();
        assert_eq!(encoder.len(), 11);
    }
}
