//! Every format by files alone: what its own library wrote is described as that library describes it and is clean; what
//! is hostile is refused with one exact line; and no mutation of either brings anything down.
//!
//! `tests/README.md` says which files and which keys.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use modelium_core::pipeline::Pipeline;
use modelium_core::scan::{ScanOptions, Verdict};
use modelium_core::{Artifact, Context, Registry};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::mutate::{XorShift, mutate};
use crate::support::repository;

#[path = "../../../fuzz/src/formats.rs"]
mod driver;

/// Mutations of each file; `MODELIUM_FUZZ_ROUNDS` makes it a long run.
const ROUNDS: usize = 8;

/// What must hold for one hostile file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Hostile {
    /// The error of opening it, without the path; null if it opens.
    open: Option<String>,
    verdict: Verdict,
    /// Codes of the findings of scanning it, sorted, each once.
    codes: BTreeSet<String>,
}

fn folders(below: &str) -> Vec<PathBuf> {
    let Ok(items) = fs::read_dir(repository(below)) else { return Vec::new() };
    let mut found: Vec<_> = items.map(|item| item.unwrap().path()).collect();
    found.retain(|path| path.is_dir());
    found.sort();
    found
}

fn document<T: for<'de> Deserialize<'de>>(path: &Path) -> T {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every key that is expected is found, with the value that is expected; lists of objects compare item by item.
fn differences(expected: &Value, found: &Value, at: &str, out: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (key, value) in expected {
                differences(value, found.get(key).unwrap_or(&Value::Null), &format!("{at}.{key}"), out);
            }
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            for (index, (expected, found)) in expected.iter().zip(found).enumerate() {
                differences(expected, found, &format!("{at}[{index}]"), out);
            }
        }
        (expected, found) if expected == found => {}
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => {}
        (expected, found) => out.push(format!("{at}: expected {expected}, found {found}")),
    }
}

#[test]
fn files_of_each_library_are_described_as_it_describes_them_and_are_clean() {
    let (pipeline, cx) = (Pipeline::new(Registry::builtin()), Context::new());
    let mut wrong = Vec::new();
    for folder in folders("tests/corpus/formats") {
        let facts: BTreeMap<String, Value> = document(&folder.join("facts.json"));
        for (name, mut expected) in facts {
            let path = folder.join(&name);
            let verdict = expected.as_object_mut().and_then(|facts| facts.remove("verdict"));
            let verdict = verdict.unwrap_or_else(|| Value::from("clean"));
            let shown = path.strip_prefix(repository("tests/corpus/formats")).unwrap().display().to_string();
            match pipeline.open(&path, &cx) {
                Ok(opened) => {
                    let found = serde_json::to_value(&opened.descriptor).unwrap();
                    differences(&expected, &found, &shown, &mut wrong);
                }
                Err(error) => wrong.push(format!("{shown}: {error}")),
            }
            let report = pipeline.scan(&[&path], &ScanOptions::default(), &cx).unwrap();
            if serde_json::to_value(report.verdict).unwrap() != verdict {
                let files = report.files.iter().filter(|file| file.verdict != Verdict::Clean);
                let why: Vec<_> = files.map(|file| (&file.findings, &file.gaps)).collect();
                wrong.push(format!("{shown}: expected {verdict}, found {:?}: {why:?}", report.verdict));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn hostile_files_are_refused_with_the_line_that_stands_beside_them() {
    let (pipeline, cx) = (Pipeline::new(Registry::builtin()), Context::new());
    let mut wrong = Vec::new();
    for folder in folders("tests/hostile/formats") {
        let list = folder.join("expected.json");
        let expected: BTreeMap<String, Hostile> = document(&list);
        let mut found = BTreeMap::new();
        for name in expected.keys() {
            let path = folder.join(name);
            let open = pipeline.open(&path, &cx).err().map(|error| {
                assert!(error.kind() != modelium_core::ErrorKind::Internal, "{error}");
                let line = error.to_string().replace(&path.display().to_string(), "…");
                // the list of formats grows
                line.split(", which is none of the known formats").next().unwrap_or_default().to_owned()
            });
            let report = pipeline.scan(&[&path], &ScanOptions::default(), &cx).unwrap();
            let findings = report.files.iter().flat_map(|file| &file.findings);
            let codes = findings.map(|finding| finding.code.to_string()).collect();
            found.insert(name.clone(), Hostile { open, verdict: report.verdict, codes });
        }
        if std::env::var_os("BLESS").is_some() {
            fs::write(&list, serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
        }
        for (name, expected) in &expected {
            if found.get(name) != Some(expected) {
                let shown = format!("{}/{name}", folder.file_name().unwrap().display());
                wrong.push(format!("{shown}:\n  expected {expected:?}\n  found    {:?}", found[name]));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differences (`make bless`, then read them):\n{}", wrong.len(), wrong.join("\n"));
}

/// The small files of the corpora, with the folder that each lies in.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let mut seeds = Vec::new();
    let mut waiting: Vec<(String, PathBuf)> = Vec::new();
    for below in ["tests/corpus/formats", "tests/hostile/formats", "tests/corpus/scan"] {
        waiting.extend(folders(below).into_iter().map(|path| {
            let format = path.file_name().unwrap().to_string_lossy().into_owned();
            (format, path)
        }));
    }
    while let Some((format, path)) = waiting.pop() {
        if path.is_dir() {
            let items = fs::read_dir(&path).unwrap().map(|item| (format.clone(), item.unwrap().path()));
            waiting.extend(items);
        } else if !["facts.json", "expected.json", "manifest.json"].iter().any(|name| path.ends_with(name)) {
            let bytes = fs::read(&path).unwrap();
            if bytes.len() <= 32 << 10 {
                seeds.push((format, bytes));
            }
        }
    }
    seeds.sort();
    seeds
}

#[test]
fn mutations_of_every_file_are_read_or_refused() {
    let rounds = std::env::var("MODELIUM_FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let (registry, cx) = (Registry::builtin(), driver::context());
    let seeds = seeds();
    let bytes: Vec<Vec<u8>> = seeds.iter().map(|(_, bytes)| bytes.clone()).collect();
    let mut random = XorShift(0x9e37_79b9_7f4a_7c15);
    for (format, own) in seeds.iter().filter(|(_, bytes)| !bytes.is_empty()) {
        for round in 0..rounds {
            // mostly this file; now and then a piece of another one
            let pool = if round % 4 == 3 { bytes.as_slice() } else { std::slice::from_ref(own) };
            let changed = mutate(pool, &mut random);
            driver::run(format, &changed, &registry, &cx);
            driver::scan(&changed, &registry, &cx);
        }
    }
}

#[test]
fn what_is_of_no_format_is_not_clean() {
    let (registry, cx) = (Registry::builtin(), driver::context());
    let file = driver::scan(b"\xde\xad\xbe\xef\x00\x01 nothing that anybody reads", &registry, &cx);
    assert_eq!(file.verdict, Verdict::Undetermined);
    let error = registry.analyze(&Artifact::from_bytes("x", &b"\xde\xad"[..]), &cx).unwrap_err();
    assert!(error.to_string().starts_with("found a file that begins with [de, ad]"), "{error}");
}
