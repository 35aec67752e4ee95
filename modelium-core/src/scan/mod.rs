//! Looking for what must not be in a model. Nothing is executed, and nothing is extracted to disk.
//!
//! ```text
//! file ─ Part ─▶ Exam::examine ─ sniff ─▶ Inspector::inspect ─▶ findings, gaps
//!                     ▲                        │
//!                     └──── Exam::child ◀──────┘   members, nested encodings, with depth and budgets
//! ```
//!
//! An [`Inspector`] knows one format and lives in that format's folder. It takes the bytes as the format's real loader
//! would, reports what would act, hands on what is nested, and answers for **every byte**: what it cannot understand is a
//! [`Gap`], and a report with gaps is never clean. All inspectors that are certain of a part look at it, because a file
//! can be two things to two loaders.
//!
//! What is shared by formats lies here: the [`rules`] (every code that scanning can report), the judgement of callables,
//! templates and source code, the report and its policy. Denylists only label; what decides is what is known to be
//! harmless.
//!
//! To add a rule: a constant in the file of its area below `rules/`. To add a format: implement [`Inspector`] in its folder
//! and list it in `formats/builtin.rs`.
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation
)]

pub mod bundle;
pub mod callables;
pub mod content;
pub mod cyclonedx;
mod diff;
pub mod doctype;
mod exam;
pub mod hydra;
pub mod keras;
pub mod members;
mod part;
pub mod pickle;
mod policy;
pub mod python;
mod report;
pub mod rules;
pub mod sarif;
pub mod secrets;
pub(crate) mod targets;
pub mod template;
pub mod tensorflow;
pub mod yaml;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::Artifact;
use crate::descriptor::FormatId;
use crate::error::Result;

pub use diff::{FileDiff, ScanDiff};
pub use exam::{Exam, Examined};
pub use part::Part;
pub use policy::{Acceptance, NOT_UNDERSTOOD, ScanPolicy};
pub use report::{Accepted, Gap, ScanReport, ScannedFile, Summary, Verdict};

/// How sure an inspector is of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sniff {
    /// They are not of its format.
    No,
    /// They could be; [`Inspector::inspect`] will tell.
    Maybe,
    /// A loader of the format would take them.
    Certain,
}

/// What an inspector says after a closer look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// The bytes are of its format, and it answered for all of them.
    Yes,
    /// They are not, and it reported nothing; or it reported on their outer shape, and leaves the content to others.
    No,
}

/// Knows what acts in one format.
///
/// # Behavior
/// - `sniff` looks at content, never at a name alone; it reads a few bytes at either end and never fails.
/// - `inspect` reports findings and gaps to the exam. An error stands for the whole part: `Malformed` becomes a
///   suspicious finding, because a loader would have read it; `Unsupported` and `LimitExceeded` become gaps. What was
///   reported before the error is kept.
/// - `inspect` after `Sniff::Maybe` may decline with `Taken::No`.
/// - Linear in the bytes; nothing is allocated that the bytes do not pay for.
pub trait Inspector: Send + Sync {
    /// The format it knows.
    fn format(&self) -> FormatId;

    /// Whether the bytes are of that format.
    fn sniff(&self, part: &Part) -> Sniff;

    /// Reports what would act in them.
    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken>;

    /// Reports what the files of a folder mean together: hooks to code, references that lead elsewhere, shards that are
    /// missing. Each file has been examined by itself.
    fn inspect_folder(&self, folder: &Artifact, exam: &mut Exam<'_>) -> Result<()> {
        let _ = (folder, exam);
        Ok(())
    }
}

/// How to scan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ScanOptions {
    /// How deep to look.
    pub depth: Depth,
    /// Digest every file: reads each once more.
    pub digests: bool,
    /// What the team decided about findings.
    pub policy: ScanPolicy,
}

/// How deep to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Depth {
    /// What a loader would interpret; the raw bytes of weights are not read.
    Structure,
    /// Raw bytes of weights too: programs and archives that hide among them.
    #[default]
    Content,
}
