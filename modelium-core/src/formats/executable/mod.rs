//! Programs: native ones, byte code, and scripts for a shell. None of them belongs into a model, and none is opened.
//!
//! ELF, PE, Mach-O, WebAssembly, Java classes and Dex are told by the structure of their headers, scripts by their first
//! line. What uses a library (a custom operator, an engine) is judged where it is used.

use crate::error::Result;
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::content::Program;
use crate::scan::rules::content as rules;
use crate::scan::{Exam, Part};

/// Programs of any kind.
pub const FORMAT: FormatId = FormatId::new("executable");

/// Says that a part is a program.
#[derive(Debug, Clone, Copy, Default)]
pub struct ExecutableInspector;

impl Inspector for ExecutableInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if Program::sniff(&part.blob).is_some() || interpreter(&part.blob).is_some() {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        if let Some(program) = Program::sniff(&part.blob) {
            exam.report(&rules::PROGRAM, part.at(0), format!("it is {}", program.name()));
        } else if let Some(interpreter) = interpreter(&part.blob) {
            exam.report(&rules::SCRIPT, part.at(0), format!("it is a script for {interpreter}"));
        } else {
            return Ok(Taken::No);
        }
        Ok(Taken::Yes)
    }
}

/// The program that the first line of a script asks for. Python is left to whoever reads source code.
fn interpreter(bytes: &[u8]) -> Option<String> {
    let line = bytes.strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next()?;
    let line = std::str::from_utf8(line.get(..line.len().min(200))?).ok()?.trim();
    let is_path = line.starts_with('/');
    (is_path && !line.contains("python")).then(|| line.to_owned())
}
