//! From what a model is and what is wanted to a typed recipe: [`Requirements`] in, [`PlanOutcome`] out.
//!
//! A [`ConversionPlan`] is data: a DAG of [`Step`]s, each with one [`Operation`] from a closed list. It holds no command
//! strings and no absolute paths, so that whoever reads it (a person, a validator, another language) knows all it can do.
//! Planning is pure: the same input gives the same bytes. Nothing runs before [`validate::admit`](crate::validate::admit)
//! made a plan valid and an executor was given it.

mod requirements;
mod types;

pub use requirements::{Constraints, DimRange, InputFile, Objective, Precision, Requirements, Target, Workload};
pub use types::{
    Acceptance, Alternative, ConversionPlan, Decision, Expectation, Interval, ModelReference, OnFailure, Operation,
    PLAN_SCHEMA, PlanOutcome, Rejection, RuntimeFacts, SampleSpec, Source, Step, StepLimits, Tolerance,
};
pub use types::{Environment, PackageTarget};
