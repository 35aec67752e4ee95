//! The library under test, the repository's folders, and tensors by hand.

use std::path::{Path, PathBuf};

use modelium_core::formats::onnx::{OnnxExporter, OnnxImporter};
use modelium_core::formats::{Exporter as _, Importer as _, Weights};
use modelium_core::ir::{self, Model};
use modelium_core::tensor::{DType, Tensor};
use modelium_core::{Artifact, Context, MemorySink, Sink as _};
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

pub(crate) fn import(artifact: &Artifact) -> Model {
    OnnxImporter.import(artifact, &Context::new()).expect("it is ONNX")
}

/// The model as a file in memory.
pub(crate) fn export(model: &Model) -> Artifact {
    let (cx, mut sink) = (Context::new(), MemorySink::new());
    let checked = ir::check(model, &cx).expect("it is well formed");
    OnnxExporter.export(checked, "model.onnx", Weights::Auto, &mut sink, &cx).expect("it is written");
    sink.commit().expect("into memory");
    Artifact::from_entries("model.onnx", sink.into_files().into_iter().map(|(name, bytes)| (name, bytes.into())))
}

pub(crate) fn floats(name: &str, dims: &[u64], values: &[f32]) -> Tensor {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    Tensor::new(name, DType::Float32, dims.to_vec(), bytes).expect("values fill the shape")
}

/// The elements of a tensor of numbers, as float64; `None` for strings, complex numbers and packed types.
#[expect(clippy::cast_precision_loss, reason = "compared with a tolerance")]
pub(crate) fn numbers(tensor: &Tensor) -> Option<Vec<f64>> {
    let bytes = tensor.to_le_bytes()?;
    Some(match tensor.dtype {
        DType::Float16 => bytes.as_chunks().0.iter().map(|b| half::f16::from_le_bytes(*b).into()).collect(),
        DType::Bfloat16 => bytes.as_chunks().0.iter().map(|b| half::bf16::from_le_bytes(*b).into()).collect(),
        DType::Float32 => bytes.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b).into()).collect(),
        DType::Float64 => bytes.as_chunks().0.iter().map(|b| f64::from_le_bytes(*b)).collect(),
        DType::Int8 => bytes.iter().map(|&b| b.cast_signed().into()).collect(),
        DType::Uint8 => bytes.iter().map(|&b| b.into()).collect(),
        DType::Int16 => bytes.as_chunks().0.iter().map(|b| i16::from_le_bytes(*b).into()).collect(),
        DType::Uint16 => bytes.as_chunks().0.iter().map(|b| u16::from_le_bytes(*b).into()).collect(),
        DType::Int32 => bytes.as_chunks().0.iter().map(|b| i32::from_le_bytes(*b).into()).collect(),
        DType::Uint32 => bytes.as_chunks().0.iter().map(|b| u32::from_le_bytes(*b).into()).collect(),
        DType::Int64 => bytes.as_chunks().0.iter().map(|b| i64::from_le_bytes(*b) as f64).collect(),
        DType::Uint64 => bytes.as_chunks().0.iter().map(|b| u64::from_le_bytes(*b) as f64).collect(),
        _ => return None,
    })
}
