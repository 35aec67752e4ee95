//! Puts the result into the shape that the target expects.

use crate::artifact::Sink;
use crate::context::Context;
use crate::deploy::DeployRequest;
use crate::error::{Error, ErrorKind, Result};
use crate::execute::{Converter, Done, Gives, Work};
use crate::plan::{Operation, PackageTarget};
use crate::registry::Registry;

pub(super) struct Package(pub(super) Registry);

impl Converter for Package {
    fn operation(&self) -> &'static str {
        "package"
    }

    fn convert(&self, work: Work<'_>, out: &mut dyn Sink, cx: &Context) -> Result<Done> {
        let Operation::Package { target, name, workload } = work.operation else {
            return Err(super::not_mine(self.operation(), work.operation.name()));
        };
        if *target == PackageTarget::Files {
            return Ok(Done::new(Gives::Same)); // as they are, where they are
        }
        let deployer = self.0.deployer(target.as_str()).ok_or_else(|| {
            Error::new(ErrorKind::Unsupported, format!("nothing here packages for '{}'", target.as_str()))
        })?;
        let model = work.input.artifact(cx)?;
        let descriptor = self.0.analyze(&model, cx)?;
        let runtime = self.0.runtimes().last().map(AsRef::as_ref);
        let request = DeployRequest { name, model: &model, descriptor: &descriptor, runtime, workload };
        let rendered = deployer.render(&request, out, cx)?;
        let main = rendered.files.first().cloned().unwrap_or_default();
        let log = rendered.files;
        Ok(Done { findings: rendered.findings, log, ..Done::new(Gives::Written { main }) })
    }
}
