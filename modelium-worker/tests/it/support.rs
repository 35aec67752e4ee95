//! A folder, the digits model, a plan for it, and the two workers.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use modelium_core::descriptor::ModelDescriptor;
use modelium_core::execute::{Execution, Executor, Worker, WorkerProgram};
use modelium_core::plan::{ConversionPlan, Planner, Requirements, RulePlanner};
use modelium_core::validate::{Policy, ValidatedPlan, admit};
use modelium_core::{Artifact, Context, FolderSink, Registry, Result};
use modelium_ort::{OrtOptions, OrtRuntime, find_library};

pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// The library: `ORT_DYLIB_PATH`, else the package in one of the virtual environments below `build/`.
pub(crate) fn library() -> PathBuf {
    if let Some(path) = std::env::var_os("ORT_DYLIB_PATH") {
        return path.into();
    }
    let venvs = std::fs::read_dir(repository("build")).into_iter().flatten().flatten();
    let mut packages: Vec<PathBuf> = venvs
        .filter_map(|venv| std::fs::read_dir(venv.path().join("lib")).ok())
        .flat_map(|pythons| pythons.flatten().map(|python| python.path().join("site-packages")))
        .collect();
    packages.sort();
    find_library(&packages).expect("onnxruntime is in no environment below build/; `make test` installs it")
}

/// `modelium-worker` itself.
pub(crate) fn real() -> WorkerProgram {
    let mut program = WorkerProgram::new(env!("CARGO_BIN_EXE_modelium-worker"));
    program.arguments = vec!["--onnxruntime".into(), library().into()];
    program
}

/// The worker that misbehaves.
pub(crate) fn faulty(arguments: &[&str]) -> WorkerProgram {
    let bin = Path::new(env!("CARGO_BIN_EXE_modelium-worker"));
    let mut program = WorkerProgram::new(bin.with_file_name("examples").join("faulty"));
    assert!(program.program.is_file(), "cargo builds the examples before it runs the tests");
    program.arguments = arguments.iter().map(Into::into).collect();
    program
}

pub(crate) struct Bench {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) model: Artifact,
    pub(crate) descriptor: ModelDescriptor,
    pub(crate) registry: Registry,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let cx = Context::new();
        let runtime = OrtRuntime::new(OrtOptions { library: Some(library()), ..OrtOptions::default() }).unwrap();
        let registry = Registry::builtin().with_runtime(Arc::new(runtime));
        let model = Artifact::open(repository("examples/models/digits/digits.onnx"), &cx).unwrap();
        let descriptor = registry.analyze(&model, &cx).unwrap().with_digests(&model, &cx).unwrap();
        Self { folder: tempfile::tempdir().unwrap(), model, descriptor, registry }
    }

    pub(crate) fn plan(&self, want: &Requirements) -> ConversionPlan {
        let cx = Context::new();
        let planner = RulePlanner::new(self.registry.capabilities());
        let env = self.registry.environment(cx.limits());
        planner.plan(&self.descriptor, want, &env, &cx).unwrap().into_plan().unwrap()
    }

    pub(crate) fn admit(&self, plan: ConversionPlan) -> ValidatedPlan {
        admit(plan, &self.descriptor, &Policy::new(self.registry.capabilities()), &[], &Context::new()).unwrap()
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    pub(crate) fn run(&self, worker: &Worker, plan: &ValidatedPlan, cx: &Context) -> Result<Execution> {
        worker.execute(plan, &self.model, &mut FolderSink::create(self.out()).unwrap(), cx)
    }

    /// What lies in the folder now: nothing may be left behind by a run.
    #[track_caller]
    pub(crate) fn assert_left(&self, expected: &[&str]) {
        assert_eq!(names(self.folder.path()), expected);
    }
}

pub(crate) fn names(folder: &Path) -> Vec<String> {
    let items = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = items.map(|item| item.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
