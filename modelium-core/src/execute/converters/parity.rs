//! Proves that files compute the same as the model.

use std::collections::BTreeMap;

use crate::artifact::{Artifact, EntryDigest, Sink};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::execute::{Converter, Done, Gives, Work};
use crate::parity::{ParityReport, compare};
use crate::plan::{InputFile, Operation};
use crate::registry::Registry;
use crate::tensor::Tensor;
use crate::wire::npz::read_npz;

pub(super) struct Parity(pub(super) Registry);

impl Converter for Parity {
    fn operation(&self) -> &'static str {
        "parity"
    }

    fn convert(&self, work: Work<'_>, _: &mut dyn Sink, cx: &Context) -> Result<Done> {
        let Operation::Parity { runtime: name, samples, tolerance } = work.operation else {
            return Err(super::not_mine(self.operation(), work.operation.name()));
        };
        let runtime = self
            .0
            .runtime(name)
            .ok_or_else(|| Error::new(ErrorKind::Unsupported, format!("no runtime is named '{name}'")))?;
        let own = match work.samples {
            Some(file) if samples.own => Some(read_own(file, cx)?),
            _ => None,
        };
        let result = work.input.artifact(cx)?;
        let report = compare(work.model, &result, runtime.as_ref(), samples, own.as_ref(), tolerance, cx)?;
        let log = vec![in_words(&report)];
        Ok(Done { parity: Some(report), log, ..Done::new(Gives::Same) })
    }
}

/// The caller's arrays, if the file still is the one that the plan was made with.
fn read_own(file: &InputFile, cx: &Context) -> Result<BTreeMap<String, Tensor>> {
    let artifact = Artifact::open(&file.path, cx)?;
    let name = artifact.entries().next().map(|(name, _)| name.to_owned()).unwrap_or_default();
    let blob = artifact.blob(&name)?;
    let found = EntryDigest::of(&name, &blob, cx)?;
    if found.sha256 != file.sha256 {
        let message = "the samples are not the ones that the plan was made with; plan again";
        return Err(Error::new(ErrorKind::Mismatch, message).with_file(&file.path));
    }
    read_npz(&blob, cx)
}

fn in_words(report: &ParityReport) -> String {
    let verdict = if report.passed { "in parity" } else { "not in parity" };
    let skipped = match report.skipped.len() {
        0 => String::new(),
        n => format!(", {n} skipped because the original does not run on them"),
    };
    format!("{verdict} on {} samples{skipped}", report.samples.len())
}
