//! Bytes → descriptor.

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::{Dimension, FileRole, ModelDescriptor, PortDescriptor, Producer, TensorDescriptor};
use crate::error::{Location, Result};
use crate::finding::{Finding, Severity};
use crate::formats::openvino::FORMAT;
use crate::formats::openvino::schema::{Layer, Net, OpenvinoFault, dtype, dtype_name, is_net};
use crate::formats::single::has_extension;
use crate::formats::{Analyzer, FormatId, Match};

/// Describes `OpenVINO` models.
#[derive(Debug, Clone, Copy, Default)]
pub struct OpenvinoAnalyzer;

fn entry(artifact: &Artifact) -> Option<String> {
    let mut names =
        artifact.entries().map(|(name, _)| name).filter(|name| !artifact.is_folder() || has_extension(name, "xml"));
    let net = |name: &&str| artifact.blob(name).is_ok_and(|blob| is_net(&blob));
    names.find(net).map(str::to_owned)
}

/// The name of the file with the constants, beside the model.
pub(super) fn weights_name(entry: &str) -> String {
    let stem = entry.rsplit_once('.').map_or(entry, |(stem, _)| stem);
    format!("{stem}.bin")
}

impl Analyzer for OpenvinoAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        if entry(artifact).is_some() { Match::Certain } else { Match::No }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let Some(name) = entry(artifact) else {
            return Err(OpenvinoFault::NoModel.at(Location::file(artifact.name())));
        };
        let blob = artifact.blob(&name)?;
        let net = Net::read(&blob, cx)?;
        let mut model = ModelDescriptor::of(artifact, FORMAT, &name);
        model.format_version.clone_from(&net.version);
        let runtime = net.notes.get("OpenVINO Runtime").or_else(|| net.notes.get("Runtime_version")).cloned();
        model.framework = Some(Producer { name: "openvino".to_owned(), version: runtime.clone() });
        model.producer = net
            .notes
            .get("MO_version")
            .map(|version| Producer { name: "model optimizer".to_owned(), version: Some(version.clone()) });
        model.metadata.clone_from(&net.notes);
        if !net.name.is_empty() {
            model.metadata.insert("name".to_owned(), net.name.clone());
        }
        for layer in &net.layers {
            let count = model.operators.entry(layer.kind.clone()).or_insert(0);
            *count = count.saturating_add(1);
            model.nodes = model.nodes.saturating_add(1);
            match layer.kind.as_str() {
                "Parameter" | "Input" if !layer.nested => model.inputs.push(port(layer)),
                "Result" if !layer.nested => model.outputs.push(port(layer)),
                _ => {}
            }
        }
        let beside = weights_name(&name);
        let relative = beside.rsplit('/').next().unwrap_or(&beside);
        let weights = artifact.resolve(&name, relative).ok();
        for listed in model.files.iter_mut().filter(|listed| listed.name == beside) {
            listed.role = FileRole::ExternalData;
        }
        let tensors = constants(&net, &beside, weights.as_ref(), &blob)?;
        if weights.is_none() && tensors.iter().any(|tensor| tensor.bytes > 0) {
            let message = format!("constants lie in '{relative}', which is not there");
            model.findings.push(Finding::new("openvino.missing_weights", Severity::Error, message));
        }
        let mut model = model.with_tensors(tensors);
        model.layers.clear();
        Ok(model)
    }
}

/// Constants, each held against its type and against the file. Equal ranges are one constant that is shared.
pub(super) fn constants(net: &Net, file: &str, weights: Option<&Blob>, blob: &Blob) -> Result<Vec<TensorDescriptor>> {
    let mut tensors: Vec<TensorDescriptor> = Vec::new();
    let mut first = std::collections::HashMap::new();
    for layer in &net.layers {
        let Some(constant) = &layer.constant else { continue };
        let at = || blob.location(layer.at);
        let (start, end) = (constant.offset, constant.offset.saturating_add(constant.size));
        let overflows = constant.offset.checked_add(constant.size).is_none();
        if let Some(available) = weights.map(Blob::len).or(overflows.then_some(0)).filter(|available| end > *available)
        {
            return Err(OpenvinoFault::Range { name: layer.name.clone(), start, end, available }.at(at()));
        }
        let elements = constant.shape.iter().try_fold(1_u64, |product, dim| product.checked_mul(*dim));
        let dtype = dtype(&constant.element_type).filter(|dtype| dtype.bits().is_some());
        let claimed = dtype.and_then(|dtype| dtype.bytes_for(elements.unwrap_or(u64::MAX)));
        if let (Some(dtype), true) = (dtype, claimed != Some(constant.size)) {
            let fault = OpenvinoFault::ByteCount {
                name: layer.name.clone(),
                dtype: dtype.name().to_owned(),
                shape: constant.shape.clone(),
                claimed: claimed.unwrap_or(u64::MAX),
                available: constant.size,
            };
            return Err(fault.at(at()));
        }
        let range = (start, end);
        let shares = first.get(&range).cloned().filter(|_| constant.size > 0);
        if shares.is_none() {
            first.insert(range, layer.name.clone());
        }
        tensors.push(TensorDescriptor {
            name: layer.name.clone(),
            dtype: dtype_name(&constant.element_type),
            shape: constant.shape.clone(),
            strides: None,
            bytes: constant.size,
            file: Some(file.to_owned()),
            start: Some(start),
            shares,
        });
    }
    Ok(tensors)
}

fn port(layer: &Layer) -> PortDescriptor {
    let alias = layer.alias.as_deref().and_then(|names| names.split(',').next()).filter(|name| !name.is_empty());
    let found = layer.port.clone().unwrap_or_default();
    let words =
        found.dims.iter().map(|dim| if let Dimension::Known(dim) = dim { dim.to_string() } else { "?".to_owned() });
    PortDescriptor {
        name: alias.unwrap_or(&layer.name).to_owned(),
        ty: format!("{}[{}]", dtype_name(&found.precision), words.collect::<Vec<_>>().join(", ")),
        dtype: dtype(&found.precision),
        shape: Some(found.dims),
        optional: false,
    }
}
