//! A model repository as Triton reads it: which folders are models, which are versions, which versions are served.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};

use super::pbtxt::{Message, Position, Value};

/// The file that configures a model.
pub(super) const CONFIG: &str = "config.pbtxt";

/// A version as Triton counts it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    pub(super) number: u64,
    /// The folder's name, which may be more than the number.
    pub(super) folder: String,
}

/// Which versions are served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Policy {
    Latest(usize),
    All,
    /// Each number with its place in the config.
    Specific(Vec<(Position, i64)>),
}

/// The folders in a folder, by name; links to folders are folders.
pub(super) fn folders(parent: &Path, cx: &Context) -> Result<BTreeMap<String, PathBuf>> {
    let mut folders = BTreeMap::new();
    for item in fs::read_dir(parent).map_err(|error| Error::io("list", parent, error))? {
        let path = item.map_err(|error| Error::io("list", parent, error))?.path();
        if !path.is_dir() {
            continue;
        }
        let cap = cx.limits().entries;
        if folders.len() as u64 >= cap {
            let message = format!("more than {cap} folders; raise Limits::entries to read them");
            return Err(Error::new(ErrorKind::LimitExceeded, message).with_file(parent.display().to_string()));
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        folders.insert(name, path);
    }
    Ok(folders)
}

/// The versions in a model's folder, ascending: folders whose name begins with digits, none of them a leading zero.
pub(super) fn versions(folder: &Path, cx: &Context) -> Result<Vec<Version>> {
    let version = |folder: String| {
        let digits: String = folder.chars().take_while(char::is_ascii_digit).collect();
        let leading_zero = digits.len() > 1 && digits.starts_with('0');
        let number = digits.parse().ok().filter(|_| !leading_zero)?;
        Some(Version { number, folder })
    };
    let mut versions: Vec<_> = folders(folder, cx)?.into_keys().filter_map(version).collect();
    versions.sort();
    Ok(versions)
}

impl Version {
    /// Whether the folder is named by the number alone, so that Triton finds the file in it.
    pub(super) fn is_plain(&self) -> bool {
        self.folder == self.number.to_string()
    }
}

impl Policy {
    /// The policy of a config; the newest version alone where it says nothing.
    pub(super) fn of(config: &Message) -> Self {
        let inner =
            |message: &Message, field: &str| message.get(field).and_then(|(_, value)| value.as_message().cloned());
        let Some(policy) = inner(config, "version_policy") else { return Self::Latest(1) };
        if inner(&policy, "all").is_some() {
            return Self::All;
        }
        if let Some(specific) = inner(&policy, "specific") {
            let number = |(at, value): (Position, &Value)| Some((at, value.as_i64()?));
            return Self::Specific(specific.all("versions").filter_map(number).collect());
        }
        let count =
            inner(&policy, "latest").map(|latest| latest.get("num_versions").and_then(|(_, count)| count.as_i64()));
        // a `latest` without a number keeps none, as protobuf's default is 0
        Self::Latest(count.map_or(1, |count| usize::try_from(count.unwrap_or(0)).unwrap_or(0)))
    }

    /// Those of the versions that are served, the newest first.
    pub(super) fn served<'a>(&self, versions: &'a [Version]) -> Vec<&'a Version> {
        let newest = versions.iter().rev().filter(|version| version.is_plain());
        match self {
            Self::All => newest.collect(),
            Self::Latest(count) => newest.take(*count).collect(),
            Self::Specific(wanted) => newest
                .filter(|version| wanted.iter().any(|(_, one)| i64::try_from(version.number) == Ok(*one)))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pbtxt::parse;
    use super::*;
    use crate::context::Limits;

    #[test]
    fn a_policy_serves_what_triton_serves() {
        let versions: Vec<_> =
            [1, 2, 7].map(|number: u64| Version { number, folder: number.to_string() }).into_iter().collect();
        for (config, served) in [
            ("", &[7][..]),
            ("version_policy { latest { num_versions: 2 } }", &[7, 2]),
            ("version_policy { latest { } }", &[]),
            ("version_policy { all { } }", &[7, 2, 1]),
            ("version_policy { specific { versions: [ 1, 9 ] } }", &[1]),
        ] {
            let policy = Policy::of(&parse(config.as_bytes(), &Limits::default()).unwrap());
            let found: Vec<_> = policy.served(&versions).iter().map(|version| version.number).collect();
            assert_eq!(found, served, "{config}");
        }
    }

    #[test]
    fn a_folder_that_begins_with_digits_is_a_version() {
        let place = tempfile::tempdir().unwrap();
        for name in ["1", "2.part", ".3", "04", "0", "x5"] {
            fs::create_dir(place.path().join(name)).unwrap();
        }
        let found = versions(place.path(), &Context::new()).unwrap();
        let names: Vec<_> = found.iter().map(|version| version.folder.as_str()).collect();
        assert_eq!(names, ["0", "1", "2.part"]);
    }
}
