//! Writes the IR to files.

use crate::artifact::Sink;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::execute::{Converter, Done, Gives, Work};
use crate::ir;
use crate::plan::Operation;
use crate::registry::Registry;

pub(super) struct Export(pub(super) Registry);

impl Converter for Export {
    fn operation(&self) -> &'static str {
        "export"
    }

    fn convert(&self, work: Work<'_>, out: &mut dyn Sink, cx: &Context) -> Result<Done> {
        let Operation::Export { format, file, weights } = work.operation else {
            return Err(super::not_mine(self.operation(), work.operation.name()));
        };
        let exporter = self
            .0
            .exporter(format)
            .ok_or_else(|| Error::new(ErrorKind::Unsupported, format!("nothing here writes '{format}'")))?;
        let model = work.input.into_model()?;
        exporter.export(ir::check(&model, cx)?, file, *weights, out, cx)?;
        Ok(Done::new(Gives::Written { main: file.clone() }))
    }
}
