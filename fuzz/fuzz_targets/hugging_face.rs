//! The parsers of one format on whatever the fuzzer thinks of.
#![no_main]

#[path = "../src/formats.rs"]
mod formats;

use std::sync::LazyLock;

use modelium_core::{Context, Registry};

static CX: LazyLock<Context> = LazyLock::new(formats::context);
static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::builtin);

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    formats::run("hugging_face", bytes, &REGISTRY, &CX);
});
