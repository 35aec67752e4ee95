//! Plans become results here: executors run the steps of a validated plan and keep a record of what they did.
//!
//! ```text
//! ValidatedPlan ─▶ Executor ─▶ groups of steps ─▶ Converter of each operation ─▶ files ─▶ Sink, committed at the end
//!                    │              │
//!                    │              └ a model stays in memory from import to export; files are what groups exchange
//!                    └ InProcess, or Worker: a child process for each group, with limits that it cannot escape
//! ```
//!
//! What every executor promises:
//! - It runs nothing but the operations of the plan, on the model that the plan is bound to.
//! - The result appears whole, after every check and proof, or not at all.
//! - The record ([`Execution`]) says for each step what it took and what came out. It is written to the workspace after
//!   each group, so that a run that was interrupted goes on from the files that are finished and unchanged.
//!
//! To add an operation: a variant of [`Operation`], and its [`Converter`].

mod accept;
mod converters;
mod deadline;
mod group;
mod in_process;
mod meter;
mod process;
mod record;
mod recorded;
mod run;
pub mod worker;
mod workspace;

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::{Artifact, Sink};
use crate::context::Context;
use crate::error::Result;
use crate::finding::Finding;
use crate::ir::Model;
use crate::parity::ParityReport;
use crate::passes::Rewrite;
use crate::plan::{InputFile, Operation};
use crate::validate::ValidatedPlan;

pub use converters::Converters;
pub use group::{Given, Group};
pub use in_process::InProcess;
pub use process::WorkerProgram;
pub use record::{EXECUTION_SCHEMA, Execution, Files, Status, StepRecord, StepStatus};
pub use worker::{Worker, serve};

/// How far what runs is kept from the host, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Isolation {
    /// In the host's own process: time is limited at each tick, memory is measured and not limited.
    InProcess,
    /// In a child process with limits on time and memory.
    Worker,
    /// In a child process that the kernel keeps from everything it does not need.
    Sandboxed,
    /// In a container.
    Container,
}

/// Runs plans.
///
/// # Behavior
/// - Refuses a model whose content is not the one that the plan is bound to.
/// - Commits `out` after the last check held; on any error it does not touch it.
/// - A parity that does not hold is an error of kind `Mismatch` that names the outputs.
/// - Cancelling the context stops the run within a tick, and a child process within a tenth of a second.
pub trait Executor: Send + Sync {
    /// How far what runs is kept from the host.
    fn isolation(&self) -> Isolation;

    /// Runs the plan on the model and writes its result.
    fn execute(&self, plan: &ValidatedPlan, model: &Artifact, out: &mut dyn Sink, cx: &Context) -> Result<Execution>;
}

/// The implementation of one operation.
///
/// # Behavior
/// - Reads what it is given and writes to `out` only; it does not commit.
/// - The same work gives the same bytes.
/// - Checks that the plan asks for (`accept`) are the executor's, all but those that the operation is itself.
pub trait Converter: Send + Sync {
    /// The name of the operation, as [`Operation::name`] spells it.
    fn operation(&self) -> &'static str;

    /// Does the work of one step.
    fn convert(&self, work: Work<'_>, out: &mut dyn Sink, cx: &Context) -> Result<Done>;
}

/// What a step works on.
pub struct Work<'a> {
    /// What to do.
    pub operation: &'a Operation,
    /// The model as it is stored.
    pub model: &'a Artifact,
    /// What the step that this one needs gave.
    pub input: Input,
    /// The caller's own samples.
    pub samples: Option<&'a InputFile>,
}

/// What one step hands to the next.
#[derive(Debug)]
pub enum Input {
    /// Nothing: an import.
    None,
    /// A model in memory.
    Model(Box<Model>),
    /// Files of an earlier step.
    Files {
        /// The folder that they lie in.
        folder: PathBuf,
        /// Which they are.
        files: Files,
    },
}

impl Input {
    /// The model in memory.
    ///
    /// # Errors
    /// `Internal`: the validator lets no step need what it cannot take.
    pub fn into_model(self) -> Result<Box<Model>> {
        if let Self::Model(model) = self { Ok(model) } else { Err(wrong_input("a model")) }
    }

    /// Opens the files, the main one being the entry.
    ///
    /// # Errors
    /// `Internal` as above; `Io` if the files are gone.
    pub fn artifact(&self, cx: &Context) -> Result<Artifact> {
        let Self::Files { folder, files } = self else { return Err(wrong_input("files")) };
        Artifact::open(folder.join(Path::new(&files.main)), cx)
    }
}

fn wrong_input(expected: &str) -> crate::Error {
    crate::Error::internal(format!("a step was not given {expected}"))
}

/// What a step did.
#[derive(Debug)]
pub struct Done {
    /// What it gives to the steps that need it.
    pub gives: Gives,
    /// What it changed in the graph.
    pub rewrites: Vec<Rewrite>,
    /// What a comparison with the original found, whether or not it passed.
    pub parity: Option<ParityReport>,
    /// What a person should know.
    pub findings: Vec<Finding>,
    /// Lines for the log.
    pub log: Vec<String>,
}

impl Done {
    /// Gives something, and has nothing to say.
    pub fn new(gives: Gives) -> Self {
        Self { gives, rewrites: Vec::new(), parity: None, findings: Vec::new(), log: Vec::new() }
    }
}

/// What a step gives to the steps that need it.
#[derive(Debug)]
pub enum Gives {
    /// A model in memory.
    Model(Box<Model>),
    /// The files that it wrote.
    Written {
        /// The one that a reader opens.
        main: String,
    },
    /// The files that it was given, as they are.
    Same,
}
