//! What can be wrong with a GGUF file.

use crate::error::{Classify, Error, ErrorKind, Location};

/// Why a GGUF file cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{fault}")]
pub struct GgufError {
    /// What is wrong.
    #[source]
    pub fault: GgufFault,
    /// The file and the byte.
    pub location: Location,
}

/// What is wrong with the header.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum GgufFault {
    #[error("not a GGUF file: it starts with {found:02x?}")]
    Magic { found: Vec<u8> },
    #[error("version {version} of the format is none of 1, 2 and 3")]
    Version { version: u32 },
    #[error("the file ends inside {what}")]
    Ends { what: &'static str },
    #[error("{what} claims {claimed} bytes but the file has {available} left")]
    Overrun { what: &'static str, claimed: u64, available: u64 },
    #[error("{count} {what} cannot fit into the {available} bytes that are left")]
    Count { what: &'static str, count: u64, available: u64 },
    #[error("{what} claims more bytes than 64 bits can count: {count} of {width}")]
    Wraps { what: &'static str, count: u64, width: u64 },
    #[error("key '{key}' has a value of type {code}, which the format does not have")]
    ValueType { key: String, code: u32 },
    #[error("lists nest deeper than {cap} in key '{key}'")]
    TooDeep { key: String, cap: u32 },
    #[error("more than {cap} tensors; raise Limits::tensors to read them")]
    TooManyTensors { cap: u64 },
    #[error("more than {cap} keys; raise Limits::entries to read them")]
    TooManyKeys { cap: u64 },
    #[error("a tensor has {rank} dimensions; ggml has 4 at most")]
    Rank { rank: u32 },
    #[error("a boolean is {value}, not 0 or 1")]
    Boolean { value: u8 },
    #[error("{what} is not UTF-8")]
    NotUtf8 { what: &'static str },
    #[error("the alignment is no whole number")]
    AlignmentType,
    #[error("the alignment is {alignment}; expected a power of two of at least 8")]
    Alignment { alignment: u64 },
    #[error("the tensors would start beyond the end of what 64 bits can count")]
    NoStart,
    #[error("{0}")]
    Flawed(Flaw),
}

/// What the table of tensors says that no honest writer says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum Flaw {
    #[error("{what} '{name}' stands twice")]
    Duplicate { what: &'static str, name: String },
    #[error("tensor '{name}' has type {code}; the newest known is {newest}")]
    UnknownType { name: String, code: u32, newest: u32 },
    #[error("tensor '{name}' claims more bytes than 64 bits can count: {ty}{shape:?}")]
    Overflow { name: String, ty: &'static str, shape: Vec<u64> },
    #[error("tensor '{name}' has a dimension of 0: {shape:?}; readers divide by it")]
    NoElements { name: String, shape: Vec<u64> },
    #[error("tensor '{name}' has rows of {row} elements; blocks of {ty} have {block}")]
    Ragged { name: String, ty: &'static str, row: u64, block: u64 },
    #[error("tensor '{name}' starts at offset {offset}, which is no multiple of the alignment {alignment}")]
    Misaligned { name: String, offset: u64, alignment: u64 },
    #[error("tensor '{name}' lies at offset {offset} with {bytes} bytes; the file has {available} for tensors")]
    OutOfBounds { name: String, offset: u64, bytes: u64, available: u64 },
    #[error("the file is cut off: tensor '{name}' ends at offset {end} and the file has {available} for tensors")]
    CutOff { name: String, end: u64, available: u64 },
    #[error("tensor '{name}' overlaps '{other}' by {bytes} bytes")]
    Overlap { name: String, other: String, bytes: u64 },
    #[error("{bytes} bytes in front of tensor '{name}' belong to no tensor")]
    Hole { name: String, bytes: u64 },
    #[error("{bytes} bytes follow the last tensor")]
    Trailing { bytes: u64 },
}

impl GgufFault {
    /// The error, with its place.
    pub(super) fn at(self, location: Location) -> Error {
        GgufError { fault: self, location }.into()
    }
}

impl Classify for GgufError {
    fn kind(&self) -> ErrorKind {
        match &self.fault {
            GgufFault::TooManyTensors { .. } | GgufFault::TooManyKeys { .. } | GgufFault::TooDeep { .. } => {
                ErrorKind::LimitExceeded
            }
            GgufFault::Version { .. } | GgufFault::Flawed(Flaw::UnknownType { .. }) => ErrorKind::Unsupported,
            _ => ErrorKind::Malformed,
        }
    }

    fn location(&self) -> Location {
        self.location.clone()
    }
}
