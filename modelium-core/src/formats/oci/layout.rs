//! The layout: manifests, and the blobs they list.

use std::collections::HashSet;

use crate::artifact::Artifact;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::wire::json::{self, Json};

/// A manifest or a config longer than this is none.
const LONGEST: u64 = 4 << 20;
/// Indexes in indexes.
const DEEPEST: usize = 4;

/// What a manifest says of one blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Blob {
    pub(super) media_type: String,
    pub(super) digest: String,
    pub(super) size: u64,
    /// Its name when it is unpacked.
    pub(super) title: Option<String>,
    /// Where else it may be fetched.
    pub(super) urls: Vec<String>,
    /// The entry that holds it, if there is one.
    pub(super) entry: Option<String>,
}

/// One manifest.
#[derive(Debug, Clone)]
pub(super) struct Manifest {
    /// The entry that it was read from.
    pub(super) entry: String,
    pub(super) tag: Option<String>,
    pub(super) artifact_type: Option<String>,
    pub(super) config: Option<Blob>,
    pub(super) layers: Vec<Blob>,
}

/// True for a folder with the marks of a layout, or of Ollama's store.
pub(super) fn is_layout(artifact: &Artifact) -> bool {
    artifact.is_folder() && (is_oci(artifact) || ollama(artifact).next().is_some())
}

fn is_oci(artifact: &Artifact) -> bool {
    let mark =
        artifact.blob("oci-layout").is_ok_and(|blob| memchr::memmem::find(&blob, b"imageLayoutVersion").is_some());
    mark && artifact.entry("index.json").is_some()
}

/// Manifests of Ollama: any below `manifests/`, when there are blobs.
fn ollama(artifact: &Artifact) -> impl Iterator<Item = &str> {
    let has_blobs = artifact.entries().any(|(name, _)| name.starts_with("blobs/sha256"));
    artifact.entries().map(|(name, _)| name).filter(move |name| has_blobs && name.starts_with("manifests/"))
}

/// Reads the manifests of a layout.
pub(super) fn manifests(artifact: &Artifact, cx: &Context) -> Result<Vec<Manifest>> {
    let mut manifests = Vec::new();
    if is_oci(artifact) {
        let mut waiting = vec![("index.json".to_owned(), None::<String>, 0_usize)];
        let mut seen = HashSet::new();
        while let Some((entry, tag, depth)) = waiting.pop() {
            if !seen.insert(entry.clone()) || seen.len() as u64 > cx.limits().entries {
                continue;
            }
            let document = document(artifact, &entry, cx)?;
            let listed = document.get("manifests").map(Json::items).unwrap_or_default();
            for item in listed.iter().rev().filter(|_| depth < DEEPEST) {
                let name = item.at(&["annotations", "org.opencontainers.image.ref.name"]).and_then(Json::as_str);
                let tag = name.map(str::to_owned).or_else(|| tag.clone());
                let blob = blob(item, artifact);
                if let Some(entry) = blob.and_then(|blob| blob.entry) {
                    waiting.push((entry, tag, depth.saturating_add(1)));
                }
            }
            if document.get("layers").is_some() {
                manifests.push(manifest(&document, entry, tag, artifact));
            }
        }
    }
    for entry in ollama(artifact) {
        let document = document(artifact, entry, cx)?;
        let mut steps = entry.rsplit('/');
        let tag = steps.next().and_then(|tag| Some(format!("{}:{tag}", steps.next()?)));
        manifests.push(manifest(&document, entry.to_owned(), tag, artifact));
    }
    Ok(manifests)
}

/// Reads a blob that is JSON.
pub(super) fn document(artifact: &Artifact, entry: &str, cx: &Context) -> Result<Json> {
    let blob = artifact.blob(entry)?;
    if blob.len() > LONGEST {
        let message = format!("{} bytes are too many for a manifest; at most {LONGEST} are read", blob.len());
        return Err(Error::new(ErrorKind::LimitExceeded, message).with_file(blob.name()));
    }
    json::parse(&blob, cx).map(|document| document.root)
}

fn manifest(document: &Json, entry: String, tag: Option<String>, artifact: &Artifact) -> Manifest {
    let layers = document.get("layers").map(Json::items).unwrap_or_default();
    Manifest {
        entry,
        tag,
        artifact_type: document.get("artifactType").and_then(Json::as_str).map(str::to_owned),
        config: document.get("config").and_then(|config| blob(config, artifact)),
        layers: layers.iter().filter_map(|layer| blob(layer, artifact)).collect(),
    }
}

fn blob(item: &Json, artifact: &Artifact) -> Option<Blob> {
    const TITLES: [&str; 3] =
        ["org.cncf.model.filepath", "org.opencontainers.image.title", "ml.kitops.modelkit.layer-path"];
    let text = |key: &str| item.get(key).and_then(Json::as_str).map(str::to_owned);
    let digest = text("digest")?;
    let title = TITLES.iter().find_map(|title| item.at(&["annotations", title])?.as_str()).map(str::to_owned);
    let urls = item.get("urls").map(Json::items).unwrap_or_default();
    let names = [format!("blobs/{}", digest.replacen(':', "/", 1)), format!("blobs/{}", digest.replacen(':', "-", 1))];
    Some(Blob {
        media_type: text("mediaType").unwrap_or_default(),
        size: item.get("size").and_then(Json::as_u64).unwrap_or_default(),
        title,
        urls: urls.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        entry: names.into_iter().find(|name| artifact.entry(name).is_some()),
        digest,
    })
}
