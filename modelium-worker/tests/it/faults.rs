//! A worker that hangs, runs out of memory, crashes or talks: what the host makes of it, and what it leaves behind.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use modelium_core::execute::Worker;
use modelium_core::formats::onnx::OnnxExporter;
use modelium_core::formats::{Exporter as _, Weights};
use modelium_core::ir::{Initializer, Model, Node, OpType, Opset, Port, Shape, Type, TypeKind, check};
use modelium_core::plan::{Environment, Planner as _, Requirements, RulePlanner};
use modelium_core::tensor::{DType, Tensor};
use modelium_core::{Artifact, CancelToken, Context, Error, ErrorKind, FolderSink, Observer, Progress, Sink as _};

use crate::support::{Bench, faulty, real};

/// Runs the plan in the faulty worker, its import bounded so.
fn fails(bench: &Bench, arguments: &[&str], seconds: u64, memory: u64) -> Error {
    let mut plan = bench.plan(&Requirements::default());
    plan.steps[0].limits.wall_seconds = seconds;
    for step in &mut plan.steps {
        step.limits.memory_bytes = memory;
    }
    let error = bench.run(&Worker::new(faulty(arguments)), &bench.admit(plan), &Context::new()).unwrap_err();
    assert!(!bench.out().exists());
    error
}

#[test]
fn a_step_that_hangs_is_killed_with_its_children() {
    let bench = Bench::new();
    let late = bench.folder.path().join("late");
    let started = Instant::now();
    let error = fails(&bench, &["child", late.to_str().unwrap()], 1, 1 << 30);
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    assert_eq!(error.message(), "step 'import' took more than the 1 s it may");
    assert!(started.elapsed() < Duration::from_secs(3));
    std::thread::sleep(Duration::from_secs(4));
    bench.assert_left(&[]); // the child did not live to write
}

#[test]
fn memory_beyond_the_limit_is_a_limit() {
    let bench = Bench::new();
    let error = fails(&bench, &["allocate"], 60, 256 << 20);
    assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{error:?}");
    assert_eq!(error.message(), "the worker needed more memory than the step may use");
    bench.assert_left(&[]);
}

#[test]
fn mapped_weights_do_not_count_as_memory() {
    let cx = Context::new();
    let mut bench = Bench::new();
    bench.model = large_model(bench.folder.path());
    bench.descriptor = bench.registry.analyze(&bench.model, &cx).unwrap().with_digests(&bench.model, &cx).unwrap();
    let mut want = Requirements::default();
    want.constraints.allow_unproven = true;
    let planner = RulePlanner::new(bench.registry.capabilities());
    let outcome = planner.plan(&bench.descriptor, &want, &Environment::default(), &cx).unwrap();
    let mut plan = outcome.into_plan().unwrap();
    for step in &mut plan.steps {
        step.limits.memory_bytes = 24 << 20;
    }
    let done = bench.run(&Worker::new(real()), &bench.admit(plan), &cx).unwrap();
    assert!(done.outputs[0].bytes > 64 << 20, "{:?}", done.outputs);
}

/// `y = x · w`, with 64 MiB of weights.
fn large_model(folder: &Path) -> Artifact {
    let mut model = Model { opsets: vec![Opset { domain: None, version: Some(17) }], ..Model::default() };
    model.provenance.ir_version = Some(8);
    let graph = &mut model.graph;
    graph.name = Some("large".into());
    let ty = |dims: &[u64]| {
        let kind = TypeKind::Tensor { dtype: Some(DType::Float32), shape: Some(Shape::known(dims)) };
        Some(Type { kind, denotation: None })
    };
    let [x, w, y] = ["x", "w", "y"].map(|name| graph.intern(name));
    graph.inputs = vec![Port::new(x, ty(&[1, 4096]))];
    graph.outputs = vec![Port::new(y, ty(&[1, 4096]))];
    let tensor = Tensor::new("w", DType::Float32, vec![4096, 4096], vec![0_u8; 64 << 20]).unwrap();
    graph.initializers = vec![Initializer { value: w, tensor }];
    graph.add_node(Node::new(OpType::MatMul, vec![Some(x), Some(w)], vec![Some(y)]));
    let cx = Context::new();
    let mut sink = FolderSink::create(folder.join("large")).unwrap();
    OnnxExporter.export(check(&model, &cx).unwrap(), "large.onnx", Weights::Auto, &mut sink, &cx).unwrap();
    sink.commit().unwrap();
    Artifact::open(folder.join("large/large.onnx"), &cx).unwrap()
}

#[test]
fn a_crash_is_told_with_its_signal() {
    let bench = Bench::new();
    let error = fails(&bench, &["abort"], 60, 1 << 30);
    assert_eq!(error.kind(), ErrorKind::Backend);
    assert_eq!(error.message(), "the worker did not finish: it was ended by signal 6 (abort)");
    bench.assert_left(&[]);
}

#[test]
fn a_panic_is_told_and_its_place_is_in_the_log() {
    let bench = Bench::new();
    let error = fails(&bench, &["panic"], 60, 1 << 30);
    assert_eq!(error.kind(), ErrorKind::Internal);
    assert_eq!(error.message(), "the worker panicked; its log has the place");
}

#[test]
fn an_error_keeps_its_kind_and_its_step() {
    let bench = Bench::new();
    let error = fails(&bench, &["print"], 60, 1 << 30);
    assert_eq!((error.kind(), error.message()), (ErrorKind::Malformed, "made to fail"));
    assert_eq!(error.location().item.as_deref(), Some("step 'import'"));
}

#[test]
fn what_a_library_prints_goes_to_the_log() {
    let bench = Bench::new();
    let workspace = bench.folder.path().join("work");
    let plan = bench.admit(bench.plan(&Requirements::default()));
    let worker = Worker::new(faulty(&["print"])).with_workspace(&workspace);
    bench.run(&worker, &plan, &Context::new()).unwrap_err();
    let record = fs::read_to_string(workspace.join("execution.json")).unwrap();
    assert!(record.contains("a library talks"), "{record}");
}

#[test]
fn cancelling_ends_a_step_that_hears_nothing() {
    struct Press(CancelToken);
    impl Observer for Press {
        fn progress(&self, progress: &Progress<'_>) -> std::ops::ControlFlow<()> {
            if progress.stage == "import" {
                self.0.cancel(); // as soon as the import is waited for
            }
            std::ops::ControlFlow::Continue(())
        }
    }
    let (bench, token) = (Bench::new(), CancelToken::default());
    let cx = Context::new().with_cancel(token.clone()).with_observer(Arc::new(Press(token)));
    let plan = bench.admit(bench.plan(&Requirements::default()));
    let started = Instant::now();
    let error = bench.run(&Worker::new(faulty(&["hang"])), &plan, &cx).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(started.elapsed() < Duration::from_secs(5));
    bench.assert_left(&[]);
}

#[test]
fn no_zombie_is_left() {
    let bench = Bench::new();
    fails(&bench, &["abort"], 60, 1 << 30);
    fails(&bench, &["hang"], 1, 1 << 30);
    let children = fs::read_to_string("/proc/thread-self/children").unwrap();
    assert_eq!(children.trim(), "");
}

#[test]
fn a_worker_dies_with_its_parent() {
    let bench = Bench::new();
    let plan = bench.plan(&Requirements::default());
    let request = serde_json::json!({
        "protocol": 1,
        "model": bench.model.path().unwrap().canonicalize().unwrap(),
        "model_bytes": 1,
        "workspace": bench.folder.path(),
        "group": {"steps": [plan.steps[0]]},
        "limits": {},
    });
    let path = bench.folder.path().join("request.json");
    fs::write(&path, request.to_string()).unwrap();
    let program = faulty(&["hang"]).program;
    // the shell is the parent; it says who its child is, and waits
    let mut shell = Command::new("/bin/sh")
        .args(["-c", r#""$0" hang < "$1" > /dev/null & echo $!; wait"#])
        .arg(&program)
        .arg(&path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(shell.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let status = format!("/proc/{}/status", line.trim());
    let alive = || {
        fs::read_to_string(&status)
            .is_ok_and(|status| status.contains("Name:\tfaulty") && !status.contains("State:\tZ"))
    };
    wait_for(alive, "the worker starts");
    std::thread::sleep(Duration::from_millis(300)); // for it to reach its work
    shell.kill().unwrap();
    shell.wait().unwrap();
    wait_for(|| !alive(), "the worker dies");
}

fn wait_for(condition: impl Fn() -> bool, what: &str) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < Duration::from_secs(10), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_call_by_hand_is_explained() {
    let output = Command::new(real().program).stdin(Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let event: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(event["event"], "error");
    assert_eq!(event["error"]["kind"], "malformed");
    assert!(event["error"]["notes"][0].as_str().unwrap().contains("not meant to be called by hand"), "{event}");
}
