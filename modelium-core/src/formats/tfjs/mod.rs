//! TensorFlow.js: a topology in JSON, and weights in shards beside it.
//!
//! Follows the [converter](https://github.com/tensorflow/tfjs/tree/master/tfjs-converter): `format` is `layers-model` (a Keras model)
//! or `graph-model` (a `GraphDef` as JSON); `weightsManifest` lists groups of weights, each in one run of bytes that is cut
//! into files.
//!
//! Judged are what Keras or TensorFlow would be: classes by Keras' rules, operators by TensorFlow's; and that each path
//! of a shard stays beside the model.

mod analyze;
mod inspect;
mod manifest;

pub use analyze::TfjsAnalyzer;
pub use inspect::TfjsInspector;
pub use manifest::TfjsError;

use crate::descriptor::FormatId;

/// TensorFlow.js.
pub const FORMAT: FormatId = FormatId::new("tfjs");
