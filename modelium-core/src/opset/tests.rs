//! Every boundary has an answer; conversions of small graphs, node by node. What they compute is compared by running
//! them, in `tests/it/opsets.rs`.

use std::collections::BTreeSet;

use super::crossing::{Boundary, Crossing};
use super::*;
use crate::context::Context;
use crate::ir::schema::{OpSchema, schemas};
use crate::ir::{Model, OpType, sketch};

/// Each boundary of each operator that conversion can come to, from both sides.
fn boundaries() -> Vec<(OpType, Boundary)> {
    let mut found = Vec::new();
    // GroupNormalization was withdrawn and came back.
    let came_back = |row: &OpSchema| {
        schemas().any(|later| later.op == row.op && later.since_version > row.since_version && !later.deprecated)
    };
    for row in schemas().filter(|row| !row.deprecated || came_back(row)) {
        let Some((oldest, newest)) = supported(row.op.domain()) else { continue };
        let at = u64::from(row.since_version).max(oldest);
        // Only versions that still hold at the oldest opset or later.
        if crate::ir::schema::schema(&row.op, at) != Some(row) {
            continue;
        }
        found.extend(
            [oldest, newest]
                .into_iter()
                .filter_map(|target| Boundary::next(&row.op, at, target))
                .map(|it| (row.op.clone(), it)),
        );
    }
    found
}

#[test]
fn every_boundary_of_every_operator_has_an_answer() {
    let open: Vec<String> = boundaries()
        .into_iter()
        .filter(|(_, boundary)| boundary.crossing().is_none())
        .map(|(op, boundary)| {
            format!("{op} {} → {:?}", boundary.near.since_version, boundary.far.map(|far| far.since_version))
        })
        .collect();
    assert!(open.is_empty(), "{} boundaries without an answer:\n{}", open.len(), open.join("\n"));
}

#[test]
fn every_row_of_the_table_is_a_boundary_and_stands_once() {
    let mut rows = BTreeSet::new();
    for (op, near, far, _) in table::ROWS {
        assert!(rows.insert((op.clone(), *near, *far)), "{op} {near} → {far} stands twice");
    }
    let met: BTreeSet<_> = boundaries()
        .into_iter()
        .map(|(op, boundary)| {
            let near = boundary.near.since_version;
            let beyond = if boundary.to > near.into() { table::GONE } else { 0 };
            (op, near, boundary.far.map_or(beyond, |far| far.since_version))
        })
        .collect();
    let unmet: Vec<_> = rows.difference(&met).map(|(op, near, far)| format!("{op} {near} → {far}")).collect();
    assert!(unmet.is_empty(), "rows that nothing comes to:\n{}", unmet.join("\n"));
}

#[test]
fn the_answers_are_counted() {
    let mut counts = [0; 3];
    for (_, boundary) in boundaries() {
        match boundary.crossing() {
            Some(Crossing::By(_)) => counts[0] += 1,
            Some(Crossing::Carried) => counts[1] += 1,
            Some(Crossing::Never(_)) => counts[2] += 1,
            None => {}
        }
    }
    // adapters, carried over, cannot be expressed: a change shows in review
    assert_eq!(counts, [135, 628, 83]);
}

fn converted(from: i64, to: u64, lines: &[&str]) -> Result<Model, String> {
    let mut model = sketch::model(from, lines);
    match convert_opset(&mut model, to, &Context::new()) {
        Ok(_) => Ok(model),
        Err(error) => Err(error.to_string()),
    }
}

fn operators(from: i64, to: u64, lines: &[&str]) -> String {
    match converted(from, to, lines) {
        Ok(model) => model.graph.nodes().map(|(_, node)| node.op.name()).collect::<Vec<_>>().join(" "),
        Err(error) => error,
    }
}

#[test]
fn a_node_whose_operator_did_not_change_stays_as_it_is() {
    let lines = ["x: float32[n, 4]", "y = Relu(x)", "-> y: float32[n, 4]"];
    assert_eq!(operators(7, NEWEST_OPSET, &lines), "Relu");
    assert_eq!(operators(21, 7, &lines), "Relu");
    assert_eq!(converted(21, 13, &lines).unwrap().opset(""), Some(13));
}

#[test]
fn axes_go_from_attribute_to_input_and_back() {
    let lines = ["x: float32[1, 4]", "y = Squeeze(x) axes=[0]", "-> y: float32[4]"];
    assert_eq!(operators(11, 13, &lines), "Constant Squeeze");
    let lines = ["x: float32[1, 4]", "a = int64 [-2]", "y = Squeeze(x, a)", "-> y: float32[4]"];
    let model = converted(13, 7, &lines).unwrap();
    let node = model.graph.nodes().next().unwrap().1;
    assert_eq!((node.ints("axes"), node.inputs.len(), model.graph.initializers.len()), (Some(&[0][..]), 1, 0));
}

#[test]
fn a_softmax_over_a_middle_axis_is_moved() {
    let lines = ["x: float32[2, 3, 4]", "y = Softmax(x) axis=1", "-> y: float32[2, 3, 4]"];
    assert_eq!(operators(13, 11, &lines), "Transpose Softmax Transpose");
    assert_eq!(operators(11, 13, &lines), "Shape Flatten Softmax Reshape");
    assert_eq!(operators(11, 13, &["x: float32[2, 3]", "y = Softmax(x)", "-> y: float32[2, 3]"]), "Softmax");
}

#[test]
fn what_cannot_be_expressed_is_listed_whole_and_the_model_stays() {
    let lines = ["x: float32[4]", "a = Round(x)", "b = IsNaN(a)", "c = Cast(b) to=1", "y = Erf(c)", "-> y: float32[4]"];
    let mut model = sketch::model(21, &lines);
    let before = model.clone();
    let error = convert_opset(&mut model, 8, &Context::new()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "3 of 4 nodes cannot be expressed in opset 8; first: 'Round' of opset 11: nothing rounds to the nearest (Round → 'a')"
    );
    let notes = [
        "Round → 'a': 'Round' of opset 11: nothing rounds to the nearest",
        "IsNaN → 'b': 'IsNaN' of opset 9: what is no number cannot be told",
        "Erf → 'y': 'Erf' of opset 9: there is no error function",
    ];
    assert_eq!(error.notes(), notes);
    assert_eq!(model, before);
}

#[test]
fn a_long_list_of_obstacles_ends_with_how_many_there_are_beyond() {
    let mut lines = vec!["v0: float32[4]".to_owned()];
    lines.extend((0..60).map(|at| format!("v{} = Round(v{at})", at + 1)));
    lines.push("-> v60: float32[4]".to_owned());
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let error = convert_opset(&mut sketch::model(21, &lines), 8, &Context::new()).unwrap_err();
    assert_eq!(error.notes().len(), 51);
    assert_eq!(error.notes()[49], "Round → 'v50': 'Round' of opset 11: nothing rounds to the nearest");
    assert_eq!(error.notes()[50], "and 10 more");
}

#[test]
fn versions_out_of_range_are_refused() {
    let lines = ["x: float32[4]", "y = Relu(x)", "-> y: float32[4]"];
    assert_eq!(operators(21, 6, &lines), "opset 6 cannot be converted; supported are 7 to 28");
    assert_eq!(operators(21, 99, &lines), "opset 99 cannot be converted; supported are 7 to 28");
}

#[test]
fn names_that_are_made_are_new_in_every_graph() {
    let branch = || sketch::graph(&["a = int64 [0]", "y_opset_0 = Squeeze(x, a)", "-> y_opset_0"]);
    let lines = [
        "c: bool[]",
        "x: float32[1, 4]",
        "y = If(c) then_branch=@t else_branch=@t",
        "z = LayerNormalization(x, x)",
        "-> y: float32[4]",
    ];
    let mut model = sketch::model_with(17, &lines, &[("t", branch())]);
    convert_opset(&mut model, 13, &Context::new()).unwrap();
    crate::ir::check(&model, &Context::new()).unwrap();
}

#[test]
fn labels_go_from_a_list_to_pairs_and_back() {
    let lines = ["x: int64[3]", "y = ai.onnx.ml.LabelEncoder(x)", "-> y: string[3]"];
    let mut model = sketch::model(12, &lines);
    model.opsets[2].version = Some(1);
    let id = model.graph.order()[0];
    let classes = crate::ir::AttributeValue::Strings(vec!["cat".into(), "dog".into()]);
    model.graph.node_mut(id).unwrap().attributes.push(crate::ir::Attribute::new("classes_strings", classes));
    let before = model.clone();
    convert_domain(&mut model, "ai.onnx.ml", 2, &Context::new()).unwrap();
    let node = model.graph.nodes().next().unwrap().1;
    assert_eq!(node.ints("keys_int64s"), Some(&[0, 1][..]));
    crate::ir::check(&model, &Context::new()).unwrap();
    convert_domain(&mut model, "ai.onnx.ml", 1, &Context::new()).unwrap();
    let attributes = |model: &Model| model.graph.nodes().next().unwrap().1.attributes.clone();
    assert_eq!(attributes(&model), attributes(&before));
}

#[test]
fn functions_convert_with_their_own_import() {
    let mut model = sketch::model(18, &["x: float32[2, 3]", "y = f.F(x)", "-> y: float32[2, 1]"]);
    let import = |domain: &str, version| crate::ir::Opset { domain: Some(domain.into()), version: Some(version) };
    model.opsets.push(import("f", 1));
    model.functions.push(crate::ir::Function {
        name: "F".into(),
        domain: Some("f".into()),
        opsets: vec![import("", 18)],
        body: sketch::graph(&["a", "k = Constant() value_ints=[1]", "b = ReduceMean(a, k)", "-> b"]),
        ..crate::ir::Function::default()
    });
    convert_opset(&mut model, 13, &Context::new()).unwrap();
    let body = &model.functions[0].body;
    let operators: Vec<_> = body.nodes().map(|(_, node)| (node.op.name(), node.ints("axes"))).collect();
    assert_eq!(operators, [("ReduceMean", Some(&[1][..]))]);
    assert_eq!(model.functions[0].opsets[0].version, Some(13));
    crate::ir::check_full(&model, &Context::new()).unwrap();
}
