//! A rule of one's own: nothing runs here unless its result is proven to compute the same.
//!
//! ```sh
//! ORT_DYLIB_PATH=… cargo run -p modelium-examples --bin validator -- MODEL FOLDER
//! ```

use std::sync::Arc;

use modelium_core::finding::{Finding, Severity};
use modelium_core::pipeline::{Pipeline, RunOptions};
use modelium_core::plan::{ConversionPlan, Operation, Requirements};
use modelium_core::validate::{Policy, Validator};
use modelium_core::{Context, Error, ModelDescriptor, Registry, Result};

/// Refuses plans without a proof. It comes after the rules of the library: it can refuse more than they do, never less.
struct Proven;

impl Validator for Proven {
    fn review(&self, plan: &ConversionPlan, _: &ModelDescriptor, _: &Policy) -> Vec<Finding> {
        let proven = plan.steps.iter().any(|step| matches!(step.operation, Operation::Parity { .. }));
        if proven {
            return Vec::new();
        }
        let finding =
            Finding::new("site.unproven", Severity::Error, "no step proves that the result computes the same");
        vec![finding.remedy("register a runtime, so that plans have a parity step")]
    }
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(model), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err(Error::argument("usage: validator MODEL FOLDER"));
    };

    // no runtime is registered, so the planner cannot prove anything, and is told to go on without
    let pipeline = Pipeline::new(Registry::builtin()).with_validator(Arc::new(Proven));
    let mut wanted = Requirements::default();
    wanted.constraints.allow_unproven = true;

    let cx = Context::new();
    let model = pipeline.open(model, &cx)?;
    let plan = pipeline.plan(&model, &wanted, &cx)?.into_plan()?;
    match pipeline.run(&model, plan, folder.as_ref(), &RunOptions::default(), &cx) {
        Ok(_) => println!("written to {folder}"),
        Err(refusal) => {
            println!("refused: {refusal}");
            refusal.notes().iter().for_each(|note| println!("  {note}"));
        }
    }
    Ok(())
}
