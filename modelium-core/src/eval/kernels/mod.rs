//! Kernels: one file for each family of operators.

mod activation;
mod attention;
mod axis;
mod binary;
mod cast;
mod conv;
mod conv_transpose;
mod deform;
mod einsum;
mod identity;
mod linear_attention;
mod logic;
mod loss;
mod matmul;
mod normalization;
mod pool;
mod quantize;
mod random;
mod recurrent;
mod reduce;
mod roi;
mod rotary;
mod signal;
mod unary;
mod window;

use crate::eval::call::Kernel;
use crate::ir::OpType;

/// The families. Each knows its operators.
const FAMILIES: &[fn(&OpType) -> Option<Kernel>] = &[
    // arithmetic
    unary::kernel,
    activation::kernel,
    binary::kernel,
    logic::kernel,
    cast::kernel,
    reduce::kernel,
    axis::kernel,
    matmul::kernel,
    einsum::kernel,
    conv::kernel,
    conv_transpose::kernel,
    deform::kernel,
    pool::kernel,
    roi::kernel,
    normalization::kernel,
    quantize::kernel,
    recurrent::kernel,
    attention::kernel,
    linear_attention::kernel,
    rotary::kernel,
    signal::kernel,
    loss::kernel,
    random::kernel,
    // movement of data
    identity::kernel,
];

/// The kernel of an operator.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    FAMILIES.iter().find_map(|family| family(op))
}
