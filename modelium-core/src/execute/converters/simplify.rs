//! Rewrites the graph by the named passes.

use crate::artifact::Sink;
use crate::context::Context;
use crate::error::Result;
use crate::execute::{Converter, Done, Gives, Work};
use crate::passes;
use crate::plan::Operation;
use crate::registry::Registry;

pub(super) struct Simplify(pub(super) Registry);

impl Converter for Simplify {
    fn operation(&self) -> &'static str {
        "simplify"
    }

    fn convert(&self, work: Work<'_>, _: &mut dyn Sink, cx: &Context) -> Result<Done> {
        let Operation::Simplify { passes: names, level } = work.operation else {
            return Err(super::not_mine(self.operation(), work.operation.name()));
        };
        let options = passes::Options { level: *level, ..passes::Options::default() };
        let mut model = work.input.into_model()?;
        let before = model.graph.node_count();
        let rewrites = passes::simplify(&mut model, &passes::by_name(self.0.passes(), names)?, &options, cx)?;
        let log = vec![format!("{before} nodes became {} by {} rewrites", model.graph.node_count(), rewrites.len())];
        Ok(Done { rewrites, log, ..Done::new(Gives::Model(model)) })
    }
}
