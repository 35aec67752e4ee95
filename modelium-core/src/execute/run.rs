//! The one loop that every executor runs: group after group, with recovery, a record, and publication at the end.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::artifact::{Artifact, EntryDigest, Sink};
use crate::context::Context;
use crate::descriptor::part;
use crate::error::{Error, ErrorKind, Result};
use crate::execute::Isolation;
use crate::execute::group::{Given, Group, Place};
use crate::execute::record::{Execution, Files, Status, StepRecord, StepStatus};
use crate::execute::workspace::Workspace;
use crate::plan::{ConversionPlan, InputFile, Kind, OnFailure, Planner, Recovery, Step, StepFailure, recover_by_rules};
use crate::validate::ValidatedPlan;

/// What runs one group.
pub(super) trait Runs {
    fn isolation(&self) -> Isolation;

    /// Runs the group and gives the record of each step that ran; the last one's is of the step that failed, if one did.
    fn run(&self, group: &Group, place: &Place, records: &mut Vec<StepRecord>, cx: &Context) -> Result<()>;
}

/// Where and how a run goes on; see the options of the executors.
#[derive(Clone, Default)]
pub(super) struct RunOptions {
    pub(super) workspace: Option<PathBuf>,
    pub(super) planner: Option<Arc<dyn Planner>>,
}

/// Runs a plan.
pub(super) fn run(
    stage: &dyn Runs,
    options: &RunOptions,
    validated: &ValidatedPlan,
    model: &Artifact,
    out: &mut dyn Sink,
    cx: &Context,
) -> Result<Execution> {
    let span = tracing::info_span!("modelium.execute", plan = validated.digest(), isolation = ?stage.isolation());
    let _entered = span.enter();
    let workspace = match &options.workspace {
        Some(folder) => Workspace::open(folder)?,
        None => Workspace::temporary(out.parent().unwrap_or(&std::env::temp_dir()))?,
    };
    let mut run = Run {
        stage,
        options,
        plan: validated.plan(),
        workspace: &workspace,
        record: Execution::new(validated.digest(), stage.isolation()),
        stand_ins: BTreeMap::new(),
        files: BTreeMap::new(),
        started: Instant::now(),
    };
    let result = run.complete(model, out, cx);
    run.record.wall_seconds = run.started.elapsed().as_secs_f64();
    match result {
        Ok(()) => {
            run.record.status = Status::Succeeded;
            // the result is the caller's now: what cannot be put in order here does not take it back
            let settled = run.workspace.tidy(&[]).and_then(|()| run.save());
            if let Err(error) = settled {
                tracing::warn!(target: "modelium.execute", %error, "the workspace is left as it is");
            }
            Ok(run.record)
        }
        Err(error) => {
            run.record.status = if error.kind() == ErrorKind::Cancelled { Status::Cancelled } else { Status::Failed };
            run.record.error = Some(error.to_report());
            let saved = run.save();
            Err(match (run.workspace.kept(), saved) {
                (Some(folder), Ok(())) => {
                    error.with_note(format!("the record is {}", folder.join("execution.json").display()))
                }
                _ => error,
            })
        }
    }
}

/// One run of a plan.
struct Run<'a> {
    stage: &'a dyn Runs,
    options: &'a RunOptions,
    plan: &'a ConversionPlan,
    workspace: &'a Workspace,
    record: Execution,
    /// For each step that failed, the one that stands in for it.
    stand_ins: BTreeMap<String, String>,
    /// For each step that gives files and is done, those files.
    files: BTreeMap<String, Files>,
    started: Instant,
}

impl Run<'_> {
    fn complete(&mut self, model: &Artifact, out: &mut dyn Sink, cx: &Context) -> Result<()> {
        bound_to(self.plan, model, cx)?;
        self.resume(cx)?;
        let place = self.place(model)?;
        loop {
            match self.next()? {
                Next::Group(group) => self.run_group(&self.within_time(group)?, &place, cx)?,
                Next::Result(files) => return self.publish(&files, out, cx),
            }
        }
    }

    /// Takes over what an earlier run of the same plan finished: steps whose files are there, unchanged.
    fn resume(&mut self, cx: &Context) -> Result<()> {
        let Some(earlier) = self.workspace.load(&self.record.plan, cx) else { return self.workspace.tidy(&[]) };
        if earlier.status == Status::Succeeded {
            return self.workspace.tidy(&[]); // its files went to its output
        }
        for mut step in earlier.steps {
            let Some(planned) = self.plan.step(&step.id) else { continue };
            if let (StepStatus::Failed, Some(to)) = (step.status, &step.degraded_to) {
                if planned.on_failure == (OnFailure::Degrade { to: to.clone() }) {
                    self.stand_ins.insert(step.id.clone(), to.clone());
                    self.record.steps.push(step);
                }
                continue;
            }
            if step.status != StepStatus::Done {
                continue;
            }
            if planned.operation.gives() == Kind::Model {
                self.record.steps.push(step); // of interest only with the files that came of it; see below
                continue;
            }
            let Some(files) = step.gives.clone() else { continue };
            if self.workspace.holds(&files, true, cx)? {
                step.resumed = true;
                self.files.insert(step.id.clone(), files);
                self.record.steps.push(step);
            } else {
                tracing::warn!(target: "modelium.execute", step = step.id, "files of a finished step changed; it runs again");
            }
        }
        self.forget_what_lost_its_ground();
        let kept: Vec<_> = self.files.values().map(|files| files.step.as_str()).collect();
        self.workspace.tidy(&kept)
    }

    /// A step whose input has to be made again is made again too, and a model that was in memory is gone.
    fn forget_what_lost_its_ground(&mut self) {
        loop {
            let stands = |run: &Self, id: &str| match run.plan.step(id).map(|step| step.operation.gives()) {
                Some(Kind::Model) => run.record.step(id).is_some(),
                Some(_) => run.files.contains_key(id),
                None => false,
            };
            let lost = self.record.steps.iter().find(|step| {
                let model = self.plan.step(&step.id).is_some_and(|step| step.operation.gives() == Kind::Model);
                let used = |other: &StepRecord| other.inputs.contains(&step.id);
                let idle = model && step.status == StepStatus::Done && !self.record.steps.iter().any(used);
                idle || step.inputs.iter().any(|id| !stands(self, id))
            });
            let Some(id) = lost.map(|step| step.id.clone()) else { return };
            self.record.steps.retain(|step| step.id != id);
            self.files.remove(&id);
            self.stand_ins.remove(&id);
        }
    }

    fn place(&self, model: &Artifact) -> Result<Place> {
        let samples = self.plan.requirements.samples.as_ref().map(|file| -> Result<InputFile> {
            let path = std::path::absolute(&file.path).map_err(|error| Error::io("find", &file.path, error))?;
            Ok(InputFile { path: path.display().to_string(), ..file.clone() })
        });
        Ok(Place {
            model: model.clone(),
            model_bytes: self.plan.model.files.iter().fold(0, |total, file| total.saturating_add(file.bytes)),
            steps: self.workspace.steps(),
            samples: samples.transpose()?,
            own_process: false,
        })
    }

    /// The step that `id` stands for now: itself, or what stands in for it.
    fn standing<'s>(&'s self, id: &'s str) -> Result<&'s Step> {
        let mut id = id;
        // each stand-in comes before its step in the order of the validated plan, so this ends
        while let Some(to) = self.stand_ins.get(id) {
            id = to;
        }
        self.plan.step(id).ok_or_else(|| Error::internal(format!("the validated plan has no step '{id}'")))
    }

    /// What to do next: the result, or the group that the result waits for.
    fn next(&self) -> Result<Next> {
        let package = self.plan.steps.iter().find(|step| step.operation.gives() == Kind::Package);
        let mut wanted = package.ok_or_else(|| Error::internal("the validated plan has no result"))?;
        if let Some(files) = self.files.get(&wanted.id) {
            return Ok(Next::Result(files.clone()));
        }
        loop {
            // from the step that writes files up to the import, or to files that are there
            let mut steps = vec![wanted.clone()];
            let mut top = wanted;
            loop {
                let Some(needed) = top.needs.first() else {
                    steps.reverse();
                    return Ok(Next::Group(Group { steps, after: None }));
                };
                let needed = self.standing(needed)?;
                if needed.operation.gives() != Kind::Model {
                    let Some(files) = self.files.get(&needed.id) else {
                        wanted = needed;
                        break;
                    };
                    steps.reverse();
                    return Ok(Next::Group(Group {
                        steps,
                        after: Some(Given { by: needed.id.clone(), files: files.clone() }),
                    }));
                }
                steps.push(needed.clone());
                top = needed;
            }
        }
    }

    /// The group with no more time than what is left of the whole run's.
    fn within_time(&self, mut group: Group) -> Result<Group> {
        let Some(most) = self.plan.requirements.constraints.max_seconds else { return Ok(group) };
        let left = Duration::from_secs(most).saturating_sub(self.started.elapsed()).as_secs();
        if left == 0 {
            let message = format!("the run took more than the {most} s that the requirements allow");
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        for step in &mut group.steps {
            step.limits.wall_seconds = step.limits.wall_seconds.min(left);
        }
        Ok(group)
    }

    fn run_group(&mut self, group: &Group, place: &Place, cx: &Context) -> Result<()> {
        let mut records = Vec::new();
        let result = self.stage.run(group, place, &mut records, cx);
        for record in records {
            self.record.add(record);
        }
        let result = result.and_then(|()| self.keep_files(group, cx));
        let Err(error) = result else { return self.save() };
        let Some(failed) = self.failed(group) else { return Err(error) };
        let recovery = self.recover(&failed, &error, cx)?;
        tracing::warn!(target: "modelium.execute", step = failed, %error, ?recovery, "a step failed");
        match recovery {
            Recovery::Retry => {}
            Recovery::Degrade { to } => {
                if let Some(record) = self.record.step_mut(&failed) {
                    record.degraded_to = Some(to.clone());
                }
                self.stand_ins.insert(failed, to);
            }
            Recovery::Stop { .. } => return Err(error),
        }
        self.save()
    }

    /// Remembers the files of the group's last step, once they are seen to be there.
    fn keep_files(&mut self, group: &Group, cx: &Context) -> Result<()> {
        let Some(last) = group.steps.last() else { return Err(Error::internal("a group without steps ran")) };
        let given = self.record.step(&last.id).and_then(|record| record.gives.clone());
        match given {
            // a worker says what it wrote; what is published has to be there, and to be files
            Some(files) if self.plan.step(&files.step).is_some() && self.workspace.holds(&files, false, cx)? => {
                self.files.insert(last.id.clone(), files);
                Ok(())
            }
            _ => {
                if let Some(record) = self.record.step_mut(&last.id) {
                    record.status = StepStatus::Failed;
                }
                let message = format!("step '{}' ended without the files that it says it gives", last.id);
                Err(Error::new(ErrorKind::Backend, message))
            }
        }
    }

    /// The step of the group that failed.
    fn failed(&self, group: &Group) -> Option<String> {
        let failed =
            |step: &&Step| self.record.step(&step.id).is_some_and(|record| record.status == StepStatus::Failed);
        group.steps.iter().find(failed).map(|step| step.id.clone())
    }

    /// What to try next. A planner may decide to stop; it cannot lead where the validated plan does not.
    fn recover(&self, failed: &str, error: &Error, cx: &Context) -> Result<Recovery> {
        let attempts = self.record.step(failed).map_or(1, |record| record.attempts);
        let failure = StepFailure { step: failed.to_owned(), attempts, error: error.to_report() };
        let by_rules = recover_by_rules(self.plan, &failure);
        match &self.options.planner {
            None => Ok(by_rules),
            Some(planner) => match planner.recover(self.plan, &failure, cx)? {
                Recovery::Stop { reason } => Ok(Recovery::Stop { reason }),
                asked if asked == by_rules => Ok(asked),
                _ => Ok(Recovery::Stop { reason: "the planner asked for what the plan does not say".to_owned() }),
            },
        }
    }

    /// Hands the files over to the caller's sink, and makes them visible.
    fn publish(&mut self, files: &Files, out: &mut dyn Sink, cx: &Context) -> Result<()> {
        let folder = self.workspace.steps().join(&files.step);
        for (done, entry) in (0_u64..).zip(&files.entries) {
            cx.tick("package", done, files.entries.len() as u64)?;
            out.adopt(&entry.name, &folder.join(&entry.name), cx)?;
        }
        cx.tick("package", files.entries.len() as u64, files.entries.len() as u64)?; // the last chance to cancel
        out.commit()?;
        self.record.outputs.clone_from(&files.entries);
        Ok(())
    }

    fn save(&self) -> Result<()> {
        self.workspace.save(&self.record)
    }
}

/// What a run does next.
enum Next {
    Group(Group),
    Result(Files),
}

/// Refuses a model that is not the one that the plan is bound to.
#[tracing::instrument(name = "modelium.digest", skip_all)]
fn bound_to(plan: &ConversionPlan, model: &Artifact, cx: &Context) -> Result<()> {
    let main = plan.model.files.iter().find(|file| model.entries().any(|(name, _)| name == file.name));
    let main = main.map(|file| file.name.as_str()).unwrap_or_default();
    for expected in &plan.model.files {
        let found = EntryDigest::of(&expected.name, &part(model, main, &expected.name)?, cx)?;
        if found != *expected {
            let message = format!("'{}' is not what it was when the plan was made; plan again", expected.name);
            return Err(Error::new(ErrorKind::Mismatch, message).with_file(model.name()));
        }
    }
    Ok(())
}
