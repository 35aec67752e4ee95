//! What analysis found out about a model. One document in every language; its JSON Schema is committed.

pub mod license;
pub mod resources;
pub mod tensors;
pub mod tokenizer;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::{Artifact, EntryDigest};
use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::finding::Finding;
use crate::tensor::DType;

pub use license::LicenseDescriptor;
pub use resources::{LanguageModelShape, Resources};
pub use tensors::{LayerDescriptor, TensorDescriptor};
pub use tokenizer::TokenizerDescriptor;

/// Everything that analysis says about one model.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelDescriptor {
    /// Version of this document's shape.
    pub schema: u32,
    /// What the caller called the model.
    pub name: String,
    /// The format it is stored in.
    pub format: FormatId,
    /// Version of the format, as the format counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format_version: Option<String>,
    /// The tool that wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub producer: Option<Producer>,
    /// The framework that the model belongs to, and the version that the file asks for or names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub framework: Option<Producer>,
    /// The name of the architecture or class, as the file spells it: `BertForMaskedLM`, `RandomForestClassifier`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub architecture: Option<String>,
    /// What it is for, where the file says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Task>,
    /// Operator sets by domain; empty name for the standard one.
    pub opsets: BTreeMap<String, u64>,
    /// What a caller supplies.
    pub inputs: Vec<PortDescriptor>,
    /// What it computes.
    pub outputs: Vec<PortDescriptor>,
    /// Names of the symbolic dimensions of the inputs, in the order in which they appear.
    pub symbols: Vec<String>,
    /// How often each operator occurs, subgraphs and functions' bodies included; `domain::Name` outside the standard domain.
    pub operators: BTreeMap<String, u64>,
    /// Operators that the model itself defines by functions, spelt as in `operators`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub functions: BTreeSet<String>,
    /// Nodes in all graphs.
    pub nodes: u64,
    /// Elements of all weights, each stored byte range counted once.
    pub parameters: u64,
    /// Bytes of all weights by element type, each stored byte range counted once.
    pub weight_bytes: BTreeMap<DType, u64>,
    /// Bytes of weights in block-quantised or foreign encodings, by the encoding's own name in lower case: `q4_k`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub encoded_bytes: BTreeMap<String, u64>,
    /// The layers of a weight format, or of a format that lists layers and not operators.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<LayerDescriptor>,
    /// Every stored tensor, in the order of the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tensors: Vec<TensorDescriptor>,
    /// What a run costs, at the bindings that it names.
    pub costs: Costs,
    /// What it takes to hold and to serve the model; every figure with its method.
    #[serde(default, skip_serializing_if = "Resources::is_empty")]
    pub resources: Resources,
    /// The sizes that decide what a language model takes, so that figures for another context can be computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language_model: Option<LanguageModelShape>,
    /// The tokenizer that comes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokenizer: Option<TokenizerDescriptor>,
    /// The licence, with its evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<LicenseDescriptor>,
    /// Packages that a loader imports, with a version where the file names one: `scikit-learn==1.5.2`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<String>,
    /// Words that the writer put on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Models that this one is made of: the parts of a pipeline, of a bundle, of a repository.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component>,
    /// The files it is made of.
    pub files: Vec<FileDescriptor>,
    /// Key and value pairs that the writer left.
    pub metadata: BTreeMap<String, String>,
    /// What a person should know.
    pub findings: Vec<Finding>,
}

/// The stable name of a format: `onnx`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct FormatId(Cow<'static, str>);

impl FormatId {
    /// ONNX.
    pub const ONNX: Self = Self::new("onnx");

    /// A format's name: lower case, underscores.
    pub const fn new(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FormatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Default for FormatId {
    fn default() -> Self {
        Self::new("unknown")
    }
}

/// The version of [`ModelDescriptor`]'s shape.
pub const DESCRIPTOR_SCHEMA: u32 = 1;

/// What sort of data a model is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each name is the task")]
#[non_exhaustive]
pub enum Task {
    Vision,
    Text,
    Audio,
    Tabular,
    Multimodal,
    TimeSeries,
    Graph,
    ReinforcementLearning,
}

/// A model inside a model: `unet` of a diffusion pipeline, the forest inside an `MLflow` folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Component {
    /// What the bundle calls it.
    pub name: String,
    /// The format it is stored in, where it was recognised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<FormatId>,
    /// Where it lies, relative to the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Its class or architecture, as the bundle spells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub architecture: Option<String>,
    /// The library that loads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub library: Option<String>,
}

/// A tool and its version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Producer {
    /// Its name.
    pub name: String,
    /// Its version, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// An input or an output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PortDescriptor {
    /// Its name.
    pub name: String,
    /// Its type in words: `float32[batch, 3, 224, 224]`.
    #[serde(rename = "type")]
    pub ty: String,
    /// Element type, for dense tensors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dtype: Option<DType>,
    /// Dimensions, for dense tensors of known rank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shape: Option<Vec<Dimension>>,
    /// True for an input that has a default.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

/// One dimension: a number, a symbol's name, or null.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Dimension {
    /// So many elements.
    Known(u64),
    /// Equal names are equal numbers.
    Symbol(String),
    /// Not said.
    Unknown,
}

/// What one run costs. `None` where an operator or a shape is not understood; findings say which.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Costs {
    /// The numbers that the symbols stood for.
    pub bindings: BTreeMap<String, u64>,
    /// Multiply-accumulate operations; exact for the operators that have them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub macs: Option<u64>,
    /// The most bytes that values between nodes take at one time, when each lives from its node to its last use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activation_peak_bytes: Option<u64>,
    /// Nodes whose shapes could not be inferred, so that the two numbers above leave them out.
    pub unresolved_nodes: u64,
}

/// One file of the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileDescriptor {
    /// Its name, relative to the model.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// What it holds: `model`, `external_data`, `other`.
    pub role: FileRole,
    /// SHA-256 in lower-case hexadecimal, once [`ModelDescriptor::with_digests`] read the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileRole {
    /// The structure, perhaps with weights.
    Model,
    /// Weights that the structure points at.
    ExternalData,
    /// Not read.
    Other,
}

impl ModelDescriptor {
    /// A descriptor of an artifact of which nothing is known but its format and its files; the main file is `main`.
    pub fn of(artifact: &Artifact, format: FormatId, main: &str) -> Self {
        let role = |name: &str| if name == main { FileRole::Model } else { FileRole::Other };
        let files = artifact.entries().map(|(name, entry)| FileDescriptor {
            name: name.to_owned(),
            bytes: entry.len,
            role: role(name),
            sha256: None,
        });
        let files = files.collect();
        Self { schema: DESCRIPTOR_SCHEMA, name: artifact.name().to_owned(), format, files, ..Self::default() }
    }

    /// Bytes of all weights.
    pub fn total_weight_bytes(&self) -> u64 {
        let plain = self.weight_bytes.values();
        plain.chain(self.encoded_bytes.values()).fold(0, |total, bytes| total.saturating_add(*bytes))
    }

    /// Adds the SHA-256 of each file that conversion reads, so that a plan can be bound to the model's content.
    /// Analysis leaves them out because it reads structure only; this reads every byte once.
    ///
    /// # Errors
    /// `Io` if a file is not there any more, `Cancelled`.
    #[tracing::instrument(name = "modelium.digest", skip_all, fields(model = artifact.name()))]
    pub fn with_digests(mut self, artifact: &Artifact, cx: &Context) -> Result<Self> {
        let main = self.files.iter().find(|file| file.role == FileRole::Model).map(|file| file.name.clone());
        for file in self.files.iter_mut().filter(|file| file.role != FileRole::Other) {
            let blob = part(artifact, main.as_deref().unwrap_or_default(), &file.name)?;
            file.sha256 = Some(EntryDigest::of(&file.name, &blob, cx)?.sha256);
            file.bytes = blob.len();
        }
        Ok(self)
    }
}

/// Maps a file of a model by its name in the descriptor: an entry, or what the entry `main` refers to.
///
/// # Errors
/// `Io` if there is none.
pub fn part(artifact: &Artifact, main: &str, name: &str) -> Result<Blob> {
    if artifact.entries().any(|(entry, _)| entry == name) {
        return artifact.blob(name);
    }
    artifact.resolve(main, name).map_err(|reason| {
        Error::new(ErrorKind::Io, format!("cannot read the model's file '{name}': {reason}")).with_file(artifact.name())
    })
}
