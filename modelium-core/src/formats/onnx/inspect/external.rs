//! References to data in other files: what they say, and where they lead.

use std::collections::HashMap;

use crate::artifact::{Artifact, LocationError};
use crate::error::Location;
use crate::formats::onnx::error::Quoted;
use crate::formats::onnx::schema::TensorProto;
use crate::scan::{Exam, rules};

/// The keys of `external_data` that the specification has.
const KEYS: [&str; 4] = ["location", "offset", "length", "checksum"];

/// A location that ONNX Runtime takes for an address in its own memory.
const MEMORY: &str = "_ORT_MEM_ADDR_";

/// The files beside one model, each looked up once.
pub(super) struct Files<'a> {
    artifact: &'a Artifact,
    entry: &'a str,
    /// Bytes of each file by location; none for what is not there or leads elsewhere.
    known: HashMap<String, Option<u64>>,
    missing: bool,
}

impl<'a> Files<'a> {
    pub(super) fn new(artifact: &'a Artifact, entry: &'a str) -> Self {
        Self { artifact, entry, known: HashMap::new(), missing: false }
    }

    /// True if a file was not there.
    pub(super) fn missing(&self) -> bool {
        self.missing
    }

    /// Looks at the reference of one tensor.
    pub(super) fn reference(&mut self, tensor: &TensorProto, at: &Location, exam: &mut Exam<'_>) {
        let text =
            |bytes: Option<&bytes::Bytes>| String::from_utf8_lossy(bytes.map_or(&[], |bytes| bytes)).into_owned();
        let entries = tensor.external_data.iter();
        let entries: Vec<_> = entries.map(|entry| (text(entry.key.as_ref()), text(entry.value.as_ref()))).collect();
        let name = Quoted(text(tensor.name.as_ref()));
        for (key, _) in entries.iter().filter(|(key, _)| !KEYS.contains(&key.as_str())) {
            let key_shown = Quoted(key.clone());
            if key.starts_with('_') {
                let message = format!("tensor {name} has external data with the key {key_shown}");
                exam.report(&rules::external::SETS_ATTRIBUTE, at.clone(), message);
            } else {
                let message =
                    format!("tensor {name} has external data with the key {key_shown}, which readers may act on");
                exam.report(&rules::external::ODD_KEY, at.clone(), message);
            }
        }
        let number = |key: &str| {
            let value = entries.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str());
            value.map(str::parse::<u64>)
        };
        for (key, value) in entries.iter().filter(|(key, _)| matches!(key.as_str(), "offset" | "length")) {
            if value.parse::<u64>().is_err() {
                let value = Quoted(value.clone());
                let message = format!("tensor {name} has {value} as '{key}' of its external data; expected bytes");
                exam.report(&rules::structure::MALFORMED, at.clone(), message);
            }
        }
        for (_, location) in entries.iter().filter(|(key, _)| key == "location") {
            let Some(available) = self.open(location, at, exam) else { continue };
            let (Some(Ok(offset)), length) = (number("offset").or(Some(Ok(0))), number("length")) else { continue };
            let length = length.and_then(Result::ok).unwrap_or_default();
            if offset.checked_add(length).is_none_or(|end| end > available) {
                let place = Quoted(location.clone());
                let message =
                    format!("tensor {name} claims {length} bytes at offset {offset} of {place}, which has {available}");
                exam.report(&rules::structure::MALFORMED, at.clone(), message);
            }
        }
    }

    /// Looks a file up and reports where it leads; its size if it may be read.
    pub(super) fn open(&mut self, location: &str, at: &Location, exam: &mut Exam<'_>) -> Option<u64> {
        if let Some(known) = self.known.get(location) {
            return *known;
        }
        let shown = Quoted(location.to_owned());
        let found = if location.contains(MEMORY) {
            exam.report_seen(&rules::external::MEMORY, at.clone(), "data at an address in memory", location);
            self.missing = true;
            None
        } else {
            match self.artifact.resolve(self.entry, location) {
                Ok(file) => Some(file.len()),
                Err(reason @ (LocationError::Missing | LocationError::Folder | LocationError::Unreadable(_))) => {
                    self.missing = true;
                    exam.gap(at.clone(), 0, format!("external data at {shown}: {reason}"));
                    None
                }
                Err(reason @ LocationError::Empty) => {
                    let message = format!("external data at {shown}: {reason}");
                    exam.report(&rules::structure::MALFORMED, at.clone(), message);
                    None
                }
                Err(reason) => {
                    let message = format!("external data at {shown}: {reason}");
                    exam.report_seen(&rules::external::LEADS_AWAY, at.clone(), message, location);
                    None
                }
            }
        };
        // files beyond any sane number are looked up each time, so that nothing grows without bounds
        if (self.known.len() as u64) < exam.cx().limits().entries {
            self.known.insert(location.to_owned(), found);
        }
        found
    }
}
