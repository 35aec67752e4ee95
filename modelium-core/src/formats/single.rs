//! What formats of one file share: which file it is.

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::error::{Error, ErrorKind, Result};

/// The one file of an artifact; none if there are several or it cannot be read.
pub(crate) fn only_file(artifact: &Artifact) -> Option<(&str, Blob)> {
    let mut entries = artifact.entries();
    let (name, _) = entries.next()?;
    let alone = entries.next().is_none();
    artifact.blob(name).ok().filter(|_| alone).map(|blob| (name, blob))
}

/// The same for analysis, which says what is wrong.
pub(crate) fn the_file(artifact: &Artifact) -> Result<(&str, Blob)> {
    let mut names = artifact.entries().map(|(name, _)| name);
    let (Some(name), None) = (names.next(), names.next()) else {
        let message = "found several files, expected one; open the one that is meant by its own path";
        return Err(Error::new(ErrorKind::InvalidArgument, message).with_file(artifact.name()));
    };
    Ok((name, artifact.blob(name)?))
}

/// The first bytes as text, as far as they are.
pub(crate) fn head(blob: &[u8], bytes: usize) -> &str {
    let head = blob.get(..bytes.min(blob.len())).unwrap_or_default();
    match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) => {
            head.get(..error.valid_up_to()).and_then(|head| std::str::from_utf8(head).ok()).unwrap_or_default()
        }
    }
}

/// True if a name ends in a dot and this extension, in whichever case.
pub(crate) fn has_extension(name: &str, extension: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, found)| found.eq_ignore_ascii_case(extension))
}
