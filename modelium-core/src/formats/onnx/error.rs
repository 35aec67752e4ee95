//! What can be wrong with an ONNX file beyond its encoding.

use std::fmt;

use crate::artifact::LocationError;
use crate::error::{Classify, Error, ErrorKind, Location};
use crate::tensor::DType;

/// Why an ONNX model cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{fault}")]
pub struct OnnxError {
    /// What is wrong.
    #[source]
    pub fault: OnnxFault,
    /// The file, the byte, and what holds the fault, as far as they are known.
    pub location: Location,
}

/// What is wrong with an ONNX model.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum OnnxFault {
    #[error("the file is empty")]
    Empty,
    #[error("not an ONNX model but {0}")]
    SomethingElse(&'static str),
    #[error("no ONNX model among the files; expected one whose name ends in .onnx")]
    NoModel,
    #[error("two models, '{first}' and '{second}'; open the one that is meant by its own path")]
    TwoModels { first: String, second: String },
    #[error("the model has no graph")]
    NoGraph,
    #[error("text is not UTF-8")]
    NotUtf8,
    #[error("a name holds a NUL byte")]
    NulInName,
    #[error("{0} has no name")]
    Nameless(String),
    #[error("value {name} is defined twice: as {first} and as {second}")]
    DefinedTwice { name: Quoted, first: String, second: String },

    #[error("attribute {name} says kind {code}, which ONNX does not have")]
    AttributeKind { name: Quoted, code: i32 },
    #[error("attribute {name} does not say of which kind it is")]
    AttributeWithoutKind { name: Quoted },
    #[error("attribute {name} has its value in '{expected}' by its kind, but fills {found}")]
    AttributeContent { name: Quoted, expected: &'static str, found: String },

    #[error("element type {code} is none that ONNX has")]
    UnknownElementType { code: i32 },
    #[error("a map has keys of type {0}; expected integers or strings")]
    MapKey(DType),
    #[error("{tensor} has no element type")]
    NoElementType { tensor: TensorName },
    #[error("{tensor} has {rank} dimensions; raise Limits::rank from {cap} to read it")]
    Rank { tensor: TensorName, rank: usize, cap: u32 },
    #[error("a type has {rank} dimensions; raise Limits::rank from {cap} to read it")]
    TypeRank { rank: usize, cap: u32 },
    #[error("{tensor} has a dimension of {dim}")]
    NegativeDim { tensor: TensorName, dim: i64 },
    #[error("a type has a dimension of {dim}; -1 stands for unknown, other negative numbers for nothing")]
    NegativeTypeDim { dim: i64 },
    #[error("{tensor} claims more bytes than 64 bits can count: {dtype}{dims:?}")]
    Overflow { tensor: TensorName, dtype: DType, dims: Vec<u64> },
    #[error("{tensor} claims {claimed} bytes ({dtype}{dims:?}) but {place} has {available}")]
    ByteCount { tensor: TensorName, dtype: DType, dims: Vec<u64>, claimed: u64, place: &'static str, available: u64 },
    #[error("{tensor} claims {claimed} entries ({dtype}{dims:?}) but {place} has {available}")]
    EntryCount { tensor: TensorName, dtype: DType, dims: Vec<u64>, claimed: u64, place: &'static str, available: u64 },
    #[error("{tensor} claims elements ({dtype}{dims:?}) but has no field with any")]
    NoContent { tensor: TensorName, dtype: DType, dims: Vec<u64> },
    #[error("{tensor} holds elements in {first} and in {second}; expected one of them")]
    TwoContents { tensor: TensorName, first: &'static str, second: &'static str },
    #[error("{tensor} is {dtype} but holds its elements in {found}; expected {expected}")]
    WrongField { tensor: TensorName, dtype: DType, found: &'static str, expected: &'static str },
    #[error("{place} of {tensor} ends inside a number")]
    CutOff { tensor: TensorName, place: &'static str },
    #[error("{place} of {tensor} holds {value}, which is no {dtype}")]
    OutOfRange { tensor: TensorName, dtype: DType, place: &'static str, value: i64 },
    #[error("{tensor} is one segment of a larger tensor; write the model again with whole tensors")]
    Segment { tensor: TensorName },
    #[error("{tensor} says data_location {code}, which ONNX does not have")]
    DataLocation { tensor: TensorName, code: i32 },

    #[error("{tensor} has external data without a location")]
    NoLocation { tensor: TensorName },
    #[error("{tensor} gives '{key}' of its external data twice")]
    ExternalTwice { tensor: TensorName, key: &'static str },
    #[error("{tensor} gives {value} as '{key}' of its external data; expected a number of bytes")]
    ExternalNumber { tensor: TensorName, key: &'static str, value: Quoted },
    #[error("{tensor} has external data at {at}: {reason}")]
    ExternalRefused { tensor: TensorName, at: Quoted, reason: LocationError },
    #[error("{tensor} claims {claimed} bytes at offset {offset} of {at}, which has {available}")]
    ExternalRange { tensor: TensorName, at: Quoted, offset: u64, claimed: u64, available: u64 },
    #[error("external data lies in more than {cap} files; raise Limits::entries to read it")]
    ExternalFiles { cap: u64 },

    #[error("sparse {tensor} has no {part}")]
    SparsePart { tensor: TensorName, part: &'static str },
    #[error("sparse {tensor} has {what}: {found}; expected {expected}")]
    Sparse { tensor: TensorName, what: &'static str, found: String, expected: String },

    #[error(
        "the model file would take {bytes} bytes; ONNX files end below 2 GiB, so put weights beside it (Weights::Auto)"
    )]
    TooLarge { bytes: u64 },
}

impl OnnxFault {
    /// The error, with its place.
    pub(super) fn at(self, location: Location) -> Error {
        OnnxError { fault: self, location }.into()
    }
}

impl Classify for OnnxError {
    fn kind(&self) -> ErrorKind {
        match &self.fault {
            OnnxFault::TwoModels { .. } => ErrorKind::InvalidArgument,
            OnnxFault::UnknownElementType { code: ..0 } => ErrorKind::Malformed,
            OnnxFault::NoModel
            | OnnxFault::AttributeKind { .. }
            | OnnxFault::UnknownElementType { .. }
            | OnnxFault::Segment { .. }
            | OnnxFault::TooLarge { .. } => ErrorKind::Unsupported,
            OnnxFault::Rank { .. } | OnnxFault::TypeRank { .. } | OnnxFault::ExternalFiles { .. } => {
                ErrorKind::LimitExceeded
            }
            OnnxFault::ExternalRefused { reason, .. } => match reason {
                LocationError::Missing | LocationError::Folder | LocationError::Unreadable(_) => ErrorKind::Io,
                LocationError::Empty => ErrorKind::Malformed,
                _ => ErrorKind::UnsafeContent,
            },
            _ => ErrorKind::Malformed,
        }
    }

    fn location(&self) -> Location {
        self.location.clone()
    }
}

/// Text from a file as messages show it: in quotes, not too long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted(pub String);

impl fmt::Display for Quoted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 120;
        match self.0.char_indices().nth(SHOWN) {
            Some((end, _)) => write!(f, "'{}…'", self.0.get(..end).unwrap_or_default()),
            None => write!(f, "'{}'", self.0),
        }
    }
}

/// What messages call a tensor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorName(pub Option<String>);

impl fmt::Display for TensorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(name) => write!(f, "tensor {}", Quoted(name.clone())),
            None => f.write_str("a tensor without a name"),
        }
    }
}
