//! What single operators demand of ranks, values and attributes.

use crate::ir::attribute::AttributeValue;
use crate::ir::check::typed::{Seen, may_be};
use crate::ir::graph::Graph;
use crate::ir::schema::OpType;
use crate::ir::spelling;
use crate::ir::types::{Dim, Type};
use crate::tensor::DType;

/// Says what does not fit a node, if anything.
pub(super) fn check(seen: &Seen<'_, '_>) -> Result<(), String> {
    match seen.node.op {
        OpType::Softmax | OpType::LogSoftmax | OpType::Hardmax => axis_in_rank(seen),
        OpType::BatchNormalization => channels(seen),
        OpType::Cast => element_type(seen, "to"),
        OpType::EyeLike => rank_is(seen, 2).and_then(|()| element_type(seen, "dtype")),
        OpType::RandomNormal
        | OpType::RandomUniform
        | OpType::RandomNormalLike
        | OpType::RandomUniformLike
        | OpType::Multinomial
        | OpType::Bernoulli => element_type(seen, "dtype"),
        OpType::Constant => one_value(seen),
        OpType::ConstantOfShape => not_negative(seen, 0),
        OpType::Det => square(seen),
        OpType::Einsum => letters(seen),
        OpType::Expand => not_negative(seen, 1),
        OpType::If => branches(seen),
        OpType::Loop => carried(seen),
        OpType::OneHot => pair(seen),
        OpType::Reshape => target(seen),
        OpType::Resize => one_size(seen),
        OpType::Slice => bounds(seen),
        OpType::Split => pieces(seen),
        OpType::TopK => most(seen),
        OpType::Trilu => rank_at_least(seen, 2),
        _ => Ok(()),
    }
}

fn axis_in_rank(seen: &Seen<'_, '_>) -> Result<(), String> {
    let (Some(axis), Some(dims)) = (seen.int("axis"), seen.dims(0)) else { return Ok(()) };
    let rank = i64::try_from(dims.len()).unwrap_or(i64::MAX);
    if (-rank..rank).contains(&axis) { Ok(()) } else { Err(format!("axis {axis} of a tensor of rank {rank}")) }
}

fn rank_is(seen: &Seen<'_, '_>, rank: usize) -> Result<(), String> {
    match seen.dims(0) {
        Some(dims) if dims.len() != rank => Err(format!("found a tensor of rank {}, expected {rank}", dims.len())),
        _ => Ok(()),
    }
}

fn rank_at_least(seen: &Seen<'_, '_>, rank: usize) -> Result<(), String> {
    match seen.dims(0) {
        Some(dims) if dims.len() < rank => {
            Err(format!("found a tensor of rank {}, expected {rank} or more", dims.len()))
        }
        _ => Ok(()),
    }
}

/// Scale, bias, mean and variance have one element for each channel.
fn channels(seen: &Seen<'_, '_>) -> Result<(), String> {
    for input in 1..5 {
        let Some(dims) = seen.dims(input) else { continue };
        if dims.len() != 1 {
            return Err(format!("input {input} has rank {}, expected 1", dims.len()));
        }
        if let (Some(found), Some(channels)) = (seen.dim(input, 0), seen.dim(0, 1))
            && found != channels
        {
            return Err(format!("input {input} has {found} elements for {channels} channels"));
        }
    }
    Ok(())
}

/// An attribute that names an element type.
fn element_type(seen: &Seen<'_, '_>, attribute: &str) -> Result<(), String> {
    match seen.int(attribute) {
        Some(code) if spelling::dtype(code).is_none() => {
            Err(format!("attribute '{attribute}' is {code}, no element type"))
        }
        _ => Ok(()),
    }
}

/// A constant has one value.
fn one_value(seen: &Seen<'_, '_>) -> Result<(), String> {
    match seen.node.attributes.iter().filter(|attribute| !attribute.name.starts_with("__")).count() {
        1 => Ok(()),
        found => Err(format!("a constant with {found} values, expected one")),
    }
}

fn not_negative(seen: &Seen<'_, '_>, input: usize) -> Result<(), String> {
    let shape = seen.ints_at(input).unwrap_or_default();
    match shape.iter().find(|&&dim| dim < 0) {
        Some(dim) => Err(format!("a shape with dimension {dim}")),
        None => Ok(()),
    }
}

fn square(seen: &Seen<'_, '_>) -> Result<(), String> {
    rank_at_least(seen, 2)?;
    if let Some([.., Dim::Known(rows), Dim::Known(columns)]) = seen.dims(0)
        && rows != columns
    {
        return Err(format!("a determinant of {rows} by {columns}"));
    }
    Ok(())
}

/// What an equation gives is among what it takes.
fn letters(seen: &Seen<'_, '_>) -> Result<(), String> {
    let Some(AttributeValue::String(text)) = seen.scope.attribute(seen.node, "equation") else { return Ok(()) };
    let Some((taken, given)) = std::str::from_utf8(text).ok().and_then(|text| text.split_once("->")) else {
        return Ok(());
    };
    match given.chars().find(|letter| letter.is_alphabetic() && !taken.contains(*letter)) {
        Some(letter) => Err(format!("the equation gives '{letter}', which no input has")),
        None => Ok(()),
    }
}

/// Both branches give one type.
fn branches(seen: &Seen<'_, '_>) -> Result<(), String> {
    let results: Vec<Vec<Option<&Type>>> = seen
        .scope
        .inner(seen.id)
        .map(|(inner, _)| inner.graph().outputs.iter().map(|port| inner.ty(port.value)).collect())
        .collect();
    let [yes, no] = results.as_slice() else { return Ok(()) };
    for (index, pair) in yes.iter().zip(no).enumerate() {
        if let (Some(yes), Some(no)) = pair
            && let (Some(yes), Some(no)) = (spelling::type_string(yes), spelling::type_string(no))
            && yes != no
        {
            return Err(format!("output {index} is {yes} in one branch and {no} in the other"));
        }
    }
    Ok(())
}

/// A body takes what it is given.
fn carried(seen: &Seen<'_, '_>) -> Result<(), String> {
    let Some(AttributeValue::Graph(body)) = seen.scope.attribute(seen.node, "body") else { return Ok(()) };
    let declared = |index: usize| body_input(body, index);
    for (index, (what, dtype)) in [("count", DType::Int64), ("condition", DType::Bool)].into_iter().enumerate() {
        if !may_be(declared(index), dtype) {
            return Err(format!("the body declares its {what} as other than {dtype}"));
        }
    }
    for index in 2..seen.node.inputs.len() {
        let given = seen.scope.input(seen.node, index).and_then(spelling::type_string);
        if let (Some(declared), Some(given)) = (declared(index).and_then(spelling::type_string), given)
            && declared != given
        {
            return Err(format!("the body takes {declared} at input {index}, and is given {given}"));
        }
    }
    Ok(())
}

fn body_input(body: &Graph, index: usize) -> Option<&Type> {
    body.inputs.get(index)?.ty.as_ref()
}

fn pair(seen: &Seen<'_, '_>) -> Result<(), String> {
    match seen.dims(2) {
        Some([Dim::Known(count)]) if *count != 2 => Err(format!("{count} values for off and on")),
        Some(dims) if dims.len() != 1 => Err(format!("values of rank {} for off and on", dims.len())),
        _ => Ok(()),
    }
}

fn target(seen: &Seen<'_, '_>) -> Result<(), String> {
    if let Some(dims) = seen.dims(1)
        && dims.len() != 1
    {
        return Err(format!("a shape of rank {}, expected 1", dims.len()));
    }
    if seen.int("allowzero").unwrap_or(0) != 0
        && let Some(shape) = seen.ints_at(1)
        && shape.contains(&0)
        && shape.contains(&-1)
    {
        return Err("a shape with a dimension to be found beside one of zero".to_owned());
    }
    Ok(())
}

fn one_size(seen: &Seen<'_, '_>) -> Result<(), String> {
    if seen.opset < 11 {
        return Ok(());
    }
    match (seen.has(2), seen.has(3)) {
        (true, true) => Err("scales and sizes at once".to_owned()),
        (false, false) => Err("neither scales nor sizes".to_owned()),
        _ => Ok(()),
    }
}

fn bounds(seen: &Seen<'_, '_>) -> Result<(), String> {
    let (Some(starts), Some(ends)) = (seen.ints_at(1), seen.ints_at(2)) else { return Ok(()) };
    if starts.len() == ends.len() {
        return Ok(());
    }
    Err(format!("{} starts for {} ends", starts.len(), ends.len()))
}

fn pieces(seen: &Seen<'_, '_>) -> Result<(), String> {
    let (lengths, count) = (seen.node.input(1).is_some(), seen.int("num_outputs"));
    if seen.opset >= 18 {
        match (lengths, count) {
            (true, Some(_)) => return Err("lengths and 'num_outputs' at once".to_owned()),
            (false, None) => return Err("neither lengths nor 'num_outputs'".to_owned()),
            _ => {}
        }
    }
    let axis = seen.int("axis").unwrap_or(0);
    let Some(dims) = seen.dims(0) else { return Ok(()) };
    let axis = if axis < 0 { axis.checked_add(i64::try_from(dims.len()).unwrap_or(i64::MAX)) } else { Some(axis) };
    let whole = axis.and_then(|axis| usize::try_from(axis).ok()).and_then(|axis| dims.get(axis)).and_then(Dim::known);
    let Some(whole) = whole else { return Ok(()) };
    let spelt = match seen.scope.attribute(seen.node, "split") {
        Some(AttributeValue::Ints(lengths)) => Some(lengths.clone()),
        _ => seen.ints_at(1),
    };
    let outputs = seen.node.outputs.len() as u64;
    match spelt {
        Some(lengths) => {
            let sum = lengths.iter().try_fold(0_i64, |sum, &length| sum.checked_add(length));
            if sum.and_then(|sum| u64::try_from(sum).ok()) != Some(whole) {
                return Err(format!("lengths that do not add up to {whole}"));
            }
        }
        None if !lengths && seen.opset < 18 && whole.checked_rem(outputs).is_some_and(|rest| rest != 0) => {
            return Err(format!("{whole} elements in {outputs} equal parts"));
        }
        None => {}
    }
    Ok(())
}

fn most(seen: &Seen<'_, '_>) -> Result<(), String> {
    if seen.opset < 10 {
        return Ok(());
    }
    if let Some(dims) = seen.dims(1)
        && (dims.len() != 1 || dims.iter().any(|dim| dim.known().is_some_and(|dim| dim != 1)))
    {
        return Err("k is no list of one number".to_owned());
    }
    let axis = seen.int("axis").unwrap_or(-1);
    let Some(dims) = seen.dims(0) else { return Ok(()) };
    let axis = if axis < 0 { axis.checked_add(i64::try_from(dims.len()).unwrap_or(i64::MAX)) } else { Some(axis) };
    let whole = axis.and_then(|axis| usize::try_from(axis).ok()).and_then(|axis| dims.get(axis)).and_then(Dim::known);
    if let (Some([k]), Some(whole)) = (seen.ints_at(1).as_deref(), whole)
        && u64::try_from(*k).is_ok_and(|k| k > whole)
    {
        return Err(format!("the largest {k} of {whole} elements"));
    }
    Ok(())
}
