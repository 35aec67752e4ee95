//! Rules about bundles: what their configs make a loader import, call, install or open.

use crate::finding::{Rule, Severity};

/// The rules of this area.
pub const RULES: &[&Rule] = &[
    &YAML_CALLS,
    &YAML_UNKNOWN,
    &YAML_UNFOLDS,
    &YAML_NESTS,
    &TARGET_ACTS,
    &TARGET_UNKNOWN,
    &LOADER_ACTS,
    &LOADER_UNKNOWN,
    &SHIPS_CODE,
    &INSTALLS_FROM_ELSEWHERE,
    &ESCAPES,
    &DIGEST,
    &SKOPS_ACTS,
    &SKOPS_UNKNOWN,
];

/// A tag with which PyYAML's unsafe loaders call something that acts.
pub const YAML_CALLS: Rule = Rule {
    id: "bundle.yaml_calls",
    severity: Severity::Danger,
    title: "A YAML tag that runs code",
    remedy: "do not load the file; configs are read with yaml.safe_load, which refuses such tags",
    cwe: &[502],
    owasp: &["ML06", "LLM03"],
    atlas: &["AML.T0011.000"],
};

/// A tag with which an unsafe loader calls something that is not known.
pub const YAML_UNKNOWN: Rule = Rule {
    id: "bundle.yaml_unknown",
    severity: Severity::Suspicious,
    title: "A YAML tag that calls something unknown",
    remedy: "read the config with yaml.safe_load, or look at what the tag names",
    cwe: &[502],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// Aliases of aliases: small as text, without end for whoever walks the values.
pub const YAML_UNFOLDS: Rule = Rule {
    id: "bundle.yaml_unfolds",
    severity: Severity::Suspicious,
    title: "YAML aliases that multiply",
    remedy: "write the config again without anchors",
    cwe: &[776, 400],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// Values in values without end: readers that recurse run out of stack.
pub const YAML_NESTS: Rule = Rule {
    id: "bundle.yaml_nests",
    severity: Severity::Suspicious,
    title: "YAML that nests too deeply",
    remedy: "do not read the file with a parser that recurses; no config needs so many levels",
    cwe: &[674, 400],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// A target in a config that runs code, writes or reaches the network when the loader calls it.
pub const TARGET_ACTS: Rule = Rule {
    id: "bundle.target_acts",
    severity: Severity::Danger,
    title: "A config names a function that acts as a target to call",
    remedy: "do not load the model: restoring it calls what the config names (CVE-2025-23304)",
    cwe: &[94, 502],
    owasp: &["ML06", "LLM03"],
    atlas: &["AML.T0011.000"],
};

/// A target in a config that the loader calls and that is not known.
pub const TARGET_UNKNOWN: Rule = Rule {
    id: "bundle.target_unknown",
    severity: Severity::Suspicious,
    title: "A config names an unknown target to call",
    remedy: "look at what the target does before the model is loaded",
    cwe: &[94],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// The module that loads a bundle acts by itself.
pub const LOADER_ACTS: Rule = Rule {
    id: "bundle.loader_acts",
    severity: Severity::Danger,
    title: "A bundle names a loader that acts",
    remedy: "do not load the model: the loader is imported and called first",
    cwe: &[94, 829],
    owasp: &["ML06", "LLM03"],
    atlas: &["AML.T0011.000"],
};

/// The module that loads a bundle is not one of the library's own.
pub const LOADER_UNKNOWN: Rule = Rule {
    id: "bundle.loader_unknown",
    severity: Severity::Suspicious,
    title: "A bundle names a loader of its own",
    remedy: "look at the module before the model is loaded: it is imported and called first",
    cwe: &[829],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// Source code that the server or the loader runs.
pub const SHIPS_CODE: Rule = Rule {
    id: "bundle.ships_code",
    severity: Severity::Suspicious,
    title: "A bundle brings code that its loader runs",
    remedy: "read the code as you would read a program before you run it",
    cwe: &[829],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// A dependency that is fetched from somewhere other than a package index.
pub const INSTALLS_FROM_ELSEWHERE: Rule = Rule {
    id: "bundle.installs_from_elsewhere",
    severity: Severity::Suspicious,
    title: "A dependency from a place of its own",
    remedy: "install the package from an index you trust, or look at the place that is named",
    cwe: &[829, 494],
    owasp: &["ML06", "LLM03"],
    atlas: &["AML.T0010"],
};

/// A path in a bundle that leads out of it.
pub const ESCAPES: Rule = Rule {
    id: "bundle.escapes",
    severity: Severity::Danger,
    title: "A bundle refers to files outside itself",
    remedy: "do not load the bundle",
    cwe: &[22],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// Bytes that are not those that a manifest names.
pub const DIGEST: Rule = Rule {
    id: "bundle.digest",
    severity: Severity::Suspicious,
    title: "A file is not the one that the manifest names",
    remedy: "fetch the bundle again; whoever trusts the manifest trusts other bytes",
    cwe: &[354],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// A node of a skops file whose construction acts.
pub const SKOPS_ACTS: Rule = Rule {
    id: "bundle.skops_acts",
    severity: Severity::Danger,
    title: "A skops node that acts when it is built",
    remedy: "do not load the file, and trust none of the types that skops asks about",
    cwe: &[502, 94],
    owasp: &["ML06", "LLM03"],
    atlas: &["AML.T0011.000"],
};

/// A node of a skops file that calls or builds something that is not known.
pub const SKOPS_UNKNOWN: Rule = Rule {
    id: "bundle.skops_unknown",
    severity: Severity::Suspicious,
    title: "A skops node that builds something unknown",
    remedy: "look at the type before it is passed to skops as trusted",
    cwe: &[502],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};
