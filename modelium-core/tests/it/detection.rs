//! Formats that look alike are told apart: protobuf messages without a magic number, JSON, XML, buffers.

use std::fs;
use std::path::PathBuf;

use modelium_core::formats::Match;
use modelium_core::scan::{Part, Sniff};
use modelium_core::{Artifact, Context, Registry};

use crate::support::repository;

/// Formats whose files have no mark of their own at their start.
const ALIKE: [&str; 13] = [
    "saved_model",
    "graph_def",
    "meta_graph",
    "tf_checkpoint",
    "tflite",
    "coreml",
    "openvino",
    "tfjs",
    "paddle",
    "mxnet",
    "ncnn",
    "mnn",
    "onnx",
];

fn files(below: PathBuf) -> Vec<PathBuf> {
    let (mut waiting, mut files) = (vec![below], Vec::new());
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(path).unwrap().map(|item| item.unwrap().path()));
        } else {
            files.push(path);
        }
    }
    files.retain(|path| path.file_name().is_none_or(|name| name != "facts.json"));
    files.sort();
    files
}

fn corpus() -> Vec<PathBuf> {
    let folders = ALIKE.iter().map(|format| repository("tests/corpus/formats").join(format));
    folders.chain([repository("tests/corpus/onnx")]).filter(|folder| folder.exists()).flat_map(files).collect()
}

#[test]
fn at_most_one_analyzer_is_certain_of_a_file() {
    let (registry, cx) = (Registry::builtin(), Context::new());
    for path in corpus() {
        let artifact = Artifact::open(&path, &cx).unwrap();
        let certain: Vec<_> = registry
            .analyzers()
            .iter()
            .filter(|analyzer| analyzer.probe(&artifact) == Match::Certain)
            .map(|analyzer| analyzer.format().to_string())
            .collect();
        assert!(certain.len() <= 1, "{}: {certain:?}", path.display());
    }
}

#[test]
fn at_most_one_inspector_is_certain_of_a_file() {
    let (registry, cx) = (Registry::builtin(), Context::new());
    for path in corpus() {
        let artifact = Artifact::open(&path, &cx).unwrap();
        let (name, _) = artifact.entries().next().unwrap();
        let part = Part::file(name, artifact.blob(name).unwrap());
        let certain: Vec<_> = registry
            .inspectors()
            .iter()
            // documents of a repository are read for hooks to code, whatever else they are
            .filter(|inspector| inspector.format().as_str() != "hugging_face")
            .filter(|inspector| inspector.sniff(&part) == Sniff::Certain)
            .map(|inspector| inspector.format().to_string())
            .collect();
        assert!(certain.len() <= 1, "{}: {certain:?}", path.display());
    }
}
