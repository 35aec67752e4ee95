//! What would act in a `CatBoost` model: nothing, as long as all of it is one.

use crate::descriptor::FormatId;
use crate::error::Result;
use crate::formats::catboost::{FORMAT, facts};
use crate::formats::{Inspector, Sniff, Taken};
use crate::scan::{Exam, Part, content};

/// Looks for danger in `CatBoost` models.
#[derive(Debug, Clone, Copy, Default)]
pub struct CatboostInspector;

impl Inspector for CatboostInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if facts::encoding(&part.blob).is_some() { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        facts::read(&part.blob, exam.cx())?;
        content::search(part, 0..part.blob.len(), exam)?;
        Ok(Taken::Yes)
    }
}
