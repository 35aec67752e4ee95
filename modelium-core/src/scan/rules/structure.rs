//! Rules about bytes that are not what their format says they must be.

use crate::finding::{Rule, Severity};

/// The rules of this area.
pub const RULES: &[&Rule] = &[&MALFORMED, &UNSAFE_CONTENT];

/// A part that its loader would read, and that is broken.
pub const MALFORMED: Rule = Rule {
    id: "scan.malformed",
    severity: Severity::Suspicious,
    title: "Broken where a loader would read it",
    remedy: "fetch the file again, or ask its publisher; loaders can be made to fail after they have acted",
    cwe: &[20],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// A reader refused to go on because the content leads somewhere it must not.
pub const UNSAFE_CONTENT: Rule = Rule {
    id: "scan.unsafe_content",
    severity: Severity::Danger,
    title: "Leads where it must not",
    remedy: "do not load the file",
    cwe: &[22],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};
