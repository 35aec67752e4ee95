//! The walk: every node of every graph over its boundaries.

use std::collections::{HashSet, VecDeque};

use crate::context::Context;
use crate::error::Result;
use crate::ir::{Graph, Model, Node, OpType, Opset, Type, ValueId};
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
        constants: Constants::new(model),
        changed: Vec::new(),
        obstacles: Vec::new(),
        nodes: 0,
        cx,
    };
    give_types(&mut converted, &mut types);
    walk.graph(&mut converted.graph, from)?;
    reimport(&mut converted.opsets, domain, target);
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

/// One conversion on its way.
struct Walk<'a> {
    domain: &'a str,
    target: u64,
    /// An initializer that is an input too is a default, which a caller can override.
    defaults: bool,
    constants: Constants,
    changed: Vec<Changed>,
    obstacles: Vec<Obstacle>,
    nodes: usize,
    cx: &'a Context,
}

impl Walk<'_> {
    fn graph(&mut self, graph: &mut Graph, from: u64) -> Result<()> {
        self.constants.enter(graph, self.defaults);
        let read: Vec<bool> = graph.uses().iter().map(|uses| !uses.is_empty()).collect();
        let nodes = graph.take_nodes();
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
                    self.obstacles.push(Obstacle { node: label.clone(), op, at, reason });
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
        if let Some(far) = far {
            carry::misfit(&node, |value| graph.value(value).ty.clone(), near, far)?;
        }
        let mut step = Step::new(node, to, graph, &mut self.constants);
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
