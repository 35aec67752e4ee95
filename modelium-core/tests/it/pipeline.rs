//! The journey, end to end, without a runtime: what a Rust host calls. The proof itself is tested in `backends/ort`.

use std::path::Path;
use std::sync::Arc;

use modelium_core::descriptor::ModelDescriptor;
use modelium_core::execute::{Isolation, Status};
use modelium_core::finding::{Finding, Severity};
use modelium_core::pipeline::{Pipeline, RunOptions, ScanOptions, Verdict};
use modelium_core::plan::{Constraints, ConversionPlan, Operation, Requirements, Target};
use modelium_core::validate::{Policy, Validator};
use modelium_core::{Context, ErrorKind, Registry};

use crate::support::repository;

fn digits() -> std::path::PathBuf {
    repository("examples/models/digits/digits.onnx")
}

fn unproven(target: Target) -> Requirements {
    Requirements {
        target,
        constraints: Constraints { allow_unproven: true, ..Constraints::default() },
        ..Requirements::default()
    }
}

fn in_process() -> RunOptions {
    RunOptions { isolation: Some(Isolation::InProcess), ..RunOptions::default() }
}

fn entries(folder: &Path) -> Vec<String> {
    let items = std::fs::read_dir(folder).map(|items| items.map(|item| item.unwrap().file_name()));
    items.map(|names| names.map(|name| name.to_string_lossy().into_owned()).collect()).unwrap_or_default()
}

#[test]
fn a_model_becomes_a_triton_repository() {
    let (pipeline, cx, place) = (Pipeline::new(Registry::builtin()), Context::new(), tempfile::tempdir().unwrap());
    let model = pipeline.open(digits(), &cx).unwrap();
    let plan = pipeline.plan(&model, &unproven(Target::Triton), &cx).unwrap().into_plan().unwrap();
    let out = place.path().join("out");
    let done = pipeline.run(&model, plan, &out, &in_process(), &cx).unwrap();
    assert_eq!(done.status, Status::Succeeded);
    assert!(out.join("digits/config.pbtxt").is_file(), "{:?}", entries(&out));
    let result = pipeline.open(out.join("digits/1/model.onnx"), &cx).unwrap().descriptor;
    assert!(result.nodes < model.descriptor.nodes);
    assert_eq!((result.inputs, result.outputs), (model.descriptor.inputs, model.descriptor.outputs));
    assert!(!result.operators.contains_key("Identity") && !result.operators.contains_key("Constant"));
    assert_eq!(entries(place.path()), ["out"]);
}

#[test]
fn without_a_runtime_nothing_is_proven_and_the_plan_says_so() {
    let (pipeline, cx) = (Pipeline::new(Registry::builtin()), Context::new());
    let model = pipeline.open(digits(), &cx).unwrap();
    let error = pipeline.plan(&model, &Requirements::default(), &cx).unwrap().into_plan().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoRoute);
    assert!(
        error.to_string().contains("runtime") || error.notes().iter().any(|note| note.contains("runtime")),
        "{error:?}"
    );
}

#[test]
fn a_validator_of_the_callers_can_refuse() {
    struct NoRewriting;
    impl Validator for NoRewriting {
        fn review(&self, plan: &ConversionPlan, _: &ModelDescriptor, _: &Policy) -> Vec<Finding> {
            let rewrites = plan.steps.iter().filter(|step| matches!(step.operation, Operation::Simplify { .. }));
            rewrites
                .map(|step| Finding::new("mine.no_rewriting", Severity::Error, format!("step '{}'", step.id)))
                .collect()
        }
    }
    let pipeline = Pipeline::new(Registry::builtin()).with_validator(Arc::new(NoRewriting));
    let (cx, place) = (Context::new(), tempfile::tempdir().unwrap());
    let model = pipeline.open(digits(), &cx).unwrap();
    let plan = pipeline.plan(&model, &unproven(Target::Files), &cx).unwrap().into_plan().unwrap();
    let error = pipeline.run(&model, plan, &place.path().join("out"), &in_process(), &cx).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(entries(place.path()), [""; 0]);
}

#[test]
fn a_plan_is_bound_to_its_model() {
    let (pipeline, cx, place) = (Pipeline::new(Registry::builtin()), Context::new(), tempfile::tempdir().unwrap());
    let model = pipeline.open(digits(), &cx).unwrap();
    let plan = pipeline.plan(&model, &unproven(Target::Files), &cx).unwrap().into_plan().unwrap();
    let mut bytes = std::fs::read(digits()).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1; // the version of the operator set
    let other = place.path().join("digits.onnx");
    std::fs::write(&other, bytes).unwrap();
    let Ok(other) = pipeline.open(&other, &cx) else { return }; // the flipped bit may make it ill formed
    let error = pipeline.run(&other, plan, &place.path().join("out"), &in_process(), &cx).unwrap_err();
    assert!(!place.path().join("out").exists(), "{error}");
}

#[test]
fn scanning_gives_a_verdict_for_each_path() {
    let (pipeline, cx, place) = (Pipeline::new(Registry::builtin()), Context::new(), tempfile::tempdir().unwrap());
    let unknown = place.path().join("unknown.bin");
    std::fs::write(&unknown, b"\xde\xad\xbe\xef neither this nor that").unwrap();
    let escape = repository("tests/hostile/onnx/external_parent");
    let report = pipeline.scan(&[digits(), unknown, escape], &ScanOptions::default(), &cx).unwrap();
    let of = |end: &str| report.files.iter().find(|file| file.path.ends_with(end)).unwrap().verdict;
    let verdicts = [of("digits.onnx"), of("unknown.bin"), of("external_parent/model.onnx")];
    assert_eq!(verdicts, [Verdict::Clean, Verdict::Undetermined, Verdict::Malicious]);
    assert_eq!((report.verdict, report.summary.malicious), (Verdict::Malicious, 1));
}

#[test]
fn what_is_known_is_listed() {
    let known = Pipeline::new(Registry::builtin()).known();
    let onnx = known.formats.iter().find(|format| format.name.as_str() == "onnx").unwrap();
    assert!(onnx.analyze && onnx.import && onnx.export);
    assert_eq!(known.targets, ["files", "triton"]);
}
