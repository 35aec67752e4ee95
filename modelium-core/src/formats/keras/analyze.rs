//! Bytes → descriptor, for the archive and for HDF5.

use std::collections::BTreeMap;

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::{Dimension, FormatId, ModelDescriptor, Producer, TensorDescriptor};
use crate::error::{Location, Result};
use crate::finding::{Finding, Severity};
use crate::formats::keras::config::Config;
use crate::formats::keras::{FORMAT, FORMAT_H5, HDF5, KerasError, h5, member, outline};
use crate::formats::single::{only_file, the_file};
use crate::formats::{Analyzer, Match};
use crate::wire::hdf5::{self, File, Layout, Target};
use crate::wire::json::{self, Json};
use crate::wire::zip::{Directory, looks_like_zip};

/// Describes archives of Keras 3.
#[derive(Debug, Clone, Copy, Default)]
pub struct KerasAnalyzer;

/// Describes HDF5 files: whole models, weights, and what Keras did not write.
#[derive(Debug, Clone, Copy, Default)]
pub struct KerasH5Analyzer;

/// True if an archive has the members by which Keras knows its own.
pub(super) fn is_archive(blob: &Blob) -> bool {
    if !(blob.starts_with(b"PK\x03\x04") || looks_like_zip(blob)) {
        return false;
    }
    let Ok(directory) = Directory::read(blob, &Context::new()) else { return false };
    let has = |name: &str| directory.entry(name).is_some();
    let weights = directory.entries.iter().any(|entry| entry.name.ends_with(member::WEIGHTS));
    has(member::CONFIG) && (has(member::METADATA) || weights)
}

/// The member of that name, inflated within the limits.
pub(super) fn read_member(directory: &Directory, name: &'static str, cx: &Context) -> Result<Blob> {
    let missing = || KerasError::NoMember { at: Location::file(directory.blob().name()), member: name };
    let entry = directory.entry(name).ok_or_else(missing)?;
    directory.member(entry, entry.bytes.min(cx.limits().structure_bytes), cx)
}

impl Analyzer for KerasAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        let is = only_file(artifact).is_some_and(|(_, blob)| is_archive(&blob));
        if is { Match::Certain } else { Match::No }
    }

    #[tracing::instrument(name = "modelium.analyze", skip_all, fields(format = "keras", model = artifact.name()))]
    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let (name, blob) = the_file(artifact)?;
        let directory = Directory::read(&blob, cx)?;
        let text = read_member(&directory, member::CONFIG, cx)?;
        let root = json::parse(&text, cx).map_err(|error| error.with_item(member::CONFIG))?.root;
        let place = Location { members: vec![member::CONFIG.to_owned()], ..Location::file(blob.name()) };
        let config = Config::read(&root, place)?;
        let mut descriptor = ModelDescriptor::of(artifact, FORMAT, name);
        if let Ok(text) = read_member(&directory, member::METADATA, cx) {
            let metadata = json::parse(&text, cx).map_err(|error| error.with_item(member::METADATA))?.root;
            for (key, value) in metadata.entries() {
                descriptor.metadata.insert(key.clone(), words(value));
            }
        }
        let mut all = h5::Tensors::default();
        let mut layers = Vec::new();
        for entry in directory.entries.iter().filter(|entry| entry.name.ends_with(member::WEIGHTS)) {
            let weights = directory.member(entry, entry.bytes.min(cx.limits().inflated_bytes), cx)?;
            let named = |error: crate::Error| {
                let byte = error.location().byte.map(|byte| byte.saturating_sub(weights.offset()));
                let at = Location { members: vec![entry.name.clone()], byte, ..error.location().clone() };
                error.with_location(Location { file: Some(blob.name().to_owned()), ..at })
            };
            let mut file = hdf5::read(&weights, cx).map_err(named)?;
            if let Some(fault) = file.faults.drain(..).next() {
                return Err(named(fault));
            }
            let found = h5::tensors(&file, name, entry.is_plain());
            layers.extend(outline::layers(&config.layers, &file, &found.model));
            all.model.extend(found.model);
            all.state.extend(found.state);
        }
        // the weights of one model can be spread over several files: each layer where it has them
        descriptor.layers = merge(layers, &config);
        describe(&mut descriptor, config, &root);
        Ok(with_tensors(descriptor, all))
    }
}

impl Analyzer for KerasH5Analyzer {
    fn format(&self) -> FormatId {
        FORMAT_H5
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        match only_file(artifact).and_then(|(_, blob)| hdf5::signature(&blob)) {
            Some(0) => Match::Certain,
            Some(_) => Match::Maybe, // behind a block of the user's, which can be of another format
            None => Match::No,
        }
    }

    #[tracing::instrument(name = "modelium.analyze", skip_all, fields(format = "keras_h5", model = artifact.name()))]
    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let (name, blob) = the_file(artifact)?;
        let mut file = hdf5::read(&blob, cx)?;
        if let Some(fault) = file.faults.drain(..).next() {
            return Err(fault);
        }
        let is_keras = h5::is_keras(&file);
        let mut descriptor = ModelDescriptor::of(artifact, if is_keras { FORMAT_H5 } else { HDF5 }, name);
        descriptor.format_version = Some(format!("superblock {}", file.version));
        for key in ["keras_version", "backend"] {
            if let Some(value) = h5::attribute(&file, key) {
                descriptor.metadata.insert(key.to_owned(), value);
            }
        }
        let all = h5::tensors(&file, name, true);
        let text = h5::attribute(&file, "model_config");
        if let Some(text) = text {
            let blob = Blob::from_bytes(blob.name(), text.into_bytes());
            let root = json::parse(&blob, cx).map_err(|error| error.with_item("model_config"))?.root;
            let place = Location { item: Some("model_config".to_owned()), ..Location::file(blob.name()) };
            let config = Config::read(&root, place)?;
            descriptor.layers = outline::layers(&config.layers, &file, &all.model);
            describe(&mut descriptor, config, &root);
        } else {
            descriptor.layers = outline::groups_of(&file, &all.model);
            if is_keras {
                name_framework(&mut descriptor);
            }
        }
        elsewhere(&mut descriptor, &file, artifact.name());
        Ok(with_tensors(descriptor, all))
    }
}

/// What a configuration adds to a descriptor.
fn describe(descriptor: &mut ModelDescriptor, config: Config, root: &Json) {
    name_framework(descriptor);
    descriptor.architecture = Some(config.class);
    if let Some(name) = config.name {
        descriptor.metadata.insert("model_name".to_owned(), name);
    }
    let dims = config.inputs.iter().filter_map(|port| port.shape.as_ref()).flatten();
    for dim in dims {
        if let Dimension::Symbol(symbol) = dim
            && !descriptor.symbols.contains(symbol)
        {
            descriptor.symbols.push(symbol.clone());
        }
    }
    descriptor.inputs = config.inputs;
    descriptor.outputs = config.outputs;
    let mut packages = std::collections::BTreeSet::new();
    modules(root, &mut packages);
    descriptor.dependencies.extend(packages);
}

fn name_framework(descriptor: &mut ModelDescriptor) {
    let version = descriptor.metadata.get("keras_version").cloned();
    let keras = Producer { name: "keras".to_owned(), version: version.clone() };
    descriptor.framework = Some(keras.clone());
    descriptor.producer = version.is_some().then_some(keras);
    // since 2.16, what goes on as version 2 is the package `tf-keras`
    let goes_on = |version: &String| {
        let minor = version.strip_prefix("2.").and_then(|rest| rest.split('.').next()?.parse::<u32>().ok());
        minor.is_some_and(|minor| minor >= 16)
    };
    let package = if version.as_ref().is_some_and(goes_on) { "tf-keras" } else { "keras" };
    descriptor.dependencies.push(version.map_or_else(|| package.to_owned(), |version| format!("{package}=={version}")));
}

/// Packages besides Keras that objects of a configuration come from.
fn modules(json: &Json, found: &mut std::collections::BTreeSet<String>) {
    if json.get("class_name").is_some()
        && let Some(module) = json.get("module").and_then(Json::as_str)
    {
        let package = module.split('.').next().unwrap_or_default();
        if !matches!(package, "" | "keras" | "tf_keras" | "builtins" | "__main__" | "tensorflow") {
            found.insert(package.to_owned());
        }
    }
    json.entries().iter().for_each(|(_, value)| modules(value, found));
    json.items().iter().for_each(|value| modules(value, found));
}

/// One entry for each layer, with all that any of the files holds of it.
fn merge(found: Vec<crate::descriptor::LayerDescriptor>, config: &Config) -> Vec<crate::descriptor::LayerDescriptor> {
    if found.len() <= config.layers.len() {
        return found;
    }
    let mut order = Vec::new();
    let mut sums = BTreeMap::<String, crate::descriptor::LayerDescriptor>::new();
    for layer in found {
        if let Some(sum) = sums.get_mut(&layer.name) {
            sum.parameters = sum.parameters.saturating_add(layer.parameters);
            sum.bytes = sum.bytes.saturating_add(layer.bytes);
        } else {
            order.push(layer.name.clone());
            sums.insert(layer.name.clone(), layer);
        }
    }
    order.into_iter().filter_map(|name| sums.remove(&name)).collect()
}

/// Counts the model's tensors, and lists those of its training behind them.
fn with_tensors(descriptor: ModelDescriptor, all: h5::Tensors) -> ModelDescriptor {
    let layers = descriptor.layers.clone();
    let mut descriptor = descriptor.with_tensors(all.model);
    descriptor.layers = layers;
    let state: Vec<TensorDescriptor> = all.state;
    descriptor.tensors.extend(state);
    descriptor
}

/// Says which values of an HDF5 file lie in other files.
fn elsewhere(descriptor: &mut ModelDescriptor, file: &File, name: &str) {
    let mut note = |message: String, path: &str| {
        let at = Location { item: Some(path.to_owned()), ..Location::file(name) };
        descriptor.findings.push(Finding::new("hdf5.elsewhere", Severity::Warning, message).at(at));
    };
    for link in &file.links {
        if let Target::External { file, path } = &link.target {
            note(format!("the link leads into another file: '{file}', '{path}'"), &link.path);
        }
    }
    for object in &file.objects {
        let Some(dataset) = object.dataset() else { continue };
        for external in &dataset.external {
            note(format!("its values lie in another file: '{}'", external.name), &object.path);
        }
        if let Layout::Virtual { file, sources, .. } = &dataset.layout {
            note(format!("its values are those of {sources} other datasets, the first in '{file}'"), &object.path);
        }
    }
}

fn words(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Int(number) => number.to_string(),
        Json::Float(number) => number.to_string(),
        Json::Bool(value) => value.to_string(),
        Json::Null => String::new(),
        Json::Array(_) | Json::Object(_) => "…".to_owned(),
    }
}
