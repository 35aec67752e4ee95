use super::*;
use crate::descriptor::{FormatId, LicenseDescriptor};
use crate::error::Location;
use crate::formats::Weights;
use crate::license::LicensePolicy;
use crate::passes::Level;
use crate::plan::tests::descriptor;
use crate::plan::{
    Acceptance, Capabilities, DimRange, Environment, InputFile, OnFailure, Operation, PackageTarget, Planner,
    Precision, Requirements, RulePlanner, RuntimeFacts, Step, Target, Tolerance, Workload,
};

fn model() -> ModelDescriptor {
    descriptor(&[("x", &["N", "64"])])
}

fn policy() -> Policy {
    Policy::new(Capabilities {
        reads: vec![FormatId::ONNX],
        writes: vec![FormatId::ONNX],
        passes: vec!["drop_dead".into()],
        runtimes: vec!["onnxruntime".into()],
        targets: vec![PackageTarget::Files, PackageTarget::Triton],
    })
}

fn plan_for(want: &Requirements) -> ConversionPlan {
    let runtimes = vec![RuntimeFacts { name: "onnxruntime".into(), version: "1.32.0".into() }];
    let env = Environment { runtimes, threads: 2, memory_bytes: None };
    let planner = RulePlanner::new(policy().capabilities);
    planner.plan(&model(), want, &env, &Context::new()).unwrap().into_plan().unwrap()
}

fn good() -> ConversionPlan {
    plan_for(&Requirements::default())
}

fn step<'p>(plan: &'p mut ConversionPlan, id: &str) -> &'p mut Step {
    plan.steps.iter_mut().find(|step| step.id == id).unwrap()
}

/// The error's kind and the codes of its findings, for a good plan that was changed.
fn refused(change: impl FnOnce(&mut ConversionPlan)) -> (ErrorKind, Vec<String>) {
    let mut plan = good();
    change(&mut plan);
    let error = admit(plan, &model(), &policy(), &[], &Context::new()).expect_err("the plan should be refused");
    let codes = error.notes().iter().map(|note| note.split(':').next().unwrap().to_owned()).collect();
    (error.kind(), codes)
}

#[track_caller]
/// Changes the workload, in the requirements and in the package that is made for it.
fn want_of(plan: &mut ConversionPlan, change: impl Fn(&mut Workload)) {
    change(&mut plan.requirements.workload);
    let Operation::Package { workload, .. } = &mut step(plan, "package").operation else { unreachable!() };
    change(workload);
}

fn assert_refused(kind: ErrorKind, code: &str, change: impl FnOnce(&mut ConversionPlan)) {
    assert_eq!(refused(change), (kind, vec![code.to_owned()]));
}

#[test]
fn what_the_planner_makes_is_admitted() {
    let plan = good();
    let digest = plan.digest().unwrap();
    let admitted = admit(plan.clone(), &model(), &policy(), &[], &Context::new()).unwrap();
    assert_eq!((admitted.plan(), admitted.digest()), (&plan, digest.as_str()));
}

#[test]
fn a_plan_of_another_schema_is_unsupported() {
    assert_refused(ErrorKind::Unsupported, "plan.schema", |plan| plan.schema = 2);
}

#[test]
fn a_plan_for_another_model_is_refused() {
    assert_refused(ErrorKind::InvalidArgument, "plan.other_model", |plan| {
        plan.model.files[0].sha256 = "cd".repeat(32);
    });
    assert_refused(ErrorKind::InvalidArgument, "plan.other_model", |plan| plan.model.files.clear());
    assert_refused(ErrorKind::InvalidArgument, "plan.other_model", |plan| plan.model.format = FormatId::new("gguf"));
}

#[test]
fn digests_are_hexadecimal() {
    let samples = InputFile { path: "s.npz".into(), bytes: 1, sha256: "XY".into() };
    assert_refused(ErrorKind::InvalidArgument, "plan.digest", |plan| plan.requirements.samples = Some(samples));
}

#[test]
fn what_was_wanted_has_to_make_sense() {
    assert_refused(ErrorKind::InvalidArgument, "plan.name", |plan| plan.requirements.name = Some("a/b".into()));
    assert_refused(ErrorKind::Unsupported, "plan.precision", |plan| plan.requirements.precision = Precision::Int8);
    assert_refused(ErrorKind::InvalidArgument, "plan.range", |plan| {
        want_of(plan, |workload| workload.batch = Some(DimRange { min: 0, max: 4 }));
    });
    assert_refused(ErrorKind::InvalidArgument, "plan.unknown_dimension", |plan| {
        want_of(plan, |workload| {
            workload.dims.insert("L".into(), DimRange { min: 1, max: 4 });
        });
    });
    assert_refused(ErrorKind::InvalidArgument, "plan.tolerance", |plan| {
        plan.requirements.constraints.tolerance = Some(Tolerance { absolute: f64::NAN, relative: 0.0, cosine: 1.0 });
    });
}

#[test]
fn ids_are_unique_and_can_be_folders() {
    assert_refused(ErrorKind::UnsafeContent, "plan.id", |plan| {
        plan.steps[0].id = "../import".into();
        for step in &mut plan.steps {
            step.needs.iter_mut().filter(|id| *id == "import").for_each(|id| *id = "../import".into());
            if step.on_failure == (OnFailure::Degrade { to: "import".into() }) {
                step.on_failure = OnFailure::Degrade { to: "../import".into() };
            }
        }
    });
    let (_, codes) = refused(|plan| plan.steps.push(Step { id: "IMPORT".into(), ..plan.steps[0].clone() }));
    assert!(codes.contains(&"plan.duplicate_id".to_owned()), "{codes:?}");
}

#[test]
fn steps_need_what_is_there_and_stands_before_them() {
    let (_, codes) = refused(|plan| step(plan, "export").needs = vec!["nothing".into()]);
    assert_eq!(codes[0], "plan.missing_step");
    assert_refused(ErrorKind::InvalidArgument, "plan.order", |plan| plan.steps.swap(0, 1));
    let (_, codes) = refused(|plan| step(plan, "export").needs.clear());
    assert_eq!(codes[0], "plan.needs");
}

#[test]
fn steps_take_what_the_needed_step_gives() {
    let (kind, codes) = refused(|plan| step(plan, "parity").needs = vec!["import".into()]);
    assert_eq!((kind, codes[0].as_str()), (ErrorKind::InvalidArgument, "plan.kind"));
}

#[test]
fn steps_that_wait_for_each_other_are_named() {
    let mut plan = good();
    step(&mut plan, "simplify").on_failure = OnFailure::Degrade { to: "simplify".into() };
    let error = admit(plan, &model(), &policy(), &[], &Context::new()).unwrap_err();
    assert_eq!(error.notes(), ["plan.circle: steps wait for each other: simplify"]);
}

#[test]
fn a_stand_in_exists_and_gives_the_same() {
    let degrade = |plan: &mut ConversionPlan, to: &str| {
        step(plan, "export").on_failure = OnFailure::Degrade { to: to.into() };
    };
    let (_, codes) = refused(|plan| degrade(plan, "nothing"));
    assert_eq!(codes[0], "plan.missing_step");
    assert_refused(ErrorKind::InvalidArgument, "plan.kind", |plan| degrade(plan, "import"));
}

#[test]
fn every_step_leads_to_the_one_result() {
    let (_, codes) = refused(|plan| plan.steps.retain(|step| step.id != "package"));
    assert_eq!(codes, ["plan.result"]);
    assert_refused(ErrorKind::InvalidArgument, "plan.loose_step", |plan| {
        step(plan, "parity").on_failure = OnFailure::Stop;
        plan.steps.retain(|step| step.id != "parity_unsimplified");
        step(plan, "export").on_failure = OnFailure::Stop;
    });
}

#[test]
fn files_without_a_proof_are_packaged_only_where_all_agree() {
    let unproven = |plan: &mut ConversionPlan| {
        step(plan, "package").needs = vec!["export".into()];
        plan.steps.retain(|step| !step.id.starts_with("parity"));
    };
    assert_refused(ErrorKind::InvalidArgument, "plan.unproven", unproven);

    let mut plan = good();
    unproven(&mut plan);
    plan.requirements.constraints.allow_unproven = true;
    assert!(admit(plan.clone(), &model(), &policy(), &[], &Context::new()).is_ok());
    let strict = Policy { require_parity: true, ..policy() };
    let error = admit(plan, &model(), &strict, &[], &Context::new()).unwrap_err();
    assert!(error.notes()[0].contains("the policy requires it"), "{error:?}");
}

#[test]
fn limits_stay_within_policy_and_requirements() {
    let limits = |change: fn(&mut crate::plan::StepLimits)| {
        move |plan: &mut ConversionPlan| change(&mut step(plan, "export").limits)
    };
    assert_refused(ErrorKind::UnsafeContent, "plan.network", limits(|limits| limits.network = true));
    assert_refused(ErrorKind::LimitExceeded, "plan.wall_limit", limits(|limits| limits.wall_seconds = u64::MAX));
    assert_refused(ErrorKind::LimitExceeded, "plan.wall_limit", limits(|limits| limits.wall_seconds = 0));
    assert_refused(ErrorKind::LimitExceeded, "plan.memory_limit", limits(|limits| limits.memory_bytes = u64::MAX));
    let (_, codes) = refused(|plan| plan.requirements.constraints.max_memory_bytes = Some(1));
    assert!(codes.iter().all(|code| code == "plan.memory_limit"), "{codes:?}");
}

#[test]
fn expectations_are_intervals() {
    for (low, high) in [(2.0, 1.0), (f64::NAN, 1.0), (0.0, f64::INFINITY), (-1.0, 1.0)] {
        assert_refused(ErrorKind::InvalidArgument, "plan.interval", |plan| {
            (plan.steps[0].expect.seconds.low, plan.steps[0].expect.seconds.high) = (low, high);
        });
    }
}

#[test]
fn retries_are_bounded() {
    assert_refused(ErrorKind::LimitExceeded, "plan.retries", |plan| {
        step(plan, "package").on_failure = OnFailure::Retry { times: 9 };
    });
}

#[test]
fn files_stay_in_the_folder_of_their_step() {
    for file in ["../m.onnx", "/m.onnx", "C:\\m.onnx", "a\0b", "", "a//b", "con"] {
        assert_refused(ErrorKind::UnsafeContent, "plan.file_name", |plan| {
            let Operation::Export { file: name, .. } = &mut step(plan, "export").operation else { unreachable!() };
            *name = file.into();
        });
    }
    assert_refused(ErrorKind::UnsafeContent, "plan.name", |plan| {
        let Operation::Package { name, .. } = &mut step(plan, "package").operation else { unreachable!() };
        *name = "..".into();
    });
}

#[test]
fn a_package_is_for_the_workload_that_is_wanted() {
    assert_refused(ErrorKind::InvalidArgument, "plan.workload", |plan| {
        let Operation::Package { workload, .. } = &mut step(plan, "package").operation else { unreachable!() };
        workload.batch = Some(DimRange { min: 1, max: 1 << 40 });
    });
}

#[test]
fn unknown_names_are_unsupported() {
    assert_refused(ErrorKind::Unsupported, "plan.pass", |plan| {
        step(plan, "simplify").operation =
            Operation::Simplify { passes: vec!["make_faster".into()], level: Level::Portable };
    });
    assert_refused(ErrorKind::Unsupported, "plan.format", |plan| {
        let Operation::Export { format, .. } = &mut step(plan, "export").operation else { unreachable!() };
        *format = FormatId::new("gguf");
    });
    assert_refused(ErrorKind::Unsupported, "plan.runtime", |plan| {
        let Operation::Parity { runtime, .. } = &mut step(plan, "parity").operation else { unreachable!() };
        *runtime = "tensorrt".into();
    });
    let poor = Policy::new(Capabilities { targets: vec![], ..policy().capabilities });
    let error = admit(good(), &model(), &poor, &[], &Context::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[test]
fn an_import_reads_the_models_own_format() {
    let (_, codes) = refused(|plan| step(plan, "import").operation = Operation::Import { format: FormatId::new("tf") });
    assert_eq!(codes, ["plan.format", "plan.format"]);
}

#[test]
fn weights_that_the_result_would_not_hold_are_refused() {
    let change = |plan: &mut ConversionPlan| {
        let Operation::Export { weights, .. } = &mut step(plan, "export").operation else { unreachable!() };
        *weights = Weights::InPlace;
    };
    let mut plan = good();
    change(&mut plan);
    assert!(admit(plan.clone(), &model(), &policy(), &[], &Context::new()).is_ok());
    let mut outside = model();
    let file = crate::descriptor::FileDescriptor {
        name: "w.bin".into(),
        bytes: 8,
        role: crate::descriptor::FileRole::ExternalData,
        sha256: Some("ef".repeat(32)),
    };
    let digest = crate::artifact::EntryDigest { name: "w.bin".into(), bytes: 8, sha256: "ef".repeat(32) };
    outside.files.push(file);
    plan.model.files.push(digest);
    let error = admit(plan, &outside, &policy(), &[], &Context::new()).unwrap_err();
    assert!(error.notes()[0].starts_with("plan.weights: it would leave the weights in 'w.bin'"), "{error:?}");
}

#[test]
fn samples_fit_the_model_and_the_memory() {
    let with = |binding: &[(&str, u64)]| {
        let binding = binding.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect();
        move |plan: &mut ConversionPlan| {
            let Operation::Parity { samples, .. } = &mut step(plan, "parity").operation else { unreachable!() };
            samples.bindings = vec![binding];
        }
    };
    assert_refused(ErrorKind::InvalidArgument, "plan.unbound_dimension", with(&[]));
    assert_refused(ErrorKind::InvalidArgument, "plan.unknown_dimension", with(&[("N", 1), ("M", 1)]));
    assert_refused(ErrorKind::LimitExceeded, "plan.binding", with(&[("N", 0)]));
    assert_refused(ErrorKind::LimitExceeded, "plan.samples_too_large", with(&[("N", 1 << 24)]));
    assert_refused(ErrorKind::InvalidArgument, "plan.samples", |plan| {
        let Operation::Parity { samples, .. } = &mut step(plan, "parity").operation else { unreachable!() };
        samples.own = true;
    });
    assert_refused(ErrorKind::LimitExceeded, "plan.too_many_bindings", |plan| {
        let Operation::Parity { samples, .. } = &mut step(plan, "parity").operation else { unreachable!() };
        samples.bindings = vec![samples.bindings[0].clone(); 65];
    });
}

#[test]
fn checks_apply_to_their_operation_and_a_proof_has_to_hold() {
    assert_refused(ErrorKind::InvalidArgument, "plan.acceptance", |plan| {
        step(plan, "import").accept.push(Acceptance::InParity);
    });
    assert_refused(ErrorKind::InvalidArgument, "plan.acceptance", |plan| step(plan, "parity").accept.clear());
}

#[test]
fn the_package_is_for_the_target_that_was_wanted() {
    assert_refused(ErrorKind::InvalidArgument, "plan.target", |plan| plan.requirements.target = Target::Triton);
}

#[test]
fn a_policy_can_leave_operations_out() {
    let strict = Policy { operations: Some(vec!["import".into(), "export".into()]), ..policy() };
    let error = admit(good(), &model(), &strict, &[], &Context::new()).unwrap_err();
    assert!(error.notes().iter().all(|note| note.starts_with("plan.operation: ")), "{error:?}");
    assert_eq!(error.notes().len(), 4);
}

#[test]
fn a_licence_that_the_policy_or_the_requirements_forbid_refuses_the_plan() {
    let demand = LicensePolicy { deny: vec!["CC-BY-NC-*".into()], ..LicensePolicy::default() };
    let spdx = |id: &str| vec![id.to_owned()];
    let under = |id: &str| {
        let license = LicenseDescriptor { spdx: spdx(id), ..LicenseDescriptor::default() };
        ModelDescriptor { license: Some(license), ..model() }
    };
    let mut wanted = good();
    wanted.requirements.constraints.license = Some(demand.clone());
    let strict = Policy { license: Some(demand), ..policy() };
    for (plan, policy) in [(good(), strict), (wanted, policy())] {
        let cx = Context::new();
        assert!(admit(plan.clone(), &under("MIT"), &policy, &[], &cx).is_ok());
        let error = admit(plan.clone(), &under("CC-BY-NC-4.0"), &policy, &[], &cx).unwrap_err();
        assert!(error.notes()[0].ends_with("is forbidden: CC-BY-NC-4.0 is denied"), "{error:?}");
        let error = admit(plan, &model(), &policy, &[], &cx).unwrap_err();
        assert!(error.notes()[0].starts_with("plan.license: "), "{error:?}");
    }
}

#[test]
fn counts_are_capped() {
    let few = Policy { max_steps: 3, ..policy() };
    let error = admit(good(), &model(), &few, &[], &Context::new()).unwrap_err();
    assert_eq!(error.notes(), ["plan.too_many_steps: the plan has 7 steps, the policy allows 3"]);
    assert_refused(ErrorKind::LimitExceeded, "plan.too_many_passes", |plan| {
        step(plan, "simplify").operation =
            Operation::Simplify { passes: vec!["drop_dead".into(); 257], level: Level::Portable };
    });
}

#[test]
fn a_plan_too_long_to_be_read_again_is_refused() {
    assert_refused(ErrorKind::LimitExceeded, "plan.size", |plan| {
        plan.decision.reasons = vec!["x".repeat(crate::plan::MAX_DOCUMENT_BYTES)];
    });
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let (kind, codes) = refused(|plan| {
        plan.schema = 9;
        step(plan, "import").limits.network = true;
        step(plan, "simplify").operation =
            Operation::Simplify { passes: vec!["x".into(), "y".into()], level: Level::Portable };
    });
    assert_eq!(kind, ErrorKind::UnsafeContent);
    assert_eq!(codes, ["plan.schema", "plan.network", "plan.pass", "plan.pass"]);
}

struct House(Severity);

impl Validator for House {
    fn review(&self, _: &ConversionPlan, _: &ModelDescriptor, _: &Policy) -> Vec<Finding> {
        vec![Finding::new("house.rule", self.0, "not on a Friday").at(Location::item("step 'export'"))]
    }
}

#[test]
fn a_validator_of_the_host_can_refuse_and_remark() {
    let admitted = admit(good(), &model(), &policy(), &[&House(Severity::Warning)], &Context::new()).unwrap();
    assert_eq!(admitted.findings()[0].code, "house.rule");
    let error = admit(good(), &model(), &policy(), &[&House(Severity::Error)], &Context::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(error.to_string(), "the plan is refused: not on a Friday (step 'export')");
    let error = admit(good(), &model(), &policy(), &[&House(Severity::Danger)], &Context::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnsafeContent);
}
