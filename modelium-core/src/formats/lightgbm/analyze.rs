//! Bytes → descriptor.

use crate::artifact::Artifact;
use crate::context::Context;
use crate::descriptor::resources::Figure;
use crate::descriptor::{Dimension, FormatId, ModelDescriptor, PortDescriptor, Producer, Task};
use crate::error::Result;
use crate::formats::lightgbm::{FORMAT, text};
use crate::formats::single::{only_file, the_file};
use crate::formats::{Analyzer, Match};
use crate::tensor::DType;

/// Describes LightGBM models.
#[derive(Debug, Clone, Copy, Default)]
pub struct LightgbmAnalyzer;

impl Analyzer for LightgbmAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        match only_file(artifact) {
            Some((_, blob)) if text::begins(&blob) => Match::Certain,
            _ => Match::No,
        }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let (name, blob) = the_file(artifact)?;
        let facts = text::read(&blob, cx)?;
        let mut model = ModelDescriptor::of(artifact, FORMAT, name);
        model.format_version = Some(facts.version.to_owned());
        model.framework = Some(Producer { name: "lightgbm".to_owned(), version: None });
        model.architecture = facts.training.get("boosting").map(|boosting| (*boosting).to_owned());
        model.task = Some(Task::Tabular);
        model.inputs = vec![port("features", Some(facts.features))];
        model.outputs = vec![port("prediction", Some(facts.classes).filter(|classes| *classes > 1))];
        model.symbols = vec!["batch".to_owned()];
        model.parameters = facts.parameters;
        model.weight_bytes.insert(DType::Float64, facts.parameters.saturating_mul(8));
        for (name, value) in [
            ("trees", facts.trees),
            ("tree_nodes", facts.splits.saturating_add(facts.leaves)),
            ("tree_leaves", facts.leaves),
        ] {
            model.resources.figures.insert(name.to_owned(), Figure::exact(value));
        }
        model.dependencies = vec!["lightgbm".to_owned()];
        let spaces = ["feature_names", "monotone_constraints"];
        for key in ["objective", "feature_names", "num_class", "num_tree_per_iteration", "monotone_constraints"] {
            if let Some(value) = facts.header.get(key) {
                let value = if spaces.contains(&key) { value.replace(' ', ",") } else { (*value).to_owned() };
                model.metadata.insert(key.to_owned(), value);
            }
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
