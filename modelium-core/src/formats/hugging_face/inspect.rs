//! What would act in a folder of Hugging Face's, and in its JSON files one by one.

use std::collections::BTreeSet;

use crate::artifact::Artifact;
use crate::error::{ErrorKind, Location, Result};
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::python::{self, Does};
use crate::scan::{Exam, Part, hydra, rules, secrets, template};
use crate::tokenizer;
use crate::wire::json::{self, Json};
use crate::wire::json_stream::Reader;

use super::hooks::{self, Hook};
use super::kind::{self, Kind, LARGEST};
use super::{FORMAT, weights};

/// Files of code that are followed from one hook.
const FOLLOWED: usize = 200;

/// Looks for danger in JSON configurations and in the folders that they describe.
#[derive(Debug, Clone, Copy, Default)]
pub struct HuggingFaceInspector;

impl Inspector for HuggingFaceInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    /// Every JSON text: a file that is a model to one library can be a configuration to another. Templates in a file of
    /// their own too.
    fn sniff(&self, part: &Part) -> Sniff {
        let text = part.blob.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&part.blob);
        let mut solid = text.iter().take(4096).filter(|byte| !byte.is_ascii_whitespace());
        let json = match (solid.next(), solid.next()) {
            (Some(b'{'), next) => matches!(next, Some(b'"' | b'}')),
            (Some(b'['), next) => matches!(next, Some(b'{' | b'"' | b'[' | b']' | b'-' | b'0'..=b'9')),
            _ => false,
        };
        if json || is_template(part) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        if is_template(part) {
            let Ok(text) = std::str::from_utf8(&part.blob) else { return Ok(Taken::No) };
            template::examine(&part.location(), text, exam)?;
            secrets::examine(&part.location(), text, exam);
            return Ok(Taken::Yes);
        }
        if part.blob.len() > LARGEST {
            return large(part, exam);
        }
        let document = match json::parse_prefix(&part.blob, exam.cx()) {
            Ok(document) => document,
            // a loader looks for its files by name: what is called JSON and is none would make it fail
            Err(error) if error.kind() == ErrorKind::Malformed && !is_named_json(part) => return Ok(Taken::No),
            Err(error) => return Err(error),
        };
        let rest = usize::try_from(document.end).ok().and_then(|end| part.blob.get(end..)).unwrap_or_default();
        if !rest.trim_ascii().is_empty() {
            // one value on each line is a table, and no configuration
            let lines = rest.trim_ascii_start().starts_with(b"{") || rest.trim_ascii_start().starts_with(b"[");
            if lines || !is_named_json(part) {
                return Ok(Taken::No);
            }
            json::parse(&part.blob, exam.cx())?;
        }
        let known = kind::of_document(&document.root);
        let before = exam.found();
        judge(&document.root, known, part, exam)?;
        Ok(if known.is_some() || exam.found() > before { Taken::Yes } else { Taken::No })
    }

    fn inspect_folder(&self, folder: &Artifact, exam: &mut Exam<'_>) -> Result<()> {
        let mut entries: BTreeSet<String> = BTreeSet::new();
        for (name, entry) in folder.entries() {
            let base = name.rsplit('/').next().unwrap_or(name);
            // vocabularies and indexes name no code
            let names =
                is_json_name(base) && !matches!(base, "tokenizer.json" | "vocab.json") && !base.contains(".index.");
            if !names || entry.len > LARGEST {
                continue;
            }
            let Ok(blob) = folder.blob(name) else { continue };
            let Ok(document) = json::parse(&blob, exam.cx()) else { continue };
            let prefix = name.get(..name.len().saturating_sub(base.len())).unwrap_or_default();
            let files = hooks::of_document(&document.root).into_iter().filter_map(|hook| hook.file);
            entries.extend(files.map(|file| format!("{prefix}{file}")));
        }
        let custom = "custom_generate/generate.py";
        if folder.entry(custom).is_some() {
            let message = format!("generation runs '{custom}' of the folder where trust_remote_code is given");
            exam.report(&rules::repository::OWN_CODE, Location::file(folder.display(custom)), message);
            entries.insert(custom.to_owned());
        }
        follow(folder, entries, exam)
    }
}

/// A template in a file of its own, by its name or by how it begins.
fn is_template(part: &Part) -> bool {
    let name = part.name();
    let start = part.blob.trim_ascii_start();
    let named = [".jinja", ".jinja2", ".j2"].iter().any(|end| name.ends_with(end));
    named || start.starts_with(b"{%") || start.starts_with(b"{{") || start.starts_with(b"{#")
}

fn is_named_json(part: &Part) -> bool {
    is_json_name(part.name())
}

fn is_json_name(name: &str) -> bool {
    name.get(name.len().saturating_sub(5)..).is_some_and(|end| end.eq_ignore_ascii_case(".json"))
}

/// Reports what stands in a document: hooks, targets, templates, credentials.
fn judge(root: &Json, known: Option<Kind>, part: &Part, exam: &mut Exam<'_>) -> Result<()> {
    for hook in hooks::of_document(root) {
        report(&hook, part, exam);
    }
    if let Some(map) = root.get("weight_map") {
        weights::inspect_index(map, part, exam);
    }
    hydra::examine(root, &part.location(), hydra::Reader::Unknown, exam)?;
    let vocabulary = matches!(known, Some(Kind::Tokenizer | Kind::Index));
    let mut waiting = vec![(root, "")];
    while let Some((value, outer)) = waiting.pop() {
        exam.cx().tick("scan", waiting.len() as u64, 0)?;
        if value.get("chat_template").is_some() {
            for found in tokenizer::templates(value) {
                template::examine(&part.item(format!("chat_template '{}'", found.name)), found.text, exam)?;
            }
        }
        for (key, below) in value.entries() {
            match below {
                Json::String(text) if key != "chat_template" && !vocabulary => {
                    secrets::examine_entry(&part.item(key.as_str()), key, text, exam);
                }
                Json::Object(_) | Json::Array(_) => waiting.push((below, key)),
                _ => {}
            }
        }
        for below in value.items() {
            match below {
                Json::String(text) if !vocabulary => secrets::examine_entry(&part.item(outer), outer, text, exam),
                Json::Object(_) | Json::Array(_) => waiting.push((below, outer)),
                _ => {}
            }
        }
    }
    Ok(())
}

fn report(hook: &Hook, part: &Part, exam: &mut Exam<'_>) {
    exam.report_seen(hook.rule, part.item(hook.item.as_str()), &hook.message, &hook.seen);
}

/// A text too large for a tree: the values of keys that can act are taken out of the stream, at any depth.
fn large(part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
    const KEYS: &[&str] = &[
        "auto_map",
        "auto_mapping",
        "custom_pipelines",
        "custom_generate",
        "custom_pipeline",
        "trust_remote_code",
        "chat_template",
        "weight_map",
        "_target_",
        "class_path",
        "_attn_implementation",
        "attn_implementation",
    ];
    let mut found: Vec<(String, Json)> = Vec::new();
    let mut reader = Reader::new(&part.blob, exam.cx());
    let walked = gather(&mut reader, KEYS, &mut found).and_then(|()| reader.finish());
    match walked {
        Err(error) if error.kind() == ErrorKind::Malformed && !is_named_json(part) => return Ok(Taken::No),
        Err(error) => return Err(error),
        Ok(()) => {}
    }
    let known = kind::of_text(&part.blob, exam.cx());
    let before = exam.found();
    judge(&Json::Object(found), Some(Kind::Tokenizer), part, exam)?;
    Ok(if known.is_some() || exam.found() > before { Taken::Yes } else { Taken::No })
}

fn gather(reader: &mut Reader<'_>, keys: &[&str], found: &mut Vec<(String, Json)>) -> Result<()> {
    use crate::wire::json_stream::Kind as Value;
    match reader.kind()? {
        Value::Object => reader.object(|reader, key| {
            if keys.contains(&key) {
                found.push((key.to_owned(), reader.value()?));
                return Ok(());
            }
            gather(reader, keys, found)
        }),
        Value::Array => reader.array(|reader| gather(reader, keys, found)),
        _ => reader.skip(),
    }
}

/// Reads the code that hooks name, and what that code imports from its own folder.
fn follow(folder: &Artifact, files: BTreeSet<String>, exam: &mut Exam<'_>) -> Result<()> {
    let mut waiting: Vec<String> = files.into_iter().collect();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    while let Some(file) = waiting.pop() {
        if seen.len() >= FOLLOWED || folder.entry(&file).is_none() || !seen.insert(file.clone()) {
            continue;
        }
        exam.cx().tick("scan", seen.len() as u64, 0)?;
        let Ok(blob) = folder.blob(&file) else { continue };
        let facts = python::read(&String::from_utf8_lossy(&blob));
        for effect in &facts.effects {
            let grave = effect.hidden || effect.does != Does::Loads;
            if !grave {
                continue;
            }
            let when = if effect.on_import { "as soon as it is imported" } else { "when it is called" };
            let message = format!("'{file}' reaches '{}' {when}", effect.name);
            let at = Location { line: Some(effect.line), ..Location::at(folder.display(&file), effect.byte) };
            exam.report_seen(&rules::repository::CODE_ACTS, at, message, &effect.shown);
        }
        let below = file.rsplit_once('/').map_or(String::new(), |(below, _)| format!("{below}/"));
        let own = facts.imports.iter().filter_map(|module| module.strip_prefix('.'));
        waiting.extend(own.map(|module| format!("{below}{}.py", module.replace('.', "/"))));
    }
    Ok(())
}
