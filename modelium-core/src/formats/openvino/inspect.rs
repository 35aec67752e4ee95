//! What would act in an `OpenVINO` model: extensions that it needs, and what its XML declares.

use crate::error::Result;
use crate::formats::openvino::FORMAT;
use crate::formats::openvino::analyze::constants;
use crate::formats::openvino::schema::{Net, is_net};
use crate::formats::single::has_extension;
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::{Exam, Part, content, doctype, rules};
use crate::wire::xml;

/// Looks for danger in `OpenVINO` models and their constants.
#[derive(Debug, Clone, Copy, Default)]
pub struct OpenvinoInspector;

impl Inspector for OpenvinoInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    /// A file of constants has no mark; its model beside it tells.
    fn sniff(&self, part: &Part) -> Sniff {
        if is_net(&part.blob) {
            Sniff::Certain
        } else if has_extension(part.name(), "bin") {
            Sniff::Maybe
        } else {
            Sniff::No
        }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        if !is_net(&part.blob) {
            return weights(part, exam);
        }
        let net = Net::read(&part.blob, exam.cx())?;
        if net.doctype {
            let document = Part { blob: xml::utf8(&part.blob), ..part.clone() };
            doctype::inspect(&document, exam);
            doctype::external(&document, exam);
        }
        for layer in &net.layers {
            let own = layer.opset.is_empty()
                || layer.opset.strip_prefix("opset").is_some_and(|number| number.parse::<u32>().is_ok());
            if !own {
                let message = format!(
                    "layer '{}' is a '{}' of '{}', which a library of extensions must bring",
                    layer.name, layer.kind, layer.opset
                );
                exam.report(&rules::graph::NEEDS_LIBRARY, part.at(layer.at), message);
            }
        }
        constants(&net, "", None, &part.blob)?;
        Ok(Taken::Yes)
    }
}

/// Constants: every byte must be of one that the model beside names.
fn weights(part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
    let stem = part.name().strip_suffix(".bin").unwrap_or_default();
    let model = exam.entry(part).and_then(|(artifact, entry)| artifact.resolve(entry, &format!("{stem}.xml")).ok());
    let Some(model) = model.filter(is_net) else { return Ok(Taken::No) };
    // what is wrong with the model is reported where the model is
    let Ok(net) = Net::read(&model, exam.cx()) else { return Ok(Taken::No) };
    let tensors = constants(&net, part.name(), Some(&part.blob), &model)?;
    let mut ranges: Vec<_> =
        tensors.iter().filter_map(|tensor| Some((tensor.start?, tensor.start?.saturating_add(tensor.bytes)))).collect();
    ranges.sort_unstable();
    ranges.push((part.blob.len(), part.blob.len()));
    let mut covered = 0;
    for (start, end) in ranges {
        let hole = part.blob.slice(covered..start.max(covered)).filter(|hole| hole.iter().any(|byte| *byte != 0));
        if let Some(hole) = hole {
            exam.gap(part.at(covered), hole.len(), "bytes that are of no constant");
        }
        covered = covered.max(end);
    }
    content::search(part, 0..part.blob.len(), exam)?;
    Ok(Taken::Yes)
}
