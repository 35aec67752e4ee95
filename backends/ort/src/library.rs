//! Finds and loads the shared library: once for the process, as ONNX Runtime demands.

use std::ffi::CStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use modelium_core::error::{Classify, ErrorKind, Location};
use modelium_core::{Error, Result};
use ort::environment::Environment;
use ort::logging::LogLevel;

/// The oldest library whose interface this crate speaks: 1.24.
const OLDEST: u32 = ort::MINOR_VERSION;

/// Where the caller may name the library. This is the one place that reads it.
const VARIABLE: &str = "ORT_DYLIB_PATH";

const ADVICE: &str =
    "install the package (pip install onnxruntime), or name the library by ORT_DYLIB_PATH or OrtOptions";

/// Why ONNX Runtime cannot be used.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum OrtError {
    #[error("onnxruntime is not installed; {}", ADVICE)]
    NotFound,
    #[error("no such file, though {named_by} names it; {}", ADVICE)]
    NoSuchFile { path: PathBuf, named_by: &'static str },
    #[error("onnxruntime cannot be loaded: {reason}; {}", ADVICE)]
    NotLoadable { path: PathBuf, reason: String },
    #[error(
        "onnxruntime {version} is older than 1.{}, the oldest supported; upgrade it (pip install --upgrade onnxruntime)",
        OLDEST
    )]
    TooOld { path: PathBuf, version: String },
    #[error("this process runs the onnxruntime of {} already, and can load one only", .loaded.display())]
    AnotherIsLoaded { path: PathBuf, loaded: PathBuf },
    #[error("onnxruntime cannot start: {reason}")]
    NoEnvironment { reason: String },
}

impl Classify for OrtError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Backend
    }

    fn location(&self) -> Location {
        match self {
            Self::NotFound | Self::NoEnvironment { .. } => Location::default(),
            Self::NoSuchFile { path, .. }
            | Self::NotLoadable { path, .. }
            | Self::TooOld { path, .. }
            | Self::AnotherIsLoaded { path, .. } => Location::file(path.display().to_string()),
        }
    }
}

/// A library that is loaded.
#[derive(Debug, Clone)]
pub(crate) struct Library {
    pub(crate) path: PathBuf,
    pub(crate) version: String,
}

/// What the process has loaded. ONNX Runtime keeps one environment in a process, and the binding never unloads.
static LOADED: Mutex<Option<Loaded>> = Mutex::new(None);

struct Loaded {
    library: Library,
    /// Made when the first model is loaded.
    environment: Option<Environment>,
}

/// The shared library inside an installed package `onnxruntime` (or one of its variants, which share the folder).
pub fn find_library(site_packages: &[PathBuf]) -> Option<PathBuf> {
    site_packages.iter().find_map(|folder| {
        let items = std::fs::read_dir(folder.join("onnxruntime").join("capi")).ok()?;
        items.flatten().filter(|item| is_library(&item.file_name().to_string_lossy())).map(|item| item.path()).max()
    })
}

fn is_library(name: &str) -> bool {
    name == "onnxruntime.dll"
        || name == "libonnxruntime.so"
        || name.starts_with("libonnxruntime.so.")
        || name.starts_with("libonnxruntime.") && Path::new(name).extension().is_some_and(|end| end == "dylib")
}

/// The library that the caller, the environment or an installed package names, in that order.
pub(crate) fn locate(library: Option<&Path>, site_packages: &[PathBuf]) -> Result<PathBuf, OrtError> {
    let exists = |path: PathBuf, named_by| {
        if path.is_file() { Ok(path) } else { Err(OrtError::NoSuchFile { path, named_by }) }
    };
    if let Some(path) = library {
        return exists(path.to_owned(), "OrtOptions");
    }
    match std::env::var_os(VARIABLE) {
        Some(path) if !path.is_empty() => exists(path.into(), VARIABLE),
        _ => find_library(site_packages).ok_or(OrtError::NotFound),
    }
}

/// Loads the library, unless it is loaded.
pub(crate) fn load(path: &Path) -> Result<Library> {
    let path = path.canonicalize().map_err(|error| Error::io("find", path, error))?;
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    match &*loaded {
        Some(Loaded { library, .. }) if library.path == path => Ok(library.clone()),
        Some(Loaded { library, .. }) => Err(OrtError::AnotherIsLoaded { path, loaded: library.path.clone() }.into()),
        None => {
            let version = probe(&path)?;
            // the binding checks the version again, and keeps the library for the life of the process
            let unloadable = |error: ort::LoadDynamicError| {
                let reason = error.to_string();
                OrtError::NotLoadable { path: path.clone(), reason }
            };
            drop(ort::init_from(&path).map_err(unloadable)?);
            let library = Library { path: path.clone(), version };
            *loaded = Some(Loaded { library: library.clone(), environment: None });
            Ok(library)
        }
    }
}

/// The version of a library, found to offer the interface that the binding asks for; the binding itself would panic.
fn probe(path: &Path) -> Result<String, OrtError> {
    let unloadable = |error: libloading::Error| {
        let detail = std::error::Error::source(&error).map_or_else(String::new, |source| format!(": {source}"));
        OrtError::NotLoadable { path: path.to_owned(), reason: one_line(&format!("{error}{detail}")) }
    };
    // SAFETY: opening a library runs its constructors; the caller named this file as ONNX Runtime.
    let library = unsafe { libloading::Library::new(path) }.map_err(unloadable)?;
    // SAFETY: the symbol of this name has had this type since ONNX Runtime 1.0.
    let base = unsafe { library.get::<unsafe extern "system" fn() -> *const ort::sys::OrtApiBase>(b"OrtGetApiBase") };
    let base = base.map_err(unloadable)?;
    // SAFETY: it takes nothing and returns null or a static table, whose functions may be called from any thread; the
    // string that the second returns is static and ends in NUL.
    let (version, speaks) = unsafe {
        let Some(base) = base().as_ref() else {
            let reason = "it offers no interface".to_owned();
            return Err(OrtError::NotLoadable { path: path.to_owned(), reason });
        };
        let version = CStr::from_ptr((base.GetVersionString)()).to_string_lossy().into_owned();
        // asking an old library for a newer interface makes it print to the host's streams: compare versions first
        let old = minor(&version).is_none_or(|minor| minor < OLDEST);
        (version, !old && !(base.GetApi)(OLDEST).is_null())
    };
    if speaks { Ok(version) } else { Err(OrtError::TooOld { path: path.to_owned(), version }) }
}

/// 32 of `1.32.0`.
fn minor(version: &str) -> Option<u32> {
    version.strip_prefix("1.")?.split('.').next()?.parse().ok()
}

/// The environment, made by who asks first.
pub(crate) fn environment() -> Result<Environment> {
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    let loaded = loaded.as_mut().ok_or_else(|| Error::internal("a session before a library"))?;
    if let Some(environment) = &loaded.environment {
        return Ok(environment.clone());
    }
    let no_environment = |error: ort::Error| OrtError::NoEnvironment { reason: one_line(error.message()) };
    let environment = ort::init()
        .with_name("modelium")
        .with_telemetry(false)
        .with_logger(Arc::new(|level, _, _, _, message| log(level, message)))
        .build()
        .map_err(no_environment)?;
    environment.set_log_level(LogLevel::Warning);
    loaded.environment = Some(environment.clone());
    Ok(environment)
}

/// ONNX Runtime's own messages become events, where the host's subscriber decides; nothing is printed.
fn log(level: LogLevel, message: &str) {
    match level {
        LogLevel::Verbose | LogLevel::Info => tracing::debug!(target: "modelium.onnxruntime", "{message}"),
        LogLevel::Warning => tracing::warn!(target: "modelium.onnxruntime", "{message}"),
        LogLevel::Error | LogLevel::Fatal => tracing::error!(target: "modelium.onnxruntime", "{message}"),
    }
}

/// A message of somebody else's on one line.
pub(crate) fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_is_found_by_its_name_on_each_system() {
        for name in
            ["libonnxruntime.so.1.32.0", "libonnxruntime.1.32.0.dylib", "libonnxruntime.dylib", "onnxruntime.dll"]
        {
            assert!(is_library(name), "{name}");
        }
        for name in ["libonnxruntime_providers_shared.so", "onnxruntime_pybind11_state.so", "libonnxruntime.so.txt.zip"]
        {
            assert_eq!(is_library(name), name.starts_with("libonnxruntime.so."), "{name}");
        }
    }

    fn refused(path: &Path) -> String {
        probe(path).expect_err("it is not the library").to_string()
    }

    #[test]
    fn a_file_that_is_no_library_is_refused() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        assert!(refused(file.path()).starts_with("onnxruntime cannot be loaded: "));
    }

    /// Builds a shared library from C, which has what a test needs of ONNX Runtime.
    #[cfg(target_os = "linux")]
    #[expect(clippy::disallowed_methods, reason = "a compiler is a process")]
    fn built(folder: &Path, source: &str) -> PathBuf {
        std::fs::write(folder.join("fake.c"), source).expect("it can be written");
        let compiler =
            std::process::Command::new("cc").args(["-shared", "-o", "fake.so", "fake.c"]).current_dir(folder).status();
        assert!(compiler.expect("the tests need a C compiler").success());
        folder.join("fake.so")
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_old_library_is_refused_before_the_binding_sees_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let source = r#"
            static void *api(unsigned version) { return version > 23 ? 0 : &api; }
            static const char *version(void) { return "1.23.2"; }
            static struct { void *api, *version; } base = { api, version };
            void *OrtGetApiBase(void) { return &base; }
        "#;
        let line = refused(&built(folder.path(), source));
        assert!(line.starts_with("onnxruntime 1.23.2 is older than 1.24, the oldest supported; upgrade it"), "{line}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_library_of_something_else_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let line = refused(&built(folder.path(), "int other;"));
        assert!(line.starts_with("onnxruntime cannot be loaded: ") && line.contains("OrtGetApiBase"), "{line}");
    }

    #[test]
    fn versions_compare_as_numbers() {
        assert_eq!(minor("1.9.0").map(|minor| minor < OLDEST), Some(true));
        assert_eq!(minor("1.100.0-dev").map(|minor| minor < OLDEST), Some(false));
        assert_eq!(minor("2.0.0"), None);
    }
}
