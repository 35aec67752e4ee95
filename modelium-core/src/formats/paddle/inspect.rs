//! What would act in a `PaddlePaddle` model.

use crate::error::Result;
use crate::formats::paddle::FORMAT;
use crate::formats::paddle::operators::offence;
use crate::formats::paddle::params::{self, is_stream};
use crate::formats::paddle::program::{Program, is_pir, is_program};
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::{Exam, Part, content};
use crate::wire::budget::Budget;

/// Looks for danger in `PaddlePaddle` models and their parameters.
#[derive(Debug, Clone, Copy, Default)]
pub struct PaddleInspector;

impl Inspector for PaddleInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if is_pir(&part.blob) || is_program(&part.blob) || is_stream(&part.blob) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        if is_stream(&part.blob) {
            for tensor in params::read(&part.blob, part.name(), &mut Budget::new(exam.cx()))? {
                let start = tensor.start.unwrap_or(0);
                content::search(part, start..start.saturating_add(tensor.bytes), exam)?;
            }
            return Ok(Taken::Yes);
        }
        for (kind, at) in Program::read(&part.blob, exam.cx())?.operators {
            if let Some((rule, does)) = offence(&kind) {
                exam.report(rule, part.at(at), format!("the operator '{kind}' {does}"));
            }
        }
        Ok(Taken::Yes)
    }
}
