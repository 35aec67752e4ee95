//! Rules about each operation on its own.

use std::collections::BTreeMap;

use super::{Findings, Review, shown};
use crate::descriptor::{Dimension, FileRole};
use crate::error::ErrorKind;
use crate::formats::Weights;
use crate::plan::{Acceptance, Operation, PackageTarget, Step, Target, check_name, dynamic_axes, unsampled};

/// The policy allows the operation.
pub(super) fn allowed(review: &Review<'_>, findings: &mut Findings) {
    let Some(allowed) = &review.policy.operations else { return };
    for step in &review.plan.steps {
        let name = step.operation.name();
        if !allowed.iter().any(|one| one == name) {
            let message = format!("the policy does not allow the operation '{name}'");
            findings.step(step, ErrorKind::InvalidArgument, "plan.operation", message);
        }
    }
}

/// Names of files stay inside the step's folder, names of models can be folders.
pub(super) fn names(review: &Review<'_>, findings: &mut Findings) {
    for step in &review.plan.steps {
        match &step.operation {
            Operation::Export { file, .. } => {
                if let Some(reason) = file.split('/').find_map(|part| check_name(part).err()) {
                    let message = format!("refusing to write '{}': {reason}", shown(file));
                    findings.step(step, ErrorKind::UnsafeContent, "plan.file_name", message);
                }
            }
            Operation::Package { name, workload, .. } => {
                if let Err(reason) = check_name(name) {
                    let message = format!("the name '{}' cannot be a folder: {reason}", shown(name));
                    findings.step(step, ErrorKind::UnsafeContent, "plan.name", message);
                }
                if *workload != review.plan.requirements.workload {
                    let message = "packages for another workload than the requirements name".to_owned();
                    findings.step(step, ErrorKind::InvalidArgument, "plan.workload", message);
                }
            }
            Operation::Import { .. } | Operation::Simplify { .. } | Operation::Parity { .. } => {}
        }
    }
}

/// Formats are known, the import reads the model's own, and the result holds all of its weights.
pub(super) fn formats(review: &Review<'_>, findings: &mut Findings) {
    let (model, known) = (review.model, &review.policy.capabilities);
    for step in &review.plan.steps {
        match &step.operation {
            Operation::Import { format } => {
                if !known.reads(format) {
                    let message = format!("nothing here reads models in '{}'", shown(format.as_str()));
                    findings.step(step, ErrorKind::Unsupported, "plan.format", message);
                }
                if *format != model.format {
                    let message = format!("it reads '{}', the model is in '{}'", shown(format.as_str()), model.format);
                    findings.step(step, ErrorKind::InvalidArgument, "plan.format", message);
                }
            }
            Operation::Export { format, weights, .. } => {
                if !known.writes(format) {
                    let message = format!("nothing here writes '{}'", shown(format.as_str()));
                    findings.step(step, ErrorKind::Unsupported, "plan.format", message);
                }
                let outside = model.files.iter().find(|file| file.role == FileRole::ExternalData);
                if let (Weights::InPlace, Some(file)) = (weights, outside) {
                    let name = shown(&file.name);
                    let message = format!("it would leave the weights in '{name}', which the result does not hold");
                    findings.step(step, ErrorKind::Unsupported, "plan.weights", message);
                }
            }
            Operation::Simplify { .. } | Operation::Parity { .. } | Operation::Package { .. } => {}
        }
    }
}

/// Passes are known, and not too many.
pub(super) fn passes(review: &Review<'_>, findings: &mut Findings) {
    for step in &review.plan.steps {
        let Operation::Simplify { passes, .. } = &step.operation else { continue };
        let (found, cap) = (passes.len() as u64, review.policy.max_passes);
        if found > cap {
            let message = format!("it runs {found} passes, the policy allows {cap}");
            findings.step(step, ErrorKind::LimitExceeded, "plan.too_many_passes", message);
            continue;
        }
        for pass in passes.iter().filter(|pass| !review.policy.capabilities.passes.contains(pass)) {
            let message = format!("no pass is named '{}'", shown(pass));
            findings.step(step, ErrorKind::Unsupported, "plan.pass", message);
        }
    }
}

/// The runtime is known, the tolerance is one, and the samples fit the model and the step's memory.
pub(super) fn parity(review: &Review<'_>, findings: &mut Findings) {
    let (plan, policy) = (review.plan, review.policy);
    for step in &plan.steps {
        let Operation::Parity { runtime, samples, tolerance } = &step.operation else { continue };
        if !policy.capabilities.runtimes.contains(runtime) {
            let message = format!("no runtime is named '{}'", shown(runtime));
            findings.step(step, ErrorKind::Unsupported, "plan.runtime", message);
        }
        if let Err(reason) = tolerance.check() {
            findings.step(step, ErrorKind::InvalidArgument, "plan.tolerance", reason);
        }
        if samples.own && plan.requirements.samples.is_none() {
            let message = "it runs the caller's own samples, and the requirements name none";
            findings.step(step, ErrorKind::InvalidArgument, "plan.samples", message);
        }
        let (found, cap) = (samples.bindings.len() as u64, policy.max_bindings);
        if found > cap {
            let message = format!("it runs {found} bindings, the policy allows {cap}");
            findings.step(step, ErrorKind::LimitExceeded, "plan.too_many_bindings", message);
            continue;
        }
        if let Some(input) = unsampled(review.model).filter(|_| !samples.own) {
            let message =
                format!("no sample can be made for input '{}' of type {}", shown(&input.name), shown(&input.ty));
            findings.step(step, ErrorKind::Unsupported, "plan.samples", message);
        }
        for binding in &samples.bindings {
            one_binding(review, step, binding, findings);
        }
    }
}

/// A binding gives each symbolic dimension of the model a number, and the inputs then fit the step's memory.
fn one_binding(review: &Review<'_>, step: &Step, binding: &BTreeMap<String, u64>, findings: &mut Findings) {
    let (model, cap) = (review.model, review.policy.max_binding);
    let axes = dynamic_axes(model);
    for name in binding.keys().filter(|name| !axes.contains_key(*name)) {
        let message = format!("it binds the dimension '{}', which the model does not have", shown(name));
        findings.step(step, ErrorKind::InvalidArgument, "plan.unknown_dimension", message);
    }
    for name in axes.keys().filter(|name| !binding.contains_key(*name)) {
        let message = format!("it leaves the dimension '{}' unbound", shown(name));
        findings.step(step, ErrorKind::InvalidArgument, "plan.unbound_dimension", message);
    }
    for (name, value) in binding.iter().filter(|(_, value)| !(1..=cap).contains(*value)) {
        let message = format!("it binds '{}' to {value}, the policy allows 1 to {cap}", shown(name));
        findings.step(step, ErrorKind::LimitExceeded, "plan.binding", message);
    }
    let bytes = model.inputs.iter().map(|input| {
        let shape = input.shape.iter().flatten().enumerate();
        let elements = shape.map(|(at, dim)| match dim {
            Dimension::Known(known) => *known,
            Dimension::Symbol(symbol) => binding.get(symbol).copied().unwrap_or(1),
            Dimension::Unknown => binding.get(&format!("{}.{at}", input.name)).copied().unwrap_or(1),
        });
        let elements = elements.fold(1_u64, u64::saturating_mul);
        input.dtype.and_then(|dtype| dtype.bytes_for(elements)).unwrap_or(elements)
    });
    let (bytes, memory) = (bytes.fold(0, u64::saturating_add), step.limits.memory_bytes);
    if bytes > memory {
        let message = format!("the inputs of one sample take {bytes} bytes, the step may use {memory}");
        findings.step(step, ErrorKind::LimitExceeded, "plan.samples_too_large", message);
    }
}

/// The package is for a target that is there, and for the one that was wanted.
pub(super) fn package(review: &Review<'_>, findings: &mut Findings) {
    for step in &review.plan.steps {
        let Operation::Package { target, .. } = &step.operation else { continue };
        if !review.policy.capabilities.targets.contains(target) {
            let message = format!("nothing here packages for '{}'", target.as_str());
            findings.step(step, ErrorKind::Unsupported, "plan.target", message);
        }
        let wanted = match review.plan.requirements.target {
            Target::Files => PackageTarget::Files,
            Target::Triton => PackageTarget::Triton,
        };
        if *target != wanted {
            let message = format!("it packages for '{}', '{}' was wanted", target.as_str(), wanted.as_str());
            findings.step(step, ErrorKind::InvalidArgument, "plan.target", message);
        }
    }
}

/// Acceptance checks are ones that the operation's result can be held against; a proof is held against its tolerance.
pub(super) fn acceptance(review: &Review<'_>, findings: &mut Findings) {
    for step in &review.plan.steps {
        let parity = matches!(step.operation, Operation::Parity { .. });
        for check in &step.accept {
            let applies = match check {
                Acceptance::WellFormed => {
                    matches!(step.operation, Operation::Import { .. } | Operation::Simplify { .. })
                }
                Acceptance::SameSignature => matches!(step.operation, Operation::Export { .. }),
                Acceptance::MaxBytes { .. } => {
                    matches!(step.operation, Operation::Export { .. } | Operation::Package { .. })
                }
                Acceptance::InParity => parity,
                Acceptance::Lints => matches!(step.operation, Operation::Package { .. }),
            };
            if !applies {
                let message = format!("the check {check:?} does not apply to {}", step.operation.name());
                findings.step(step, ErrorKind::InvalidArgument, "plan.acceptance", message);
            }
        }
        if parity && !step.accept.contains(&Acceptance::InParity) {
            let message = "a proof of parity that does not have to hold proves nothing";
            findings.step(step, ErrorKind::InvalidArgument, "plan.acceptance", message);
        }
    }
}
