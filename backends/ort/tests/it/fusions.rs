//! Fusions give in ONNX Runtime what the steps gave there, at the edges too.

use modelium_core::ir::{Attribute, AttributeValue, Dim, Initializer, Model, Node, OpType, Opset, Port, Shape, Type};
use modelium_core::passes::{self, Level, Options};
use modelium_core::runtime::Runtime as _;
use modelium_core::tensor::{DType, Tensor};
use modelium_core::{Context, ir};

use crate::support::{export, floats, numbers, runtime};

/// `(operator, inputs, output, attributes)`.
type Step<'t> = (&'t str, &'t [&'t str], &'t str, Vec<Attribute>);

/// A model of the newest opset that ONNX Runtime supports in full, of inputs like the samples; its output is `y`.
fn model(samples: &[Tensor], constants: &[Tensor], steps: &[Step<'_>]) -> Model {
    let mut model = Model::default();
    model.provenance.ir_version = Some(10);
    model.opsets.push(Opset { domain: None, version: Some(23) });
    let graph = &mut model.graph;
    graph.name = Some("g".into());
    let name = |tensor: &Tensor| tensor.name.clone().expect("it has one");
    for sample in samples {
        let shape = Shape::new(sample.dims.iter().map(|&dim| Dim::Known(dim)));
        let value = graph.intern(&name(sample));
        graph.inputs.push(Port::new(value, Some(Type::tensor(sample.dtype, Some(shape)))));
    }
    for tensor in constants {
        let value = graph.intern(&name(tensor));
        graph.initializers.push(Initializer { value, tensor: tensor.clone() });
    }
    for (op, inputs, output, attributes) in steps {
        let inputs = inputs.iter().map(|name| Some(graph.intern(name))).collect();
        let output = graph.intern(output);
        let mut node = Node::new(OpType::new("", op), inputs, vec![Some(output)]);
        node.attributes.clone_from(attributes);
        graph.add_node(node);
    }
    let y = graph.intern("y");
    let ty = ir::infer(&model, &std::collections::BTreeMap::new(), &Context::new()).expect("it is well formed");
    let ty = ty.root().ty(y).cloned();
    model.graph.outputs.push(Port::new(y, ty));
    model
}

fn run(model: &Model, samples: &[Tensor]) -> Vec<f64> {
    let cx = Context::new();
    let mut session = runtime().load(&export(model), &cx).expect("it loads");
    let outputs = session.run(samples, &cx).expect("it runs");
    numbers(&outputs[0]).expect("numbers")
}

fn operators(model: &Model) -> Vec<String> {
    model.graph.nodes().map(|(_, node)| node.op.name().to_owned()).collect()
}

/// The operators that are left at the level portable; what they compute is what the steps did.
#[track_caller]
fn left(samples: &[Tensor], constants: &[Tensor], steps: &[Step<'_>]) -> Vec<String> {
    let before = model(samples, constants, steps);
    let mut after = before.clone();
    let options = Options { level: Level::Portable, ..Options::default() };
    passes::simplify(&mut after, &passes::builtin(), &options, &Context::new()).expect("it is simplified");
    let (one, other) = (run(&before, samples), run(&after, samples));
    assert_eq!(one.len(), other.len());
    for (at, (a, b)) in one.iter().zip(&other).enumerate() {
        let close = (a - b).abs() <= 1e-5 * (1.0 + a.abs());
        assert!(close, "{:?} gives {b} for {a} at {at}", operators(&after));
    }
    operators(&after)
}

fn ints(name: &str, values: &[i64]) -> Attribute {
    Attribute::new(name, AttributeValue::Ints(values.to_vec()))
}

fn int(name: &str, value: i64) -> Attribute {
    Attribute::new(name, AttributeValue::Int(value))
}

/// Numbers between -1 and 1 that all differ.
fn waves(name: &str, dims: &[u64]) -> Tensor {
    let count = u16::try_from(dims.iter().product::<u64>()).expect("small");
    let values: Vec<f32> = (0..count).map(|at| (f32::from(at) * 0.7).sin()).collect();
    floats(name, dims, &values)
}

const ATTENTION: [(&str, &[&str], &str); 4] = [
    ("Transpose", &["k"], "kt"),
    ("MatMul", &["q", "kt"], "scores"),
    ("Where", &["mask", "zero", "low"], "bias"),
    ("Add", &["scores", "bias"], "sum"),
];

#[test]
fn rows_that_are_masked_as_a_whole_keep_what_they_gave() {
    let (batch, heads, rows, size) = (2, 3, 5, 4);
    let dims = [batch, heads, rows, size];
    // True keeps: row 1 keeps nothing, row 2 one, the others all
    let kept = |at: u64| match at / rows % rows {
        1 => 0,
        2 => u8::from(at % rows == 3),
        _ => 1,
    };
    let mask: Vec<u8> = (0..batch * rows * rows).map(kept).collect();
    let mask = Tensor::new("mask", DType::Bool, vec![batch, 1, rows, rows], mask).expect("it is full");
    let samples = [waves("q", &dims), waves("k", &dims), waves("v", &dims), mask];
    let softmax = ("Softmax", &["sum"][..], "p", vec![int("axis", -1)]);
    let product = |weights: &'static [&'static str]| ("MatMul", weights, "y", vec![]);
    let guard: [Step<'_>; 2] = [("IsNaN", &["p"], "nan", vec![]), ("Where", &["nan", "zero", "p"], "w", vec![])];
    let cases = [
        (f32::MIN, false, &["Where", "Max", "Attention"][..]),
        (-1e38, false, &["Where", "Max", "Attention"]),
        (-10_000.0, true, &["Where", "Attention"]),
        (f32::NEG_INFINITY, true, &["Where", "Attention", "IsNaN", "Where"]),
    ];
    for (low, guarded, expected) in cases {
        let mut steps: Vec<Step<'_>> = ATTENTION.map(|(op, inputs, output)| (op, inputs, output, vec![])).into();
        steps[0].3 = vec![ints("perm", &[0, 1, 3, 2])];
        steps.push(softmax.clone());
        if guarded {
            steps.extend(guard.clone());
            steps.push(product(&["w", "v"]));
        } else {
            steps.push(product(&["p", "v"]));
        }
        let found = left(&samples, &[floats("zero", &[], &[0.0]), floats("low", &[], &[low])], &steps);
        assert_eq!(found, expected, "masked by {low}");
    }
}

#[test]
fn a_standard_attention_keeps_what_it_gave_in_other_shapes() {
    let (batch, rows) = (2, 5);
    // row 1 keeps nothing, of batch 1 row 3 too
    let kept = |at: u64| u8::from(at / rows % rows != 1 && at / rows != 8 && at % rows != 4);
    let mask: Vec<u8> = (0..batch * rows * rows).map(kept).collect();
    let mask = Tensor::new("mask", DType::Bool, vec![batch, 1, rows, rows], mask).expect("it is full");
    let samples = [waves("q", &[batch, rows, 16]), waves("k", &[batch, rows, 8]), waves("v", &[batch, rows, 8]), mask];
    let list = |name: &str, values: &[i64]| {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        Tensor::new(name, DType::Int64, vec![values.len() as u64], bytes).expect("it is full")
    };
    let constants = [list("many", &[0, 0, 4, 4]), list("few", &[0, 0, 2, 4]), list("whole", &[0, 0, 16])];
    let turn = || vec![ints("perm", &[0, 2, 1, 3])];
    for causal in [0, 1] {
        let steps: [Step<'_>; 9] = [
            ("Reshape", &["q", "many"], "q1", vec![]),
            ("Reshape", &["k", "few"], "k1", vec![]),
            ("Reshape", &["v", "few"], "v1", vec![]),
            ("Transpose", &["q1"], "q2", turn()),
            ("Transpose", &["k1"], "k2", turn()),
            ("Transpose", &["v1"], "v2", turn()),
            ("Attention", &["q2", "k2", "v2", "mask"], "r", vec![int("is_causal", causal)]),
            ("Transpose", &["r"], "r1", turn()),
            ("Reshape", &["r1", "whole"], "y", vec![]),
        ];
        assert_eq!(left(&samples, &constants, &steps), ["Attention"], "causal: {causal}");
    }
}

#[test]
fn activations_keep_what_they_gave() {
    let edges =
        [-1e4, -90.0, -20.0, -3.1, -3.0, -1.0, -0.0, 0.0, 0.5, 2.9, 3.0, 3.1, 15.9, 16.1, 19.9, 20.1, 87.0, 89.0];
    let samples = [floats("x", &[edges.len() as u64], &edges)];
    let constants = [
        floats("zero", &[], &[0.0]),
        floats("one", &[], &[1.0]),
        floats("three", &[], &[3.0]),
        floats("six", &[], &[6.0]),
        floats("twenty", &[], &[20.0]),
    ];
    let step = |op: &'static str, inputs: &'static [&'static str], output: &'static str| (op, inputs, output, vec![]);
    let hard_swish = [
        step("Add", &["x", "three"], "a"),
        step("Clip", &["a", "zero", "six"], "b"),
        step("Mul", &["x", "b"], "c"),
        step("Div", &["c", "six"], "y"),
    ];
    assert_eq!(left(&samples, &constants, &hard_swish), ["HardSwish"]);
    let softplus = [
        step("Exp", &["x"], "e"),
        step("Add", &["e", "one"], "f"),
        step("Log", &["f"], "l"),
        step("Greater", &["x", "twenty"], "g"),
        step("Where", &["g", "x", "l"], "y"),
    ];
    assert_eq!(left(&samples, &constants, &softplus), ["Softplus"]);
    let mish = [step("Softplus", &["x"], "s"), step("Tanh", &["s"], "t"), step("Mul", &["x", "t"], "y")];
    assert_eq!(left(&samples, &constants, &mish), ["Mish"]);
}

#[test]
fn a_group_normalisation_keeps_what_it_gave() {
    let samples = [waves("x", &[2, 6, 4, 5])];
    let groups: Vec<u8> = [0_i64, 3, -1].iter().flat_map(|dim| dim.to_le_bytes()).collect();
    let constants = [
        Tensor::new("groups", DType::Int64, vec![3], groups).expect("it is full"),
        floats("ones", &[3], &[1.0; 3]),
        floats("zeros", &[3], &[0.0; 3]),
        Tensor { name: Some("w".into()), dims: vec![6, 1, 1], ..waves("w", &[6]) },
        Tensor { name: Some("b".into()), dims: vec![6, 1, 1], ..waves("b", &[6]) },
    ];
    let steps: [Step<'_>; 6] = [
        ("Shape", &["x"], "shape", vec![]),
        ("Reshape", &["x", "groups"], "r", vec![]),
        ("InstanceNormalization", &["r", "ones", "zeros"], "i", vec![]),
        ("Reshape", &["i", "shape"], "j", vec![]),
        ("Mul", &["j", "w"], "m", vec![]),
        ("Add", &["m", "b"], "y", vec![]),
    ];
    assert_eq!(left(&samples, &constants, &steps), ["GroupNormalization"]);
}
