//! Which precisions can be had from which model.

use crate::descriptor::ModelDescriptor;
use crate::plan::requirements::{Objective, Precision, Requirements};
use crate::plan::types::Tolerance;
use crate::tensor::DType;

impl Objective {
    /// The name, as JSON spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Latency => "latency",
            Self::Throughput => "throughput",
            Self::Memory => "memory",
            Self::Size => "size",
        }
    }
}

impl Precision {
    /// The name, as JSON spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Fp32 => "fp32",
            Self::Fp16 => "fp16",
            Self::Int8 => "int8",
            Self::Int4 => "int4",
        }
    }

    /// Whether the operations of this version lead from the model to this precision.
    ///
    /// # Errors
    /// The reason why they do not.
    pub fn reach(self, model: &ModelDescriptor) -> Result<(), String> {
        match self {
            Self::Keep => Ok(()),
            Self::Fp32 => match floats(model).find(|dtype| *dtype != DType::Float32) {
                None => Ok(()),
                Some(dtype) => {
                    Err(format!("the model has {dtype} weights, and no operation of this version changes them"))
                }
            },
            Self::Fp16 | Self::Int8 | Self::Int4 => {
                Err(format!("no operation of this version converts to {}; ask for 'keep'", self.as_str()))
            }
        }
    }
}

/// The element types of the model's weights, inputs and outputs that are floating point.
fn floats(model: &ModelDescriptor) -> impl Iterator<Item = DType> + '_ {
    let ports = model.inputs.iter().chain(&model.outputs).filter_map(|port| port.dtype);
    model.weight_bytes.keys().copied().chain(ports).filter(|dtype| {
        matches!(dtype, DType::Float16 | DType::Bfloat16 | DType::Float32 | DType::Float64)
            || dtype.name().starts_with("float8")
            || dtype.name().starts_with("float4")
    })
}

/// How far outputs may differ: what was asked for, else what the arithmetic of the model warrants.
pub(super) fn tolerance(model: &ModelDescriptor, want: &Requirements) -> Tolerance {
    want.constraints.tolerance.unwrap_or_else(|| Tolerance::usual(model))
}

impl Tolerance {
    /// What the arithmetic of a model warrants when nothing but the order of sums differs: a few units in the last
    /// place, grown over the depth of the network. Wider where the model holds floats below 32 bits.
    pub fn usual(model: &ModelDescriptor) -> Self {
        let coarse = floats(model).any(|dtype| dtype.bits().is_some_and(|bits| bits < 32));
        if coarse {
            Self { absolute: 1e-2, relative: 1e-2, cosine: 0.999 }
        } else {
            Self { absolute: 1e-5, relative: 1e-3, cosine: 0.99999 }
        }
    }
}
