//! Core ML: a `Model` in protobuf, alone (`.mlmodel`) or in a folder with its weights (`.mlpackage`).
//!
//! Follows the [specification](https://apple.github.io/coremltools/mlmodel/index.html) as coremltools 9 ships it. Layers of
//! neural networks are generated from its definitions, see `generated/layers.tsv`; ML programs name their operations
//! themselves. Weights of programs lie in `weight.bin`, blob storage of version 2: 64 bytes of metadata before each run of
//! elements.
//!
//! A model can ask for code of the application (custom layers, custom models) and for other files (linked models, weights
//! by path); the inspector reports the first, and the second where it leads out of the package.

mod analyze;
mod inspect;
mod schema;

pub use analyze::CoremlAnalyzer;
pub use inspect::CoremlInspector;
pub use schema::CoremlError;

use crate::descriptor::FormatId;

/// Core ML.
pub const FORMAT: FormatId = FormatId::new("coreml");
