//! Rules about the document: its version, its size, the model it is bound to, what it says was wanted.

use super::{Findings, Review, shown};
use crate::descriptor::FileRole;
use crate::error::ErrorKind;
use crate::plan::{DimRange, MAX_DOCUMENT_BYTES, PLAN_SCHEMA, check_name, dynamic_axes};

/// The version of the plan's shape is the one that this version reads.
pub(super) fn schema(review: &Review<'_>, findings: &mut Findings) {
    let found = review.plan.schema;
    if found != PLAN_SCHEMA {
        let message = format!("the plan has schema version {found}, this version reads {PLAN_SCHEMA}");
        findings.plan(ErrorKind::Unsupported, "plan.schema", message);
    }
}

/// The plan can be written down: its document is no longer than what can be read again.
pub(super) fn size(review: &Review<'_>, findings: &mut Findings) {
    let bytes = review.plan.to_json().map_or(usize::MAX, |document| document.len());
    if bytes > MAX_DOCUMENT_BYTES {
        let message = format!("the plan's document has {bytes} bytes, at most {MAX_DOCUMENT_BYTES} can be read again");
        findings.plan(ErrorKind::LimitExceeded, "plan.size", message);
    }
}

/// The plan is for this model: same format, same files, by digest where the descriptor has them.
pub(super) fn model(review: &Review<'_>, findings: &mut Findings) {
    let (bound, model) = (&review.plan.model, review.model);
    if bound.format != model.format {
        let message = format!("the plan is for a model in '{}', this one is in '{}'", bound.format, model.format);
        findings.plan(ErrorKind::InvalidArgument, "plan.other_model", message);
    }
    for file in bound.files.iter().filter(|file| !is_sha256(&file.sha256)) {
        let message = format!(
            "the digest of '{}' is '{}', not 64 lower-case hexadecimal digits",
            shown(&file.name),
            shown(&file.sha256)
        );
        findings.plan(ErrorKind::InvalidArgument, "plan.digest", message);
    }
    let parts = || model.files.iter().filter(|file| file.role != FileRole::Other);
    for part in parts() {
        match bound.files.iter().find(|file| file.name == part.name) {
            None => {
                let message = format!("the plan is not bound to the model's file '{}'", shown(&part.name));
                findings.plan(ErrorKind::InvalidArgument, "plan.other_model", message);
            }
            Some(file) if file.bytes != part.bytes || part.sha256.as_ref().is_some_and(|sha| *sha != file.sha256) => {
                let message = format!("the plan is for another content of '{}'; plan again", shown(&part.name));
                findings.plan(ErrorKind::InvalidArgument, "plan.other_model", message);
            }
            Some(_) => {}
        }
    }
    for file in bound.files.iter().filter(|file| !parts().any(|part| part.name == file.name)) {
        let message = format!("the plan is bound to '{}', which is no file of the model", shown(&file.name));
        findings.plan(ErrorKind::InvalidArgument, "plan.other_model", message);
    }
}

/// What was wanted makes sense: names, ranges, tolerance, precision.
pub(super) fn requirements(review: &Review<'_>, findings: &mut Findings) {
    let want = &review.plan.requirements;
    if let Some(Err(reason)) = want.name.as_deref().map(check_name) {
        let message = format!("the name '{}' cannot be a folder: {reason}", shown(want.name.as_deref().unwrap_or("")));
        findings.plan(ErrorKind::InvalidArgument, "plan.name", message);
    }
    if let Err(reason) = want.precision.reach(review.model) {
        let message = format!("precision '{}' cannot be had: {reason}", want.precision.as_str());
        findings.plan(ErrorKind::Unsupported, "plan.precision", message);
    }
    if let Some(Err(reason)) = want.constraints.tolerance.map(|tolerance| tolerance.check()) {
        findings.plan(ErrorKind::InvalidArgument, "plan.tolerance", reason);
    }
    let ranges = want.workload.dims.iter().map(|(name, range)| (name.as_str(), *range));
    for (name, range) in ranges.chain(want.workload.batch.map(|range| ("the batch", range))) {
        let DimRange { min, max } = range;
        if min == 0 || min > max {
            let message = format!(
                "the range of '{}' is {min} to {max}; it must start at 1 or above and not end before",
                shown(name)
            );
            findings.plan(ErrorKind::InvalidArgument, "plan.range", message);
        }
    }
    let axes = dynamic_axes(review.model);
    for name in want.workload.dims.keys().filter(|name| !axes.contains_key(*name)) {
        let message = format!("the workload names the dimension '{}', which the model does not have", shown(name));
        findings.plan(ErrorKind::InvalidArgument, "plan.unknown_dimension", message);
    }
}

/// The caller's own samples, if any, are bound to their content.
pub(super) fn samples_file(review: &Review<'_>, findings: &mut Findings) {
    let Some(samples) = &review.plan.requirements.samples else { return };
    if samples.path.is_empty() || samples.path.contains('\0') {
        let message = format!("'{}' cannot be the path of the samples", shown(&samples.path));
        findings.plan(ErrorKind::InvalidArgument, "plan.samples", message);
    }
    if !is_sha256(&samples.sha256) {
        let message =
            format!("the digest of the samples is '{}', not 64 lower-case hexadecimal digits", shown(&samples.sha256));
        findings.plan(ErrorKind::InvalidArgument, "plan.digest", message);
    }
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
