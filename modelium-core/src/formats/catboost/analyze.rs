//! Bytes → descriptor.

use crate::artifact::Artifact;
use crate::context::Context;
use crate::descriptor::resources::Figure;
use crate::descriptor::{Dimension, FormatId, ModelDescriptor, PortDescriptor, Producer, Task};
use crate::error::Result;
use crate::formats::catboost::{FORMAT, facts};
use crate::formats::single::{only_file, the_file};
use crate::formats::{Analyzer, Match};
use crate::tensor::DType;

/// Describes `CatBoost` models.
#[derive(Debug, Clone, Copy, Default)]
pub struct CatboostAnalyzer;

impl Analyzer for CatboostAnalyzer {
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
        model.framework = Some(Producer { name: "catboost".to_owned(), version: facts.version() });
        model.architecture = Some(if facts.symmetric { "oblivious_trees" } else { "trees" }.to_owned());
        model.task = Some(Task::Tabular);
        let width = facts.features.iter().map(|feature| feature.index.saturating_add(1)).max();
        model.inputs = vec![port("features", width)];
        model.outputs = vec![port("prediction", Some(facts.dimension).filter(|dimension| *dimension > 1))];
        model.symbols = vec!["batch".to_owned()];
        model.parameters = facts.splits.saturating_add(facts.leaf_values);
        model.weight_bytes.insert(DType::Float64, facts.leaf_values.saturating_mul(8));
        model.weight_bytes.insert(DType::Int32, facts.splits.saturating_mul(4));
        for (name, value) in
            [("trees", facts.trees), ("tree_splits", facts.splits), ("tree_leaf_values", facts.leaf_values)]
        {
            model.resources.figures.insert(name.to_owned(), Figure::exact(value));
        }
        model.dependencies = vec!["catboost".to_owned()];
        let join = |texts: Vec<&str>| texts.join(",");
        if facts.features.iter().any(|feature| !feature.name.is_empty()) {
            let names = join(facts.features.iter().map(|feature| feature.name.as_str()).collect());
            model.metadata.insert("feature_names".to_owned(), names);
        }
        let kinds = join(facts.features.iter().map(|feature| feature.kind).collect());
        model.metadata.insert("feature_types".to_owned(), kinds);
        model.metadata.extend(facts.loss(cx).map(|loss| ("loss_function".to_owned(), loss)));
        for key in ["model_guid", "train_finish_time"] {
            model.metadata.extend(facts.info(key).map(|value| (key.to_owned(), value.to_owned())));
        }
        Ok(model)
    }
}

fn port(name: &str, width: Option<u64>) -> PortDescriptor {
    let mut shape = vec![Dimension::Symbol("batch".to_owned())];
    shape.extend(width.map(Dimension::Known));
    let ty = width.map_or_else(|| "float64[batch]".to_owned(), |width| format!("float64[batch, {width}]"));
    PortDescriptor { name: name.to_owned(), ty, dtype: Some(DType::Float64), shape: Some(shape), optional: false }
}
