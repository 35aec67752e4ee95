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
//!
//! [`RulePlanner`] is the planner of this version. [`ConversionPlan::explain`] shows a plan before anything runs.

mod capabilities;
mod document;
mod estimate;
mod explain;
mod flow;
mod names;
mod planner;
mod precision;
mod requirements;
mod rules;
mod samples;
mod types;

pub use capabilities::Capabilities;
pub use document::{DocumentError, MAX_DOCUMENT_BYTES};
pub use explain::{ExplainedStep, Explanation};
pub use flow::{Flow, Kind};
pub use names::{MAX_NAME_BYTES, NameError, check_name, safe_name};
pub use planner::{Planner, Recovery, StepFailure, recover_by_rules};
pub use requirements::{Constraints, DimRange, InputFile, Objective, Precision, Requirements, Target, Workload};
pub use rules::RulePlanner;
pub(crate) use rules::unsampled;
pub(crate) use samples::{Axis, bind_sums, dynamic_axes};
pub use types::{
    Acceptance, Alternative, ConversionPlan, Decision, Expectation, Interval, ModelReference, OnFailure, Operation,
    PLAN_SCHEMA, PlanOutcome, Rejection, RuntimeFacts, SampleSpec, Source, Step, StepLimits, Tolerance,
};
pub use types::{Environment, PackageTarget};

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::descriptor::{
        Costs, DESCRIPTOR_SCHEMA, Dimension, FileDescriptor, FileRole, FormatId, ModelDescriptor, PortDescriptor,
    };
    use crate::tensor::DType;

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

    /// A model in `m.onnx` with float32 inputs of the given dimensions: numbers, symbols, or `?`.
    pub(crate) fn descriptor(inputs: &[(&str, &[&str])]) -> ModelDescriptor {
        let dimension = |dim: &&str| match (dim.parse(), *dim) {
            (Ok(known), _) => Dimension::Known(known),
            (_, "?") => Dimension::Unknown,
            (_, symbol) => Dimension::Symbol(symbol.to_owned()),
        };
        let port = |(name, dims): &(&str, &[&str])| PortDescriptor {
            name: (*name).to_owned(),
            ty: "float32".to_owned(),
            dtype: Some(DType::Float32),
            shape: Some(dims.iter().map(dimension).collect()),
            optional: false,
        };
        let mut symbols: Vec<_> = inputs.iter().flat_map(|(_, dims)| *dims).map(|dim| (*dim).to_owned()).collect();
        symbols.retain(|dim| dim != "?" && dim.parse::<u64>().is_err());
        symbols.sort();
        symbols.dedup();
        ModelDescriptor {
            schema: DESCRIPTOR_SCHEMA,
            name: "models/m.onnx".into(),
            format: FormatId::ONNX,
            opsets: [(String::new(), 17)].into(),
            inputs: inputs.iter().map(port).collect(),
            outputs: vec![port(&("y", &["1"]))],
            symbols,
            operators: [("Relu".to_owned(), 2)].into(),
            nodes: 2,
            parameters: 250,
            weight_bytes: [(DType::Float32, 1000)].into(),
            costs: Costs { macs: Some(1_000_000), activation_peak_bytes: Some(4096), ..Costs::default() },
            files: vec![FileDescriptor {
                name: "m.onnx".into(),
                bytes: 1500,
                role: FileRole::Model,
                sha256: Some("ab".repeat(32)),
            }],
            ..ModelDescriptor::default()
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
