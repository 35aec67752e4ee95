//! Rules about data that a model keeps in other files.

use crate::finding::{Rule, Severity};

/// The rules of this area.
pub const RULES: &[&Rule] = &[&LEADS_AWAY, &MEMORY, &SETS_ATTRIBUTE, &ODD_KEY];

/// Data in a file outside of the model's folder.
pub const LEADS_AWAY: Rule = Rule {
    id: "external.leads_away",
    severity: Severity::Danger,
    title: "Data outside of the model's folder",
    remedy: "do not load the model: it makes its reader open files that are none of the model's",
    cwe: &[22, 59],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// Data at an address in the memory of whoever loads the model.
pub const MEMORY: Rule = Rule {
    id: "external.memory",
    severity: Severity::Danger,
    title: "Data at an address in memory",
    remedy: "do not load the model: it makes its reader read its own memory",
    cwe: &[822, 125],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// A key that becomes an attribute of an object of the reader.
pub const SETS_ATTRIBUTE: Rule = Rule {
    id: "external.sets_attribute",
    severity: Severity::Danger,
    title: "A key that sets an attribute of its reader",
    remedy: "do not load the model; onnx before 1.21 sets attributes by the names of these keys",
    cwe: &[915, 20],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// A key that the specification does not have.
pub const ODD_KEY: Rule = Rule {
    id: "external.odd_key",
    severity: Severity::Suspicious,
    title: "A key of external data that the specification does not have",
    remedy: "write the model again with the onnx package; some readers act on keys that they do not know",
    cwe: &[915, 20],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};
