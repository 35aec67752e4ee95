//! Rules about operators of graphs: what they do beyond computing.

use crate::finding::{Rule, Severity};

/// The rules of this area.
pub const RULES: &[&Rule] =
    &[&RUNS_CODE, &NEEDS_LIBRARY, &TOUCHES_FILES, &READS_DATA, &NETWORK, &PEERS, &HIDDEN_GRAPH, &ENDS_PROCESS];

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

/// An operator that reads or writes any file.
pub const TOUCHES_FILES: Rule = Rule {
    id: "graph.touches_files",
    severity: Severity::Danger,
    title: "An operator reads or writes files",
    remedy: "do not run the model: its graph names the files, and they are touched with the rights of the process",
    cwe: &[73, 22],
    owasp: &["ML06", "LLM03"],
    atlas: &["AML.T0011.000"],
};

/// An operator that lists folders or reads files of records.
pub const READS_DATA: Rule = Rule {
    id: "graph.reads_data",
    severity: Severity::Suspicious,
    title: "An operator lists folders or reads data files",
    remedy: "look at which files it asks for; a model that serves has no need to read any beside its own",
    cwe: &[73, 200],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// An operator that sends or receives over the network.
pub const NETWORK: Rule = Rule {
    id: "graph.network",
    severity: Severity::Danger,
    title: "An operator reaches the network",
    remedy: "do not run the model unless you know who wrote it and whom it talks to",
    cwe: &[918, 200],
    owasp: &["ML06", "LLM03"],
    atlas: &["AML.T0011.000"],
};

/// An operator of distributed runs.
pub const PEERS: Rule = Rule {
    id: "graph.peers",
    severity: Severity::Suspicious,
    title: "An operator exchanges data with other devices or processes",
    remedy: "export the model for serving: what belongs to distributed training has no place in it",
    cwe: &[200],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// A graph inside a graph, as a string that is run.
pub const HIDDEN_GRAPH: Rule = Rule {
    id: "graph.hidden_graph",
    severity: Severity::Suspicious,
    title: "A graph is run from a string",
    remedy: "ask its author why; a pipeline for training data is no part of a model that serves",
    cwe: &[94, 506],
    owasp: &["ML06"],
    atlas: &["AML.T0011.000"],
};

/// An operator that ends the process.
pub const ENDS_PROCESS: Rule = Rule {
    id: "graph.ends_process",
    severity: Severity::Suspicious,
    title: "An operator ends the process",
    remedy: "do not serve the model: one request can end the server",
    cwe: &[400],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};
