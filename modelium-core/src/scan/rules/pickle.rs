//! Rules about pickles: what loading them calls.

use crate::finding::{Rule, Severity};

/// The rules of this area.
pub const RULES: &[&Rule] = &[
    &CALLS_DANGER,
    &CALLS_READER,
    &CALLS_UNKNOWN,
    &KEEPS_DANGER,
    &KEEPS_READER,
    &COMPUTED_NAME,
    &PATCHES,
    &CORRUPTS_MEMORY,
    &UNEXPECTED_TARGET,
    &OUTSIDE_STATE,
    &BROKEN,
    &HIDDEN_STREAM,
    &TRAILING,
    &HIDDEN_PAYLOAD,
    &EXHAUSTS,
    &TOO_LARGE,
    &REFERS,
];

const OWASP: &[&str] = &["ML06", "LLM03"];
const ATLAS: &[&str] = &["AML.T0010", "AML.T0011.000"];
const DO_NOT_LOAD: &str = "do not load the file; ask for the weights as safetensors";
const LOOK: &str = "load it only if you know who wrote it and what is called; ask for the weights as safetensors";

/// Something is called that runs code, starts processes, changes files, or reaches the network.
pub const CALLS_DANGER: Rule = Rule {
    id: "pickle.calls_danger",
    severity: Severity::Danger,
    title: "Loading runs code",
    remedy: DO_NOT_LOAD,
    cwe: &[502, 94],
    owasp: OWASP,
    atlas: ATLAS,
};

/// Something is called that reads files or compiles code, and does not run it by itself.
pub const CALLS_READER: Rule = Rule {
    id: "pickle.calls_reader",
    severity: Severity::Suspicious,
    title: "Loading reaches outside of the file",
    remedy: LOOK,
    cwe: &[502],
    owasp: OWASP,
    atlas: ATLAS,
};

/// Something is called, or an object is made, that is not known to be harmless.
pub const CALLS_UNKNOWN: Rule = Rule {
    id: "pickle.calls_unknown",
    severity: Severity::Suspicious,
    title: "Loading calls code that is not known",
    remedy: LOOK,
    cwe: &[502],
    owasp: OWASP,
    atlas: ATLAS,
};

/// Something that runs code is kept in an object, to be called later.
pub const KEEPS_DANGER: Rule = Rule {
    id: "pickle.keeps_danger",
    severity: Severity::Danger,
    title: "An object holds a function that runs code",
    remedy: DO_NOT_LOAD,
    cwe: &[502, 94],
    owasp: OWASP,
    atlas: ATLAS,
};

/// Something that reaches outside is named and not called.
pub const KEEPS_READER: Rule = Rule {
    id: "pickle.keeps_reader",
    severity: Severity::Suspicious,
    title: "An object holds a function that reaches outside",
    remedy: LOOK,
    cwe: &[502],
    owasp: OWASP,
    atlas: ATLAS,
};

/// The name of what is imported is computed while loading.
pub const COMPUTED_NAME: Rule = Rule {
    id: "pickle.computed_name",
    severity: Severity::Suspicious,
    title: "A name is computed while loading",
    remedy: DO_NOT_LOAD,
    cwe: &[502, 470],
    owasp: OWASP,
    atlas: ATLAS,
};

/// Attributes of a function, a class or a module are changed, which no writer does.
pub const PATCHES: Rule = Rule {
    id: "pickle.patches",
    severity: Severity::Danger,
    title: "Loading changes code that is already there",
    remedy: DO_NOT_LOAD,
    cwe: &[502, 915],
    owasp: OWASP,
    atlas: ATLAS,
};

/// Items are set on a tensor or a storage: unpicklers of torch wrote out of bounds then.
pub const CORRUPTS_MEMORY: Rule = Rule {
    id: "pickle.corrupts_memory",
    severity: Severity::Danger,
    title: "Loading writes into a tensor that is not there yet",
    remedy: DO_NOT_LOAD,
    cwe: &[787, 502],
    owasp: OWASP,
    atlas: ATLAS,
};

/// Items or a state are given to something that takes none.
pub const UNEXPECTED_TARGET: Rule = Rule {
    id: "pickle.unexpected_target",
    severity: Severity::Suspicious,
    title: "State for something that takes none",
    remedy: LOOK,
    cwe: &[502],
    owasp: OWASP,
    atlas: ATLAS,
};

/// What is loaded depends on the process: extension codes, persistent ids that no known loader has.
pub const OUTSIDE_STATE: Rule = Rule {
    id: "pickle.outside_state",
    severity: Severity::Suspicious,
    title: "Loading depends on state of the process",
    remedy: LOOK,
    cwe: &[502],
    owasp: OWASP,
    atlas: ATLAS,
};

/// The pickle ends with an error; whatever it called before has run by then.
pub const BROKEN: Rule = Rule {
    id: "pickle.broken",
    severity: Severity::Suspicious,
    title: "Broken, after some of it has run",
    remedy: "fetch the file again, or ask its publisher; loaders can be made to fail after they have acted",
    cwe: &[20],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// A pickle that acts lies behind bytes that are none.
pub const HIDDEN_STREAM: Rule = Rule {
    id: "pickle.hidden_stream",
    severity: Severity::Suspicious,
    title: "A pickle behind other bytes",
    remedy: LOOK,
    cwe: &[502],
    owasp: &["ML06"],
    atlas: ATLAS,
};

/// Bytes follow the last pickle that no loader of pickles reads.
pub const TRAILING: Rule = Rule {
    id: "pickle.trailing",
    severity: Severity::Suspicious,
    title: "Bytes behind the last pickle",
    remedy: "ask the publisher what they are",
    cwe: &[20],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// A constant is itself a pickle that acts; something has to load it first.
pub const HIDDEN_PAYLOAD: Rule = Rule {
    id: "pickle.hidden_payload",
    severity: Severity::Suspicious,
    title: "A constant holds a pickle that would run code",
    remedy: DO_NOT_LOAD,
    cwe: &[502],
    owasp: OWASP,
    atlas: ATLAS,
};

/// Small bytes that cost a loader much memory or time.
pub const EXHAUSTS: Rule = Rule {
    id: "pickle.exhausts",
    severity: Severity::Suspicious,
    title: "Loading costs more memory or time than its bytes",
    remedy: "do not load the file where others depend on the machine",
    cwe: &[400],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// A cap ended the run.
pub const TOO_LARGE: Rule = Rule {
    id: "pickle.too_large",
    severity: Severity::Suspicious,
    title: "Too large to be followed to its end",
    remedy: "raise the limits to follow it",
    cwe: &[400],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// A name outside of the known libraries is looked up, which imports its module, and is not called.
pub const REFERS: Rule = Rule {
    id: "pickle.refers",
    severity: Severity::Note,
    title: "Names code that is not known",
    remedy: "install the library that the name comes from, or ask the publisher what it is",
    cwe: &[502],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};
