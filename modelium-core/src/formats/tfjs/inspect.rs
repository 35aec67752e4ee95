//! What would act in a TensorFlow.js model: classes, operators, and shards that lie elsewhere.

use crate::error::Result;
use crate::formats::single::has_extension;
use crate::formats::tfjs::FORMAT;
use crate::formats::tfjs::manifest::{groups, is_model};
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::keras::{Loader, judge};
use crate::scan::tensorflow::act;
use crate::scan::{Exam, Part, content, rules};
use crate::wire::budget::Budget;
use crate::wire::json::{self, Json};

/// Looks for danger in TensorFlow.js models and their weights.
#[derive(Debug, Clone, Copy, Default)]
pub struct TfjsInspector;

impl Inspector for TfjsInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    /// Shards have no mark; their model beside them tells.
    fn sniff(&self, part: &Part) -> Sniff {
        if is_model(&part.blob) {
            Sniff::Certain
        } else if has_extension(part.name(), "bin") {
            Sniff::Maybe
        } else {
            Sniff::No
        }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        if !is_model(&part.blob) {
            return shard(part, exam);
        }
        let root = json::parse(&part.blob, exam.cx())?.root;
        if let Some(topology) = root.get("modelTopology") {
            for node in topology.get("node").map(Json::items).unwrap_or_default() {
                let op = node.get("op").and_then(Json::as_str).unwrap_or_default();
                let name = node.get("name").and_then(Json::as_str).unwrap_or_default();
                if let Some((rule, does)) = act(op).rule() {
                    exam.report(rule, part.item(name), format!("node '{name}' is a '{op}', which {does}"));
                }
            }
            if topology.get("node").is_none() {
                judge(topology, "modelTopology", Loader::Keras, part, exam)?;
            }
        }
        for group in groups(&root, &part.blob, &mut Budget::new(exam.cx()), &|_| None)? {
            for path in group.paths {
                if path.contains("://") || path.starts_with("//") {
                    exam.report(&rules::graph::NETWORK, part.item(&path), format!("weights are fetched from '{path}'"));
                } else if path.starts_with(['/', '\\']) || path.split(['/', '\\']).any(|step| step == "..") {
                    let message = format!("weights in '{path}', which is no place beside the model");
                    exam.report(&rules::structure::UNSAFE_CONTENT, part.item(&path), message);
                }
            }
        }
        Ok(Taken::Yes)
    }
}

/// A shard: the model beside it must name it, and its groups must fill their shards.
fn shard(part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
    let Some((artifact, entry)) = exam.entry(part) else { return Ok(Taken::No) };
    let Some(model) = artifact.resolve(entry, "model.json").ok().filter(is_model) else { return Ok(Taken::No) };
    // what is wrong with the model is reported where the model is
    let Ok(document) = json::parse(&model, exam.cx()) else { return Ok(Taken::No) };
    let size = |path: &str| artifact.resolve(entry, path).ok().map(|shard| shard.len());
    let groups = groups(&document.root, &model, &mut Budget::new(exam.cx()), &size)?;
    let Some(group) = groups.into_iter().find(|group| group.paths.iter().any(|path| path == part.name())) else {
        return Ok(Taken::No);
    };
    let stored = group.paths.iter().try_fold(0_u64, |sum, path| sum.checked_add(size(path)?));
    let texts = group.weights.iter().any(|weight| weight.dtype == "string");
    if stored.is_some_and(|stored| stored > group.bytes)
        && !texts
        && group.paths.last().is_some_and(|last| last == part.name())
    {
        let rest = stored.unwrap_or_default().saturating_sub(group.bytes).min(part.blob.len());
        exam.gap(part.at(part.blob.len().saturating_sub(rest)), rest, "bytes of a shard that are of no weight");
    }
    content::search(part, 0..part.blob.len(), exam)?;
    Ok(Taken::Yes)
}
