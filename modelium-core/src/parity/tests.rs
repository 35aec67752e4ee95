//! A runtime whose models are Rust functions, so that each difference is made on purpose.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::ir::{Dim, Shape, Type};

type Function = fn(&[Tensor]) -> Result<Vec<Tensor>>;

struct Model {
    inputs: Vec<RuntimePort>,
    outputs: Vec<RuntimePort>,
    function: Function,
}

/// Runs the model whose name the artifact has.
struct FakeRuntime(BTreeMap<&'static str, Arc<Model>>);

struct FakeSession(Arc<Model>);

impl Runtime for FakeRuntime {
    fn name(&self) -> &'static str {
        "fake"
    }

    fn version(&self) -> String {
        "1".to_owned()
    }

    fn load(&self, artifact: &Artifact, _: &Context) -> Result<Box<dyn Session>> {
        Ok(Box::new(FakeSession(Arc::clone(&self.0[artifact.name()]))))
    }
}

impl Session for FakeSession {
    fn inputs(&self) -> &[RuntimePort] {
        &self.0.inputs
    }

    fn outputs(&self) -> &[RuntimePort] {
        &self.0.outputs
    }

    fn run(&mut self, inputs: &[Tensor], _: &Context) -> Result<Vec<Tensor>> {
        (self.0.function)(inputs)
    }
}

fn port(name: &str, dtype: DType, dims: &[Dim]) -> RuntimePort {
    RuntimePort { name: name.to_owned(), ty: Type::tensor(dtype, Some(Shape::new(dims.iter().cloned()))) }
}

fn batch() -> Dim {
    Dim::Symbol("batch".into())
}

/// `x[batch, 3] → y[batch, 3]`, both float32.
fn model(function: Function) -> Model {
    let dims = [batch(), Dim::Known(3)];
    Model { inputs: vec![port("x", DType::Float32, &dims)], outputs: vec![port("y", DType::Float32, &dims)], function }
}

fn floats(name: &str, dims: &[u64], values: &[f32]) -> Tensor {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    Tensor::new(name, DType::Float32, dims.to_vec(), bytes).unwrap()
}

fn integers(name: &str, dims: &[u64], values: &[i64]) -> Tensor {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    Tensor::new(name, DType::Int64, dims.to_vec(), bytes).unwrap()
}

fn values(tensor: &Tensor) -> Vec<f32> {
    tensor.to_le_bytes().unwrap().as_chunks().0.iter().map(|word| f32::from_le_bytes(*word)).collect()
}

#[expect(clippy::unnecessary_wraps, reason = "a model's function can fail")]
fn map(inputs: &[Tensor], change: impl Fn(usize, f32) -> f32) -> Result<Vec<Tensor>> {
    let changed: Vec<f32> = values(&inputs[0]).into_iter().enumerate().map(|(i, value)| change(i, value)).collect();
    Ok(vec![floats("y", &inputs[0].dims, &changed)])
}

const STRICT: Tolerance = Tolerance { absolute: 1e-6, relative: 0.0, cosine: 0.999 };

fn spec(bindings: &[&[(&str, u64)]]) -> SampleSpec {
    let bind = |binding: &&[(&str, u64)]| binding.iter().map(|&(name, size)| (name.to_owned(), size)).collect();
    SampleSpec { seed: 7, bindings: bindings.iter().map(bind).collect(), own: false }
}

fn compared(original: Model, result: Model, spec: &SampleSpec, own: Option<&[Tensor]>) -> Result<ParityReport> {
    let runtime = FakeRuntime([("a", Arc::new(original)), ("b", Arc::new(result))].into());
    let artifact = |name: &str| Artifact::from_bytes(name, &b""[..]);
    let arrays = own.map(|own| own.iter().map(|array| (array.name.clone().unwrap(), array.clone())).collect());
    compare(&artifact("a"), &artifact("b"), &runtime, spec, arrays.as_ref(), &STRICT, &Context::new())
}

fn mismatch(original: Model, result: Model) -> Error {
    let report = compared(original, result, &spec(&[&[("batch", 2)]]), None).unwrap();
    let error = report.into_result().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mismatch);
    error
}

const SAME: Function = |inputs| map(inputs, |_, value| value);

#[test]
fn equal_models_are_in_parity_on_each_binding() {
    let spec = spec(&[&[("batch", 1)], &[("batch", 5)]]);
    let report = compared(model(SAME), model(SAME), &spec, None).unwrap();
    assert!(report.passed);
    assert_eq!(report.samples.iter().map(|sample| sample.binding["batch"]).collect::<Vec<_>>(), [1, 5]);
    assert_eq!(report.samples[1].outputs[0].elements, 15);
    assert_eq!(report.samples[1].outputs[0].cosine.to_bits(), 1.0_f64.to_bits());
    report.into_result().unwrap();
}

#[test]
fn one_changed_element_is_named_with_its_place() {
    let error = mismatch(model(SAME), model(|inputs| map(inputs, |i, value| if i == 4 { value + 0.5 } else { value })));
    assert_eq!(error.message(), "output 'y' differs by 0.5 at [1, 1]; tolerance is 1e-6");
}

#[test]
fn nan_must_meet_nan_and_an_infinity_the_same_one() {
    let nan: Function = |inputs| map(inputs, |i, value| if i == 1 { f32::NAN } else { value });
    let infinite: Function = |inputs| map(inputs, |i, value| if i == 1 { f32::INFINITY } else { value });
    let minus: Function = |inputs| map(inputs, |i, value| if i == 1 { f32::NEG_INFINITY } else { value });
    for same in [nan, infinite, minus] {
        let report = compared(model(same), model(same), &spec(&[]), None).unwrap();
        assert!(report.passed && report.samples[0].outputs[0].same_nonfinite);
    }
    let error = mismatch(model(infinite), model(minus));
    assert_eq!(error.message(), "output 'y' is -inf at [0, 1] where the original is inf");
    let error = mismatch(model(infinite), model(nan));
    assert_eq!(error.message(), "output 'y' is NaN at [0, 1] where the original is inf");
}

#[test]
fn integers_must_be_equal_whatever_the_tolerance() {
    let count = |function| {
        let dims = [batch(), Dim::Known(3)];
        Model {
            outputs: vec![port("n", DType::Int64, &[Dim::Known(1)])],
            inputs: vec![port("x", DType::Float32, &dims)],
            function,
        }
    };
    let error = mismatch(
        count(|_| Ok(vec![integers("n", &[1], &[i64::MAX])])),
        count(|_| Ok(vec![integers("n", &[1], &[i64::MAX - 1])])),
    );
    assert_eq!(error.message(), "output 'n' differs by 1 at [0]; tolerance is 0");
}

#[test]
fn another_shape_and_another_type_are_mismatches() {
    let reshaped: Function = |inputs| Ok(vec![floats("y", &[3, 2], &values(&inputs[0]))]);
    let error = mismatch(model(SAME), model(reshaped));
    assert_eq!(error.message(), "output 'y' has shape [3, 2] where the original has [2, 3]");
    let mut doubles = model(|inputs| Ok(vec![Tensor { dtype: DType::Int32, ..inputs[0].clone() }]));
    doubles.outputs[0].ty = Type::tensor(DType::Int32, None);
    let error = mismatch(model(SAME), doubles);
    assert_eq!(error.message(), "output 'y' is int32 where the original's is float32");
}

#[test]
fn another_name_is_a_mismatch_on_both_sides() {
    let mut renamed = model(SAME);
    renamed.outputs[0].name = "z".to_owned();
    let error = mismatch(model(SAME), renamed);
    assert_eq!(error.message(), "output 'y' is missing from the result");
    assert_eq!(error.notes(), ["output 'z' of the result is not in the original"]);
}

#[test]
fn another_order_is_a_mismatch_and_outputs_meet_by_name() {
    let two = |names: [&str; 2], function| {
        let dims = [batch(), Dim::Known(3)];
        let outputs = names.map(|name| port(name, DType::Float32, &dims)).to_vec();
        Model { inputs: vec![port("x", DType::Float32, &dims)], outputs, function }
    };
    let ab: Function = |inputs| Ok(vec![inputs[0].clone(), map(inputs, |_, value| value + 1.0)?[0].clone()]);
    let ba: Function = |inputs| Ok(vec![map(inputs, |_, value| value + 1.0)?[0].clone(), inputs[0].clone()]);
    let report = compared(two(["a", "b"], ab), two(["b", "a"], ba), &spec(&[]), None).unwrap();
    assert!(report.samples.iter().all(|sample| sample.passed), "{report}");
    let error = report.into_result().unwrap_err();
    assert_eq!(error.message(), r#"outputs come in the order ["b", "a"] where the original has ["a", "b"]"#);
}

#[test]
fn a_result_that_cannot_run_is_a_mismatch() {
    let error = mismatch(model(SAME), model(|_| Err(Error::new(ErrorKind::Backend, "no kernel"))));
    assert_eq!(error.message(), "the result cannot run on batch=2, the original can: no kernel");
}

#[test]
fn an_original_that_runs_on_nothing_asks_for_own_samples() {
    let fails: Function = |_| Err(Error::new(ErrorKind::Backend, "index 1 is out of range"));
    let error = compared(model(fails), model(SAME), &spec(&[]), None).unwrap_err();
    assert_eq!(error.message(), "the original runs on no generated sample: index 1 is out of range");
    assert!(error.notes()[0].contains("--samples FILE.npz"), "{error:?}");
}

#[test]
fn sizes_that_the_original_refuses_are_skipped_and_told() {
    let images: Function = |inputs| match inputs[0].dims[0] {
        2 => Err(Error::new(ErrorKind::Backend, "the batch must be 1")),
        _ => map(inputs, |_, value| value),
    };
    let report = compared(model(images), model(SAME), &spec(&[&[("batch", 1)], &[("batch", 2)]]), None).unwrap();
    assert!(report.passed);
    assert_eq!(report.skipped[0].reason, "the batch must be 1");
}

#[test]
fn own_samples_run_in_slices_of_a_fixed_batch() {
    let fixed = |function| {
        let dims = [Dim::Known(2), Dim::Known(3)];
        Model {
            inputs: vec![port("x", DType::Float32, &dims)],
            outputs: vec![port("y", DType::Float32, &dims)],
            function,
        }
    };
    // five rows in slices of two: 0–1, 2–3, 3–4; the class is the row number modulo 3
    let rows: Vec<f32> = (0..15_u8).map(|i| if i % 3 == i / 3 % 3 { 1.0 } else { 0.0 }).collect();
    let own = [floats("x", &[5, 3], &rows), integers("labels", &[5], &[0, 1, 2, 0, 2])];
    let broken: Function = |inputs| {
        assert_eq!(inputs[0].dims, [2, 3]);
        map(inputs, |i, value| if i == 5 { value + 2.0 } else { value }) // the last class of every second row
    };
    let report = compared(fixed(SAME), fixed(broken), &spec(&[]), Some(&own)).unwrap();
    let sample = &report.samples[0];
    assert_eq!((sample.source, sample.rows), (SampleSource::Own, Some(5)));
    assert_eq!(sample.outputs[0].worst.as_ref().unwrap().index, [1, 2]);
    // label 2 is right for row 2 alone before; after, rows 1, 3 and 4 become class 2
    let accuracy = report.accuracy.unwrap();
    assert_eq!((accuracy.rows, accuracy.original, accuracy.result), (5, 4, 3));
}

#[test]
fn own_samples_of_a_free_batch_run_in_bounded_slices() {
    let mut values = vec![0.25; 390];
    values[100 * 3 + 2] = 9.0;
    let own = [floats("x", &[130, 3], &values)];
    let bounded: Function = |inputs| {
        assert!(inputs[0].dims[0] <= 64);
        map(inputs, |_, value| value)
    };
    let broken: Function = |inputs| map(inputs, |_, value| if value > 8.0 { value + 1.0 } else { value });
    let report = compared(model(bounded), model(broken), &spec(&[&[("batch", 1)]]), Some(&own)).unwrap();
    let output = &report.samples[0].outputs[0];
    assert_eq!((report.samples[0].rows, output.elements, output.beyond), (Some(130), 390, 1));
    assert_eq!(output.worst.as_ref().unwrap().index, [100, 2]);
}

#[test]
fn own_samples_that_do_not_fit_say_why() {
    let refused = |own: &[Tensor]| {
        let error = compared(model(SAME), model(SAME), &spec(&[]), Some(own)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        error.message().to_owned()
    };
    assert_eq!(
        refused(&[floats("arr_0", &[1, 3], &[0.0; 3])]),
        "the samples have no array for input 'x'; they have 'arr_0', name each array like its input"
    );
    assert_eq!(
        refused(&[integers("x", &[1, 3], &[0; 3])]),
        "array 'x' is int64, the model's input is float32; convert it before saving"
    );
    assert_eq!(
        refused(&[floats("x", &[1, 4], &[0.0; 4])]),
        "array 'x' has shape [1, 4], the model's input has [batch, 3]"
    );
}

/// Computed by a second implementation of the generator, in Python.
const FLOATS_OF_SEED_7: [f32; 4] = [-0.082_325_86, 0.499_185_68, 0.282_236_13, -0.125_444_47];

#[test]
fn generated_samples_are_the_same_on_every_machine() {
    let ports = [port("x", DType::Float32, &[Dim::Known(4)]), port("ids", DType::Int64, &[Dim::Known(8)])];
    let made = samples::generate(&ports, &BTreeMap::new(), &BTreeMap::new(), 7, &Context::new()).unwrap();
    assert_eq!(values(&made[0]), FLOATS_OF_SEED_7);
    assert!(made[1].to_i64s().unwrap().iter().all(|id| (0..=1).contains(id)));
}

#[test]
fn generated_floats_are_standard_normal() {
    let made = samples::generate(
        &[port("x", DType::Float64, &[Dim::Known(100_000)])],
        &BTreeMap::new(),
        &BTreeMap::new(),
        1,
        &Context::new(),
    );
    let bytes = made.unwrap()[0].to_le_bytes().unwrap().into_owned();
    let values: Vec<f64> = bytes.as_chunks().0.iter().map(|word| f64::from_le_bytes(*word)).collect();
    let mean = values.iter().sum::<f64>() / 100_000.0;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 100_000.0;
    assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.02, "mean {mean}, variance {variance}");
}

#[test]
fn a_sample_that_would_fill_the_memory_is_refused() {
    let huge = [port("x", DType::Float32, &[Dim::Known(1 << 40)])];
    let error = samples::generate(&huge, &BTreeMap::new(), &BTreeMap::new(), 7, &Context::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
}

#[test]
fn unnamed_axes_are_named_by_port_and_position() {
    let ports = [port("image", DType::Float32, &[batch(), Dim::Known(3), Dim::Unknown])];
    let tried = samples::bindings(&ports, &[]);
    let first: Vec<_> = tried[0].iter().map(|(name, &size)| (name.as_str(), size)).collect();
    assert_eq!(first, [("batch", 1), ("image.2", 8)]);
}

#[test]
fn a_binding_that_names_some_dimensions_is_completed() {
    let ports = [port("ids", DType::Int64, &[batch(), Dim::Symbol("length".into())])];
    let bound = samples::bindings(&ports, &[[("length".to_owned(), 100)].into()]);
    assert_eq!(bound, [[("batch".to_owned(), 1), ("length".to_owned(), 100)].into()]);
}

#[test]
fn a_report_reads_as_a_table() {
    let broken: Function = |inputs| match inputs[0].dims[0] {
        3 => Err(Error::new(ErrorKind::Backend, "no kernel")),
        _ => map(inputs, |i, value| if i == 4 { value + 0.5 } else { value }),
    };
    let spec = spec(&[&[("batch", 1)], &[("batch", 12)], &[("batch", 3)]]);
    let mut report = compared(model(SAME), model(broken), &spec, None).unwrap();
    for sample in &mut report.samples {
        for output in &mut sample.outputs {
            (output.max_relative, output.cosine) = (0.25, 0.984_375); // as the seed has it
        }
    }
    assert_eq!(
        report.to_string(),
        "\
not in parity (fake 1, tolerance 1e-6)
  sample    output  elements  max abs  max rel  cosine    worst
  batch=1   y       3         0        0.25     0.984375          ok
  batch=12  y       36        0.5      0.25     0.984375  [1, 1]  DIFFERS
  batch=3: the result cannot run: no kernel
"
    );
}
