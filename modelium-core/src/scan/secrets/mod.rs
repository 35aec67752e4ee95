//! Credentials in text: keys and tokens by the structure that their issuers gave them, with checksums where they have some.
//!
//! A match needs more than a prefix: the exact alphabet and length, edges on both sides, and letters that are as mixed as
//! chance makes them. What is meant to be seen (placeholders, examples of manuals) is left out. A hash, a UUID or a line
//! of base64 is no credential. Evidence shows the first letters and the length, never the whole.

mod patterns;
mod shapes;

use std::ops::Range;

use crate::error::Location;
use crate::scan::{Exam, rules};

/// The credentials of one text that are told; a text with more is a list of them.
const TOLD: usize = 50;

/// A credential that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// What it opens: `a token of GitHub`.
    pub what: &'static str,
    /// Where it stands in the text.
    pub range: Range<usize>,
    /// Its checksum is right.
    pub checked: bool,
}

/// Looks for credentials in a text and reports each.
pub fn examine(at: &Location, text: &str, exam: &mut Exam<'_>) {
    for secret in find(text) {
        report(at, text, &secret, exam);
    }
}

/// Looks for credentials in a value that stands under a name: `aws_secret`, `db_password`.
pub fn examine_entry(at: &Location, key: &str, value: &str, exam: &mut Exam<'_>) {
    let found = find(value);
    if found.is_empty() && shapes::names_a_secret(key) && shapes::could_be_a_secret(value) {
        let secret = Secret { what: "a credential by its name", range: 0..value.len(), checked: false };
        report(at, value, &secret, exam);
    }
    for secret in found {
        report(at, value, &secret, exam);
    }
}

fn report(at: &Location, text: &str, secret: &Secret, exam: &mut Exam<'_>) {
    let byte = at.byte.map(|byte| byte.saturating_add(secret.range.start as u64));
    let checked = if secret.checked { ", and its checksum is right" } else { "" };
    let message = format!("the text holds {}{checked}", secret.what);
    let shown = text.get(secret.range.clone()).unwrap_or_default();
    exam.report_seen(&rules::secrets::CREDENTIAL, Location { byte, ..at.clone() }, message, redact(shown));
}

/// The first letters and the length.
pub fn redact(secret: &str) -> String {
    let shown: String = secret.chars().take(4).collect();
    format!("{shown}… ({} characters)", secret.chars().count())
}

/// The credentials in a text, in its order. Linear in the text.
pub fn find(text: &str) -> Vec<Secret> {
    let mut found: Vec<Secret> = Vec::new();
    patterns::tokens(text, &mut found);
    patterns::private_keys(text, &mut found);
    patterns::web_tokens(text, &mut found);
    patterns::urls(text, &mut found);
    patterns::labelled(text, &mut found);
    found.sort_by_key(|secret| (secret.range.start, secret.range.end));
    found.dedup_by(|later, earlier| later.range.start < earlier.range.end);
    found.truncate(TOLD);
    found
}

#[cfg(test)]
mod tests;
