//! The guard between a plan and its execution: what is admitted is safe, and can work.
//!
//! [`admit`] runs the built-in rules over a plan, then every [`Validator`] of the host, and alone can make a
//! [`ValidatedPlan`], which is all that an executor takes. Each rule looks at the whole plan and says everything that is
//! wrong with it; a refusal is one error with each finding as a note.
//!
//! ```text
//! rules/document     the document: schema version, digests, numbers, sizes
//! rules/flow         the graph of steps: ids, needs, kinds, circles, stand-ins, proof
//! rules/limits       what steps may use, against the policy and the requirements
//! rules/operations   each operation on its own: known names, safe names, samples that fit the model
//! ```
//!
//! To add a rule: a function `(&Review<'_>, &mut Findings)` in the file of its subject, named in [`rules::ALL`].

mod policy;
mod rules;

use crate::context::Context;
use crate::descriptor::ModelDescriptor;
use crate::error::{Error, ErrorKind, Result};
use crate::finding::{Finding, Severity};
use crate::plan::ConversionPlan;

pub use policy::Policy;

/// A host's own judgement of a plan.
///
/// # Behavior
/// - Findings only: one of severity [`Error`](Severity::Error) or above refuses the plan.
/// - It runs after the built-in rules and only on plans that passed them, so it can refuse more, never less.
pub trait Validator: Send + Sync {
    /// Says what is wrong with the plan.
    fn review(&self, plan: &ConversionPlan, model: &ModelDescriptor, policy: &Policy) -> Vec<Finding>;
}

/// A plan that [`admit`] admitted. It cannot be changed any more.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidatedPlan {
    plan: ConversionPlan,
    digest: String,
    findings: Vec<Finding>,
}

impl ValidatedPlan {
    /// The plan.
    pub fn plan(&self) -> &ConversionPlan {
        &self.plan
    }

    /// SHA-256 of the plan's canonical document.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// What a person should know although the plan was admitted.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The plan, to be changed and admitted again.
    pub fn into_plan(self) -> ConversionPlan {
        self.plan
    }
}

/// Admits a plan for `model` under `policy`, or refuses it.
///
/// # Errors
/// One error with every finding as a note. Its kind is that of the gravest: `UnsafeContent` for what could reach
/// outside, `InvalidArgument` for what makes no sense, `LimitExceeded` for what asks for more than the policy gives,
/// `Unsupported` for what this version or this host cannot do.
#[tracing::instrument(name = "modelium.validate", skip_all, fields(model = plan.model.name, steps = plan.steps.len()))]
pub fn admit(
    plan: ConversionPlan,
    model: &ModelDescriptor,
    policy: &Policy,
    validators: &[&dyn Validator],
    cx: &Context,
) -> Result<ValidatedPlan> {
    cx.tick("validate", 0, 0)?;
    let mut findings = rules::review(&plan, model, policy);
    if findings.is_empty() {
        let own = validators.iter().flat_map(|validator| validator.review(&plan, model, policy));
        findings.extend(own.map(|finding| {
            let kind = if finding.severity == Severity::Danger {
                ErrorKind::UnsafeContent
            } else {
                ErrorKind::InvalidArgument
            };
            (kind, finding)
        }));
    }
    let (refused, kept): (Vec<_>, Vec<_>) =
        findings.into_iter().partition(|(_, finding)| finding.severity >= Severity::Error);
    if let Some(error) = refusal(&refused) {
        return Err(error);
    }
    let digest = plan.digest()?;
    tracing::debug!(target: "modelium.validate", digest, "admitted");
    Ok(ValidatedPlan { plan, digest, findings: kept.into_iter().map(|(_, finding)| finding).collect() })
}

/// One error for all that is wrong; `None` if nothing is.
fn refusal(refused: &[(ErrorKind, Finding)]) -> Option<Error> {
    const GRAVEST_FIRST: [ErrorKind; 3] =
        [ErrorKind::UnsafeContent, ErrorKind::InvalidArgument, ErrorKind::LimitExceeded];
    let (first_kind, first) = refused.first()?;
    let gravest = GRAVEST_FIRST.into_iter().find(|kind| refused.iter().any(|(found, _)| found == kind));
    let more = match refused.len() {
        1 => String::new(),
        n => format!(" (and {} more)", n - 1),
    };
    let message = format!("the plan is refused: {}{more}", first.message);
    let error = Error::new(gravest.unwrap_or(*first_kind), message).with_location(first.location.clone());
    Some(refused.iter().fold(error, |error, (_, finding)| {
        let place = finding.location.item.as_deref().map(|item| format!(" ({item})")).unwrap_or_default();
        let remedy = finding.remedy.as_deref().map(|remedy| format!("; {remedy}")).unwrap_or_default();
        error.with_note(format!("{}: {}{place}{remedy}", finding.code, finding.message))
    }))
}

#[cfg(test)]
mod tests;
