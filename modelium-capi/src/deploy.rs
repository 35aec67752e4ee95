//! From a result to where it is served.

use std::ffi::c_char;
use std::mem::MaybeUninit;
use std::path::Path;
use std::sync::Arc;

use modelium_core::Result;
use modelium_core::deploy::Deployment;
use modelium_core::deploy::triton::ModelControl;
use modelium_triton::{ServerOptions, TritonServer};

use crate::arguments::{document, give, given, optional_document, optional_text, text, to_json};
use crate::context::modelium_context;
use crate::error::{modelium_error, modelium_status};
use crate::gate::gate;
use crate::pipeline::modelium_pipeline;

fn connect(url: &str) -> Result<Arc<dyn ModelControl>> {
    Ok(Arc::new(TritonServer::new(url, ServerOptions::default())?))
}

/// Every disagreement between the configs of a Triton model repository and its models, with line and remedy, as an array
/// of findings (`schemas/findings.json`). Nothing is changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_pipeline_lint(
    pipeline: Option<&modelium_pipeline>,
    repository: *const c_char,
    context: Option<&modelium_context>,
    findings: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let (pipeline, slot) = (given(pipeline, "pipeline")?, given(findings, "findings")?);
        // SAFETY: the caller's string
        let repository = unsafe { text(repository, "repository") }?;
        let (pipeline, cx) = pipeline.at_work(context);
        give(slot, to_json(&pipeline.lint(Path::new(repository), &cx)?)?);
        Ok(())
    })
}

/// Publishes the model of a model repository, such as `modelium_pipeline_run` writes, into another as its next version.
///
/// `server` is the URL of a server that is to load it, or NULL; the call then returns when the version is ready. `options`
/// is a document (`schemas/deploy_options.json`), or NULL. `deployment`, if it is not NULL, receives what was published
/// (`schemas/deployment.json`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_pipeline_deploy(
    pipeline: Option<&modelium_pipeline>,
    folder: *const c_char,
    repository: *const c_char,
    server: *const c_char,
    options: *const c_char,
    context: Option<&modelium_context>,
    deployment: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let pipeline = given(pipeline, "pipeline")?;
        // SAFETY: the caller's strings
        let (folder, repository) = unsafe { (text(folder, "folder")?, text(repository, "repository")?) };
        // SAFETY: as above
        let (server, options) = unsafe { (optional_text(server, "server")?, optional_document(options, "options")?) };
        let server = server.map(connect).transpose()?;
        let (pipeline, cx) = pipeline.at_work(context);
        let published = pipeline.deploy(Path::new(folder), Path::new(repository), server, &options, &cx)?;
        if let Some(slot) = deployment {
            give(slot, to_json(&published)?);
        }
        Ok(())
    })
}

/// Takes a deployment back, so that the version before it is served again. `deployment` is the document that
/// `modelium_pipeline_deploy` gave; it names the server. `options` is as there. `now`, if it is not NULL, receives what is
/// served.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_pipeline_rollback(
    pipeline: Option<&modelium_pipeline>,
    deployment: *const c_char,
    options: *const c_char,
    context: Option<&modelium_context>,
    now: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let pipeline = given(pipeline, "pipeline")?;
        // SAFETY: the caller's strings
        let (deployment, options) =
            unsafe { (text(deployment, "deployment")?, optional_document(options, "options")?) };
        let deployment: Deployment = document("deployment", deployment)?;
        let server = deployment.server.as_deref().map(connect).transpose()?;
        let (pipeline, cx) = pipeline.at_work(context);
        let back = pipeline.rollback(&deployment, server, &options, &cx)?;
        if let Some(slot) = now {
            give(slot, to_json(&back)?);
        }
        Ok(())
    })
}

/// How a deployment is now, as a document (`schemas/health.json`): what the server says that it names. `deployment` is the
/// document that `modelium_pipeline_deploy` gave.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_pipeline_deployment_health(
    pipeline: Option<&modelium_pipeline>,
    deployment: *const c_char,
    context: Option<&modelium_context>,
    health: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let (pipeline, slot) = (given(pipeline, "pipeline")?, given(health, "health")?);
        // SAFETY: the caller's string
        let deployment: Deployment = document("deployment", unsafe { text(deployment, "deployment") }?)?;
        let server = deployment.server.as_deref().map(connect).transpose()?;
        let (pipeline, cx) = pipeline.at_work(context);
        give(slot, to_json(&pipeline.deployment_health(&deployment, server, &cx)?)?);
        Ok(())
    })
}

/// How a server is, per model and version, as a document (`schemas/health.json`); where something is not ready, why.
/// `model` restricts the answer to one; NULL asks for all.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn modelium_pipeline_health(
    pipeline: Option<&modelium_pipeline>,
    server: *const c_char,
    model: *const c_char,
    context: Option<&modelium_context>,
    health: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let (pipeline, slot) = (given(pipeline, "pipeline")?, given(health, "health")?);
        // SAFETY: the caller's strings
        let (server, model) = unsafe { (text(server, "server")?, optional_text(model, "model")?) };
        let (pipeline, cx) = pipeline.at_work(context);
        give(slot, to_json(&pipeline.health(connect(server)?.as_ref(), model, &cx)?)?);
        Ok(())
    })
}
