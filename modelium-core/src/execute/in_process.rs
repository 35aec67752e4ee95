//! The executor without a child process: for small models, tests, and hosts whose runtimes cannot leave them.

use std::path::PathBuf;
use std::sync::Arc;

use crate::artifact::{Artifact, Sink};
use crate::context::Context;
use crate::error::Result;
use crate::execute::converters::Converters;
use crate::execute::group::{self, Event, Group, Place};
use crate::execute::record::StepRecord;
use crate::execute::run::{RunOptions, Runs, run};
use crate::execute::{Execution, Executor, Isolation};
use crate::plan::Planner;
use crate::validate::ValidatedPlan;

/// Runs steps on the caller's thread, in the caller's process.
///
/// A step's wall limit holds at each tick of its work; its memory is measured and not limited, since memory is the whole
/// process's. A crash in a runtime is a crash of the host.
#[derive(Clone)]
pub struct InProcess {
    converters: Converters,
    options: RunOptions,
}

impl InProcess {
    /// Runs what these converters do.
    pub fn new(converters: impl Into<Converters>) -> Self {
        Self { converters: converters.into(), options: RunOptions::default() }
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

impl Executor for InProcess {
    fn isolation(&self) -> Isolation {
        Isolation::InProcess
    }

    fn execute(&self, plan: &ValidatedPlan, model: &Artifact, out: &mut dyn Sink, cx: &Context) -> Result<Execution> {
        run(self, &self.options, plan, model, out, cx)
    }
}

impl Runs for InProcess {
    fn isolation(&self) -> Isolation {
        Isolation::InProcess
    }

    fn run(&self, group: &Group, place: &Place, records: &mut Vec<StepRecord>, cx: &Context) -> Result<()> {
        let mut hear = |event: Event<'_>| {
            if let Event::Ended(record) = event {
                records.push(record);
            }
            Ok(())
        };
        group::run(group, &self.converters, place, &mut hear, cx)
    }
}
