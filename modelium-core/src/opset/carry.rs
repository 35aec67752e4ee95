//! Nodes that need no adapter: what the two schemas of an operator say is enough.

use crate::ir::schema::{Arity, AttributeSchema, DefaultValue, Formal, OpSchema};
use crate::ir::spelling::type_string;
use crate::ir::{AttributeValue, Node, Type};
use crate::opset::step::{Outcome, Step};

/// True if a node that uses only what both versions have means the same in both, by the look of the schemas.
///
/// Attributes and values that one side alone has are no matter: a node that uses them is refused by [`carry`].
pub(super) fn is_like(near: &OpSchema, far: &OpSchema) -> bool {
    let attributes = near.attributes.iter().all(|mine| match far.attribute(mine.name) {
        Some(theirs) => {
            mine.kind == theirs.kind && mine.default == theirs.default && (mine.required || !theirs.required)
        }
        None => !mine.required,
    });
    let demanded = far.attributes.iter().all(|theirs| !theirs.required || near.attribute(theirs.name).is_some());
    let values = |near: &[Formal], far: &[Formal]| near.iter().zip(far).all(|(near, far)| near.arity == far.arity);
    attributes
        && demanded
        && values(near.inputs, far.inputs)
        && values(near.outputs, far.outputs)
        && near.min_inputs >= far.min_inputs
        && near.min_outputs >= far.min_outputs
}

/// Takes a node over as it is.
pub(super) fn carry(step: &mut Step<'_>, near: &OpSchema, far: &OpSchema) -> Outcome {
    attributes(step, near, far)?;
    count("input", &mut step.node.inputs, far.inputs, far.max_inputs, far.min_inputs)?;
    count("output", &mut step.node.outputs, far.outputs, far.max_outputs, far.min_outputs)?;
    step.keep()
}

/// Drops what says nothing, refuses what the other side cannot say.
fn attributes(step: &mut Step<'_>, near: &OpSchema, far: &OpSchema) -> Outcome {
    let mut dropped = Vec::new();
    for attribute in &step.node.attributes {
        if far.attribute(&attribute.name).is_some() || attribute.name.starts_with("__") {
            continue;
        }
        let Some(schema) = near.attribute(&attribute.name) else { continue };
        if !is_neutral(schema, &attribute.value) {
            return Err(format!("attribute '{}' is not known there", attribute.name));
        }
        dropped.push(attribute.name.clone());
    }
    for name in &dropped {
        step.drop(name);
    }
    Ok(())
}

/// True if an attribute could as well be left out.
fn is_neutral(schema: &AttributeSchema, value: &AttributeValue) -> bool {
    match (schema.default, value) {
        (Some(DefaultValue::Int(default)), AttributeValue::Int(value)) => default == *value,
        #[expect(clippy::float_cmp, reason = "a default is spelt, not computed")]
        (Some(DefaultValue::Float(default)), AttributeValue::Float(value)) => default == *value,
        (Some(DefaultValue::Str(default)), AttributeValue::String(value)) => default.as_bytes() == &**value,
        (Some(DefaultValue::Ints(default)), AttributeValue::Ints(value)) => default == value.as_slice(),
        // Dilations of one have no default in the schemas, which leave it to prose.
        (None, AttributeValue::Ints(value)) => schema.name == "dilations" && value.iter().all(|&value| value == 1),
        _ => false,
    }
}

/// A list of values as long as the other side has it, once what is left out at its end is cut.
fn count<T>(what: &str, values: &mut Vec<Option<T>>, formals: &[Formal], most: u16, least: u16) -> Outcome {
    if most != u16::MAX {
        while values.len() > usize::from(most) && values.last().is_some_and(Option::is_none) {
            values.pop();
        }
        if values.len() > usize::from(most) {
            return Err(format!("{what} {most} is not known there"));
        }
    }
    let needed = formals.iter().enumerate().filter(|(_, formal)| formal.arity == Arity::Single);
    for (index, formal) in needed {
        if values.get(index).is_none_or(Option::is_none) {
            return Err(format!("{what} '{}' is needed there", formal.name));
        }
    }
    if values.len() < usize::from(least) {
        return Err(format!("{least} {what}s are needed there"));
    }
    Ok(())
}

/// Says which element type of a node the other side does not take.
///
/// Values are compared by the names that the two schemas give them; a type that is not known is taken to fit.
pub(super) fn misfit(
    node: &Node,
    ty: impl Fn(crate::ir::ValueId) -> Option<Type>,
    near: &OpSchema,
    far: &OpSchema,
) -> Outcome {
    let places = node.inputs.iter().enumerate().map(|(index, value)| (near.input(index), far.inputs, value));
    let outputs = node.outputs.iter().enumerate().map(|(index, value)| (near.output(index), far.outputs, value));
    for (formal, others, value) in places.chain(outputs) {
        let (Some(formal), Some(ty)) = (formal, value.and_then(&ty)) else { continue };
        let Some(other) = others.iter().find(|other| other.name == formal.name) else { continue };
        let Some(name) = type_string(&ty) else { continue };
        let fits = match far.type_constraint(other.ty) {
            Some(constraint) => constraint.allowed.binary_search(&name.as_str()).is_ok(),
            None => other.ty == name,
        };
        if !fits {
            return Err(format!("'{}' cannot be {name} there", formal.name));
        }
    }
    Ok(())
}
