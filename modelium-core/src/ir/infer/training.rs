//! Optimisers of the domain `ai.onnx.preview.training`.

use crate::ir::infer::call::{Call, Outcome, Rule};
use crate::ir::schema::OpType;

pub(super) fn rule(op: &OpType) -> Option<Rule> {
    Some(match op {
        OpType::Adagrad | OpType::Momentum => |call| optimise(call, 3),
        OpType::Adam => |call| optimise(call, 4),
        _ => return None,
    })
}

/// Rate, count, then `groups` lists of tensors: what is trained, its gradients, and what the optimiser remembers. What
/// comes out has the shapes of what is trained, list after list.
fn optimise(call: &mut Call<'_, '_>, groups: usize) -> Outcome {
    let trained = (call.node.inputs.len().saturating_sub(2) / groups).max(1);
    for output in 0..call.node.outputs.len() {
        let input = 2 + output % trained;
        let dtype = call.dtype(input);
        call.typed(output, dtype);
        call.like(output, input)?;
    }
    Ok(())
}
