//! Arrays as numpy stores them: `.npy`, versions 1.0 to 3.0 (NEP 1 and `numpy.lib.format`).
//!
//! The header is a Python literal; it is read by a parser of its own and never evaluated. Numbers, booleans and strings
//! are read. Arrays of Python objects are pickles, so reading them could run anything: they are refused.

use std::borrow::Cow;

use bytes::Bytes;

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Classify, Error, ErrorKind, Result};
use crate::tensor::{DType, Data, Tensor};

/// The first bytes of every file.
pub const MAGIC: &[u8] = b"\x93NUMPY";

/// Longest header that is read; numpy's own limit is 10,000.
const HEADER_CAP: u64 = 1 << 16;

/// Why an array cannot be read.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum NpyError {
    #[error("not an array of numpy: it starts with '{found}'")]
    Magic { found: String },
    #[error("version {major}.{minor} of the array's header is newer than 3.0, the newest supported")]
    Version { major: u8, minor: u8 },
    #[error("the array's header claims {claimed} bytes, {available} are left")]
    HeaderOverrun { claimed: u64, available: u64 },
    #[error("the array's header of {claimed} bytes is longer than {HEADER_CAP}, the most that is read")]
    HeaderTooLong { claimed: u64 },
    #[error("the array's header is no description of an array: {reason}")]
    Header { reason: String },
    #[error("the array holds Python objects, which only running their code could read; save numbers or strings")]
    Objects,
    #[error("element type '{descr}' is not supported; {advice}")]
    DType { descr: String, advice: &'static str },
    #[error("the array has {rank} dimensions, more than {cap}; raise Limits::rank to read it")]
    Rank { rank: usize, cap: u32 },
    #[error("an array of shape {dims:?} has more bytes than can be counted")]
    TooLarge { dims: Vec<u64> },
    #[error("{dtype} of shape {dims:?} takes {needed} bytes, {available} are left")]
    Overrun { dtype: String, dims: Vec<u64>, needed: u64, available: u64 },
    #[error("{extra} bytes follow the array")]
    Trailing { extra: u64 },
    #[error("{strings} strings take more memory than Limits::structure_bytes allows")]
    TooManyStrings { strings: u64 },
    #[error("an element is no text: {found:#x} is not a Unicode character")]
    NotText { found: u32 },
    #[error("a boolean is {found}, not 0 or 1")]
    NotBool { found: u8 },
}

impl Classify for NpyError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Version { .. } | Self::DType { .. } => ErrorKind::Unsupported,
            Self::Objects => ErrorKind::UnsafeContent,
            Self::HeaderTooLong { .. } | Self::Rank { .. } | Self::TooManyStrings { .. } => ErrorKind::LimitExceeded,
            _ => ErrorKind::Malformed,
        }
    }
}

impl From<String> for NpyError {
    fn from(reason: String) -> Self {
        Self::Header { reason }
    }
}

/// An error and the byte of the blob that raised it.
type Placed = (u64, NpyError);

/// Reads an array.
///
/// Little-endian arrays in row-major order stay where they are; others are converted in a copy.
///
/// # Errors
/// `Malformed` for what is no array, `UnsafeContent` for Python objects, `Unsupported` for element types that no tensor
/// has, `LimitExceeded` for more dimensions or strings than the limits allow.
pub fn read_npy(blob: &Blob, name: &str, cx: &Context) -> Result<Tensor> {
    read(blob, name, cx).map_err(|(byte, error)| {
        let item = format!("array '{}'", name.escape_debug());
        Error::from(error).with_location(blob.location(byte)).with_item(item)
    })
}

fn read(blob: &Blob, name: &str, cx: &Context) -> Result<Tensor, Placed> {
    let Header { descr, fortran_order, dims, end } = read_header(blob)?;
    let fail = |error| Err((end, error));
    if dims.len() as u64 > u64::from(cx.limits().rank) {
        return fail(NpyError::Rank { rank: dims.len(), cap: cx.limits().rank });
    }
    let element = Element::parse(&descr).map_err(|error| (end, error))?;
    let elements = dims.iter().try_fold(1_u64, |product, &dim| product.checked_mul(dim));
    let needed = elements.and_then(|elements| elements.checked_mul(element.width));
    let (Some(elements), Some(needed)) = (elements, needed) else {
        return fail(NpyError::TooLarge { dims });
    };
    let available = blob.len().saturating_sub(end);
    let stop = end.saturating_add(needed);
    let Some(data) = blob.slice(end..stop) else {
        return fail(NpyError::Overrun { dtype: element.name(), dims, needed, available });
    };
    if available > needed {
        return Err((stop, NpyError::Trailing { extra: available.saturating_sub(needed) }));
    }
    let width = usize::try_from(element.width).unwrap_or(usize::MAX);
    let column_major = fortran_order && elements > 1 && dims.len() > 1;
    let mut bytes = Cow::Borrowed(&*data);
    if column_major {
        bytes = Cow::Owned(to_row_major(&bytes, &dims, width));
    }
    let (dtype, data) = match element.kind {
        Kind::Number { dtype, word } => {
            if element.big_endian && word > 1 {
                bytes.to_mut().chunks_exact_mut(word).for_each(<[u8]>::reverse);
            }
            if dtype == DType::Bool
                && let Some((index, &found)) = (0_u64..).zip(&*bytes).find(|(_, byte)| **byte > 1)
            {
                return Err((end.saturating_add(index), NpyError::NotBool { found }));
            }
            let data = match bytes {
                Cow::Borrowed(_) => data,
                Cow::Owned(bytes) => Blob::from_bytes(blob.name(), bytes),
            };
            (dtype, Data::Raw(data))
        }
        Kind::Text | Kind::Bytes => {
            let memory = elements.checked_mul(size_of::<Bytes>() as u64);
            if memory.is_none_or(|memory| memory > cx.limits().structure_bytes) {
                return fail(NpyError::TooManyStrings { strings: elements });
            }
            let strings = strings(&element, &bytes, elements, width).map_err(|error| (end, error))?;
            (DType::String, Data::Strings(strings))
        }
    };
    Ok(Tensor { name: Some(name.to_owned()), dtype, dims, data, notes: None })
}

/// What stands before the elements.
struct Header {
    descr: String,
    fortran_order: bool,
    dims: Vec<u64>,
    /// Where the elements begin.
    end: u64,
}

fn read_header(blob: &Blob) -> Result<Header, Placed> {
    let Some((&[major, minor], rest)) = blob.strip_prefix(MAGIC).and_then(|rest| rest.split_first_chunk()) else {
        let found = blob.get(..6).unwrap_or(blob).escape_ascii().to_string();
        return Err((0, NpyError::Magic { found }));
    };
    let length = match (major, minor) {
        (1, 0) => rest.split_first_chunk().map(|(length, rest)| (u16::from_le_bytes(*length).into(), rest)),
        (2 | 3, 0) => rest.split_first_chunk().map(|(length, rest)| (u32::from_le_bytes(*length).into(), rest)),
        _ => return Err((6, NpyError::Version { major, minor })),
    };
    let (claimed, rest): (u64, &[u8]) = length.unwrap_or((2, &[])); // the length itself is cut off
    if claimed > HEADER_CAP {
        return Err((8, NpyError::HeaderTooLong { claimed }));
    }
    let available = rest.len() as u64;
    let Some(text) = usize::try_from(claimed).ok().and_then(|length| rest.get(..length)) else {
        return Err((8, NpyError::HeaderOverrun { claimed, available }));
    };
    let start = blob.len().saturating_sub(available);
    let mut literal = Literal { rest: text };
    let (descr, fortran_order, dims) = literal.header().map_err(|error| {
        let byte = text.len().saturating_sub(literal.rest.len()) as u64;
        (start.saturating_add(byte), error)
    })?;
    Ok(Header { descr, fortran_order, dims, end: start.saturating_add(claimed) })
}

/// A reader of the one kind of Python literal that stands in a header: a dict of a string, a boolean and a tuple.
struct Literal<'a> {
    rest: &'a [u8],
}

impl Literal<'_> {
    fn header(&mut self) -> Result<(String, bool, Vec<u64>), NpyError> {
        let (mut descr, mut fortran_order, mut dims) = (None, None, None);
        self.expect(b'{')?;
        while !self.eat(b'}') {
            let key = self.string()?;
            self.expect(b':')?;
            let again = match key.as_str() {
                "descr" => descr.replace(self.descr()?).is_some(),
                "fortran_order" => fortran_order.replace(self.boolean()?).is_some(),
                "shape" => dims.replace(self.tuple()?).is_some(),
                other => return Err(format!("key '{}' is unknown", other.escape_debug()).into()),
            };
            if again {
                return Err(format!("key '{key}' comes twice").into());
            }
            if !self.eat(b',') {
                self.expect(b'}')?;
                break;
            }
        }
        self.space();
        if !self.rest.is_empty() {
            return Err("text follows it".to_owned().into());
        }
        let missing = |key: &str| format!("key '{key}' is missing");
        Ok((
            descr.ok_or_else(|| missing("descr"))?,
            fortran_order.ok_or_else(|| missing("fortran_order"))?,
            dims.ok_or_else(|| missing("shape"))?,
        ))
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }

    fn eat(&mut self, byte: u8) -> bool {
        self.space();
        let rest = self.rest.strip_prefix(&[byte]);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, byte: u8) -> Result<(), String> {
        if self.eat(byte) { Ok(()) } else { Err(format!("expected '{}', found {}", char::from(byte), self.here())) }
    }

    /// What stands at this place, for messages.
    fn here(&self) -> String {
        match self.rest.first() {
            Some(&byte) => format!("'{}'", byte.escape_ascii()),
            None => "its end".to_owned(),
        }
    }

    fn string(&mut self) -> Result<String, String> {
        self.space();
        let Some((&quote @ (b'\'' | b'"'), rest)) = self.rest.split_first() else {
            return Err(format!("expected a string, found {}", self.here()));
        };
        let length = rest.iter().position(|&byte| byte == quote || byte == b'\\');
        match length.and_then(|length| rest.split_at_checked(length)) {
            Some((string, [end, rest @ ..])) if *end == quote => {
                self.rest = rest;
                Ok(String::from_utf8_lossy(string).into_owned())
            }
            _ => Err("a string does not end, or has an escape".to_owned()),
        }
    }

    /// A type string; a list describes records, whose fields no tensor has.
    fn descr(&mut self) -> Result<String, NpyError> {
        self.space();
        if self.rest.starts_with(b"[") {
            let advice = "save each field of the records as an array of its own";
            return Err(NpyError::DType { descr: "[…]".to_owned(), advice });
        }
        Ok(self.string()?)
    }

    fn boolean(&mut self) -> Result<bool, String> {
        self.space();
        for (word, value) in [(&b"True"[..], true), (b"False", false)] {
            if let Some(rest) = self.rest.strip_prefix(word) {
                self.rest = rest;
                return Ok(value);
            }
        }
        Err(format!("expected True or False, found {}", self.here()))
    }

    fn tuple(&mut self) -> Result<Vec<u64>, String> {
        let mut dims = Vec::new();
        self.expect(b'(')?;
        while !self.eat(b')') {
            dims.push(self.number()?);
            if !self.eat(b',') {
                self.expect(b')')?;
                break;
            }
        }
        Ok(dims)
    }

    fn number(&mut self) -> Result<u64, String> {
        self.space();
        let negative = self.rest.starts_with(b"-");
        let digits = self.rest.iter().skip(usize::from(negative)).take_while(|byte| byte.is_ascii_digit()).count();
        let length = digits.saturating_add(usize::from(negative));
        let (text, rest) = self.rest.split_at_checked(length).unwrap_or_default();
        let text = String::from_utf8_lossy(text);
        if digits == 0 {
            return Err(format!("expected a dimension, found {}", self.here()));
        }
        if negative {
            return Err(format!("dimension {text} is negative"));
        }
        let number = text.parse().map_err(|_| format!("dimension {text} is too large"))?;
        self.rest = rest.strip_prefix(b"L").unwrap_or(rest); // written by Python 2
        Ok(number)
    }
}

/// How one element is stored.
struct Element {
    kind: Kind,
    big_endian: bool,
    /// Bytes.
    width: u64,
}

enum Kind {
    /// A number of this type, of words of so many bytes: complex numbers have two.
    Number { dtype: DType, word: usize },
    /// UTF-32, padded with NUL.
    Text,
    /// Bytes, padded with NUL.
    Bytes,
}

impl Element {
    /// Reads a type string: byte order, kind, size.
    fn parse(descr: &str) -> Result<Self, NpyError> {
        let refused = |advice| NpyError::DType { descr: descr.escape_debug().to_string(), advice };
        let unsupported = || refused("save the array as numbers, booleans or strings");
        let (big_endian, rest) = match descr.split_at_checked(1) {
            Some((">", rest)) => (true, rest),
            Some(("<" | "|", rest)) => (false, rest),
            Some(("=", rest)) => (cfg!(target_endian = "big"), rest),
            _ => (false, descr),
        };
        let number = |dtype, word: usize, width| Ok(Self { kind: Kind::Number { dtype, word }, big_endian, width });
        match rest {
            "b1" => number(DType::Bool, 1, 1),
            "i1" => number(DType::Int8, 1, 1),
            "i2" => number(DType::Int16, 2, 2),
            "i4" => number(DType::Int32, 4, 4),
            "i8" => number(DType::Int64, 8, 8),
            "u1" => number(DType::Uint8, 1, 1),
            "u2" => number(DType::Uint16, 2, 2),
            "u4" => number(DType::Uint32, 4, 4),
            "u8" => number(DType::Uint64, 8, 8),
            "f2" => number(DType::Float16, 2, 2),
            "f4" => number(DType::Float32, 4, 4),
            "f8" => number(DType::Float64, 8, 8),
            "c8" => number(DType::Complex64, 4, 8),
            "c16" => number(DType::Complex128, 8, 16),
            _ => match rest.split_at_checked(1) {
                Some(("O", _)) => Err(NpyError::Objects),
                Some(("U", size)) => {
                    let letters: u32 = size.parse().map_err(|_| unsupported())?;
                    Ok(Self { kind: Kind::Text, big_endian, width: u64::from(letters).saturating_mul(4) })
                }
                Some(("S", size)) => {
                    let width: u32 = size.parse().map_err(|_| unsupported())?;
                    Ok(Self { kind: Kind::Bytes, big_endian, width: width.into() })
                }
                Some(("V", _)) => Err(refused(
                    "numpy has no name for it; save bfloat16 and narrower floats as float32, which holds them exactly",
                )),
                _ => Err(unsupported()),
            },
        }
    }

    fn name(&self) -> String {
        match self.kind {
            Kind::Number { dtype, .. } => dtype.to_string(),
            Kind::Text => format!("text of {} letters", self.width / 4),
            Kind::Bytes => format!("text of {} bytes", self.width),
        }
    }
}

/// Copies elements from column-major into row-major order. There is at least one, and `bytes` holds them all.
fn to_row_major(bytes: &[u8], dims: &[u64], width: usize) -> Vec<u8> {
    fn gather(out: &mut Vec<u8>, bytes: &[u8], axes: &[(usize, usize)], offset: usize, width: usize) {
        match axes {
            [] => out.extend(bytes.get(offset..offset.saturating_add(width)).unwrap_or_default()),
            [(dim, stride), inner @ ..] => {
                let offsets = (0..*dim).map(|index| offset.saturating_add(index.saturating_mul(*stride)));
                offsets.for_each(|offset| gather(out, bytes, inner, offset, width));
            }
        }
    }
    let axes = dims.iter().scan(width, |stride, &dim| {
        let dim = usize::try_from(dim).unwrap_or(usize::MAX);
        let axis = (dim, *stride);
        *stride = stride.saturating_mul(dim);
        Some(axis)
    });
    let axes: Vec<_> = axes.collect();
    let mut out = Vec::with_capacity(bytes.len());
    gather(&mut out, bytes, &axes, 0, width);
    out
}

/// Takes the padding off each string; all of them share one buffer.
fn strings(element: &Element, bytes: &[u8], elements: u64, width: usize) -> Result<Vec<Bytes>, NpyError> {
    if width == 0 {
        return Ok((0..elements).map(|_| Bytes::new()).collect());
    }
    let mut text = Vec::new();
    let mut ends = Vec::new();
    for padded in bytes.chunks_exact(width) {
        if matches!(element.kind, Kind::Text) {
            let read = if element.big_endian { u32::from_be_bytes } else { u32::from_le_bytes };
            for letter in unpadded(padded.as_chunks().0, &[0; 4]).iter().map(|word| read(*word)) {
                let letter = char::from_u32(letter).ok_or(NpyError::NotText { found: letter })?;
                text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
            }
        } else {
            text.extend_from_slice(unpadded(padded, &0));
        }
        ends.push(text.len());
    }
    let text = Bytes::from(text);
    let starts = std::iter::once(0).chain(ends.iter().copied());
    Ok(starts.zip(&ends).map(|(start, &end)| text.slice(start..end)).collect())
}

/// What stands before the padding at the end.
fn unpadded<'t, T: PartialEq>(mut letters: &'t [T], padding: &T) -> &'t [T] {
    while let Some((last, rest)) = letters.split_last()
        && last == padding
    {
        letters = rest;
    }
    letters
}
