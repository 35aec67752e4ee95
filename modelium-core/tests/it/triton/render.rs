//! Rendered repositories, and the batch axis that is proven by running. The goldens in tests/corpus/triton are read by
//! Triton's own parser in tests/python.

use std::collections::BTreeMap;

use modelium_core::artifact::MemorySink;
use modelium_core::deploy::triton::{InstanceGroup, InstanceKind, TritonDeployer, TritonOptions, VersionPolicy};
use modelium_core::deploy::{DeployRequest, Deployer, Rendered};
use modelium_core::descriptor::{FileDescriptor, FileRole};
use modelium_core::plan::{DimRange, Workload};
use modelium_core::runtime::Runtime;
use modelium_core::tensor::{DType, Tensor};
use modelium_core::{Artifact, Context, ErrorKind, ModelDescriptor, Result, Sink};

use super::model::{Arithmetic, artifact, describe, floats, port, refusal, tensor};
use crate::support::golden;

struct Made {
    rendered: Rendered,
    files: BTreeMap<String, Vec<u8>>,
}

impl Made {
    fn config(&self, name: &str) -> String {
        String::from_utf8(self.files[&format!("{name}/config.pbtxt")].clone()).expect("a config is text")
    }

    /// Code and message of each finding.
    fn findings(&self) -> Vec<String> {
        self.rendered.findings.iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect()
    }

    fn max_batch_size(&self, name: &str) -> String {
        let config = self.config(name);
        let line = config.lines().find_map(|line| line.strip_prefix("max_batch_size: "));
        line.expect("each config says it").to_owned()
    }
}

fn render(
    name: &str,
    model: &ModelDescriptor,
    stored: &Artifact,
    runtime: Option<&dyn Runtime>,
    options: TritonOptions,
) -> Result<Made> {
    let mut sink = MemorySink::new();
    let request = DeployRequest { name, model: stored, descriptor: model, runtime, workload: &Workload::default() };
    let rendered = TritonDeployer::new(options).render(&request, &mut sink, &Context::new())?;
    sink.commit()?;
    Ok(Made { rendered, files: sink.into_files() })
}

fn one(name: &str, model: &ModelDescriptor, runtime: &dyn Runtime) -> Made {
    render(name, model, &artifact(), Some(runtime), TritonOptions::default()).expect("it can be rendered")
}

/// Each row of `x` times two.
fn doubled(inputs: &[Tensor]) -> Vec<Tensor> {
    let values: Vec<f32> = floats(&inputs[0]).iter().map(|x| 2.0 * x).collect();
    vec![tensor("y", &inputs[0].dims, &values)]
}

#[test]
fn a_classifier_with_labels() {
    let model = describe(
        &[port("image", DType::Float32, &["batch", "1", "8", "8"])],
        &[port("scores", DType::Float32, &["batch", "3"])],
    );
    let runtime = Arithmetic::new(&model, |inputs| {
        let image = floats(&inputs[0]);
        let rows = image.chunks(64).flat_map(|row| [row[0], row.iter().sum(), row[63] - row[1]]);
        Ok(vec![tensor("scores", &[inputs[0].dims[0], 3], &rows.collect::<Vec<_>>())])
    });
    let options = TritonOptions {
        max_batch_size: 16,
        instance_groups: vec![InstanceGroup { kind: InstanceKind::Cpu, count: 2, gpus: vec![] }],
        labels: [("scores".into(), vec!["cat".into(), "dog".into(), "newt".into()])].into(),
        parameters: [("intra_op_thread_count".into(), "1".into())].into(),
        ..TritonOptions::default()
    };
    let made = render("classifier", &model, &artifact(), Some(&runtime), options).expect("it can be rendered");
    golden("tests/corpus/triton/classifier.pbtxt", &made.config("classifier"));
    assert_eq!(made.findings(), [""; 0]);
    assert_eq!(made.files["classifier/labels.txt"], b"cat\ndog\nnewt\n");
    assert_eq!(made.files["classifier/1/model.onnx"], b"onnx");
    assert_eq!(made.rendered.files, ["classifier/config.pbtxt", "classifier/labels.txt", "classifier/1/model.onnx"]);
}

#[test]
fn an_encoder_with_a_second_dynamic_axis() {
    let ids = |name| port(name, DType::Int64, &["batch", "sequence"]);
    let model = describe(
        &[ids("input_ids"), ids("attention_mask")],
        &[port("last_hidden_state", DType::Float16, &["batch", "sequence", "2"])],
    );
    let runtime = Arithmetic::new(&model, |inputs| {
        let dims = [inputs[0].dims[0], inputs[0].dims[1], 2];
        if inputs[0].dims[1] != 32 || inputs[1].dims != inputs[0].dims {
            return Err(refusal("the position table has 32 rows"));
        }
        let ids = inputs[0].to_i64s().expect("integers");
        let bytes: Vec<u8> = ids.iter().flat_map(|id| [u8::try_from(*id).expect("small"), 60, 0, 60]).collect();
        Ok(vec![Tensor::new("last_hidden_state", DType::Float16, dims.to_vec(), bytes).expect("two halves for each")])
    });
    let options = TritonOptions {
        dims: [("sequence".into(), DimRange { min: 1, max: 32 })].into(),
        version_policy: VersionPolicy::Specific(vec![1, 3]),
        ..TritonOptions::default()
    };
    let made = render("encoder", &model, &artifact(), Some(&runtime), options).expect("it can be rendered");
    golden("tests/corpus/triton/encoder.pbtxt", &made.config("encoder"));
    assert_eq!(made.findings(), [""; 0]);
}

#[test]
fn a_model_that_is_fixed_to_one_image() {
    let image = |name| port(name, DType::Uint8, &["1", "3", "4", "4"]);
    let model = describe(&[image("x")], &[image("y")]);
    let runtime = Arithmetic::new(&model, |inputs| Ok(inputs.to_vec()));
    let made = one("fixed", &model, &runtime);
    golden("tests/corpus/triton/fixed.pbtxt", &made.config("fixed"));
    assert_eq!(
        made.findings(),
        ["triton.no_batch_axis: max_batch_size is 0: the first dimension of input 'x' is fixed to 1"]
    );
}

#[test]
fn one_number_for_each_row_is_reshaped_away() {
    let model = describe(
        &[port("text", DType::String, &["N"]), port("weight", DType::Float32, &["N"])],
        &[port("score", DType::Float32, &["N"])],
    );
    let runtime = Arithmetic::new(&model, |inputs| Ok(vec![inputs[1].clone()]));
    let made = one("rows", &model, &runtime);
    golden("tests/corpus/triton/rows.pbtxt", &made.config("rows"));
    assert_eq!(made.findings(), [""; 0]);
}

#[test]
fn a_scalar_and_an_input_with_a_default() {
    let mut scale = port("scale", DType::Float32, &["1"]);
    scale.optional = true;
    let model = describe(&[port("x", DType::Float32, &["2", "3"]), scale], &[port("total", DType::Float32, &[])]);
    let runtime = Arithmetic::new(&model, |inputs| Ok(vec![tensor("total", &[], &[floats(&inputs[0]).iter().sum()])]));
    let made = one("scalar", &model, &runtime);
    golden("tests/corpus/triton/scalar.pbtxt", &made.config("scalar"));
}

#[test]
fn weights_beside_the_model_keep_the_names_that_it_refers_to() {
    let files = ["net.onnx", "model.onnx", "more/w.bin"].map(|name| (name.to_owned(), name.as_bytes().into()));
    let stored = Artifact::from_entries("net", files);
    let mut model = describe(&[port("x", DType::Float32, &["N"])], &[port("y", DType::Float32, &["N"])]);
    let file = |name: &str, role| FileDescriptor { name: name.into(), bytes: 1, role, sha256: None };
    model.files = vec![
        file("net.onnx", FileRole::Model),
        file("model.onnx", FileRole::ExternalData),
        file("more/w.bin", FileRole::ExternalData),
    ];
    let made = render("net", &model, &stored, None, TritonOptions::default()).expect("it can be rendered");
    assert_eq!(made.files["net/1/net.onnx"], b"net.onnx");
    assert_eq!(made.files["net/1/model.onnx"], b"model.onnx");
    assert_eq!(made.files["net/1/more/w.bin"], b"more/w.bin");
    assert!(made.config("net").contains("default_model_filename: \"net.onnx\"\n"));
}

#[test]
fn a_sum_over_the_first_axis_is_no_batch() {
    let model = describe(&[port("x", DType::Float32, &["N", "4"])], &[port("y", DType::Float32, &["N", "4"])]);
    let runtime = Arithmetic::new(&model, |inputs| {
        let x = floats(&inputs[0]);
        let total = |column: usize| x.iter().skip(column).step_by(4).sum::<f32>();
        let shares: Vec<f32> = x.iter().enumerate().map(|(index, x)| x / total(index % 4)).collect();
        Ok(vec![tensor("y", &inputs[0].dims, &shares)])
    });
    let made = one("shares", &model, &runtime);
    assert_eq!(made.max_batch_size("shares"), "0");
    let findings = made.findings();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].starts_with("triton.batch_disproved: max_batch_size is 0: output 'y' of row 0 differs by "));
    assert!(findings[0].ends_with(" between a batch of 2 and the row alone"));
    assert!(made.config("shares").contains("dims: [ -1, 4 ]"));
}

#[test]
fn a_sum_that_runs_along_the_first_axis_is_no_batch() {
    let model = describe(&[port("x", DType::Float32, &["N", "1"])], &[port("y", DType::Float32, &["N", "1"])]);
    let runtime = Arithmetic::new(&model, |inputs| {
        let sums = floats(&inputs[0]).into_iter().scan(0.0, |sum, x| {
            *sum += x;
            Some(*sum)
        });
        Ok(vec![tensor("y", &inputs[0].dims, &sums.collect::<Vec<_>>())])
    });
    let findings = one("running", &model, &runtime).findings();
    assert!(findings[0].starts_with("triton.batch_disproved: max_batch_size is 0: output 'y' of row 1 differs by "));
}

#[test]
fn an_output_of_another_length_is_no_batch() {
    let model = describe(&[port("x", DType::Float32, &["N", "2"])], &[port("y", DType::Float32, &["M"])]);
    let runtime =
        Arithmetic::new(&model, |inputs| Ok(vec![tensor("y", &[inputs[0].dims[0] * 2], &floats(&inputs[0]))]));
    let findings = one("flat", &model, &runtime).findings();
    assert_eq!(findings, ["triton.batch_disproved: max_batch_size is 0: output 'y' has shape [4] for 2 rows"]);
}

#[test]
fn a_maximum_that_the_model_cannot_take_is_halved() {
    let model = describe(&[port("x", DType::Float32, &["N", "2"])], &[port("y", DType::Float32, &["N", "2"])]);
    let runtime = Arithmetic::new(&model, |inputs| {
        if inputs[0].dims[0] > 10 { Err(refusal("out of memory")) } else { Ok(doubled(inputs)) }
    });
    let options = TritonOptions { max_batch_size: 32, ..TritonOptions::default() };
    let made = render("small", &model, &artifact(), Some(&runtime), options).expect("it can be rendered");
    assert_eq!(made.max_batch_size("small"), "8");
    assert_eq!(
        made.findings(),
        [
            "triton.max_batch_reduced: max_batch_size is 8 instead of 32: the model does not run on 32 rows: out of memory"
        ]
    );
}

#[test]
fn a_first_axis_that_is_also_an_inner_one_is_no_batch() {
    let model = describe(&[port("x", DType::Float32, &["N", "N"])], &[port("y", DType::Float32, &["N"])]);
    let made = render("square", &model, &artifact(), None, TritonOptions::default()).expect("it can be rendered");
    assert_eq!(
        made.findings(),
        ["triton.no_batch_axis: max_batch_size is 0: 'N' is the first dimension and also an inner one of 'x'"]
    );
}

#[test]
fn without_a_runtime_the_axis_is_unproven_unless_it_is_trusted() {
    let model = describe(&[port("x", DType::Float32, &["N", "4"])], &[port("y", DType::Float32, &["N", "4"])]);
    let made = render("m", &model, &artifact(), None, TritonOptions::default()).expect("it can be rendered");
    assert_eq!(made.max_batch_size("m"), "0");
    assert_eq!(
        made.findings(),
        [
            "triton.batch_unproven: max_batch_size is 0: no runtime is there to prove that the first axis is a batch axis"
        ]
    );
    let trusting = TritonOptions { trust_batch_axis: true, ..TritonOptions::default() };
    let made = render("m", &model, &artifact(), None, trusting).expect("it can be rendered");
    assert_eq!(made.max_batch_size("m"), "8");
    assert_eq!(made.findings().len(), 1);
}

#[test]
fn a_model_that_does_not_run_on_zeros_gets_no_warmup() {
    let model = describe(&[port("x", DType::Float32, &["N", "4"])], &[port("y", DType::Float32, &["N", "4"])]);
    let runtime = Arithmetic::new(&model, |inputs| {
        if floats(&inputs[0]).iter().all(|x| *x == 0.0) {
            Err(refusal("division by zero"))
        } else {
            Ok(doubled(inputs))
        }
    });
    let made = one("m", &model, &runtime);
    assert_eq!(made.max_batch_size("m"), "8");
    assert_eq!(
        made.findings(),
        ["triton.warmup_left_out: no warmup: the model does not run on zeros: division by zero"]
    );
    assert!(!made.config("m").contains("model_warmup"));
}

#[test]
fn what_triton_cannot_serve_is_refused_by_name() {
    let x = || port("x", DType::Float32, &["N"]);
    let mut sequence = x();
    (sequence.dtype, sequence.ty) = (None, "seq(float32[N])".into());
    let mut unranked = x();
    unranked.shape = None;
    for (input, message) in [
        (
            port("x", DType::Float8E4M3Fn, &["N"]),
            "input 'x' has element type float8e4m3fn, which Triton does not have; cast it inside the model (x)",
        ),
        (sequence, "input 'x' is seq(float32[N]); Triton serves dense tensors of a known element type only (x)"),
        (unranked, "input 'x' has no shape, and Triton needs at least its rank; export the model with shapes (x)"),
        (
            port("x", DType::Float32, &["N", "0"]),
            "input 'x' has dimension 0 at axis 1; Triton takes 1 to 9223372036854775807 (x)",
        ),
    ] {
        let refused = render("m", &describe(&[input], &[x()]), &artifact(), None, TritonOptions::default());
        let error = refused.err().expect("it is refused");
        assert_eq!((error.to_string().as_str(), error.kind()), (message, ErrorKind::Unsupported));
    }
}

#[test]
fn names_that_are_no_folder_or_no_path_segment_are_refused() {
    let model = describe(&[port("x", DType::Float32, &["N"])], &[port("y", DType::Float32, &["N"])]);
    for name in ["", "a/b", "..", ".hidden", "a b", "a%20b", "x\0"] {
        let refused = render(name, &model, &artifact(), None, TritonOptions::default());
        assert_eq!(refused.err().map(|error| error.kind()), Some(ErrorKind::InvalidArgument), "{name:?}");
    }
}

#[test]
fn the_same_request_gives_the_same_bytes() {
    let model = describe(&[port("x", DType::Float32, &["N", "4"])], &[port("y", DType::Float32, &["N", "4"])]);
    let runtime = Arithmetic::new(&model, |inputs| Ok(doubled(inputs)));
    assert_eq!(one("m", &model, &runtime).files, one("m", &model, &runtime).files);
}
