//! Kernels: one file for each family of operators.

mod boxes;
mod col2im;
mod constant;
mod control;
mod flex_attention;
mod gather;
mod grid;
mod identity;
mod join;
mod mersenne;
mod ml;
mod order;
mod pad;
mod pick;
mod reals;
mod resize;
mod sampling;
mod scan;
mod scatter;
mod sequence;
mod shape;
mod slice;
mod strided;
mod strings;
mod tfidf;
mod transpose;

use crate::eval::call::Kernel;
use crate::ir::OpType;

pub(super) use constant::scattered;

/// The families. Each knows its operators.
const FAMILIES: &[fn(&OpType) -> Option<Kernel>] = &[
    // arithmetic
    // movement of data
    identity::kernel,
    constant::kernel,
    shape::kernel,
    transpose::kernel,
    join::kernel,
    slice::kernel,
    pad::kernel,
    gather::kernel,
    scatter::kernel,
    sequence::kernel,
    control::kernel,
    scan::kernel,
    order::kernel,
    boxes::kernel,
    resize::kernel,
    grid::kernel,
    col2im::kernel,
    strings::kernel,
    tfidf::kernel,
    ml::kernel,
    flex_attention::kernel,
];

/// The kernel of an operator.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    FAMILIES.iter().find_map(|family| family(op))
}
