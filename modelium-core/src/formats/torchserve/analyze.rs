//! Bytes → descriptor.

use crate::artifact::Artifact;
use crate::context::Context;
use crate::descriptor::{Component, FormatId, ModelDescriptor, Producer, Task};
use crate::error::Result;
use crate::formats::single::{only_file, the_file};
use crate::formats::torchserve::{FORMAT, archive};
use crate::formats::{Analyzer, Match};
use crate::scan::bundle::packages;
use crate::wire::json::Json;
use crate::wire::zip::Directory;

/// Describes TorchServe's archives.
#[derive(Debug, Clone, Copy, Default)]
pub struct TorchserveAnalyzer;

impl Analyzer for TorchserveAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        match only_file(artifact) {
            Some((_, blob)) if archive::is_archive(&blob, &Context::new()) => Match::Certain,
            _ => Match::No,
        }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let (name, blob) = the_file(artifact)?;
        let directory = Directory::read(&blob, cx)?;
        let manifest = archive::manifest(&blob, &directory, cx)?;
        let mut model = ModelDescriptor::of(artifact, FORMAT, name);
        let text = |key: &str| manifest.get(key).and_then(Json::as_str).map(str::to_owned);
        let fact = |key: &str| archive::model(&manifest, key).map(str::to_owned);
        model.producer = Some(Producer { name: "torch-model-archiver".to_owned(), version: text("archiverVersion") });
        model.framework = Some(Producer { name: "torch".to_owned(), version: None });
        model.format_version = text("specificationVersion");
        let handler = fact("handler");
        model.task = handler.as_deref().and_then(task);
        let pairs = [
            ("model_name", fact("modelName")),
            ("model_version", fact("modelVersion")),
            ("handler", handler.clone()),
            ("runtime", text("runtime")),
            ("created", text("createdOn")),
            ("config_file", fact("configFile")),
        ];
        model.metadata.extend(pairs.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
        for (label, key) in [("model", "serializedFile"), ("definition", "modelFile")] {
            if let Some(path) = fact(key) {
                let library = Some("torch".to_owned());
                model.components.push(Component {
                    name: label.to_owned(),
                    path: Some(path),
                    library,
                    ..Component::default()
                });
            }
        }
        let requirements = fact("requirementsFile").unwrap_or_else(|| "requirements.txt".to_owned());
        if let Some(entry) = directory.entry(&requirements).filter(|entry| entry.bytes <= 1 << 20) {
            model.dependencies = packages(&String::from_utf8_lossy(&directory.member(entry, entry.bytes, cx)?));
        }
        Ok(model)
    }
}

/// What TorchServe's own handlers are for.
fn task(handler: &str) -> Option<Task> {
    match handler {
        "image_classifier" | "image_segmenter" | "object_detector" | "vision_handler" => Some(Task::Vision),
        "text_classifier" | "text_handler" => Some(Task::Text),
        _ => None,
    }
}
