//! Operators that cut pieces out of tensors, or put edges around them.

use crate::ir::expr::{Expr, Rounding};
use crate::ir::infer::call::{Call, Gap, Outcome, Rule};
use crate::ir::infer::dims;
use crate::ir::infer::reshape::known;
use crate::ir::infer::value::{Elements, Item};
use crate::ir::schema::OpType;
use crate::ir::types::Dim;

pub(super) fn rule(op: &OpType) -> Option<Rule> {
    Some(match op {
        OpType::Split => split,
        OpType::Slice => slice,
        OpType::Pad => pad,
        _ => return None,
    })
}

fn split(call: &mut Call<'_, '_>) -> Outcome {
    let count = call.node.outputs.len();
    let sizes: Option<Vec<Dim>> = match call.ints("split") {
        Some(sizes) => Some(sizes.iter().map(|&size| dims::from_i64(size)).collect()),
        None if call.has(1) => match call.value(1) {
            Some(sizes) => Some(sizes.items.iter().map(Item::to_dim).collect()),
            None => return split_into(call, count, |_, _| Dim::Unknown),
        },
        None => None,
    };
    if let Some(sizes) = sizes {
        if sizes.len() != count {
            return Err(Gap::conflict(format!("{} sizes for {count} outputs", sizes.len())));
        }
        return split_into(call, count, |index, _| sizes.get(index).cloned().unwrap_or(Dim::Unknown));
    }
    let parts = match call.int("num_outputs") {
        Some(parts) => u64::try_from(parts).map_err(|_| Gap::conflict(format!("a split into {parts} parts")))?,
        None => count as u64,
    };
    if parts != count as u64 {
        return Err(Gap::conflict(format!("a split into {parts} parts for {count} outputs")));
    }
    // Since opset 18 the last part may be shorter.
    let exact = call.int("num_outputs").is_none();
    split_into(call, count, |index, whole| match whole {
        Dim::Known(whole) => {
            let size = whole.div_ceil(parts.max(1));
            let before = size.saturating_mul(index as u64);
            Dim::Known(size.min(whole.saturating_sub(before)))
        }
        whole => share(whole, parts, index as u64, exact).unwrap_or(Dim::Unknown),
    })
}

/// One of so many parts of an axis; all but the last are equally long, and that one too if the split is `exact`.
fn share(whole: &Dim, parts: u64, index: u64, exact: bool) -> Option<Dim> {
    let (whole, parts, index) = (whole.expr()?, i64::try_from(parts).ok()?, i64::try_from(index).ok()?);
    if exact {
        return whole.divided(&Expr::constant(parts), Rounding::Down).map(Dim::from);
    }
    let size = whole.divided_up(parts)?;
    Some(if index.checked_add(1)? < parts { size } else { whole.minus(&size.scaled(index)?)? }.into())
}

fn split_into(call: &mut Call<'_, '_>, count: usize, size: impl Fn(usize, &Dim) -> Dim) -> Outcome {
    let dims = call.shape(0)?.to_vec();
    let axis = dims::axis(call.int("axis").unwrap_or(0), dims.len())?;
    let value = call.value(0);
    let mut start = Some(0_usize);
    for output in 0..count {
        let mut part = dims.clone();
        part[axis] = size(output, &dims[axis]);
        call.shaped(output, part.clone())?;
        let length = part[axis].known().and_then(|length| usize::try_from(length).ok());
        if let (Some(value), Some(start), Some(numbers)) = (&value, start, known(&part)) {
            let piece = Elements::build(numbers, |at| {
                let mut at = at.to_vec();
                at[axis] = at[axis].checked_add(start)?;
                value.get(&at).cloned()
            });
            if let Some(piece) = piece {
                call.hold(output, piece);
            }
        }
        start = start.zip(length).and_then(|(start, length)| start.checked_add(length));
    }
    Ok(())
}

fn slice(call: &mut Call<'_, '_>) -> Outcome {
    let (starts, ends, axes, steps) = if call.opset < 10 {
        let list = |name| call.ints(name).map(|values| values.iter().map(|&value| Item::Int(value)).collect());
        (list("starts"), list("ends"), call.ints("axes").map(<[i64]>::to_vec), None)
    } else {
        let (starts, ends) = (call.value(1), call.value(2));
        let axes = match call.has(3).then(|| call.ints_at(3)) {
            Some(None) => {
                // Any axis may be cut.
                let rank = call.shape(0)?.len();
                return call.shaped(0, dims::open(rank));
            }
            axes => axes.flatten(),
        };
        let steps = if call.has(4) { Some(call.ints_at(4)) } else { None };
        (starts.map(|value| value.items.clone()), ends.map(|value| value.items.clone()), axes, steps)
    };
    let dims = call.shape(0)?.to_vec();
    let count = match (&axes, &starts, &ends) {
        (Some(axes), ..) => axes.len(),
        (None, Some(items), _) | (None, None, Some(items)) => items.len(),
        (None, None, None) => return call.shaped(0, dims::open(dims.len())),
    };
    let axes = axes.unwrap_or_else(|| (0_i64..).take(count).collect());
    let axes = dims::axes(&axes, dims.len())?;
    let mut cut = dims.clone();
    let mut cuts = Vec::new();
    for (index, &axis) in axes.iter().enumerate() {
        let item = |list: &Option<Vec<Item>>| list.as_ref().and_then(|list| list.get(index)).cloned();
        let (start, end) = (item(&starts).unwrap_or(Item::Unknown), item(&ends).unwrap_or(Item::Unknown));
        let step = match &steps {
            None => Some(1),
            Some(steps) => steps.as_ref().and_then(|steps| steps.get(index).copied()),
        };
        if step == Some(0) {
            return Err(Gap::conflict("a slice with step 0"));
        }
        let range = step.and_then(|step| Cut::new(&dims[axis], &start, &end, step));
        cut[axis] = match &range {
            Some(range) => Dim::Known(range.length),
            None => step.and_then(|step| taken(&dims[axis], &start, &end, step)).map_or(Dim::Unknown, Dim::from),
        };
        cuts.push((axis, range));
    }
    call.shaped(0, cut.clone())?;
    let (Some(value), Some(numbers)) = (call.value(0), known(&cut)) else { return Ok(()) };
    let piece = Elements::build(numbers, |at| {
        let mut at = at.to_vec();
        for (axis, range) in &cuts {
            // Untouched axes of unknown length cannot be here: the elements are known.
            let Cut { start, step, .. } = range.as_ref()?;
            let offset = i64::try_from(at[*axis]).ok()?.checked_mul(*step)?;
            at[*axis] = usize::try_from(start.checked_add(offset)?).ok()?;
        }
        value.get(&at).cloned()
    });
    if let Some(piece) = piece {
        call.hold(0, piece);
    }
    Ok(())
}

/// What a slice takes from an axis, in numbers.
struct Cut {
    start: i64,
    step: i64,
    length: u64,
}

impl Cut {
    fn new(dim: &Dim, start: &Item, end: &Item, step: i64) -> Option<Self> {
        let (start, end) = (start.int()?, end.int()?);
        let dim = i64::try_from(dim.known()?).ok()?;
        let resolve = |at: i64| if at < 0 { at.saturating_add(dim) } else { at };
        let (start, end) = if step > 0 {
            (resolve(start).clamp(0, dim), resolve(end).clamp(0, dim))
        } else {
            (resolve(start).clamp(0, dim.checked_sub(1)?.max(0)), resolve(end).clamp(-1, dim.checked_sub(1)?.max(-1)))
        };
        let span = if step > 0 { end.checked_sub(start)? } else { start.checked_sub(end)? };
        let length = if span <= 0 { 0 } else { span.unsigned_abs().div_ceil(step.unsigned_abs()) };
        Some(Self { start, step, length: if dim == 0 { 0 } else { length } })
    }
}

/// No axis is longer than that, to writers of "to the end".
const FAR: i64 = i32::MAX as i64;

/// How much a slice takes from an axis, as an expression.
fn taken(dim: &Dim, start: &Item, end: &Item, step: i64) -> Option<Expr> {
    let dim = dim.expr()?;
    if step < 0 {
        // Only the whole axis, from its end.
        let whole = (start.int() == Some(-1) || start.int()? >= FAR) && end.int()? <= -FAR;
        return if whole { dim.divided_up(step.checked_neg()?) } else { None };
    }
    let end = match Place::of(end)? {
        Place::Start(end) => Expr::smallest(vec![end, dim.clone()])?,
        Place::End(back) => dim.minus(&back)?,
    };
    // What lies outside of the axis is clamped to it, of which only this much matters: the length is not below zero.
    let length = match Place::of(start)? {
        Place::Start(start) => end.minus(&start)?,
        Place::End(back) => {
            let from_there = end.minus(&dim.minus(&back)?)?;
            Expr::smallest(vec![from_there, end])?
        }
    };
    Expr::largest(vec![length, Expr::default()])?.divided_up(step)
}

/// A bound of a slice.
enum Place {
    /// So many elements from the start.
    Start(Expr),
    /// So many elements before the end.
    End(Expr),
}

impl Place {
    /// `None` if it is not certain from which side it counts.
    fn of(bound: &Item) -> Option<Self> {
        if bound.int().is_some_and(|bound| bound >= FAR) {
            return Some(Self::End(Expr::default()));
        }
        let bound = bound.expr()?;
        match (bound.least(), bound.most()) {
            (Some(0..), _) => Some(Self::Start(bound)),
            (_, Some(..0)) => bound.scaled(-1).map(Self::End),
            _ => None,
        }
    }
}

fn pad(call: &mut Call<'_, '_>) -> Outcome {
    let by_attribute = call.opset < 11;
    padded(call, by_attribute)
}

/// The pads are an attribute or, in newer operator sets, an input.
pub(super) fn padded(call: &mut Call<'_, '_>, by_attribute: bool) -> Outcome {
    let dims = call.shape(0)?.to_vec();
    let pads: Option<Vec<Item>> = if by_attribute {
        let pads = call.ints("pads").or_else(|| call.ints("paddings")).ok_or(Gap::Open)?;
        Some(pads.iter().map(|&pad| Item::Int(pad)).collect())
    } else {
        call.value(1).map(|pads| pads.items.clone())
    };
    let axes = if call.has(3) { call.ints_at(3) } else { (0..).take(dims.len()).map(Some).collect() };
    let (Some(pads), Some(axes)) = (pads, axes) else { return call.shaped(0, dims::open(dims.len())) };
    let axes = dims::axes(&axes, dims.len())?;
    if Some(pads.len()) != axes.len().checked_mul(2) {
        return Err(Gap::conflict(format!("{} pads for {} axes", pads.len(), axes.len())));
    }
    let (begins, ends) = pads.split_at(axes.len());
    let mut padded = dims;
    for ((&axis, begin), end) in axes.iter().zip(begins).zip(ends) {
        let by = begin.expr().zip(end.expr()).and_then(|(begin, end)| begin.plus(&end));
        padded[axis] = match by.as_ref().map(|by| (by, by.to_constant())) {
            Some((_, Some(by))) => dims::shifted(&padded[axis], by),
            Some((by, None)) => padded[axis].expr().and_then(|dim| dim.plus(by)).map_or(Dim::Unknown, Dim::from),
            None => Dim::Unknown,
        };
    }
    call.shaped(0, padded)
}
