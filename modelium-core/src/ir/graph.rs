//! Models, graphs and their arenas.

use std::collections::HashMap;

use bytes::Bytes;

use crate::ir::attribute::{Attribute, AttributeValue, SparseTensor};
use crate::ir::schema::OpType;
use crate::ir::types::Type;
use crate::tensor::Tensor;
use crate::wire::protobuf::WireType;

/// A whole model.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Model {
    /// Who wrote it and how.
    pub provenance: Provenance,
    /// The operator sets it uses.
    pub opsets: Vec<Opset>,
    /// Key and value pairs.
    pub metadata: Vec<Property>,
    /// The main graph.
    pub graph: Graph,
    /// Operators that the model defines itself.
    pub functions: Vec<Function>,
    /// Parts that no conversion reads: ONNX training and device placement, as the format's own records.
    pub extensions: Vec<Extension>,
}

/// A part of a model that is kept as its format wrote it: a protobuf field that the IR has no place for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The field's number in its record.
    pub field: u32,
    /// How its values are laid out.
    pub wire: WireType,
    /// The value without its length for [`WireType::Len`]; else one or more values back to back.
    pub bytes: Bytes,
}

/// Key and value, either of which a file may leave out.
pub type Property = (Option<String>, Option<String>);

/// Who wrote a model and how: the leading fields of ONNX's `ModelProto`. `None` is not the same as empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Version of the file format.
    pub ir_version: Option<i64>,
    /// The tool that wrote it.
    pub producer_name: Option<String>,
    /// That tool's version.
    pub producer_version: Option<String>,
    /// Reverse-DNS namespace of the model.
    pub domain: Option<String>,
    /// Version of the model itself.
    pub model_version: Option<i64>,
    /// A description.
    pub doc: Option<String>,
}

/// An operator set: a domain at a version.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Opset {
    /// As the file spells it; `None`, empty and `ai.onnx` all mean the standard operators.
    pub domain: Option<String>,
    /// The version.
    pub version: Option<i64>,
}

impl Opset {
    /// The domain with its spellings unified: empty for the standard operators.
    pub fn domain(&self) -> &str {
        match self.domain.as_deref() {
            None | Some("ai.onnx") => "",
            Some(domain) => domain,
        }
    }
}

/// An operator that the model defines by a graph of its own.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Its domain.
    pub domain: Option<String>,
    /// Tells apart functions of one name.
    pub overload: Option<String>,
    /// The operator sets its body uses.
    pub opsets: Vec<Opset>,
    /// Attributes without a default.
    pub attributes: Vec<String>,
    /// Attributes with a default.
    pub attribute_defaults: Vec<Attribute>,
    /// Its body; inputs and outputs are ports without types.
    pub body: Graph,
}

impl Function {
    /// Its domain with the spellings unified: empty for the standard operators.
    pub fn domain(&self) -> &str {
        match self.domain.as_deref() {
            None | Some("ai.onnx") => "",
            Some(domain) => domain,
        }
    }

    /// True if the node calls this function.
    pub(crate) fn is_called_by(&self, node: &Node) -> bool {
        let overload = |overload: &Option<String>| overload.clone().unwrap_or_default();
        self.name == node.op.name()
            && self.domain() == node.op.domain()
            && overload(&self.overload) == overload(&node.overload)
    }
}

/// Identifies a [`Node`] in its graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

/// Identifies a [`Value`] in its graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ValueId(u32);

impl ValueId {
    /// Position in the arena, for side tables as long as [`Graph::value_count`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl NodeId {
    /// Position in the arena, for side tables as long as [`Graph::node_capacity`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The name it came with.
    pub name: Option<String>,
    /// The operator.
    pub op: OpType,
    /// The domain as the file spelt it, kept because `None`, empty and `ai.onnx` mean the same.
    pub domain: Option<String>,
    /// Which of several functions of one name.
    pub overload: Option<String>,
    /// Inputs; `None` for an optional one that is left out.
    pub inputs: Vec<Option<ValueId>>,
    /// Outputs; `None` for an optional one that is left out.
    pub outputs: Vec<Option<ValueId>>,
    /// Attributes, in the order of the file.
    pub attributes: Vec<Attribute>,
    /// A comment.
    pub doc: Option<String>,
    /// Key and value pairs.
    pub metadata: Vec<Property>,
    /// Fields that no conversion reads: device placement.
    pub extensions: Vec<Extension>,
}

impl Node {
    /// A node without a name, attributes or comments; a standard operator leaves its domain out.
    pub fn new(op: OpType, inputs: Vec<Option<ValueId>>, outputs: Vec<Option<ValueId>>) -> Self {
        let domain = Some(op.domain()).filter(|domain| !domain.is_empty()).map(str::to_owned);
        Self {
            name: None,
            op,
            domain,
            overload: None,
            inputs,
            outputs,
            attributes: Vec::new(),
            doc: None,
            metadata: Vec::new(),
            extensions: Vec::new(),
        }
    }

    /// The attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&AttributeValue> {
        self.attributes.iter().find(|attribute| attribute.name == name).map(|attribute| &attribute.value)
    }

    /// The integer attribute of that name.
    pub fn int(&self, name: &str) -> Option<i64> {
        if let Some(AttributeValue::Int(value)) = self.attribute(name) { Some(*value) } else { None }
    }

    /// The list of integers of that name.
    pub fn ints(&self, name: &str) -> Option<&[i64]> {
        if let Some(AttributeValue::Ints(values)) = self.attribute(name) { Some(values) } else { None }
    }

    /// The float attribute of that name.
    pub fn float(&self, name: &str) -> Option<f32> {
        if let Some(AttributeValue::Float(value)) = self.attribute(name) { Some(*value) } else { None }
    }

    /// The string attribute of that name, if it is UTF-8.
    pub fn str(&self, name: &str) -> Option<&str> {
        let Some(AttributeValue::String(value)) = self.attribute(name) else { return None };
        std::str::from_utf8(value).ok()
    }

    /// The input at `index`; `None` if it is left out or beyond the end.
    pub fn input(&self, index: usize) -> Option<ValueId> {
        self.inputs.get(index).copied().flatten()
    }

    /// The output at `index`; `None` if it is left out or beyond the end.
    pub fn output(&self, index: usize) -> Option<ValueId> {
        self.outputs.get(index).copied().flatten()
    }

    /// The subgraphs in its attributes.
    pub fn subgraphs(&self) -> impl Iterator<Item = &Graph> {
        self.attributes.iter().flat_map(|attribute| attribute.value.graphs())
    }

    /// What messages call it: its name, or its operator and first output where it has none.
    pub fn label(&self, graph: &Graph) -> String {
        match self.name.as_deref() {
            Some(name) if !name.is_empty() => format!("'{name}' ({})", self.op.name()),
            _ => {
                let op = Some(self.op.name()).filter(|op| !op.is_empty()).unwrap_or("?");
                match self.outputs.iter().flatten().next() {
                    Some(&output) => format!("{op} → '{}'", graph.value(output).name),
                    None => op.to_owned(),
                }
            }
        }
    }
}

/// What flows along an edge.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// Its name, unique in its graph.
    pub name: String,
    /// The best that is known of its type: declared, or inferred.
    pub ty: Option<Type>,
    /// The node that computes it and which of its outputs it is; `None` for inputs, initializers and captures.
    pub producer: Option<(NodeId, u32)>,
}

/// A declared value: an input, an output, or an entry of `value_info`.
#[derive(Debug, Clone, PartialEq)]
pub struct Port {
    /// Which value.
    pub value: ValueId,
    /// Its type as declared here.
    pub ty: Option<Type>,
    /// A comment.
    pub doc: Option<String>,
    /// Key and value pairs.
    pub metadata: Vec<Property>,
}

impl Port {
    /// A port without comments.
    pub fn new(value: ValueId, ty: Option<Type>) -> Self {
        Self { value, ty, doc: None, metadata: Vec::new() }
    }
}

/// A constant of the graph; for a value that is an input too, the default.
#[derive(Debug, Clone, PartialEq)]
pub struct Initializer {
    /// Which value.
    pub value: ValueId,
    /// The elements.
    pub tensor: Tensor,
}

/// A sparse constant of the graph.
#[derive(Debug, Clone, PartialEq)]
pub struct SparseInitializer {
    /// Which value.
    pub value: ValueId,
    /// The elements.
    pub tensor: SparseTensor,
}

/// A graph; see the manual at the head of [`crate::ir`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Graph {
    /// Its name.
    pub name: Option<String>,
    /// A comment.
    pub doc: Option<String>,
    /// What a caller must or may supply.
    pub inputs: Vec<Port>,
    /// What it computes.
    pub outputs: Vec<Port>,
    /// Types that the file declares for values between.
    pub value_info: Vec<Port>,
    /// Constants, in the order of the file.
    pub initializers: Vec<Initializer>,
    /// Sparse constants.
    pub sparse_initializers: Vec<SparseInitializer>,
    /// Key and value pairs.
    pub metadata: Vec<Property>,
    /// Fields that no conversion reads: quantisation annotations.
    pub extensions: Vec<Extension>,
    nodes: Vec<Option<Node>>,
    order: Vec<NodeId>,
    values: Vec<Value>,
    names: HashMap<String, ValueId>,
}

/// One place where a value is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Use {
    /// An input of a node.
    Input(NodeId, u32),
    /// The graph's output at this position.
    Output(u32),
    /// A subgraph of this node captures it by name.
    Capture(NodeId),
}

impl Graph {
    /// Adds a value; `None` if its name is taken.
    pub fn add_value(&mut self, name: impl Into<String>, ty: Option<Type>) -> Option<ValueId> {
        let name = name.into();
        let id = ValueId(u32::try_from(self.values.len()).ok()?);
        let std::collections::hash_map::Entry::Vacant(slot) = self.names.entry(name.clone()) else { return None };
        slot.insert(id);
        self.values.push(Value { name, ty, producer: None });
        Some(id)
    }

    /// The value of that name, made if it is not there.
    pub fn intern(&mut self, name: &str) -> ValueId {
        if let Some(&id) = self.names.get(name) {
            return id;
        }
        let id = ValueId(u32::try_from(self.values.len()).unwrap_or(u32::MAX));
        self.names.insert(name.to_owned(), id);
        self.values.push(Value { name: name.to_owned(), ty: None, producer: None });
        id
    }

    /// Adds a value under a name that is free: `base`, or `base_1`, `base_2`, ….
    pub fn add_fresh(&mut self, base: &str, ty: Option<Type>) -> ValueId {
        let name = if self.names.contains_key(base) {
            (1..=u64::MAX)
                .map(|n| format!("{base}_{n}"))
                .find(|name| !self.names.contains_key(name))
                .unwrap_or_default()
        } else {
            base.to_owned()
        };
        let id = self.intern(&name);
        self.value_mut(id).ty = ty;
        id
    }

    /// The value of that name.
    pub fn find(&self, name: &str) -> Option<ValueId> {
        self.names.get(name).copied()
    }

    /// Appends a node and becomes the producer of its outputs.
    pub fn add_node(&mut self, node: Node) -> NodeId {
        let id = self.store_node(node);
        self.order.push(id);
        id
    }

    /// Puts a node in front of `before`.
    pub fn insert_node(&mut self, before: NodeId, node: Node) -> NodeId {
        let id = self.store_node(node);
        let position = self.order.iter().position(|&other| other == before).unwrap_or(self.order.len());
        self.order.insert(position, id);
        id
    }

    fn store_node(&mut self, node: Node) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        for (slot, output) in (0_u32..).zip(&node.outputs) {
            if let Some(output) = *output {
                self.value_mut(output).producer = Some((id, slot));
            }
        }
        self.nodes.push(Some(node));
        id
    }

    /// Takes nodes out; their outputs lose their producer.
    pub fn remove_nodes(&mut self, mut dead: impl FnMut(NodeId) -> bool) {
        let mut order = std::mem::take(&mut self.order);
        order.retain(|&id| {
            if !dead(id) {
                return true;
            }
            if let Some(node) = self.nodes.get_mut(id.index()).and_then(Option::take) {
                for output in node.outputs.into_iter().flatten() {
                    if self.value(output).producer.is_some_and(|(producer, _)| producer == id) {
                        self.value_mut(output).producer = None;
                    }
                }
            }
            false
        });
        self.order = order;
    }

    /// Moves the nodes from position `from` on, which were added last, each to the place of a node before; those without a
    /// place stay at the end.
    pub(crate) fn move_nodes(&mut self, from: usize, places: &[Option<NodeId>]) {
        let added = self.order.split_off(from.min(self.order.len()));
        let mut before: HashMap<NodeId, Vec<NodeId>> = HashMap::new();
        let mut rest = Vec::new();
        for (position, id) in added.into_iter().enumerate() {
            match places.get(position).copied().flatten() {
                Some(place) => before.entry(place).or_default().push(id),
                None => rest.push(id),
            }
        }
        let order = std::mem::take(&mut self.order);
        self.order.reserve(order.len() + rest.len());
        for id in order {
            self.order.extend(before.remove(&id).unwrap_or_default());
            self.order.push(id);
        }
        self.order.extend(rest);
    }

    /// Puts each node behind those that it reads from, and leaves the order alone otherwise. False, and nothing is done, if
    /// the graph has a cycle.
    pub(crate) fn sort(&mut self) -> bool {
        #[derive(Clone, Copy, PartialEq)]
        enum State {
            New,
            Open,
            Done,
        }
        let mut state = vec![State::New; self.nodes.len()];
        let mut order = Vec::with_capacity(self.order.len());
        let mut stack: Vec<(NodeId, Vec<NodeId>)> = Vec::new();
        for &root in &self.order {
            if state[root.index()] != State::New {
                continue;
            }
            state[root.index()] = State::Open;
            stack.push((root, self.reads_from(root)));
            while let Some((id, pending)) = stack.last_mut() {
                match pending.pop() {
                    Some(next) if state[next.index()] == State::New => {
                        state[next.index()] = State::Open;
                        let reads = self.reads_from(next);
                        stack.push((next, reads));
                    }
                    Some(next) if state[next.index()] == State::Open => return false,
                    Some(_) => {}
                    None => {
                        state[id.index()] = State::Done;
                        order.push(*id);
                        stack.pop();
                    }
                }
            }
        }
        self.order = order;
        true
    }

    /// The nodes that compute what a node reads, captures by its subgraphs included; the first one last.
    fn reads_from(&self, id: NodeId) -> Vec<NodeId> {
        let Some(node) = self.node(id) else { return Vec::new() };
        let captured = node.subgraphs().flat_map(Self::captures).filter_map(|name| self.find(name));
        let read = node.inputs.iter().flatten().copied().chain(captured);
        let mut nodes: Vec<NodeId> = read.filter_map(|value| Some(self.value(value).producer?.0)).collect();
        nodes.reverse();
        nodes
    }

    /// Takes all nodes out, in execution order, to be added again changed or replaced.
    pub fn take_nodes(&mut self) -> Vec<Node> {
        let mut nodes = std::mem::take(&mut self.nodes);
        self.values.iter_mut().for_each(|value| value.producer = None);
        std::mem::take(&mut self.order)
            .iter()
            .filter_map(|id| nodes.get_mut(id.index()).and_then(Option::take))
            .collect()
    }

    /// The subgraphs of all nodes, to be changed, in the order of the nodes and their attributes.
    pub fn subgraphs_mut(&mut self) -> Vec<&mut Self> {
        let mut nodes: Vec<Option<&mut Node>> = self.nodes.iter_mut().map(Option::as_mut).collect();
        let ordered = self.order.iter().filter_map(|id| nodes.get_mut(id.index()).and_then(Option::take));
        let attributes = ordered.flat_map(|node| node.attributes.iter_mut());
        attributes.flat_map(|attribute| attribute.value.graphs_mut()).collect()
    }

    /// The nodes in execution order.
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = (NodeId, &Node)> {
        self.order.iter().filter_map(|&id| Some((id, self.nodes.get(id.index())?.as_ref()?)))
    }

    /// The ids of the nodes in execution order.
    pub fn order(&self) -> &[NodeId] {
        &self.order
    }

    /// Number of nodes.
    pub fn node_count(&self) -> usize {
        self.order.len()
    }

    /// Length of a side table indexed by [`NodeId::index`].
    pub fn node_capacity(&self) -> usize {
        self.nodes.len()
    }

    /// Number of values, and length of a side table indexed by [`ValueId::index`].
    pub fn value_count(&self) -> usize {
        self.values.len()
    }

    /// Every value with its id.
    pub fn values(&self) -> impl Iterator<Item = (ValueId, &Value)> {
        (0_u32..).map(ValueId).zip(&self.values)
    }

    /// The node of that id; `None` once it is removed.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.index())?.as_ref()
    }

    /// The node of that id, to be changed. Outputs must not change: the values know their producer.
    pub fn node_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.nodes.get_mut(id.index())?.as_mut()
    }

    /// Reads another value at an input of a node.
    pub fn set_input(&mut self, id: NodeId, slot: u32, value: ValueId) {
        if let Some(input) = self.node_mut(id).and_then(|node| node.inputs.get_mut(slot as usize)) {
            *input = Some(value);
        }
    }

    /// Lets an output of a node be another value; the value it was has no producer from then on.
    pub fn set_output(&mut self, id: NodeId, slot: u32, value: ValueId) {
        let Some(output) = self.node_mut(id).and_then(|node| node.outputs.get_mut(slot as usize)) else { return };
        if let Some(old) = output.replace(value) {
            self.value_mut(old).producer = None;
        }
        self.value_mut(value).producer = Some((id, slot));
    }

    /// Drops declared types of values that nothing computes and nothing reads any more.
    pub fn drop_stale_value_info(&mut self) {
        if self.value_info.is_empty() {
            return;
        }
        let mut alive: Vec<bool> = self.uses().iter().map(|uses| !uses.is_empty()).collect();
        for (alive, value) in alive.iter_mut().zip(&self.values) {
            *alive |= value.producer.is_some();
        }
        self.value_info.retain(|port| alive[port.value.index()]);
    }

    /// The value of that id.
    ///
    /// # Panics
    /// If the id is of another graph.
    pub fn value(&self, id: ValueId) -> &Value {
        &self.values[id.index()]
    }

    /// The value of that id, to be changed; its name must not.
    ///
    /// # Panics
    /// If the id is of another graph.
    pub fn value_mut(&mut self, id: ValueId) -> &mut Value {
        &mut self.values[id.index()]
    }

    /// For each value, its constant tensor if it has one that no caller can override.
    pub fn constants(&self) -> HashMap<ValueId, &Tensor> {
        let overridable: std::collections::HashSet<_> = self.inputs.iter().map(|port| port.value).collect();
        self.initializers
            .iter()
            .filter(|initializer| !overridable.contains(&initializer.value))
            .map(|initializer| (initializer.value, &initializer.tensor))
            .collect()
    }

    /// For each value, by [`ValueId::index`], every place that reads it; captures by subgraphs included.
    pub fn uses(&self) -> Vec<Vec<Use>> {
        let mut uses = vec![Vec::new(); self.values.len()];
        for (id, node) in self.nodes() {
            for (slot, input) in (0_u32..).zip(&node.inputs) {
                if let Some(input) = input {
                    uses[input.index()].push(Use::Input(id, slot));
                }
            }
            for name in node.subgraphs().flat_map(Self::captures) {
                if let Some(value) = self.find(name) {
                    uses[value.index()].push(Use::Capture(id));
                }
            }
        }
        for (position, port) in (0_u32..).zip(&self.outputs) {
            uses[port.value.index()].push(Use::Output(position));
        }
        uses
    }

    /// Names that this graph, as a subgraph, reads from outside; nested subgraphs included.
    pub fn captures(&self) -> Vec<&str> {
        let mut defined = vec![false; self.values.len()];
        self.inputs.iter().for_each(|port| defined[port.value.index()] = true);
        self.initializers.iter().for_each(|initializer| defined[initializer.value.index()] = true);
        self.sparse_initializers.iter().for_each(|initializer| defined[initializer.value.index()] = true);
        let mut captured = Vec::new();
        let mut read = |id: ValueId| {
            if !defined[id.index()] && self.value(id).producer.is_none() {
                defined[id.index()] = true; // once is enough
                captured.push(self.value(id).name.as_str());
            }
        };
        self.nodes().flat_map(|(_, node)| node.inputs.iter().flatten()).for_each(|&id| read(id));
        self.outputs.iter().for_each(|port| read(port.value));
        for name in self.nodes().flat_map(|(_, node)| node.subgraphs()).flat_map(Self::captures) {
            match self.find(name) {
                Some(id) if defined[id.index()] || self.value(id).producer.is_some() => {}
                _ => captured.push(name),
            }
        }
        captured
    }
}

impl Graph {
    /// Reads values from outside under other names, nested subgraphs included.
    pub(crate) fn rename_captures(&mut self, names: &HashMap<String, String>) {
        let mut own: std::collections::HashSet<ValueId> = self.inputs.iter().map(|port| port.value).collect();
        own.extend(self.initializers.iter().map(|initializer| initializer.value));
        own.extend(self.sparse_initializers.iter().map(|initializer| initializer.value));
        own.extend(self.values().filter(|(_, value)| value.producer.is_some()).map(|(id, _)| id));
        let mut below = names.clone();
        let mut merged: HashMap<ValueId, ValueId> = HashMap::new();
        let mut renamed = Vec::new();
        for (from, to) in names {
            let Some(&id) = self.names.get(from) else { continue };
            if own.contains(&id) {
                below.remove(from); // hidden here, and so below
            } else {
                renamed.push((id, from, to));
            }
        }
        renamed.sort(); // the order of a hash map must not show
        for (_, from, _) in &renamed {
            self.names.remove(*from);
        }
        for (id, _, to) in renamed {
            if let Some(&other) = self.names.get(to) {
                merged.insert(id, other);
            } else {
                self.names.insert(to.clone(), id);
                self.values[id.index()].name.clone_from(to);
            }
        }
        for node in self.nodes.iter_mut().flatten() {
            for input in node.inputs.iter_mut().flatten() {
                *input = merged.get(input).copied().unwrap_or(*input);
            }
            for inner in node.attributes.iter_mut().flat_map(|attribute| attribute.value.graphs_mut()) {
                inner.rename_captures(&below);
            }
        }
        for port in &mut self.outputs {
            port.value = merged.get(&port.value).copied().unwrap_or(port.value);
        }
    }
}

impl Model {
    /// Version of the operator set of that domain (empty for the standard one); `None` if it is not imported.
    pub fn opset(&self, domain: &str) -> Option<u64> {
        let opset = self.opsets.iter().find(|opset| opset.domain() == domain)?;
        u64::try_from(opset.version?).ok()
    }

    /// Every graph of the model with what encloses it: the main graph, functions' bodies, and all subgraphs, outermost first.
    pub fn graphs(&self) -> Vec<&Graph> {
        let mut graphs: Vec<&Graph> =
            std::iter::once(&self.graph).chain(self.functions.iter().map(|function| &function.body)).collect();
        let mut next = 0;
        while let Some(graph) = graphs.get(next).copied() {
            graphs.extend(graph.nodes().flat_map(|(_, node)| node.subgraphs()));
            next += 1;
        }
        graphs
    }
}
