//! What inference claims of ONNX Runtime's operators, against runs of them, and of real exports, against what ONNX Runtime's
//! symbolic tool infers. `tests/generate/infer_contrib.py` and `infer_symbolic.py` wrote what is compared with; that claims
//! about exports hold when they run is asked in Python (`test_every_shape_that_is_claimed_is_what_comes_out`).

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

/// A committed document, with one entry for each model.
fn known(path: &str) -> BTreeMap<String, Value> {
    serde_json::from_slice(&fs::read(repository(path)).unwrap()).unwrap()
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
fn what_is_claimed_of_the_runtimes_operators_holds_at_two_sizes_of_each_symbol() {
    let runs = known("tests/corpus/infer/contrib/runs.json");
    assert!(runs.len() >= 40, "only {} models", runs.len());
    let (mut complaints, mut compared, mut whole) = (Vec::new(), 0, 0);
    for (name, runs) in &runs {
        let model = import(&repository(&format!("tests/corpus/infer/contrib/{name}.onnx")));
        let inferred = ir::infer::infer(&model, &BTreeMap::new(), &Context::new()).unwrap();
        complaints.extend(inferred.faults().iter().map(|fault| format!("{name}: {fault}")));
        for run in runs.as_array().unwrap() {
            let mut sizes = Sizes::new();
            for (value, claimed) in claims(inferred.root()) {
                let ran = [&run["inputs"][&value], &run["values"][&value]].into_iter().find(|came| came.is_array());
                let Some(came) = ran else { continue };
                complaints.extend(wrong(claimed, came, &mut sizes).map(|it| format!("{name} '{value}': {it}")));
                let made_up = |dim: &Dim| *dim == Dim::Unknown || symbols(dim).iter().any(|it| it.starts_with("unk__"));
                compared += 1;
                whole += u32::from(claimed.shape().is_some_and(|shape| !shape.dims.iter().any(made_up)));
            }
        }
    }
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
    // Not a target, but what would be lost by a rule that gives up.
    assert!(whole * 100 >= compared * 90, "the shapes of {whole} of {compared} values follow from the inputs");
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
fn the_symbolic_tool_knows_no_more_of_exports() {
    let (mut complaints, mut compared) = (Vec::new(), 0);
    for (name, types) in known("tests/corpus/infer/symbolic/types.json") {
        let model = import(&repository(&format!("tests/corpus/exports/{name}/model.onnx")));
        let inferred = ir::infer::infer(&model, &BTreeMap::new(), &Context::new()).unwrap();
        let ours: BTreeMap<String, &Type> = claims(inferred.root()).into_iter().collect();
        let shapes = model.graph.inputs.iter().filter_map(|port| port.ty.as_ref()?.shape());
        let inputs: Vec<String> = shapes.flat_map(|shape| &shape.dims).flat_map(symbols).collect();
        for (value, theirs) in types.as_object().into_iter().flatten() {
            compared += 1;
            let found = more(ours.get(value).copied(), theirs, &inputs);
            complaints.extend(found.map(|it| format!("{name} '{value}': {it}")));
        }
    }
    assert!(complaints.is_empty(), "{} of {compared}:\n{}", complaints.len(), complaints.join("\n"));
    assert!(compared > 8000, "only {compared} values were compared");
}
