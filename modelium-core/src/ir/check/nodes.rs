//! One node against the facts of its operator.

use std::collections::HashSet;

use crate::error::Result;
use crate::ir::attribute::{Attribute, AttributeValue};
use crate::ir::check::error::CheckError;
use crate::ir::check::{Checker, functions};
use crate::ir::graph::{Graph, Node, ValueId};
use crate::ir::schema::{Arity, Formal, OpSchema, OpType, schema, schemas};

/// Operators from before version 1 of the specification that runtimes still know and the official checker lets pass.
const EXPERIMENTAL: [&str; 11] = [
    "ATen",
    "Affine",
    "ConstantFill",
    "Crop",
    "DynamicSlice",
    "GRUUnit",
    "GivenTensorFill",
    "ImageScaler",
    "ParametricSoftplus",
    "Scale",
    "ScaledTanh",
];

/// Domains whose every operator the table holds. Those of previews change between releases.
const CLOSED: [&str; 2] = ["", "ai.onnx.ml"];

impl<'m> Checker<'m> {
    /// Operator, arity and attributes.
    pub(super) fn node(&mut self, graph: &Graph, node: &'m Node) -> Result<()> {
        let label = || node.label(graph);
        if node.op.name().is_empty() {
            return Err(CheckError::NoOperator { node: label() }.into());
        }
        if node.inputs.is_empty() && node.outputs.is_empty() {
            return Err(CheckError::NoEdges { node: label() }.into());
        }
        let domain = node.op.domain();
        let is_other = matches!(node.op, OpType::Other(_));
        if is_other && domain.is_empty() && EXPERIMENTAL.contains(&node.op.name()) {
            return Ok(());
        }
        let Some(opset) = functions::imported(self.opsets, domain) else {
            return Err(CheckError::UnimportedDomain { node: label(), domain: domain.to_owned() }.into());
        };
        self.attributes(graph, node)?;
        if let Some(function) = self.function {
            functions::same_operator(function, self.model, node)?;
        }
        // of one operator there are many nodes
        if let Some(schema) = *self.schemas.entry(&node.op).or_insert_with(|| schema(&node.op, opset)) {
            return Ok(against_schema(graph, node, schema)?);
        }
        if CLOSED.contains(&domain) {
            let since = schemas().find(|row| row.op == node.op).map(|row| row.since_version);
            return Err(CheckError::UnknownOperator { node: label(), op: node.op.to_string(), opset, since }.into());
        }
        if let Some(function) = self.calls.target(node).and_then(|index| self.model.functions.get(index)) {
            arity(graph, node, "inputs", node.inputs.len(), 0, function.body.inputs.len())?;
            arity(graph, node, "outputs", node.outputs.len(), 0, function.body.outputs.len())?;
        } else if self.calls.has_other_overload(node) {
            let overload = node.overload.clone().unwrap_or_default();
            return Err(CheckError::UnknownOverload { node: label(), function: node.op.to_string(), overload }.into());
        }
        Ok(())
    }

    /// Each name once; references only where there is something to refer to.
    fn attributes(&self, graph: &Graph, node: &Node) -> Result<(), CheckError> {
        if let Some(attribute) = repeated(&node.attributes) {
            return Err(CheckError::AttributeTwice { node: node.label(graph), attribute: attribute.to_owned() });
        }
        for Attribute { name, value, .. } in &node.attributes {
            if name.is_empty() {
                return Err(CheckError::UnnamedAttribute { node: node.label(graph) });
            }
            let AttributeValue::Reference { attribute: target, .. } = value else { continue };
            let (node, attribute, target) = (|| node.label(graph), name.clone(), target.clone());
            let Some(function) = self.function else {
                return Err(CheckError::ReferenceOutside { node: node(), attribute, target });
            };
            let declared = function.attributes.contains(&target)
                || function.attribute_defaults.iter().any(|default| default.name == target);
            if !declared {
                return Err(CheckError::UndeclaredReference { node: node(), attribute, target });
            }
        }
        Ok(())
    }
}

/// The first name that occurs twice. Most nodes have a handful of attributes, a hostile one a million.
fn repeated(attributes: &[Attribute]) -> Option<&str> {
    let mut names = attributes.iter().map(|attribute| attribute.name.as_str());
    if attributes.len() <= 16 {
        let at = |&(index, name): &(usize, &str)| attributes.iter().take(index).any(|before| before.name == name);
        return names.enumerate().find(at).map(|(_, name)| name);
    }
    let mut seen = HashSet::with_capacity(attributes.len());
    names.find(|name| !seen.insert(*name))
}

fn against_schema(graph: &Graph, node: &Node, schema: &'static OpSchema) -> Result<(), CheckError> {
    let op = || node.op.to_string();
    if schema.deprecated {
        return Err(CheckError::WithdrawnOperator { node: node.label(graph), op: op(), since: schema.since_version });
    }
    arity(graph, node, "inputs", node.inputs.len(), schema.min_inputs.into(), schema.max_inputs.into())?;
    arity(graph, node, "outputs", node.outputs.len(), schema.min_outputs.into(), schema.max_outputs.into())?;
    let missing = left_out(&node.inputs, |index| schema.input(index)).map(|found| ("input", found));
    let missing = missing.or_else(|| left_out(&node.outputs, |index| schema.output(index)).map(|it| ("output", it)));
    if let Some((what, (index, formal))) = missing {
        return Err(CheckError::LeftOut { node: node.label(graph), op: op(), what, index, formal });
    }
    for Attribute { name, value, .. } in &node.attributes {
        let Some(expected) = schema.attribute(name) else {
            if name.starts_with("__") {
                continue; // internal to a runtime; the official checker lets it pass too
            }
            return Err(CheckError::UnknownAttribute { node: node.label(graph), op: op(), attribute: name.clone() });
        };
        if let Some(found) = value.kind()
            && found != expected.kind
        {
            let (node, attribute, expected) = (node.label(graph), name.clone(), expected.kind);
            return Err(CheckError::AttributeKind { node, attribute, found, expected });
        }
    }
    let mut required = schema.attributes.iter().filter(|attribute| attribute.required);
    if let Some(absent) = required.find(|attribute| node.attribute(attribute.name).is_none()) {
        return Err(CheckError::MissingAttribute { node: node.label(graph), op: op(), attribute: absent.name });
    }
    Ok(())
}

fn arity(
    graph: &Graph,
    node: &Node,
    what: &'static str,
    found: usize,
    min: usize,
    max: usize,
) -> Result<(), CheckError> {
    let unbounded = max == usize::from(u16::MAX);
    if found >= min && (unbounded || found <= max) {
        return Ok(());
    }
    let clamp = |bound| u16::try_from(bound).unwrap_or(u16::MAX);
    Err(CheckError::Arity { node: node.label(graph), what, found, min: clamp(min), max: clamp(max) })
}

/// The first value that is left out where it must not be.
fn left_out(
    values: &[Option<ValueId>],
    formal: impl Fn(usize) -> Option<&'static Formal>,
) -> Option<(usize, &'static str)> {
    values.iter().enumerate().filter(|(_, value)| value.is_none()).find_map(|(index, _)| {
        let formal = formal(index)?;
        (formal.arity == Arity::Single).then_some((index, formal.name))
    })
}
