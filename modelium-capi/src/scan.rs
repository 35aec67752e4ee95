//! Scanning: what must not be in models, in which version it came, the documents that other tools read; and tensors out of
//! checkpoints that are clean.

use std::ffi::c_char;
use std::mem::MaybeUninit;
use std::path::Path;

use modelium_core::pipeline::{ScanOptions, ScanReport};
use modelium_core::scan::sarif;

use crate::arguments::{document, give, given, optional_document, text, texts, to_json};
use crate::context::modelium_context;
use crate::error::{modelium_error, modelium_status};
use crate::gate::gate;
use crate::pipeline::modelium_pipeline;

/// Looks for what must not be in models; nothing is executed. `paths` holds `count` strings, each a file, or a folder with
/// all that is below it. `options` is a document (`schemas/scan_options.json`), or NULL: contents are searched, nothing is
/// digested, no policy.
///
/// `report` receives a verdict for each file (`schemas/scan_report.json`): `clean`, `undetermined`, never to be taken for
/// clean, `suspicious` or `malicious`; and the gravest of them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_pipeline_scan(
    pipeline: Option<&modelium_pipeline>,
    paths: *const *const c_char,
    count: usize,
    options: *const c_char,
    context: Option<&modelium_context>,
    report: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let (pipeline, slot) = (given(pipeline, "pipeline")?, given(report, "report")?);
        // SAFETY: the caller's array of that many strings
        let paths = unsafe { texts(paths, count, "paths") }?;
        // SAFETY: the caller's string
        let options: ScanOptions = unsafe { optional_document(options, "options") }?;
        let (pipeline, cx) = pipeline.at_work(context);
        give(slot, to_json(&pipeline.scan(&paths, &options, &cx)?)?);
        Ok(())
    })
}

/// What the model at `result` does that the one at `original` does not: an update that acts. `options` is as for
/// `modelium_pipeline_scan`. `diff` receives the differences (`schemas/scan_diff.json`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_pipeline_scan_diff(
    pipeline: Option<&modelium_pipeline>,
    original: *const c_char,
    result: *const c_char,
    options: *const c_char,
    context: Option<&modelium_context>,
    diff: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let (pipeline, slot) = (given(pipeline, "pipeline")?, given(diff, "diff")?);
        // SAFETY: the caller's strings
        let (original, result) = unsafe { (text(original, "original")?, text(result, "result")?) };
        // SAFETY: as above
        let options: ScanOptions = unsafe { optional_document(options, "options") }?;
        let (pipeline, cx) = pipeline.at_work(context);
        give(slot, to_json(&pipeline.scan_diff(Path::new(original), Path::new(result), &options, &cx)?)?);
        Ok(())
    })
}

/// A report of `modelium_pipeline_scan` as SARIF 2.1.0, which code hosts read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_scan_to_sarif(
    report: *const c_char,
    sarif: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let slot = given(sarif, "sarif")?;
        // SAFETY: the caller's string
        let report: ScanReport = document("report", unsafe { text(report, "report") }?)?;
        give(slot, to_json(&sarif::render(&report))?);
        Ok(())
    })
}

/// The machine-learning bill of materials of what was scanned, as CycloneDX 1.6: models with their cards, files, licences,
/// libraries, and findings as vulnerabilities. `paths` are those that `report` was made from.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_pipeline_bill_of_materials(
    pipeline: Option<&modelium_pipeline>,
    paths: *const *const c_char,
    count: usize,
    report: *const c_char,
    context: Option<&modelium_context>,
    bom: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let (pipeline, slot) = (given(pipeline, "pipeline")?, given(bom, "bom")?);
        // SAFETY: the caller's array of that many strings
        let paths = unsafe { texts(paths, count, "paths") }?;
        // SAFETY: the caller's string
        let report: ScanReport = document("report", unsafe { text(report, "report") }?)?;
        let (pipeline, cx) = pipeline.at_work(context);
        give(slot, to_json(&pipeline.bill_of_materials(&paths, &report, &cx)?)?);
        Ok(())
    })
}

/// Takes the tensors out of a checkpoint without running it, and writes them as safetensors to the file `out`, which must
/// not exist and appears only when it is complete. Names and tied weights are kept.
///
/// `MODELIUM_STATUS_UNSAFE_CONTENT` if the checkpoint does not scan clean; the message names the call. `extracted`, if it
/// is not NULL, receives what was taken out (`schemas/extracted.json`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_pipeline_extract_tensors(
    pipeline: Option<&modelium_pipeline>,
    path: *const c_char,
    out: *const c_char,
    context: Option<&modelium_context>,
    extracted: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let pipeline = given(pipeline, "pipeline")?;
        // SAFETY: the caller's strings
        let (path, out) = unsafe { (text(path, "path")?, text(out, "out")?) };
        let (pipeline, cx) = pipeline.at_work(context);
        let done = pipeline.extract_tensors_to(path, Path::new(out), false, &cx)?;
        if let Some(slot) = extracted {
            give(slot, to_json(&done)?);
        }
        Ok(())
    })
}
