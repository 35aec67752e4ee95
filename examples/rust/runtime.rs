//! A runtime of one's own: it runs models through another one, and measures every run. A runtime that really computes has
//! the same two traits to implement, and a host may register as many as it likes.
//!
//! ```sh
//! ORT_DYLIB_PATH=… cargo run -p modelium-examples --bin runtime -- ORIGINAL RESULT
//! ```

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use modelium_core::pipeline::{CompareOptions, Pipeline};
use modelium_core::runtime::{Runtime, RuntimePort, Session};
use modelium_core::tensor::Tensor;
use modelium_core::{Artifact, Context, Error, Registry, Result};
use modelium_ort::{OrtOptions, OrtRuntime};

/// Loads models by another runtime, and adds up how often and how long they ran.
struct Measured<R> {
    inner: R,
    taken: Arc<Taken>,
}

#[derive(Default)]
struct Taken {
    runs: AtomicU64,
    nanoseconds: AtomicU64,
}

impl<R: Runtime> Runtime for Measured<R> {
    fn name(&self) -> &'static str {
        "measured"
    }

    fn version(&self) -> String {
        self.inner.version()
    }

    fn load(&self, artifact: &Artifact, cx: &Context) -> Result<Box<dyn Session>> {
        let inner = self.inner.load(artifact, cx)?;
        Ok(Box::new(MeasuredSession { inner, taken: Arc::clone(&self.taken) }))
    }
}

struct MeasuredSession {
    inner: Box<dyn Session>,
    taken: Arc<Taken>,
}

impl Session for MeasuredSession {
    fn inputs(&self) -> &[RuntimePort] {
        self.inner.inputs()
    }

    fn outputs(&self) -> &[RuntimePort] {
        self.inner.outputs()
    }

    fn run(&mut self, inputs: &[Tensor], cx: &Context) -> Result<Vec<Tensor>> {
        let start = Instant::now();
        let outputs = self.inner.run(inputs, cx)?;
        let nanoseconds = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.taken.runs.fetch_add(1, Ordering::Relaxed);
        self.taken.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
        Ok(outputs)
    }
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(original), Some(result)) = (arguments.next(), arguments.next()) else {
        return Err(Error::argument("usage: runtime ORIGINAL RESULT"));
    };

    let taken = Arc::new(Taken::default());
    let runtime = Measured { inner: OrtRuntime::new(OrtOptions::default())?, taken: Arc::clone(&taken) };
    let pipeline = Pipeline::new(Registry::builtin().with_runtime(Arc::new(runtime)));

    let options = CompareOptions { runtime: Some("measured".to_owned()), ..CompareOptions::default() };
    let report = pipeline.compare(original.as_ref(), result.as_ref(), &options, &Context::new())?;
    println!("{report}");

    let (runs, nanoseconds) = (taken.runs.load(Ordering::Relaxed), taken.nanoseconds.load(Ordering::Relaxed));
    println!("{runs} runs took {:.3} ms", nanoseconds as f64 / 1e6);
    Ok(())
}
