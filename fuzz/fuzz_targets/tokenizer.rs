//! The files of a tokenizer, model card and licence on whatever the fuzzer thinks of; the first byte says which file.
#![no_main]

#[path = "../src/formats.rs"]
mod formats;

use std::sync::LazyLock;

use modelium_core::{Artifact, Context, license, tokenizer};

static CX: LazyLock<Context> = LazyLock::new(formats::context);

const NAMES: [&str; 11] = [
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "tokenizer.model",
    "vocab.json",
    "vocab.txt",
    "merges.txt",
    "x.tiktoken",
    "README.md",
    "LICENSE",
];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((which, bytes)) = bytes.split_first() else { return };
    let name = NAMES[usize::from(*which) % NAMES.len()].to_owned();
    let artifact = Artifact::from_entries("fuzz", [(name, bytes.to_vec().into())]);
    tokenizer::read(&artifact, "", &CX).expect("nobody cancels");
    license::read(&artifact, "", &CX).expect("nobody cancels");
});
