//! The record of a run: what each step took, did and gave.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::EntryDigest;
use crate::error::ErrorReport;
use crate::execute::Isolation;
use crate::finding::Finding;
use crate::parity::ParityReport;
use crate::passes::Rewrite;
use crate::plan::Step;

/// The version of [`Execution`]'s shape.
pub const EXECUTION_SCHEMA: u32 = 1;

/// What a run of a plan did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Execution {
    /// Version of this document's shape.
    pub schema: u32,
    /// SHA-256 of the plan's canonical document.
    pub plan: String,
    /// How far the steps were kept from the host.
    pub isolation: Isolation,
    /// How it stands.
    pub status: Status,
    /// The steps that ran, in the order in which they ran first.
    pub steps: Vec<StepRecord>,
    /// The files of the result, by their names in the output.
    pub outputs: Vec<EntryDigest>,
    /// Seconds on the wall clock, all of it: checks of digests, resumption and publishing included.
    pub wall_seconds: f64,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorReport>,
}

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It goes on, or it was interrupted.
    Running,
    /// The result is published.
    Succeeded,
    /// A step failed, and nothing was published.
    Failed,
    /// The caller cancelled, and nothing was published.
    Cancelled,
}

/// What one step did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepRecord {
    /// The step's id in the plan.
    pub id: String,
    /// The name of its operation.
    pub operation: String,
    /// How it ended.
    pub status: StepStatus,
    /// How often it ran: more than once after a retry, or where its model was needed again.
    pub attempts: u32,
    /// The steps whose results it read; not the ones that the plan names where others stood in for them.
    pub inputs: Vec<String>,
    /// The step that stood in for it after it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub degraded_to: Option<String>,
    /// Its files were found finished and unchanged, so that it did not run again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub resumed: bool,
    /// Seconds on the wall clock.
    pub wall_seconds: f64,
    /// Seconds of processor time of the whole process while the step ran.
    pub cpu_seconds: f64,
    /// The most bytes of the process that were in memory while the step ran, mapped files included; 0 if unknown.
    /// Exact in a worker; in the host's own process the growth of a peak, or else what was seen at the ends.
    pub peak_bytes: u64,
    /// Bytes of the files it was given.
    pub bytes_in: u64,
    /// Bytes of the files it wrote.
    pub bytes_out: u64,
    /// The files it gives to other steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gives: Option<Files>,
    /// What it changed in the graph.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rewrites: Vec<Rewrite>,
    /// What the comparison with the original found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parity: Option<ParityReport>,
    /// What a person should know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// What it said, and what its process wrote to the error stream.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<String>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorReport>,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepStatus {
    /// It did its work, and its result was accepted.
    Done,
    /// It did not.
    Failed,
}

/// Files that steps exchange: they lie in the folder of the step that wrote them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// The step that wrote them.
    pub step: String,
    /// The one that a reader opens.
    pub main: String,
    /// All of them, by their names in that folder.
    pub entries: Vec<EntryDigest>,
}

impl Files {
    /// Bytes of all of them.
    pub fn bytes(&self) -> u64 {
        self.entries.iter().fold(0, |total, entry| total.saturating_add(entry.bytes))
    }
}

impl StepRecord {
    /// Of a step that starts, and reads what `after` gave.
    pub(super) fn new(step: &Step, after: Option<String>) -> Self {
        Self {
            id: step.id.clone(),
            operation: step.operation.name().to_owned(),
            status: StepStatus::Done,
            attempts: 1,
            inputs: after.into_iter().collect(),
            degraded_to: None,
            resumed: false,
            wall_seconds: 0.0,
            cpu_seconds: 0.0,
            peak_bytes: 0,
            bytes_in: 0,
            bytes_out: 0,
            gives: None,
            rewrites: Vec::new(),
            parity: None,
            findings: Vec::new(),
            log: Vec::new(),
            error: None,
        }
    }

    /// Takes the place of an earlier attempt: times and logs add up, the rest is this one's.
    fn after(mut self, earlier: Self) -> Self {
        self.attempts = self.attempts.saturating_add(earlier.attempts);
        self.wall_seconds += earlier.wall_seconds;
        self.cpu_seconds += earlier.cpu_seconds;
        self.peak_bytes = self.peak_bytes.max(earlier.peak_bytes);
        self.log.splice(0..0, earlier.log);
        self
    }
}

impl Execution {
    pub(super) fn new(plan: &str, isolation: Isolation) -> Self {
        Self {
            schema: EXECUTION_SCHEMA,
            plan: plan.to_owned(),
            isolation,
            status: Status::Running,
            steps: Vec::new(),
            outputs: Vec::new(),
            wall_seconds: 0.0,
            error: None,
        }
    }

    /// Keeps what a step did.
    pub(super) fn add(&mut self, record: StepRecord) {
        match self.steps.iter_mut().find(|step| step.id == record.id) {
            Some(earlier) => {
                let before = std::mem::replace(earlier, record.clone());
                *earlier = record.after(before);
            }
            None => self.steps.push(record),
        }
    }

    pub(super) fn step_mut(&mut self, id: &str) -> Option<&mut StepRecord> {
        self.steps.iter_mut().find(|step| step.id == id)
    }

    /// The record of a step.
    pub fn step(&self, id: &str) -> Option<&StepRecord> {
        self.steps.iter().find(|step| step.id == id)
    }
}
