//! Folder → descriptor.

use crate::artifact::Artifact;
use crate::context::Context;
use crate::descriptor::{Component, Dimension, FormatId, ModelDescriptor, PortDescriptor, Producer, Task};
use crate::error::Result;
use crate::finding::{Finding, Severity};
use crate::formats::mlflow::{FORMAT, config};
use crate::formats::{Analyzer, Match};
use crate::scan::bundle::packages;
use crate::tensor::DType;
use crate::wire::json::{self, Json};
use crate::wire::yaml;

/// Describes `MLflow` folders, and an `MLmodel` by itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct MlflowAnalyzer;

/// Flavours of models over tables.
const TABULAR: &[&str] =
    &["sklearn", "xgboost", "lightgbm", "catboost", "h2o", "statsmodels", "spark", "pmdarima", "shap", "fastai"];

impl Analyzer for MlflowAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        if config::entry(artifact).is_some() { Match::Certain } else { Match::No }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let (name, document) = config::read(artifact, cx)?;
        let mut model = ModelDescriptor::of(artifact, FORMAT, name);
        let flavors = config::flavors(&document);
        let text = |key: &str| document.get(key).and_then(Json::as_str).map(str::to_owned);
        model.producer = Some(Producer { name: "mlflow".to_owned(), version: text("mlflow_version") });
        if let Some((flavor, facts)) = flavors.iter().find(|(name, _)| *name != "python_function") {
            model.framework = Some(Producer { name: (*flavor).to_owned(), version: version(flavor, facts) });
            model.architecture = first(facts, &["model_class", "pipeline_model_type", "instance_type", "model_type"]);
            model.task = TABULAR.contains(flavor).then_some(Task::Tabular);
        } else if flavors.iter().any(|(name, _)| *name == "python_function") {
            model.framework = Some(Producer { name: "python_function".to_owned(), version: None });
        }
        model.components = flavors.iter().filter_map(|(name, facts)| component(name, facts)).collect();
        model.dependencies = dependencies(artifact, cx);
        for key in ["run_id", "model_uuid", "model_id", "artifact_path", "utc_time_created"] {
            model.metadata.extend(text(key).map(|value| (key.to_owned(), value)));
        }
        if let Some(bytes) = document.get("model_size_bytes").and_then(Json::as_u64) {
            model.metadata.insert("model_size_bytes".to_owned(), bytes.to_string());
        }
        let python = document.at(&["flavors", "python_function"]);
        for key in ["loader_module", "python_version"] {
            let value = python.and_then(|facts| facts.get(key)).and_then(Json::as_str);
            model.metadata.extend(value.map(|value| (key.to_owned(), value.to_owned())));
        }
        for (side, key) in [("inputs", "inputs"), ("outputs", "outputs")] {
            let Some(signature) = document.at(&["signature", key]).filter(|value| **value != Json::Null) else {
                continue;
            };
            match ports(signature, side, cx) {
                Ok(ports) if side == "inputs" => model.inputs = ports,
                Ok(ports) => model.outputs = ports,
                Err(error) => {
                    let message = format!("the signature's {side} are not understood: {}", error.message());
                    model.findings.push(Finding::new("mlflow.signature", Severity::Warning, message));
                }
            }
        }
        let batch = |port: &PortDescriptor| {
            port.shape.as_ref().is_some_and(|shape| shape.first() == Some(&Dimension::Symbol("batch".to_owned())))
        };
        if model.inputs.iter().any(batch) {
            model.symbols = vec!["batch".to_owned()];
        }
        Ok(model)
    }
}

fn first(facts: &Json, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| facts.get(key)?.as_str()).map(str::to_owned)
}

/// The version of a flavour's library, under whichever name the flavour keeps it.
fn version(flavor: &str, facts: &Json) -> Option<String> {
    let key = match flavor {
        "xgboost" => "xgb_version".to_owned(),
        "lightgbm" => "lgb_version".to_owned(),
        "catboost" => "catboost_version".to_owned(),
        "pytorch" => "pytorch_version".to_owned(),
        name => format!("{name}_version"),
    };
    first(facts, &[&key])
}

fn component(name: &str, facts: &Json) -> Option<Component> {
    let files =
        ["pickled_model", "model_path", "data", "python_model", "model_data", "model_binary", "model_code_path"];
    let path = first(facts, &files)?;
    let library = first(facts, &["loader_module"]).or_else(|| (name != "python_function").then(|| name.to_owned()));
    let architecture = first(facts, &["model_class", "model_type"]);
    Some(Component { name: name.to_owned(), format: None, path: Some(path), architecture, library })
}

/// What must be installed: `requirements.txt`, or the environment of conda.
fn dependencies(artifact: &Artifact, cx: &Context) -> Vec<String> {
    if let Ok(blob) = artifact.blob("requirements.txt") {
        return packages(&String::from_utf8_lossy(&blob));
    }
    let conda = artifact.blob("conda.yaml").and_then(|blob| yaml::parse(&blob, cx));
    let Ok(conda) = conda else { return Vec::new() };
    let entries = conda.get("dependencies").map(Json::items).unwrap_or_default();
    let pip = entries.iter().filter_map(|entry| entry.get("pip")).flat_map(Json::items);
    pip.filter_map(Json::as_str).map(str::to_owned).collect()
}

/// One side of a signature: JSON inside of YAML, or, since 2.20, the values themselves.
fn ports(signature: &Json, side: &str, cx: &Context) -> Result<Vec<PortDescriptor>> {
    let parsed;
    let list = match signature {
        Json::String(text) => {
            let blob = crate::blob::Blob::from_bytes("signature", text.clone().into_bytes());
            parsed = json::parse(&blob, cx)?.root;
            &parsed
        }
        other => other,
    };
    let name = if side == "inputs" { "input" } else { "output" };
    let ports = list.items().iter().enumerate().map(|(index, port)| {
        let numbered = || if index == 0 { name.to_owned() } else { format!("{name}_{index}") };
        let label = port.get("name").and_then(Json::as_str).map_or_else(numbered, str::to_owned);
        let optional =
            port.get("required").or_else(|| port.get("optional").filter(|value| value.as_bool() == Some(false)));
        let optional = optional.and_then(Json::as_bool) == Some(false) && port.get("required").is_some();
        match port.get("tensor-spec") {
            Some(spec) => tensor(label, spec, optional),
            None => column(label, port.get("type").and_then(Json::as_str).unwrap_or("?"), optional),
        }
    });
    Ok(ports.collect())
}

fn tensor(name: String, spec: &Json, optional: bool) -> PortDescriptor {
    let words = spec.get("dtype").and_then(Json::as_str).unwrap_or("?");
    let dtype = DType::from_name(words);
    let dims = spec.get("shape").map(Json::items).unwrap_or_default().iter().enumerate().map(|(axis, dim)| {
        match (dim.as_u64(), axis) {
            (Some(dim), _) => Dimension::Known(dim),
            (None, 0) => Dimension::Symbol("batch".to_owned()),
            (None, _) => Dimension::Unknown,
        }
    });
    port(name, words, dtype, dims.collect(), optional)
}

/// A column: one value for each row.
fn column(name: String, words: &str, optional: bool) -> PortDescriptor {
    let dtype = match words {
        "boolean" => Some(DType::Bool),
        "integer" => Some(DType::Int32),
        "long" => Some(DType::Int64),
        "float" => Some(DType::Float32),
        "double" => Some(DType::Float64),
        "string" => Some(DType::String),
        _ => None, // binary, datetime, objects and arrays: no element type of tensors
    };
    port(name, words, dtype, vec![Dimension::Symbol("batch".to_owned())], optional)
}

fn port(name: String, words: &str, dtype: Option<DType>, shape: Vec<Dimension>, optional: bool) -> PortDescriptor {
    let spelt = shape.iter().map(|dim| match dim {
        Dimension::Known(dim) => dim.to_string(),
        Dimension::Symbol(name) => name.clone(),
        Dimension::Unknown => "?".to_owned(),
    });
    let element = dtype.map_or_else(|| words.to_owned(), |dtype| dtype.to_string());
    let ty = format!("{element}[{}]", spelt.collect::<Vec<_>>().join(", "));
    let shape = dtype.is_some().then_some(shape);
    PortDescriptor { name, ty, dtype, shape, optional }
}
