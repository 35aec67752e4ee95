//! Bytes → descriptor: what a model is, from its structure alone.

mod findings;
mod weights;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::artifact::Artifact;
use crate::context::Context;
use crate::descriptor::resources::Figure;
use crate::descriptor::{
    Costs, DESCRIPTOR_SCHEMA, Dimension, FileDescriptor, FileRole, ModelDescriptor, PortDescriptor, Producer, Resources,
};
use crate::error::Result;
use crate::formats::onnx::import::read;
use crate::formats::onnx::locate;
use crate::formats::{Analyzer, FormatId, Match, graph};
use crate::ir::{self, Dim, Graph, Model, Type};
use crate::license;

use weights::Weights;

/// Describes ONNX models; reads structure, not weights.
#[derive(Debug, Clone, Copy, Default)]
pub struct OnnxAnalyzer;

impl Analyzer for OnnxAnalyzer {
    fn format(&self) -> FormatId {
        FormatId::ONNX
    }

    /// Protobuf has no magic number: bytes that begin as every known writer begins a model are a certain match; a name
    /// that ends in `.onnx` over other bytes is a possible one, so that a broken model gets an error that says where.
    fn probe(&self, artifact: &Artifact) -> Match {
        let begins = |name: &str| artifact.blob(name).is_ok_and(|blob| locate::looks_like_onnx(&blob));
        let named = |name: &str| locate::is_onnx_name(name);
        match locate::model_entry(artifact) {
            Ok(entry) if begins(&entry) => Match::Certain,
            Ok(entry) if named(&entry) => Match::Maybe,
            // two models: analysis names them
            Err(_) if artifact.entries().any(|(name, _)| named(name) && begins(name)) => Match::Maybe,
            _ => Match::No,
        }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        self.analyze_at(artifact, &BTreeMap::new(), cx)
    }
}

impl OnnxAnalyzer {
    /// Describes a model, with its costs at these numbers for symbolic dimensions; those that are not named are 1.
    ///
    /// # Errors
    /// As [`analyze`](Analyzer::analyze).
    #[tracing::instrument(name = "modelium.analyze", skip_all, fields(format = "onnx", model = artifact.name()))]
    pub fn analyze_at(
        &self,
        artifact: &Artifact,
        bindings: &BTreeMap<String, u64>,
        cx: &Context,
    ) -> Result<ModelDescriptor> {
        let entry = locate::model_entry(artifact)?;
        let (model, census) = read(artifact, &entry, cx)?;
        let weights = Weights::of(&model, &entry);
        let mut findings = findings::findings(&model, &census, &weights, cx)?;
        // What holds for every size of the inputs, first; then what a run costs at one of them.
        let inferred = ir::infer(&model, &BTreeMap::new(), cx)?;
        findings.extend(graph::type_findings(&inferred));
        let (costs, gap) = graph::costs_and_gaps(&model, bindings, Some(&inferred), cx)?;
        findings.extend(gap);
        for finding in &mut findings {
            finding.location.file.get_or_insert_with(|| artifact.display(&entry));
        }
        let resources = resources(&weights, &costs);
        let metadata = metadata(&model);
        let mut license = license::Found::default();
        license.take_metadata(&entry, metadata.iter().map(|(key, value)| (key.as_str(), value.as_str())));
        let inputs = graph_inputs(&model);
        let outputs = model.graph.outputs.iter().map(|port| {
            let ty = inferred.root().ty(port.value).or(port.ty.as_ref()).map(Type::without_placeholders);
            describe(&model.graph.value(port.value).name, ty.as_ref(), false)
        });
        Ok(ModelDescriptor {
            schema: DESCRIPTOR_SCHEMA,
            name: artifact.name().to_owned(),
            format: FormatId::ONNX,
            format_version: model.provenance.ir_version.map(|version| version.to_string()),
            producer: model.provenance.producer_name.clone().filter(|name| !name.is_empty()).map(|name| Producer {
                name,
                version: model.provenance.producer_version.clone().filter(|version| !version.is_empty()),
            }),
            framework: framework(&model),
            opsets: opsets(&model),
            symbols: symbols(&inputs),
            inputs,
            outputs: outputs.collect(),
            operators: operators(&model),
            functions: model.functions.iter().map(|function| spelt(function.domain(), &function.name)).collect(),
            nodes: model.graphs().iter().fold(0, |nodes, graph| add(nodes, graph.node_count() as u64)),
            parameters: weights.parameters,
            weight_bytes: weights.bytes,
            tensors: weights.tensors,
            costs,
            resources,
            files: files(artifact, &entry, &weights.files),
            license: license.known(),
            metadata,
            findings,
            ..ModelDescriptor::default()
        })
    }
}

/// Tools that write ONNX, and the framework whose models they take.
const WRITERS: [(&str, &str); 16] = [
    ("pytorch", "pytorch"),
    ("tf2onnx", "tensorflow"),
    ("tf2onnx.keras", "keras"),
    ("keras2onnx", "keras"),
    ("keras", "keras"),
    ("skl2onnx", "scikit-learn"),
    ("CatBoost", "catboost"),
    ("LightGBM", "lightgbm"),
    ("XGBoost", "xgboost"),
    ("paddle2onnx", "paddlepaddle"),
    ("PaddlePaddle", "paddlepaddle"),
    ("MXNet", "mxnet"),
    ("CNTK", "cntk"),
    ("Chainer", "chainer"),
    ("jax2onnx", "jax"),
    ("MATLAB Deep Learning Toolbox Converter for ONNX Model Format", "matlab"),
];

/// The framework that the model comes from, by the tool that wrote it. The version is that of the framework only where
/// it wrote the file itself.
fn framework(model: &Model) -> Option<Producer> {
    let writer = model.provenance.producer_name.as_deref()?;
    let (_, name) = WRITERS.iter().find(|(known, _)| known.eq_ignore_ascii_case(writer))?;
    let own = writer.eq_ignore_ascii_case(name);
    let version = model.provenance.producer_version.clone().filter(|version| own && !version.is_empty());
    Some(Producer { name: (*name).to_owned(), version })
}

/// What was counted: parameters and bytes in the file, multiplications where every shape is known.
fn resources(weights: &Weights, costs: &Costs) -> Resources {
    let mut resources = Resources::default();
    resources.insert("parameters", Figure::exact(weights.parameters));
    let bytes = weights.bytes.values().fold(0, |total: u64, bytes| total.saturating_add(*bytes));
    resources.insert("weight_bytes", Figure::exact(bytes));
    if let Some(macs) = costs.macs.filter(|_| costs.unresolved_nodes == 0) {
        let at = costs.bindings.iter().map(|(name, number)| (name.as_str(), *number));
        resources.insert("macs", Figure::exact(macs).at(at));
    }
    resources
}

fn add(a: u64, b: u64) -> u64 {
    a.saturating_add(b)
}

/// The inputs that a caller may supply; one that has a default is optional.
///
/// Up to version 3 of the format every constant is listed as an input, and no caller supplies it.
fn graph_inputs(model: &Model) -> Vec<PortDescriptor> {
    let graph = &model.graph;
    let constants: HashSet<_> = graph.initializers.iter().map(|initializer| initializer.value).collect();
    let has_defaults = model.provenance.ir_version.is_none_or(|version| version >= 4);
    let inputs = graph.inputs.iter().map(|port| (port, constants.contains(&port.value)));
    inputs
        .filter(|(_, constant)| has_defaults || !constant)
        .map(|(port, constant)| describe(&graph.value(port.value).name, port.ty.as_ref(), constant))
        .collect()
}

fn describe(name: &str, ty: Option<&Type>, optional: bool) -> PortDescriptor {
    let dimension = |dim: &Dim| match dim {
        Dim::Known(dim) => Dimension::Known(*dim),
        Dim::Symbol(name) => Dimension::Symbol(name.to_string()),
        Dim::Expr(expr) => Dimension::Symbol(expr.to_string()),
        Dim::Unknown => Dimension::Unknown,
    };
    PortDescriptor {
        name: name.to_owned(),
        ty: ty.map_or_else(|| "?".to_owned(), ToString::to_string),
        dtype: ty.and_then(Type::dtype),
        shape: ty.and_then(Type::shape).map(|shape| shape.dims.iter().map(dimension).collect()),
        optional,
    }
}

/// Names of symbolic dimensions, each once, in the order of the inputs.
fn symbols(inputs: &[PortDescriptor]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let dims = inputs.iter().filter_map(|port| port.shape.as_ref()).flatten();
    let names = dims.filter_map(|dim| if let Dimension::Symbol(name) = dim { Some(name) } else { None });
    names.filter(|name| seen.insert(name.as_str())).cloned().collect()
}

fn opsets(model: &Model) -> BTreeMap<String, u64> {
    let version = |version: Option<i64>| u64::try_from(version.unwrap_or_default()).unwrap_or_default();
    model.opsets.iter().map(|opset| (opset.domain().to_owned(), version(opset.version))).collect()
}

fn operators(model: &Model) -> BTreeMap<String, u64> {
    let mut operators = BTreeMap::new();
    for (_, node) in model.graphs().into_iter().flat_map(Graph::nodes) {
        let count = operators.entry(spelt(node.op.domain(), node.op.name())).or_insert(0);
        *count = add(*count, 1);
    }
    operators
}

fn spelt(domain: &str, name: &str) -> String {
    if domain.is_empty() { name.to_owned() } else { format!("{domain}::{name}") }
}

fn metadata(model: &Model) -> BTreeMap<String, String> {
    let pairs = model.metadata.iter().map(|(key, value)| {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        (text(key), text(value))
    });
    pairs.collect()
}

fn files(artifact: &Artifact, entry: &str, external: &BTreeMap<String, u64>) -> Vec<FileDescriptor> {
    let file = |name: &str, bytes, role| FileDescriptor { name: name.to_owned(), bytes, role, sha256: None };
    let role = |name: &str| match name {
        name if name == entry => FileRole::Model,
        name if external.contains_key(name) => FileRole::ExternalData,
        _ => FileRole::Other,
    };
    let mut files: Vec<_> = artifact.entries().map(|(name, found)| file(name, found.len, role(name))).collect();
    let beside = external.iter().filter(|(name, _)| !artifact.entries().any(|(entry, _)| entry == name.as_str()));
    files.extend(beside.map(|(name, used)| {
        let bytes = artifact.resolve(entry, name).map_or(*used, |whole| whole.len());
        file(name, bytes, FileRole::ExternalData)
    }));
    files
}
