//! Every example runs on the model that lies beside it, and says what it should.
#![expect(clippy::disallowed_methods, reason = "programs are what is tested")]

use std::path::{Path, PathBuf};
use std::process::Command;

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn digits() -> PathBuf {
    repository("examples/models/digits/digits.onnx")
}

/// ONNX Runtime's library: `ORT_DYLIB_PATH`, else the package in one of the virtual environments below `build/`.
fn onnxruntime() -> PathBuf {
    if let Some(path) = std::env::var_os("ORT_DYLIB_PATH") {
        return path.into();
    }
    let folders = |path: &Path| std::fs::read_dir(path).into_iter().flatten().flatten().map(|item| item.path());
    let pythons = folders(&repository("build")).flat_map(|venv| folders(&venv.join("lib")).collect::<Vec<_>>());
    let packages: Vec<PathBuf> = pythons.map(|python| python.join("site-packages")).collect();
    modelium_ort::find_library(&packages).expect("`make suite` installs ONNX Runtime below build/")
}

/// Runs a program, which must end well, and gives what it printed.
fn run(program: &str, arguments: &[&Path]) -> String {
    // the worker lies beside the programs, where the workspace builds it
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let built = Path::new(program).parent().expect("programs lie in a folder").to_owned();
    assert!(built.join("modelium-worker").is_file(), "build the worker first: cargo build -p modelium-worker");
    let path = std::env::join_paths(std::iter::once(built).chain(std::env::split_paths(&folders))).expect("a path");
    let output = Command::new(program)
        .args(arguments)
        .env("ORT_DYLIB_PATH", onnxruntime())
        .env("PATH", path)
        .output()
        .expect("the program starts");
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{program}: {said}{complained}");
    said.into_owned()
}

fn contains(said: &str, lines: &[&str]) {
    for line in lines {
        assert!(said.contains(line), "no '{line}' in:\n{said}");
    }
}

#[test]
fn inspect_says_what_the_model_is() {
    let said = run(env!("CARGO_BIN_EXE_inspect"), &[&digits()]);
    contains(&said, &["(onnx, ", "  in   ", "  out  ", " Conv\n"]);
}

#[test]
fn simplify_writes_a_model_with_no_more_nodes() {
    let place = tempfile::tempdir().expect("a folder");
    let smaller = place.path().join("smaller.onnx");
    let said = run(env!("CARGO_BIN_EXE_simplify"), &[&digits(), &smaller]);
    let nodes = |line: &str| -> Vec<u32> { line.split(' ').filter_map(|word| word.parse().ok()).collect() };
    let counts = said.lines().find(|line| line.starts_with("nodes ")).map(nodes).expect("a table");
    assert!(counts[1] <= counts[0] && smaller.is_file(), "{said}");
}

#[test]
fn scan_lets_an_honest_model_pass() {
    let said = run(env!("CARGO_BIN_EXE_scan"), &[&digits()]);
    contains(&said, &["clean  ", "digits.onnx"]);
}

#[test]
fn convert_writes_a_triton_repository() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("models");
    let said = run(env!("CARGO_BIN_EXE_convert"), &[&digits(), &out]);
    contains(&said, &["digits/config.pbtxt", "digits/1/model.onnx"]);
    assert!(out.join("digits/1/model.onnx").is_file());
}

#[test]
fn validator_refuses_what_nobody_proved() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("models");
    let said = run(env!("CARGO_BIN_EXE_validator"), &[&digits(), &out]);
    contains(&said, &["refused: ", "no step proves that the result computes the same"]);
    assert!(!out.exists());
}

#[test]
fn runtime_measures_every_run() {
    let said = run(env!("CARGO_BIN_EXE_runtime"), &[&digits(), &digits()]);
    contains(&said, &[" runs took "]);
    assert!(!said.contains("0 runs took"), "{said}");
}
