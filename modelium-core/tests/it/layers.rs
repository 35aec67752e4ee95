//! A module imports only from rows below its own; the rows are ARCHITECTURE.md's.

use crate::support::sources;

/// Bottom to top. Modules of one row do not know each other.
const ROWS: &[&[&str]] = &[
    &["error"],
    &["context", "blob"],
    &["tensor", "finding"],
    &["artifact"],
    &["wire"],
    &["ir", "descriptor"],
    &["scan", "resources", "eval"],
    &["license", "tokenizer", "opset"],
    &["formats", "runtime"],
    &["passes"],
    &["plan"],
    &["validate", "parity", "deploy", "reference"],
    &["registry"],
    &["execute"],
    &["pipeline"],
    &["lib"],
];

fn row(module: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&module))
}

/// The top-level module that a source file belongs to.
fn module(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap_or_default()
}

/// The top-level modules that a file names: in `use crate::x`, in lists `use crate::{x, y}`, and in paths.
fn named(source: &str) -> Vec<&str> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let code_lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let mut modules = Vec::new();
    for line in code_lines {
        for (start, _) in line.match_indices("crate::") {
            let rest = &line[start + "crate::".len()..];
            let list = rest.strip_prefix('{').map_or(rest, |list| list.split('}').next().unwrap_or(list));
            let items = if rest.starts_with('{') { list.split(", ").collect() } else { vec![list] };
            modules.extend(items.into_iter().filter_map(|item| {
                let name = item.split(|c: char| !(c.is_alphanumeric() || c == '_')).next()?;
                name.starts_with(|c: char| c.is_lowercase()).then_some(name)
            }));
        }
    }
    modules
}

#[test]
fn modules_import_only_from_rows_below() {
    let mut wrong = Vec::new();
    for (file, source) in sources() {
        let own = module(&file);
        let Some(own_row) = row(own) else {
            wrong.push(format!("{file}: module '{own}' stands in no row; give it one here and in ARCHITECTURE.md"));
            continue;
        };
        for other in named(&source).into_iter().filter(|other| *other != own) {
            if row(other).is_none_or(|other_row| other_row >= own_row) {
                wrong.push(format!("{file}: imports crate::{other}, which is not below '{own}'"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_format_never_imports_a_format() {
    let sources = sources();
    // what formats share lies in files beside their folders
    let folder = |name: &str| sources.iter().any(|(file, _)| file.starts_with(&format!("formats/{name}/")));
    for (file, source) in &sources {
        if let Some(format) = file.strip_prefix("formats/").and_then(|rest| rest.split_once('/')).map(|(name, _)| name)
        {
            for (start, _) in source.match_indices("formats::") {
                let rest = &source[start + "formats::".len()..];
                let other = rest.split(|c: char| !(c.is_lowercase() || c == '_')).next().unwrap_or_default();
                assert!(!folder(other) || other == format, "{file} imports formats::{other}");
            }
        }
    }
}

#[test]
fn the_reader_of_use_lines_sees_lists_and_paths() {
    let source = "use crate::{error, ir};\n// crate::plan\nlet x = crate::tensor::DType::Bool;\n";
    assert_eq!(named(source), ["error", "ir", "tensor"]);
}
