//! Every hostile model is refused with the one line that stands beside it; every odd one that is fine is read.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use modelium_core::formats::Importer as _;
use modelium_core::formats::onnx::OnnxImporter;
use modelium_core::{Artifact, Context, ErrorKind, Result, ir};
use serde::Deserialize;

use crate::support::{golden, repository};

const FOLDER: &str = "tests/hostile/onnx";

/// Cases whose outcome is not what `cases.json` says, and why that is right or not this stage's to judge.
const OTHERWISE: &[(&str, &str)] = &[
    ("function_without_opset.onnx", "the line names the node that needs the operator set"),
    ("initializer_without_name.onnx", "there is no name; the line counts"),
    ("packed_dims_claim_1e9.onnx", "the name comes after the fault, so that the line has the path"),
    ("raw_data_as_number.onnx", "the name comes after the fault, so that the line has the path"),
];

#[derive(Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

/// One line of `cases.json`; the folder's README says what each key means.
#[derive(Deserialize)]
struct Case {
    file: String,
    expect: String,
    kind: Option<ErrorKind>,
    item: Option<String>,
    #[serde(default)]
    links: Vec<(String, String, String)>,
}

fn cases() -> Vec<Case> {
    let text = fs::read_to_string(repository(FOLDER).join("cases.json")).unwrap();
    serde_json::from_str::<Cases>(&text).unwrap().cases
}

/// True if the line has `item` as a word of its own.
fn names(line: &str, item: &str) -> bool {
    let inside_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(item)
        .any(|(start, _)| !line[..start].ends_with(inside_word) && !line[start + item.len()..].starts_with(inside_word))
}

/// Imports, checks, and looks whether types fit together.
fn read(path: &Path) -> Result<()> {
    let cx = Context::new();
    let model = OnnxImporter.import(&Artifact::open(path, &cx)?, &cx)?;
    ir::check(&model, &cx)
        .and_then(|_| ir::infer(&model, &BTreeMap::new(), &cx)?.well_typed())
        .map_err(|error| error.with_file(path.display().to_string()))
}

/// Copies a case with its links to a place where links can be made.
fn with_links(case: &Case, place: &Path) -> PathBuf {
    let hostile = repository(FOLDER);
    let folder = Path::new(&case.file).parent().expect("a case with links is a folder");
    fs::copy(hostile.join("outside.bin"), place.join("outside.bin")).unwrap();
    fs::create_dir(place.join(folder)).unwrap();
    for item in fs::read_dir(hostile.join(folder)).unwrap() {
        let item = item.unwrap();
        fs::copy(item.path(), place.join(folder).join(item.file_name())).unwrap();
    }
    for (kind, name, target) in &case.links {
        let link = place.join(folder).join(name);
        match kind.as_str() {
            "symlink" => std::os::unix::fs::symlink(target, link).unwrap(),
            "hardlink" => fs::hard_link(place.join(folder).join(target), link).unwrap(),
            "fifo" => {
                let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
                rustix::fs::mknodat(rustix::fs::CWD, &link, rustix::fs::FileType::Fifo, mode, 0).unwrap();
            }
            kind => panic!("{}: no such link: {kind}", case.file),
        }
    }
    place.join(&case.file)
}

#[test]
fn each_hostile_model_has_its_line() {
    let mut lines = String::new();
    let mut otherwise = Vec::new();
    for case in cases() {
        let place = tempfile::tempdir().unwrap();
        let (path, root) = if case.links.is_empty() {
            (repository(FOLDER).join(&case.file), repository(FOLDER))
        } else {
            (with_links(&case, place.path()), place.path().to_owned())
        };
        let root = format!("{}/", root.display());
        let (outcome, line) = match read(&path) {
            Ok(()) => ("accepted".to_owned(), String::new()),
            Err(error) => (error.kind().as_str().to_owned(), error.to_string().replace(&root, "")),
        };
        assert!(!line.contains('\n'), "{}: more than one line: {line:?}", case.file);
        writeln!(lines, "{}\t{outcome}\t{line}", case.file).unwrap();
        let as_expected = match case.expect.as_str() {
            "survives" => true,
            "accepted" => line.is_empty(),
            _ => {
                let facts = line.replace(&case.file, "");
                !line.is_empty()
                    && case.kind.is_none_or(|kind| kind.as_str() == outcome)
                    && case.item.as_ref().is_none_or(|item| names(&facts, item))
            }
        };
        if !as_expected {
            otherwise.push(case.file.clone());
        }
    }
    golden("tests/hostile/onnx/errors.txt", &lines);
    otherwise.sort();
    let known: Vec<_> = OTHERWISE.iter().map(|(file, _)| *file).collect();
    assert_eq!(otherwise, known, "the table at the head of this file must say why");
}
