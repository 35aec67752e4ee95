//! The evaluator as a [`Runtime`]: runs ONNX models where no other runtime is at hand.
//!
//! Nothing is linked, found or started. It is exact before it is fast: products and convolutions run at the speed of the
//! machine, all else in plain loops. The faces register it where they find no ONNX Runtime; a host in Rust adds it itself:
//!
//! ```
//! use std::sync::Arc;
//!
//! use modelium_core::Registry;
//! use modelium_core::pipeline::Pipeline;
//! use modelium_core::reference::ReferenceRuntime;
//!
//! let pipeline = Pipeline::new(Registry::builtin().with_runtime(Arc::new(ReferenceRuntime::default())));
//! ```
//!
//! The evaluator also folds constants, so that a defect of its own would be on both sides of a proof; ONNX Runtime is
//! another implementation, faster, and knows operators beyond the specification.

use std::collections::{BTreeMap, HashMap};

use crate::artifact::Artifact;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::eval::{Array, Evaluator, Options, Value, expect_known};
use crate::formats::Importer as _;
use crate::formats::onnx::OnnxImporter;
use crate::ir::{self, Graph, Model, Port, Type, TypeKind};
use crate::runtime::{REFERENCE, Runtime, RuntimePort, Session};
use crate::tensor::Tensor;

/// The evaluator of this library.
///
/// # Behavior
/// - `load` reads structure; weights stay mapped until a run first needs them, and are converted once.
/// - A model that holds an operator which the evaluator does not know is `Unsupported`, found when it is loaded; one on
///   whose element types it is not evaluated, when a run comes to it.
/// - A model that fails on its inputs is `Backend`.
/// - Inputs and outputs are dense tensors of any element type; an output of another kind is `Unsupported`.
/// - A run reports progress node by node, and stops at the next tick after its context is cancelled.
#[derive(Debug, Clone, Default)]
pub struct ReferenceRuntime {
    options: Options,
}

impl ReferenceRuntime {
    /// With other limits than the default ones.
    pub fn new(options: Options) -> Self {
        Self { options }
    }
}

impl Runtime for ReferenceRuntime {
    fn name(&self) -> &'static str {
        REFERENCE
    }

    fn version(&self) -> String {
        env!("CARGO_PKG_VERSION").to_owned()
    }

    #[tracing::instrument(name = "modelium.load", skip_all, fields(model = artifact.name()))]
    fn load(&self, artifact: &Artifact, cx: &Context) -> Result<Box<dyn Session>> {
        let model = OnnxImporter.import(artifact, cx)?;
        expect_known(&model).map_err(|error| cannot_run(error.into()).with_file(artifact.name()))?;
        Ok(Box::new(ReferenceSession::new(model, self.options.clone(), cx)?))
    }
}

/// What the evaluator says, as the error of a runtime. What it does not know is told from what is wrong with a model.
fn cannot_run(error: Error) -> Error {
    let (kind, advice) = match error.kind() {
        ErrorKind::Unsupported => (ErrorKind::Unsupported, Some(INSTALL)),
        ErrorKind::Malformed => (ErrorKind::Backend, None),
        _ => return error,
    };
    let message = format!("the reference evaluator cannot run the model: {}", error.message());
    let told = Error::new(kind, message).with_location(error.location().clone());
    advice.into_iter().fold(told, Error::with_note).with_source(error)
}

/// What to do about a model that the evaluator does not know how to run.
const INSTALL: &str = "that is a gap of the evaluator and no fault of the model; ONNX Runtime may run it \
                       (`pip install onnxruntime`)";

/// A model and its weights.
struct ReferenceSession {
    evaluator: Evaluator<'static>,
    inputs: Vec<RuntimePort>,
    outputs: Vec<RuntimePort>,
}

impl ReferenceSession {
    /// Outputs are described as far as inference gets: what the file leaves open a server would still hold against us.
    fn new(model: Model, options: Options, cx: &Context) -> Result<Self> {
        let graph = &model.graph;
        let inferred = match ir::infer(&model, &BTreeMap::new(), cx) {
            Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
            inferred => inferred.ok(), // what is declared has to do
        };
        let fed = |port: &&Port| graph.initializers.iter().all(|initializer| initializer.value != port.value);
        let inputs = graph.inputs.iter().filter(fed).map(|port| described(graph, port)).collect();
        let output = |port: &Port| {
            let known = inferred.as_ref().and_then(|inferred| inferred.root().ty(port.value));
            let port = described(graph, port);
            let ty = known.map_or(port.ty, Type::without_placeholders);
            RuntimePort { name: port.name, ty }
        };
        let outputs = graph.outputs.iter().map(output).collect();
        Ok(Self { evaluator: Evaluator::owning(model, options), inputs, outputs })
    }
}

fn described(graph: &Graph, port: &Port) -> RuntimePort {
    let value = graph.value(port.value);
    let ty = port.ty.clone().or_else(|| value.ty.clone());
    let ty = ty.unwrap_or(Type { kind: TypeKind::Unspecified, denotation: None });
    RuntimePort { name: value.name.clone(), ty }
}

impl Session for ReferenceSession {
    fn inputs(&self) -> &[RuntimePort] {
        &self.inputs
    }

    fn outputs(&self) -> &[RuntimePort] {
        &self.outputs
    }

    #[tracing::instrument(name = "modelium.run", level = "debug", skip_all)]
    fn run(&mut self, inputs: &[Tensor], cx: &Context) -> Result<Vec<Tensor>> {
        let mut given = HashMap::new();
        for tensor in inputs {
            let name = tensor.name.as_deref().ok_or_else(|| Error::argument("an input tensor has no name"))?;
            let declared = self.evaluator.model().graph.inputs.iter().find_map(|port| {
                let value = self.evaluator.model().graph.value(port.value);
                (value.name == name).then(|| port.ty.as_ref().and_then(Type::dtype))
            });
            let declared = declared.ok_or_else(|| Error::argument(format!("the model has no input '{name}'")))?;
            if let Some(dtype) = declared
                && dtype != tensor.dtype
            {
                let message = format!("input '{name}' is of {}, expected {dtype}", tensor.dtype);
                return Err(Error::argument(message));
            }
            let short = || Error::argument(format!("input '{name}' has fewer elements than its shape says"));
            given.insert(name.to_owned(), Value::Tensor(Array::from_tensor(tensor).ok_or_else(short)?));
        }
        let outputs = self.evaluator.run(&given, cx).map_err(cannot_run)?;
        let store = |(port, value): (&RuntimePort, Value)| {
            if let Some(array) = value.as_tensor() {
                Ok(array.to_tensor(&port.name))
            } else {
                let message = format!("output '{}' is {}; only tensors can be read", port.name, port.ty);
                Err(Error::new(ErrorKind::Unsupported, message))
            }
        };
        self.outputs.iter().zip(outputs).map(store).collect()
    }
}
