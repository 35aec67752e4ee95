//! The built-in rules. Each looks at the whole plan, never panics on it, and collects all that is wrong.

mod document;
mod flow;
mod license;
mod limits;
mod operations;

use crate::descriptor::ModelDescriptor;
use crate::error::{ErrorKind, Location};
use crate::finding::{Finding, Severity};
use crate::plan::{ConversionPlan, Step};
use crate::validate::Policy;

/// What rules look at.
pub(super) struct Review<'a> {
    plan: &'a ConversionPlan,
    model: &'a ModelDescriptor,
    policy: &'a Policy,
}

/// Says what is wrong with one side of a plan.
type Rule = fn(&Review<'_>, &mut Findings);

/// Every rule, in the order in which they run.
pub(super) const ALL: &[Rule] = &[
    document::schema,
    document::size,
    document::model,
    document::requirements,
    document::samples_file,
    flow::counts,
    flow::ids,
    flow::needs,
    flow::circles,
    flow::stand_ins,
    flow::one_result,
    flow::proof,
    license::allowed,
    limits::policy,
    limits::requirements,
    limits::expectations,
    operations::allowed,
    operations::names,
    operations::formats,
    operations::passes,
    operations::parity,
    operations::package,
    operations::acceptance,
];

/// Runs every rule.
pub(super) fn review(plan: &ConversionPlan, model: &ModelDescriptor, policy: &Policy) -> Vec<(ErrorKind, Finding)> {
    let (review, mut findings) = (Review { plan, model, policy }, Findings::default());
    for rule in ALL {
        rule(&review, &mut findings);
    }
    findings.0
}

/// What is wrong, each with the kind of error that it would be.
#[derive(Default)]
pub(super) struct Findings(Vec<(ErrorKind, Finding)>);

impl Findings {
    /// Something about the plan as a whole.
    fn plan(&mut self, kind: ErrorKind, code: &'static str, message: impl Into<String>) {
        self.0.push((kind, Finding::new(code, Severity::Error, message)));
    }

    /// Something about one step.
    fn step(&mut self, step: &Step, kind: ErrorKind, code: &'static str, message: impl Into<String>) {
        let place = Location::item(format!("step '{}'", shown(&step.id)));
        self.0.push((kind, Finding::new(code, Severity::Error, message).at(place)));
    }
}

/// A name from a plan as messages show it: short, and without control characters.
fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(64).flat_map(char::escape_default).collect();
    if text.chars().nth(64).is_some() {
        short.push('…');
    }
    short
}
