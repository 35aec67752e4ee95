//! Exported programs: a graph as JSON, weights beside it; and packages of compiled code in the same archive.
//!
//! Two layouts are read. Since torch 2.8 the archive has `archive_format`, `models/<name>.json` and raw tensors below
//! `data/weights` with an index; before, one `serialized_exported_program.json` and the tensors as a checkpoint inside.

use std::collections::BTreeMap;

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::{Dimension, ModelDescriptor, PortDescriptor, Producer, TensorDescriptor};
use crate::error::{Location, Result};
use crate::finding::{Finding, Severity};
use crate::formats::torch::PROGRAM;
use crate::formats::torch::analyze::{analyze_kind, describe, single};
use crate::formats::torch::dtype;
use crate::formats::torch::error::TorchError;
use crate::formats::torch::records::{Kind, Records, kind};
use crate::formats::torch::saved::{Saved, Source, row_major};
use crate::formats::{Analyzer, FormatId, Match};
use crate::wire::json::{self, Json};

/// Describes what `torch.export.save` wrote.
#[derive(Debug, Clone, Copy, Default)]
pub struct ExportedProgramAnalyzer;

impl Analyzer for ExportedProgramAnalyzer {
    fn format(&self) -> FormatId {
        PROGRAM
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        let is_program = single(artifact).is_some_and(|(_, blob)| kind(&blob) == Some(Kind::Program));
        if is_program { Match::Certain } else { Match::No }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        analyze_kind(artifact, Kind::Program, cx)
    }
}

/// The record that holds the graph in the older layout.
const OLD: &str = "serialized_exported_program.json";

pub(super) fn analyze(saved: &Saved, artifact: &Artifact, name: &str, cx: &Context) -> Result<ModelDescriptor> {
    let mut model = ModelDescriptor::of(artifact, PROGRAM, name);
    model.framework = Some(Producer { name: "pytorch".to_owned(), version: None });
    model.dependencies = vec!["torch".to_owned()];
    let Source::Zip(records) = &saved.source else { return Ok(model) };
    let is_json = |record: &str| record.rsplit_once('.').is_some_and(|(_, end)| end == "json");
    let is_graph = |record: &&str| *record == OLD || (record.starts_with("models/") && is_json(record));
    let graphs: Vec<String> = records.names().filter(is_graph).map(str::to_owned).collect();
    let native = records.names().filter(|record| record.starts_with("data/aotinductor/")).count();
    if native > 0 {
        let message = format!("{native} records of compiled code for AOTInductor");
        model.findings.push(Finding::new("torch.native_package", Severity::Warning, message));
    }
    for record in &graphs {
        let Some(text) = records.structure(record, cx)? else { continue };
        graph(record, &text, &mut model, cx)?;
    }
    let mut tensors = Vec::new();
    for folder in ["data/weights", "data/constants"] {
        for record in records.names().filter(|record| is_index(record, folder)).map(str::to_owned).collect::<Vec<_>>() {
            let Some(text) = records.structure(&record, cx)? else { continue };
            let index = json::parse(&text, cx).map_err(|error| error.with_item(record.clone()))?;
            table(records, folder, name, &index.root, &mut tensors, cx)?;
        }
    }
    if tensors.is_empty() {
        old_tensors(records, name, &mut model, cx)?;
        return Ok(model);
    }
    Ok(model.with_tensors(tensors))
}

fn is_index(record: &str, folder: &str) -> bool {
    record.starts_with(folder) && record.ends_with("_config.json")
}

/// The graph, its signature, and who wrote it.
fn graph(record: &str, text: &Blob, model: &mut ModelDescriptor, cx: &Context) -> Result<()> {
    let document = json::parse(text, cx).map_err(|error| error.with_item(record.to_owned()))?;
    let root = &document.root;
    let at = || Location { item: Some(record.to_owned()), ..Location::file(text.name()) };
    let missing = |reason| TorchError::Program { at: at(), record: record.to_owned(), reason };
    let graph = root.at(&["graph_module", "graph"]).ok_or_else(|| missing("it has no graph"))?;
    if let Some(version) = root.get("torch_version").and_then(Json::as_str) {
        model.framework = Some(Producer { name: "pytorch".to_owned(), version: Some(version.to_owned()) });
    }
    if let Some(version) = root.get("schema_version") {
        let part = |key| version.get(key).and_then(Json::as_u64);
        model.format_version = part("major").zip(part("minor")).map(|(major, minor)| format!("{major}.{minor}"));
    }
    for (domain, version) in root.get("opset_version").map(Json::entries).unwrap_or_default() {
        if let Some(version) = version.as_u64() {
            model.opsets.insert(domain.clone(), version);
        }
    }
    for node in graph.get("nodes").map(Json::items).unwrap_or_default() {
        let Some(target) = node.get("target").and_then(Json::as_str) else { continue };
        let count = model.operators.entry(operator(target)).or_default();
        *count = count.saturating_add(1);
        model.nodes = model.nodes.saturating_add(1);
        cx.tick("analyze", model.nodes, 0)?;
    }
    let values: BTreeMap<&str, &Json> = graph
        .get("tensor_values")
        .map(Json::entries)
        .unwrap_or_default()
        .iter()
        .map(|(key, value)| (key.as_str(), value))
        .collect();
    let signature = root.at(&["graph_module", "signature"]);
    let specs = |key| signature.and_then(|signature| signature.get(key)).map(Json::items).unwrap_or_default();
    let names = root.at(&["graph_module", "module_call_graph"]).map(Json::items).unwrap_or_default();
    if let Some(class) =
        names.first().and_then(|call| call.get("fqn")).and_then(Json::as_str).filter(|name| !name.is_empty())
    {
        model.architecture = Some(class.to_owned());
    }
    model.inputs.extend(specs("input_specs").iter().filter_map(|spec| port(spec.get("user_input")?, &values)));
    model.outputs.extend(specs("output_specs").iter().filter_map(|spec| port(spec.get("user_output")?, &values)));
    let dims = model.inputs.iter().filter_map(|input| input.shape.as_ref()).flatten();
    let mut symbols = Vec::new();
    for dim in dims {
        if let Dimension::Symbol(symbol) = dim
            && !symbols.contains(symbol)
        {
            symbols.push(symbol.clone());
        }
    }
    model.symbols = symbols;
    Ok(())
}

/// `torch.ops.aten.linear.default` is `aten::linear`.
pub(super) fn operator(target: &str) -> String {
    let Some(path) = target.strip_prefix("torch.ops.") else { return target.to_owned() };
    let mut steps = path.split('.');
    match (steps.next(), steps.next()) {
        (Some(domain), Some(name)) => format!("{domain}::{name}"),
        _ => path.to_owned(),
    }
}

fn port(spec: &Json, values: &BTreeMap<&str, &Json>) -> Option<PortDescriptor> {
    let arg = spec.get("arg")?;
    let (kind, body) = arg.entries().first()?;
    let name = body.get("name").and_then(Json::as_str).unwrap_or(kind);
    if kind != "as_tensor" {
        let ty = kind.strip_prefix("as_").unwrap_or(kind).to_owned();
        return Some(PortDescriptor { name: name.to_owned(), ty, dtype: None, shape: None, optional: false });
    }
    let meta = values.get(name)?;
    let element = meta.get("dtype").and_then(Json::as_u64).and_then(dtype::of_number);
    let shape: Vec<Dimension> = meta.get("sizes").map(Json::items).unwrap_or_default().iter().map(dimension).collect();
    let words: Vec<String> = shape
        .iter()
        .map(|dim| match dim {
            Dimension::Known(size) => size.to_string(),
            Dimension::Symbol(symbol) => symbol.clone(),
            Dimension::Unknown => "?".to_owned(),
        })
        .collect();
    let element_name = element.map_or("tensor", dtype::Element::name);
    Some(PortDescriptor {
        name: name.to_owned(),
        ty: format!("{element_name}[{}]", words.join(", ")),
        dtype: element.and_then(|element| if let dtype::Element::Plain(dtype) = element { Some(dtype) } else { None }),
        shape: Some(shape),
        optional: false,
    })
}

/// A number, or a symbol: `Symbol('s77', positive=True, integer=True)` is `s77`.
fn dimension(size: &Json) -> Dimension {
    if let Some(size) = size.get("as_int").and_then(Json::as_u64) {
        return Dimension::Known(size);
    }
    let Some(expression) = size.at(&["as_expr", "expr_str"]).and_then(Json::as_str) else { return Dimension::Unknown };
    let inner = expression.strip_prefix("Symbol('").and_then(|rest| rest.split('\'').next());
    let is_one = expression.matches("Symbol(").count() <= 1 && !expression.contains([' ', '*', '+']);
    match inner {
        Some(symbol) if expression.matches("Symbol(").count() == 1 && expression.ends_with(')') => {
            Dimension::Symbol(symbol.to_owned())
        }
        _ if is_one => Dimension::Symbol(expression.to_owned()),
        _ => Dimension::Symbol(expression.replace(' ', "")),
    }
}

/// The tensors of an index: `{"config": {name: {"path_name", "tensor_meta", …}}}`.
fn table(
    records: &Records,
    folder: &str,
    file: &str,
    index: &Json,
    tensors: &mut Vec<TensorDescriptor>,
    cx: &Context,
) -> Result<()> {
    let cap = cx.limits().tensors;
    let mut firsts: BTreeMap<String, String> = BTreeMap::new();
    for (name, item) in index.get("config").map(Json::entries).unwrap_or_default() {
        if tensors.len() as u64 >= cap {
            return Err(TorchError::TooMany { at: records.location(), what: "tensors", limit: "tensors", cap }.into());
        }
        let (Some(path), Some(meta)) = (item.get("path_name").and_then(Json::as_str), item.get("tensor_meta")) else {
            continue;
        };
        let sizes = |key| -> Vec<u64> {
            let sizes = meta.get(key).map(Json::items).unwrap_or_default().iter();
            sizes.filter_map(|size| size.get("as_int").and_then(Json::as_u64)).collect()
        };
        let (shape, strides) = (sizes("sizes"), sizes("strides"));
        let element = meta.get("dtype").and_then(Json::as_u64).and_then(dtype::of_number);
        let width = element.map_or(1, dtype::Element::bytes);
        let elements = shape.iter().fold(1_u64, |product, dim| product.saturating_mul(*dim));
        let offset = meta.at(&["storage_offset", "as_int"]).and_then(Json::as_u64).unwrap_or(0).saturating_mul(width);
        let is_raw = item.get("use_pickle").and_then(Json::as_bool) != Some(true);
        let entry = records.entry(&format!("{folder}/{path}")).filter(|entry| is_raw && entry.is_plain());
        let start = entry.and_then(|entry| entry.data.as_ref()?.start.checked_add(offset));
        let shares = firsts.get(path).cloned();
        firsts.entry(path.to_owned()).or_insert_with(|| name.clone());
        tensors.push(TensorDescriptor {
            name: name.clone(),
            dtype: element.map_or_else(|| "unknown".to_owned(), |element| element.name().to_owned()),
            strides: (!row_major(&shape, &strides)).then_some(strides),
            shape,
            bytes: elements.saturating_mul(width),
            file: start.map(|_| file.to_owned()),
            start,
            shares,
        });
    }
    Ok(())
}

/// The tensors of the older layout: checkpoints inside the archive.
fn old_tensors(records: &Records, name: &str, model: &mut ModelDescriptor, cx: &Context) -> Result<()> {
    for record in ["serialized_state_dict.pt", "serialized_state_dict.json"] {
        let Some(entry) = records.entry(record) else { continue };
        let blob = records.directory.member(entry, cx.limits().structure_bytes, cx)?;
        if blob.is_empty() || kind(&blob).is_none() {
            continue;
        }
        let inner = Saved::open(&blob, cx)?;
        let shift = entry.data.as_ref().filter(|_| entry.is_plain()).map(|data| data.start);
        let (version, framework, architecture) =
            (model.format_version.take(), model.framework.take(), model.architecture.take());
        describe(&inner, name, model, cx)?;
        (model.format_version, model.framework, model.architecture) = (version, framework, architecture);
        for tensor in &mut model.tensors {
            tensor.start = tensor.start.zip(shift).and_then(|(start, shift)| start.checked_add(shift));
            tensor.file = tensor.start.map(|_| name.to_owned());
        }
    }
    Ok(())
}
