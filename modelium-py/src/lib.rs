//! The Python face: thin classes over [`modelium_core::pipeline`]. Documents go in and come out as dicts; the objects
//! that people hold are in `python/modelium`.
//!
//! The GIL is released while the core works. Nothing here keeps global state, so a forked child can go on using it.

#![expect(clippy::needless_pass_by_value, reason = "arguments are extracted from Python as owned values")]

mod error;
mod host;
mod json;
mod progress;
mod tensor;
mod validator;

use std::error::Error as _;
use std::ffi::CString;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;

use modelium_core::deploy::Deployment;
use modelium_core::execute::{WorkerProgram, serve};
use modelium_core::pipeline::{
    CompareOptions, DeployOptions, Opened as CoreOpened, Pipeline, RunOptions, ScanOptions, ScanReport, SimplifyOptions,
};
use modelium_core::plan::{ConversionPlan, PlanOutcome, Requirements};
use modelium_core::reference::ReferenceRuntime;
use modelium_core::scan::sarif;
use modelium_core::validate::Policy;
use modelium_core::{Limits, Registry};
use modelium_ort::{OrtError, OrtOptions, OrtRuntime};
use modelium_triton::{ServerOptions, TritonServer};
use pyo3::exceptions::PyRuntimeWarning;
use pyo3::prelude::*;

use crate::progress::run;

/// A model that was opened and described.
#[pyclass(module = "modelium._native", frozen)]
struct Opened(CoreOpened);

/// The pipeline with what there is to work with.
#[pyclass(module = "modelium._native", frozen)]
struct Engine {
    pipeline: Pipeline,
    limits: Limits,
}

#[pymethods]
impl Opened {
    /// All that analysis found out.
    fn descriptor<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::to_python(py, &self.0.descriptor)
    }
}

#[pymethods]
impl Engine {
    #[new]
    #[pyo3(signature = (*, runs, onnxruntime, packages, runtimes, validators, deployers, limits, policy, worker))]
    #[expect(clippy::too_many_arguments, reason = "keywords of one constructor")]
    fn new(
        py: Python<'_>,
        runs: bool,
        onnxruntime: Option<PathBuf>,
        packages: Vec<PathBuf>,
        runtimes: Vec<Bound<'_, PyAny>>,
        validators: Vec<Bound<'_, PyAny>>,
        deployers: Vec<Bound<'_, PyAny>>,
        limits: Option<Bound<'_, PyAny>>,
        policy: Option<Bound<'_, PyAny>>,
        worker: Vec<String>,
    ) -> PyResult<Self> {
        let limits = limits.map_or_else(|| Ok(Limits::default()), |limits| json::from_python("limits", &limits))?;
        let mut registry = Registry::builtin();
        let named = onnxruntime.is_some();
        if runs {
            let options = OrtOptions { library: onnxruntime, site_packages: packages, ..OrtOptions::default() };
            match OrtRuntime::new(options) {
                Ok(runtime) => registry = registry.with_runtime(Arc::new(runtime)),
                Err(error) if named => return Err(error::to_python(py, &error)),
                Err(error) => {
                    let source = error.source().and_then(|source| source.downcast_ref());
                    if !matches!(source, Some(OrtError::NotFound)) {
                        let message = format!("{error}; this library's own evaluator runs models instead");
                        let message = CString::new(message.replace('\0', " "))?;
                        PyErr::warn(py, &py.get_type::<PyRuntimeWarning>(), &message, 2)?;
                    }
                    registry = registry.with_runtime(Arc::new(ReferenceRuntime::default()));
                }
            }
        }
        for runtime in &runtimes {
            registry = registry.with_runtime(host::HostRuntime::wrap(runtime)?);
        }
        for deployer in &deployers {
            registry = registry.with_deployer(host::HostDeployer::wrap(deployer)?);
        }
        let mut pipeline = Pipeline::new(registry);
        if let Some(policy) = policy {
            pipeline = pipeline.with_policy(json::from_python::<Policy>("policy", &policy)?);
        }
        for validator in &validators {
            pipeline = pipeline.with_validator(validator::HostValidator::wrap(validator)?);
        }
        if let Some((program, arguments)) = worker.split_first() {
            let arguments = arguments.iter().map(Into::into).collect();
            pipeline = pipeline.with_worker(WorkerProgram { program: program.into(), arguments });
        }
        Ok(Self { pipeline, limits })
    }

    fn open(&self, py: Python<'_>, path: PathBuf, progress: Option<Py<PyAny>>) -> PyResult<Opened> {
        run(py, &self.limits, progress, |cx| self.pipeline.open(&path, cx)).map(Opened)
    }

    /// Multiply-accumulates and the activation peak at these numbers for symbolic dimensions.
    fn costs<'py>(&self, py: Python<'py>, model: &Opened, bindings: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let bindings = json::from_python("bindings", bindings)?;
        let costs = run(py, &self.limits, None, |cx| self.pipeline.costs(&model.0, &bindings, cx))?;
        json::to_python(py, &costs)
    }

    fn plan<'py>(
        &self,
        py: Python<'py>,
        model: &Opened,
        requirements: &Bound<'py, PyAny>,
        samples: Option<PathBuf>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let mut want: Requirements = json::from_python("requirements", requirements)?;
        let outcome = run(py, &self.limits, progress, |cx| {
            if let Some(samples) = samples {
                want.samples = Some(self.pipeline.samples(&samples, cx)?);
            }
            let outcome = self.pipeline.plan(&model.0, &want, cx)?;
            // a refusal is an exception with its reasons; what there is otherwise is a plan
            if outcome.plan.is_none() { outcome.into_plan().map(|_| None) } else { Ok(Some(outcome)) }
        })?;
        json::to_python(py, &outcome)
    }

    #[expect(clippy::unused_self, reason = "a method for people")]
    fn explain(&self, outcome: &Bound<'_, PyAny>) -> PyResult<String> {
        Ok(json::from_python::<PlanOutcome>("outcome", outcome)?.explain().to_string())
    }

    #[expect(clippy::unused_self, reason = "a method for people")]
    fn plan_json(&self, py: Python<'_>, plan: &Bound<'_, PyAny>) -> PyResult<String> {
        let plan = json::from_python::<ConversionPlan>("plan", plan)?;
        plan.to_json().map_err(|error| error::to_python(py, &error))
    }

    fn run<'py>(
        &self,
        py: Python<'py>,
        model: &Opened,
        plan: &Bound<'py, PyAny>,
        out: PathBuf,
        options: &Bound<'py, PyAny>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let plan: ConversionPlan = json::from_python("plan", plan)?;
        let options: RunOptions = json::from_python("options", options)?;
        let done = run(py, &self.limits, progress, |cx| self.pipeline.run(&model.0, plan, &out, &options, cx))?;
        json::to_python(py, &done)
    }

    fn compare<'py>(
        &self,
        py: Python<'py>,
        original: PathBuf,
        result: PathBuf,
        options: &Bound<'py, PyAny>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options: CompareOptions = json::from_python("comparison", options)?;
        let report = run(py, &self.limits, progress, |cx| self.pipeline.compare(&original, &result, &options, cx))?;
        json::to_python(py, &report)
    }

    fn compare_layers<'py>(
        &self,
        py: Python<'py>,
        original: PathBuf,
        result: PathBuf,
        options: &Bound<'py, PyAny>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options: CompareOptions = json::from_python("comparison", options)?;
        let found =
            run(py, &self.limits, progress, |cx| self.pipeline.compare_layers(&original, &result, &options, cx))?;
        let text = found.to_string();
        Ok((json::to_python(py, &found)?, text).into_pyobject(py)?.into_any())
    }

    fn simplify<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        out: PathBuf,
        options: &Bound<'py, PyAny>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options: SimplifyOptions = json::from_python("options", options)?;
        let done = run(py, &self.limits, progress, |cx| self.pipeline.simplify(&path, &out, &options, cx))?;
        json::to_python(py, &done)
    }

    fn check<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        full: bool,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let report = run(py, &self.limits, progress, |cx| self.pipeline.check(&path, full, cx))?;
        json::to_python(py, &report)
    }

    fn infer<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        out: Option<PathBuf>,
        bindings: &Bound<'py, PyAny>,
        replace: bool,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let bindings = json::from_python("bindings", bindings)?;
        let report =
            run(py, &self.limits, progress, |cx| self.pipeline.infer(&path, out.as_deref(), &bindings, replace, cx))?;
        json::to_python(py, &report)
    }

    fn upgrade<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        out: PathBuf,
        opset: u64,
        replace: bool,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let done = run(py, &self.limits, progress, |cx| self.pipeline.upgrade(&path, &out, opset, replace, cx))?;
        json::to_python(py, &done)
    }

    fn scan<'py>(
        &self,
        py: Python<'py>,
        paths: Vec<PathBuf>,
        options: &Bound<'py, PyAny>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options: ScanOptions = json::from_python("options", options)?;
        let report = run(py, &self.limits, progress, |cx| self.pipeline.scan(&paths, &options, cx))?;
        json::to_python(py, &report)
    }

    fn scan_diff<'py>(
        &self,
        py: Python<'py>,
        old: PathBuf,
        new: PathBuf,
        options: &Bound<'py, PyAny>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options: ScanOptions = json::from_python("options", options)?;
        let diff = run(py, &self.limits, progress, |cx| self.pipeline.scan_diff(&old, &new, &options, cx))?;
        json::to_python(py, &diff)
    }

    fn extract_tensors<'py>(
        &self,
        py: Python<'py>,
        path: PathBuf,
        out: PathBuf,
        replace: bool,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let done = run(py, &self.limits, progress, |cx| self.pipeline.extract_tensors_to(&path, &out, replace, cx))?;
        json::to_python(py, &done)
    }

    /// A report as SARIF 2.1.0.
    #[expect(clippy::unused_self, reason = "a method for people")]
    fn sarif<'py>(&self, py: Python<'py>, report: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        json::to_python(py, &sarif::render(&json::from_python("report", report)?))
    }

    /// What was scanned as CycloneDX 1.6.
    fn bill_of_materials<'py>(
        &self,
        py: Python<'py>,
        paths: Vec<PathBuf>,
        report: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let report: ScanReport = json::from_python("report", report)?;
        let bom = run(py, &self.limits, None, |cx| self.pipeline.bill_of_materials(&paths, &report, cx))?;
        json::to_python(py, &bom)
    }

    #[expect(clippy::too_many_arguments, reason = "keywords of one method")]
    fn deploy<'py>(
        &self,
        py: Python<'py>,
        folder: PathBuf,
        repository: PathBuf,
        server: Option<String>,
        keep_versions: Option<NonZeroU32>,
        wait_seconds: f64,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options = DeployOptions { keep_versions, wait_seconds: Some(wait_seconds) };
        let deployed = run(py, &self.limits, progress, |cx| {
            let server = server.as_deref().map(connect).transpose()?;
            self.pipeline.deploy(&folder, &repository, server, &options, cx)
        })?;
        json::to_python(py, &deployed)
    }

    fn rollback<'py>(
        &self,
        py: Python<'py>,
        deployment: &Bound<'py, PyAny>,
        wait_seconds: f64,
    ) -> PyResult<Bound<'py, PyAny>> {
        let deployment: Deployment = json::from_python("deployment", deployment)?;
        let options = DeployOptions { keep_versions: None, wait_seconds: Some(wait_seconds) };
        let back = run(py, &self.limits, None, |cx| {
            let server = deployment.server.as_deref().map(connect).transpose()?;
            self.pipeline.rollback(&deployment, server, &options, cx)
        })?;
        json::to_python(py, &back)
    }

    fn lint<'py>(
        &self,
        py: Python<'py>,
        repository: PathBuf,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let findings = run(py, &self.limits, progress, |cx| self.pipeline.lint(&repository, cx))?;
        json::to_python(py, &findings)
    }

    fn health<'py>(&self, py: Python<'py>, server: String, model: Option<String>) -> PyResult<Bound<'py, PyAny>> {
        let health = run(py, &self.limits, None, |cx| {
            let server = connect(&server)?;
            self.pipeline.health(server.as_ref(), model.as_deref(), cx)
        })?;
        json::to_python(py, &health)
    }

    fn deployment_health<'py>(&self, py: Python<'py>, deployment: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let deployment: Deployment = json::from_python("deployment", deployment)?;
        let health = run(py, &self.limits, None, |cx| {
            let server = deployment.server.as_deref().map(connect).transpose()?;
            self.pipeline.deployment_health(&deployment, server, cx)
        })?;
        json::to_python(py, &health)
    }

    fn formats<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::to_python(py, &self.pipeline.known())
    }

    /// Serves one request of a parent process; `python -m modelium._worker` calls it.
    fn serve_worker(&self, py: Python<'_>) -> i32 {
        // a host that finds no onnxruntime plans with the evaluator, whatever this process finds
        let found = self.pipeline.registry().runtimes().iter().cloned();
        let registry = Registry::builtin().with_runtime(Arc::new(ReferenceRuntime::default()));
        let registry = found.fold(registry, Registry::with_runtime);
        py.detach(|| serve(&registry))
    }
}

fn connect(url: &str) -> modelium_core::Result<Arc<dyn modelium_core::deploy::triton::ModelControl>> {
    Ok(Arc::new(TritonServer::new(url, ServerOptions::default())?))
}

/// The native library of the package `modelium`.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::{Engine, Opened, tensor::Tensor};

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "Python's own name for it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
