//! Why a folder is not one of Hugging Face's.

use crate::error::{Classify, ErrorKind, Location};

/// What is wrong with the files of a folder.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum HuggingFaceError {
    #[error("found {found}, expected an object with the keys of a configuration")]
    NoConfig { at: Location, found: &'static str },
    #[error("found no config.json, model_index.json, adapter_config.json or modules.json at the top of the folder")]
    NoDocument { at: Location },
}

impl Classify for HuggingFaceError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Malformed
    }

    fn location(&self) -> Location {
        match self {
            Self::NoConfig { at, .. } | Self::NoDocument { at } => at.clone(),
        }
    }
}
