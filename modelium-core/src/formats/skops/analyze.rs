//! Bytes → descriptor.

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::{
    Component, Dimension, FormatId, ModelDescriptor, PortDescriptor, Producer, Task, TensorDescriptor,
};
use crate::error::Result;
use crate::formats::single::{only_file, the_file};
use crate::formats::skops::FORMAT;
use crate::formats::skops::schema::{self, attribute, attributes, literal, text};
use crate::formats::{Analyzer, Match};
use crate::tensor::DType;
use crate::wire::json::Json;
use crate::wire::zip::{Directory, Entry};

/// Describes skops archives.
#[derive(Debug, Clone, Copy, Default)]
pub struct SkopsAnalyzer;

impl Analyzer for SkopsAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        match only_file(artifact) {
            Some((_, blob)) if schema::is_skops(&blob, &Context::new()) => Match::Certain,
            _ => Match::No,
        }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let (entry, blob) = the_file(artifact)?;
        let directory = Directory::read(&blob, cx)?;
        let tree = schema::read(&blob, &directory, cx)?;
        let mut model = ModelDescriptor::of(artifact, FORMAT, entry);
        let version = tree.get("_skops_version").and_then(Json::as_str).map(str::to_owned);
        model.producer = Some(Producer { name: "skops".to_owned(), version });
        model.format_version = tree.get("protocol").and_then(Json::as_u64).map(|protocol| protocol.to_string());
        model.architecture = Some(text(&tree, "__class__").to_owned()).filter(|class| !class.is_empty());
        let library = text(&tree, "__module__").split('.').next().unwrap_or_default();
        if library == "sklearn" {
            let version = attribute(&tree, "_sklearn_version").and_then(|node| literal(node, cx));
            let version = version.as_ref().and_then(Json::as_str).map(str::to_owned);
            let pinned = version.as_ref().map_or(String::new(), |version| format!("=={version}"));
            model.dependencies = vec![format!("scikit-learn{pinned}")];
            model.framework = Some(Producer { name: "sklearn".to_owned(), version });
            model.task = Some(Task::Tabular);
        } else if !library.is_empty() && library != "builtins" {
            model.framework = Some(Producer { name: library.to_owned(), version: None });
        }
        let features = attribute(&tree, "n_features_in_").and_then(|node| literal(node, cx)?.as_u64());
        if let Some(features) = features.or_else(|| step_features(&tree, cx)) {
            model.inputs = vec![PortDescriptor {
                name: "X".to_owned(),
                ty: format!("float64[batch, {features}]"),
                dtype: Some(DType::Float64),
                shape: Some(vec![Dimension::Symbol("batch".to_owned()), Dimension::Known(features)]),
                optional: false,
            }];
            model.symbols = vec!["batch".to_owned()];
        }
        model.components = steps(&tree).iter().filter_map(|step| component(step, cx)).collect();
        let tensors = tensors(&tree, &directory, entry, cx)?;
        Ok(model.with_tensors(tensors))
    }
}

/// The steps of a pipeline: pairs of a name and an estimator.
fn steps(tree: &Json) -> &[Json] {
    attribute(tree, "steps").and_then(|steps| steps.get("content")).map(Json::items).unwrap_or_default()
}

fn component(step: &Json, cx: &Context) -> Option<Component> {
    let [label, estimator, ..] = step.get("content").map(Json::items)? else { return None };
    let label = literal(label, cx)?.as_str()?.to_owned();
    let library = text(estimator, "__module__").split('.').next().map(str::to_owned);
    let architecture = Some(text(estimator, "__class__").to_owned());
    Some(Component { name: label, architecture, library, ..Component::default() })
}

/// What the first step of a pipeline was fitted on.
fn step_features(tree: &Json, cx: &Context) -> Option<u64> {
    let estimator = steps(tree).first()?.get("content")?.items().get(1)?;
    literal(attribute(estimator, "n_features_in_")?, cx)?.as_u64()
}

/// The arrays, by the way to them: `steps.1.coef_`. An array that two nodes name is one.
fn tensors(tree: &Json, directory: &Directory, file: &str, cx: &Context) -> Result<Vec<TensorDescriptor>> {
    let mut found: Vec<TensorDescriptor> = Vec::new();
    let mut named: std::collections::HashMap<&str, String> = std::collections::HashMap::new();
    let mut waiting = vec![(tree, String::new())];
    while let Some((node, path)) = waiting.pop() {
        cx.tick("analyze", found.len() as u64, 0)?;
        if text(node, "__loader__") == "NdArrayNode" && text(node, "type") == "numpy" {
            let member = text(node, "file");
            if let Some(entry) = directory.entry(member) {
                if found.len() as u64 >= cx.limits().tensors {
                    break;
                }
                let shares = named.get(member).cloned();
                named.entry(member).or_insert_with(|| path.clone());
                found.extend(
                    array(entry, directory, path.clone(), file, cx).map(|tensor| TensorDescriptor { shares, ..tensor }),
                );
            }
        }
        let step = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let own = attributes(node);
        if own.is_empty() {
            let list = node.items().iter().enumerate().map(|(index, item)| (item, step(&index.to_string())));
            let keys = node.entries().iter().filter(|(_, value)| matches!(value, Json::Object(_) | Json::Array(_)));
            let plain = |key: &str| matches!(key, "content" | "attrs" | "__reduce__");
            let entries = keys.map(|(key, value)| (value, if plain(key) { path.clone() } else { step(key) }));
            waiting.extend(list.chain(entries).collect::<Vec<_>>().into_iter().rev());
        } else {
            waiting.extend(own.iter().rev().map(|(key, value)| (value, step(key))));
            let others = node.entries().iter().filter(|(key, _)| key == "__reduce__");
            waiting.extend(others.map(|(_, value)| (value, path.clone())));
        }
    }
    Ok(found)
}

/// What the header of an array says; none if it is none that numpy writes.
fn array(entry: &Entry, directory: &Directory, name: String, file: &str, cx: &Context) -> Option<TensorDescriptor> {
    let blob = directory.member(entry, entry.bytes, cx).ok()?;
    let (descr, shape, start) = header(&blob)?;
    let dtype = match descr.trim_start_matches(['<', '>', '|', '=']) {
        "f8" => "float64",
        "f4" => "float32",
        "f2" => "float16",
        "i8" => "int64",
        "i4" => "int32",
        "i2" => "int16",
        "i1" => "int8",
        "u8" => "uint64",
        "u4" => "uint32",
        "u2" => "uint16",
        "u1" => "uint8",
        "b1" => "bool",
        "c8" => "complex64",
        "c16" => "complex128",
        other if other.starts_with(['U', 'S']) => "string",
        _ => "record",
    };
    let plain = entry.data.clone().filter(|_| entry.is_plain());
    Some(TensorDescriptor {
        name,
        dtype: dtype.to_owned(),
        shape,
        bytes: blob.len().saturating_sub(start),
        file: Some(file.to_owned()),
        start: plain.map(|data| data.start.saturating_add(start)),
        ..TensorDescriptor::default()
    })
}

/// Type, dimensions, and where the elements begin.
fn header(blob: &Blob) -> Option<(String, Vec<u64>, u64)> {
    let rest = blob.strip_prefix(b"\x93NUMPY")?;
    let (text, start) = match rest {
        [1, _, low, high, text @ ..] => (text, u64::from(u16::from_le_bytes([*low, *high])).saturating_add(10)),
        [2 | 3, _, a, b, c, d, text @ ..] => (text, u64::from(u32::from_le_bytes([*a, *b, *c, *d])).saturating_add(12)),
        _ => return None,
    };
    let text = std::str::from_utf8(
        text.get(..text.len().min(usize::try_from(start).ok()?))?.split(|byte| *byte == b'\n').next()?,
    )
    .ok()?;
    let descr = text.split_once("'descr':")?.1.trim_start();
    let descr = descr.strip_prefix('\'').and_then(|descr| descr.split('\'').next()).unwrap_or("record");
    let shape = text.split_once("'shape':")?.1.trim_start().strip_prefix('(')?.split(')').next()?;
    let dims = shape.split(',').map(str::trim).filter(|dim| !dim.is_empty()).map(|dim| dim.parse().ok());
    Some((descr.to_owned(), dims.collect::<Option<_>>()?, start))
}
