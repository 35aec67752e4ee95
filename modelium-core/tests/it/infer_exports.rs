//! What inference claims of real exports, against runs of them and against what other tools infer.
//!
//! The exports and what is known of them lie in `build` (`tests/generate/onnx_exports.py`, `infer_truth.py` and, for operators
//! of ONNX Runtime, `infer_contrib.py` beside it); where they have not been made, there is nothing to compare.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use modelium_core::formats::Importer as _;
use modelium_core::formats::onnx::OnnxImporter;
use modelium_core::ir::infer::Scope;
use modelium_core::ir::{self, Dim, Expr, Model, Type, TypeKind};
use modelium_core::{Artifact, Context};
use serde_json::Value;

use crate::support::repository;

/// How many numbers stand behind the names of dimensions, in one run.
type Sizes = BTreeMap<String, i64>;

fn import(path: &Path) -> Model {
    let cx = Context::new();
    let artifact = Artifact::open(path, &cx).unwrap();
    OnnxImporter.import(&artifact, &cx).unwrap_or_else(|error| panic!("{}: {error:?}", path.display()))
}

/// The exports with what is known of each.
fn exports() -> Vec<(String, Model, Value)> {
    let Ok(folder) = fs::read_dir(repository("build/infer")) else { return Vec::new() };
    let mut exports = Vec::new();
    for entry in folder {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let places = [format!("build/corpus/{name}/model.onnx"), format!("build/infer/models/{name}.onnx")];
        if let Some(model) = places.iter().map(|place| repository(place)).find(|model| model.exists())
            && path.is_file()
            && let Ok(facts) = serde_json::from_slice(&fs::read(&path).unwrap())
        {
            exports.push((name, import(&model), facts));
        }
    }
    exports.sort_by(|a, b| a.0.cmp(&b.0));
    exports
}

fn symbols(dim: &Dim) -> Vec<String> {
    dim.expr().map_or_else(Vec::new, |expr| expr.symbols().into_iter().map(ToString::to_string).collect())
}

fn evaluate(expr: &Expr, sizes: &Sizes) -> Option<i64> {
    expr.evaluate(&|name| sizes.get(name).copied())
}

/// Compares a claim with what came out of a run; a name that is met first gets its number here.
fn wrong(claimed: &Type, came: &Value, sizes: &mut Sizes) -> Option<String> {
    let TypeKind::Tensor { dtype, shape } = &claimed.kind else { return None };
    let complaint = |why: &str| Some(format!("claimed {claimed}, came {came}: {why}"));
    let ran = came[0].as_str().unwrap();
    if dtype.is_some_and(|dtype| dtype.name() != ran && ran != "object" && !ran.starts_with("str")) {
        return complaint("element type");
    }
    let Some(shape) = shape else { return None };
    let dims: Vec<i64> = came[1].as_array().unwrap().iter().map(|dim| dim.as_i64().unwrap()).collect();
    if dims.len() != shape.dims.len() {
        return complaint("rank");
    }
    for (claimed, &came) in shape.dims.iter().zip(&dims) {
        if let Dim::Symbol(name) = claimed {
            sizes.entry(name.to_string()).or_insert(came);
        }
        let unbound = symbols(claimed).iter().any(|name| !sizes.contains_key(name));
        if let Some(expr) = claimed.expr().filter(|_| !unbound)
            && evaluate(&expr, sizes) != Some(came)
        {
            return complaint(&format!("{claimed} is {:?}", evaluate(&expr, sizes)));
        }
    }
    None
}

/// The tensors of the main graph in the order in which they are made, with what is claimed of each.
fn claims<'a>(scope: Scope<'a, '_>) -> Vec<(String, &'a Type)> {
    let graph = scope.graph();
    let inputs = graph.inputs.iter().map(|port| port.value);
    let computed = graph.nodes().flat_map(|(_, node)| node.outputs.iter().flatten().copied());
    let values = inputs.chain(computed).filter_map(|value| Some((graph.value(value).name.clone(), scope.ty(value)?)));
    values.collect()
}

#[test]
fn what_is_claimed_of_exports_holds_at_two_sizes_of_each_symbol() {
    let (mut complaints, mut counts, mut told) = (Vec::new(), [0_u64; 3], Vec::new());
    for (name, model, facts) in exports() {
        let inferred = ir::infer::infer(&model, &BTreeMap::new(), &Context::new()).unwrap();
        complaints.extend(inferred.faults().iter().map(|fault| format!("{name}: {fault}")));
        let claims = claims(inferred.root());
        let before = counts;
        for run in facts["runs"].as_array().unwrap() {
            let mut sizes = Sizes::new();
            for (value, claimed) in &claims {
                let ran = [&run["inputs"][value], &run["values"][value]].into_iter().find(|came| came.is_array());
                let Some(came) = ran else { continue };
                complaints.extend(wrong(claimed, came, &mut sizes).map(|it| format!("{name} '{value}': {it}")));
                let dims = claimed.shape().map_or(&[][..], |shape| &shape.dims);
                counts[0] += 1;
                counts[1] += u64::from(claimed.shape().is_some());
                let made_up = |dim: &Dim| *dim == Dim::Unknown || symbols(dim).iter().any(|it| it.starts_with("unk__"));
                counts[2] += u64::from(claimed.shape().is_some() && !dims.iter().any(made_up));
            }
        }
        let [values, ranks, whole] = [0, 1, 2].map(|index| counts[index] - before[index]);
        told.push(format!("{name}: {whole} of {values} values follow from the inputs, {ranks} have a rank"));
    }
    let told = told.join("\n");
    assert!(complaints.is_empty(), "{} complaints:\n{}\n{told}", complaints.len(), complaints.join("\n"));
    // Not a target, but what would be lost by a rule that gives up.
    assert!(counts[2] * 100 >= counts[0] * 90, "{counts:?}\n{told}");
}

/// Where another tool knows more: a type, a rank, a number, or a name that it did not make up.
fn more(ours: Option<&Type>, theirs: &Value, inputs: &[String]) -> Option<String> {
    let (dtype, dims) = (theirs[0].as_str(), theirs[1].as_array());
    let complaint =
        || Some(format!("found {}, another tool {theirs}", ours.map_or("nothing".into(), ToString::to_string)));
    if dtype.is_some() && ours.and_then(Type::dtype).is_none() {
        return complaint();
    }
    let dims = dims?;
    let Some(shape) = ours.and_then(Type::shape) else { return complaint() };
    if shape.dims.len() != dims.len() {
        return complaint();
    }
    let known = shape.dims.iter().zip(dims).all(|(ours, theirs)| match (ours, theirs) {
        (Dim::Known(ours), Value::Number(theirs)) => theirs.as_u64() == Some(*ours),
        // A size that is a number only if no dimension is zero: that is not ours to assume.
        (ours, Value::Number(theirs)) => holds_above_zero(ours, theirs.as_i64()),
        (ours, Value::String(theirs)) => {
            let named = inputs.iter().any(|name| theirs.contains(name.as_str()));
            !named || ours.known().is_some() || symbols(ours).iter().any(|name| inputs.contains(name))
        }
        _ => true,
    });
    if known { None } else { complaint() }
}

/// True if the dimension is that number at several sizes above zero of its symbols.
fn holds_above_zero(dim: &Dim, number: Option<i64>) -> bool {
    let sizes = [1, 2, 7, 50];
    dim.expr().is_some_and(|expr| {
        !symbols(dim).iter().any(|name| name.starts_with("unk__"))
            && sizes.into_iter().all(|size| expr.evaluate(&|_| Some(size)) == number)
    })
}

#[test]
fn nobody_knows_more_of_exports() {
    let (mut complaints, mut compared) = (Vec::new(), [0_u64; 2]);
    for (name, model, facts) in exports() {
        let inferred = ir::infer::infer(&model, &BTreeMap::new(), &Context::new()).unwrap();
        let ours: BTreeMap<String, &Type> = claims(inferred.root()).into_iter().collect();
        let shapes = model.graph.inputs.iter().filter_map(|port| port.ty.as_ref()?.shape());
        let inputs: Vec<String> = shapes.flat_map(|shape| &shape.dims).flat_map(symbols).collect();
        for (index, tool) in ["onnx", "ort"].into_iter().enumerate() {
            for (value, theirs) in facts[tool].as_object().into_iter().flatten() {
                compared[index] += 1;
                let found = more(ours.get(value).copied(), theirs, &inputs);
                complaints.extend(found.map(|it| format!("{name} {tool} '{value}': {it}")));
            }
        }
    }
    assert!(complaints.is_empty(), "{} of {compared:?}:\n{}", complaints.len(), complaints.join("\n"));
}
