//! Status codes and the error object.

use std::ffi::{CString, c_char};
use std::ptr;

use modelium_core::{Error, ErrorKind};

use crate::arguments::{c_string, to_json};
use crate::gate::gate;

/// What became of a call. Further codes may come; treat those that you do not know as a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub enum modelium_status {
    /// It worked; out-parameters are written.
    Ok = 0,
    /// The operating system refused: not found, no permission, disk full.
    Io,
    /// The bytes are not what their format says they must be.
    Malformed,
    /// Well formed, and beyond what this version can do.
    Unsupported,
    /// A cap was reached: of the limits, or of a step of a plan.
    LimitExceeded,
    /// Going on could run or reach something that was not meant to.
    UnsafeContent,
    /// The caller asked for something that makes no sense: NULL, text that is not UTF-8, JSON with a wrong field.
    InvalidArgument,
    /// No plan leads from this model to what is wanted.
    NoRoute,
    /// Two models that must compute the same do not.
    Mismatch,
    /// A backend failed: a runtime, a server, a worker.
    Backend,
    /// The caller cancelled.
    Cancelled,
    /// A defect of modelium itself.
    Internal,
}

impl From<ErrorKind> for modelium_status {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Io => Self::Io,
            ErrorKind::Malformed => Self::Malformed,
            ErrorKind::Unsupported => Self::Unsupported,
            ErrorKind::LimitExceeded => Self::LimitExceeded,
            ErrorKind::UnsafeContent => Self::UnsafeContent,
            ErrorKind::InvalidArgument => Self::InvalidArgument,
            ErrorKind::NoRoute => Self::NoRoute,
            ErrorKind::Mismatch => Self::Mismatch,
            ErrorKind::Backend => Self::Backend,
            ErrorKind::Cancelled => Self::Cancelled,
            _ => Self::Internal,
        }
    }
}

/// The stable name of a status, as JSON documents spell it: `"ok"`, `"io"`, `"malformed"`, …; `"unknown"` for a number
/// that is none. It lives as long as the library; do not free it.
#[unsafe(no_mangle)]
pub extern "C" fn modelium_status_name(status: i32) -> *const c_char {
    const NAMES: [&std::ffi::CStr; 12] = [
        c"ok",
        c"io",
        c"malformed",
        c"unsupported",
        c"limit_exceeded",
        c"unsafe_content",
        c"invalid_argument",
        c"no_route",
        c"mismatch",
        c"backend",
        c"cancelled",
        c"internal",
    ];
    let name = usize::try_from(status).ok().and_then(|status| NAMES.get(status));
    name.map_or(c"unknown", |name| name).as_ptr()
}

/// Why a call failed: status, one line, and the facts as JSON. Free it with `modelium_error_free`.
#[derive(Debug)]
pub struct modelium_error {
    status: modelium_status,
    message: CString,
    report: CString,
}

impl modelium_error {
    pub(crate) fn new(error: &Error) -> Self {
        Self {
            status: error.kind().into(),
            message: c_string(error.to_string()),
            report: to_json(&error.to_report()).unwrap_or_default(),
        }
    }

    pub(crate) fn status(&self) -> modelium_status {
        self.status
    }
}

/// The status that the failed call returned; `MODELIUM_STATUS_OK` for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn modelium_error_status(error: Option<&modelium_error>) -> modelium_status {
    error.map_or(modelium_status::Ok, modelium_error::status)
}

/// One line: what was found, what was expected, where. Empty for NULL. It lives as long as the error; do not free it.
#[unsafe(no_mangle)]
pub extern "C" fn modelium_error_message(error: Option<&modelium_error>) -> *const c_char {
    error.map_or(c"", |error| error.message.as_c_str()).as_ptr()
}

/// The facts as JSON: kind, message, location, and notes that tell what to do next. `schemas/error_report.json` is the
/// schema. NULL for NULL. It lives as long as the error; do not free it.
#[unsafe(no_mangle)]
pub extern "C" fn modelium_error_report(error: Option<&modelium_error>) -> *const c_char {
    error.map_or(ptr::null(), |error| error.report.as_ptr())
}

/// Frees an error; NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn modelium_error_free(error: Option<Box<modelium_error>>) {
    gate(None, || {
        drop(error);
        Ok(())
    });
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::*;

    #[test]
    fn statuses_follow_the_kinds_in_number_and_name() {
        for (number, kind) in (1..).zip(ErrorKind::ALL) {
            assert_eq!(modelium_status::from(kind) as i32, number);
            // SAFETY: a string that lives as long as the library
            let name = unsafe { CStr::from_ptr(modelium_status_name(number)) };
            assert_eq!(name.to_str(), Ok(kind.as_str()));
        }
    }
}
