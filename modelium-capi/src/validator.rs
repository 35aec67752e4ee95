//! A function of the caller's that reviews plans.

use std::ffi::{c_char, c_void};
use std::mem::MaybeUninit;
use std::ptr::NonNull;
use std::sync::{Arc, Mutex, PoisonError};

use modelium_core::descriptor::ModelDescriptor;
use modelium_core::finding::{Finding, Severity};
use modelium_core::plan::ConversionPlan;
use modelium_core::validate::{Policy, Validator};

use crate::arguments::{document, given, text, to_json};
use crate::context::User;
use crate::error::{modelium_error, modelium_status};
use crate::gate::gate;
use crate::pipeline::modelium_pipeline;

/// Reviews a plan before it runs; it can refuse more than the library does, never less.
///
/// `plan` and `model` are documents (`schemas/conversion_plan.json`, `schemas/model_descriptor.json`). What is wrong goes
/// to `modelium_findings_add`; a finding of severity `error` or `danger` refuses the plan. All three live until the
/// function returns. Returning false says that the review could not be done, which refuses the plan too. May be called
/// from any thread that runs a plan, and must not throw or jump out.
pub type modelium_review = Option<
    unsafe extern "C" fn(
        user: *mut c_void,
        plan: *const c_char,
        model: *const c_char,
        findings: *mut modelium_findings,
    ) -> bool,
>;

/// Where a review puts what it found. It lives until the review returns.
#[derive(Default)]
pub struct modelium_findings {
    found: Mutex<Vec<Finding>>,
}

impl modelium_findings {
    fn add(&self, finding: Finding) {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).push(finding);
    }
}

/// What refuses a plan that could not be reviewed.
fn unreviewed(message: impl Into<String>) -> Finding {
    Finding::new("validate.not_reviewed", Severity::Error, message)
}

struct Reviewer {
    function: unsafe extern "C" fn(*mut c_void, *const c_char, *const c_char, *mut modelium_findings) -> bool,
    user: User,
}

impl Validator for Reviewer {
    fn review(&self, plan: &ConversionPlan, model: &ModelDescriptor, _: &Policy) -> Vec<Finding> {
        let (plan, model) = match (to_json(plan), to_json(model)) {
            (Ok(plan), Ok(model)) => (plan, model),
            (Err(error), _) | (_, Err(error)) => return vec![unreviewed(error.to_string())],
        };
        let mut findings = modelium_findings::default();
        // SAFETY: the caller gave the function with its pointer; the other three live until it has returned
        let reviewed = unsafe { (self.function)(self.user.0, plan.as_ptr(), model.as_ptr(), &raw mut findings) };
        if !reviewed {
            findings.add(unreviewed("the caller's validator could not review the plan"));
        }
        findings.found.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Has every plan that this pipeline runs from now on reviewed by a function too. `user` is handed to it as it is, and
/// must live as long as the pipeline.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_pipeline_add_validator(
    pipeline: Option<NonNull<modelium_pipeline>>,
    review: modelium_review,
    user: *mut c_void,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let (pipeline, function) = (given(pipeline, "pipeline")?, given(review, "review")?);
        // SAFETY: the caller's handle; it is changed behind a lock only
        let pipeline = unsafe { pipeline.as_ref() };
        pipeline.add_validator(Arc::new(Reviewer { function, user: User(user) }));
        Ok(())
    })
}

/// Adds what a review found: a document such as `{"code": "site.too_large", "severity": "error", "message": "…"}`
/// (`schemas/finding.json`). One that is not understood refuses the plan.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_findings_add(
    findings: Option<NonNull<modelium_findings>>,
    finding: *const c_char,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        // SAFETY: the handle that the review was given; it is changed behind a lock only
        let findings = unsafe { given(findings, "findings")?.as_ref() };
        // SAFETY: the caller's string
        let read = unsafe { text(finding, "finding") }.map_err(Into::into).and_then(|json| document("finding", json));
        match read {
            Ok(finding) => findings.add(finding),
            Err(error) => {
                findings.add(unreviewed(format!("the caller's validator said something else than a finding: {error}")));
                return Err(error);
            }
        }
        Ok(())
    })
}
