//! Walks graphs: each node once, in order; a value goes when its last reader has read it.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::eval::array::{Array, elements};
use crate::eval::call::Call;
use crate::eval::error::EvalError;
use crate::eval::kernels;
use crate::eval::value::Value;
use crate::ir::schema::{NEWEST_OPSET, newest_opset};
use crate::ir::{Attribute, AttributeValue, Function, Graph, Model, Node, Opset, SparseTensor, ValueId};

/// How to evaluate.
#[derive(Debug, Clone)]
pub struct Options {
    /// Bytes that one result may take; also all elements of a sequence, and all that a loop collects.
    pub most_bytes: u64,
    /// Nodes and turns of loops that one run may take.
    pub most_steps: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { most_bytes: 8 << 30, most_steps: 100_000_000 }
    }
}

/// Evaluates a model, as often as wanted.
#[derive(Debug)]
pub struct Evaluator<'m> {
    model: Cow<'m, Model>,
    options: Options,
    /// The initializers of the main graph, decoded when they are first read.
    constants: HashMap<ValueId, Array>,
}

impl Evaluator<'static> {
    /// An evaluator that keeps its model.
    pub fn owning(model: Model, options: Options) -> Self {
        Self { model: Cow::Owned(model), options, constants: HashMap::new() }
    }
}

impl<'m> Evaluator<'m> {
    /// An evaluator of `model`.
    pub fn new(model: &'m Model, options: Options) -> Self {
        Self { model: Cow::Borrowed(model), options, constants: HashMap::new() }
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Runs the main graph. `inputs` by name; those with an initializer may be left out. Gives the outputs in the model's
    /// order.
    ///
    /// # Errors
    /// An [`EvalError`], or `Cancelled`.
    pub fn run(&mut self, inputs: &HashMap<String, Value>, cx: &Context) -> Result<Vec<Value>> {
        let graph = &self.model.graph;
        let given = graph.inputs.iter().map(|port| inputs.get(&graph.value(port.value).name).cloned()).collect();
        let mut engine = Engine::new(&self.model, &self.options);
        engine.kept = std::mem::take(&mut self.constants);
        let outputs = engine.graph(graph, &self.model.opsets, given, cx);
        self.constants = engine.kept;
        outputs
    }

    /// Computes one node of the model, from its inputs.
    ///
    /// # Errors
    /// An [`EvalError`], or `Cancelled`.
    pub fn node(&mut self, node: &Node, inputs: Vec<Option<Value>>, cx: &Context) -> Result<Vec<Option<Value>>> {
        let mut engine = Engine::new(&self.model, &self.options);
        engine.node(&self.model.opsets, node, inputs, node.op.to_string(), cx)
    }
}

/// The state of one run.
pub(super) struct Engine<'m> {
    model: &'m Model,
    options: &'m Options,
    /// The graphs on the way, outermost first: names to values, for captures.
    frames: Vec<Frame>,
    /// Initializers of the main graph.
    kept: HashMap<ValueId, Array>,
    done: u64,
}

/// A graph that is about to run, perhaps many times.
pub(super) struct Prepared<'g> {
    graph: &'g Graph,
    /// How often each value is read.
    reads: Vec<usize>,
    constants: Vec<(ValueId, Array)>,
}

/// What the subgraphs of one graph can capture.
struct Frame {
    opsets: Vec<Opset>,
    values: HashMap<String, Value>,
    /// False for a function's body, which sees nothing around it.
    captures: bool,
}

impl<'m> Engine<'m> {
    fn new(model: &'m Model, options: &'m Options) -> Self {
        Self { model, options, frames: Vec::new(), kept: HashMap::new(), done: 0 }
    }

    pub(super) fn options(&self) -> &'m Options {
        self.options
    }

    /// Runs the main graph or a function's body.
    fn graph(
        &mut self,
        graph: &Graph,
        opsets: &[Opset],
        inputs: Vec<Option<Value>>,
        cx: &Context,
    ) -> Result<Vec<Value>> {
        let prepared = self.prepare(graph, cx)?;
        self.walk(&prepared, opsets, false, inputs, cx)
    }

    /// Runs a subgraph of the node that is computed now.
    pub(super) fn subgraph(
        &mut self,
        graph: &Prepared<'_>,
        inputs: Vec<Option<Value>>,
        cx: &Context,
    ) -> Result<Vec<Value>> {
        let opsets = self.frames.last().map_or_else(|| self.model.opsets.clone(), |frame| frame.opsets.clone());
        self.walk(graph, &opsets, true, inputs, cx)
    }

    /// Counts the readers of each value and decodes the initializers; those of the main graph are kept from run to run.
    pub(super) fn prepare<'g>(&mut self, graph: &'g Graph, cx: &Context) -> Result<Prepared<'g>> {
        let is_main = self.frames.is_empty();
        let mut constants = Vec::with_capacity(graph.initializers.len());
        for initializer in &graph.initializers {
            cx.tick("evaluate", self.done, 0)?;
            let array = match self.kept.get(&initializer.value).filter(|_| is_main) {
                Some(array) => Some(array.clone()),
                None => Array::from_tensor(&initializer.tensor),
            };
            if is_main && let Some(array) = &array {
                self.kept.entry(initializer.value).or_insert_with(|| array.clone());
            }
            let name = &graph.value(initializer.value).name;
            constants.push((initializer.value, array.ok_or_else(|| broken(name))?));
        }
        for initializer in &graph.sparse_initializers {
            let name = &graph.value(initializer.value).name;
            let array = self.dense(&initializer.tensor, name)?;
            constants.push((initializer.value, array.ok_or_else(|| broken(name))?));
        }
        Ok(Prepared { graph, reads: graph.uses().iter().map(Vec::len).collect(), constants })
    }

    /// A sparse tensor with its zeros, if they may be as many; `None` if its indices do not fit.
    fn dense(&self, sparse: &SparseTensor, name: &str) -> Result<Option<Array>> {
        let dims: Vec<usize> = sparse.dims.iter().map(|&dim| usize::try_from(dim).unwrap_or(usize::MAX)).collect();
        let limit = self.options.most_bytes;
        let width = sparse.values.dtype.bits().unwrap_or(256).div_ceil(8);
        let count = elements(&dims);
        let bytes = count.and_then(|count| (count as u64).checked_mul(width)).unwrap_or(u64::MAX);
        match count {
            Some(count) if bytes <= limit => Ok(kernels::scattered(sparse, dims, count)),
            _ => Err(EvalError::TooLarge { node: name.to_owned(), bytes, limit }.into()),
        }
    }

    /// One step more: a node, or a turn of a loop.
    ///
    /// # Errors
    /// `TooLong` beyond [`Options::most_steps`], or `Cancelled`.
    pub(super) fn step(&mut self, cx: &Context) -> Result<()> {
        self.done += 1;
        let limit = self.options.most_steps;
        if self.done > limit {
            return Err(EvalError::TooLong { limit }.into());
        }
        cx.tick("evaluate", self.done, 0)
    }

    fn walk(
        &mut self,
        prepared: &Prepared<'_>,
        opsets: &[Opset],
        captures: bool,
        inputs: Vec<Option<Value>>,
        cx: &Context,
    ) -> Result<Vec<Value>> {
        let limit = cx.limits().depth;
        if self.frames.len() as u64 >= u64::from(limit) {
            return Err(EvalError::TooDeep { limit }.into());
        }
        let graph = prepared.graph;
        let mut left = prepared.reads.clone();
        let mut values: Vec<Option<Value>> = vec![None; graph.value_count()];
        for (port, value) in graph.inputs.iter().zip(inputs) {
            values[port.value.index()] = value;
        }
        for (id, array) in &prepared.constants {
            values[id.index()].get_or_insert_with(|| Value::Tensor(array.clone()));
        }
        self.frames.push(Frame { opsets: opsets.to_vec(), values: HashMap::new(), captures });
        if captures {
            for (id, value) in graph.values() {
                if values[id.index()].is_none() && value.producer.is_none() {
                    values[id.index()] = self.captured(&value.name);
                }
            }
        }
        for (_, node) in graph.nodes() {
            self.step(cx)?;
            self.offer(graph, node, &values);
            let mut given = Vec::with_capacity(node.inputs.len());
            for input in &node.inputs {
                let Some(id) = *input else {
                    given.push(None);
                    continue;
                };
                let slot = &mut left[id.index()];
                *slot = slot.saturating_sub(1);
                let last = *slot == 0;
                let value = if last { values[id.index()].take() } else { values[id.index()].clone() };
                let missing = || EvalError::MissingInput { input: graph.value(id).name.clone() };
                given.push(Some(value.ok_or_else(missing)?));
            }
            let outputs = self.node(opsets, node, given, node.label(graph), cx)?;
            if let Some(frame) = self.frames.last_mut() {
                frame.values.clear();
            }
            for (output, value) in node.outputs.iter().zip(outputs) {
                if let Some(id) = *output
                    && left[id.index()] > 0
                {
                    values[id.index()] = value;
                }
            }
            for place in node.subgraphs().flat_map(Graph::captures).filter_map(|name| graph.find(name)) {
                let slot = &mut left[place.index()];
                *slot = slot.saturating_sub(1);
            }
        }
        let outputs = graph.outputs.iter().map(|port| {
            let missing = || EvalError::MissingInput { input: graph.value(port.value).name.clone() };
            values[port.value.index()].clone().ok_or_else(|| missing().into())
        });
        let outputs = outputs.collect();
        self.frames.pop();
        outputs
    }

    /// Lets the subgraphs of a node see what they capture.
    fn offer(&mut self, graph: &Graph, node: &Node, values: &[Option<Value>]) {
        let Some(frame) = self.frames.last_mut() else { return };
        for name in node.subgraphs().flat_map(Graph::captures) {
            if let Some(id) = graph.find(name)
                && let Some(value) = &values[id.index()]
            {
                frame.values.insert(name.to_owned(), value.clone());
            }
        }
    }

    fn captured(&self, name: &str) -> Option<Value> {
        // the last frame is that of the subgraph itself
        for frame in self.frames.iter().rev().skip(1) {
            if let Some(value) = frame.values.get(name) {
                return Some(value.clone());
            }
            if !frame.captures {
                break;
            }
        }
        None
    }

    fn node(
        &mut self,
        opsets: &[Opset],
        node: &Node,
        inputs: Vec<Option<Value>>,
        label: String,
        cx: &Context,
    ) -> Result<Vec<Option<Value>>> {
        let domain = node.op.domain();
        let imported = opsets.iter().find(|opset| opset.domain() == domain).and_then(|opset| opset.version);
        let imported = imported.and_then(|version| u64::try_from(version).ok());
        let opset = imported.unwrap_or_else(|| newest_opset(domain).unwrap_or(NEWEST_OPSET));
        if let Some(kernel) = kernels::kernel(&node.op) {
            let mut call = Call::new(self, node, opset, inputs, label, cx);
            kernel(&mut call)?;
            return Ok(call.into_outputs());
        }
        match self.function(node) {
            Some(function) => {
                let body = instantiate(function, node);
                let outputs = self.graph(&body, &function.opsets, inputs, cx)?;
                Ok(outputs.into_iter().map(Some).collect())
            }
            None => Err(EvalError::UnknownOperator { node: label, op: node.op.to_string() }.into()),
        }
    }

    fn function(&self, node: &Node) -> Option<&'m Function> {
        let domain = |domain: Option<&str>| match domain {
            None | Some("ai.onnx") => String::new(),
            Some(domain) => domain.to_owned(),
        };
        self.model.functions.iter().find(|function| {
            function.name == node.op.name()
                && domain(function.domain.as_deref()) == node.op.domain()
                && function.overload.as_deref().unwrap_or_default() == node.overload.as_deref().unwrap_or_default()
        })
    }
}

/// An initializer whose elements do not fill its shape.
fn broken(name: &str) -> Error {
    let reason = "its elements are not what its shape says".to_owned();
    EvalError::Misfit { node: format!("initializer '{name}'"), reason }.into()
}

/// The body of a function with the attributes of a call in the place of references.
pub(crate) fn instantiate(function: &Function, node: &Node) -> Graph {
    let value = |name: &str| {
        node.attribute(name)
            .or_else(|| function.attribute_defaults.iter().find(|other| other.name == name).map(|other| &other.value))
            .cloned()
    };
    let mut body = function.body.clone();
    bind(&mut body, &value);
    body
}

fn bind(graph: &mut Graph, value: &dyn Fn(&str) -> Option<AttributeValue>) {
    for id in graph.order().to_vec() {
        let Some(node) = graph.node_mut(id) else { continue };
        let attributes = std::mem::take(&mut node.attributes);
        node.attributes = attributes
            .into_iter()
            .filter_map(|attribute| match &attribute.value {
                AttributeValue::Reference { attribute: name, .. } => {
                    Some(Attribute { value: value(name)?, ..attribute })
                }
                _ => Some(attribute),
            })
            .collect();
        for attribute in &mut node.attributes {
            attribute.value.graphs_mut().iter_mut().for_each(|inner| bind(inner, value));
        }
    }
}
