//! Bytes → descriptor.

use crate::artifact::Artifact;
use crate::context::Context;
use crate::descriptor::{Dimension, FileRole, LayerDescriptor, ModelDescriptor, PortDescriptor, Producer};
use crate::error::{Location, Result};
use crate::formats::single::has_extension;
use crate::formats::tfjs::FORMAT;
use crate::formats::tfjs::manifest::{TfjsFault, groups, is_model};
use crate::formats::{Analyzer, FormatId, Match};
use crate::tensor::DType;
use crate::wire::budget::Budget;
use crate::wire::json::{self, Json};

/// Describes TensorFlow.js models.
#[derive(Debug, Clone, Copy, Default)]
pub struct TfjsAnalyzer;

fn entry(artifact: &Artifact) -> Option<String> {
    let mut names =
        artifact.entries().map(|(name, _)| name).filter(|name| !artifact.is_folder() || has_extension(name, "json"));
    let model = |name: &&str| artifact.blob(name).is_ok_and(|blob| is_model(&blob));
    names.find(model).map(str::to_owned)
}

impl Analyzer for TfjsAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        if entry(artifact).is_some() { Match::Certain } else { Match::No }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let Some(name) = entry(artifact) else {
            return Err(TfjsFault::NoModel.at(Location::file(artifact.name())));
        };
        let blob = artifact.blob(&name)?;
        let root = json::parse(&blob, cx)?.root;
        let mut model = ModelDescriptor::of(artifact, FORMAT, &name);
        let text = |key: &str| root.get(key).and_then(Json::as_str).map(str::to_owned);
        model.framework = Some(Producer { name: "tensorflowjs".to_owned(), version: None });
        model.format_version = text("format");
        // `generatedBy` is the framework with its version, `convertedBy` the converter
        model.producer = text("convertedBy").filter(|by| !by.is_empty()).map(|by| match by.rsplit_once(" v") {
            Some((name, version)) => Producer { name: name.to_owned(), version: Some(version.to_owned()) },
            None => Producer { name: by, version: None },
        });
        model.metadata.extend(text("generatedBy").map(|by| ("generated_by".to_owned(), by)));
        describe(&mut model, &root);
        let size = |path: &str| artifact.resolve(&name, path).ok().map(|shard| shard.len());
        let folder = name.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let mut tensors = Vec::new();
        for group in groups(&root, &blob, &mut Budget::new(cx), &size)? {
            for path in group.paths.iter().map(|path| format!("{folder}{path}")) {
                for listed in model.files.iter_mut().filter(|listed| listed.name == path) {
                    listed.role = FileRole::ExternalData;
                }
            }
            tensors.extend(group.weights);
        }
        for tensor in &mut tensors {
            tensor.file = tensor.file.take().map(|file| format!("{folder}{file}"));
        }
        let layers = std::mem::take(&mut model.layers);
        let mut model = model.with_tensors(tensors);
        model.layers = layers;
        Ok(model)
    }
}

fn describe(model: &mut ModelDescriptor, root: &Json) {
    let Some(topology) = root.get("modelTopology") else { return };
    let nodes = topology.get("node").map(Json::items).unwrap_or_default();
    for node in nodes {
        let op = node.get("op").and_then(Json::as_str).unwrap_or_default();
        let count = model.operators.entry(op.to_owned()).or_insert(0);
        *count = count.saturating_add(1);
        model.nodes = model.nodes.saturating_add(1);
    }
    // a Keras model: its own configuration, or one that a trainer wrapped
    let config = topology.get("model_config").unwrap_or(topology);
    if let Some(class) = config.get("class_name").and_then(Json::as_str) {
        model.architecture = Some(class.to_owned());
        let version = topology.get("keras_version").and_then(Json::as_str);
        model.metadata.extend(version.map(|version| ("keras_version".to_owned(), version.to_owned())));
    }
    let layers = config.at(&["config", "layers"]).or_else(|| config.get("config")).map(Json::items).unwrap_or_default();
    for layer in layers {
        let class = layer.get("class_name").and_then(Json::as_str).unwrap_or_default();
        let name = layer.at(&["config", "name"]).and_then(Json::as_str).unwrap_or_default();
        model.layers.push(LayerDescriptor {
            name: name.to_owned(),
            kind: Some(class.to_owned()),
            ..LayerDescriptor::default()
        });
        if class == "InputLayer" {
            let shape = layer.at(&["config", "batch_input_shape"]).or_else(|| layer.at(&["config", "batch_shape"]));
            model.inputs.push(port(name, layer.at(&["config", "dtype"]).and_then(Json::as_str), shape));
        }
    }
    for (key, list) in [("inputs", &mut model.inputs), ("outputs", &mut model.outputs)] {
        for (name, info) in root.at(&["signature", key]).map(Json::entries).unwrap_or_default() {
            let dtype = info
                .get("dtype")
                .and_then(Json::as_str)
                .map(|dtype| dtype.trim_start_matches("DT_").to_ascii_lowercase());
            let dtype = dtype.map(|dtype| if dtype == "float" { "float32".to_owned() } else { dtype });
            let dims = info.at(&["tensorShape", "dim"]).map(|dims| {
                // sizes are texts, because they have 64 bits
                let sizes = dims.items().iter().map(|dim| match dim.get("size") {
                    Some(Json::String(size)) => size.parse().map_or(Json::Null, Json::Int),
                    Some(size) => size.clone(),
                    None => Json::Int(0),
                });
                Json::Array(sizes.collect())
            });
            list.push(port(name, dtype.as_deref(), dims.as_ref()));
        }
    }
}

fn port(name: &str, dtype: Option<&str>, shape: Option<&Json>) -> PortDescriptor {
    let dims: Option<Vec<_>> = shape.map(|shape| {
        shape.items().iter().map(|dim| dim.as_u64().map_or(Dimension::Unknown, Dimension::Known)).collect()
    });
    let words =
        dims.iter().flatten().map(|dim| if let Dimension::Known(dim) = dim { dim.to_string() } else { "?".to_owned() });
    let ty = format!("{}[{}]", dtype.unwrap_or("?"), words.collect::<Vec<_>>().join(", "));
    PortDescriptor { name: name.to_owned(), ty, dtype: dtype.and_then(DType::from_name), shape: dims, optional: false }
}
