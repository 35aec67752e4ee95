//! From a result to where it is served: deployers render files, apply them, and watch.

pub mod triton;

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::{Artifact, Sink};
use crate::context::Context;
use crate::descriptor::ModelDescriptor;
use crate::error::Result;
use crate::finding::Finding;
use crate::plan::Workload;
use crate::runtime::Runtime;

/// Brings a model to a server.
///
/// # Behavior
/// - `render` is pure: it writes files into the sink and touches nothing else.
/// - `apply` is the only effect; it either completes or leaves what was served before.
/// - `health` asks; it changes nothing.
pub trait Deployer: Send + Sync {
    /// The stable name of the target: `triton`.
    fn target(&self) -> &str;

    /// Writes what the server needs.
    fn render(&self, request: &DeployRequest<'_>, out: &mut dyn Sink, cx: &Context) -> Result<Rendered>;

    /// Makes the server serve it.
    fn apply(&self, rendered: &Rendered, cx: &Context) -> Result<Deployment>;

    /// How it is now.
    fn health(&self, deployment: &Deployment, cx: &Context) -> Result<Health>;
}

/// What to deploy.
pub struct DeployRequest<'a> {
    /// The name to serve it under.
    pub name: &'a str,
    /// The model file or folder.
    pub model: &'a Artifact,
    /// What it is.
    pub descriptor: &'a ModelDescriptor,
    /// Runs the model to prove what can only be proven by running it: the batch axis. `None` leaves it unproven.
    pub runtime: Option<&'a dyn Runtime>,
    /// What requests will look like: the largest batch, and the sizes of symbolic dimensions.
    pub workload: &'a Workload,
}

/// Files that a deployer wrote, before they have any effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rendered {
    /// The target that understands them.
    pub target: String,
    /// The name to serve under.
    pub name: String,
    /// Where they lie; set by who committed the sink.
    #[serde(default)]
    pub root: PathBuf,
    /// Their names below the root.
    pub files: Vec<String>,
    /// What a person should know.
    pub findings: Vec<Finding>,
}

/// Something that is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Deployment {
    /// The target.
    pub target: String,
    /// The name it is served under.
    pub name: String,
    /// The version it got.
    pub version: u64,
    /// The folder it was published to.
    pub root: PathBuf,
    /// The server that loaded it, if one was told to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
}

/// How a deployment is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Health {
    /// The server process answers.
    pub live: bool,
    /// What was asked about serves: the deployment's version, the model, or everything.
    pub ready: bool,
    /// Why it is not ready, where no single model is to blame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Each model and version.
    pub models: Vec<ModelHealth>,
}

/// How one version of one model is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ModelHealth {
    /// The model.
    pub name: String,
    /// The version; `None` if the server knows the model and no version of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// It answers requests.
    pub ready: bool,
    /// Why it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
