//! Reads tags and values out of bytes, and never past their end.

use std::fmt;
use std::ops::Range;

/// How a field's value is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WireType {
    /// Seven bits a byte, least significant first, at most ten bytes.
    Varint,
    /// Eight bytes, little-endian.
    Fixed64,
    /// A length, then so many bytes: text, messages, packed lists.
    Len,
    /// Fields up to an end tag: what protobuf had before messages had lengths.
    Group,
    /// Four bytes, little-endian.
    Fixed32,
}

impl WireType {
    /// The number that stands in a tag.
    pub const fn code(self) -> u8 {
        match self {
            Self::Varint => 0,
            Self::Fixed64 => 1,
            Self::Len => 2,
            Self::Group => 3,
            Self::Fixed32 => 5,
        }
    }
}

impl fmt::Display for WireType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Varint => "a varint",
            Self::Fixed64 => "8 bytes",
            Self::Len => "a length and bytes",
            Self::Group => "a group",
            Self::Fixed32 => "4 bytes",
        })
    }
}

/// What is in front of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag {
    /// The field's number, from 1.
    pub field: u32,
    /// How its value is laid out.
    pub wire: WireType,
}

/// What is wrong with bytes that should be protobuf.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum Fault {
    #[error("a field claims {claimed} bytes but its message has {available} left")]
    Overrun { claimed: u64, available: u64 },
    #[error("the message ends inside a number")]
    EndsInNumber,
    #[error("a varint is longer than 64 bits")]
    LongVarint,
    #[error("field number {0} is out of range; protobuf counts from 1 to 536870911")]
    FieldNumber(u64),
    #[error("wire type {0} does not exist")]
    WireType(u8),
    #[error("the end of a group that is not open")]
    GroupEnd,
    #[error("a group does not end")]
    GroupOpen,
    #[error("groups lie more than {GROUPS} deep inside each other")]
    GroupDepth,
    #[error("found {found}, expected {expected}")]
    Mistyped { found: WireType, expected: WireType },
}

/// Groups inside each other that are skipped.
const GROUPS: usize = 16;

/// The code of the tag that ends a group.
const GROUP_END: u8 = 4;

/// A position in bytes, and the end that it must not pass.
#[derive(Debug, Clone)]
pub struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> Cursor<'a> {
    /// At the start of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, end: bytes.len() }
    }

    /// At the start of a part of `bytes`; positions keep counting from the start of the whole.
    pub fn within(bytes: &'a [u8], range: Range<usize>) -> Self {
        let end = range.end.min(bytes.len());
        Self { bytes, at: range.start.min(end), end }
    }

    /// Bytes in front of the cursor.
    pub fn position(&self) -> usize {
        self.at
    }

    /// True once everything is read.
    pub fn is_at_end(&self) -> bool {
        self.at >= self.end
    }

    /// Reads a varint.
    ///
    /// # Errors
    /// If the bytes end before it does, or it has more than 64 bits.
    #[inline]
    pub fn varint(&mut self) -> Result<u64, Fault> {
        let bytes = self.rest();
        if let Some(&byte @ 0..0x80) = bytes.first() {
            self.at = self.at.saturating_add(1);
            return Ok(byte.into());
        }
        let mut value = 0_u64;
        for (count, &byte) in (1_usize..).zip(bytes.iter().take(10)) {
            let shift = u32::try_from(count).unwrap_or(u32::MAX).saturating_sub(1).saturating_mul(7);
            if shift == 63 && byte > 1 {
                return Err(Fault::LongVarint);
            }
            value |= u64::from(byte & 0x7f).wrapping_shl(shift);
            if byte < 0x80 {
                self.at = self.at.saturating_add(count);
                return Ok(value);
            }
        }
        Err(Fault::EndsInNumber)
    }

    /// Reads a tag.
    ///
    /// # Errors
    /// If it is none, or ends a group; the cursor then stands in front of it.
    #[inline]
    pub fn tag(&mut self) -> Result<Tag, Fault> {
        let before = self.at;
        let tag = self.key().and_then(|(field, code)| {
            let wire = match code {
                0 => WireType::Varint,
                1 => WireType::Fixed64,
                2 => WireType::Len,
                3 => WireType::Group,
                5 => WireType::Fixed32,
                GROUP_END => return Err(Fault::GroupEnd),
                code => return Err(Fault::WireType(code)),
            };
            Ok(Tag { field, wire })
        });
        if tag.is_err() {
            self.at = before;
        }
        tag
    }

    #[inline]
    fn key(&mut self) -> Result<(u32, u8), Fault> {
        let key = self.varint()?;
        match u32::try_from(key >> 3) {
            Ok(field @ 1..=0x1fff_ffff) => Ok((field, key.to_le_bytes()[0] & 7)),
            _ => Err(Fault::FieldNumber(key >> 3)),
        }
    }

    /// Skips the value behind a tag and says where it lies: for [`WireType::Len`] without its length, for
    /// [`WireType::Group`] with its end tag.
    ///
    /// # Errors
    /// If the value does not end in time; the cursor then stands in front of it.
    #[inline]
    pub fn value(&mut self, tag: Tag) -> Result<Range<usize>, Fault> {
        let before = self.at;
        let value = self.skip(tag);
        if value.is_err() {
            self.at = before;
        }
        value
    }

    #[inline]
    fn skip(&mut self, tag: Tag) -> Result<Range<usize>, Fault> {
        let before = self.at;
        let length = match tag.wire {
            WireType::Varint => {
                self.varint()?;
                return Ok(before..self.at);
            }
            WireType::Group => {
                self.skip_group(tag.field)?;
                return Ok(before..self.at);
            }
            WireType::Fixed64 => 8,
            WireType::Fixed32 => 4,
            WireType::Len => self.varint()?,
        };
        let available = self.end.saturating_sub(self.at);
        match usize::try_from(length) {
            Ok(length) if length <= available => {
                let start = self.at;
                self.at = start.saturating_add(length);
                Ok(start..self.at)
            }
            _ => Err(Fault::Overrun { claimed: length, available: available as u64 }),
        }
    }

    fn skip_group(&mut self, field: u32) -> Result<(), Fault> {
        let mut open = vec![field];
        while let Some(&innermost) = open.last() {
            if self.is_at_end() {
                return Err(Fault::GroupOpen);
            }
            match self.tag() {
                Ok(Tag { field, wire: WireType::Group }) if open.len() < GROUPS => open.push(field),
                Ok(Tag { wire: WireType::Group, .. }) => return Err(Fault::GroupDepth),
                Ok(tag) => {
                    self.skip(tag)?;
                }
                Err(Fault::GroupEnd) if self.key()?.0 == innermost => drop(open.pop()),
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }

    /// The bytes of a range that [`value`](Self::value) gave.
    pub fn slice(&self, range: Range<usize>) -> &'a [u8] {
        self.bytes.get(range).unwrap_or_default()
    }

    #[inline]
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..self.end).unwrap_or_default()
    }
}

/// The values that stand back to back in `bytes`, without tags; [`WireType::Len`] means one value without its length.
pub fn split_values(wire: WireType, bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut cursor = Cursor::new(bytes);
    let mut whole = (wire == WireType::Len).then_some(bytes);
    std::iter::from_fn(move || match wire {
        WireType::Len => whole.take(),
        _ if cursor.is_at_end() => None,
        _ => cursor.value(Tag { field: 1, wire }).ok().map(|range| cursor.slice(range)),
    })
}

/// Counts the varints that fill `bytes` exactly; `None` if the last one is cut off or one has more than 64 bits.
pub fn count_varints(bytes: &[u8]) -> Option<u64> {
    let mut count = 0_u64;
    let mut run = 0_u32;
    for &byte in bytes {
        if byte < 0x80 {
            if run == 9 && byte > 1 {
                return None;
            }
            count = count.saturating_add(1);
            run = 0;
        } else {
            run = run.saturating_add(1);
            if run > 9 {
                return None;
            }
        }
    }
    (run == 0).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_varint_is_little_endian_in_groups_of_seven() {
        // the example of the specification: 150
        let mut cursor = Cursor::new(&[0x96, 0x01]);
        assert_eq!(cursor.varint(), Ok(150));
        assert!(cursor.is_at_end());
        assert_eq!(Cursor::new(&[0xff; 9]).varint(), Err(Fault::EndsInNumber));
        let mut most = [0xff; 10];
        most[9] = 1;
        assert_eq!(Cursor::new(&most).varint(), Ok(u64::MAX));
        most[9] = 2;
        assert_eq!(Cursor::new(&most).varint(), Err(Fault::LongVarint));
    }

    #[test]
    fn a_tag_names_its_field_and_layout() {
        assert_eq!(Cursor::new(&[0x3a]).tag(), Ok(Tag { field: 7, wire: WireType::Len }));
        assert_eq!(Cursor::new(&[0x02]).tag(), Err(Fault::FieldNumber(0)));
        assert_eq!(Cursor::new(&[0x0c]).tag(), Err(Fault::GroupEnd));
        assert_eq!(Cursor::new(&[0x0e]).tag(), Err(Fault::WireType(6)));
        assert_eq!(Cursor::new(&[0x80, 0x80, 0x80, 0x80, 0x10]).tag(), Err(Fault::FieldNumber(1 << 29)));
    }

    #[test]
    fn a_value_never_passes_the_end() {
        let value = |bytes, wire| {
            let mut cursor = Cursor::new(bytes);
            (cursor.value(Tag { field: 1, wire }), cursor.position())
        };
        assert_eq!(value(&[2, b'a', b'b', b'c'], WireType::Len), (Ok(1..3), 3));
        assert_eq!(value(&[3, b'a', b'b'], WireType::Len), (Err(Fault::Overrun { claimed: 3, available: 2 }), 0));
        assert_eq!(value(&[0; 7], WireType::Fixed64), (Err(Fault::Overrun { claimed: 8, available: 7 }), 0));
        assert_eq!(value(&[0x80], WireType::Varint), (Err(Fault::EndsInNumber), 0));
    }

    #[test]
    fn a_group_ends_with_its_own_end_tag() {
        let group = |bytes| Cursor::new(bytes).value(Tag { field: 1, wire: WireType::Group });
        assert_eq!(group(&[0x10, 5, 0x13, 0x14, 0x0c, 9]), Ok(0..5)); // field 2 = 5, group 2 { }, end of 1
        assert_eq!(group(&[0x10, 5]), Err(Fault::GroupOpen));
        assert_eq!(group(&[0x14]), Err(Fault::GroupEnd));
        assert_eq!(group(&[0x0b; 20]), Err(Fault::GroupDepth));
    }

    #[test]
    fn varints_are_counted_without_decoding() {
        assert_eq!(count_varints(&[1, 0x80, 1, 0]), Some(3));
        assert_eq!(count_varints(&[0x80]), None);
        assert_eq!(count_varints(&[0xff; 11]), None);
        assert_eq!(count_varints(&[]), Some(0));
    }
}
