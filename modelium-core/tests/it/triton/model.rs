//! Models made of a descriptor and a few lines of arithmetic, and a runtime that runs them.

use std::sync::Arc;

use modelium_core::descriptor::{DESCRIPTOR_SCHEMA, Dimension, FileDescriptor, FileRole, PortDescriptor};
use modelium_core::formats::FormatId;
use modelium_core::ir::{Dim, Shape, Type};
use modelium_core::runtime::{Runtime, RuntimePort, Session};
use modelium_core::tensor::{DType, Tensor};
use modelium_core::{Artifact, Context, Error, ErrorKind, ModelDescriptor, Result};

/// A port from its name, type and dimensions: `"N"` is a symbol, `"?"` unknown, all else a number.
pub(crate) fn port(name: &str, dtype: DType, dims: &[&str]) -> PortDescriptor {
    let dimension = |dim: &&str| match (*dim, dim.parse()) {
        (_, Ok(size)) => Dimension::Known(size),
        ("?", _) => Dimension::Unknown,
        (symbol, _) => Dimension::Symbol(symbol.to_owned()),
    };
    let shape = Some(dims.iter().map(dimension).collect());
    PortDescriptor {
        name: name.into(),
        ty: format!("{dtype}[{}]", dims.join(", ")),
        dtype: Some(dtype),
        shape,
        optional: false,
    }
}

/// The description of a model of one file with these ports.
pub(crate) fn describe(inputs: &[PortDescriptor], outputs: &[PortDescriptor]) -> ModelDescriptor {
    ModelDescriptor {
        schema: DESCRIPTOR_SCHEMA,
        name: "m.onnx".into(),
        format: FormatId::ONNX,
        format_version: Some("8".into()),
        inputs: inputs.to_vec(),
        outputs: outputs.to_vec(),
        files: vec![FileDescriptor { name: "m.onnx".into(), bytes: 4, role: FileRole::Model, sha256: None }],
        ..ModelDescriptor::default()
    }
}

/// The file of such a model; nobody looks inside.
pub(crate) fn artifact() -> Artifact {
    Artifact::from_bytes("m.onnx", &b"onnx"[..])
}

type Compute = dyn Fn(&[Tensor]) -> Result<Vec<Tensor>> + Send + Sync;

/// Runs one function, whatever the model.
pub(crate) struct Arithmetic {
    inputs: Vec<RuntimePort>,
    outputs: Vec<RuntimePort>,
    compute: Arc<Compute>,
}

impl Arithmetic {
    /// A runtime that sees the ports of `model` and computes by `compute`.
    pub(crate) fn new(
        model: &ModelDescriptor,
        compute: impl Fn(&[Tensor]) -> Result<Vec<Tensor>> + Send + Sync + 'static,
    ) -> Self {
        let ports = |ports: &[PortDescriptor]| ports.iter().map(runtime_port).collect();
        Self { inputs: ports(&model.inputs), outputs: ports(&model.outputs), compute: Arc::new(compute) }
    }
}

fn runtime_port(port: &PortDescriptor) -> RuntimePort {
    let dims = port.shape.iter().flatten().map(|dimension| match dimension {
        Dimension::Known(size) => Dim::Known(*size),
        Dimension::Symbol(name) => Dim::Symbol(name.as_str().into()),
        Dimension::Unknown => Dim::Unknown,
    });
    let ty = Type::tensor(port.dtype.expect("ports of these tests are tensors"), Some(Shape::new(dims)));
    RuntimePort { name: port.name.clone(), ty }
}

impl Runtime for Arithmetic {
    fn name(&self) -> &'static str {
        "arithmetic"
    }

    fn version(&self) -> String {
        "1".into()
    }

    fn load(&self, _artifact: &Artifact, _cx: &Context) -> Result<Box<dyn Session>> {
        let (inputs, outputs, compute) = (self.inputs.clone(), self.outputs.clone(), Arc::clone(&self.compute));
        Ok(Box::new(Self { inputs, outputs, compute }))
    }
}

impl Session for Arithmetic {
    fn inputs(&self) -> &[RuntimePort] {
        &self.inputs
    }

    fn outputs(&self) -> &[RuntimePort] {
        &self.outputs
    }

    fn run(&mut self, inputs: &[Tensor], _cx: &Context) -> Result<Vec<Tensor>> {
        (self.compute)(inputs)
    }
}

/// The elements of a float tensor.
pub(crate) fn floats(tensor: &Tensor) -> Vec<f32> {
    let bytes = tensor.to_le_bytes().expect("a tensor of floats");
    bytes.chunks_exact(4).map(|chunk| f32::from_le_bytes(chunk.try_into().expect("four bytes"))).collect()
}

/// A float tensor.
pub(crate) fn tensor(name: &str, dims: &[u64], values: &[f32]) -> Tensor {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    Tensor::new(name, DType::Float32, dims.to_vec(), bytes).expect("as many values as the dims say")
}

/// What a backend says when it cannot run.
pub(crate) fn refusal(message: &str) -> Error {
    Error::new(ErrorKind::Backend, message)
}
