//! Bytes → descriptor.

use crate::artifact::Artifact;
use crate::context::Context;
use crate::descriptor::resources::Figure;
use crate::descriptor::{Dimension, FormatId, ModelDescriptor, PortDescriptor, Producer, Task};
use crate::error::Result;
use crate::formats::single::{only_file, the_file};
use crate::formats::xgboost::FORMAT;
use crate::formats::xgboost::facts::{self, Facts};
use crate::formats::{Analyzer, Match};
use crate::tensor::DType;

/// Describes XGBoost models.
#[derive(Debug, Clone, Copy, Default)]
pub struct XgboostAnalyzer;

impl Analyzer for XgboostAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        match only_file(artifact).and_then(|(_, blob)| facts::encoding(&blob)) {
            Some(_) => Match::Certain,
            None => Match::No,
        }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let (name, blob) = the_file(artifact)?;
        let facts = facts::read(&blob, cx)?;
        let mut model = ModelDescriptor::of(artifact, FORMAT, name);
        model.format_version = Some(facts.encoding.to_owned());
        model.framework = Some(Producer { name: "xgboost".to_owned(), version: facts.version.clone() });
        model.architecture = Some(facts.booster.clone());
        model.task = Some(Task::Tabular);
        model.inputs = vec![port("features", Some(facts.features))];
        model.outputs = vec![port("prediction", width(&facts))];
        model.symbols = vec!["batch".to_owned()];
        model.parameters = facts.parameters;
        model.weight_bytes.insert(DType::Float32, facts.parameters.saturating_mul(4));
        for (name, value) in [("trees", facts.trees), ("tree_nodes", facts.nodes), ("tree_leaves", facts.leaves)] {
            if facts.booster != "gblinear" {
                model.resources.figures.insert(name.to_owned(), Figure::exact(value));
            }
        }
        model.dependencies = vec!["xgboost".to_owned()];
        let mut tell = |key: &str, value: String| {
            if !value.is_empty() {
                model.metadata.insert(key.to_owned(), value);
            }
        };
        tell("objective", facts.objective);
        tell("base_score", facts.base_score.unwrap_or_default());
        tell("feature_names", facts.feature_names.join(","));
        tell("feature_types", facts.feature_types.join(","));
        tell("num_class", if facts.classes > 0 { facts.classes.to_string() } else { String::new() });
        for (key, value) in facts.attributes {
            model.metadata.entry(key).or_insert(value);
        }
        Ok(model)
    }
}

/// How many numbers a prediction gives for one row; none for one.
fn width(facts: &Facts) -> Option<u64> {
    match facts.objective.as_str() {
        "multi:softprob" => Some(facts.classes),
        "multi:softmax" => None, // the class itself
        _ if facts.targets > 1 => Some(facts.targets),
        _ => None,
    }
}

fn port(name: &str, width: Option<u64>) -> PortDescriptor {
    let mut shape = vec![Dimension::Symbol("batch".to_owned())];
    shape.extend(width.map(Dimension::Known));
    let ty = width.map_or_else(|| "float32[batch]".to_owned(), |width| format!("float32[batch, {width}]"));
    PortDescriptor { name: name.to_owned(), ty, dtype: Some(DType::Float32), shape: Some(shape), optional: false }
}
