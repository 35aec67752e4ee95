//! Every rule that scanning can report under, one file for each area. Ids are stable.
//!
//! Severity alone decides the verdict: `Danger` is malicious, `Suspicious` is suspicious, all else is for information.

pub mod archive;
pub mod content;
pub mod graph;
pub mod secrets;
pub mod keras;
pub mod structure;
pub mod template;

use crate::finding::Rule;

/// All rules, area by area.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let areas = [
        archive::RULES,
        content::RULES,
        graph::RULES,
        secrets::RULES,
        structure::RULES,
        template::RULES,
    ];
    let areas = [archive::RULES, graph::RULES, keras::RULES, structure::RULES];
    areas.into_iter().flatten().copied()
}
