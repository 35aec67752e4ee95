//! Bytes → descriptor.

use std::collections::BTreeMap;

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::{Component, FileRole, LayerDescriptor, ModelDescriptor, Producer, TensorDescriptor};
use crate::error::{Location, Result};
use crate::finding::{Finding, Severity};
use crate::formats::coreml::FORMAT;
use crate::formats::coreml::schema::{self, CoremlFault, blob_at, is_model, kind_name};
use crate::formats::{Analyzer, FormatId, Match};
use crate::wire::budget::{Budget, list_item};
use crate::wire::protobuf::{FieldView, Message};

/// Describes Core ML models.
#[derive(Debug, Clone, Copy, Default)]
pub struct CoremlAnalyzer;

/// The one file, or in a package the one whose content is a model.
fn entry(artifact: &Artifact) -> Option<String> {
    let mut names =
        artifact.entries().map(|(name, _)| name).filter(|name| !artifact.is_folder() || name.ends_with(".mlmodel"));
    let model = |name: &&str| artifact.blob(name).is_ok_and(|blob| is_model(&blob));
    names.find(model).map(str::to_owned)
}

impl Analyzer for CoremlAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        if entry(artifact).is_some() { Match::Certain } else { Match::No }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let Some(name) = entry(artifact) else {
            return Err(CoremlFault::NoModel.at(Location::file(artifact.name())));
        };
        let blob = artifact.blob(&name)?;
        let mut reader =
            Reader { artifact, entry: &name, budget: Budget::new(cx), tensors: Vec::new(), storages: BTreeMap::new() };
        let mut model = ModelDescriptor::of(artifact, FORMAT, &name);
        model.framework = Some(Producer { name: "coreml".to_owned(), version: None });
        reader.model(Message::whole(&blob), &mut model, "", 0)?;
        for file in reader.storages.keys() {
            for listed in model.files.iter_mut().filter(|listed| listed.name == *file) {
                listed.role = FileRole::ExternalData;
            }
        }
        let layers = std::mem::take(&mut model.layers);
        let mut model = model.with_tensors(reader.tensors);
        model.layers = layers;
        Ok(model)
    }
}

struct Reader<'a> {
    artifact: &'a Artifact,
    entry: &'a str,
    budget: Budget<'a>,
    tensors: Vec<TensorDescriptor>,
    /// Files of weights by their name among the entries.
    storages: BTreeMap<String, Blob>,
}

impl Reader<'_> {
    /// `Model`, also inside pipelines, where ports are those of the outermost.
    fn model(&mut self, message: Message<'_>, model: &mut ModelDescriptor, within: &str, depth: u32) -> Result<()> {
        self.budget.depth(depth)?;
        for field in message.fields() {
            let field = field?;
            match field.number {
                1 if depth == 0 => model.format_version = Some(field.int()?.to_string()),
                2 if depth == 0 => self.description(field.message()?, model)?,
                10 if field.int()? != 0 => model.tags.push("updatable".to_owned()),
                number => {
                    let Some(kind) = kind_name(number) else { continue };
                    if depth == 0 {
                        model.architecture = Some(kind.to_owned());
                    }
                    let inner = field.message()?;
                    match number {
                        200..=202 => self.pipeline(inner, number, model, within, depth)?,
                        303 | 403 | 500 => self.network(inner, model, within, depth)?,
                        502 => self.program(inner, model)?,
                        302 | 402 => trees(inner, model)?,
                        _ => {
                            let count = model.operators.entry(kind.to_owned()).or_insert(0);
                            *count = count.saturating_add(1);
                            model.nodes = model.nodes.saturating_add(1);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// `ModelDescription`.
    fn description(&mut self, message: Message<'_>, model: &mut ModelDescriptor) -> Result<()> {
        for field in message.fields() {
            let field = field?;
            match field.number {
                1 => model.inputs.push(schema::port(field.message()?, &mut self.budget)?),
                10 => model.outputs.push(schema::port(field.message()?, &mut self.budget)?),
                13 => {
                    let state = schema::port(field.message()?, &mut self.budget)?;
                    model.metadata.insert(format!("state.{}", state.name), state.ty);
                }
                20 => {
                    // several functions: the ports of each, of which the first one stands for the model
                    let first = model.inputs.is_empty();
                    for part in field.message()?.fields() {
                        let part = part?;
                        match part.number {
                            1 => model.tags.push(format!("function:{}", part.text()?)),
                            2 if first => model.inputs.push(schema::port(part.message()?, &mut self.budget)?),
                            3 if first => model.outputs.push(schema::port(part.message()?, &mut self.budget)?),
                            _ => {}
                        }
                    }
                }
                100 => {
                    for part in field.message()?.fields() {
                        let part = part?;
                        let key = match part.number {
                            1 => "description",
                            2 => "version",
                            3 => "author",
                            4 => "license",
                            100 => {
                                let entry = part.message()?;
                                let text = |number| -> Result<String> {
                                    let found = entry.find(number)?.map(|text| text.text()).transpose()?;
                                    Ok(found.unwrap_or_default().into_owned())
                                };
                                let (key, value) = (text(1)?, text(2)?);
                                if key == "com.github.apple.coremltools.version" {
                                    model.producer =
                                        Some(Producer { name: "coremltools".to_owned(), version: Some(value.clone()) });
                                }
                                model.metadata.insert(key, value);
                                continue;
                            }
                            _ => continue,
                        };
                        model.metadata.insert(key.to_owned(), part.text()?.into_owned());
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn pipeline(
        &mut self,
        message: Message<'_>,
        number: u32,
        model: &mut ModelDescriptor,
        within: &str,
        depth: u32,
    ) -> Result<()> {
        // a classifier and a regressor hold the pipeline one level deeper
        let pipeline = match message.find(1)? {
            Some(inner) if number != 202 => inner.message()?,
            _ => message,
        };
        let mut names = Vec::new();
        for field in pipeline.fields() {
            let field = field?;
            if field.number == 2 {
                self.budget.spend(64)?;
                names.push(field.text()?.into_owned());
            }
        }
        let mut index = 0_usize;
        for field in pipeline.fields() {
            let field = field?;
            if field.number != 1 {
                continue;
            }
            self.budget.node(256)?;
            let name = names.get(index).cloned().unwrap_or_else(|| index.to_string());
            index = index.saturating_add(1);
            let part = field.message()?;
            let mut kind = None;
            for field in part.fields() {
                kind = kind_name(field?.number).or(kind);
            }
            model.components.push(Component {
                name: format!("{within}{name}"),
                format: Some(FORMAT),
                architecture: kind.map(str::to_owned),
                ..Component::default()
            });
            self.model(part, model, &format!("{within}{name}/"), depth.saturating_add(1))?;
        }
        Ok(())
    }

    /// `NeuralNetwork`, and what wraps it for classes: the layers have the same number in all three.
    fn network(&mut self, message: Message<'_>, model: &mut ModelDescriptor, within: &str, depth: u32) -> Result<()> {
        self.budget.depth(depth)?;
        for field in message.fields() {
            let field = field?;
            if field.number != 1 {
                continue;
            }
            self.budget.node(list_item::<LayerDescriptor>())?;
            let layer = field.message()?;
            let name = layer.find(1)?.map(|name| name.text()).transpose()?.unwrap_or_default();
            let name = format!("{within}{name}");
            let mut described = LayerDescriptor { name: name.clone(), ..LayerDescriptor::default() };
            for field in layer.fields() {
                let field = field?;
                let Some(row) = schema::layer(field.number) else { continue };
                described.kind = Some(row.name.to_owned());
                let count = model.operators.entry(row.name.to_owned()).or_insert(0);
                *count = count.saturating_add(1);
                model.nodes = model.nodes.saturating_add(1);
                let params = field.message()?;
                for path in row.weights.split(' ').filter(|path| !path.is_empty()) {
                    self.weights(params, path, &name, &mut described)?;
                }
                // networks inside: the branches of a condition, the body of a loop
                if matches!(row.name, "branch" | "loop") {
                    for inner in params.fields() {
                        let inner = inner?;
                        if inner.is_message()
                            && inner.message()?.fields().all(|field| field.is_ok_and(|field| field.is_message()))
                        {
                            self.network(inner.message()?, model, &format!("{name}/"), depth.saturating_add(1))?;
                        }
                    }
                }
            }
            model.layers.push(described);
        }
        Ok(())
    }

    /// Follows `90:weights` or `1:weightParams/20:inputGate` to `WeightParams`.
    fn weights(
        &mut self,
        message: Message<'_>,
        path: &str,
        layer: &str,
        described: &mut LayerDescriptor,
    ) -> Result<()> {
        let (step, rest) = path.split_once('/').map_or((path, None), |(step, rest)| (step, Some(rest)));
        let Some((number, name)) = step.split_once(':') else { return Ok(()) };
        for field in message.fields() {
            let field = field?;
            if Ok(field.number) != number.parse() {
                continue;
            }
            let inner = field.message()?;
            if let Some(rest) = rest {
                self.weights(inner, rest, &format!("{layer}.{name}"), described)?;
            } else if let Some(tensor) = self.weight_params(inner, format!("{layer}.{name}"))? {
                described.parameters = described.parameters.saturating_add(tensor.elements());
                described.bytes = described.bytes.saturating_add(tensor.bytes);
                self.tensors.push(tensor);
            }
        }
        Ok(())
    }

    /// `WeightParams`: a flat run of elements in one of four encodings.
    fn weight_params(&mut self, message: Message<'_>, name: String) -> Result<Option<TensorDescriptor>> {
        self.budget.tensor(list_item::<TensorDescriptor>())?;
        let (mut found, mut bits): (Option<(&str, FieldView<'_>)>, u64) = (None, 8);
        for field in message.fields() {
            let field = field?;
            match field.number {
                1 => found = Some(("float32", field)),
                2 => found = Some(("float16", field)),
                30 => found = Some(("quantized", field)),
                31 => found = Some(("int8", field)),
                40 => {
                    let width = field.message()?.find(1)?;
                    bits = width.map(|width| width.int()).transpose()?.unwrap_or(8).clamp(1, 64);
                }
                _ => {}
            }
        }
        let Some((dtype, field)) = found.filter(|(_, field)| field.is_message() && !field.raw().is_empty()) else {
            return Ok(None);
        };
        let run = field.message()?;
        let bytes = run.byte_len();
        let (dtype, elements) = match dtype {
            "float32" => ("float32".to_owned(), bytes / 4),
            "float16" => ("float16".to_owned(), bytes / 2),
            "int8" => ("int8".to_owned(), bytes),
            _ => (format!("quantized_{bits}_bit"), bytes.saturating_mul(8).checked_div(bits).unwrap_or(0)),
        };
        Ok(Some(TensorDescriptor {
            name,
            dtype,
            shape: vec![elements],
            strides: None,
            bytes,
            file: Some(self.entry.to_owned()),
            start: Some(run.offset()),
            shares: None,
        }))
    }

    /// `Program`: functions, each with a block for each set of operations it was specialised for.
    fn program(&mut self, message: Message<'_>, model: &mut ModelDescriptor) -> Result<()> {
        for field in message.fields() {
            let field = field?;
            let Some(function) =
                field.message().ok().filter(|_| field.number == 2).map(|entry| entry.find(2)).transpose()?.flatten()
            else {
                continue;
            };
            let mut opset = None;
            let mut blocks = Vec::new();
            for part in function.message()?.fields() {
                let part = part?;
                match part.number {
                    2 => opset = Some(part.text()?),
                    3 => {
                        self.budget.spend(64)?;
                        let key = part.message()?.find(1)?.map(|key| key.text()).transpose()?;
                        blocks.push((key, part.message()?.find(2)?));
                    }
                    _ => {}
                }
            }
            let chosen = blocks.iter().find(|(key, _)| *key == opset).or_else(|| blocks.first());
            if let Some(opset) = &opset {
                model.metadata.insert("opset".to_owned(), opset.to_string());
            }
            if let Some((_, Some(block))) = chosen {
                self.block(block.message()?, model, 0)?;
            }
        }
        Ok(())
    }

    fn block(&mut self, message: Message<'_>, model: &mut ModelDescriptor, depth: u32) -> Result<()> {
        self.budget.depth(depth)?;
        for field in message.fields() {
            let field = field?;
            if field.number != 3 {
                continue;
            }
            self.budget.node(64)?;
            let operation = field.message()?;
            let kind = operation.find(1)?.map(|kind| kind.text()).transpose()?.unwrap_or_default();
            let count = model.operators.entry(kind.to_string()).or_insert(0);
            *count = count.saturating_add(1);
            model.nodes = model.nodes.saturating_add(1);
            self.operation(operation, model)?;
            for part in operation.fields() {
                let part = part?;
                if part.number == 4 {
                    self.block(part.message()?, model, depth.saturating_add(1))?;
                }
            }
        }
        Ok(())
    }

    /// Constants of an operation that lie in a file: attributes, and arguments that are values.
    fn operation(&mut self, operation: Message<'_>, model: &mut ModelDescriptor) -> Result<()> {
        let output = operation.find(3)?.map(|output| output.message()).transpose()?;
        let name = output.map(|output| output.find(1)).transpose()?.flatten();
        let name = name.map(|name| name.text()).transpose()?.unwrap_or_default().into_owned();
        for field in operation.fields() {
            let field = field?;
            match field.number {
                5 => {
                    let entry = field.message()?;
                    if let Some(value) = entry.find(2)? {
                        let key = entry.find(1)?.map(|key| key.text()).transpose()?.unwrap_or_default();
                        let own = if key == "val" { name.clone() } else { format!("{name}.{key}") };
                        self.value(value.message()?, own, model)?;
                    }
                }
                2 => {
                    let entry = field.message()?;
                    let key = entry.find(1)?.map(|key| key.text()).transpose()?.unwrap_or_default();
                    let Some(argument) = entry.find(2)? else { continue };
                    for binding in argument.message()?.fields() {
                        if let Some(value) = binding?.message()?.find(2)? {
                            self.value(value.message()?, format!("{name}.{key}"), model)?;
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// `Value`; only those in files are weights.
    fn value(&mut self, message: Message<'_>, name: String, model: &mut ModelDescriptor) -> Result<()> {
        let Some(file) = message.find(5)? else { return Ok(()) };
        self.budget.tensor(list_item::<TensorDescriptor>())?;
        let (mut path, mut offset) = (String::new(), 0);
        for field in file.message()?.fields() {
            let field = field?;
            match field.number {
                1 => path = field.text()?.into_owned(),
                2 => offset = field.int()?,
                _ => {}
            }
        }
        let (mut code, mut shape) = (0, Vec::new());
        let tensor = message.find(2)?.map(|ty| ty.message()).transpose()?.map(|ty| ty.find(1)).transpose()?.flatten();
        if let Some(tensor) = tensor {
            for field in tensor.message()?.fields() {
                let field = field?;
                match field.number {
                    1 => code = field.int()?,
                    3 => {
                        self.budget.rank(shape.len() as u64)?;
                        let constant = field.message()?.find(1)?.map(|dim| dim.message()).transpose()?;
                        let size = constant.map(|dim| dim.find(1)).transpose()?.flatten();
                        shape.push(size.map(|size| size.int()).transpose()?.unwrap_or(1));
                    }
                    _ => {}
                }
            }
        }
        let mut tensor =
            TensorDescriptor { name, dtype: schema::dtype_name(code), shape, ..TensorDescriptor::default() };
        let elements = tensor.shape.iter().try_fold(1_u64, |product, dim| product.checked_mul(*dim));
        let claimed =
            elements.and_then(|elements| elements.checked_mul(schema::bits(code)?)).map(|bits| bits.div_ceil(8));
        tensor.bytes = claimed.unwrap_or(0);
        let relative = path.strip_prefix("@model_path/").unwrap_or(&path);
        if let Some((entry, storage)) = self.storage(relative) {
            let (start, end) = blob_at(&storage, offset)?;
            let available = end.saturating_sub(start);
            if claimed.is_none_or(|claimed| claimed > available) {
                let (name, dtype, shape) = (tensor.name, tensor.dtype, tensor.shape);
                let fault = CoremlFault::ByteCount { name, dtype, shape, claimed: tensor.bytes, available };
                return Err(fault.at(storage.location(offset)));
            }
            tensor.file = Some(entry);
            tensor.start = Some(start);
        } else {
            let message = format!("weights in '{path}', which is not there");
            let known = model.findings.iter().any(|finding| finding.message == message);
            if !known {
                model.findings.push(Finding::new("coreml.missing_weights", Severity::Error, message));
            }
        }
        self.tensors.push(tensor);
        Ok(())
    }

    /// A file of weights: beside the model, or in a package beside its folder's `weights`.
    fn storage(&mut self, relative: &str) -> Option<(String, Blob)> {
        let folder = self.entry.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let entry = format!("{folder}{relative}");
        if let Some(storage) = self.storages.get(&entry) {
            return Some((entry, storage.clone()));
        }
        let storage = self.artifact.resolve(self.entry, relative).ok()?;
        self.storages.insert(entry.clone(), storage.clone());
        Some((entry, storage))
    }
}

/// Tree ensembles: `TreeEnsembleParameters` is the first field of classifiers and regressors.
fn trees(message: Message<'_>, model: &mut ModelDescriptor) -> Result<()> {
    let Some(ensemble) = message.find(1)? else { return Ok(()) };
    let mut nodes = 0_u64;
    let mut trees = std::collections::BTreeSet::new();
    for field in ensemble.message()?.fields() {
        let field = field?;
        if field.number == 1 {
            nodes = nodes.saturating_add(1);
            let tree = field.message()?.find(1)?;
            trees.insert(tree.map(|tree| tree.int()).transpose()?.unwrap_or(0));
        }
    }
    model.metadata.insert("trees".to_owned(), trees.len().to_string());
    model.metadata.insert("tree_nodes".to_owned(), nodes.to_string());
    model.nodes = model.nodes.saturating_add(1);
    model.operators.insert("treeEnsemble".to_owned(), 1);
    Ok(())
}
