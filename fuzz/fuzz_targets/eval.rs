//! Evaluation of whatever model the fuzzer thinks of.
#![no_main]

#[path = "../src/eval.rs"]
mod eval;

use std::sync::LazyLock;

use modelium_core::Context;

static CX: LazyLock<Context> = LazyLock::new(eval::context);

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    eval::run(bytes, &CX);
});
