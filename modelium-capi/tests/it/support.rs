//! Calls as a C program makes them, and what came of them.

use std::ffi::{CStr, CString, c_char};
use std::mem::MaybeUninit;
use std::path::{Path, PathBuf};

use modelium::*;
use serde_json::Value;

/// A path below the root of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// A string that the library lends.
pub(crate) fn lent<'a>(text: *const c_char) -> &'a str {
    assert!(!text.is_null(), "a string was expected");
    // SAFETY: not NULL, and the library's strings end with a NUL
    unsafe { CStr::from_ptr(text) }.to_str().expect("the library speaks UTF-8")
}

/// What a failed call said.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: modelium_status,
    pub(crate) message: String,
    pub(crate) report: Value,
}

/// Makes a call that gives a `T`: a handle or a string.
///
/// The out-parameter is shown to stay as it was where the call fails, and the error where it succeeds.
pub(crate) fn call<T>(
    make: impl FnOnce(Option<&mut MaybeUninit<*mut T>>, Option<&mut MaybeUninit<*mut modelium_error>>) -> modelium_status,
) -> Result<*mut T, Failure> {
    let untouched = std::ptr::without_provenance_mut::<T>(0x11);
    let no_error = std::ptr::without_provenance_mut::<modelium_error>(0x22);
    let (mut out, mut error) = (MaybeUninit::new(untouched), MaybeUninit::new(no_error));
    let status = make(Some(&mut out), Some(&mut error));
    // SAFETY: both were written above
    let (out, error) = unsafe { (out.assume_init(), error.assume_init()) };
    if status == modelium_status::Ok {
        assert_eq!(error, no_error, "a call that works leaves the error alone");
        assert_ne!(out, untouched, "a call that works gives its result");
        return Ok(out);
    }
    assert_eq!(out, untouched, "a call that fails leaves its out-parameters alone");
    assert_ne!(error, no_error, "a call that fails says why");
    // SAFETY: the call made it, and it is freed once
    let error = unsafe { Box::from_raw(error) };
    let failure = Failure {
        status: modelium_error_status(Some(&error)),
        message: lent(modelium_error_message(Some(&error))).to_owned(),
        report: serde_json::from_str(lent(modelium_error_report(Some(&error)))).expect("a report is JSON"),
    };
    modelium_error_free(Some(error));
    assert_eq!(failure.status, status, "the error says what the call returned");
    Err(failure)
}

/// A pipeline of the given options.
pub(crate) fn pipeline(options: Option<&CStr>) -> Result<Box<modelium_pipeline>, Failure> {
    let options = options.map_or(std::ptr::null(), CStr::as_ptr);
    // SAFETY: a string that ends with a NUL; the library gives a box
    call(|out, error| unsafe { modelium_pipeline_new(options, out, error) }).map(|made| unsafe { Box::from_raw(made) })
}

/// The model of the examples, opened.
pub(crate) fn open(pipeline: &modelium_pipeline) -> Box<modelium_model> {
    let path = repository("examples/models/digits/digits.onnx");
    let path = CString::new(path.to_str().expect("a path in UTF-8")).expect("a path without NUL");
    let opened = call(|out, error| unsafe { modelium_pipeline_open(Some(pipeline), path.as_ptr(), None, out, error) });
    unsafe { Box::from_raw(opened.expect("the model of the examples is fine")) }
}
