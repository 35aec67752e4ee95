//! Searches over models of three operators, run by a runtime that counts what it gives.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::artifact::{MemorySink, Sink as _};
use crate::formats::onnx::OnnxExporter;
use crate::formats::{Exporter as _, Weights};
use crate::ir::{self, Initializer, Model, Node, OpType, Opset, Port, Type};
use crate::runtime::{RuntimePort, Session};
use crate::tensor::DType;

/// Runs `Add`, `Mul`, `Neg` and `Identity` over single numbers.
#[derive(Default)]
struct Calculator {
    /// The most outputs that one model was asked for.
    widest: AtomicUsize,
}

struct Loaded {
    model: Model,
    inputs: Vec<RuntimePort>,
    outputs: Vec<RuntimePort>,
}

impl Runtime for Calculator {
    fn name(&self) -> &'static str {
        "calculator"
    }

    fn version(&self) -> String {
        "1".to_owned()
    }

    fn load(&self, artifact: &Artifact, cx: &Context) -> Result<Box<dyn Session>> {
        let model = OnnxImporter.import(artifact, cx)?;
        let ports = |ports: &[Port]| {
            let port = |port: &Port| RuntimePort {
                name: model.graph.value(port.value).name.clone(),
                ty: port.ty.clone().unwrap(),
            };
            ports.iter().map(port).collect::<Vec<_>>()
        };
        let (inputs, outputs) = (ports(&model.graph.inputs), ports(&model.graph.outputs));
        self.widest.fetch_max(outputs.len(), Ordering::Relaxed);
        Ok(Box::new(Loaded { model, inputs, outputs }))
    }
}

impl Session for Loaded {
    fn inputs(&self) -> &[RuntimePort] {
        &self.inputs
    }

    fn outputs(&self) -> &[RuntimePort] {
        &self.outputs
    }

    fn run(&mut self, inputs: &[Tensor], _: &Context) -> Result<Vec<Tensor>> {
        let graph = &self.model.graph;
        let mut numbers: BTreeMap<&str, f32> = BTreeMap::new();
        for input in inputs {
            numbers.insert(input.name.as_deref().unwrap(), number(input));
        }
        for initializer in &graph.initializers {
            numbers.insert(&graph.value(initializer.value).name, number(&initializer.tensor));
        }
        for (_, node) in graph.nodes() {
            let read = |slot: usize| numbers[graph.value(node.input(slot).unwrap()).name.as_str()];
            let result = match node.op.name() {
                "Add" => read(0) + read(1),
                "Mul" => read(0) * read(1),
                "Neg" => -read(0),
                "Identity" => read(0),
                other => panic!("no key for {other}"),
            };
            numbers.insert(&graph.value(node.output(0).unwrap()).name, result);
        }
        Ok(self.outputs.iter().map(|port| single(&port.name, numbers[port.name.as_str()])).collect())
    }
}

fn number(tensor: &Tensor) -> f32 {
    f32::from_le_bytes(tensor.to_le_bytes().unwrap()[..].try_into().unwrap())
}

fn single(name: &str, value: f32) -> Tensor {
    Tensor::new(name, DType::Float32, vec![1], value.to_le_bytes().to_vec()).unwrap()
}

/// A model from lines `y = Add x w` and constants; the last line computes its output.
fn model(lines: &[String], constants: &[(&str, f32)]) -> Artifact {
    let mut model = Model::default();
    model.provenance.ir_version = Some(8);
    model.opsets.push(Opset { domain: None, version: Some(17) });
    let graph = &mut model.graph;
    graph.name = Some("g".to_owned());
    let ty = || Some(Type::tensor(DType::Float32, Some(crate::ir::Shape::known(&[1]))));
    graph.inputs = vec![Port::new(graph.intern("x"), ty())];
    for (name, value) in constants {
        let id = graph.intern(name);
        graph.initializers.push(Initializer { value: id, tensor: single(name, *value) });
    }
    let mut last = None;
    for line in lines {
        let words: Vec<&str> = line.split(' ').filter(|word| *word != "=").collect();
        let reads = words[2..].iter().map(|name| Some(graph.intern(name))).collect();
        let output = graph.intern(words[0]);
        let node = Node::new(OpType::new("", words[1]), reads, vec![Some(output)]);
        graph.add_node(Node { name: Some(format!("/{}", words[0])), ..node });
        last = Some(output);
    }
    graph.outputs = vec![Port::new(last.unwrap(), ty())];
    let (cx, mut sink) = (Context::new(), MemorySink::new());
    OnnxExporter.export(ir::check(&model, &cx).unwrap(), "m.onnx", Weights::Auto, &mut sink, &cx).unwrap();
    sink.commit().unwrap();
    Artifact::from_entries("m", sink.into_files().into_iter().map(|(name, bytes)| (name, bytes.into())))
}

fn compared(a: &Artifact, b: &Artifact) -> (LayerReport, usize) {
    let runtime = Calculator::default();
    let spec = SampleSpec { seed: 3, bindings: Vec::new(), own: false };
    let tolerance = Tolerance { absolute: 0.0, relative: 1e-6, cosine: 0.0 };
    let report = compare_layers(a, b, &runtime, &spec, None, &tolerance, &Context::new()).unwrap();
    (report, runtime.widest.load(Ordering::Relaxed))
}

/// `v0 = Mul x half`, `v1 = Add v0 w`, `v2 = Add v1 w`, `v3 = Add v2 v0`, `v4 = Mul v3 half`, …: residual connections.
fn chain(length: usize, odd: Option<usize>) -> Vec<String> {
    (0..length)
        .map(|at| {
            let before = if at == 0 { "x".to_owned() } else { format!("v{}", at - 1) };
            let (op, other) = match at % 4 {
                0 => ("Mul", "half".to_owned()),
                3 => ("Add", format!("v{}", at - 3)),
                _ => ("Add", "w".to_owned()),
            };
            let other = if odd == Some(at) { "odd".to_owned() } else { other };
            format!("v{at} = {op} {before} {other}")
        })
        .collect()
}

#[test]
fn each_node_of_a_long_chain_is_found_in_logarithmic_time() {
    let constants = [("w", 0.5), ("half", 0.5), ("odd", 0.75)];
    let whole = model(&chain(200, None), &constants);
    for odd in [0, 1, 2, 63, 64, 100, 151, 198, 199] {
        let (report, widest) = compared(&whole, &model(&chain(200, Some(odd)), &constants));
        let first = report.first.clone().unwrap();
        assert_eq!(first.node.name, format!("/v{odd}"), "{report}");
        assert!(first.between.is_empty());
        assert!(report.probes <= 9, "{} probes for 200 nodes", report.probes);
        assert!(widest <= 3, "{widest} values at a time");
    }
}

#[test]
fn equal_models_take_no_probe() {
    let whole = model(&chain(9, None), &[("w", 0.5), ("half", 0.5)]);
    let (report, _) = compared(&whole, &whole);
    assert!(report.passed && report.first.is_none() && report.probes == 0, "{report}");
    report.into_result().unwrap();
}

#[test]
fn a_changed_constant_is_named_where_it_is_read() {
    let lines: Vec<String> = ["a = Neg x", "b = Add a w", "c = Mul b k", "y = Neg c"].map(str::to_owned).into();
    let (report, _) = compared(&model(&lines, &[("w", 1.0), ("k", 2.0)]), &model(&lines, &[("w", 1.0), ("k", 2.5)]));
    let first = report.first.clone().unwrap();
    assert_eq!((first.node.op.as_str(), first.node.name.as_str()), ("Mul", "/c"));
    let equal: Vec<_> = first.operands.iter().map(|operand| (operand.name.as_str(), operand.equal)).collect();
    assert_eq!(equal, [("b", Some(true)), ("k", Some(false))]);
    let error = report.into_result().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mismatch);
    assert!(error.message().ends_with("first node that differs: '/c' (Mul)"), "{error}");
}

#[test]
fn branches_that_meet_again_lead_to_the_one_that_differs() {
    let lines = |right: &str| -> Vec<String> {
        ["a = Neg x", "l1 = Add a w", "l2 = Neg l1", right, "r2 = Neg r1", "y = Add l2 r2"].map(str::to_owned).into()
    };
    let constants = [("w", 1.0), ("k", 2.0)];
    let (report, _) = compared(&model(&lines("r1 = Mul a w"), &constants), &model(&lines("r1 = Mul a k"), &constants));
    assert_eq!(report.first.unwrap().value, "r1");
}

#[test]
fn values_that_the_result_lacks_are_told() {
    let before: Vec<String> =
        ["a = Add x w", "b = Neg a", "c = Neg b", "d = Add c w", "y = Neg d"].map(str::to_owned).into();
    let after: Vec<String> = ["a = Add x w", "d = Add a k", "y = Neg d"].map(str::to_owned).into();
    let (report, _) = compared(&model(&before, &[("w", 1.0)]), &model(&after, &[("w", 1.0), ("k", 1.5)]));
    let first = report.first.unwrap();
    assert_eq!(first.value, "d");
    let between: Vec<_> = first.between.iter().map(|node| node.name.as_str()).collect();
    assert_eq!(between, ["/b", "/c"]);
    assert_eq!((report.values, report.by_name, report.by_structure), (5, 3, 0));
}

#[test]
fn renamed_values_meet_by_structure() {
    let before: Vec<String> = ["a = Add x w", "b = Neg a", "c = Mul b k", "y = Neg c"].map(str::to_owned).into();
    let after: Vec<String> = ["p = Add x u", "q = Neg p", "r = Mul q v", "y = Neg r"].map(str::to_owned).into();
    let (report, _) = compared(&model(&before, &[("w", 1.0), ("k", 2.0)]), &model(&after, &[("u", 1.0), ("v", 3.0)]));
    let first = report.first.unwrap();
    assert_eq!((first.value.as_str(), first.result_value.as_str()), ("c", "r"));
    assert_eq!((report.by_name, report.by_structure), (1, 3));
}

#[test]
fn a_report_reads_as_a_table() {
    let lines: Vec<String> = ["a = Identity k", "b = Mul a k", "y = Neg b"].map(str::to_owned).into();
    let (report, _) = compared(&model(&lines, &[("k", 2.0)]), &model(&lines, &[("k", 3.0)]));
    assert_eq!(
        report.to_string(),
        "\
not equal (calculator 1, tolerance 1e-6 relative of the largest magnitude)
  output  elements  max abs  worst
  y       1         5        [0]    DIFFERS
first node that differs: '/a' (Identity)
  its 'a' is off by 1
  reads 'k', which DIFFERS by 1
  1 probes; 3 of 3 values met by name, 0 by structure
"
    );
}
