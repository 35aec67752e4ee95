//! Single rewrites as ONNX Runtime sees them: the models of `tests/generate/pass_models.py` compute the same after
//! simplification, which leaves these operators of them.

use modelium_core::ir::{Dim, Type};
use modelium_core::passes::{self, Level, Options};
use modelium_core::runtime::{Runtime as _, RuntimePort, Session};
use modelium_core::tensor::Tensor;
use modelium_core::{Artifact, Context};

use crate::support::{export, floats, import, numbers, open, repository, runtime};

const LEFT: [(&str, &[&str]); 5] = [
    ("image_norm", &["MatMul", "Add", "Transpose"]),
    ("linear_norm", &["MatMul", "Add", "Transpose", "Relu"]),
    ("rows_norm", &["MatMul", "Add"]),
    ("several_outputs", &["Gather", "Add", "Mul", "Add", "Sub"]),
    ("split_part", &["Slice", "Relu"]),
];

/// Elements that all differ, with that number for each symbol.
fn sample(port: &RuntimePort, size: u64) -> Tensor {
    let dims: Vec<u64> =
        port.ty.shape().expect("it is known").dims.iter().map(|dim| dim.known().unwrap_or(size)).collect();
    let count = dims.iter().product::<u64>();
    let values: Vec<f32> =
        (0..u16::try_from(count).expect("it is small")).map(|at| (f32::from(at) * 0.7).sin()).collect();
    floats(&port.name, &dims, &values)
}

fn run(artifact: &Artifact, size: u64) -> Vec<Tensor> {
    let cx = Context::new();
    let mut session: Box<dyn Session> = runtime().load(artifact, &cx).expect("it loads");
    let inputs: Vec<Tensor> = session.inputs().iter().map(|port| sample(port, size)).collect();
    session.run(&inputs, &cx).expect("it runs")
}

#[test]
fn small_models_compute_the_same_after_their_rewrite() {
    let mut committed: Vec<String> = std::fs::read_dir(repository("tests/corpus/passes"))
        .expect("it is committed")
        .map(|item| item.expect("it can be listed").path().file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    committed.sort();
    assert_eq!(committed, LEFT.map(|(name, _)| name.to_owned()));
    for (name, left) in LEFT {
        let original = open(&format!("tests/corpus/passes/{name}.onnx"));
        let mut model = import(&original);
        let options = Options { level: Level::Portable, growth_bytes: 1 << 20, ..Options::default() };
        passes::simplify(&mut model, &passes::builtin(), &options, &Context::new()).expect("nobody cancels");
        let operators: Vec<&str> = model.graph.nodes().map(|(_, node)| node.op.name()).collect();
        assert_eq!(operators, left, "{name}");
        assert!(model.graph.inputs.iter().all(|port| has_symbols(port.ty.as_ref())), "{name}");
        let simplified = export(&model);
        for size in [1, 3] {
            for (before, after) in run(&original, size).iter().zip(&run(&simplified, size)) {
                assert_eq!(before.dims, after.dims, "{name}");
                let (before, after) = (numbers(before).expect("numbers"), numbers(after).expect("numbers"));
                let close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-5 * (1.0 + a.abs());
                assert!(before.iter().zip(&after).all(close), "{name}: {after:?} for {before:?}");
            }
        }
    }
}

fn has_symbols(ty: Option<&Type>) -> bool {
    let shape = ty.and_then(Type::shape);
    shape.is_some_and(|shape| shape.dims.iter().any(|dim| matches!(dim, Dim::Symbol(_))))
}
