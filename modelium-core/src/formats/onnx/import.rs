//! ONNX → IR: guard, decode, then records into arenas.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use prost::Message as _;

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Location, Result};
use crate::formats::onnx::error::{OnnxFault, Quoted};
use crate::formats::onnx::kept::{Kept, Other, Values};
use crate::formats::onnx::schema::{
    FunctionProto, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TRAINING_INFO, TrainingInfoProto,
    ValueInfoProto,
};
use crate::formats::onnx::{locate, shapes};
use crate::formats::{FormatId, Importer};
use crate::ir::{
    Extension, Function, Graph, Initializer, Model, Node, OpType, Opset, Port, Provenance, SparseInitializer, Type,
    ValueId,
};
use crate::wire::protobuf::guard::{self, Census};

/// Reads ONNX models.
///
/// # Behavior
/// - Weights stay mapped, in the model file and in the files beside it; what is allocated is the structure.
/// - What the IR has no place for (training, device placement, quantisation annotations, fields of a later version) is
///   kept as it is encoded. Other records lose fields that are unknown, with a warning.
/// - A later version of the format or of an operator set is read as far as it is understood; judging it is
///   [`ir::check`](crate::ir::check())'s.
#[derive(Debug, Clone, Copy, Default)]
pub struct OnnxImporter;

impl Importer for OnnxImporter {
    fn format(&self) -> FormatId {
        FormatId::ONNX
    }

    #[tracing::instrument(name = "modelium.import", skip_all, fields(format = "onnx", model = artifact.name()))]
    fn import(&self, artifact: &Artifact, cx: &Context) -> Result<Model> {
        let entry = locate::model_entry(artifact)?;
        let (model, census) = read(artifact, &entry, cx)?;
        tracing::debug!(nodes = census.nodes, tensors = census.tensors, structure_bytes = census.memory, "imported");
        Ok(model)
    }
}

/// Reads the model in one entry of an artifact, and says what the guard counted.
pub(super) fn read(artifact: &Artifact, entry: &str, cx: &Context) -> Result<(Model, Census)> {
    let file = artifact.blob(entry)?;
    let (record, census) = decode(&file, cx)?;
    let model = build(record, &census, &file, artifact, entry, cx)?;
    file.release(); // headers between the weights have mapped pages of weights
    Ok((model, census))
}

/// The records of a file, once the guard has passed it.
pub(super) fn decode(file: &Blob, cx: &Context) -> Result<(Kept<ModelProto>, Census)> {
    if file.is_empty() {
        return Err(OnnxFault::Empty.at(Location::file(file.name())));
    }
    let census = guard::survey(&shapes::MODEL, file, cx).map_err(|error| something_else(file, error))?;
    for unknown in &census.first_unknown {
        tracing::warn!(path = unknown.path, field = unknown.field, byte = unknown.byte, "unknown field");
    }
    let record = Kept::<ModelProto>::decode(file.bytes().clone()).map_err(|error| disagreement(file, &error))?;
    Ok((record, census))
}

/// The model that records make, with the files beside it.
pub(super) fn build(
    record: Kept<ModelProto>,
    census: &Census,
    file: &Blob,
    artifact: &Artifact,
    entry: &str,
    cx: &Context,
) -> Result<Model> {
    let mut reader = Reader {
        file,
        artifact,
        entry,
        cx,
        external: HashMap::new(),
        symbols: HashMap::new(),
        kinds_are_spelt: record.known.ir_version.is_none_or(|version| version > 1),
        done: 0,
        total: census.nodes.saturating_add(census.tensors),
    };
    reader.model(record).map_err(|error| error.with_file(file.name()))
}

/// A file that is no protobuf at all is often something that people know by another name.
fn something_else(file: &Blob, error: Error) -> Error {
    match locate::other_kind(file) {
        Some(kind) if error.kind() == ErrorKind::Malformed => {
            OnnxFault::SomethingElse(kind).at(Location::file(file.name()))
        }
        _ => error,
    }
}

/// The guard passed what the decoder refuses: a defect of one of them.
fn disagreement(file: &Blob, error: &prost::DecodeError) -> Error {
    Error::internal(format!("the protobuf decoder refuses what the guard accepted: {error}")).with_file(file.name())
}

/// What import of one model needs at hand.
pub(super) struct Reader<'a> {
    pub(super) file: &'a Blob,
    pub(super) artifact: &'a Artifact,
    pub(super) entry: &'a str,
    pub(super) cx: &'a Context,
    /// Files of external data by location, each mapped once.
    pub(super) external: HashMap<String, Blob>,
    /// Names of dimensions, each stored once.
    pub(super) symbols: HashMap<Bytes, Arc<str>>,
    /// Attributes say of which kind they are; the first version of the format had no field for it.
    pub(super) kinds_are_spelt: bool,
    done: u64,
    total: u64,
}

/// What a value of a graph is defined as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Input,
    Initializer,
    SparseInitializer,
    Node,
}

/// The roles of a graph's values, by id.
#[derive(Default)]
struct Roles(Vec<Option<Role>>);

impl Reader<'_> {
    /// Counts a node or a tensor as done.
    pub(super) fn tick(&mut self) -> Result<()> {
        self.done = self.done.saturating_add(1);
        self.cx.tick("import", self.done, self.total)
    }

    fn model(&mut self, record: Kept<ModelProto>) -> Result<Model> {
        let Kept { known: record, others } = record;
        for other in &others {
            if let Other { field: TRAINING_INFO, values: Values::Window(bytes), .. } = other {
                self.look_at_training(bytes)?;
            }
        }
        let Some(graph) = record.graph else {
            let fault = locate::other_kind(self.file).map_or(OnnxFault::NoGraph, OnnxFault::SomethingElse);
            return Err(fault.at(Location::file(self.file.name())));
        };
        Ok(Model {
            provenance: Provenance {
                ir_version: record.ir_version,
                producer_name: self.text(record.producer_name)?,
                producer_version: self.text(record.producer_version)?,
                domain: self.text(record.domain)?,
                model_version: record.model_version,
                doc: self.text(record.doc_string)?,
            },
            opsets: self.opsets(record.opset_import)?,
            metadata: self.properties(record.metadata_props)?,
            graph: self.graph(*graph)?,
            functions: record.functions.into_iter().map(|function| self.function(function)).collect::<Result<_>>()?,
            extensions: extensions(others),
        })
    }

    /// Training graphs are kept as they are encoded, but nothing unsafe may hide in them.
    fn look_at_training(&mut self, bytes: &Bytes) -> Result<()> {
        let record = TrainingInfoProto::decode(bytes.clone()).map_err(|error| disagreement(self.file, &error))?;
        for graph in [record.initialization, record.algorithm].into_iter().flatten() {
            self.graph(*graph)?;
        }
        Ok(())
    }

    fn opsets(&self, records: Vec<OperatorSetIdProto>) -> Result<Vec<Opset>> {
        let opset =
            |record: OperatorSetIdProto| Ok(Opset { domain: self.name(record.domain)?, version: record.version });
        records.into_iter().map(opset).collect()
    }

    fn function(&mut self, record: FunctionProto) -> Result<Function> {
        let name = self.name(record.name)?.unwrap_or_default();
        let item = format!("function {}", Quoted(name.clone()));
        let mut body = Graph::default();
        let mut roles = Roles::default();
        let ports = |reader: &Self, graph: &mut Graph, names: &[Bytes]| {
            let port = |name| Ok(Port::new(graph.intern(reader.borrowed_name(name)?), None));
            names.iter().map(port).collect::<Result<Vec<_>>>()
        };
        body.inputs = ports(self, &mut body, &record.input)?;
        for port in &body.inputs {
            roles
                .define(&body, port.value, Role::Input, || "an input".to_owned())
                .map_err(|error| error.with_item(&item))?;
        }
        self.nodes(&mut body, &mut roles, record.node).map_err(|error| error.with_item(&item))?;
        body.outputs = ports(self, &mut body, &record.output)?;
        body.value_info = self.ports(&mut body, record.value_info, "value_info")?;
        body.doc = self.text(record.doc_string)?;
        body.metadata = self.properties(record.metadata_props)?;
        let attributes = record.attribute_proto.into_iter().map(|attribute| self.attribute(attribute));
        Ok(Function {
            attribute_defaults: attributes.collect::<Result<_>>()?,
            name,
            domain: self.name(record.domain)?,
            overload: self.name(record.overload)?,
            opsets: self.opsets(record.opset_import)?,
            attributes: record
                .attribute
                .iter()
                .map(|name| Ok(self.borrowed_name(name)?.to_owned()))
                .collect::<Result<_>>()?,
            body,
        })
    }

    /// Reads a graph or a subgraph.
    pub(super) fn graph(&mut self, record: Kept<GraphProto>) -> Result<Graph> {
        let Kept { known: record, others } = record;
        let mut graph = Graph::default();
        let mut roles = Roles::default();
        graph.name = self.text(record.name)?;
        graph.doc = self.text(record.doc_string)?;
        graph.metadata = self.properties(record.metadata_props)?;
        graph.extensions = extensions(others);

        graph.inputs = self.ports(&mut graph, record.input, "input")?;
        for port in &graph.inputs {
            roles.define(&graph, port.value, Role::Input, || "an input".to_owned())?;
        }
        for (index, record) in record.initializer.into_iter().enumerate() {
            let tensor = self.tensor(record, &Bytes::new())?;
            let value = self.constant(&mut graph, tensor.name.as_deref(), "initializer", index)?;
            roles.define(&graph, value, Role::Initializer, || "an initializer".to_owned())?;
            graph.initializers.push(Initializer { value, tensor });
        }
        for (index, record) in record.sparse_initializer.into_iter().enumerate() {
            let tensor = self.sparse_tensor(record, &Bytes::new())?;
            let value = self.constant(&mut graph, tensor.values.name.as_deref(), "sparse_initializer", index)?;
            roles.define(&graph, value, Role::SparseInitializer, || "a sparse initializer".to_owned())?;
            graph.sparse_initializers.push(SparseInitializer { value, tensor });
        }
        self.nodes(&mut graph, &mut roles, record.node)?;
        graph.outputs = self.ports(&mut graph, record.output, "output")?;
        graph.value_info = self.ports(&mut graph, record.value_info, "value_info")?;
        know_constants(&mut graph);
        Ok(graph)
    }

    fn ports(&mut self, graph: &mut Graph, records: Vec<ValueInfoProto>, what: &str) -> Result<Vec<Port>> {
        records.into_iter().enumerate().map(|(index, record)| self.port(graph, record, what, index)).collect()
    }

    /// Reads a declared value, whose type becomes that of the value if nothing said it before.
    fn port(&mut self, graph: &mut Graph, record: ValueInfoProto, what: &str, index: usize) -> Result<Port> {
        let near = record.name.unwrap_or_default();
        let name = self.borrowed_name(&near)?;
        if name.is_empty() {
            return Err(self.nameless(what, index));
        }
        let item = || format!("{what} {}", Quoted(name.to_owned()));
        let ty = record.r#type.map(|record| self.ty(*record, &near)).transpose();
        let ty = ty.map_err(|error| error.with_item(item()))?;
        let value = graph.intern(name);
        if let Some(ty) = &ty {
            graph.value_mut(value).ty.get_or_insert_with(|| ty.clone());
        }
        let (doc, metadata) = (self.text(record.doc_string)?, self.properties(record.metadata_props)?);
        Ok(Port { value, ty, doc, metadata })
    }

    fn constant(&self, graph: &mut Graph, name: Option<&str>, what: &str, index: usize) -> Result<ValueId> {
        match name {
            Some(name) if !name.is_empty() => Ok(graph.intern(name)),
            _ => Err(self.nameless(what, index)),
        }
    }

    fn nameless(&self, what: &str, index: usize) -> Error {
        OnnxFault::Nameless(format!("{what}[{index}]")).at(Location::file(self.file.name()))
    }

    fn nodes(&mut self, graph: &mut Graph, roles: &mut Roles, records: Vec<Kept<NodeProto>>) -> Result<()> {
        for record in records {
            let node = self.node(graph, record)?;
            for (slot, output) in node.outputs.iter().enumerate() {
                if let Some(output) = *output {
                    let second = || format!("output {slot} of node {}", node.label(graph));
                    roles
                        .define(graph, output, Role::Node, second)
                        .map_err(|error| error.with_item(format!("node {}", node.label(graph))))?;
                }
            }
            graph.add_node(node);
        }
        Ok(())
    }

    fn node(&mut self, graph: &mut Graph, record: Kept<NodeProto>) -> Result<Node> {
        self.tick()?;
        let Kept { known: record, others } = record;
        let mut values = |reader: &Self, names: &[Bytes]| -> Result<Vec<Option<ValueId>>> {
            let value = |name: &Bytes| {
                let name = reader.borrowed_name(name)?;
                Ok(Some(name).filter(|name| !name.is_empty()).map(|name| graph.intern(name)))
            };
            names.iter().map(value).collect()
        };
        let (inputs, outputs) = (values(self, &record.input)?, values(self, &record.output)?);
        let domain = self.name(record.domain)?;
        let op_type = record.op_type.unwrap_or_default();
        let mut node = Node {
            name: self.name(record.name)?,
            op: OpType::new(domain.as_deref().unwrap_or_default(), self.borrowed_name(&op_type)?),
            domain,
            overload: self.name(record.overload)?,
            inputs,
            outputs,
            attributes: Vec::with_capacity(record.attribute.len()),
            doc: self.text(record.doc_string)?,
            metadata: self.properties(record.metadata_props)?,
            extensions: extensions(others),
        };
        for record in record.attribute {
            let name = record.name.clone().unwrap_or_default();
            let attribute = self.attribute(record).map_err(|error| {
                let name = Quoted(String::from_utf8_lossy(&name).into_owned());
                error.with_item(format!("node {}, attribute {name}", node.label(graph)))
            })?;
            node.attributes.push(attribute);
        }
        Ok(node)
    }
}

impl Roles {
    /// Notes that a value is defined; an input may have an initializer, which is its default.
    fn define(&mut self, graph: &Graph, value: ValueId, role: Role, second: impl Fn() -> String) -> Result<()> {
        if self.0.len() <= value.index() {
            self.0.resize(graph.value_count(), None);
        }
        let Some(known) = self.0.get_mut(value.index()) else {
            return Err(Error::internal("a value beyond the end of its graph"));
        };
        let first = match (*known, role) {
            (None, _) | (Some(Role::Input), Role::Initializer | Role::SparseInitializer) => {
                *known = Some(role);
                return Ok(());
            }
            (Some(Role::Input), _) => "an input".to_owned(),
            (Some(Role::Initializer), _) => "an initializer".to_owned(),
            (Some(Role::SparseInitializer), _) => "a sparse initializer".to_owned(),
            (Some(Role::Node), _) => {
                let producer = graph.value(value).producer.and_then(|(node, slot)| Some((graph.node(node)?, slot)));
                producer.map_or_else(
                    || "another output of the same node".to_owned(),
                    |(node, slot)| format!("output {slot} of node {}", node.label(graph)),
                )
            }
        };
        let name = Quoted(graph.value(value).name.clone());
        Err(OnnxFault::DefinedTwice { name, first, second: second() }.at(Location::default()))
    }
}

/// A constant that is declared nowhere has the type of its elements.
fn know_constants(graph: &mut Graph) {
    for index in 0..graph.initializers.len() {
        let Some(Initializer { value, tensor }) = graph.initializers.get(index) else { return };
        let value = *value;
        if graph.value(value).ty.is_none() {
            let shape = crate::ir::Shape::known(&tensor.dims);
            graph.value_mut(value).ty = Some(Type::tensor(tensor.dtype, Some(shape)));
        }
    }
}

fn extensions(others: Vec<Other>) -> Vec<Extension> {
    let extension = |other: Other| {
        let bytes = match other.values {
            Values::Window(bytes) => bytes,
            Values::Numbers(bytes) => Bytes::from(bytes),
        };
        Extension { field: other.field, wire: other.wire, bytes }
    };
    others.into_iter().map(extension).collect()
}
