//! Kernels: one file for each family of operators.

mod activation;
mod attention;
mod axis;
mod binary;
mod boxes;
mod cast;
mod col2im;
mod constant;
mod control;
mod conv;
mod conv_transpose;
mod deform;
mod einsum;
mod flex_attention;
mod gather;
mod grid;
mod identity;
mod join;
mod linear_attention;
mod logic;
mod loss;
mod matmul;
mod mersenne;
mod ml;
mod normalization;
mod order;
mod pad;
mod pick;
mod pool;
mod quantize;
mod random;
mod recurrent;
mod reduce;
mod resize;
mod roi;
mod rotary;
mod sampling;
mod scan;
mod scatter;
mod sequence;
mod shape;
mod signal;
mod slice;
mod strings;
mod tfidf;
mod transpose;
mod unary;
mod window;

use crate::eval::call::Kernel;
use crate::ir::OpType;

pub(super) use constant::scattered;

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
    flex_attention::kernel,
    scan::kernel,
    order::kernel,
    boxes::kernel,
    resize::kernel,
    grid::kernel,
    col2im::kernel,
    strings::kernel,
    tfidf::kernel,
    ml::kernel,
];

/// The kernel of an operator.
pub(super) fn kernel(op: &OpType) -> Option<Kernel> {
    FAMILIES.iter().find_map(|family| family(op))
}
