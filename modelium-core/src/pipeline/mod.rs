//! The journey from a stored model to a served one, as every face of the library calls it.
//!
//! ```text
//! open ─▶ Opened ─▶ plan ─▶ PlanOutcome ─▶ run ─▶ Execution ─▶ deploy ─▶ Deployment
//! ```
//!
//! A [`Pipeline`] is what there is to work with: a [`Registry`], a planner, the caller's validators, a policy, and the
//! program that steps run in. It holds no state of a model, so that one serves any number of threads.
//!
//! ```no_run
//! use modelium_core::pipeline::{Pipeline, RunOptions};
//! use modelium_core::plan::Requirements;
//! use modelium_core::{Context, Registry};
//!
//! let (pipeline, cx) = (Pipeline::new(Registry::builtin()), Context::new());
//! let model = pipeline.open("resnet50.onnx", &cx)?;
//! let plan = pipeline.plan(&model, &Requirements::default(), &cx)?.into_plan()?;
//! let done = pipeline.run(&model, plan, "build".as_ref(), &RunOptions::default(), &cx)?;
//! # Ok::<(), modelium_core::Error>(())
//! ```

mod graph;
mod scan;
mod tensors;

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::{Artifact, EntryDigest, FolderSink};
use crate::context::Context;
use crate::deploy::triton::{self, ModelControl, Publish, TritonDeployer};
use crate::deploy::{Deployer as _, Deployment, Health, ModelHealth};
use crate::descriptor::{Costs, FormatId, ModelDescriptor};
use crate::error::{Error, ErrorKind, Result};
use crate::execute::{Converters, Execution, Executor, InProcess, Isolation, Worker, WorkerProgram};
use crate::finding::{Finding, Severity};
use crate::formats;
use crate::parity::{self, LayerReport, ParityReport, compare_layers};
use crate::plan::{
    ConversionPlan, InputFile, PlanOutcome, Planner, Requirements, RulePlanner, RuntimeFacts, SampleSpec, Tolerance,
};
use crate::registry::Registry;
use crate::runtime::Runtime;
use crate::tensor::Tensor;
use crate::validate::{self, Policy, Validator};
use crate::wire::npz::read_npz;

pub use graph::{CheckReport, GraphSize, InferReport, InferredValue, Seconds, Simplified, SimplifyOptions, Upgraded};
pub use tensors::Extracted;

pub use crate::scan::{Depth, ScanDiff, ScanOptions, ScanPolicy, ScanReport, ScannedFile, Verdict};

/// What there is to work with. Cheap to clone.
#[derive(Clone)]
pub struct Pipeline {
    registry: Registry,
    planner: Arc<dyn Planner>,
    validators: Vec<Arc<dyn Validator>>,
    policy: Policy,
    worker: Option<WorkerProgram>,
}

/// A model that was opened and described. Its weights were not read.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The files.
    pub artifact: Artifact,
    /// What analysis found out.
    pub descriptor: ModelDescriptor,
}

/// How to run a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RunOptions {
    /// How far the steps are kept from the host; a worker by default.
    pub isolation: Option<Isolation>,
    /// Take the place of a folder that is there already.
    pub replace: bool,
    /// A folder that keeps intermediate results, so that an interrupted run resumes; a temporary one by default.
    pub workspace: Option<PathBuf>,
}

/// How to compare two models.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CompareOptions {
    /// The caller's own inputs, an `.npz` with one array for each input.
    pub samples: Option<PathBuf>,
    /// Largest absolute difference; as the model's arithmetic warrants by default.
    pub absolute: Option<f64>,
    /// Largest relative difference; likewise.
    pub relative: Option<f64>,
    /// Least cosine similarity of an output; likewise.
    pub cosine: Option<f64>,
    /// Seed of the generated inputs.
    pub seed: u64,
    /// The runtime; the last registered one by default.
    pub runtime: Option<String>,
}

/// How to deploy a result.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DeployOptions {
    /// How many versions to keep, the newest; all by default. Those that are served, and the one before, are kept too.
    pub keep_versions: Option<NonZeroU32>,
    /// Seconds that the server may take until the version is ready; a minute by default.
    pub wait_seconds: Option<f64>,
}

impl DeployOptions {
    fn publish(&self, repository: &Path) -> Result<Publish> {
        let mut publish = Publish { keep_versions: self.keep_versions, ..Publish::to(repository) };
        if let Some(seconds) = self.wait_seconds {
            publish.ready_wait = Duration::try_from_secs_f64(seconds)
                .map_err(|reason| Error::argument(format!("wait_seconds is {seconds}: {reason}")))?;
        }
        Ok(publish)
    }
}

/// What a pipeline knows: the answer to "which formats, which runtimes?".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Known {
    /// The formats.
    pub formats: Vec<KnownFormat>,
    /// The rules of scanning, area by area.
    pub rules: Vec<KnownRule>,
    /// The passes, in the order in which they run.
    pub passes: Vec<KnownPass>,
    /// The runtimes.
    pub runtimes: Vec<RuntimeFacts>,
    /// What a model can be packaged for.
    pub targets: Vec<String>,
}

/// What can be done with a format.
#[expect(clippy::struct_excessive_bools, reason = "one column of a table each")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KnownFormat {
    /// Its name.
    pub name: FormatId,
    /// It can be described.
    pub analyze: bool,
    /// What acts in it is found.
    pub scan: bool,
    /// It can be read as a model.
    pub import: bool,
    /// It can be written.
    pub export: bool,
}

/// A rule by id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KnownRule {
    /// The code of its findings.
    pub id: String,
    /// How much they matter.
    pub severity: Severity,
    /// What it is about.
    pub title: String,
    /// Numbers of the Common Weakness Enumeration.
    pub cwe: Vec<u16>,
}

/// A pass by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KnownPass {
    /// Its name.
    pub name: String,
    /// What it does.
    pub about: String,
}

impl Pipeline {
    /// A pipeline over what the registry lists, with the planner and the policy that come with the library.
    pub fn new(registry: Registry) -> Self {
        let capabilities = registry.capabilities();
        let (planner, policy) = (Arc::new(RulePlanner::new(capabilities.clone())), Policy::new(capabilities));
        Self { registry, planner, validators: Vec::new(), policy, worker: None }
    }

    /// Plans with another planner.
    #[must_use]
    pub fn with_planner(mut self, planner: Arc<dyn Planner>) -> Self {
        self.planner = planner;
        self
    }

    /// Lets a validator of the caller's review every plan: it can refuse more, never less.
    #[must_use]
    pub fn with_validator(mut self, validator: Arc<dyn Validator>) -> Self {
        self.validators.push(validator);
        self
    }

    /// Allows what this policy allows. Its capabilities are those of the registry, whatever it says.
    #[must_use]
    pub fn with_policy(mut self, policy: Policy) -> Self {
        self.policy = Policy { capabilities: self.registry.capabilities(), ..policy };
        self
    }

    /// Names the program that steps run in; it is looked for beside the host's and on the path by default.
    #[must_use]
    pub fn with_worker(mut self, program: WorkerProgram) -> Self {
        self.worker = Some(program);
        self
    }

    /// What there is to work with.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// What plans are held against.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Opens a model file or folder and describes it. Reads structure only; what would act in it is among the findings.
    ///
    /// # Errors
    /// `Io` if it is not there, `Unsupported` if no format knows it, `Malformed` or `UnsafeContent` for what it holds.
    pub fn open(&self, path: impl AsRef<Path>, cx: &Context) -> Result<Opened> {
        let artifact = Artifact::open(path, cx)?;
        let mut descriptor = self.registry.analyze(&artifact, cx)?;
        descriptor.findings.extend(scan::findings_on_opening(&self.registry, &artifact, &descriptor, cx)?);
        Ok(Opened { artifact, descriptor })
    }

    /// Multiply-accumulates and the activation peak when symbolic dimensions stand for these numbers.
    ///
    /// # Errors
    /// `Unsupported` if the format cannot be read as a graph.
    pub fn costs(&self, model: &Opened, bindings: &BTreeMap<String, u64>, cx: &Context) -> Result<Costs> {
        let format = &model.descriptor.format;
        let importer = self.registry.importer(format).ok_or_else(|| {
            Error::new(ErrorKind::Unsupported, format!("models of format '{format}' are described, not read"))
        })?;
        formats::costs(&importer.import(&model.artifact, cx)?, bindings, cx)
    }

    /// Plans the way to what is wanted. Reads the model's files once, to bind the plan to their content; runs nothing.
    ///
    /// # Errors
    /// `InvalidArgument` if the requirements contradict themselves. "No way leads there" is an outcome, not an error.
    pub fn plan(&self, model: &Opened, want: &Requirements, cx: &Context) -> Result<PlanOutcome> {
        let descriptor = model.descriptor.clone().with_digests(&model.artifact, cx)?;
        self.planner.plan(&descriptor, want, &self.registry.environment(cx.limits()), cx)
    }

    /// Validates a plan and runs it. `out` is a folder that appears only when everything is done and in parity.
    ///
    /// # Errors
    /// Whatever [`validate::admit`] refuses; `Mismatch` if the result does not compute the same; the error of the step
    /// that failed. `out` is then as it was.
    pub fn run(
        &self,
        model: &Opened,
        plan: ConversionPlan,
        out: &Path,
        options: &RunOptions,
        cx: &Context,
    ) -> Result<Execution> {
        let validators: Vec<&dyn Validator> = self.validators.iter().map(AsRef::as_ref).collect();
        let plan = validate::admit(plan, &model.descriptor, &self.policy, &validators, cx)?;
        let executor = self.executor(options)?;
        let mut sink = if options.replace { FolderSink::replace(out)? } else { FolderSink::create(out)? };
        executor.execute(&plan, &model.artifact, &mut sink, cx)
    }

    fn executor(&self, options: &RunOptions) -> Result<Box<dyn Executor>> {
        match options.isolation.unwrap_or(Isolation::Worker) {
            Isolation::InProcess => {
                let executor = InProcess::new(Converters::builtin(&self.registry)).with_planner(self.planner.clone());
                Ok(match &options.workspace {
                    Some(folder) => Box::new(executor.with_workspace(folder)),
                    None => Box::new(executor),
                })
            }
            Isolation::Worker => {
                let program = match &self.worker {
                    Some(program) => program.clone(),
                    None => WorkerProgram::find(std::env::var_os("PATH").as_deref())?,
                };
                let executor = Worker::new(program).with_planner(self.planner.clone());
                Ok(match &options.workspace {
                    Some(folder) => Box::new(executor.with_workspace(folder)),
                    None => Box::new(executor),
                })
            }
            isolation => Err(Error::new(
                ErrorKind::Unsupported,
                format!("isolation '{isolation:?}' is not there yet; there are in_process and worker"),
            )),
        }
    }

    /// Runs two models on the same inputs and says how far their outputs are apart.
    ///
    /// # Errors
    /// `Backend` if there is no runtime or the original fails in it, `Unsupported` if it does not know how to run one of
    /// them; differences are in the report.
    pub fn compare(
        &self,
        original: &Path,
        result: &Path,
        options: &CompareOptions,
        cx: &Context,
    ) -> Result<ParityReport> {
        let ready = self.comparison(original, options, cx)?;
        let (original, result) = (&ready.original.artifact, Artifact::open(result, cx)?);
        let (runtime, own) = (ready.runtime.as_ref(), ready.own.as_ref());
        parity::compare(original, &result, runtime, &ready.spec, own, &ready.tolerance, cx)
    }

    /// Runs two ONNX models on the same input; where an output differs, finds the first node that does, by bisection.
    ///
    /// # Errors
    /// As [`compare`](Self::compare); what import says of a model that is not ONNX.
    pub fn compare_layers(
        &self,
        original: &Path,
        result: &Path,
        options: &CompareOptions,
        cx: &Context,
    ) -> Result<LayerReport> {
        let ready = self.comparison(original, options, cx)?;
        let (original, result) = (&ready.original.artifact, Artifact::open(result, cx)?);
        let (runtime, own) = (ready.runtime.as_ref(), ready.own.as_ref());
        compare_layers(original, &result, runtime, &ready.spec, own, &ready.tolerance, cx)
    }

    /// What a comparison needs beside the result.
    fn comparison(&self, original: &Path, options: &CompareOptions, cx: &Context) -> Result<Comparison> {
        let runtime = match &options.runtime {
            Some(name) => self.registry.runtime(name),
            None => self.registry.runtimes().last(),
        };
        let Some(runtime) = runtime.cloned() else {
            return Err(Error::new(ErrorKind::Backend, "there is no runtime to run the models with")
                .with_note("give the pipeline one: ONNX Runtime's library, or reference::ReferenceRuntime"));
        };
        let own = match &options.samples {
            Some(path) => Some(read_npz(&whole(path, cx)?, cx)?),
            None => None,
        };
        let spec = SampleSpec { seed: options.seed, bindings: Vec::new(), own: own.is_some() };
        let original = self.open(original, cx)?;
        let usual = Tolerance::usual(&original.descriptor);
        let tolerance = Tolerance {
            absolute: options.absolute.unwrap_or(usual.absolute),
            relative: options.relative.unwrap_or(usual.relative),
            cosine: options.cosine.unwrap_or(usual.cosine),
        };
        tolerance.check().map_err(Error::argument)?;
        Ok(Comparison { original, runtime, own, spec, tolerance })
    }

    /// Binds a plan's requirements to a file of the caller's: its size and digest.
    ///
    /// # Errors
    /// `Io` if it cannot be read.
    pub fn samples(&self, path: &Path, cx: &Context) -> Result<InputFile> {
        let digest = EntryDigest::of("samples", &whole(path, cx)?, cx)?;
        Ok(InputFile { path: path.display().to_string(), bytes: digest.bytes, sha256: digest.sha256 })
    }

    /// Looks for what must not be in models; executes nothing. A path is a file, or a folder with all that is below it.
    ///
    /// # Errors
    /// `Cancelled`; `Io` if a path does not exist; `InvalidArgument` for a policy that decides nothing.
    #[tracing::instrument(name = "modelium.scan", skip_all)]
    pub fn scan(&self, paths: &[impl AsRef<Path>], options: &ScanOptions, cx: &Context) -> Result<ScanReport> {
        scan::scan(&self.registry, paths, options, cx)
    }

    /// What the model at `new` does that the one at `old` does not.
    ///
    /// # Errors
    /// As [`scan`](Self::scan).
    pub fn scan_diff(&self, old: &Path, new: &Path, options: &ScanOptions, cx: &Context) -> Result<ScanDiff> {
        let (before, after) = (self.scan(&[old], options, cx)?, self.scan(&[new], options, cx)?);
        let (old, new) = (old.display().to_string(), new.display().to_string());
        Ok(ScanDiff::between((&old, &before), (&new, &after)))
    }

    /// The machine-learning bill of materials of what was scanned, as CycloneDX 1.6. Paths that are no models stand in
    /// it as files.
    ///
    /// # Errors
    /// `Cancelled`; `Io` if a path does not exist.
    pub fn bill_of_materials(
        &self,
        paths: &[impl AsRef<Path>],
        report: &ScanReport,
        cx: &Context,
    ) -> Result<serde_json::Value> {
        let mut models = Vec::new();
        for path in paths {
            match self.open(path, cx) {
                Ok(opened) => models.push(opened.descriptor),
                Err(error) if matches!(error.kind(), ErrorKind::Cancelled | ErrorKind::Io) => return Err(error),
                Err(_) => {}
            }
        }
        Ok(crate::scan::cyclonedx::render(report, &models))
    }

    /// Every disagreement between the configs of a Triton model repository and its models.
    ///
    /// # Errors
    /// `Io` or `InvalidArgument` if there is no such folder. What is wrong with a model is a finding.
    pub fn lint(&self, repository: &Path, cx: &Context) -> Result<Vec<Finding>> {
        triton::lint(repository, &|artifact| self.registry.analyze(artifact, cx), cx)
    }

    /// Publishes the model that `folder`, a result for the target Triton, holds into a model repository, as the next
    /// version. A server loads it, and this returns when it is ready.
    ///
    /// # Errors
    /// `InvalidArgument` if the folder holds no model or several, or if one that the linter finds at fault; `Backend`
    /// with the server's reason if it refuses the model, and what it served before is served still.
    pub fn deploy(
        &self,
        folder: &Path,
        repository: &Path,
        server: Option<Arc<dyn ModelControl>>,
        options: &DeployOptions,
        cx: &Context,
    ) -> Result<Deployment> {
        let rendered = triton::rendered(folder, cx)?;
        let [rendered] = rendered.as_slice() else {
            let names = rendered.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ");
            let message = format!("the folder holds several models, {names}; deploy a folder of one");
            return Err(Error::argument(message).with_file(folder.display().to_string()));
        };
        let findings = self.lint(folder, cx)?;
        let mut faults = findings.iter().filter(|finding| finding.severity >= Severity::Error);
        if let Some(fault) = faults.next() {
            let error = Error::argument(format!("the config would not be served: {}", fault.message));
            let notes = faults.map(|other| other.message.clone()).chain(fault.remedy.clone());
            return Err(notes.fold(error.with_location(fault.location.clone()), Error::with_note));
        }
        deployer(options.publish(repository)?, server).apply(rendered, cx)
    }

    /// Has the version before served again; returns it.
    ///
    /// # Errors
    /// `InvalidArgument` if there is none; what the server says if it refuses it.
    pub fn rollback(
        &self,
        deployment: &Deployment,
        server: Option<Arc<dyn ModelControl>>,
        options: &DeployOptions,
        cx: &Context,
    ) -> Result<Deployment> {
        deployer(options.publish(&deployment.root)?, server).rollback(&deployment.name, cx)
    }

    /// How a deployment is now; without a server, whether its files are there.
    ///
    /// # Errors
    /// `Backend` if the server does not answer.
    pub fn deployment_health(
        &self,
        deployment: &Deployment,
        server: Option<Arc<dyn ModelControl>>,
        cx: &Context,
    ) -> Result<Health> {
        if server.is_some() {
            return deployer(Publish::to(&deployment.root), server).health(deployment, cx);
        }
        let folder = deployment.root.join(&deployment.name).join(deployment.version.to_string());
        let state = if folder.is_dir() { "it is published" } else { "its files are gone" };
        let model = ModelHealth {
            name: deployment.name.clone(),
            version: Some(deployment.version),
            ready: false,
            reason: Some(format!("{state}; no server was named that could serve it")),
        };
        Ok(Health { live: false, ready: false, reason: Some("no server was named".to_owned()), models: vec![model] })
    }

    /// How a server is, per model and version; about one model if one is named.
    ///
    /// # Errors
    /// `Backend` if nobody answers.
    pub fn health(&self, server: &dyn ModelControl, model: Option<&str>, cx: &Context) -> Result<Health> {
        triton::health(server, model, cx)
    }

    /// What this pipeline knows.
    pub fn known(&self) -> Known {
        let registry = &self.registry;
        let analyzers = registry.analyzers().iter().map(|analyzer| analyzer.format());
        let importers = registry.importers().iter().map(|importer| importer.format());
        let inspectors = registry.inspectors().iter().map(|inspector| inspector.format());
        let mut names: Vec<FormatId> = analyzers.chain(importers).chain(inspectors).collect();
        names.sort();
        names.dedup();
        let formats = names.into_iter().map(|name| KnownFormat {
            analyze: registry.analyzers().iter().any(|analyzer| analyzer.format() == name),
            scan: registry.inspectors().iter().any(|inspector| inspector.format() == name),
            import: registry.importer(&name).is_some(),
            export: registry.exporter(&name).is_some(),
            name,
        });
        let passes = registry.passes().iter();
        let passes = passes.map(|pass| KnownPass { name: pass.name().to_owned(), about: pass.about().to_owned() });
        Known {
            formats: formats.collect(),
            rules: scan::rules(),
            passes: passes.collect(),
            runtimes: registry.environment(Context::new().limits()).runtimes,
            targets: registry.capabilities().targets.iter().map(|target| target.as_str().to_owned()).collect(),
        }
    }
}

/// What a comparison needs beside the result.
struct Comparison {
    original: Opened,
    runtime: Arc<dyn Runtime>,
    own: Option<BTreeMap<String, Tensor>>,
    spec: SampleSpec,
    tolerance: Tolerance,
}

fn deployer(publish: Publish, server: Option<Arc<dyn ModelControl>>) -> TritonDeployer {
    let deployer = TritonDeployer::default().publishing(publish);
    match server {
        Some(server) => deployer.controlling(server),
        None => deployer,
    }
}

/// Maps one file of the caller's.
fn whole(path: &Path, cx: &Context) -> Result<crate::Blob> {
    let artifact = Artifact::open(path, cx)?;
    let name = artifact.entries().next().map(|(name, _)| name.to_owned()).unwrap_or_default();
    if artifact.is_folder() {
        return Err(Error::argument("expected a file, found a folder").with_file(path.display().to_string()));
    }
    artifact.blob(&name)
}
