//! The whole of what the official checker refuses: structure, what it alone demands, and types.

use std::collections::BTreeMap;

use crate::context::Context;
use crate::error::Result;
use crate::ir::check::{Checked, check, official, typed};
use crate::ir::graph::Model;
use crate::ir::infer::infer;

/// Checks a model as `onnx.checker.check_model(full_check=True)` does: all that [`check`] demands, what the official
/// checker demands beyond it, and that types and shapes fit each other, their operators and what is declared.
///
/// The verdict is that checker's; `tests/it/check_onnx.rs` compares them and lists the few cases in which ours differs.
/// The error is the first fault in the order of these three.
///
/// # Errors
/// Those of [`check`]; `Malformed` for the rest, a [`CheckError`](super::CheckError) or a
/// [`TypeFault`](crate::ir::infer::TypeFault).
#[tracing::instrument(name = "modelium.check_full", skip_all)]
pub fn check_full<'m>(model: &'m Model, cx: &Context) -> Result<Checked<'m>> {
    let checked = check(model, cx)?;
    official::check(model)?;
    let inferred = infer(model, &BTreeMap::new(), cx)?;
    inferred.well_typed()?;
    typed::check(model, &inferred, cx)?;
    Ok(checked)
}
