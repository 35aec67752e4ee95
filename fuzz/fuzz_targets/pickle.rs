//! Pickles under analyzer and inspector.
#![no_main]

#[path = "../src/formats.rs"]
#[expect(dead_code, reason = "the target `scan` uses the rest")]
mod formats;

use std::sync::LazyLock;

use modelium_core::{Context, Registry};

static CX: LazyLock<Context> = LazyLock::new(formats::context);
static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::builtin);

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    formats::run("pickle", bytes, &REGISTRY, &CX);
});
