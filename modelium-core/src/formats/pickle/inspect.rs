//! What loading a pickle would do.

use crate::error::Result;
use crate::formats::pickle::FORMAT;
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::{Exam, Part, pickle};

/// Examines pickles that belong to no other format.
#[derive(Debug, Clone, Copy, Default)]
pub struct PickleInspector;

impl Inspector for PickleInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    /// Formats that hold pickles and more are asked first.
    fn sniff(&self, part: &Part) -> Sniff {
        match pickle::looks_like_pickle(&part.blob) {
            Some(true) if pickle::is_joblib(&part.blob) || pickle::is_legacy_torch(&part.blob) => Sniff::Maybe,
            Some(true) => Sniff::Certain,
            Some(false) => Sniff::Maybe,
            None => Sniff::No,
        }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        pickle::examine_file(part, 0, exam)?;
        Ok(Taken::Yes)
    }
}
