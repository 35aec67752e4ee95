//! From what a model is and what is wanted to a typed recipe: [`Requirements`] in, [`PlanOutcome`] out.
//!
//! A [`ConversionPlan`] is data: a DAG of [`Step`]s, each with one [`Operation`] from a closed list. It holds no command
//! strings, so that whoever reads it (a person, a validator, another language) knows all it can do.
//! Planning is pure: the same input gives the same bytes. Nothing runs before `validate::admit` made a plan valid and an
//! executor was given it.
//!
//! ```text
//! import ──▶ simplify ──▶ export ──▶ parity ──▶ package
//!   a model    a model      files     the same    the result
//!                                     files, proven
//! ```
//!
//! A step that fails can hand over to another one that gives the same kind of thing ([`OnFailure::Degrade`]). Steps that
//! only stand in for others run when they are needed, and not before.

mod capabilities;
mod document;
mod flow;
mod names;
mod planner;
mod precision;
mod requirements;
mod types;

pub use capabilities::Capabilities;
pub use document::{DocumentError, MAX_DOCUMENT_BYTES};
pub use flow::{Flow, Kind};
pub use names::{MAX_NAME_BYTES, NameError, check_name, safe_name};
pub use planner::{Planner, Recovery, StepFailure, recover_by_rules};
pub use requirements::{Constraints, DimRange, InputFile, Objective, Precision, Requirements, Target, Workload};
pub use types::{
    Acceptance, Alternative, ConversionPlan, Decision, Expectation, Interval, ModelReference, OnFailure, Operation,
    PLAN_SCHEMA, PlanOutcome, Rejection, RuntimeFacts, SampleSpec, Source, Step, StepLimits, Tolerance,
};
pub use types::{Environment, PackageTarget};

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::descriptor::FormatId;

    /// A step that imports, with the given needs: for tests that look at the graph only.
    pub(crate) fn step(id: &str, needs: &[&str]) -> Step {
        let interval = Interval { low: 0.0, high: 1.0, source: Source::Analytic };
        Step {
            id: id.to_owned(),
            operation: Operation::Import { format: FormatId::ONNX },
            needs: needs.iter().map(|&id| id.to_owned()).collect(),
            limits: StepLimits { wall_seconds: 60, memory_bytes: 512 << 20, network: false },
            expect: Expectation { seconds: interval.clone(), peak_bytes: interval.clone(), bytes_out: interval },
            accept: Vec::new(),
            on_failure: OnFailure::Stop,
        }
    }

    pub(crate) fn plan(steps: Vec<Step>) -> ConversionPlan {
        ConversionPlan {
            schema: PLAN_SCHEMA,
            model: ModelReference { name: "m.onnx".into(), format: FormatId::ONNX, files: Vec::new() },
            requirements: Requirements::default(),
            environment: Environment::default(),
            decision: Decision { summary: "test".into(), route: vec![FormatId::ONNX], reasons: Vec::new() },
            steps,
        }
    }
}
