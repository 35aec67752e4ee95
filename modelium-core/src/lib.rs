//! modelium takes a model as somebody stored it and gets it to where it is served, inside the caller's process.
//!
//! ```text
//! Artifact → ModelDescriptor → ConversionPlan → ValidatedPlan → Execution → Deployment
//!   open       Analyzer          Planner          Validator       Executor     Deployer
//! ```
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

pub mod artifact;
pub mod blob;
pub mod context;
pub mod deploy;
pub mod descriptor;
pub mod error;
pub mod eval;
pub mod execute;
pub mod finding;
pub mod formats;
pub mod ir;
pub mod license;
pub mod opset;
pub mod parity;
pub mod passes;
pub mod pipeline;
pub mod plan;
pub mod reference;
pub mod registry;
pub mod resources;
pub mod runtime;
pub mod scan;
pub mod tensor;
pub mod tokenizer;
pub mod validate;
pub mod wire;

pub use artifact::{Artifact, FileSink, FolderSink, MemorySink, Sink};
pub use blob::Blob;
pub use context::{CancelToken, Context, Limits, Observer, Progress};
pub use descriptor::ModelDescriptor;
pub use error::{Error, ErrorKind, Location, Result};
pub use finding::{Finding, Severity};
pub use registry::Registry;
