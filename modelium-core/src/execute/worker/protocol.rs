//! What hosts and workers say to each other: one request, then events, one a line.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::Limits;
use crate::error::ErrorReport;
use crate::execute::group::Group;
use crate::execute::record::StepRecord;
use crate::plan::InputFile;

/// The version of the protocol.
pub const PROTOCOL: u32 = 1;

/// What a worker is asked to do; one document on its stdin, ended by the end of the stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkerRequest {
    /// The version of the protocol.
    pub protocol: u32,
    /// The model's file or folder, absolute.
    pub model: PathBuf,
    /// Bytes of the model's files.
    pub model_bytes: u64,
    /// The folder that holds a folder for each step, absolute. Nothing is written outside.
    pub workspace: PathBuf,
    /// The steps.
    pub group: Group,
    /// The caller's own samples, their path absolute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub samples: Option<InputFile>,
    /// The caps in force.
    pub limits: Limits,
}

/// What a worker says; one line of JSON each on its stdout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum WorkerEvent {
    /// It read the request, and its limits are in force.
    Ready {
        /// The version of the protocol that it speaks.
        protocol: u32,
        /// Its own version.
        version: String,
    },
    /// A step starts, or, with its record, it ended.
    Step {
        /// Which.
        id: String,
        /// What it did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        record: Option<Box<StepRecord>>,
    },
    /// How far the work is.
    Progress {
        /// The stage, a stable name.
        stage: String,
        /// Units done.
        done: u64,
        /// Units in all; 0 when unknown.
        total: u64,
    },
    /// A line for the log of the step that runs.
    Log {
        /// It.
        line: String,
    },
    /// All steps are done.
    Done,
    /// A step failed, or the request could not be read.
    Error {
        /// Why.
        error: ErrorReport,
    },
}

/// True for words in which Rust, C++, Python and the runtimes say that they got no memory.
pub(super) fn is_exhaustion(words: &str) -> bool {
    const WORDS: [&str; 6] = [
        "memory allocation of",
        "bad_alloc",
        "bad allocation",
        "Failed to allocate memory",
        "Cannot allocate memory",
        "MemoryError",
    ];
    WORDS.iter().any(|known| words.contains(known))
}
