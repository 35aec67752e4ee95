//! Proofs of single passes: models in the text of [`sketch`], before and after.
//!
//! ```text
//! becomes(DropIdentities, &["x: float32[n]", "a = Identity(x)", "y = Relu(a)", "-> y"], &["y = Relu(x)"]);
//! ```
//!
//! What is dead after a pass goes as well. Every model is checked after the pass.

use std::sync::Arc;

use crate::context::Context;
use crate::ir::{self, Model, sketch};
use crate::passes::drop_dead::DropDead;
use crate::passes::drop_unused_initializers::DropUnusedInitializers;
use crate::passes::{Options, Pass, simplify};

/// The opset of models that do not say another.
const OPSET: i64 = 21;

/// Asserts that the pass makes of a model one with exactly these initializers and nodes.
#[track_caller]
pub(super) fn becomes(pass: impl Pass + 'static, before: &[&str], after: &[&str]) {
    becomes_at(OPSET, pass, before, after);
}

/// The same at another opset.
#[track_caller]
pub(super) fn becomes_at(opset: i64, pass: impl Pass + 'static, before: &[&str], after: &[&str]) {
    let found = simplified(sketch::model(opset, before), pass);
    assert_eq!(sketch::lines(&found.graph), after, "found:\n{:#?}", sketch::lines(&found.graph));
}

/// Asserts that the pass finds nothing to do.
#[track_caller]
pub(super) fn stays(pass: impl Pass + 'static, lines: &[&str]) {
    stays_at(OPSET, pass, lines);
}

/// The same at another opset.
#[track_caller]
pub(super) fn stays_at(opset: i64, pass: impl Pass + 'static, lines: &[&str]) {
    let model = sketch::model(opset, lines);
    let before = sketch::lines(&model.graph);
    assert_eq!(sketch::lines(&simplified(model, pass).graph), before);
}

/// A model after a pass.
#[track_caller]
pub(super) fn simplified(mut model: Model, pass: impl Pass + 'static) -> Model {
    let cx = Context::new();
    let options = Options { level: pass.level(), growth_bytes: 1 << 20, ..Options::default() };
    let passes: [Arc<dyn Pass>; 3] = [Arc::new(pass), Arc::new(DropDead), Arc::new(DropUnusedInitializers)];
    simplify(&mut model, &passes, &options, &cx).unwrap();
    ir::check(&model, &cx).unwrap();
    model
}
