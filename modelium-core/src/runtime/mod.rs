//! Things that run a model: the trait for backends, and what parity and deployment need of them.

use crate::artifact::Artifact;
use crate::context::Context;
use crate::error::Result;
use crate::ir::Type;
use crate::tensor::Tensor;

/// The name of this library's own evaluator as a runtime: [`ReferenceRuntime`](crate::reference::ReferenceRuntime).
///
/// It stands in where no other runtime is: that it cannot run a model says nothing about the model.
pub const REFERENCE: &str = "reference";

/// Loads models. Implementations live in `backends/*`, or in the host; [`REFERENCE`] comes with this library.
///
/// # Behavior
/// - `load` and `run` may block; they must not touch the network.
/// - A model the runtime cannot run is an error, never a panic: `Unsupported` where the runtime does not know how,
///   `Backend` where the model itself fails.
pub trait Runtime: Send + Sync {
    /// The stable name: `onnxruntime`.
    fn name(&self) -> &str;

    /// The version of the runtime itself.
    fn version(&self) -> String;

    /// Loads a model.
    fn load(&self, artifact: &Artifact, cx: &Context) -> Result<Box<dyn Session>>;
}

/// A loaded model.
pub trait Session: Send {
    /// What a run needs, with symbolic dimensions.
    fn inputs(&self) -> &[RuntimePort];

    /// What a run gives.
    fn outputs(&self) -> &[RuntimePort];

    /// Runs once. Inputs by name, in any order; outputs in the model's order.
    fn run(&mut self, inputs: &[Tensor], cx: &Context) -> Result<Vec<Tensor>>;
}

/// A named, typed input or output of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuntimePort {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
}
