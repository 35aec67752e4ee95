//! Rules about the licence of the model.

use super::{Findings, Review};
use crate::error::ErrorKind;
use crate::license::Decision;

/// The model comes under a licence that the policy, and the requirements, allow. One that is for review is refused too: a
/// person who has looked at it adds it to the list of allowed ones.
pub(super) fn allowed(review: &Review<'_>, findings: &mut Findings) {
    let demands = [
        ("the policy", review.policy.license.as_ref()),
        ("the requirements", review.plan.requirements.constraints.license.as_ref()),
    ];
    for (whose, policy) in demands {
        let Some(policy) = policy else { continue };
        let judgement = policy.judge(review.model.license.as_ref());
        let what = match judgement.decision {
            Decision::Allow => continue,
            Decision::Review => "a person must look at the licence",
            Decision::Deny => "the licence is forbidden",
        };
        let message = format!("by {whose} {what}: {}", judgement.reasons.join("; "));
        findings.plan(ErrorKind::InvalidArgument, "plan.license", message);
    }
}
