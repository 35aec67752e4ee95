//! Bytes → descriptor.

use crate::artifact::Artifact;
use crate::context::Context;
use crate::descriptor::{Component, FormatId, ModelDescriptor, Producer, Task};
use crate::error::Result;
use crate::formats::nemo::{FORMAT, archive};
use crate::formats::single::{only_file, the_file};
use crate::formats::{Analyzer, Match};
use crate::wire::json::Json;
use crate::wire::tar::{Tar, TarKind};

/// Describes NeMo's archives.
#[derive(Debug, Clone, Copy, Default)]
pub struct NemoAnalyzer;

impl Analyzer for NemoAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    /// A gzipped archive can be told only by inflating its beginning.
    fn probe(&self, artifact: &Artifact) -> Match {
        let Some((_, blob)) = only_file(artifact) else { return Match::No };
        let cx = Context::new();
        if archive::is_archive(&blob, &cx) {
            return Match::Certain;
        }
        if blob.starts_with(b"\x1f\x8b") && archive::begins(&blob) { Match::Certain } else { Match::No }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let (name, stored) = the_file(artifact)?;
        let blob = archive::open(&stored, cx)?;
        let tar = Tar::read(&blob, cx)?;
        let config = archive::config(&blob, &tar, cx)?;
        let mut model = ModelDescriptor::of(artifact, FORMAT, name);
        let text = |key: &str| config.get(key).and_then(Json::as_str).map(str::to_owned);
        model.framework = Some(Producer { name: "nemo".to_owned(), version: text("nemo_version") });
        let target = text("target").or_else(|| text("_target_"));
        model.architecture = target.as_ref().and_then(|target| target.rsplit('.').next()).map(str::to_owned);
        model.task = target.as_deref().and_then(task);
        model.metadata.extend(target.map(|target| ("target".to_owned(), target)));
        for key in ["sample_rate", "name", "model_type"] {
            let value = config.get(key).or_else(|| config.at(&["preprocessor", key]));
            let value = value.and_then(|value| match value {
                Json::String(text) => Some(text.clone()),
                Json::Int(number) => Some(number.to_string()),
                _ => None,
            });
            model.metadata.extend(value.map(|value| (key.to_owned(), value)));
        }
        // the parts that the config builds, each with its class
        for (key, part) in config.entries() {
            if let Some(class) = part.get("_target_").and_then(Json::as_str) {
                let architecture = class.rsplit('.').next().map(str::to_owned);
                let library = class.split('.').next().map(str::to_owned);
                model.components.push(Component { name: key.clone(), architecture, library, ..Component::default() });
            }
        }
        let weights = tar.entries.iter().filter(|entry| entry.kind == TarKind::File && !archive::is_config(entry));
        for entry in
            weights.filter(|entry| [".ckpt", ".pt", ".safetensors"].iter().any(|end| entry.name.ends_with(end)))
        {
            let path = archive::plain(&entry.name).to_owned();
            let library = Some("torch".to_owned());
            model.components.push(Component {
                name: "weights".to_owned(),
                path: Some(path),
                library,
                ..Component::default()
            });
        }
        model.dependencies = vec!["nemo_toolkit".to_owned()];
        Ok(model)
    }
}

/// What the collection that a class lies in is for.
fn task(target: &str) -> Option<Task> {
    let collection = target.strip_prefix("nemo.collections.")?.split('.').next()?;
    match collection {
        "asr" | "tts" | "audio" => Some(Task::Audio),
        "nlp" | "llm" => Some(Task::Text),
        "cv" | "vision" => Some(Task::Vision),
        "multimodal" | "vlm" => Some(Task::Multimodal),
        _ => None,
    }
}
