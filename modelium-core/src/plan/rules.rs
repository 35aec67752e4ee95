//! The planner of this version: one route, and rules for what may lie on it.

use crate::artifact::EntryDigest;
use crate::context::Context;
use crate::descriptor::{FileRole, ModelDescriptor, PortDescriptor};
use crate::error::{Error, Result};
use crate::eval;
use crate::formats::Weights;
use crate::ir::OpType;
use crate::passes::Level;
use crate::plan::capabilities::Capabilities;
use crate::plan::estimate::{Cost, Estimate};
use crate::plan::names::{check_name, safe_name};
use crate::plan::planner::Planner;
use crate::plan::precision::tolerance;
use crate::plan::requirements::{DimRange, Precision, Requirements, Target};
use crate::plan::samples::{choose, dynamic_axes};
use crate::plan::types::{
    Acceptance, Alternative, ConversionPlan, Decision, Environment, ModelReference, OnFailure, Operation, PLAN_SCHEMA,
    PackageTarget, PlanOutcome, Rejection, Step,
};
use crate::runtime::REFERENCE;

/// Plans by rules over what is there to work with.
///
/// The route is import, simplify, export, parity, package, in the model's own format. A second export, of the model as
/// it was imported, stands in for the simplified one where that fails or does not compute the same.
#[derive(Debug, Clone)]
pub struct RulePlanner {
    capabilities: Capabilities,
}

impl RulePlanner {
    /// A planner that uses what is named.
    pub fn new(capabilities: Capabilities) -> Self {
        Self { capabilities }
    }
}

impl Planner for RulePlanner {
    #[tracing::instrument(name = "modelium.plan", skip_all, fields(model = model.name))]
    fn plan(
        &self,
        model: &ModelDescriptor,
        want: &Requirements,
        env: &Environment,
        cx: &Context,
    ) -> Result<PlanOutcome> {
        cx.tick("plan", 0, 0)?;
        check_requirements(model, want)?;
        let reference = reference(model)?;
        let mut draft = Draft::new(&self.capabilities, model, want, env);
        draft.weigh();
        let plan = draft.rejected.is_empty().then(|| draft.plan(reference));
        let Draft { alternatives, rejected, trace, .. } = draft;
        tracing::debug!(target: "modelium.plan", found = plan.is_some(), rejected = rejected.len(), "planned");
        Ok(PlanOutcome { plan, alternatives, rejected, trace })
    }
}

/// Requirements that contradict themselves or the model are the caller's mistake, not a route that is missing.
fn check_requirements(model: &ModelDescriptor, want: &Requirements) -> Result<()> {
    if let Some((name, Err(reason))) = want.name.as_deref().map(|name| (name, check_name(name))) {
        return Err(Error::argument(format!("the name '{}' cannot be a folder: {reason}", name.escape_debug())));
    }
    if let Some(Err(reason)) = want.constraints.tolerance.map(|tolerance| tolerance.check()) {
        return Err(Error::argument(reason));
    }
    let axes = dynamic_axes(model);
    for (name, DimRange { min, max }) in &want.workload.dims {
        if !axes.contains_key(name) {
            let known = axes.keys().cloned().collect::<Vec<_>>().join(", ");
            let message =
                format!("the workload names the dimension '{name}'; the model's dynamic dimensions are: {known}");
            return Err(Error::argument(message));
        }
        if *min == 0 || min > max {
            return Err(Error::argument(format!(
                "the range of '{name}' is {min} to {max}; it must start at 1 or above and not end before"
            )));
        }
    }
    match want.workload.batch {
        Some(DimRange { min, max }) if min == 0 || min > max => {
            Err(Error::argument(format!("the batch is {min} to {max}; it must start at 1 or above and not end before")))
        }
        _ => Ok(()),
    }
}

/// Binds the plan to the content of the model's files.
fn reference(model: &ModelDescriptor) -> Result<ModelReference> {
    let parts = model.files.iter().filter(|file| file.role != FileRole::Other);
    let files = parts.map(|file| match &file.sha256 {
        Some(sha256) => Ok(EntryDigest { name: file.name.clone(), bytes: file.bytes, sha256: sha256.clone() }),
        None => Err(Error::argument(format!("the descriptor has no digest of '{}'", file.name))
            .with_note("call ModelDescriptor::with_digests before planning: a plan is bound to the model's content")),
    });
    let mut files = files.collect::<Result<Vec<_>>>()?;
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(ModelReference { name: last_part(&model.name).to_owned(), format: model.format.clone(), files })
}

/// The file or folder without the way to it, so that a plan is the same wherever the model lies.
fn last_part(name: &str) -> &str {
    name.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default()
}

/// An input that has to be given and for which no sample can be made up: not a dense tensor, or of unknown rank.
pub(crate) fn unsampled(model: &ModelDescriptor) -> Option<&PortDescriptor> {
    model.inputs.iter().find(|input| !input.optional && (input.dtype.is_none() || input.shape.is_none()))
}

/// A plan in the making.
struct Draft<'a> {
    capabilities: &'a Capabilities,
    model: &'a ModelDescriptor,
    want: &'a Requirements,
    env: &'a Environment,
    estimate: Estimate,
    name: String,
    runtime: Option<String>,
    alternatives: Vec<Alternative>,
    rejected: Vec<Rejection>,
    trace: Vec<String>,
    reasons: Vec<String>,
    steps: Vec<Step>,
}

impl<'a> Draft<'a> {
    fn new(
        capabilities: &'a Capabilities,
        model: &'a ModelDescriptor,
        want: &'a Requirements,
        env: &'a Environment,
    ) -> Self {
        let stem = last_part(&model.name);
        let stem = stem.strip_suffix(&format!(".{}", model.format)).unwrap_or(stem);
        let name = want.name.clone().unwrap_or_else(|| safe_name(stem));
        let runtime = env.runtimes.iter().map(|facts| &facts.name);
        let runtime = runtime.into_iter().find(|name| capabilities.runtimes.contains(name)).cloned();
        Self {
            capabilities,
            model,
            want,
            env,
            estimate: Estimate::of(model, env),
            name,
            runtime,
            alternatives: Vec::new(),
            rejected: Vec::new(),
            trace: Vec::new(),
            reasons: Vec::new(),
            steps: Vec::new(),
        }
    }

    fn reject(&mut self, what: impl Into<String>, reason: impl Into<String>) {
        let (what, reason) = (what.into(), reason.into());
        self.trace.push(format!("{what}: rejected, {reason}"));
        self.rejected.push(Rejection { what, reason });
    }

    /// Looks for what makes the route impossible, and says what tipped the scales.
    fn weigh(&mut self) {
        self.weigh_formats();
        self.weigh_precision();
        self.weigh_proof();
        self.weigh_constraints();
        let objective = format!("objective '{}'", self.want.objective.as_str());
        self.trace.push(format!(
            "{objective} changes nothing: one route leads there, and no operation of this version trades one objective for another"
        ));
    }

    fn weigh_formats(&mut self) {
        let format = &self.model.format;
        let (reads, writes) = (self.capabilities.reads(format), self.capabilities.writes(format));
        let target = self.target();
        let packages = self.capabilities.targets.contains(&target);
        match (reads, writes) {
            (true, true) => self.trace.push(format!("format '{format}': can be read and written")),
            (false, _) => {
                self.reject(format!("import of '{format}'"), format!("nothing here reads models in '{format}'"));
            }
            (true, false) => self.reject(format!("export to '{format}'"), format!("nothing here writes '{format}'")),
        }
        if !packages {
            let reason = format!("nothing here packages for '{}'", target.as_str());
            self.reject(format!("target '{}'", target.as_str()), reason);
        }
    }

    fn weigh_precision(&mut self) {
        let precision = self.want.precision;
        let what = format!("precision '{}'", precision.as_str());
        match (precision.reach(self.model), precision) {
            (Err(reason), _) => {
                self.reject(what, reason);
                self.alternatives.push(Alternative {
                    summary: "the same route at precision 'keep'".to_owned(),
                    reason: "it leaves weights and arithmetic as they are, which is not what was asked for".to_owned(),
                });
            }
            (Ok(()), Precision::Keep) => self.trace.push(format!("{what}: weights and arithmetic stay as they are")),
            (Ok(()), _) => self.trace.push(format!("{what}: the model has it already, nothing to convert")),
        }
    }

    fn weigh_proof(&mut self) {
        let Some((missing, advice)) = self.unprovable() else {
            let runtime = self.runtime.as_deref().unwrap_or_default();
            self.reasons.push(format!("'{runtime}' runs the original and the result on the same samples"));
            self.trace.push(format!("proof: by '{runtime}'"));
            if self.is_own() {
                let fused = match self.target() {
                    PackageTarget::Files => "",
                    PackageTarget::Triton => " that proves its fused operators too",
                };
                self.alternatives.push(Alternative {
                    summary: "a proof by ONNX Runtime".to_owned(),
                    reason: format!(
                        "it is faster than this library's own evaluator, and an implementation by others{fused}; install it \
                         (`pip install onnxruntime`)"
                    ),
                });
            }
            if self.want.samples.is_some() {
                self.reasons.push("the caller's own samples are run too".to_owned());
            }
            return;
        };
        if self.want.constraints.allow_unproven {
            self.runtime = None;
            self.reasons.push(format!("unproven: {missing}, and the requirements allow to go on without"));
            self.trace.push(format!("proof: none, {missing}; allow_unproven is set"));
        } else {
            let reason =
                format!("parity cannot be proven: {missing}; {advice}, or set allow_unproven to go on without a proof");
            self.reject("proof of parity", reason);
        }
    }

    /// Why nothing here can prove that the result computes the same, and what helps.
    fn unprovable(&self) -> Option<(String, &'static str)> {
        if self.runtime.is_none() {
            let missing = "no runtime is here to run the original and the result";
            return Some((missing.to_owned(), "install one (`pip install onnxruntime`, or name its library)"));
        }
        if self.is_own() {
            let unknown: Vec<_> = self.model.operators.keys().filter(|name| !self.evaluates(name)).cloned().collect();
            if !unknown.is_empty() {
                let names = unknown.join(", ");
                let missing = format!("the reference evaluator, which is the runtime here, does not know {names}");
                let shipped =
                    |name: &String| ["com.microsoft", "ai.onnx"].iter().any(|domain| name.starts_with(domain));
                let advice = if unknown.iter().all(|name| shipped(name) || !name.contains("::")) {
                    "install ONNX Runtime (`pip install onnxruntime`, or name its library)"
                } else {
                    "give a runtime that does"
                };
                return Some((missing, advice));
            }
            let mut outputs = self.model.outputs.iter();
            if let Some(output) = outputs.find(|output| output.dtype.is_none() && output.ty != "?") {
                let missing = format!("output '{}' is {}, and only tensors are compared", output.name, output.ty);
                return Some((missing, "take it out of the model's outputs"));
            }
        }
        let input = unsampled(self.model).filter(|_| self.want.samples.is_none())?;
        Some((format!("no sample can be made for input '{}' of type {}", input.name, input.ty), "give your own"))
    }

    /// True if the proof is left to this library's evaluator, which knows the specification's operators alone.
    fn is_own(&self) -> bool {
        self.runtime.as_deref() == Some(REFERENCE)
    }

    /// True if the evaluator knows an operator as the descriptor spells it, or the model says by others what it does.
    fn evaluates(&self, name: &str) -> bool {
        let (domain, operator) = name.rsplit_once("::").unwrap_or(("", name));
        self.model.functions.contains(name) || eval::knows_operator(&OpType::new(domain, operator))
    }

    fn weigh_constraints(&mut self) {
        let constraints = &self.want.constraints;
        let weights = self.estimate.weight_bytes;
        if let Some(cap) = constraints.max_size_bytes.filter(|cap| *cap < weights) {
            let reason = format!(
                "the weights take {weights} bytes, no operation of this version makes them smaller, and {cap} are allowed"
            );
            self.reject("size", reason);
        }
        let costs = self.costs();
        if let Some(cap) = self.memory_cap() {
            for (what, cost) in costs.iter().filter(|(_, cost)| cost.least_memory > cap) {
                let reason = format!("{what} needs at least {} bytes of memory, {cap} are allowed", cost.least_memory);
                self.reject("memory", reason);
            }
        }
        let least: f64 = costs.iter().map(|(_, cost)| cost.expect.seconds.low).sum();
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        if let Some(cap) = constraints.max_seconds.filter(|cap| (*cap as f64) < least || *cap == 0) {
            self.reject("time", format!("the steps take at least {least:.1} s together, {cap} are allowed"));
        }
    }

    /// What each step of the route takes.
    fn costs(&self) -> Vec<(&'static str, Cost)> {
        let mut costs = vec![("import", self.estimate.import()), ("export", self.estimate.export())];
        if self.runtime.is_some() {
            costs.push(("parity", self.estimate.parity(3)));
        }
        costs.push(("package", self.package_cost()));
        costs
    }

    fn package_cost(&self) -> Cost {
        match self.target() {
            PackageTarget::Files => self.estimate.package_files(),
            PackageTarget::Triton => self.estimate.package_triton(self.runtime.is_some()),
        }
    }

    fn target(&self) -> PackageTarget {
        match self.want.target {
            Target::Files => PackageTarget::Files,
            Target::Triton => PackageTarget::Triton,
        }
    }

    /// A Triton server runs the model in ONNX Runtime, files are for anybody. What could not be proven is not made.
    fn level(&self) -> Level {
        match self.want.target {
            Target::Triton if !self.is_own() => Level::OnnxRuntime,
            Target::Files | Target::Triton => Level::Portable,
        }
    }

    fn memory_cap(&self) -> Option<u64> {
        let caps = [self.want.constraints.max_memory_bytes, self.env.memory_bytes];
        caps.into_iter().flatten().min()
    }

    /// Lays the steps.
    fn plan(&mut self, model: ModelReference) -> ConversionPlan {
        let format = self.model.format.clone();
        let simplify = !self.capabilities.passes.is_empty();
        let import = Operation::Import { format: format.clone() };
        self.step("import", import, None, self.estimate.import(), vec![Acceptance::WellFormed], None);
        if simplify {
            let passes = Operation::Simplify { passes: self.capabilities.passes.clone(), level: self.level() };
            let accept = vec![Acceptance::WellFormed];
            self.step("simplify", passes, Some("import"), self.estimate.simplify(), accept, Some("import"));
            self.trace
                .push(format!("simplify: {} passes, which leave arithmetic as it is", self.capabilities.passes.len()));
            if self.target() == PackageTarget::Triton && self.is_own() {
                let words = "simplify: not to ONNX Runtime's fused operators, which 'reference' could not prove";
                self.trace.push(words.to_owned());
            }
            self.alternatives.push(Alternative {
                summary: "export the model as it was imported".to_owned(),
                reason: "it keeps nodes that do nothing; it stands in where the simplified model fails".to_owned(),
            });
        }
        let spare = simplify.then_some("export_unsimplified");
        self.export("export", if simplify { "simplify" } else { "import" }, spare);
        let mut proven = "export";
        if self.runtime.is_some() {
            self.parity("parity", "export", simplify.then_some("parity_unsimplified"));
            proven = "parity";
        }
        if simplify {
            self.export("export_unsimplified", "import", None);
            if self.runtime.is_some() {
                self.parity("parity_unsimplified", "export_unsimplified", None);
            }
        }
        let package =
            Operation::Package { target: self.target(), name: self.name.clone(), workload: self.want.workload.clone() };
        let mut accept: Vec<_> =
            self.want.constraints.max_size_bytes.map(|bytes| Acceptance::MaxBytes { bytes }).into_iter().collect();
        if self.target() == PackageTarget::Triton {
            accept.push(Acceptance::Lints);
        }
        self.step("package", package, Some(proven), self.package_cost(), accept, None);
        let words: Vec<_> = [
            Some(format!("import {format}")),
            simplify.then(|| "simplify".to_owned()),
            Some(format!("export {format}")),
            self.runtime.as_ref().map(|runtime| format!("prove with {runtime}")),
            Some(format!("package for {}", self.target().as_str())),
        ]
        .into_iter()
        .flatten()
        .collect();
        ConversionPlan {
            schema: PLAN_SCHEMA,
            model,
            requirements: self.want.clone(),
            environment: self.env.clone(),
            decision: Decision {
                summary: words.join(", "),
                route: vec![format.clone(), format],
                reasons: std::mem::take(&mut self.reasons),
            },
            steps: std::mem::take(&mut self.steps),
        }
    }

    fn export(&mut self, id: &str, needs: &str, spare: Option<&str>) {
        let stem = match self.target() {
            PackageTarget::Files => self.name.as_str(),
            PackageTarget::Triton => "model",
        };
        let operation = Operation::Export {
            format: self.model.format.clone(),
            file: format!("{stem}.{}", self.model.format),
            weights: Weights::Auto,
        };
        self.step(id, operation, Some(needs), self.estimate.export(), vec![Acceptance::SameSignature], spare);
    }

    fn parity(&mut self, id: &str, needs: &str, spare: Option<&str>) {
        let samples = choose(self.model, &self.want.workload, self.want.samples.is_some());
        let cost = self.estimate.parity(samples.bindings.len() as u64);
        let runtime = self.runtime.clone().unwrap_or_default();
        let tolerance = tolerance(self.model, self.want);
        let operation = Operation::Parity { runtime, samples, tolerance };
        self.step(id, operation, Some(needs), cost, vec![Acceptance::InParity], spare);
    }

    fn step(
        &mut self,
        id: &str,
        operation: Operation,
        needs: Option<&str>,
        cost: Cost,
        accept: Vec<Acceptance>,
        spare: Option<&str>,
    ) {
        let mut limits = cost.limits;
        limits.memory_bytes = self.memory_cap().map_or(limits.memory_bytes, |cap| limits.memory_bytes.min(cap));
        limits.wall_seconds =
            self.want.constraints.max_seconds.map_or(limits.wall_seconds, |cap| limits.wall_seconds.min(cap));
        self.steps.push(Step {
            id: id.to_owned(),
            operation,
            needs: needs.map(str::to_owned).into_iter().collect(),
            limits,
            expect: cost.expect,
            accept,
            on_failure: spare.map_or(OnFailure::Stop, |to| OnFailure::Degrade { to: to.to_owned() }),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::descriptor::FormatId;
    use crate::error::ErrorKind;
    use crate::plan::requirements::{Constraints, Objective};
    use crate::plan::tests::descriptor;
    use crate::plan::types::RuntimeFacts;
    use crate::tensor::DType;

    fn capabilities() -> Capabilities {
        Capabilities {
            reads: vec![FormatId::ONNX],
            writes: vec![FormatId::ONNX],
            passes: vec!["drop_dead".into()],
            runtimes: vec!["onnxruntime".into()],
            targets: vec![PackageTarget::Files, PackageTarget::Triton],
        }
    }

    fn environment() -> Environment {
        let runtimes = vec![RuntimeFacts { name: "onnxruntime".into(), version: "1.32.0".into() }];
        Environment { runtimes, threads: 2, memory_bytes: None }
    }

    fn outcome(want: &Requirements, env: &Environment) -> PlanOutcome {
        let model = descriptor(&[("x", &["N", "64"])]);
        RulePlanner::new(capabilities()).plan(&model, want, env, &Context::new()).unwrap()
    }

    fn reasons(outcome: &PlanOutcome) -> String {
        assert_eq!(outcome.plan, None);
        outcome.rejected.iter().map(|one| format!("{}: {}", one.what, one.reason)).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_route_has_a_second_way_where_simplification_fails() {
        let plan = outcome(&Requirements::default(), &environment()).into_plan().unwrap();
        let line = |step: &Step| {
            let spare = if let OnFailure::Degrade { to } = &step.on_failure { to } else { "stop" };
            format!("{} <- {} | {spare}", step.id, step.needs.join(","))
        };
        assert_eq!(
            plan.steps.iter().map(line).collect::<Vec<_>>(),
            [
                "import <-  | stop",
                "simplify <- import | import",
                "export <- simplify | export_unsimplified",
                "parity <- export | parity_unsimplified",
                "export_unsimplified <- import | stop",
                "parity_unsimplified <- export_unsimplified | stop",
                "package <- parity | stop",
            ]
        );
        assert_eq!(plan.model.name, "m.onnx");
        assert_eq!(plan.model.files[0].sha256, "ab".repeat(32));
    }

    #[test]
    fn the_same_input_gives_the_same_bytes() {
        let plan = || outcome(&Requirements::default(), &environment()).into_plan().unwrap().to_json().unwrap();
        assert_eq!(plan(), plan());
    }

    #[test]
    fn quantisation_is_rejected_with_a_reason_and_an_alternative() {
        for precision in [Precision::Fp16, Precision::Int8, Precision::Int4] {
            let outcome = outcome(&Requirements { precision, ..Requirements::default() }, &environment());
            let expected = format!(
                "precision '{0}': no operation of this version converts to {0}; ask for 'keep'",
                precision.as_str()
            );
            assert_eq!(reasons(&outcome), expected);
            assert_eq!(outcome.alternatives.len(), 1);
            assert_eq!(outcome.into_plan().unwrap_err().kind(), ErrorKind::NoRoute);
        }
    }

    #[test]
    fn fp32_of_a_model_in_fp32_is_what_it_is() {
        let want = Requirements { precision: Precision::Fp32, ..Requirements::default() };
        assert!(outcome(&want, &environment()).plan.is_some());
        let mut half = descriptor(&[("x", &["N"])]);
        half.weight_bytes.insert(DType::Float16, 2);
        let outcome = RulePlanner::new(capabilities()).plan(&half, &want, &environment(), &Context::new()).unwrap();
        assert!(reasons(&outcome).contains("float16 weights"), "{}", reasons(&outcome));
    }

    #[test]
    fn without_a_runtime_the_plan_stops_unless_told_to_go_on() {
        let mut want = Requirements::default();
        assert!(reasons(&outcome(&want, &Environment::default())).contains("parity cannot be proven"));
        want.constraints.allow_unproven = true;
        let plan = outcome(&want, &Environment::default()).into_plan().unwrap();
        assert_eq!(plan.step("package").unwrap().needs, ["export"]);
        assert!(plan.decision.reasons[0].starts_with("unproven: "));
        assert!(plan.steps.iter().all(|step| step.operation.name() != "parity"));
    }

    /// The only runtime is the evaluator.
    fn own(model: &ModelDescriptor, want: &Requirements) -> PlanOutcome {
        let capabilities = Capabilities { runtimes: vec![REFERENCE.into()], ..capabilities() };
        let runtimes = vec![RuntimeFacts { name: REFERENCE.into(), version: "0.1.0".into() }];
        let env = Environment { runtimes, threads: 2, memory_bytes: None };
        RulePlanner::new(capabilities).plan(model, want, &env, &Context::new()).unwrap()
    }

    #[test]
    fn the_evaluator_proves_what_it_knows_and_nothing_is_made_beyond() {
        let mut model = descriptor(&[("x", &["N", "64"])]);
        model.operators = [("Relu".to_owned(), 1), ("mine::Block".to_owned(), 2)].into();
        model.functions = ["mine::Block".to_owned()].into();
        let outcome = own(&model, &Requirements { target: Target::Triton, ..Requirements::default() });
        let advice = &outcome.alternatives[0].reason;
        assert!(advice.contains("its fused operators too") && advice.contains("`pip install onnxruntime`"), "{advice}");
        let plan = outcome.into_plan().unwrap();
        let runtimes = plan.steps.iter().filter_map(|step| match &step.operation {
            Operation::Parity { runtime, .. } => Some(runtime.as_str()),
            _ => None,
        });
        assert_eq!(runtimes.collect::<Vec<_>>(), ["reference", "reference"]);
        let simplify = &plan.step("simplify").unwrap().operation;
        assert!(matches!(simplify, Operation::Simplify { level: Level::Portable, .. }), "{simplify:?}");
    }

    #[test]
    fn what_the_evaluator_does_not_know_is_unproven_and_not_at_fault() {
        let mut model = descriptor(&[("x", &["N", "64"])]);
        model.operators = [("Relu".to_owned(), 1), ("com.microsoft::BiasGelu".to_owned(), 2)].into();
        let mut want = Requirements::default();
        assert_eq!(
            reasons(&own(&model, &want)),
            "proof of parity: parity cannot be proven: the reference evaluator, which is the runtime here, does not know \
             com.microsoft::BiasGelu; install ONNX Runtime (`pip install onnxruntime`, or name its library), or set \
             allow_unproven to go on without a proof"
        );
        want.constraints.allow_unproven = true;
        let plan = own(&model, &want).into_plan().unwrap();
        assert!(plan.decision.reasons[0].starts_with("unproven: the reference evaluator"));
        assert!(plan.steps.iter().all(|step| step.operation.name() != "parity"));
    }

    #[test]
    fn what_cannot_be_fed_or_read_is_unproven() {
        let mut sequence = descriptor(&[("x", &["N"])]);
        sequence.inputs[0] = PortDescriptor { dtype: None, ty: "seq(float32)".into(), ..sequence.inputs[0].clone() };
        let mut want = Requirements::default();
        let found = reasons(&own(&sequence, &want));
        assert!(found.contains("no sample can be made for input 'x' of type seq(float32); give your own"), "{found}");
        let mut given = descriptor(&[("x", &["N"])]);
        given.outputs = vec![PortDescriptor { name: "y".into(), ..sequence.inputs[0].clone() }];
        let found = reasons(&own(&given, &want));
        assert!(found.contains("output 'y' is seq(float32), and only tensors are compared"), "{found}");
        want.constraints.allow_unproven = true;
        for model in [&sequence, &given] {
            assert!(own(model, &want).into_plan().unwrap().step("parity").is_none());
        }
    }

    #[test]
    fn constraints_that_cannot_be_met_say_what_is_needed() {
        let with = |constraints| outcome(&Requirements { constraints, ..Requirements::default() }, &environment());
        let memory = with(Constraints { max_memory_bytes: Some(1 << 20), ..Constraints::default() });
        assert!(reasons(&memory).contains("import needs at least 4194304 bytes of memory, 1048576 are allowed"));
        let size = with(Constraints { max_size_bytes: Some(999), ..Constraints::default() });
        assert!(reasons(&size).starts_with("size: the weights take 1000 bytes"));
        let time = with(Constraints { max_seconds: Some(0), ..Constraints::default() });
        assert!(reasons(&time).starts_with("time: "));
    }

    #[test]
    fn constraints_that_can_be_met_bound_every_step() {
        let constraints = Constraints {
            max_memory_bytes: Some(300 << 20),
            max_seconds: Some(30),
            max_size_bytes: Some(5000),
            ..Constraints::default()
        };
        let plan =
            outcome(&Requirements { constraints, ..Requirements::default() }, &environment()).into_plan().unwrap();
        assert!(plan.steps.iter().all(|step| step.limits.memory_bytes == 300 << 20 && step.limits.wall_seconds == 30));
        assert_eq!(plan.step("package").unwrap().accept, [Acceptance::MaxBytes { bytes: 5000 }]);
    }

    #[test]
    fn an_objective_that_changes_nothing_is_said_to() {
        for objective in [Objective::Latency, Objective::Throughput, Objective::Memory, Objective::Size] {
            let outcome = outcome(&Requirements { objective, ..Requirements::default() }, &environment());
            let line = format!("objective '{}' changes nothing", objective.as_str());
            assert!(outcome.trace.iter().any(|found| found.starts_with(&line)), "{:?}", outcome.trace);
        }
    }

    #[test]
    fn a_descriptor_without_digests_is_refused() {
        let mut model = descriptor(&[]);
        model.files[0].sha256 = None;
        let planner = RulePlanner::new(capabilities());
        let error = planner.plan(&model, &Requirements::default(), &environment(), &Context::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert_eq!(error.message(), "the descriptor has no digest of 'm.onnx'");
    }

    #[test]
    fn a_dimension_that_the_model_does_not_have_is_named() {
        let mut want = Requirements::default();
        want.workload.dims.insert("L".into(), DimRange { min: 1, max: 2 });
        let planner = RulePlanner::new(capabilities());
        let error = planner.plan(&descriptor(&[("x", &["N"])]), &want, &environment(), &Context::new()).unwrap_err();
        assert_eq!(error.message(), "the workload names the dimension 'L'; the model's dynamic dimensions are: N");
    }
}
