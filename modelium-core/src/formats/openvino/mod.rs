//! `OpenVINO`'s intermediate representation: a graph in XML, and its constants in a `.bin` file beside it.
//!
//! Follows [IR versions 10 and 11](https://docs.openvino.ai/2025/documentation/openvino-ir-format.html). Layers name their
//! operation set; those of `OpenVINO` itself compute, others need a library of extensions. Constants say where their bytes
//! lie in the other file, and each range is held against it.

mod analyze;
mod inspect;
mod schema;

pub use analyze::OpenvinoAnalyzer;
pub use inspect::OpenvinoInspector;
pub use schema::OpenvinoError;

use crate::descriptor::FormatId;

/// `OpenVINO` IR.
pub const FORMAT: FormatId = FormatId::new("openvino");
