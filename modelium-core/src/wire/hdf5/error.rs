//! Why HDF5 metadata cannot be read.

use crate::error::{Classify, ErrorKind, Location};

/// Why HDF5 metadata cannot be read.
#[derive(Debug, Clone, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum Hdf5Error {
    #[error("no HDF5 signature at byte 0, 512, 1024 or a further power of two")]
    NotHdf5 { at: Location },
    #[error("{what} needs {needed} bytes where {left} are left")]
    Overrun { at: Location, what: &'static str, needed: u64, left: u64 },
    #[error("{what} begins with {found:02x?}, expected {expected:?}")]
    Signature { at: Location, what: &'static str, found: Vec<u8>, expected: &'static str },
    #[error("{what} is {found}, expected {expected}")]
    Unexpected { at: Location, what: &'static str, found: u64, expected: &'static str },
    #[error("the address of {what} lies {address} bytes into a file of {length}")]
    Outside { at: Location, what: &'static str, address: u64, length: u64 },
    #[error("{what} is missing")]
    Missing { at: Location, what: &'static str },
    #[error("{what} is met twice; the structure runs in a circle")]
    Circle { at: Location, what: &'static str },
    #[error("the file ends at byte {length}, its header says {claimed}")]
    Truncated { at: Location, length: u64, claimed: u64 },
    #[error("the shape {dims:?} of elements of {element} bytes takes more than 2^64 bytes")]
    TooLarge { at: Location, dims: Vec<u64>, element: u64 },
    #[error("{what} of version {version} is not known")]
    Version { at: Location, what: &'static str, version: u64 },
    #[error("{what} is not read")]
    Unsupported { at: Location, what: &'static str },
    #[error("{what} nest deeper than {cap}; raise Limits::depth to read them")]
    TooDeep { at: Location, what: &'static str, cap: u32 },
    #[error("{what} has {found}, more than {cap}; raise Limits::{limit} to read it")]
    TooMany { at: Location, what: &'static str, found: u64, cap: u64, limit: &'static str },
    #[error("the structure takes more than {cap} bytes to read, which its file does not pay for")]
    Exhausted { at: Location, cap: u64 },
}

impl Classify for Hdf5Error {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotHdf5 { .. }
            | Self::Overrun { .. }
            | Self::Signature { .. }
            | Self::Unexpected { .. }
            | Self::Outside { .. }
            | Self::Missing { .. }
            | Self::Circle { .. }
            | Self::Truncated { .. }
            | Self::TooLarge { .. } => ErrorKind::Malformed,
            Self::Version { .. } | Self::Unsupported { .. } => ErrorKind::Unsupported,
            Self::TooDeep { .. } | Self::TooMany { .. } | Self::Exhausted { .. } => ErrorKind::LimitExceeded,
        }
    }

    fn location(&self) -> Location {
        match self {
            Self::NotHdf5 { at }
            | Self::Overrun { at, .. }
            | Self::Signature { at, .. }
            | Self::Unexpected { at, .. }
            | Self::Outside { at, .. }
            | Self::Missing { at, .. }
            | Self::Circle { at, .. }
            | Self::Truncated { at, .. }
            | Self::TooLarge { at, .. }
            | Self::Version { at, .. }
            | Self::Unsupported { at, .. }
            | Self::TooDeep { at, .. }
            | Self::TooMany { at, .. }
            | Self::Exhausted { at, .. } => at.clone(),
        }
    }
}
