//! Scans files and folders with every inspector of the registry.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::artifact::Artifact;
use crate::context::Context;
use crate::error::Result;
use crate::registry::Registry;
use crate::scan::{Depth, Exam, ScanReport, ScannedFile, Verdict};

/// Scans each path: a file, or every file below a folder and what they mean together. A file that cannot be read is a
/// verdict, not an error.
///
/// # Errors
/// `Cancelled`; `Io` if a path does not exist.
pub(super) fn scan(registry: &Registry, paths: &[impl AsRef<Path>], depth: Depth, cx: &Context) -> Result<ScanReport> {
    let mut files = Vec::new();
    for path in paths {
        let artifact = Artifact::open(path, cx)?;
        files.extend(scan_files(registry, &artifact, depth, cx)?);
        if artifact.is_folder() {
            files.extend(scan_folder(registry, &artifact, depth, cx)?);
        }
    }
    let verdict = files.iter().map(|file| file.verdict).max().unwrap_or_default();
    Ok(ScanReport { verdict, files })
}

/// Each file by itself, on as many threads as the caller grants.
fn scan_files(registry: &Registry, artifact: &Artifact, depth: Depth, cx: &Context) -> Result<Vec<ScannedFile>> {
    let names: Vec<&str> = artifact.entries().map(|(name, _)| name).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(name) = names.get(at) else { return Ok(done) };
            cx.tick("scan", at as u64, names.len() as u64)?;
            done.push((at, scan_entry(registry, artifact, name, depth, cx)?));
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

fn scan_entry(registry: &Registry, artifact: &Artifact, name: &str, depth: Depth, cx: &Context) -> Result<ScannedFile> {
    let mut exam = Exam::new(registry.inspectors(), depth, cx);
    exam.examine_entry(artifact, name)?;
    let bytes = artifact.entry(name).map_or(0, |entry| entry.len);
    Ok(file(artifact.display(name), bytes, exam))
}

/// What the files mean together; left out where that says nothing.
fn scan_folder(registry: &Registry, artifact: &Artifact, depth: Depth, cx: &Context) -> Result<Option<ScannedFile>> {
    let mut exam = Exam::new(registry.inspectors(), depth, cx);
    exam.examine_folder(artifact)?;
    let folder = file(artifact.name().to_owned(), 0, exam);
    Ok((!folder.findings.is_empty() || !folder.gaps.is_empty()).then_some(folder))
}

fn file(path: String, bytes: u64, exam: Exam<'_>) -> ScannedFile {
    let examined = exam.finish();
    let verdict = Verdict::of(&examined.findings, &examined.gaps);
    ScannedFile { path, formats: examined.formats, bytes, verdict, findings: examined.findings, gaps: examined.gaps }
}
