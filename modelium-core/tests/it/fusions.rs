//! What the fusions recognise in real exports: attention once for each layer, by whichever exporter.

use std::fs;

use modelium_core::formats::Importer as _;
use modelium_core::formats::onnx::OnnxImporter;
use modelium_core::ir::Model;
use modelium_core::passes::{self, Level, Options};
use modelium_core::{Artifact, Context};
use serde_json::Value;

use crate::support::repository;

/// Every committed export with what its generator says of it: name, model, case.
fn exports() -> Vec<(String, Model, Value)> {
    let cx = Context::new();
    let folder = repository("tests/corpus/exports");
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.join("model.onnx").exists() {
            continue;
        }
        let case = serde_json::from_slice(&fs::read(path.join("case.json")).unwrap()).unwrap();
        let artifact = Artifact::open(path.join("model.onnx"), &cx).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        found.push((name, OnnxImporter.import(&artifact, &cx).unwrap(), case));
    }
    assert!(found.len() >= 16, "only {} exports", found.len());
    found
}

fn simplified(mut model: Model, level: Level) -> Model {
    let options = Options { level, ..Options::default() };
    passes::simplify(&mut model, &passes::builtin(), &options, &Context::new()).unwrap();
    model
}

fn count(model: &Model, domain: &str, name: &str) -> u64 {
    model.graph.nodes().filter(|(_, node)| node.op.domain() == domain && node.op.name() == name).count() as u64
}

#[test]
fn attention_is_recognised_once_for_each_layer() {
    let mut wrong = Vec::new();
    for (name, model, case) in exports() {
        let expected = case["attention"].as_u64().unwrap();
        let found = count(&simplified(model, Level::OnnxRuntime), "com.microsoft", "MultiHeadAttention");
        if found != expected {
            wrong.push(format!("{name}: {found} of {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_language_model_turns_queries_and_keys_by_one_operator_each() {
    for (name, model, case) in exports() {
        if case["model"].as_str().unwrap().starts_with("llama") {
            let expected = 2 * case["attention"].as_u64().unwrap();
            let after = simplified(model, Level::OnnxRuntime);
            assert_eq!(count(&after, "com.microsoft", "RotaryEmbedding"), expected, "{name}");
            assert_eq!(count(&after, "", "Sigmoid"), 0, "{name}");
        }
    }
}

#[test]
fn a_portable_model_has_no_operator_of_a_runtime() {
    for (name, model, _) in exports() {
        let after = simplified(model, Level::Portable);
        assert!(after.graph.nodes().all(|(_, node)| node.op.domain().is_empty()), "{name}");
        assert!(after.opset("com.microsoft").is_none(), "{name}");
    }
}
