//! Progress, Ctrl-C and cancellation: what a long call hears while the GIL is released.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use modelium_core::{Context, Limits, Observer, Progress, Result};
use pyo3::prelude::*;

use crate::error::Raised;

/// How often the interpreter is asked for signals, and a callback is called, at the most.
const INTERVAL: Duration = Duration::from_millis(50);

/// Takes the GIL now and then to look for Ctrl-C and to call the caller's function.
struct Listener {
    callback: Option<Py<PyAny>>,
    raised: Arc<Raised>,
    heard: Mutex<Heard>,
}

/// When the interpreter was last asked, and in which stage.
struct Heard {
    at: Instant,
    stage: String,
}

impl Observer for Listener {
    fn progress(&self, progress: &Progress<'_>) -> ControlFlow<()> {
        {
            let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
            let finished = progress.total > 0 && progress.done >= progress.total;
            if heard.at.elapsed() < INTERVAL && heard.stage == progress.stage && !finished {
                return ControlFlow::Continue(());
            }
            heard.at = Instant::now();
            progress.stage.clone_into(&mut heard.stage);
        }
        Python::attach(|py| {
            let called = py.check_signals().and_then(|()| match &self.callback {
                Some(callback) => callback.call1(py, (progress.stage, progress.done, progress.total)).map(drop),
                None => Ok(()),
            });
            match called {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    self.raised.keep(error);
                    ControlFlow::Break(())
                }
            }
        })
    }
}

/// Runs `work` with the GIL released; Ctrl-C and an exception in `callback` cancel it and come back as they are.
pub(crate) fn run<T: Send>(
    py: Python<'_>,
    limits: &Limits,
    callback: Option<Py<PyAny>>,
    work: impl FnOnce(&Context) -> Result<T> + Send,
) -> PyResult<T> {
    let raised = Arc::new(Raised::default());
    let heard = Mutex::new(Heard { at: Instant::now(), stage: String::new() });
    let listener = Listener { callback, raised: Arc::clone(&raised), heard };
    let cx = Context::new().with_limits(limits.clone()).with_observer(Arc::new(listener));
    let result = py.detach(|| work(&cx));
    raised.settle(py, result)
}
