//! Arrays of numpy on whatever the fuzzer thinks of.
#![no_main]

#[path = "../src/npz.rs"]
mod npz;

use std::sync::LazyLock;

use modelium_core::Context;

static CX: LazyLock<Context> = LazyLock::new(npz::context);

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    npz::run(bytes, &CX);
});
