//! Bytes → descriptor: the object that loading would return, as its library left it.

use crate::artifact::Artifact;
use crate::context::Context;
use crate::descriptor::ModelDescriptor;
use crate::error::Result;
use crate::formats::pickle::FORMAT;
use crate::formats::single::{only_file, the_file};
use crate::formats::{Analyzer, FormatId, Match, pickled};
use crate::scan::pickle;

/// Describes pickles.
#[derive(Debug, Clone, Copy, Default)]
pub struct PickleAnalyzer;

impl Analyzer for PickleAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        let Some((_, blob)) = only_file(artifact) else { return Match::No };
        match pickle::looks_like_pickle(&blob) {
            Some(true) if pickle::is_legacy_torch(&blob) => Match::Maybe,
            Some(true) => Match::Certain,
            Some(false) => Match::Maybe,
            None => Match::No,
        }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let (name, blob) = the_file(artifact)?;
        pickled::describe(artifact, name, FORMAT, &blob, true, cx)
    }
}
