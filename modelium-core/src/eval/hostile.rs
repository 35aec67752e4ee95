//! Models that ask for too much, or for what cannot be: none may panic, hang or take memory without bound.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::context::{Context, Observer, Progress};
use crate::error::{Error, ErrorKind};
use crate::eval::{Evaluator, Options, Value};
use crate::ir::{Attribute, AttributeValue, Function, Graph, Model, sketch};

fn outcome(model: &Model, cx: &Context) -> Result<Vec<Value>, Error> {
    let options = Options { most_bytes: 1 << 16, most_steps: 1000 };
    Evaluator::new(model, options).run(&HashMap::new(), cx)
}

/// Numbers far beyond what there is, and what comes of them.
const HOSTILE: &[(&[&str], &str)] = &[
    (&["s = int64 [1099511627776, 1099511627776]", "y = ConstantOfShape(s)"], "a result of 18446744073709551615 bytes"),
    (&["s = int64 [-1]", "y = ConstantOfShape(s)"], "a dimension of -1"),
    (&["x = float32[2]", "s = int64 [9223372036854775807, 2]", "y = Expand(x, s)"], "a result of 18446744073709551615"),
    (&["x = float32[2]", "s = int64 [9223372036854775807]", "y = Tile(x, s)"], "a result of 18446744073709551615"),
    (
        &["x = float32[2]", "s = int64 [9223372036854775807, 9223372036854775807]", "y = Pad(x, s)"],
        "pads of 9223372036854775807",
    ),
    (&["x = float32[2]", "s = int64 [-9223372036854775808, 0]", "y = Pad(x, s)"], "pads of -9223372036854775808"),
    (&["x = float32[2]", "s = int64 [-2, 5]", "y = Pad(x, s) mode=\"edge\""], "axis 0 has nothing to repeat"),
    (
        &["a = int64 -9223372036854775808", "b = int64 9223372036854775807", "c = int64 1", "y = Range(a, b, c)"],
        "a result",
    ),
    (&["a = int64 0", "b = int64 1", "c = int64 0", "y = Range(a, b, c)"], "a delta of 0"),
    (&["a = float32 0", "b = float32 1e30", "c = float32 1", "y = Range(a, b, c)"], "a result of"),
    (&["x = float32[2, 3]", "i = int64 [-4]", "y = Gather(x, i) axis=1"], "index -4 on an axis of 3"),
    (&["x = float32[2]", "i = int64 [0]", "y = Gather(x, i) axis=-9223372036854775808"], "axis -9223372036854775808"),
    (&["x = float32 3", "i = int64 [0]", "y = Gather(x, i)"], "axis 0 of a tensor of rank 0"),
    (&["x = float32[2]", "s = int64 [0]", "e = int64 [1]", "a = int64 [0]", "y = Slice(x, s, e, a, s)"], "a step of 0"),
    (&["x = float32[0, 3]", "s = int64 [0, -1]", "y = Reshape(x, s) allowzero=1"], "[0, 3] does not divide"),
    (&["x = float32[2]", "s = int64 [-1, -1]", "y = Reshape(x, s)"], "shape has two dimensions of -1"),
    (&["x = float32[2]", "s = int64 [4294967296, 4294967296]", "y = Reshape(x, s)"], "[2] has not as many elements"),
    (&["x = float32[1, 1, 2, 2]", "s = float32 [1, 1, 1e30, 1e30]", "y = Resize(x, _, s)"], "a result of"),
    (&["x = float32[1, 1, 2, 2]", "s = float32 [1, 1, -1, 0]", "y = Resize(x, _, s)"], "a scale of -1"),
    (&["x = float32[0, 2]", "s = int64 [2, 2]", "y = Resize(x, _, _, s)"], "[0, 2] has nothing to become"),
    (&["i = int64 [0]", "d = int64 1000000000000", "v = float32 [0, 1]", "y = OneHot(i, d, v)"], "a result of"),
    (&["x = float32[4]", "s = int64 [5, -1]", "y, z = Split(x, s)"], "a dimension of -1"),
    (&["x = float32[4]", "y = Split(x) num_outputs=9223372036854775807"], "num_outputs does not fit"),
    (&["x = float32[4]", "k = int64 [5]", "y, z = TopK(x, k)"], "k of 5 on an axis of 4"),
    (&["x = float32[4]", "k = int64 [-1]", "y, z = TopK(x, k)"], "k of -1"),
    (&["x = float32[4]", "a = int64 [0, 0]", "y = Unsqueeze(x, a)"], "axis 0 is named twice"),
    (&["x = float32[4]", "a = int64[200]", "y = Unsqueeze(x, a)"], "not evaluated: a rank of 201"),
    (&["x = float32[4]", "s = int64 [1000000000]", "y = CenterCropPad(x, s)"], "a result of"),
    (&["x = float32[1, 4, 1]", "s = int64 [2, 2]", "y = Col2Im(x, s, s) strides=[0, 0]"], "blocks that do not fit"),
    (&["x = float32[1, 4, 1]", "s = int64 [2, 2]", "y = Col2Im(x, s, s) pads=[-1, 0, 0, 0]"], "a dimension of -1"),
    (&["x = float32[1, 4, 2, 2]", "y = DepthToSpace(x) blocksize=4611686018427387904"], "a blocksize of"),
    (&["x = float32[2, 2]", "i = int64[1, 3]", "u = float32[1]", "y = ScatterND(x, i, u)"], "indices [1, 3] into"),
    (
        &[
            "x = int64 [1, 2]",
            "y = TfIdfVectorizer(x) mode=\"TF\" min_gram_length=1 max_gram_length=1 max_skip_count=0 ngram_counts=[0] ngram_indexes=[9223372036854775806] pool_int64s=[1]",
        ],
        "a result of",
    ),
    (&["y = SequenceEmpty()", "z = ConcatFromSequence(y) axis=0"], "axis 0 of a tensor of rank 0"),
    (&["q = SequenceEmpty()", "y = SequenceErase(q)"], "index -1 on an axis of 0"),
    (&["x = float32[2, 2]", "s = int64 [3]", "y = StringNormalizer(x)"], "strings of shape [2, 2]"),
    (
        &["x = float32[1, 2]", "y = ai.onnx.ml.SVMRegressor(x) n_supports=9 kernel_type=\"RBF\" rho=[0.5]"],
        "0 coefficients",
    ),
    (
        &["x = float32[1, 2]", "y, z = ai.onnx.ml.LinearClassifier(x) classlabels_ints=[1, 2] coefficients=[0.5]"],
        "1 coefficients",
    ),
    (&["x = float32[1, 2]", "y = ai.onnx.ml.Scaler(x) scale=[0.5] offset=[]"], "0 values for 2 features"),
    (&["x = float32[1, 2]", "y = ai.onnx.ml.TreeEnsemble(x) nodes_featureids=[0]"], "lists of nodes"),
];

#[test]
fn what_cannot_be_is_said() {
    for (lines, expected) in HOSTILE {
        let (last, _) = lines.last().unwrap().split_once(" = ").unwrap();
        let output = format!("-> {}", last.split(',').next().unwrap());
        let lines: Vec<&str> = lines.iter().copied().chain([output.as_str()]).collect();
        let found = outcome(&sketch::model(21, &lines), &Context::new()).unwrap_err();
        assert!(found.to_string().contains(expected), "{lines:?}\n  gives {found}\n  expected {expected}");
    }
}

/// Numbers at the edge that are fine, and give a result of these dimensions.
const FAR: &[(&[&str], &[usize])] = &[
    (&["x = float32[2, 3]", "k = int64 -9223372036854775808", "y = Trilu(x, k)"], &[2, 3]),
    (&["x = float32[2, 3]", "k = int64 9223372036854775807", "y = Trilu(x, k) upper=0"], &[2, 3]),
    (&["x = float32[2, 3]", "y = EyeLike(x) k=-9223372036854775808"], &[2, 3]),
    (&["x = float32[2]", "y = Shape(x) start=-9223372036854775808 end=9223372036854775807"], &[1]),
    (&["x = float32[0, 5]", "y = Transpose(x)"], &[5, 0]),
    (&["x = float32[0, 5]", "s = int64 [1, 1]", "y = Expand(x, s)"], &[0, 5]),
    (&["x = float32[0, 2, 2]", "y = Concat(x, x) axis=1"], &[0, 4, 2]),
    (&["x = float32[2, 0]", "i = int64 [1]", "y = Gather(x, i)"], &[1, 0]),
    (
        &[
            "x = float32[1, 1, 1, 1]",
            "g = float32[1, 1, 1, 2] [1e38, -1e38]",
            "y = GridSample(x, g) padding_mode=\"reflection\"",
        ],
        &[1, 1, 1, 1],
    ),
    (&["x = float32[1, 1, 2, 2]", "s = float32 [1, 1, 1e-30, 1]", "y = Resize(x, _, s)"], &[1, 1, 0, 2]),
];

#[test]
fn what_is_far_but_fine_has_a_result() {
    for (lines, dims) in FAR {
        let lines: Vec<&str> = lines.iter().copied().chain(["-> y"]).collect();
        let found =
            outcome(&sketch::model(21, &lines), &Context::new()).unwrap_or_else(|error| panic!("{lines:?}: {error}"));
        assert_eq!(found[0].as_tensor().unwrap().dims(), *dims, "{lines:?}");
    }
}

/// A loop that never says stop, and hands on what it is given.
fn endless() -> Model {
    let body = sketch::graph(&[
        "i: int64[]",
        "c: bool[]",
        "s: float32[2]",
        "d = Identity(c)",
        "t = Identity(s)",
        "-> d",
        "-> t",
        "-> t",
    ]);
    let lines = ["x = float32[2]", "y, z = Loop(_, _, x) body=@body", "-> y", "-> z"];
    sketch::model_with(21, &lines, &[("body", body)])
}

#[test]
fn a_loop_without_end_stops_at_the_most_steps() {
    let error = outcome(&endless(), &Context::new()).unwrap_err();
    assert_eq!(error.to_string(), "a run of more than 1000 steps; raise eval::Options::most_steps to go on");
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
}

#[test]
fn a_loop_that_collects_without_end_stops_at_the_most_bytes() {
    let options = Options { most_bytes: 1 << 12, most_steps: 1 << 30 };
    let error = Evaluator::new(&endless(), options).run(&HashMap::new(), &Context::new()).unwrap_err();
    assert!(error.to_string().starts_with("a result of 4"), "{error}");
}

/// Stops after some ticks.
struct Impatient(AtomicU64);

impl Observer for Impatient {
    fn progress(&self, _: &Progress<'_>) -> ControlFlow<()> {
        if self.0.fetch_add(1, Ordering::Relaxed) < 50 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

#[test]
fn a_loop_without_end_can_be_cancelled() {
    let cx = Context::new().with_observer(Arc::new(Impatient(AtomicU64::new(0))));
    assert_eq!(outcome(&endless(), &cx).unwrap_err().kind(), ErrorKind::Cancelled);
}

#[test]
fn a_function_that_calls_itself_stops() {
    let mut model = sketch::model(21, &["x = float32[2]", "y = mine.Again(x)", "-> y"]);
    let body: Graph = sketch::graph(&["a: float32[2]", "b = mine.Again(a)", "-> b"]);
    let domain = Some("mine".to_owned());
    model.functions.push(Function { name: "Again".into(), domain, body, ..Function::default() });
    let error = outcome(&model, &Context::new()).unwrap_err();
    assert_eq!(error.to_string(), "subgraphs and functions are nested deeper than 64");
}

#[test]
fn a_tree_that_leads_back_to_itself_is_refused() {
    let tree = "y = ai.onnx.ml.TreeEnsembleRegressor(x) nodes_treeids=[0] nodes_nodeids=[0] nodes_featureids=[0] \
                nodes_values=[0.5] nodes_truenodeids=[0] nodes_falsenodeids=[0]";
    let mut model = sketch::model(21, &["x = float32[1, 2]", tree, "-> y"]);
    let (id, _) = model.graph.nodes().next().unwrap();
    let modes = AttributeValue::Strings(vec!["BRANCH_LEQ".into()]);
    model.graph.node_mut(id).unwrap().attributes.push(Attribute::new("nodes_modes", modes));
    let error = outcome(&model, &Context::new()).unwrap_err();
    assert!(error.to_string().contains("a tree that leads back to itself"), "{error}");
}
