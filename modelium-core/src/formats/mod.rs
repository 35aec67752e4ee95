//! How models are stored: one folder for each format.
//!
//! A format offers up to four things: an [`Analyzer`] (bytes → [`ModelDescriptor`]), an [`Inspector`] (bytes → what would act
//! in them), an [`Importer`] (bytes → IR) and an [`Exporter`] (IR → bytes). Files with the same name do the same job in every folder: `mod.rs` says what the format is
//! and which specification it follows, `schema.rs` or `header.rs` holds the records as the specification names them,
//! `analyze.rs`, `inspect.rs`, `import.rs` and `export.rs` are the four above, `error.rs` the leaf errors.
//!
//! To add a format: write its folder, name it below, and list it in `builtin.rs`.
//! A format never imports another.
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation
)]

pub mod archive;
pub mod bentoml;
pub(crate) mod builtin;
pub mod catboost;
pub mod coreml;
pub mod executable;
pub mod flax;
pub mod gguf;
mod graph;
pub mod hugging_face;
pub mod joblib;
pub mod keras;
pub mod lightgbm;
pub mod mlflow;
pub mod mnn;
pub mod mxnet;
pub mod ncnn;
pub mod nemo;
pub mod numpy;
pub mod oci;
pub mod onnx;
pub mod openvino;
pub mod orbax;
pub mod paddle;
pub mod pickle;
mod pickled;
pub mod pmml;
pub mod python;
pub mod safetensors;
mod single;
pub mod skops;
pub mod tensorflow;
pub mod tensorrt;
pub mod text;
pub mod tfjs;
pub mod tflite;
pub mod torch;
pub mod torchserve;
pub mod triton_repository;
pub mod xgboost;
pub mod yaml;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::{Artifact, Sink};
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::ModelDescriptor;
use crate::error::Result;
use crate::ir::{Checked, Model};
use crate::tensor::DType;

pub use crate::descriptor::FormatId;
pub use crate::scan::{Inspector, Sniff, Taken};
pub use graph::costs;

/// Whether an artifact is of a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// It is not.
    No,
    /// It could be; analysis will tell.
    Maybe,
    /// It can be nothing else.
    Certain,
}

/// Bytes → [`ModelDescriptor`]. Executes nothing.
///
/// # Behavior
/// - `probe` looks at names and leading bytes only, and never fails.
/// - `analyze` reads structure, not weights; what it cannot understand is a finding, what it cannot read an error.
pub trait Analyzer: Send + Sync {
    /// The format it knows.
    fn format(&self) -> FormatId;

    /// Whether the artifact is of that format.
    fn probe(&self, artifact: &Artifact) -> Match;

    /// Describes the model.
    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor>;
}

/// Bytes → IR.
///
/// # Behavior
/// - Weights stay mapped; the result allocates for structure only.
/// - Nothing that the format can say is lost silently.
pub trait Importer: Send + Sync {
    /// The format it reads.
    fn format(&self) -> FormatId;

    /// Reads the model.
    fn import(&self, artifact: &Artifact, cx: &Context) -> Result<Model>;
}

/// IR → bytes.
///
/// # Behavior
/// - Writes through the sink and leaves the commit to the caller.
/// - Streams each weight once; memory does not grow with the model.
/// - The same model gives the same bytes.
pub trait Exporter: Send + Sync {
    /// The format it writes.
    fn format(&self) -> FormatId;

    /// Writes the model under `name`; returns the names of the files it wrote, the main one first.
    fn export(
        &self,
        model: Checked<'_>,
        name: &str,
        weights: Weights,
        out: &mut dyn Sink,
        cx: &Context,
    ) -> Result<Vec<String>>;
}

/// Bytes → tensors by name, for formats that are weights and no graph. Executes nothing.
///
/// # Behavior
/// - `open` reads structure; elements are read one tensor at a time.
/// - Whoever opens a format that can act has scanned it first.
pub trait TensorReader: Send + Sync {
    /// The format it reads.
    fn format(&self) -> FormatId;

    /// Whether the artifact is of that format.
    fn probe(&self, artifact: &Artifact) -> Match;

    /// Opens the tensors.
    fn open(&self, artifact: &Artifact, cx: &Context) -> Result<Box<dyn TensorSource>>;
}

/// The tensors of one model.
pub trait TensorSource: Send {
    /// Every tensor, in the order of the file.
    fn tensors(&self) -> &[StoredTensor];

    /// The elements of a tensor, row-major and little-endian: a window of the file where they lie so, else a copy.
    fn read(&mut self, index: usize, cx: &Context) -> Result<Blob>;
}

/// A tensor that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTensor {
    /// Its name.
    pub name: String,
    /// Element type.
    pub dtype: DType,
    /// Dimensions, outermost first.
    pub shape: Vec<u64>,
    /// Bytes of its elements.
    pub bytes: u64,
    /// The name of an earlier tensor that it is tied to: the same elements.
    pub shares: Option<String>,
}

/// Where export puts weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weights {
    /// Inside the model file while the format allows it (ONNX: below 2 GiB), else in a file beside it.
    #[default]
    Auto,
    /// In a file beside the model, from the given size of a tensor on.
    Beside {
        /// Smaller tensors stay inside.
        threshold_bytes: u64,
    },
    /// Where they were: external data keeps pointing at its files, which the caller must keep beside the result.
    InPlace,
}
