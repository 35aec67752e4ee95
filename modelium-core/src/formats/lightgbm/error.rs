//! What can be wrong with a LightGBM model.

use crate::error::{Classify, ErrorKind, Location};

/// Why a LightGBM model cannot be read.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum LightgbmError {
    #[error("not a LightGBM model: expected 'tree' on the first line and 'version=' on the second")]
    NotOne { at: Location },
    #[error("the text holds bytes that are not text")]
    NotText { at: Location },
    #[error("no '{key}' in the {part}")]
    Missing { at: Location, key: &'static str, part: &'static str },
    #[error("'{key}' is '{found}'; expected a whole number")]
    NotANumber { at: Location, key: &'static str, found: String },
    #[error("'{key}' has {found} numbers; expected {expected}")]
    Count { at: Location, key: &'static str, expected: u64, found: u64 },
    #[error("a child is {found}, but the tree has {splits} splits and {leaves} leaves")]
    Child { at: Location, found: i64, splits: u64, leaves: u64 },
    #[error("the splits of a tree lead back to each other, so that a prediction need not end")]
    NotATree { at: Location },
    #[error("a split asks for feature {found}, but the model has {features}")]
    Feature { at: Location, found: i64, features: u64 },
    #[error("'tree_sizes' lists {expected} trees, the text holds {found}")]
    Trees { at: Location, expected: u64, found: u64 },
    #[error("the text ends before 'end of trees'")]
    Ends { at: Location },
}

impl Classify for LightgbmError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Malformed
    }

    fn location(&self) -> Location {
        match self {
            Self::NotOne { at }
            | Self::NotText { at }
            | Self::Missing { at, .. }
            | Self::NotANumber { at, .. }
            | Self::Count { at, .. }
            | Self::Child { at, .. }
            | Self::NotATree { at }
            | Self::Feature { at, .. }
            | Self::Trees { at, .. }
            | Self::Ends { at } => at.clone(),
        }
    }
}
