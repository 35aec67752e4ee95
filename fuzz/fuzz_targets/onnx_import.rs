//! ONNX import on whatever the fuzzer thinks of.
#![no_main]

#[path = "../src/onnx_import.rs"]
mod onnx_import;

use std::sync::LazyLock;

use modelium_core::Context;

static CX: LazyLock<Context> = LazyLock::new(onnx_import::context);

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    onnx_import::run(bytes, &CX);
});
