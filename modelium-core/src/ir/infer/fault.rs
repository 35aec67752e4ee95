//! What does not fit together.

use crate::error::{Classify, ErrorKind, Location};
use crate::ir::types::Type;

/// A place where types do not fit together.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TypeFault {
    /// A declared type that what is known of the inputs contradicts.
    #[error("'{value}' is declared as {declared}, but is {inferred}")]
    Contradiction {
        /// The value.
        value: String,
        /// What the file says.
        declared: Box<Type>,
        /// What follows from the inputs.
        inferred: Box<Type>,
        /// More than dimensions differ, which no runtime overlooks.
        hard: bool,
    },
    /// A node whose inputs do not fit each other, or not its operator.
    #[error("{message}")]
    Conflict {
        /// The node, as messages call it.
        node: String,
        /// What does not fit.
        message: String,
    },
}

impl Classify for TypeFault {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Malformed
    }

    fn location(&self) -> Location {
        match self {
            Self::Contradiction { .. } => Location::default(),
            Self::Conflict { node, .. } => Location::item(node),
        }
    }
}
