//! The host's side of the worker, against programs that are not one; `modelium-worker` has the tests of the real one.
#![cfg(unix)]

use std::time::{Duration, Instant};

use modelium_core::CancelToken;
use modelium_core::execute::{Worker, WorkerProgram};

use super::*;

fn shell(script: &str) -> Worker {
    let mut program = WorkerProgram::new("/bin/sh");
    program.arguments = vec!["-c".into(), script.into()];
    Worker::new(program)
}

/// Runs a plan without second ways in a shell script that should be a worker.
fn refused(bench: &Bench, script: &str) -> Error {
    let error = bench.run(&shell(script), &bench.default_plan(), &Context::new()).unwrap_err();
    bench.assert_left(&[]);
    error
}

#[test]
fn garbage_on_the_standard_output_is_shown() {
    let error = refused(&Bench::new(), "echo Loading model...");
    assert_eq!(error.kind(), ErrorKind::Backend);
    assert!(error.message().starts_with("the worker wrote 'Loading model...', which is no event"), "{error}");
}

#[test]
fn a_crash_is_told_with_its_signal_and_its_last_words() {
    let error = refused(&Bench::new(), "echo something is wrong >&2; kill -SEGV $$");
    assert_eq!(error.kind(), ErrorKind::Backend);
    assert_eq!(error.message(), "the worker did not finish: it was ended by signal 11 (segmentation fault)");
    assert!(error.notes().contains(&"stderr: something is wrong".to_owned()), "{error:?}");
}

#[test]
fn an_exit_without_an_answer_is_a_failure() {
    let error = refused(&Bench::new(), "exit 0");
    assert_eq!(error.message(), "the worker did not finish: it ended with exit code 0");
    let error = refused(&Bench::new(), r#"echo '{"event":"done"}'; exit 3"#);
    assert_eq!(error.message(), "the worker did not finish: it ended with exit code 3");
}

#[test]
fn a_worker_that_claims_to_be_done_has_to_show_files() {
    let error = refused(&Bench::new(), r#"echo '{"event":"done"}'"#);
    assert_eq!(error.message(), "step 'export' ended without the files that it says it gives");
}

#[test]
fn a_worker_of_another_protocol_is_named() {
    let error = refused(&Bench::new(), r#"echo '{"event":"ready","protocol":9,"version":"7.0"}'"#);
    assert_eq!(error.message(), "the worker is of version 7.0 and speaks protocol 9, not 1");
}

#[test]
fn a_worker_cannot_start_a_step_twice() {
    let script = r#"for i in 1 2; do echo '{"event":"step","id":"import"}'; done; sleep 60"#;
    let error = refused(&Bench::new(), script);
    assert_eq!(error.message(), "the worker spoke of step 'import' out of turn");
}

#[test]
fn words_of_exhaustion_are_a_limit() {
    let error = refused(&Bench::new(), "echo 'memory allocation of 99 bytes failed' >&2; kill -ABRT $$");
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
}

#[test]
fn a_step_that_takes_too_long_is_killed() {
    let bench = Bench::new();
    let mut plan = bench.plan(&Requirements::default());
    plan.steps[0].limits.wall_seconds = 1;
    let started = Instant::now();
    let script = shell(r#"echo '{"event":"step","id":"import"}'; sleep 60"#);
    let error = bench.run(&script, &bench.admit(plan), &Context::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    assert!(error.message().starts_with("step 'import' took more than the 1 s"), "{error}");
    assert!(started.elapsed() < Duration::from_secs(10));
    bench.assert_left(&[]);
}

#[test]
fn cancelling_kills_within_a_tenth_of_a_second() {
    let bench = Bench::new();
    let token = CancelToken::default();
    let cx = Context::new().with_cancel(token.clone());
    let plan = bench.default_plan();
    std::thread::scope(|scope| {
        let switch = scope.spawn(move || {
            std::thread::sleep(Duration::from_millis(500));
            token.cancel();
            Instant::now()
        });
        let error = bench.run(&shell("sleep 60"), &plan, &cx).unwrap_err();
        let ended = Instant::now();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
        let pressed = switch.join().unwrap();
        // the promise is 100 ms; the rest is for a machine that does other things too
        assert!(ended - pressed < Duration::from_millis(400), "{:?}", ended - pressed);
    });
    bench.assert_left(&[]);
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let bench = Bench::new();
    let worker = Worker::new(WorkerProgram::new("/absent/modelium-worker"));
    let error = bench.run(&worker, &bench.default_plan(), &Context::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Backend);
    assert!(error.to_string().contains("/absent/modelium-worker"), "{error}");
    bench.assert_left(&[]);
}

#[test]
fn the_request_is_one_document_that_names_what_to_do() {
    let bench = Bench::new();
    let request = bench.folder.path().join("request.json");
    let script = format!("cat > {}; exit 1", request.display());
    bench.run(&shell(&script), &bench.default_plan(), &Context::new()).unwrap_err();
    let request: serde_json::Value = serde_json::from_slice(&fs::read(request).unwrap()).unwrap();
    assert_eq!(request["protocol"], 1);
    assert!(request["model"].as_str().unwrap().ends_with("/examples/models/digits/digits.onnx"));
    assert_eq!(request["group"]["steps"][0]["operation"]["op"], "import");
}
