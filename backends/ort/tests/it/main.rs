//! ONNX Runtime itself, as the package `onnxruntime` brings it.
#![expect(clippy::disallowed_methods, reason = "tests read their data from disk")]

mod exports;
mod fusions;
mod layers;
mod library;
mod opsets;
mod outputs;
mod parity;
mod passes;
mod stopping;
mod suite;
mod support;
