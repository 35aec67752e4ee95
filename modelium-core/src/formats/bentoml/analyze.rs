//! Folder → descriptor.

use crate::artifact::Artifact;
use crate::context::Context;
use crate::descriptor::{Component, FormatId, ModelDescriptor, Producer};
use crate::error::{Error, ErrorKind, Result};
use crate::formats::bentoml::FORMAT;
use crate::formats::bentoml::config::{self, Kind};
use crate::formats::{Analyzer, Match};
use crate::scan::bundle::packages;
use crate::wire::json::Json;
use crate::wire::yaml;

/// Describes bentos, and models of BentoML's store.
#[derive(Debug, Clone, Copy, Default)]
pub struct BentomlAnalyzer;

impl Analyzer for BentomlAnalyzer {
    fn format(&self) -> FormatId {
        FORMAT
    }

    fn probe(&self, artifact: &Artifact) -> Match {
        if config::entry(artifact).is_some() { Match::Certain } else { Match::No }
    }

    fn analyze(&self, artifact: &Artifact, cx: &Context) -> Result<ModelDescriptor> {
        let Some((name, blob, kind)) = config::entry(artifact) else {
            let message = "neither 'bento.yaml' nor 'model.yaml' of BentoML at the top of the folder";
            return Err(Error::new(ErrorKind::Malformed, message).with_file(artifact.name()));
        };
        let document = yaml::parse(&blob, cx)?;
        let mut model = ModelDescriptor::of(artifact, FORMAT, name);
        let text = |path: &[&str]| document.at(path).and_then(Json::as_str).map(str::to_owned);
        let version = text(&["bentoml_version"]).or_else(|| text(&["context", "bentoml_version"]));
        model.producer = Some(Producer { name: "bentoml".to_owned(), version });
        for key in ["name", "version", "creation_time", "module", "service"] {
            model.metadata.extend(text(&[key]).map(|value| (key.to_owned(), value)));
        }
        for (key, value) in document.get("labels").map(Json::entries).unwrap_or_default() {
            model.tags.push(format!("{key}={}", value.as_str().unwrap_or_default()));
        }
        match kind {
            Kind::Model => {
                let framework = text(&["context", "framework_name"]);
                let versions = document.at(&["context", "framework_versions"]).map(Json::entries).unwrap_or_default();
                let pinned = |(name, version): &(String, Json)| Some(format!("{name}=={}", version.as_str()?));
                model.dependencies = versions.iter().filter_map(pinned).collect();
                let version = versions.first().and_then(|(_, version)| version.as_str()).map(str::to_owned);
                model.framework = framework.filter(|name| !name.is_empty()).map(|name| Producer { name, version });
            }
            Kind::Bento => {
                for item in document.get("models").map(Json::items).unwrap_or_default() {
                    let value = |key: &str| item.get(key).and_then(Json::as_str).map(str::to_owned);
                    let Some(tag) = value("tag").or_else(|| item.as_str().map(str::to_owned)) else { continue };
                    let path = format!("models/{}", tag.replacen(':', "/", 1));
                    let inside = artifact.entries().any(|(name, _)| name.starts_with(&path));
                    let path = inside.then_some(path);
                    model.components.push(Component {
                        name: tag,
                        path,
                        library: value("module"),
                        ..Component::default()
                    });
                }
                let requirements = artifact.blob("env/python/requirements.txt");
                model.dependencies =
                    requirements.map(|blob| packages(&String::from_utf8_lossy(&blob))).unwrap_or_default();
            }
        }
        Ok(model)
    }
}
