//! A run of steps that share a model in memory: from an import to the step that writes files, or one step over files.
//!
//! A group is what runs in one piece, in the host's process or in a worker; files are all that groups exchange.

use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::{Artifact, FolderSink, Sink};
use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::execute::accept::{Candidate, Signature, accept};
use crate::execute::converters::Converters;
use crate::execute::deadline::Deadline;
use crate::execute::meter::Meter;
use crate::execute::record::{Files, StepRecord, StepStatus};
use crate::execute::recorded::Recorded;
use crate::execute::{Done, Gives, Input, Work};
use crate::plan::{InputFile, Kind, Operation, Step};

/// The steps of one group, and what the first of them reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// In order; each but the last gives a model to the next.
    pub steps: Vec<Step>,
    /// What the first one reads, unless it reads the model as it is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Given>,
}

/// Files that an earlier group gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// The step that gave them; not the one that wrote them where they were only proven since.
    pub by: String,
    /// Which they are.
    pub files: Files,
}

/// Where a group works, and on what.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The model as it is stored.
    pub(super) model: Artifact,
    /// Bytes of its files.
    pub(super) model_bytes: u64,
    /// The folder that holds a folder for each step.
    pub(super) steps: PathBuf,
    /// The caller's own samples.
    pub(super) samples: Option<InputFile>,
    /// Nothing else runs in this process.
    pub(super) own_process: bool,
}

/// What is heard of a group while it runs.
#[expect(clippy::large_enum_variant, reason = "made once a step")]
pub(super) enum Event<'a> {
    /// A step starts.
    Started(&'a Step),
    /// A step ended, well or not.
    Ended(StepRecord),
}

/// Runs the steps in order. The record of each is heard when it ends, that of a step that failed included.
///
/// # Errors
/// Of the step that failed.
pub(super) fn run(
    group: &Group,
    converters: &Converters,
    place: &Place,
    hear: &mut dyn FnMut(Event<'_>) -> Result<()>,
    cx: &Context,
) -> Result<()> {
    let mut input = match &group.after {
        Some(Given { files, .. }) => Input::Files { folder: place.steps.join(&files.step), files: files.clone() },
        None => Input::None,
    };
    let mut after = group.after.as_ref().map(|given| given.by.clone());
    let mut original = None;
    for step in &group.steps {
        hear(Event::Started(step))?;
        let mut record = StepRecord::new(step, after.take());
        let (given, result) = one_step(step, input, converters, place, &mut original, &mut record, cx);
        if let Err(error) = &result {
            record.status = StepStatus::Failed;
            record.error = Some(error.to_report());
        }
        hear(Event::Ended(record))?;
        result?;
        (input, after) = (given, Some(step.id.clone()));
    }
    Ok(())
}

/// Runs one step, and holds its result against its checks. Gives what the next step reads.
fn one_step(
    step: &Step,
    input: Input,
    converters: &Converters,
    place: &Place,
    original: &mut Option<Signature>,
    record: &mut StepRecord,
    cx: &Context,
) -> (Input, Result<()>) {
    let span = tracing::info_span!("modelium.step", id = step.id, operation = step.operation.name());
    let _entered = span.enter();
    let meter = Meter::start(place.own_process);
    let wall = Duration::from_secs(step.limits.wall_seconds);
    let (bounded, deadline) = Deadline::over(cx, &format!("step '{}'", step.id), wall);
    let work = || -> Result<Input> {
        let given = match &input {
            Input::Files { files, .. } => Some(files.clone()),
            Input::None | Input::Model(_) => None,
        };
        record.bytes_in = match &step.operation {
            Operation::Import { .. } => place.model_bytes,
            Operation::Parity { .. } => place.model_bytes.saturating_add(given.as_ref().map_or(0, Files::bytes)),
            _ => given.as_ref().map_or(0, Files::bytes),
        };
        let (done, written) = convert(step, input, converters, place, &bounded)?;
        record.bytes_out = written.as_ref().map_or(0, Files::bytes);
        let files = written.or(given.filter(|_| matches!(done.gives, Gives::Same)));
        let folder = files.as_ref().map(|files| place.steps.join(&files.step));
        if let (Gives::Model(model), Operation::Import { .. }) = (&done.gives, &step.operation) {
            *original = Some(Signature::of(model));
        }
        let importer = match &step.operation {
            Operation::Export { format, .. } => converters.registry().importer(format).map(AsRef::as_ref),
            _ => None,
        };
        let candidate = Candidate {
            done: &done,
            files: folder.as_deref().zip(files.as_ref()),
            original: original.as_ref(),
            importer,
        };
        let accepted = step.accept.iter().try_for_each(|check| accept(check, &candidate, &bounded));
        let Done { gives, rewrites, parity, findings, log } = done;
        (record.rewrites, record.parity, record.findings, record.log) = (rewrites, parity, findings, log);
        accepted?;
        record.gives.clone_from(&files);
        Ok(match (gives, folder.zip(files)) {
            (Gives::Model(model), _) => Input::Model(model),
            (_, Some((folder, files))) => Input::Files { folder, files },
            (_, None) => Input::None,
        })
    };
    let result = work();
    let taken = meter.read();
    (record.wall_seconds, record.cpu_seconds, record.peak_bytes) =
        (taken.wall_seconds, taken.cpu_seconds, taken.peak_bytes);
    match result {
        Ok(given) => (given, Ok(())),
        Err(error) => (Input::None, Err(deadline.explain(error).with_item(format!("step '{}'", step.id)))),
    }
}

/// Lets the converter work. Files that it writes appear in the step's folder when it is done.
fn convert(
    step: &Step,
    input: Input,
    converters: &Converters,
    place: &Place,
    cx: &Context,
) -> Result<(Done, Option<Files>)> {
    let converter = converters.find(step.operation.name())?;
    let work = Work { operation: &step.operation, model: &place.model, input, samples: place.samples.as_ref() };
    if step.operation.gives() == Kind::Model {
        let done = converter.convert(work, &mut NoFiles, cx)?;
        return match done.gives {
            Gives::Model(_) => Ok((done, None)),
            Gives::Written { .. } | Gives::Same => Err(gave_something_else(step)),
        };
    }
    let mut sink = Recorded::new(FolderSink::replace(place.steps.join(&step.id))?);
    let done = converter.convert(work, &mut sink, cx)?;
    match &done.gives {
        Gives::Model(_) => Err(gave_something_else(step)),
        Gives::Same => Ok((done, None)),
        Gives::Written { main } => {
            let files = Files { step: step.id.clone(), main: main.clone(), entries: sink.finish()? };
            if files.entries.iter().all(|entry| entry.name != files.main) {
                return Err(Error::internal(format!("the converter of '{}' did not write '{main}'", step.id)));
            }
            Ok((done, Some(files)))
        }
    }
}

fn gave_something_else(step: &Step) -> Error {
    let gives = step.operation.gives();
    Error::internal(format!("the converter of '{}' gave something else than {gives}", step.operation.name()))
}

/// Where steps write that must not write.
struct NoFiles;

impl Sink for NoFiles {
    fn create(&mut self, name: &str) -> Result<Box<dyn std::io::Write + Send + '_>> {
        Err(Error::internal(format!("a step that gives a model wrote '{name}'")))
    }

    fn copy(&mut self, name: &str, _: &Blob, _: &Context) -> Result<()> {
        self.create(name).map(drop)
    }

    fn adopt(&mut self, name: &str, _: &Path, _: &Context) -> Result<()> {
        self.create(name).map(drop)
    }

    fn commit(&mut self) -> Result<()> {
        Ok(())
    }
}
