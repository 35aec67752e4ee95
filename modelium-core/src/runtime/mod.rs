//! Things that run a model: the trait for backends, and what parity and deployment need of them.

use crate::artifact::Artifact;
use crate::context::Context;
use crate::error::Result;
use crate::ir::Type;
use crate::tensor::Tensor;

/// Loads models. Implementations live in `backends/*`, or in the host.
///
/// # Behavior
/// - `load` and `run` may block; they must not touch the network.
/// - A model the runtime cannot run is an error of kind `Backend` or `Unsupported`, never a panic.
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
