//! Notebooks of Jupyter: JSON with cells.

use crate::error::{ErrorKind, Location, Result};
use crate::formats::Taken;
use crate::scan::{Exam, Part, python, rules, secrets};
use crate::wire::json::{self, Json};

/// A notebook's name, and JSON in it.
pub(super) fn is_notebook(name: &str, part: &Part) -> bool {
    name.rsplit('.').next() == Some("ipynb") && part.blob.trim_ascii_start().starts_with(b"{")
}

/// Reports what the cells do; what a person runs is a note, unless it is hidden. Outputs keep credentials.
pub(super) fn inspect(part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
    let notebook = match json::parse(&part.blob, exam.cx()) {
        Ok(document) => document.root,
        Err(error) if error.kind() == ErrorKind::Malformed => return Ok(Taken::No),
        Err(error) => return Err(error),
    };
    exam.report(&rules::code::SHIPPED, part.location(), "a notebook, which nothing runs by itself");
    let cells = notebook.get("cells").map(Json::items).unwrap_or_default();
    for (index, cell) in cells.iter().enumerate() {
        exam.cx().tick("scan", index as u64, cells.len() as u64)?;
        let at = Location { item: Some(format!("cell {}", index.saturating_add(1))), ..part.location() };
        let source = text(cell.get("source"));
        secrets::examine(&at, &source, exam);
        for output in cell.get("outputs").map(Json::items).unwrap_or_default() {
            secrets::examine(&at, &text(output.get("text")), exam);
        }
        if cell.get("cell_type").and_then(Json::as_str) != Some("code") {
            continue;
        }
        for effect in python::read(&source).effects {
            let rule = if effect.hidden { &rules::code::HIDDEN } else { &rules::code::ACTS };
            let at = Location { line: Some(effect.line), ..at.clone() };
            exam.report_seen(rule, at, super::told(&effect), &effect.shown);
        }
    }
    Ok(Taken::Yes)
}

/// A text, or a list of its lines.
fn text(value: Option<&Json>) -> String {
    let Some(value) = value else { return String::new() };
    let lines: String = value.items().iter().filter_map(Json::as_str).collect();
    value.as_str().map_or(lines, str::to_owned)
}
