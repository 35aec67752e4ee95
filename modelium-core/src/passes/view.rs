//! What a pass sees: a graph, who reads what in it, and what is known of its values.

use std::borrow::Cow;

use crate::ir::infer::{Facts, value::Elements};
use crate::ir::{AttributeValue, Dim, Graph, Node, NodeId, OpType, Port, Type, Use, Value, ValueId};
use crate::passes::{Level, Site};
use crate::tensor::{DType, Tensor};

/// One graph under simplification.
#[derive(Debug)]
pub struct View<'a> {
    /// The graph.
    pub graph: &'a Graph,
    /// Where it stands in its model.
    pub site: &'a Site<'a>,
    facts: &'a Facts,
    uses: Vec<Vec<Use>>,
    /// For each value, which of the initializers is its constant.
    constants: Vec<Option<u32>>,
}

impl<'a> View<'a> {
    /// Looks at a graph; `uses` is who reads what, if somebody knows already.
    pub(super) fn new(graph: &'a Graph, site: &'a Site<'a>, facts: &'a Facts, uses: Option<Vec<Vec<Use>>>) -> Self {
        let mut constants = vec![None; graph.value_count()];
        for (index, initializer) in (0_u32..).zip(&graph.initializers) {
            constants[initializer.value.index()] = Some(index);
        }
        for port in &graph.inputs {
            constants[port.value.index()] = None; // a caller may give another
        }
        Self { graph, site, facts, uses: uses.unwrap_or_else(|| graph.uses()), constants }
    }

    /// Who reads what, for those who change the graph.
    pub(super) fn into_uses(self) -> Vec<Vec<Use>> {
        self.uses
    }

    /// Version of the standard operator set.
    pub fn opset(&self) -> u64 {
        self.site.opset
    }

    /// True if operators beyond the standard may be used.
    pub fn allows_contrib(&self) -> bool {
        self.site.level == Level::OnnxRuntime
    }

    // The graph.

    /// The value of that id.
    pub fn value(&self, value: ValueId) -> &'a Value {
        self.graph.value(value)
    }

    /// The node that computes a value, and which of its outputs it is.
    pub fn producer(&self, value: ValueId) -> Option<(NodeId, &'a Node, u32)> {
        let (id, slot) = self.graph.value(value).producer?;
        Some((id, self.graph.node(id)?, slot))
    }

    /// The node that computes a value as its first output, if it is of that operator.
    pub fn produced_by(&self, value: ValueId, op: &OpType) -> Option<(NodeId, &'a Node)> {
        let (id, node, slot) = self.producer(value)?;
        (slot == 0 && node.op == *op).then_some((id, node))
    }

    /// Every place that reads a value, captures and the graph's outputs included.
    pub fn uses(&self, value: ValueId) -> &[Use] {
        self.uses.get(value.index()).map_or(&[], Vec::as_slice)
    }

    /// True if one input of one node reads the value, and nothing else does.
    pub fn is_read_once(&self, value: ValueId) -> bool {
        matches!(self.uses(value), [Use::Input(..)])
    }

    /// The only node that reads a value, if one input of one node does and nothing else.
    pub fn only_reader(&self, value: ValueId) -> Option<(NodeId, &'a Node, u32)> {
        let [Use::Input(id, slot)] = *self.uses(value) else { return None };
        Some((id, self.graph.node(id)?, slot))
    }

    /// The nodes that read a value at an input.
    pub fn readers(&self, value: ValueId) -> impl Iterator<Item = (NodeId, &'a Node, u32)> {
        let graph = self.graph;
        self.uses(value).iter().filter_map(move |place| match *place {
            Use::Input(id, slot) => Some((id, graph.node(id)?, slot)),
            _ => None,
        })
    }

    /// True for an output of the graph.
    pub fn is_output(&self, value: ValueId) -> bool {
        self.uses(value).iter().any(|place| matches!(place, Use::Output(_)))
    }

    /// True if a subgraph reads the value by its name.
    pub fn is_captured(&self, value: ValueId) -> bool {
        self.uses(value).iter().any(|place| matches!(place, Use::Capture(_)))
    }

    // What is known.

    /// A constant that no caller can override; also one of a graph around this one.
    pub fn tensor(&self, value: ValueId) -> Option<&'a Tensor> {
        if let Some(index) = self.constants.get(value.index()).copied().flatten() {
            return self.graph.initializers.get(index as usize).map(|initializer| &initializer.tensor);
        }
        let value = self.graph.value(value);
        if let Some((producer, _)) = value.producer {
            let node = self.graph.node(producer).filter(|node| node.op == OpType::Constant)?;
            let Some(AttributeValue::Tensor(tensor)) = node.attribute("value") else { return None };
            return Some(tensor);
        }
        let is_input = |port: &Port| self.graph.value(port.value).name == value.name;
        if self.graph.inputs.iter().any(is_input) {
            return None;
        }
        self.site.outer?.tensor(&value.name)
    }

    /// The type of a value, as inferred.
    pub fn ty(&self, value: ValueId) -> Option<&Type> {
        self.facts.ty(value)
    }

    /// The element type of a tensor.
    pub fn dtype(&self, value: ValueId) -> Option<DType> {
        self.tensor(value).map(|tensor| tensor.dtype).or_else(|| self.facts.ty(value)?.dtype())
    }

    /// The dimensions of a tensor of known rank, symbols included.
    pub fn dims(&self, value: ValueId) -> Option<Cow<'_, [Dim]>> {
        if let Some(tensor) = self.tensor(value) {
            return Some(Cow::Owned(tensor.dims.iter().map(|&dim| Dim::Known(dim)).collect()));
        }
        self.facts.dims(value).map(Cow::Borrowed)
    }

    /// The rank of a tensor.
    pub fn rank(&self, value: ValueId) -> Option<usize> {
        self.dims(value).map(|dims| dims.len())
    }

    /// The dimensions, if all are numbers.
    pub fn known_dims(&self, value: ValueId) -> Option<Vec<u64>> {
        self.dims(value)?.iter().map(Dim::known).collect()
    }

    /// What is known of the elements of a small tensor: of a constant all, of shape arithmetic what follows.
    pub(crate) fn elements(&self, value: ValueId) -> Option<Cow<'_, Elements>> {
        if let Some(tensor) = self.tensor(value) {
            return Elements::of(tensor).map(Cow::Owned);
        }
        self.facts.elements(value).map(Cow::Borrowed)
    }

    /// The elements of a small tensor of integers, if all are known.
    pub fn ints(&self, value: ValueId) -> Option<Vec<i64>> {
        self.elements(value)?.ints()
    }

    /// The only element of a constant number.
    pub fn scalar(&self, value: ValueId) -> Option<f64> {
        self.elements(value)?.single()?.float()
    }
}
