//! Rules about PyTorch files beyond their pickles.

use crate::finding::{Rule, Severity};

/// The rules of this area.
pub const RULES: &[&Rule] = &[
    &STORAGE_BOUNDS,
    &SCRIPT_WRITES,
    &SCRIPT_READS,
    &SCRIPT_UNKNOWN_OPERATOR,
    &PROGRAM_ACTS,
    &PROGRAM_CALLS,
    &NATIVE_PACKAGE,
];

const fn rule(id: &'static str, title: &'static str, remedy: &'static str, cwe: &'static [u16]) -> Rule {
    let (owasp, atlas) = (&["ML06"], &["AML.T0011.000"]);
    Rule { id, severity: Severity::Suspicious, title, remedy, cwe, owasp, atlas }
}

/// A tensor that reaches beyond its storage, or a storage that has other bytes than it says.
pub const STORAGE_BOUNDS: Rule = rule(
    "torch.storage_bounds",
    "A tensor and its storage disagree",
    "do not load it with torch before 2.10, which trusts these numbers (CVE-2026-24747)",
    &[125, 787],
);

/// Code that writes files.
pub const SCRIPT_WRITES: Rule = Rule {
    severity: Severity::Danger,
    ..rule("torch.script_writes", "TorchScript code that writes files", "do not load the model", &[73])
};

/// Code that reads files.
pub const SCRIPT_READS: Rule = rule(
    "torch.script_reads",
    "TorchScript code that reads files",
    "ask who wrote it which file it needs, and why",
    &[73],
);

/// Operators that PyTorch does not bring.
pub const SCRIPT_UNKNOWN_OPERATOR: Rule = rule(
    "torch.script_unknown_operator",
    "TorchScript code that needs a native library",
    "trust the library as you would trust a program",
    &[829],
);

/// A graph that reaches what acts: through a target, a size or a guard.
pub const PROGRAM_ACTS: Rule = Rule {
    severity: Severity::Danger,
    ..rule("torch.program_acts", "An exported program that acts", "do not load the model", &[94, 95])
};

/// A graph that reaches what no exported program needs.
pub const PROGRAM_CALLS: Rule = rule(
    "torch.program_calls",
    "An exported program that calls what is no operator",
    "ask who wrote it; torch.export writes operators and arithmetic only",
    &[94, 95],
);

/// Compiled code for `AOTInductor`.
pub const NATIVE_PACKAGE: Rule =
    rule("torch.native_package", "A package of compiled code", "load it only if you built it; it is a program", &[829]);
