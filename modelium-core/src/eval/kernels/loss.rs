//! Losses: how far scores are from the classes that they should pick.

use crate::error::Result;
use crate::eval::call::{Call, Kernel};
use crate::eval::kernels::axis::Lines;
use crate::eval::number::is_float;
use crate::ir::OpType;
use crate::tensor::DType;

/// The kernels of this family.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    Some(match op {
        OpType::NegativeLogLikelihoodLoss => |call| loss(call, false),
        OpType::SoftmaxCrossEntropyLoss => |call| loss(call, true),
        _ => return None,
    })
}

fn loss(call: &mut Call<'_, '_>, softmax: bool) -> Result<()> {
    let array = call.array(0)?;
    let dtype = array.dtype();
    if !is_float(dtype) {
        return Err(call.unknown_type(dtype));
    }
    let (dims, mut scores) = call.reals_of::<f64>(&array)?;
    let targets_array = call.array(1)?;
    let targets = targets_array.to_i64s().ok_or_else(|| call.misfit("classes are no integers"))?;
    let misfit = || call.misfit(format!("scores {dims:?} for classes {:?}", targets_array.dims()));
    let [batch, classes, rest @ ..] = dims.as_slice() else { return Err(misfit()) };
    let left = [&[*batch], rest].concat();
    if left != targets_array.dims() {
        return Err(misfit());
    }
    let classes = *classes;
    let weights = match call.optional(2)? {
        Some(weights) if weights.len() == classes => Some(call.reals_of::<f64>(&weights)?.1),
        Some(_) => return Err(misfit()),
        None => None,
    };
    let lines = Lines::new(&dims, 1);
    if softmax {
        for start in lines.starts() {
            let item = |class: usize| start + class * lines.inner;
            let most = (0..classes).map(|class| scores[item(class)]).fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = (0..classes).map(|class| (scores[item(class)] - most).exp()).sum();
            (0..classes).for_each(|class| scores[item(class)] -= most + sum.ln());
        }
        if call.wants(1) {
            call.give_reals(1, dtype, dims.clone(), scores.clone())?;
        }
    }
    let ignored = call.int("ignore_index");
    let (mut losses, mut total) = (Vec::with_capacity(targets.len()), 0.0);
    for (start, &target) in lines.starts().zip(&targets) {
        if Some(target) == ignored {
            losses.push(0.0);
            continue;
        }
        let class = usize::try_from(target).ok().filter(|class| *class < classes);
        let class = class.ok_or_else(|| call.misfit(format!("class {target} of {classes}")))?;
        let weight = weights.as_ref().map_or(1.0, |weights| weights[class]);
        losses.push(-scores[start + class * lines.inner] * weight);
        total += weight;
    }
    call.room(DType::Float64, &left)?;
    match call.str("reduction").unwrap_or("mean") {
        "none" => call.give_reals(0, dtype, left, losses),
        "sum" => call.give_reals(0, dtype, Vec::new(), vec![losses.iter().sum::<f64>()]),
        "mean" => call.give_reals(0, dtype, Vec::new(), vec![losses.iter().sum::<f64>() / total]),
        other => Err(call.misfit(format!("reduction '{other}'"))),
    }
}
