//! Probes: both models cut down to a few values, run, and compared.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::artifact::{Artifact, MemorySink, Sink as _};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::formats::onnx::OnnxExporter;
use crate::formats::{Exporter as _, Weights};
use crate::ir::{self, Graph, Model, Node, NodeId, Port, Type, TypeKind, ValueId};
use crate::parity::{OutputReport, Tolerance, layers};
use crate::runtime::Runtime;
use crate::tensor::{DType, Tensor};

/// Runs parts of both models on one sample.
pub(super) struct Prober<'m> {
    pub(super) a: &'m Model,
    pub(super) b: &'m Model,
    types_a: Vec<Option<DType>>,
    types_b: Vec<Option<DType>>,
    runtime: &'m dyn Runtime,
    inputs: &'m [Tensor],
    tolerance: &'m Tolerance,
    /// How often both were run.
    pub(super) probes: u64,
}

impl<'m> Prober<'m> {
    pub(super) fn new(
        a: &'m Model,
        b: &'m Model,
        runtime: &'m dyn Runtime,
        inputs: &'m [Tensor],
        tolerance: &'m Tolerance,
        cx: &Context,
    ) -> Result<Self> {
        let (types_a, types_b) = (dtypes(a, cx)?, dtypes(b, cx)?);
        Ok(Self { a, b, types_a, types_b, runtime, inputs, tolerance, probes: 0 })
    }

    /// True if both values are known to be tensors, so that a model can give them as outputs.
    pub(super) fn can_observe(&self, a: ValueId, b: ValueId) -> bool {
        let typed = |types: &[Option<DType>], id: ValueId| types.get(id.index()).is_some_and(Option::is_some);
        typed(&self.types_a, a) && (typed(&self.types_b, b) || stored(&self.b.graph, b).is_some())
    }

    /// How far each pair of values differs, in the order given.
    ///
    /// # Errors
    /// What the runtime says if it does not run one of the parts.
    pub(super) fn observe(&mut self, pairs: &[(ValueId, ValueId)], cx: &Context) -> Result<Vec<OutputReport>> {
        cx.tick("layers", self.probes, 0)?;
        self.probes += 1;
        let a = self.values(self.a, &self.types_a, pairs.iter().map(|pair| pair.0), cx)?;
        let b = self.values(self.b, &self.types_b, pairs.iter().map(|pair| pair.1), cx)?;
        let compare = |(value, other): &(ValueId, ValueId)| {
            let name = &self.a.graph.value(*value).name;
            match (a.get(value), b.get(other)) {
                (Some(original), Some(result)) => layers::difference(name, original, result, self.tolerance),
                _ => Err(Error::new(ErrorKind::Backend, format!("the runtime did not give '{name}'"))),
            }
        };
        pairs.iter().map(compare).collect()
    }

    /// How far two constants differ; `None` unless both are.
    pub(super) fn constants(&self, a: ValueId, b: ValueId) -> Result<Option<OutputReport>> {
        let (Some(original), Some(result)) = (stored(&self.a.graph, a), stored(&self.b.graph, b)) else {
            return Ok(None);
        };
        let exact = Tolerance { absolute: 0.0, relative: 0.0, cosine: 0.0 };
        layers::difference(&self.a.graph.value(a).name, original, result, &exact).map(Some)
    }

    fn values(
        &self,
        model: &Model,
        types: &[Option<DType>],
        wanted: impl Iterator<Item = ValueId>,
        cx: &Context,
    ) -> Result<HashMap<ValueId, Tensor>> {
        let (mut found, mut computed) = (HashMap::new(), Vec::new());
        for value in wanted {
            match stored(&model.graph, value) {
                Some(tensor) => drop(found.insert(value, tensor.clone())),
                None if computed.contains(&value) => {}
                None => computed.push(value),
            }
        }
        if computed.is_empty() {
            return Ok(found);
        }
        let part = cut(model, &computed, types);
        let mut sink = MemorySink::new();
        OnnxExporter.export(ir::check(&part, cx)?, "model.onnx", Weights::Auto, &mut sink, cx)?;
        drop(part);
        sink.commit()?;
        let files = sink.into_files().into_iter().map(|(name, bytes)| (name, bytes.into()));
        let mut session = self.runtime.load(&Artifact::from_entries("part", files), cx)?;
        let inputs = layers::float::fit(self.inputs, session.inputs());
        let outputs = session.run(&inputs, cx)?;
        let names = session.outputs().iter().map(|port| port.name.clone());
        let mut by_name: BTreeMap<String, Tensor> = names.zip(outputs).collect();
        found.extend(computed.into_iter().filter_map(|id| Some((id, by_name.remove(&model.graph.value(id).name)?))));
        Ok(found)
    }
}

/// The element type of each value of the main graph that is known to be a tensor.
fn dtypes(model: &Model, cx: &Context) -> Result<Vec<Option<DType>>> {
    let graph = &model.graph;
    let mut types: Vec<Option<DType>> =
        graph.values().map(|(_, value)| value.ty.as_ref().and_then(tensor_dtype)).collect();
    for port in graph.value_info.iter().chain(&graph.outputs) {
        if let Some(known) = port.ty.as_ref().and_then(tensor_dtype) {
            types[port.value.index()] = Some(known);
        }
    }
    match ir::infer(model, &BTreeMap::new(), cx) {
        Ok(inferred) => {
            for (id, _) in graph.values() {
                if let Some(known) = inferred.root().ty(id).and_then(tensor_dtype) {
                    types[id.index()] = Some(known);
                }
            }
        }
        Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
        Err(_) => {} // what is declared has to do
    }
    Ok(types)
}

fn tensor_dtype(ty: &Type) -> Option<DType> {
    if let TypeKind::Tensor { dtype, .. } = &ty.kind { *dtype } else { None }
}

/// The tensor of an initializer that no input overrides.
fn stored(graph: &Graph, value: ValueId) -> Option<&Tensor> {
    let overridden = graph.inputs.iter().any(|port| port.value == value);
    graph.initializers.iter().find(|initializer| initializer.value == value && !overridden).map(|it| &it.tensor)
}

/// What a node reads, captures of its subgraphs included.
pub(super) fn reads(graph: &Graph, node: &Node) -> Vec<ValueId> {
    let captured = node.subgraphs().flat_map(Graph::captures).filter_map(|name| graph.find(name));
    node.inputs.iter().flatten().copied().chain(captured).collect()
}

/// The model with these outputs alone, and with what they need.
fn cut(model: &Model, wanted: &[ValueId], types: &[Option<DType>]) -> Model {
    let mut part = model.clone();
    let (mut nodes, mut values): (HashSet<NodeId>, HashSet<ValueId>) = (HashSet::new(), HashSet::new());
    let mut next = wanted.to_vec();
    while let Some(value) = next.pop() {
        if !values.insert(value) {
            continue;
        }
        let Some((id, _)) = model.graph.value(value).producer else { continue };
        if let Some(node) = model.graph.node(id).filter(|_| nodes.insert(id)) {
            next.extend(reads(&model.graph, node));
        }
    }
    let graph = &mut part.graph;
    graph.remove_nodes(|id| !nodes.contains(&id));
    let inputs: HashSet<ValueId> = graph.inputs.iter().map(|port| port.value).collect();
    graph.initializers.retain(|it| values.contains(&it.value) || inputs.contains(&it.value));
    graph.sparse_initializers.retain(|it| values.contains(&it.value) || inputs.contains(&it.value));
    let output = |&value: &ValueId| {
        let dtype = types.get(value.index()).copied().flatten();
        Port::new(value, dtype.map(|dtype| Type::tensor(dtype, None)))
    };
    graph.outputs = wanted.iter().map(output).collect();
    let outputs: HashSet<ValueId> = wanted.iter().copied().collect();
    graph.value_info.retain(|port| !outputs.contains(&port.value));
    graph.drop_stale_value_info();
    part
}
