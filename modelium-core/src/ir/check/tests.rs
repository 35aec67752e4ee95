//! Verdicts were compared with those of `onnx.checker` 1.23.2 on the same models, except where the head of
//! [`super`] says that we are stricter.

use super::*;
use crate::error::ErrorKind;
use crate::ir::sketch;
use crate::ir::{Attribute, AttributeValue};

fn verdict(model: &Model) -> String {
    check(model, &Context::new()).map_or_else(|error| error.to_string(), |_| "fine".to_owned())
}

fn of(lines: &[&str]) -> String {
    verdict(&sketch::model(21, lines))
}

#[test]
fn accepts_what_the_official_checker_accepts() {
    assert_eq!(of(&["x: float32[n]", "y = Relu(x)", "-> y: float32[n]"]), "fine");
    assert_eq!(of(&["x: float32[n]", "y = Relu(x) __runtime=1", "-> y: float32[n]"]), "fine");
    assert_eq!(of(&["x: float32[n]", "y = ImageScaler(x) scale=1", "-> y: float32[n]"]), "fine");
    assert_eq!(of(&["x: float32[n]", "y = com.microsoft.Whatever(x) a=1", "-> y: float32[n]"]), "fine");
    assert_eq!(of(&["x: float32[n]", "y = Clip(x, _, x)", "-> y: float32[n]"]), "fine");
    // a port without a shape is what the official checker refuses and runtimes take
    assert_eq!(of(&["x: float32[…]", "y = Relu(x)", "-> y: float32[…]"]), "fine");
}

#[test]
fn names_the_nodes_of_a_cycle() {
    let lines = ["x: float32[n]", "a = Add(x, c)", "b = Relu(a)", "c = Neg(b)", "-> c: float32[n]"];
    assert_eq!(of(&lines), "nodes form a cycle: 'a' (Add) → 'b' (Relu) → 'c' (Neg) → 'a' (Add)");
    assert_eq!(
        of(&["x: float32[n]", "a = Add(x, a)", "-> a: float32[n]"]),
        "nodes form a cycle: 'a' (Add) → 'a' (Add)"
    );
}

#[test]
fn names_the_cycle_that_goes_through_a_subgraph() {
    let branch = sketch::graph(&["t = Relu(b)", "-> t"]);
    let other = sketch::graph(&["e = Identity(x)", "-> e"]);
    let model = sketch::model_with(
        21,
        &["c: bool[]", "x: float32[n]", "a = If(c) then_branch=@t else_branch=@e", "b = Relu(a)", "-> b: float32[n]"],
        &[("t", branch), ("e", other)],
    );
    assert_eq!(verdict(&model), "nodes form a cycle: 'a' (If) → 'b' (Relu) → 'a' (If) (If → 'a')");
}

#[test]
fn tells_a_wrong_order_from_a_cycle_and_from_a_missing_value() {
    assert_eq!(
        of(&["x: float32[n]", "b = Relu(a)", "a = Neg(x)", "-> b: float32[n]"]),
        "the node reads 'a' before Neg → 'a' computes it; nodes must stand in topological order (Relu → 'b')"
    );
    assert_eq!(
        of(&["x: float32[n]", "b = Relu(a)", "-> b: float32[n]"]),
        "nothing defines 'a', which the node reads (Relu → 'b')"
    );
    assert_eq!(of(&["x: float32[n]", "b = Relu(x)", "-> c: float32[n]"]), "nothing computes output 'c'");
}

#[test]
fn a_name_is_defined_once() {
    let taken = "the node computes 'a', a name that is taken (Neg → 'a')";
    assert_eq!(of(&["x: float32[n]", "a = Relu(x)", "a = Neg(x)", "-> a: float32[n]"]), taken);
    assert_eq!(of(&["a: float32[n]", "a = Neg(a)", "-> a: float32[n]"]), taken);
    assert_eq!(of(&["x: float32[n]", "a = float32[1]", "a = Neg(x)", "-> a: float32[n]"]), taken);
    assert_eq!(of(&["x: float32[n]", "x: float32[n]", "a = Neg(x)", "-> a: float32[n]"]), "'x' is an input twice");
    let twice = ["x: float32[n]", "w = float32[1]", "w = float32[1]", "a = Add(x, w)", "-> a: float32[n]"];
    assert_eq!(of(&twice), "'w' is an initializer twice");
}

fn with_branches(then_lines: &[&str]) -> String {
    let branches = [("t", sketch::graph(then_lines)), ("e", sketch::graph(&["e = Identity(x)", "-> e"]))];
    let lines = ["c: bool[]", "x: float32[n]", "y = If(c) then_branch=@t else_branch=@e", "-> y: float32[n]"];
    verdict(&sketch::model_with(21, &lines, &branches))
}

#[test]
fn a_subgraph_captures_and_may_shadow_with_an_initializer_but_not_with_a_node() {
    assert_eq!(with_branches(&["t = Relu(x)", "-> t"]), "fine");
    assert_eq!(with_branches(&["x = float32[1]", "t = Relu(x)", "-> t"]), "fine");
    assert_eq!(with_branches(&["e = Relu(x)", "-> e"]), "fine"); // branches do not see each other
    assert_eq!(with_branches(&["x = Relu(c)", "-> x"]), "the node computes 'x', a name that is taken (Relu → 'x')");
    assert_eq!(
        with_branches(&["-> x"]),
        "output 'x' of a subgraph is a value from around it; put an Identity between (If → 'y')"
    );
    assert_eq!(with_branches(&["t = Relu(q)", "-> t"]), "nothing defines 'q', which the node reads (Relu → 't')");
}

#[test]
fn nodes_agree_with_the_facts_of_their_operator() {
    let y = |line: &str| of(&["x: float32[n]", line, "-> y: float32[n]"]);
    assert_eq!(y("y = Relu(x, x)"), "found 2 inputs, expected 1 (Relu → 'y')");
    assert_eq!(y("y = Add(x)"), "found 1 inputs, expected 2 (Add → 'y')");
    assert_eq!(y("y = Concat() axis=0"), "found 0 inputs, expected 1 or more (Concat → 'y')");
    assert_eq!(y("y, z = Relu(x)"), "found 2 outputs, expected 1 (Relu → 'y')");
    assert_eq!(y("y = Add(x, _)"), "input 1 ('B') is left out, but 'Add' needs it (Add → 'y')");
    assert_eq!(y("y = Concat(x)"), "'Concat' needs the attribute 'axis' (Concat → 'y')");
    assert_eq!(y("y = Concat(x) axis=1.5"), "attribute 'axis' is of kind Float, expected Int (Concat → 'y')");
    assert_eq!(y("y = Relu(x) slope=1"), "'Relu' has no attribute 'slope' (Relu → 'y')");
    assert_eq!(y("y = Concat(x) axis=1 axis=1"), "attribute 'axis' occurs twice (Concat → 'y')");
    assert_eq!(y("y = Nonsense(x)"), "no operator 'Nonsense' in opset 21 (Nonsense → 'y')");
    assert_eq!(y("y = Swish(x)"), "no operator 'Swish' in opset 21; it came with 24 (Swish → 'y')");
    assert_eq!(y("y = Upsample(x, x)"), "operator 'Upsample' was withdrawn with opset 10 (Upsample → 'y')");
    assert_eq!(y("y = com.example.F(x)"), "no operator set is imported for domain 'com.example' (F → 'y')");
}

#[test]
fn versions_are_known() {
    let plain = || sketch::model(21, &["x: float32[n]", "y = Relu(x)", "-> y: float32[n]"]);
    let with = |change: &dyn Fn(&mut Model)| {
        let mut model = plain();
        change(&mut model);
        verdict(&model)
    };
    assert_eq!(with(&|model| model.opsets[0].version = Some(29)), "opset 29 is newer than 28, the newest supported");
    assert_eq!(
        with(&|model| model.opsets[2].version = Some(9)),
        "opset 9 of 'ai.onnx.ml' is newer than 5, the newest supported"
    );
    assert_eq!(with(&|model| model.opsets.clear()), "the model has no opset_import: it names no operator set");
    assert_eq!(
        with(&|model| model.provenance.ir_version = Some(15)),
        "ir_version 15 is newer than 14, the newest supported"
    );
    assert_eq!(
        with(&|model| model.provenance.ir_version = None),
        "the model has no ir_version: it does not say which version of the ONNX format it is in"
    );
    let mut future = plain();
    future.opsets[0].version = Some(29);
    assert_eq!(check(&future, &Context::new()).unwrap_err().kind(), ErrorKind::Unsupported);
}

#[test]
fn an_initializer_is_an_input_up_to_version_3() {
    let mut model = sketch::model(8, &["x: float32[n]", "w = float32[1]", "y = Add(x, w)", "-> y: float32[n]"]);
    model.provenance.ir_version = Some(3);
    assert_eq!(verdict(&model), "initializer 'w' is no input, as format versions up to 3 demand");
}

fn function(name: &str, lines: &[&str]) -> Function {
    Function {
        name: name.into(),
        domain: Some("f".into()),
        opsets: vec![Opset { domain: None, version: Some(21) }, Opset { domain: Some("f".into()), version: Some(1) }],
        body: sketch::graph(lines),
        ..Function::default()
    }
}

fn with_functions(call: &str, functions: Vec<Function>) -> String {
    let mut model = sketch::model(21, &["x: float32[n]", call, "-> y: float32[n]"]);
    model.opsets.push(Opset { domain: Some("f".into()), version: Some(1) });
    model.functions = functions;
    verdict(&model)
}

#[test]
fn functions_resolve_and_do_not_recurse() {
    let fine = || function("F", &["a", "b = Relu(a)", "-> b"]);
    assert_eq!(with_functions("y = f.F(x)", vec![fine()]), "fine");
    assert_eq!(with_functions("y = f.F(x, x)", vec![fine()]), "found 2 inputs, expected 0 to 1 (F → 'y')");
    assert_eq!(with_functions("y = f.F(x)", vec![fine(), fine()]), "function 'f::F' is defined twice");
    let one = function("F", &["a", "b = f.G(a)", "-> b"]);
    let two = function("G", &["a", "b = f.F(a)", "-> b"]);
    assert_eq!(
        with_functions("y = f.F(x)", vec![one, two]),
        "functions call each other in a circle: f::F → f::G → f::F"
    );
    let mut other = fine();
    other.overload = Some("wide".into());
    assert_eq!(with_functions("y = f.F(x)", vec![other]), "no function 'f.F' with overload '' (F → 'y')");
    let mut older = function("F", &["a", "b = ReduceSum(a)", "-> b"]);
    older.opsets[0].version = Some(11);
    assert_eq!(
        with_functions("y = f.F(x)", vec![older]),
        "function 'f::F' uses 'ReduceSum' of opset 11, the model imports 21, where it differs"
    );
}

#[test]
fn references_stand_inside_functions_and_are_declared() {
    let reference = || Attribute::new("alpha", AttributeValue::Reference { attribute: "slope".into(), kind: None });
    let mut outside = sketch::model(21, &["x: float32[n]", "y = LeakyRelu(x)", "-> y: float32[n]"]);
    let id = outside.graph.order()[0];
    outside.graph.node_mut(id).unwrap().attributes.push(reference());
    assert_eq!(
        verdict(&outside),
        "attribute 'alpha' refers to 'slope' of a function, but stands outside of one (LeakyRelu → 'y')"
    );
    let mut inside = function("F", &["a", "b = LeakyRelu(a)", "-> b"]);
    inside.body.node_mut(id).unwrap().attributes.push(reference());
    let undeclared = "attribute 'alpha' refers to 'slope', which the function does not declare (LeakyRelu → 'b')";
    assert_eq!(with_functions("y = f.F(x)", vec![inside.clone()]), undeclared);
    inside.attributes.push("slope".into());
    assert_eq!(with_functions("y = f.F(x)", vec![inside]), "fine");
}

#[test]
fn nesting_has_a_limit() {
    let mut inner = sketch::graph(&["t = Relu(x)", "-> t"]);
    for _ in 0..70 {
        let lines = ["t = If(c) then_branch=@t else_branch=@e", "-> t"];
        inner = sketch::graph_with(&lines, &[("t", inner), ("e", sketch::graph(&["u = Relu(x)", "-> u"]))]);
    }
    inner.inputs = Vec::new();
    let model = sketch::model_with(
        21,
        &["c: bool[]", "x: float32[n]", "y = If(c) then_branch=@t else_branch=@t", "-> y: float32[n]"],
        &[("t", inner)],
    );
    let error = check(&model, &Context::new()).unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::LimitExceeded, "subgraphs are nested deeper than 64"));
}
