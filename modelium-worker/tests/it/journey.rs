//! What comes out of a worker is what comes out in process.

use std::fs;
use std::sync::{Arc, Mutex};

use modelium_core::execute::{Execution, Executor, InProcess, Isolation, Worker};
use modelium_core::plan::{InputFile, Requirements, Target};
use modelium_core::reference::ReferenceRuntime;
use modelium_core::{Artifact, Context, ErrorKind, FolderSink, Observer, Progress, Registry};

use crate::support::{Bench, names, real, repository};

#[derive(Default)]
struct Stages(Mutex<Vec<String>>);

impl Observer for Stages {
    fn progress(&self, progress: &Progress<'_>) -> std::ops::ControlFlow<()> {
        let mut stages = self.0.lock().unwrap();
        if stages.last().is_none_or(|last| last != progress.stage) {
            stages.push(progress.stage.to_owned());
        }
        std::ops::ControlFlow::Continue(())
    }
}

#[test]
fn a_plan_runs_in_a_worker_as_it_does_in_process() {
    let bench = Bench::new();
    let plan = bench.admit(bench.plan(&Requirements::default()));
    let stages = Arc::new(Stages::default());
    let cx = Context::new().with_observer(stages.clone());
    let done = bench.run(&Worker::new(real()), &plan, &cx).unwrap();

    bench.assert_left(&["out"]);
    assert_eq!(done.isolation, Isolation::Worker);
    let parity = done.step("parity").unwrap().parity.as_ref().unwrap();
    assert!(parity.passed && parity.samples.len() >= 2, "{parity:?}");
    for step in &done.steps {
        assert!(step.wall_seconds > 0.0 && step.peak_bytes > 1 << 20, "{step:?}");
    }
    let stages = stages.0.lock().unwrap();
    for stage in ["digest", "import", "simplify", "export", "parity", "package"] {
        assert!(stages.iter().any(|heard| heard == stage), "{stage} is not among {stages:?}");
    }
    assert!(!stages.contains(&"worker".to_owned()));

    let twin = Bench::new();
    let executor = InProcess::new(&twin.registry);
    let mut sink = FolderSink::create(twin.out()).unwrap();
    let same = executor.execute(&plan, &twin.model, &mut sink, &Context::new()).unwrap();
    assert_eq!(same.outputs, done.outputs);
}

#[test]
fn a_triton_repository_comes_out_of_a_worker() {
    let bench = Bench::new();
    let path = repository("examples/models/digits/samples.npz");
    let samples = Artifact::open(&path, &Context::new()).unwrap().digest(&[], &Context::new()).unwrap().remove(0);
    let want = Requirements {
        target: Target::Triton,
        name: Some("digits".into()),
        samples: Some(InputFile { path: path.display().to_string(), bytes: samples.bytes, sha256: samples.sha256 }),
        ..Requirements::default()
    };
    let done = bench.run(&Worker::new(real()), &bench.admit(bench.plan(&want)), &Context::new()).unwrap();
    assert_eq!(names(&bench.out()), ["digits"]);
    assert_eq!(names(&bench.out().join("digits")), ["1", "config.pbtxt"]);
    assert_eq!(names(&bench.out().join("digits/1")), ["model.onnx"]);
    let accuracy = done.step("parity").unwrap().parity.as_ref().unwrap().accuracy.as_ref().unwrap().clone();
    assert_eq!(accuracy.original, accuracy.result);
}

#[test]
fn a_model_in_memory_reaches_the_worker() {
    let bench = Bench::new();
    let cx = Context::new();
    let bytes = fs::read(repository("examples/models/digits/digits.onnx")).unwrap();
    let model = Artifact::from_bytes("digits.onnx", bytes);
    let plan = bench.admit(bench.plan(&Requirements::default()));
    let mut sink = FolderSink::create(bench.out()).unwrap();
    let done = Worker::new(real()).execute(&plan, &model, &mut sink, &cx).unwrap();
    assert_eq!(done.outputs.len(), 1);
    bench.assert_left(&["out"]);
}

#[test]
fn what_was_planned_with_the_evaluator_is_proven_by_it() {
    let mut bench = Bench::new();
    bench.registry = Registry::builtin().with_runtime(Arc::new(ReferenceRuntime::default()));
    let plan = bench.admit(bench.plan(&Requirements { target: Target::Triton, ..Requirements::default() }));
    let mut blind = real();
    blind.arguments = vec!["--onnxruntime".into(), "/absent/libonnxruntime.so".into()];
    for worker in [blind, real()] {
        let done = bench.run(&Worker::new(worker), &plan, &Context::new()).unwrap();
        let proof = done.step("parity").unwrap().parity.as_ref().unwrap();
        assert!(proof.passed, "{proof}");
        assert_eq!(proof.runtime.name, "reference");
        let config = fs::read_to_string(bench.out().join("digits/config.pbtxt")).unwrap();
        assert!(config.contains("max_batch_size: 8"), "{config}");
        fs::remove_dir_all(bench.out()).unwrap();
    }
}

#[test]
fn an_interrupted_run_goes_on_in_another_worker() {
    let bench = Bench::new();
    let plan = bench.admit(bench.plan(&Requirements::default()));
    let workspace = bench.folder.path().join("work");
    let mut blind = real(); // finds no runtime, so that parity fails
    blind.arguments = vec!["--onnxruntime".into(), "/absent/libonnxruntime.so".into()];
    let error = bench.run(&Worker::new(blind).with_workspace(&workspace), &plan, &Context::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    let record: Execution = serde_json::from_slice(&fs::read(workspace.join("execution.json")).unwrap()).unwrap();
    assert!(record.step("parity").unwrap().log.iter().any(|line| line.starts_with("no ONNX Runtime: ")), "{record:?}");

    let done = bench.run(&Worker::new(real()).with_workspace(&workspace), &plan, &Context::new()).unwrap();
    assert!(done.steps.iter().any(|step| step.resumed && step.operation == "export"));
    assert_eq!(names(&bench.out()), ["digits.onnx"]);
}
