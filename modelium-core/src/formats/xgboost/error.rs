//! What can be wrong with an XGBoost model beyond its encoding.

use crate::error::{Classify, ErrorKind, Location};

/// Why an XGBoost model cannot be read.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum XgboostError {
    #[error("no '{what}' in the model")]
    Missing { at: Location, what: &'static str },
    #[error("'{what}' is {found}; expected a whole number")]
    NotANumber { at: Location, what: &'static str, found: String },
    #[error("{what}: claims {claimed}, holds {found}")]
    Count { at: Location, what: &'static str, claimed: u64, found: u64 },
    #[error("tree {tree}: node {node} has child {child}, but the tree has {nodes} nodes")]
    Child { at: Location, tree: u64, node: u64, child: i64, nodes: u64 },
    #[error("tree {tree}: node {child} has two parents or is its own ancestor, so that a prediction need not end")]
    NotATree { at: Location, tree: u64, child: u64 },
    #[error("tree {tree}: node {node} splits on feature {feature}, but the model has {features}")]
    Feature { at: Location, tree: u64, node: u64, feature: u64, features: u64 },
    #[error("a key stands twice: '{key}'")]
    Twice { at: Location, key: String },
    #[error("booster '{found}' is none that is known: gbtree, dart, gblinear")]
    Booster { at: Location, found: String },
    #[error("{what} of {claimed} bytes, but {available} are left")]
    Overrun { at: Location, what: &'static str, claimed: u64, available: u64 },
    #[error("{extra} bytes follow the model")]
    Trailing { at: Location, extra: u64 },
    #[error("more than {cap} {what}; raise Limits::{limit} to read them")]
    TooMany { at: Location, what: &'static str, cap: u64, limit: &'static str },
}

impl Classify for XgboostError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Booster { .. } => ErrorKind::Unsupported,
            Self::TooMany { .. } => ErrorKind::LimitExceeded,
            _ => ErrorKind::Malformed,
        }
    }

    fn location(&self) -> Location {
        match self {
            Self::Missing { at, .. }
            | Self::NotANumber { at, .. }
            | Self::Count { at, .. }
            | Self::Child { at, .. }
            | Self::NotATree { at, .. }
            | Self::Feature { at, .. }
            | Self::Twice { at, .. }
            | Self::Booster { at, .. }
            | Self::Overrun { at, .. }
            | Self::Trailing { at, .. }
            | Self::TooMany { at, .. } => at.clone(),
        }
    }
}
