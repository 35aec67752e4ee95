//! Lists of requirements: what pip would fetch, and from where.

use crate::error::Location;
use crate::scan::{Exam, Part, rules, secrets};

/// Indexes and hosts that packages usually come from.
const USUAL: &[&str] = &[
    "https://pypi.org/",
    "https://files.pythonhosted.org/",
    "https://download.pytorch.org/",
    "https://pypi.nvidia.com",
    "https://pypi.ngc.nvidia.com",
    "https://data.pyg.org/",
    "https://storage.googleapis.com/jax-releases/",
    "https://storage.googleapis.com/libtpu-releases/",
];

/// The names that such lists have.
pub(super) fn are_requirements(name: &str) -> bool {
    let stem = name.strip_suffix(".txt").unwrap_or_default();
    stem == "requirements"
        || stem.starts_with("requirements-")
        || stem.starts_with("requirements_")
        || stem.ends_with("-requirements")
}

/// Reports lines that fetch from an address of their own.
pub(super) fn inspect(text: &str, part: &Part, exam: &mut Exam<'_>) {
    let mut byte = 0_u64;
    for (number, line) in (1_u64..).zip(text.split_inclusive('\n')) {
        let start = byte;
        byte = byte.saturating_add(line.len() as u64);
        let line = line.split(" #").next().unwrap_or(line).trim();
        if line.starts_with('#') {
            continue;
        }
        let address = line.split([' ', '=', '@']).find(|word| word.contains("://"));
        let address = address.or_else(|| line.find("://").map(|_| line));
        let Some(address) = address else { continue };
        let at = Location { line: Some(number), ..part.at(start) };
        secrets::examine(&at, line, exam);
        if USUAL.iter().any(|usual| address.starts_with(usual)) {
            continue;
        }
        let index = line.starts_with('-') && !line.starts_with("-e ");
        if index || address.starts_with("http://") {
            let message = "requirements come from an index or an address of their own";
            exam.report_seen(&rules::repository::INSTALLS, at, message, line);
        } else {
            exam.report_seen(&rules::repository::INSTALLS_SOURCE, at, "a requirement is fetched from its source", line);
        }
    }
}
