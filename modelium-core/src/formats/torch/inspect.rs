//! What would act in a PyTorch file: its pickles, its code, what hides among its weights, and numbers that lie.

use std::collections::HashMap;

use crate::blob::Blob;
use crate::error::{Classify as _, ErrorKind, Location, Result};
use crate::formats::torch::code::{self, Act};
use crate::formats::torch::records::{Kind, Legacy, Records, is_legacy, kind};
use crate::formats::torch::saved::{Saved, Source};
use crate::formats::torch::script::is_code;
use crate::formats::torch::state;
use crate::formats::torch::{CHECKPOINT, PROGRAM, SCRIPT, graph};
use crate::formats::{FormatId, Inspector, Sniff, Taken};
use crate::scan::rules::torch as rules;
use crate::scan::{Exam, Part, content, pickle as judge};
use crate::wire::zip::Entry;

/// Records that hold a word or two.
const WORDS: &[&str] = &[
    "version",
    ".data/version",
    "byteorder",
    ".format_version",
    ".storage_alignment",
    ".data/serialization_id",
    "archive_format",
    "archive_version",
];
/// The longest word that a record holds.
const LONGEST_WORD: u64 = 256;

/// Looks for danger in PyTorch files of one kind.
#[derive(Debug, Clone, Copy)]
pub struct TorchInspector(Kind);

impl TorchInspector {
    /// What `torch.save` writes, old and new.
    pub const CHECKPOINT: Self = Self(Kind::Checkpoint);
    /// What `torch.jit.save` writes.
    pub const SCRIPT: Self = Self(Kind::Script);
    /// What `torch.export.save` writes.
    pub const PROGRAM: Self = Self(Kind::Program);
}

impl Inspector for TorchInspector {
    fn format(&self) -> FormatId {
        match self.0 {
            Kind::Checkpoint => CHECKPOINT,
            Kind::Script => SCRIPT,
            Kind::Program => PROGRAM,
        }
    }

    fn sniff(&self, part: &Part) -> Sniff {
        let is_old = self.0 == Kind::Checkpoint && is_legacy(&part.blob);
        if is_old || kind(&part.blob) == Some(self.0) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        if kind(&part.blob) == Some(self.0) {
            let records = Records::read(&part.blob, exam.cx())?;
            for entry in records.directory.entries.iter().filter(|entry| !entry.is_folder() && !entry.is_link) {
                record(part, &records, entry, exam)?;
            }
        }
        if self.0 == Kind::Checkpoint && is_legacy(&part.blob) {
            legacy(part, exam)?;
        }
        // what a loader would build from numbers that lie
        match Saved::open(&part.blob, exam.cx()) {
            Ok(saved) => numbers(part, &saved, exam)?,
            Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
            Err(_) => {} // the pickle was examined by itself
        }
        Ok(Taken::Yes)
    }
}

/// One record of an archive, whichever name it goes by to whom.
fn record(part: &Part, records: &Records, entry: &Entry, exam: &mut Exam<'_>) -> Result<()> {
    let name = entry.name.strip_prefix(&records.root).unwrap_or(&entry.name);
    let raw = is_storage(name) && !holds_object(records, entry);
    if raw && let Some(range) = entry.data.clone().filter(|_| entry.is_plain()) {
        return content::search(part, range, exam);
    }
    let budget = if entry.is_plain() { Ok(()) } else { exam.inflate(entry.bytes) };
    let blob = match budget.and_then(|()| records.directory.member(entry, entry.bytes, exam.cx())) {
        Ok(blob) => blob,
        Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
        Err(error) => {
            let whole = part.member(&entry.name, part.blob.clone());
            exam.fault(&error.with_location(Location::default()), &whole);
            return Ok(());
        }
    };
    if raw {
        let member = part.member(&entry.name, blob);
        let all = 0..member.blob.len();
        content::search(&member, all, exam)
    } else if is_code(name) && name.starts_with("code/") {
        source(&part.member(&entry.name, blob), exam);
        Ok(())
    } else if WORDS.contains(&name) && is_word(&blob) {
        Ok(())
    } else if graph::is_graph(name, &blob) {
        let member = part.member(&entry.name, blob);
        match graph::inspect(&member, exam) {
            Err(error) if error.kind() != ErrorKind::Cancelled => exam.fault(&error, &member),
            done => return done,
        }
        Ok(())
    } else if is_pickle(name) || is_pickled_object(name) && !begins_like_zip(&blob) {
        pickle(part, &entry.name, blob, exam)
    } else {
        exam.child(part, &entry.name, blob)
    }
}

/// Raw elements: `data/0`, `constants/3`, `data/weights/weight_0`.
fn is_storage(name: &str) -> bool {
    let Some((folder, last)) = name.rsplit_once('/') else { return false };
    let numbered = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    let raw = ["weight_", "tensor_", "param_"].iter().any(|prefix| {
        last.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    });
    numbered && matches!(folder, "data" | "constants" | "traced_inputs" | "tensors" | "bytecode" | "xl_model_weights")
        || raw && matches!(folder, "data/weights" | "data/constants")
}

/// Tensors of classes of their own are saved as checkpoints under the names of plain ones.
fn holds_object(records: &Records, entry: &Entry) -> bool {
    let start = entry.data.as_ref().map(|data| data.start..data.start.saturating_add(4));
    start.and_then(|start| records.directory.blob().slice(start)).is_some_and(|start| begins_like_zip(&start))
}

fn begins_like_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Objects that `torch.export` pickles by themselves.
fn is_pickled_object(name: &str) -> bool {
    name.strip_prefix("data/constants/")
        .is_some_and(|last| last.starts_with("custom_obj_") || last.starts_with("opaque_obj_"))
}

/// What PyTorch hands to an unpickler, whatever the bytes look like.
fn is_pickle(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, end)| matches!(end, "pkl" | "debug_pkl"))
}

fn is_word(blob: &Blob) -> bool {
    blob.len() <= LONGEST_WORD && blob.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace())
}

/// A record that is unpickled.
fn pickle(part: &Part, name: &str, blob: Blob, exam: &mut Exam<'_>) -> Result<()> {
    judge::examine(&part.member(name, blob), 0, &mut judge::Plain, exam)
}

/// The code of TorchScript.
fn source(part: &Part, exam: &mut Exam<'_>) {
    if std::str::from_utf8(&part.blob).is_err() {
        exam.gap(part.location(), part.blob.len(), "code that is not UTF-8");
        return;
    }
    for found in code::uses(&part.blob) {
        let Some(act) = found.act() else { continue };
        let call =
            if found.name.is_empty() { found.domain.clone() } else { format!("{}::{}", found.domain, found.name) };
        let (rule, message) = match act {
            Act::Writes => (&rules::SCRIPT_WRITES, format!("the code calls '{call}', which writes a file")),
            Act::Reads => (&rules::SCRIPT_READS, format!("the code calls '{call}', which reads a file")),
            Act::Unknown if found.name.is_empty() => {
                let message = format!("the code takes the namespace '{call}' as a value, which hides what it calls");
                (&rules::SCRIPT_UNKNOWN_OPERATOR, message)
            }
            Act::Unknown => {
                (&rules::SCRIPT_UNKNOWN_OPERATOR, format!("the code uses '{call}', which PyTorch does not bring"))
            }
        };
        exam.report_seen(rule, part.at(found.byte), message, line(&part.blob, found.byte));
    }
}

/// The line of a text in which a byte lies.
fn line(text: &[u8], byte: u64) -> String {
    let at = usize::try_from(byte).unwrap_or(0);
    let before = text.get(..at).unwrap_or_default().rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let after = text.get(at..).unwrap_or_default().split(|byte| *byte == b'\n').next().unwrap_or_default();
    String::from_utf8_lossy(&[before, after].concat()).trim().to_owned()
}

/// A legacy file: its pickles as one part, then the storages.
fn legacy(part: &Part, exam: &mut Exam<'_>) -> Result<()> {
    let file = match Legacy::read(&part.blob, exam.cx()) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
        Err(error) => {
            // not what it begins as: pickles, and nothing but pickles
            exam.fault(&error, part);
            return pickle(part, "pickles", part.blob.clone(), exam);
        }
    };
    if let Some(pickles) = part.blob.slice(0..file.pickles_end) {
        pickle(part, "pickles", pickles, exam)?;
    }
    if let Some(fault) = &file.fault {
        exam.report(
            &rules::STORAGE_BOUNDS,
            Location { byte: fault.location().byte, ..part.location() },
            fault.to_string(),
        );
    }
    for place in file.storages.values() {
        if let Some(range) = place.range.clone() {
            content::search(part, range, exam)?;
        }
    }
    if let Some(rest) = part.blob.slice(file.end..part.blob.len()).filter(|rest| !rest.is_empty()) {
        exam.child(part, "behind the storages", rest)?;
    }
    Ok(())
}

/// Numbers of the pickle against each other and against the storages.
fn numbers(part: &Part, saved: &Saved, exam: &mut Exam<'_>) -> Result<()> {
    let Ok(trace) = saved.object() else { return Ok(()) };
    let inner = match &saved.source {
        Source::Zip(records) => part.member(format!("{}data.pkl", records.root), part.blob.clone()),
        Source::Legacy(_) => part.clone(),
    };
    let state = state::read(trace);
    let names: HashMap<u64, &str> = state.tensors.iter().map(|(name, tensor)| (tensor.byte, name.as_str())).collect();
    // those of optimizers, those inside of sparse tensors and those that nothing keeps are built, too
    for tensor in state::built(trace) {
        exam.cx().tick("scan", tensor.byte, part.blob.len())?;
        let name = names.get(&tensor.byte).copied().unwrap_or("(beside the model)");
        if let Err(flaw) = saved.window(name, &tensor) {
            exam.report(&rules::STORAGE_BOUNDS, inner.at(tensor.byte), flaw.to_string());
        }
    }
    Ok(())
}
