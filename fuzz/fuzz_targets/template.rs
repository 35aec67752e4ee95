//! Templates and credentials in whatever text the fuzzer thinks of.
#![no_main]

use std::sync::LazyLock;

use modelium_core::scan::{Depth, Exam, secrets, template};
use modelium_core::{Context, Limits, Location};

static CX: LazyLock<Context> =
    LazyLock::new(|| Context::new().with_limits(Limits { instructions: 100_000, ..Limits::default() }));

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut exam = Exam::new(&[], Depth::Content, &CX);
    template::examine(&Location::default(), text, &mut exam).expect("nobody cancels");
    secrets::examine(&Location::default(), text, &mut exam);
    for finding in exam.finish().findings {
        assert!(!finding.message.contains('\n'), "more than one line: {}", finding.message);
    }
});
