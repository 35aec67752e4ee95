//! `Einsum`: sums of products over labelled axes, two operands at a time, as products of matrices.

use crate::error::Result;
use crate::eval::broadcast::{self, Walk, strides};
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::matmul::{give_wide, is_integer, wide};
use crate::eval::number::{by_precision, is_float};
use crate::eval::product::{Matrix, Ring, multiply};
use crate::ir::OpType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    (*op == OpType::Einsum).then_some(einsum as Kernel)
}

/// Letters keep their code; the axes of `...` are numbered from the last one on, above all letters.
type Label = u32;
const ELLIPSIS: Label = 0x11_0000;

/// A tensor whose axes have labels, each once.
struct Operand<T> {
    labels: Vec<Label>,
    dims: Vec<usize>,
    items: Vec<T>,
}

fn einsum(call: &mut Call<'_, '_>) -> Result<()> {
    let dtype = call.array(0)?.dtype();
    let equation: String = call.str("equation").unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
    if is_integer(dtype) {
        let operands = (0..call.input_count())
            .map(|index| call.array(index).and_then(|array| Ok((array.dims().to_vec(), wide(call, &array)?))))
            .collect::<Result<Vec<_>>>()?;
        let (dims, items) = contract(call, &equation, operands)?;
        return give_wide(call, dtype, dims, items);
    }
    if !is_float(dtype) {
        return Err(call.unknown_type(dtype));
    }
    by_precision!(dtype, T => {
        let operands = (0..call.input_count()).map(|index| call.reals_at::<T>(index)).collect::<Result<Vec<_>>>()?;
        let (dims, items) = contract(call, &equation, operands)?;
        call.give_reals(0, dtype, dims, items)
    })
}

fn labels(call: &Call<'_, '_>, term: &str, rank: Option<usize>) -> Result<Vec<Label>> {
    let letters = term.chars().filter(|c| *c != '.').count();
    let mut labels = Vec::new();
    let mut rest = term;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("...") {
            let inner = rank.unwrap_or(letters).checked_sub(letters);
            let inner = inner.ok_or_else(|| call.misfit(format!("'{term}' has more labels than axes")))?;
            labels.extend((0..inner as u32).rev().map(|index| ELLIPSIS + index));
            rest = after;
        } else if c.is_ascii_alphabetic() {
            labels.push(c as Label);
            rest = &rest[1..];
        } else {
            return Err(call.misfit(format!("'{term}' is no list of labels")));
        }
    }
    Ok(labels)
}

fn contract<T: Ring>(
    call: &Call<'_, '_>,
    equation: &str,
    operands: Vec<(Vec<usize>, Vec<T>)>,
) -> Result<(Vec<usize>, Vec<T>)> {
    let (left, right) = equation.split_once("->").map_or((equation, None), |(left, right)| (left, Some(right)));
    let terms: Vec<&str> = left.split(',').collect();
    if terms.len() != operands.len() {
        return Err(call.misfit(format!("'{equation}' has {} terms for {} inputs", terms.len(), operands.len())));
    }
    let all = terms
        .iter()
        .zip(&operands)
        .map(|(term, (dims, _))| {
            let labels = labels(call, term, Some(dims.len()))?;
            if labels.len() == dims.len() {
                Ok(labels)
            } else {
                Err(call.misfit(format!("'{term}' does not label a tensor of rank {}", dims.len())))
            }
        })
        .collect::<Result<Vec<_>>>()?;
    let most = all.iter().flatten().filter(|label| **label >= ELLIPSIS).map(|label| label - ELLIPSIS + 1).max();
    let broadcast = (0..most.unwrap_or(0)).rev().map(|index| ELLIPSIS + index);
    let wanted: Vec<Label> = match right {
        Some(right) => {
            let letters = right.chars().filter(|c| *c != '.').count();
            labels(call, right, Some(letters + most.unwrap_or(0) as usize))?
        }
        // without an arrow: what stands once, in order
        None => {
            let once = |label: &Label| all.iter().flatten().filter(|other| *other == label).count() == 1;
            let mut letters: Vec<Label> =
                all.iter().flatten().copied().filter(|label| *label < ELLIPSIS && once(label)).collect();
            letters.sort_unstable();
            broadcast.chain(letters).collect()
        }
    };
    let mut left: Vec<Operand<T>> = Vec::new();
    for (labels, (dims, items)) in all.into_iter().zip(operands) {
        left.push(diagonal(call, labels, &dims, &items)?);
    }
    left.reverse();
    let mut total = left.pop().ok_or_else(|| call.misfit("there are no inputs"))?;
    while let Some(next) = left.pop() {
        let later = |label: Label| wanted.contains(&label) || left.iter().any(|other| other.labels.contains(&label));
        total = pair(call, total, next, later)?;
    }
    let missing = |label: &&Label| !total.labels.contains(label);
    if let Some(label) = wanted.iter().find(missing) {
        return Err(call.misfit(format!("output label {label:#x} stands in no term")));
    }
    let total = sum_out(total, |label| wanted.contains(&label));
    let (dims, items) = arrange(&total, &wanted);
    Ok((dims, items))
}

/// A label that stands twice in a term takes the diagonal.
fn diagonal<T: Ring>(call: &Call<'_, '_>, labels: Vec<Label>, dims: &[usize], items: &[T]) -> Result<Operand<T>> {
    let mut own: Vec<(Label, usize, usize)> = Vec::new();
    for ((&label, &dim), step) in labels.iter().zip(dims).zip(strides(dims)) {
        match own.iter_mut().find(|(other, ..)| *other == label) {
            Some((_, other, steps)) if *other == dim => *steps += step,
            Some((_, other, _)) => return Err(call.misfit(format!("one label for dimensions {other} and {dim}"))),
            None => own.push((label, dim, step)),
        }
    }
    let out: Vec<usize> = own.iter().map(|(_, dim, _)| *dim).collect();
    let steps = own.iter().map(|(.., step)| *step).collect();
    Ok(Operand { labels: own.iter().map(|(label, ..)| *label).collect(), items: gather(&out, steps, items), dims: out })
}

fn gather<T: Ring>(dims: &[usize], steps: Vec<usize>, items: &[T]) -> Vec<T> {
    let walk = Walk::strided(dims, &[steps]);
    let mut out = Vec::with_capacity(dims.iter().product());
    walk.each_row(|[at]| out.extend((0..walk.row).map(|index| items[at + index * walk.steps[0]])));
    out
}

/// Sums over the labels that nobody needs.
fn sum_out<T: Ring>(operand: Operand<T>, needed: impl Fn(Label) -> bool) -> Operand<T> {
    if operand.labels.iter().all(|label| needed(*label)) {
        return operand;
    }
    let kept: Vec<Label> = operand.labels.iter().copied().filter(|label| needed(*label)).collect();
    let dropped: Vec<Label> = operand.labels.iter().copied().filter(|label| !needed(*label)).collect();
    let (dims, items) = arrange(&operand, &[kept.clone(), dropped].concat());
    let (left, folded) = dims.split_at(kept.len());
    let count: usize = folded.iter().product();
    let items = if count == 0 {
        vec![T::default(); left.iter().product()]
    } else {
        items.chunks_exact(count).map(|part| part.iter().fold(T::default(), |a, &b| a.plus(b))).collect()
    };
    Operand { labels: kept, dims: left.to_vec(), items }
}

/// The elements in another order of axes. Labels that the operand lacks become axes of one element.
fn arrange<T: Ring>(operand: &Operand<T>, order: &[Label]) -> (Vec<usize>, Vec<T>) {
    let own = strides(&operand.dims);
    let axis = |label: &Label| operand.labels.iter().position(|other| other == label);
    let dims: Vec<usize> = order.iter().map(|label| axis(label).map_or(1, |axis| operand.dims[axis])).collect();
    let steps = order.iter().map(|label| axis(label).map_or(0, |axis| own[axis])).collect();
    let items = gather(&dims, steps, &operand.items);
    (dims, items)
}

/// Joins two operands: labels of both that are needed later are batches, other labels of both are summed over.
fn pair<T: Ring>(
    call: &Call<'_, '_>,
    a: Operand<T>,
    b: Operand<T>,
    later: impl Fn(Label) -> bool,
) -> Result<Operand<T>> {
    let in_b = b.labels.clone();
    let a = sum_out(a, |label| later(label) || in_b.contains(&label));
    let in_a = a.labels.clone();
    let b = sum_out(b, |label| later(label) || in_a.contains(&label));
    let (mut batch, mut summed, mut rows, mut columns) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for &label in &a.labels {
        match (b.labels.contains(&label), later(label)) {
            (true, true) => batch.push(label),
            (true, false) => summed.push(label),
            (false, _) => rows.push(label),
        }
    }
    columns.extend(b.labels.iter().copied().filter(|label| !a.labels.contains(label)));
    let dim = |operand: &Operand<T>, label: &Label| {
        operand.labels.iter().position(|other| other == label).map(|axis| operand.dims[axis])
    };
    let sizes = |labels: &[Label]| -> Result<Vec<usize>> {
        let size = |label: &Label| match (dim(&a, label), dim(&b, label)) {
            (Some(a), Some(b)) if a == b || b == 1 => Ok(a),
            (Some(1), Some(b)) => Ok(b),
            (Some(a), Some(b)) => Err(call.misfit(format!("one label for dimensions {a} and {b}"))),
            (Some(one), None) | (None, Some(one)) => Ok(one),
            (None, None) => Ok(1),
        };
        labels.iter().map(size).collect()
    };
    let (batch_dims, summed_dims) = (sizes(&batch)?, sizes(&summed)?);
    let (rows_dims, columns_dims) = (sizes(&rows)?, sizes(&columns)?);
    let dims = [batch_dims.clone(), rows_dims.clone(), columns_dims.clone()].concat();
    let count = call.room(T::DTYPE, &dims)?;
    let stretch = |operand: &Operand<T>, order: [&[Label]; 3], dims: [&[usize]; 3]| -> Result<Vec<T>> {
        let (from, items) = arrange(operand, &order.concat());
        let to = dims.concat();
        call.room(T::DTYPE, &to)?;
        Ok(if from == to { items } else { gather(&to, broadcast::stretched(&from, &to), &items) })
    };
    let x = stretch(&a, [&batch, &rows, &summed], [&batch_dims, &rows_dims, &summed_dims])?;
    let y = stretch(&b, [&batch, &summed, &columns], [&batch_dims, &summed_dims, &columns_dims])?;
    let of = |dims: &[usize]| dims.iter().product::<usize>();
    let (rows_count, inner, columns_count) = (of(&rows_dims), of(&summed_dims), of(&columns_dims));
    let mut items = vec![T::default(); count];
    let missing = || call.misfit("elements are missing");
    let cost = rows_count.saturating_mul(inner).saturating_mul(columns_count);
    broadcast::pieces(&mut items, rows_count * columns_count, cost, call.cx, |index, out| {
        let x = x.get(index * rows_count * inner..).and_then(|x| Matrix::new(x, rows_count, inner));
        let y = y.get(index * inner * columns_count..).and_then(|y| Matrix::new(y, inner, columns_count));
        multiply(x.ok_or_else(missing)?, y.ok_or_else(missing)?, out);
        Ok(())
    })?;
    Ok(Operand { labels: [batch, rows, columns].concat(), dims, items })
}
