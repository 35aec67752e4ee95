//! NVIDIA Triton: a model repository on disk, checked against the model, published in one step.
//!
//! ```text
//! render   descriptor + runtime → config.pbtxt, <version>/model.onnx, weights, labels      (a sink)
//! lint     any repository       → findings with file, line and remedy                      (reads only)
//! apply    rendered files       → <repository>/<name>, loaded and ready                    (the one effect)
//! ```
//!
//! `fields` is the table of everything that a config may hold; `pbtxt` reads and writes its text; `config` is the part
//! that we write; `signature` and `batch` find out what the config must say. The words are those of Triton's model
//! configuration: <https://github.com/triton-inference-server/server/blob/main/docs/user_guide/model_configuration.md>.

mod batch;
mod config;
mod control;
mod error;
mod fields;
mod lint;
pub mod pbtxt;
mod render;
mod signature;

use std::collections::BTreeMap;

use crate::artifact::Sink;
use crate::context::Context;
use crate::deploy::{DeployRequest, Deployer, Deployment, Health, Rendered};
use crate::error::Result;
use crate::plan::DimRange;

pub use config::{Accelerator, DynamicBatching, InstanceGroup, InstanceKind, Optimization, VersionPolicy};
pub use control::{IndexEntry, Load, ModelControl};
pub use lint::{Describe, lint};

/// The name of the target.
const TARGET: &str = "triton";

/// How a model is to be served.
#[derive(Debug, Clone, PartialEq)]
pub struct TritonOptions {
    /// The most rows that one execution may take, if the model batches; 0 serves it unbatched.
    pub max_batch_size: u32,
    /// Take the first axis for a batch axis where no runtime can prove it.
    pub trust_batch_axis: bool,
    /// Sizes of symbolic dimensions, by name: the largest is used to try the model and to warm it up.
    pub dims: BTreeMap<String, DimRange>,
    /// The version that is rendered; publishing gives its own.
    pub version: u64,
    /// Which versions are served.
    pub version_policy: VersionPolicy,
    /// Join waiting requests to batches; used where the model batches.
    pub dynamic_batching: Option<DynamicBatching>,
    /// Copies of the model; none leaves them to the server.
    pub instance_groups: Vec<InstanceGroup>,
    /// What the back end may do to the graph.
    pub optimization: Optimization,
    /// Run the model on zeros before it is called ready, where it is known to run on zeros.
    pub warmup: bool,
    /// One line for each class, by output.
    pub labels: BTreeMap<String, Vec<String>>,
    /// Further parameters of the back end: `intra_op_thread_count`, …
    pub parameters: BTreeMap<String, String>,
}

impl Default for TritonOptions {
    fn default() -> Self {
        Self {
            max_batch_size: 8,
            trust_batch_axis: false,
            dims: BTreeMap::new(),
            version: 1,
            version_policy: VersionPolicy::default(),
            dynamic_batching: Some(DynamicBatching::default()),
            instance_groups: Vec::new(),
            optimization: Optimization::default(),
            warmup: true,
            labels: BTreeMap::new(),
            parameters: BTreeMap::new(),
        }
    }
}

/// Deploys ONNX models to Triton's back end `onnxruntime`.
#[derive(Debug, Clone, Default)]
pub struct TritonDeployer {
    options: TritonOptions,
}

impl TritonDeployer {
    /// A deployer with these options.
    pub fn new(options: TritonOptions) -> Self {
        Self { options }
    }
}

impl Deployer for TritonDeployer {
    fn target(&self) -> &'static str {
        TARGET
    }

    #[tracing::instrument(name = "modelium.render", skip_all, fields(target = TARGET, name = request.name))]
    fn render(&self, request: &DeployRequest<'_>, out: &mut dyn Sink, cx: &Context) -> Result<Rendered> {
        render::render(&self.options, request, out, cx)
    }

    fn apply(&self, _rendered: &Rendered, _cx: &Context) -> Result<Deployment> {
        Err(crate::Error::argument("no repository to publish to"))
    }

    fn health(&self, _deployment: &Deployment, _cx: &Context) -> Result<Health> {
        Err(crate::Error::argument("no server to ask"))
    }
}
