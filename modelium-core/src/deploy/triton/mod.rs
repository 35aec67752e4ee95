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
mod health;
mod lint;
pub use crate::wire::pbtxt;
mod publish;
mod render;
mod repository;
mod signature;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::artifact::Sink;
use crate::context::Context;
use crate::deploy::{DeployRequest, Deployer, Deployment, Health, Rendered};
use crate::error::{Error, Result};
use crate::plan::{DimRange, Workload};

pub use config::{Accelerator, DynamicBatching, InstanceGroup, InstanceKind, Optimization, VersionPolicy};
pub use control::{IndexEntry, Load, ModelControl};
pub use health::health;
pub use lint::{Describe, lint};
pub use publish::{Publish, Staging, rendered};

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

impl TritonOptions {
    /// The same, for requests like these: what the workload says comes before what the options say.
    #[must_use]
    fn with_workload(mut self, workload: &Workload) -> Self {
        if let Some(batch) = workload.batch {
            self.max_batch_size = u32::try_from(batch.max).unwrap_or(u32::MAX);
        }
        self.dims.extend(workload.dims.clone());
        self
    }
}

/// Deploys ONNX models to Triton's back end `onnxruntime`.
///
/// ```
/// use modelium_core::deploy::triton::{Publish, TritonDeployer, TritonOptions};
///
/// let options = TritonOptions { max_batch_size: 32, ..TritonOptions::default() };
/// let deployer = TritonDeployer::new(options).publishing(Publish::to("models"));
/// ```
#[derive(Clone, Default)]
pub struct TritonDeployer {
    options: TritonOptions,
    publish: Option<Publish>,
    server: Option<Arc<dyn ModelControl>>,
}

impl TritonDeployer {
    /// A deployer that renders with these options.
    pub fn new(options: TritonOptions) -> Self {
        Self { options, publish: None, server: None }
    }

    /// The same, able to apply: publishes into a repository.
    #[must_use]
    pub fn publishing(mut self, publish: Publish) -> Self {
        self.publish = Some(publish);
        self
    }

    /// The same, with a server that loads what is published and is asked for its health.
    #[must_use]
    pub fn controlling(mut self, server: Arc<dyn ModelControl>) -> Self {
        self.server = Some(server);
        self
    }

    /// Has the version before served again, as it was published; returns it.
    ///
    /// Nothing is deleted: `version_policy` is pinned to the version before, until the next one is published. A second
    /// call goes one version further back.
    ///
    /// # Errors
    /// `InvalidArgument` if there is no version before; what the server says if it refuses it, and then all stays as
    /// it was.
    #[tracing::instrument(name = "modelium.rollback", skip_all, fields(name = name))]
    pub fn rollback(&self, name: &str, cx: &Context) -> Result<Deployment> {
        publish::rollback(name, self.to_publish()?, self.server.as_deref(), cx)
    }

    fn to_publish(&self) -> Result<&Publish> {
        let message = "no repository to publish to; name one with TritonDeployer::publishing";
        self.publish.as_ref().ok_or_else(|| Error::argument(message))
    }
}

impl Deployer for TritonDeployer {
    fn target(&self) -> &str {
        TARGET
    }

    #[tracing::instrument(name = "modelium.render", skip_all, fields(target = TARGET, name = request.name))]
    fn render(&self, request: &DeployRequest<'_>, out: &mut dyn Sink, cx: &Context) -> Result<Rendered> {
        render::render(&self.options.clone().with_workload(request.workload), request, out, cx)
    }

    /// Publishes as the next version. Versions before stay as [`Publish::keep_versions`] says.
    #[tracing::instrument(name = "modelium.apply", skip_all, fields(target = TARGET, name = rendered.name))]
    fn apply(&self, rendered: &Rendered, cx: &Context) -> Result<Deployment> {
        publish::apply(rendered, self.to_publish()?, self.server.as_deref(), cx)
    }

    fn health(&self, deployment: &Deployment, cx: &Context) -> Result<Health> {
        let message = "no server to ask; name one with TritonDeployer::controlling";
        let server = self.server.as_deref().ok_or_else(|| Error::argument(message))?;
        health::of_deployment(server, deployment, cx)
    }
}

impl fmt::Debug for TritonDeployer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TritonDeployer")
            .field("options", &self.options)
            .field("publish", &self.publish)
            .field("server", &self.server.as_ref().map(|server| server.url()))
            .finish()
    }
}
