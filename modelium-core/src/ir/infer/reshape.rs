//! Operators that move or name elements without computing on them: shapes and axes. What cuts pieces is in `cut`.

use std::sync::Arc;

use crate::ir::infer::call::{Call, Gap, Outcome, Rule};
use crate::ir::infer::value::{Elements, Item};
use crate::ir::infer::{dims, value};
use crate::ir::schema::OpType;
use crate::ir::types::Dim;

pub(super) fn rule(op: &OpType) -> Option<Rule> {
    Some(match op {
        OpType::Shape => shape,
        OpType::Size => size,
        OpType::Reshape => reshape,
        OpType::Flatten => flatten,
        OpType::Squeeze => squeeze,
        OpType::Unsqueeze => unsqueeze,
        OpType::Transpose => transpose,
        OpType::Concat => concat,
        OpType::Expand => expand,
        OpType::Tile => tile,
        OpType::DepthToSpace => depth_to_space,
        OpType::SpaceToDepth => space_to_depth,
        _ => return None,
    })
}

/// Dimensions as numbers, if all are.
pub(super) fn known(dims: &[Dim]) -> Option<Vec<u64>> {
    dims.iter().map(Dim::known).collect()
}

/// Holds the input's elements under the output's dimensions.
pub(super) fn carry(call: &mut Call<'_, '_>, dims: &[Dim]) {
    if let Some(value) = call.value(0)
        && let Some(same) = known(dims).and_then(|dims| value.reshaped(dims))
    {
        call.hold(0, same);
    }
}

fn shape(call: &mut Call<'_, '_>) -> Outcome {
    let bound = |at: i64, rank: usize| {
        // Out of range is clamped here, not an error.
        let rank = i64::try_from(rank).unwrap_or(i64::MAX);
        let at = if at < 0 { at.saturating_add(rank) } else { at };
        usize::try_from(at.clamp(0, rank)).unwrap_or_default()
    };
    let dims = call.shape(0);
    let Ok(all) = dims else { return call.shaped(0, dims::open(1)) };
    let start = bound(call.int("start").unwrap_or(0), all.len());
    let end = call.int("end").map_or(all.len(), |end| bound(end, all.len()));
    let items: Vec<_> = all.get(start..end).unwrap_or_default().iter().map(Item::from).collect();
    call.shaped(0, vec![Dim::Known(items.len() as u64)])?;
    if let Some(value) = Elements::list(items) {
        call.hold(0, value);
    }
    Ok(())
}

fn size(call: &mut Call<'_, '_>) -> Outcome {
    call.shaped(0, Vec::new())?;
    let size = dims::product(call.shape(0)?);
    call.hold(0, Elements::scalar(Item::from(&size)));
    Ok(())
}

fn reshape(call: &mut Call<'_, '_>) -> Outcome {
    let target: Vec<Item> = if call.opset < 5 {
        call.ints("shape").ok_or(Gap::Open)?.iter().map(|&dim| Item::Int(dim)).collect()
    } else {
        match call.value(1) {
            Some(value) => value.items.clone(),
            None => call.dims_at(1).ok_or(Gap::Open)?.iter().map(Item::from).collect(),
        }
    };
    let keep_zero = call.int("allowzero").unwrap_or(0) != 0;
    let input = call.shape(0).map(<[Dim]>::to_vec);
    let mut dims = Vec::with_capacity(target.len());
    let mut rest = None;
    for (axis, item) in target.iter().enumerate() {
        dims.push(match item {
            Item::Int(0) if !keep_zero => match &input {
                Ok(input) => {
                    input.get(axis).cloned().ok_or_else(|| Gap::conflict(format!("no axis {axis} to keep")))?
                }
                Err(_) => Dim::Unknown,
            },
            Item::Int(-1) if rest.replace(axis).is_none() => Dim::Unknown,
            Item::Int(dim) if *dim < 0 => return Err(Gap::conflict(format!("{dim} is no dimension"))),
            item => item.to_dim(),
        });
    }
    if let (Some(axis), Ok(input)) = (rest, &input) {
        dims[axis] = dims::remaining(input, others(&dims, axis))?;
    } else if let Ok(input) = &input
        && let (Some(from), Some(to)) = (dims::product(input).known(), dims::product(&dims).known())
        && from != to
    {
        call.shaped(0, dims)?;
        return Err(Gap::conflict(format!("{from} elements do not fill {to}")));
    }
    if let ([axis], Ok(input)) = (open_axes(&dims, rest).as_slice(), &input)
        && let Ok(dim) = dims::remaining(input, others(&dims, *axis))
    {
        // Only one is open: what is left over is its length.
        dims[*axis] = dim;
    }
    call.shaped(0, dims.clone())?;
    carry(call, &dims);
    Ok(())
}

/// Axes of which nothing is known, unless one of them is to be computed anyway.
fn open_axes(dims: &[Dim], rest: Option<usize>) -> Vec<usize> {
    if rest.is_some() {
        return Vec::new();
    }
    (0..dims.len()).filter(|&axis| dims[axis] == Dim::Unknown).collect()
}

/// The dimensions but one.
fn others(dims: &[Dim], axis: usize) -> impl Iterator<Item = &Dim> + Clone {
    dims.iter().enumerate().filter(move |&(index, _)| index != axis).map(|(_, dim)| dim)
}

fn flatten(call: &mut Call<'_, '_>) -> Outcome {
    let dims = call.shape(0)?;
    let axis = call.int("axis").unwrap_or(1);
    let rank = i64::try_from(dims.len()).map_err(|_| Gap::Open)?;
    let axis = if axis < 0 { axis.checked_add(rank) } else { Some(axis) };
    let split = axis.and_then(|axis| usize::try_from(axis).ok()).and_then(|axis| dims.split_at_checked(axis));
    let (rows, columns) = split.ok_or_else(|| Gap::conflict(format!("no axis to flatten at in rank {rank}")))?;
    let flat = vec![dims::product(rows), dims::product(columns)];
    call.shaped(0, flat.clone())?;
    carry(call, &flat);
    Ok(())
}

fn squeeze(call: &mut Call<'_, '_>) -> Outcome {
    let axes = call.axes(1)?;
    let dims = call.shape(0)?;
    let gone = match axes {
        Some(axes) => dims::axes(&axes, dims.len())?,
        // All axes of length one; which those are has to be known.
        None if dims.iter().any(|dim| dim.known().is_none()) => return Err(Gap::Open),
        None => (0..dims.len()).filter(|&axis| dims[axis] == Dim::Known(1)).collect(),
    };
    if let Some(long) = gone.iter().filter_map(|&axis| dims[axis].known()).find(|&dim| dim != 1) {
        return Err(Gap::conflict(format!("an axis of length {long} cannot be squeezed")));
    }
    let kept: Vec<_> = (0..dims.len()).filter(|axis| !gone.contains(axis)).map(|axis| dims[axis].clone()).collect();
    call.shaped(0, kept.clone())?;
    carry(call, &kept);
    Ok(())
}

fn unsqueeze(call: &mut Call<'_, '_>) -> Outcome {
    let axes = call.axes(1)?.ok_or(Gap::Open)?;
    let dims = call.shape(0)?;
    let rank = dims.len() + axes.len();
    let new = dims::axes(&axes, rank)?;
    let mut old = dims.iter();
    let grown: Vec<_> = (0..rank)
        .map(|axis| if new.contains(&axis) { Dim::Known(1) } else { old.next().cloned().unwrap_or(Dim::Unknown) })
        .collect();
    call.shaped(0, grown.clone())?;
    carry(call, &grown);
    Ok(())
}

fn transpose(call: &mut Call<'_, '_>) -> Outcome {
    let dims = call.shape(0)?;
    let order = match call.ints("perm") {
        Some(perm) if perm.len() == dims.len() => dims::axes(perm, dims.len())?,
        Some(perm) => {
            return Err(Gap::conflict(format!("{} axes to permute in rank {}", perm.len(), dims.len())));
        }
        None => (0..dims.len()).rev().collect(),
    };
    let moved: Vec<_> = order.iter().map(|&axis| dims[axis].clone()).collect();
    call.shaped(0, moved.clone())?;
    let (Some(value), Some(moved)) = (call.value(0), known(&moved)) else { return Ok(()) };
    let turned = Elements::build(moved, |at| {
        let mut from = vec![0; at.len()];
        order.iter().zip(at).for_each(|(&axis, &place)| from[axis] = place);
        value.get(&from).cloned()
    });
    if let Some(turned) = turned {
        call.hold(0, turned);
    }
    Ok(())
}

fn concat(call: &mut Call<'_, '_>) -> Outcome {
    let count = call.node.inputs.len();
    let first = call.shape(0)?;
    let axis = dims::axis(call.int("axis").unwrap_or(1), first.len())?;
    let mut dims = first.to_vec();
    for input in 1..count {
        let next = call.shape_of_rank(input, dims.len())?;
        for (index, (dim, other)) in dims.iter_mut().zip(next).enumerate() {
            *dim = if index == axis { dims::plus(dim, other) } else { dims::same(dim, other)? };
        }
    }
    call.shaped(0, dims.clone())?;
    let small = |dims: &Vec<u64>| value::count(dims).is_some_and(|count| count <= value::MOST);
    let Some(numbers) = known(&dims).filter(small) else { return Ok(()) };
    let values: Vec<_> = (0..count).map(|input| call.value(input)).collect();
    if values.iter().all(Option::is_none) {
        return Ok(());
    }
    let mut parts = Vec::with_capacity(count);
    for (input, value) in values.into_iter().enumerate() {
        // A part that is not known is a part of unknown elements.
        let part =
            value.or_else(|| Elements::build(known(call.shape(input).ok()?)?, |_| Some(Item::Unknown)).map(Arc::new));
        let Some(part) = part else { return Ok(()) };
        parts.push(part);
    }
    let joined = Elements::build(numbers, |at| {
        let mut at = at.to_vec();
        for part in &parts {
            let length = usize::try_from(*part.dims.get(axis)?).ok()?;
            if at[axis] < length {
                return part.get(&at).cloned();
            }
            at[axis] -= length;
        }
        None
    });
    if let Some(joined) = joined {
        call.hold(0, joined);
    }
    Ok(())
}

fn expand(call: &mut Call<'_, '_>) -> Outcome {
    let target = call.dims_at(1).ok_or(Gap::Open)?;
    // A length that is not known may be one, and then the input's holds: broadcasting says just that.
    let dims = dims::broadcast(call.shape(0)?, &target)?;
    call.shaped(0, dims.clone())?;
    spread(call, &dims);
    Ok(())
}

/// Holds the input's elements, repeated along axes of length one.
fn spread(call: &mut Call<'_, '_>, dims: &[Dim]) {
    if let Some(value) = call.value(0)
        && let Some(numbers) = known(dims)
        && let Some(spread) = Elements::build(numbers, |at| value.broadcast_get(at).cloned())
    {
        call.hold(0, spread);
    }
}

fn tile(call: &mut Call<'_, '_>) -> Outcome {
    if call.opset < 6 {
        return Err(Gap::Open); // one axis at a time; gone since 2016
    }
    let dims = call.shape(0)?.to_vec();
    let Some(repeats) = call.value(1) else { return call.shaped(0, dims::open(dims.len())) };
    if repeats.items.len() != dims.len() {
        return Err(Gap::conflict(format!("{} repeats for rank {}", repeats.items.len(), dims.len())));
    }
    let tiled: Vec<_> = dims.iter().zip(&repeats.items).map(|(dim, times)| dims::times(dim, &times.to_dim())).collect();
    call.shaped(0, tiled.clone())?;
    let (Some(value), Some(numbers)) = (call.value(0), known(&tiled)) else { return Ok(()) };
    let laid = Elements::build(numbers, |at| {
        let at: Option<Vec<_>> =
            at.iter().zip(&value.dims).map(|(&at, &dim)| at.checked_rem(usize::try_from(dim).ok()?)).collect();
        value.get(&at?).cloned()
    });
    if let Some(laid) = laid {
        call.hold(0, laid);
    }
    Ok(())
}

fn blocksize(call: &Call<'_, '_>) -> Result<u64, Gap> {
    let size = call.int("blocksize").ok_or(Gap::Open)?;
    u64::try_from(size).ok().filter(|&size| size > 0).ok_or_else(|| Gap::conflict(format!("blocks of {size}")))
}

fn depth_to_space(call: &mut Call<'_, '_>) -> Outcome {
    let block = blocksize(call)?;
    let [batch, channels, height, width] = call.shape_of_rank(0, 4)? else { return Err(Gap::Open) };
    let area = block.checked_mul(block).ok_or(Gap::Open)?;
    let grown = |dim| dims::times(dim, &Dim::Known(block));
    let dims = vec![batch.clone(), dims::divided(channels, area)?, grown(height), grown(width)];
    call.shaped(0, dims)
}

fn space_to_depth(call: &mut Call<'_, '_>) -> Outcome {
    let block = blocksize(call)?;
    let [batch, channels, height, width] = call.shape_of_rank(0, 4)? else { return Err(Gap::Open) };
    let area = block.checked_mul(block).ok_or(Gap::Open)?;
    let deep = dims::times(channels, &Dim::Known(area));
    let dims = vec![batch.clone(), deep, dims::divided(height, block)?, dims::divided(width, block)?];
    call.shaped(0, dims)
}
