//! Functions: each defined once, none calling itself, and none that means another operator than the model does.

use std::collections::HashMap;

use crate::context::Context;
use crate::error::Result;
use crate::ir::check::error::CheckError;
use crate::ir::graph::{Function, Graph, Model, Node, Opset};
use crate::ir::schema::{newest_opset, schema};

/// Which function a node calls.
pub(super) struct Calls<'m> {
    by_name: HashMap<(&'m str, &'m str, &'m str), usize>,
    /// One function of that domain and name, whichever overload.
    any: HashMap<(&'m str, &'m str), usize>,
}

impl<'m> Calls<'m> {
    pub(super) fn new(model: &'m Model, cx: &Context) -> Result<Self> {
        let mut calls = Self { by_name: HashMap::new(), any: HashMap::new() };
        for (index, function) in model.functions.iter().enumerate() {
            if function.name.is_empty() {
                return Err(CheckError::UnnamedFunction.into());
            }
            let (domain, name) = (domain(function), function.name.as_str());
            if calls.by_name.insert((domain, name, overload(function.overload.as_deref())), index).is_some() {
                return Err(CheckError::FunctionTwice { function: label(function) }.into());
            }
            calls.any.insert((domain, name), index);
        }
        calls.refuse_recursion(model, cx)?;
        Ok(calls)
    }

    /// The function that a node calls; `None` for an operator that the model does not define.
    pub(super) fn target(&self, node: &Node) -> Option<usize> {
        self.by_name.get(&(node.op.domain(), node.op.name(), overload(node.overload.as_deref()))).copied()
    }

    /// True if the model defines that operator under another overload than the node asks for.
    pub(super) fn has_other_overload(&self, node: &Node) -> bool {
        self.any.contains_key(&(node.op.domain(), node.op.name())) && self.target(node).is_none()
    }

    /// Walks the calls from each function, depth first, without recursion of our own.
    fn refuse_recursion(&self, model: &'m Model, cx: &Context) -> Result<()> {
        #[derive(Clone, Copy, PartialEq)]
        enum State {
            New,
            Open,
            Done,
        }
        let mut callees = Vec::with_capacity(model.functions.len());
        for function in &model.functions {
            cx.tick("check", 0, 0)?;
            callees.push(self.callees(&function.body));
        }
        let mut states = vec![State::New; callees.len()];
        for start in 0..callees.len() {
            let mut path = vec![(start, 0)];
            while let Some((function, next)) = path.last_mut() {
                let function = *function;
                states[function] = State::Open;
                let Some(&callee) = callees[function].get(*next) else {
                    states[function] = State::Done;
                    path.pop();
                    continue;
                };
                *next += 1;
                match states[callee] {
                    State::Done => {}
                    State::New => path.push((callee, 0)),
                    State::Open => {
                        let circle = path.iter().map(|&(index, _)| index).skip_while(|&index| index != callee);
                        let names: Vec<_> =
                            circle.chain([callee]).map(|index| label(&model.functions[index])).collect();
                        return Err(CheckError::Recursion { path: names.join(" → ") }.into());
                    }
                }
            }
        }
        Ok(())
    }

    fn callees(&self, body: &Graph) -> Vec<usize> {
        let mut found = Vec::new();
        let mut graphs = vec![body];
        while let Some(graph) = graphs.pop() {
            for (_, node) in graph.nodes() {
                // An operator of the specification is that operator, whatever the model says of it.
                if newest_opset(node.op.domain()).is_none() {
                    found.extend(self.target(node));
                }
                graphs.extend(node.subgraphs());
            }
        }
        found
    }
}

/// The domain with its spellings unified.
pub(super) fn domain(function: &Function) -> &str {
    match function.domain.as_deref() {
        None | Some("ai.onnx") => "",
        Some(domain) => domain,
    }
}

fn overload(overload: Option<&str>) -> &str {
    overload.unwrap_or_default()
}

/// `domain::name`, and the overload if it has one.
pub(super) fn label(function: &Function) -> String {
    let overload = function.overload.as_deref().filter(|overload| !overload.is_empty());
    let overload = overload.map(|overload| format!(":{overload}")).unwrap_or_default();
    format!("{}::{}{overload}", domain(function), function.name)
}

/// The version of `domain` among `opsets`.
pub(super) fn imported(opsets: &[Opset], domain: &str) -> Option<u64> {
    let opset = opsets.iter().find(|opset| opset.domain() == domain)?;
    u64::try_from(opset.version?).ok()
}

/// A node of a function means the same operator as in the model around it.
pub(super) fn same_operator(function: &Function, model: &Model, node: &Node) -> Result<(), CheckError> {
    let domain = node.op.domain();
    let (Some(inside), Some(outside)) = (imported(&function.opsets, domain), imported(&model.opsets, domain)) else {
        return Ok(());
    };
    let since = |opset| schema(&node.op, opset).map(|schema| schema.since_version);
    if inside == outside || since(inside) == since(outside) {
        return Ok(());
    }
    Err(CheckError::FunctionOpset { function: label(function), op: node.op.to_string(), inside, outside })
}
