//! A model repository of Triton, or one model of it: `config.pbtxt` and numbered versions.
//!
//! Follows [Triton's model repository](https://github.com/triton-inference-server/server/blob/main/docs/user_guide/model_repository.md).
//! The config names the backend; of two backends the files are code that the server runs: `model.py` of the Python
//! backend, and libraries that come along. Files of other backends are examined by their own formats.

mod analyze;
mod inspect;
mod repository;

use crate::descriptor::FormatId;

pub use analyze::TritonRepositoryAnalyzer;
pub use inspect::TritonRepositoryInspector;

/// Triton's model repository.
pub const FORMAT: FormatId = FormatId::new("triton_repository");
