//! Rules about operators of graphs: what they do beyond computing.

use crate::finding::{Rule, Severity};

/// The rules of this area.
pub const RULES: &[&Rule] = &[&RUNS_CODE, &NEEDS_LIBRARY];

/// An operator that runs code which the graph names or holds.
pub const RUNS_CODE: Rule = Rule {
    id: "graph.runs_code",
    severity: Severity::Danger,
    title: "An operator runs code",
    remedy: "do not load the model unless you know who wrote it",
    cwe: &[94],
    owasp: &["ML06", "LLM03"],
    atlas: &["AML.T0011.000"],
};

/// An operator outside the known ones: a runtime must be given a native library for it.
pub const NEEDS_LIBRARY: Rule = Rule {
    id: "graph.needs_library",
    severity: Severity::Suspicious,
    title: "Operators that need a native library",
    remedy: "trust the library as you would trust a program, and load it only from where you know it comes",
    cwe: &[94],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};
