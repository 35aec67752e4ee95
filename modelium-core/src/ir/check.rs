//! The graph is well formed: what an importer does not promise and every exporter, pass and runtime needs.
//!
//! [`check`] follows what the ONNX specification demands and its official checker enforces, and is stricter where that
//! checker is silent and a runtime is not: outputs that nothing computes, calls of overloads that do not exist, attribute
//! references outside functions, opsets newer than the specification known here. A shape that a port leaves out is
//! accepted, and a graph without a name: runtimes do too. Custom operators are accepted and travel.
//!
//! The cost is linear in the structure, times the nesting depth where subgraphs capture. Weights are not read.

mod cycle;
mod demands;
mod error;
mod full;
mod functions;
mod nodes;
mod official;
#[cfg(test)]
mod tests;
mod typed;

use std::collections::{HashMap, HashSet};

use crate::context::Context;
use crate::error::Result;
use crate::ir::graph::{Function, Graph, Model, Node, NodeId, Opset, ValueId};
use crate::ir::schema::{OpSchema, OpType, newest_opset};
use crate::ir::types::{Type, TypeKind};

pub use error::CheckError;
pub use full::check_full;

/// The newest version of ONNX's file format that is understood.
pub const NEWEST_IR_VERSION: i64 = 14;

/// A model that [`check`] found well formed.
#[derive(Debug, Clone, Copy)]
pub struct Checked<'m>(&'m Model);

impl<'m> Checked<'m> {
    /// The model.
    pub fn model(self) -> &'m Model {
        self.0
    }
}

/// Checks that a model is well formed.
///
/// The first fault in the order of the file is the error, the same each time.
///
/// # Errors
/// `Malformed` for what the specification forbids, `Unsupported` for versions newer than those known here,
/// `LimitExceeded` for subgraphs nested deeper than [`Limits::depth`](crate::Limits::depth). Each is a [`CheckError`].
#[tracing::instrument(name = "modelium.check", skip_all)]
pub fn check<'m>(model: &'m Model, cx: &Context) -> Result<Checked<'m>> {
    versions(model)?;
    let calls = functions::Calls::new(model, cx)?;
    for function in &model.functions {
        let mut checker = Checker::new(model, &calls, Some(function), cx);
        checker.function(function)?;
    }
    Checker::new(model, &calls, None, cx).graph(&model.graph, true)?;
    Ok(Checked(model))
}

/// What stands in the model before its graph.
fn versions(model: &Model) -> Result<(), CheckError> {
    let ir_version = match model.provenance.ir_version {
        None => return Err(CheckError::NoIrVersion),
        Some(found) if found > NEWEST_IR_VERSION => {
            return Err(CheckError::FutureIrVersion { found, newest: NEWEST_IR_VERSION });
        }
        Some(found) if found < 1 => return Err(CheckError::ImpossibleIrVersion { found }),
        Some(version) => version,
    };
    if ir_version >= 3 && model.opsets.is_empty() {
        return Err(CheckError::NoOpsets);
    }
    opsets(&model.opsets)?;
    let mut keys = HashSet::new();
    for key in model.metadata.iter().filter_map(|(key, _)| key.as_deref()) {
        if !keys.insert(key) {
            return Err(CheckError::MetadataTwice { key: key.to_owned() });
        }
    }
    Ok(())
}

/// Each domain once, with a version that the tables reach.
fn opsets(opsets: &[Opset]) -> Result<(), CheckError> {
    let mut versions = HashMap::new();
    for opset in opsets {
        let domain = opset.domain();
        let version = opset.version.ok_or_else(|| CheckError::OpsetWithoutVersion { domain: domain.to_owned() })?;
        if version < 0 {
            return Err(CheckError::ImpossibleOpset { domain: domain.to_owned(), found: version });
        }
        if let Some(newest) = newest_opset(domain)
            && u64::try_from(version).is_ok_and(|version| version > newest)
        {
            return Err(CheckError::FutureOpset { domain: domain.to_owned(), found: version, newest });
        }
        if let Some(first) = versions.insert(domain, version)
            && first != version
        {
            return Err(CheckError::OpsetTwice { domain: domain.to_owned(), first, second: version });
        }
    }
    Ok(())
}

/// Walks one tree of graphs: the main graph or a function's body, with the subgraphs in it.
struct Checker<'m> {
    model: &'m Model,
    calls: &'m functions::Calls<'m>,
    /// The operator sets in force.
    opsets: &'m [Opset],
    /// The function whose body this is.
    function: Option<&'m Function>,
    /// The graphs around the one that is looked at, outermost first, with what each has defined so far.
    scopes: Vec<Scope<'m>>,
    /// What the specification says of the operators that were met.
    schemas: HashMap<&'m OpType, Option<&'static OpSchema>>,
    cx: &'m Context,
    done: u64,
}

/// One graph on the way, and which of its values are defined so far.
struct Scope<'m> {
    graph: &'m Graph,
    defined: Vec<bool>,
    /// The node that is looked at, or whose subgraph is.
    current: Option<NodeId>,
}

impl<'m> Scope<'m> {
    fn new(graph: &'m Graph) -> Self {
        Self { graph, defined: vec![false; graph.value_count()], current: None }
    }

    fn has(&self, id: ValueId) -> bool {
        self.defined.get(id.index()).copied().unwrap_or(false)
    }

    /// True if a subgraph can capture a value of that name now.
    fn offers(&self, name: &str) -> bool {
        self.graph.find(name).is_some_and(|id| self.has(id))
    }

    /// Marks a value as defined; false if it was.
    fn define(&mut self, id: ValueId) -> bool {
        self.defined.get_mut(id.index()).is_some_and(|defined| !std::mem::replace(defined, true))
    }
}

impl<'m> Checker<'m> {
    fn new(model: &'m Model, calls: &'m functions::Calls<'m>, function: Option<&'m Function>, cx: &'m Context) -> Self {
        let opsets = function.map_or(&*model.opsets, |function| &function.opsets);
        Self { model, calls, opsets, function, scopes: Vec::new(), schemas: HashMap::new(), cx, done: 0 }
    }

    fn function(&mut self, function: &'m Function) -> Result<()> {
        let named = || functions::label(function);
        opsets(&function.opsets)?;
        let mut attributes = HashSet::new();
        let declared = function.attribute_defaults.iter().map(|attribute| attribute.name.as_str());
        for name in function.attributes.iter().map(String::as_str).chain(declared) {
            if !attributes.insert(name) {
                return Err(CheckError::AttributeTwice { node: named(), attribute: name.to_owned() }.into());
            }
        }
        let mut scope = Scope::new(&function.body);
        for port in &function.body.inputs {
            if !scope.define(port.value) {
                let value = function.body.value(port.value).name.clone();
                return Err(CheckError::InputTwice { value }.into());
            }
        }
        self.scopes.push(scope);
        self.body(&function.body)?;
        self.outputs(&function.body)
    }

    /// A main graph, or a subgraph.
    fn graph(&mut self, graph: &'m Graph, is_main: bool) -> Result<()> {
        let limit = self.cx.limits().depth;
        if self.scopes.len() as u64 >= u64::from(limit) {
            return Err(CheckError::TooDeep { limit }.into());
        }
        let mut scope = Scope::new(graph);
        for port in &graph.inputs {
            let name = &graph.value(port.value).name;
            if name.is_empty() {
                return Err(CheckError::UnnamedPort { what: "input" }.into());
            }
            if !scope.define(port.value) {
                return Err(CheckError::InputTwice { value: name.clone() }.into());
            }
        }
        if is_main {
            for (what, port) in
                graph.inputs.iter().map(|port| ("input", port)).chain(graph.outputs.iter().map(|port| ("output", port)))
            {
                if !port.ty.as_ref().is_some_and(is_specified) {
                    let value = graph.value(port.value).name.clone();
                    return Err(CheckError::UntypedPort { what, value }.into());
                }
            }
        }
        self.initializers(graph, &mut scope)?;
        self.scopes.push(scope);
        self.body(graph)?;
        self.outputs(graph)?;
        self.scopes.pop();
        Ok(())
    }

    fn initializers(&self, graph: &Graph, scope: &mut Scope<'_>) -> Result<(), CheckError> {
        // Up to version 3 of the format a constant is the default of an input, and so has to be one.
        let among_inputs = self.model.provenance.ir_version.is_some_and(|version| version <= 3);
        let mut seen = vec![false; graph.value_count()];
        let dense = graph.initializers.iter().map(|initializer| initializer.value);
        for id in dense.chain(graph.sparse_initializers.iter().map(|initializer| initializer.value)) {
            let name = &graph.value(id).name;
            if name.is_empty() {
                return Err(CheckError::UnnamedPort { what: "initializer" });
            }
            if seen.get_mut(id.index()).is_none_or(|seen| std::mem::replace(seen, true)) {
                return Err(CheckError::InitializerTwice { value: name.clone() });
            }
            if scope.define(id) && among_inputs {
                return Err(CheckError::InitializerWithoutInput { value: name.clone() });
            }
        }
        Ok(())
    }

    /// The nodes, in order.
    fn body(&mut self, graph: &'m Graph) -> Result<()> {
        let total = graph.node_count() as u64;
        for (id, node) in graph.nodes() {
            self.cx.tick("check", self.done, total)?;
            self.done += 1;
            if let Some(scope) = self.scopes.last_mut() {
                scope.current = Some(id);
            }
            node.inputs.iter().flatten().try_for_each(|&input| self.read(graph, node, input))?;
            self.node(graph, node)?;
            for subgraph in node.subgraphs() {
                self.graph(subgraph, false).map_err(|error| error.with_item(node.label(graph)))?;
            }
            self.define(graph, node)?;
        }
        Ok(())
    }

    /// A value is read: it must be defined here or, captured by name, around here.
    fn read(&self, graph: &Graph, node: &Node, value: ValueId) -> Result<(), CheckError> {
        let Some((scope, outer)) = self.scopes.split_last() else { return Ok(()) };
        if scope.has(value) {
            return Ok(());
        }
        let name = &graph.value(value).name;
        if outer.iter().rev().any(|scope| scope.offers(name)) {
            return Ok(());
        }
        // Who computes it later decides between a cycle, a wrong order and a name that nothing defines.
        let later = self.scopes.iter().rev().find_map(|scope| {
            let (producer, _) = scope.graph.value(scope.graph.find(name)?).producer?;
            Some((scope.graph, scope.current?, producer))
        });
        let (node, value) = (node.label(graph), name.clone());
        Err(match later {
            None => CheckError::Undefined { node, value },
            Some((graph, reader, producer)) => match cycle::find(graph, reader, producer) {
                Some(path) => CheckError::Cycle { path },
                None => CheckError::NotSorted {
                    node,
                    value,
                    producer: graph.node(producer).map(|node| node.label(graph)).unwrap_or_default(),
                },
            },
        })
    }

    /// A node's outputs become values; each name once in this graph and those around it.
    fn define(&mut self, graph: &Graph, node: &Node) -> Result<(), CheckError> {
        let Some((scope, outer)) = self.scopes.split_last_mut() else { return Ok(()) };
        for &output in node.outputs.iter().flatten() {
            let name = &graph.value(output).name;
            if outer.iter().any(|scope| scope.offers(name)) || !scope.define(output) {
                return Err(CheckError::DefinedTwice { node: node.label(graph), value: name.clone() });
            }
        }
        Ok(())
    }

    fn outputs(&self, graph: &Graph) -> Result<()> {
        let Some((scope, outer)) = self.scopes.split_last() else { return Ok(()) };
        for port in &graph.outputs {
            let name = &graph.value(port.value).name;
            if name.is_empty() {
                return Err(CheckError::UnnamedPort { what: "output" }.into());
            }
            if scope.has(port.value) {
                continue;
            }
            let value = name.clone();
            return Err(if outer.iter().any(|scope| scope.offers(name)) {
                CheckError::CapturedOutput { value }.into()
            } else {
                CheckError::UndefinedOutput { value }.into()
            });
        }
        Ok(())
    }
}

/// True if a type says what it has to: the element type of a tensor, the elements of a list.
fn is_specified(ty: &Type) -> bool {
    match &ty.kind {
        TypeKind::Tensor { dtype, .. } | TypeKind::SparseTensor { dtype, .. } => dtype.is_some(),
        TypeKind::Sequence(inner) | TypeKind::Optional(inner) => inner.is_some(),
        TypeKind::Map { key, value } => key.is_some() && value.is_some(),
        TypeKind::Opaque { .. } => true,
        TypeKind::Unspecified => false,
    }
}
