//! Ends work at its next tick once its time is over.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::context::{Context, Observer, Progress};
use crate::error::{Error, ErrorKind};

/// An observer that hands progress on, and breaks once the time is over.
pub(super) struct Deadline {
    heard_by: Option<Arc<dyn Observer>>,
    current: Mutex<Current>,
    passed: AtomicBool,
}

struct Current {
    what: String,
    limit: Duration,
    until: Instant,
}

impl Deadline {
    /// A context like `cx` in which work named `what` has `limit` left.
    pub(super) fn over(cx: &Context, what: &str, limit: Duration) -> (Context, Arc<Self>) {
        let current = Current { what: what.to_owned(), limit, until: later(limit) };
        let deadline = Arc::new(Self {
            heard_by: cx.observer().cloned(),
            current: Mutex::new(current),
            passed: AtomicBool::new(false),
        });
        (cx.clone().with_observer(deadline.clone()), deadline)
    }

    /// Gives the next work its own time.
    pub(super) fn restart(&self, what: &str, limit: Duration) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        *current = Current { what: what.to_owned(), limit, until: later(limit) };
    }

    /// Tells the end of time from the caller's own cancelling.
    pub(super) fn explain(&self, error: Error) -> Error {
        if error.kind() != ErrorKind::Cancelled || !self.passed.load(Ordering::Relaxed) {
            return error;
        }
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let message = format!("{} took more than the {} s it may", current.what, current.limit.as_secs_f64());
        Error::new(ErrorKind::LimitExceeded, message)
            .with_note("raise wall_seconds in the step's limits if the machine is slow")
    }
}

/// A limit so long that the clock cannot say its end is none.
fn later(limit: Duration) -> Instant {
    const YEARS: Duration = Duration::from_hours(100 * 365 * 24);
    let now = Instant::now();
    now.checked_add(limit.min(YEARS)).unwrap_or(now)
}

impl Observer for Deadline {
    fn progress(&self, progress: &Progress<'_>) -> ControlFlow<()> {
        if let Some(heard_by) = &self.heard_by {
            heard_by.progress(progress)?;
        }
        let until = self.current.lock().unwrap_or_else(PoisonError::into_inner).until;
        if Instant::now() < until {
            return ControlFlow::Continue(());
        }
        self.passed.store(true, Ordering::Relaxed);
        ControlFlow::Break(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::CancelToken;

    #[test]
    fn time_that_is_over_is_a_limit_and_not_a_cancel() {
        let (cx, deadline) = Deadline::over(&Context::new(), "step 'export'", Duration::ZERO);
        let error = deadline.explain(cx.tick("export", 0, 0).unwrap_err());
        assert_eq!(error.kind(), ErrorKind::LimitExceeded);
        assert_eq!(error.message(), "step 'export' took more than the 0 s it may");
        deadline.restart("step 'parity'", Duration::from_mins(1));
        assert!(cx.tick("parity", 0, 0).is_ok());
    }

    #[test]
    fn cancelling_stays_cancelling() {
        let token = CancelToken::default();
        let (cx, deadline) =
            Deadline::over(&Context::new().with_cancel(token.clone()), "step 'export'", Duration::from_mins(1));
        token.cancel();
        assert_eq!(deadline.explain(cx.tick("export", 0, 0).unwrap_err()).kind(), ErrorKind::Cancelled);
    }
}
