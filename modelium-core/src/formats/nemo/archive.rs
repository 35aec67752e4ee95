//! The archive: its members by name.

use std::io::Read as _;

use crate::blob::Blob;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::wire::compress::{Codec, inflate_prefix};
use crate::wire::json::Json;
use crate::wire::tar::{Tar, TarEntry, TarKind, looks_like_tar};
use crate::wire::yaml;

/// The member that configures the model.
const CONFIG: &str = "model_config.yaml";

/// The name of a member without the `./` that tar puts in front.
pub(super) fn plain(name: &str) -> &str {
    name.trim_start_matches("./")
}

/// True for the config, at the top of an archive.
pub(super) fn is_config(entry: &TarEntry) -> bool {
    entry.kind == TarKind::File && plain(&entry.name) == CONFIG
}

/// True for an archive with a config in it.
pub(super) fn is_archive(blob: &Blob, cx: &Context) -> bool {
    looks_like_tar(blob) && Tar::read(blob, cx).is_ok_and(|tar| tar.entries.iter().any(is_config))
}

/// The archive's bytes: as they are, or inflated.
pub(super) fn open(blob: &Blob, cx: &Context) -> Result<Blob> {
    match Codec::sniff(blob) {
        Some(codec @ Codec::Gzip) => Ok(inflate_prefix(codec, blob, cx.limits().inflated_bytes, cx)?.blob),
        _ => Ok(blob.clone()),
    }
}

/// Reads the config of an archive.
pub(super) fn config(blob: &Blob, tar: &Tar, cx: &Context) -> Result<Json> {
    let entry = tar.entries.iter().find(|entry| is_config(entry));
    let text = entry.and_then(|entry| blob.slice(entry.data.clone()));
    let Some(text) = text else {
        let message = format!("no member '{CONFIG}' in the archive");
        return Err(Error::new(ErrorKind::Malformed, message).with_file(blob.name()));
    };
    yaml::parse(&text, cx)
}

/// Whether a gzipped archive has a config among its first members: so many bytes are inflated and no more.
pub(super) fn begins(blob: &Blob) -> bool {
    const ENOUGH: u64 = 64 << 20;
    const BLOCK: usize = 512;
    let mut stream = flate2::read::GzDecoder::new(&**blob).take(ENOUGH);
    let mut block = [0_u8; BLOCK];
    while stream.read_exact(&mut block).is_ok() {
        let name = block.split(|byte| *byte == 0).next().unwrap_or_default();
        let name = name.strip_prefix(b"./").unwrap_or(name);
        if name == CONFIG.as_bytes() && looks_like_tar(&block) {
            return true;
        }
    }
    false
}
