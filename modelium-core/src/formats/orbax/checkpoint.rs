//! A folder as a checkpoint: its trees, and the arrays of each.

use std::collections::{BTreeMap, BTreeSet};

use crate::artifact::Artifact;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::TensorDescriptor;
use crate::error::{Location, Result};
use crate::formats::orbax::OrbaxError;
use crate::formats::orbax::ocdbt::{self, Node, Place, Stored};
use crate::formats::orbax::zarr::{self, Array, DOCUMENTS};
use crate::wire::json::{self, Json};

pub(super) const CHECKPOINT: &str = "_CHECKPOINT_METADATA";
pub(super) const TREE: &str = "_METADATA";
pub(super) const DATABASE: &str = "manifest.ocdbt";

/// Levels of a database's tree: each node has many children.
const HEIGHT: u8 = 16;

/// The folders of an artifact that hold a file of that name, `""` for its root; databases of single processes left out.
pub(super) fn roots<'a>(artifact: &'a Artifact, file: &str) -> Vec<&'a str> {
    let folder = |name: &'a str| match name.rsplit_once('/') {
        Some((folder, last)) => (last == file).then_some(folder),
        None => (name == file).then_some(""),
    };
    let names = artifact.entries().filter_map(|(name, _)| folder(name));
    names.filter(|folder| !folder.split('/').any(|step| step.starts_with("ocdbt.process_"))).collect()
}

/// The name of a file in a folder.
pub(super) fn beside(folder: &str, file: &str) -> String {
    if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") }
}

/// Reads a document.
pub(super) fn document(artifact: &Artifact, name: &str, cx: &Context) -> Result<Json> {
    Ok(json::parse(&artifact.blob(name)?, cx)?.root)
}

/// Every array of the folder, by the folder of its tree.
pub(super) fn arrays(artifact: &Artifact, cx: &Context) -> Result<BTreeMap<String, Vec<TensorDescriptor>>> {
    let mut found: BTreeMap<String, Vec<TensorDescriptor>> = BTreeMap::new();
    let mut count = 0_u64;
    let cap = cx.limits().tensors;
    let trees: BTreeSet<&str> = roots(artifact, TREE).into_iter().collect();
    let mut push = |tree: &str, tensor: TensorDescriptor| -> Result<()> {
        count = count.saturating_add(1);
        if count > cap {
            return Err(OrbaxError::TooMany { at: Location::file(artifact.name()), cap }.into());
        }
        found.entry(tree.to_owned()).or_default().push(tensor);
        Ok(())
    };
    for (name, _) in artifact.entries() {
        let Some(path) = DOCUMENTS.iter().find_map(|document| name.strip_suffix(document)?.strip_suffix('/')) else {
            continue;
        };
        cx.tick("analyze", 0, 0)?;
        let root = document(artifact, name, cx)?;
        let tree = trees.iter().rev().find(|tree| tree.is_empty() || path.starts_with(&format!("{tree}/")));
        let tree = tree.copied().unwrap_or_default();
        let own = path.strip_prefix(tree).unwrap_or(path).trim_start_matches('/');
        let at = Location::file(artifact.display(name));
        let Some(array) = zarr::array(&root, own, &at, cx.limits().rank)? else { continue };
        push(tree, placed(artifact, path, array))?;
    }
    for folder in roots(artifact, DATABASE) {
        for (name, document) in database(artifact, folder, cx)? {
            let at = document.location(0);
            let root = json::parse(&document, cx)?.root;
            let Some(array) = zarr::array(&root, &name, &at, cx.limits().rank)? else { continue };
            push(folder, array.tensor)?;
        }
    }
    Ok(found)
}

/// Where the bytes of an array lie: in its only chunk, if it has one.
fn placed(artifact: &Artifact, path: &str, array: Array) -> TensorDescriptor {
    let whole = array.chunk.iter().zip(&array.tensor.shape).all(|(chunk, dim)| chunk >= dim);
    let file = beside(path, &array.first_chunk);
    let there = artifact.entry(&file).map(|entry| entry.len);
    let plain = array.plain && there == Some(array.tensor.bytes);
    TensorDescriptor {
        file: Some(file).filter(|_| whole && there.is_some()),
        start: (whole && plain).then_some(0),
        ..array.tensor
    }
}

/// The documents of a database, by the name of their array.
fn database(artifact: &Artifact, folder: &str, cx: &Context) -> Result<Vec<(String, Blob)>> {
    let manifest = artifact.blob(&beside(folder, DATABASE))?;
    let at = manifest.location(0);
    let manifest = ocdbt::manifest(&manifest, cx)?;
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<(Vec<u8>, Place)> = manifest.root.into_iter().map(|root| (Vec::new(), root)).collect();
    while let Some((prefix, place)) = waiting.pop() {
        cx.tick("analyze", seen.len() as u64, 0)?;
        if place.height > HEIGHT || !seen.insert((place.file.clone(), place.offset)) {
            return Err(OrbaxError::Circle { at }.into());
        }
        match ocdbt::node(&value(artifact, folder, &place, &at)?, cx)? {
            Node::Inner(children) => waiting.extend(children.into_iter().rev().map(|(common, child)| {
                let mut prefix = prefix.clone();
                prefix.extend(common);
                (prefix, Place { height: place.height.saturating_sub(1), ..child })
            })),
            Node::Leaf(entries) => {
                for (key, stored) in entries {
                    let key = [prefix.as_slice(), &key].concat();
                    let key = String::from_utf8_lossy(&key).into_owned();
                    let name = DOCUMENTS.iter().find_map(|document| key.strip_suffix(document)?.strip_suffix('/'));
                    let Some(name) = name else { continue };
                    let document = match stored {
                        Stored::Inline(document) => document,
                        Stored::Apart(place) => value(artifact, folder, &place, &at)?,
                    };
                    found.push((name.to_owned(), document));
                }
            }
        }
        if found.len() as u64 > cx.limits().tensors {
            return Err(OrbaxError::TooMany { at, cap: cx.limits().tensors }.into());
        }
    }
    Ok(found)
}

/// The bytes of a node or a value in the files of a database.
fn value(artifact: &Artifact, folder: &str, place: &Place, at: &Location) -> Result<Blob> {
    let name = beside(folder, &place.file);
    let missing = || OrbaxError::NoFile { at: at.clone(), path: place.file.clone() };
    artifact.entry(&name).ok_or_else(missing)?;
    let blob = artifact.blob(&name)?;
    let end = place.offset.checked_add(place.length);
    let slice = end.and_then(|end| blob.slice(place.offset..end));
    let left = blob.len().saturating_sub(place.offset);
    let overrun =
        || OrbaxError::Overrun { at: blob.location(place.offset), what: "a value", needed: place.length, left };
    Ok(slice.ok_or_else(overrun)?)
}
