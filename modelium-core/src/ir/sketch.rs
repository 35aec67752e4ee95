//! Models from a few lines of text, for tests of this folder.
//!
//! ```text
//! x: float32[n, 4]           an input             w = float32[4, 8]          an initializer of zeros
//! k = int64 [3, -1]          an initializer       s = int64 2                a scalar one
//! m = float32[2, 2] [1, 2, 3, 4]                                             one of several axes
//! y = Reshape(x, k) axis=1 mode="up" pads=[1, 2] alpha=0.5                   a node; com.microsoft.Gelu(x) elsewhere
//! a, _, b = Split(x)         several outputs, one left out                   body=@name for a graph of `graphs`
//! -> y                       outputs; -> y: float32[n, 4] declares a type
//! ```

use crate::ir::{Attribute, AttributeValue, Dim, Graph, Initializer, Model, Node, OpType, Opset, Port, Shape, Type};
use crate::tensor::{DType, Tensor};

/// A model of IR version 10 at standard opset `opset`, with `com.microsoft` and `ai.onnx.ml` imported.
pub(crate) fn model(opset: i64, lines: &[&str]) -> Model {
    model_with(opset, lines, &[])
}

/// The same, with subgraphs by name.
pub(crate) fn model_with(opset: i64, lines: &[&str], graphs: &[(&str, Graph)]) -> Model {
    let mut model = Model::default();
    model.provenance.ir_version = Some(10);
    model.opsets = [("", opset), ("com.microsoft", 1), ("ai.onnx.ml", 5)]
        .map(|(domain, version)| Opset { domain: Some(domain.into()), version: Some(version) })
        .into();
    model.graph = graph_with(lines, graphs);
    model
}

/// A graph.
pub(crate) fn graph(lines: &[&str]) -> Graph {
    graph_with(lines, &[])
}

/// A graph with subgraphs by name.
pub(crate) fn graph_with(lines: &[&str], graphs: &[(&str, Graph)]) -> Graph {
    let mut graph = Graph::default();
    graph.name = Some("g".into());
    for line in lines {
        if let Some(outputs) = line.strip_prefix("->") {
            for output in split(outputs, ';') {
                let (name, ty) = declared(output);
                let value = graph.intern(name);
                graph.outputs.push(Port::new(value, ty));
            }
        } else if let Some((outputs, call)) = line.split_once(" = ") {
            match call.split_once('(') {
                Some((op, rest)) => add_node(&mut graph, outputs, op, rest, graphs),
                None => add_initializer(&mut graph, outputs, call),
            }
        } else {
            let (name, ty) = declared(line);
            let value = graph.intern(name);
            graph.inputs.push(Port::new(value, ty));
        }
    }
    graph
}

/// `float32[n, ?, 3]`, or `float32[…]` for an unknown rank.
pub(crate) fn ty(text: &str) -> Type {
    let (dtype, dims) = text.trim().trim_end_matches(']').split_once('[').unwrap();
    let dim = |text: &str| match text.parse() {
        Ok(known) => Dim::Known(known),
        Err(_) if text == "?" => Dim::Unknown,
        Err(_) => Dim::Symbol(text.into()),
    };
    let shape = (dims != "…").then(|| Shape::new(split(dims, ',').map(dim)));
    Type::tensor(dtype_of(dtype), shape)
}

fn dtype_of(name: &str) -> DType {
    serde_json::from_value(name.into()).unwrap()
}

fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    text.split(separator).map(str::trim).filter(|part| !part.is_empty())
}

fn declared(text: &str) -> (&str, Option<Type>) {
    match text.split_once(':') {
        Some((name, text)) => (name.trim(), Some(ty(text))),
        None => (text.trim(), None),
    }
}

fn add_node(graph: &mut Graph, outputs: &str, op: &str, rest: &str, graphs: &[(&str, Graph)]) {
    let (inputs, attributes) = rest.split_once(')').unwrap();
    let mut values =
        |names: &str| -> Vec<_> { split(names, ',').map(|name| (name != "_").then(|| graph.intern(name))).collect() };
    let (inputs, outputs) = (values(inputs), values(outputs));
    let (domain, name) = op.rsplit_once('.').unwrap_or(("", op));
    let mut node = Node::new(OpType::new(domain, name), inputs, outputs);
    node.attributes = attributes_of(attributes, graphs);
    graph.add_node(node);
}

fn attributes_of(mut text: &str, graphs: &[(&str, Graph)]) -> Vec<Attribute> {
    let mut attributes = Vec::new();
    while let Some((name, rest)) = text.trim_start().split_once('=') {
        let end = match rest.as_bytes()[0] {
            b'[' => rest.find(']').unwrap() + 1,
            _ => rest.find(' ').unwrap_or(rest.len()),
        };
        let (value, tail) = rest.split_at(end);
        attributes.push(Attribute::new(name, attribute(value, graphs)));
        text = tail;
    }
    attributes
}

fn attribute(text: &str, graphs: &[(&str, Graph)]) -> AttributeValue {
    if let Some(name) = text.strip_prefix('@') {
        let (_, graph) = graphs.iter().find(|(other, _)| *other == name).unwrap();
        return AttributeValue::Graph(Box::new(graph.clone()));
    }
    if let Some(text) = text.strip_prefix('"') {
        return AttributeValue::String(text.trim_end_matches('"').to_owned().into());
    }
    if let Some(list) = text.strip_prefix('[') {
        let items: Vec<_> = split(list.trim_end_matches(']'), ',').collect();
        return match items.iter().map(|item| item.parse()).collect::<Result<_, _>>() {
            Ok(ints) => AttributeValue::Ints(ints),
            Err(_) => AttributeValue::Floats(items.iter().map(|item| item.parse().unwrap()).collect()),
        };
    }
    match text.parse() {
        Ok(int) => AttributeValue::Int(int),
        Err(_) => AttributeValue::Float(text.parse().unwrap()),
    }
}

fn add_initializer(graph: &mut Graph, name: &str, text: &str) {
    let spelt_out = text.split_once(' ').filter(|(dtype, _)| !dtype.contains('['));
    let (dtype, dims, bytes) = if let Some((shape, values)) = text.split_once("] [") {
        let ty = ty(&format!("{shape}]"));
        let (dtype, dims) = (ty.dtype().unwrap(), ty.shape().unwrap().to_known().unwrap());
        (dtype, dims, split(values.trim_matches(']'), ',').flat_map(|item| element(dtype, item)).collect())
    } else if let Some((dtype, values)) = spelt_out {
        let dtype = dtype_of(dtype);
        let items: Vec<_> = split(values.trim_matches(['[', ']']), ',').collect();
        let dims = if values.starts_with('[') { vec![items.len() as u64] } else { Vec::new() };
        (dtype, dims, items.iter().flat_map(|item| element(dtype, item)).collect())
    } else {
        let ty = ty(text);
        let (dtype, dims) = (ty.dtype().unwrap(), ty.shape().unwrap().to_known().unwrap());
        (dtype, dims, vec![0; usize::try_from(ty.byte_len().unwrap()).unwrap()])
    };
    let value = graph.intern(name);
    let tensor = Tensor::new(name, dtype, dims, bytes).unwrap();
    graph.initializers.push(Initializer { value, tensor });
}

fn element(dtype: DType, text: &str) -> Vec<u8> {
    match dtype {
        DType::Int64 => text.parse::<i64>().unwrap().to_le_bytes().into(),
        DType::Int32 => text.parse::<i32>().unwrap().to_le_bytes().into(),
        DType::Float64 => text.parse::<f64>().unwrap().to_le_bytes().into(),
        DType::Int8 => text.parse::<i8>().unwrap().to_le_bytes().into(),
        DType::Float32 => text.parse::<f32>().unwrap().to_le_bytes().into(),
        DType::Bool | DType::Uint8 => vec![text.parse().unwrap()],
        _ => unreachable!("no test spells {dtype}"),
    }
}

/// The initializers and nodes of a graph as lines of the same form: what a test compares.
pub(crate) fn lines(graph: &Graph) -> Vec<String> {
    let name = |value: &Option<crate::ir::ValueId>| value.map_or("_", |id| graph.value(id).name.as_str());
    let names = |values: &[_]| values.iter().map(name).collect::<Vec<_>>().join(", ");
    let constants = graph
        .initializers
        .iter()
        .map(|initializer| format!("{} = {}", graph.value(initializer.value).name, constant(&initializer.tensor)));
    let nodes = graph.nodes().map(|(_, node)| {
        let attributes = node.attributes.iter().map(|item| format!(" {}={}", item.name, shown(item)));
        let attributes = attributes.collect::<Vec<_>>().concat();
        format!("{} = {}({}){attributes}", names(&node.outputs), node.op, names(&node.inputs))
    });
    constants.chain(nodes).collect()
}

/// `int64 [3, -1]`, `float32 0.5`, `float32[2, 2] [1, 2, 3, 4]`; of large ones only the shape.
fn constant(tensor: &Tensor) -> String {
    let items = crate::ir::infer::value::Elements::of(tensor);
    let shape = Shape::known(&tensor.dims);
    let Some(items) = items.filter(|elements| elements.items.len() <= 16) else {
        return format!("{}{shape}", tensor.dtype);
    };
    let number = |item: &crate::ir::infer::value::Item| item.float().unwrap_or_default().to_string();
    let list = items.items.iter().map(number).collect::<Vec<_>>().join(", ");
    match tensor.dims.len() {
        0 => format!("{} {list}", tensor.dtype),
        1 => format!("{} [{list}]", tensor.dtype),
        _ => format!("{}{shape} [{list}]", tensor.dtype),
    }
}

fn shown(attribute: &Attribute) -> String {
    match &attribute.value {
        AttributeValue::Int(value) => value.to_string(),
        AttributeValue::Ints(values) => format!("{values:?}"),
        AttributeValue::Float(value) => format!("{value:?}"),
        AttributeValue::Floats(values) => format!("{values:?}"),
        AttributeValue::String(value) => format!("{:?}", String::from_utf8_lossy(value)),
        AttributeValue::Tensor(tensor) => format!("<{}>", constant(tensor)),
        AttributeValue::Graph(graph) => format!("{{{}}}", lines(graph).join("; ")),
        other => format!("{:?}", other.kind()),
    }
}
