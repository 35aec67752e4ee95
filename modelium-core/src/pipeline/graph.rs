//! What people do to one graph: check it, infer its types, simplify it; each in one call.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::{Artifact, FileSink, Sink};
use crate::context::Context;
use crate::descriptor::FormatId;
use crate::error::{Error, ErrorKind, ErrorReport, Result};
use crate::formats::Weights;
use crate::ir::infer::annotate;
use crate::ir::{self, Graph, Model, infer};
use crate::opset::{OpsetReport, convert_opset};
use crate::passes::{self, Level, Options, Rewrite};
use crate::pipeline::Pipeline;
use crate::tensor::Data;

/// How to simplify.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SimplifyOptions {
    /// Which operators the result may use.
    pub level: Level,
    /// Passes that must not run, by name.
    pub without: Vec<String>,
    /// Bytes by which the model may grow; none by default.
    pub growth_bytes: u64,
    /// Take the place of a file that is there already.
    pub replace: bool,
}

/// What simplification did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Simplified {
    /// The files that were written, the model first.
    pub files: Vec<String>,
    /// The model as it was.
    pub before: GraphSize,
    /// The model as it is.
    pub after: GraphSize,
    /// Every change, in the order in which they were made.
    pub rewrites: Vec<Rewrite>,
    /// Where the time went.
    pub seconds: Seconds,
}

/// How much there is of a model.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GraphSize {
    /// Nodes, those of subgraphs and functions included.
    pub nodes: u64,
    /// How many of each operator, by its name with its domain.
    pub operators: BTreeMap<String, u64>,
    /// Bytes of all constants of the graphs.
    pub initializer_bytes: u64,
    /// Bytes of the files.
    pub bytes: u64,
}

/// Seconds that the stages took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Seconds {
    /// From the path to the graph.
    pub read: f64,
    /// On the graph.
    pub work: f64,
    /// From the graph to the file; 0 where nothing is written.
    pub write: f64,
}

/// Whether a model is valid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CheckReport {
    /// True if nothing is wrong.
    pub valid: bool,
    /// What is wrong: the first fault in the order of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<ErrorReport>,
    /// The operator sets that it imports: domain and version.
    pub opsets: BTreeMap<String, i64>,
    /// How much there is of it.
    pub size: GraphSize,
}

/// What follows from a model's inputs for the values between.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InferReport {
    /// The files that were written; none if none was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// The values of the main graph that nodes compute, in the order of the nodes.
    pub values: Vec<InferredValue>,
    /// How many of them have a shape in which every dimension is a number or an expression.
    pub known: u64,
    /// What does not fit together.
    pub faults: Vec<String>,
}

/// One value with what is known of its type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InferredValue {
    /// Its name.
    pub name: String,
    /// The operator that computes it.
    pub op: String,
    /// Its type, as people write it: `float32[batch, 128]`.
    #[serde(rename = "type")]
    pub ty: String,
}

/// What a conversion to another operator set did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Upgraded {
    /// The files that were written, the model first.
    pub files: Vec<String>,
    /// The versions, and the nodes that had to change.
    #[serde(flatten)]
    pub report: OpsetReport,
}

impl Pipeline {
    /// Simplifies the model at `path` and writes it as ONNX to the file `out`, which appears only when it is complete.
    ///
    /// Weights are mapped and streamed: memory is independent of their size.
    ///
    /// # Errors
    /// `InvalidArgument` if `out` is there already and `options.replace` is not said, or for a pass that does not exist;
    /// what import, check and export refuse.
    pub fn simplify(
        &self,
        path: impl AsRef<Path>,
        out: &Path,
        options: &SimplifyOptions,
        cx: &Context,
    ) -> Result<Simplified> {
        self.room_for(out, options.replace)?;
        let start = Instant::now();
        let artifact = Artifact::open(path, cx)?;
        let mut model = self.read(&artifact, cx)?;
        ir::check(&model, cx)?;
        let before = size(&model, stored(&artifact, &model));
        let read = start.elapsed().as_secs_f64();

        let start = Instant::now();
        let rewrites = self.simplify_model(&mut model, options, cx)?;
        let work = start.elapsed().as_secs_f64();

        let start = Instant::now();
        let (files, bytes) = self.write(&model, out, cx)?;
        let seconds = Seconds { read, work, write: start.elapsed().as_secs_f64() };
        Ok(Simplified { files, before, after: size(&model, bytes), rewrites, seconds })
    }

    /// As [`simplify`](Self::simplify), on a model in memory.
    ///
    /// # Errors
    /// `InvalidArgument` for a pass that does not exist; `Cancelled`.
    pub fn simplify_model(&self, model: &mut Model, options: &SimplifyOptions, cx: &Context) -> Result<Vec<Rewrite>> {
        let options =
            Options { level: options.level, without: options.without.clone(), growth_bytes: options.growth_bytes };
        passes::simplify(model, self.registry.passes(), &options, cx)
    }

    /// Whether the model at `path` is what the specification demands: its structure and, with `full`, its types and
    /// shapes too. Weights are not read.
    ///
    /// # Errors
    /// `Io`, and what import refuses: a file that is no model is an error, a model that is not valid is a report.
    pub fn check(&self, path: impl AsRef<Path>, full: bool, cx: &Context) -> Result<CheckReport> {
        let artifact = Artifact::open(path, cx)?;
        let model = self.read(&artifact, cx)?;
        let checked = if full { ir::check_full(&model, cx) } else { ir::check(&model, cx) };
        let fault = match checked {
            Ok(_) => None,
            Err(error) if matches!(error.kind(), ErrorKind::Cancelled | ErrorKind::Internal) => return Err(error),
            Err(error) => Some(error.to_report()),
        };
        let opsets = model.opsets.iter().map(|opset| {
            let domain = if opset.domain().is_empty() { "ai.onnx" } else { opset.domain() };
            (domain.to_owned(), opset.version.unwrap_or_default())
        });
        let opsets = opsets.collect();
        Ok(CheckReport { valid: fault.is_none(), fault, opsets, size: size(&model, stored(&artifact, &model)) })
    }

    /// The types of all values between, with numbers for the symbols that `bindings` names. With `out`, the model is
    /// written there with them.
    ///
    /// # Errors
    /// As [`simplify`](Self::simplify).
    pub fn infer(
        &self,
        path: impl AsRef<Path>,
        out: Option<&Path>,
        bindings: &BTreeMap<String, u64>,
        replace: bool,
        cx: &Context,
    ) -> Result<InferReport> {
        if let Some(out) = out {
            self.room_for(out, replace)?;
        }
        let artifact = Artifact::open(path, cx)?;
        let mut model = self.read(&artifact, cx)?;
        ir::check(&model, cx)?;
        let inferred = infer(&model, bindings, cx)?;
        let (root, graph) = (inferred.root(), &model.graph);
        let (mut values, mut known) = (Vec::new(), 0);
        for (_, node) in graph.nodes() {
            for &output in node.outputs.iter().flatten() {
                let ty = root.ty(output);
                let shape = ty.and_then(ir::Type::shape);
                known += u64::from(shape.is_some_and(|shape| !shape.dims.contains(&ir::Dim::Unknown)));
                let (name, op) = (graph.value(output).name.clone(), node.op.to_string());
                values.push(InferredValue { name, op, ty: ty.map_or_else(|| "?".to_owned(), ToString::to_string) });
            }
        }
        let faults = inferred.faults().iter().map(ToString::to_string).collect();
        let files = match out {
            Some(out) => {
                annotate(&mut model, bindings, cx)?;
                self.write(&model, out, cx)?.0
            }
            None => Vec::new(),
        };
        Ok(InferReport { files, values, known, faults })
    }

    /// Writes the model at `path` in another version of the standard operator set, up or down, so that it computes the
    /// same.
    ///
    /// # Errors
    /// As [`simplify`](Self::simplify); `Unsupported` with a note for each node that has no equivalent there. Nothing is
    /// written then.
    pub fn upgrade(
        &self,
        path: impl AsRef<Path>,
        out: &Path,
        opset: u64,
        replace: bool,
        cx: &Context,
    ) -> Result<Upgraded> {
        self.room_for(out, replace)?;
        let artifact = Artifact::open(path, cx)?;
        let mut model = self.read(&artifact, cx)?;
        ir::check(&model, cx)?;
        let report = convert_opset(&mut model, opset, cx)?;
        let (files, _) = self.write(&model, out, cx)?;
        Ok(Upgraded { files, report })
    }

    fn read(&self, artifact: &Artifact, cx: &Context) -> Result<Model> {
        let format = self.registry.detect(artifact)?.format();
        let Some(importer) = self.registry.importer(&format) else {
            let message = format!("models of format '{format}' are described, not read as graphs");
            return Err(Error::new(ErrorKind::Unsupported, message).with_file(artifact.name()));
        };
        importer.import(artifact, cx)
    }

    /// Writes a model as ONNX; the files, and their bytes.
    fn write(&self, model: &Model, out: &Path, cx: &Context) -> Result<(Vec<String>, u64)> {
        let exporter = self.registry.exporter(&FormatId::ONNX).ok_or_else(|| Error::internal("ONNX is not written"))?;
        let mut sink = FileSink::create(out)?;
        let name = sink.name().to_owned();
        let files = exporter.export(ir::check(model, cx)?, &name, Weights::Auto, &mut sink, cx)?;
        sink.commit()?;
        let folder = out.parent().unwrap_or(Path::new(""));
        let bytes = files.iter().filter_map(|file| Some(std::fs::metadata(folder.join(file)).ok()?.len())).sum();
        Ok((files, bytes))
    }

    #[expect(clippy::unused_self, reason = "one of the steps of a pipeline's work")]
    fn room_for(&self, out: &Path, replace: bool) -> Result<()> {
        if replace || !out.exists() {
            return Ok(());
        }
        let error = Error::argument(format!("'{}' is there already", out.display()));
        Err(error.with_note("name another file, or ask to replace it"))
    }
}

/// Bytes of a model's files, external data included.
fn stored(artifact: &Artifact, model: &Model) -> u64 {
    let beside = |initializer: &ir::Initializer| match &initializer.tensor.data {
        Data::External(external) => external.blob.len(),
        _ => 0,
    };
    let graphs = model.graphs();
    let outside = graphs.iter().flat_map(|graph| &graph.initializers).map(beside);
    artifact.entries().map(|(_, entry)| entry.len).chain(outside).fold(0, u64::saturating_add)
}

/// How much there is of a model.
fn size(model: &Model, bytes: u64) -> GraphSize {
    let mut size = GraphSize { bytes, ..GraphSize::default() };
    for graph in model.graphs() {
        size.nodes += graph.node_count() as u64;
        for (_, node) in graph.nodes() {
            *size.operators.entry(node.op.to_string()).or_default() += 1;
        }
        size.initializer_bytes = size.initializer_bytes.saturating_add(initializer_bytes(graph));
    }
    size
}

fn initializer_bytes(graph: &Graph) -> u64 {
    graph.initializers.iter().filter_map(|initializer| initializer.tensor.byte_len()).fold(0, u64::saturating_add)
}
