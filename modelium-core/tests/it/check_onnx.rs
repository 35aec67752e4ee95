//! The verdict of `check_full` against that of `onnx.checker.check_model(full_check=True)`, on broken models and whole ones.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use modelium_core::formats::Importer as _;
use modelium_core::formats::onnx::OnnxImporter;
use modelium_core::{Artifact, Context, Result, ir};
use serde::Deserialize;

use crate::support::{golden, repository, suite};

const FOLDER: &str = "tests/hostile/check";

/// Models that the official checker accepts and `check_full` refuses, and why: each of them fails when it is run, or has
/// bytes or names that say two things. The other way round there is none.
const STRICTER: &[(&str, &str)] = &[
    ("attribute_reference_and_content.onnx", "an attribute with a value and a reference has two meanings"),
    ("attribute_reference_in_main_graph.onnx", "there is no function whose argument it could be"),
    ("convolution_channels.onnx", "no runtime convolves 3 channels with weights of 2"),
    ("convolution_group.onnx", "no runtime convolves 3 channels in 2 groups"),
    ("convolution_layer_norm_axis.onnx", "the axis does not exist"),
    (
        "declared_after_foreign.onnx",
        "the official inference stops telling faults after an operator that it does not know",
    ),
    (
        "declared_declared_after_foreign.onnx",
        "the official inference stops telling faults after an operator that it does not know",
    ),
    ("external_file_short/model.onnx", "the bytes are not there"),
    ("external_length_short/model.onnx", "the bytes are not there"),
    ("external_offset_negative/model.onnx", "the bytes are not there"),
    ("external_offset_text/model.onnx", "nobody can say where the bytes are"),
    ("external_range_beyond/model.onnx", "the bytes are not there"),
    ("function_attribute_undeclared.onnx", "no call can give an attribute that is not declared"),
    ("function_other_overload.onnx", "the overload does not exist"),
    ("function_output_undefined.onnx", "nothing computes the function's output"),
    ("function_too_many_arguments.onnx", "the function has no such input"),
    ("function_too_many_results.onnx", "the function has no such output"),
    ("loop_carried_shape.onnx", "the body declares another shape than it computes"),
    ("loop_result_shape.onnx", "the declared rank is not the one that comes out"),
    ("names_value_info_empty.onnx", "a type of no value"),
    ("pieces_space_to_depth.onnx", "a height of 3 has no blocks of 2"),
    ("pieces_split_num_outputs.onnx", "three pieces for two outputs"),
    ("product_einsum_dims.onnx", "one letter of two sizes"),
    ("reshape_count.onnx", "6 elements do not fill 4"),
    ("tensor_int4_unpacked.onnx", "the bytes are not those of the shape"),
    ("tensor_raw_long.onnx", "the bytes are not those of the shape"),
    ("tensor_scalar_two.onnx", "the elements are not those of the shape"),
    ("tensor_type_99.onnx", "the element type does not exist"),
    ("tensor_typed_long.onnx", "the elements are not those of the shape"),
];

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
    let known: Vec<_> = STRICTER.iter().map(|(file, _)| *file).collect();
    assert!(cases.iter().filter(|case| case.verdict == "refused").count() > 300, "the set is smaller than it was");
    assert_eq!(differ, known, "the table at the head of this file must say why:\n{report}");
    golden("tests/hostile/check/errors.txt", &lines);
}

/// Models of the suite on which our verdict is not the official one, and why.
const SUITE_OTHERWISE: &[(&str, &str)] = &[(
    "test_mvn",
    "the official inference of its own function body fails where the node leaves 'axes' at their default",
)];

#[test]
fn gives_the_official_verdict_on_the_official_suite() {
    let Some(folder) = suite() else { return };
    let text = fs::read_to_string(folder.join("checks.json")).unwrap();
    let official: BTreeMap<String, Option<String>> = serde_json::from_str(&text).unwrap();
    let (mut differ, mut report) = (Vec::new(), String::new());
    for (name, official) in &official {
        let found = verdict(&folder.join(name).join("model.onnx")).err().map(|error| error.to_string());
        if found.is_some() != official.is_some() {
            differ.push(name.as_str());
            writeln!(report, "{name}\n    found:    {found:?}\n    official: {official:?}").unwrap();
        }
    }
    let known: Vec<_> = SUITE_OTHERWISE.iter().map(|(name, _)| *name).collect();
    assert_eq!(differ, known, "of {} models:\n{report}", official.len());
}
