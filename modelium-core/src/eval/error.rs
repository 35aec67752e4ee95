//! Why a model cannot be evaluated.

use crate::error::{Classify, ErrorKind, Location};
use crate::tensor::DType;

/// Why a node cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum EvalError {
    #[error("the evaluator does not know operator '{op}'")]
    UnknownOperator { node: String, op: String },
    #[error("operator '{op}' is not evaluated on elements of type {dtype}")]
    UnknownType { node: String, op: String, dtype: DType },
    #[error("{reason}")]
    Misfit { node: String, reason: String },
    #[error("not evaluated: {reason}")]
    Unsupported { node: String, reason: String },
    #[error("a result of {bytes} bytes is more than {limit}; raise eval::Options::most_bytes to compute it")]
    TooLarge { node: String, bytes: u64, limit: u64 },
    #[error("input '{input}' was not given")]
    MissingInput { input: String },
    #[error("a run of more than {limit} steps; raise eval::Options::most_steps to go on")]
    TooLong { limit: u64 },
    #[error("subgraphs and functions are nested deeper than {limit}")]
    TooDeep { limit: u32 },
}

impl Classify for EvalError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::UnknownOperator { .. } | Self::UnknownType { .. } | Self::Unsupported { .. } => {
                ErrorKind::Unsupported
            }
            Self::Misfit { .. } => ErrorKind::Malformed,
            Self::TooLarge { .. } | Self::TooLong { .. } | Self::TooDeep { .. } => ErrorKind::LimitExceeded,
            Self::MissingInput { .. } => ErrorKind::InvalidArgument,
        }
    }

    fn location(&self) -> Location {
        match self {
            Self::UnknownOperator { node, .. }
            | Self::UnknownType { node, .. }
            | Self::Misfit { node, .. }
            | Self::Unsupported { node, .. }
            | Self::TooLarge { node, .. } => Location::item(node),
            Self::MissingInput { .. } | Self::TooLong { .. } | Self::TooDeep { .. } => Location::default(),
        }
    }
}
