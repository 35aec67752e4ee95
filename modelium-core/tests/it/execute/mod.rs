//! Execution from the outside: what comes out, what is recorded, and what is left behind when something fails.

mod admitted;
mod in_process;
mod resume;
mod worker;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use modelium_core::descriptor::ModelDescriptor;
use modelium_core::execute::{Converter, Converters, Done, Execution, Executor, InProcess, Work};
use modelium_core::formats::Importer as _;
use modelium_core::formats::onnx::OnnxImporter;
use modelium_core::ir::{Graph, Port};
use modelium_core::plan::{ConversionPlan, Planner, Requirements, RulePlanner};
use modelium_core::runtime::{Runtime, RuntimePort, Session};
use modelium_core::tensor::{DType, Tensor};
use modelium_core::validate::{Policy, ValidatedPlan, admit};
use modelium_core::{Artifact, Context, Error, ErrorKind, FolderSink, Registry, Result, Sink};

use crate::support::repository;

/// A folder, the digits model, and a registry with a runtime that computes nothing.
struct Bench {
    folder: tempfile::TempDir,
    model: Artifact,
    descriptor: ModelDescriptor,
    registry: Registry,
}

impl Bench {
    fn new() -> Self {
        Self::with(Fake::default())
    }

    fn with(runtime: Fake) -> Self {
        let cx = Context::new();
        let model = Artifact::open(repository("examples/models/digits/digits.onnx"), &cx).unwrap();
        Self::of(model, Registry::builtin().with_runtime(Arc::new(runtime)))
    }

    fn of(model: Artifact, registry: Registry) -> Self {
        let cx = Context::new();
        let descriptor = registry.analyze(&model, &cx).unwrap().with_digests(&model, &cx).unwrap();
        Self { folder: tempfile::tempdir().unwrap(), model, descriptor, registry }
    }

    fn plan(&self, want: &Requirements) -> ConversionPlan {
        let cx = Context::new();
        let planner = RulePlanner::new(self.registry.capabilities());
        let outcome = planner.plan(&self.descriptor, want, &self.registry.environment(cx.limits()), &cx).unwrap();
        outcome.into_plan().unwrap()
    }

    fn admit(&self, plan: ConversionPlan) -> ValidatedPlan {
        admit(plan, &self.descriptor, &Policy::new(self.registry.capabilities()), &[], &Context::new()).unwrap()
    }

    fn default_plan(&self) -> ValidatedPlan {
        self.admit(self.plan(&Requirements::default()))
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    fn converters(&self) -> Converters {
        Converters::builtin(&self.registry)
    }

    fn run(&self, executor: &dyn Executor, plan: &ValidatedPlan, cx: &Context) -> Result<Execution> {
        executor.execute(plan, &self.model, &mut FolderSink::create(self.out()).unwrap(), cx)
    }

    fn run_in_process(&self, plan: &ValidatedPlan) -> Result<Execution> {
        self.run(&InProcess::new(self.converters()), plan, &Context::new())
    }

    /// What lies in the folder now: nothing may be left behind by a run.
    #[track_caller]
    fn assert_left(&self, expected: &[&str]) {
        assert_eq!(names(self.folder.path()), expected);
    }
}

fn names(folder: &Path) -> Vec<String> {
    let items = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = items.map(|item| item.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// How each step ended: `export done`, `simplify failed → import`.
fn ends(record: &Execution) -> Vec<String> {
    let end = |step: &modelium_core::execute::StepRecord| {
        let status = serde_json::to_value(step.status).unwrap();
        let to = step.degraded_to.as_ref().map(|to| format!(" → {to}")).unwrap_or_default();
        let resumed = if step.resumed { ", resumed" } else { "" };
        format!("{} {}{to}{resumed}", step.id, status.as_str().unwrap())
    };
    record.steps.iter().map(end).collect()
}

/// A runtime whose outputs are the sums of the rows of its first input, so that every model of one signature computes
/// the same; and something else for models whose path has `differs_in` in it.
#[derive(Default)]
struct Fake {
    differs_in: Option<&'static str>,
}

impl Runtime for Fake {
    fn name(&self) -> &'static str {
        "fake"
    }

    fn version(&self) -> String {
        "1".into()
    }

    fn load(&self, artifact: &Artifact, cx: &Context) -> Result<Box<dyn Session>> {
        let graph = OnnxImporter.import(artifact, cx)?.graph;
        let differs = self.differs_in.is_some_and(|part| artifact.name().contains(part));
        Ok(Box::new(FakeSession {
            inputs: ports(&graph, &graph.inputs),
            outputs: ports(&graph, &graph.outputs),
            differs,
        }))
    }
}

fn ports(graph: &Graph, ports: &[Port]) -> Vec<RuntimePort> {
    let port = |port: &Port| RuntimePort { name: graph.value(port.value).name.clone(), ty: port.ty.clone().unwrap() };
    ports.iter().map(port).collect()
}

struct FakeSession {
    inputs: Vec<RuntimePort>,
    outputs: Vec<RuntimePort>,
    differs: bool,
}

impl Session for FakeSession {
    fn inputs(&self) -> &[RuntimePort] {
        &self.inputs
    }

    fn outputs(&self) -> &[RuntimePort] {
        &self.outputs
    }

    fn run(&mut self, inputs: &[Tensor], _: &Context) -> Result<Vec<Tensor>> {
        let first = inputs.first().map(|input| input.to_le_bytes().unwrap().into_owned()).unwrap_or_default();
        let length = |dim: u64| usize::try_from(dim).unwrap();
        let rows = inputs.first().and_then(|input| input.dims.first().copied()).unwrap_or(1);
        let row = |index: u64| first.chunks(first.len() / length(rows)).nth(length(index)).unwrap_or_default();
        let sum = |row: &[u8]| row.iter().copied().map(f32::from).sum::<f32>() + if self.differs { 1e6 } else { 0.0 };
        let output = |port: &RuntimePort| {
            let dims = port.ty.shape().unwrap().dims.iter().map(|dim| dim.known().unwrap_or(rows)).collect::<Vec<_>>();
            let columns = dims.iter().skip(1).product::<u64>();
            let bytes =
                (0..rows).flat_map(|index| sum(row(index)).to_le_bytes().repeat(length(columns))).collect::<Vec<_>>();
            Tensor::new(port.name.clone(), DType::Float32, dims, bytes).unwrap()
        };
        Ok(self.outputs.iter().map(output).collect())
    }
}

/// Does what another converter does, after it failed so many times.
struct Failing {
    operation: &'static str,
    error: ErrorKind,
    times: AtomicU32,
    then: Converters,
}

impl Failing {
    fn new(operation: &'static str, error: ErrorKind, times: u32, bench: &Bench) -> Arc<Self> {
        Arc::new(Self { operation, error, times: AtomicU32::new(times), then: bench.converters() })
    }
}

impl Converter for Failing {
    fn operation(&self) -> &'static str {
        self.operation
    }

    fn convert(&self, work: Work<'_>, out: &mut dyn Sink, cx: &Context) -> Result<Done> {
        if self.times.load(Ordering::SeqCst) == 0 {
            return self.then.find(self.operation)?.convert(work, out, cx);
        }
        self.times.fetch_sub(1, Ordering::SeqCst);
        out.create("half")
            .and_then(|mut file| file.write_all(b"written").map_err(|error| Error::io("write", "half", error)))
            .ok();
        Err(Error::new(self.error, "made to fail"))
    }
}
