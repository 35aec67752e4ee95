//! Tokenizers as files describe them. Nothing is tokenised, and no template is rendered.
//!
//! ```text
//! tokenizer.json ── json ─────────┐
//! tokenizer_config.json           │
//! special_tokens_map.json ─ config┼─▶ Tokenizer { descriptor, ids } ── check ─▶ findings
//! vocab.json, vocab.txt, merges ──┤      (against config.json and the rows of the embedding)
//! *.model ── sentencepiece ───────┤
//! *.tiktoken ── plain ────────────┘
//! ```
//!
//! A folder often holds the same tokenizer two or three times, once for each library. The first in this order describes
//! it: `tokenizer.json`, SentencePiece, tiktoken, `vocab.json`, `vocab.txt`; the others are counted and compared. Large
//! files are read as a stream: a vocabulary of a quarter of a million entries costs its time, not its memory.
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation
)]

mod check;
mod config;
mod json;
mod plain;
mod sentencepiece;

use std::collections::BTreeMap;

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::TokenizerDescriptor;
use crate::descriptor::tokenizer::AddedToken;
use crate::error::Result;
use crate::finding::{Finding, Severity};

pub use check::{ModelFacts, check};
pub use config::{Template, templates};

/// Added tokens that a descriptor lists; a tokenizer with more keeps its count.
const ADDED: usize = 10_000;

/// A tokenizer, and what is needed to compare it.
#[derive(Debug, Clone, Default)]
pub struct Tokenizer {
    /// What is known.
    pub descriptor: TokenizerDescriptor,
    /// Numbers of the tokens that have a part to play or were added, by their text, as the describing file has them.
    pub ids: BTreeMap<String, u64>,
    /// What its files say differently from each other.
    pub findings: Vec<Finding>,
}

/// Files of a tokenizer, by the names that loaders look for.
const FILES: &[&str] = &[
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "chat_template.jinja",
    "chat_template.json",
    "tokenizer.model",
    "spiece.model",
    "sentencepiece.bpe.model",
    "spm.model",
    "source.spm",
    "vocab.json",
    "merges.txt",
    "vocab.txt",
];

/// True if a loader of tokenizers looks for a file of that name.
pub fn is_tokenizer_file(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name);
    FILES.contains(&name) || ends(name, ".tiktoken")
}

fn ends(name: &str, suffix: &str) -> bool {
    name.get(name.len().saturating_sub(suffix.len())..).is_some_and(|end| end.eq_ignore_ascii_case(suffix))
}

/// Reads the tokenizer of a folder, the files of which stand below `prefix` (empty, or ending in `/`). `None` if there
/// is none. A file that cannot be read is a finding, because the others may still describe the tokenizer.
///
/// # Errors
/// `Cancelled` only.
pub fn read(artifact: &Artifact, prefix: &str, cx: &Context) -> Result<Option<Tokenizer>> {
    let mut tokenizer = Tokenizer::default();
    let mut vocabularies: Vec<(String, u64)> = Vec::new();
    let blob = |name: &str| {
        let entry = format!("{prefix}{name}");
        artifact.entry(&entry)?;
        artifact.blob(&entry).ok().filter(|blob| !blob.is_empty())
    };
    let note = |tokenizer: &mut Tokenizer, name: &str, result: Result<Option<u64>>| match result {
        Ok(count) => {
            tokenizer.descriptor.files.push(format!("{prefix}{name}"));
            Ok(count)
        }
        Err(error) if error.kind() == crate::error::ErrorKind::Cancelled => Err(error),
        Err(error) => {
            let message = format!("'{name}' cannot be read: {}", error.message());
            tokenizer
                .findings
                .push(Finding::new("tokenizer.unreadable", Severity::Error, message).at(error.location().clone()));
            Ok(None)
        }
    };
    if let Some(blob) = blob("tokenizer.json") {
        let result = json::read(&blob, &mut tokenizer, cx);
        if let Some(count) = note(&mut tokenizer, "tokenizer.json", result)? {
            vocabularies.push(("tokenizer.json".to_owned(), count));
        }
    }
    let mut others: Vec<(String, Reader)> = Vec::new();
    let pieces = ["tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "spm.model", "source.spm"];
    others.extend(pieces.iter().map(|name| ((*name).to_owned(), sentencepiece::read as Reader)));
    let beside = artifact.entries().filter_map(|(name, _)| name.strip_prefix(prefix));
    let ranks = beside.filter(|name| !name.contains('/') && ends(name, ".tiktoken"));
    others.extend(ranks.map(|name| (name.to_owned(), plain::tiktoken as Reader)));
    others.push(("vocab.json".to_owned(), plain::vocabulary));
    others.push(("vocab.txt".to_owned(), plain::lines));
    for (name, read) in others {
        let Some(blob) = blob(&name) else { continue };
        // Llama 3 ships ranks of tiktoken under the name of a SentencePiece model
        let read = if plain::looks_like_ranks(&blob) { plain::tiktoken } else { read };
        let result = read(&blob, &mut tokenizer, cx);
        if let Some(count) = note(&mut tokenizer, &name, result)? {
            vocabularies.push((name, count));
        }
    }
    if let Some(blob) = blob("merges.txt") {
        let result = plain::merges(&blob, &mut tokenizer, cx);
        note(&mut tokenizer, "merges.txt", result)?;
    }
    for (name, read) in [
        ("added_tokens.json", config::added as Reader),
        ("special_tokens_map.json", config::special),
        ("tokenizer_config.json", config::settings),
        ("chat_template.json", config::chat_template),
        ("chat_template.jinja", config::jinja),
    ] {
        if let Some(blob) = blob(name) {
            let result = read(&blob, &mut tokenizer, cx);
            note(&mut tokenizer, name, result)?;
        }
    }
    if tokenizer.descriptor.files.is_empty() && tokenizer.findings.is_empty() {
        return Ok(None);
    }
    tokenizer.settle(&vocabularies);
    Ok(Some(tokenizer))
}

/// Reads the model file of SentencePiece alone.
///
/// # Errors
/// `Malformed` if it is none, `LimitExceeded`, `Cancelled`.
pub fn read_pieces(blob: &Blob, cx: &Context) -> Result<Tokenizer> {
    let mut tokenizer = Tokenizer::default();
    sentencepiece::read(blob, &mut tokenizer, cx)?;
    tokenizer.descriptor.files.push(blob.name().rsplit('/').next().unwrap_or_default().to_owned());
    Ok(tokenizer)
}

/// Reads one file into a tokenizer; gives the entries of its vocabulary, if it has one.
type Reader = fn(&Blob, &mut Tokenizer, &Context) -> Result<Option<u64>>;

impl Tokenizer {
    /// Takes the facts of a vocabulary unless an earlier file gave them; true if it did.
    fn describe(&mut self, library: &str, kind: &str, vocabulary: u64, highest: Option<u64>) -> bool {
        let descriptor = &mut self.descriptor;
        let first = descriptor.vocabulary.is_none();
        if first {
            descriptor.library = Some(library.to_owned());
            kind.clone_into(&mut descriptor.kind);
            descriptor.vocabulary = Some(vocabulary);
            descriptor.tokens = Some(vocabulary);
            descriptor.highest_id = highest;
        }
        first
    }

    /// Adds a token that stands beside the vocabulary; `inside` says that the vocabulary has it too.
    fn add(&mut self, token: AddedToken, inside: bool) {
        let descriptor = &mut self.descriptor;
        if !inside {
            descriptor.tokens = descriptor.tokens.map(|tokens| tokens.saturating_add(1));
        }
        descriptor.highest_id = descriptor.highest_id.max(Some(token.id));
        if descriptor.added.len() < ADDED {
            self.ids.insert(token.content.clone(), token.id);
            descriptor.added.push(token);
        }
    }

    fn find(&mut self, code: &'static str, severity: Severity, message: String) {
        self.findings.push(Finding::new(code, severity, message));
    }

    /// Puts the parts in order once all files are read, and compares their vocabularies.
    fn settle(&mut self, vocabularies: &[(String, u64)]) {
        if self.descriptor.kind.is_empty() {
            "unknown".clone_into(&mut self.descriptor.kind);
        }
        if self.descriptor.library.is_none() {
            self.descriptor.library = Some("transformers".to_owned());
        }
        self.descriptor.added.sort_by_key(|token| token.id);
        let tokens = self.descriptor.tokens.unwrap_or_default();
        let Some(((first, count), others)) = vocabularies.split_first() else { return };
        // libraries count added tokens in or out; what lies between is the same vocabulary
        for (other, counted) in others.iter().filter(|(_, counted)| counted != count && *counted != tokens) {
            let close = counted.abs_diff(*count) <= self.descriptor.added.len() as u64;
            if !close {
                let message = format!("'{other}' has {counted} entries, '{first}' {count}: libraries will disagree");
                self.find("tokenizer.vocabularies_disagree", Severity::Warning, message);
            }
        }
    }
}
