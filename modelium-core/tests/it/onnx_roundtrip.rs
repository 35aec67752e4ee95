//! ONNX → IR → ONNX: the same bytes where nothing changed, the same model where weights moved.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use modelium_core::formats::onnx::{OnnxExporter, OnnxImporter};
use modelium_core::formats::{Exporter as _, Importer as _, Weights};
use modelium_core::ir::{self, Model};
use modelium_core::tensor::{Data, Tensor};
use modelium_core::{Artifact, Context, FolderSink, MemorySink, Sink as _};

use crate::support::{repository, suite};

fn import(path: &Path) -> Model {
    let cx = Context::new();
    let artifact = Artifact::open(path, &cx).unwrap();
    OnnxImporter.import(&artifact, &cx).unwrap_or_else(|error| panic!("{}: {error:?}", path.display()))
}

fn export(model: &Model, weights: Weights) -> BTreeMap<String, Vec<u8>> {
    let cx = Context::new();
    let mut sink = MemorySink::new();
    let checked = ir::check(model, &cx).unwrap_or_else(|error| panic!("{error:?}"));
    OnnxExporter.export(checked, "model.onnx", weights, &mut sink, &cx).unwrap();
    sink.commit().unwrap();
    sink.into_files()
}

/// Every `.onnx` below a folder, sorted.
fn models(folder: &Path) -> Vec<PathBuf> {
    let (mut folders, mut found) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for item in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = item.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "onnx") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn assert_same_bytes(path: &Path, expected: &Path) {
    let exported = export(&import(path), Weights::InPlace);
    let (expected, found) = (fs::read(expected).unwrap(), &exported["model.onnx"]);
    let differs = expected.iter().zip(found).position(|(a, b)| a != b).unwrap_or(expected.len().min(found.len()));
    assert!(
        expected == *found,
        "{}: {} bytes came out for {}; the first that differs is {differs}",
        path.display(),
        found.len(),
        expected.len()
    );
}

/// The elements of every tensor by graph, owner and position, wherever they are stored.
fn elements(model: &Model) -> Vec<(String, Vec<u8>)> {
    let bytes = |tensor: &Tensor| match &tensor.data {
        Data::Strings(strings) => strings.concat(),
        _ => tensor.to_le_bytes().expect("the importer has checked it").into_owned(),
    };
    let mut all = Vec::new();
    for graph in model.graphs() {
        for initializer in &graph.initializers {
            all.push((graph.value(initializer.value).name.clone(), bytes(&initializer.tensor)));
        }
        for (_, node) in graph.nodes() {
            for attribute in &node.attributes {
                all.extend(attribute.value.tensors().iter().map(|tensor| (attribute.name.clone(), bytes(tensor))));
            }
        }
    }
    all
}

#[test]
fn the_corpus_comes_out_as_it_went_in() {
    let found = models(&repository("tests/corpus/onnx"));
    assert!(found.len() > 50, "only {} models", found.len());
    for path in found {
        // lists of numbers that were packed or unpacked against the schema come out as the schema has them
        let name = path.file_name().unwrap().to_str().unwrap();
        let canonical = match name {
            "dtypes_packed.onnx" | "dtypes_unpacked.onnx" => path.with_file_name("dtypes_typed.onnx"),
            _ => path.clone(),
        };
        assert_same_bytes(&path, &canonical);
    }
}

#[test]
fn the_demo_model_comes_out_as_it_went_in() {
    let path = repository("examples/models/digits/digits.onnx");
    assert_same_bytes(&path, &path);
}

#[test]
fn the_official_suite_comes_out_as_it_went_in() {
    let Some(folder) = suite() else { return };
    let found = models(&folder);
    assert!(found.len() > 1000, "only {} models", found.len());
    for path in found {
        assert_same_bytes(&path, &path);
    }
}

#[test]
fn weights_can_move_and_stay_the_same() {
    for path in models(&repository("tests/corpus/onnx")) {
        let model = import(&path);
        for weights in [Weights::Auto, Weights::Beside { threshold_bytes: 0 }, Weights::Beside { threshold_bytes: 16 }]
        {
            let files = export(&model, weights);
            let files = files.into_iter().map(|(name, bytes)| (name, bytes.into()));
            let cx = Context::new();
            let artifact = Artifact::from_entries("moved", files);
            let moved =
                OnnxImporter.import(&artifact, &cx).unwrap_or_else(|error| panic!("{}: {error:?}", path.display()));
            assert_eq!(elements(&model), elements(&moved), "{} {weights:?}", path.display());
        }
    }
}

#[test]
fn auto_puts_small_external_data_inside() {
    let model = import(&repository("tests/corpus/onnx/external_one_file/model.onnx"));
    let files = export(&model, Weights::Auto);
    assert_eq!(files.keys().collect::<Vec<_>>(), ["model.onnx"]);
}

#[test]
fn weights_beside_the_model_are_aligned_and_shared() {
    let model = import(&repository("tests/corpus/onnx/external_shared/model.onnx"));
    let files = export(&model, Weights::Beside { threshold_bytes: 1 });
    // two tensors of 24 bytes that are the same bytes of one file
    assert_eq!(files["model.onnx.data"].len(), 24);
    let model = import(&repository("tests/corpus/onnx/external_odd_offsets/model.onnx"));
    let files = export(&model, Weights::Beside { threshold_bytes: 1 });
    // 24, 12 and 4 bytes at 0, 64 and 128
    assert_eq!(files["model.onnx.data"].len(), 132);
}

#[test]
fn export_into_a_folder_can_be_read_again() {
    let place = tempfile::tempdir().unwrap();
    let cx = Context::new();
    let model = import(&repository("tests/corpus/onnx/external_mixed/model.onnx"));
    let mut sink = FolderSink::create(place.path().join("out")).unwrap();
    let weights = Weights::Beside { threshold_bytes: 1 };
    let names = OnnxExporter.export(ir::check(&model, &cx).unwrap(), "1/m.onnx", weights, &mut sink, &cx).unwrap();
    sink.commit().unwrap();
    assert_eq!(names, ["1/m.onnx", "1/m.onnx.data"]);
    assert_eq!(elements(&import(&place.path().join("out"))), elements(&model));
}
