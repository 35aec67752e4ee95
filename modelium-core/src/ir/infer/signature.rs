//! What the specification says of an operator's element types, made ready for many nodes of one operator.

use crate::ir::graph::Node;
use crate::ir::infer::call::Rule;
use crate::ir::infer::engine::Engine;
use crate::ir::infer::{dtype, rule};
use crate::ir::schema::{Formal, OpSchema, OpType, schema};
use crate::tensor::DType;

/// The most type variables that an operator has, and a few more.
const MOST_VARIABLES: usize = 16;

/// One version of an operator as inference needs it.
pub(super) struct Signature {
    /// What says the outputs; `None` for what has a body of its own, or is not known.
    pub(super) rule: Option<Rule>,
    inputs: Vec<Input>,
    outputs: Vec<Output>,
    /// The last of the inputs, of the outputs, stands for all behind it.
    variadic: [bool; 2],
}

struct Input {
    /// The element types it can have, by their [`bit`].
    allowed: u32,
    /// The type variable that it shares with others.
    variable: Option<usize>,
    name: &'static str,
}

enum Output {
    /// Always of that type.
    Fixed(DType),
    /// Of the type that the inputs of a type variable have.
    Like(usize),
    /// The specification does not tell.
    Open,
}

/// The place of an element type in a set of them.
fn bit(dtype: DType) -> u32 {
    1 << (dtype as u32)
}

impl Signature {
    /// That of an operator in a version of its set.
    pub(super) fn of(op: &OpType, opset: u64) -> Self {
        let rule = rule(op);
        let Some(schema) = schema(op, opset) else {
            return Self { rule, inputs: Vec::new(), outputs: Vec::new(), variadic: [false; 2] };
        };
        let inputs = schema.inputs.iter().map(|formal| Input::of(schema, formal)).collect();
        let outputs = schema.outputs.iter().map(|formal| Output::of(schema, formal)).collect();
        let repeats = |formals: &[Formal]| formals.last().is_some_and(Formal::is_variadic);
        Self { rule, inputs, outputs, variadic: [repeats(schema.inputs), repeats(schema.outputs)] }
    }

    fn input(&self, index: usize) -> Option<&Input> {
        self.inputs.get(index).or_else(|| self.inputs.last().filter(|_| self.variadic[0]))
    }

    fn output(&self, index: usize) -> Option<&Output> {
        self.outputs.get(index).or_else(|| self.outputs.last().filter(|_| self.variadic[1]))
    }

    /// What is wrong with the element types of a node's inputs.
    pub(super) fn misfit(&self, engine: &Engine<'_>, node: &Node) -> Option<String> {
        let mut bound: [Option<(&str, DType)>; MOST_VARIABLES] = [None; MOST_VARIABLES];
        for (index, input) in node.inputs.iter().enumerate() {
            let Some(dtype) = input.and_then(|input| engine.fact(input)?.ty.as_ref()?.dtype()) else { continue };
            let Some(formal) = self.input(index) else { break };
            if formal.allowed & bit(dtype) == 0 {
                let name = formal.name;
                return Some(format!("input {index} ('{name}') is {dtype}, which '{}' does not take", node.op));
            }
            let Some(slot) = formal.variable.and_then(|variable| bound.get_mut(variable)) else { continue };
            match *slot {
                None => *slot = Some((formal.name, dtype)),
                Some((first, other)) if other != dtype => {
                    let (second, op) = (formal.name, &node.op);
                    return Some(format!("'{first}' is {other} and '{second}' {dtype}, but '{op}' wants one type"));
                }
                Some(_) => {}
            }
        }
        None
    }

    /// The element type of a node's output.
    pub(super) fn dtype(&self, engine: &Engine<'_>, node: &Node, output: usize) -> Option<DType> {
        let wanted = match self.output(output)? {
            Output::Fixed(dtype) => return Some(*dtype),
            Output::Like(variable) => Some(*variable),
            Output::Open => return None,
        };
        node.inputs.iter().enumerate().find_map(|(index, input)| {
            self.input(index).filter(|other| other.variable == wanted)?;
            engine.fact((*input)?)?.ty.as_ref()?.dtype()
        })
    }
}

impl Input {
    fn of(schema: &'static OpSchema, formal: &'static Formal) -> Self {
        let variable = variable(schema, formal);
        let set = |names: &[&str]| {
            names.iter().filter_map(|name| dtype::from_type_string(name)).fold(0, |set, dtype| set | bit(dtype))
        };
        let allowed = match variable.and_then(|variable| schema.type_constraints.get(variable)) {
            Some(constraint) => set(constraint.allowed),
            None => set(&[formal.ty]),
        };
        Self { allowed, variable: variable.filter(|_| formal.homogeneous), name: formal.name }
    }
}

impl Output {
    fn of(schema: &'static OpSchema, formal: &'static Formal) -> Self {
        let fixed = |name| dtype::from_type_string(name).map_or(Self::Open, Self::Fixed);
        let Some(variable) = variable(schema, formal) else { return fixed(formal.ty) };
        match schema.type_constraints.get(variable).map(|constraint| constraint.allowed) {
            Some([only]) => fixed(only),
            _ if formal.homogeneous => Self::Like(variable),
            _ => Self::Open,
        }
    }
}

/// The type variable of a formal, by its place in the schema.
fn variable(schema: &'static OpSchema, formal: &'static Formal) -> Option<usize> {
    schema.type_constraints.iter().position(|constraint| constraint.name == formal.ty)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::schema::schemas;

    #[test]
    fn every_operator_fits() {
        for schema in schemas() {
            assert!(schema.type_constraints.len() <= MOST_VARIABLES, "{}", schema.op);
        }
        assert!((DType::String as u32) < u32::BITS);
    }
}
