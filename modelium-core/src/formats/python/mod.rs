//! What belongs to Python beside a model: source, notebooks, lists of requirements. Nothing in them is run.
//!
//! Source is told by its name or its first line, because no bytes tell it. A loader runs it only if a configuration names
//! it, which the format of the configuration reports; by itself it is a note, unless it hides what it does or acts as soon
//! as it is imported. The cells of a notebook are source that a person runs one by one. Requirements are harmless but for
//! those that come from an address of their own.

mod notebook;
mod requirements;

use crate::error::{Location, Result};
use crate::finding::Rule;
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::python::{self, Does, Effect};
use crate::scan::{Exam, Part, rules};

/// Source, notebooks and requirements.
pub const FORMAT: FormatId = FormatId::new("python");

/// Looks for danger in source, notebooks and requirements.
#[derive(Debug, Clone, Copy, Default)]
pub struct PythonInspector;

impl Inspector for PythonInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        let name = part.name().to_ascii_lowercase();
        let shebang = part.blob.starts_with(b"#!") && {
            let line = part.blob.get(..part.blob.bytes().len().min(80)).unwrap_or_default();
            String::from_utf8_lossy(line).lines().next().is_some_and(|line| line.contains("python"))
        };
        if shebang || is_source(&name) || notebook::is_notebook(&name, part) || requirements::are_requirements(&name) {
            Sniff::Maybe
        } else {
            Sniff::No
        }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let Ok(text) = std::str::from_utf8(&part.blob) else { return Ok(Taken::No) };
        let name = part.name().to_ascii_lowercase();
        if notebook::is_notebook(&name, part) {
            return notebook::inspect(part, exam);
        }
        if requirements::are_requirements(&name) {
            requirements::inspect(text, part, exam);
            return Ok(Taken::Yes);
        }
        exam.cx().tick("scan", 0, part.blob.len())?;
        exam.report(&rules::code::SHIPPED, part.location(), "source, which nothing runs by itself");
        for effect in python::read(text).effects {
            let rule = judge(&effect, name == "setup.py");
            let at = Location { line: Some(effect.line), ..part.at(effect.byte) };
            exam.report_seen(rule, at, told(&effect), &effect.shown);
        }
        Ok(Taken::Yes)
    }
}

fn is_source(name: &str) -> bool {
    let end = name.rsplit('.').next().unwrap_or_default();
    matches!(end, "py" | "pyw") && end.len() < name.len()
}

/// What an effect of source means where nothing is known to run it.
fn judge(effect: &Effect, installer: bool) -> &'static Rule {
    if effect.hidden {
        &rules::code::HIDDEN
    } else if effect.on_import && effect.does == Does::Runs && !installer {
        &rules::code::ACTS_ON_IMPORT
    } else {
        &rules::code::ACTS
    }
}

fn told(effect: &Effect) -> String {
    let does = match effect.does {
        Does::Runs => "runs programs or text",
        Does::Connects => "reaches the network",
        Does::Destroys => "deletes or stops",
        Does::Loads => "loads what can run",
    };
    let when = match (effect.hidden, effect.on_import) {
        (true, _) => "of what was decoded or fetched",
        (false, true) => "on import",
        (false, false) => "when it is called",
    };
    format!("'{}' {does} {when}", effect.name)
}
