//! What can be wrong with TensorFlow's files beyond their encoding.

use crate::error::{Classify, Error, ErrorKind, Location};

/// Why a file of TensorFlow cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{fault}")]
pub struct TensorFlowError {
    /// What is wrong.
    #[source]
    pub fault: TensorFlowFault,
    /// Where, as far as it is known.
    pub location: Location,
}

/// What is wrong.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum TensorFlowFault {
    #[error("no {0} among the files")]
    NoEntry(&'static str),
    #[error("a saved model without a graph")]
    NoGraph,
    #[error("dimension {0} of a tensor is negative; only shapes of ports can be open")]
    NegativeDim(i64),
    #[error("tensor '{name}' claims {claimed} bytes ({dtype}{shape:?}) but {available} are stored")]
    ByteCount { name: String, dtype: String, shape: Vec<u64>, claimed: u64, available: u64 },
    #[error("tensor '{name}' has more elements than 64 bits can count")]
    Overflow { name: String },
    #[error("tensor '{name}' is in shard {shard} of {shards}")]
    Shard { name: String, shard: u64, shards: u64 },
    #[error("tensor '{name}' ends at byte {end} of a shard of {available} bytes")]
    ShardRange { name: String, end: u64, available: u64 },
    #[error("tensors '{first}' and '{second}' overlap in shard {shard}")]
    Overlap { first: String, second: String, shard: u64 },

    #[error("a table of {0} bytes is shorter than its footer of 48")]
    NoFooter(u64),
    #[error("a block claims bytes {offset} to {end} of a table of {available}")]
    BlockRange { offset: u64, end: u64, available: u64 },
    #[error("a block is compressed by method {0}; tensor bundles are written without")]
    Compressed(u8),
    #[error("the checksum of a block is {found:08x}; its bytes give {computed:08x}")]
    Checksum { found: u32, computed: u32 },
    #[error("an entry of a block does not fit: {0}")]
    Entry(&'static str),
    #[error("the table has no header entry")]
    NoHeader,
    #[error("the bundle is big-endian, which no current machine writes")]
    BigEndian,
}

impl TensorFlowFault {
    /// The error, with its place.
    pub(super) fn at(self, location: Location) -> Error {
        TensorFlowError { fault: self, location }.into()
    }
}

impl Classify for TensorFlowError {
    fn kind(&self) -> ErrorKind {
        match self.fault {
            TensorFlowFault::NoEntry(_) | TensorFlowFault::Compressed(_) | TensorFlowFault::BigEndian => {
                ErrorKind::Unsupported
            }
            _ => ErrorKind::Malformed,
        }
    }

    fn location(&self) -> Location {
        self.location.clone()
    }
}
