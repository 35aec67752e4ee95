//! What a configuration says of a model: its class, its layers, what goes in and what comes out.

use std::collections::BTreeMap;

use crate::descriptor::{Dimension, PortDescriptor};
use crate::error::Location;
use crate::formats::keras::KerasError;
use crate::tensor::DType;
use crate::wire::json::Json;

/// A layer as the configuration lists it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Layer {
    /// Names of the models that it lies in, from the outside in, then its own.
    pub(super) path: Vec<String>,
    /// Its class.
    pub(super) class: String,
    /// Which one of its class it is among its siblings, from 0.
    pub(super) index: u64,
    /// The same for the models that it lies in.
    pub(super) outer: Vec<(String, u64)>,
}

/// A model as its configuration describes it.
#[derive(Debug, Clone, Default)]
pub(super) struct Config {
    /// `Sequential`, `Functional`, or a class of the user's own.
    pub(super) class: String,
    /// The model's name.
    pub(super) name: Option<String>,
    /// Layers, those of inner models in place of the models.
    pub(super) layers: Vec<Layer>,
    pub(super) inputs: Vec<PortDescriptor>,
    pub(super) outputs: Vec<PortDescriptor>,
}

impl Config {
    /// A configuration that a loader can begin with: an object with a class.
    pub(super) fn check(root: &Json, at: Location) -> Result<(), KerasError> {
        let found = match root {
            Json::Object(_) if root.get("class_name").and_then(Json::as_str).is_some() => return Ok(()),
            Json::Object(_) => "an object without a class_name",
            Json::Array(_) => "a list",
            Json::String(_) => "a text",
            _ => "a single value",
        };
        Err(KerasError::NoObject { at, found })
    }

    /// Reads a configuration.
    ///
    /// # Errors
    /// `Malformed` if it is no object with a class; `at` is where it stands.
    pub(super) fn read(root: &Json, at: Location) -> Result<Self, KerasError> {
        Self::check(root, at)?;
        let class = class(root);
        let name = root.at(&["config", "name"]).and_then(Json::as_str).map(str::to_owned);
        let mut layers = Vec::new();
        collect(root, &Layer::default(), &mut layers);
        let (inputs, outputs) = ports(root);
        Ok(Self { class: class.to_owned(), name, layers, inputs, outputs })
    }
}

/// The layers of a model: a list in its settings, or, before Keras 2.2.3, the settings of a Sequential themselves.
fn layers(model: &Json) -> &[Json] {
    let Some(config) = model.get("config") else { return &[] };
    config.get("layers").unwrap_or(config).items()
}

/// A layer's name, beside its class or in its settings.
fn name(layer: &Json) -> &str {
    let inner = layer.at(&["config", "name"]).and_then(Json::as_str);
    layer.get("name").and_then(Json::as_str).or(inner).unwrap_or_default()
}

fn class(layer: &Json) -> &str {
    layer.get("class_name").and_then(Json::as_str).unwrap_or_default()
}

/// Depth is bounded, since reading the text bounded it.
fn collect(model: &Json, outer: &Layer, out: &mut Vec<Layer>) {
    let mut counts = BTreeMap::<&str, u64>::new();
    for layer in layers(model) {
        let (name, kind) = (name(layer), class(layer));
        let count = counts.entry(kind).or_default();
        let mut path = outer.path.clone();
        path.push(name.to_owned());
        let own = Layer { path, class: kind.to_owned(), index: *count, outer: outer.outer.clone() };
        *count = count.saturating_add(1);
        if layers(layer).iter().any(|inner| !class(inner).is_empty()) {
            let mut outer = outer.outer.clone();
            outer.push((own.class.clone(), own.index));
            collect(layer, &Layer { outer, ..own }, out);
        } else {
            out.push(own);
        }
    }
}

/// What a model takes and gives.
fn ports(root: &Json) -> (Vec<PortDescriptor>, Vec<PortDescriptor>) {
    let layers = layers(root);
    let by_name: BTreeMap<&str, &Json> = layers.iter().rev().map(|layer| (name(layer), layer)).collect();
    let mut shapes = BTreeMap::new();
    layers.iter().filter_map(|layer| layer.get("inbound_nodes")).for_each(|nodes| noted(nodes, &mut shapes));
    let config = root.get("config");
    let ends = |key: &str| config.and_then(|config| config.get(key)).map(references).unwrap_or_default();
    let (inputs, outputs) = (ends("input_layers"), ends("output_layers"));
    if !inputs.is_empty() || !outputs.is_empty() {
        let inputs = inputs.iter().filter_map(|name| by_name.get(name)).map(|layer| input(layer));
        let outputs = outputs.iter().filter_map(|name| by_name.get(name)).map(|layer| output(layer, &shapes));
        return (inputs.collect(), outputs.collect());
    }
    let (Some(first), Some(last)) = (layers.first(), layers.last()) else { return (Vec::new(), Vec::new()) };
    let mut taken = input(first);
    if taken.shape.is_none() {
        let built = config.and_then(|config| config.get("build_input_shape")).or_else(|| built_shape(first));
        taken = port(&taken.name, taken.dtype, built.and_then(dims));
    }
    let told = class(first) == "InputLayer" || taken.shape.is_some();
    (told.then_some(taken).into_iter().collect(), vec![output(last, &shapes)])
}

/// Names of layers in `[["a", 0, 0], …]`, in `["a", 0, 0]`, and in the objects that some versions write.
fn references(json: &Json) -> Vec<&str> {
    match json {
        Json::Array(items) => match items.first() {
            Some(Json::String(name)) => vec![name],
            _ => items.iter().flat_map(references).collect(),
        },
        Json::Object(entries) => entries.iter().flat_map(|(_, value)| references(value)).collect(),
        _ => Vec::new(),
    }
}

fn input(layer: &Json) -> PortDescriptor {
    let config = layer.get("config");
    let setting = |key: &str| config.and_then(|config| config.get(key));
    let shape = setting("batch_shape").or_else(|| setting("batch_input_shape")).and_then(dims);
    // models of Keras 1 gave the shape without the batch
    let shape = shape.or_else(|| {
        let rest = setting("input_shape").and_then(dims)?;
        Some(std::iter::once(batch()).chain(rest.into_iter().map(inner)).collect())
    });
    port(name(layer), setting("dtype").and_then(dtype), shape)
}

/// A layer's output, where its shape follows from what the configuration says of its input.
fn output(layer: &Json, shapes: &BTreeMap<&str, &Json>) -> PortDescriptor {
    let (name, class) = (name(layer), class(layer));
    let setting = |key: &str| layer.at(&["config", key]);
    // whoever takes the output notes its shape
    let taken = shapes.get(name).copied();
    let own = layer.get("inbound_nodes").and_then(first_shape).or_else(|| built_shape(layer)).and_then(dims);
    let shape = taken.and_then(dims).or_else(|| match class {
        "Dense" => {
            let units = setting("units").or_else(|| setting("output_dim")).and_then(Json::as_u64)?;
            let mut shape = own?;
            *shape.last_mut()? = Dimension::Known(units);
            Some(shape)
        }
        "Activation" | "Softmax" | "ReLU" | "LeakyReLU" | "Dropout" | "BatchNormalization" | "LayerNormalization" => {
            own
        }
        "InputLayer" => setting("batch_shape").or_else(|| setting("batch_input_shape")).and_then(dims),
        _ => None,
    });
    port(name, setting("dtype").and_then(dtype), shape)
}

/// The shape that a layer was built for, where it takes one input.
fn built_shape(layer: &Json) -> Option<&Json> {
    layer.at(&["build_config", "input_shape"])
}

/// The shape of the first tensor among the arguments of a call.
fn first_shape(json: &Json) -> Option<&Json> {
    if json.at(&["config", "keras_history"]).is_some() {
        return json.at(&["config", "shape"]);
    }
    let items = json.items().iter();
    items.chain(json.entries().iter().map(|(_, value)| value)).find_map(first_shape)
}

/// The shapes of tensors among the arguments of calls, by the layer that made each.
fn noted<'a>(json: &'a Json, shapes: &mut BTreeMap<&'a str, &'a Json>) {
    let maker =
        json.at(&["config", "keras_history"]).and_then(|history| history.items().first()).and_then(Json::as_str);
    if let Some((maker, shape)) = maker.zip(json.at(&["config", "shape"])) {
        shapes.entry(maker).or_insert(shape);
        return;
    }
    json.items().iter().for_each(|value| noted(value, shapes));
    json.entries().iter().for_each(|(_, value)| noted(value, shapes));
}

fn batch() -> Dimension {
    Dimension::Symbol("batch".to_owned())
}

fn inner(dimension: Dimension) -> Dimension {
    if dimension == batch() { Dimension::Unknown } else { dimension }
}

/// `[null, 8, 8, 1]`: the first dimension that is not given is the batch.
fn dims(json: &Json) -> Option<Vec<Dimension>> {
    let Json::Array(items) = json else { return None };
    let dimension = |(at, item): (usize, &Json)| match item {
        Json::Null if at == 0 => Some(batch()),
        Json::Null => Some(Dimension::Unknown),
        other => other.as_u64().map(Dimension::Known),
    };
    items.iter().enumerate().map(dimension).collect()
}

/// A type by its name, or by the policy that holds it.
fn dtype(json: &Json) -> Option<DType> {
    let name = json.as_str().or_else(|| json.at(&["config", "name"]).and_then(Json::as_str))?;
    DType::from_name(name)
}

fn port(name: &str, dtype: Option<DType>, shape: Option<Vec<Dimension>>) -> PortDescriptor {
    let word = |dimension: &Dimension| match dimension {
        Dimension::Known(number) => number.to_string(),
        Dimension::Symbol(name) => name.clone(),
        Dimension::Unknown => "?".to_owned(),
    };
    let element = dtype.map_or("?", DType::name);
    let ty = match &shape {
        Some(shape) => format!("{element}[{}]", shape.iter().map(word).collect::<Vec<_>>().join(", ")),
        None => element.to_owned(),
    };
    PortDescriptor { name: name.to_owned(), ty, dtype, shape, optional: false }
}
