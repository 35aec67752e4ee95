//! Types of values against what operators take and give, beyond what inference says of itself.

use std::collections::{HashMap, HashSet};

use crate::context::Context;
use crate::error::Result;
use crate::ir::attribute::AttributeValue;
use crate::ir::check::demands;
use crate::ir::check::error::CheckError;
use crate::ir::graph::{Graph, Model, Node, NodeId, Opset, ValueId};
use crate::ir::infer::{Inferred, Scope};
use crate::ir::schema::{Formal, OpSchema, schema};
use crate::ir::spelling::type_string;
use crate::ir::types::{Dim, Type, TypeKind};
use crate::tensor::Tensor;

/// Goes through every graph that inference went through.
pub(super) fn check(model: &Model, inferred: &Inferred<'_>, cx: &Context) -> Result<()> {
    let bodies: HashMap<*const Graph, &[Opset]> = model
        .functions
        .iter()
        .map(|function| (std::ptr::from_ref(&function.body), function.opsets.as_slice()))
        .collect();
    let mut open = vec![(inferred.root(), model.opsets.as_slice())];
    while let Some((scope, opsets)) = open.pop() {
        let graph = scope.graph();
        let constants = constants(graph);
        let sparse: HashSet<_> = graph.sparse_initializers.iter().map(|initializer| initializer.value).collect();
        twice(graph)?;
        for (id, node) in graph.nodes() {
            cx.tick("check", 0, 0)?;
            let opset = opsets.iter().find(|opset| opset.domain() == node.op.domain());
            let opset = opset.and_then(|opset| u64::try_from(opset.version?).ok()).unwrap_or_default();
            let seen = Seen { scope, id, node, opset, constants: &constants };
            let fault = |message| CheckError::Unfit { node: node.label(graph), message };
            if let Some(schema) = schema(&node.op, opset) {
                seen.types(schema, &sparse).map_err(fault)?;
            }
            demands::check(&seen).map_err(fault)?;
            for (inner, _) in scope.inner(id) {
                let body = bodies.get(&std::ptr::from_ref(inner.graph())).copied();
                open.push((inner, body.unwrap_or(opsets)));
            }
        }
    }
    Ok(())
}

/// What is written into a graph: initializers, whether or not a caller may override them, and constants.
fn constants(graph: &Graph) -> HashMap<ValueId, &Tensor> {
    let initializers = graph.initializers.iter().map(|initializer| (initializer.value, &initializer.tensor));
    let mut constants: HashMap<_, _> = initializers.collect();
    for (_, node) in graph.nodes().filter(|(_, node)| node.op == crate::ir::OpType::Constant) {
        if let (Some(output), Some(AttributeValue::Tensor(tensor))) = (node.output(0), node.attribute("value")) {
            constants.insert(output, tensor);
        }
    }
    constants
}

/// A value whose type is noted twice, differently.
fn twice(graph: &Graph) -> Result<(), CheckError> {
    let mut noted: HashMap<ValueId, &Type> = HashMap::new();
    for port in &graph.value_info {
        let Some(ty) = &port.ty else { continue };
        if let Some(first) = noted.insert(port.value, ty)
            && contradict(first, ty)
        {
            let value = graph.value(port.value).name.clone();
            let (first, second) = (first.to_string(), ty.to_string());
            return Err(CheckError::NotedTwice { value, first, second });
        }
    }
    Ok(())
}

fn contradict(a: &Type, b: &Type) -> bool {
    if let (Some(a), Some(b)) = (a.shape(), b.shape()) {
        let differ = |(a, b): (&Dim, &Dim)| a.known().zip(b.known()).is_some_and(|(a, b)| a != b);
        if a.dims.len() != b.dims.len() || a.dims.iter().zip(&b.dims).any(differ) {
            return true;
        }
    }
    type_string(a).zip(type_string(b)).is_some_and(|(a, b)| a != b)
}

/// A node with what is known around it.
pub(super) struct Seen<'s, 'm> {
    pub(super) scope: Scope<'s, 'm>,
    pub(super) id: NodeId,
    pub(super) node: &'m Node,
    pub(super) opset: u64,
    constants: &'s HashMap<ValueId, &'m Tensor>,
}

impl<'m> Seen<'_, 'm> {
    /// What no rule of inference looks at: results, and inputs that are no dense tensors.
    fn types(&self, schema: &OpSchema, sparse: &HashSet<ValueId>) -> Result<(), String> {
        for (index, value) in self.node.inputs.iter().enumerate() {
            let (Some(value), Some(formal)) = (*value, schema.input(index)) else { continue };
            let Some(ty) = self.scope.ty(value).and_then(type_string) else { continue };
            let ty = if sparse.contains(&value) { format!("sparse_{ty}") } else { ty };
            if !allows(schema, formal, &ty) {
                return Err(format!(
                    "input {index} ('{}') is {ty}, which '{}' does not take",
                    formal.name, self.node.op
                ));
            }
        }
        for (index, value) in self.node.outputs.iter().enumerate() {
            let (Some(value), Some(formal)) = (*value, schema.output(index)) else { continue };
            let Some(ty) = self.scope.ty(value).and_then(type_string) else { continue };
            if !allows(schema, formal, &ty) {
                return Err(format!(
                    "output {index} ('{}') is {ty}, which '{}' does not give",
                    formal.name, self.node.op
                ));
            }
        }
        Ok(())
    }

    /// The dimensions of an input, if its rank is known.
    pub(super) fn dims(&self, input: usize) -> Option<&[Dim]> {
        Some(&self.scope.input(self.node, input)?.shape()?.dims)
    }

    /// A dimension of an input, if it is a number.
    pub(super) fn dim(&self, input: usize, axis: usize) -> Option<u64> {
        self.dims(input)?.get(axis)?.known()
    }

    /// The constant at an input.
    pub(super) fn constant(&self, input: usize) -> Option<&'m Tensor> {
        self.constants.get(&self.node.input(input)?).copied()
    }

    /// The integers of a constant, if they are few.
    pub(super) fn ints_at(&self, input: usize) -> Option<Vec<i64>> {
        self.constant(input).filter(|tensor| tensor.elements().is_some_and(|count| count <= 4096))?.to_i64s()
    }

    /// True if an input is given, and not as a constant without elements.
    pub(super) fn has(&self, input: usize) -> bool {
        self.node.input(input).is_some() && self.constant(input).is_none_or(|tensor| tensor.elements() != Some(0))
    }

    /// An integer attribute, or what the specification says in its place.
    pub(super) fn int(&self, name: &str) -> Option<i64> {
        match self.scope.attribute(self.node, name) {
            Some(AttributeValue::Int(value)) => Some(*value),
            _ => None,
        }
    }
}

/// True if a formal takes a type. Maps are spelt in several ways, and left to inference.
fn allows(schema: &OpSchema, formal: &Formal, ty: &str) -> bool {
    match schema.type_constraint(formal.ty) {
        Some(constraint) => {
            let allowed = constraint.allowed;
            allowed.contains(&ty) || ty.contains("map(") && allowed.iter().any(|allowed| allowed.contains("map("))
        }
        None => formal.ty == ty || ty.contains("map(") && formal.ty.contains("map("),
    }
}

/// True for a dense tensor of that element type, or one that does not say it.
pub(super) fn may_be(ty: Option<&Type>, dtype: crate::tensor::DType) -> bool {
    match ty.map(|ty| &ty.kind) {
        Some(TypeKind::Tensor { dtype: found, .. }) => found.is_none_or(|found| found == dtype),
        Some(TypeKind::Unspecified) | None => true,
        Some(_) => false,
    }
}
