//! The integration tests of the core: one binary, one module for each subject.
#![expect(clippy::disallowed_methods, reason = "tests read their data from disk")]

mod check_onnx;
mod describe_onnx;
mod detection;
mod error_catalogue;
mod eval_cases;
mod eval_onnx;
mod execute;
mod formats;
mod fusions;
mod fuzz_eval;
mod fuzz_onnx;
#[cfg(unix)]
mod hostile_onnx;
mod hugging_face;
mod infer_exports;
mod infer_onnx;
mod language_models;
mod layers;
mod licenses;
mod mutate;
mod npz;
mod onnx_large;
mod onnx_roundtrip;
mod opsets;
mod pickle_machine;
mod pickle_metamorphic;
mod pipeline;
mod reference;
mod scan_sets;
mod schemas;
mod support;
mod templates;
mod torch_tensors;
mod triton;
