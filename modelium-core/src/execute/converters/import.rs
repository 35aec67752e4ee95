//! Reads the model into the IR.

use crate::artifact::Sink;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::execute::{Converter, Done, Gives, Work};
use crate::plan::Operation;
use crate::registry::Registry;

pub(super) struct Import(pub(super) Registry);

impl Converter for Import {
    fn operation(&self) -> &'static str {
        "import"
    }

    fn convert(&self, work: Work<'_>, _: &mut dyn Sink, cx: &Context) -> Result<Done> {
        let Operation::Import { format } = work.operation else {
            return Err(super::not_mine(self.operation(), work.operation.name()));
        };
        let importer = self
            .0
            .importer(format)
            .ok_or_else(|| Error::new(ErrorKind::Unsupported, format!("nothing here reads models in '{format}'")))?;
        let model = importer.import(work.model, cx)?;
        let log = vec![format!("{} nodes", model.graph.node_count())];
        Ok(Done { log, ..Done::new(Gives::Model(Box::new(model))) })
    }
}
