//! The walk: every node of every graph over its boundaries.

use std::collections::{HashSet, VecDeque};

use crate::context::Context;
use crate::error::Result;
use crate::ir::{CheckError, Dim, Graph, Initializer, Model, Node, OpType, Opset, Shape, Type, ValueId};
use crate::opset::crossing::{Boundary, Crossing};
use crate::opset::facts::{self, Constants};
use crate::opset::step::{Outcome, Step};
use crate::opset::{Changed, Obstacle, OpsetError, OpsetReport, carry, supported};

/// Converts a model to version `target` of the standard operators, from [`OLDEST_OPSET`](super::OLDEST_OPSET) to the
/// newest that the [schemas](crate::ir::schema) know. Subgraphs and functions come along.
///
/// What is computed stays the same, and so do the names of all values; a node that has no equal in the other version
/// becomes several, or it is an obstacle. Other operator sets are left alone.
///
/// # Errors
/// [`OpsetError`]: `Unsupported` with every obstacle, or for a version beyond the newest; `InvalidArgument` for one below
/// the oldest; `Cancelled`. The model is then as it was.
pub fn convert_opset(model: &mut Model, target: u64, cx: &Context) -> Result<OpsetReport> {
    convert_domain(model, "", target, cx)
}

/// Converts a model to version `target` of one operator set: the standard operators' (`""`) or `ai.onnx.ml`.
///
/// # Errors
/// As [`convert_opset`]; `InvalidArgument` for an operator set that the model does not import, or that is neither.
#[tracing::instrument(name = "modelium.convert_opset", skip(model, cx))]
pub fn convert_domain(model: &mut Model, domain: &str, target: u64, cx: &Context) -> Result<OpsetReport> {
    let domain = if domain == "ai.onnx" { "" } else { domain };
    let not_imported = || OpsetError::NotImported { domain: domain.to_owned() };
    let from = model.opset(domain).ok_or_else(not_imported)?;
    let (oldest, newest) = supported(domain).ok_or_else(not_imported)?;
    let functions = model.functions.iter().filter_map(|function| imported(&function.opsets, domain));
    for found in functions.chain([from, target]) {
        if !(oldest..=newest).contains(&found) {
            return Err(OpsetError::OutOfRange { domain: domain.to_owned(), found, oldest, newest }.into());
        }
    }

    let mut types = facts::types(model, cx)?;
    let mut converted = model.clone();
    let mut walk = Walk {
        domain,
        target,
        defaults: model.provenance.ir_version.is_none_or(|version| version >= 4),
        in_function: false,
        constants: Constants::new(model),
        changed: Vec::new(),
        obstacles: Vec::new(),
        nodes: 0,
        cx,
    };
    give_types(&mut converted, &mut types);
    walk.graph(&mut converted.graph, from)?;
    reimport(&mut converted.opsets, domain, target);
    walk.in_function = true;
    for function in &mut converted.functions {
        if let Some(from) = imported(&function.opsets, domain) {
            walk.graph(&mut function.body, from)?;
            reimport(&mut function.opsets, domain, target);
        }
    }
    if !walk.obstacles.is_empty() {
        let (nodes, obstacles) = (walk.nodes, walk.obstacles);
        return Err(OpsetError::Inexpressible { target, nodes, obstacles }.into());
    }
    let report = OpsetReport { domain: domain.to_owned(), from, to: target, changed: walk.changed };
    tracing::debug!(changed = report.changed.len(), from, "converted");
    *model = converted;
    Ok(report)
}

fn imported(opsets: &[Opset], domain: &str) -> Option<u64> {
    let opset = opsets.iter().find(|opset| opset.domain() == domain)?;
    u64::try_from(opset.version?).ok()
}

fn reimport(opsets: &mut [Opset], domain: &str, target: u64) {
    for opset in opsets.iter_mut().filter(|opset| opset.domain() == domain) {
        opset.version = i64::try_from(target).ok();
    }
}

/// Lets every value know its inferred type, in the order of [`Model::graphs`].
fn give_types(model: &mut Model, types: &mut [Vec<Option<Type>>]) {
    let mut next = VecDeque::from([&mut model.graph]);
    next.extend(model.functions.iter_mut().map(|function| &mut function.body));
    let mut types = types.iter_mut();
    while let Some(graph) = next.pop_front() {
        let Some(found) = types.next() else { return };
        let ids: Vec<_> = graph.values().map(|(id, _)| id).collect();
        for (id, ty) in ids.into_iter().zip(found.drain(..)) {
            if ty.is_some() {
                graph.value_mut(id).ty = ty;
            }
        }
        next.extend(graph.subgraphs_mut());
    }
}

/// Drops constants that became attributes: `read` says which values somebody read before.
fn drop_unread(graph: &mut Graph, read: &[bool]) {
    let uses = graph.uses();
    let inputs: HashSet<_> = graph.inputs.iter().map(|port| port.value).collect();
    let gone = |value: ValueId| {
        let unread = uses.get(value.index()).is_some_and(Vec::is_empty);
        unread && read.get(value.index()).copied().unwrap_or(false) && !inputs.contains(&value)
    };
    let dead: HashSet<_> = graph
        .nodes()
        .filter(|(_, node)| node.op == OpType::Constant && node.outputs.iter().flatten().all(|&output| gone(output)))
        .map(|(id, _)| id)
        .collect();
    graph.initializers.retain(|initializer| !gone(initializer.value));
    if !dead.is_empty() {
        graph.remove_nodes(|id| dead.contains(&id));
    }
    graph.drop_stale_value_info();
}

/// Says the types of outputs that say none: a runtime that could infer them through the old nodes may not through the new.
fn type_outputs(graph: &mut Graph) {
    for index in 0..graph.outputs.len() {
        let Some(port) = graph.outputs.get(index).filter(|port| port.ty.is_none()) else { continue };
        let known = graph.value(port.value).ty.as_ref().and_then(|ty| Some((ty.dtype()?, ty.shape().cloned())));
        let Some((dtype, shape)) = known else { continue };
        // Names that inference made up mean nothing in a file.
        let dims = |shape: Shape| Shape::new(shape.dims.iter().map(|dim| dim.known().map_or(Dim::Unknown, Dim::Known)));
        let ty = Type::tensor(dtype, shape.map(dims));
        if let Some(port) = graph.outputs.get_mut(index) {
            port.ty = Some(ty);
        }
    }
}

/// Leaves of the values' types what is declared: another inference makes up the same names for other dimensions.
fn forget_inferred(graph: &mut Graph) {
    let ids: Vec<_> = graph.values().map(|(id, _)| id).collect();
    for id in ids {
        graph.value_mut(id).ty = None;
    }
    let ports = graph.inputs.iter().chain(&graph.outputs).chain(&graph.value_info);
    let mut declared: Vec<(ValueId, Type)> = ports.filter_map(|port| Some((port.value, port.ty.clone()?))).collect();
    declared.extend(graph.initializers.iter().map(|initializer| {
        let Initializer { value, tensor } = initializer;
        (*value, Type::tensor(tensor.dtype, Some(Shape::known(&tensor.dims))))
    }));
    for (value, ty) in declared {
        graph.value_mut(value).ty.get_or_insert(ty);
    }
}

/// One conversion on its way.
struct Walk<'a> {
    domain: &'a str,
    target: u64,
    /// An initializer that is an input too is a default, which a caller can override.
    defaults: bool,
    /// The body of a function, which has no initializers.
    in_function: bool,
    constants: Constants,
    changed: Vec<Changed>,
    obstacles: Vec<Obstacle>,
    nodes: usize,
    cx: &'a Context,
}

impl Walk<'_> {
    fn graph(&mut self, graph: &mut Graph, from: u64) -> Result<()> {
        let limit = self.cx.limits().depth;
        if self.constants.depth() as u64 > u64::from(limit) {
            return Err(CheckError::TooDeep { limit }.into());
        }
        self.constants.enter(graph, self.defaults);
        let read: Vec<bool> = graph.uses().iter().map(|uses| !uses.is_empty()).collect();
        let (nodes, before) = (graph.take_nodes(), self.changed.len());
        for mut node in nodes {
            self.nodes += 1;
            self.cx.tick("convert_opset", self.nodes as u64, 0)?;
            for attribute in &mut node.attributes {
                for inner in attribute.value.graphs_mut() {
                    self.graph(inner, from)?;
                }
            }
            self.node(graph, node, from);
        }
        self.constants.leave();
        drop_unread(graph, &read);
        if self.changed.len() > before && !self.in_function {
            type_outputs(graph);
        }
        forget_inferred(graph);
        Ok(())
    }

    /// Takes one node to the target, with all that it becomes on the way.
    fn node(&mut self, graph: &mut Graph, node: Node, from: u64) {
        let (label, op) = (node.label(graph), node.op.clone());
        let (mut into, mut touched) = (Vec::new(), false);
        let mut open = vec![(node, from)];
        while let Some((node, at)) = open.pop() {
            let boundary = Some(&node).filter(|node| node.op.domain() == self.domain);
            let Some(boundary) = boundary.and_then(|node| Boundary::next(&node.op, at, self.target)) else {
                into.push(node.op.to_string());
                graph.add_node(node);
                continue;
            };
            let before = node.clone();
            match self.cross(graph, node, &boundary) {
                Ok(written) => {
                    touched |= written.as_slice() != std::slice::from_ref(&before);
                    open.extend(written.into_iter().rev().map(|node| (node, boundary.to)));
                }
                Err(reason) => {
                    let op = before.op.to_string();
                    let since = boundary.near.since_version;
                    self.obstacles.push(Obstacle { node: label.clone(), op, since, reason });
                    graph.add_node(before);
                }
            }
        }
        if touched {
            self.changed.push(Changed { node: label, op: op.to_string(), into });
        }
    }

    fn cross(&mut self, graph: &mut Graph, node: Node, boundary: &Boundary) -> Result<Vec<Node>, String> {
        let Boundary { near, far, to } = *boundary;
        // A constant has a way of its own around types that it could not hold.
        if let Some(far) = far.filter(|_| node.op != OpType::Constant) {
            carry::misfit(&node, |value| graph.value(value).ty.clone(), near, far)?;
        }
        let initializers = self.defaults && !self.in_function;
        let mut step = Step::new(node, to, initializers, graph, &mut self.constants);
        let outcome: Outcome = match boundary.crossing() {
            Some(Crossing::By(adapter)) => adapter(&mut step),
            Some(Crossing::Never(reason)) => Err(reason.to_owned()),
            Some(Crossing::Carried) => match far {
                Some(far) => carry::carry(&mut step, near, far),
                None => step.keep(),
            },
            None => Err("no adapter is known".to_owned()),
        };
        outcome.map(|()| step.into_written())
    }
}
