//! A plan in words.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use modelium_core::plan::PlanOutcome;

use crate::arguments::{c_string, give, given, text};
use crate::error::{modelium_error, modelium_status};
use crate::gate::gate;

/// What would be done, what it should take, what was rejected and why, as text for people. `outcome` is the document that
/// `modelium_pipeline_plan` gave.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_plan_explain(
    outcome: *const c_char,
    explanation: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let slot = given(explanation, "explanation")?;
        // SAFETY: the caller's string
        let outcome = PlanOutcome::from_json(unsafe { text(outcome, "outcome") }?.as_bytes())?;
        give(slot, c_string(outcome.explain().to_string()));
        Ok(())
    })
}
