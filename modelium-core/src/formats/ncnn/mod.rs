//! ncnn: a graph as text (`.param`), and its weights as bare runs of numbers in a file beside it (`.bin`).
//!
//! Follows [the notes of its authors](https://github.com/Tencent/ncnn/wiki/param-and-model-file-structure). The text begins
//! with `7767517`, the numbers of layers and of blobs, then one line for each layer: kind, name, counts and names of what
//! it takes and gives, parameters as `key=value`. A file of weights has no header: which layer reads how much of it is
//! known from the layers' parameters, here for the common ones.
//!
//! The binary form of the text (`.param.bin`) begins with the same number; its layers are named by numbers that change
//! between versions, so that only its header is described, and scanning says that the rest is not understood.

mod analyze;
mod inspect;
mod schema;

pub use analyze::NcnnAnalyzer;
pub use inspect::NcnnInspector;
pub use schema::NcnnError;

use crate::descriptor::FormatId;

/// ncnn.
pub const FORMAT: FormatId = FormatId::new("ncnn");
