//! Folder → descriptor.

use crate::artifact::Artifact;
use crate::context::Context;
use crate::descriptor::{Component, FormatId, ModelDescriptor, Producer};
use crate::error::{Location, Result};
use crate::finding::{Finding, Severity};
use crate::formats::oci::FORMAT;
use crate::formats::oci::layout::{self, Blob};
use crate::formats::{Analyzer, Match};
use crate::wire::json::Json;

/// Describes OCI layouts that hold models.
#[derive(Debug, Clone, Copy, Default)]
pub struct OciAnalyzer;

/// Where the configs of the writers keep what is worth telling: ModelPack, Docker, Ollama.
const FACTS: &[(&str, &[&[&str]])] = &[
    ("name", &[&["descriptor", "name"]]),
    ("version", &[&["descriptor", "version"]]),
    ("family", &[&["descriptor", "family"], &["model_family"]]),
    ("architecture", &[&["config", "architecture"]]),
    ("weights_format", &[&["config", "format"], &["model_format"]]),
    ("parameters", &[&["config", "paramSize"], &["config", "parameters"], &["model_type"]]),
    ("quantization", &[&["config", "quantization"], &["file_type"]]),
    ("precision", &[&["config", "precision"]]),
    ("source", &[&["descriptor", "sourceURL"]]),
];

impl Analyzer for OciAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        if layout::is_layout(artifact) { Match::Certain } else { Match::No }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let manifests = layout::manifests(artifact, cx)?;
        let main = manifests.first().map_or("index.json", |manifest| manifest.entry.as_str());
        let mut model = ModelDescriptor::of(artifact, FORMAT, main);
        for manifest in &manifests {
            model.tags.extend(manifest.tag.clone());
            let types = manifest.artifact_type.clone().or_else(|| Some(manifest.config.as_ref()?.media_type.clone()));
            model.metadata.extend(types.map(|ty| ("artifact_type".to_owned(), ty)));
            let config = manifest.config.as_ref().and_then(|config| config.entry.as_deref());
            if let Some(Ok(config)) = config.map(|entry| layout::document(artifact, entry, cx)) {
                tell(&config, &mut model);
            }
            for layer in &manifest.layers {
                if layer.entry.is_none() {
                    let message = format!("layer {} of {} bytes is not in the layout", layer.digest, layer.size);
                    let at = Location::file(artifact.display(&manifest.entry));
                    model.findings.push(Finding::new("oci.layer_missing", Severity::Warning, message).at(at));
                }
                model.components.push(component(layer));
            }
        }
        Ok(model)
    }
}

fn tell(config: &Json, model: &mut ModelDescriptor) {
    for (key, places) in FACTS {
        let value = places.iter().find_map(|place| config.at(place)?.as_str());
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            model.metadata.entry((*key).to_owned()).or_insert_with(|| value.to_owned());
        }
    }
    model.architecture = model.architecture.take().or_else(|| model.metadata.get("architecture").cloned());
    if config.get("model_format").is_some() {
        model.producer = Some(Producer { name: "ollama".to_owned(), version: None });
    }
}

fn component(layer: &Blob) -> Component {
    // a media type names its kind behind the last dot: `application/vnd.ollama.image.model`
    let kind = layer.media_type.rsplit('/').next().unwrap_or_default().to_owned();
    Component {
        name: layer.title.clone().unwrap_or(kind.clone()),
        path: layer.entry.clone(),
        library: Some(kind).filter(|kind| !kind.is_empty() && layer.title.is_some()),
        ..Component::default()
    }
}
