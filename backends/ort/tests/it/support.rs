//! The library under test, the repository's folders, and tensors by hand.

use std::path::{Path, PathBuf};

use modelium_core::tensor::{DType, Tensor};
use modelium_core::{Artifact, Context};
use modelium_ort::{OrtOptions, OrtRuntime, find_library};

/// A path below the root of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// The library: `ORT_DYLIB_PATH`, else the package in one of the virtual environments below `build/`.
pub(crate) fn library() -> PathBuf {
    if let Some(path) = std::env::var_os("ORT_DYLIB_PATH") {
        return path.into();
    }
    let venvs = std::fs::read_dir(repository("build")).into_iter().flatten().flatten();
    let mut packages: Vec<PathBuf> = venvs
        .filter_map(|venv| std::fs::read_dir(venv.path().join("lib")).ok())
        .flat_map(|pythons| pythons.flatten().map(|python| python.path().join("site-packages")))
        .collect();
    packages.sort();
    find_library(&packages).expect("onnxruntime is in no environment below build/; `make test` installs it")
}

pub(crate) fn runtime() -> OrtRuntime {
    OrtRuntime::new(OrtOptions { library: Some(library()), ..OrtOptions::default() }).expect("onnxruntime loads")
}

pub(crate) fn open(path: &str) -> Artifact {
    Artifact::open(repository(path), &Context::new()).expect("the model is in the repository")
}

pub(crate) fn floats(name: &str, dims: &[u64], values: &[f32]) -> Tensor {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    Tensor::new(name, DType::Float32, dims.to_vec(), bytes).expect("values fill the shape")
}
