//! The first node that differs, in real exports with one weight changed.

use std::collections::BTreeMap;
use std::fs;

use modelium_core::ir::{self, Model};
use modelium_core::parity::{LayerReport, compare_layers};
use modelium_core::passes::{self, Options};
use modelium_core::plan::{SampleSpec, Tolerance};
use modelium_core::tensor::{DType, Tensor};
use modelium_core::wire::npz::read_npz;
use modelium_core::{Artifact, Blob, Context};

use crate::support::{export, import, numbers, open, repository, runtime};

const TOLERANCE: Tolerance = Tolerance { absolute: 0.0, relative: 1e-4, cosine: 0.0 };

fn samples(case: &str) -> BTreeMap<String, Tensor> {
    let path = repository(&format!("tests/corpus/exports/{case}/inputs_1.npz"));
    let bytes = fs::read(path).expect("the samples are committed");
    read_npz(&Blob::from_bytes(case, bytes), &Context::new()).expect("the samples are sound")
}

fn compared(case: &str, a: &Artifact, b: &Artifact) -> LayerReport {
    let spec = SampleSpec { seed: 1, bindings: Vec::new(), own: true };
    let own = samples(case);
    compare_layers(a, b, &runtime(), &spec, Some(&own), &TOLERANCE, &Context::new()).expect(case)
}

/// The model with every element of one float32 initializer raised by a tenth, and the nodes that read it.
fn changed(model: &Model, at: usize) -> (Model, Vec<String>) {
    let mut model = model.clone();
    let initializer = &mut model.graph.initializers[at];
    let values = numbers(&initializer.tensor).expect("float32");
    #[expect(clippy::cast_possible_truncation, reason = "they were float32")]
    let bytes: Vec<u8> = values.into_iter().flat_map(|value| (value as f32 * 1.1 + 0.1).to_le_bytes()).collect();
    let (name, dims) = (initializer.tensor.name.clone().unwrap_or_default(), initializer.tensor.dims.clone());
    initializer.tensor = Tensor::new(name, DType::Float32, dims, bytes).expect("as many as before");
    let value = initializer.value;
    let readers = model.graph.nodes().filter(|(_, node)| node.inputs.contains(&Some(value)));
    let readers = readers.map(|(_, node)| node.name.clone().unwrap_or_default()).collect();
    (model, readers)
}

/// Initializers of matrices and vectors, each of which changes what a model computes.
fn weights(model: &Model) -> Vec<usize> {
    let weights = model.graph.initializers.iter().enumerate();
    let large = |tensor: &Tensor| tensor.dtype == DType::Float32 && tensor.elements().is_some_and(|n| n >= 16);
    weights.filter(|(_, initializer)| large(&initializer.tensor)).map(|(at, _)| at).collect()
}

#[test]
fn a_changed_weight_is_found_at_the_node_that_reads_it() {
    for case in ["bert-tiny.legacy", "resnet-tiny.legacy", "gpt2-past-tiny.legacy", "llama-past-tiny.dynamo"] {
        let artifact = open(&format!("tests/corpus/exports/{case}/model.onnx"));
        let model = import(&artifact);
        let most = u64::from(model.graph.node_count().next_power_of_two().ilog2()) + 1;
        let weights = weights(&model);
        for at in weights.iter().step_by(weights.len().div_ceil(6)) {
            let (other, readers) = changed(&model, *at);
            let report = compared(case, &artifact, &export(&other));
            let first = report.first.clone().unwrap_or_else(|| panic!("{case}: nothing differs: {report}"));
            assert!(readers.contains(&first.node.name), "{case}: {readers:?} read it\n{report}");
            let differing: Vec<_> = first.operands.iter().filter(|operand| operand.equal == Some(false)).collect();
            assert_eq!(differing.len(), 1, "{case}: {report}");
            assert!(report.probes <= most, "{case}: {} probes for {} nodes", report.probes, model.graph.node_count());
        }
    }
}

#[test]
fn a_simplified_model_is_equal_and_a_change_in_it_is_found() {
    for case in ["bert-tiny.legacy", "t5-encoder-tiny.dynamo"] {
        let artifact = open(&format!("tests/corpus/exports/{case}/model.onnx"));
        let mut simplified = import(&artifact);
        passes::simplify(&mut simplified, &passes::builtin(), &Options::default(), &Context::new()).expect("it ends");
        let report = compared(case, &artifact, &export(&simplified));
        assert!(report.passed && report.probes == 0, "{case}: {report}");
        let weights = weights(&simplified);
        let (other, readers) = changed(&simplified, weights[weights.len() / 2]);
        let report = compared(case, &artifact, &export(&other));
        let first = report.first.clone().expect("it differs");
        let place = first.result_node.as_ref().map(|node| &node.name);
        assert!(place.is_some_and(|name| readers.contains(name)), "{case}: {readers:?} read it\n{report}");
    }
}

#[test]
fn a_model_whose_names_are_all_others_is_met_by_structure() {
    let case = "gpt2-past-tiny.legacy";
    let artifact = open(&format!("tests/corpus/exports/{case}/model.onnx"));
    let model = import(&artifact);
    let weights = weights(&model);
    let (other, readers) = changed(&model, weights[weights.len() / 2]);
    let report = compared(case, &artifact, &export(&renamed(&other)));
    let first = report.first.clone().expect("it differs");
    assert!(readers.contains(&first.node.name), "{readers:?} read it\n{report}");
    assert!(report.by_structure > 100, "{report}");
}

/// The same graph with new names for all that is computed inside.
fn renamed(model: &Model) -> Model {
    let old = &model.graph;
    let kept: Vec<_> = old.inputs.iter().chain(&old.outputs).map(|port| port.value).collect();
    let mut graph = ir::Graph::default();
    graph.name.clone_from(&old.name);
    let mut ids = Vec::new();
    for (id, value) in old.values() {
        let name = if kept.contains(&id) { value.name.clone() } else { format!("renamed_{}", id.index()) };
        ids.push(graph.intern(&name));
    }
    let port = |port: &ir::Port| ir::Port::new(ids[port.value.index()], port.ty.clone());
    graph.inputs = old.inputs.iter().map(port).collect();
    graph.outputs = old.outputs.iter().map(port).collect();
    for initializer in &old.initializers {
        let value = ids[initializer.value.index()];
        let name = Some(graph.value(value).name.clone());
        graph.initializers.push(ir::Initializer { value, tensor: Tensor { name, ..initializer.tensor.clone() } });
    }
    for (_, node) in old.nodes() {
        let map = |values: &[Option<ir::ValueId>]| values.iter().map(|id| id.map(|id| ids[id.index()])).collect();
        graph.add_node(ir::Node { inputs: map(&node.inputs), outputs: map(&node.outputs), ..node.clone() });
    }
    Model { graph, ..model.clone() }
}
