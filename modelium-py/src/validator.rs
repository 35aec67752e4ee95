//! A Python object with `review(plan, model)` as a validator.

use std::sync::Arc;

use modelium_core::descriptor::ModelDescriptor;
use modelium_core::finding::{Finding, Severity};
use modelium_core::plan::ConversionPlan;
use modelium_core::validate::{Policy, Validator};
use pyo3::prelude::*;

/// Calls the object with the plan and the model as documents; it returns findings.
///
/// A validator that raises, or returns what is not a list of findings, refuses the plan: it cannot have approved of it.
pub(crate) struct HostValidator(Py<PyAny>);

impl HostValidator {
    pub(crate) fn wrap(object: &Bound<'_, PyAny>) -> PyResult<Arc<dyn Validator>> {
        object.getattr("review")?;
        Ok(Arc::new(Self(object.clone().unbind())))
    }
}

impl Validator for HostValidator {
    fn review(&self, plan: &ConversionPlan, model: &ModelDescriptor, _: &Policy) -> Vec<Finding> {
        Python::attach(|py| {
            let reviewed = || -> PyResult<Vec<Finding>> {
                let documents = (crate::json::to_python(py, plan)?, crate::json::to_python(py, model)?);
                let findings = self.0.bind(py).call_method1("review", documents)?;
                crate::json::from_python("validator's findings", &findings)
            };
            reviewed().unwrap_or_else(|error| {
                let message = format!("a validator did not come to a judgement: {error}");
                vec![Finding::new("host.validator_failed", Severity::Error, message)]
            })
        })
    }
}
