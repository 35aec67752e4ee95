//! The journey: open, plan, run, compare, scan, lint, deploy.

use std::error::Error as _;
use std::ffi::c_char;
use std::mem::MaybeUninit;
use std::path::PathBuf;
use std::sync::Arc;

use modelium_core::{Artifact, Limits, Registry, Result};
use modelium_ort::{OrtError, OrtOptions, OrtRuntime};
use serde::Deserialize;

use crate::arguments::{given, optional_document, text};
use crate::context::modelium_context;
use crate::error::{modelium_error, modelium_status};
use crate::gate::gate;
use crate::model::modelium_model;

/// What there is to work with: formats, runtimes, validators, limits. Make one and use it for all models, from any number
/// of threads. Free it with `modelium_pipeline_free`.
pub struct modelium_pipeline {
    registry: Registry,
    limits: Limits,
}

/// The document that makes a pipeline; `schemas/pipeline_options.json` is its schema.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct PipelineOptions {
    /// ONNX Runtime's shared library; by default the one that the environment variable `ORT_DYLIB_PATH` names.
    onnxruntime: Option<PathBuf>,
    /// Caps on what an input may make this process do.
    limits: Limits,
}

impl modelium_pipeline {
    fn new(options: PipelineOptions) -> Result<Self> {
        let mut registry = Registry::builtin();
        if let Some(runtime) = onnxruntime(options.onnxruntime)? {
            registry = registry.with_runtime(Arc::new(runtime));
        }
        Ok(Self { registry, limits: options.limits })
    }
}

/// ONNX Runtime, unless it is not there and nobody said that it is.
fn onnxruntime(library: Option<PathBuf>) -> Result<Option<OrtRuntime>> {
    match OrtRuntime::new(OrtOptions { library, ..OrtOptions::default() }) {
        Ok(runtime) => Ok(Some(runtime)),
        Err(error) => match error.source().and_then(|source| source.downcast_ref()) {
            Some(OrtError::NotFound) => Ok(None),
            _ => Err(error),
        },
    }
}

/// Makes a pipeline. `options` is a document, or NULL for the defaults:
///
/// - `"onnxruntime"`: the path of ONNX Runtime's shared library, which proves that results compute the same; by default
///   the one that the environment variable `ORT_DYLIB_PATH` names. A process can load one.
/// - `"limits"`: caps on what an input may make this process do.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_pipeline_new(
    options: *const c_char,
    pipeline: Option<&mut MaybeUninit<*mut modelium_pipeline>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let slot = given(pipeline, "pipeline")?;
        // SAFETY: the caller's string
        let options = unsafe { optional_document(options, "options") }?;
        slot.write(Box::into_raw(Box::new(modelium_pipeline::new(options)?)));
        Ok(())
    })
}

/// Frees a pipeline; NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn modelium_pipeline_free(pipeline: Option<Box<modelium_pipeline>>) {
    gate(None, || {
        drop(pipeline);
        Ok(())
    });
}

/// Opens a model file or folder and describes it. Weights are not read, and nothing of it is executed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_pipeline_open(
    pipeline: Option<&modelium_pipeline>,
    path: *const c_char,
    context: Option<&modelium_context>,
    model: Option<&mut MaybeUninit<*mut modelium_model>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let (pipeline, slot) = (given(pipeline, "pipeline")?, given(model, "model")?);
        // SAFETY: the caller's string
        let path = unsafe { text(path, "path") }?;
        let cx = modelium_context::to_core(context, &pipeline.limits);
        let descriptor = pipeline.registry.analyze(&Artifact::open(path, &cx)?, &cx)?;
        slot.write(Box::into_raw(Box::new(modelium_model::new(descriptor))));
        Ok(())
    })
}
