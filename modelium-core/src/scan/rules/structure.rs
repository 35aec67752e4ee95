//! Rules about bytes that are not what their format says they must be.

use crate::finding::{Rule, Severity};

/// The rules of this area.
pub const RULES: &[&Rule] = &[
    &MALFORMED,
    &UNSAFE_CONTENT,
    &OVERFLOW,
    &OUT_OF_BOUNDS,
    &OVERLAP,
    &HOLE,
    &TRAILING,
    &DUPLICATE,
    &ODD_NAME,
    &UNKNOWN_FIELD,
    &UNKNOWN_KEY,
    &CYCLE,
];

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

const fn memory(id: &'static str, title: &'static str, cwe: &'static [u16]) -> Rule {
    Rule {
        id,
        severity: Severity::Danger,
        title,
        remedy: "do not load the file: readers in C that trust it read or write outside of their memory",
        cwe,
        owasp: &["ML06"],
        atlas: &["AML.T0011.000"],
    }
}

const fn layout(id: &'static str, title: &'static str, remedy: &'static str) -> Rule {
    let (owasp, atlas) = (&["ML06"], &["AML.T0010"]);
    Rule { id, severity: Severity::Suspicious, title, remedy, cwe: &[20], owasp, atlas }
}

/// Counts whose products wrap around.
pub const OVERFLOW: Rule = memory("structure.overflow", "Sizes that wrap around 64 bits", &[190, 787]);

/// Data that is said to lie outside of the file.
pub const OUT_OF_BOUNDS: Rule = memory("structure.out_of_bounds", "Data outside of the file", &[125]);

/// Two tensors over the same bytes, where the format gives each its own.
pub const OVERLAP: Rule =
    layout("structure.overlap", "Tensors that overlap", "write the model again with the format's own library");

/// Bytes that no reader looks at, between those that are read.
pub const HOLE: Rule = layout(
    "structure.hole",
    "Bytes between the tensors that belong to none",
    "write the model again with the format's own library: what hides there is lost",
);

/// Bytes that no reader looks at, behind those that are read.
pub const TRAILING: Rule = layout(
    "structure.trailing",
    "Bytes behind the end of the model",
    "write the model again with the format's own library: what hides there is lost",
);

/// A key or a name that stands twice.
pub const DUPLICATE: Rule = layout(
    "structure.duplicate",
    "A name that stands twice",
    "write the model again; readers disagree on which of the two counts",
);

/// A name that leads out of a folder or is cut short when it becomes the name of a file.
pub const ODD_NAME: Rule =
    layout("structure.odd_name", "A name that is a path", "do not unpack the tensors into files of their names");

/// A field that the format does not know and readers skip.
pub const UNKNOWN_FIELD: Rule = Rule {
    severity: Severity::Note,
    ..layout("structure.unknown_field", "A field that readers skip", "write the model again without it")
};

/// A key of a description that has all of its keys fixed.
pub const UNKNOWN_KEY: Rule = layout(
    "structure.unknown_key",
    "A key that the format does not have",
    "write the model again with the format's own library: some readers act on keys that others skip",
);

/// Definitions that need each other, so that whoever unfolds them never ends.
pub const CYCLE: Rule = Rule {
    cwe: &[674],
    ..layout("structure.cycle", "Definitions that call each other", "do not load the model: unfolding it never ends")
};
