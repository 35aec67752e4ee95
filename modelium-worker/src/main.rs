//! `modelium-worker`: the child process in which hosts in Rust and C run the steps of a plan.
//!
//! It reads one request from its standard input, does it, tells how it goes on its standard output, and ends; see
//! [`modelium_core::execute::worker`] for the protocol. `--onnxruntime LIBRARY` names the ONNX Runtime library; without
//! it `ORT_DYLIB_PATH` does. Where there is none, the library's own evaluator runs what was planned with it, and a step
//! that names ONNX Runtime fails and says so.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use modelium_core::Registry;
use modelium_core::execute::serve;
use modelium_core::reference::ReferenceRuntime;
use modelium_ort::{OrtOptions, OrtRuntime};

/// A call that makes no sense.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let library = match arguments.next() {
        None => None,
        Some(flag) if flag == "--version" => {
            say(&mut std::io::stdout(), concat!("modelium-worker ", env!("CARGO_PKG_VERSION")));
            return ExitCode::SUCCESS;
        }
        Some(flag) if flag == "--onnxruntime" => match arguments.next() {
            Some(path) => Some(PathBuf::from(path)),
            None => return usage("--onnxruntime needs the path of a library"),
        },
        Some(other) => return usage(&format!("no argument '{}'", other.display())),
    };
    if let Some(extra) = arguments.next() {
        return usage(&format!("no argument '{}'", extra.display()));
    }
    let mut registry = Registry::builtin().with_runtime(Arc::new(ReferenceRuntime::default()));
    match OrtRuntime::new(OrtOptions { library, ..OrtOptions::default() }) {
        Ok(runtime) => registry = registry.with_runtime(Arc::new(runtime)),
        Err(error) => say(&mut std::io::stderr(), &format!("no ONNX Runtime: {error}")),
    }
    u8::try_from(serve(&registry)).map_or(ExitCode::FAILURE, ExitCode::from)
}

fn usage(problem: &str) -> ExitCode {
    say(&mut std::io::stderr(), &format!("modelium-worker: {problem}; it takes --onnxruntime LIBRARY, or --version"));
    ExitCode::from(USAGE)
}

fn say(to: &mut impl std::io::Write, line: &str) {
    let _ = writeln!(to, "{line}"); // nobody may be there to read it
    let _ = to.flush();
}
