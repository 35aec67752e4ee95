//! What would act in an ncnn model: layers that the application must register.

use crate::error::Result;
use crate::formats::ncnn::FORMAT;
use crate::formats::ncnn::analyze::tensors;
use crate::formats::ncnn::schema::{is_binary, is_known, is_text, read};
use crate::formats::single::has_extension;
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::{Exam, Part, content, rules};
use crate::wire::budget::Budget;

/// Looks for danger in ncnn models and their weights.
#[derive(Debug, Clone, Copy, Default)]
pub struct NcnnInspector;

impl Inspector for NcnnInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    /// A file of weights has no mark; its model beside it tells.
    fn sniff(&self, part: &Part) -> Sniff {
        if is_text(&part.blob) || is_binary(&part.blob) {
            Sniff::Certain
        } else if has_extension(part.name(), "bin") {
            Sniff::Maybe
        } else {
            Sniff::No
        }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let mut budget = Budget::new(exam.cx());
        if is_binary(&part.blob) {
            let rest = part.blob.len().saturating_sub(12);
            exam.gap(part.at(12), rest, "layers are named by numbers of one version of ncnn; scan the text form");
            return Ok(Taken::Yes);
        }
        if is_text(&part.blob) {
            for layer in read(&part.blob, &mut budget)? {
                if !is_known(&layer.kind) {
                    let at = crate::error::Location { line: Some(layer.line), ..part.location() };
                    let message =
                        format!("layer '{}' is a '{}', which the application must register", layer.name, layer.kind);
                    exam.report(&rules::graph::NEEDS_LIBRARY, at, message);
                }
            }
            return Ok(Taken::Yes);
        }
        let stem = part.name().strip_suffix(".bin").unwrap_or_default();
        let model =
            exam.entry(part).and_then(|(artifact, entry)| artifact.resolve(entry, &format!("{stem}.param")).ok());
        let Some(model) = model.filter(|model| is_text(model)) else { return Ok(Taken::No) };
        // what is wrong with the model is reported where the model is
        let Ok(layers) = read(&model, &mut budget) else { return Ok(Taken::No) };
        let (tensors, unknown) = tensors(&layers, part.name(), Some(&part.blob))?;
        let end = tensors
            .last()
            .and_then(|last| last.start?.checked_add(last.bytes)?.checked_next_multiple_of(4))
            .unwrap_or(0);
        if unknown.is_none() && end < part.blob.len() {
            exam.gap(part.at(end), part.blob.len().saturating_sub(end), "bytes behind the last layer's weights");
        }
        content::search(part, 0..part.blob.len(), exam)?;
        Ok(Taken::Yes)
    }
}
