//! Bytes → descriptor.

use std::collections::{BTreeMap, BTreeSet};

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::{FileRole, ModelDescriptor, PortDescriptor, Producer, TensorDescriptor};
use crate::error::{Location, Result};
use crate::formats::mxnet::FORMAT;
use crate::formats::mxnet::params::{self, MxnetFault, is_list};
use crate::formats::single::head;
use crate::formats::{Analyzer, FormatId, Match};
use crate::wire::budget::Budget;
use crate::wire::json::{self, Json};

/// Describes `MXNet` models.
#[derive(Debug, Clone, Copy, Default)]
pub struct MxnetAnalyzer;

/// True for a symbol: nodes, which of them are arguments, which are heads.
pub(super) fn is_symbol(blob: &Blob) -> bool {
    let start = head(blob, 512);
    let first = start.trim_start().strip_prefix('{').map(str::trim_start);
    let nodes = first
        .and_then(|rest| rest.strip_prefix("\"nodes\""))
        .map(|rest| rest.trim_start_matches([':', ' ', '\n', '\r', '\t', '[', '{']));
    let end = blob.get(blob.bytes().len().saturating_sub(4096)..).unwrap_or_default();
    let ends = |word: &[u8]| end.windows(word.len()).any(|window| window == word);
    nodes.is_some_and(|rest| rest.starts_with("\"op\""))
        && (ends(b"\"heads\"") || ends(b"\"arg_nodes\"") || ends(b"mxnet_version"))
}

fn entry(artifact: &Artifact) -> Option<(String, bool)> {
    let find = |wanted: &dyn Fn(&Blob) -> bool, ends: &str| {
        let mut names =
            artifact.entries().map(|(name, _)| name).filter(|name| !artifact.is_folder() || name.ends_with(ends));
        names.find(|name| artifact.blob(name).is_ok_and(|blob| wanted(&blob))).map(str::to_owned)
    };
    find(&is_symbol, ".json")
        .map(|name| (name, true))
        .or_else(|| Some((find(&|blob| is_list(blob), ".params")?, false)))
}

impl Analyzer for MxnetAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        if entry(artifact).is_some() { Match::Certain } else { Match::No }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let Some((name, symbol)) = entry(artifact) else {
            return Err(MxnetFault::NoModel.at(Location::file(artifact.name())));
        };
        let blob = artifact.blob(&name)?;
        let mut budget = Budget::new(cx);
        let mut model = ModelDescriptor::of(artifact, FORMAT, &name);
        model.framework = Some(Producer { name: "mxnet".to_owned(), version: None });
        if !symbol {
            let (tensors, _) = params::read(&blob, &name, &mut budget)?;
            return Ok(model.with_tensors(plain_names(tensors)));
        }
        let document = json::parse(&blob, cx)?;
        let tensors = weights(artifact, &mut model, &mut budget)?;
        let known: BTreeMap<_, _> = tensors.iter().map(|tensor| (tensor.name.clone(), tensor.clone())).collect();
        describe(&mut model, &document.root, &known, &blob)?;
        let mut model = model.with_tensors(tensors);
        model.layers.clear();
        Ok(model)
    }
}

/// The arrays of the newest epoch among the files of the artifact.
fn weights(artifact: &Artifact, model: &mut ModelDescriptor, budget: &mut Budget<'_>) -> Result<Vec<TensorDescriptor>> {
    let names = artifact.entries().map(|(name, _)| name).filter(|name| name.ends_with(".params"));
    let Some((name, blob)) =
        names.last().and_then(|name| Some((name, artifact.blob(name).ok().filter(|blob| is_list(blob))?)))
    else {
        return Ok(Vec::new());
    };
    for listed in model.files.iter_mut().filter(|listed| listed.name == name) {
        listed.role = FileRole::ExternalData;
    }
    Ok(plain_names(params::read(&blob, name, budget)?.0))
}

/// Arrays are named `arg:conv_weight` and `aux:bn_mean`; the graph names them without.
fn plain_names(mut tensors: Vec<TensorDescriptor>) -> Vec<TensorDescriptor> {
    for tensor in &mut tensors {
        if let Some(name) = tensor.name.strip_prefix("arg:").or_else(|| tensor.name.strip_prefix("aux:")) {
            tensor.name = name.to_owned();
        }
    }
    tensors
}

fn describe(
    model: &mut ModelDescriptor,
    root: &Json,
    weights: &BTreeMap<String, TensorDescriptor>,
    blob: &Blob,
) -> Result<()> {
    let version = root.at(&["attrs", "mxnet_version"]).and_then(|version| version.items().get(1)?.as_u64());
    let version = version.map(|version| format!("{}.{}.{}", version / 10_000, version / 100 % 100, version % 100));
    model.framework = Some(Producer { name: "mxnet".to_owned(), version });
    let nodes = root.get("nodes").map(Json::items).unwrap_or_default();
    let name = |node: &Json| node.get("name").and_then(Json::as_str).unwrap_or_default().to_owned();
    let mut arguments = BTreeSet::new();
    for node in nodes {
        let Some(op) = node.get("op").and_then(Json::as_str) else {
            let fault = MxnetFault::Node { what: "a node", found: "none".to_owned(), expected: "an operator" };
            return Err(fault.at(blob.location(0)));
        };
        if op == "null" {
            arguments.insert(name(node));
            // what no file of arrays holds, the caller supplies; labels are for training
            if !weights.contains_key(&name(node)) && (!weights.is_empty() || !is_weight(&name(node))) {
                let optional = name(node).ends_with("label");
                model.inputs.push(PortDescriptor {
                    name: name(node),
                    ty: "?".to_owned(),
                    dtype: None,
                    shape: None,
                    optional,
                });
            }
            continue;
        }
        let count = model.operators.entry(op.to_owned()).or_insert(0);
        *count = count.saturating_add(1);
        model.nodes = model.nodes.saturating_add(1);
    }
    for head in root.get("heads").map(Json::items).unwrap_or_default() {
        let index = head.items().first().and_then(Json::as_u64).and_then(|index| usize::try_from(index).ok());
        let Some(node) = index.and_then(|index| nodes.get(index)) else {
            let found = index.map_or_else(|| "none".to_owned(), |index| index.to_string());
            return Err(
                MxnetFault::Node { what: "a head", found, expected: "the number of a node" }.at(blob.location(0))
            );
        };
        let output = format!("{}_output", name(node));
        model.outputs.push(PortDescriptor {
            name: output,
            ty: "?".to_owned(),
            dtype: None,
            shape: None,
            optional: false,
        });
    }
    Ok(())
}

/// Names that `MXNet` itself gives to parameters, for a symbol without its arrays.
fn is_weight(name: &str) -> bool {
    ["_weight", "_bias", "_gamma", "_beta", "_moving_mean", "_moving_var", "_running_mean", "_running_var"]
        .iter()
        .any(|end| name.ends_with(end))
}
