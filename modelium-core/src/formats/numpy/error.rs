//! Why an array cannot be read.

use crate::error::{Classify, ErrorKind, Location};

/// What is wrong with a header, or with the bytes behind it.
#[derive(Debug, thiserror::Error)]
#[error("{fault}")]
pub struct NumpyError {
    /// What is wrong.
    pub fault: NumpyFault,
    /// Where.
    pub at: Location,
}

/// What is wrong.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum NumpyFault {
    #[error("not an array of numpy: it starts with '{found}'")]
    Magic { found: String },
    #[error("version {major}.{minor} of the header is newer than 3.0, the newest there is")]
    Version { major: u8, minor: u8 },
    #[error("the header claims {claimed} bytes, {available} are left")]
    HeaderOverrun { claimed: u64, available: u64 },
    #[error("the header of {claimed} bytes is longer than {cap}, the most that is read")]
    HeaderTooLong { claimed: u64, cap: u64 },
    #[error("the header is no description of an array: {reason}")]
    Header { reason: String },
    #[error("the array has {rank} dimensions, more than {cap}; raise Limits::rank to read it")]
    Rank { rank: usize, cap: u32 },
    #[error("an array of shape {dims:?} has more bytes than can be counted")]
    TooLarge { dims: Vec<u64> },
    #[error("{dtype} of shape {dims:?} takes {needed} bytes, {available} are left")]
    Overrun { dtype: String, dims: Vec<u64>, needed: u64, available: u64 },
    #[error("{extra} bytes follow the array")]
    Trailing { extra: u64 },
    #[error("none of the {members} members of the archive is an array")]
    NoArrays { members: usize },
}

impl Classify for NumpyError {
    fn kind(&self) -> ErrorKind {
        match self.fault {
            NumpyFault::Version { .. } => ErrorKind::Unsupported,
            NumpyFault::HeaderTooLong { .. } | NumpyFault::Rank { .. } => ErrorKind::LimitExceeded,
            _ => ErrorKind::Malformed,
        }
    }

    fn location(&self) -> Location {
        self.at.clone()
    }
}
