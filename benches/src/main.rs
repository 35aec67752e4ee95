//! One measured piece of work of modelium, in a process of its own, for `benches/run.py`.
//!
//! `modelium-bench open|describe|copy|render|check|infer|simplify|simplify-save|cp MODEL OUT`, `modelium-bench evaluate
//! MODEL SAMPLES.npz` and `modelium-bench scan|scan-structure PATH THREADS` print one JSON line: seconds, and the growth of resident memory,
//! current and peak, in bytes. What starts from a model in memory (check, infer, simplify) is timed from there.
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a program, not the library")]

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Instant;

use modelium_core::blob::Blob;
use modelium_core::deploy::triton::TritonDeployer;
use modelium_core::deploy::{DeployRequest, Deployer as _};
use modelium_core::formats::onnx::{OnnxExporter, OnnxImporter};
use modelium_core::formats::{Exporter as _, Importer as _, Weights};
use modelium_core::ir::{check, infer};
use modelium_core::pipeline::{Depth, Pipeline, ScanOptions, SimplifyOptions};
use modelium_core::plan::Workload;
use modelium_core::reference::ReferenceRuntime;
use modelium_core::runtime::Runtime as _;
use modelium_core::wire::npz::read_npz;
use modelium_core::{Artifact, Context, FileSink, FolderSink, Limits, Registry, Result, Sink as _};

/// What a piece of work leaves in memory until it is measured.
type Kept = Box<dyn std::any::Any>;

/// Resident bytes now, and at the peak.
fn memory() -> (u64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()?.checked_mul(1024)
    };
    (field("VmRSS").unwrap_or_default(), field("VmHWM").unwrap_or_default())
}

fn work(what: &str, model: &Path, out: &Path) -> Result<Kept> {
    let cx = Context::new();
    match what {
        "open" => Ok(Box::new(OnnxImporter.import(&Artifact::open(model, &cx)?, &cx)?)),
        "describe" => Ok(Box::new(Registry::builtin().analyze(&Artifact::open(model, &cx)?, &cx)?)),
        "copy" => {
            let imported = OnnxImporter.import(&Artifact::open(model, &cx)?, &cx)?;
            let mut sink = FileSink::create(out)?;
            let name = sink.name().to_owned();
            OnnxExporter.export(check(&imported, &cx)?, &name, Weights::Auto, &mut sink, &cx)?;
            sink.commit()?;
            Ok(Box::new(imported))
        }
        "render" => {
            let artifact = Artifact::open(model, &cx)?;
            let descriptor = Registry::builtin().analyze(&artifact, &cx)?;
            let workload = Workload::default();
            let (model, descriptor) = (&artifact, &descriptor);
            let request = DeployRequest { name: "bench", model, descriptor, runtime: None, workload: &workload };
            let mut sink = FolderSink::replace(out)?;
            let rendered = TritonDeployer::default().render(&request, &mut sink, &cx)?;
            sink.commit()?;
            Ok(Box::new(rendered))
        }
        "scan" | "scan-structure" => {
            let threads = out.to_string_lossy().parse().unwrap_or(NonZeroUsize::MIN);
            let cx = Context::new().with_limits(Limits { threads, ..Limits::default() });
            let depth = if what == "scan" { Depth::Content } else { Depth::Structure };
            let options = ScanOptions { depth, ..ScanOptions::default() };
            Ok(Box::new(Pipeline::new(Registry::builtin()).scan(&[model], &options, &cx)?))
        }
        "check" => {
            let model = OnnxImporter.import(&Artifact::open(model, &cx)?, &cx)?;
            timed(|| check(&model, &cx).map(|_| ()).and_then(|()| infer(&model, &BTreeMap::new(), &cx)?.well_typed()))
        }
        "infer" => {
            let model = OnnxImporter.import(&Artifact::open(model, &cx)?, &cx)?;
            timed(|| infer(&model, &BTreeMap::new(), &cx).map(drop))
        }
        "simplify" => {
            let mut model = OnnxImporter.import(&Artifact::open(model, &cx)?, &cx)?;
            let pipeline = Pipeline::new(Registry::builtin());
            timed(|| pipeline.simplify_model(&mut model, &SimplifyOptions::default(), &cx).map(drop))
        }
        "evaluate" => {
            let mut session = ReferenceRuntime::default().load(&Artifact::open(model, &cx)?, &cx)?;
            let file = std::fs::File::open(out).map_err(|error| modelium_core::Error::io("open", out, error))?;
            let samples = read_npz(&Blob::map("samples", out, &file)?, &cx)?;
            let inputs: Vec<_> = session.inputs().iter().filter_map(|port| samples.get(&port.name).cloned()).collect();
            session.run(&inputs, &cx)?; // converts the weights
            timed(|| session.run(&inputs, &cx).map(drop))
        }
        "simplify-save" => {
            let options = SimplifyOptions { replace: true, ..SimplifyOptions::default() };
            Ok(Box::new(Pipeline::new(Registry::builtin()).simplify(model, out, &options, &cx)?))
        }
        "cp" => {
            std::fs::copy(model, out).map_err(|error| modelium_core::Error::io("copy", model, error))?;
            Ok(Box::new(()))
        }
        other => Err(modelium_core::Error::argument(format!("no piece of work is called '{other}'"))),
    }
}

/// Seconds of a part of the work, for pieces that start from a model in memory.
struct Part(f64);

fn timed(work: impl FnOnce() -> Result<()>) -> Result<Kept> {
    let start = Instant::now();
    work()?;
    Ok(Box::new(Part(start.elapsed().as_secs_f64())))
}

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let mut next = || arguments.next().unwrap_or_default();
    let (what, model, out) = (next(), next(), next());
    let before = memory().0;
    let start = Instant::now();
    let kept = work(&what.to_string_lossy(), model.as_ref(), out.as_ref())?;
    let whole = start.elapsed().as_secs_f64();
    let seconds = kept.downcast_ref::<Part>().map_or(whole, |part| part.0);
    let (now, peak) = memory();
    drop(kept);
    let grown = |bytes: u64| bytes.saturating_sub(before);
    println!("{}", serde_json::json!({ "seconds": seconds, "resident": grown(now), "peak": grown(peak) }));
    Ok(())
}
