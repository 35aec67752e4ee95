//! Bytes → descriptor: the tensor table and what the metadata say.

use std::collections::BTreeMap;

use crate::artifact::Artifact;
use crate::context::Context;
use crate::descriptor::resources::Figure;
use crate::descriptor::{ModelDescriptor, Producer, TensorDescriptor};
use crate::error::Result;
use crate::finding::{Finding, Severity};
use crate::formats::safetensors::{FORMAT, is_named, sniff};
use crate::formats::single::{only_file, the_file};
use crate::formats::{Analyzer, FormatId, Match};
use crate::license;
use crate::wire::safetensors::Header;

/// Describes safetensors files; reads the header, not the weights.
#[derive(Debug, Clone, Copy, Default)]
pub struct SafetensorsAnalyzer;

impl Analyzer for SafetensorsAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        match only_file(artifact) {
            // what is broken is still told by its own format's errors
            Some((name, blob)) if sniff(&blob) == Match::No && is_named(name) => Match::Maybe,
            Some((_, blob)) => sniff(&blob),
            None => Match::No,
        }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let (name, blob) = the_file(artifact)?;
        let header = Header::read(&blob, cx)?.strict(&blob)?;
        let metadata: BTreeMap<String, String> =
            header.metadata.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
        let mut findings = Vec::new();
        if let Some((key, byte)) = header.unknown_keys.first() {
            let message = format!("{} keys that readers skip; the first is '{key}'", header.unknown_keys.len());
            let finding = Finding::new("safetensors.unknown_key", Severity::Warning, message);
            findings.push(finding.at(blob.location(*byte)));
        }
        if !header.data_start.is_multiple_of(8) && !header.tensors.is_empty() {
            let message = format!("the tensors start at byte {}, so that none can be used in place", header.data_start);
            let finding = Finding::new("safetensors.unaligned", Severity::Note, message);
            findings.push(finding.at(blob.location(header.data_start)));
        }
        let start = header.data_start;
        let tensors = header.tensors.into_iter().map(|entry| TensorDescriptor {
            dtype: entry.element().map_or_else(|| entry.dtype.to_lowercase(), |dtype| dtype.name().to_owned()),
            name: entry.name.into_owned(),
            shape: entry.shape,
            bytes: entry.end.saturating_sub(entry.begin),
            file: Some(name.to_owned()),
            start: Some(start.saturating_add(entry.begin)),
            ..TensorDescriptor::default()
        });
        let tensors = tensors.collect();
        let mut descriptor = ModelDescriptor::of(artifact, FORMAT, name).with_tensors(tensors);
        let (parameters, bytes) = (descriptor.parameters, descriptor.total_weight_bytes());
        let figures = [("parameters", Figure::exact(parameters)), ("weight_bytes", Figure::exact(bytes))];
        descriptor.resources.figures.extend(figures.map(|(name, figure)| (name.to_owned(), figure)));
        descriptor.findings = findings;
        read_metadata(&mut descriptor, &metadata);
        let mut license = license::Found::default();
        license.take_metadata(name, metadata.iter().map(|(key, value)| (key.as_str(), value.as_str())));
        descriptor.license = license.known();
        descriptor.metadata = metadata;
        Ok(descriptor)
    }
}

/// What `format`, `modelspec.*` and the keys of kohya's trainer say.
fn read_metadata(descriptor: &mut ModelDescriptor, metadata: &BTreeMap<String, String>) {
    let get = |key: &str| metadata.get(key).map(|value| value.trim()).filter(|value| !matches!(*value, "" | "None"));
    let tool =
        |name: &str, version: Option<&str>| Producer { name: name.to_owned(), version: version.map(str::to_owned) };
    descriptor.framework = match get("format") {
        Some("pt") => Some(tool("pytorch", None)),
        Some("tf") => Some(tool("tensorflow", None)),
        Some("flax") => Some(tool("flax", None)),
        Some("mlx") => Some(tool("mlx", None)),
        Some("np") => Some(tool("numpy", None)),
        Some(other) => Some(tool(other, None)),
        None => None,
    };
    if metadata.keys().any(|key| key.starts_with("ss_")) {
        descriptor.producer = Some(tool("kohya-ss", get("ss_sd_scripts_commit_hash")));
    }
    let named = ["modelspec.architecture", "ss_base_model_version", "ss_network_module"];
    descriptor.architecture = named.into_iter().find_map(get).map(str::to_owned);
    let tags = get("modelspec.tags").into_iter().flat_map(|tags| tags.split(','));
    let mut tags: Vec<String> = tags.map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect();
    tags.extend(get("ss_network_module").and_then(|module| module.rsplit('.').next()).map(str::to_owned));
    descriptor.tags = tags;
}
