//! The journey to a result: open, plan, run, compare.

use std::error::Error as _;
use std::ffi::c_char;
use std::mem::MaybeUninit;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use modelium_core::execute::WorkerProgram;
use modelium_core::pipeline::{CompareOptions, Pipeline, RunOptions};
use modelium_core::plan::{ConversionPlan, Requirements};
use modelium_core::reference::ReferenceRuntime;
use modelium_core::validate::{Policy, Validator};
use modelium_core::{Context, Limits, Registry, Result};
use modelium_ort::{OrtError, OrtOptions, OrtRuntime};
use serde::Deserialize;

use crate::arguments::{give, given, optional_document, optional_text, text, to_json};
use crate::context::modelium_context;
use crate::error::{modelium_error, modelium_status};
use crate::gate::gate;
use crate::model::modelium_model;

/// What there is to work with: formats, runtimes, validators, limits. Make one and use it for all models, from any number
/// of threads. Free it with `modelium_pipeline_free`.
pub struct modelium_pipeline {
    pipeline: RwLock<Pipeline>,
    limits: Limits,
}

/// How to make a pipeline.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
struct PipelineOptions {
    /// ONNX Runtime's shared library; by default the one that the environment variable `ORT_DYLIB_PATH` names. Where there
    /// is none, this library's own evaluator runs models.
    onnxruntime: Option<PathBuf>,
    /// The worker program, in which steps run; by default `modelium-worker`, looked for beside the host's program and on
    /// the path.
    worker: Option<PathBuf>,
    /// Caps on what an input may make this process do.
    limits: Limits,
    /// What plans may ask for.
    policy: Option<Policy>,
}

impl modelium_pipeline {
    fn new(options: PipelineOptions) -> Result<Self> {
        let mut registry = Registry::builtin();
        let runtime = onnxruntime(options.onnxruntime)?;
        let worker = worker(options.worker, runtime.as_ref().map(OrtRuntime::library));
        registry = match runtime {
            Some(runtime) => registry.with_runtime(Arc::new(runtime)),
            None => registry.with_runtime(Arc::new(ReferenceRuntime::default())),
        };
        let mut pipeline = Pipeline::new(registry);
        if let Some(policy) = options.policy {
            pipeline = pipeline.with_policy(policy);
        }
        if let Some(worker) = worker {
            pipeline = pipeline.with_worker(worker);
        }
        Ok(Self { pipeline: RwLock::new(pipeline), limits: options.limits })
    }

    /// The core's pipeline as it is now, and a context with its limits.
    pub(crate) fn at_work(&self, context: Option<&modelium_context>) -> (Pipeline, Context) {
        let pipeline = self.pipeline.read().unwrap_or_else(PoisonError::into_inner).clone();
        (pipeline, modelium_context::to_core(context, &self.limits))
    }

    pub(crate) fn add_validator(&self, validator: Arc<dyn Validator>) {
        let mut pipeline = self.pipeline.write().unwrap_or_else(PoisonError::into_inner);
        *pipeline = pipeline.clone().with_validator(validator);
    }
}

/// The worker program, told to run models with the same library as this process. `None` if it is nowhere: that is an error
/// of the runs that need it, and not of those that do without.
fn worker(program: Option<PathBuf>, library: Option<&Path>) -> Option<WorkerProgram> {
    let found = || WorkerProgram::find(std::env::var_os("PATH").as_deref()).ok();
    let mut worker = program.map(WorkerProgram::new).or_else(found)?;
    if let Some(library) = library {
        worker.arguments = vec!["--onnxruntime".into(), library.into()];
    }
    Some(worker)
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
///   the one that the environment variable `ORT_DYLIB_PATH` names. A process can load one. Where neither names one, this
///   library's own evaluator takes its place: slower, and for the operators of the specification alone.
/// - `"worker"`: the path of the worker program, in which steps run; by default `modelium-worker`, looked for beside this
///   process's program and on the path.
/// - `"limits"`: caps on what an input may make this process do.
/// - `"policy"`: what plans may ask for.
///
/// `schemas/pipeline_options.json` lists all fields.
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

/// The formats, passes, runtimes and targets that the pipeline knows, as a document (`schemas/known.json`).
#[unsafe(no_mangle)]
pub extern "C" fn modelium_pipeline_formats(
    pipeline: Option<&modelium_pipeline>,
    known: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let (pipeline, slot) = (given(pipeline, "pipeline")?, given(known, "known")?);
        let (pipeline, _) = pipeline.at_work(None);
        give(slot, to_json(&pipeline.known())?);
        Ok(())
    })
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
        let (pipeline, cx) = pipeline.at_work(context);
        let opened = pipeline.open(path, &cx)?;
        slot.write(Box::into_raw(Box::new(modelium_model::new(opened))));
        Ok(())
    })
}

/// What one run costs when the symbolic dimensions are these numbers (`schemas/costs.json`): multiply-accumulates, and the
/// most bytes that values between nodes take at one time. `bindings` is a document such as `{"batch": 8}`, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_pipeline_costs(
    pipeline: Option<&modelium_pipeline>,
    model: Option<&modelium_model>,
    bindings: *const c_char,
    context: Option<&modelium_context>,
    costs: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let (pipeline, model) = (given(pipeline, "pipeline")?, given(model, "model")?);
        let slot = given(costs, "costs")?;
        // SAFETY: the caller's string
        let bindings = unsafe { optional_document(bindings, "bindings") }?;
        let (pipeline, cx) = pipeline.at_work(context);
        give(slot, to_json(&pipeline.costs(model.opened(), &bindings, &cx)?)?);
        Ok(())
    })
}

/// Plans the way to what is wanted. The model's files are read once, to bind the plan to their content; nothing runs.
///
/// `requirements` is a document (`schemas/requirements.json`), or NULL for "the same model as files, proven equal".
/// `samples` is the path of an `.npz` with inputs of your own for the proof, or NULL. `plan` receives the plan
/// (`schemas/conversion_plan.json`), for `modelium_pipeline_run`; `outcome`, if it is not NULL, the plan with its
/// alternatives, what was rejected and why (`schemas/plan_outcome.json`), for `modelium_plan_explain`.
///
/// `MODELIUM_STATUS_NO_ROUTE` if nothing leads there; the notes of the error say what was looked at.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_pipeline_plan(
    pipeline: Option<&modelium_pipeline>,
    model: Option<&modelium_model>,
    requirements: *const c_char,
    samples: *const c_char,
    context: Option<&modelium_context>,
    plan: Option<&mut MaybeUninit<*mut c_char>>,
    outcome: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let (pipeline, model) = (given(pipeline, "pipeline")?, given(model, "model")?);
        let slot = given(plan, "plan")?;
        // SAFETY: the caller's strings
        let mut wanted: Requirements = unsafe { optional_document(requirements, "requirements") }?;
        // SAFETY: as above
        let samples = unsafe { optional_text(samples, "samples") }?;
        let (pipeline, cx) = pipeline.at_work(context);
        if let Some(path) = samples {
            wanted.samples = Some(pipeline.samples(Path::new(path), &cx)?);
        }
        let found = pipeline.plan(model.opened(), &wanted, &cx)?;
        let json = to_json(&found)?;
        give(slot, to_json(&found.into_plan()?)?);
        if let Some(slot) = outcome {
            give(slot, json);
        }
        Ok(())
    })
}

/// Validates a plan and runs it on the model that it was made for. `out` is a folder that appears only when everything is
/// done and in parity.
///
/// `options` is a document (`schemas/run_options.json`), or NULL for the defaults: steps run in a worker process, and
/// `out` must not exist. `execution` receives the record of what ran (`schemas/execution.json`); it may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_pipeline_run(
    pipeline: Option<&modelium_pipeline>,
    model: Option<&modelium_model>,
    plan: *const c_char,
    out: *const c_char,
    options: *const c_char,
    context: Option<&modelium_context>,
    execution: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let (pipeline, model) = (given(pipeline, "pipeline")?, given(model, "model")?);
        // SAFETY: the caller's strings
        let (plan, out) = unsafe { (text(plan, "plan")?, text(out, "out")?) };
        // SAFETY: as above
        let options: RunOptions = unsafe { optional_document(options, "options") }?;
        let plan = ConversionPlan::from_json(plan.as_bytes())?;
        let (pipeline, cx) = pipeline.at_work(context);
        let done = pipeline.run(model.opened(), plan, Path::new(out), &options, &cx)?;
        if let Some(slot) = execution {
            give(slot, to_json(&done)?);
        }
        Ok(())
    })
}

/// Runs two models on the same inputs and says how far their outputs are apart.
///
/// `options` is a document (`schemas/compare_options.json`), or NULL. `passed`, if it is not NULL, receives whether every
/// output lies within the tolerance; `report`, if it is not NULL, the figures (`schemas/parity_report.json`). Outputs that
/// differ are a result, not an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_pipeline_compare(
    pipeline: Option<&modelium_pipeline>,
    original: *const c_char,
    result: *const c_char,
    options: *const c_char,
    context: Option<&modelium_context>,
    passed: Option<&mut MaybeUninit<bool>>,
    report: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let pipeline = given(pipeline, "pipeline")?;
        // SAFETY: the caller's strings
        let (original, result) = unsafe { (text(original, "original")?, text(result, "result")?) };
        // SAFETY: as above
        let options: CompareOptions = unsafe { optional_document(options, "options") }?;
        let (pipeline, cx) = pipeline.at_work(context);
        let found = pipeline.compare(Path::new(original), Path::new(result), &options, &cx)?;
        if let Some(slot) = report {
            give(slot, to_json(&found)?);
        }
        if let Some(slot) = passed {
            slot.write(found.passed);
        }
        Ok(())
    })
}

/// Runs two ONNX models on the same input; where an output differs, finds the first node that does, by bisection.
///
/// `options` is as for `modelium_pipeline_compare`. `passed`, if it is not NULL, receives whether every output lies within
/// the tolerance; `report`, if it is not NULL, the outputs and the node (`schemas/layer_report.json`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_pipeline_compare_layers(
    pipeline: Option<&modelium_pipeline>,
    original: *const c_char,
    result: *const c_char,
    options: *const c_char,
    context: Option<&modelium_context>,
    passed: Option<&mut MaybeUninit<bool>>,
    report: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let pipeline = given(pipeline, "pipeline")?;
        // SAFETY: the caller's strings
        let (original, result) = unsafe { (text(original, "original")?, text(result, "result")?) };
        // SAFETY: as above
        let options: CompareOptions = unsafe { optional_document(options, "options") }?;
        let (pipeline, cx) = pipeline.at_work(context);
        let found = pipeline.compare_layers(Path::new(original), Path::new(result), &options, &cx)?;
        if let Some(slot) = report {
            give(slot, to_json(&found)?);
        }
        if let Some(slot) = passed {
            slot.write(found.passed);
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::PipelineOptions;
    use crate::schema::assert_committed;

    #[test]
    fn the_committed_schema_of_the_options_is_theirs() {
        assert_committed::<PipelineOptions>("pipeline_options");
    }
}
