//! Bytes → descriptor.

use std::collections::HashSet;

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::{
    Dimension, FileRole, LayerDescriptor, ModelDescriptor, PortDescriptor, Producer, TensorDescriptor,
};
use crate::error::{Location, Result};
use crate::finding::{Finding, Severity};
use crate::formats::ncnn::FORMAT;
use crate::formats::ncnn::schema::{self, Layer, NcnnFault, is_binary, is_text, runs};
use crate::formats::{Analyzer, FormatId, Match};
use crate::tensor::DType;
use crate::wire::budget::Budget;

/// Describes ncnn models.
#[derive(Debug, Clone, Copy, Default)]
pub struct NcnnAnalyzer;

fn entry(artifact: &Artifact) -> Option<String> {
    let mut names =
        artifact.entries().map(|(name, _)| name).filter(|name| !artifact.is_folder() || name.contains(".param"));
    let model = |name: &&str| artifact.blob(name).is_ok_and(|blob| is_text(&blob) || is_binary(&blob));
    names.find(model).map(str::to_owned)
}

/// The file of weights beside a model: `x.bin` for `x.param`, and the folder's own name for it kept.
pub(super) fn weights_name(entry: &str) -> String {
    let stem = entry.strip_suffix(".param.bin").or_else(|| entry.strip_suffix(".param")).unwrap_or(entry);
    format!("{stem}.bin")
}

impl Analyzer for NcnnAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        if entry(artifact).is_some() { Match::Certain } else { Match::No }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let Some(name) = entry(artifact) else {
            return Err(NcnnFault::NoModel.at(Location::file(artifact.name())));
        };
        let blob = artifact.blob(&name)?;
        let mut model = ModelDescriptor::of(artifact, FORMAT, &name);
        model.framework = Some(Producer { name: "ncnn".to_owned(), version: None });
        model.format_version = Some("7767517".to_owned());
        if is_binary(&blob) {
            let layers = blob.get(4..8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_le_bytes);
            model.nodes = layers.into();
            let message =
                "the binary form names layers by numbers of one version of ncnn; open the text form to see them";
            model.findings.push(Finding::new("ncnn.binary", Severity::Note, message));
            return Ok(model);
        }
        let layers = schema::read(&blob, &mut Budget::new(cx))?;
        model.nodes = layers.len() as u64;
        let taken: HashSet<&str> = layers.iter().flat_map(|layer| &layer.takes).map(String::as_str).collect();
        for layer in &layers {
            let count = model.operators.entry(layer.kind.clone()).or_insert(0);
            *count = count.saturating_add(1);
            model.layers.push(LayerDescriptor {
                name: layer.name.clone(),
                kind: Some(layer.kind.clone()),
                ..LayerDescriptor::default()
            });
            if layer.kind == "Input" {
                model.inputs.extend(layer.gives.iter().map(|name| input(layer, name)));
            }
            let left = layer.gives.iter().filter(|name| !taken.contains(name.as_str()) && layer.kind != "Input");
            model.outputs.extend(left.map(|name| PortDescriptor {
                name: name.clone(),
                ty: "?".to_owned(),
                dtype: None,
                shape: None,
                optional: false,
            }));
        }
        let beside = weights_name(&name);
        let relative = beside.rsplit('/').next().unwrap_or(&beside);
        let weights = artifact.resolve(&name, relative).ok();
        for listed in model.files.iter_mut().filter(|listed| listed.name == beside) {
            listed.role = FileRole::ExternalData;
        }
        let (tensors, unknown) = tensors(&layers, &beside, weights.as_ref())?;
        if let Some(kind) = unknown {
            let message = format!("weights are not listed: which of them a '{kind}' reads is not known here");
            model.findings.push(Finding::new("ncnn.weights_unknown", Severity::Note, message));
            return Ok(model);
        }
        for layer in &mut model.layers {
            let own = tensors
                .iter()
                .filter(|tensor| tensor.name.rsplit_once('.').is_some_and(|(name, _)| name == layer.name));
            (layer.parameters, layer.bytes) = own.fold((0, 0), |(parameters, bytes), tensor| {
                (tensor.elements().saturating_add(parameters), tensor.bytes.saturating_add(bytes))
            });
        }
        Ok(model.with_tensors(tensors))
    }
}

/// The runs of all layers, and the kind of the first one whose runs are not known.
pub(super) fn tensors(
    layers: &[Layer],
    file: &str,
    weights: Option<&Blob>,
) -> Result<(Vec<TensorDescriptor>, Option<String>)> {
    let mut tensors = Vec::new();
    let mut at = 0_u64;
    for layer in layers {
        let Some(runs) = runs(layer) else { return Ok((tensors, Some(layer.kind.clone()))) };
        for (what, elements, tagged) in runs.into_iter().filter(|(_, elements, _)| *elements > 0) {
            // the word before a run tells its encoding: plain numbers, halves, bytes
            let (mut dtype, mut size) = ("float32", 4);
            if tagged {
                let start = usize::try_from(at).ok();
                let word = weights.and_then(|weights| weights.get(start?..start?.checked_add(4)?)?.try_into().ok());
                match word.map(u32::from_le_bytes) {
                    Some(0x0130_6b47) => (dtype, size) = ("float16", 2),
                    Some(0x000d_4b38) => (dtype, size) = ("int8", 1),
                    _ => {}
                }
                at = at.saturating_add(4);
            }
            let bytes = elements.saturating_mul(size);
            let end = at.saturating_add(bytes);
            if let Some(available) = weights.map(Blob::len).filter(|available| end > *available) {
                let fault = NcnnFault::Weights { layer: layer.name.clone(), start: at, end, available };
                return Err(fault.at(Location { line: Some(layer.line), ..Location::default() }));
            }
            tensors.push(TensorDescriptor {
                name: format!("{}.{what}", layer.name),
                dtype: dtype.to_owned(),
                shape: vec![elements],
                strides: None,
                bytes,
                file: Some(file.to_owned()),
                start: Some(at),
                shares: None,
            });
            // runs of halves and bytes are padded to whole words
            at = end.checked_next_multiple_of(4).unwrap_or(end);
        }
    }
    Ok((tensors, None))
}

/// An input: width, height and channels are its parameters, and stand the other way round in shapes.
fn input(layer: &Layer, name: &str) -> PortDescriptor {
    let dims = [2, 11, 1, 0].into_iter().filter(|key| layer.numbers.contains_key(key)).map(|key| layer.count(key));
    let dims: Vec<_> = dims.map(|dim| if dim == 0 { Dimension::Unknown } else { Dimension::Known(dim) }).collect();
    let words = dims.iter().map(|dim| if let Dimension::Known(dim) = dim { dim.to_string() } else { "?".to_owned() });
    let ty = format!("float32[{}]", words.collect::<Vec<_>>().join(", "));
    let shape = (!dims.is_empty()).then_some(dims);
    let ty = if shape.is_some() { ty } else { "float32".to_owned() };
    PortDescriptor { name: name.to_owned(), ty, dtype: Some(DType::Float32), shape, optional: false }
}
