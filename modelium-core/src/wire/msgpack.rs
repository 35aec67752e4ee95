//! MessagePack with limits: what flax and others write their trees in.
//!
//! Follows the [specification](https://github.com/msgpack/msgpack/blob/master/spec.md). Binary data and extensions stay
//! windows of the file. Nesting is bounded, and nothing is allocated that the bytes do not pay for.

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Classify, ErrorKind, Location, Result};

/// Memory of one value beyond its bytes.
const NODE_BYTES: u64 = size_of::<Value>() as u64;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Nil,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i128),
    /// Any other number.
    Float(f64),
    /// Text; bytes that are no UTF-8 are replaced.
    Text(String),
    /// Bytes.
    Bytes(Blob),
    /// A list.
    Array(Vec<Value>),
    /// Keys and values, in the order of the bytes.
    Map(Vec<(Value, Value)>),
    /// A type of the writer's own, by its number.
    Ext(i8, Blob),
}

/// Why bytes are not MessagePack.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum MsgpackError {
    #[error("{what} needs {needed} bytes where {left} are left")]
    Overrun { at: Location, what: &'static str, needed: u64, left: u64 },
    #[error("{what} of {claimed} entries cannot lie in the {left} bytes that are left")]
    Count { at: Location, what: &'static str, claimed: u64, left: u64 },
    #[error("byte 0xc1 begins no value")]
    Reserved { at: Location },
    #[error("{extra} bytes follow the value")]
    Trailing { at: Location, extra: u64 },
    #[error("values nest deeper than {cap}; raise Limits::depth to read them")]
    TooDeep { at: Location, cap: u32 },
    #[error("the values take more than {cap} bytes; raise Limits::structure_bytes to read them")]
    TooLarge { at: Location, cap: u64 },
}

impl Classify for MsgpackError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Overrun { .. } | Self::Count { .. } | Self::Reserved { .. } | Self::Trailing { .. } => {
                ErrorKind::Malformed
            }
            Self::TooDeep { .. } | Self::TooLarge { .. } => ErrorKind::LimitExceeded,
        }
    }

    fn location(&self) -> Location {
        match self {
            Self::Overrun { at, .. }
            | Self::Count { at, .. }
            | Self::Reserved { at }
            | Self::Trailing { at, .. }
            | Self::TooDeep { at, .. }
            | Self::TooLarge { at, .. } => at.clone(),
        }
    }
}

/// Reads one value that takes all of the bytes.
///
/// # Errors
/// `Malformed`; `LimitExceeded` beyond [`Limits::depth`](crate::Limits::depth) and
/// [`Limits::structure_bytes`](crate::Limits::structure_bytes); `Cancelled`.
pub fn parse(blob: &Blob, cx: &Context) -> Result<Value> {
    let (value, end) = parse_prefix(blob, cx)?;
    match blob.len().checked_sub(end) {
        Some(0) | None => Ok(value),
        Some(extra) => Err(MsgpackError::Trailing { at: blob.location(end), extra }.into()),
    }
}

/// Reads the value that bytes begin with, and tells where it ends.
///
/// # Errors
/// As [`parse`].
pub fn parse_prefix(blob: &Blob, cx: &Context) -> Result<(Value, u64)> {
    let cap = cx.limits().structure_bytes;
    let mut parser = Parser { blob, at: 0, depth: 0, room: cap, cx };
    let value = parser.value()?;
    Ok((value, parser.at))
}

impl Value {
    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// A whole number that is not negative and fits.
    pub fn as_u64(&self) -> Option<u64> {
        if let Self::Int(number) = self { u64::try_from(*number).ok() } else { None }
    }

    /// The items of a list; none for other values.
    pub fn items(&self) -> &[Self] {
        if let Self::Array(items) = self { items } else { &[] }
    }

    /// The entries of a map; none for other values.
    pub fn entries(&self) -> &[(Self, Self)] {
        if let Self::Map(entries) = self { entries } else { &[] }
    }

    /// The value under a text in a map; the last one, as readers that build dictionaries take it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().rev().find(|(name, _)| name.as_str() == Some(key)).map(|(_, value)| value)
    }
}

struct Parser<'a> {
    blob: &'a Blob,
    at: u64,
    depth: u32,
    room: u64,
    cx: &'a Context,
}

impl Parser<'_> {
    fn place(&self) -> Location {
        self.blob.location(self.at)
    }

    fn left(&self) -> u64 {
        self.blob.len().saturating_sub(self.at)
    }

    fn take(&mut self, count: u64, what: &'static str) -> Result<Blob, MsgpackError> {
        let end = self.at.saturating_add(count);
        let Some(taken) = self.blob.slice(self.at..end) else {
            return Err(MsgpackError::Overrun { at: self.place(), what, needed: count, left: self.left() });
        };
        self.at = end;
        Ok(taken)
    }

    /// A number with the most significant byte first.
    fn uint(&mut self, size: u64, what: &'static str) -> Result<u64, MsgpackError> {
        let (start, end) = (usize::try_from(self.at).ok(), self.at.saturating_add(size));
        let range = start.zip(usize::try_from(end).ok()).and_then(|(start, end)| self.blob.get(start..end));
        let Some(bytes) = range else {
            return Err(MsgpackError::Overrun { at: self.place(), what, needed: size, left: self.left() });
        };
        self.at = end;
        Ok(bytes.iter().fold(0, |number: u64, byte| number.wrapping_shl(8) | u64::from(*byte)))
    }

    fn int(&mut self, size: u64) -> Result<i128, MsgpackError> {
        let number = i128::from(self.uint(size, "a number")?);
        let bits = u32::try_from(size).unwrap_or(8).saturating_mul(8);
        let half = 1_i128.wrapping_shl(bits.saturating_sub(1));
        Ok(if number >= half { number.saturating_sub(half.saturating_mul(2)) } else { number })
    }

    fn spend(&mut self, bytes: u64) -> Result<(), MsgpackError> {
        match self.room.checked_sub(bytes) {
            Some(room) => {
                self.room = room;
                Ok(())
            }
            None => Err(MsgpackError::TooLarge { at: self.place(), cap: self.cx.limits().structure_bytes }),
        }
    }

    fn value(&mut self) -> Result<Value> {
        self.spend(NODE_BYTES)?;
        let at = self.place();
        let head = self.uint(1, "a value")?.to_le_bytes()[0];
        let low = |mask: u8| u64::from(head & mask);
        Ok(match head {
            0x00..=0x7f => Value::Int(head.into()),
            0xe0..=0xff => Value::Int(i128::from(head).saturating_sub(256)),
            0x80..=0x8f => self.map(low(15), &at)?,
            0x90..=0x9f => self.array(low(15), &at)?,
            0xa0..=0xbf => self.text(low(31))?,
            0xc0 => Value::Nil,
            0xc1 => return Err(MsgpackError::Reserved { at }.into()),
            0xc2 | 0xc3 => Value::Bool(head == 0xc3),
            0xc4..=0xc6 => {
                let size = self.uint(1_u64.wrapping_shl(u32::from(head).wrapping_sub(0xc4)), "bytes")?;
                Value::Bytes(self.take(size, "bytes")?)
            }
            0xc7..=0xc9 => {
                let size = self.uint(1_u64.wrapping_shl(u32::from(head).wrapping_sub(0xc7)), "an extension")?;
                self.extension(size)?
            }
            0xca => {
                let bits = u32::try_from(self.uint(4, "a number")?).unwrap_or_default();
                Value::Float(f32::from_bits(bits).into())
            }
            0xcb => Value::Float(f64::from_bits(self.uint(8, "a number")?)),
            0xcc..=0xcf => {
                let size = 1_u64.wrapping_shl(u32::from(head).wrapping_sub(0xcc));
                Value::Int(self.uint(size, "a number")?.into())
            }
            0xd0..=0xd3 => Value::Int(self.int(1_u64.wrapping_shl(u32::from(head).wrapping_sub(0xd0)))?),
            0xd4..=0xd8 => self.extension(1_u64.wrapping_shl(u32::from(head).wrapping_sub(0xd4)))?,
            0xd9..=0xdb => {
                let size = self.uint(1_u64.wrapping_shl(u32::from(head).wrapping_sub(0xd9)), "a text")?;
                self.text(size)?
            }
            0xdc | 0xdd => {
                let count = self.uint(if head == 0xdc { 2 } else { 4 }, "a list")?;
                self.array(count, &at)?
            }
            0xde | 0xdf => {
                let count = self.uint(if head == 0xde { 2 } else { 4 }, "a map")?;
                self.map(count, &at)?
            }
        })
    }

    fn text(&mut self, size: u64) -> Result<Value, MsgpackError> {
        self.spend(size)?;
        let text = self.take(size, "a text")?;
        Ok(Value::Text(String::from_utf8_lossy(&text).into_owned()))
    }

    fn extension(&mut self, size: u64) -> Result<Value, MsgpackError> {
        let kind = self.uint(1, "an extension")?.to_le_bytes()[0];
        Ok(Value::Ext(i8::from_le_bytes([kind]), self.take(size, "an extension")?))
    }

    fn enter(&mut self, what: &'static str, claimed: u64, least: u64, at: &Location) -> Result<(), MsgpackError> {
        if claimed.saturating_mul(least) > self.left() {
            return Err(MsgpackError::Count { at: at.clone(), what, claimed, left: self.left() });
        }
        self.depth = self.depth.saturating_add(1);
        let cap = self.cx.limits().depth;
        if self.depth > cap { Err(MsgpackError::TooDeep { at: at.clone(), cap }) } else { Ok(()) }
    }

    fn array(&mut self, count: u64, at: &Location) -> Result<Value> {
        self.enter("a list", count, 1, at)?;
        let mut items = Vec::new();
        for _ in 0..count {
            items.push(self.value()?);
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(Value::Array(items))
    }

    fn map(&mut self, count: u64, at: &Location) -> Result<Value> {
        self.enter("a map", count, 2, at)?;
        let mut entries = Vec::new();
        for _ in 0..count {
            self.cx.tick("read", self.at, self.blob.len())?;
            entries.push((self.value()?, self.value()?));
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(Value::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Value> {
        parse(&Blob::from_bytes("t", bytes.to_vec()), &Context::new())
    }

    #[test]
    fn reads_each_kind_of_value() {
        let bytes = b"\x95\xa1x\xd1\xff\xfe\xcb\x3f\xf0\0\0\0\0\0\0\xc4\x02ab\x81\xe0\xc7\x01\x05z";
        let value = read(bytes).unwrap();
        let [text, number, float, raw, map] = value.items() else { panic!("{value:?}") };
        assert_eq!((text.as_str(), number), (Some("x"), &Value::Int(-2)));
        assert_eq!(float, &Value::Float(1.0));
        assert_eq!(raw, &Value::Bytes(Blob::from_bytes("", &b"ab"[..])));
        assert_eq!(map.entries(), [(Value::Int(-32), Value::Ext(5, Blob::from_bytes("", &b"z"[..])))]);
    }

    #[test]
    fn a_count_that_the_bytes_cannot_pay_for_is_refused() {
        let error = read(b"\xdd\xff\xff\xff\xff\x00").unwrap_err();
        assert_eq!(
            error.to_string(),
            "a list of 4294967295 entries cannot lie in the 1 bytes that are left (t, at byte 0)"
        );
    }

    #[test]
    fn nesting_ends_at_the_cap() {
        assert_eq!(read(&[0x91; 100]).unwrap_err().kind(), ErrorKind::LimitExceeded);
    }
}
