//! Folders that are made of several models: pipelines of diffusers, the steps of sentence-transformers, adapters.

use crate::artifact::Artifact;
use crate::descriptor::{Component, FormatId};
use crate::wire::json::Json;

/// The parts of a pipeline that have a class; each lies in a folder of its name.
pub(super) fn pipeline(root: &Json, artifact: &Artifact) -> Vec<Component> {
    let parts = root.entries().iter().filter(|(name, _)| !name.starts_with('_')).filter_map(|(name, value)| {
        let [library, class] = value.items() else { return None };
        let folder = format!("{name}/");
        let format = stored(artifact, &folder);
        Some(Component {
            name: name.clone(),
            path: artifact.entries().any(|(entry, _)| entry.starts_with(&folder)).then(|| name.clone()),
            format,
            architecture: Some(class.as_str()?.to_owned()),
            library: library.as_str().map(str::to_owned),
        })
    });
    parts.collect()
}

/// The steps of sentence-transformers, in their order.
pub(super) fn modules(root: &Json, artifact: &Artifact) -> Vec<Component> {
    let steps = root.items().iter().filter_map(|step| {
        let class = step.get("type")?.as_str()?;
        let path = step.get("path").and_then(Json::as_str).unwrap_or_default();
        let folder = if path.is_empty() { String::new() } else { format!("{path}/") };
        Some(Component {
            name: step.get("name").and_then(Json::as_str).unwrap_or(path).to_owned(),
            path: (!path.is_empty()).then(|| path.to_owned()),
            format: stored(artifact, &folder),
            architecture: Some(class.rsplit('.').next().unwrap_or(class).to_owned()),
            library: class.split('.').next().map(str::to_owned),
        })
    });
    steps.collect()
}

/// The format of the weights below a folder, where there are some.
fn stored(artifact: &Artifact, folder: &str) -> Option<FormatId> {
    let beside =
        artifact.entries().filter_map(|(name, _)| name.strip_prefix(folder)).filter(|name| !name.contains('/'));
    let format = |name: &str| {
        let ends = [(".safetensors", "safetensors"), (".bin", "torch"), (".onnx", "onnx"), (".gguf", "gguf")];
        ends.iter().find(|(end, _)| name.ends_with(end)).map(|(_, format)| *format)
    };
    beside.filter_map(format).max_by_key(|format| *format == "safetensors").map(FormatId::new)
}
