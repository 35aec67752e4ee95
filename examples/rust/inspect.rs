//! What a model is: inputs, outputs, operators, weights, costs. Nothing of it is executed.
//!
//! ```sh
//! cargo run -p modelium-examples --bin inspect -- MODEL
//! ```

use modelium_core::pipeline::Pipeline;
use modelium_core::{Context, Error, Registry, Result};

fn main() -> Result<()> {
    let Some(path) = std::env::args().nth(1) else { return Err(Error::argument("usage: inspect MODEL")) };

    let pipeline = Pipeline::new(Registry::builtin());
    let model = pipeline.open(path, &Context::new())?.descriptor;

    println!("{} ({}, {} parameters)", model.name, model.format, model.parameters);
    for port in &model.inputs {
        println!("  in   {}: {}", port.name, port.ty);
    }
    for port in &model.outputs {
        println!("  out  {}: {}", port.name, port.ty);
    }
    for (operator, count) in &model.operators {
        println!("  {count:>4} {operator}");
    }
    for finding in &model.findings {
        println!("  {:?}: {} [{}]", finding.severity, finding.message, finding.code);
    }
    Ok(())
}
