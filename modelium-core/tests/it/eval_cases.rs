//! The evaluator against ONNX Runtime, on what the official suite lacks: old versions, control flow, `ai.onnx.ml`. See
//! `tests/generate/eval_cases.py`.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use modelium_core::eval::{Array, Evaluator, Options, Value};
use modelium_core::formats::Importer as _;
use modelium_core::formats::onnx::OnnxImporter;
use modelium_core::ir::Model;
use modelium_core::{Artifact, Context};

use crate::support::repository;

/// Where ONNX Runtime does not do what the specification says, and the evaluator does.
const DIFFERENT: &[(&str, &str)] = &[
    ("ml_trees_both_none", "the label is not the class of the greatest score, and not one of the labels"),
    ("ml_trees_both_none_positive", "the label is not the class of the greatest score, and not one of the labels"),
];

#[test]
fn gives_what_onnx_runtime_gives() {
    let folder = repository("tests/corpus/eval");
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut wrong = Vec::new();
    for file in &files {
        let name = file.file_stem().unwrap().to_str().unwrap();
        let outcome = check(file);
        match (outcome, DIFFERENT.iter().find(|(other, _)| *other == name)) {
            (Ok(()), None) | (Err(_), Some(_)) => {}
            (Ok(()), Some(_)) => wrong.push(format!("{name}: listed as different, and is not")),
            (Err(reason), None) => wrong.push(format!("{name}: {reason}")),
        }
    }
    assert!(files.len() > 200, "{} cases", files.len());
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), files.len(), wrong.join("\n"));
}

fn check(file: &Path) -> Result<(), String> {
    let cx = Context::new();
    let artifact = Artifact::open(file, &cx).unwrap();
    let model = OnnxImporter.import(&artifact, &cx).unwrap();
    let constants = Constants::of(&model);
    let mut inputs = HashMap::new();
    for port in &model.graph.inputs {
        let name = &model.graph.value(port.value).name;
        if let Some(value) = constants.value(&format!("given/{name}")) {
            inputs.insert(name.clone(), value);
        }
    }
    let outputs = Evaluator::new(&model, Options::default()).run(&inputs, &cx).map_err(|error| error.to_string())?;
    for (index, found) in outputs.iter().enumerate() {
        let expected = constants.value(&format!("expected/{index}")).unwrap();
        same(found, &expected).map_err(|reason| format!("output {index} {reason}"))?;
    }
    Ok(())
}

/// The initializers of a case by name.
struct Constants(HashMap<String, Array>);

impl Constants {
    fn of(model: &Model) -> Self {
        let initializers = model.graph.initializers.iter();
        let named = initializers.map(|initializer| {
            (model.graph.value(initializer.value).name.clone(), Array::from_tensor(&initializer.tensor).unwrap())
        });
        Self(named.collect())
    }

    /// The tensor, map or sequence that is kept under a name.
    fn value(&self, path: &str) -> Option<Value> {
        if let Some(array) = self.0.get(path) {
            return Some(Value::Tensor(array.clone()));
        }
        if let (Some(keys), Some(values)) = (self.0.get(&format!("{path}/keys")), self.0.get(&format!("{path}/values")))
        {
            return Some(Value::Map(Arc::new((keys.clone(), values.clone()))));
        }
        if !self.0.keys().any(|name| name.starts_with(&format!("{path}/"))) {
            return None;
        }
        let values: Vec<Value> = (0..).map_while(|index| self.value(&format!("{path}/{index}"))).collect();
        (!values.is_empty()).then(|| Value::Sequence(Arc::new(values)))
    }
}

fn same(found: &Value, expected: &Value) -> Result<(), String> {
    match (found, expected) {
        (Value::Tensor(found), Value::Tensor(expected)) => same_elements(found, expected),
        (Value::Map(found), Value::Map(expected)) => {
            same_elements(&found.0, &expected.0).and_then(|()| same_elements(&found.1, &expected.1))
        }
        (Value::Sequence(found), Value::Sequence(expected)) if found.len() == expected.len() => {
            found.iter().zip(expected.iter()).try_for_each(|(found, expected)| same(found, expected))
        }
        _ => Err(format!("is {found:?}, expected {expected:?}")),
    }
}

fn same_elements(found: &Array, expected: &Array) -> Result<(), String> {
    #[expect(clippy::float_cmp, reason = "equal infinities")]
    let is_close = |one: f64, other: f64| {
        one == other || (one.is_nan() && other.is_nan()) || (one - other).abs() <= 1e-5 + 1e-4 * other.abs()
    };
    let same = match (reals(found), reals(expected)) {
        (Some(one), Some(other)) => {
            one.len() == other.len() && one.iter().zip(&other).all(|(&one, &other)| is_close(one, other))
        }
        _ => found.buffer() == expected.buffer(),
    };
    if same && found.dims() == expected.dims() && found.dtype() == expected.dtype() {
        return Ok(());
    }
    Err(format!("is {:?} {:?}, expected {:?} {:?}", found.dims(), found.buffer(), expected.dims(), expected.buffer()))
}

fn reals(array: &Array) -> Option<Vec<f64>> {
    array
        .items::<f32>()
        .map(|items| items.iter().map(|&item| f64::from(item)).collect())
        .or_else(|| Some(array.items::<f64>()?.to_vec()))
}
