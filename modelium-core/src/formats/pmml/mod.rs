//! PMML: models of data mining in XML.
//!
//! Follows the [standard of the DMG](https://dmg.org/pmml/v4-4-1/GeneralStructure.html). Described are the header, the fields of the
//! mining schema and the kinds of models; numbers stay where they are. What acts in PMML is XML itself: a document type
//! that leads to files or multiplies; and extensions, which name what a consumer might call.

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::{Component, FormatId, ModelDescriptor, PortDescriptor, Producer, Task};
use crate::error::Result;
use crate::formats::single::{only_file, the_file};
use crate::formats::{Analyzer, Inspector, Match, Sniff, Taken};
use crate::scan::{Exam, Part, doctype};
use crate::tensor::DType;
use crate::wire::xml::{self, Element, Event};

/// PMML.
pub const FORMAT: FormatId = FormatId::new("pmml");

/// Describes PMML documents.
#[derive(Debug, Clone, Copy, Default)]
pub struct PmmlAnalyzer;

/// Looks for danger in PMML documents.
#[derive(Debug, Clone, Copy, Default)]
pub struct PmmlInspector;

fn is_pmml(blob: &Blob) -> bool {
    xml::root_name(blob).as_deref() == Some("PMML")
}

/// Models that the standard has: elements that stand below the root.
const MODELS: &[&str] = &[
    "AnomalyDetectionModel",
    "AssociationModel",
    "BaselineModel",
    "BayesianNetworkModel",
    "ClusteringModel",
    "GaussianProcessModel",
    "GeneralRegressionModel",
    "MiningModel",
    "NaiveBayesModel",
    "NearestNeighborModel",
    "NeuralNetwork",
    "RegressionModel",
    "RuleSetModel",
    "Scorecard",
    "SequenceModel",
    "SupportVectorMachineModel",
    "TextModel",
    "TimeSeriesModel",
    "TreeModel",
];

impl Analyzer for PmmlAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        match only_file(artifact) {
            Some((_, blob)) if is_pmml(&blob) => Match::Certain,
            _ => Match::No,
        }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let (name, blob) = the_file(artifact)?;
        let mut model = ModelDescriptor::of(artifact, FORMAT, name);
        model.framework = Some(Producer { name: "pmml".to_owned(), version: None });
        model.task = Some(Task::Tabular);
        let mut types: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
        xml::walk(&xml::utf8(&blob), cx, |path, event| {
            if let Event::Open(element) = event {
                take(&mut model, &mut types, path, &element);
            }
            Ok(())
        })?;
        Ok(model)
    }
}

fn take(
    model: &mut ModelDescriptor,
    types: &mut std::collections::BTreeMap<String, String>,
    path: &[String],
    element: &Element,
) {
    let text = |key| element.get(key).map(str::to_owned);
    match element.name.as_str() {
        "PMML" if path.is_empty() => {
            model.format_version = text("version");
            model.framework = Some(Producer { name: "pmml".to_owned(), version: text("version") });
        }
        "Application" => {
            model.producer = text("name").map(|name| Producer { name, version: text("version") });
        }
        "Header" => model.metadata.extend(
            ["copyright", "description", "modelVersion"]
                .into_iter()
                .filter_map(|key| Some((key.to_owned(), text(key)?))),
        ),
        "DataField" => {
            types.insert(text("name").unwrap_or_default(), text("dataType").unwrap_or_default());
        }
        // the fields of the outermost model; models inside have their own
        "MiningField" if path.len() == 3 => {
            let name = text("name").unwrap_or_default();
            let spelt = types.get(&name).cloned().unwrap_or_else(|| "?".to_owned());
            let port = PortDescriptor { dtype: dtype(&spelt), name, ty: spelt, shape: None, optional: false };
            match element.get("usageType") {
                Some("target" | "predicted") => model.outputs.push(port),
                None | Some("active") => model.inputs.push(port),
                Some(_) => {}
            }
        }
        kind if MODELS.binary_search(&kind).is_ok() => {
            let count = model.operators.entry(kind.to_owned()).or_insert(0);
            *count = count.saturating_add(1);
            model.nodes = model.nodes.saturating_add(1);
            if path.len() == 1 {
                if model.architecture.is_none() {
                    model.architecture = Some(kind.to_owned());
                    let pairs = ["functionName", "algorithmName", "modelName"].into_iter();
                    model.metadata.extend(pairs.filter_map(|key| Some((key.to_owned(), text(key)?))));
                }
                model.components.push(Component {
                    name: text("modelName").unwrap_or_else(|| kind.to_owned()),
                    architecture: Some(kind.to_owned()),
                    ..Component::default()
                });
            }
        }
        _ => {}
    }
}

fn dtype(name: &str) -> Option<DType> {
    Some(match name {
        "double" => DType::Float64,
        "float" => DType::Float32,
        "integer" => DType::Int64,
        "string" => DType::String,
        "boolean" => DType::Bool,
        _ => return None,
    })
}

impl Inspector for PmmlInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if is_pmml(&part.blob) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        // before the walk: what it declares acts even where the rest is broken
        let document = Part { blob: xml::utf8(&part.blob), ..part.clone() };
        doctype::inspect(&document, exam);
        doctype::external(&document, exam);
        xml::walk(&document.blob, exam.cx(), |_, _| Ok(()))?;
        Ok(Taken::Yes)
    }
}
