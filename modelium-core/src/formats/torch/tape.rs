//! The first format of `torch.save`, of torch 0.1: a tar archive with pickles and raw elements in turn.
//!
//! `sys_info` and `pickle` are pickles. `storages` is a count, and for each storage a pickle `(key, device, class)`, a count
//! of elements and the elements. `tensors` is a count, and for each a pickle `(key, storage, class)` and fixed fields:
//! rank, sizes, strides, offset. The object refers to tensors by persistent ids.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::{ModelDescriptor, Producer, TensorDescriptor};
use crate::error::{Location, Result};
use crate::formats::torch::CHECKPOINT;
use crate::formats::torch::analyze::single;
use crate::formats::torch::dtype::{self, Element};
use crate::formats::torch::error::TorchError;
use crate::formats::torch::saved::row_major;
use crate::formats::{Analyzer, FormatId, Inspector, Match, Sniff, Taken};
use crate::scan::pickle as judge;
use crate::scan::rules::pickle::OUTSIDE_STATE;
use crate::scan::rules::{all as all_rules, torch as rules};
use crate::scan::{Exam, Part, content};
use crate::wire::pickle::{self, Options, Trace, Value, ValueId};
use crate::wire::tar::{Tar, TarKind, looks_like_tar};

/// The members, in the order in which PyTorch reads them.
const MEMBERS: [&str; 4] = ["sys_info", "storages", "tensors", "pickle"];

/// Describes what `torch.save` of torch 0.1 wrote.
#[derive(Debug, Clone, Copy, Default)]
pub struct TapeAnalyzer;

/// Examines what `torch.save` of torch 0.1 wrote.
#[derive(Debug, Clone, Copy, Default)]
pub struct TapeInspector;

/// The members by name; none if some are missing.
fn members(blob: &Blob) -> Option<BTreeMap<String, Range<u64>>> {
    if !looks_like_tar(blob) {
        return None;
    }
    let tar = Tar::read(blob, &Context::new()).ok()?;
    let files = tar.entries.into_iter().filter(|entry| entry.kind == TarKind::File);
    // tarfile takes the last of two members of one name
    let members: BTreeMap<String, Range<u64>> =
        files.map(|entry| (entry.name.trim_start_matches("./").to_owned(), entry.data)).collect();
    MEMBERS.iter().all(|name| members.contains_key(*name)).then_some(members)
}

/// A storage: its elements, and where they lie in the member.
struct Storage {
    element: Option<Element>,
    range: Range<u64>,
}

/// A tensor of the member `tensors`.
struct Tensor {
    storage: String,
    shape: Vec<u64>,
    strides: Vec<u64>,
    offset: u64,
}

/// Walks a member of pickles and raw bytes in turn.
struct Walk<'a> {
    blob: &'a Blob,
    at: u64,
}

impl Walk<'_> {
    fn pickle(&mut self, see: &mut dyn FnMut(&Trace) -> Result<()>, cx: &Context) -> Result<Trace> {
        let trace = pickle::run(self.blob, self.at, Options { stage: "analyze", ..Options::default() }, cx)?;
        see(&trace)?;
        if trace.result().is_none() {
            let reason = trace.fault().map_or_else(String::new, |fault| fault.kind.to_string());
            return Err(TorchError::Pickle { at: self.blob.location(trace.end()), reason }.into());
        }
        self.at = trace.end();
        Ok(trace)
    }

    /// The pickle that says how many follow.
    fn count(&mut self, see: &mut dyn FnMut(&Trace) -> Result<()>, cx: &Context) -> Result<u64> {
        let trace = self.pickle(see, cx)?;
        Ok(trace.result().and_then(|count| trace.size(count)).unwrap_or(0))
    }

    fn number(&mut self) -> Result<u64> {
        let bytes = usize::try_from(self.at).ok().and_then(|at| self.blob.get(at..)?.first_chunk());
        let Some(bytes) = bytes else { return Err(self.cut_off(8)) };
        self.at = self.at.saturating_add(8);
        Ok(u64::from_le_bytes(*bytes))
    }

    fn numbers(&mut self, count: u64) -> Result<Vec<u64>> {
        (0..count).map(|_| self.number()).collect()
    }

    fn skip(&mut self, bytes: u64) -> Result<Range<u64>> {
        let end = self.at.checked_add(bytes).filter(|end| *end <= self.blob.len());
        let Some(end) = end else { return Err(self.cut_off(bytes)) };
        let range = self.at..end;
        self.at = end;
        Ok(range)
    }

    fn cut_off(&self, claimed: u64) -> crate::Error {
        let available = self.blob.len().saturating_sub(self.at);
        let (at, key) = (self.blob.location(self.at), "storages".to_owned());
        TorchError::StorageCutOff { at, key, claimed, available }.into()
    }
}

/// Text or number as a key.
fn key(trace: &Trace, id: ValueId) -> Option<String> {
    trace.text(id).map(std::borrow::Cow::into_owned).or_else(|| trace.int(id).map(|key| key.to_string()))
}

fn storages(blob: &Blob, see: &mut dyn FnMut(&Trace) -> Result<()>, cx: &Context) -> Result<BTreeMap<String, Storage>> {
    let mut walk = Walk { blob, at: 0 };
    let count = walk.count(see, cx)?;
    let mut storages = BTreeMap::new();
    for _ in 0..count {
        let trace = walk.pickle(see, cx)?;
        let items = trace.result().and_then(|row| trace.items(row)).unwrap_or_default();
        let [name, _, class, ..] = items else { break };
        let element = trace.global(*class).and_then(|(_, class)| dtype::of_storage(class));
        let elements = walk.number()?;
        let range = walk.skip(elements.saturating_mul(element.map_or(1, Element::bytes)))?;
        if let Some(name) = key(&trace, *name) {
            storages.insert(name, Storage { element, range });
        }
    }
    // views of storages: (key, key of the whole, elements in front, elements)
    let views = walk.pickle(see, cx)?;
    for view in views.result().and_then(|list| views.items(list)).unwrap_or_default() {
        let Some([name, whole, before, count]) = views.items(*view) else { continue };
        let (Some(name), Some(whole)) =
            (key(&views, *name), key(&views, *whole).and_then(|whole| storages.get(&whole)))
        else {
            continue;
        };
        let width = whole.element.map_or(1, Element::bytes);
        let bytes = |id| views.size(id).map(|elements| elements.saturating_mul(width));
        let start = bytes(*before).map(|before| whole.range.start.saturating_add(before));
        let end = start.zip(bytes(*count)).map(|(start, count)| start.saturating_add(count));
        if let Some((start, end)) = start.zip(end).filter(|(_, end)| *end <= whole.range.end) {
            let element = whole.element;
            storages.insert(name, Storage { element, range: start..end });
        }
    }
    Ok(storages)
}

fn tensors(blob: &Blob, see: &mut dyn FnMut(&Trace) -> Result<()>, cx: &Context) -> Result<BTreeMap<String, Tensor>> {
    let mut walk = Walk { blob, at: 0 };
    let count = walk.count(see, cx)?;
    let mut tensors = BTreeMap::new();
    for _ in 0..count {
        let trace = walk.pickle(see, cx)?;
        let items = trace.result().and_then(|row| trace.items(row)).unwrap_or_default();
        let [name, storage, ..] = items else { break };
        // a rank of 32 bits and as many of padding
        let rank = walk.number()? & u64::from(u32::MAX);
        if rank > u64::from(cx.limits().rank) {
            let (at, cap) = (blob.location(walk.at), cx.limits().rank.into());
            return Err(TorchError::TooMany { at, what: "dimensions", limit: "rank", cap }.into());
        }
        let (shape, strides, offset) = (walk.numbers(rank)?, walk.numbers(rank)?, walk.number()?);
        if let (Some(name), Some(storage)) = (key(&trace, *name), key(&trace, *storage)) {
            tensors.insert(name, Tensor { storage, shape, strides, offset });
        }
    }
    Ok(tensors)
}

impl Analyzer for TapeAnalyzer {
    fn format(&self) -> FormatId {
        CHECKPOINT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        let is_tape = single(artifact).is_some_and(|(_, blob)| members(&blob).is_some());
        if is_tape { Match::Certain } else { Match::No }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let missing = || TorchError::NoRecord { at: Location::file(artifact.name()), record: "pickle" };
        let (name, blob) = single(artifact).ok_or_else(missing)?;
        let members = members(&blob).ok_or_else(missing)?;
        let member = |name: &str| members.get(name).and_then(|range| blob.slice(range.clone())).ok_or_else(missing);
        let mut ignore = |_: &Trace| Ok(());
        let (stored, shift) = (member("storages")?, members.get("storages").map_or(0, |range| range.start));
        let storages = storages(&stored, &mut ignore, cx)?;
        let tensors = tensors(&member("tensors")?, &mut ignore, cx)?;
        let object = Walk { blob: &member("pickle")?, at: 0 }.pickle(&mut ignore, cx)?;
        let mut model = ModelDescriptor::of(artifact, CHECKPOINT, &name);
        model.framework = Some(Producer { name: "pytorch".to_owned(), version: None });
        model.format_version = Some("tar".to_owned());
        model.dependencies = vec!["torch".to_owned()];
        let mut rows = Vec::new();
        for (key_id, value) in object.result().into_iter().flat_map(|root| object.entries(root)) {
            let Value::Persistent(pid) = object.value(value) else { continue };
            let (Some(name_of), Some(tensor)) =
                (key(&object, key_id), key(&object, pid).and_then(|id| tensors.get(&id)))
            else {
                continue;
            };
            let storage = storages.get(&tensor.storage);
            let element = storage.and_then(|storage| storage.element);
            let width = element.map_or(1, Element::bytes);
            let elements = tensor.shape.iter().fold(1_u64, |product, dim| product.saturating_mul(*dim));
            let first = storage.map(|storage| storage.range.start.saturating_add(tensor.offset.saturating_mul(width)));
            rows.push(TensorDescriptor {
                name: name_of,
                dtype: element.map_or("unknown", Element::name).to_owned(),
                shape: tensor.shape.clone(),
                strides: (!row_major(&tensor.shape, &tensor.strides)).then(|| tensor.strides.clone()),
                bytes: elements.saturating_mul(width),
                file: first.map(|_| name.clone()),
                start: first.map(|first| first.saturating_add(shift)),
                shares: None,
            });
        }
        Ok(model.with_tensors(rows))
    }
}

impl Inspector for TapeInspector {
    fn format(&self) -> FormatId {
        CHECKPOINT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if members(&part.blob).is_some() { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let cx = exam.cx();
        let tar = Tar::read(&part.blob, cx)?;
        for entry in tar.entries.iter().filter(|entry| entry.kind == TarKind::File) {
            let Some(blob) = part.blob.slice(entry.data.clone()) else { continue };
            let member = part.member(&entry.name, blob);
            let mut see = |trace: &Trace| judge::examine_trace(&member, trace, exam);
            match entry.name.trim_start_matches("./") {
                "sys_info" => judge::examine(&member, 0, &mut judge::Plain, exam)?,
                "pickle" => object(&member, exam)?,
                "storages" => {
                    let found = storages(&member.blob, &mut see, cx);
                    match found {
                        Ok(storages) => {
                            for storage in storages.into_values() {
                                content::search(&member, storage.range, exam)?;
                            }
                        }
                        Err(error) => broken(&error, &member, exam)?,
                    }
                }
                "tensors" => {
                    if let Err(error) = tensors(&member.blob, &mut see, cx) {
                        broken(&error, &member, exam)?;
                    }
                }
                _ => exam.child(part, &entry.name, member.blob.clone())?,
            }
        }
        Ok(Taken::Yes)
    }
}

/// The object: its persistent ids are the keys of `tensors`, which are examined by themselves.
fn object(member: &Part, exam: &mut Exam<'_>) -> Result<()> {
    let mut inner = Exam::new(&[], exam.depth(), exam.cx());
    judge::examine(member, 0, &mut judge::Plain, &mut inner)?;
    let examined = inner.finish();
    for finding in examined.findings {
        let rule = all_rules().find(|rule| rule.id == finding.code && rule.id != OUTSIDE_STATE.id);
        if let Some(rule) = rule {
            exam.report_seen(rule, finding.location, finding.message, finding.evidence.unwrap_or_default());
        }
    }
    for gap in examined.gaps {
        exam.gap(gap.location, gap.bytes, gap.reason);
    }
    Ok(())
}

/// A member that is not as PyTorch reads it.
fn broken(error: &crate::Error, member: &Part, exam: &mut Exam<'_>) -> Result<()> {
    match error.kind() {
        crate::ErrorKind::Cancelled => Err(crate::Error::new(error.kind(), error.message())),
        crate::ErrorKind::LimitExceeded => {
            exam.fault(error, member);
            Ok(())
        }
        _ => {
            exam.report(&rules::STORAGE_BOUNDS, member.location(), error.message());
            Ok(())
        }
    }
}
