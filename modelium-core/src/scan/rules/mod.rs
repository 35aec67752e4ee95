//! Every rule that scanning can report under, one file for each area. Ids are stable.
//!
//! Severity alone decides the verdict: `Danger` is malicious, `Suspicious` is suspicious, all else is for information.

pub mod archive;
pub mod graph;
pub mod pickle;
pub mod structure;

use crate::finding::Rule;

/// All rules, area by area.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let areas = [archive::RULES, graph::RULES, pickle::RULES, structure::RULES];
    areas.into_iter().flatten().copied()
}
