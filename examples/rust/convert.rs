//! From a stored model to a Triton model repository, with the plan in words before anything runs, and the proof that the
//! result computes the same.
//!
//! ```sh
//! ORT_DYLIB_PATH=… cargo run -p modelium-examples --bin convert -- MODEL FOLDER
//! ```

use std::sync::Arc;

use modelium_core::pipeline::{Pipeline, RunOptions};
use modelium_core::plan::{Requirements, Target};
use modelium_core::{Context, Error, Registry, Result};
use modelium_ort::{OrtOptions, OrtRuntime};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(model), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err(Error::argument("usage: convert MODEL FOLDER"));
    };

    let cx = Context::new();
    let runtime = OrtRuntime::new(OrtOptions::default())?;
    let pipeline = Pipeline::new(Registry::builtin().with_runtime(Arc::new(runtime)));

    let model = pipeline.open(model, &cx)?;
    let wanted = Requirements { target: Target::Triton, ..Requirements::default() };
    let outcome = pipeline.plan(&model, &wanted, &cx)?;
    println!("{}", outcome.explain());

    let done = pipeline.run(&model, outcome.into_plan()?, folder.as_ref(), &RunOptions::default(), &cx)?;
    for file in &done.outputs {
        println!("{} ({} bytes)", file.name, file.bytes);
    }
    Ok(())
}
