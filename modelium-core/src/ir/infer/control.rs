//! Operators that run subgraphs.

use std::ops::RangeInclusive;

use crate::ir::graph::Graph;
use crate::ir::infer::call::{Call, Gap, Outcome, Rule};
use crate::ir::infer::engine::{Fact, Known};
use crate::ir::infer::symbols::Symbols;
use crate::ir::infer::value::{Elements, Item};
use crate::ir::infer::{Repeats, dims, dtype, merge};
use crate::ir::schema::OpType;
use crate::ir::types::{Dim, Type, TypeKind};
use crate::tensor::DType;

pub(super) fn rule(op: &OpType) -> Option<Rule> {
    Some(match op {
        OpType::If => branch,
        OpType::Loop => loop_,
        OpType::Scan => scan,
        OpType::SequenceMap => sequence_map,
        _ => return None,
    })
}

fn branch(call: &mut Call<'_, '_>) -> Outcome {
    let condition = call.int_at(0).map(|condition| condition != 0);
    let repeats = |taken| condition.map_or(Repeats::Branch, |condition| Repeats::Times((condition == taken).into()));
    let yes = call.subgraph("then_branch").ok_or(Gap::Open)?;
    let no = call.subgraph("else_branch").ok_or(Gap::Open)?;
    let count = call.node.outputs.len();
    ports("then_branch", yes, 0, count..=count)?;
    ports("else_branch", no, 0, count..=count)?;
    let yes = call.walk(yes, Vec::new(), repeats(true))?;
    let no = call.walk(no, Vec::new(), repeats(false))?;
    for (output, (yes, no)) in yes.into_iter().zip(no).enumerate() {
        call.pass(
            output,
            match condition {
                Some(true) => yes,
                Some(false) => no,
                None => either(&yes, &no),
            },
        );
    }
    Ok(())
}

/// What holds of a value that is what one branch gives or the other.
fn either<'m>(yes: &Fact<'m>, no: &Fact<'m>) -> Fact<'m> {
    let known = yes.known.elements().zip(no.known.elements()).and_then(|(yes, no)| Elements::either(&yes, &no));
    let ty = both(yes.ty.as_ref(), no.ty.as_ref());
    Fact { ty, known: known.map_or(Known::Nothing, |known| Known::Elements(known.into())) }
}

/// A subgraph takes and gives as much as its node passes in and out.
fn ports(name: &str, body: &Graph, inputs: usize, outputs: RangeInclusive<usize>) -> Outcome {
    let fault = |what, found, expected: usize| {
        Err(Gap::conflict(format!("the graph of '{name}' has {found} {what}, expected {expected}")))
    };
    if body.inputs.len() != inputs {
        return fault("inputs", body.inputs.len(), inputs);
    }
    if !outputs.contains(&body.outputs.len()) {
        return fault("outputs", body.outputs.len(), *outputs.start());
    }
    Ok(())
}

/// What holds of a value that is one or the other.
fn both(a: Option<&Type>, b: Option<&Type>) -> Option<Type> {
    merge::either(a?, b?)
}

fn scalar(dtype: DType) -> Type {
    dtype::tensor(Some(dtype), Some(Vec::new()))
}

fn loop_(call: &mut Call<'_, '_>) -> Outcome {
    let body = call.subgraph("body").ok_or(Gap::Open)?;
    let states = call.node.inputs.len().saturating_sub(2);
    let outputs = call.node.outputs.len();
    ports("body", body, states + 2, outputs.max(states) + 1..=usize::MAX)?;
    let most = if call.has(0) { call.value(0).and_then(|most| most.single().cloned()) } else { None };
    let starts = !call.has(1) || call.int_at(1).is_some_and(|condition| condition != 0);
    let carried = (0..states).map(|state| Fact::typed(call.fact(state + 2).ty)).collect();
    // Inside, the condition is true: the body runs for no other reason.
    let yes = Known::Elements(Elements::scalar(Item::Int(1)).into());
    let mark = call.mark();
    let head = [Fact::typed(Some(scalar(DType::Int64))), Fact { ty: Some(scalar(DType::Bool)), known: yes }];
    let (carried, outputs) = settle(call, carried, |call, carried| {
        let inputs = head.iter().chain(carried).cloned().collect();
        let outputs = call.walk(body, inputs, Repeats::Unknown)?;
        Ok((outputs.iter().skip(1).take(states).map(|fact| fact.ty.clone()).collect(), outputs))
    })?;
    let goes_on = outputs.first().and_then(|condition| match &condition.known {
        Known::Elements(elements) => elements.single()?.int(),
        Known::Stored(tensor) => Elements::of(tensor)?.single()?.int(),
        Known::Nothing => None,
    });
    let trips = most.filter(|_| starts && goes_on.is_some_and(|condition| condition != 0));
    if let Some(Item::Int(trips)) = trips {
        call.repeat_inner(Repeats::Times(u64::try_from(trips).unwrap_or_default()));
    }
    for (output, fact) in carried.into_iter().enumerate() {
        call.pass(output, fact);
    }
    let length = trips.map_or(Dim::Unknown, |trips| trips.to_dim());
    for (index, fact) in outputs.into_iter().skip(states + 1).enumerate() {
        if let Some(mut ty) = fact.ty {
            Symbols::forget(&mut ty, mark);
            call.other(states + index, stacked(&ty, 0, &length))?;
        }
    }
    Ok(())
}

/// Walks a body until what it carries from turn to turn has types that hold of every turn.
///
/// Dimensions that differ from turn to turn are opened, then shapes; a third turn always agrees.
fn settle<'m, T>(
    call: &mut Call<'_, 'm>,
    mut carried: Vec<Fact<'m>>,
    mut walk: impl FnMut(&mut Call<'_, 'm>, &[Fact<'m>]) -> Result<(Vec<Option<Type>>, T), Gap>,
) -> Result<(Vec<Fact<'m>>, T), Gap> {
    for turn in 0..4 {
        let (after, outputs) = walk(call, &carried)?;
        let mut stable = true;
        for (before, after) in carried.iter_mut().zip(after) {
            let mut held = both(before.ty.as_ref(), after.as_ref());
            if held == before.ty {
                continue;
            }
            stable = false;
            if turn > 0
                && let Some(Type { kind: TypeKind::Tensor { shape, .. }, .. }) = &mut held
            {
                *shape = None;
            }
            before.ty = if turn > 1 { None } else { held };
        }
        if stable || turn == 3 {
            return Ok((carried, outputs));
        }
        call.rewind();
    }
    Err(Gap::Open)
}

/// One value for each turn, put side by side along a new axis.
fn stacked(ty: &Type, axis: i64, length: &Dim) -> Type {
    let dims = ty.shape().map(|shape| shape.dims.clone()).and_then(|mut dims| {
        let axis = dims::axis(axis, dims.len() + 1).ok()?;
        dims.insert(axis, length.clone());
        Some(dims)
    });
    dtype::tensor(ty.dtype(), dims)
}

fn scan(call: &mut Call<'_, '_>) -> Outcome {
    let body = call.subgraph("body").ok_or(Gap::Open)?;
    let count = call.int("num_scan_inputs").and_then(|count| usize::try_from(count).ok()).ok_or(Gap::Open)?;
    // Opset 8 had the lengths of the sequences in front, and a batch axis that the body does not see.
    let (first, batched) = if call.opset < 9 { (1, true) } else { (0, false) };
    let states = call.node.inputs.len().checked_sub(count + first);
    let states = states.ok_or_else(|| Gap::conflict(format!("{count} scan inputs, but fewer inputs")))?;
    let outputs = call.node.outputs.len();
    ports("body", body, states + count, outputs.max(states)..=usize::MAX)?;
    let axis_of = |axes: Option<&[i64]>, index: usize| axes.and_then(|axes| axes.get(index)).copied().unwrap_or(0);
    let (input_axes, output_axes) = (call.ints("scan_input_axes"), call.ints("scan_output_axes"));
    let (mut batch, mut length) = (Dim::Unknown, Dim::Unknown);
    let mut inner = Vec::with_capacity(states + count);
    for index in 0..states + count {
        let (dtype, dims) = (call.dtype(first + index), call.shape(first + index).ok().map(<[Dim]>::to_vec));
        let Some(mut dims) = dims else {
            inner.push(Fact::typed(dtype.map(|dtype| dtype::tensor(Some(dtype), None))));
            continue;
        };
        if batched {
            batch = dims::same(&batch, &dims.remove(dims::axis(0, dims.len())?))?;
        }
        if let Some(index) = index.checked_sub(states) {
            let axis = dims::axis(axis_of(input_axes, index), dims.len())?;
            length = dims::same(&length, &dims.remove(axis))?;
        }
        inner.push(Fact::typed(Some(dtype::tensor(dtype, Some(dims)))));
    }
    let slices = inner.split_off(states);
    let turns = if batched { dims::times(&batch, &length) } else { length.clone() };
    let mark = call.mark();
    let repeats = turns.known().map_or(Repeats::Unknown, Repeats::Times);
    let (carried, outputs) = settle(call, inner, |call, carried| {
        let inputs = carried.iter().chain(&slices).cloned().collect();
        let outputs = call.walk(body, inputs, repeats)?;
        Ok((outputs.iter().take(states).map(|fact| fact.ty.clone()).collect(), outputs))
    })?;
    let scanned = outputs.into_iter().skip(states).enumerate().map(|(index, mut fact)| {
        fact.ty.iter_mut().for_each(|ty| Symbols::forget(ty, mark));
        Fact::typed(fact.ty.map(|ty| stacked(&ty, axis_of(output_axes, index), &length)))
    });
    for (output, fact) in carried.into_iter().chain(scanned).enumerate() {
        let ty = if batched { fact.ty.map(|ty| stacked(&ty, 0, &batch)) } else { fact.ty };
        call.pass(output, Fact::typed(ty));
    }
    Ok(())
}

fn sequence_map(call: &mut Call<'_, '_>) -> Outcome {
    let body = call.subgraph("body").ok_or(Gap::Open)?;
    let element = |ty: Option<Type>| match ty {
        Some(Type { kind: TypeKind::Sequence(element), .. }) => element.map(|element| *element),
        ty => ty, // a tensor, the same in every turn
    };
    let inputs = (0..call.node.inputs.len()).map(|input| Fact::typed(element(call.fact(input).ty))).collect();
    let mark = call.mark();
    let outputs = call.walk(body, inputs, Repeats::Unknown)?;
    for (output, fact) in outputs.into_iter().enumerate() {
        // Only tensors: a list of lists is none of ONNX's types.
        if let Some(mut element) = fact.ty.filter(|ty| matches!(ty.kind, TypeKind::Tensor { .. })) {
            Symbols::forget(&mut element, mark);
            let kind = TypeKind::Sequence(Some(Box::new(element)));
            call.other(output, Type { kind, denotation: None })?;
        }
    }
    Ok(())
}
