//! Templates as jinja2 reads them: what it accepts is accepted, what it refuses is refused; what people use is clean, and
//! what reaches for the insides of Python is told, however its name is spelt.

use modelium_core::scan::{Depth, Exam, Verdict, template};
use modelium_core::{Context, Location};
use serde::Deserialize;

use crate::support::repository;

#[derive(Deserialize)]
struct Templates {
    honest: Vec<Honest>,
    /// Text, and whether jinja2 accepts it.
    snippets: Vec<(String, bool)>,
    malicious: Vec<String>,
    suspicious: Vec<String>,
}

#[derive(Deserialize)]
struct Honest {
    name: String,
    text: String,
    /// From, to, what is put there instead, and whether jinja2 accepts the result.
    edits: Vec<(usize, usize, String, bool)>,
}

fn templates() -> Templates {
    let text = std::fs::read_to_string(repository("tests/corpus/templates/templates.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn examine(text: &str) -> (Verdict, Vec<String>) {
    let cx = Context::new();
    let mut exam = Exam::new(&[], Depth::Content, &cx);
    template::examine(&Location::file("t"), text, &mut exam).unwrap();
    let examined = exam.finish();
    let told = examined.findings.iter().map(|finding| format!("{}: {}", finding.code, finding.message));
    (examined.verdict(), told.collect())
}

#[test]
fn what_jinja_accepts_is_accepted_and_what_it_refuses_is_refused() {
    let (templates, cx) = (templates(), Context::new());
    let mut wrong = Vec::new();
    let mut count = 0;
    let mut compare = |text: &str, accepts: bool| {
        count += 1;
        let found = template::facts(text, &cx);
        if found.is_ok() != accepts {
            wrong.push(format!("jinja2 accepts it: {accepts}; found {:?}: {text:?}", found.err()));
        }
    };
    for (text, accepts) in &templates.snippets {
        compare(text, *accepts);
    }
    for Honest { text, edits, .. } in &templates.honest {
        compare(text, true);
        for (start, end, new, accepts) in edits {
            compare(&[&text[..*start], new, &text[*end..]].concat(), *accepts);
        }
    }
    assert!(wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn templates_that_people_use_are_clean() {
    for Honest { name, text, .. } in templates().honest {
        let (verdict, told) = examine(&text);
        assert_eq!(verdict, Verdict::Clean, "{name}: {told:?}");
    }
}

#[test]
fn templates_that_reach_for_the_insides_of_python_are_malicious() {
    let found = templates().malicious.into_iter().map(|text| (examine(&text), text));
    let wrong: Vec<_> = found.filter(|((verdict, _), _)| *verdict != Verdict::Malicious).collect();
    assert!(wrong.is_empty(), "{}: {wrong:#?}", wrong.len());
}

#[test]
fn templates_that_hide_what_they_do_are_suspicious() {
    let found = templates().suspicious.into_iter().map(|text| (examine(&text), text));
    let wrong: Vec<_> = found.filter(|((verdict, _), _)| *verdict != Verdict::Suspicious).collect();
    assert!(wrong.is_empty(), "{}: {wrong:#?}", wrong.len());
}
