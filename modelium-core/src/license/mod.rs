//! Licences: which one a model comes under, by what evidence, and what a policy says to it.
//!
//! ```text
//! README.md ── card ── names ──────────┐
//! LICENSE, COPYING, NOTICE ── text ────┼─▶ LicenseDescriptor ── policy ─▶ Judgement
//! metadata of GGUF, safetensors, ONNX ─┤
//! README.md of a base model beside it ─┘
//! ```
//!
//! `names` turns what people write into SPDX identifiers; licences of models that SPDX does not list become
//! `LicenseRef-…`. `text` compares a whole text with those of SPDX by the words that stand next to each other, and knows
//! licences of models by their titles. Nothing is fetched: of a base model that is not there only the name is known.
//!
//! To add a licence of SPDX: its identifier in `text::LISTED`, then `make bless`, which writes the fingerprints anew. To
//! add one of models: a row in `names::MODELS`.
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation
)]

pub mod card;
mod names;
mod policy;
pub mod text;

use crate::artifact::Artifact;
use crate::context::Context;
use crate::descriptor::license::LicenseEvidence;
use crate::descriptor::{FileRole, LicenseDescriptor, ModelDescriptor};
use crate::error::Result;
use crate::finding::{Finding, Severity};
use crate::wire::json::Json;

pub use names::spdx;
pub use policy::{Decision, Judgement, LicensePolicy};

/// Bytes of a licence's text that are read.
const LONGEST: u64 = 1 << 20;

/// Keys of metadata that name a licence, in the formats that have metadata.
const KEYS: &[&str] = &["license", "licence", "general.license", "modelspec.license", "license_name", "spdx"];

/// What the files of a model say of its licence.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The licences with their evidence.
    pub descriptor: LicenseDescriptor,
    /// What does not fit together.
    pub findings: Vec<Finding>,
}

/// Adds to a descriptor what its metadata and, for a folder, the files beside it say of the licence. Does nothing where the
/// format has said it itself.
///
/// # Errors
/// As [`read`].
pub fn complete(model: &mut ModelDescriptor, artifact: &Artifact, cx: &Context) -> Result<()> {
    if model.license.is_some() {
        return Ok(());
    }
    let mut found = if artifact.is_folder() { read(artifact, "", cx)? } else { Found::default() };
    let main = model.files.iter().find(|file| file.role == FileRole::Model).or(model.files.first());
    let main = main.map(|file| file.name.clone()).unwrap_or_default();
    found.take_metadata(&main, model.metadata.iter().map(|(key, value)| (key.as_str(), value.as_str())));
    model.license = found.known();
    model.findings.append(&mut found.findings);
    Ok(())
}

impl Found {
    /// The descriptor, unless nothing was found.
    pub fn known(&self) -> Option<LicenseDescriptor> {
        let known = !self.descriptor.evidence.is_empty() || !self.descriptor.base_models.is_empty();
        known.then(|| self.descriptor.clone())
    }

    fn take(&mut self, evidence: LicenseEvidence) {
        if !self.descriptor.spdx.contains(&evidence.spdx) {
            self.descriptor.spdx.push(evidence.spdx.clone());
        }
        if !self.descriptor.evidence.contains(&evidence) {
            self.descriptor.evidence.push(evidence);
        }
    }

    /// Takes what metadata of a file says.
    pub fn take_metadata<'a>(&mut self, file: &str, metadata: impl IntoIterator<Item = (&'a str, &'a str)>) {
        for (key, said) in metadata {
            let base = key.strip_prefix("general.base_model.").and_then(|rest| rest.split_once('.'));
            let base = base.is_some_and(|(_, of)| of == "name");
            if KEYS.contains(&key) && !said.is_empty() {
                self.take(evidence(said, file, "metadata"));
            } else if base || key == "base_model" {
                self.take_base(said);
            }
        }
    }

    /// Takes what a model card says.
    pub fn take_card(&mut self, file: &str, front: &Json) {
        for said in card::licenses(front) {
            self.take(evidence(&said, file, "front_matter"));
        }
        self.descriptor.link = front.get("license_link").and_then(Json::as_str).map(str::to_owned);
        for base in card::strings(front.get("base_model")) {
            self.take_base(&base);
        }
    }

    /// Takes the name of a model that this one was made from.
    pub fn take_base(&mut self, name: &str) {
        let bases = &mut self.descriptor.base_models;
        if !name.is_empty() && !bases.iter().any(|base| base == name) {
            bases.push(name.to_owned());
        }
    }
}

fn evidence(said: &str, file: &str, source: &str) -> LicenseEvidence {
    let spdx = spdx(said);
    let said = (spdx != said).then(|| said.to_owned());
    LicenseEvidence { spdx, file: file.to_owned(), source: source.to_owned(), said, similarity: None }
}

/// Reads the model card and the texts of licences below `prefix` (empty, or ending in `/`).
///
/// # Errors
/// `Cancelled` only; a file that cannot be read says nothing.
pub fn read(artifact: &Artifact, prefix: &str, cx: &Context) -> Result<Found> {
    let mut found = Found::default();
    if let Some((name, front)) = card::find(artifact, prefix, cx)? {
        found.take_card(&name, &front);
    }
    let beside = artifact.entries().filter(|(_, entry)| entry.len <= LONGEST);
    let names = beside.filter_map(|(name, _)| Some((name, name.strip_prefix(prefix)?)));
    for (entry, name) in names.filter(|(_, name)| is_license_file(name)) {
        let Ok(blob) = artifact.blob(entry) else { continue };
        cx.tick("analyze", 0, 0)?;
        let matched = text::compare(&String::from_utf8_lossy(&blob));
        if let Some(matched) = matched {
            found.take(LicenseEvidence {
                spdx: matched.spdx,
                file: entry.to_owned(),
                source: "text".to_owned(),
                said: None,
                similarity: Some(matched.similarity),
            });
        } else if !notices(name) {
            let message = format!("the text of '{name}' is none of the known licences; read it");
            found.findings.push(Finding::new("license.unknown_text", Severity::Note, message));
        }
    }
    found.take_local_bases(artifact, prefix, cx)?;
    found.compare();
    Ok(found)
}

impl Found {
    /// Base models that lie in the same folder say their licence themselves.
    fn take_local_bases(&mut self, artifact: &Artifact, prefix: &str, cx: &Context) -> Result<()> {
        for base in self.descriptor.base_models.clone() {
            let folder = format!("{prefix}{}/", base.trim_start_matches("./").trim_end_matches('/'));
            if folder == prefix || folder.contains("..") {
                continue;
            }
            if let Some((name, front)) = card::find(artifact, &folder, cx)? {
                for said in card::licenses(&front) {
                    self.take(evidence(&said, &name, "base_model"));
                }
            }
        }
        Ok(())
    }

    /// The card and the text should speak of the same licence.
    fn compare(&mut self) {
        let evidence = &self.descriptor.evidence;
        for text in evidence.iter().filter(|evidence| evidence.source == "text") {
            let says = |evidence: &&LicenseEvidence| matches!(evidence.source.as_str(), "front_matter" | "metadata");
            let said: Vec<_> = evidence.iter().filter(says).collect();
            let same = |evidence: &&LicenseEvidence| policy::names_same(&evidence.spdx, &text.spdx);
            if !said.is_empty() && !said.iter().any(same) {
                let card: Vec<_> = said.iter().map(|evidence| evidence.spdx.as_str()).collect();
                let message = format!("'{}' is {}, the model card says {}", text.file, text.spdx, card.join(", "));
                self.findings.push(Finding::new("license.disagree", Severity::Warning, message));
                return;
            }
        }
    }
}

/// `LICENSE`, `LICENCE.md`, `COPYING.txt`, `USE_POLICY` is none: it limits what the licence grants.
fn is_license_file(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let stem = name.split('.').next().unwrap_or(&name);
    let words = ["license", "licence", "copying", "unlicense", "notice"];
    let text = [".txt", ".md", ".rst"].iter().any(|end| name.ends_with(end)) || !name.contains('.');
    !name.contains('/')
        && text
        && words.iter().any(|word| {
            stem == *word
                || stem.starts_with(&format!("{word}-"))
                || stem.starts_with(&format!("{word}_"))
                || stem.ends_with(&format!("_{word}"))
                || stem.ends_with(&format!("-{word}"))
        })
}

/// Files that name licences of others, and need not be one.
fn notices(name: &str) -> bool {
    name.to_ascii_lowercase().contains("notice")
}
