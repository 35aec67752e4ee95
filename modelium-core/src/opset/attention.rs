//! Attention and rotary embedding, which opset 23 made operators: written out.

use crate::ir::{AttributeValue, Dim, OpType, Shape, Type, ValueId};
use crate::opset::facts;
use crate::opset::step::{Outcome, Step};
use crate::tensor::{DType, Tensor};

/// A tensor of rank four, open in its dimensions.
fn four(dtype: DType) -> Type {
    Type::tensor(dtype, Some(Shape::new(vec![Dim::Unknown; 4])))
}

fn perm(axes: [i64; 4]) -> [(&'static str, AttributeValue); 1] {
    [("perm", AttributeValue::Ints(axes.to_vec()))]
}

/// `[batch, length, heads · size]` as `[batch, heads, length, size]`.
fn split_heads(step: &mut Step<'_>, x: ValueId, heads: i64, dtype: DType) -> Result<ValueId, String> {
    let shape = step.hold_ints(&[0, 0, heads, -1])?;
    let apart = step.emit_typed(OpType::Reshape, &[x, shape], &[], Some(four(dtype)));
    Ok(step.emit_typed(OpType::Transpose, &[apart], &perm([0, 2, 1, 3]), Some(four(dtype))))
}

/// The past in front of what is new; the second result is the value that the node gives of it.
fn with_past(step: &mut Step<'_>, past: usize, present: usize, new: ValueId, dtype: DType) -> ValueId {
    let joined = match step.node.input(past) {
        Some(past) => {
            step.emit_typed(OpType::Concat, &[past, new], &[("axis", AttributeValue::Int(2))], Some(four(dtype)))
        }
        None => new,
    };
    if let Some(output) = step.node.output(present) {
        step.emit_into(OpType::Identity, &[joined], &[], output);
    }
    joined
}

/// Heads of keys and values, each for as many heads of queries.
fn repeat_heads(step: &mut Step<'_>, x: ValueId, queries: i64, own: i64, dtype: DType) -> Result<ValueId, String> {
    let each = queries.checked_div(own).filter(|each| each.checked_mul(own) == Some(queries));
    let each = each.ok_or("heads that do not divide")?;
    if each == 1 {
        return Ok(x);
    }
    let five = || Some(Type::tensor(dtype, Some(Shape::new(vec![Dim::Unknown; 5]))));
    let axis = step.hold_ints(&[2])?;
    let apart = step.emit_typed(OpType::Unsqueeze, &[x, axis], &[], five());
    let repeated = step.hold_ints(&[1, 1, each, 1, 1])?;
    let wide = step.emit_typed(OpType::Expand, &[apart, repeated], &[], five());
    let shape = step.emit_typed(OpType::Shape, &[x], &[], None);
    let (head, last) = (step.hold_ints(&[0, queries])?, step.hold_ints(&[2])?);
    let end = step.hold_ints(&[4])?;
    let tail = step.emit_typed(OpType::Slice, &[shape, last, end], &[], None);
    let shape = step.emit_typed(OpType::Concat, &[head, tail], &[("axis", AttributeValue::Int(0))], None);
    Ok(step.emit_typed(OpType::Reshape, &[wide, shape], &[], Some(four(dtype))))
}

/// What stands where the mask is: zero, or −∞.
fn masked(step: &mut Step<'_>, scores: ValueId, mask: ValueId, dtype: DType) -> Result<ValueId, String> {
    let mut bias = mask;
    if step.ty(mask).and_then(Type::dtype).ok_or("the element type of the mask is not known")? == DType::Bool {
        let (zero, least) = (step.hold_float(0.0, dtype)?, step.hold_float(f64::NEG_INFINITY, dtype)?);
        bias = step.emit_typed(OpType::Where, &[mask, zero, least], &[], Some(Type::tensor(dtype, None)));
    }
    Ok(step.emit_typed(OpType::Add, &[scores, bias], &[], Some(four(dtype))))
}

/// A mask that hides what comes later; lengths have to be known.
fn causal(step: &mut Step<'_>, queries: u64, keys: u64, past: u64) -> Result<ValueId, String> {
    let count = queries.checked_mul(keys).filter(|&count| count <= 1 << 22).ok_or("a causal mask that is too large")?;
    let mut seen = Vec::with_capacity(usize::try_from(count).unwrap_or_default());
    for query in 0..queries {
        seen.extend((0..keys).map(|key| u8::from(key <= query.saturating_add(past))));
    }
    step.hold(Tensor::new("", DType::Bool, vec![queries, keys], seen))
}

/// Attention, down.
pub(super) fn attention(step: &mut Step<'_>) -> Outcome {
    if step.takes(3) {
        return Err("the product of queries and keys as an output".to_owned());
    }
    let (query, key, value, dtype) = (step.input(0)?, step.input(1)?, step.input(2)?, step.dtype(0)?);
    if step.dtype(1)? != dtype || step.dtype(2)? != dtype {
        return Err("queries, keys and values of several types".to_owned());
    }
    let heads = |step: &Step<'_>, name: &str, input: usize| -> Result<i64, String> {
        match step.int(name)? {
            Some(heads) if heads > 0 => Ok(heads),
            _ => i64::try_from(step.dim(input, 1)?).map_err(|_| "too many heads".to_owned()),
        }
    };
    let joined = step.rank(0)? == 3;
    let (queries, own) = (heads(step, "q_num_heads", 0)?, heads(step, "kv_num_heads", 1)?);
    let size =
        if joined { step.dim(0, 2)?.checked_div(queries.unsigned_abs()).unwrap_or_default() } else { step.dim(0, 3)? };
    #[expect(clippy::cast_precision_loss, reason = "a head is small")]
    let scale = step.float("scale")?.map_or_else(|| 1.0 / (size as f64).sqrt(), f64::from);
    let hidden = if step.int("is_causal")?.unwrap_or(0) == 0 {
        None
    } else {
        let axis = if joined { 1 } else { 2 };
        let past = if step.has(4) { step.dim(4, 2)? } else { 0 };
        let (rows, new) = (step.dim(0, axis)?, step.dim(1, axis)?);
        Some(causal(step, rows, new.saturating_add(past), past)?)
    };

    let (mut q, mut k, mut v) = (query, key, value);
    if joined {
        q = split_heads(step, query, queries, dtype)?;
        k = split_heads(step, key, own, dtype)?;
        v = split_heads(step, value, own, dtype)?;
    }
    k = with_past(step, 4, 1, k, dtype);
    v = with_past(step, 5, 2, v, dtype);
    k = repeat_heads(step, k, queries, own, dtype)?;
    v = repeat_heads(step, v, queries, own, dtype)?;

    let root = step.hold_float(scale.sqrt(), dtype)?;
    let q = step.emit_typed(OpType::Mul, &[q, root], &[], Some(four(dtype)));
    let k = step.emit_typed(OpType::Mul, &[k, root], &[], Some(four(dtype)));
    let k = step.emit_typed(OpType::Transpose, &[k], &perm([0, 1, 3, 2]), Some(four(dtype)));
    let mut scores = step.emit_typed(OpType::MatMul, &[q, k], &[], Some(four(dtype)));
    if let Some(cap) = step.float("softcap")?.filter(|&cap| cap > 0.0) {
        let cap = step.hold_float(cap.into(), dtype)?;
        let part = step.emit_typed(OpType::Div, &[scores, cap], &[], Some(four(dtype)));
        let part = step.emit_typed(OpType::Tanh, &[part], &[], Some(four(dtype)));
        scores = step.emit_typed(OpType::Mul, &[part, cap], &[], Some(four(dtype)));
    }
    for mask in [step.node.input(3), hidden].into_iter().flatten() {
        scores = masked(step, scores, mask, dtype)?;
    }
    let precise = match step.int("softmax_precision")? {
        None | Some(0) => dtype,
        Some(code) => crate::ir::spelling::dtype(code).ok_or("a softmax in a type that is not known")?,
    };
    if precise != dtype {
        scores = step.cast(scores, precise);
    }
    let mut shares = step.emit(OpType::Softmax, &[scores], &[("axis", AttributeValue::Int(-1))], scores);
    if step.has(3) {
        // A row in which everything is hidden is zero, not 0/0.
        let truth = Some(Type::tensor(DType::Bool, Some(Shape::new(vec![Dim::Unknown; 4]))));
        let none = step.emit_typed(OpType::IsNaN, &[shares], &[], truth);
        let zero = step.hold_float(0.0, precise)?;
        shares = step.emit(OpType::Where, &[none, zero, shares], &[], shares);
    }
    if precise != dtype {
        shares = step.cast(shares, dtype);
    }
    if !joined {
        return step.end(OpType::MatMul, &[shares, v], &[]);
    }
    let y = step.emit_typed(OpType::MatMul, &[shares, v], &[], Some(four(dtype)));
    let y = step.emit_typed(OpType::Transpose, &[y], &perm([0, 2, 1, 3]), Some(four(dtype)));
    let shape = step.hold(facts::ints(&[0, 0, -1], vec![3]))?;
    step.end(OpType::Reshape, &[y, shape], &[])
}
