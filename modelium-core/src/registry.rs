//! Who is there: the one explicit list of formats, passes, runtimes and deployers.
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
use crate::formats::archive::{
    SevenZipInspector, StreamInspector, TarInspector, TarShapeInspector, ZipInspector, ZipShapeInspector,
};
use crate::formats::coreml::{CoremlAnalyzer, CoremlInspector};
use crate::formats::bentoml::{BentomlAnalyzer, BentomlInspector};
use crate::formats::catboost::{CatboostAnalyzer, CatboostInspector};
use crate::formats::executable::ExecutableInspector;
use crate::formats::gguf::{GgufAnalyzer, GgufInspector};
use crate::formats::keras::{KerasAnalyzer, KerasConfigInspector, KerasH5Analyzer, KerasH5Inspector, KerasInspector};
use crate::formats::lightgbm::{LightgbmAnalyzer, LightgbmInspector};
use crate::formats::mlflow::{MlflowAnalyzer, MlflowInspector};
use crate::formats::nemo::{NemoAnalyzer, NemoInspector};
use crate::formats::oci::{OciAnalyzer, OciInspector};
use crate::formats::onnx::{OnnxAnalyzer, OnnxExporter, OnnxImporter, OnnxInspector};
use crate::formats::safetensors::{SafetensorsAnalyzer, SafetensorsInspector};
use crate::formats::skops::{SkopsAnalyzer, SkopsInspector};
use crate::formats::tensorflow::{
    CheckpointAnalyzer, CheckpointInspector, GraphDefAnalyzer, GraphDefInspector, MetaGraphAnalyzer,
    MetaGraphInspector, SavedModelAnalyzer, SavedModelInspector,
};
use crate::formats::text::{MediaInspector, TextInspector};
use crate::formats::torch::{
    ExportedProgramAnalyzer, TorchAnalyzer, TorchInspector, TorchScriptAnalyzer, TorchTensors,
};
use crate::formats::{Analyzer, Exporter, FormatId, Importer, Inspector, Match, TensorReader};
use crate::formats::tflite::{TfliteAnalyzer, TfliteInspector};
use crate::formats::torch::{ExportedProgramAnalyzer, TorchAnalyzer, TorchInspector, TorchScriptAnalyzer};
use crate::formats::torchserve::{TorchserveAnalyzer, TorchserveInspector};
use crate::formats::triton_repository::{TritonRepositoryAnalyzer, TritonRepositoryInspector};
use crate::formats::xgboost::{XgboostAnalyzer, XgboostInspector};
use crate::formats::yaml::YamlInspector;
use crate::formats::{Analyzer, Exporter, FormatId, Importer, Inspector, Match};
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

    /// Everything that needs nothing but the operating system.
    pub fn builtin() -> Self {
        Self {
            analyzers: vec![
                // of two that are equally sure the later one wins: bundles stand last
                Arc::new(OnnxAnalyzer),
                Arc::new(SafetensorsAnalyzer),
                Arc::new(GgufAnalyzer),
                Arc::new(KerasAnalyzer),
                Arc::new(KerasH5Analyzer),
                Arc::new(GraphDefAnalyzer),
                Arc::new(MetaGraphAnalyzer),
                Arc::new(CheckpointAnalyzer),
                Arc::new(SavedModelAnalyzer),
                Arc::new(TorchAnalyzer),
                Arc::new(TorchScriptAnalyzer),
                Arc::new(ExportedProgramAnalyzer),
                Arc::new(TfliteAnalyzer),
                Arc::new(CoremlAnalyzer),
                Arc::new(XgboostAnalyzer),
                Arc::new(LightgbmAnalyzer),
                Arc::new(CatboostAnalyzer),
                Arc::new(SkopsAnalyzer),
                Arc::new(TorchserveAnalyzer),
                Arc::new(NemoAnalyzer),
                Arc::new(MlflowAnalyzer),
                Arc::new(BentomlAnalyzer),
                Arc::new(TritonRepositoryAnalyzer),
                Arc::new(OciAnalyzer),
            ],
            inspectors: vec![
                // of several that could be right the first one is asked first
                Arc::new(OnnxInspector),
                Arc::new(SafetensorsInspector),
                Arc::new(GgufInspector),
                Arc::new(KerasInspector),
                Arc::new(KerasH5Inspector),
                Arc::new(KerasConfigInspector),
                Arc::new(SavedModelInspector),
                Arc::new(MetaGraphInspector),
                Arc::new(GraphDefInspector),
                Arc::new(CheckpointInspector),
                Arc::new(TorchInspector::CHECKPOINT),
                Arc::new(TorchInspector::SCRIPT),
                Arc::new(TorchInspector::PROGRAM),
                Arc::new(TfliteInspector),
                Arc::new(CoremlInspector),
                Arc::new(XgboostInspector),
                Arc::new(LightgbmInspector),
                Arc::new(CatboostInspector),
                Arc::new(SkopsInspector),
                Arc::new(TorchserveInspector),
                Arc::new(NemoInspector),
                Arc::new(MlflowInspector),
                Arc::new(BentomlInspector),
                Arc::new(TritonRepositoryInspector),
                Arc::new(OciInspector),
            ],
            tensor_readers: vec![Arc::new(TorchTensors)],
            importers: vec![Arc::new(OnnxImporter)],
            exporters: vec![Arc::new(OnnxExporter)],
            passes: passes::builtin(),
            deployers: vec![Arc::new(TritonDeployer::default())],
            ..Self::default()
        }
        .with_generic_inspectors()
    }

    /// What takes bytes that no format has taken: containers first, text and media last.
    fn with_generic_inspectors(mut self) -> Self {
        let generic: [Arc<dyn Inspector>; 10] = [
            Arc::new(ZipShapeInspector),
            Arc::new(TarShapeInspector),
            Arc::new(ZipInspector),
            Arc::new(TarInspector),
            Arc::new(SevenZipInspector),
            Arc::new(ExecutableInspector),
            Arc::new(StreamInspector),
            Arc::new(MediaInspector),
            Arc::new(YamlInspector),
            Arc::new(TextInspector),
        ];
        self.inspectors.extend(generic);
        self
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

    /// Adds something that runs models.
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
        self.detect(artifact)?.analyze(artifact, cx)
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
