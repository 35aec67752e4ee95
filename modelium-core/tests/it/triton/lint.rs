//! Mistakes in repositories, each with its line. The golden is tests/corpus/triton/findings.txt; tests/python holds the
//! same mistakes against a real server.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use modelium_core::artifact::FolderSink;
use modelium_core::deploy::triton::{TritonDeployer, TritonOptions, lint};
use modelium_core::deploy::{DeployRequest, Deployer};
use modelium_core::plan::Workload;
use modelium_core::tensor::DType;
use modelium_core::{Artifact, Context, Finding, ModelDescriptor, Result, Severity, Sink};

use super::model::{Arithmetic, artifact, describe, floats, port, refusal, tensor};
use crate::support::golden;

const CONFIG: &str = r#"name: "NAME"
backend: "onnxruntime"
max_batch_size: 8
input [ { name: "x" data_type: TYPE_FP32 dims: [ 3 ] } ]
output [ { name: "y" data_type: TYPE_FP32 dims: [ 2 ] } ]
instance_group [ { kind: KIND_CPU count: 1 } ]
"#;

/// A config that differs from the good one in one place.
fn with(from: &str, to: &str) -> String {
    assert!(CONFIG.contains(from), "{from} is not in the config");
    CONFIG.replacen(from, to, 1)
}

fn and(more: &str) -> String {
    format!("{CONFIG}{more}\n")
}

fn warmup(fields: &str) -> String {
    and(&format!("model_warmup [ {{ name: \"w\" {fields} }} ]"))
}

/// Model files of these tests hold the name of a model instead of one.
fn described(stored: &Artifact) -> Result<ModelDescriptor> {
    let name = stored.entries().next().expect("one file").0.to_owned();
    let x = |dims: &[&str]| port("x", DType::Float32, dims);
    let y = |dims: &[&str]| port("y", DType::Float32, dims);
    let mut model = match &*stored.blob(&name)? {
        b"linear" => describe(&[x(&["N", "3"])], &[y(&["N", "2"])]),
        b"fixed" => describe(&[x(&["1", "3"])], &[y(&["1", "2"])]),
        b"open" => describe(&[x(&["N", "3"])], &[y(&["N", "k"])]),
        b"rows" => describe(&[x(&["N", "3"])], &[y(&["N"])]),
        b"scalar" => describe(&[x(&["N", "3"])], &[y(&[])]),
        b"two_inputs" => describe(&[x(&["N", "3"]), port("mask", DType::Bool, &["N", "3"])], &[y(&["N", "2"])]),
        b"float8" => describe(&[port("x", DType::Float8E5M2, &["N", "3"])], &[y(&["N", "2"])]),
        b"weights" => {
            let mut model = describe(&[x(&["N", "3"])], &[y(&["N", "2"])]);
            model.files.push(modelium_core::descriptor::FileDescriptor {
                name: "w.bin".into(),
                bytes: 1,
                role: modelium_core::descriptor::FileRole::ExternalData,
                sha256: None,
            });
            model
        }
        _ => return Err(refusal("byte 0 starts no ONNX model")),
    };
    model.name = name;
    Ok(model)
}

/// A model in a repository under the name of its case.
fn add(repository: &Path, name: &str, config: &str, model: &str) {
    let folder = repository.join(name);
    fs::create_dir_all(folder.join("1")).expect("a folder can be made");
    fs::write(folder.join("config.pbtxt"), config.replace("NAME", name)).expect("a config can be written");
    if !model.is_empty() {
        fs::write(folder.join("1/model.onnx"), model).expect("a model can be written");
    }
}

fn findings(repository: &Path) -> Vec<Finding> {
    lint(repository, &described, &Context::new()).expect("the repository can be read")
}

/// One line for each finding.
fn lines(repository: &Path) -> String {
    let mut text = String::new();
    for finding in findings(repository) {
        let file = finding.location.file.clone().unwrap_or_default();
        let file = Path::new(&file).strip_prefix(repository).expect("below the repository").display().to_string();
        let line = finding.location.line.map(|line| format!(":{line}")).unwrap_or_default();
        let item = finding.location.item.map(|item| format!(" ({item})")).unwrap_or_default();
        let severity = format!("{:?}", finding.severity).to_lowercase();
        let remedy = finding.remedy.map(|remedy| format!("\n    {remedy}")).unwrap_or_default();
        let _ = writeln!(text, "{file}{line}{item}: {severity} {}: {}{remedy}", finding.code, finding.message);
    }
    text
}

/// What the server refuses, by the names that `tests/python/test_triton_server.py` gives the mistakes.
fn refused() -> Vec<(&'static str, String, &'static str)> {
    let x = "dims: [ 3 ]";
    let y = "dims: [ 2 ]";
    vec![
        ("unknown_field", with("max_batch_size", "max_batch"), "linear"),
        ("enum_without_prefix", with("TYPE_FP32", "FP32"), "linear"),
        ("open_bracket", with(x, "dims: [ 3"), "linear"),
        ("field_twice", and("max_batch_size: 4"), "linear"),
        ("two_schedulers", and("dynamic_batching {}\nsequence_batching {}"), "linear"),
        ("negative_batch", with("batch_size: 8", "batch_size: -1"), "linear"),
        ("other_name", with("NAME", "other"), "linear"),
        ("preferred_above_max", and("dynamic_batching { preferred_batch_size: [ 4, 16 ] }"), "linear"),
        ("dims_zero", with(x, "dims: [ 0 ]"), "linear"),
        ("no_dims", with(x, ""), "linear"),
        ("no_data_type", with("data_type: TYPE_FP32 dims: [ 3 ]", x), "linear"),
        ("no_such_backend", with("onnxruntime", "onnx"), "linear"),
        ("no_such_version", and("version_policy { specific { versions: [ 7 ] } }"), "linear"),
        ("no_versions", and("version_policy { latest { num_versions: 0 } }"), "linear"),
        ("no_labels", with(y, "dims: [ 2 ] label_filename: \"labels.txt\""), "linear"),
        ("other_dims", with(x, "dims: [ 4 ]"), "linear"),
        ("open_dims", with(x, "dims: [ -1 ]"), "linear"),
        ("batch_axis_in_dims", with(x, "dims: [ -1, 3 ]"), "linear"),
        ("other_output_dims", with(y, "dims: [ -1 ]"), "linear"),
        ("other_type", with("TYPE_FP32", "TYPE_FP64"), "linear"),
        ("other_input_name", with("\"x\"", "\"z\""), "linear"),
        ("other_output_name", with("\"y\"", "\"yy\""), "linear"),
        ("fixed_batch", CONFIG.to_owned(), "fixed"),
        ("not_onnx", CONFIG.to_owned(), "not protobuf"),
        ("two_inputs", CONFIG.to_owned(), "two_inputs"),
        // seen on the server, not among its tests
        ("bool_in_capitals", and("response_cache { enable: TRUE }"), "linear"),
        (
            "empty_reshape",
            with(x, "dims: [ 1 ] reshape { shape: [ ] }").replace("batch_size: 8", "batch_size: 0"),
            "fixed",
        ),
        ("float_for_integer", with("batch_size: 8", "batch_size: 8.0"), "linear"),
        ("format", with(x, "dims: [ 3 ] format: FORMAT_NHWC"), "linear"),
        ("gpus_on_the_cpu", with("count: 1", "count: 1 gpus: [ 0 ]"), "linear"),
        ("negative_dims", with(x, "dims: [ -2 ]"), "linear"),
        ("other_file", and("default_model_filename: \"other.onnx\""), "linear"),
        ("platform_of_another", and("platform: \"tensorrt_plan\""), "linear"),
        ("preferred_zero", and("dynamic_batching { preferred_batch_size: [ 0 ] }"), "linear"),
        ("priorities", and("dynamic_batching { priority_levels: 2 }"), "linear"),
        ("profile", with("count: 1", "count: 1 profile: [ \"0\" ]"), "linear"),
        ("quoted_number", with("batch_size: 8", "batch_size: \"8\""), "linear"),
        ("reshape_of_another_size", with(x, "dims: [ 3 ] reshape { shape: [ 2 ] }"), "linear"),
        ("shape_tensor", with(x, "dims: [ 3 ] is_shape_tensor: true"), "linear"),
        ("two_policies", and("version_policy {\n  all {}\n  latest { num_versions: 1 }\n}"), "linear"),
        ("unnamed", with("name: \"x\"", ""), "linear"),
        (
            "warmup_file",
            warmup(
                "batch_size: 1 inputs { key: \"x\" value { data_type: TYPE_FP32 dims: [ 3 ] input_data_file: \"x.bin\" } }",
            ),
            "linear",
        ),
        (
            "warmup_of_another",
            warmup("batch_size: 1 inputs { key: \"xx\" value { data_type: TYPE_FP32 dims: [ 3 ] zero_data: true } }"),
            "linear",
        ),
        (
            "warmup_open",
            warmup("batch_size: 1 inputs { key: \"x\" value { data_type: TYPE_FP32 dims: [ -1 ] zero_data: true } }"),
            "linear",
        ),
        (
            "warmup_too_large",
            warmup("batch_size: 9 inputs { key: \"x\" value { data_type: TYPE_FP32 dims: [ 3 ] zero_data: true } }"),
            "linear",
        ),
        (
            "warmup_type",
            warmup("batch_size: 1 inputs { key: \"x\" value { data_type: TYPE_INT8 dims: [ 4 ] } }"),
            "linear",
        ),
        // by the source of the C++ back end
        ("duplicate_input", with("input [ ", "input [ { name: \"x\" data_type: TYPE_FP32 dims: [ 3 ] }, "), "linear"),
        ("float8", CONFIG.to_owned(), "float8"),
        ("missing_weights", CONFIG.to_owned(), "weights"),
        ("one_number_a_row", with(y, "dims: [ 1 ]"), "rows"),
        ("optional_input", with(x, "dims: [ 3 ] optional: true"), "linear"),
        ("out_of_the_folder", and("default_model_filename: \"../../linear/1/model.onnx\""), "linear"),
        ("whole_shape_needed", with("batch_size: 8", "batch_size: 0"), "linear"),
    ]
}

/// What loads and is likely not what was meant, or only worth knowing.
fn taken() -> Vec<(&'static str, String, &'static str)> {
    vec![
        ("backend_not_said", with("backend: \"onnxruntime\"\n", ""), "linear"),
        (
            "batching_without_batch",
            with("batch_size: 8", "batch_size: 0").replace("[ 3 ]", "[ 1, 3 ]").replace("[ 2 ]", "[ 1, 2 ]")
                + "dynamic_batching { }\n",
            "fixed",
        ),
        ("fewer_outputs", with("output [ { name: \"y\" data_type: TYPE_FP32 dims: [ 2 ] } ]", ""), "linear"),
        ("fixed_output", CONFIG.to_owned(), "open"),
        ("foreign_backend", with("onnxruntime", "mybackend"), ""),
        ("no_instances", with("count: 1", "count: 0"), "linear"),
        ("one_version_absent", and("version_policy { specific { versions: [ 1, 7 ] } }"), "linear"),
        ("platform", with("backend: \"onnxruntime\"", "platform: \"onnxruntime_onnx\""), "linear"),
        ("scalar_of_a_batch", with("dims: [ 2 ]", "dims: [ 1 ]"), "scalar"),
    ]
}

#[test]
fn each_mistake_has_its_line() {
    let place = tempfile::tempdir().expect("a folder");
    let repository = place.path();
    for (name, config, model) in refused() {
        add(repository, name, &config, model);
    }
    let mut text = "# Triton refuses\n".to_owned();
    text += &lines(repository);
    let found = findings(repository);
    for (name, ..) in refused() {
        let folder = repository.join(name);
        let of_case = |finding: &&Finding| {
            finding.location.file.as_ref().is_some_and(|file| Path::new(file).starts_with(&folder))
        };
        let worst = found.iter().filter(of_case).map(|finding| finding.severity).max();
        assert_eq!(worst, Some(Severity::Error), "{name}");
    }
    let place = tempfile::tempdir().expect("a folder");
    for (name, config, model) in taken() {
        add(place.path(), name, &config, model);
    }
    text += "\n# Triton takes\n";
    text += &lines(place.path());
    assert!(findings(place.path()).iter().all(|finding| finding.severity < Severity::Error));
    golden("tests/corpus/triton/findings.txt", &text);
}

#[test]
fn folders_that_are_no_models_or_no_versions_are_named() {
    let place = tempfile::tempdir().expect("a folder");
    let repository = place.path();
    fs::write(repository.join("README.md"), "files are skipped").expect("written");
    fs::create_dir_all(repository.join(".staging")).expect("made");
    fs::create_dir_all(repository.join("bare/1")).expect("made");
    fs::write(repository.join("bare/1/model.onnx"), "linear").expect("written");
    add(repository, "half", CONFIG, "linear");
    fs::create_dir_all(repository.join("half/2.part")).expect("made");
    add(repository, "misnamed", CONFIG, "");
    fs::write(repository.join("misnamed/1/net.onnx"), "linear").expect("written");
    fs::create_dir_all(repository.join("unversioned")).expect("made");
    fs::write(repository.join("unversioned/config.pbtxt"), CONFIG.replace("NAME", "unversioned")).expect("written");
    add(repository, "two_versions", &and("version_policy { all { } }"), "linear");
    fs::create_dir_all(repository.join("two_versions/2")).expect("made");
    fs::write(repository.join("two_versions/2/model.onnx"), "fixed").expect("written");
    add(repository, "labels", &with("dims: [ 2 ]", "dims: [ 2 ] label_filename: \"labels.txt\""), "linear");
    fs::write(repository.join("labels/labels.txt"), "a\nb\nc").expect("written");
    golden("tests/corpus/triton/folders.txt", &lines(repository));
}

#[test]
fn an_ensemble_is_checked_against_its_models() {
    let place = tempfile::tempdir().expect("a folder");
    let repository = place.path();
    add(repository, "part", CONFIG, "linear");
    let ensemble = |steps: &str| {
        let head = CONFIG.replace("backend: \"onnxruntime\"", "platform: \"ensemble\"");
        let head = head.split("instance_group").next().expect("a head").to_owned();
        format!("{head}ensemble_scheduling {{\n  step [\n    {steps}\n  ]\n}}\n")
    };
    let step = |model: &str, from: (&str, &str), to: (&str, &str)| {
        format!(
            "{{\n      model_name: \"{model}\"\n      input_map {{ key: \"{}\" value: \"{}\" }}\n      output_map {{ key: \"{}\" value: \"{}\" }}\n    }}",
            from.0, from.1, to.0, to.1
        )
    };
    let good = step("part", ("x", "x"), ("y", "y"));
    let cases = [
        ("good", ensemble(&good)),
        ("no_model", ensemble(&step("parts", ("x", "x"), ("y", "y")))),
        ("no_output", ensemble(&step("part", ("x", "x"), ("zzz", "y")))),
        ("no_input", ensemble(&step("part", ("z", "x"), ("y", "y")))),
        ("unwritten", ensemble(&step("part", ("x", "q"), ("y", "y")))),
        ("unused", ensemble(&format!("{good},\n    {}", step("part", ("x", "x"), ("y", "left"))))),
        ("twice", ensemble(&format!("{good},\n    {}", step("part", ("x", "x"), ("y", "y"))))),
        (
            "circle",
            ensemble(&format!(
                "{},\n    {}",
                step("part", ("x", "a"), ("y", "b")),
                step("part", ("x", "b"), ("y", "a"))
            )),
        ),
        (
            "shapes",
            ensemble(&format!(
                "{},\n    {}",
                step("part", ("x", "x"), ("y", "m")),
                step("part", ("x", "m"), ("y", "y"))
            )),
        ),
        ("batch", ensemble(&good).replace("batch_size: 8", "batch_size: 9")),
        ("type", ensemble(&good).replacen("TYPE_FP32", "TYPE_INT64", 1)),
        ("fields", ensemble(&good) + "optimization { }\nbackend: \"onnxruntime\"\n"),
        ("no_steps", ensemble("")),
        ("no_scheduling", ensemble(&good).split("ensemble_scheduling").next().expect("a head").to_owned()),
    ];
    for (name, config) in &cases {
        add(repository, name, config, "");
    }
    golden("tests/corpus/triton/ensembles.txt", &lines(repository));
}

#[test]
fn what_is_rendered_has_no_finding() {
    let place = tempfile::tempdir().expect("a folder");
    let model = describe(&[port("x", DType::Float32, &["N", "3"])], &[port("y", DType::Float32, &["N"])]);
    let runtime = Arithmetic::new(&model, |inputs| {
        let sums: Vec<f32> = floats(&inputs[0]).chunks(3).map(|row| row.iter().sum()).collect();
        Ok(vec![tensor("y", &inputs[0].dims[..1], &sums)])
    });
    let options = TritonOptions { labels: [("y".into(), vec!["sum".into()])].into(), ..TritonOptions::default() };
    let mut sink = FolderSink::create(place.path().join("repository")).expect("a sink");
    let workload = Workload::default();
    let request = DeployRequest {
        name: "sums",
        model: &artifact(),
        descriptor: &model,
        runtime: Some(&runtime),
        workload: &workload,
    };
    TritonDeployer::new(options).render(&request, &mut sink, &Context::new()).expect("it can be rendered");
    sink.commit().expect("it can be committed");
    let described = |_: &Artifact| Ok(model.clone());
    let found = lint(&place.path().join("repository"), &described, &Context::new()).expect("it can be read");
    assert_eq!(found, []);
    let one = lint(&place.path().join("repository/sums"), &described, &Context::new()).expect("it can be read");
    assert_eq!(one, []);
}

#[test]
fn a_hostile_config_costs_little_and_says_so() {
    let place = tempfile::tempdir().expect("a folder");
    add(place.path(), "many", &format!("{CONFIG}{}", "a:1 ".repeat(200_000)), "linear");
    add(place.path(), "ports", &format!("{CONFIG}{}", "input{}".repeat(5000)), "linear");
    let found = findings(place.path());
    let last = |file: &str| found.iter().rfind(|finding| finding.location.file.as_deref().unwrap_or("").contains(file));
    assert_eq!(last("many").map(|finding| finding.message.as_str()), Some("199000 findings more are left out"));
    let message = "5001 inputs are too many to check; at most 4096 are";
    assert!(found.iter().any(|finding| finding.message == message));
}
