//! Whether the bytes are those that the manifests name, and stay where they are unpacked.

use std::collections::HashSet;

use crate::artifact::{Artifact, EntryDigest};
use crate::descriptor::FormatId;
use crate::error::{ErrorKind, Location, Result};
use crate::formats::oci::FORMAT;
use crate::formats::oci::layout::{self, Blob};
use crate::formats::{Inspector, Sniff, Taken};
use crate::scan::{Depth, Exam, Part, bundle, rules};

/// Looks for danger in OCI layouts. Its files are examined by their own formats.
#[derive(Debug, Clone, Copy, Default)]
pub struct OciInspector;

impl Inspector for OciInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    /// A manifest by itself is a text; what matters is the folder.
    fn sniff(&self, _: &Part) -> Sniff {
        Sniff::No
    }

    fn inspect(&self, _: &Part, _: &mut Exam<'_>) -> Result<Taken> {
        Ok(Taken::No)
    }

    fn inspect_folder(&self, folder: &Artifact, exam: &mut Exam<'_>) -> Result<()> {
        if !layout::is_layout(folder) {
            return Ok(());
        }
        for manifest in layout::manifests(folder, exam.cx())? {
            let at = Location::file(folder.display(&manifest.entry));
            for blob in manifest.config.iter().chain(&manifest.layers) {
                examine(blob, folder, &at, exam);
            }
        }
        digests(folder, exam)
    }
}

fn examine(blob: &Blob, folder: &Artifact, at: &Location, exam: &mut Exam<'_>) {
    let at = Location { item: Some(blob.digest.clone()), ..at.clone() };
    if let Some(title) = &blob.title {
        bundle::path(title, "the name of a layer", &at, exam);
    }
    if let Some(url) = blob.urls.first() {
        let message = "a layer is fetched from a place of its own";
        exam.report_seen(&rules::bundle::INSTALLS_FROM_ELSEWHERE, at.clone(), message, url);
    }
    let found = blob.entry.as_deref().and_then(|entry| folder.entry(entry)).map(|entry| entry.len);
    if let Some(found) = found.filter(|found| *found != blob.size) {
        let message = format!("the manifest says {} bytes, the blob has {found}", blob.size);
        exam.report(&rules::bundle::DIGEST, at, message);
    }
}

/// Holds every blob against the digest that it is named by. Large ones are read where content is looked at anyway.
fn digests(folder: &Artifact, exam: &mut Exam<'_>) -> Result<()> {
    const SMALL: u64 = 1 << 20;
    let mut seen = HashSet::new();
    for (name, entry) in folder.entries() {
        let Some(digest) = name.strip_prefix("blobs/sha256").and_then(|rest| rest.strip_prefix(['/', '-'])) else {
            continue;
        };
        if exam.depth() == Depth::Structure && entry.len > SMALL || !seen.insert(name) {
            continue;
        }
        let blob = match folder.blob(name) {
            Ok(blob) => blob,
            Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
            Err(_) => continue, // told where the file was examined
        };
        let found = EntryDigest::of(name, &blob, exam.cx())?.sha256;
        if !found.eq_ignore_ascii_case(digest) {
            let message = format!("the blob is named by a digest that is not its own, which is {found}");
            exam.report(&rules::bundle::DIGEST, Location::file(folder.display(name)), message);
        }
    }
    Ok(())
}
