//! Python objects as the core's traits: any object that has the methods can be a runtime or a deployer.
//!
//! Methods are called with the GIL held, from whichever thread does the work. An exception becomes the error of its kind,
//! so a runtime that raises `modelium.errors.UnsupportedError` says the same as one in Rust.

use std::path::Path;
use std::sync::Arc;

use modelium_core::deploy::{DeployRequest, Deployer, Deployment, Health, Rendered};
use modelium_core::descriptor::Dimension;
use modelium_core::ir::{Dim, Shape, Type};
use modelium_core::runtime::{Runtime, RuntimePort, Session};
use modelium_core::tensor::{DType, Tensor as CoreTensor};
use modelium_core::{Artifact, Context, Error, Result, Sink};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use serde::Deserialize;

use crate::error::from_python;
use crate::tensor::{Tensor, from_buffer};

/// Calls a method of a host's object; its exception becomes an error that names the object's role.
fn call<'py, A: pyo3::call::PyCallArgs<'py>>(
    object: &Bound<'py, PyAny>,
    what: &str,
    method: &str,
    arguments: A,
) -> Result<Bound<'py, PyAny>> {
    object.call_method1(method, arguments).map_err(|error| from_python(object.py(), what, &error))
}

/// A string attribute that is read once, when the object is handed over.
pub(crate) fn attribute(object: &Bound<'_, PyAny>, role: &str, name: &str) -> PyResult<String> {
    let value = object
        .getattr(name)
        .map_err(|_| PyTypeError::new_err(format!("a {role} needs the attribute '{name}', a string")))?;
    value.extract()
}

/// A Python object with `name`, `version()` and `load(path)`.
pub(crate) struct HostRuntime {
    object: Py<PyAny>,
    name: String,
    version: String,
}

impl HostRuntime {
    pub(crate) fn wrap(object: &Bound<'_, PyAny>) -> PyResult<Arc<dyn Runtime>> {
        let name = attribute(object, "runtime", "name")?;
        let version = object.call_method0("version")?.extract()?;
        Ok(Arc::new(Self { object: object.clone().unbind(), name, version }))
    }
}

impl Runtime for HostRuntime {
    fn name(&self) -> &str {
        &self.name
    }

    fn version(&self) -> String {
        self.version.clone()
    }

    fn load(&self, artifact: &Artifact, _: &Context) -> Result<Box<dyn Session>> {
        let Some(path) = artifact.path() else {
            return Err(Error::argument(format!("the runtime '{}' loads models from disk only", self.name)));
        };
        Python::attach(|py| {
            let what = format!("runtime '{}'", self.name);
            let session = call(self.object.bind(py), &what, "load", (path,))?;
            let ports = |name: &str| -> Result<Vec<RuntimePort>> {
                let ports = session.getattr(name).map_err(|error| from_python(py, &what, &error))?;
                let ports: Vec<HostPort> = crate::json::from_host(&what, &ports)?;
                Ok(ports.into_iter().map(RuntimePort::from).collect())
            };
            let (inputs, outputs) = (ports("inputs")?, ports("outputs")?);
            Ok(Box::new(HostSession { object: session.unbind(), what, inputs, outputs }) as Box<dyn Session>)
        })
    }
}

/// A port as a Python runtime says it: `{"name": …, "dtype": "float32", "shape": [1, "seq", None]}`.
#[derive(Deserialize)]
struct HostPort {
    name: String,
    dtype: DType,
    shape: Vec<Dimension>,
}

impl From<HostPort> for RuntimePort {
    fn from(port: HostPort) -> Self {
        let dims = port.shape.into_iter().map(|dim| match dim {
            Dimension::Known(dim) => Dim::Known(dim),
            Dimension::Symbol(name) => Dim::Symbol(name.into()),
            Dimension::Unknown => Dim::Unknown,
        });
        Self { name: port.name, ty: Type::tensor(port.dtype, Some(Shape::new(dims))) }
    }
}

/// A loaded model of a Python runtime: `inputs`, `outputs`, `run(inputs)`.
struct HostSession {
    object: Py<PyAny>,
    what: String,
    inputs: Vec<RuntimePort>,
    outputs: Vec<RuntimePort>,
}

impl Session for HostSession {
    fn inputs(&self) -> &[RuntimePort] {
        &self.inputs
    }

    fn outputs(&self) -> &[RuntimePort] {
        &self.outputs
    }

    fn run(&mut self, inputs: &[CoreTensor], cx: &Context) -> Result<Vec<CoreTensor>> {
        cx.tick("parity", 0, 0)?;
        Python::attach(|py| {
            let raised = |error: PyErr| from_python(py, &self.what, &error);
            let feed = PyDict::new(py);
            for tensor in inputs {
                let tensor = Tensor::new(tensor)?;
                let name = tensor.label().to_owned();
                feed.set_item(name, Bound::new(py, tensor).map_err(raised)?).map_err(raised)?;
            }
            let results = call(self.object.bind(py), &self.what, "run", (feed,))?;
            let results = results.cast::<PyList>().map_err(|_| {
                Error::argument(format!("{}: run() must return a list of arrays, one for each output", self.what))
            })?;
            if results.len() != self.outputs.len() {
                let (found, expected) = (results.len(), self.outputs.len());
                return Err(Error::argument(format!("{}: {found} outputs, expected {expected}", self.what)));
            }
            let named = self.outputs.iter().zip(results.iter());
            named.map(|(port, array)| from_buffer(&port.name, &array).map_err(raised)).collect()
        })
    }
}

/// A Python object with `target`, `render(request, folder)`, `apply(rendered)` and `health(deployment)`.
pub(crate) struct HostDeployer {
    object: Py<PyAny>,
    target: String,
}

impl HostDeployer {
    pub(crate) fn wrap(object: &Bound<'_, PyAny>) -> PyResult<Arc<dyn Deployer>> {
        let target = attribute(object, "deployer", "target")?;
        Ok(Arc::new(Self { object: object.clone().unbind(), target }))
    }

    fn what(&self) -> String {
        format!("deployer '{}'", self.target)
    }
}

impl Deployer for HostDeployer {
    fn target(&self) -> &str {
        &self.target
    }

    /// The object returns `{"files": {name: bytes or path}, "findings": […]}`; the files go through the sink.
    fn render(&self, request: &DeployRequest<'_>, out: &mut dyn Sink, cx: &Context) -> Result<Rendered> {
        let what = self.what();
        Python::attach(|py| {
            let raised = |error: PyErr| from_python(py, &what, &error);
            let document = PyDict::new(py);
            document.set_item("name", request.name).map_err(raised)?;
            document.set_item("model", request.model.path()).map_err(raised)?;
            let descriptor = crate::json::to_python(py, request.descriptor).map_err(raised)?;
            document.set_item("descriptor", descriptor).map_err(raised)?;
            let workload = crate::json::to_python(py, request.workload).map_err(raised)?;
            document.set_item("workload", workload).map_err(raised)?;
            let result = call(self.object.bind(py), &what, "render", (document,))?;
            let files = result.get_item("files").map_err(raised)?;
            let files =
                files.cast::<PyDict>().map_err(|_| Error::argument(format!("{what}: 'files' must be a dict")))?;
            let mut names = Vec::new();
            for (name, content) in files.iter() {
                let name: String = name.extract().map_err(raised)?;
                if let Ok(bytes) = content.extract::<Vec<u8>>() {
                    let io = |error| Error::io("write", &name, error);
                    let mut file = out.create(&name)?;
                    file.write_all(&bytes).and_then(|()| file.flush()).map_err(io)?;
                } else {
                    let path: std::path::PathBuf = content.extract().map_err(raised)?;
                    let artifact = Artifact::open(&path, cx)?;
                    let entry = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
                    out.copy(&name, &artifact.blob(&entry)?, cx)?;
                }
                names.push(name);
            }
            let findings = match result.get_item("findings") {
                Ok(findings) => crate::json::from_host(&what, &findings)?,
                Err(_) => Vec::new(),
            };
            Ok(Rendered {
                target: self.target.clone(),
                name: request.name.to_owned(),
                root: Path::new("").to_owned(),
                files: names,
                findings,
            })
        })
    }

    fn apply(&self, rendered: &Rendered, _: &Context) -> Result<Deployment> {
        self.exchange("apply", rendered)
    }

    fn health(&self, deployment: &Deployment, _: &Context) -> Result<Health> {
        self.exchange("health", deployment)
    }
}

impl HostDeployer {
    /// Calls a method with one document and reads another.
    fn exchange<T: serde::de::DeserializeOwned>(&self, method: &str, document: &impl serde::Serialize) -> Result<T> {
        let what = self.what();
        Python::attach(|py| {
            let document = crate::json::to_python(py, document).map_err(|error| from_python(py, &what, &error))?;
            let result = call(self.object.bind(py), &what, method, (document,))?;
            crate::json::from_host(&what, &result)
        })
    }
}
