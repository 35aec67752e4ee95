use modelium_core::execute::Status;

use super::*;

/// Runs until parity fails, in a workspace that stays.
fn interrupted(bench: &Bench) -> PathBuf {
    let workspace = bench.folder.path().join("work");
    let converters = bench.converters().with(Failing::new("parity", ErrorKind::Cancelled, 9, bench));
    let executor = InProcess::new(converters).with_workspace(&workspace);
    let error = bench.run(&executor, &bench.default_plan(), &Context::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(error.notes()[0].ends_with("execution.json"), "{error:?}");
    workspace
}

fn go_on(bench: &Bench, workspace: &Path, plan: &ValidatedPlan) -> Execution {
    let executor = InProcess::new(bench.converters()).with_workspace(workspace);
    bench.run(&executor, plan, &Context::new()).unwrap()
}

#[test]
fn a_run_goes_on_from_the_finished_steps() {
    let bench = Bench::new();
    let workspace = interrupted(&bench);
    bench.assert_left(&["work"]);
    let record: Execution = serde_json::from_slice(&fs::read(workspace.join("execution.json")).unwrap()).unwrap();
    assert_eq!(record.status, Status::Cancelled);

    let done = go_on(&bench, &workspace, &bench.default_plan());
    assert_eq!(ends(&done), ["import done", "simplify done", "export done, resumed", "parity done", "package done"]);
    assert_eq!(names(&bench.out()), ["digits.onnx"]);
    assert_eq!(names(&workspace), ["execution.json", "lock", "steps"]);
    assert_eq!(names(&workspace.join("steps")), [""; 0]);
}

#[test]
fn a_file_that_changed_is_made_again() {
    for damage in [
        |path: &Path| fs::write(path, b"something else").unwrap(),
        |path: &Path| fs::remove_file(path).unwrap(),
        |path: &Path| {
            let mut bytes = fs::read(path).unwrap();
            bytes[100] ^= 1; // of the same size
            fs::write(path, bytes).unwrap();
        },
        |path: &Path| {
            let moved = path.with_extension("moved");
            fs::rename(path, &moved).unwrap();
            std::os::unix::fs::symlink(moved, path).unwrap();
        },
    ] {
        let bench = Bench::new();
        let workspace = interrupted(&bench);
        damage(&workspace.join("steps/export/digits.onnx"));
        let done = go_on(&bench, &workspace, &bench.default_plan());
        assert_eq!(ends(&done)[2], "export done");
        assert_eq!(names(&bench.out()), ["digits.onnx"]);
    }
}

#[test]
fn another_plan_starts_over() {
    let bench = Bench::new();
    let workspace = interrupted(&bench);
    let other = bench.plan(&Requirements { name: Some("other".into()), ..Requirements::default() });
    let done = go_on(&bench, &workspace, &bench.admit(other));
    assert!(ends(&done).iter().all(|end| !end.contains("resumed")), "{:?}", ends(&done));
    assert_eq!(names(&bench.out()), ["other.onnx"]);
}

#[test]
fn a_record_that_cannot_be_read_starts_over() {
    let bench = Bench::new();
    let workspace = interrupted(&bench);
    fs::write(workspace.join("execution.json"), b"{ half a rec").unwrap();
    let done = go_on(&bench, &workspace, &bench.default_plan());
    assert!(ends(&done).iter().all(|end| !end.contains("resumed")));
}

#[test]
fn a_record_that_points_elsewhere_is_not_followed() {
    let bench = Bench::new();
    let workspace = interrupted(&bench);
    let record = fs::read_to_string(workspace.join("execution.json")).unwrap();
    let outside = bench.folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::copy(workspace.join("steps/export/digits.onnx"), outside.join("digits.onnx")).unwrap();
    let record = record.replace("\"step\": \"export\"", "\"step\": \"../../outside\"");
    fs::write(workspace.join("execution.json"), record).unwrap();
    let done = go_on(&bench, &workspace, &bench.default_plan());
    assert_eq!(ends(&done)[2], "export done");
    assert_eq!(names(&outside), ["digits.onnx"]);
}

#[test]
fn what_stood_in_before_the_interruption_still_does() {
    let bench = Bench::new();
    let workspace = bench.folder.path().join("work");
    let converters = bench
        .converters()
        .with(Failing::new("simplify", ErrorKind::Internal, 1, &bench))
        .with(Failing::new("parity", ErrorKind::Cancelled, 9, &bench));
    let executor = InProcess::new(converters).with_workspace(&workspace);
    bench.run(&executor, &bench.default_plan(), &Context::new()).unwrap_err();
    let done = go_on(&bench, &workspace, &bench.default_plan());
    assert_eq!(
        ends(&done),
        ["import done", "simplify failed → import", "export done, resumed", "parity done", "package done"]
    );
}

#[test]
fn two_runs_do_not_share_a_workspace() {
    struct Nested(PathBuf, std::sync::Mutex<Option<ErrorKind>>);
    impl Converter for Nested {
        fn operation(&self) -> &'static str {
            "parity"
        }

        fn convert(&self, _: Work<'_>, _: &mut dyn Sink, _: &Context) -> Result<Done> {
            let bench = Bench::new();
            let executor = InProcess::new(bench.converters()).with_workspace(&self.0);
            let error = bench.run(&executor, &bench.default_plan(), &Context::new()).unwrap_err();
            *self.1.lock().unwrap() = Some(error.kind());
            Err(error)
        }
    }
    let bench = Bench::new();
    let workspace = bench.folder.path().join("work");
    let nested = Arc::new(Nested(workspace.clone(), std::sync::Mutex::new(None)));
    let executor = InProcess::new(bench.converters().with(nested.clone())).with_workspace(&workspace);
    bench.run(&executor, &bench.default_plan(), &Context::new()).unwrap_err();
    assert_eq!(*nested.1.lock().unwrap(), Some(ErrorKind::InvalidArgument));
}
