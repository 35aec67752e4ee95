//! Bytes → descriptor: what a model is, from its structure alone.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::artifact::Artifact;
use crate::context::Context;
use crate::descriptor::{
    DESCRIPTOR_SCHEMA, Dimension, FileDescriptor, FileRole, ModelDescriptor, PortDescriptor, Producer,
};
use crate::error::{Location, Result};
use crate::finding::{Finding, Severity};
use crate::formats::onnx::import::read;
use crate::formats::onnx::locate;
use crate::formats::{Analyzer, FormatId, Match, costs};
use crate::ir::{self, AttributeValue, Dim, Graph, Model, OpType, Port, Type, schema};
use crate::tensor::{DType, Data, External, Tensor};
use crate::wire::protobuf::guard::Census;

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
        let entry = locate::model_entry(artifact)?;
        let (model, census) = read(artifact, &entry, cx)?;
        let weights = Weights::of(&model);
        let mut findings = findings(&model, &census, cx)?;
        let (costs, about_shapes) = costs(&model, &BTreeMap::new(), cx)?;
        findings.extend(about_shapes);
        for finding in &mut findings {
            finding.location.file.get_or_insert_with(|| artifact.display(&entry));
        }
        let graph = &model.graph;
        let inputs = graph_inputs(graph);
        Ok(ModelDescriptor {
            schema: DESCRIPTOR_SCHEMA,
            name: artifact.name().to_owned(),
            format: FormatId::ONNX,
            format_version: model.provenance.ir_version.map(|version| version.to_string()),
            producer: model.provenance.producer_name.clone().filter(|name| !name.is_empty()).map(|name| Producer {
                name,
                version: model.provenance.producer_version.clone().filter(|version| !version.is_empty()),
            }),
            opsets: opsets(&model),
            symbols: symbols(&inputs),
            inputs,
            outputs: graph.outputs.iter().map(|port| describe(graph, port, false)).collect(),
            operators: operators(&model),
            nodes: model.graphs().iter().fold(0, |nodes, graph| add(nodes, graph.node_count() as u64)),
            parameters: weights.parameters,
            weight_bytes: weights.bytes,
            costs,
            files: files(artifact, &entry, &weights.files),
            metadata: metadata(&model),
            findings,
        })
    }
}

fn add(a: u64, b: u64) -> u64 {
    a.saturating_add(b)
}

/// The inputs that a caller may supply; one that has a default is optional.
fn graph_inputs(graph: &Graph) -> Vec<PortDescriptor> {
    let defaults: HashSet<_> = graph.initializers.iter().map(|initializer| initializer.value).collect();
    graph.inputs.iter().map(|port| describe(graph, port, defaults.contains(&port.value))).collect()
}

fn describe(graph: &Graph, port: &Port, optional: bool) -> PortDescriptor {
    let dimension = |dim: &Dim| match dim {
        Dim::Known(dim) => Dimension::Known(*dim),
        Dim::Symbol(name) => Dimension::Symbol(name.to_string()),
        Dim::Unknown => Dimension::Unknown,
    };
    let ty = port.ty.as_ref();
    PortDescriptor {
        name: graph.value(port.value).name.clone(),
        ty: ty.map_or_else(|| "?".to_owned(), ToString::to_string),
        dtype: ty.and_then(Type::dtype),
        shape: ty.and_then(Type::shape).map(|shape| shape.dims.iter().map(dimension).collect()),
        optional,
    }
}

fn symbols(inputs: &[PortDescriptor]) -> Vec<String> {
    let mut symbols: Vec<String> = Vec::new();
    for dim in inputs.iter().filter_map(|port| port.shape.as_ref()).flatten() {
        if let Dimension::Symbol(name) = dim
            && !symbols.contains(name)
        {
            symbols.push(name.clone());
        }
    }
    symbols
}

fn opsets(model: &Model) -> BTreeMap<String, u64> {
    let version = |version: Option<i64>| u64::try_from(version.unwrap_or_default()).unwrap_or_default();
    model.opsets.iter().map(|opset| (opset.domain().to_owned(), version(opset.version))).collect()
}

fn operators(model: &Model) -> BTreeMap<String, u64> {
    let mut operators = BTreeMap::new();
    for (_, node) in model.graphs().into_iter().flat_map(Graph::nodes) {
        let name = match node.op.domain() {
            "" => node.op.name().to_owned(),
            domain => format!("{domain}::{}", node.op.name()),
        };
        let count = operators.entry(name).or_insert(0);
        *count = add(*count, 1);
    }
    operators
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
    files.extend(beside.map(|(name, bytes)| file(name, *bytes, FileRole::ExternalData)));
    files
}

/// The weights of a model, each stored byte range counted once.
#[derive(Default)]
struct Weights {
    parameters: u64,
    bytes: BTreeMap<DType, u64>,
    /// External files by the names that the model refers to them by, and their sizes.
    files: BTreeMap<String, u64>,
    seen: HashSet<(usize, usize)>,
}

impl Weights {
    fn of(model: &Model) -> Self {
        let mut weights = Self::default();
        for graph in model.graphs() {
            graph.initializers.iter().for_each(|initializer| weights.count(&initializer.tensor));
            graph.sparse_initializers.iter().for_each(|initializer| weights.count(&initializer.tensor.values));
            let attributes = graph.nodes().flat_map(|(_, node)| &node.attributes);
            for attribute in attributes {
                attribute.value.tensors().iter().for_each(|tensor| weights.count(tensor));
                match &attribute.value {
                    AttributeValue::SparseTensor(tensor) => weights.count(&tensor.values),
                    AttributeValue::SparseTensors(tensors) => {
                        for tensor in tensors {
                            weights.count(&tensor.values);
                        }
                    }
                    _ => {}
                }
            }
        }
        weights
    }

    fn count(&mut self, tensor: &Tensor) {
        if let Data::External(External { blob, entries }) = &tensor.data {
            let location = entries.iter().find(|(key, _)| key.as_deref() == Some("location"));
            if let Some((_, Some(location))) = location {
                let bytes = add(blob.offset(), blob.len());
                let known = self.files.entry(location.clone()).or_default();
                *known = bytes.max(*known);
            }
        }
        let first = match &tensor.data {
            Data::Raw(blob) | Data::External(External { blob, .. }) => Some(blob),
            Data::Fields(_, chunks) => chunks.first(),
            Data::Strings(_) => None,
        };
        if let Some(blob) = first.filter(|blob| !blob.is_empty())
            && !self.seen.insert((blob.as_ptr() as usize, blob.bytes().len()))
        {
            return;
        }
        let bytes = match &tensor.data {
            Data::Strings(strings) => strings.iter().fold(0, |sum, text| add(sum, text.len() as u64)),
            _ => tensor.byte_len().unwrap_or_default(),
        };
        self.parameters = add(self.parameters, tensor.elements().unwrap_or_default());
        let total = self.bytes.entry(tensor.dtype).or_default();
        *total = add(*total, bytes);
    }
}

/// What a person should know about the model.
fn findings(model: &Model, census: &Census, cx: &Context) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    if let Err(error) = ir::check(model, cx) {
        if error.kind() == crate::ErrorKind::Cancelled {
            return Err(error);
        }
        findings.push(Finding::new("onnx.ill_formed", Severity::Error, error.message()).at(error.location().clone()));
    }
    if let Some(unknown) = census.first_unknown.first() {
        let message =
            format!("{} fields are of a later version of the format; the first is in {}", census.unknown, unknown.path);
        findings.push(Finding::new("onnx.unknown_field", Severity::Warning, message).at(Location::byte(unknown.byte)));
    }
    let nodes = model.graphs().into_iter().flat_map(Graph::nodes);
    let defined: BTreeSet<_> = model
        .functions
        .iter()
        .map(|function| (function.domain.as_deref().unwrap_or(""), function.name.as_str()))
        .collect();
    let mut domains: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (_, node) in nodes {
        if let OpType::Other(_) = node.op
            && !defined.contains(&(node.op.domain(), node.op.name()))
        {
            domains.entry(node.op.domain()).or_default().insert(node.op.name());
        }
    }
    for (domain, names) in domains {
        let names = names.into_iter().collect::<Vec<_>>().join(", ");
        let finding = match domain {
            "com.microsoft" => continue, // every ONNX Runtime has them
            "" => Finding::new("onnx.unknown_operator", Severity::Warning, format!("not in the standard: {names}")),
            "ai.onnx.contrib" if names.contains("PyOp") || names.contains("PythonOp") => {
                let message = format!("operators that run Python code: {names}");
                Finding::new("onnx.python_operator", Severity::Danger, message)
                    .remedy("do not load this model with onnxruntime-extensions unless you know who wrote it")
            }
            domain => {
                let message = format!("operators of '{domain}' need a library of their own to run: {names}");
                Finding::new("onnx.custom_domain", Severity::Warning, message)
                    .remedy("register the library with the runtime, and trust it as you would trust a program")
            }
        };
        findings.push(finding);
    }
    for opset in &model.opsets {
        let newest = schema::newest_opset(opset.domain());
        if let (Some(newest), Ok(version)) = (newest, u64::try_from(opset.version.unwrap_or_default()))
            && version > newest
        {
            let name = if opset.domain().is_empty() { "ai.onnx" } else { opset.domain() };
            let message = format!("opset {version} of {name} is newer than {newest}, the newest known");
            findings.push(Finding::new("onnx.future_opset", Severity::Warning, message));
        }
    }
    Ok(findings)
}
