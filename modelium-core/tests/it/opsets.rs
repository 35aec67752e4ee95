//! Opset conversion over the official suite: what converts is well formed by the full check, what does not says why.
//!
//! With `MODELIUM_OPSETS` naming a folder, the models are written there too, for `tests/opsets.py` to run them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use modelium_core::formats::onnx::{OnnxExporter, OnnxImporter};
use modelium_core::formats::{Exporter as _, Importer as _, Weights};
use modelium_core::ir::{self, Model};
use modelium_core::opset::{OLDEST_OPSET, convert_domain, convert_opset};
use modelium_core::{Artifact, Context, MemorySink, Sink as _};

use crate::support::{golden, repository, suite};

/// Versions at whose boundaries most changes; each model goes to all of them from where it is, where they are run.
const TARGETS: [u64; 13] = [7, 8, 9, 10, 11, 12, 13, 15, 17, 20, 24, 26, 28];

/// A few of them, where nothing runs what comes out.
const FEW: [u64; 4] = [8, 12, 17, 28];

/// The newest version that ONNX Runtime 1.32 runs.
const NEWEST_RUN: u64 = 28;

fn import(path: &Path) -> Model {
    let cx = Context::new();
    OnnxImporter.import(&Artifact::open(path, &cx).unwrap(), &cx).unwrap()
}

fn export(model: &Model) -> Vec<u8> {
    let cx = Context::new();
    let mut sink = MemorySink::new();
    let checked = ir::check(model, &cx).unwrap();
    OnnxExporter.export(checked, "model.onnx", Weights::InPlace, &mut sink, &cx).unwrap();
    sink.commit().unwrap();
    sink.into_files().remove("model.onnx").unwrap()
}

/// The node models of the suite, by name.
fn cases() -> Vec<(String, PathBuf)> {
    let Some(folder) = suite() else { return Vec::new() };
    let mut cases: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|item| item.unwrap().path())
        .filter(|path| fs::read_to_string(path.join("case.json")).is_ok_and(|case| case.contains("\"node\"")))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path.join("model.onnx")))
        .collect();
    cases.sort();
    cases
}

#[test]
fn what_converts_is_well_formed_and_the_rest_says_why() {
    let cx = Context::new();
    let out = std::env::var_os("MODELIUM_OPSETS").map(PathBuf::from);
    let (mut refused, mut faults) = (String::new(), Vec::new());
    let mut counts = BTreeMap::<u64, [usize; 2]>::new();
    for (name, path) in cases() {
        let original = import(&path);
        let Some(from) = original.opset("").filter(|&from| from >= OLDEST_OPSET) else { continue };
        let sound = ir::check_full(&original, &cx).is_ok();
        let targets: &[u64] = if out.is_some() { &TARGETS } else { &FEW };
        for target in targets.iter().copied().filter(|&target| target != from) {
            let mut model = original.clone();
            let count = counts.entry(target).or_default();
            if let Err(error) = convert_opset(&mut model, target, &cx) {
                count[1] += 1;
                assert_eq!(model, original, "{name}: a refused model changed");
                writeln!(refused, "{name}\t{target}\t{}", error.message()).unwrap();
                continue;
            }
            count[0] += 1;
            if let Err(error) = ir::check(&model, &cx)
                .and_then(|_| if sound { ir::check_full(&model, &cx).map(|_| ()) } else { Ok(()) })
            {
                faults.push(format!("{name} {from} → {target}: {error}"));
                continue;
            }
            if let Some(out) = &out {
                fs::create_dir_all(out.join(&name)).unwrap();
                fs::write(out.join(&name).join(format!("{target}.onnx")), export(&model)).unwrap();
                // and up again, which is how the adapters in that direction are run
                if target < from && convert_opset(&mut model, NEWEST_RUN, &cx).is_ok() {
                    fs::write(out.join(&name).join(format!("{target}_{NEWEST_RUN}.onnx")), export(&model)).unwrap();
                }
            }
        }
    }
    if let Some(out) = &out {
        fs::write(out.join("refused.txt"), &refused).unwrap();
    }
    assert!(faults.is_empty(), "{} faults, {counts:?}:\n{}", faults.len(), faults.join("\n"));
    if let Some(counts) = counts.get(&17) {
        assert!(counts[0] > 1000, "{counts:?}");
    }
}

#[test]
fn there_and_back_is_the_same_where_nothing_changed() {
    let cx = Context::new();
    for (name, path) in cases().into_iter().filter(|(name, _)| name.starts_with("test_a") || name.starts_with("test_s"))
    {
        let original = import(&path);
        let Some(from) = original.opset("") else { continue };
        let mut model = original.clone();
        let Ok(report) = convert_opset(&mut model, 13, &cx) else { continue };
        if report.changed.is_empty() {
            convert_opset(&mut model, from, &cx).unwrap();
            assert_eq!(export(&model), export(&original), "{name}");
        }
    }
}

#[test]
fn operator_sets_that_are_not_there_are_refused() {
    let cx = Context::new();
    let mut model = import(&repository("tests/corpus/onnx/net_mlp.onnx"));
    let error = convert_domain(&mut model, "com.example", 1, &cx).unwrap_err();
    assert_eq!(error.message(), "the model does not import operator set 'com.example'");
}

#[test]
fn every_model_of_the_corpus_and_every_hostile_one_converts_or_says_why() {
    let cx = Context::new();
    for folder in ["tests/corpus/onnx", "tests/hostile/onnx", "tests/hostile/check"] {
        for item in fs::read_dir(repository(folder)).unwrap() {
            let path = item.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "onnx") {
                continue;
            }
            let Ok(artifact) = Artifact::open(&path, &cx) else { continue };
            let Ok(original) = OnnxImporter.import(&artifact, &cx) else { continue };
            let sound = ir::check(&original, &cx).is_ok();
            for target in [7, 13, 21, 28] {
                let mut model = original.clone();
                if convert_opset(&mut model, target, &cx).is_ok() && sound {
                    ir::check(&model, &cx).unwrap_or_else(|error| panic!("{} to {target}: {error}", path.display()));
                }
            }
        }
    }
}

/// Real exports go to other opsets. `tests/golden/opset_exports.txt` lists what cannot, read when it changes.
#[test]
fn real_exports_convert_or_say_why_not() {
    let cx = Context::new();
    let mut refused = String::new();
    let mut paths: Vec<_> = fs::read_dir(repository("tests/corpus/exports"))
        .unwrap()
        .map(|item| item.unwrap().path().join("model.onnx"))
        .filter(|path| path.exists())
        .collect();
    paths.sort();
    assert!(paths.len() > 20, "only {} exports", paths.len());
    for path in paths {
        let name = path.parent().and_then(Path::file_name).unwrap().to_string_lossy().into_owned();
        let original = import(&path);
        let from = original.opset("").unwrap();
        for target in [11, 13, 17, 28].into_iter().filter(|&target| target != from) {
            let mut model = original.clone();
            match convert_opset(&mut model, target, &cx) {
                Ok(_) => {
                    ir::check(&model, &cx).unwrap_or_else(|error| panic!("{name} {from} → {target}: {error}"));
                }
                Err(error) => writeln!(refused, "{name} {from} → {target}: {}", error.message()).unwrap(),
            }
        }
    }
    golden("tests/golden/opset_exports.txt", &refused);
}
