use std::sync::Arc;
use std::time::{Duration, Instant};

use modelium_core::execute::{Isolation, Status};
use modelium_core::plan::{OnFailure, Precision, Recovery, StepFailure, Target};
use modelium_core::{CancelToken, MemorySink, Observer, Progress};

use super::*;

#[test]
fn the_result_appears_whole_and_is_recorded() {
    let bench = Bench::new();
    let plan = bench.default_plan();
    let done = bench.run_in_process(&plan).unwrap();

    bench.assert_left(&["out"]);
    assert_eq!(names(&bench.out()), ["digits.onnx"]);
    let written = Artifact::open(bench.out().join("digits.onnx"), &Context::new()).unwrap();
    assert_eq!(written.digest(&[], &Context::new()).unwrap(), done.outputs);

    assert_eq!(
        (done.status, done.isolation, done.plan.as_str()),
        (Status::Succeeded, Isolation::InProcess, plan.digest())
    );
    assert_eq!(ends(&done), ["import done", "simplify done", "export done", "parity done", "package done"]);
    let size = fs::metadata(repository("examples/models/digits/digits.onnx")).unwrap().len();
    assert_eq!(done.step("import").unwrap().bytes_in, size);
    assert!(!done.step("simplify").unwrap().rewrites.is_empty());
    assert_eq!(done.step("export").unwrap().bytes_out, done.outputs[0].bytes);
    assert!(done.step("parity").unwrap().parity.as_ref().unwrap().passed);
    assert!(done.steps.iter().all(|step| step.attempts == 1 && step.peak_bytes > 1 << 20));
}

#[test]
fn simplification_leaves_fewer_nodes() {
    let bench = Bench::new();
    bench.run_in_process(&bench.default_plan()).unwrap();
    let cx = Context::new();
    let after = OnnxImporter.import(&Artifact::open(bench.out().join("digits.onnx"), &cx).unwrap(), &cx).unwrap();
    assert!(after.graph.node_count() < 54, "{}", after.graph.node_count());
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let (one, two) = (Bench::new(), Bench::new());
    let outputs = |bench: &Bench| bench.run_in_process(&bench.default_plan()).unwrap().outputs;
    assert_eq!(outputs(&one), outputs(&two));
}

#[test]
fn a_sink_in_memory_gets_the_same() {
    let bench = Bench::new();
    let mut sink = MemorySink::new();
    let plan = bench.default_plan();
    let executor = InProcess::new(bench.converters());
    let done = executor.execute(&plan, &bench.model, &mut sink, &Context::new()).unwrap();
    assert_eq!(sink.into_files()["digits.onnx"].len() as u64, done.outputs[0].bytes);
}

#[test]
fn another_model_than_the_planned_one_is_refused() {
    let bench = Bench::new();
    let other = bench.folder.path().join("digits.onnx");
    let mut bytes = fs::read(repository("examples/models/digits/digits.onnx")).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&other, bytes).unwrap();
    let other = Artifact::open(&other, &Context::new()).unwrap();
    let executor = InProcess::new(bench.converters());
    let mut sink = FolderSink::create(bench.out()).unwrap();
    let error = executor.execute(&bench.default_plan(), &other, &mut sink, &Context::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mismatch);
    assert_eq!(error.message(), "'digits.onnx' is not what it was when the plan was made; plan again");
}

#[test]
fn a_simplification_that_fails_is_left_out() {
    let bench = Bench::new();
    let converters = bench.converters().with(Failing::new("simplify", ErrorKind::Internal, 1, &bench));
    let done = bench.run(&InProcess::new(converters), &bench.default_plan(), &Context::new()).unwrap();
    assert_eq!(ends(&done), ["import done", "simplify failed → import", "export done", "parity done", "package done"]);
    assert_eq!(done.step("import").unwrap().attempts, 2);
    assert_eq!(done.step("export").unwrap().inputs, ["import"]);
    assert!(done.step("simplify").unwrap().error.as_ref().unwrap().message.contains("made to fail"));
    assert_eq!(names(&bench.out()), ["digits.onnx"]);
}

#[test]
fn a_simplified_model_that_computes_something_else_is_replaced() {
    let bench = Bench::with(Fake { differs_in: Some("steps/export/") });
    let done = bench.run_in_process(&bench.default_plan()).unwrap();
    assert_eq!(
        ends(&done),
        [
            "import done",
            "simplify done",
            "export done",
            "parity failed → parity_unsimplified",
            "export_unsimplified done",
            "parity_unsimplified done",
            "package done",
        ]
    );
    let unproven = done.step("parity").unwrap();
    assert!(!unproven.parity.as_ref().unwrap().passed);
    assert_eq!(unproven.error.as_ref().unwrap().kind, ErrorKind::Mismatch);
    assert_eq!(done.outputs, done.step("export_unsimplified").unwrap().gives.as_ref().unwrap().entries);
}

#[test]
fn a_result_that_never_computes_the_same_is_not_published() {
    let bench = Bench::with(Fake { differs_in: Some("steps/export") });
    let error = bench.run_in_process(&bench.default_plan()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mismatch);
    assert!(error.message().contains("output 'logits'"), "{error}");
    bench.assert_left(&[]);
}

#[test]
fn a_failure_without_a_second_way_leaves_nothing() {
    let bench = Bench::new();
    for operation in ["import", "export", "parity", "package"] {
        let converters = bench.converters().with(Failing::new(operation, ErrorKind::Malformed, 9, &bench));
        let error = bench.run(&InProcess::new(converters), &bench.default_plan(), &Context::new()).unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::Malformed, "made to fail"));
        bench.assert_left(&[]);
    }
}

#[test]
fn what_may_pass_is_tried_again_and_what_repeats_itself_is_not() {
    for (kind, attempts) in [(ErrorKind::Backend, Some(3)), (ErrorKind::Malformed, None)] {
        let bench = Bench::new();
        let mut plan = bench.plan(&Requirements::default());
        plan.steps.last_mut().unwrap().on_failure = OnFailure::Retry { times: 2 };
        let converters = bench.converters().with(Failing::new("package", kind, 2, &bench));
        let result = bench.run(&InProcess::new(converters), &bench.admit(plan), &Context::new());
        let found = result.ok().map(|done| done.step("package").unwrap().attempts);
        assert_eq!(found, attempts);
    }
}

#[test]
fn a_planner_can_stop_a_recovery() {
    struct Strict;
    impl Planner for Strict {
        fn plan(
            &self,
            _: &ModelDescriptor,
            _: &Requirements,
            _: &modelium_core::plan::Environment,
            _: &Context,
        ) -> Result<modelium_core::plan::PlanOutcome> {
            Err(Error::internal("plans nothing"))
        }

        fn recover(&self, _: &ConversionPlan, _: &StepFailure, _: &Context) -> Result<Recovery> {
            Ok(Recovery::Stop { reason: "no second way here".into() })
        }
    }
    let bench = Bench::new();
    let converters = bench.converters().with(Failing::new("simplify", ErrorKind::Internal, 1, &bench));
    let executor = InProcess::new(converters).with_planner(Arc::new(Strict));
    let error = bench.run(&executor, &bench.default_plan(), &Context::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal);
    bench.assert_left(&[]);
}

#[test]
fn a_step_that_takes_too_long_is_stopped() {
    struct Slow;
    impl Converter for Slow {
        fn operation(&self) -> &'static str {
            "import"
        }

        fn convert(&self, _: Work<'_>, _: &mut dyn Sink, cx: &Context) -> Result<Done> {
            loop {
                cx.tick("import", 0, 0)?;
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    }
    let bench = Bench::new();
    let mut plan = bench.plan(&Requirements::default());
    plan.steps[0].limits.wall_seconds = 1;
    let executor = InProcess::new(bench.converters().with(Arc::new(Slow)));
    let started = Instant::now();
    let error = bench.run(&executor, &bench.admit(plan), &Context::new()).unwrap_err();
    assert_eq!(error.to_string(), "step 'import' took more than the 1 s it may (step 'import')");
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    assert!(started.elapsed() < Duration::from_secs(10));
    bench.assert_left(&[]);
}

#[test]
fn cancelling_leaves_nothing() {
    struct StopAt(&'static str);
    impl Observer for StopAt {
        fn progress(&self, progress: &Progress<'_>) -> std::ops::ControlFlow<()> {
            if progress.stage == self.0 {
                std::ops::ControlFlow::Break(())
            } else {
                std::ops::ControlFlow::Continue(())
            }
        }
    }
    let bench = Bench::new();
    let plan = bench.default_plan();
    for stage in ["digest", "simplify", "export", "parity", "package"] {
        let cx = Context::new().with_observer(Arc::new(StopAt(stage)));
        let error = bench.run(&InProcess::new(bench.converters()), &plan, &cx).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled, "{stage}");
        bench.assert_left(&[]);
    }
    let token = CancelToken::default();
    token.cancel();
    let cx = Context::new().with_cancel(token);
    assert_eq!(bench.run(&InProcess::new(bench.converters()), &plan, &cx).unwrap_err().kind(), ErrorKind::Cancelled);
    bench.assert_left(&[]);
}

#[test]
fn a_result_that_is_too_large_is_not_published() {
    let bench = Bench::new();
    let mut want = Requirements { precision: Precision::Fp32, target: Target::Files, ..Requirements::default() };
    want.constraints.max_size_bytes = Some(170_000);
    let error = bench.run_in_process(&bench.admit(bench.plan(&want))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    assert!(error.message().ends_with("170000 are allowed"), "{error}");
    bench.assert_left(&[]);
}

#[test]
fn samples_that_changed_since_planning_are_refused() {
    let bench = Bench::new();
    let path = bench.folder.path().join("samples.npz");
    fs::copy(repository("examples/models/digits/samples.npz"), &path).unwrap();
    let samples = modelium_core::plan::InputFile {
        path: path.display().to_string(),
        bytes: fs::metadata(&path).unwrap().len(),
        sha256: "00".repeat(32),
    };
    let want = Requirements { samples: Some(samples), ..Requirements::default() };
    let error = bench.run_in_process(&bench.admit(bench.plan(&want))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mismatch);
    assert!(error.message().contains("samples are not the ones"), "{error}");
    bench.assert_left(&["samples.npz"]);
}
