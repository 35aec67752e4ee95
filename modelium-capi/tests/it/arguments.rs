//! Wrong arguments: NULL, text that is not UTF-8, documents that are none.

use std::ffi::CStr;
use std::ptr;

use modelium::*;

use crate::support::{Failure, call, lent, pipeline};

const NOT_UTF8: &CStr = c"a\xff";

fn assert_refused<T>(result: Result<T, Failure>, message: &str) {
    let Err(failure) = result else { panic!("expected '{message}'") };
    assert_eq!(failure.status, modelium_status::InvalidArgument);
    assert_eq!(failure.message, message);
    assert_eq!(failure.report["kind"], "invalid_argument");
}

#[test]
fn null_is_refused_wherever_it_makes_no_sense() {
    let here = pipeline(None).expect("the defaults work");
    let null = ptr::null();
    let out = |name: &str| format!("the argument '{name}' is NULL");

    assert_refused(call::<()>(|_, error| modelium_context_new(None, ptr::null_mut(), None, error)), &out("context"));
    assert_refused(call::<()>(|_, error| unsafe { modelium_pipeline_new(null, None, error) }), &out("pipeline"));
    let path = c"model.onnx".as_ptr();
    assert_refused(
        call(|model, error| unsafe { modelium_pipeline_open(None, path, None, model, error) }),
        &out("pipeline"),
    );
    assert_refused(
        call(|model, error| unsafe { modelium_pipeline_open(Some(&here), null, None, model, error) }),
        &out("path"),
    );
    assert_refused(
        call::<()>(|_, error| unsafe { modelium_pipeline_open(Some(&here), path, None, None, error) }),
        &out("model"),
    );
    assert_refused(call(|text, error| modelium_model_describe(None, text, error)), &out("model"));
}

#[test]
fn text_that_is_not_utf8_is_refused_with_the_byte() {
    let here = pipeline(None).expect("the defaults work");
    let open = |path: &CStr| {
        call(|model, error| unsafe { modelium_pipeline_open(Some(&here), path.as_ptr(), None, model, error) })
    };
    assert_refused(open(NOT_UTF8), "the argument 'path' is not UTF-8 from its byte 1 on");
    assert_refused(pipeline(Some(NOT_UTF8)), "the argument 'options' is not UTF-8 from its byte 1 on");
}

#[test]
fn a_document_that_is_none_is_refused_with_the_place() {
    assert_refused(
        pipeline(Some(c"{\"limits\":")),
        "the argument 'options' is not understood: EOF while parsing a value at line 1 column 10",
    );
    assert_refused(
        pipeline(Some(c"{\"ort\": 1}")),
        "the argument 'options' is not understood: unknown field `ort`, expected `onnxruntime` or `limits` at line 1 column 6",
    );
}

#[test]
fn an_error_that_nobody_wants_is_fine() {
    // SAFETY: NULL is what is tested
    let status = unsafe { modelium_pipeline_new(c"nonsense".as_ptr(), None, None) };
    assert_eq!(status, modelium_status::InvalidArgument);
}

#[test]
fn freeing_nothing_is_fine() {
    modelium_pipeline_free(None);
    modelium_model_free(None);
    modelium_context_free(None);
    modelium_context_cancel(None);
    modelium_error_free(None);
    // SAFETY: NULL is what is tested
    unsafe { modelium_string_free(ptr::null_mut()) };
}

#[test]
fn no_error_reads_as_ok() {
    assert_eq!(modelium_error_status(None), modelium_status::Ok);
    assert_eq!(lent(modelium_error_message(None)), "");
    assert!(modelium_error_report(None).is_null());
}

#[test]
fn the_gate_holds() {
    let failure = call::<()>(|_, error| modelium_test_panic(error)).expect_err("it panics");
    assert_eq!(failure.status, modelium_status::Internal);
    assert_eq!(failure.message, "panic: asked to");
    assert!(failure.report["notes"][0].as_str().is_some_and(|note| note.contains("defect of modelium")));
}

#[test]
fn an_error_carries_the_place() {
    let here = pipeline(None).expect("the defaults work");
    let open = call(|model, error| unsafe {
        modelium_pipeline_open(Some(&here), c"nowhere.onnx".as_ptr(), None, model, error)
    });
    let failure = open.expect_err("there is no such file");
    assert_eq!(failure.status, modelium_status::Io);
    assert_eq!(failure.message, "no such file or folder; check the path (nowhere.onnx)");
    assert_eq!(failure.report["location"]["file"], "nowhere.onnx");
}
