//! Real exports after simplification: they compute what PyTorch did, hold no more nodes than any peer leaves, and each of
//! their attention layers is one node. `make corpus` asks the same of many more, and of larger ones.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use modelium_core::ir::{Graph, Model, Type};
use modelium_core::opset::convert_opset;
use modelium_core::passes::{self, Level, Options};
use modelium_core::runtime::Runtime;
use modelium_core::tensor::Tensor;
use modelium_core::wire::npz::read_npz;
use modelium_core::{Artifact, Blob, Context};
use serde_json::Value;

use crate::support::{export, import, numbers, repository, runtime};

/// Of the largest magnitude in an output.
const TOLERANCE: f64 = 1e-4;

const LEVELS: [Level; 2] = [Level::Portable, Level::OnnxRuntime];

fn cases() -> Vec<PathBuf> {
    let folder = repository("tests/corpus/exports");
    let mut cases: Vec<PathBuf> =
        fs::read_dir(folder).expect("it is committed").flatten().map(|it| it.path()).filter(|it| it.is_dir()).collect();
    cases.sort();
    assert!(cases.len() > 20, "only {} exports", cases.len());
    cases
}

fn name(case: &Path) -> String {
    case.file_name().expect("a name").to_string_lossy().into_owned()
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))).expect("JSON")
}

fn simplified(case: &Path, level: Level) -> (Model, Model) {
    let cx = Context::new();
    let before = import(&Artifact::open(case.join("model.onnx"), &cx).expect("it opens"));
    let mut after = before.clone();
    let options = Options { level, ..Options::default() };
    passes::simplify(&mut after, &passes::builtin(), &options, &cx).unwrap_or_else(|e| panic!("{}: {e}", name(case)));
    (before, after)
}

/// Nodes by operator: subgraphs and calls of functions counted, `Constant` left out. The peers are counted so too.
fn operators(model: &Model) -> BTreeMap<String, u64> {
    fn count(graph: &Graph, model: &Model, found: &mut BTreeMap<String, u64>) {
        for (_, node) in graph.nodes() {
            let called = model
                .functions
                .iter()
                .find(|f| f.name == node.op.name() && f.domain.as_deref() == node.domain.as_deref());
            match called {
                Some(function) => count(&function.body, model, found),
                None if node.op.name() == "Constant" => {}
                None => *found.entry(node.op.name().to_owned()).or_default() += 1,
            }
            node.subgraphs().for_each(|inner| count(inner, model, found));
        }
    }
    let mut found = BTreeMap::new();
    count(&model.graph, model, &mut found);
    found
}

fn nodes(model: &Model) -> u64 {
    operators(model).values().sum()
}

fn attention(model: &Model) -> u64 {
    let whole = ["Attention", "MultiHeadAttention", "GroupQueryAttention"];
    operators(model).iter().filter(|(op, _)| whole.contains(&op.as_str())).map(|(_, count)| count).sum()
}

fn arrays(path: &Path) -> BTreeMap<String, Tensor> {
    let bytes = fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    read_npz(&Blob::from_bytes("samples", bytes), &Context::new()).expect("numpy wrote it")
}

/// The largest difference of any output from PyTorch's, relative to its largest magnitude.
fn distance(case: &Path, model: &Artifact, runtime: &dyn Runtime) -> Result<f64, String> {
    let cx = Context::new();
    let mut session = runtime.load(model, &cx).map_err(|error| error.to_string())?;
    let ports: Vec<String> = session.inputs().iter().map(|port| port.name.clone()).collect();
    let mut worst = 0.0_f64;
    for sample in 0..2 {
        let given = arrays(&case.join(format!("inputs_{sample}.npz")));
        let tensor = |name: &String| Some(Tensor { name: Some(name.clone()), ..given.get(name)?.clone() });
        let inputs: Vec<Tensor> = ports.iter().filter_map(tensor).collect();
        let outputs = session.run(&inputs, &cx).map_err(|error| error.to_string())?;
        let expected = arrays(&case.join(format!("outputs_{sample}.npz")));
        for found in outputs {
            let name = found.name.clone().unwrap_or_default();
            let expected = expected.get(&name).ok_or_else(|| format!("nobody asked for '{name}'"))?;
            if (found.dtype, &found.dims) != (expected.dtype, &expected.dims) {
                return Err(format!("'{name}' is {}{:?}", found.dtype, found.dims));
            }
            let (a, b) = (numbers(&found).expect("numbers"), numbers(expected).expect("numbers"));
            let largest = b.iter().fold(0.0_f64, |most, value| most.max(value.abs())).max(1e-30);
            worst = a.iter().zip(&b).fold(worst, |worst, (a, b)| worst.max((a - b).abs() / largest));
        }
    }
    Ok(worst)
}

fn signature(model: &Model) -> Vec<(String, Option<Type>)> {
    let port = |port: &modelium_core::ir::Port| (model.graph.value(port.value).name.clone(), port.ty.clone());
    model.graph.inputs.iter().map(port).collect()
}

#[test]
fn simplified_exports_compute_what_pytorch_does() {
    let runtime = runtime();
    let mut wrong = String::new();
    for case in cases() {
        for level in LEVELS {
            let (before, after) = simplified(&case, level);
            assert_eq!(signature(&before), signature(&after), "{}: dynamic inputs stay dynamic", name(&case));
            match distance(&case, &export(&after), &runtime) {
                Ok(off) if off <= TOLERANCE => {}
                Ok(off) => writeln!(wrong, "{} ({level:?}) is off by {off:.1e}", name(&case)).expect("a string"),
                Err(reason) => writeln!(wrong, "{} ({level:?}): {reason}", name(&case)).expect("a string"),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Opset 23 has standard operators for attention and rotary embeddings. `expected/exports_23.txt` says how many nodes are
/// left at each level, and how many of them are those.
#[test]
fn exports_in_opset_23_have_its_attention_and_compute_what_pytorch_does() {
    let (cx, runtime) = (Context::new(), runtime());
    let mut table = format!(
        "{:<28}{:>10}{:>11}{:>8}{:>13}{:>11}{:>8}\n",
        "model", "portable", "attention", "rotary", "onnxruntime", "attention", "rotary"
    );
    let mut wrong = String::new();
    for case in cases() {
        write!(table, "{:<28}", name(&case)).expect("a string");
        for (level, width) in LEVELS.into_iter().zip([10, 13]) {
            let mut after = import(&Artifact::open(case.join("model.onnx"), &cx).expect("it opens"));
            convert_opset(&mut after, 23, &cx).unwrap_or_else(|e| panic!("{}: {e}", name(&case)));
            let options = Options { level, ..Options::default() };
            passes::simplify(&mut after, &passes::builtin(), &options, &cx).expect("it is simplified");
            match distance(&case, &export(&after), &runtime) {
                Ok(off) if off <= TOLERANCE => {}
                Ok(off) => writeln!(wrong, "{} ({level:?}) is off by {off:.1e}", name(&case)).expect("a string"),
                Err(reason) => writeln!(wrong, "{} ({level:?}): {reason}", name(&case)).expect("a string"),
            }
            let rotary = operators(&after).get("RotaryEmbedding").copied().unwrap_or_default();
            write!(table, "{:>width$}{:>11}{rotary:>8}", nodes(&after), attention(&after)).expect("a string");
        }
        table.push('\n');
    }
    assert!(wrong.is_empty(), "{wrong}");
    compare_with_golden(&table, "exports_23.txt");
}

/// `expected/exports.txt` is read when it changes (`make bless` writes it): a row that ends in a word of complaint is a
/// shortfall, and none may come back. `peers.json` beside the exports says what onnxsim, onnxslim and onnxoptimizer leave
/// of each, where what they leave runs and computes the same; `tests/exports/compare.py` wrote it.
#[test]
fn what_is_left_of_each_export_is_what_is_committed() {
    let peers = json(&repository("tests/corpus/exports/peers.json"));
    let mut table = format!(
        "{:<28}{:>7}{:>7}{:>10}{:>13}{:>11}\n",
        "model", "nodes", "peers", "portable", "onnxruntime", "attention"
    );
    for case in cases() {
        let name = name(&case);
        let best = peers[&name].as_object().into_iter().flatten().filter_map(|(_, nodes)| nodes.as_u64()).min();
        let layers = json(&case.join("case.json"))["attention"].as_u64().expect("a number");
        let (before, portable) = simplified(&case, Level::Portable);
        let (_, contrib) = simplified(&case, Level::OnnxRuntime);
        let (before, left, found) = (nodes(&before), [nodes(&portable), nodes(&contrib)], attention(&contrib));
        let mut complaints = String::new();
        if best.is_some_and(|best| left.iter().any(|&left| left > best)) {
            complaints += "  MORE NODES";
        }
        if found != layers {
            complaints += "  ATTENTION";
        }
        let best = best.map_or_else(|| "?".to_owned(), |best| best.to_string());
        let attention = format!("{found} of {layers}");
        let [portable, contrib] = left;
        writeln!(table, "{name:<28}{before:>7}{best:>7}{portable:>10}{contrib:>13}{attention:>11}{complaints}")
            .expect("a string");
    }
    compare_with_golden(&table, "exports.txt");
}

fn compare_with_golden(table: &str, file: &str) {
    let golden = repository("backends/ort/tests/expected").join(file);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&golden, table).expect("it can be written");
        return;
    }
    let expected = fs::read_to_string(&golden).unwrap_or_default();
    let changed: String =
        table.lines().filter(|line| !expected.lines().any(|other| other == *line)).collect::<Vec<_>>().join("\n");
    assert!(table == expected, "these rows are others now; run `make bless` and read the change:\n{changed}");
}
