//! ONNX.
mod attributes;
mod encode;
mod error;
mod export;
mod external;
mod import;
mod kept;
mod locate;
mod placement;
mod schema;
mod shapes;
mod tensors;
mod text;
mod types;

pub use error::{OnnxError, OnnxFault, Quoted, TensorName};
pub use export::OnnxExporter;
pub use import::OnnxImporter;
