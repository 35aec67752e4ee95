//! Templates of the Jinja language, as chat templates are written: read, judged, and never rendered.
//!
//! ```text
//! text ─ lex ─▶ tokens ─ parse ─▶ expressions and events ─ fold ─▶ what each may come to ─ judge ─▶ findings
//! ```
//!
//! Rendering a template is running a program in the host's Python. What makes it dangerous is reaching for an attribute
//! that leads out of the data, so every attribute, key, filter, method and function is held against what is known to be
//! harmless, after texts that the template puts together have been put together. A name that stays unknown where an
//! attribute is meant is suspicious; strings alone decide nothing. The grammar is that of Jinja 3.1 with the tags that
//! hosts of chat templates add.

mod ast;
mod fold;
mod judge;
mod lex;
mod parse;
mod value;

use crate::context::Context;
use crate::error::{Location, Result};
use crate::scan::{Exam, rules};

/// Expressions of one template that are followed.
const EXPRESSIONS: usize = 200_000;

/// Findings of one template that are told.
const TOLD: usize = 30;

/// What a template needs, as far as it shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Variables that the host must supply, sorted.
    pub variables: Vec<String>,
    /// Roles of messages that it knows, sorted.
    pub roles: Vec<String>,
    /// It knows how to offer tools.
    pub tools: bool,
}

/// Why a text is not read as a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum Fault {
    #[error("{reason}")]
    Syntax { at: usize, reason: String },
    #[error("tags or expressions lie more than {cap} deep inside each other")]
    TooDeep { at: usize, cap: u32 },
    #[error("the template has more expressions than are followed")]
    TooLong,
}

/// Reads a template and reports what it would reach. `None` if it does not compile, which is reported too.
///
/// # Errors
/// `Cancelled` only; all else is reported.
pub fn examine(at: &Location, text: &str, exam: &mut Exam<'_>) -> Result<Option<Facts>> {
    let cx = exam.cx();
    cx.tick("scan", 0, 0)?;
    let place = |byte: usize| Location { byte: at.byte.map(|start| start.saturating_add(byte as u64)), ..at.clone() };
    let template = match read(text, cx) {
        Ok(template) => template,
        Err(Fault::Syntax { at: byte, reason }) => {
            let message = format!("{reason} ({})", line(text, byte));
            exam.report_seen(&rules::template::BROKEN, place(byte), message, snippet(text, byte));
            return Ok(None);
        }
        Err(fault) => {
            exam.report(&rules::template::HEAVY, at.clone(), fault.to_string());
            exam.gap(at.clone(), text.len() as u64, fault.to_string());
            return Ok(None);
        }
    };
    let (reports, facts) = judge::judge(&template, &|done| cx.tick("scan", done as u64, 0))?;
    for (rule, byte, message) in reports.into_iter().take(TOLD) {
        let message = format!("{message} ({})", line(text, byte));
        exam.report_seen(rule, place(byte), message, snippet(text, byte));
    }
    Ok(Some(facts))
}

/// What a template needs, or why it does not compile.
pub fn facts(text: &str, cx: &Context) -> Result<Facts, Fault> {
    let template = read(text, cx)?;
    judge::judge(&template, &|_| Ok(())).map(|(_, facts)| facts).map_err(|_| Fault::TooLong)
}

fn read(text: &str, cx: &Context) -> Result<ast::Template, Fault> {
    let cap = usize::try_from(cx.limits().instructions).unwrap_or(usize::MAX).min(EXPRESSIONS);
    parse::parse(lex::tokens(text, cap.saturating_mul(4))?, cap)
}

/// The line of the template that a byte stands in.
fn line(text: &str, byte: usize) -> String {
    let breaks = text.bytes().take(byte).filter(|byte| *byte == b'\n').count();
    format!("line {} of the template", breaks.saturating_add(1))
}

/// The text around a byte.
fn snippet(text: &str, byte: usize) -> String {
    const BEFORE: usize = 24;
    const SHOWN: usize = 120;
    let start = (0..=byte.saturating_sub(BEFORE).min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    let rest = text.get(start.unwrap_or(0)..).unwrap_or_default();
    rest.chars().take(SHOWN).collect()
}

#[cfg(test)]
mod tests;
