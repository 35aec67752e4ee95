//! Errors across the border: a core error becomes the Python exception of its kind, and a Python exception that a
//! callback raised comes back unchanged.

use std::sync::Mutex;

use modelium_core::{Error, ErrorKind};
use pyo3::prelude::*;

/// Keeps the exception that a Python callback raised while the core was at work, so that it can be raised again as it
/// was once the core has come back with its own error.
#[derive(Default)]
pub(crate) struct Raised(Mutex<Option<PyErr>>);

impl Raised {
    /// Keeps the first exception.
    pub(crate) fn keep(&self, error: PyErr) {
        let mut slot = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        slot.get_or_insert(error);
    }

    /// What a call gives back: the callback's own exception if there was one, else the core's error as an exception.
    pub(crate) fn settle<T>(&self, py: Python<'_>, result: Result<T, Error>) -> PyResult<T> {
        let raised = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        match (result, raised) {
            (Ok(value), None) => Ok(value),
            (_, Some(raised)) => Err(raised),
            (Err(error), None) => Err(to_python(py, &error)),
        }
    }
}

/// The exception for an error.
pub(crate) fn to_python(py: Python<'_>, error: &Error) -> PyErr {
    let build = || -> PyResult<PyErr> {
        let report = crate::json::to_python(py, &error.to_report())?;
        let exception = py.import("modelium.errors")?.call_method1("from_report", (report, error.to_string()))?;
        Ok(PyErr::from_value(exception))
    };
    build().unwrap_or_else(|broken| broken)
}

/// The error for an exception that a host's object raised, where it cannot come back as it is.
pub(crate) fn from_python(py: Python<'_>, what: &str, error: &PyErr) -> Error {
    let kind = error
        .value(py)
        .getattr("kind")
        .ok()
        .and_then(|kind| kind.extract::<String>().ok())
        .and_then(|kind| ErrorKind::ALL.into_iter().find(|known| known.as_str() == kind));
    Error::new(kind.unwrap_or(ErrorKind::Backend), format!("{what}: {error}"))
}
