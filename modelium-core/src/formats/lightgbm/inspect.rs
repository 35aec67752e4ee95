//! What would act in a LightGBM model: nothing, as long as all of it is one.

use crate::descriptor::FormatId;
use crate::error::Result;
use crate::formats::lightgbm::{FORMAT, text};
use crate::formats::{Inspector, Sniff, Taken};
use crate::scan::{Exam, Part};

/// Looks for danger in LightGBM models.
#[derive(Debug, Clone, Copy, Default)]
pub struct LightgbmInspector;

impl Inspector for LightgbmInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if text::begins(&part.blob) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        text::read(&part.blob, exam.cx())?;
        Ok(Taken::Yes)
    }
}
