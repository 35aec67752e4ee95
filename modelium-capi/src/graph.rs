//! What people do to one graph: check it, infer its types, simplify it.

use std::ffi::c_char;
use std::mem::MaybeUninit;
use std::path::Path;

use modelium_core::pipeline::SimplifyOptions;

use crate::arguments::{give, given, optional_document, optional_text, text, to_json};
use crate::context::modelium_context;
use crate::error::{modelium_error, modelium_status};
use crate::gate::gate;
use crate::pipeline::modelium_pipeline;

/// Makes the model at `path` smaller, so that it computes the same, and writes it as ONNX to the file `out`, which appears
/// only when it is complete. `options` is a document (`schemas/simplify_options.json`), or NULL: standard operators alone,
/// no growth, and `out` must not exist.
///
/// `simplified`, if it is not NULL, receives what was done (`schemas/simplified.json`): nodes and bytes before and after,
/// and every rewrite.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_pipeline_simplify(
    pipeline: Option<&modelium_pipeline>,
    path: *const c_char,
    out: *const c_char,
    options: *const c_char,
    context: Option<&modelium_context>,
    simplified: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let pipeline = given(pipeline, "pipeline")?;
        // SAFETY: the caller's strings
        let (path, out) = unsafe { (text(path, "path")?, text(out, "out")?) };
        // SAFETY: as above
        let options: SimplifyOptions = unsafe { optional_document(options, "options") }?;
        let (pipeline, cx) = pipeline.at_work(context);
        let done = pipeline.simplify(path, Path::new(out), &options, &cx)?;
        if let Some(slot) = simplified {
            give(slot, to_json(&done)?);
        }
        Ok(())
    })
}

/// Whether the model at `path` is what the ONNX specification demands; with `full`, types and shapes are held against it
/// too. Weights are not read.
///
/// `valid`, if it is not NULL, receives the answer; `report`, if it is not NULL, the reason (`schemas/check_report.json`).
/// A model that is not valid is a result, not an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_pipeline_check(
    pipeline: Option<&modelium_pipeline>,
    path: *const c_char,
    full: bool,
    context: Option<&modelium_context>,
    valid: Option<&mut MaybeUninit<bool>>,
    report: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let pipeline = given(pipeline, "pipeline")?;
        // SAFETY: the caller's string
        let path = unsafe { text(path, "path") }?;
        let (pipeline, cx) = pipeline.at_work(context);
        let found = pipeline.check(path, full, &cx)?;
        if let Some(slot) = report {
            give(slot, to_json(&found)?);
        }
        if let Some(slot) = valid {
            slot.write(found.valid);
        }
        Ok(())
    })
}

/// The types of all values between, symbolic dimensions as expressions. `bindings` is an object of numbers for symbols, or
/// NULL. If `out` is not NULL, the model is written there with them; the file must not exist.
///
/// `report` receives the types (`schemas/infer_report.json`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_pipeline_infer(
    pipeline: Option<&modelium_pipeline>,
    path: *const c_char,
    out: *const c_char,
    bindings: *const c_char,
    context: Option<&modelium_context>,
    report: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let (pipeline, slot) = (given(pipeline, "pipeline")?, given(report, "report")?);
        // SAFETY: the caller's strings
        let (path, out) = unsafe { (text(path, "path")?, optional_text(out, "out")?) };
        // SAFETY: as above
        let bindings = unsafe { optional_document(bindings, "bindings") }?;
        let (pipeline, cx) = pipeline.at_work(context);
        give(slot, to_json(&pipeline.infer(path, out.map(Path::new), &bindings, false, &cx)?)?);
        Ok(())
    })
}

/// Writes the model at `path` in another version of the standard operator set, newer or older, to the file `out`, which must
/// not exist. It computes the same; where a node has no equivalent, `MODELIUM_STATUS_UNSUPPORTED`, and nothing is written.
///
/// `upgraded`, if it is not NULL, receives what had to change (`schemas/upgraded.json`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_pipeline_upgrade(
    pipeline: Option<&modelium_pipeline>,
    path: *const c_char,
    out: *const c_char,
    opset: u64,
    context: Option<&modelium_context>,
    upgraded: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let pipeline = given(pipeline, "pipeline")?;
        // SAFETY: the caller's strings
        let (path, out) = unsafe { (text(path, "path")?, text(out, "out")?) };
        let (pipeline, cx) = pipeline.at_work(context);
        let done = pipeline.upgrade(path, Path::new(out), opset, false, &cx)?;
        if let Some(slot) = upgraded {
            give(slot, to_json(&done)?);
        }
        Ok(())
    })
}
