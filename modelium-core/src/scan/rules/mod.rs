//! Every rule that scanning can report under, one file for each area. Ids are stable.
//!
//! Severity alone decides the verdict: `Danger` is malicious, `Suspicious` is suspicious, all else is for information.

pub mod archive;
pub mod arrays;
pub mod bundle;
pub mod code;
pub mod content;
pub mod external;
pub mod graph;
pub mod keras;
pub mod pickle;
pub mod repository;
pub mod secrets;
pub mod structure;
pub mod template;
pub mod torch;

use crate::finding::Rule;

#[rustfmt::skip] // one area on each line
const AREAS: &[&[&Rule]] = &[
    archive::RULES,
    arrays::RULES,
    content::RULES,
    external::RULES,
    bundle::RULES,
    code::RULES,
    graph::RULES,
    keras::RULES,
    pickle::RULES,
    repository::RULES,
    secrets::RULES,
    structure::RULES,
    template::RULES,
    torch::RULES,
];

/// All rules, area by area.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    AREAS.iter().copied().flatten().copied()
}
