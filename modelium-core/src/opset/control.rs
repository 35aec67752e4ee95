//! Operators that run subgraphs.

use crate::opset::step::{Outcome, Step};

/// Scan, down: axes count from the front.
pub(super) fn scan_from_front(step: &mut Step<'_>) -> Outcome {
    for name in ["scan_input_axes", "scan_output_axes"] {
        if step.ints(name)?.is_some_and(|axes| axes.iter().any(|&axis| axis < 0)) {
            return Err("axes that count from the end".to_owned());
        }
    }
    step.keep()
}
