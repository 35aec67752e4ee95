//! What the configs of bundles have in common: paths that must stay inside, modules that load, packages to install.

use crate::error::Location;
use crate::scan::targets::{Named, leads_elsewhere};
use crate::scan::{Exam, rules};

pub(crate) use crate::scan::targets::{acts, within};

/// Places from which packages are fetched by their names, not by whoever wrote the bundle.
const INDEXES: &[&str] = &[
    "https://pypi.org/",
    "https://pypi.python.org/",
    "https://files.pythonhosted.org/",
    "https://download.pytorch.org/",
    "https://download.pytorch.org",
    "https://data.pyg.org/",
    "https://storage.googleapis.com/jax-releases/",
    "https://pypi.nvidia.com",
    "https://pypi.ngc.nvidia.com",
];

/// True for a path that leaves the folder it is relative to, on any system.
pub fn leads_out(path: &str) -> bool {
    let path = path.trim();
    let drive = path.get(1..2) == Some(":") && path.starts_with(|c: char| c.is_ascii_alphabetic());
    path.starts_with(['/', '\\', '~'])
        || drive
        || path.contains('\0')
        || path.split(['/', '\\']).any(|step| step == "..")
}

/// True for something that is fetched and not opened.
pub fn is_remote(path: &str) -> bool {
    path.split_once("://")
        .is_some_and(|(scheme, _)| !scheme.is_empty() && scheme.chars().all(|c| c.is_alphanumeric() || c == '+'))
}

/// Reports a path of a bundle that leads out of it.
pub fn path(value: &str, what: &str, at: &Location, exam: &mut Exam<'_>) {
    if leads_out(value) || value.starts_with("file:") {
        let message = format!("{what} lies outside of the bundle");
        exam.report_seen(&rules::bundle::ESCAPES, at.clone(), message, value);
    }
}

/// Reports the module that loads a bundle, unless it lies in one of the library's own trees.
pub fn loader(module: &str, own: &[&str], what: &str, at: &Location, exam: &mut Exam<'_>) {
    let named = if within(module, own) && !leads_elsewhere(module) {
        Named::Harmless
    } else if acts(module) {
        Named::Acts
    } else {
        Named::Unknown
    };
    match named {
        Named::Acts => {
            let message = format!("{what} is '{module}', which acts");
            exam.report_seen(&rules::bundle::LOADER_ACTS, at.clone(), message, module);
        }
        Named::Unknown => {
            let message = format!("{what} is '{module}', which is imported and called to load the model");
            exam.report_seen(&rules::bundle::LOADER_UNKNOWN, at.clone(), message, module);
        }
        Named::Harmless => {}
    }
}

/// Reports a line of `requirements.txt`, or an entry of pip's in a conda environment, that fetches from elsewhere.
pub fn requirement(line: &str, at: &Location, exam: &mut Exam<'_>) {
    let line = line.split(" #").next().unwrap_or(line).trim();
    if line.is_empty() || line.starts_with('#') {
        return;
    }
    let option = ["--index-url", "--extra-index-url", "--find-links", "-i", "-f"];
    let address = match option.iter().find_map(|option| line.strip_prefix(option)) {
        Some(address) => address.trim_start_matches([' ', '=']),
        None => match line.split_once(" @ ").or_else(|| line.split_once('@')) {
            Some((_, address)) if is_remote(address.trim()) => address.trim(),
            _ if is_remote(line.trim_start_matches("-e ")) => line.trim_start_matches("-e "),
            _ => return,
        },
    };
    if INDEXES.iter().any(|index| address.starts_with(index)) {
        return;
    }
    if is_remote(address) {
        let message = "a dependency is fetched from a place of its own, and installing it runs its code";
        exam.report_seen(&rules::bundle::INSTALLS_FROM_ELSEWHERE, at.clone(), message, line);
    }
}

/// The packages in the text of a `requirements.txt`: lines that are not options or remarks.
pub fn packages(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.split(" #").next().unwrap_or(line).trim());
    lines.filter(|line| !line.is_empty() && !line.starts_with(['#', '-'])).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_leave_are_told_from_paths_that_stay() {
        for path in ["../x", "a/../../x", "/etc/passwd", "C:\\x", "..\\x", "~/x"] {
            assert!(leads_out(path), "{path}");
        }
        for path in ["model.pkl", "data/model/..model", "a.b/c"] {
            assert!(!leads_out(path), "{path}");
        }
    }
}
