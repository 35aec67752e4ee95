//! Why a model or a wish cannot become a Triton repository.

use crate::error::{Classify, ErrorKind, Location};
use crate::formats::FormatId;
use crate::tensor::DType;

/// See the messages; each says what to do next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum TritonError {
    #[error("Triton's back end onnxruntime serves onnx, and the model is {format}; convert it to onnx first")]
    Format { format: FormatId },
    #[error("the descriptor names no model file; describe the model again")]
    NoModelFile,
    #[error("'{}' cannot be the name of a Triton model: {reason}", name.escape_debug())]
    Name { name: String, reason: &'static str },
    #[error("{role} '{name}' is {ty}; Triton serves dense tensors of a known element type only")]
    NotATensor { role: &'static str, name: String, ty: String },
    #[error("{role} '{name}' has element type {dtype}, which Triton does not have; cast it inside the model")]
    ElementType { role: &'static str, name: String, dtype: DType },
    #[error("{role} '{name}' has no shape, and Triton needs at least its rank; export the model with shapes")]
    NoShape { role: &'static str, name: String },
    #[error("{role} '{name}' has dimension {size} at axis {axis}; Triton takes 1 to 9223372036854775807")]
    Dimension { role: &'static str, name: String, axis: usize, size: u64 },
    #[error("the model has no {role}, and Triton needs at least one")]
    NoPorts { role: &'static str },
    #[error("labels are given for output '{name}', and the model has {known}")]
    Labels { name: String, known: String },
    #[error("{what} is {found}; {expected}")]
    Option { what: &'static str, found: String, expected: &'static str },
}

impl Classify for TritonError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Format { .. }
            | Self::NotATensor { .. }
            | Self::ElementType { .. }
            | Self::NoShape { .. }
            | Self::Dimension { .. }
            | Self::NoPorts { .. } => ErrorKind::Unsupported,
            Self::NoModelFile | Self::Name { .. } | Self::Labels { .. } | Self::Option { .. } => {
                ErrorKind::InvalidArgument
            }
        }
    }

    fn location(&self) -> Location {
        match self {
            Self::NotATensor { name, .. }
            | Self::ElementType { name, .. }
            | Self::NoShape { name, .. }
            | Self::Dimension { name, .. }
            | Self::Labels { name, .. } => Location::item(name.clone()),
            _ => Location::default(),
        }
    }
}
