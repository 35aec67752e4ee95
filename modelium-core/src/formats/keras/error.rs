//! What can be wrong with a Keras model beyond its encodings.

use crate::error::{Classify, ErrorKind, Location};

/// Why a Keras model cannot be read.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum KerasError {
    #[error("the archive has no '{member}'")]
    NoMember { at: Location, member: &'static str },
    #[error("the configuration is {found}, expected an object with a class_name")]
    NoObject { at: Location, found: &'static str },
}

impl Classify for KerasError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Malformed
    }

    fn location(&self) -> Location {
        match self {
            Self::NoMember { at, .. } | Self::NoObject { at, .. } => at.clone(),
        }
    }
}
