//! Bytes → descriptor.

use std::collections::{BTreeMap, HashMap};

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::{Dimension, ModelDescriptor, PortDescriptor, Producer, TensorDescriptor};
use crate::error::{Location, Result};
use crate::finding::{Finding, Severity};
use crate::formats::tflite::schema::{Model, TensorRow, TfliteFault, dtype, dtype_name};
use crate::formats::tflite::{FORMAT, IDENTIFIER};
use crate::formats::{Analyzer, FormatId, Match};
use crate::wire::budget::Budget;

/// Describes TensorFlow Lite models.
#[derive(Debug, Clone, Copy, Default)]
pub struct TfliteAnalyzer;

/// The one file, or the only one of a folder that is such a model.
fn entry(artifact: &Artifact) -> Option<String> {
    let mut names =
        artifact.entries().map(|(name, _)| name).filter(|name| !artifact.is_folder() || name.ends_with(".tflite"));
    let is_model = |name: &&str| artifact.blob(name).is_ok_and(|blob| blob.get(4..8) == Some(IDENTIFIER));
    names.find(is_model).map(str::to_owned)
}

impl Analyzer for TfliteAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        match entry(artifact) {
            Some(_) if artifact.is_folder() => Match::Maybe,
            Some(_) => Match::Certain,
            None => Match::No,
        }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let Some(name) = entry(artifact) else {
            return Err(TfliteFault::NoModel.at(Location::file(artifact.name())));
        };
        let blob = artifact.blob(&name)?;
        let parsed = Model::read(&blob, &mut Budget::new(cx))?;
        let mut model = ModelDescriptor::of(artifact, FORMAT, &name);
        model.format_version = Some(parsed.version.to_string());
        model.framework = Some(Producer { name: "tflite".to_owned(), version: None });
        for operator in parsed.graphs.iter().flat_map(|graph| &graph.operators) {
            let code = usize::try_from(operator.code).ok().and_then(|code| parsed.codes.get(code));
            let count = model.operators.entry(code.map(|code| code.name.to_string()).unwrap_or_default()).or_insert(0);
            *count = count.saturating_add(1);
            model.nodes = model.nodes.saturating_add(1);
        }
        describe_ports(&mut model, &parsed);
        describe_metadata(&mut model, &parsed, &blob);
        let tensors = stored(&parsed, &name, &blob)?;
        let mut model = model.with_tensors(tensors);
        model.layers.clear(); // names of tensors are those of the graph's values
        Ok(model)
    }
}

fn describe_ports(model: &mut ModelDescriptor, parsed: &Model<'_>) {
    let main = parsed.signatures.iter().find(|signature| signature.key == "serving_default");
    let main = main.or_else(|| parsed.signatures.first());
    let index = main.map_or(0, |signature| signature.graph);
    let Some(graph) = usize::try_from(index).ok().and_then(|index| parsed.graphs.get(index)) else { return };
    let row = |index: u32| usize::try_from(index).ok().and_then(|index| graph.tensors.get(index));
    model.inputs = graph.inputs.iter().filter_map(|index| Some(port(row(*index)?))).collect();
    model.outputs = graph.outputs.iter().filter_map(|index| Some(port(row(*index)?))).collect();
    for signature in &parsed.signatures {
        let names = |list: &[(std::borrow::Cow<'_, str>, u32)]| {
            list.iter().map(|(name, _)| name.as_ref()).collect::<Vec<_>>().join(", ")
        };
        let value = format!("{} → {}", names(&signature.inputs), names(&signature.outputs));
        model.metadata.insert(format!("signature.{}", signature.key), value);
    }
    if parsed.graphs.len() > 1 {
        model.metadata.insert("subgraphs".to_owned(), parsed.graphs.len().to_string());
    }
}

fn port(row: &TensorRow<'_>) -> PortDescriptor {
    let shape: Vec<_> = if row.signature.is_empty() {
        row.shape.iter().map(|dim| Dimension::Known(*dim)).collect()
    } else {
        row.signature.iter().map(|dim| u64::try_from(*dim).map_or(Dimension::Unknown, Dimension::Known)).collect()
    };
    let spelt = shape.iter().map(|dim| if let Dimension::Known(dim) = dim { dim.to_string() } else { "?".to_owned() });
    let ty = format!("{}[{}]", dtype_name(row.code), spelt.collect::<Vec<_>>().join(", "));
    PortDescriptor { name: row.name.to_string(), ty, dtype: dtype(row.code), shape: Some(shape), optional: false }
}

fn describe_metadata(model: &mut ModelDescriptor, parsed: &Model<'_>, blob: &Blob) {
    if let Some(description) = &parsed.description {
        model.metadata.insert("description".to_owned(), description.to_string());
        if description.contains("MLIR Converted") || description.contains("TOCO Converted") {
            model.producer = Some(Producer { name: "tensorflow lite converter".to_owned(), version: None });
        }
    }
    for (key, buffer) in &parsed.metadata {
        let range = usize::try_from(*buffer).ok().and_then(|index| parsed.buffers.get(index).copied().flatten());
        let content = range.and_then(|(start, end)| blob.slice(start..end));
        let text = content.as_deref().map(|bytes| bytes.split(|byte| *byte == 0).next().unwrap_or_default());
        let text = text.and_then(|text| std::str::from_utf8(text).ok());
        let printable = text.filter(|text| !text.is_empty() && text.len() < 256 && !text.contains(char::is_control));
        let value = printable.map_or_else(|| format!("{} bytes", content.as_ref().map_or(0, Blob::len)), str::to_owned);
        model.metadata.insert(key.to_string(), value);
    }
    let all = || parsed.graphs.iter().flat_map(|graph| &graph.tensors);
    let (quantized, per_channel) =
        (all().filter(|row| row.quantized).count(), all().filter(|row| row.per_channel).count());
    if quantized > 0 {
        model.metadata.insert("quantized_tensors".to_owned(), quantized.to_string());
        model.metadata.insert("quantized_per_channel".to_owned(), per_channel.to_string());
    }
    let custom: Vec<_> = parsed.codes.iter().filter(|code| code.custom).map(|code| code.name.as_ref()).collect();
    if !custom.is_empty() {
        let message = format!("custom operators, which the application must register: {}", custom.join(", "));
        model.findings.push(Finding::new("tflite.custom_operators", Severity::Warning, message));
    }
    if parsed.external_groups > 0 {
        let message = "weights lie in files beside the model, which are not described";
        model.findings.push(Finding::new("tflite.external_buffers", Severity::Note, message));
    }
}

/// Tensors whose buffers hold something, in the order of the subgraphs. Two that name one buffer share it.
pub(super) fn stored(parsed: &Model<'_>, file: &str, blob: &Blob) -> Result<Vec<TensorDescriptor>> {
    let mut tensors = Vec::new();
    let mut first: HashMap<u32, String> = HashMap::new();
    let mut names: BTreeMap<String, u64> = BTreeMap::new();
    for row in parsed.graphs.iter().flat_map(|graph| &graph.tensors) {
        let range = usize::try_from(row.buffer).ok().and_then(|index| parsed.buffers.get(index).copied().flatten());
        let Some((start, end)) = range else { continue };
        let available = end.saturating_sub(start);
        let elements = row.shape.iter().try_fold(1_u64, |product, dim| product.checked_mul(*dim));
        let fixed = dtype(row.code).filter(|dtype| !row.sparse && dtype.bits().is_some());
        if let Some(found) = fixed
            && let claimed = found.bytes_for(elements.unwrap_or(u64::MAX)).unwrap_or(u64::MAX)
            && claimed != available
        {
            let (name, shape) = (row.name.to_string(), row.shape.clone());
            let fault = TfliteFault::ByteCount { name, dtype: found.name().to_owned(), shape, claimed, available };
            return Err(fault.at(blob.location(row.at)));
        }
        // subgraphs may use a name each for themselves
        let seen = names.entry(row.name.to_string()).or_insert(0);
        let name = if *seen == 0 { row.name.to_string() } else { format!("{}#{seen}", row.name) };
        *seen = seen.saturating_add(1);
        let shares = first.get(&row.buffer).cloned();
        if shares.is_none() {
            first.insert(row.buffer, name.clone());
        }
        tensors.push(TensorDescriptor {
            name,
            dtype: dtype_name(row.code),
            shape: row.shape.clone(),
            strides: None,
            bytes: available,
            file: Some(file.to_owned()),
            start: Some(start),
            shares,
        });
    }
    Ok(tensors)
}
