//! The document type of XML: what a parser fetches or expands before anybody asked.

use crate::scan::rules::content as rules;
use crate::scan::{Exam, Part};

/// A document type longer than this is read no further.
const LONGEST: usize = 1 << 20;

/// Reports a document type that is kept elsewhere: a parser that follows it reads a file or opens a connection. Web pages
/// and drawings have one by custom; documents of models have none.
pub fn external(part: &Part, exam: &mut Exam<'_>) {
    let start = part.blob.get(..part.blob.len().min(LONGEST as u64).try_into().unwrap_or(0)).unwrap_or_default();
    let text = String::from_utf8_lossy(start);
    let Some(doctype) = find(&text, "<!doctype") else { return };
    let rest = text.get(doctype..).unwrap_or_default();
    let head = rest.split(['[', '>']).next().unwrap_or_default();
    let mut words = head.split_whitespace().skip(2);
    if words.next().is_some_and(|word| word.eq_ignore_ascii_case("system") || word.eq_ignore_ascii_case("public")) {
        let message = "the document type lies outside of the document";
        exam.report_seen(&rules::EXTERNAL_ENTITY, part.at(doctype as u64), message, head);
    }
}

/// Reports entities that lead to files and addresses, or that multiply. Does nothing to text that is not XML.
pub fn inspect(part: &Part, exam: &mut Exam<'_>) {
    let start = part.blob.get(..part.blob.len().min(LONGEST as u64).try_into().unwrap_or(0)).unwrap_or_default();
    let Ok(text) = std::str::from_utf8(start)
        .or_else(|error| std::str::from_utf8(start.get(..error.valid_up_to()).unwrap_or_default()))
    else {
        return;
    };
    if !text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).starts_with('<') {
        return;
    }
    let Some(doctype) = find(text, "<!doctype") else { return };
    // a document type stands before the first element
    if text.get(..doctype).is_some_and(has_element) {
        return;
    }
    let mut references = 0_u64;
    let mut at = doctype;
    while let Some(found) = text.get(at..).and_then(|rest| find(rest, "<!entity")) {
        let place = at.saturating_add(found);
        let rest = text.get(place..).unwrap_or_default();
        let end = declaration(rest);
        let body = rest.get(..end).unwrap_or_default();
        let mut words = body.split_whitespace().skip(1).filter(|word| *word != "%").skip(1);
        if words.next().is_some_and(|word| word.eq_ignore_ascii_case("system") || word.eq_ignore_ascii_case("public")) {
            let message = "an entity of the document type leads out of the document";
            exam.report_seen(&rules::EXTERNAL_ENTITY, part.at(place as u64), message, body);
        } else if body.contains('&') || body.contains('%') {
            references = references.saturating_add(1);
        }
        at = place.saturating_add(end.max(1));
    }
    if references >= 2 {
        let message = format!("{references} entities are made of others");
        exam.report(&rules::ENTITY_BOMB, part.at(doctype as u64), message);
    }
}

/// Where a declaration ends: at the first `>` outside of quotes.
fn declaration(text: &str) -> usize {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return at.saturating_add(1),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    text.len()
}

/// True if an element starts in the text: what stands before a document type is declarations and comments.
fn has_element(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        text.get(at.saturating_add(1)..).and_then(|rest| rest.chars().next()).is_some_and(char::is_alphabetic)
    })
}

/// The first place of an ASCII word in lower case, whatever its case in the text.
fn find(text: &str, word: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'<', bytes).find(|at| {
        bytes.get(*at..at.saturating_add(word.len())).is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()))
    })
}
