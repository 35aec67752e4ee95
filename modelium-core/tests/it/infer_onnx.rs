//! Inference against an outside opinion: what the package `onnx` infers of the same models.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use modelium_core::formats::Importer as _;
use modelium_core::formats::onnx::OnnxImporter;
use modelium_core::ir::{self, Dim, Model, Type, TypeKind};
use modelium_core::{Artifact, Context};
use serde_json::Value;

use crate::support::{repository, suite};

fn import(path: &Path) -> Model {
    let cx = Context::new();
    let artifact = Artifact::open(path, &cx).unwrap();
    OnnxImporter.import(&artifact, &cx).unwrap_or_else(|error| panic!("{}: {error:?}", path.display()))
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// Our name of an element type of ONNX.
fn dtype(name: &str) -> &str {
    match name {
        "float" => "float32",
        "double" => "float64",
        same => same,
    }
}

/// Says where `found` contradicts `expected`, or knows less than it. Names that start with `unk__` are made up.
fn worse(found: Option<&Type>, expected: &Value) -> Option<String> {
    let name = expected["tensor"].as_str()?;
    let Some(Type { kind: TypeKind::Tensor { dtype: found_dtype, shape }, .. }) = found else {
        return Some(format!("found {}, expected {expected}", found.map_or("nothing".into(), ToString::to_string)));
    };
    let complaint = || Some(format!("found {}, expected {expected}", found.map_or(String::new(), ToString::to_string)));
    if found_dtype.is_none_or(|found| found.name() != dtype(name)) {
        return complaint();
    }
    let expected_dims = expected["shape"].as_array()?;
    let Some(shape) = shape.as_ref().filter(|shape| shape.dims.len() == expected_dims.len()) else {
        return complaint();
    };
    let fits = shape.dims.iter().zip(expected_dims).all(|(found, expected)| match (found, expected) {
        (Dim::Known(found), Value::Number(expected)) => Some(*found) == expected.as_u64(),
        (_, Value::Number(_)) => false,
        (Dim::Symbol(found), Value::String(expected)) => **found == **expected || expected.starts_with("unk__"),
        (Dim::Unknown, Value::String(expected)) => expected.starts_with("unk__"),
        _ => true,
    });
    if fits { None } else { complaint() }
}

/// The types of a walk and of those below it, under the names that `expected.json` gives to graphs.
fn collect<'a>(scope: ir::infer::Scope<'a, '_>, path: &str, into: &mut BTreeMap<String, BTreeMap<String, &'a Type>>) {
    let graph = scope.graph();
    for (id, value) in graph.values() {
        if let Some(ty) = scope.ty(id) {
            into.entry(path.to_owned()).or_default().insert(value.name.clone(), ty);
        }
    }
    for (position, (id, node)) in graph.nodes().enumerate() {
        let mut inner = scope.inner(id);
        for attribute in &node.attributes {
            let many = matches!(attribute.value, ir::AttributeValue::Graphs(_));
            for index in 0..attribute.value.graphs().len() {
                let Some((below, _)) = inner.next() else { return };
                let index = if many { format!("[{index}]") } else { String::new() };
                collect(below, &format!("{}/{position}.{}{index}", path.trim_end_matches('/'), attribute.name), into);
            }
        }
    }
}

#[test]
fn knows_at_least_what_onnx_knows_of_the_corpus() {
    let folder = repository("tests/corpus/onnx");
    let expected = json(&folder.join("expected.json"));
    let mut complaints = Vec::new();
    for (name, facts) in expected["models"].as_object().unwrap() {
        let model = import(&folder.join(facts["file"].as_str().unwrap()));
        let inferred = ir::infer::infer(&model, &BTreeMap::new(), &Context::new()).unwrap();
        let mut types = BTreeMap::new();
        collect(inferred.root(), "/", &mut types);
        for (graph, values) in facts["values"].as_object().unwrap() {
            for (value, expected) in values.as_object().unwrap() {
                let found = types.get(graph).and_then(|types| types.get(value)).copied();
                complaints.extend(worse(found, expected).map(|it| format!("{name} {graph} '{value}': {it}")));
            }
        }
        complaints.extend(inferred.faults().iter().map(|fault| format!("{name}: {fault}")));
    }
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

#[test]
fn knows_at_least_what_onnx_knows_of_the_official_suite() {
    let Some(folder) = suite() else { return };
    let mut complaints = Vec::new();
    let mut counts = [0; 3];
    for (name, facts) in json(&folder.join("types.json")).as_object().unwrap() {
        let mut model = import(&folder.join(name).join("model.onnx"));
        let outputs: Vec<_> = model.graph.outputs.iter().map(|port| port.value).collect();
        model.graph.outputs.iter_mut().for_each(|port| port.ty = None);
        for &value in &outputs {
            model.graph.value_mut(value).ty = None;
        }
        let inferred = ir::infer::infer(&model, &BTreeMap::new(), &Context::new()).unwrap();
        let root = inferred.root();
        for &output in &outputs {
            let value = &model.graph.value(output).name;
            let found = root.ty(output);
            let say = |what: &str, it: String| format!("{name} '{value}': {what}: {it}");
            complaints.extend(worse(found, &facts["inferred"][value]).map(|it| say("onnx", it)));
            // What the suite declares is what came out of a run: nothing we say may differ from it.
            let declared = &facts["declared"][value];
            let differs = worse(found, declared).filter(|_| found.is_some_and(|found| contradicts(found, declared)));
            complaints.extend(differs.map(|it| say("run", it)));
            counts[0] += 1;
            counts[1] += usize::from(found.and_then(Type::shape).is_some());
            counts[2] += usize::from(found.and_then(Type::byte_len).is_some());
            // What has no number has a name at least.
            let nameless = found.and_then(Type::shape).is_some_and(|shape| shape.dims.contains(&Dim::Unknown));
            complaints.extend(nameless.then(|| say("we", "a dimension without a name".to_owned())));
        }
        complaints.extend(inferred.faults().iter().map(|fault| format!("{name}: {fault}")));
    }
    assert!(complaints.is_empty(), "{} complaints, {counts:?}:\n{}", complaints.len(), complaints.join("\n"));
    assert!(
        counts[1] * 100 >= counts[0] * 97 && counts[2] * 100 >= counts[0] * 83,
        "of {counts:?} outputs too few have a known rank or size"
    );
}

/// True if a number or an element type differs, not only in what is known.
fn contradicts(found: &Type, expected: &Value) -> bool {
    let (Some(name), Some(found_dtype)) = (expected["tensor"].as_str(), found.dtype()) else { return false };
    if found_dtype.name() != dtype(name) {
        return true;
    }
    let (Some(shape), Some(dims)) = (found.shape(), expected["shape"].as_array()) else { return false };
    shape.dims.len() != dims.len()
        || shape.dims.iter().zip(dims).any(|(found, expected)| {
            found.known().zip(expected.as_u64()).is_some_and(|(found, expected)| found != expected)
        })
}
