//! Why a checkpoint cannot be read.

use crate::error::{Classify, ErrorKind, Location};

/// Why a checkpoint cannot be read.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum OrbaxError {
    #[error("{what} begins with {found:02x?}, expected {expected:02x?}")]
    Magic { at: Location, what: &'static str, found: Vec<u8>, expected: [u8; 4] },
    #[error("{what} needs {needed} bytes where {left} are left")]
    Overrun { at: Location, what: &'static str, needed: u64, left: u64 },
    #[error("{what} claims {claimed} bytes, the file has {left}")]
    Length { at: Location, what: &'static str, claimed: u64, left: u64 },
    #[error("{what} of {claimed} entries cannot lie in {left} bytes")]
    Count { at: Location, what: &'static str, claimed: u64, left: u64 },
    #[error("{what} is {found}, expected {expected}")]
    Unexpected { at: Location, what: &'static str, found: u64, expected: &'static str },
    #[error("the checksum of {what} is {found:08x}, expected {expected:08x}")]
    Checksum { at: Location, what: &'static str, found: u32, expected: u32 },
    #[error("the manifest refers to '{path}', which leads out of the checkpoint")]
    Escapes { at: Location, path: String },
    #[error("the manifest refers to '{path}', which is not there")]
    NoFile { at: Location, path: String },
    #[error("a node of the database is met twice; the tree runs in a circle")]
    Circle { at: Location },
    #[error("the array '{name}' has no {what}")]
    NoField { at: Location, name: String, what: &'static str },
    #[error("the array '{name}' of shape {shape:?} takes more than 2^64 bytes")]
    TooLarge { at: Location, name: String, shape: Vec<u64> },
    #[error("the arrays are more than {cap}; raise Limits::tensors to read them")]
    TooMany { at: Location, cap: u64 },
    #[error("{what} is not read")]
    Unsupported { at: Location, what: &'static str },
    #[error("no metadata of a checkpoint and no array in this folder")]
    Nothing { at: Location },
}

impl Classify for OrbaxError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Escapes { .. } => ErrorKind::UnsafeContent,
            Self::TooMany { .. } => ErrorKind::LimitExceeded,
            Self::Unsupported { .. } => ErrorKind::Unsupported,
            _ => ErrorKind::Malformed,
        }
    }

    fn location(&self) -> Location {
        match self {
            Self::Magic { at, .. }
            | Self::Overrun { at, .. }
            | Self::Length { at, .. }
            | Self::Count { at, .. }
            | Self::Unexpected { at, .. }
            | Self::Checksum { at, .. }
            | Self::Escapes { at, .. }
            | Self::NoFile { at, .. }
            | Self::Circle { at }
            | Self::NoField { at, .. }
            | Self::TooLarge { at, .. }
            | Self::TooMany { at, .. }
            | Self::Unsupported { at, .. }
            | Self::Nothing { at } => at.clone(),
        }
    }
}
