//! Sessions: loading and running, both of which can be stopped while they are under way.

use std::borrow::Cow;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use modelium_core::artifact::Artifact;
use modelium_core::error::ErrorKind;
use modelium_core::ir::TypeKind;
use modelium_core::runtime::{RuntimePort, Session};
use modelium_core::tensor::Tensor;
use modelium_core::{Context, Error, Result};
use ort::AsPointer as _;
use ort::environment::Environment;
use ort::session::builder::{GraphOptimizationLevel, LoadCanceler, SessionBuilder};
use ort::session::{RunOptions, Session as Inner, SessionInputValue};
use ort::value::{Outlet, ValueType};

use crate::Optimization;
use crate::library::one_line;
use crate::value::{from_ort, to_ort, type_of};

/// How often a caller who waits looks whether to stop.
const PATIENCE: Duration = Duration::from_millis(50);

/// Stack of the thread that loads and runs: subgraphs recurse, and the main thread would have this much.
const STACK: usize = 8 << 20;

/// A model that ONNX Runtime has loaded.
pub(crate) struct OrtSession {
    session: Inner,
    inputs: Vec<RuntimePort>,
    outputs: Vec<RuntimePort>,
}

/// Loads the model file of an artifact.
pub(crate) fn load(
    artifact: &Artifact,
    environment: &Environment,
    threads: NonZeroUsize,
    optimization: Optimization,
    cx: &Context,
) -> Result<OrtSession> {
    let entry = model_entry(artifact)?;
    let canceler: Mutex<Option<LoadCanceler>> = Mutex::new(None);
    let session = interruptible(
        cx,
        || {
            if let Some(canceler) = &*canceler.lock().unwrap_or_else(PoisonError::into_inner) {
                let _ = canceler.cancel(); // else it loads to the end, and is dropped
            }
        },
        || {
            let cannot_load = |error: ort::Error| backend("load the model", &error);
            let mut builder = builder(environment, threads, optimization).map_err(cannot_load)?;
            *canceler.lock().unwrap_or_else(PoisonError::into_inner) = Some(builder.canceler());
            let path = artifact.entries().find(|(name, _)| *name == entry).and_then(|(_, file)| file.path());
            if let Some(path) = path {
                return builder.commit_from_file(path).map_err(cannot_load);
            }
            let folder = entry.rsplit_once('/').map_or(0, |(folder, _)| folder.len() + 1);
            for (name, _) in artifact.entries().filter(|(name, _)| *name != entry) {
                let Some(beside) = name.strip_prefix(&entry[..folder]) else { continue };
                let bytes: Arc<[u8]> = Arc::from(&*artifact.blob(name)?);
                builder = builder
                    .with_external_initializer_file_in_memory(beside, bytes)
                    .map_err(|error| cannot_load(error.into()))?;
            }
            builder.commit_from_memory(&artifact.blob(&entry)?).map_err(cannot_load)
        },
    )?;
    let inputs = ports(&session, true);
    let outputs = ports(&session, false);
    tracing::debug!(target: "modelium.onnxruntime", inputs = inputs.len(), outputs = outputs.len(), "loaded");
    Ok(OrtSession { session, inputs, outputs })
}

/// The entry that is the model: the only one, or the only `.onnx`.
fn model_entry(artifact: &Artifact) -> Result<String> {
    let names: Vec<&str> = artifact.entries().map(|(name, _)| name).collect();
    let is_model = |name: &str| name.rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case("onnx"));
    let models: Vec<&str> = names.iter().copied().filter(|name| is_model(name)).collect();
    match (names.as_slice(), models.as_slice()) {
        ([name], _) | (_, [name]) => Ok((*name).to_owned()),
        (_, []) => Err(Error::argument("the folder holds no .onnx file; name the model's own file")),
        (_, models) => {
            let models = models.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
            Err(Error::argument(format!("the folder holds several models: {models}; name one of them")))
        }
    }
}

fn builder(
    environment: &Environment,
    threads: NonZeroUsize,
    optimization: Optimization,
) -> ort::Result<SessionBuilder> {
    let level = match optimization {
        Optimization::None => GraphOptimizationLevel::Disable,
        Optimization::Basic => GraphOptimizationLevel::Level1,
        Optimization::Extended => GraphOptimizationLevel::Level2,
        Optimization::All => GraphOptimizationLevel::All,
    };
    let cpu = ort::ep::CPU::default().with_arena_allocator(false); // memory goes back after each run
    Ok(Inner::builder(environment)?
        .with_optimization_level(level)?
        .with_intra_threads(threads.get())?
        .with_inter_threads(1)?
        .with_intra_op_spinning(false)?
        .with_deterministic_compute(true)?
        .with_memory_pattern(false)?
        .with_execution_providers([cpu.build()])?)
}

fn ports(session: &Inner, inputs: bool) -> Vec<RuntimePort> {
    let outlets = if inputs { session.inputs() } else { session.outputs() };
    let port = |(position, outlet): (usize, &Outlet)| RuntimePort {
        name: outlet.name().to_owned(),
        ty: type_of(outlet.dtype(), is_ranked(session, inputs, position, outlet.dtype())),
    };
    outlets.iter().enumerate().map(port).collect()
}

/// False for a tensor of unknown rank, which the binding cannot tell from a scalar.
fn is_ranked(session: &Inner, input: bool, position: usize, ty: &ValueType) -> bool {
    if !matches!(ty, ValueType::Tensor { shape, .. } if shape.is_empty()) {
        return true;
    }
    let api = ort::api();
    let type_info = if input { api.SessionGetInputTypeInfo } else { api.SessionGetOutputTypeInfo };
    let mut info = ptr::null_mut();
    let mut tensor = ptr::null();
    // SAFETY: the session lives, and the position is one of its inputs or outputs. `info` is ours once it is set and is
    // released after its last use; `tensor` points into it.
    unsafe {
        if ort::Error::result_from_status(type_info(session.ptr(), position, &raw mut info)).is_err() {
            return true;
        }
        let cast = ort::Error::result_from_status((api.CastTypeInfoToTensorInfo)(info, &raw mut tensor));
        let ranked = cast.is_err() || tensor.is_null() || (api.TensorTypeAndShape_HasShape)(tensor);
        (api.ReleaseTypeInfo)(info);
        ranked
    }
}

impl Session for OrtSession {
    fn inputs(&self) -> &[RuntimePort] {
        &self.inputs
    }

    fn outputs(&self) -> &[RuntimePort] {
        &self.outputs
    }

    #[tracing::instrument(name = "modelium.run", level = "debug", skip_all)]
    fn run(&mut self, inputs: &[Tensor], cx: &Context) -> Result<Vec<Tensor>> {
        // the binding panics where an optional output is left out: only tensors come through it
        if let Some(port) = self.outputs.iter().find(|port| !matches!(port.ty.kind, TypeKind::Tensor { .. })) {
            let message = format!("output '{}' is {}; only tensors can be read", port.name, port.ty);
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        let feed = |tensor: &Tensor| {
            let name = tensor.name.clone().ok_or_else(|| Error::argument("an input tensor has no name"))?;
            Ok((Cow::Owned(name), SessionInputValue::Owned(to_ort(tensor)?)))
        };
        let feeds = inputs.iter().map(feed).collect::<Result<Vec<(Cow<'_, str>, SessionInputValue<'_>)>>>()?;
        let cannot_run = |error: ort::Error| backend("run the model", &error);
        let options = RunOptions::new().map_err(cannot_run)?;
        let session = &mut self.session;
        interruptible(
            cx,
            || {
                let _ = options.terminate(); // else it runs to the end, and what it gives is dropped
            },
            || {
                let outputs = session.run_with_options(feeds, &options).map_err(cannot_run)?;
                outputs.into_iter().map(|(name, value)| from_ort(name, value)).collect()
            },
        )
    }
}

/// Works in a thread of its own while the caller's waits and ticks: so a signal that only the caller's thread sees, or
/// an observer that breaks, stops what no longer listens to anybody. The thread ends before this returns.
fn interruptible<T: Send>(cx: &Context, stop: impl Fn(), work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    cx.tick("run", 0, 0)?;
    std::thread::scope(|scope| {
        let (done, outcome) = channel();
        let thread = std::thread::Builder::new().name("modelium-ort".to_owned()).stack_size(STACK);
        let work = move || {
            // the other end waits until this thread ended
            let _ = done.send(catch_unwind(AssertUnwindSafe(work)));
        };
        let spawned = thread.spawn_scoped(scope, work);
        spawned.map_err(|error| Error::new(ErrorKind::Backend, format!("cannot start a thread: {error}")))?;
        let mut stopped = None;
        loop {
            match outcome.recv_timeout(PATIENCE) {
                Ok(Ok(outcome)) => return stopped.map_or(outcome, Err),
                Ok(Err(panic)) => return Err(panicked(panic.as_ref())),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Error::internal("a worker thread ended without a word"));
                }
                Err(RecvTimeoutError::Timeout) => {
                    if let Err(error) = cx.tick("run", 0, 0) {
                        stop(); // again at each timeout: the work may not have been there yet to hear it
                        stopped.get_or_insert(error);
                    }
                }
            }
        }
    })
}

/// The binding panics on types that it does not know (a sequence of sequences); the host must not.
fn panicked(panic: &(dyn std::any::Any + Send)) -> Error {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    let reason = one_line(text.unwrap_or("no reason given"));
    Error::new(ErrorKind::Backend, format!("the binding of onnxruntime gave up: {reason}"))
}

/// What ONNX Runtime says, as an error; `Unsupported` where it has no kernel.
pub(crate) fn backend(what: &str, error: &ort::Error) -> Error {
    let kind = match error.code() {
        ort::ErrorCode::NotImplemented => ErrorKind::Unsupported,
        _ => ErrorKind::Backend,
    };
    Error::new(kind, format!("onnxruntime cannot {what}: {}", one_line(error.message())))
}
