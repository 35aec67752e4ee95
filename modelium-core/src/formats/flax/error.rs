//! What can be wrong with a Flax checkpoint beyond its encoding.

use crate::error::{Classify, ErrorKind, Location};

/// Why a Flax checkpoint cannot be read.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum FlaxError {
    #[error("'{name}': an array is a shape, a type and bytes; found {found}")]
    NotAnArray { at: Location, name: String, found: String },
    #[error("'{name}': {shape:?} of {dtype} take {needed} bytes, the array has {found}")]
    Size { at: Location, name: String, shape: Vec<u64>, dtype: String, needed: u64, found: u64 },
    #[error("'{name}': the shape {shape:?} takes more than 2^64 bytes")]
    TooLarge { at: Location, name: String, shape: Vec<u64> },
    #[error("'{name}': the type '{dtype}' holds objects, which no array of bytes can")]
    Objects { at: Location, name: String, dtype: String },
    #[error("'{name}': an extension of type {kind}, which flax does not write")]
    Extension { at: Location, name: String, kind: i8 },
    #[error("'{name}': {found} chunks, expected those numbered from 0")]
    Chunks { at: Location, name: String, found: u64 },
    #[error("{found} dimensions, more than {cap}; raise Limits::rank to read them")]
    Rank { at: Location, found: u64, cap: u32 },
    #[error("more than {cap} tensors; raise Limits::tensors to read them")]
    TooMany { at: Location, cap: u64 },
    #[error("the file is no dictionary of arrays")]
    NoTree { at: Location },
}

impl Classify for FlaxError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Extension { .. } => ErrorKind::Unsupported,
            Self::Rank { .. } | Self::TooMany { .. } => ErrorKind::LimitExceeded,
            _ => ErrorKind::Malformed,
        }
    }

    fn location(&self) -> Location {
        match self {
            Self::NotAnArray { at, .. }
            | Self::Size { at, .. }
            | Self::TooLarge { at, .. }
            | Self::Objects { at, .. }
            | Self::Extension { at, .. }
            | Self::Chunks { at, .. }
            | Self::Rank { at, .. }
            | Self::TooMany { at, .. }
            | Self::NoTree { at } => at.clone(),
        }
    }
}
