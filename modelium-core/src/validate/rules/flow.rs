//! Rules about the graph of steps.

use std::collections::HashSet;

use super::{Findings, Review, shown};
use crate::error::ErrorKind;
use crate::plan::{Kind, OnFailure, check_name};

/// There are steps, and not too many.
pub(super) fn counts(review: &Review<'_>, findings: &mut Findings) {
    let (found, cap) = (review.plan.steps.len() as u64, review.policy.max_steps);
    if found == 0 {
        findings.plan(ErrorKind::InvalidArgument, "plan.empty", "the plan has no steps");
    }
    if found > cap {
        let message = format!("the plan has {found} steps, the policy allows {cap}");
        findings.plan(ErrorKind::LimitExceeded, "plan.too_many_steps", message);
    }
}

/// Ids can be folders, and differ from each other even where case does not count.
pub(super) fn ids(review: &Review<'_>, findings: &mut Findings) {
    let mut seen = HashSet::new();
    for step in &review.plan.steps {
        if let Err(reason) = check_name(&step.id) {
            let message = format!("the id '{}' cannot be a folder: {reason}", shown(&step.id));
            findings.step(step, ErrorKind::UnsafeContent, "plan.id", message);
        }
        if !seen.insert(step.id.to_ascii_lowercase()) {
            let message = format!("two steps have the id '{}'", shown(&step.id));
            findings.step(step, ErrorKind::InvalidArgument, "plan.duplicate_id", message);
        }
    }
}

/// Each step needs exactly what its operation takes, from steps that stand before it.
pub(super) fn needs(review: &Review<'_>, findings: &mut Findings) {
    let plan = review.plan;
    for (position, step) in plan.steps.iter().enumerate() {
        let takes = step.operation.takes();
        let wanted = usize::from(!takes.is_empty());
        if step.needs.len() != wanted {
            let message = format!("{} needs {wanted} steps, found {}", step.operation.name(), step.needs.len());
            findings.step(step, ErrorKind::InvalidArgument, "plan.needs", message);
            continue;
        }
        for id in &step.needs {
            match plan.steps.iter().position(|other| other.id == *id).map(|at| (at, &plan.steps[at])) {
                None => {
                    let message = format!("it needs '{}', which is no step of the plan", shown(id));
                    findings.step(step, ErrorKind::InvalidArgument, "plan.missing_step", message);
                }
                Some((at, other)) => {
                    if at >= position {
                        let message = format!("it needs '{}', which does not stand before it", shown(id));
                        findings.step(step, ErrorKind::InvalidArgument, "plan.order", message);
                    }
                    let given = other.operation.gives();
                    if !takes.contains(&given) {
                        let expected = takes.iter().map(Kind::to_string).collect::<Vec<_>>().join(" or ");
                        let (name, found) = (step.operation.name(), other.operation.name());
                        let message = format!("{name} takes {expected}, and {found} '{}' gives {given}", shown(id));
                        findings.step(step, ErrorKind::InvalidArgument, "plan.kind", message);
                    }
                }
            }
        }
    }
}

/// No step waits for itself, stand-ins included.
pub(super) fn circles(review: &Review<'_>, findings: &mut Findings) {
    for circle in review.plan.flow().circles() {
        let ids = circle.iter().take(8).map(|id| shown(id)).collect::<Vec<_>>().join(", ");
        findings.plan(ErrorKind::InvalidArgument, "plan.circle", format!("steps wait for each other: {ids}"));
    }
}

/// A step that stands in for another one exists, and gives the same kind of thing.
pub(super) fn stand_ins(review: &Review<'_>, findings: &mut Findings) {
    for step in &review.plan.steps {
        match &step.on_failure {
            OnFailure::Stop => {}
            OnFailure::Retry { times } => {
                let cap = review.policy.max_retries;
                if *times > cap {
                    let message = format!("it asks for {times} further attempts, the policy allows {cap}");
                    findings.step(step, ErrorKind::LimitExceeded, "plan.retries", message);
                }
            }
            OnFailure::Degrade { to } => match review.plan.step(to) {
                None => {
                    let message = format!("'{}' should stand in for it and is no step of the plan", shown(to));
                    findings.step(step, ErrorKind::InvalidArgument, "plan.missing_step", message);
                }
                Some(other) if other.operation.gives() != step.operation.gives() => {
                    let (own, given) = (step.operation.gives(), other.operation.gives());
                    let message = format!("it gives {own}, and '{}', which should stand in for it, {given}", shown(to));
                    findings.step(step, ErrorKind::InvalidArgument, "plan.kind", message);
                }
                Some(_) => {}
            },
        }
    }
}

/// Exactly one step gives the result, and every other step leads to it.
pub(super) fn one_result(review: &Review<'_>, findings: &mut Findings) {
    let results: Vec<_> = review.plan.steps.iter().filter(|step| step.operation.gives() == Kind::Package).collect();
    let [result] = results.as_slice() else {
        let message = format!("a plan has one step that packages the result, found {}", results.len());
        findings.plan(ErrorKind::InvalidArgument, "plan.result", message);
        return;
    };
    let flow = review.plan.flow();
    for step in review.plan.steps.iter().filter(|step| !flow.waits_for(&result.id, &step.id)) {
        let message = format!("it leads nowhere: nothing that leads to '{}' needs it", shown(&result.id));
        findings.step(step, ErrorKind::InvalidArgument, "plan.loose_step", message);
    }
}

/// What is packaged is proven, unless the requirements allow otherwise and the policy does not insist.
pub(super) fn proof(review: &Review<'_>, findings: &mut Findings) {
    let (plan, policy) = (review.plan, review.policy);
    if plan.requirements.constraints.allow_unproven && !policy.require_parity {
        return;
    }
    for step in plan.steps.iter().filter(|step| step.operation.gives() == Kind::Package) {
        let given = step.needs.iter().filter_map(|id| plan.step(id)).map(|needed| needed.operation.gives());
        if given.into_iter().any(|kind| kind != Kind::ProvenFiles) {
            let who = if policy.require_parity { "the policy requires it" } else { "allow_unproven is not set" };
            let message = format!("it packages files without a proof of parity, and {who}");
            findings.step(step, ErrorKind::InvalidArgument, "plan.unproven", message);
        }
    }
}
