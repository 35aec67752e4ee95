//! The document: the same keys in JSON and in UBJSON.

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Location, Result};
use crate::formats::xgboost::XgboostError;
use crate::formats::xgboost::facts::{Facts, Tree};
use crate::wire::json::{self, Json};
use crate::wire::ubjson;

/// Lists with one number for each node that no question here needs.
const PASSED_OVER: &[&str] = &[
    "base_weights",
    "categories",
    "categories_nodes",
    "categories_segments",
    "categories_sizes",
    "default_left",
    "loss_changes",
    "parents",
    "split_conditions",
    "split_type",
    "sum_hessian",
    "Config",
];

fn keep(key: &str) -> bool {
    !PASSED_OVER.contains(&key)
}

pub(super) fn read_json(blob: &Blob, cx: &Context) -> Result<Facts> {
    let document = json::parse_kept(blob, &keep, cx)?;
    if let Some((key, byte)) = document.duplicates.into_iter().next() {
        return Err(XgboostError::Twice { at: blob.location(byte), key }.into());
    }
    let rest = usize::try_from(document.end).ok().and_then(|end| blob.get(end..)).unwrap_or_default();
    // a text handed over in a buffer may keep its closing zero
    let extra = rest.trim_ascii_end().iter().filter(|byte| **byte != 0).count() as u64;
    if extra > 0 {
        return Err(XgboostError::Trailing { at: blob.location(document.end), extra }.into());
    }
    Ok(Facts { encoding: "json", ..facts(&document.root, blob, cx)? })
}

pub(super) fn read_ubjson(blob: &Blob, cx: &Context) -> Result<Facts> {
    let root = ubjson::parse(blob, &keep, cx)?;
    Ok(Facts { encoding: "ubjson", ..facts(&root, blob, cx)? })
}

fn facts(root: &Json, blob: &Blob, cx: &Context) -> Result<Facts> {
    let at = || Location::file(blob.name());
    let root = root.get("Model").unwrap_or(root);
    let version = root.get("version").map(|version| {
        let parts = version.items().iter().filter_map(Json::as_u64).map(|part| part.to_string());
        parts.collect::<Vec<_>>().join(".")
    });
    let learner = root.get("learner").ok_or_else(|| XgboostError::Missing { at: at(), what: "learner" })?;
    let params = learner
        .get("learner_model_param")
        .ok_or_else(|| XgboostError::Missing { at: at(), what: "learner_model_param" })?;
    let booster =
        learner.get("gradient_booster").ok_or_else(|| XgboostError::Missing { at: at(), what: "gradient_booster" })?;
    let name = booster.get("name").and_then(Json::as_str).unwrap_or_default();
    let texts = |key: &str| {
        let items = learner.get(key).map(Json::items).unwrap_or_default();
        items.iter().filter_map(Json::as_str).map(str::to_owned).collect::<Vec<_>>()
    };
    let attributes = learner.get("attributes").map(Json::entries).unwrap_or_default();
    let pairs = attributes.iter().filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())));
    let mut facts = Facts {
        version: version.filter(|version| !version.is_empty()),
        booster: name.to_owned(),
        objective: learner.at(&["objective", "name"]).and_then(Json::as_str).unwrap_or_default().to_owned(),
        base_score: params.get("base_score").and_then(Json::as_str).map(str::to_owned),
        features: number(params, "num_feature", blob)?,
        classes: number(params, "num_class", blob)?,
        targets: number(params, "num_target", blob)?,
        feature_names: texts("feature_names"),
        feature_types: texts("feature_types"),
        attributes: pairs.collect(),
        ..Facts::default()
    };
    let model = match name {
        "gbtree" | "gblinear" => booster.get("model"),
        "dart" => booster.at(&["gbtree", "model"]),
        found => return Err(XgboostError::Booster { at: at(), found: found.to_owned() }.into()),
    };
    let model = model.ok_or_else(|| XgboostError::Missing { at: at(), what: "model" })?;
    if name == "gblinear" {
        facts.parameters = model.get("weights").map_or(0, |weights| weights.items().len() as u64);
        return Ok(facts);
    }
    let trees = model.get("trees").ok_or_else(|| XgboostError::Missing { at: at(), what: "trees" })?.items();
    let claimed = model.get("gbtree_model_param").map(|param| number(param, "num_trees", blob)).transpose()?;
    let found = trees.len() as u64;
    if let Some(claimed) = claimed.filter(|claimed| *claimed != found) {
        return Err(XgboostError::Count { at: at(), what: "trees", claimed, found }.into());
    }
    for (index, tree) in trees.iter().enumerate() {
        cx.tick("analyze", index as u64, found)?;
        count(tree, index as u64, &mut facts, blob)?;
    }
    facts.trees = found;
    Ok(facts)
}

/// Adds what one tree has.
fn count(tree: &Json, index: u64, facts: &mut Facts, blob: &Blob) -> Result<(), XgboostError> {
    let at = || Location { item: Some(format!("tree {index}")), ..Location::file(blob.name()) };
    let list =
        |key: &'static str| tree.get(key).map(Json::items).ok_or_else(|| XgboostError::Missing { at: at(), what: key });
    let (left, right, features) = (list("left_children")?, list("right_children")?, list("split_indices")?);
    let param = tree.get("tree_param").unwrap_or(&Json::Null);
    let nodes = left.len() as u64;
    let claimed = if param.get("num_nodes").is_some() { number(param, "num_nodes", blob)? } else { nodes };
    for (what, found) in
        [("nodes", nodes), ("right children", right.len() as u64), ("split indices", features.len() as u64)]
    {
        if claimed != found {
            return Err(XgboostError::Count { at: at(), what, claimed, found });
        }
    }
    let get = |list: &[Json], node: u64| usize::try_from(node).ok().and_then(|node| list.get(node)?.as_i64());
    let children = |node: u64| Some((get(left, node)?, get(right, node)?));
    let counted = Tree { number: index, nodes, children: &children, place: &|_| at() }.count()?;
    for node in 0..nodes {
        let (feature, split) = (get(features, node).unwrap_or(-1), get(left, node).unwrap_or(-1) != -1);
        // leaves keep a zero there
        if let Some(feature) = u64::try_from(feature).ok().filter(|feature| split && *feature >= facts.features) {
            return Err(XgboostError::Feature { at: at(), tree: index, node, feature, features: facts.features });
        }
    }
    let vector = number(param, "size_leaf_vector", blob)?.max(1);
    facts.nodes = facts.nodes.saturating_add(counted.splits).saturating_add(counted.leaves);
    facts.leaves = facts.leaves.saturating_add(counted.leaves);
    let values = counted.leaves.saturating_mul(vector).saturating_add(counted.splits);
    facts.parameters = facts.parameters.saturating_add(values);
    Ok(())
}

/// A parameter: XGBoost writes numbers as texts. Zero where it is left out.
fn number(params: &Json, what: &'static str, blob: &Blob) -> Result<u64, XgboostError> {
    let Some(value) = params.get(what) else { return Ok(0) };
    let number = value.as_u64().or_else(|| value.as_str().and_then(|text| text.parse().ok()));
    number.ok_or_else(|| {
        let found = value.as_str().map_or_else(|| "not a text".to_owned(), |text| format!("'{text}'"));
        XgboostError::NotANumber { at: Location::file(blob.name()), what, found }
    })
}
