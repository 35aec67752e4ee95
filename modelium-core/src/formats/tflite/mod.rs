//! TensorFlow Lite, now `LiteRT`: a graph and its weights in one `FlatBuffers` buffer.
//!
//! Follows [`schema.fbs`](https://github.com/tensorflow/tensorflow/blob/master/tensorflow/compiler/mlir/lite/schema/schema.fbs),
//! version 3. Names of operators are generated from the tensorflow package, see `generated/operators.txt`.
//!
//! A zip archive may follow the buffer: labels and vocabularies that the metadata refers to. Weights beyond 2 GiB lie behind
//! the buffer too, by offset and size.
//!
//! The builtin operators compute. Custom ones need code that the application registers; those of `TensorFlow`'s own
//! libraries are known, and so are the TensorFlow operators of the Flex delegate, which are judged by TensorFlow's rules.
//!
//! The analyzer promises exact operators, ports and tensors with their byte ranges; the inspector, that each offset of
//! the structure leads into the file.

mod analyze;
mod inspect;
mod schema;

pub use analyze::TfliteAnalyzer;
pub use inspect::TfliteInspector;
pub use schema::TfliteError;

use crate::descriptor::FormatId;

/// TensorFlow Lite.
pub const FORMAT: FormatId = FormatId::new("tflite");

/// The letters at byte 4.
const IDENTIFIER: &[u8] = b"TFL3";
