//! Rules about what steps may use and are expected to take.

use super::{Findings, Review};
use crate::error::ErrorKind;
use crate::plan::Interval;

/// Limits stay within the policy.
pub(super) fn policy(review: &Review<'_>, findings: &mut Findings) {
    let policy = review.policy;
    for step in &review.plan.steps {
        let limits = &step.limits;
        if limits.network && !policy.allow_network {
            let message = "it asks for the network, which the policy forbids";
            findings.step(step, ErrorKind::UnsafeContent, "plan.network", message);
        }
        if limits.wall_seconds == 0 || limits.wall_seconds > policy.max_wall_seconds {
            let (found, cap) = (limits.wall_seconds, policy.max_wall_seconds);
            let message = format!("it asks for {found} s, the policy allows 1 to {cap}");
            findings.step(step, ErrorKind::LimitExceeded, "plan.wall_limit", message);
        }
        if limits.memory_bytes == 0 || limits.memory_bytes > policy.max_memory_bytes {
            let (found, cap) = (limits.memory_bytes, policy.max_memory_bytes);
            let message = format!("it asks for {found} bytes of memory, the policy allows 1 to {cap}");
            findings.step(step, ErrorKind::LimitExceeded, "plan.memory_limit", message);
        }
    }
}

/// Limits stay within what the caller wanted.
pub(super) fn requirements(review: &Review<'_>, findings: &mut Findings) {
    let constraints = &review.plan.requirements.constraints;
    for step in &review.plan.steps {
        let memory = constraints.max_memory_bytes.filter(|cap| step.limits.memory_bytes > *cap);
        if let Some(cap) = memory {
            let found = step.limits.memory_bytes;
            let message = format!("it asks for {found} bytes of memory, the requirements allow {cap}");
            findings.step(step, ErrorKind::LimitExceeded, "plan.memory_limit", message);
        }
        if let Some(cap) = constraints.max_seconds.filter(|cap| step.limits.wall_seconds > *cap) {
            let found = step.limits.wall_seconds;
            let message = format!("it asks for {found} s, the requirements allow {cap}");
            findings.step(step, ErrorKind::LimitExceeded, "plan.wall_limit", message);
        }
    }
}

/// Expectations are numbers, and their ends are in order.
pub(super) fn expectations(review: &Review<'_>, findings: &mut Findings) {
    for step in &review.plan.steps {
        let expect = &step.expect;
        for (what, interval) in
            [("seconds", &expect.seconds), ("peak_bytes", &expect.peak_bytes), ("bytes_out", &expect.bytes_out)]
        {
            let Interval { low, high, .. } = *interval;
            if !(low.is_finite() && high.is_finite() && 0.0 <= low && low <= high) {
                let message = format!("its {what} are expected between {low} and {high}, which is no interval");
                findings.step(step, ErrorKind::InvalidArgument, "plan.interval", message);
            }
        }
    }
}
