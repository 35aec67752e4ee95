//! Rules about Keras objects: what a loader would build, call or open.

use crate::finding::{Rule, Severity};

/// The rules of this area.
pub const RULES: &[&Rule] = &[
    &BYTECODE,
    &GADGET,
    &PICKLE,
    &NETWORK,
    &FILE_READ,
    &UNKNOWN_OBJECT,
    &OTHER_PACKAGE,
    &UNSAFE_MODE,
    &OTHER_MODEL,
    &AMBIGUOUS,
];

/// An object that is Python bytecode: a `Lambda` layer, a serialised function.
pub const BYTECODE: Rule = Rule {
    id: "keras.bytecode",
    severity: Severity::Danger,
    title: "The model holds Python bytecode",
    remedy: "do not load the model; ask for one that uses registered layers in place of Lambda",
    cwe: &[94, 502],
    owasp: &["ML06", "LLM03"],
    atlas: &["AML.T0010", "AML.T0011.000"],
};

/// An object that resolves to a function or class which acts on the machine.
pub const GADGET: Rule = Rule {
    id: "keras.gadget",
    severity: Severity::Danger,
    title: "The configuration calls what acts on the machine",
    remedy: "do not load the model",
    cwe: &[94, 502],
    owasp: &["ML06", "LLM03"],
    atlas: &["AML.T0010", "AML.T0011.000"],
};

/// A layer that unpickles what its configuration holds.
pub const PICKLE: Rule = Rule {
    id: "keras.pickle",
    severity: Severity::Danger,
    title: "A layer that unpickles its configuration",
    remedy: "do not load the model; convert the wrapped module apart from it",
    cwe: &[502],
    owasp: &["ML06", "LLM03"],
    atlas: &["AML.T0010", "AML.T0011.000"],
};

/// Loading reaches the network.
pub const NETWORK: Rule = Rule {
    id: "keras.network",
    severity: Severity::Danger,
    title: "Loading fetches from the network",
    remedy: "do not load the model; put what it fetches beside it",
    cwe: &[918],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// Loading reads a file that the configuration names.
pub const FILE_READ: Rule = Rule {
    id: "keras.file_read",
    severity: Severity::Suspicious,
    title: "Loading reads a file by its path",
    remedy: "ask for a model that carries the vocabulary itself",
    cwe: &[22, 73],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// An object whose class or function is not part of Keras.
pub const UNKNOWN_OBJECT: Rule = Rule {
    id: "keras.unknown_object",
    severity: Severity::Suspicious,
    title: "An object that is not part of Keras",
    remedy: "read the code of the class before you register it and load the model",
    cwe: &[470],
    owasp: &["ML06", "LLM03"],
    atlas: &["AML.T0010"],
};

/// An object of a package that belongs to Keras and is installed apart.
pub const OTHER_PACKAGE: Rule = Rule {
    id: "keras.other_package",
    severity: Severity::Note,
    title: "Objects of another package",
    remedy: "install the package before you load the model",
    cwe: &[],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// The configuration asks for loading without safeguards.
pub const UNSAFE_MODE: Rule = Rule {
    id: "keras.unsafe_mode",
    severity: Severity::Suspicious,
    title: "Asks to be loaded without safe mode",
    remedy: "do not load the model unless you know who wrote it",
    cwe: &[693],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// A layer that loads another model by its path.
pub const OTHER_MODEL: Rule = Rule {
    id: "keras.other_model",
    severity: Severity::Suspicious,
    title: "A layer loads another model by its path",
    remedy: "scan the other model too",
    cwe: &[73],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// Keys that stand twice, so that two readers build two different models.
pub const AMBIGUOUS: Rule = Rule {
    id: "keras.ambiguous",
    severity: Severity::Suspicious,
    title: "A configuration that reads in two ways",
    remedy: "ask the publisher for a file as Keras writes it",
    cwe: &[436],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};
