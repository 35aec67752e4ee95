//! Scans files and folders with every inspector of the registry.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::artifact::{Artifact, EntryDigest};
use crate::context::Context;
use crate::descriptor::{FormatId, ModelDescriptor};
use crate::error::Result;
use crate::finding::{Finding, Rule, Severity};
use crate::pipeline::KnownRule;
use crate::registry::Registry;
use crate::scan::{Depth, Exam, Examined, NOT_UNDERSTOOD, ScanOptions, ScanReport, ScannedFile, Verdict, rules};

/// Scans each path: a file, or every file below a folder and what they mean together. A file that cannot be read is a
/// verdict, not an error.
///
/// # Errors
/// `Cancelled`; `Io` if a path does not exist; `InvalidArgument` for a policy that decides nothing.
pub(super) fn scan(
    registry: &Registry,
    paths: &[impl AsRef<Path>],
    options: &ScanOptions,
    cx: &Context,
) -> Result<ScanReport> {
    options.policy.check()?;
    let mut files = Vec::new();
    for path in paths {
        let artifact = Artifact::open(path, cx)?;
        let mut found = scan_files(registry, &artifact, options, cx)?;
        if artifact.is_folder() {
            let (folder, accounted) = scan_folder(registry, &artifact, options, cx)?;
            for file in found.iter_mut().filter(|file| file.gaps.iter().any(|gap| gap.is_of(&accounted))) {
                file.gaps.retain(|gap| !gap.is_of(&accounted));
                if file.verdict == Verdict::Undetermined {
                    file.verdict = Verdict::of(&file.findings, &file.gaps);
                }
            }
            found.extend(folder);
        }
        files.extend(found);
    }
    Ok(ScanReport::new(files))
}

/// Each file by itself, on as many threads as the caller grants.
fn scan_files(
    registry: &Registry,
    artifact: &Artifact,
    options: &ScanOptions,
    cx: &Context,
) -> Result<Vec<ScannedFile>> {
    let names: Vec<&str> = artifact.entries().map(|(name, _)| name).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(name) = names.get(at) else { return Ok(done) };
            cx.tick("scan", at as u64, names.len() as u64)?;
            done.push((at, scan_entry(registry, artifact, name, options, cx)?));
        }
    };
    let threads = cx.limits().threads.get().min(names.len());
    let results: Vec<Result<Vec<(usize, ScannedFile)>>> = if threads < 2 {
        vec![work()]
    } else {
        std::thread::scope(|scope| {
            let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let join = |handle: std::thread::ScopedJoinHandle<'_, _>| match handle.join() {
                Ok(done) => done,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            handles.into_iter().map(join).collect()
        })
    };
    let mut files = Vec::with_capacity(names.len());
    for done in results {
        files.extend(done?);
    }
    files.sort_by_key(|(at, _)| *at);
    Ok(files.into_iter().map(|(_, file)| file).collect())
}

fn scan_entry(
    registry: &Registry,
    artifact: &Artifact,
    name: &str,
    options: &ScanOptions,
    cx: &Context,
) -> Result<ScannedFile> {
    let mut exam = Exam::new(registry.inspectors(), options.depth, cx);
    exam.examine_entry(artifact, name)?;
    let bytes = artifact.entry(name).map_or(0, |entry| entry.len);
    let sha256 = match artifact.blob(name) {
        Ok(blob) if options.digests || options.policy.needs_digests() => Some(EntryDigest::of(name, &blob, cx)?.sha256),
        _ => None,
    };
    let file = ScannedFile { path: artifact.display(name), bytes, sha256, ..ScannedFile::default() };
    Ok(judged(file, exam.finish(), options))
}

/// What the files mean together, left out where that says nothing; and which of them others answer for.
fn scan_folder(
    registry: &Registry,
    artifact: &Artifact,
    options: &ScanOptions,
    cx: &Context,
) -> Result<(Option<ScannedFile>, BTreeSet<String>)> {
    let mut exam = Exam::new(registry.inspectors(), options.depth, cx);
    exam.examine_folder(artifact)?;
    let folder = ScannedFile { path: artifact.name().to_owned(), ..ScannedFile::default() };
    let examined = exam.finish();
    let accounted = examined.accounted.clone();
    let folder = judged(folder, examined, options);
    Ok(((!folder.findings.is_empty() || !folder.gaps.is_empty()).then_some(folder), accounted))
}

/// What scanning the structure finds, for a model that is being opened.
///
/// # Errors
/// `Cancelled`.
pub(super) fn findings_on_opening(
    registry: &Registry,
    artifact: &Artifact,
    descriptor: &ModelDescriptor,
    cx: &Context,
) -> Result<Vec<Finding>> {
    if descriptor.format == FormatId::ONNX {
        return Ok(Vec::new()); // its analysis reads all that its inspector would
    }
    let mut exam = Exam::new(registry.inspectors(), Depth::Structure, cx);
    exam.examine_artifact(artifact)?;
    let examined = exam.finish();
    let known = |finding: &Finding| {
        descriptor.findings.iter().any(|known| known.code == finding.code && known.location == finding.location)
    };
    let gaps = examined.gaps.iter().map(|gap| {
        let message = format!("{} bytes were not understood: {}", gap.bytes, gap.reason);
        Finding::new(NOT_UNDERSTOOD, Severity::Warning, message).at(gap.location.clone())
    });
    let findings = examined.findings.iter().filter(|finding| !known(finding)).cloned();
    Ok(findings.chain(gaps).collect())
}

/// The rules of scanning.
pub(super) fn rules() -> Vec<KnownRule> {
    let known = |rule: &Rule| KnownRule {
        id: rule.id.to_owned(),
        severity: rule.severity,
        title: rule.title.to_owned(),
        cwe: rule.cwe.to_vec(),
    };
    rules::all().map(known).collect()
}

fn judged(file: ScannedFile, examined: Examined, options: &ScanOptions) -> ScannedFile {
    let verdict = Verdict::of(&examined.findings, &examined.gaps);
    let (formats, findings, gaps, uses) = (examined.formats, examined.findings, examined.gaps, examined.uses);
    let mut file = ScannedFile { formats, verdict, findings, gaps, uses, ..file };
    options.policy.apply(&mut file);
    file
}
