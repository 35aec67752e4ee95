//! The child's side: reads one request, runs its steps, tells how it goes.

use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::protocol::{PROTOCOL, WorkerEvent, WorkerRequest, is_exhaustion};
use crate::artifact::Artifact;
use crate::context::{Context, Observer, Progress};
use crate::error::{Error, ErrorKind, Result};
use crate::execute::converters::Converters;
use crate::execute::group::{self, Event, Place};

/// The longest request: a plan's longest document, and what comes with it.
const REQUEST_BYTES: u64 = 64 << 20;

/// The least time between two reports of progress.
const PULSE: Duration = Duration::from_millis(50);

/// Exit codes of a worker that ended by itself.
mod exit {
    pub(super) const DONE: i32 = 0;
    pub(super) const FAILED: i32 = 1;
    pub(super) const NO_REQUEST: i32 = 2;
}

/// Serves one request on the process's own stdin and stdout. All that a worker program's `main` has to do.
///
/// What anything else in the process prints (a runtime, a library, an interpreter) goes to stderr from here on, so that
/// it cannot come between the events. Gives the exit code.
pub fn serve(converters: impl Into<Converters>) -> i32 {
    #[cfg(unix)]
    {
        let private = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdout(), 3).ok();
        if let Some(private) = private.filter(|_| rustix::stdio::dup2_stdout(rustix::stdio::stderr()).is_ok()) {
            return serve_on(converters, std::io::stdin().lock(), std::fs::File::from(private));
        }
    }
    serve_on(converters, std::io::stdin().lock(), std::io::stdout())
}

/// Serves one request: reads it from `request`, writes events to `events`, gives the exit code.
///
/// Limits the memory of the whole process and binds its life to its parent's: it is for processes that do nothing else.
pub fn serve_on(converters: impl Into<Converters>, request: impl Read, events: impl Write + Send + 'static) -> i32 {
    let converters = converters.into();
    system::die_with_parent();
    let events = Arc::new(Events::new(events));
    let request = match read(request) {
        Ok(request) => request,
        Err(error) => {
            let _ = events.say(&WorkerEvent::Error { error: error.to_report() }); // nobody may be there to hear
            return exit::NO_REQUEST;
        }
    };
    // a panic in a converter is told like any other failure; its message is on stderr
    let result = catch_unwind(AssertUnwindSafe(|| work(&converters, request, &events)))
        .unwrap_or_else(|_| Err(Error::internal("the worker panicked; its log has the place")));
    let (last, code) = match result {
        Ok(()) => (WorkerEvent::Done, exit::DONE),
        Err(error) => (WorkerEvent::Error { error: error.to_report() }, exit::FAILED),
    };
    if events.say(&last).is_ok() { code } else { exit::FAILED }
}

fn read(request: impl Read) -> Result<WorkerRequest> {
    let mut document = Vec::new();
    request
        .take(REQUEST_BYTES)
        .read_to_end(&mut document)
        .map_err(|error| Error::io("read", "the worker's request", error))?;
    let request: WorkerRequest = serde_json::from_slice(&document).map_err(|error| {
        Error::new(ErrorKind::Malformed, format!("found no request on the standard input: {error}"))
            .with_note("this program is started by modelium for each step; it is not meant to be called by hand")
    })?;
    if request.protocol != PROTOCOL {
        let message = format!("the request is of protocol {}, this worker speaks {PROTOCOL}", request.protocol);
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    Ok(request)
}

fn work(converters: &Converters, request: WorkerRequest, events: &Arc<Events>) -> Result<()> {
    let most = request.group.steps.iter().map(|step| step.limits.memory_bytes).max().unwrap_or(0);
    system::limit_memory(most, most)?;
    let version = env!("CARGO_PKG_VERSION").to_owned();
    events.say(&WorkerEvent::Ready { protocol: PROTOCOL, version })?;
    let cx = Context::new().with_limits(request.limits).with_observer(events.clone());
    let place = Place {
        model: Artifact::open(&request.model, &cx)?,
        model_bytes: request.model_bytes,
        steps: request.workspace,
        samples: request.samples,
        own_process: true,
    };
    let mut hear = |event: Event<'_>| match event {
        Event::Started(step) => {
            system::limit_memory(step.limits.memory_bytes, most)?;
            events.say(&WorkerEvent::Step { id: step.id.clone(), record: None })
        }
        Event::Ended(mut record) => {
            if let Some(error) = &mut record.error
                && is_exhaustion(&error.message)
            {
                error.kind = ErrorKind::LimitExceeded;
            }
            events.say(&WorkerEvent::Step { id: record.id.clone(), record: Some(Box::new(record)) })
        }
    };
    group::run(&request.group, converters, &place, &mut hear, &cx).map_err(|error| {
        if is_exhaustion(error.message()) && error.kind() != ErrorKind::LimitExceeded {
            Error::new(ErrorKind::LimitExceeded, "the step needed more memory than it may use")
                .with_note(error.to_string())
        } else {
            error
        }
    })
}

/// Writes events, and progress no more often than a person can see.
struct Events(Mutex<Inner>);

struct Inner {
    to: Box<dyn Write + Send>,
    stage: String,
    told: Instant,
}

impl Events {
    fn new(to: impl Write + Send + 'static) -> Self {
        Self(Mutex::new(Inner { to: Box::new(to), stage: String::new(), told: Instant::now() }))
    }

    /// An error means that nobody hears any more: the work is for nothing.
    fn say(&self, event: &WorkerEvent) -> Result<()> {
        let mut line = serde_json::to_vec(event).map_err(|error| Error::internal(format!("cannot say: {error}")))?;
        line.push(b'\n');
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.to.write_all(&line).and_then(|()| inner.to.flush()).map_err(|error| Error::io("tell", "the host", error))
    }
}

impl Observer for Events {
    fn progress(&self, progress: &Progress<'_>) -> ControlFlow<()> {
        {
            let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let complete = progress.total > 0 && progress.done >= progress.total;
            if inner.stage == progress.stage && inner.told.elapsed() < PULSE && !complete {
                return ControlFlow::Continue(());
            }
            progress.stage.clone_into(&mut inner.stage);
            inner.told = Instant::now();
        }
        let event =
            WorkerEvent::Progress { stage: progress.stage.to_owned(), done: progress.done, total: progress.total };
        if self.say(&event).is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

#[cfg(target_os = "linux")]
mod system {
    use rustix::process::{Resource, Rlimit, Signal, getrlimit, set_parent_process_death_signal, setrlimit};

    use super::{Error, Result};

    /// Asks the kernel to kill this process when the thread that spawned it ends. That thread waits for it, so that it
    /// ends early only with its process. Where the parent died already, the first event meets a closed pipe.
    pub(super) fn die_with_parent() {
        let _ = set_parent_process_death_signal(Some(Signal::KILL)); // a sandbox may forbid it; the pipe still tells
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }); // no weights on disk
    }

    /// Limits private memory. Mapped files do not count, which `RLIMIT_AS` would do.
    pub(super) fn limit_memory(now: u64, most: u64) -> Result<()> {
        let allowed = getrlimit(Resource::Data).maximum.unwrap_or(u64::MAX);
        let limit = Rlimit { current: Some(now.min(allowed)), maximum: Some(most.min(allowed)) };
        setrlimit(Resource::Data, limit).map_err(|error| Error::io("limit", "the worker's memory", error.into()))
    }
}

/// Elsewhere a closed pipe ends the work, and memory is not limited.
#[cfg(not(target_os = "linux"))]
mod system {
    pub(super) fn die_with_parent() {}

    pub(super) fn limit_memory(_: u64, _: u64) -> super::Result<()> {
        Ok(())
    }
}
