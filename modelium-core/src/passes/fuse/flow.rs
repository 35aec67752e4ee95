//! Small questions about a data flow that several fusions ask.

use crate::ir::{AttributeValue, Node, NodeId, OpType, ValueId};
use crate::passes::View;
use crate::passes::known;
use crate::tensor::DType;

/// What a node multiplies its tensor with, if that is a constant number: (tensor, factor).
pub(super) fn scaled(view: &View<'_>, node: &Node) -> Option<(ValueId, f64)> {
    let (value, number) = with_scalar(view, node)?;
    match node.op {
        OpType::Mul => Some((value, number)),
        OpType::Div if node.input(0) == Some(value) && number != 0.0 => Some((value, number.recip())),
        _ => None,
    }
    .filter(|(_, factor)| factor.is_finite() && *factor != 0.0)
}

/// From a value on, which one node alone reads: its product with `x` and with a factor, in any order. The nodes, the last
/// first, and the result.
pub(super) fn times(view: &View<'_>, value: ValueId, x: ValueId, meant: f64) -> Option<(Vec<NodeId>, ValueId)> {
    let (mut nodes, mut value) = (Vec::new(), value);
    let (mut factor, mut seen) = (1.0, false);
    // two products in a row, with x and with the factor, or one with x that has it already
    for _ in 0..2 {
        let (id, node, _) = view.only_reader(value)?;
        if let Some((_, by)) = scaled(view, node).filter(|&(tensor, _)| tensor == value) {
            factor *= by;
        } else if node.op != OpType::Mul || seen {
            return None;
        } else {
            let beside = other(node, value)?;
            if beside != x {
                let (scaling, inner, _) = view.producer(beside)?;
                let (tensor, by) = scaled(view, inner)?;
                if tensor != x || !view.is_read_once(beside) {
                    return None;
                }
                nodes.push(scaling);
                factor *= by;
            }
            seen = true;
        }
        nodes.push(id);
        value = node.output(0)?;
        if seen && close(factor, meant) {
            // the last to come is the first to go: its place and name are taken over
            nodes.reverse();
            return Some((nodes, value));
        }
    }
    None
}

/// The tensor and the constant number that a node of two inputs has, in either order; the number changes no shape.
pub(super) fn with_scalar(view: &View<'_>, node: &Node) -> Option<(ValueId, f64)> {
    let (a, b) = (node.input(0)?, node.input(1)?);
    let number = |number: ValueId, beside: ValueId| {
        let rank = view.tensor(number)?.dims.len();
        (rank == 0 || rank <= view.rank(beside)?).then(|| view.scalar(number)).flatten()
    };
    number(b, a).map(|found| (a, found)).or_else(|| number(a, b).map(|found| (b, found)))
}

/// The inputs of a node of two, first the one for which `is` holds.
pub(super) fn either(node: &Node, is: impl Fn(ValueId) -> bool) -> Option<(ValueId, ValueId)> {
    let (a, b) = (node.input(0)?, node.input(1)?);
    if is(a) {
        return Some((a, b));
    }
    is(b).then_some((b, a))
}

/// The other input of a node of two.
pub(super) fn other(node: &Node, one: ValueId) -> Option<ValueId> {
    either(node, |value| value == one).map(|(_, other)| other)
}

/// True if a number that a file rounded to float32 is the one meant.
pub(super) fn close(found: f64, meant: f64) -> bool {
    (found - meant).abs() <= 1e-5 * meant.abs()
}

/// Where output `slot` of a `Slice` or `Split` is one position of an axis: (axis, position).
pub(super) fn single(view: &View<'_>, node: &Node, slot: u32) -> Option<(usize, i64)> {
    let rank = view.rank(node.input(0)?)?;
    if node.op == OpType::Split {
        let axis = known::axis(node.int("axis").unwrap_or(0), rank)?;
        let parts = node.outputs.len() as u64;
        let equal = node.input(1).is_none() && node.attribute("split").is_none();
        let ones = || known::list(view, node, "split", 1).is_some_and(|split| split.iter().all(|&size| size == 1));
        let whole = view.dims(node.input(0)?)?.get(axis)?.known()?;
        return (whole == parts && (equal || ones())).then_some((axis, slot.into()));
    }
    let one = |values: Option<Vec<i64>>| if let Some([value]) = values.as_deref() { Some(*value) } else { None };
    let start = one(known::list(view, node, "starts", 1))?;
    let end = one(known::list(view, node, "ends", 2))?;
    let on = match (node.attribute("axes"), node.input(3)) {
        (None, None) => 0,
        _ => one(known::list(view, node, "axes", 3))?,
    };
    let step = node.input(4).map_or(Some(1), |steps| one(view.ints(steps)))?;
    let axis = known::axis(on, rank)?;
    let size = i64::try_from(view.dims(node.input(0)?)?.get(axis)?.known()?).ok()?;
    let resolved = |at: i64| if at < 0 { at.saturating_add(size) } else { at.min(size) };
    let (start, end) = (resolved(start), resolved(end));
    (step == 1 && start >= 0 && end == start + 1).then_some((axis, start))
}

/// True for tensors of float32.
pub(super) fn is_float32(view: &View<'_>, value: ValueId) -> bool {
    view.dtype(value) == Some(DType::Float32)
}

/// The reader of a value that one node alone reads, if it is of that operator.
pub(super) fn read_by<'a>(view: &View<'a>, value: ValueId, op: &OpType) -> Option<(NodeId, &'a Node)> {
    let (id, node, _) = view.only_reader(value)?;
    (node.op == *op).then_some((id, node))
}

/// An attribute that is an integer.
pub(super) fn int(name: &str, value: i64) -> crate::ir::Attribute {
    crate::ir::Attribute::new(name, AttributeValue::Int(value))
}

/// An attribute that is a number, as float32 like all of them.
#[expect(clippy::cast_possible_truncation, reason = "attributes are float32")]
pub(super) fn float(name: &str, value: f64) -> crate::ir::Attribute {
    crate::ir::Attribute::new(name, AttributeValue::Float(value as f32))
}

/// An attribute that is a list of integers.
pub(super) fn list(name: &str, values: &[i64]) -> crate::ir::Attribute {
    crate::ir::Attribute::new(name, AttributeValue::Ints(values.to_vec()))
}
