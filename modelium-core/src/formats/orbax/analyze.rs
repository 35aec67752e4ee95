//! Folder → descriptor.

use crate::artifact::Artifact;
use crate::context::Context;
use crate::descriptor::{Component, FormatId, ModelDescriptor, Producer, TensorDescriptor};
use crate::error::{Location, Result};
use crate::formats::orbax::checkpoint::{self, CHECKPOINT, DATABASE, TREE};
use crate::formats::orbax::zarr::DOCUMENTS;
use crate::formats::orbax::{FORMAT, OrbaxError, ZARR, ocdbt};
use crate::formats::single::head;
use crate::formats::{Analyzer, Match};
use crate::wire::json::Json;

/// Describes Orbax checkpoints and folders of zarr arrays.
#[derive(Debug, Clone, Copy, Default)]
pub struct OrbaxAnalyzer;

impl Analyzer for OrbaxAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        if !artifact.is_folder() {
            return Match::No;
        }
        let begins = |folder: &str, file: &str, words: &str| {
            artifact.blob(&checkpoint::beside(folder, file)).is_ok_and(|blob| head(&blob, 1 << 12).contains(words))
        };
        let tree = checkpoint::roots(artifact, TREE).iter().any(|folder| begins(folder, TREE, "\"tree_metadata\""));
        let whole =
            checkpoint::roots(artifact, CHECKPOINT).iter().any(|folder| begins(folder, CHECKPOINT, "item_handlers"));
        let database = checkpoint::roots(artifact, DATABASE).iter().any(|folder| {
            artifact.blob(&checkpoint::beside(folder, DATABASE)).is_ok_and(|blob| blob.starts_with(&ocdbt::MANIFEST))
        });
        if tree || whole || database {
            return Match::Certain;
        }
        let is_array = |name: &str| DOCUMENTS.iter().any(|document| name.ends_with(&format!("/{document}")));
        if artifact.entries().any(|(name, _)| is_array(name)) { Match::Maybe } else { Match::No }
    }

    #[tracing::instrument(name = "modelium.analyze", skip_all, fields(format = "orbax", model = artifact.name()))]
    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let trees = checkpoint::roots(artifact, TREE);
        let wholes = checkpoint::roots(artifact, CHECKPOINT);
        let databases = checkpoint::roots(artifact, DATABASE);
        let is_orbax = !(trees.is_empty() && wholes.is_empty() && databases.is_empty());
        let main = trees.first().map(|folder| checkpoint::beside(folder, TREE)).unwrap_or_default();
        let mut descriptor = ModelDescriptor::of(artifact, if is_orbax { FORMAT } else { ZARR }, &main);
        let arrays = checkpoint::arrays(artifact, cx)?;
        if !is_orbax && arrays.is_empty() {
            return Err(OrbaxError::Nothing { at: Location::file(artifact.name()) }.into());
        }
        if is_orbax {
            descriptor.framework = Some(Producer { name: "orbax".to_owned(), version: None });
            descriptor.dependencies = vec!["orbax-checkpoint".to_owned()];
        }
        for folder in &wholes {
            let root = checkpoint::document(artifact, &checkpoint::beside(folder, CHECKPOINT), cx)?;
            facts(&mut descriptor, folder, &root);
        }
        for folder in &trees {
            let root = checkpoint::document(artifact, &checkpoint::beside(folder, TREE), cx)?;
            tree(&mut descriptor, folder, &root);
        }
        // one tree needs no name; of several, each tensor is called after its own
        let several = arrays.len() > 1;
        let (mut model, mut state) = (Vec::new(), Vec::new());
        for (folder, tensors) in arrays {
            for tensor in tensors {
                let first = tensor.name.split('.').next().unwrap_or_default();
                let is_state = matches!(first, "opt_state" | "optimizer" | "optimizer_state" | "step" | "state.step");
                let name = if several && !folder.is_empty() {
                    format!("{}.{}", folder.replace('/', "."), tensor.name)
                } else {
                    tensor.name.clone()
                };
                let named = TensorDescriptor { name, ..tensor };
                if is_state { state.push(named) } else { model.push(named) }
            }
        }
        let mut descriptor = descriptor.with_tensors(model);
        descriptor.tensors.extend(state);
        Ok(descriptor)
    }
}

/// What the metadata of the whole checkpoint says.
fn facts(descriptor: &mut ModelDescriptor, folder: &str, root: &Json) {
    let handler = |json: &Json| json.as_str().map(|name| name.rsplit('.').next().unwrap_or(name).to_owned());
    match root.get("item_handlers") {
        Some(handlers @ Json::Object(entries)) if handlers.is_object() => {
            for (item, json) in entries {
                descriptor.components.push(Component {
                    name: item.clone(),
                    path: Some(checkpoint::beside(folder, item)),
                    architecture: handler(json),
                    library: Some("orbax".to_owned()),
                    ..Component::default()
                });
            }
        }
        Some(json) => {
            if let Some(name) = handler(json) {
                descriptor.metadata.insert("handler".to_owned(), name);
            }
        }
        None => {}
    }
    if let Some(step) = folder.rsplit('/').next().and_then(|step| step.parse::<u64>().ok()) {
        descriptor.metadata.insert("step".to_owned(), step.to_string());
    }
}

/// What the metadata of a tree says beyond its arrays: values that are none.
fn tree(descriptor: &mut ModelDescriptor, folder: &str, root: &Json) {
    for (key, used) in [("use_ocdbt", "ocdbt"), ("use_zarr3", "zarr3")] {
        if root.get(key).and_then(Json::as_bool) == Some(true) && !descriptor.tags.iter().any(|tag| tag == used) {
            descriptor.tags.push(used.to_owned());
        }
    }
    for (way, value) in root.get("tree_metadata").map(Json::entries).unwrap_or_default().iter().take(1000) {
        let sort = value.at(&["value_metadata", "value_type"]).and_then(Json::as_str).unwrap_or_default();
        if !matches!(sort, "jax.Array" | "np.ndarray" | "scalar" | "") {
            let steps = value.get("key_metadata").map(Json::items).unwrap_or_default().iter();
            let steps: Vec<_> = steps.filter_map(|step| step.get("key")).filter_map(Json::as_str).collect();
            let name = if steps.is_empty() { way.clone() } else { steps.join(".") };
            descriptor.metadata.insert(checkpoint::beside(folder, &name), sort.to_owned());
        }
    }
}
