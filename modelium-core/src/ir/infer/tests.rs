//! Rules by hand, and that no operator of the specification is without one.

use std::collections::{BTreeMap, BTreeSet};

use crate::context::Context;
use crate::ir::graph::Model;
use crate::ir::infer::{has_rule, infer};
use crate::ir::{schema, sketch};

/// Operators of the specification that have no rule, and why.
const WITHOUT_A_RULE: &[(&str, &str)] = &[
    ("ai.onnx.ml.CastMap", "from maps of unknown size to tensors; deprecated by its writers"),
    ("ai.onnx.ml.DictVectorizer", "takes maps, whose types say nothing of sizes"),
    ("ai.onnx.preview.training.Gradient", "its outputs follow from attributes that name values of the graph"),
];

#[test]
fn every_operator_of_the_specification_has_a_rule() {
    let without: BTreeSet<String> =
        schema::schemas().map(|schema| &schema.op).filter(|op| !has_rule(op)).map(ToString::to_string).collect();
    let told: BTreeSet<String> = WITHOUT_A_RULE.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(without, told);
}

/// The type of a value as inference tells it.
fn type_of(model: &Model, value: &str) -> String {
    let inferred = infer(model, &BTreeMap::new(), &Context::new()).unwrap();
    inferred.well_typed().unwrap();
    inferred.root().ty(model.graph.find(value).unwrap()).unwrap().to_string()
}

fn last(opset: i64, lines: &[&str]) -> String {
    type_of(&sketch::model(opset, lines), "y")
}

#[test]
fn shapes_on_their_way_end_in_shapes() {
    let lines = [
        "x: float32[batch, seq, 768]",
        "s = Shape(x)",
        "i = int64 0",
        "j = int64 1",
        "k = int64 [12, 64]",
        "a = int64 [0]",
        "b0 = Gather(s, i)",
        "s0 = Gather(s, j)",
        "b = Unsqueeze(b0, a)",
        "t = Unsqueeze(s0, a)",
        "to = Concat(b, t, k) axis=0",
        "r = Reshape(x, to)",
        "h = Transpose(r) perm=[0, 2, 1, 3]",
        "w = Transpose(r) perm=[0, 2, 3, 1]",
        "y = MatMul(h, w)",
        "-> y",
    ];
    assert_eq!(last(17, &lines), "float32[batch, 12, seq, seq]");
}

#[test]
fn lengths_are_expressions() {
    for (lines, expected) in [
        (
            &["x: float32[n, 3, h, w]", "f = float32[8, 3, 3, 3]", "y = Conv(x, f) strides=[2, 2] pads=[1, 1, 1, 1]"][..],
            "float32[n, 8, floor((h + 1)/2), floor((w + 1)/2)]",
        ),
        (&["x: float32[a, 4]", "z: float32[b, 4]", "y = Concat(x, z) axis=0"], "float32[a + b, 4]"),
        (&["x: float32[a, b, 4]", "y = Flatten(x) axis=2"], "float32[a*b, 4]"),
        (&["x: float32[a, 10]", "k = int64 [-1, 5]", "y = Reshape(x, k)"], "float32[2*a, 5]"),
        (&["x: float32[a, b, 6]", "k = int64 [0, -1, 3]", "y = Reshape(x, k)"], "float32[a, 2*b, 3]"),
        (&["x: float32[a, 4]", "k = int64 [1, 0, 2, 0]", "y = Pad(x, k)"], "float32[a + 3, 4]"),
        (&["x: float32[a, 4]", "k = int64 [2, 3]", "y = Tile(x, k)"], "float32[2*a, 12]"),
        (
            &["x: float32[1, 3, h, w]", "k = float32 [1, 1, 2, 0.5]", "y = Resize(x, _, k)"],
            "float32[1, 3, 2*h, floor(w/2)]",
        ),
        (
            &["x: float32[s, 4]", "b = int64 [1]", "e = int64 [9223372036854775807]", "y = Slice(x, b, e)"],
            "float32[max(s - 1, 0), 4]",
        ),
        (&["x: float32[s, 4]", "b = int64 [0]", "e = int64 [8]", "y = Slice(x, b, e)"], "float32[min(s, 8), 4]"),
        (&["x: float32[s, 4]", "b = int64 [0]", "e = int64 [-2]", "y = Slice(x, b, e)"], "float32[max(s - 2, 0), 4]"),
        (
            &["x: float32[s]", "n = Size(x)", "z = int64 0", "d = int64 2", "y = Range(z, n, d)"],
            "int64[floor((s + 1)/2)]",
        ),
        (&["x: float32[a]", "z: float32[b]", "y = Add(x, z)"], "float32[broadcast(a, b)]"),
        (&["x: float32[?, 4]", "z: float32[?, 4]", "y = Concat(x, z) axis=0"], "float32[unk__0 + unk__1, 4]"),
        (&["x: float32[a, past]", "z: float32[a, past + 1]", "y = Concat(x, z) axis=1"], "float32[a, 2*past + 1]"),
    ] {
        let mut lines = lines.to_vec();
        lines.push("-> y");
        assert_eq!(last(18, &lines), expected, "{lines:?}");
    }
}

#[test]
fn text_over_names_of_the_inputs_is_an_expression_and_other_text_is_a_name() {
    let lines = ["x: float32[past, batch-size]", "m: float32[past + 1, batch-size]", "y = Concat(x, m) axis=0", "-> y"];
    let model = sketch::model(17, &lines);
    assert_eq!(type_of(&model, "y"), "float32[2*past + 1, batch-size]");
    let bindings = BTreeMap::from([("past".to_owned(), 3), ("batch-size".to_owned(), 2)]);
    let inferred = infer(&model, &bindings, &Context::new()).unwrap();
    assert_eq!(inferred.root().ty(model.graph.find("y").unwrap()).unwrap().to_string(), "float32[7, 2]");
}

#[test]
fn a_made_up_name_is_none_that_the_model_has() {
    let lines = ["x: float32[unk__4, ?]", "z: float32[?, unk__4]", "y = MatMul(x, z)", "-> y"];
    assert_eq!(last(17, &lines), "float32[unk__4, unk__4]");
    let lines = ["x: float32[unk__4, ?]", "y = Transpose(x)", "-> y"];
    assert_eq!(last(17, &lines), "float32[unk__5, unk__4]");
}

#[test]
fn operators_of_onnx_runtime_know_their_caches() {
    for (lines, expected) in [
        (
            &[
                "x: float32[b, s, 24]",
                "w = float32[24, 72]",
                "p: float32[2, b, 4, past, 6]",
                "_, y = com.microsoft.Attention(x, w, _, _, p) num_heads=4",
            ][..],
            "float32[2, b, 4, past + s, 6]",
        ),
        (
            &[
                "q: float16[b, s, 64]",
                "k: float16[b, s, 32]",
                "p: float16[b, 2, past, 16]",
                "l: int32[b]",
                "t = int32 9",
                "_, y, _ = com.microsoft.GroupQueryAttention(q, k, k, p, p, l, t) num_heads=4 kv_num_heads=2",
            ],
            "float16[b, 2, max(past, 9), 16]",
        ),
        (
            &[
                "q: float32[b, s, 64]",
                "k: float32[b, t, 64]",
                "y = com.microsoft.MultiHeadAttention(q, k, k) num_heads=4",
            ],
            "float32[b, s, 64]",
        ),
        (
            &[
                "x: float32[b, s, 64]",
                "w = float32[64]",
                "_, _, _, y = com.microsoft.SkipSimplifiedLayerNormalization(x, x, w)",
            ],
            "float32[b, s, 64]",
        ),
        (
            &["x: float32[b, h, w, 8]", "f = float32[16, 3, 3, 8]", "y = com.microsoft.NhwcConv(x, f) strides=[2, 2]"],
            "float32[b, floor((h + 1)/2) - 1, floor((w + 1)/2) - 1, 16]",
        ),
    ] {
        let mut lines = lines.to_vec();
        lines.push("-> y");
        assert_eq!(last(18, &lines), expected, "{lines:?}");
    }
}

#[test]
fn conditions_on_sizes_are_decided_where_they_are_certain() {
    // What torch writes for `expand(-1, …)`: minus one stands for the size that is there.
    let lines = [
        "x: float32[batch, 1, seq]",
        "s = Shape(x)",
        "k = int64 [-1]",
        "i = int64 [0]",
        "n = Gather(s, i)",
        "e = Equal(n, k)",
        "o = int64 [1]",
        "w = Where(e, o, n)",
        "l = int64 [4, 1]",
        "to = Concat(w, l) axis=0",
        "y = Expand(x, to)",
        "-> y",
    ];
    assert_eq!(last(17, &lines), "float32[batch, 4, seq]");
}

#[test]
fn sizes_as_floats_stay_sizes() {
    let lines = [
        "x: float32[n, 3, h, 8]",
        "s = Shape(x)",
        "i = int64 [2]",
        "h = Gather(s, i)",
        "f = Cast(h) to=1",
        "two = float32 [2.0]",
        "d = Div(f, two)",
        "c = Ceil(d)",
        "t = Cast(c) to=7",
        "y = ConstantOfShape(t)",
        "-> y",
    ];
    assert_eq!(last(17, &lines), "float32[floor((h + 1)/2)]");
}

#[test]
fn what_a_run_decides_has_one_name_wherever_it_comes_to() {
    let lines = [
        "x: float32[n]",
        "p = NonZero(x)",
        "q = Transpose(p)",
        "a = Cast(q) to=1",
        "b = Cast(q) to=1",
        "y = Add(a, b)",
        "-> y",
    ];
    assert_eq!(last(17, &lines), "float32[unk__0, 1]");
}

#[test]
fn a_loops_turns_do_not_share_their_names() {
    // The state grows by a row in each turn.
    let body = sketch::graph(&[
        "i: int64[]",
        "c: bool[]",
        "v: float32[?, 4]",
        "r = float32[1, 4]",
        "w = Concat(v, r) axis=0",
        "d = Identity(c)",
        "-> d",
        "-> w",
    ]);
    let lines = ["x: float32[n, 4]", "m = int64 3", "y = Loop(m, _, x) body=@body", "-> y"];
    let model = sketch::model_with(17, &lines, &[("body", body)]);
    let told = type_of(&model, "y");
    assert!(told.starts_with("float32[unk__") && !told.contains('+'), "{told}");
}
