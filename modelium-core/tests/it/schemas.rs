//! The committed JSON Schemas are those of the types: documents that scripts rely on.

use modelium_core::deploy::{Deployment, Health};
use modelium_core::descriptor::{Costs, ModelDescriptor};
use modelium_core::error::ErrorReport;
use modelium_core::execute::Execution;
use modelium_core::execute::worker::{WorkerEvent, WorkerRequest};
use modelium_core::finding::Finding;
use modelium_core::parity::{LayerReport, ParityReport};
use modelium_core::pipeline::{
    CheckReport, CompareOptions, DeployOptions, Extracted, InferReport, Known, RunOptions, ScanDiff, ScanOptions,
    ScanReport, Simplified, SimplifyOptions, Upgraded,
};
use modelium_core::plan::{ConversionPlan, Explanation, PlanOutcome, Requirements};
use schemars::JsonSchema;

use crate::support::golden;

fn committed<T: JsonSchema>(name: &str) {
    let schema = serde_json::to_string_pretty(&schemars::schema_for!(T)).expect("a schema is a document");
    golden(&format!("schemas/{name}.json"), &format!("{schema}\n"));
}

#[test]
fn model_descriptor() {
    committed::<ModelDescriptor>("model_descriptor");
}

#[test]
fn error_report() {
    committed::<ErrorReport>("error_report");
}

#[test]
fn parity_report() {
    committed::<ParityReport>("parity_report");
}

#[test]
fn conversion_plan() {
    committed::<ConversionPlan>("conversion_plan");
}

#[test]
fn plan_outcome() {
    committed::<PlanOutcome>("plan_outcome");
}

#[test]
fn explanation() {
    committed::<Explanation>("explanation");
}

#[test]
fn execution() {
    committed::<Execution>("execution");
}

#[test]
fn worker_request() {
    committed::<WorkerRequest>("worker_request");
}

#[test]
fn worker_event() {
    committed::<WorkerEvent>("worker_event");
}

#[test]
fn scan_report() {
    committed::<ScanReport>("scan_report");
}

#[test]
fn simplify_options() {
    committed::<SimplifyOptions>("simplify_options");
}

#[test]
fn simplified() {
    committed::<Simplified>("simplified");
}

#[test]
fn check_report() {
    committed::<CheckReport>("check_report");
}

#[test]
fn infer_report() {
    committed::<InferReport>("infer_report");
}

#[test]
fn layer_report() {
    committed::<LayerReport>("layer_report");
}

#[test]
fn upgraded() {
    committed::<Upgraded>("upgraded");
}

#[test]
fn findings() {
    committed::<Vec<Finding>>("findings");
}

#[test]
fn deployment() {
    committed::<Deployment>("deployment");
}

#[test]
fn health() {
    committed::<Health>("health");
}

#[test]
fn known() {
    committed::<Known>("known");
}

#[test]
fn costs() {
    committed::<Costs>("costs");
}

#[test]
fn finding() {
    committed::<Finding>("finding");
}

#[test]
fn requirements() {
    committed::<Requirements>("requirements");
}

#[test]
fn run_options() {
    committed::<RunOptions>("run_options");
}

#[test]
fn compare_options() {
    committed::<CompareOptions>("compare_options");
}

#[test]
fn deploy_options() {
    committed::<DeployOptions>("deploy_options");
}

#[test]
fn scan_options() {
    committed::<ScanOptions>("scan_options");
}

#[test]
fn scan_diff() {
    committed::<ScanDiff>("scan_diff");
}

#[test]
fn extracted() {
    committed::<Extracted>("extracted");
}
