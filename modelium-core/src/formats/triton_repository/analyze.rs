//! Folder → descriptor.

use crate::artifact::Artifact;
use crate::context::Context;
use crate::descriptor::{Component, Dimension, FormatId, ModelDescriptor, PortDescriptor, Producer};
use crate::error::Result;
use crate::formats::triton_repository::FORMAT;
use crate::formats::triton_repository::repository::{self, number, text};
use crate::formats::{Analyzer, Match};
use crate::tensor::DType;
use crate::wire::pbtxt::{Message, Value};

/// Describes model repositories of Triton.
#[derive(Debug, Clone, Copy, Default)]
pub struct TritonRepositoryAnalyzer;

impl Analyzer for TritonRepositoryAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        if repository::models(artifact).is_empty() { Match::No } else { Match::Certain }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let models = repository::models(artifact);
        let main = models.iter().find_map(|model| model.config.clone()).unwrap_or_default();
        let mut descriptor = ModelDescriptor::of(artifact, FORMAT, &main);
        descriptor.producer = Some(Producer { name: "triton".to_owned(), version: None });
        for model in &models {
            let config = model.config.as_deref().map(|entry| repository::config(artifact, entry, cx)).transpose()?;
            let config = config.unwrap_or_default();
            let runs = text(&config, "backend").or_else(|| text(&config, "platform"));
            let label = text(&config, "name").unwrap_or_else(|| model.folder.to_owned());
            // the server loads the newest version unless the config says otherwise
            let newest = model.versions.last_key_value();
            let path =
                newest.and_then(|(_, files)| files.iter().find(|name| name.contains("/model.")).or(files.first()));
            descriptor.components.push(Component {
                name: label.clone(),
                path: path.map(|path| (*path).to_owned()),
                library: runs.clone(),
                ..Component::default()
            });
            if models.len() == 1 {
                descriptor.inputs = ports(&config, "input");
                descriptor.outputs = ports(&config, "output");
                if config.get("max_batch_size").and_then(|(_, value)| number(value)).is_some_and(|most| most > 0) {
                    descriptor.symbols = vec!["batch".to_owned()];
                }
                let facts = [("name", Some(label)), ("backend", runs)];
                let versions = model.versions.keys().map(ToString::to_string).collect::<Vec<_>>().join(",");
                descriptor.metadata.insert("versions".to_owned(), versions);
                descriptor.metadata.extend(facts.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
            }
        }
        Ok(descriptor)
    }
}

/// The ports of one side; the batch stands in front where the config grants one.
fn ports(config: &Message, side: &str) -> Vec<PortDescriptor> {
    let batched = config.get("max_batch_size").and_then(|(_, value)| number(value)).is_some_and(|most| most > 0);
    let messages =
        config.all(side).filter_map(|(_, value)| if let Value::Message(port) = value { Some(port) } else { None });
    messages
        .map(|port| {
            let words = text(port, "data_type").unwrap_or_default();
            let dtype = dtype(&words);
            let batch = batched.then(|| Dimension::Symbol("batch".to_owned()));
            let dims = port.all("dims").filter_map(|(_, value)| number(value));
            let dims = dims.map(|dim| u64::try_from(dim).map_or(Dimension::Unknown, Dimension::Known));
            let shape: Vec<_> = batch.into_iter().chain(dims).collect();
            let spelt = shape.iter().map(|dim| match dim {
                Dimension::Known(dim) => dim.to_string(),
                Dimension::Symbol(name) => name.clone(),
                Dimension::Unknown => "?".to_owned(),
            });
            let element = dtype.map_or_else(|| words.clone(), |dtype| dtype.to_string());
            PortDescriptor {
                name: text(port, "name").unwrap_or_default(),
                ty: format!("{element}[{}]", spelt.collect::<Vec<_>>().join(", ")),
                dtype,
                shape: Some(shape),
                optional: text(port, "optional").as_deref() == Some("true"),
            }
        })
        .collect()
}

fn dtype(word: &str) -> Option<DType> {
    DType::from_name(match word {
        "TYPE_BOOL" => "bool",
        "TYPE_UINT8" => "uint8",
        "TYPE_UINT16" => "uint16",
        "TYPE_UINT32" => "uint32",
        "TYPE_UINT64" => "uint64",
        "TYPE_INT8" => "int8",
        "TYPE_INT16" => "int16",
        "TYPE_INT32" => "int32",
        "TYPE_INT64" => "int64",
        "TYPE_FP16" => "float16",
        "TYPE_FP32" => "float32",
        "TYPE_FP64" => "float64",
        "TYPE_BF16" => "bfloat16",
        "TYPE_STRING" => "string",
        _ => return None,
    })
}
