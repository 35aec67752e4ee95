//! What can be wrong with a PyTorch file beyond its encoding.

use crate::error::{Classify, ErrorKind, Location};

/// Why a PyTorch file cannot be read.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum TorchError {
    #[error("the archive has no record '{record}'")]
    NoRecord { at: Location, record: &'static str },
    #[error("the pickle ends with a fault: {reason}")]
    Pickle { at: Location, reason: String },
    #[error("not the legacy format of torch.save: {reason}")]
    Legacy { at: Location, reason: &'static str },
    #[error("storage '{key}' claims {claimed} bytes but {available} are left")]
    StorageCutOff { at: Location, key: String, claimed: u64, available: u64 },
    #[error("{record} is not the JSON that torch.export writes: {reason}")]
    Program { at: Location, record: String, reason: &'static str },
    #[error("tensor '{name}' reaches element {end} of storage '{key}', which has {elements}")]
    OutOfStorage { at: Location, name: String, key: String, end: u64, elements: u64 },
    #[error("storage '{key}' claims {claimed} bytes, its record has {found}")]
    StorageSize { at: Location, key: String, claimed: u64, found: u64 },
    #[error("tensor '{name}' lies in storage '{key}', which the file does not hold")]
    NoStorage { at: Location, name: String, key: String },
    #[error("tensor '{name}' has more bytes than 64 bits can count")]
    Overflow { at: Location, name: String },
    #[error("tensor '{name}' is {what}; only dense tensors can be read without running torch")]
    NotDense { at: Location, name: String, what: String },
    #[error("the elements lie in big-endian order, which is not read")]
    BigEndian { at: Location },
    #[error("the object holds no tensor")]
    NoTensors { at: Location },
    #[error("more than {cap} {what}; raise Limits::{limit} to read them")]
    TooMany { at: Location, what: &'static str, limit: &'static str, cap: u64 },
}

impl Classify for TorchError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotDense { .. } | Self::BigEndian { .. } | Self::NoTensors { .. } => ErrorKind::Unsupported,
            Self::TooMany { .. } => ErrorKind::LimitExceeded,
            _ => ErrorKind::Malformed,
        }
    }

    fn location(&self) -> Location {
        match self {
            Self::NoRecord { at, .. }
            | Self::Pickle { at, .. }
            | Self::Legacy { at, .. }
            | Self::StorageCutOff { at, .. }
            | Self::Program { at, .. }
            | Self::OutOfStorage { at, .. }
            | Self::StorageSize { at, .. }
            | Self::NoStorage { at, .. }
            | Self::Overflow { at, .. }
            | Self::NotDense { at, .. }
            | Self::BigEndian { at }
            | Self::NoTensors { at }
            | Self::TooMany { at, .. } => at.clone(),
        }
    }
}
