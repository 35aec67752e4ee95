//! Networks of the corpus in other opsets compute what they computed.

use std::collections::BTreeMap;

use modelium_core::formats::onnx::{OnnxExporter, OnnxImporter};
use modelium_core::formats::{Exporter as _, Importer as _, Weights};
use modelium_core::opset::convert_opset;
use modelium_core::parity::compare;
use modelium_core::plan::{SampleSpec, Tolerance};
use modelium_core::{Artifact, Context, MemorySink, Sink as _, ir};

use crate::support::{open, runtime};

const TIGHT: Tolerance = Tolerance { absolute: 1e-5, relative: 1e-4, cosine: 0.999_99 };

#[test]
fn networks_compute_the_same_in_every_opset_that_can_say_them() {
    let cx = Context::new();
    let spec = SampleSpec { seed: 7, bindings: vec![BTreeMap::new()], own: false };
    let mut compared = 0;
    for name in ["net_mlp", "net_cnn", "net_lstm", "net_transformer", "net_quantized", "several_outputs"] {
        let original = open(&format!("tests/corpus/onnx/{name}.onnx"));
        let imported = OnnxImporter.import(&original, &cx).expect(name);
        for target in [7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26] {
            let mut model = imported.clone();
            if convert_opset(&mut model, target, &cx).is_err() {
                continue;
            }
            let mut sink = MemorySink::new();
            let checked = ir::check(&model, &cx).expect(name);
            OnnxExporter.export(checked, "model.onnx", Weights::InPlace, &mut sink, &cx).expect(name);
            sink.commit().expect(name);
            let bytes = sink.into_files().remove("model.onnx").expect("the model is there");
            let converted = Artifact::from_bytes("model.onnx", bytes);
            let report = compare(&original, &converted, &runtime(), &spec, None, &TIGHT, &cx);
            let report = report.unwrap_or_else(|error| panic!("{name} in opset {target}: {error}"));
            assert!(report.passed, "{name} in opset {target}: {report}");
            compared += 1;
        }
    }
    assert!(compared >= 60, "only {compared} conversions could be compared");
}
