//! The JSON export: the model in words.

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Location, Result};
use crate::formats::catboost::CatboostError;
use crate::formats::catboost::facts::{Facts, Feature};
use crate::wire::json::{self, Json};
use crate::wire::yaml::shown;

/// Lists that no question here needs.
const PASSED_OVER: &[&str] = &["borders", "leaf_weights", "ctr_data"];

pub(super) fn read(blob: &Blob, cx: &Context) -> Result<Facts> {
    let document = json::parse_kept(blob, &|key| !PASSED_OVER.contains(&key), cx)?;
    let at = || Location::file(blob.name());
    let rest = usize::try_from(document.end).ok().and_then(|end| blob.get(end..)).unwrap_or_default();
    let extra = rest.trim_ascii().len() as u64;
    if extra > 0 {
        return Err(CatboostError::Trailing { at: blob.location(document.end), extra }.into());
    }
    let root = &document.root;
    let mut facts = Facts { encoding: "json", dimension: 1, ..Facts::default() };
    if let Some(trees) = root.get("oblivious_trees") {
        facts.symmetric = true;
        for tree in trees.items() {
            oblivious(tree, &mut facts, &at)?;
        }
    } else if let Some(trees) = root.get("trees") {
        for tree in trees.items() {
            facts.trees = facts.trees.saturating_add(1);
            walk(tree, &mut facts);
        }
    } else {
        return Err(CatboostError::Missing { at: at(), what: "oblivious_trees" }.into());
    }
    // [scale, [bias for each dimension]]
    let bias = root.get("scale_and_bias").and_then(|pair| pair.items().get(1));
    facts.dimension = bias.map_or(1, |bias| bias.items().len().max(1) as u64);
    for (list, kind) in [
        ("float_features", "float"),
        ("categorical_features", "categorical"),
        ("text_features", "text"),
        ("embedding_features", "embedding"),
    ] {
        let features = root.at(&["features_info", list]).map(Json::items).unwrap_or_default();
        facts.features.extend(features.iter().map(|feature| Feature {
            index: feature.get("flat_feature_index").and_then(Json::as_u64).unwrap_or_default(),
            name: feature.get("feature_id").and_then(Json::as_str).unwrap_or_default().to_owned(),
            kind,
        }));
    }
    facts.features.sort_by_key(|feature| feature.index);
    for (key, value) in root.get("model_info").map(Json::entries).unwrap_or_default() {
        // the parameters are an object here and a text in a .cbm
        let text = match value {
            Json::String(text) => text.clone(),
            Json::Object(_) if key == "params" => {
                let loss = value.at(&["loss_function", "type"]).and_then(Json::as_str).unwrap_or_default();
                format!("{{\"loss_function\": {{\"type\": \"{}\"}}}}", loss.escape_default())
            }
            other => shown(other),
        };
        facts.info.push((key.clone(), text));
    }
    Ok(facts)
}

fn oblivious(tree: &Json, facts: &mut Facts, at: &dyn Fn() -> Location) -> Result<(), CatboostError> {
    let splits = tree.get("splits").map(Json::items).unwrap_or_default().len() as u64;
    let found = tree.get("leaf_values").map(Json::items).unwrap_or_default().len() as u64;
    let leaves = u32::try_from(splits).ok().and_then(|splits| 1_u64.checked_shl(splits)).unwrap_or(u64::MAX);
    if !found.is_multiple_of(leaves) || found == 0 {
        return Err(CatboostError::Count { at: at(), what: "values of the leaves of a tree", claimed: leaves, found });
    }
    facts.trees = facts.trees.saturating_add(1);
    facts.splits = facts.splits.saturating_add(splits);
    facts.leaf_values = facts.leaf_values.saturating_add(found);
    Ok(())
}

/// A tree of nodes with `left` and `right`, or with a `value`.
fn walk(tree: &Json, facts: &mut Facts) {
    let mut waiting = vec![tree];
    while let Some(node) = waiting.pop() {
        if let Some(value) = node.get("value") {
            facts.leaf_values = facts.leaf_values.saturating_add(value.items().len().max(1) as u64);
        }
        if node.get("split").is_some() {
            facts.splits = facts.splits.saturating_add(1);
        }
        waiting.extend(["left", "right"].into_iter().filter_map(|side| node.get(side)));
    }
}
