//! The document: layers with their ports, constants, and what the runtime noted.

use std::collections::BTreeMap;

use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::Dimension;
use crate::error::{Classify, Error, ErrorKind, Location, Result};
use crate::tensor::DType;
use crate::wire::budget::{Budget, list_item};
use crate::wire::xml::{self, Element, Event};

/// Why a model cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{fault}")]
pub struct OpenvinoError {
    /// What is wrong.
    #[source]
    pub fault: OpenvinoFault,
    /// Where.
    pub location: Location,
}

/// What is wrong.
#[derive(Debug, thiserror::Error)]
pub enum OpenvinoFault {
    #[error("no OpenVINO model among the files")]
    NoModel,
    #[error("layer '{layer}' gives {value:?} as '{key}'; expected a number")]
    Number { layer: String, key: &'static str, value: String },
    #[error("constant '{name}' claims bytes {start} to {end} of a file of {available}")]
    Range { name: String, start: u64, end: u64, available: u64 },
    #[error("constant '{name}' claims {claimed} bytes ({dtype}{shape:?}) but says that it has {available}")]
    ByteCount { name: String, dtype: String, shape: Vec<u64>, claimed: u64, available: u64 },
}

impl OpenvinoFault {
    /// The error, with its place.
    pub(super) fn at(self, location: Location) -> Error {
        OpenvinoError { fault: self, location }.into()
    }
}

impl Classify for OpenvinoError {
    fn kind(&self) -> ErrorKind {
        if matches!(self.fault, OpenvinoFault::NoModel) { ErrorKind::Unsupported } else { ErrorKind::Malformed }
    }

    fn location(&self) -> Location {
        self.location.clone()
    }
}

/// A model.
#[derive(Debug, Default)]
pub(super) struct Net {
    pub(super) name: String,
    pub(super) version: Option<String>,
    pub(super) layers: Vec<Layer>,
    /// What the runtime and the converter noted, by the way to it.
    pub(super) notes: BTreeMap<String, String>,
    pub(super) doctype: bool,
}

/// One layer.
#[derive(Debug, Default, Clone)]
pub(super) struct Layer {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) opset: String,
    /// Its first port: the one that it computes, or of a result the one that it takes.
    pub(super) port: Option<Port>,
    /// Names that the port has in the model that it came from.
    pub(super) alias: Option<String>,
    /// Where a constant lies.
    pub(super) constant: Option<Constant>,
    /// Inside the body of another layer.
    pub(super) nested: bool,
    pub(super) at: u64,
}

#[derive(Debug, Default, Clone)]
pub(super) struct Port {
    pub(super) precision: String,
    pub(super) dims: Vec<Dimension>,
}

#[derive(Debug, Default, Clone)]
pub(super) struct Constant {
    pub(super) element_type: String,
    pub(super) shape: Vec<u64>,
    pub(super) offset: u64,
    pub(super) size: u64,
}

/// An element type as constants spell it (`f32`), or ports (`FP32`).
pub(super) fn dtype(name: &str) -> Option<DType> {
    Some(match name.to_ascii_lowercase().as_str() {
        "f32" | "fp32" => DType::Float32,
        "f16" | "fp16" => DType::Float16,
        "bf16" => DType::Bfloat16,
        "f64" | "fp64" => DType::Float64,
        "i64" => DType::Int64,
        "i32" => DType::Int32,
        "i16" => DType::Int16,
        "i8" => DType::Int8,
        "i4" => DType::Int4,
        "u64" => DType::Uint64,
        "u32" => DType::Uint32,
        "u16" => DType::Uint16,
        "u8" => DType::Uint8,
        "u4" => DType::Uint4,
        "u2" => DType::Uint2,
        "boolean" | "bool" => DType::Bool,
        "string" => DType::String,
        "f8e4m3" => DType::Float8E4M3Fn,
        "f8e5m2" => DType::Float8E5M2,
        "f8e8m0" => DType::Float8E8M0,
        "f4e2m1" => DType::Float4E2M1,
        _ => return None,
    })
}

/// The name of an element type as descriptors spell it.
pub(super) fn dtype_name(name: &str) -> String {
    dtype(name).map_or_else(|| name.to_ascii_lowercase(), |dtype| dtype.name().to_owned())
}

/// True for a document whose root is a net with a version.
pub(super) fn is_net(blob: &Blob) -> bool {
    let head = xml::utf8(&Blob::from_bytes(
        "",
        blob.get(..blob.len().min(4096).try_into().unwrap_or(0)).unwrap_or_default().to_vec(),
    ));
    let has = |what: &[u8]| head.windows(what.len()).any(|window| window == what);
    xml::root_name(&head).as_deref() == Some("net") && (has(b"<layers") || has(b"version="))
}

impl Net {
    /// Reads the document.
    ///
    /// # Errors
    /// `Malformed`, `LimitExceeded`, `Cancelled`.
    pub(super) fn read(blob: &Blob, cx: &Context) -> Result<Self> {
        let mut budget = Budget::new(cx);
        let mut net = Self::default();
        let mut open: Vec<Layer> = Vec::new();
        let mut closing: Vec<bool> = Vec::new();
        let mut in_output = false;
        let document = xml::utf8(blob);
        xml::walk(&document, cx, |path, event| {
            match event {
                Event::DocType => net.doctype = true,
                Event::Text(text) => {
                    if let (Some("dim"), Some(layer)) = (path.last().map(String::as_str), open.last_mut())
                        && let Some(port) = &mut layer.port
                        && path.len() >= 2
                        && (in_output || layer.kind == "Result")
                    {
                        budget.rank(port.dims.len() as u64)?;
                        port.dims.push(text.parse().map_or(Dimension::Unknown, Dimension::Known));
                    }
                }
                Event::Open(element) => {
                    let is_layer = element.name == "layer";
                    closing.push(is_layer);
                    match element.name.as_str() {
                        "net" if path.is_empty() => {
                            element.get("name").unwrap_or_default().clone_into(&mut net.name);
                            net.version = element.get("version").map(str::to_owned);
                        }
                        "layer" => {
                            budget.node(list_item::<Layer>())?;
                            open.push(layer(&element, !open.is_empty()));
                        }
                        "output" | "input" => in_output = element.name == "output",
                        _ => {
                            if let Some(layer) = open.last_mut() {
                                inside(layer, &element, path, in_output, blob)?;
                            } else if path.iter().any(|step| step == "rt_info" || step == "meta_data") {
                                budget.spend(256)?;
                                note(&mut net.notes, &element, path);
                            }
                        }
                    }
                }
                Event::Close => {
                    if closing.pop() == Some(true)
                        && let Some(layer) = open.pop()
                    {
                        net.layers.push(layer);
                    }
                }
            }
            Ok(())
        })?;
        Ok(net)
    }
}

fn layer(element: &Element, nested: bool) -> Layer {
    let text = |key| element.get(key).unwrap_or_default().to_owned();
    Layer {
        name: text("name"),
        kind: text("type"),
        opset: text("version"),
        alias: element.get("output_names").map(str::to_owned),
        nested,
        at: element.at,
        ..Layer::default()
    }
}

/// What stands inside a layer: its data, its ports.
fn inside(layer: &mut Layer, element: &Element, path: &[String], in_output: bool, blob: &Blob) -> Result<()> {
    match element.name.as_str() {
        "port" if layer.port.is_none() && (in_output || layer.kind == "Result") => {
            let precision = element.get("precision").unwrap_or_default().to_owned();
            layer.port = Some(Port { precision, dims: Vec::new() });
            if let Some(names) = element.get("names") {
                layer.alias = Some(names.to_owned());
            }
        }
        "data" if path.last().is_some_and(|step| step == "layer") && layer.kind == "Const" => {
            let number = |key: &'static str| -> Result<u64> {
                let value = element.get(key).unwrap_or_default();
                value.trim().parse().map_err(|_| {
                    let fault = OpenvinoFault::Number { layer: layer.name.clone(), key, value: value.to_owned() };
                    fault.at(blob.location(element.at))
                })
            };
            let mut shape = Vec::new();
            for dim in element.get("shape").unwrap_or_default().split(',').map(str::trim).filter(|dim| !dim.is_empty())
            {
                shape.push(dim.parse().map_err(|_| {
                    let fault =
                        OpenvinoFault::Number { layer: layer.name.clone(), key: "shape", value: dim.to_owned() };
                    fault.at(blob.location(element.at))
                })?);
            }
            let element_type = element.get("element_type").or(element.get("precision")).unwrap_or_default().to_owned();
            layer.constant = Some(Constant { element_type, shape, offset: number("offset")?, size: number("size")? });
        }
        _ => {}
    }
    Ok(())
}

/// A note: an element with a value, named by the elements that lead to it.
fn note(notes: &mut BTreeMap<String, String>, element: &Element, path: &[String]) {
    let steps = path.iter().skip(1).filter(|step| !matches!(step.as_str(), "rt_info" | "meta_data" | "info"));
    let own = element.get("name").unwrap_or(&element.name);
    let key = steps.map(String::as_str).chain([own]).collect::<Vec<_>>().join(".");
    if let Some(value) = element.get("value") {
        notes.insert(key, value.to_owned());
    }
}
