//! The journey, end to end, without a runtime or with the evaluator: what a Rust host calls. The proof by ONNX Runtime is
//! tested in `backends/ort`.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use modelium_core::descriptor::ModelDescriptor;
use modelium_core::execute::{Isolation, Status};
use modelium_core::finding::{Finding, Severity};
use modelium_core::pipeline::{CompareOptions, Pipeline, RunOptions, ScanOptions, Verdict};
use modelium_core::plan::{Constraints, ConversionPlan, Operation, Requirements, Target};
use modelium_core::reference::ReferenceRuntime;
use modelium_core::validate::{Policy, Validator};
use modelium_core::{Context, ErrorKind, Observer, Progress, Registry};

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

/// A pipeline in which the evaluator is the only runtime.
fn own_runtime() -> Pipeline {
    Pipeline::new(Registry::builtin().with_runtime(Arc::new(ReferenceRuntime::default())))
}

#[test]
fn the_evaluator_proves_where_no_other_runtime_is() {
    let (pipeline, cx, place) = (own_runtime(), Context::new(), tempfile::tempdir().unwrap());
    let model = pipeline.open(digits(), &cx).unwrap();
    let samples = pipeline.samples(&repository("examples/models/digits/samples.npz"), &cx).unwrap();
    let want = Requirements { target: Target::Triton, samples: Some(samples), ..Requirements::default() };
    let plan = pipeline.plan(&model, &want, &cx).unwrap().into_plan().unwrap();
    let out = place.path().join("out");
    let done = pipeline.run(&model, plan, &out, &in_process(), &cx).unwrap();
    let proof = done.step("parity").unwrap().parity.as_ref().unwrap();
    assert!(proof.passed, "{proof}");
    assert_eq!(proof.runtime.name, "reference");
    // the labels are the data set's own; ONNX Runtime has as many right (backends/ort/tests/parity/expected.json)
    let accuracy = proof.accuracy.as_ref().unwrap();
    assert_eq!((accuracy.rows, accuracy.original, accuracy.result), (360, 358, 358));
    // it proves the batch axis too
    let config = std::fs::read_to_string(out.join("digits/config.pbtxt")).unwrap();
    assert!(config.contains("max_batch_size: 8"), "{config}");
}

#[test]
fn the_evaluator_tells_models_apart_as_numpy_does() {
    let (pipeline, cx) = (own_runtime(), Context::new());
    let expected = std::fs::read(repository("backends/ort/tests/parity/expected.json")).unwrap();
    let expected: serde_json::Value = serde_json::from_slice(&expected).unwrap();
    let original = repository("tests/corpus/onnx/net_mlp.onnx");
    let changed = repository("backends/ort/tests/parity/mlp_changed.onnx");
    let samples = Some(repository("backends/ort/tests/parity/mlp_samples.npz"));
    let options = CompareOptions { samples, absolute: Some(1e-6), relative: Some(1e-5), ..CompareOptions::default() };
    assert!(pipeline.compare(&original, &original, &options, &cx).unwrap().passed);
    let report = pipeline.compare(&original, &changed, &options, &cx).unwrap();
    let output = &report.samples[0].outputs[0];
    assert_eq!(serde_json::json!(output.worst.as_ref().unwrap().index), expected["mlp"]["index"]);
    let distance = expected["mlp"]["absolute"].as_f64().unwrap();
    assert!((output.max_absolute - distance).abs() <= 1e-4 * distance, "{report}");
    let error = report.into_result().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mismatch);
    let layers = pipeline.compare_layers(&original, &changed, &options, &cx).unwrap();
    assert!(!layers.passed && layers.first.is_some(), "{layers}");
}

#[test]
fn what_the_evaluator_does_not_know_is_unproven() {
    let (pipeline, cx, place) = (own_runtime(), Context::new(), tempfile::tempdir().unwrap());
    let foreign = repository("tests/corpus/onnx/foreign_operators.onnx");
    let error = pipeline.compare(&foreign, &foreign, &CompareOptions::default(), &cx).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.notes()[0].contains("`pip install onnxruntime`"), "{error:?}");
    let model = pipeline.open(&foreign, &cx).unwrap();
    let error = pipeline.plan(&model, &Requirements::default(), &cx).unwrap().into_plan().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoRoute);
    assert!(format!("{error:?}").contains("does not know com.example::Conv"), "{error:?}");
    // on request without a proof: nothing fails, and nothing is claimed
    let plan = pipeline.plan(&model, &unproven(Target::Triton), &cx).unwrap().into_plan().unwrap();
    let out = place.path().join("out");
    let done = pipeline.run(&model, plan, &out, &in_process(), &cx).unwrap();
    let findings = &done.step("package").unwrap().findings;
    let finding = findings.iter().find(|finding| finding.code == "triton.batch_unproven").unwrap();
    assert!(finding.message.contains("the evaluator does not know operator"), "{finding:?}");
    assert!(finding.remedy.as_ref().unwrap().contains("`pip install onnxruntime`"), "{finding:?}");
    assert!(out.join("foreign_operators/config.pbtxt").is_file());
}

/// Cancels the first evaluation that it hears of.
#[derive(Default)]
struct Impatient(AtomicU64);

impl Observer for Impatient {
    fn progress(&self, progress: &Progress<'_>) -> ControlFlow<()> {
        if progress.stage != "evaluate" {
            return ControlFlow::Continue(());
        }
        self.0.fetch_add(1, Ordering::Relaxed);
        ControlFlow::Break(())
    }
}

#[test]
fn a_proof_by_the_evaluator_tells_its_progress_and_stops_in_it() {
    let (pipeline, cx) = (own_runtime(), Context::new());
    let observer = Arc::new(Impatient::default());
    let heard = cx.with_observer(observer.clone());
    let error = pipeline.compare(&digits(), &digits(), &CompareOptions::default(), &heard).unwrap_err();
    assert_eq!((error.kind(), observer.0.load(Ordering::Relaxed)), (ErrorKind::Cancelled, 1));
}

#[test]
fn a_proof_by_the_evaluator_ends_with_the_time_of_its_step() {
    let (pipeline, cx, place) = (own_runtime(), Context::new(), tempfile::tempdir().unwrap());
    let model = pipeline.open(digits(), &cx).unwrap();
    let mut plan = pipeline.plan(&model, &Requirements::default(), &cx).unwrap().into_plan().unwrap();
    for step in &mut plan.steps {
        let Operation::Parity { samples, .. } = &mut step.operation else { continue };
        step.limits.wall_seconds = 1;
        for size in samples.bindings.iter_mut().flat_map(|binding| binding.values_mut()) {
            *size = 100_000;
        }
    }
    let policy = Policy { max_binding: 1_000_000, ..pipeline.policy().clone() };
    let out = place.path().join("out");
    let error = pipeline.with_policy(policy).run(&model, plan, &out, &in_process(), &cx).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    assert_eq!(error.message(), "step 'parity_unsimplified' took more than the 1 s it may");
    assert!(!out.exists());
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
