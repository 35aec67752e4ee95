//! Rules about folders that name code for a loader to run.

use crate::finding::{Rule, Severity};

/// The rules of this area.
pub const RULES: &[&Rule] = &[
    &OWN_CODE,
    &REMOTE_CODE,
    &CODE_ACTS,
    &UNKNOWN_LIBRARY,
    &ACTING_LIBRARY,
    &TRUSTS_CODE,
    &REMOTE_KERNEL,
    &ESCAPES,
    &JSON_PICKLE,
    &INSTALLS,
    &INSTALLS_SOURCE,
];

/// A configuration names a class in a file of the folder, which a loader imports.
pub const OWN_CODE: Rule = Rule {
    id: "repository.own_code",
    severity: Severity::Danger,
    title: "Loading runs code from the folder",
    remedy: "read the code that is named, and load with trust_remote_code only if you would run it yourself",
    cwe: &[94, 829],
    owasp: &["ML06", "LLM03"],
    atlas: &["AML.T0010", "AML.T0011.000"],
};

/// A configuration names a class in another repository.
pub const REMOTE_CODE: Rule = Rule {
    id: "repository.remote_code",
    severity: Severity::Danger,
    title: "Loading fetches and runs code of another repository",
    remedy: "fetch that repository at a fixed revision and read its code; what it holds can change after the scan",
    cwe: &[494, 829],
    owasp: &["ML06", "LLM03"],
    atlas: &["AML.T0010", "AML.T0011.000"],
};

/// The code that a configuration names does more than compute.
pub const CODE_ACTS: Rule = Rule {
    id: "repository.code_acts",
    severity: Severity::Danger,
    title: "Code that loading runs acts on its host",
    remedy: "do not load the model",
    cwe: &[506],
    owasp: &["ML06", "LLM03"],
    atlas: &["AML.T0011.000"],
};

/// A loader imports a library that is none of those which models are made with.
pub const UNKNOWN_LIBRARY: Rule = Rule {
    id: "repository.unknown_library",
    severity: Severity::Suspicious,
    title: "A loader imports a library that the folder chooses",
    remedy: "load it only where that library is installed from a source that you trust; the name may be free for anybody",
    cwe: &[829],
    owasp: &["ML06", "LLM03"],
    atlas: &["AML.T0010"],
};

/// A configuration makes a loader import something that acts.
pub const ACTING_LIBRARY: Rule = Rule {
    id: "repository.acting_library",
    severity: Severity::Danger,
    title: "A configuration names a module that acts as the class to load",
    remedy: "do not load the model",
    cwe: &[94],
    owasp: &["ML06", "LLM03"],
    atlas: &["AML.T0011.000"],
};

/// A configuration switches the guard of loaders off.
pub const TRUSTS_CODE: Rule = Rule {
    id: "repository.trusts_code",
    severity: Severity::Suspicious,
    title: "A configuration turns on trust_remote_code",
    remedy: "decide it in your program, never in a file of the model",
    cwe: &[829],
    owasp: &["ML06", "LLM03"],
    atlas: &["AML.T0010"],
};

/// A configuration asks for native code from the hub.
pub const REMOTE_KERNEL: Rule = Rule {
    id: "repository.remote_kernel",
    severity: Severity::Suspicious,
    title: "A configuration asks for kernels of a repository",
    remedy: "choose the implementation of attention in your program; kernels are native code",
    cwe: &[829],
    owasp: &["ML06", "LLM03"],
    atlas: &["AML.T0010"],
};

/// JSON in which jsonpickle finds objects to build.
pub const JSON_PICKLE: Rule = Rule {
    id: "repository.json_pickle",
    severity: Severity::Suspicious,
    title: "JSON that builds objects when jsonpickle decodes it",
    remedy: "read it with a plain JSON reader; jsonpickle calls what the text names",
    cwe: &[502],
    owasp: &["ML06"],
    atlas: &["AML.T0011.000"],
};

/// An index names files outside the folder.
pub const ESCAPES: Rule = Rule {
    id: "repository.escapes",
    severity: Severity::Danger,
    title: "An index leads out of the folder",
    remedy: "do not load the model",
    cwe: &[22],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// A requirement that is fetched from a repository or an address.
pub const INSTALLS_SOURCE: Rule = Rule {
    id: "repository.installs_source",
    severity: Severity::Note,
    title: "A requirement is fetched from its source",
    remedy: "name a fixed revision that you have read",
    cwe: &[829],
    owasp: &["ML06", "LLM03"],
    atlas: &["AML.T0010"],
};

/// Requirements that come from another index than the usual ones, or without encryption.
pub const INSTALLS: Rule = Rule {
    id: "repository.installs_from_elsewhere",
    severity: Severity::Suspicious,
    title: "Requirements come from an index of their own",
    remedy: "install the packages by name from an index that you trust",
    cwe: &[494, 829],
    owasp: &["ML06", "LLM03"],
    atlas: &["AML.T0010"],
};
