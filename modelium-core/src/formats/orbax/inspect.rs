//! What would act in a checkpoint: paths that lead out, a codec that unpickles, programs among the values.

use crate::artifact::Artifact;
use crate::descriptor::FormatId;
use crate::error::Result;
use crate::formats::orbax::checkpoint::{self, CHECKPOINT, DATABASE, TREE};
use crate::formats::orbax::zarr::{self, Array, DOCUMENTS};
use crate::formats::orbax::{FORMAT, ocdbt};
use crate::formats::single::head;
use crate::formats::{Inspector, Sniff, Taken};
use crate::scan::rules::arrays as rules;
use crate::scan::{Exam, Part, content};
use crate::wire::json;

/// Looks at the files of a database, and at chunks of arrays by what lies beside them.
#[derive(Debug, Clone, Copy, Default)]
pub struct OrbaxInspector;

/// Looks for codecs that run code; the text itself is left to whoever takes text.
#[derive(Debug, Clone, Copy, Default)]
pub struct ZarrInspector;

impl Inspector for ZarrInspector {
    fn format(&self) -> FormatId {
        super::ZARR
    }

    fn sniff(&self, part: &Part) -> Sniff {
        let text = head(&part.blob, 1 << 14);
        if text.trim_start().starts_with('{') && text.contains("\"zarr_format\"") { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let root = json::parse(&part.blob, exam.cx())?.root;
        if zarr::is_document(&root)
            && let Some(array) = zarr::array(&root, part.name(), &part.location(), exam.cx().limits().rank)?
            && array.pickled
        {
            let message = "the elements of the array pass through a codec that unpickles";
            exam.report(&rules::PICKLED, part.at(0), message);
        }
        Ok(Taken::No)
    }
}

impl Inspector for OrbaxInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if part.blob.starts_with(&ocdbt::MANIFEST) || part.blob.starts_with(&ocdbt::NODE) {
            Sniff::Certain
        } else if part.members.is_empty() {
            Sniff::Maybe // a chunk is told by what lies beside it
        } else {
            Sniff::No
        }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        if part.blob.starts_with(&ocdbt::MANIFEST) {
            let manifest = ocdbt::manifest(&part.blob, exam.cx())?;
            tracing::debug!(keys = manifest.keys, files = manifest.files.len(), "a database");
            return Ok(Taken::Yes);
        }
        if part.blob.starts_with(&ocdbt::NODE) {
            ocdbt::node(&part.blob, exam.cx())?;
            content::search(part, 0..part.blob.len(), exam)?;
            return Ok(Taken::Yes);
        }
        let Some((artifact, entry)) = exam.entry(part) else { return Ok(Taken::No) };
        if in_database(artifact, entry) {
            content::search(part, 0..part.blob.len(), exam)?;
            return Ok(Taken::Yes);
        }
        let Some(array) = array_of(artifact, entry, exam) else { return Ok(Taken::No) };
        match array.codec {
            Some(codec) => {
                let inflated = exam.unpack(codec, &part.blob)?.blob;
                let inside = part.member("elements", inflated);
                content::search(&inside, 0..inside.blob.len(), exam)?;
            }
            None => content::search(part, 0..part.blob.len(), exam)?,
        }
        Ok(Taken::Yes)
    }

    fn inspect_folder(&self, folder: &Artifact, exam: &mut Exam<'_>) -> Result<()> {
        for (file, words) in [(TREE, "\"tree_metadata\""), (CHECKPOINT, "item_handlers")] {
            for root in checkpoint::roots(folder, file) {
                let name = checkpoint::beside(root, file);
                if head(&folder.blob(&name)?, 1 << 12).contains(words) {
                    checkpoint::document(folder, &name, exam.cx())?;
                }
            }
        }
        if !checkpoint::roots(folder, DATABASE).is_empty() {
            // every node that a reader would follow is read
            checkpoint::arrays(folder, exam.cx())?;
        }
        Ok(())
    }
}

/// True for a file that holds values of a database: `d/` and 32 hexadecimal digits, beside a manifest.
fn in_database(artifact: &Artifact, entry: &str) -> bool {
    let Some((folder, name)) = entry.rsplit_once('/') else { return false };
    let Some(root) = folder.strip_suffix('d').map(|root| root.trim_end_matches('/')) else { return false };
    let is_name = name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let manifest = artifact.blob(&checkpoint::beside(root, DATABASE));
    is_name && manifest.is_ok_and(|blob| blob.starts_with(&ocdbt::MANIFEST))
}

/// The array that a file is a chunk of: its document lies in one of the folders above.
fn array_of(artifact: &Artifact, entry: &str, exam: &Exam<'_>) -> Option<Array> {
    let mut folder = entry.rsplit_once('/')?.0;
    for _ in 0..=exam.cx().limits().rank.min(64) {
        for document in DOCUMENTS {
            let name = checkpoint::beside(folder, document);
            if artifact.entry(&name).is_some() && name != entry {
                let root = checkpoint::document(artifact, &name, exam.cx()).ok()?;
                let inner = entry.get(folder.len()..)?.trim_start_matches('/');
                let numbered = inner.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'/' | b'c'));
                let at = crate::error::Location::file(name);
                return zarr::array(&root, folder, &at, exam.cx().limits().rank).ok()?.filter(|_| numbered);
            }
        }
        folder = folder.rsplit_once('/')?.0;
    }
    None
}
