//! Bytes → descriptor, for each of TensorFlow's formats.

use std::collections::{BTreeMap, HashSet};

use crate::artifact::{Artifact, LocationError};
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::resources::Figure;
use crate::descriptor::{FileRole, ModelDescriptor, PortDescriptor, Producer, TensorDescriptor};
use crate::error::{Error, ErrorKind, Location, Result};
use crate::finding::{Finding, Severity};
use crate::formats::single::has_extension;
use crate::formats::tensorflow::bundle::{Bundle, shard_name};
use crate::formats::tensorflow::detect::{Kind, kind};
use crate::formats::tensorflow::error::TensorFlowFault;
use crate::formats::tensorflow::graph::{Graph, Node};
use crate::formats::tensorflow::schema::{
    MetaFacts, Saver, Signature, describe, dtype_name, map_entry, node_of, shape, stored_bits,
};
use crate::formats::tensorflow::{CHECKPOINT, GRAPH_DEF, META_GRAPH, SAVED_MODEL};
use crate::formats::{Analyzer, FormatId, Match};
use crate::scan::tensorflow::{Act, act};
use crate::wire::budget::Budget;
use crate::wire::protobuf::Message;

/// Describes saved models.
#[derive(Debug, Clone, Copy, Default)]
pub struct SavedModelAnalyzer;

/// Describes frozen graphs.
#[derive(Debug, Clone, Copy, Default)]
pub struct GraphDefAnalyzer;

/// Describes graphs that lie beside a checkpoint.
#[derive(Debug, Clone, Copy, Default)]
pub struct MetaGraphAnalyzer;

/// Describes checkpoints.
#[derive(Debug, Clone, Copy, Default)]
pub struct CheckpointAnalyzer;

/// The main file: the one file, or in a folder the shallowest one whose name and content are right.
fn entry(artifact: &Artifact, wanted: Kind) -> Option<String> {
    let fits = |name: &str| match wanted {
        Kind::SavedModel => name == "saved_model.pb" || name.ends_with("/saved_model.pb"),
        Kind::MetaGraph => has_extension(name, "meta"),
        Kind::Index => has_extension(name, "index"),
        _ => has_extension(name, "pb"),
    };
    let names = artifact.entries().map(|(name, _)| name).filter(|name| !artifact.is_folder() || fits(name));
    let mut names: Vec<_> = names.collect();
    names.sort_by_key(|name| name.matches('/').count());
    let is_wanted = |name: &&str| artifact.blob(name).is_ok_and(|blob| kind(&blob) == Some(wanted));
    names.into_iter().take(16).find(is_wanted).map(str::to_owned)
}

fn probe(artifact: &Artifact, wanted: Kind) -> Match {
    match entry(artifact, wanted) {
        // a graph or a checkpoint among other files may be an asset of something else
        Some(_) if artifact.is_folder() && wanted != Kind::SavedModel => Match::Maybe,
        Some(_) => Match::Certain,
        None => Match::No,
    }
}

fn open(artifact: &Artifact, wanted: Kind, what: &'static str) -> Result<(String, Blob)> {
    let Some(name) = entry(artifact, wanted) else {
        return Err(TensorFlowFault::NoEntry(what).at(Location::file(artifact.name())));
    };
    let blob = artifact.blob(&name)?;
    Ok((name, blob))
}

impl Analyzer for SavedModelAnalyzer {
    fn format(&self) -> FormatId {
        SAVED_MODEL
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        probe(artifact, Kind::SavedModel)
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let (name, blob) = open(artifact, Kind::SavedModel, "saved_model.pb")?;
        let mut budget = Budget::new(cx);
        let mut model = ModelDescriptor::of(artifact, SAVED_MODEL, &name);
        let mut graphs = Vec::new();
        for field in Message::whole(&blob).fields() {
            let field = field?;
            match field.number {
                1 => model.format_version = Some(field.int()?.to_string()),
                2 => graphs.push(field.message()?),
                _ => {}
            }
        }
        let mut graphs = graphs.into_iter();
        let Some(main) = graphs.next() else {
            return Err(TensorFlowFault::NoGraph.at(blob.location(0)));
        };
        let constants = describe_meta(&mut model, main, &mut budget)?;
        for other in graphs {
            let tags = read_facts(other, &mut budget)?.tags.join(", ");
            let message = format!("a further graph, tagged '{tags}', which is not described");
            model.findings.push(Finding::new("saved_model.further_graph", Severity::Note, message));
        }
        let bytes = constants.iter().fold(0_u64, |sum, tensor| sum.saturating_add(tensor.bytes));
        match read_variables(artifact, &name, &mut budget)? {
            Some(variables) => {
                for file in variables.iter().filter_map(|tensor| tensor.file.as_deref()) {
                    for listed in model.files.iter_mut().filter(|listed| listed.name == file) {
                        listed.role = FileRole::ExternalData;
                    }
                }
                // constants of shapes and axes are no weights where variables hold them
                model.resources.figures.insert("constant_bytes".to_owned(), Figure::exact(bytes));
                model = with_variables(model, variables);
            }
            None => model = model.with_tensors(constants),
        }
        for finding in &mut model.findings {
            finding.location.file.get_or_insert_with(|| artifact.display(&name));
        }
        Ok(model)
    }
}

impl Analyzer for MetaGraphAnalyzer {
    fn format(&self) -> FormatId {
        META_GRAPH
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        probe(artifact, Kind::MetaGraph)
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let (name, blob) = open(artifact, Kind::MetaGraph, "meta graph")?;
        let mut model = ModelDescriptor::of(artifact, META_GRAPH, &name);
        let constants = describe_meta(&mut model, Message::whole(&blob), &mut Budget::new(cx))?;
        Ok(model.with_tensors(constants))
    }
}

impl Analyzer for GraphDefAnalyzer {
    fn format(&self) -> FormatId {
        GRAPH_DEF
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        probe(artifact, Kind::GraphDef)
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let (name, blob) = open(artifact, Kind::GraphDef, "frozen graph")?;
        let mut model = ModelDescriptor::of(artifact, GRAPH_DEF, &name);
        model.framework = Some(Producer { name: "tensorflow".to_owned(), version: None });
        let mut budget = Budget::new(cx);
        let graph = Graph::read(Message::whole(&blob), &mut budget)?;
        let constants = describe_graph(&mut model, &graph, &mut budget)?;
        ports(&mut model, &graph, &mut budget)?;
        Ok(model.with_tensors(constants))
    }
}

impl Analyzer for CheckpointAnalyzer {
    fn format(&self) -> FormatId {
        CHECKPOINT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        probe(artifact, Kind::Index)
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let (name, blob) = open(artifact, Kind::Index, "index of a checkpoint")?;
        let mut model = ModelDescriptor::of(artifact, CHECKPOINT, &name);
        model.framework = Some(Producer { name: "tensorflow".to_owned(), version: None });
        let prefix = name.strip_suffix(".index").unwrap_or(&name).to_owned();
        let bundle = Bundle::read(&blob, &mut Budget::new(cx))?;
        let tensors = tensors_of(&bundle, &prefix);
        for listed in &mut model.files {
            if tensors.iter().any(|tensor| tensor.file.as_ref() == Some(&listed.name)) {
                listed.role = FileRole::ExternalData;
            }
        }
        model.metadata.insert("shards".to_owned(), bundle.shards.to_string());
        Ok(with_variables(model, tensors))
    }
}

/// Takes over variables; their layer is what precedes TensorFlow's own suffix and the variable's name.
fn with_variables(model: ModelDescriptor, tensors: Vec<TensorDescriptor>) -> ModelDescriptor {
    let strings = tensors.iter().filter(|tensor| tensor.dtype == "string").count();
    let mut model = model.with_tensors(tensors.into_iter().filter(|tensor| tensor.dtype != "string").collect());
    if strings > 0 {
        let message = format!("{strings} tensors of text, which hold the table of objects and no weights");
        model.findings.push(Finding::new("tf_checkpoint.texts", Severity::Note, message));
    }
    model.layers.clear();
    let mut layers: BTreeMap<String, usize> = BTreeMap::new();
    for tensor in &model.tensors {
        let path = tensor.name.strip_suffix("/.ATTRIBUTES/VARIABLE_VALUE").unwrap_or(&tensor.name);
        let layer = path.rsplit_once('/').map_or("", |(layer, _)| layer).to_owned();
        let at = *layers.entry(layer.clone()).or_insert_with(|| {
            model.layers.push(crate::descriptor::LayerDescriptor { name: layer, ..Default::default() });
            model.layers.len().saturating_sub(1)
        });
        if let Some(layer) = model.layers.get_mut(at) {
            layer.parameters = layer.parameters.saturating_add(tensor.elements());
            layer.bytes = layer.bytes.saturating_add(tensor.bytes);
        }
    }
    model
}

/// The variables beside a saved model; none if it has no bundle.
fn read_variables(artifact: &Artifact, entry: &str, budget: &mut Budget<'_>) -> Result<Option<Vec<TensorDescriptor>>> {
    let index = match artifact.resolve(entry, "variables/variables.index") {
        Ok(index) => index,
        Err(LocationError::Missing) => return Ok(None),
        Err(reason) => {
            let message = format!("the variables beside the model cannot be read: {reason}");
            return Err(Error::new(ErrorKind::Io, message).with_file(artifact.display(entry)));
        }
    };
    let bundle = Bundle::read(&index, budget)?;
    let folder = entry.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    for entry in &bundle.entries {
        let shard = shard_name(&format!("{folder}variables/variables"), entry.shard, bundle.shards);
        if let Some(found) = artifact.entry(&shard).filter(|found| found.len < entry.end()) {
            let fault =
                TensorFlowFault::ShardRange { name: entry.name.clone(), end: entry.end(), available: found.len };
            return Err(fault.at(Location::file(artifact.display(&shard))));
        }
    }
    Ok(Some(tensors_of(&bundle, &format!("{folder}variables/variables"))))
}

fn tensors_of(bundle: &Bundle, prefix: &str) -> Vec<TensorDescriptor> {
    let tensors = bundle.entries.iter().map(|entry| TensorDescriptor {
        name: entry.name.clone(),
        dtype: dtype_name(entry.dtype),
        shape: entry.shape.clone(),
        strides: None,
        bytes: entry.size,
        file: Some(shard_name(prefix, entry.shard, bundle.shards)),
        start: Some(entry.offset),
        shares: None,
    });
    tensors.collect()
}

/// Fills in what a meta graph says; gives its constants.
fn describe_meta(
    model: &mut ModelDescriptor,
    message: Message<'_>,
    budget: &mut Budget<'_>,
) -> Result<Vec<TensorDescriptor>> {
    let facts = read_facts(message, budget)?;
    let graph = match message.find(2)? {
        Some(graph) => Graph::read(graph.message()?, budget)?,
        None => Graph::default(),
    };
    let constants = describe_graph(model, &graph, budget)?;
    model.framework = Some(Producer { name: "tensorflow".to_owned(), version: facts.tensorflow_version.clone() });
    model.tags.clone_from(&facts.tags);
    let main = ["serving_default", "serve"].into_iter().find(|key| facts.signatures.contains_key(*key));
    let main =
        main.or_else(|| facts.signatures.keys().map(String::as_str).find(|key| !key.starts_with("__saved_model")));
    match main.and_then(|key| facts.signatures.get(key)) {
        Some(signature) => {
            model.inputs.clone_from(&signature.inputs);
            model.outputs.clone_from(&signature.outputs);
            if signature.method.contains("classify") || signature.method.contains("regress") {
                model.metadata.insert("method".to_owned(), signature.method.clone());
            }
        }
        None => ports(model, &graph, budget)?,
    }
    let names = facts.signatures.keys().filter(|key| !key.starts_with("__saved_model")).cloned();
    let names = names.collect::<Vec<_>>().join(", ");
    let pairs = [
        ("signatures", names),
        ("tensorflow_git_version", facts.tensorflow_git_version.clone().unwrap_or_default()),
        ("assets", facts.assets.join(", ")),
    ];
    model
        .metadata
        .extend(pairs.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| (key.to_owned(), value)));
    if facts.objects > 0 {
        model.metadata.insert("objects".to_owned(), facts.objects.to_string());
        model.metadata.insert("concrete_functions".to_owned(), facts.functions_exposed.to_string());
    }
    Ok(constants)
}

/// Operators, nodes and constants of a graph.
fn describe_graph(
    model: &mut ModelDescriptor,
    graph: &Graph<'_>,
    budget: &mut Budget<'_>,
) -> Result<Vec<TensorDescriptor>> {
    model.operators = graph.operators();
    model.nodes = graph.all_nodes().count() as u64;
    if !graph.functions.is_empty() {
        model.metadata.insert("functions".to_owned(), graph.functions.len().to_string());
    }
    for (key, version) in [("graph_producer", graph.producer), ("graph_min_consumer", graph.min_consumer)] {
        if let Some(version) = version {
            model.metadata.insert(key.to_owned(), version.to_string());
        }
    }
    let library: HashSet<&str> = graph.functions.iter().map(|function| function.name.as_ref()).collect();
    let foreign = |name: &&String| act(name) == Act::Unknown && !library.contains(name.as_str());
    let foreign: Vec<_> = model.operators.keys().filter(foreign).cloned().collect();
    if !foreign.is_empty() {
        let message = format!("operators that tensorflow itself does not have: {}", foreign.join(", "));
        model.findings.push(Finding::new("tensorflow.unknown_operator", Severity::Warning, message));
    }
    let mut constants = Vec::new();
    for (function, node) in graph.all_nodes().filter(|(_, node)| node.op == "Const") {
        let within = function.map(|function| format!("{}/", function.name));
        constants.extend(constant(node, within.as_deref().unwrap_or_default(), &model.name, budget)?);
    }
    let main = model.files.iter().find(|file| file.role == FileRole::Model).map(|file| file.name.clone());
    for constant in &mut constants {
        constant.file.clone_from(&main);
    }
    Ok(constants)
}

/// A constant as a stored tensor; none for texts and what has no fixed size.
pub(super) fn constant(
    node: &Node<'_>,
    within: &str,
    file: &str,
    budget: &mut Budget<'_>,
) -> Result<Option<TensorDescriptor>> {
    let Some(constant) = node.constant(budget)? else { return Ok(None) };
    let Some(bits) = stored_bits(constant.dtype) else { return Ok(None) };
    budget.tensor((size_of::<TensorDescriptor>().saturating_add(node.name.len())) as u64)?;
    let name = format!("{within}{}", node.name);
    let location = || Location { item: Some(name.clone()), ..Location::at(file, node.at) };
    let dims = constant
        .dims
        .iter()
        .map(|dim| u64::try_from(*dim).map_err(|_| TensorFlowFault::NegativeDim(*dim).at(location())));
    let shape = dims.collect::<Result<Vec<u64>>>()?;
    let elements = shape.iter().try_fold(1_u64, |product, dim| product.checked_mul(*dim));
    let claimed = elements.and_then(|elements| elements.checked_mul(bits / 8));
    let Some(claimed) = claimed else {
        return Err(TensorFlowFault::Overflow { name: name.clone() }.at(location()));
    };
    // a constant without a run of bytes lists its values, the last one standing for all that follow
    let content = constant.content.filter(|content| content.byte_len() > 0);
    if let Some(content) = content
        && content.byte_len() != claimed
    {
        let (dtype, available) = (dtype_name(constant.dtype), content.byte_len());
        return Err(TensorFlowFault::ByteCount { name: name.clone(), dtype, shape, claimed, available }.at(location()));
    }
    Ok(Some(TensorDescriptor {
        name,
        dtype: dtype_name(constant.dtype),
        shape,
        strides: None,
        bytes: claimed,
        file: None,
        start: content.map(Message::offset),
        shares: None,
    }))
}

/// Inputs and outputs of a graph without signatures: its placeholders, and what nothing takes in.
fn ports(model: &mut ModelDescriptor, graph: &Graph<'_>, budget: &mut Budget<'_>) -> Result<()> {
    let used: HashSet<&str> =
        graph.nodes.iter().flat_map(|node| node.inputs.iter().map(|input| node_of(input))).collect();
    for node in &graph.nodes {
        match node.op.as_ref() {
            "Placeholder" | "PlaceholderWithDefault" | "PlaceholderV2" => {
                let code =
                    node.attribute("dtype")?.filter(|field| field.number == 6).map(|field| field.int()).transpose()?;
                let dims = match node.attribute("shape")?.filter(|field| field.number == 7) {
                    Some(field) => shape(field.message()?, budget)?,
                    None => None,
                };
                let optional = node.op == "PlaceholderWithDefault";
                model
                    .inputs
                    .push(PortDescriptor { optional, ..describe(node.name.to_string(), code, dims.as_deref()) });
            }
            "Const" | "NoOp" | "Assert" | "SaveV2" | "RestoreV2" => {}
            _ if !used.contains(node.name.as_ref()) => {
                let code = match node.attribute("T")?.filter(|field| field.number == 6) {
                    Some(field) => Some(field.int()?),
                    None => None,
                };
                model.outputs.push(describe(node.name.to_string(), code, None));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Reads everything of a meta graph but its graph.
///
/// # Errors
/// `Malformed`, `LimitExceeded`, `Cancelled`.
pub(super) fn read_facts(message: Message<'_>, budget: &mut Budget<'_>) -> Result<MetaFacts> {
    let mut facts = MetaFacts::default();
    for field in message.fields() {
        let field = field?;
        match field.number {
            1 => {
                for info in field.message()?.fields() {
                    let info = info?;
                    match info.number {
                        4 => {
                            budget.spend(64)?;
                            facts.tags.push(info.text()?.into_owned());
                        }
                        5 => facts.tensorflow_version = Some(info.text()?.into_owned()),
                        6 => facts.tensorflow_git_version = Some(info.text()?.into_owned()),
                        _ => {}
                    }
                }
            }
            3 => facts.saver = Some(Saver::read(field.message()?)?),
            4 => {
                let (key, value) = map_entry(&field)?;
                let runs = matches!(key.as_str(), "saved_model_main_op" | "legacy_init_op" | "saved_model_init_op");
                if let Some(list) = value.filter(|_| runs).map(|value| value.find(1)).transpose()?.flatten() {
                    for node in list.message()?.fields() {
                        budget.spend(64)?;
                        facts.initializers.push(node_of(&node?.text()?).to_owned());
                    }
                }
            }
            5 => {
                let (key, value) = map_entry(&field)?;
                if let Some(value) = value {
                    facts.signatures.insert(key, Signature::read(value, budget)?);
                }
            }
            6 => {
                budget.spend(128)?;
                for asset in field.message()?.fields() {
                    let asset = asset?;
                    match asset.number {
                        1 => {
                            let name = asset.message()?.find(1)?;
                            let name = name.map(|name| name.text()).transpose()?;
                            facts.asset_nodes.extend(name.map(|name| node_of(&name).to_owned()));
                        }
                        2 => facts.assets.push(asset.text()?.into_owned()),
                        _ => {}
                    }
                }
            }
            7 => {
                for object in field.message()?.fields() {
                    match object?.number {
                        1 => facts.objects = facts.objects.saturating_add(1),
                        2 => facts.functions_exposed = facts.functions_exposed.saturating_add(1),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    Ok(facts)
}
