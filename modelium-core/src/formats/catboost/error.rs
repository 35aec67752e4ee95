//! What can be wrong with a `CatBoost` model beyond its encoding.

use crate::error::{Classify, ErrorKind, Location};

/// Why a `CatBoost` model cannot be read.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum CatboostError {
    #[error("neither a .cbm nor the JSON export of CatBoost")]
    NotOne { at: Location },
    #[error("the model claims {claimed} bytes, but {available} are left")]
    Overrun { at: Location, claimed: u64, available: u64 },
    #[error("no '{what}' in the model")]
    Missing { at: Location, what: &'static str },
    #[error("format version '{found}' is not known; expected FlabuffersModel_v1")]
    Version { at: Location, found: String },
    #[error("{what}: claims {claimed}, holds {found}")]
    Count { at: Location, what: &'static str, claimed: u64, found: u64 },
    #[error("a tree is {found} splits deep; CatBoost grows at most {most}")]
    Depth { at: Location, found: i64, most: u32 },
    #[error("{extra} bytes follow the model")]
    Trailing { at: Location, extra: u64 },
}

impl Classify for CatboostError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Version { .. } => ErrorKind::Unsupported,
            _ => ErrorKind::Malformed,
        }
    }

    fn location(&self) -> Location {
        match self {
            Self::NotOne { at }
            | Self::Overrun { at, .. }
            | Self::Missing { at, .. }
            | Self::Version { at, .. }
            | Self::Count { at, .. }
            | Self::Depth { at, .. }
            | Self::Trailing { at, .. } => at.clone(),
        }
    }
}
