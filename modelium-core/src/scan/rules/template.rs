//! Rules about templates: what they reach while a prompt is made from them.

use crate::finding::{Rule, Severity};

/// The rules of this area.
pub const RULES: &[&Rule] = &[&ESCAPE, &INCLUDE, &UNKNOWN, &COMPUTED, &HEAVY, &BROKEN];

/// A template that reaches for the insides of Python.
pub const ESCAPE: Rule = Rule {
    id: "template.escape",
    severity: Severity::Danger,
    title: "A template reaches for the insides of Python",
    remedy: "do not render the template; ask the publisher for one without it",
    cwe: &[1336, 94],
    owasp: &["ML06", "LLM03"],
    atlas: &["AML.T0011.000"],
};

/// A template that reads another one from wherever its host keeps them.
pub const INCLUDE: Rule = Rule {
    id: "template.include",
    severity: Severity::Suspicious,
    title: "A template reads other templates",
    remedy: "ask for a template that stands alone, as all prompt templates do",
    cwe: &[829],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// A template that calls what no known host offers.
pub const UNKNOWN: Rule = Rule {
    id: "template.unknown",
    severity: Severity::Suspicious,
    title: "A template calls what is not known to be harmless",
    remedy: "look up what your host offers under that name before you render the template",
    cwe: &[1336],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// A template that computes the name of an attribute.
pub const COMPUTED: Rule = Rule {
    id: "template.computed",
    severity: Severity::Suspicious,
    title: "A template computes what it reaches for",
    remedy: "render it only in a sandbox, and ask the publisher why it needs that",
    cwe: &[1336],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// A template that takes more time or memory than a prompt can need.
pub const HEAVY: Rule = Rule {
    id: "template.heavy",
    severity: Severity::Suspicious,
    title: "A template without bounds",
    remedy: "do not render the template without limits on time and memory",
    cwe: &[400],
    owasp: &["ML06", "LLM10"],
    atlas: &["AML.T0029"],
};

/// A template that does not compile.
pub const BROKEN: Rule = Rule {
    id: "template.broken",
    severity: Severity::Suspicious,
    title: "A template that does not compile",
    remedy: "ask the publisher for one that does; a host that renders it will fail",
    cwe: &[20],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};
