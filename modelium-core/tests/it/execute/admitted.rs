//! No plan makes the validator panic, and no plan that it admits fails for a reason that it should have seen.
//!
//! Plans are good ones with a few changes (a random plan from nothing would never be admitted) and ones put together at
//! random. Those that are admitted run; what they may still fail of are the world and the numbers, not the plan.

use modelium_core::descriptor::FormatId;
use modelium_core::formats::onnx::OnnxExporter;
use modelium_core::formats::{Exporter as _, Weights};
use modelium_core::ir::{Dim, Model, Node, OpType, Opset, Shape, Type, TypeKind, check};
use modelium_core::plan::{
    Acceptance, DimRange, InputFile, Interval, OnFailure, Operation, PackageTarget, Precision, SampleSpec, Source,
    Step, StepLimits, Target, Tolerance, Workload,
};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::*;

/// Cases of each property; the seed is fixed.
const CASES: u32 = 600;

/// `y = relu(identity(x))` over `[N, 4]`, in a folder of its own.
fn tiny(folder: &Path) -> Artifact {
    let mut model = Model { opsets: vec![Opset { domain: None, version: Some(17) }], ..Model::default() };
    model.provenance.ir_version = Some(8);
    let graph = &mut model.graph;
    graph.name = Some("tiny".into());
    let shape = Shape::new([Dim::Symbol("N".into()), Dim::Known(4)]);
    let ty = Type { kind: TypeKind::Tensor { dtype: Some(DType::Float32), shape: Some(shape) }, denotation: None };
    let [x, a, y] = ["x", "a", "y"].map(|name| graph.intern(name));
    graph.inputs = vec![Port::new(x, Some(ty.clone()))];
    graph.outputs = vec![Port::new(y, Some(ty))];
    graph.add_node(Node::new(OpType::Identity, vec![Some(x)], vec![Some(a)]));
    graph.add_node(Node::new(OpType::Relu, vec![Some(a)], vec![Some(y)]));
    let cx = Context::new();
    let mut sink = FolderSink::create(folder.join("tiny")).unwrap();
    OnnxExporter.export(check(&model, &cx).unwrap(), "tiny.onnx", Weights::Auto, &mut sink, &cx).unwrap();
    sink.commit().unwrap();
    Artifact::open(folder.join("tiny/tiny.onnx"), &cx).unwrap()
}

fn ids() -> impl Strategy<Value = String> {
    let known = ["import", "simplify", "export", "parity", "export_unsimplified", "parity_unsimplified", "package"];
    prop_oneof![
        12 => proptest::sample::select(known.to_vec()).prop_map(str::to_owned),
        1 => Just("extra".to_owned()),
        1 => Just("../up".to_owned()),
        1 => ".{0,6}",
    ]
}

/// What is wanted by default, mostly; else batches, sensible and not.
fn workloads() -> impl Strategy<Value = Workload> {
    proptest::option::weighted(0.2, (0_u64..4, 0_u64..40))
        .prop_map(|batch| Workload { batch: batch.map(|(min, max)| DimRange { min, max }), ..Workload::default() })
}

fn file_names() -> impl Strategy<Value = String> {
    let names =
        ["model.onnx", "m", "a/b.onnx", "x.onnx.data", "Model.ONNX", "..", "/m", "a\\b", "a//b", "", "nul", "a\0"];
    proptest::sample::select(names.to_vec()).prop_map(str::to_owned)
}

fn formats() -> impl Strategy<Value = FormatId> {
    prop_oneof![9 => Just(FormatId::ONNX), 1 => Just(FormatId::new("gguf"))]
}

fn numbers() -> impl Strategy<Value = f64> {
    prop_oneof![4 => 0.0..1.0, 1 => Just(f64::NAN), 1 => Just(f64::INFINITY), 1 => Just(-1.0), 1 => any::<f64>()]
}

fn counts() -> impl Strategy<Value = u64> {
    prop_oneof![6 => 1..16_u64, 1 => Just(0), 1 => Just(u64::MAX), 1 => any::<u64>()]
}

fn tolerances() -> impl Strategy<Value = Tolerance> {
    (numbers(), numbers(), numbers()).prop_map(|(absolute, relative, cosine)| Tolerance { absolute, relative, cosine })
}

fn operations() -> impl Strategy<Value = Operation> {
    let passes = vec!["drop_dead", "drop_identities", "constants_to_initializers", "drop_unused_initializers", "fly"];
    let passes = vec(proptest::sample::select(passes).prop_map(str::to_owned), 0..6);
    let weights = prop_oneof![
        Just(Weights::Auto),
        (0..9_u64).prop_map(|threshold_bytes| Weights::Beside { threshold_bytes }),
        Just(Weights::InPlace),
    ];
    let binding = btree_map(prop_oneof![9 => Just("N".to_owned()), 1 => "[NM]{0,2}"], counts(), 0..3);
    let samples = (any::<u64>(), vec(binding, 0..4), proptest::bool::weighted(0.1));
    let samples = samples.prop_map(|(seed, bindings, own)| SampleSpec { seed, bindings, own });
    let runtime = prop_oneof![9 => Just("fake".to_owned()), 1 => Just("onnxruntime".to_owned())];
    let target = prop_oneof![Just(PackageTarget::Files), Just(PackageTarget::Triton)];
    prop_oneof![
        formats().prop_map(|format| Operation::Import { format }),
        passes.prop_map(|passes| Operation::Simplify { passes, level: modelium_core::passes::Level::Portable }),
        (formats(), file_names(), weights).prop_map(|(format, file, weights)| Operation::Export {
            format,
            file,
            weights
        }),
        (runtime, samples, tolerances()).prop_map(|(runtime, samples, tolerance)| Operation::Parity {
            runtime,
            samples,
            tolerance
        }),
        (target, file_names(), workloads()).prop_map(|(target, name, workload)| Operation::Package {
            target,
            name,
            workload
        }),
    ]
}

fn acceptances() -> impl Strategy<Value = Acceptance> {
    prop_oneof![
        Just(Acceptance::WellFormed),
        Just(Acceptance::SameSignature),
        counts().prop_map(|bytes| Acceptance::MaxBytes { bytes: bytes.saturating_mul(100) }),
        Just(Acceptance::InParity),
        Just(Acceptance::Lints),
    ]
}

fn failures() -> impl Strategy<Value = OnFailure> {
    prop_oneof![
        Just(OnFailure::Stop),
        (0..4_u32).prop_map(|times| OnFailure::Retry { times }),
        Just(OnFailure::Retry { times: u32::MAX }),
        ids().prop_map(|to| OnFailure::Degrade { to }),
    ]
}

fn limits() -> impl Strategy<Value = StepLimits> {
    let memory_bytes = prop_oneof![4 => Just(1 << 30), 1 => counts()];
    (counts(), memory_bytes, proptest::bool::weighted(0.1))
        .prop_map(|(wall_seconds, memory_bytes, network)| StepLimits { wall_seconds, memory_bytes, network })
}

fn steps() -> impl Strategy<Value = Step> {
    let interval = (numbers(), numbers()).prop_map(|(low, high)| Interval { low, high, source: Source::Analytic });
    (ids(), operations(), vec(ids(), 0..3), limits(), interval, vec(acceptances(), 0..3), failures()).prop_map(
        |(id, operation, needs, limits, interval, accept, on_failure)| Step {
            id,
            operation,
            needs,
            limits,
            expect: modelium_core::plan::Expectation {
                seconds: interval.clone(),
                peak_bytes: interval.clone(),
                bytes_out: interval,
            },
            accept,
            on_failure,
        },
    )
}

/// One change to a plan; positions wrap around.
#[derive(Debug, Clone)]
enum Change {
    Operation(usize, Operation),
    /// The same operation with other settings, if the plan has a step with that operation.
    Settings(Operation),
    Needs(usize, Vec<String>),
    OnFailure(usize, OnFailure),
    Limits(usize, StepLimits),
    Accept(usize, Vec<Acceptance>),
    Insert(usize, Step),
    Remove(usize),
    Swap(usize, usize),
    Precision(Precision),
    Target(Target),
    Tolerance(Tolerance),
    Seconds(u64),
    Unproven(bool),
    Samples(InputFile),
    Workload(String, DimRange),
    Digest(String),
    Schema(u32),
}

fn changes() -> impl Strategy<Value = Change> {
    let at = || 0..16_usize;
    let precision = prop_oneof![Just(Precision::Keep), Just(Precision::Fp32), Just(Precision::Int8)];
    let samples = (".{0,8}", prop_oneof![Just("ab".repeat(32)), ".{0,4}".boxed()])
        .prop_map(|(path, sha256)| InputFile { path, bytes: 1, sha256 });
    let range = (counts(), counts()).prop_map(|(min, max)| DimRange { min, max });
    prop_oneof![
        1 => (at(), operations()).prop_map(|(at, operation)| Change::Operation(at, operation)),
        8 => operations().prop_map(Change::Settings),
        2 => (at(), vec(ids(), 0..3)).prop_map(|(at, needs)| Change::Needs(at, needs)),
        3 => (at(), failures()).prop_map(|(at, on_failure)| Change::OnFailure(at, on_failure)),
        2 => (at(), limits()).prop_map(|(at, limits)| Change::Limits(at, limits)),
        2 => (at(), vec(acceptances(), 0..3)).prop_map(|(at, accept)| Change::Accept(at, accept)),
        1 => (at(), steps()).prop_map(|(at, step)| Change::Insert(at, step)),
        1 => at().prop_map(Change::Remove),
        1 => (at(), at()).prop_map(|(a, b)| Change::Swap(a, b)),
        1 => precision.prop_map(Change::Precision),
        1 => prop_oneof![Just(Target::Files), Just(Target::Triton)].prop_map(Change::Target),
        1 => tolerances().prop_map(Change::Tolerance),
        1 => counts().prop_map(Change::Seconds),
        1 => any::<bool>().prop_map(Change::Unproven),
        1 => samples.prop_map(Change::Samples),
        1 => ("[NM]{0,2}", range).prop_map(|(name, range)| Change::Workload(name, range)),
        1 => ".{0,4}".prop_map(Change::Digest),
        1 => (0..3_u32).prop_map(Change::Schema),
    ]
}

fn apply(plan: &mut ConversionPlan, change: Change) {
    let count = plan.steps.len().max(1);
    let mut on = |at: usize, change: &mut dyn FnMut(&mut Step)| {
        if let Some(step) = plan.steps.get_mut(at % count) {
            change(step);
        }
    };
    match change {
        Change::Operation(at, operation) => on(at, &mut |step| step.operation = operation.clone()),
        Change::Settings(operation) => {
            for step in plan.steps.iter_mut().filter(|step| step.operation.name() == operation.name()) {
                step.operation = operation.clone();
            }
        }
        Change::Needs(at, needs) => on(at, &mut |step| step.needs.clone_from(&needs)),
        Change::OnFailure(at, on_failure) => on(at, &mut |step| step.on_failure = on_failure.clone()),
        Change::Limits(at, limits) => on(at, &mut |step| step.limits = limits.clone()),
        Change::Accept(at, accept) => on(at, &mut |step| step.accept.clone_from(&accept)),
        Change::Insert(at, step) => plan.steps.insert(at % count, step),
        Change::Remove(at) => {
            if !plan.steps.is_empty() {
                plan.steps.remove(at % count);
            }
        }
        Change::Swap(a, b) => {
            if !plan.steps.is_empty() {
                plan.steps.swap(a % count, b % count);
            }
        }
        Change::Precision(precision) => plan.requirements.precision = precision,
        Change::Target(target) => plan.requirements.target = target,
        Change::Tolerance(tolerance) => plan.requirements.constraints.tolerance = Some(tolerance),
        Change::Seconds(seconds) => {
            plan.requirements.constraints.max_seconds = Some(seconds);
            for step in &mut plan.steps {
                step.limits.wall_seconds = step.limits.wall_seconds.min(seconds);
            }
        }
        Change::Unproven(unproven) => plan.requirements.constraints.allow_unproven = unproven,
        Change::Samples(samples) => plan.requirements.samples = Some(samples),
        Change::Workload(name, range) => {
            plan.requirements.workload.dims.insert(name, range);
        }
        Change::Digest(digest) => {
            if let Some(file) = plan.model.files.first_mut() {
                file.sha256 = digest;
            }
        }
        Change::Schema(schema) => plan.schema = schema,
    }
}

fn runner() -> TestRunner {
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// Admits and runs. Gives whether the plan was admitted.
fn try_plan(bench: &Bench, plan: ConversionPlan) -> Result<bool, TestCaseError> {
    let cx = Context::new();
    let policy = Policy::new(bench.registry.capabilities());
    let admitted = match admit(plan.clone(), &bench.descriptor, &policy, &[], &cx) {
        Ok(admitted) => admitted,
        Err(error) => {
            let known = [
                ErrorKind::InvalidArgument,
                ErrorKind::LimitExceeded,
                ErrorKind::Unsupported,
                ErrorKind::UnsafeContent,
            ];
            prop_assert!(known.contains(&error.kind()) && !error.notes().is_empty(), "{error:?}");
            return Ok(false);
        }
    };
    let document = plan.to_json().unwrap();
    prop_assert_eq!(
        ConversionPlan::from_json(document.as_bytes()).unwrap(),
        plan,
        "an admitted plan survives its document"
    );
    let executor = InProcess::new(&bench.registry);
    let mut sink = FolderSink::replace(bench.out()).unwrap();
    if let Err(error) = executor.execute(&admitted, &bench.model, &mut sink, &cx) {
        let of_the_world = [ErrorKind::Mismatch, ErrorKind::LimitExceeded, ErrorKind::Io, ErrorKind::Backend];
        prop_assert!(of_the_world.contains(&error.kind()), "admitted, and then: {error:?}\n{document}");
    }
    Ok(true)
}

#[test]
fn what_is_admitted_does_not_fail_for_a_reason_that_could_be_seen() {
    let place = tempfile::tempdir().unwrap();
    let registry = Registry::builtin().with_runtime(Arc::new(Fake::default()));
    let bench = Bench::of(tiny(place.path()), registry);
    let targets = prop_oneof![Just(Target::Files), Just(Target::Triton)];
    let ran = std::cell::Cell::new(0);
    let property = |(target, unproven, list): (Target, bool, Vec<Change>)| {
        let mut want = Requirements { target, ..Requirements::default() };
        want.constraints.allow_unproven = unproven;
        let mut plan = bench.plan(&want);
        for change in list {
            apply(&mut plan, change);
        }
        ran.set(ran.get() + u32::from(try_plan(&bench, plan)?));
        Ok(())
    };
    runner().run(&(targets, any::<bool>(), vec(changes(), 0..4)), property).unwrap();
    assert!(ran.get() * 5 > CASES, "only {} of {CASES} plans were admitted: the property says little", ran.get());
}

#[test]
fn plans_put_together_at_random_do_no_harm() {
    let place = tempfile::tempdir().unwrap();
    let registry = Registry::builtin().with_runtime(Arc::new(Fake::default()));
    let bench = Bench::of(tiny(place.path()), registry);
    let property = |list: Vec<Step>| {
        let plan = ConversionPlan { steps: list, ..bench.plan(&Requirements::default()) };
        try_plan(&bench, plan).map(drop)
    };
    runner().run(&vec(steps(), 0..9), property).unwrap();
}

#[test]
fn documents_that_are_not_plans_are_refused() {
    let place = tempfile::tempdir().unwrap();
    let bench = Bench::of(tiny(place.path()), Registry::builtin().with_runtime(Arc::new(Fake::default())));
    let document = bench.plan(&Requirements::default()).to_json().unwrap().into_bytes();
    let edits = vec((0..document.len(), any::<u8>()), 1..4);
    let property = |edits: Vec<(usize, u8)>| {
        let mut document = document.clone();
        for (at, byte) in edits {
            document[at] = byte;
        }
        if let Ok(plan) = ConversionPlan::from_json(&document) {
            try_plan(&bench, plan)?;
        }
        Ok(())
    };
    runner().run(&edits, property).unwrap();
}
