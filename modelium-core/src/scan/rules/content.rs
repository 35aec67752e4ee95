//! Rules about what hides among bytes that are said to be data.

use crate::finding::{Rule, Severity};

/// The rules of this area.
pub const RULES: &[&Rule] =
    &[&PROGRAM, &SCRIPT, &HIDDEN_PROGRAM, &HIDDEN_ARCHIVE, &HIDDEN_PICKLE, &EXTERNAL_ENTITY, &ENTITY_BOMB];

const fn rule(id: &'static str, title: &'static str, remedy: &'static str, cwe: &'static [u16]) -> Rule {
    let (owasp, atlas) = (&["ML06"], &["AML.T0011.000"]);
    Rule { id, severity: Severity::Suspicious, title, remedy, cwe, owasp, atlas }
}

/// A native program or library.
pub const PROGRAM: Rule = rule(
    "content.program",
    "A native program or library",
    "do not run or load it unless you know who built it",
    &[506],
);

/// A script for a shell or an interpreter.
pub const SCRIPT: Rule =
    rule("content.script", "A script", "read it before anything runs it; a model needs no script", &[506]);

/// A native program among weights.
pub const HIDDEN_PROGRAM: Rule = rule(
    "content.hidden_program",
    "A native program among the weights",
    "do not use the file; weights hold numbers",
    &[506],
);

/// An archive among weights.
pub const HIDDEN_ARCHIVE: Rule =
    rule("content.hidden_archive", "An archive among the weights", "do not use the file; weights hold numbers", &[506]);

/// A pickle that acts, among weights.
pub const HIDDEN_PICKLE: Rule = rule(
    "content.hidden_pickle",
    "A pickle that acts among the weights",
    "do not use the file; weights hold numbers",
    &[506, 502],
);

/// XML that reads files or addresses when it is parsed.
pub const EXTERNAL_ENTITY: Rule = Rule {
    severity: Severity::Danger,
    ..rule(
        "content.external_entity",
        "XML that fetches a file or an address when it is parsed",
        "do not parse it; remove its document type",
        &[611],
    )
};

/// XML whose entities refer to one another.
pub const ENTITY_BOMB: Rule =
    rule("content.entity_bomb", "XML entities made of entities", "do not parse it; remove its document type", &[776]);
