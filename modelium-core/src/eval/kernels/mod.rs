//! Kernels: one file for each family of operators.

mod identity;

use crate::eval::call::Kernel;
use crate::ir::OpType;

/// The families. Each knows its operators.
const FAMILIES: &[fn(&OpType) -> Option<Kernel>] = &[
    // arithmetic
    // movement of data
    identity::kernel,
];

/// The kernel of an operator.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    FAMILIES.iter().find_map(|family| family(op))
}
