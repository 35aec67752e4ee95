//! What serving the archive runs.

use crate::descriptor::FormatId;
use crate::error::Result;
use crate::formats::torchserve::{FORMAT, archive};
use crate::formats::{Inspector, Sniff, Taken};
use crate::scan::members::zip_member;
use crate::scan::{Exam, Part, bundle, rules};
use crate::wire::zip::Directory;

/// Looks for danger in TorchServe's archives.
#[derive(Debug, Clone, Copy, Default)]
pub struct TorchserveInspector;

impl Inspector for TorchserveInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if archive::is_archive(&part.blob, &crate::context::Context::new()) { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let directory = Directory::read(&part.blob, exam.cx())?;
        let manifest = archive::manifest(&part.blob, &directory, exam.cx());
        if let Ok(manifest) = &manifest {
            for key in ["serializedFile", "modelFile", "handler", "requirementsFile", "configFile"] {
                let Some(value) = archive::model(manifest, key) else { continue };
                let at = part.member(archive::MANIFEST, part.blob.clone()).item(format!("model.{key}"));
                bundle::path(archive::handler_file(value), &format!("'{key}' of the manifest"), &at, exam);
                if key == "handler" && !archive::OWN_HANDLERS.contains(&value) {
                    exam.report_seen(
                        &rules::bundle::SHIPS_CODE,
                        at,
                        "the server imports and calls this handler",
                        value,
                    );
                }
            }
        }
        for entry in directory.entries.iter().filter(|entry| !entry.is_folder() && !entry.is_link) {
            if entry.name.ends_with("requirements.txt") && entry.bytes <= 1 << 20 {
                let text = directory.member(entry, entry.bytes, exam.cx());
                let at = part.member(&entry.name, part.blob.clone()).location();
                for line in String::from_utf8_lossy(text.as_deref().unwrap_or_default()).lines() {
                    bundle::requirement(line, &at, exam);
                }
            }
            zip_member(part, &directory, entry, exam)?;
        }
        manifest.map(|_| Taken::Yes)
    }
}
