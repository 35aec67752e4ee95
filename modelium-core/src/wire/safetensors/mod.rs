//! The header of a safetensors file: names, types, shapes and byte ranges, as JSON in front of the tensors.
//!
//! Follows the [format](https://github.com/huggingface/safetensors#format) as its reference implementation reads it:
//! eight bytes of length, little-endian; that many bytes of JSON which begin with `{` and may end in blanks; then the
//! tensors, back to back in some order, without a gap and with nothing behind them.
//!
//! [`Header::read`] walks the mapped text once and builds no tree, so that a hundred thousand tensors take milliseconds;
//! names stay where they are unless they hold escapes. It refuses what is not a header. [`Header::flaws`] tells what a
//! header says that no honest writer says: ranges that overlap or leave holes, sizes that contradict shapes.

mod parse;
mod write;

use std::borrow::Cow;
use std::collections::HashSet;

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Classify, ErrorKind, Location, Result};
use crate::tensor::DType;

pub use write::{Layout, NewTensor, layout};

/// The longest header that the reference implementation reads.
pub const HEADER_CAP: u64 = 100_000_000;

/// Bytes of the length in front of the header.
pub const PREFIX: u64 = 8;

/// The element types and their names, from the widest to the narrowest: the order in which tensors are written.
const DTYPES: [(DType, &str); 22] = [
    (DType::Float64, "F64"),
    (DType::Int64, "I64"),
    (DType::Uint64, "U64"),
    (DType::Complex64, "C64"),
    (DType::Float32, "F32"),
    (DType::Int32, "I32"),
    (DType::Uint32, "U32"),
    (DType::Float16, "F16"),
    (DType::Bfloat16, "BF16"),
    (DType::Int16, "I16"),
    (DType::Uint16, "U16"),
    (DType::Float8E8M0, "F8_E8M0"),
    (DType::Float8E4M3Fn, "F8_E4M3"),
    (DType::Float8E5M2, "F8_E5M2"),
    (DType::Float8E4M3FnUz, "F8_E4M3FNUZ"),
    (DType::Float8E5M2FnUz, "F8_E5M2FNUZ"),
    (DType::Int8, "I8"),
    (DType::Uint8, "U8"),
    (DType::Bool, "BOOL"),
    (DType::Float6E2M3, "F6_E2M3"),
    (DType::Float6E3M2, "F6_E3M2"),
    (DType::Float4E2M1, "F4"),
];

/// The element type of a name, as the format spells it.
pub fn dtype(name: &str) -> Option<DType> {
    DTYPES.iter().find(|(_, known)| *known == name).map(|(dtype, _)| *dtype)
}

/// The format's name for an element type; `None` for types that it does not have.
pub fn dtype_name(dtype: DType) -> Option<&'static str> {
    DTYPES.iter().find(|(known, _)| *known == dtype).map(|(_, name)| *name)
}

/// What the header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header<'a> {
    /// The tensors, in the order of the text.
    pub tensors: Vec<Entry<'a>>,
    /// Key and value pairs that the writer left, in the order of the text.
    pub metadata: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// Keys that stand twice in one object, with the byte of the second one.
    pub duplicates: Vec<(Cow<'a, str>, u64)>,
    /// Keys of tensors that the format does not know, with their bytes.
    pub unknown_keys: Vec<(Cow<'a, str>, u64)>,
    /// Where the tensors start in the file.
    pub data_start: u64,
}

/// One tensor of the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its name.
    pub name: Cow<'a, str>,
    /// The byte of its name in the file.
    pub at: u64,
    /// The element type, as the file spells it.
    pub dtype: Cow<'a, str>,
    /// Dimensions, outermost first.
    pub shape: Vec<u64>,
    /// Its first byte, counted from [`Header::data_start`].
    pub begin: u64,
    /// The byte behind its last one.
    pub end: u64,
}

/// Why bytes are not the header of a safetensors file.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum SafetensorsError {
    #[error("the file has {available} bytes; the length of the header alone takes 8")]
    NoLength { at: Location, available: u64 },
    #[error("the header claims {claimed} bytes but the file has {available} left")]
    HeaderOverrun { at: Location, claimed: u64, available: u64 },
    #[error("the header claims {claimed} bytes; readers of the format stop at {HEADER_CAP}")]
    HeaderTooLong { at: Location, claimed: u64 },
    #[error("the header takes {claimed} bytes; raise Limits::structure_bytes from {cap} to read it")]
    HeaderBeyondLimit { at: Location, claimed: u64, cap: u64 },
    #[error("the header is not UTF-8")]
    NotUtf8 { at: Location },
    #[error("found {found}, expected {expected}")]
    Unexpected { at: Location, found: String, expected: &'static str },
    #[error("the header ends inside a value")]
    Ends { at: Location },
    #[error("values of unknown keys nest deeper than {cap}")]
    TooDeep { at: Location, cap: u32 },
    #[error("tensor '{name}' does not say its {key}")]
    Incomplete { at: Location, name: String, key: &'static str },
    #[error("more than {cap} tensors; raise Limits::tensors to read them")]
    TooManyTensors { at: Location, cap: u64 },
    #[error("a tensor has more than {cap} dimensions; raise Limits::rank to read it")]
    Rank { at: Location, cap: u32 },
    #[error("{flaw}")]
    Flawed { at: Location, flaw: Flaw },
    #[error("element type {0} is none that safetensors has; convert the tensor first")]
    NoDType(DType),
    #[error("tensor '{name}' stands twice")]
    WrittenTwice { name: String },
    #[error("the tensors take more bytes than 64 bits can count")]
    TooLarge,
}

impl Classify for SafetensorsError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::HeaderBeyondLimit { .. } | Self::TooManyTensors { .. } | Self::Rank { .. } => {
                ErrorKind::LimitExceeded
            }
            Self::NoDType(_) => ErrorKind::Unsupported,
            Self::WrittenTwice { .. } | Self::TooLarge => ErrorKind::InvalidArgument,
            _ => ErrorKind::Malformed,
        }
    }

    fn location(&self) -> Location {
        match self {
            Self::NoLength { at, .. }
            | Self::HeaderOverrun { at, .. }
            | Self::HeaderTooLong { at, .. }
            | Self::HeaderBeyondLimit { at, .. }
            | Self::NotUtf8 { at }
            | Self::Unexpected { at, .. }
            | Self::Ends { at }
            | Self::TooDeep { at, .. }
            | Self::Incomplete { at, .. }
            | Self::TooManyTensors { at, .. }
            | Self::Rank { at, .. }
            | Self::Flawed { at, .. } => at.clone(),
            Self::NoDType(_) | Self::WrittenTwice { .. } | Self::TooLarge => Location::default(),
        }
    }
}

/// What a header says that no honest writer says. Strict readers refuse each of them; others read on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum Flaw {
    #[error("key '{name}' stands twice; readers disagree on which one counts")]
    Duplicate { name: String },
    #[error("tensor '{name}' has element type '{dtype}', which the format does not have")]
    UnknownDType { name: String, dtype: String },
    #[error("tensor '{name}' claims more bytes than 64 bits can count: {dtype}{shape:?}")]
    Overflow { name: String, dtype: String, shape: Vec<u64> },
    #[error("tensor '{name}' ends inside a byte: {dtype}{shape:?}")]
    Unaligned { name: String, dtype: String, shape: Vec<u64> },
    #[error("tensor '{name}' takes {needed} bytes ({dtype}{shape:?}) but its range has {found}")]
    WrongSize { name: String, dtype: String, shape: Vec<u64>, needed: u64, found: u64 },
    #[error("tensor '{name}' ends at {end} before it begins at {begin}")]
    Backwards { name: String, begin: u64, end: u64 },
    #[error("tensor '{name}' ends at byte {end} of the data, which has {available}")]
    Overrun { name: String, end: u64, available: u64 },
    #[error("tensor '{name}' overlaps '{other}' by {bytes} bytes")]
    Overlap { name: String, other: String, bytes: u64 },
    #[error("{bytes} bytes in front of tensor '{name}' belong to no tensor")]
    Hole { name: String, bytes: u64 },
    #[error("{bytes} bytes follow the last tensor")]
    Trailing { bytes: u64 },
}

impl<'a> Header<'a> {
    /// Reads the header of a file.
    ///
    /// # Errors
    /// `Malformed` for what is no header, `LimitExceeded` beyond [`Limits::structure_bytes`](crate::Limits), tensors or
    /// rank; with the byte.
    pub fn read(blob: &'a Blob, cx: &Context) -> Result<Self> {
        parse::read(blob, cx)
    }

    /// What is wrong with the ranges, each with its byte in the file; nothing for a file that an honest writer wrote.
    ///
    /// Linear in the tensors where they stand in the order of their bytes, as writers leave them.
    pub fn flaws(&self, file_len: u64) -> Vec<(u64, Flaw)> {
        let available = file_len.saturating_sub(self.data_start);
        let mut flaws: Vec<(u64, Flaw)> = Vec::new();
        for (key, at) in &self.duplicates {
            flaws.push((*at, Flaw::Duplicate { name: show(key) }));
        }
        for entry in &self.tensors {
            let name = || show(&entry.name);
            if entry.begin > entry.end {
                flaws.push((entry.at, Flaw::Backwards { name: name(), begin: entry.begin, end: entry.end }));
            } else if let Some(flaw) = entry.size_flaw() {
                flaws.push((entry.at, flaw));
            }
            if entry.end > available {
                flaws.push((entry.at, Flaw::Overrun { name: name(), end: entry.end, available }));
            }
        }
        self.gaps(available, &mut flaws);
        flaws
    }

    /// Ranges that overlap or leave holes.
    fn gaps(&self, available: u64, flaws: &mut Vec<(u64, Flaw)>) {
        let mut order: Vec<&Entry<'_>> = self.tensors.iter().filter(|entry| entry.begin <= entry.end).collect();
        if !order.is_sorted_by_key(|entry| (entry.begin, entry.end)) {
            order.sort_by_key(|entry| (entry.begin, entry.end));
        }
        let mut last: Option<&Entry<'_>> = None;
        for entry in order {
            let end = last.map_or(0, |last| last.end);
            if let Some(bytes) = entry.begin.checked_sub(end) {
                if bytes > 0 {
                    let at = self.data_start.saturating_add(end);
                    flaws.push((at, Flaw::Hole { name: show(&entry.name), bytes }));
                }
            } else if entry.begin < entry.end {
                let bytes = end.min(entry.end).saturating_sub(entry.begin);
                let other = last.map_or_else(String::new, |last| show(&last.name));
                let at = self.data_start.saturating_add(entry.begin);
                flaws.push((at, Flaw::Overlap { name: show(&entry.name), other, bytes }));
            }
            if entry.end >= end {
                last = Some(entry);
            }
        }
        let end = last.map_or(0, |last| last.end);
        if let Some(bytes) = available.checked_sub(end).filter(|bytes| *bytes > 0) {
            flaws.push((self.data_start.saturating_add(end), Flaw::Trailing { bytes }));
        }
    }

    /// The header itself, if nothing is wrong with it.
    ///
    /// # Errors
    /// `Malformed` with the first flaw.
    pub fn strict(self, blob: &Blob) -> Result<Self> {
        match self.flaws(blob.len()).into_iter().next() {
            Some((at, flaw)) => Err(SafetensorsError::Flawed { at: blob.location(at), flaw }.into()),
            None => Ok(self),
        }
    }

    /// Names that two tensors have, each once.
    fn repeated<'b>(tensors: &'b [Entry<'a>]) -> impl Iterator<Item = &'b Entry<'a>> {
        let mut seen = HashSet::with_capacity(tensors.len());
        tensors.iter().filter(move |entry| !seen.insert(entry.name.as_ref()))
    }
}

impl Entry<'_> {
    /// The element type, if the format has it.
    pub fn element(&self) -> Option<DType> {
        dtype(&self.dtype)
    }

    /// What is wrong with its size.
    fn size_flaw(&self) -> Option<Flaw> {
        let (name, dtype, shape) = (|| show(&self.name), || show(&self.dtype), || self.shape.clone());
        let Some(element) = self.element() else {
            return Some(Flaw::UnknownDType { name: name(), dtype: dtype() });
        };
        let elements = self.shape.iter().try_fold(1_u64, |product, dim| product.checked_mul(*dim));
        let bits = elements.and_then(|elements| elements.checked_mul(element.bits()?));
        let Some(bits) = bits else {
            return Some(Flaw::Overflow { name: name(), dtype: dtype(), shape: shape() });
        };
        if !bits.is_multiple_of(8) {
            return Some(Flaw::Unaligned { name: name(), dtype: dtype(), shape: shape() });
        }
        let (needed, found) = (bits >> 3, self.end.saturating_sub(self.begin));
        (needed != found).then(|| Flaw::WrongSize { name: name(), dtype: dtype(), shape: shape(), needed, found })
    }
}

/// A name as messages show it: not too long.
fn show(name: &str) -> String {
    const SHOWN: usize = 120;
    match name.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests;
