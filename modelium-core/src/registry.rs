//! Who is there: formats, passes, runtimes and deployers.
//!
//! A registry is a value, not a global: a host makes one, adds what it has (`with_runtime`, `with_analyzer`, …) and
//! hands it on. Later entries win over earlier ones of the same name, so a host can put its own in place of ours.

use std::sync::Arc;

use crate::artifact::Artifact;
use crate::context::{Context, Limits};
use crate::deploy::Deployer;
use crate::deploy::triton::TritonDeployer;
use crate::descriptor::ModelDescriptor;
use crate::error::{Classify, ErrorKind, Location, Result};
use crate::formats::{self, Analyzer, Exporter, FormatId, Importer, Inspector, Match, TensorReader};
use crate::license;
use crate::passes::{self, Pass};
use crate::plan::{Capabilities, Environment, PackageTarget, RuntimeFacts};
use crate::runtime::Runtime;

/// What is there to work with. Cheap to clone.
#[derive(Clone, Default)]
pub struct Registry {
    analyzers: Vec<Arc<dyn Analyzer>>,
    inspectors: Vec<Arc<dyn Inspector>>,
    tensor_readers: Vec<Arc<dyn TensorReader>>,
    importers: Vec<Arc<dyn Importer>>,
    exporters: Vec<Arc<dyn Exporter>>,
    passes: Vec<Arc<dyn Pass>>,
    runtimes: Vec<Arc<dyn Runtime>>,
    deployers: Vec<Arc<dyn Deployer>>,
}

impl Registry {
    /// Nothing.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Everything that needs nothing but the operating system. No runtime is among it: which one proves a result is the
    /// host's choice. `modelium_ort::OrtRuntime` is ONNX Runtime where it is installed, and
    /// [`ReferenceRuntime`](crate::reference::ReferenceRuntime) the evaluator of this library, for where it is not.
    pub fn builtin() -> Self {
        Self {
            analyzers: formats::builtin::analyzers(),
            inspectors: formats::builtin::inspectors(),
            tensor_readers: formats::builtin::tensor_readers(),
            importers: formats::builtin::importers(),
            exporters: formats::builtin::exporters(),
            passes: passes::builtin(),
            deployers: vec![Arc::new(TritonDeployer::default())],
            runtimes: Vec::new(),
        }
    }

    /// Adds a format to read descriptors from.
    #[must_use]
    pub fn with_analyzer(mut self, analyzer: Arc<dyn Analyzer>) -> Self {
        self.analyzers.push(analyzer);
        self
    }

    /// Adds a format to look for danger in.
    #[must_use]
    pub fn with_inspector(mut self, inspector: Arc<dyn Inspector>) -> Self {
        self.inspectors.push(inspector);
        self
    }

    /// Adds a format to read tensors from.
    #[must_use]
    pub fn with_tensor_reader(mut self, reader: Arc<dyn TensorReader>) -> Self {
        self.tensor_readers.push(reader);
        self
    }

    /// Adds a format to read models from.
    #[must_use]
    pub fn with_importer(mut self, importer: Arc<dyn Importer>) -> Self {
        self.importers.push(importer);
        self
    }

    /// Adds a format to write.
    #[must_use]
    pub fn with_exporter(mut self, exporter: Arc<dyn Exporter>) -> Self {
        self.exporters.push(exporter);
        self
    }

    /// Adds a pass, to run after the others.
    #[must_use]
    pub fn with_pass(mut self, pass: Arc<dyn Pass>) -> Self {
        self.passes.push(pass);
        self
    }

    /// Adds something that runs models. Plans and comparisons take the one that was added last.
    #[must_use]
    pub fn with_runtime(mut self, runtime: Arc<dyn Runtime>) -> Self {
        self.runtimes.push(runtime);
        self
    }

    /// Adds a target to deploy to.
    #[must_use]
    pub fn with_deployer(mut self, deployer: Arc<dyn Deployer>) -> Self {
        self.deployers.push(deployer);
        self
    }

    /// What plans can refer to here.
    pub fn capabilities(&self) -> Capabilities {
        let mut targets = vec![PackageTarget::Files];
        targets.extend(self.deployer(PackageTarget::Triton.as_str()).map(|_| PackageTarget::Triton));
        Capabilities {
            reads: self.importers.iter().map(|importer| importer.format()).collect(),
            writes: self.exporters.iter().map(|exporter| exporter.format()).collect(),
            passes: self.passes.iter().map(|pass| pass.name().to_owned()).collect(),
            runtimes: self.runtimes.iter().map(|runtime| runtime.name().to_owned()).collect(),
            targets,
        }
    }

    /// What plans are made for: the runtimes that are here, and the threads that the caller grants.
    pub fn environment(&self, limits: &Limits) -> Environment {
        let facts =
            |runtime: &Arc<dyn Runtime>| RuntimeFacts { name: runtime.name().to_owned(), version: runtime.version() };
        // the last one of a name wins, and so it comes first where plans choose
        let runtimes = self.runtimes.iter().rev().map(facts).collect();
        Environment { runtimes, threads: limits.threads.get() as u64, memory_bytes: None }
    }

    /// Describes a model in whichever format it is.
    ///
    /// # Errors
    /// `Unsupported` if no format knows it; else what the format's analyzer says.
    #[tracing::instrument(name = "modelium.analyze", skip_all, fields(model = artifact.name()))]
    pub fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let mut model = self.detect(artifact)?.analyze(artifact, cx)?;
        license::complete(&mut model, artifact, cx)?;
        Ok(model)
    }

    /// The analyzer of the format that the artifact is of: certain before possible, later entries before earlier ones.
    ///
    /// # Errors
    /// `Unsupported` if no format knows it.
    pub fn detect(&self, artifact: &Artifact) -> Result<&Arc<dyn Analyzer>> {
        let matches = self.analyzers.iter().map(|analyzer| (analyzer.probe(artifact), analyzer));
        let best = matches.filter(|(found, _)| *found != Match::No).max_by_key(|(found, _)| *found);
        best.map(|(_, analyzer)| analyzer).ok_or_else(|| self.unrecognised(artifact).into())
    }

    fn unrecognised(&self, artifact: &Artifact) -> Unrecognised {
        let mut entries = artifact.entries();
        let seen = match (entries.next(), entries.next()) {
            (Some((_, entry)), None) if entry.len == 0 => "an empty file".to_owned(),
            (Some((name, _)), None) => {
                let bytes = artifact.blob(name).map(|blob| blob.iter().take(8).copied().collect::<Vec<_>>());
                format!("a file that begins with {:02x?}", bytes.unwrap_or_default())
            }
            _ => format!("a folder of {} files", artifact.entries().count()),
        };
        let known = self.analyzers.iter().map(|analyzer| analyzer.format().to_string()).collect::<Vec<_>>().join(", ");
        Unrecognised { name: artifact.name().to_owned(), seen, known }
    }

    /// The analyzers, in the order in which they were added.
    pub fn analyzers(&self) -> &[Arc<dyn Analyzer>] {
        &self.analyzers
    }

    /// The inspectors, in the order in which they are asked.
    pub fn inspectors(&self) -> &[Arc<dyn Inspector>] {
        &self.inspectors
    }

    /// The passes, in the order in which they run.
    pub fn passes(&self) -> &[Arc<dyn Pass>] {
        &self.passes
    }

    /// The runtimes.
    pub fn runtimes(&self) -> &[Arc<dyn Runtime>] {
        &self.runtimes
    }

    /// Formats that can be written.
    pub fn exporters(&self) -> &[Arc<dyn Exporter>] {
        &self.exporters
    }

    /// Formats that can be read as models.
    pub fn importers(&self) -> &[Arc<dyn Importer>] {
        &self.importers
    }

    /// The deployers.
    pub fn deployers(&self) -> &[Arc<dyn Deployer>] {
        &self.deployers
    }

    /// What reads the tensors of a model, by its content.
    pub fn tensor_reader(&self, artifact: &Artifact) -> Option<&Arc<dyn TensorReader>> {
        self.tensor_readers.iter().rev().find(|reader| reader.probe(artifact) == Match::Certain)
    }

    /// What reads models of that format.
    pub fn importer(&self, format: &FormatId) -> Option<&Arc<dyn Importer>> {
        self.importers.iter().rev().find(|importer| importer.format() == *format)
    }

    /// What writes that format.
    pub fn exporter(&self, format: &FormatId) -> Option<&Arc<dyn Exporter>> {
        self.exporters.iter().rev().find(|exporter| exporter.format() == *format)
    }

    /// The runtime of that name.
    pub fn runtime(&self, name: &str) -> Option<&Arc<dyn Runtime>> {
        self.runtimes.iter().rev().find(|runtime| runtime.name() == name)
    }

    /// The deployer for that target.
    pub fn deployer(&self, target: &str) -> Option<&Arc<dyn Deployer>> {
        self.deployers.iter().rev().find(|deployer| deployer.target() == target)
    }
}

/// No format knows the artifact.
#[derive(Debug, thiserror::Error)]
#[error("found {seen}, which is none of the known formats: {known}")]
struct Unrecognised {
    name: String,
    seen: String,
    known: String,
}

impl Classify for Unrecognised {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Unsupported
    }

    fn location(&self) -> Location {
        Location::file(&self.name)
    }
}
