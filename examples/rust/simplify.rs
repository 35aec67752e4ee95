//! A model that computes the same with fewer nodes, with a table of what there was and what there is.
//!
//! ```sh
//! cargo run -p modelium-examples --bin simplify -- IN.onnx OUT.onnx [--level onnxruntime] [--without PASS] [--explain]
//! ```

use std::collections::BTreeMap;
use std::time::Instant;

use modelium_core::artifact::FileSink;
use modelium_core::formats::onnx::{OnnxExporter, OnnxImporter};
use modelium_core::formats::{Exporter as _, Importer as _, Weights};
use modelium_core::ir::{self, Model};
use modelium_core::passes::{self, Level, Options};
use modelium_core::{Artifact, Context, Error, Result, Sink as _};

const USAGE: &str = "usage: simplify IN.onnx OUT.onnx [--level portable|onnxruntime] [--without PASS]… [--explain]";

fn main() -> Result<()> {
    let (mut files, mut options, mut explain) = (Vec::new(), Options::default(), false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--level" => {
                options.level = match arguments.next().as_deref() {
                    Some("portable") => Level::Portable,
                    Some("onnxruntime") => Level::OnnxRuntime,
                    _ => return Err(Error::argument(USAGE)),
                };
            }
            "--without" => options.without.push(arguments.next().ok_or_else(|| Error::argument(USAGE))?),
            "--explain" => explain = true,
            _ => files.push(argument),
        }
    }
    let [input, output] = files.as_slice() else { return Err(Error::argument(USAGE)) };

    let cx = Context::new();
    let mut model = OnnxImporter.import(&Artifact::open(input, &cx)?, &cx)?;
    let before = operators(&model);
    let start = Instant::now();
    let rewrites = passes::simplify(&mut model, &passes::builtin(), &options, &cx)?;
    let took = start.elapsed();

    if explain {
        for rewrite in &rewrites {
            println!("{}: {} became {}", rewrite.pass, rewrite.removed.join(", "), rewrite.added.join(", "));
        }
    }
    table(&before, &operators(&model));
    println!("{} rewrites in {:.1} ms", rewrites.len(), took.as_secs_f64() * 1e3);

    let mut sink = FileSink::create(output)?;
    let name = sink.name().to_owned();
    OnnxExporter.export(ir::check(&model, &cx)?, &name, Weights::Auto, &mut sink, &cx)?;
    sink.commit()
}

/// How many nodes of each operator the model has, subgraphs and functions included.
fn operators(model: &Model) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for (_, node) in model.graphs().into_iter().flat_map(|graph| graph.nodes()) {
        *counts.entry(node.op.to_string()).or_default() += 1;
    }
    counts
}

fn table(before: &BTreeMap<String, usize>, after: &BTreeMap<String, usize>) {
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let count = |counts: &BTreeMap<String, usize>, name| counts.get(name).copied().unwrap_or_default();
    for name in names {
        println!("{name:<32} {:>7} {:>7}", count(before, name), count(after, name));
    }
    println!("{:<32} {:>7} {:>7}", "nodes", before.values().sum::<usize>(), after.values().sum::<usize>());
}
