//! Drops what the next operator undoes, and what does the same twice.

use crate::ir::{Node, NodeId, OpType, ValueId};
use crate::passes::known::same_dtype;
use crate::passes::{Pass, Patch, View};
use crate::tensor::DType;

/// Drops what the next operator undoes (`Not` of `Not`, `Neg` of `Neg`), what does the same twice (`Relu` of `Relu`), and
/// casts on the way whose type holds every value of the type before.
pub(super) struct Cancel;

impl Pass for Cancel {
    fn name(&self) -> &'static str {
        "cancel"
    }

    fn about(&self) -> &'static str {
        "drop operators that the next one undoes or repeats, and casts on the way that lose nothing"
    }

    fn find(&self, view: &View<'_>) -> Vec<Patch> {
        view.graph.nodes().filter_map(|(id, node)| cancelled(view, id, node)).collect()
    }
}

fn cancelled(view: &View<'_>, id: NodeId, node: &Node) -> Option<Patch> {
    use OpType as O;
    let (input, output) = (node.input(0)?, node.output(0)?);
    if view.is_captured(output) {
        return None;
    }
    let (_, above) = view.produced_by(input, &node.op)?;
    let first = above.input(0)?;
    match node.op {
        O::Not | O::Neg | O::BitwiseNot => Some(Patch::remove([id]).redirect(output, first)),
        // the second one has nothing left to do
        O::Relu | O::Abs | O::Ceil | O::Floor | O::Round | O::Sign => Some(Patch::remove([id]).redirect(output, input)),
        O::Cast if holds(view.dtype(first)?, view.dtype(input)?) => Some(cast(view, id, node, first, output)),
        _ => None,
    }
}

fn cast(view: &View<'_>, id: NodeId, node: &Node, first: ValueId, output: ValueId) -> Patch {
    let patch = Patch::remove([id]);
    if same_dtype(view, first, output) {
        return patch.redirect(output, first);
    }
    let mut patch = patch;
    patch.node_giving(OpType::Cast, [first.into()], node.attributes.clone(), [Some(output)]);
    patch
}

/// True if every value of `from` is one of `to`, so that a cast there and on is a cast on.
fn holds(from: DType, to: DType) -> bool {
    use DType as D;
    let (bits, signed) = match from {
        D::Bool => return !matches!(to, D::String | D::Bool) && whole(to).is_some(),
        D::Float16 | D::Bfloat16 => return matches!(to, D::Float32 | D::Float64),
        D::Float32 => return to == D::Float64,
        other => match integer(other) {
            Some(integer) => integer,
            None => return false,
        },
    };
    match (integer(to), whole(to)) {
        (Some((wide, true)), _) => wide > bits || wide == bits && signed,
        (Some((wide, false)), _) => wide >= bits && !signed,
        (None, Some(exact)) => bits <= exact,
        _ => false,
    }
}

/// Bits of an integer type, and whether it is signed.
fn integer(dtype: DType) -> Option<(u32, bool)> {
    use DType as D;
    Some(match dtype {
        D::Int8 => (8, true),
        D::Int16 => (16, true),
        D::Int32 => (32, true),
        D::Int64 => (64, true),
        D::Uint8 => (8, false),
        D::Uint16 => (16, false),
        D::Uint32 => (32, false),
        D::Uint64 => (64, false),
        _ => return None,
    })
}

/// Bits of the integers that a type of numbers holds exactly.
fn whole(dtype: DType) -> Option<u32> {
    use DType as D;
    Some(match dtype {
        D::Float16 => 11,
        D::Bfloat16 => 8,
        D::Float32 => 24,
        D::Float64 => 53,
        other => integer(other)?.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::proof::{becomes, stays};

    #[test]
    fn twice_not_is_nothing_and_twice_relu_is_once() {
        becomes(Cancel, &["x: bool[n]", "a = Not(x)", "b = Not(a)", "y = Cast(b) to=1", "-> y"], &["y = Cast(x) to=1"]);
        becomes(Cancel, &["x: float32[n]", "a = Relu(x)", "y = Relu(a)", "-> y"], &["y = Relu(x)"]);
    }

    #[test]
    fn casts_that_lose_nothing_go() {
        becomes(Cancel, &["x: int32[n]", "a = Cast(x) to=7", "y = Cast(a) to=1", "-> y"], &["y = Cast(x) to=1"]);
        // 2²⁴ + 1 is no float32
        stays(Cancel, &["x: int32[n]", "a = Cast(x) to=1", "y = Cast(a) to=7", "-> y"]);
    }
}
