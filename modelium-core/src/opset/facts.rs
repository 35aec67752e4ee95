//! What adapters may rely on: the types that inference finds, and constants that no caller can override.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::context::Context;
use crate::error::Error;
use crate::ir::infer::{Scope, infer};
use crate::ir::{AttributeValue, Graph, Model, Node, OpType, Type, ValueId};
use crate::tensor::{DType, Tensor};

/// The most elements of a constant that an adapter looks at: axes, pads, scales, not weights.
const MOST: u64 = 4096;

/// The most bytes that new constants take together: causal masks are what grows.
const MOST_BYTES: u64 = 1 << 28;

/// The types of every graph of a model, in the order of [`Model::graphs`].
///
/// A function's body has the types that all its calls agree on.
pub(super) fn types(model: &Model, cx: &Context) -> Result<Vec<Vec<Option<Type>>>, Error> {
    let graphs = model.graphs();
    let places: HashMap<*const Graph, usize> =
        graphs.iter().enumerate().map(|(index, graph)| (std::ptr::from_ref(*graph), index)).collect();
    let mut found: Vec<Option<Vec<Option<Type>>>> = vec![None; graphs.len()];
    let inferred = infer(model, &BTreeMap::new(), cx)?;
    let mut open = vec![inferred.root()];
    while let Some(scope) = open.pop() {
        cx.tick("convert_opset", 0, 0)?;
        let graph = scope.graph();
        if let Some(slot) = places.get(&std::ptr::from_ref(graph)).and_then(|&place| found.get_mut(place)) {
            *slot = Some(match slot.take() {
                None => graph.values().map(|(id, _)| scope.ty(id).cloned()).collect(),
                Some(known) => agreed(known, scope),
            });
        }
        open.extend(graph.order().iter().flat_map(|&node| scope.inner(node)).map(|(inner, _)| inner));
    }
    Ok(found.into_iter().map(Option::unwrap_or_default).collect())
}

/// What two walks over one graph agree on.
fn agreed(known: Vec<Option<Type>>, scope: Scope<'_, '_>) -> Vec<Option<Type>> {
    let both = |(known, (id, _)): (Option<Type>, _)| {
        let (known, other) = (known?, scope.ty(id)?);
        if known == *other {
            return Some(known);
        }
        let (dtype, found) = (known.dtype()?, other.dtype()?);
        let shape = known.shape().filter(|shape| other.shape().is_some_and(|it| it.dims.len() == shape.dims.len()));
        let shape = shape.map(|shape| crate::ir::Shape::new(shape.dims.iter().map(|_| crate::ir::Dim::Unknown)));
        (dtype == found).then(|| Type::tensor(dtype, shape))
    };
    known.into_iter().zip(scope.graph().values()).map(both).collect()
}

/// Constants by name, the graphs around the current one included; and all names that are taken.
pub(super) struct Constants {
    scopes: Vec<HashMap<String, Tensor>>,
    /// A subgraph sees the names of the graphs around it, so that a new one must be new everywhere.
    names: HashSet<String>,
    /// Bytes that new constants may still take.
    left: u64,
}

impl Constants {
    pub(super) fn new(model: &Model) -> Self {
        let values = model.graphs().into_iter().flat_map(Graph::values);
        Self { scopes: Vec::new(), names: values.map(|(_, value)| value.name.clone()).collect(), left: MOST_BYTES }
    }

    /// Takes bytes of a new constant from what there may be.
    pub(super) fn charge(&mut self, bytes: u64) -> Result<(), String> {
        self.left = self.left.checked_sub(bytes).ok_or("constants that take too much memory together")?;
        Ok(())
    }

    /// How deep the current graph lies.
    pub(super) fn depth(&self) -> usize {
        self.scopes.len()
    }

    /// A name that no graph of the model has.
    pub(super) fn fresh_name(&mut self, base: &str) -> String {
        let name = (0..=u64::MAX).map(|n| format!("{base}_opset_{n}")).find(|name| !self.names.contains(name));
        let name = name.unwrap_or_default();
        self.names.insert(name.clone());
        name
    }

    /// Enters a graph.
    pub(super) fn enter(&mut self, graph: &Graph, inputs_are_defaults: bool) {
        let inputs: HashSet<ValueId> =
            if inputs_are_defaults { graph.inputs.iter().map(|port| port.value).collect() } else { HashSet::new() };
        let mut scope = HashMap::new();
        for initializer in graph.initializers.iter().filter(|initializer| !inputs.contains(&initializer.value)) {
            if initializer.tensor.elements().is_some_and(|count| count <= MOST) {
                scope.insert(graph.value(initializer.value).name.clone(), initializer.tensor.clone());
            }
        }
        self.scopes.push(scope);
        for (_, node) in graph.nodes() {
            self.learn(graph, node);
        }
    }

    /// Leaves it.
    pub(super) fn leave(&mut self) {
        self.scopes.pop();
    }

    /// Remembers what a `Constant` node holds.
    pub(super) fn learn(&mut self, graph: &Graph, node: &Node) {
        if node.op != OpType::Constant {
            return;
        }
        let (Some(output), Some(scope)) = (node.output(0), self.scopes.last_mut()) else { return };
        if let Some(tensor) = held(node).filter(|tensor| tensor.elements().is_some_and(|count| count <= MOST)) {
            scope.insert(graph.value(output).name.clone(), tensor);
        }
    }

    /// The constant of that name.
    pub(super) fn get(&self, graph: &Graph, value: ValueId) -> Option<&Tensor> {
        let Value { name, defined } = Value::of(graph, value);
        let (inner, outer) = self.scopes.split_last()?;
        match inner.get(name) {
            Some(tensor) => Some(tensor),
            None if defined => None,
            None => outer.iter().rev().find_map(|scope| scope.get(name)),
        }
    }
}

/// A value's name, and whether its own graph computes it.
struct Value<'g> {
    name: &'g str,
    defined: bool,
}

impl<'g> Value<'g> {
    fn of(graph: &'g Graph, id: ValueId) -> Self {
        let value = graph.value(id);
        let given = graph.inputs.iter().any(|port| port.value == id);
        Self { name: &value.name, defined: value.producer.is_some() || given }
    }
}

/// The tensor that a `Constant` node holds, in whichever attribute.
pub(super) fn held(node: &Node) -> Option<Tensor> {
    let [attribute] = node.attributes.as_slice() else { return None };
    let list = |count: usize, scalar: bool| if scalar { Vec::new() } else { vec![count as u64] };
    match (&attribute.value, attribute.name.as_str()) {
        (AttributeValue::Tensor(tensor), _) => Some((**tensor).clone()),
        (AttributeValue::Int(value), _) => ints(&[*value], list(1, true)),
        (AttributeValue::Ints(values), _) => ints(values, list(values.len(), false)),
        (AttributeValue::Float(value), _) => floats(&[*value], list(1, true)),
        (AttributeValue::Floats(values), _) => floats(values, list(values.len(), false)),
        _ => None,
    }
}

/// An int64 tensor.
pub(super) fn ints(values: &[i64], dims: Vec<u64>) -> Option<Tensor> {
    Tensor::new("", DType::Int64, dims, values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>())
}

/// A float32 tensor.
pub(super) fn floats(values: &[f32], dims: Vec<u64>) -> Option<Tensor> {
    Tensor::new("", DType::Float32, dims, values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>())
}

/// The numbers of a floating-point constant, widened.
pub(super) fn to_f64s(tensor: &Tensor) -> Option<Vec<f64>> {
    let bytes = tensor.to_le_bytes()?;
    Some(match tensor.dtype {
        DType::Float32 => bytes.as_chunks().0.iter().map(|word| f32::from_le_bytes(*word).into()).collect(),
        DType::Float64 => bytes.as_chunks().0.iter().map(|word| f64::from_le_bytes(*word)).collect(),
        _ => return None,
    })
}
