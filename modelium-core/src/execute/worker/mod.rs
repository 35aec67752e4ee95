//! The executor whose steps run in a child process, and the child's side of it.
//!
//! For each group of steps the host spawns a [`WorkerProgram`](crate::execute::WorkerProgram) (never a fork of itself),
//! writes one JSON document to its stdin, a [`WorkerRequest`], and closes it. The worker answers on stdout with one
//! [`WorkerEvent`] a line, and ends. What else it has to say goes to stderr, which is kept in the step's log. Version
//! [`PROTOCOL`] of this is final: fields are added, never changed.
//!
//! ```text
//! host                                         worker
//!  │ spawn, process group of its own             │ dies with its parent
//!  │ {"protocol":1,"steps":[…],…} ─────────────▶ │ limits its own memory
//!  │ ◀──────────────────── {"event":"ready",…}   │
//!  │ ◀──────────── {"event":"step","id":…}       │ works
//!  │ ◀──────── {"event":"progress",…}  {"event":"log",…}
//!  │ ◀── {"event":"step","id":…,"record":{…}}    │
//!  │ ◀──── {"event":"done"} or {"event":"error"} │ exits
//!  │ kills the group: on a limit, on cancel, and when the worker ended, for what it left running
//! ```
//!
//! The host keeps time, for each step on its own from the moment it starts. The worker limits its memory itself before
//! it reads the model: by `RLIMIT_DATA`, which counts private memory, not by `RLIMIT_AS`, which would count mapped
//! weights too and stop a step that keeps its promise.

mod protocol;
mod serve;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::artifact::{Artifact, FolderSink, Sink};
use crate::context::{Context, Observer, Progress};
use crate::error::{Error, ErrorKind, Result};
use crate::execute::deadline::Deadline;
use crate::execute::group::{Group, Place};
use crate::execute::process::{self, Ended, Leash, WorkerProgram};
use crate::execute::record::{StepRecord, StepStatus};
use crate::execute::run::{RunOptions, Runs, run};
use crate::execute::{Execution, Executor, Isolation};
use crate::plan::Planner;
use crate::validate::ValidatedPlan;

pub use protocol::{PROTOCOL, WorkerEvent, WorkerRequest};
pub use serve::{serve, serve_on};

/// How long a worker may take to start: an interpreter and a runtime from a cold disk.
const START: Duration = Duration::from_mins(2);

/// The longest event: the record of a step with a trace of a hundred thousand rewrites.
const EVENT_BYTES: usize = 64 << 20;

/// How much of a worker's error stream is kept.
const LOG_BYTES: usize = 64 << 10;

/// Runs steps in a child process.
#[derive(Clone)]
pub struct Worker {
    program: WorkerProgram,
    options: RunOptions,
}

impl Worker {
    /// Runs steps in this program, which has to [`serve`].
    pub fn new(program: WorkerProgram) -> Self {
        Self { program, options: RunOptions::default() }
    }

    /// Keeps intermediate files and the record in a folder, so that an interrupted run can go on. By default a hidden
    /// folder beside the output is used, and removed at the end.
    #[must_use]
    pub fn with_workspace(mut self, folder: impl Into<PathBuf>) -> Self {
        self.options.workspace = Some(folder.into());
        self
    }

    /// Asks a planner what to try after a step failed.
    #[must_use]
    pub fn with_planner(mut self, planner: Arc<dyn Planner>) -> Self {
        self.options.planner = Some(planner);
        self
    }
}

impl Executor for Worker {
    fn isolation(&self) -> Isolation {
        Isolation::Worker
    }

    fn execute(&self, plan: &ValidatedPlan, model: &Artifact, out: &mut dyn Sink, cx: &Context) -> Result<Execution> {
        run(self, &self.options, plan, model, out, cx)
    }
}

impl Runs for Worker {
    fn isolation(&self) -> Isolation {
        Isolation::Worker
    }

    fn run(&self, group: &Group, place: &Place, records: &mut Vec<StepRecord>, cx: &Context) -> Result<()> {
        let request = request(group, place, cx)?;
        let walls = group.steps.iter().fold(0, |total: u64, step| total.saturating_add(step.limits.wall_seconds));
        let leash = Leash {
            wall: START.saturating_add(Duration::from_secs(walls)),
            line_bytes: EVENT_BYTES,
            log_bytes: LOG_BYTES,
        };
        let steady = Steady::over(cx, group);
        let (bounded, deadline) = Deadline::over(&steady, "the start of the worker", START);
        let mut heard = Heard { group, records, running: 0, started: false, log: Vec::new(), end: None };
        let mut hear = |line: &str| heard.take(line, &deadline, &bounded);
        let ended = process::run(&self.program, &request, &leash, &mut hear, &bounded);
        let Heard { running, log, end, .. } = heard;
        let (result, words) = match ended {
            Ok(ended) => (verdict(&ended, end), ended.log),
            Err(error) => (Err(deadline.explain(error)), String::new()),
        };
        if let Err(error) = &result {
            fail(group, running, records, error);
        }
        if let Some(last) = records.last_mut() {
            last.log.extend(log);
            last.log.extend(words.lines().map(str::to_owned));
        }
        result
    }
}

/// Makes sure that the step that was running has a record that says that it failed.
fn fail(group: &Group, running: usize, records: &mut Vec<StepRecord>, error: &Error) {
    if records.last().is_some_and(|last| last.status == StepStatus::Failed) {
        return;
    }
    let running = running.min(group.steps.len().saturating_sub(1));
    let Some(step) = group.steps.get(running) else { return };
    let after = match running.checked_sub(1) {
        Some(before) => group.steps.get(before).map(|step| step.id.clone()),
        None => group.after.as_ref().map(|given| given.by.clone()),
    };
    records.retain(|record| record.id != step.id);
    records.push(StepRecord {
        status: StepStatus::Failed,
        error: Some(error.to_report()),
        ..StepRecord::new(step, after)
    });
}

/// The document that the worker reads.
fn request(group: &Group, place: &Place, cx: &Context) -> Result<Vec<u8>> {
    let model = match place.model.path() {
        Some(path) => std::path::absolute(path).map_err(|error| Error::io("find", path, error))?,
        None => on_disk(&place.model, &place.steps, cx)?,
    };
    let request = WorkerRequest {
        protocol: PROTOCOL,
        model,
        model_bytes: place.model_bytes,
        workspace: place.steps.clone(),
        group: group.clone(),
        samples: place.samples.clone(),
        limits: cx.limits().clone(),
    };
    serde_json::to_vec(&request).map_err(|error| {
        Error::argument(format!("a worker cannot be told where the model is: {error}")).with_file(place.model.name())
    })
}

/// Writes a model that is in memory where a worker can read it.
fn on_disk(model: &Artifact, steps: &Path, cx: &Context) -> Result<PathBuf> {
    let folder = steps.join(".model");
    if !folder.is_dir() {
        let mut sink = FolderSink::replace(&folder)?;
        for (name, _) in model.entries() {
            sink.copy(name, &model.blob(name)?, cx)?;
        }
        sink.commit()?;
    }
    let mut names = model.entries().map(|(name, _)| name);
    Ok(match (names.next(), names.next()) {
        (Some(only), None) => folder.join(only),
        _ => folder,
    })
}

/// What was heard of a worker so far.
struct Heard<'a> {
    group: &'a Group,
    records: &'a mut Vec<StepRecord>,
    /// Position of the step that runs.
    running: usize,
    started: bool,
    log: Vec<String>,
    end: Option<Result<()>>,
}

impl Heard<'_> {
    fn take(&mut self, line: &str, deadline: &Deadline, cx: &Context) -> Result<()> {
        let event: WorkerEvent = serde_json::from_str(line).map_err(|error| {
            let shown: String = line.chars().take(80).flat_map(char::escape_debug).collect();
            Error::new(ErrorKind::Backend, format!("the worker wrote '{shown}', which is no event: {error}"))
                .with_note("nothing but the worker's events may be written to its standard output")
        })?;
        match event {
            WorkerEvent::Ready { protocol: PROTOCOL, .. } => Ok(()),
            WorkerEvent::Ready { protocol, version } => {
                let message =
                    format!("the worker is of version {version} and speaks protocol {protocol}, not {PROTOCOL}");
                Err(Error::new(ErrorKind::Backend, message).with_note("install the worker of this version"))
            }
            WorkerEvent::Step { id, record: None } => {
                // each step starts once and in its turn, so that a worker cannot give itself time
                let expected = self.records.len();
                let step = self.group.steps.get(expected).filter(|step| step.id == id && !self.started);
                let step = step.ok_or_else(|| out_of_turn(&id))?;
                (self.running, self.started) = (expected, true);
                deadline.restart(&format!("step '{id}'"), Duration::from_secs(step.limits.wall_seconds));
                Ok(())
            }
            WorkerEvent::Step { id, record: Some(record) } => {
                let step = self.group.steps.get(self.running).filter(|step| step.id == id && self.started);
                if step.is_none() || record.id != id {
                    return Err(out_of_turn(&id));
                }
                self.started = false;
                self.records.push(*record);
                Ok(())
            }
            WorkerEvent::Progress { stage, done, total } => cx.tick(&stage, done, total),
            WorkerEvent::Log { line } => {
                if self.log.iter().map(String::len).sum::<usize>() < LOG_BYTES {
                    self.log.push(line.chars().take(4096).collect());
                }
                Ok(())
            }
            WorkerEvent::Done => {
                self.end = Some(Ok(()));
                Ok(())
            }
            WorkerEvent::Error { error } => {
                self.end = Some(Err(error.into()));
                Ok(())
            }
        }
    }
}

fn out_of_turn(id: &str) -> Error {
    Error::new(ErrorKind::Backend, format!("the worker spoke of step '{}' out of turn", id.escape_debug()))
}

/// What the worker's end means.
fn verdict(ended: &Ended, end: Option<Result<()>>) -> Result<()> {
    match (end, ended.code) {
        (Some(Err(error)), _) => Err(error),
        (Some(Ok(())), Some(0)) => Ok(()),
        _ if protocol::is_exhaustion(&ended.log) => {
            let message = "the worker needed more memory than the step may use";
            Err(Error::new(ErrorKind::LimitExceeded, message)
                .with_note(ended.describe())
                .with_note("raise memory_bytes in the step's limits"))
        }
        _ => {
            let error = Error::new(ErrorKind::Backend, format!("the worker did not finish: {}", ended.describe()));
            Err(ended.log.lines().rev().take(5).fold(error, |error, line| error.with_note(format!("stderr: {line}"))))
        }
    }
}

/// Tells the host's observer how far the steps are, and not that somebody waits for them: ticks of the wait repeat the
/// last progress, so that the observer can still break.
struct Steady {
    heard_by: Option<Arc<dyn Observer>>,
    last: Mutex<(String, u64, u64)>,
}

impl Steady {
    fn over(cx: &Context, group: &Group) -> Context {
        let first = group.steps.first().map_or("worker", |step| step.operation.name());
        let last = Mutex::new((first.to_owned(), 0, 0));
        cx.clone().with_observer(Arc::new(Self { heard_by: cx.observer().cloned(), last }))
    }
}

impl Observer for Steady {
    fn progress(&self, progress: &Progress<'_>) -> std::ops::ControlFlow<()> {
        let Some(heard_by) = &self.heard_by else { return std::ops::ControlFlow::Continue(()) };
        let (stage, done, total) = {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            if progress.stage != process::WAITING {
                *last = (progress.stage.to_owned(), progress.done, progress.total);
            }
            last.clone()
        };
        heard_by.progress(&Progress { stage: &stage, done, total })
    }
}
