//! What serving a bento, or loading a model, imports and runs.

use crate::artifact::Artifact;
use crate::descriptor::FormatId;
use crate::error::{Location, Result};
use crate::formats::bentoml::FORMAT;
use crate::formats::bentoml::config::{self, Kind};
use crate::formats::{Inspector, Sniff, Taken};
use crate::scan::{Exam, Part, bundle, rules, yaml as judge};
use crate::wire::json::Json;
use crate::wire::yaml;

/// Looks for danger in bentos, and in models of BentoML's store.
#[derive(Debug, Clone, Copy, Default)]
pub struct BentomlInspector;

impl Inspector for BentomlInspector {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn sniff(&self, part: &Part) -> Sniff {
        if config::kind(&part.blob).is_some() { Sniff::Certain } else { Sniff::No }
    }

    fn inspect(&self, part: &Part, exam: &mut Exam<'_>) -> Result<Taken> {
        let text = yaml::read(&part.blob, exam.cx())?;
        judge::examine(&text, part, exam);
        for document in &text.documents {
            let own = document.get("module").into_iter();
            let models = document.get("models").map(Json::items).unwrap_or_default();
            let modules = own.chain(models.iter().filter_map(|model| model.get("module")));
            for module in modules.filter_map(Json::as_str).filter(|module| !module.is_empty()) {
                bundle::loader(module, &["bentoml.", "bentoml"], "'module'", &part.item("module"), exam);
            }
            if let Some(script) = document.at(&["docker", "setup_script"]).and_then(Json::as_str) {
                let message = "a script runs when the image of the service is built";
                exam.report_seen(&rules::bundle::SHIPS_CODE, part.item("docker.setup_script"), message, script);
            }
        }
        text.fault.map_or(Ok(Taken::Yes), |fault| Err(fault.into()))
    }

    /// The code of a service, and what it installs.
    fn inspect_folder(&self, folder: &Artifact, exam: &mut Exam<'_>) -> Result<()> {
        let bentos = folder.entries().map(|(name, _)| name).filter(|name| {
            name.rsplit('/').next() == Some("bento.yaml")
                && folder.blob(name).is_ok_and(|blob| config::kind(&blob) == Some(Kind::Bento))
        });
        for name in bentos {
            let top = name.strip_suffix("bento.yaml").unwrap_or_default();
            let source = format!("{top}src/");
            let program = folder
                .entries()
                .map(|(name, _)| name)
                .find(|name| name.starts_with(&source) && name.rsplit_once('.').is_some_and(|(_, end)| end == "py"));
            if let Some(program) = program {
                let at = Location::file(folder.display(program));
                exam.report(
                    &rules::bundle::SHIPS_CODE,
                    at,
                    "the code of a service is imported and runs for each request",
                );
            }
            let requirements = format!("{top}env/python/requirements.txt");
            let Ok(blob) = folder.blob(&requirements) else { continue };
            for line in String::from_utf8_lossy(&blob).lines() {
                bundle::requirement(line, &Location::file(folder.display(&requirements)), exam);
            }
        }
        Ok(())
    }
}
