//! One examination: who looks at what, within which budgets, and what was found.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::FormatId;
use crate::error::{Error, ErrorKind, Location, Result, one_line};
use crate::finding::{Finding, Rule, Severity};
use crate::scan::{Depth, Gap, Inspector, Part, Sniff, Taken, Verdict, rules};
use crate::wire::compress::{Codec, CompressError, Inflated, honest_most, inflate_prefix, is_bomb};

/// Findings of one rule in one exam beyond which further ones are counted and not kept.
const KEPT_PER_RULE: u64 = 200;

/// Names of [`Exam::uses`] that are kept, and letters of each.
const USES_KEPT: usize = 5_000;
const NAME_KEPT: usize = 200;

/// An examination under way. Inspectors report to it and hand nested parts to it.
pub struct Exam<'a> {
    inspectors: &'a [Arc<dyn Inspector>],
    cx: &'a Context,
    depth: Depth,
    entry: Option<(&'a Artifact, &'a str)>,
    findings: Vec<Finding>,
    gaps: Vec<Gap>,
    formats: Vec<FormatId>,
    uses: BTreeSet<String>,
    accounted: BTreeSet<String>,
    seen: HashSet<(&'static str, Location)>,
    per_rule: BTreeMap<&'static str, u64>,
    outermost: (Location, u64),
    inflated: u64,
    is_bomb: bool,
    parts: u64,
}

/// What an examination came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Examined {
    /// The formats that were recognised in the outermost parts, each once.
    pub formats: Vec<FormatId>,
    /// What was found, in the order of the bytes as far as the walk goes.
    pub findings: Vec<Finding>,
    /// What was not understood.
    pub gaps: Vec<Gap>,
    /// What loading it calls or asks for, harmless or not.
    pub uses: BTreeSet<String>,
    /// Files of raw bytes that another file of the folder answers for, as the artifact displays them.
    pub accounted: BTreeSet<String>,
}

impl Examined {
    /// What to think of it.
    pub fn verdict(&self) -> Verdict {
        Verdict::of(&self.findings, &self.gaps)
    }
}

impl<'a> Exam<'a> {
    /// An exam with nothing found yet.
    pub fn new(inspectors: &'a [Arc<dyn Inspector>], depth: Depth, cx: &'a Context) -> Self {
        Self {
            inspectors,
            cx,
            depth,
            entry: None,
            findings: Vec::new(),
            gaps: Vec::new(),
            formats: Vec::new(),
            uses: BTreeSet::new(),
            accounted: BTreeSet::new(),
            seen: HashSet::new(),
            per_rule: BTreeMap::new(),
            outermost: (Location::default(), 0),
            inflated: 0,
            is_bomb: false,
            parts: 0,
        }
    }

    /// Limits, cancellation and progress.
    pub fn cx(&self) -> &'a Context {
        self.cx
    }

    /// How deep to look.
    pub fn depth(&self) -> Depth {
        self.depth
    }

    /// The artifact and its entry that are being examined; files beside the entry are resolved through it. None inside
    /// archives, where a loader finds nothing beside.
    pub fn entry(&self, part: &Part) -> Option<(&'a Artifact, &'a str)> {
        self.entry.filter(|_| part.members.is_empty())
    }

    /// Findings so far, those that are counted and not kept included.
    pub fn found(&self) -> u64 {
        self.per_rule.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Reports a finding of a rule.
    pub fn report(&mut self, rule: &'static Rule, at: Location, message: impl Into<String>) {
        self.push(rule, Finding::of(rule, message).at(at));
    }

    /// Reports a finding of a rule, with what was seen in readable form.
    pub fn report_seen(
        &mut self,
        rule: &'static Rule,
        at: Location,
        message: impl Into<String>,
        evidence: impl AsRef<str>,
    ) {
        self.push(rule, Finding::of(rule, message).at(at).evidence(evidence));
    }

    fn push(&mut self, rule: &'static Rule, finding: Finding) {
        // the same rule at the same place says the same, except where the place is a whole part
        let count = self.per_rule.entry(rule.id).or_default();
        let kept = *count < KEPT_PER_RULE;
        if kept && finding.location.byte.is_some() && !self.seen.insert((rule.id, finding.location.clone())) {
            return;
        }
        *count = count.saturating_add(1);
        if kept {
            self.findings.push(finding);
        }
    }

    /// Notes a callable, operator or class that loading calls or asks for, harmless or not: what two versions of a model
    /// are compared by. Beyond some thousands further names are left out.
    pub fn uses(&mut self, name: &str) {
        if self.uses.len() < USES_KEPT && !self.uses.contains(name) {
            self.uses.insert(name.chars().take(NAME_KEPT).collect());
        }
    }

    /// Says that some bytes were not understood: the report cannot be clean.
    pub fn gap(&mut self, at: Location, bytes: u64, reason: impl Into<String>) {
        // the first one of each file is always kept: another file may answer for those before it
        let another = self.gaps.last().is_none_or(|gap| gap.location.file != at.file);
        if another || (self.gaps.len() as u64) < KEPT_PER_RULE {
            self.gaps.push(Gap { location: at, bytes, reason: one_line(reason.into()) });
        }
    }

    /// Says that a file of the folder under examination is raw bytes of another one, every one of which that one
    /// describes: external data. Such a file needs no format of its own.
    pub fn accounts_for(&mut self, file: impl Into<String>) {
        self.accounted.insert(file.into());
    }

    /// Takes bytes that are about to be inflated from the budget that the whole exam shares. A file that inflates to far
    /// more than honest ones do, through whatever levels, is reported.
    ///
    /// # Errors
    /// `LimitExceeded` beyond [`Limits::inflated_bytes`](crate::Limits::inflated_bytes), and for a bomb; the budget is
    /// then as it was.
    pub fn inflate(&mut self, bytes: u64) -> Result<()> {
        let cap = self.cx.limits().inflated_bytes;
        let total = self.inflated.saturating_add(bytes);
        let stored = self.outermost.1;
        if is_bomb(stored, total) {
            if !self.is_bomb {
                self.is_bomb = true;
                let message = format!("{stored} bytes inflate to {total} and more");
                self.report(&rules::archive::BOMB, self.outermost.0.clone(), message);
            }
            return Err(Error::new(ErrorKind::LimitExceeded, "it inflates to far more than honest files do"));
        }
        if total > cap {
            let message =
                format!("the parts inflate to more than {cap} bytes; raise Limits::inflated_bytes to read them");
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        self.inflated = total;
        Ok(())
    }

    /// Inflates a stream that does not say how long it is, within the budget that the whole exam shares.
    ///
    /// # Errors
    /// What [`inflate_prefix`] raises, and [`inflate`](Self::inflate).
    pub fn unpack(&mut self, codec: Codec, blob: &Blob) -> Result<Inflated> {
        let most = self.cx.limits().inflated_bytes.min(honest_most(self.outermost.1));
        let left = most.saturating_sub(self.inflated);
        let inflated = match inflate_prefix(codec, blob, left, self.cx) {
            Err(error) => {
                match std::error::Error::source(&error).and_then(|source| source.downcast_ref()) {
                    Some(CompressError::Bomb { .. }) => self.inflate(left.saturating_add(1))?,
                    Some(CompressError::Window { .. }) => {
                        self.report(&rules::archive::BOMB, self.outermost.0.clone(), error.message());
                    }
                    _ => {}
                }
                return Err(error);
            }
            Ok(inflated) => inflated,
        };
        self.inflate(inflated.blob.len())?;
        Ok(inflated)
    }

    /// Examines something nested: a member of an archive, an encoded pickle, a template.
    ///
    /// # Errors
    /// `Cancelled` only; all else is reported.
    pub fn child(&mut self, parent: &Part, name: impl Into<String>, blob: Blob) -> Result<()> {
        self.examine(&parent.member(name, blob))
    }

    /// Lets every inspector that knows the bytes look at them.
    ///
    /// # Errors
    /// `Cancelled` only; all else is reported.
    pub fn examine(&mut self, part: &Part) -> Result<()> {
        self.cx.tick("scan", self.parts, 0)?;
        self.parts = self.parts.saturating_add(1);
        if part.members.is_empty() {
            (self.outermost, self.inflated, self.is_bomb) = ((part.location(), part.blob.len()), 0, false);
        }
        let limits = self.cx.limits();
        if part.members.len() as u64 > u64::from(limits.archive_depth) {
            let message = format!("more than {} levels of archives inside archives", limits.archive_depth);
            self.report(&rules::archive::TOO_DEEP, part.location(), message);
            self.gap(part.location(), part.blob.len(), "nested deeper than Limits::archive_depth");
            return Ok(());
        }
        if self.parts > limits.entries {
            self.gap(part.location(), part.blob.len(), format!("more than {} parts", limits.entries));
            return Ok(());
        }
        if part.blob.is_empty() {
            return Ok(());
        }
        let inspectors = self.inspectors;
        let sniffed: Vec<_> = inspectors.iter().map(|inspector| (inspector.sniff(part), inspector)).collect();
        let mut taken = false;
        for (sniff, inspector) in &sniffed {
            if *sniff == Sniff::Certain {
                taken |= self.hand_to(inspector.as_ref(), part)?;
            }
        }
        for (sniff, inspector) in &sniffed {
            if *sniff == Sniff::Maybe && !taken {
                taken |= self.hand_to(inspector.as_ref(), part)?;
            }
        }
        if !taken {
            let begins: Vec<u8> = part.blob.iter().take(8).copied().collect();
            self.gap(part.location(), part.blob.len(), format!("of no known format; it begins with {begins:02x?}"));
        }
        Ok(())
    }

    fn hand_to(&mut self, inspector: &dyn Inspector, part: &Part) -> Result<bool> {
        let taken = match inspector.inspect(part, self) {
            Ok(taken) => taken == Taken::Yes,
            Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
            Err(error) => {
                self.fault(&error, part);
                true
            }
        };
        let format = inspector.format();
        if taken && part.members.is_empty() && !self.formats.contains(&format) {
            self.formats.push(format);
        }
        Ok(taken)
    }

    /// Reports an error that ended the reading of a part.
    pub fn fault(&mut self, error: &Error, part: &Part) {
        let at = Location { byte: error.location().byte, item: error.location().item.clone(), ..part.location() };
        match error.kind() {
            ErrorKind::Unsupported | ErrorKind::LimitExceeded => self.gap(at, part.blob.len(), error.message()),
            ErrorKind::UnsafeContent => self.report(&rules::structure::UNSAFE_CONTENT, at, error.message()),
            _ => self.report(&rules::structure::MALFORMED, at, error.message()),
        }
    }

    /// Examines every file of a model, then what they mean together.
    ///
    /// # Errors
    /// `Cancelled` only.
    pub fn examine_artifact(&mut self, artifact: &'a Artifact) -> Result<()> {
        for (name, _) in artifact.entries() {
            self.examine_entry(artifact, name)?;
        }
        if artifact.is_folder() {
            self.examine_folder(artifact)?;
            self.gaps.retain(|gap| !gap.is_of(&self.accounted));
        }
        Ok(())
    }

    /// Examines one file of a model by itself.
    ///
    /// # Errors
    /// `Cancelled` only.
    pub fn examine_entry(&mut self, artifact: &'a Artifact, name: &'a str) -> Result<()> {
        let shown = artifact.display(name);
        match artifact.blob(name) {
            Ok(blob) => {
                self.entry = Some((artifact, name));
                self.examine(&Part::file(shown, blob))
            }
            Err(error) => {
                self.gap(Location::file(shown), 0, error.message());
                Ok(())
            }
        }
    }

    /// Asks every inspector what the files of a folder mean together.
    ///
    /// # Errors
    /// `Cancelled` only.
    pub fn examine_folder(&mut self, folder: &Artifact) -> Result<()> {
        for inspector in self.inspectors {
            match inspector.inspect_folder(folder, self) {
                Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
                Err(error) => {
                    let finding = Finding::of(&rules::structure::MALFORMED, error.message());
                    let at = error.location().clone();
                    self.push(&rules::structure::MALFORMED, finding.at(at));
                }
                Ok(()) => {}
            }
        }
        Ok(())
    }

    /// Ends the exam.
    pub fn finish(mut self) -> Examined {
        for (rule, count) in &self.per_rule {
            if *count > KEPT_PER_RULE {
                let message = format!("{count} findings of {rule}, of which {KEPT_PER_RULE} are shown");
                self.findings.push(Finding::new("scan.more", Severity::Note, message));
            }
        }
        Examined {
            formats: self.formats,
            findings: self.findings,
            gaps: self.gaps,
            uses: self.uses,
            accounted: self.accounted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_that_another_file_answers_for_do_not_crowd_out_the_rest() {
        let cx = Context::new();
        let mut exam = Exam::new(&[], Depth::Structure, &cx);
        for number in 0..2 * KEPT_PER_RULE {
            exam.gap(Location::file(format!("{number}.bin")), 1, "raw");
        }
        let last = Location::file(format!("{}.bin", 2 * KEPT_PER_RULE - 1));
        assert_eq!(exam.finish().gaps.last().map(|gap| &gap.location), Some(&last));
    }

    #[test]
    fn a_finding_told_twice_takes_no_room_from_others() {
        let cx = Context::new();
        let mut exam = Exam::new(&[], Depth::Structure, &cx);
        for _ in 0..2 * KEPT_PER_RULE {
            exam.report(&rules::structure::MALFORMED, Location::at("a", 1), "ends early");
        }
        exam.report(&rules::structure::MALFORMED, Location::at("a", 2), "ends early");
        assert_eq!(exam.finish().findings.len(), 2);
    }
}
