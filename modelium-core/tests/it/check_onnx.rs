//! The verdict of `check_full` against that of `onnx.checker.check_model(full_check=True)`, on broken models and whole ones.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use modelium_core::formats::Importer as _;
use modelium_core::formats::onnx::OnnxImporter;
use modelium_core::{Artifact, Context, Result, ir};
use serde::Deserialize;

use crate::support::{golden, repository};

const FOLDER: &str = "tests/hostile/check";

/// Where our verdict is not the official one, and why.
const OTHERWISE: &[(&str, &str)] = &[];

#[derive(Deserialize)]
struct Expected {
    cases: Vec<Case>,
}

/// One line of `expected.json`, by `tests/generate/onnx_broken.py`.
#[derive(Deserialize)]
struct Case {
    file: String,
    what: String,
    verdict: String,
    message: Option<String>,
}

fn verdict(path: &Path) -> Result<()> {
    let cx = Context::new();
    let model = OnnxImporter.import(&Artifact::open(path, &cx)?, &cx)?;
    ir::check_full(&model, &cx)?;
    Ok(())
}

#[test]
fn gives_the_official_verdict_on_each_broken_model() {
    let folder = repository(FOLDER);
    let text = fs::read_to_string(folder.join("expected.json")).unwrap();
    let cases = serde_json::from_str::<Expected>(&text).unwrap().cases;
    let (mut lines, mut differ, mut report) = (String::new(), Vec::new(), String::new());
    let root = format!("{}/", folder.display());
    for case in &cases {
        let found = verdict(&folder.join(&case.file)).err().map(|error| error.to_string().replace(&root, ""));
        writeln!(lines, "{}\t{}", case.file, found.as_deref().unwrap_or("-")).unwrap();
        if found.is_some() != (case.verdict == "refused") {
            differ.push(case.file.as_str());
            let (found, message) = (found.as_deref().unwrap_or("-"), case.message.as_deref().unwrap_or("-"));
            writeln!(report, "{} ({})\n    found:    {found}\n    official: {message}", case.file, case.what).unwrap();
        }
    }
    let known: Vec<_> = OTHERWISE.iter().map(|(file, _)| *file).collect();
    assert_eq!(differ, known, "the table at the head of this file must say why:\n{report}");
    golden("tests/hostile/check/errors.txt", &lines);
}
