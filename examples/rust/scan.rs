//! What must not be in a model: a gate for a pipeline that fetches models from elsewhere. Nothing of it is executed.
//!
//! ```sh
//! cargo run -p modelium-examples --bin scan -- PATH…
//! ```

use std::process::ExitCode;

use modelium_core::pipeline::{Pipeline, ScanOptions, Verdict};
use modelium_core::{Context, Error, Registry, Result};

fn main() -> Result<ExitCode> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    if paths.is_empty() {
        return Err(Error::argument("usage: scan PATH…"));
    }
    let pipeline = Pipeline::new(Registry::builtin());
    let report = pipeline.scan(&paths, &ScanOptions::default(), &Context::new())?;

    for file in &report.files {
        println!("{:<12} {}", file.verdict.as_str(), file.path);
        for finding in &file.findings {
            let seen = finding.evidence.as_deref().unwrap_or(&finding.message);
            println!("    {:?}: {seen} [{}]", finding.severity, finding.code);
        }
        for gap in &file.gaps {
            println!("    {} bytes were not understood: {}", gap.bytes, gap.reason);
        }
    }
    Ok(if report.verdict == Verdict::Clean { ExitCode::SUCCESS } else { ExitCode::from(3) })
}
