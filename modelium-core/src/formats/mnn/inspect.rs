//! What would act in an MNN model: operators that need code from outside.

use crate::error::Result;
use crate::formats::mnn::FORMAT;
use crate::formats::mnn::schema::{FOREIGN, Net, is_net};
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::{Exam, Part, content, rules};
use crate::wire::budget::Budget;

/// Looks for danger in MNN models.
#[derive(Debug, Clone, Copy, Default)]
pub struct MnnInspector;

impl Inspector for MnnInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if is_net(&part.blob) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let net = Net::read(&part.blob, &mut Budget::new(exam.cx()))?;
        for operator in net.operators.iter().filter(|operator| FOREIGN.contains(&operator.kind)) {
            let kind = match operator.parameters {
                Some((_, parameters)) => parameters.text(0)?.unwrap_or_default(),
                None => "".into(),
            };
            let message = format!(
                "operator '{}' is a plugin of kind '{kind}', which the application must register",
                operator.name
            );
            exam.report(&rules::graph::NEEDS_LIBRARY, part.at(operator.at), message);
        }
        content::search(part, 0..part.blob.len(), exam)?;
        Ok(Taken::Yes)
    }
}
