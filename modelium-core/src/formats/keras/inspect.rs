//! What would act in a Keras model: objects of its configuration, files among its assets, HDF5 that leads elsewhere.

use crate::blob::Blob;
use crate::descriptor::FormatId;
use crate::error::{Error, ErrorKind, Location, Result};
use crate::formats::keras::analyze::is_archive;
use crate::formats::keras::config::Config;
use crate::formats::keras::{FORMAT, FORMAT_H5, member};
use crate::formats::single::head;
use crate::formats::{Inspector, Sniff, Taken};
use crate::scan::keras::{Loader, judge_text};
use crate::scan::rules::arrays;
use crate::scan::{Exam, Part, content, secrets};
use crate::wire::hdf5::{self, Attribute, Dataset, Layout, Target, Value};
use crate::wire::json::{self, Json};
use crate::wire::zip::{Directory, Entry};

/// Looks for danger in archives of Keras 3.
#[derive(Debug, Clone, Copy, Default)]
pub struct KerasInspector;

/// Looks for danger in HDF5 files, whoever wrote them.
#[derive(Debug, Clone, Copy, Default)]
pub struct KerasH5Inspector;

/// Looks for danger in a configuration that stands alone; text is left to whoever takes text.
#[derive(Debug, Clone, Copy, Default)]
pub struct KerasConfigInspector;

impl Inspector for KerasInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if is_archive(&part.blob) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let directory = Directory::read(&part.blob, exam.cx())?;
        for entry in directory.entries.iter().filter(|entry| !entry.is_folder() && !entry.is_link) {
            if let Err(error) = look(part, &directory, entry, exam) {
                if error.kind() == ErrorKind::Cancelled {
                    return Err(error);
                }
                // what is wrong with one member hides none of the others
                let whole = part.member(&entry.name, part.blob.clone());
                let at = Location { file: None, byte: error.location().byte, ..Location::default() };
                exam.fault(&error.with_location(at), &whole);
            }
        }
        Ok(Taken::Yes)
    }
}

/// Looks at one member. Two of one name are both looked at: loaders differ in which one they take.
fn look(part: &Part, directory: &Directory, entry: &Entry, exam: &mut Exam<'_>) -> Result<()> {
    if !entry.is_plain() {
        exam.inflate(entry.bytes)?;
    }
    let blob = directory.member(entry, entry.bytes, exam.cx())?;
    let inside = part.member(&entry.name, blob.clone());
    match entry.name.as_str() {
        member::CONFIG => config(&blob, "config", &inside, exam),
        member::METADATA => {
            json::parse(&blob, exam.cx())?;
            secrets::examine(&inside.location(), &String::from_utf8_lossy(&blob), exam);
            Ok(())
        }
        // weights, assets, and what Keras does not write
        name => exam.child(part, name, blob),
    }
}

fn config(text: &Blob, what: &str, part: &Part, exam: &mut Exam<'_>) -> Result<()> {
    let root = judge_text(text, what, Loader::Keras, part, exam)?;
    Config::check(&root, part.location())?;
    secrets::examine(&part.location(), &String::from_utf8_lossy(text), exam);
    Ok(())
}

impl Inspector for KerasConfigInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        let text = head(&part.blob, 1 << 14).trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
        if text.starts_with('{') && (text.contains("\"class_name\"") && text.contains("\"config\"")) {
            Sniff::Certain
        } else {
            Sniff::No
        }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        // a text that is no JSON is another inspector's, and so is an object that only has such keys somewhere
        let Ok(document) = json::parse(&part.blob, exam.cx()) else { return Ok(Taken::No) };
        let is_model = |json: &Json| json.get("class_name").is_some() && json.get("config").is_some();
        let inner = [document.root.get("model_config"), document.root.at(&["modelTopology", "model_config"])];
        if is_model(&document.root) || inner.into_iter().flatten().any(is_model) {
            judge_text(&part.blob, "config", Loader::Keras, part, exam)?;
        }
        Ok(Taken::No)
    }
}

impl Inspector for KerasH5Inspector {
    fn format(&self) -> FormatId {
        FORMAT_H5
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if hdf5::signature(&part.blob).is_some() { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let file = hdf5::read(&part.blob, exam.cx())?;
        for object in &file.objects {
            for attribute in &object.attributes {
                let name = format!("{}, attribute {}", object.path, attribute.name);
                if let Err(error) = value(attribute, &name, part, exam) {
                    raise(error, &name, part, exam)?;
                }
            }
            if let Some(found) = object.dataset() {
                dataset(&object.path, found, part, exam)?;
            }
        }
        for link in &file.links {
            match &link.target {
                Target::External { file, path } => {
                    let seen = format!("{file}:{path}");
                    let message = "the link leads into another file";
                    exam.report_seen(&arrays::LEADS_ELSEWHERE, part.item(&link.path), message, seen);
                }
                Target::Foreign(number) => {
                    let message = format!("the link is of the kind {number}, which a program must define");
                    exam.report(&arrays::LEADS_ELSEWHERE, part.item(&link.path), message);
                }
                Target::Object(_) | Target::Soft(_) => {}
            }
        }
        for fault in file.faults {
            // places are told by the byte in this part, not in the archive around it
            let byte = fault.location().byte.map(|byte| byte.saturating_sub(part.blob.offset()));
            let at = Location { byte, ..fault.location().clone() };
            exam.fault(&fault.with_location(at), part);
        }
        if let Some(front) = part.blob.slice(0..file.user_block).filter(|front| front.iter().any(|byte| *byte != 0)) {
            exam.child(part, "user block", front)?;
        }
        Ok(Taken::Yes)
    }
}

/// Reports an error without ending the exam of the file.
fn raise(error: Error, item: &str, part: &Part, exam: &mut Exam<'_>) -> Result<()> {
    if error.kind() == ErrorKind::Cancelled {
        return Err(error);
    }
    let at = Location { item: Some(item.to_owned()), ..Location::default() };
    exam.fault(&error.with_location(at), part);
    Ok(())
}

/// Looks at an attribute: a configuration, a pickle, or something that only its writer understands.
fn value(attribute: &Attribute, name: &str, part: &Part, exam: &mut Exam<'_>) -> Result<()> {
    if let Some(tag) = attribute.datatype.opaque() {
        let message = format!("the attribute is of an opaque type, tag '{tag}'");
        exam.report(&arrays::OPAQUE, part.item(name), message);
    }
    match &attribute.value {
        Value::Texts(_) => {
            let Some(text) = attribute.text() else { return Ok(()) };
            if is_pickle(&text) {
                return exam.child(part, name, text);
            }
            let begins = head(&text, 64).trim_start().starts_with(['{', '[']);
            let is_config = matches!(attribute.name.as_str(), "model_config" | "training_config");
            // other attributes can hold a configuration too: a reader asks for them by names of its own
            if is_config || (begins && head(&text, 1 << 20).contains("class_name")) {
                let root = judge_text(&text, &attribute.name, Loader::Keras, part, exam)?;
                if attribute.name == "model_config" {
                    Config::check(&root, part.item(name))?;
                }
            }
            for text in attribute.texts() {
                secrets::examine_entry(&part.item(name), &attribute.name, &text, exam);
            }
        }
        Value::Bytes(bytes) if is_pickle(bytes) => exam.child(part, name, bytes.clone())?,
        Value::Bytes(_) => {}
    }
    Ok(())
}

/// True for bytes that begin as pickles of protocol 2 and later do, or as old ones that import.
fn is_pickle(bytes: &[u8]) -> bool {
    let ends = bytes.iter().rev().find(|byte| **byte != 0) == Some(&b'.');
    let modern = matches!(bytes, [0x80, 2..=5, ..]);
    let old = matches!(bytes, [b'c' | b'(', next, ..] if next.is_ascii_graphic()) && bytes.contains(&b'\n');
    modern || (old && ends)
}

/// Looks at a dataset: where its values are, and what hides among them.
fn dataset(path: &str, dataset: &Dataset, part: &Part, exam: &mut Exam<'_>) -> Result<()> {
    for external in &dataset.external {
        let message = "the values of the dataset lie in another file";
        exam.report_seen(&arrays::LEADS_ELSEWHERE, part.item(path), message, &external.name);
    }
    if let Some(tag) = dataset.datatype.opaque() {
        let message = format!("the dataset is of an opaque type, tag '{tag}'");
        exam.report(&arrays::OPAQUE, part.item(path), message);
    }
    for (id, name) in &dataset.filters {
        // what the library brings, and LZF, which h5py brings
        if !matches!(id, 1..=6 | 32_000) {
            let message = format!("the values pass through the filter {id} ('{name}'), a plugin");
            exam.report(&arrays::NEEDS_PLUGIN, part.item(path), message);
        }
    }
    let start = match &dataset.layout {
        Layout::Virtual { file, dataset, sources } => {
            if file.is_empty() || file == "." {
                if *sources > 1 {
                    let reason = format!("the {sources} sources of the virtual dataset {path} were not followed");
                    exam.gap(part.item(path), 0, reason);
                }
            } else {
                let message = format!("the dataset is a view of {sources} others, the first in another file");
                let seen = format!("{file}:{dataset}");
                exam.report_seen(&arrays::LEADS_ELSEWHERE, part.item(path), message, seen);
            }
            return Ok(());
        }
        Layout::Contiguous { start: Some(start) } | Layout::Compact { start } => *start,
        Layout::Contiguous { .. } | Layout::Chunked { .. } => return Ok(()),
    };
    let first = start.saturating_sub(part.blob.offset());
    let range = first..first.saturating_add(dataset.bytes);
    let values = part.blob.slice(range.clone());
    let one_byte = dataset.datatype.size == 1 || dataset.datatype.opaque().is_some();
    if let Some(values) = values.filter(|values| one_byte && is_pickle(values)) {
        exam.child(part, path, values)?;
    }
    if dataset.external.is_empty() {
        content::search(part, range, exam)?;
    }
    Ok(())
}
