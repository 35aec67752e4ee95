//! What would act in a TensorFlow Lite model: operators that the application must bring, and what is appended.

use crate::error::Result;
use crate::formats::tflite::analyze::stored;
use crate::formats::tflite::schema::Model;
use crate::formats::tflite::{FORMAT, IDENTIFIER};
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::tensorflow::{Act, act};
use crate::scan::{Exam, Part, content, rules};
use crate::wire::budget::Budget;

/// Custom operators of TensorFlow's own libraries, sorted: they compute.
const KNOWN: &[&str] = &[
    "AudioMicrofrontend",
    "AudioSpectrogram",
    "Convolution2DTransposeBias",
    "MaxPoolWithArgmax",
    "MaxPoolingWithArgmax2D",
    "MaxUnpooling2D",
    "Mfcc",
    "NumericVerify",
    "TFLite_Detection_PostProcess",
    "TransformLandmarks",
    "TransformTensor",
    "TransformTensorBilinear",
    "odml.update_kv_cache",
];

/// Looks for danger in TensorFlow Lite models.
#[derive(Debug, Clone, Copy, Default)]
pub struct TfliteInspector;

impl Inspector for TfliteInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if part.blob.get(4..8) == Some(IDENTIFIER) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let mut budget = Budget::new(exam.cx());
        let model = Model::read(&part.blob, &mut budget)?;
        for operator in model.graphs.iter().flat_map(|graph| &graph.operators) {
            let code = usize::try_from(operator.code).ok().and_then(|code| model.codes.get(code));
            let Some(code) = code.filter(|code| code.custom || code.name.starts_with("BUILTIN_")) else { continue };
            let name = code.name.as_ref();
            let at = part.at(operator.at);
            match name.strip_prefix("Flex") {
                _ if KNOWN.binary_search(&name).is_ok() => {}
                // the delegate runs operators of TensorFlow, with whatever they do
                Some(op) if act(op) != Act::Unknown => {
                    if let Some((rule, does)) = act(op).rule() {
                        exam.report(rule, at, format!("the operator '{name}' is TensorFlow's '{op}', which {does}"));
                    }
                }
                _ => {
                    let bytes = operator.custom.map_or(0, <[u8]>::len);
                    let message = format!("the custom operator '{name}' runs code that the application must register");
                    exam.report_seen(
                        &rules::graph::NEEDS_LIBRARY,
                        at,
                        message,
                        format!("{name} with {bytes} bytes of options"),
                    );
                }
            }
        }
        stored(&model, part.name(), &part.blob)?;
        for (start, end) in model.buffers.iter().flatten() {
            content::search(part, *start..*end, exam)?;
        }
        Ok(Taken::Yes)
    }
}
