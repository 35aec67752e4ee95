//! The planner's trait, and the rules of recovery.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::descriptor::ModelDescriptor;
use crate::error::{ErrorKind, ErrorReport, Result};
use crate::plan::requirements::Requirements;
use crate::plan::types::{ConversionPlan, Environment, OnFailure, PlanOutcome};

/// From what a model is and what is wanted to a plan.
///
/// # Behavior
/// - Pure: the same input gives the same plan, byte for byte. Nothing is read, measured or run.
/// - "It cannot be done" is an outcome with its reasons, not an error.
pub trait Planner: Send + Sync {
    /// Plans. The descriptor carries the digests of the model's files
    /// ([`ModelDescriptor::with_digests`]), to which the plan is bound.
    ///
    /// # Errors
    /// `InvalidArgument` if the requirements contradict themselves or the digests are missing.
    fn plan(
        &self,
        model: &ModelDescriptor,
        want: &Requirements,
        env: &Environment,
        cx: &Context,
    ) -> Result<PlanOutcome>;

    /// What to try after a step failed; by default what the plan says, see [`recover_by_rules`].
    /// An executor follows only where the plan was validated to lead.
    ///
    /// # Errors
    /// None by default; a planner that asks somebody else can fail, which stops the run.
    fn recover(&self, plan: &ConversionPlan, failure: &StepFailure, cx: &Context) -> Result<Recovery> {
        let _ = cx;
        Ok(recover_by_rules(plan, failure))
    }
}

/// A step that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepFailure {
    /// Which.
    pub step: String,
    /// How often it was tried, this time included.
    pub attempts: u32,
    /// Why.
    pub error: ErrorReport,
}

/// What to do about a failed step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "then", rename_all = "snake_case")]
pub enum Recovery {
    /// Run it again.
    Retry,
    /// The steps that need it take the result of another one.
    Degrade {
        /// That step.
        to: String,
    },
    /// The run fails.
    Stop {
        /// Why nothing else is tried.
        reason: String,
    },
}

/// Does what the step's `on_failure` says, where that can help.
///
/// A cancelled run stops, and so does one that came upon unsafe content or an argument that makes no sense: another way
/// to the same place would only hide it. A second attempt is made only where the world may have changed, which is so
/// for `Io` and `Backend`; the same bytes are malformed twice.
pub fn recover_by_rules(plan: &ConversionPlan, failure: &StepFailure) -> Recovery {
    let give_up = |reason: &str| Recovery::Stop { reason: reason.to_owned() };
    let kind = failure.error.kind;
    if matches!(kind, ErrorKind::Cancelled | ErrorKind::UnsafeContent | ErrorKind::InvalidArgument) {
        return give_up(&format!("a failure of kind {} ends the run", kind.as_str()));
    }
    let Some(step) = plan.step(&failure.step) else { return give_up("no such step") };
    match &step.on_failure {
        OnFailure::Stop => give_up("the plan says so"),
        OnFailure::Degrade { to } => Recovery::Degrade { to: to.clone() },
        OnFailure::Retry { .. } if !matches!(kind, ErrorKind::Io | ErrorKind::Backend) => {
            give_up(&format!("a failure of kind {} would only repeat itself", kind.as_str()))
        }
        OnFailure::Retry { times } if failure.attempts > *times => give_up("no attempts are left"),
        OnFailure::Retry { .. } => Recovery::Retry,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::plan::tests::{plan, step};

    fn recover(on_failure: OnFailure, kind: ErrorKind, attempts: u32) -> Recovery {
        let plan = plan(vec![step("a", &[]), crate::plan::Step { on_failure, ..step("b", &["a"]) }]);
        let failure = StepFailure { step: "b".into(), attempts, error: Error::new(kind, "x").to_report() };
        recover_by_rules(&plan, &failure)
    }

    #[test]
    fn attempts_are_counted() {
        let twice = OnFailure::Retry { times: 2 };
        assert_eq!(recover(twice.clone(), ErrorKind::Backend, 2), Recovery::Retry);
        assert!(matches!(recover(twice, ErrorKind::Backend, 3), Recovery::Stop { .. }));
    }

    #[test]
    fn what_would_repeat_itself_is_not_retried() {
        assert!(matches!(recover(OnFailure::Retry { times: 2 }, ErrorKind::Malformed, 1), Recovery::Stop { .. }));
    }

    #[test]
    fn unsafe_content_is_not_worked_around() {
        let spare = OnFailure::Degrade { to: "a".into() };
        assert_eq!(recover(spare.clone(), ErrorKind::Mismatch, 1), Recovery::Degrade { to: "a".into() });
        assert!(matches!(recover(spare, ErrorKind::UnsafeContent, 1), Recovery::Stop { .. }));
    }
}
