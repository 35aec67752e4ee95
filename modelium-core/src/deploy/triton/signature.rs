//! The model's inputs and outputs as Triton's back end will see them.

use crate::descriptor::{Dimension, ModelDescriptor, PortDescriptor};
use crate::ir::Dim;
use crate::runtime::{RuntimePort, Session};
use crate::tensor::DType;

use super::config;
use super::error::TritonError;

/// All that a request supplies and gets.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Signature {
    /// Without those that have a default.
    pub(super) inputs: Vec<Port>,
    /// Inputs that have a default.
    pub(super) defaulted: Vec<Port>,
    pub(super) outputs: Vec<Port>,
}

/// A dense tensor whose element type Triton has and whose rank is known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Port {
    pub(super) name: String,
    pub(super) dtype: DType,
    pub(super) data_type: &'static str,
    pub(super) shape: Vec<Dimension>,
}

impl Signature {
    /// Reads it from the descriptor; where there is a session, what the runtime infers counts more, since the back end
    /// compares a config with that and not with the file.
    pub(super) fn read(model: &ModelDescriptor, session: Option<&dyn Session>) -> Result<Self, TritonError> {
        let (runtime_inputs, runtime_outputs) =
            session.map_or((&[][..], &[][..]), |session| (session.inputs(), session.outputs()));
        let ports = |role, ports: &mut dyn Iterator<Item = &PortDescriptor>, runtime: &[RuntimePort]| {
            ports.map(|port| Port::read(role, port, runtime)).collect::<Result<Vec<_>, _>>()
        };
        let signature = Self {
            inputs: ports("input", &mut model.inputs.iter().filter(|port| !port.optional), runtime_inputs)?,
            // a default that Triton cannot spell is simply not offered
            defaulted: model
                .inputs
                .iter()
                .filter(|port| port.optional)
                .filter_map(|port| Port::read("input", port, runtime_inputs).ok())
                .collect(),
            outputs: ports("output", &mut model.outputs.iter(), runtime_outputs)?,
        };
        for (role, ports) in [("input", &signature.inputs), ("output", &signature.outputs)] {
            if ports.is_empty() {
                return Err(TritonError::NoPorts { role });
            }
        }
        Ok(signature)
    }
}

impl Port {
    fn read(role: &'static str, port: &PortDescriptor, runtime: &[RuntimePort]) -> Result<Self, TritonError> {
        let name = port.name.clone();
        let Some(dtype) = port.dtype else {
            return Err(TritonError::NotATensor { role, name, ty: port.ty.clone() });
        };
        let Some(data_type) = config::data_type(dtype) else {
            return Err(TritonError::ElementType { role, name, dtype });
        };
        let inferred = runtime.iter().find(|other| other.name == port.name).and_then(|other| other.ty.shape());
        let Some(shape) = merge(port.shape.as_deref(), inferred.map(|shape| shape.dims.as_slice())) else {
            return Err(TritonError::NoShape { role, name });
        };
        for (axis, dimension) in shape.iter().enumerate() {
            if let Dimension::Known(size) = *dimension
                && (size == 0 || i64::try_from(size).is_err())
            {
                return Err(TritonError::Dimension { role, name, axis, size });
            }
        }
        Ok(Self { name, dtype, data_type, shape })
    }

    /// The dimensions of the config: all, or all but the first.
    pub(super) fn dims(&self, batches: bool) -> Vec<Option<u64>> {
        let known = |dimension: &Dimension| if let Dimension::Known(size) = dimension { Some(*size) } else { None };
        self.shape.iter().skip(usize::from(batches)).map(known).collect()
    }
}

/// Numbers from the runtime, names from the file.
fn merge(file: Option<&[Dimension]>, runtime: Option<&[Dim]>) -> Option<Vec<Dimension>> {
    let Some(runtime) = runtime else { return file.map(<[_]>::to_vec) };
    let name = |axis: usize| match file?.get(axis)? {
        Dimension::Symbol(name) => Some(name.clone()),
        _ => None,
    };
    let file_fits = file.is_some_and(|file| file.len() == runtime.len());
    let dimension = |(axis, dim): (usize, &Dim)| match dim {
        Dim::Known(size) => Dimension::Known(*size),
        Dim::Symbol(own) => {
            Dimension::Symbol(name(axis).filter(|_| file_fits).unwrap_or_else(|| own.as_ref().to_owned()))
        }
        Dim::Expr(own) => Dimension::Symbol(name(axis).filter(|_| file_fits).unwrap_or_else(|| own.to_string())),
        Dim::Unknown => name(axis).filter(|_| file_fits).map_or(Dimension::Unknown, Dimension::Symbol),
    };
    Some(runtime.iter().enumerate().map(dimension).collect())
}
