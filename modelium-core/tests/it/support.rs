//! What several subjects need: the repository's folders, and goldens.

use std::fs;
use std::path::{Path, PathBuf};

/// A path below the root of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// The official test suite, which is not committed: `MODELIUM_SUITE` names the folder, `make suite` lays it out in
/// `build/suite`. Where it is not there its tests have nothing to ask; in CI that is a failure.
pub(crate) fn suite() -> Option<PathBuf> {
    let folder = std::env::var_os("MODELIUM_SUITE").map_or_else(|| repository("build/suite"), PathBuf::from);
    let complete = ["suite.json", "types.json", "checks.json"].iter().all(|file| folder.join(file).exists());
    assert!(complete || std::env::var_os("CI").is_none(), "{} does not hold the official suite", folder.display());
    complete.then_some(folder)
}

/// Compares with a committed golden; `BLESS=1` writes it instead, to be read before it is kept.
pub(crate) fn golden(path: &str, found: &str) {
    let path = repository(path);
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(path.parent().expect("a golden lies in a folder")).expect("the folder can be made");
        fs::write(&path, found).expect("the golden can be written");
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    let differs = expected.lines().zip(found.lines()).position(|(expected, found)| expected != found);
    let line = differs.unwrap_or_else(|| expected.lines().count().min(found.lines().count()));
    assert!(
        expected == found,
        "{} differs from line {}:\n  golden: {:?}\n  found:  {:?}\nrun `make bless` and read the change",
        path.display(),
        line + 1,
        expected.lines().nth(line),
        found.lines().nth(line),
    );
}

/// Every Rust file below a folder of the core's sources, with its path from there.
pub(crate) fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut files) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for item in fs::read_dir(folder).expect("the sources are there") {
            let path = item.expect("the folder can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).expect("below the root").to_string_lossy().replace('\\', "/");
                files.push((name, fs::read_to_string(&path).expect("sources are text")));
            }
        }
    }
    files.sort();
    files
}
