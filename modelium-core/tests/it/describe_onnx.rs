//! Descriptors against what the package `onnx` finds in the same models.

use std::collections::BTreeMap;
use std::fs;

use modelium_core::descriptor::FileRole;
use modelium_core::formats::onnx::{OnnxAnalyzer, OnnxExporter};
use modelium_core::formats::{Analyzer as _, Exporter as _, Match, Weights};
use modelium_core::ir::{self, Model, Node, OpType, Opset, Port, Shape, Type};
use modelium_core::tensor::DType;
use modelium_core::{Artifact, Context, MemorySink, ModelDescriptor, Severity, Sink as _};
use serde_json::{Map, Value, json};

use crate::support::repository;

fn corpus() -> Map<String, Value> {
    let text = fs::read(repository("tests/corpus/onnx/expected.json")).unwrap();
    let Value::Object(mut document) = serde_json::from_slice(&text).unwrap() else { panic!("not an object") };
    let Some(Value::Object(models)) = document.remove("models") else { panic!("no models") };
    models
}

fn describe(file: &str) -> ModelDescriptor {
    let cx = Context::new();
    let artifact = Artifact::open(repository("tests/corpus/onnx").join(file), &cx).unwrap();
    assert_eq!(OnnxAnalyzer.probe(&artifact), Match::Certain, "{file}");
    OnnxAnalyzer.analyze(&artifact, &cx).unwrap_or_else(|error| panic!("{file}: {error:?}"))
}

fn object(value: &Value) -> BTreeMap<&str, u64> {
    value.as_object().unwrap().iter().map(|(key, count)| (key.as_str(), count.as_u64().unwrap())).collect()
}

/// A port as `expected.json` spells it; only dense tensors have their shape compared.
fn port(port: &modelium_core::descriptor::PortDescriptor) -> Value {
    let Some(dtype) = port.dtype else { return json!({"name": port.name}) };
    let name = match dtype.name() {
        "float32" => "float",
        "float64" => "double",
        same => same,
    };
    match &port.shape {
        Some(shape) => json!({"name": port.name, "type": {"tensor": name, "shape": shape}}),
        None => json!({"name": port.name, "type": {"tensor": name}}),
    }
}

fn dense(port: &Value) -> Value {
    if port["type"]["tensor"].is_string() { port.clone() } else { json!({"name": port["name"]}) }
}

#[test]
fn signatures_are_those_that_onnx_reads() {
    for (name, facts) in corpus() {
        let model = describe(facts["file"].as_str().unwrap());
        let constants = facts["tensors"].as_object().unwrap();
        let all = facts["inputs"].as_array().unwrap().iter();
        // up to version 3 of the format constants are inputs by name; no caller supplies them
        let supplied =
            all.filter(|port| facts["ir_version"] != 3 || !constants.contains_key(port["name"].as_str().unwrap()));
        assert_eq!(
            model.inputs.iter().map(port).collect::<Vec<_>>(),
            supplied.map(dense).collect::<Vec<_>>(),
            "{name}"
        );
        for (found, declared) in model.outputs.iter().map(port).zip(facts["outputs"].as_array().unwrap()) {
            let inferred = &facts["values"]["/"][declared["name"].as_str().unwrap()];
            let declared = dense(&json!({"name": declared["name"], "type": inferred}));
            assert!(found == declared || made_up(&declared), "{name}: found {found}, expected {declared}");
        }
        let opsets = model.opsets.iter().map(|(domain, version)| (domain.replace("ai.onnx.ml", "ml"), *version));
        let expected = object(&facts["opsets"]).into_iter().map(|(domain, version)| {
            (if domain == "ai.onnx" { String::new() } else { domain.replace("ai.onnx.ml", "ml") }, version)
        });
        assert_eq!(opsets.collect::<BTreeMap<_, _>>(), expected.collect::<BTreeMap<_, _>>(), "{name}");
    }
}

/// A dimension that inference had to give a name, or could not tell: we may know it better.
fn made_up(port: &Value) -> bool {
    let dims = port["type"]["shape"].as_array();
    dims.is_none_or(|dims| {
        dims.iter().any(|dim| dim.as_str().is_none_or(|name| name.starts_with("unk__")) && !dim.is_u64())
    })
}

#[test]
fn operators_are_counted_as_onnx_counts_them() {
    for (name, facts) in corpus() {
        if !facts["functions"].as_array().unwrap().is_empty() {
            continue; // onnx does not count inside their bodies
        }
        let model = describe(facts["file"].as_str().unwrap());
        let found: BTreeMap<_, _> =
            model.operators.iter().map(|(name, count)| (name.replace("::", "."), *count)).collect();
        let expected = object(&facts["operators"]);
        assert_eq!(found, expected.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect(), "{name}");
        assert_eq!(model.nodes, expected.values().sum::<u64>(), "{name}");
    }
}

#[test]
fn weights_are_counted_as_onnx_counts_them() {
    let mut compared = 0;
    for (name, facts) in corpus() {
        let operators = facts["operators"].as_object().unwrap();
        let elsewhere = ["Constant", "ConstantOfShape", "com.example.Everything"];
        let functions = !facts["functions"].as_array().unwrap().is_empty();
        if facts["sparse_values"] != 0 || functions || elsewhere.iter().any(|op| operators.contains_key(*op)) {
            continue; // onnx's count has initializers only
        }
        let model = describe(facts["file"].as_str().unwrap());
        let bytes = model.weight_bytes.iter().map(|(dtype, bytes)| match dtype.name() {
            "float32" => ("float", *bytes),
            "float64" => ("double", *bytes),
            same => (same, *bytes),
        });
        let mut expected = object(&facts["weight_bytes"]);
        expected.remove("string"); // a string has no size that two programs would agree on
        assert_eq!(bytes.filter(|(name, _)| *name != "string").collect::<BTreeMap<_, _>>(), expected, "{name}");
        assert_eq!(model.parameters, facts["parameters"].as_u64().unwrap(), "{name}");
        compared += 1;
    }
    assert!(compared > 50, "only {compared} models compared");
}

#[test]
fn well_formed_models_have_no_grave_findings() {
    for (name, facts) in corpus() {
        let model = describe(facts["file"].as_str().unwrap());
        let grave: Vec<_> = model.findings.iter().filter(|finding| finding.severity >= Severity::Error).collect();
        assert!(grave.is_empty(), "{name}: {grave:?}");
    }
}

#[test]
fn costs_of_a_small_network_by_hand() {
    let cx = Context::new();
    let artifact = Artifact::open(repository("tests/corpus/onnx/net_mlp.onnx"), &cx).unwrap();
    // layers 10 → 16 → 16 → 3: a multiplication for each weight, two rows of 16 floats at one time
    for batch in [1, 7] {
        let at = BTreeMap::from([("batch".to_owned(), batch)]);
        let costs = OnnxAnalyzer.analyze_at(&artifact, &at, &cx).unwrap().costs;
        let (macs, peak) = (batch * (160 + 256 + 48), batch * 2 * 16 * 4);
        assert_eq!((costs.macs, costs.activation_peak_bytes, costs.unresolved_nodes), (Some(macs), Some(peak), 0));
        assert_eq!(costs.bindings, at);
    }
    assert_eq!(describe("net_mlp.onnx").costs.macs, Some(464));
}

#[test]
fn external_files_are_listed_once_with_their_size() {
    let files = describe("external_shared/model.onnx").files;
    let found: Vec<_> = files.iter().map(|file| (file.name.as_str(), file.role)).collect();
    let folder = repository("tests/corpus/onnx/external_shared");
    let on_disk = |name: &str| fs::metadata(folder.join(name)).unwrap().len();
    assert!(files.iter().all(|file| file.bytes == on_disk(&file.name)), "{files:?}");
    assert_eq!(found.iter().filter(|(_, role)| *role == FileRole::ExternalData).count(), found.len() - 1, "{found:?}");
}

/// A model of one input `x` and one output `y`, both `float32[4]`, with nodes of the given domains and names between.
fn chain(operators: &[(&str, &str)]) -> ModelDescriptor {
    let cx = Context::new();
    let mut model = Model::default();
    model.provenance.ir_version = Some(10);
    model.graph.name = Some("chain".into());
    let ty = || Some(Type::tensor(DType::Float32, Some(Shape::known(&[4]))));
    let mut value = model.graph.intern("x");
    model.graph.inputs.push(Port::new(value, ty()));
    for domain in std::iter::once("").chain(operators.iter().map(|(domain, _)| *domain)) {
        if model.opset(domain).is_none() {
            let version = if domain.is_empty() { 21 } else { 1 };
            model.opsets.push(Opset { domain: Some(domain.into()), version: Some(version) });
        }
    }
    for (index, (domain, name)) in operators.iter().enumerate() {
        let next = model.graph.intern(if index + 1 == operators.len() { "y" } else { name });
        model.graph.add_node(Node::new(OpType::new(domain, name), vec![Some(value)], vec![Some(next)]));
        value = next;
    }
    model.graph.outputs.push(Port::new(value, ty()));
    let mut sink = MemorySink::new();
    let checked = ir::check(&model, &cx).unwrap();
    OnnxExporter.export(checked, "m.onnx", Weights::Auto, &mut sink, &cx).unwrap();
    sink.commit().unwrap();
    let bytes = sink.into_files().remove("m.onnx").unwrap();
    OnnxAnalyzer.analyze(&Artifact::from_bytes("m.onnx", bytes), &cx).unwrap()
}

fn findings(model: &ModelDescriptor) -> Vec<(Severity, &str, &str)> {
    model.findings.iter().map(|it| (it.severity, it.code.as_ref(), it.message.as_str())).collect()
}

#[test]
fn strangers_are_told_and_python_is_danger() {
    let model = chain(&[("", "Relu"), ("com.microsoft", "Gelu"), ("ai.onnx.contrib", "PyOp"), ("my.ops", "Twist")]);
    assert_eq!(
        findings(&model),
        [
            (Severity::Danger, "onnx.python_operator", "operators of 'ai.onnx.contrib' that run code of Python: PyOp"),
            (
                Severity::Warning,
                "onnx.unknown_domain",
                "operators of 'my.ops' need a library of their own to run: Twist"
            ),
            (
                Severity::Note,
                "graph.unresolved_shapes",
                "the costs leave out 2 nodes, in part at least; the first is PyOp → 'PyOp'"
            ),
        ]
    );
    assert_eq!(
        model.operators,
        BTreeMap::from([
            ("Relu".to_owned(), 1),
            ("ai.onnx.contrib::PyOp".to_owned(), 1),
            ("com.microsoft::Gelu".to_owned(), 1),
            ("my.ops::Twist".to_owned(), 1),
        ])
    );
}

#[test]
fn ill_formed_models_are_described_with_the_fault_as_a_finding() {
    let of = |file: &str| {
        let cx = Context::new();
        let artifact = Artifact::open(repository("tests/hostile/onnx").join(file), &cx).unwrap();
        OnnxAnalyzer.analyze(&artifact, &cx).unwrap_or_else(|error| panic!("{file}: {error:?}"))
    };
    let first = |model: &ModelDescriptor| {
        let found = &model.findings[0];
        (found.severity, found.code.clone().into_owned(), found.message.clone())
    };
    let expected = |code: &str, message: &str| (Severity::Error, code.to_owned(), message.to_owned());
    assert_eq!(
        first(&of("cycle.onnx")),
        expected("onnx.ill_formed", "nodes form a cycle: 'a' (Add) → 'b' (Relu) → 'a' (Add)")
    );
    assert_eq!(
        first(&of("type_mismatch.onnx")),
        expected("graph.inputs_do_not_fit", "'A' is float32 and 'B' int64, but 'Add' wants one type")
    );
    assert_eq!(
        first(&of("opset_future.onnx")),
        expected("onnx.ill_formed", "opset 999 is newer than 28, the newest supported")
    );
    assert!(findings(&of("opset_future.onnx")).iter().any(|(_, code, _)| *code == "onnx.future_opset"));
    let differs = of("output_contradicts.onnx");
    assert_eq!(
        (differs.findings[0].severity, &*differs.findings[0].code),
        (Severity::Warning, "graph.declared_type_differs")
    );
    assert_eq!(differs.outputs[0].ty, "float32[n, 2]"); // what it computes, not what it claims
}

#[test]
fn a_descriptor_survives_json() {
    for file in ["net_cnn.onnx", "types_map.onnx", "external_shared"] {
        let model = describe(file);
        let text = serde_json::to_string(&model).unwrap();
        assert_eq!(serde_json::from_str::<ModelDescriptor>(&text).unwrap(), model, "{file}");
    }
}
