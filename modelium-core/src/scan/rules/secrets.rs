//! Rules about credentials that were left in a model.

use crate::finding::{Rule, Severity};

/// The rules of this area.
pub const RULES: &[&Rule] = &[&CREDENTIAL];

/// A key, a token or a password in plain text.
pub const CREDENTIAL: Rule = Rule {
    id: "secrets.credential",
    severity: Severity::Suspicious,
    title: "A credential in plain text",
    remedy: "revoke the credential where it was issued, and publish the model again without it",
    cwe: &[798, 312],
    owasp: &["LLM02"],
    atlas: &["AML.T0055"],
};
