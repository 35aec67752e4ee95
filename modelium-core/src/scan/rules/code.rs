//! Rules about Python source that lies beside a model.

use crate::finding::{Rule, Severity};

/// The rules of this area.
pub const RULES: &[&Rule] = &[&HIDDEN, &ACTS_ON_IMPORT, &ACTS, &SHIPPED];

/// Source that decodes text and runs it.
pub const HIDDEN: Rule = Rule {
    id: "code.hidden",
    severity: Severity::Danger,
    title: "Source that runs what it decodes or fetches",
    remedy: "do not run it; honest code is readable",
    cwe: &[506, 94],
    owasp: &["ML06"],
    atlas: &["AML.T0011.000"],
};

/// Source that starts programs, opens connections or runs text as soon as it is imported.
pub const ACTS_ON_IMPORT: Rule = Rule {
    id: "code.acts_on_import",
    severity: Severity::Suspicious,
    title: "Source that acts when it is imported",
    remedy: "read what it does before anything imports it",
    cwe: &[506],
    owasp: &["ML06"],
    atlas: &["AML.T0011.000"],
};

/// Source that can start programs, open connections or run text when somebody calls it.
pub const ACTS: Rule = Rule {
    id: "code.acts",
    severity: Severity::Note,
    title: "Source with functions that act",
    remedy: "read what it does before you run it",
    cwe: &[506],
    owasp: &["ML06"],
    atlas: &["AML.T0011.000"],
};

/// Source lies beside a model.
pub const SHIPPED: Rule = Rule {
    id: "code.shipped",
    severity: Severity::Note,
    title: "Source lies beside the model",
    remedy: "nothing runs it unless a configuration names it or you do",
    cwe: &[829],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};
