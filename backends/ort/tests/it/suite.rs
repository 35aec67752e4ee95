//! What simplification leaves of the official ONNX test suite still passes it.

use std::fs;
use std::path::{Path, PathBuf};

use modelium_core::formats::onnx::{OnnxExporter, OnnxImporter};
use modelium_core::formats::{Exporter as _, Importer as _, Weights};
use modelium_core::ir::{self, Model, TypeKind};
use modelium_core::passes::{self, Level, Options};
use modelium_core::runtime::Runtime;
use modelium_core::tensor::{DType, Data, Tensor};
use modelium_core::{Artifact, Context, MemorySink, Sink as _};

use crate::support::{numbers, runtime};

const LEVELS: [Level; 2] = [Level::Portable, Level::OnnxRuntime];

/// One case of the suite: what goes in, what has to come out, and how exactly.
struct Case {
    sets: Vec<(Vec<Tensor>, Vec<Tensor>)>,
    rtol: f64,
    atol: f64,
}

/// A `TensorProto` on its own is read as the one initializer of a model made around it.
fn tensor(path: &Path, name: &str) -> Tensor {
    let field = |number: u8, content: &[u8]| {
        let mut bytes = vec![number << 3 | 2];
        let mut length = content.len();
        while length >= 0x80 {
            bytes.push(u8::try_from(length & 0x7f).expect("seven bits") | 0x80);
            length >>= 7;
        }
        bytes.push(u8::try_from(length).expect("seven bits"));
        bytes.extend_from_slice(content);
        bytes
    };
    let mut proto = fs::read(path).expect("it is in the suite");
    proto.extend(field(8, name.as_bytes())); // TensorProto.name: the last one counts
    let model = [vec![0x08, 8], field(7, &field(5, &proto))].concat(); // ir_version, graph, initializer
    let artifact = Artifact::from_bytes("value.onnx", model);
    let model = OnnxImporter.import(&artifact, &Context::new()).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    model.graph.initializers.into_iter().next().expect("one tensor").tensor
}

/// The case, if all that goes in and comes out is a tensor: others do not pass through the binding.
fn case(folder: &Path, model: &Model) -> Option<Case> {
    let ports = |ports: &[ir::Port]| -> Option<Vec<String>> {
        let name = |port: &ir::Port| {
            let dense = matches!(port.ty.as_ref()?.kind, TypeKind::Tensor { .. });
            dense.then(|| model.graph.value(port.value).name.clone())
        };
        ports.iter().map(name).collect()
    };
    let (inputs, outputs) = (ports(&model.graph.inputs)?, ports(&model.graph.outputs)?);
    let facts: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("case.json")).ok()?).ok()?;
    let read = |set: &Path, what: &str, names: &[String]| -> Vec<Tensor> {
        let file = |at: usize| set.join(format!("{what}_{at}.pb"));
        names
            .iter()
            .enumerate()
            .filter(|(at, _)| file(*at).exists())
            .map(|(at, name)| tensor(&file(at), name))
            .collect()
    };
    let set = |number: u32| {
        let set = folder.join(format!("test_data_set_{number}"));
        set.exists().then(|| (read(&set, "input", &inputs), read(&set, "output", &outputs)))
    };
    let sets: Vec<_> = (0..).map_while(set).collect();
    (!sets.is_empty()).then(|| Case {
        sets,
        rtol: facts["rtol"].as_f64().expect("a number"),
        atol: facts["atol"].as_f64().expect("a number"),
    })
}

impl Case {
    /// Why the model does not pass; `None` if it does.
    fn failure(&self, artifact: &Artifact, runtime: &dyn Runtime, cx: &Context) -> Option<String> {
        let run = |inputs: &[Tensor]| runtime.load(artifact, cx)?.run(inputs, cx);
        self.sets.iter().find_map(|(inputs, expected)| match run(inputs) {
            Err(error) => Some(error.to_string()),
            Ok(found) if found.len() < expected.len() => Some(format!("{} outputs", found.len())),
            Ok(found) => found.iter().zip(expected).find_map(|(found, expected)| self.difference(found, expected)),
        })
    }

    /// numpy's `allclose`, with equal NaNs.
    fn difference(&self, found: &Tensor, expected: &Tensor) -> Option<String> {
        if (found.dtype, &found.dims) != (expected.dtype, &expected.dims) {
            return Some(format!("{}{:?} for {}{:?}", found.dtype, found.dims, expected.dtype, expected.dims));
        }
        if let (Data::Strings(a), Data::Strings(b)) = (&found.data, &expected.data) {
            return (a != b).then(|| "other strings".to_owned());
        }
        let (Some(a), Some(b)) = (numbers(found), numbers(expected)) else {
            return (found.to_le_bytes() != expected.to_le_bytes()).then(|| "other bits".to_owned());
        };
        #[expect(clippy::float_cmp, reason = "equal infinities")]
        let far = |(a, b): &(f64, f64)| {
            let same = a == b || (a.is_nan() && b.is_nan());
            !(same || (a - b).abs() <= self.atol + self.rtol * b.abs())
        };
        let (a, b) = a.into_iter().zip(b).find(far)?;
        Some(format!("{a} for {b}"))
    }
}

fn exported(model: &Model, cx: &Context) -> modelium_core::Result<Artifact> {
    let mut sink = MemorySink::new();
    OnnxExporter.export(ir::check(model, cx)?, "model.onnx", Weights::Auto, &mut sink, cx)?;
    sink.commit()?;
    Ok(Artifact::from_entries("model.onnx", sink.into_files().into_iter().map(|(name, bytes)| (name, bytes.into()))))
}

/// The suite is not committed; `MODELIUM_SUITE` names the folder that `tests/generate/onnx_suite.py` wrote. Cases with
/// sequences, optionals and maps at their edge are run by `tests/exports/suite.py`, all others here.
#[test]
fn the_official_suite_passes_after_simplification_where_it_did_before() {
    let Some(suite) = std::env::var_os("MODELIUM_SUITE") else {
        assert!(std::env::var_os("CI").is_none(), "MODELIUM_SUITE must name the folder of the official suite");
        return;
    };
    let (runtime, cx) = (runtime(), Context::new());
    let mut folders: Vec<PathBuf> = fs::read_dir(suite).expect("it is there").flatten().map(|it| it.path()).collect();
    folders.sort();
    let (mut passed, mut passed_after, mut wrong) = (0, [0; LEVELS.len()], Vec::new());
    for folder in folders.iter().filter(|folder| folder.join("model.onnx").exists()) {
        let name = folder.file_name().expect("a name").to_string_lossy();
        let artifact = Artifact::open(folder.join("model.onnx"), &cx).expect("it opens");
        let model = OnnxImporter.import(&artifact, &cx).unwrap_or_else(|error| panic!("{name}: {error}"));
        let Some(case) = case(folder, &model) else { continue };
        if case.failure(&artifact, &runtime, &cx).is_some() {
            continue; // ONNX Runtime's own affair
        }
        passed += 1;
        for (level, passed) in LEVELS.into_iter().zip(&mut passed_after) {
            let mut simplified = model.clone();
            let options = Options { level, ..Options::default() };
            let outcome = passes::simplify(&mut simplified, &passes::builtin(), &options, &cx)
                .and_then(|_| exported(&simplified, &cx));
            let failure = match outcome {
                Ok(artifact) => case.failure(&artifact, &runtime, &cx),
                Err(error) => Some(error.to_string()),
            };
            match failure {
                None => *passed += 1,
                Some(reason) => wrong.push(format!("{name} ({level:?}): {reason}")),
            }
        }
    }
    let told = wrong.join("\n");
    assert!(wrong.is_empty(), "{passed} cases pass before, {passed_after:?} after; {} do not:\n{told}", wrong.len());
    assert!(passed > 1600, "only {passed} cases ran");
}

/// The one test of this file that must fail if the harness judges nothing.
#[test]
fn a_wrong_number_is_not_close() {
    let case = Case { sets: Vec::new(), rtol: 1e-3, atol: 1e-7 };
    let tensor = |value: f32| Tensor::new("y", DType::Float32, vec![1], value.to_le_bytes().to_vec()).expect("one");
    assert_eq!(case.difference(&tensor(1.0005), &tensor(1.0)), None);
    assert_eq!(case.difference(&tensor(f32::NAN), &tensor(f32::NAN)), None);
    assert_eq!(case.difference(&tensor(1.5), &tensor(1.0)).as_deref(), Some("1.5 for 1"));
    assert_eq!(case.difference(&tensor(f32::NAN), &tensor(1.0)).as_deref(), Some("NaN for 1"));
}
