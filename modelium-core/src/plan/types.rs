//! The plan itself. Its shape is final at [`PLAN_SCHEMA`] 1: fields are added, never changed.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::EntryDigest;
use crate::error::{Error, ErrorKind, Result};
use crate::formats::{FormatId, Weights};
use crate::passes::Level;
use crate::plan::requirements::{Requirements, Workload};

/// The version of [`ConversionPlan`]'s shape.
pub const PLAN_SCHEMA: u32 = 1;

/// A typed recipe that turns one model into one result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConversionPlan {
    /// Version of this document's shape.
    pub schema: u32,
    /// The model it is for: executors refuse any other.
    pub model: ModelReference,
    /// What was wanted.
    pub requirements: Requirements,
    /// What was there to work with.
    pub environment: Environment,
    /// What was decided, and on what grounds.
    pub decision: Decision,
    /// The steps, in an order in which they can run.
    pub steps: Vec<Step>,
}

/// The model that a plan is for, bound to its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelReference {
    /// What the caller called it.
    pub name: String,
    /// Its format.
    pub format: FormatId,
    /// Its files.
    pub files: Vec<EntryDigest>,
}

/// What the machine offers. Facts that differ between runs of one machine (free memory, load) stay out of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Environment {
    /// Things that run models.
    pub runtimes: Vec<RuntimeFacts>,
    /// Threads to use.
    pub threads: u64,
    /// Bytes of memory that steps may take together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<u64>,
}

/// A runtime by name and version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuntimeFacts {
    /// `onnxruntime`.
    pub name: String,
    /// `1.32.0`.
    pub version: String,
}

/// What was decided, and on what grounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// One line.
    pub summary: String,
    /// The formats that the model passes through.
    pub route: Vec<FormatId>,
    /// One line for each thing that tipped the scales.
    pub reasons: Vec<String>,
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Unique in its plan: letters, digits, `-` and `_`.
    pub id: String,
    /// What it does.
    pub operation: Operation,
    /// The steps whose results it reads.
    pub needs: Vec<String>,
    /// What it may use.
    pub limits: StepLimits,
    /// What it should take.
    pub expect: Expectation,
    /// What must hold of its result.
    pub accept: Vec<Acceptance>,
    /// What happens when it fails.
    pub on_failure: OnFailure,
}

/// Everything that a step can do: a closed list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub enum Operation {
    /// Reads the model into the IR.
    Import {
        /// The format to read.
        format: FormatId,
    },
    /// Rewrites the graph by the named passes, in order, until none finds anything.
    Simplify {
        /// Names of passes.
        passes: Vec<String>,
        /// Which operators they may use.
        #[serde(default)]
        level: Level,
    },
    /// Writes the IR to a file.
    Export {
        /// The format to write.
        format: FormatId,
        /// The name of the main file, relative to the step's folder.
        file: String,
        /// Where weights go.
        weights: Weights,
    },
    /// Proves that the needed step's files compute the same as the model.
    Parity {
        /// The runtime that runs both.
        runtime: String,
        /// What to run them on.
        samples: SampleSpec,
        /// How far outputs may differ.
        tolerance: Tolerance,
    },
    /// Puts the result into the shape that the target expects.
    Package {
        /// The target.
        target: PackageTarget,
        /// The name to serve under.
        name: String,
        /// What requests will look like.
        #[serde(default)]
        workload: Workload,
    },
}

impl Operation {
    /// The name, as JSON spells it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Import { .. } => "import",
            Self::Simplify { .. } => "simplify",
            Self::Export { .. } => "export",
            Self::Parity { .. } => "parity",
            Self::Package { .. } => "package",
        }
    }
}

/// What a package is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PackageTarget {
    /// The converted files as they are.
    Files,
    /// A Triton model repository.
    Triton,
}

impl PackageTarget {
    /// The name, as JSON spells it and as deployers are called.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Triton => "triton",
        }
    }
}

/// What a step may use; an executor ends a step that takes more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepLimits {
    /// Seconds on the wall clock.
    pub wall_seconds: u64,
    /// Bytes of private memory; mapped files do not count.
    pub memory_bytes: u64,
    /// Whether it may use the network. No operation of this version needs it.
    pub network: bool,
}

/// What a step should take; the numbers carry where they come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// Seconds on the wall clock.
    pub seconds: Interval,
    /// Bytes of memory at the peak.
    pub peak_bytes: Interval,
    /// Bytes written.
    pub bytes_out: Interval,
}

/// A number known to lie between two ends, both included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// The least.
    pub low: f64,
    /// The most.
    pub high: f64,
    /// Where it comes from.
    pub source: Source,
}

/// Where a number comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Counted.
    Exact,
    /// Fitted to measurements.
    Calibrated,
    /// Computed from a model of the work.
    Analytic,
}

/// What must hold of a step's result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "check", rename_all = "snake_case", deny_unknown_fields)]
pub enum Acceptance {
    /// The graph is well formed.
    WellFormed,
    /// The file can be read again and has the same inputs and outputs as the model.
    SameSignature,
    /// The result takes no more bytes than this.
    MaxBytes {
        /// The cap.
        bytes: u64,
    },
    /// Every output lies within the operation's tolerance.
    InParity,
    /// The target's own rules hold.
    Lints,
}

/// What happens when a step fails.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "then", rename_all = "snake_case", deny_unknown_fields)]
pub enum OnFailure {
    /// The run fails, and nothing is published.
    #[default]
    Stop,
    /// It runs again, at most so many times more; then the run fails.
    Retry {
        /// Further attempts.
        times: u32,
    },
    /// The steps that need it take the result of another step instead.
    Degrade {
        /// That step.
        to: String,
    },
}

/// How far two results may differ: an element passes if it is within `absolute` or within `relative` of the original.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tolerance {
    /// Largest absolute difference.
    pub absolute: f64,
    /// Largest difference relative to the original's magnitude.
    pub relative: f64,
    /// Least cosine similarity of each whole output.
    pub cosine: f64,
}

impl Tolerance {
    /// Whether the numbers are a tolerance at all.
    ///
    /// # Errors
    /// Which of them is not, in words.
    pub fn check(&self) -> std::result::Result<(), String> {
        for (name, value) in [("absolute", self.absolute), ("relative", self.relative)] {
            if !(value.is_finite() && value >= 0.0) {
                return Err(format!("the {name} tolerance is {value}; it must be zero or a positive number"));
            }
        }
        if !(0.0..=1.0).contains(&self.cosine) {
            return Err(format!("the least cosine similarity is {}; it must lie between 0 and 1", self.cosine));
        }
        Ok(())
    }
}

/// The inputs on which two models are compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleSpec {
    /// Seed of the generated inputs.
    pub seed: u64,
    /// Bindings of the symbolic dimensions, one generated sample each.
    pub bindings: Vec<BTreeMap<String, u64>>,
    /// True if the caller's own samples are run too.
    pub own: bool,
}

/// What planning gives: a plan, what else was possible, and what was not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlanOutcome {
    /// The plan; `None` if nothing leads to what is wanted.
    pub plan: Option<ConversionPlan>,
    /// Other ways that would work, best first.
    pub alternatives: Vec<Alternative>,
    /// Ways that would not, and why.
    pub rejected: Vec<Rejection>,
    /// How the decision was reached, line by line.
    pub trace: Vec<String>,
}

/// Another way that would work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Alternative {
    /// What it is, in one line.
    pub summary: String,
    /// What makes it second best.
    pub reason: String,
}

/// A way that would not work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rejection {
    /// What was looked at.
    pub what: String,
    /// Why it does not work.
    pub reason: String,
}

impl PlanOutcome {
    /// The plan, or the refusal as an error.
    ///
    /// # Errors
    /// `NoRoute` with each rejection as a note.
    pub fn into_plan(self) -> Result<ConversionPlan> {
        let rejected = self.rejected;
        self.plan.ok_or_else(|| {
            let reason = rejected.first().map_or("nothing leads to what is wanted", |first| first.reason.as_str());
            let error = Error::new(ErrorKind::NoRoute, format!("no plan: {reason}"));
            rejected.iter().fold(error, |error, one| error.with_note(format!("{}: {}", one.what, one.reason)))
        })
    }
}
