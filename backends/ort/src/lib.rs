//! Runs models through the ONNX Runtime that is installed, as modelium's [`Runtime`].
//!
//! Nothing is linked and nothing is downloaded: the shared library is found when [`OrtRuntime::new`] is called, in this
//! order:
//!
//! 1. [`OrtOptions::library`];
//! 2. the environment variable `ORT_DYLIB_PATH`, which other users of ONNX Runtime read too;
//! 3. the package `onnxruntime` in one of [`OrtOptions::site_packages`], which Python passes.
//!
//! ```no_run
//! use modelium_core::runtime::Runtime as _;
//! use modelium_core::{Artifact, Context};
//! use modelium_ort::{OrtOptions, OrtRuntime};
//!
//! let cx = Context::new();
//! let runtime = OrtRuntime::new(OrtOptions::default())?;
//! let mut session = runtime.load(&Artifact::open("model.onnx", &cx)?, &cx)?;
//! # Ok::<(), modelium_core::Error>(())
//! ```
//!
//! # What is global
//!
//! ONNX Runtime itself keeps one environment in a process, and one library can be loaded. The first runtime decides
//! which; a second one that names another library is refused. Making a runtime starts no threads: a process may fork
//! after it. The first model that is loaded makes the environment, which lives as long as the process and keeps a thread
//! of its own; a process that forks after that must not run models in the child. The threads of a session, as many as
//! [`OrtOptions::intra_threads`] or the limits of the work say, end with it.

mod library;
mod session;
mod value;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use modelium_core::artifact::Artifact;
use modelium_core::runtime::{Runtime, Session};
use modelium_core::{Context, Error, Result};

pub use library::{OrtError, find_library};

use library::Library;

/// How to find ONNX Runtime, and how it runs models.
#[derive(Debug, Clone, Default)]
pub struct OrtOptions {
    /// The shared library: `libonnxruntime.so.1.32.0`, `libonnxruntime.1.32.0.dylib`, `onnxruntime.dll`.
    pub library: Option<PathBuf>,
    /// Folders that may hold the Python package `onnxruntime`, looked through where nothing else names a library.
    pub site_packages: Vec<PathBuf>,
    /// Threads of one session; as many as [`Limits::threads`](modelium_core::Limits::threads) of the work if left out.
    pub intra_threads: Option<NonZeroUsize>,
    /// What ONNX Runtime may rewrite before it runs a model.
    pub optimization: Optimization,
}

/// What ONNX Runtime may rewrite before it runs a model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Optimization {
    /// Nothing: the model runs as it is written, which is what comparing two models asks for.
    #[default]
    None,
    /// Rewrites that any machine can run.
    Basic,
    /// Fusions too.
    Extended,
    /// All, layouts for this machine's processor included.
    All,
}

/// The installed ONNX Runtime, on the CPU.
///
/// Models are loaded from their file, so that external data resolves; those in memory from there. An artifact of several
/// files is run by its one `.onnx` file. ONNX Runtime reads the files that a model refers to by itself, and by its own
/// rules: what cannot be trusted is imported first, which checks every location.
///
/// Inputs are dense tensors of any element type, strings included; so are outputs: a model that gives a sequence, a map
/// or an optional loads, and its run is refused with `Unsupported`. A running model is stopped within a tenth of a second
/// by its context's cancel token or observer.
#[derive(Debug)]
pub struct OrtRuntime {
    library: Library,
    options: OrtOptions,
}

impl OrtRuntime {
    /// Finds and loads the library.
    ///
    /// # Errors
    /// `Backend` if there is none, if it is older than 1.24, or if this process has loaded another one.
    pub fn new(options: OrtOptions) -> Result<Self> {
        let path = library::locate(options.library.as_deref(), &options.site_packages)?;
        Ok(Self { library: library::load(&path)?, options })
    }

    /// The shared library in use.
    pub fn library(&self) -> &std::path::Path {
        &self.library.path
    }
}

impl Runtime for OrtRuntime {
    fn name(&self) -> &'static str {
        "onnxruntime"
    }

    fn version(&self) -> String {
        self.library.version.clone()
    }

    #[tracing::instrument(name = "modelium.load", skip_all, fields(model = artifact.name()))]
    fn load(&self, artifact: &Artifact, cx: &Context) -> Result<Box<dyn Session>> {
        let environment = library::environment()?;
        let threads = self.options.intra_threads.unwrap_or(cx.limits().threads);
        let session = session::load(artifact, &environment, threads, self.options.optimization, cx)
            .map_err(|error: Error| error.with_file(artifact.name()))?;
        Ok(Box::new(session))
    }
}
