//! The committed header is the one that this crate gives.

use std::fs;
use std::path::{Path, PathBuf};

/// The order in which the header presents the sources.
const ORDER: [&str; 7] = ["version", "error", "arguments", "context", "pipeline", "model", "gate"];

fn sources(root: &Path) -> Vec<PathBuf> {
    let ordered: Vec<_> = ORDER.iter().map(|name| root.join(format!("src/{name}.rs"))).collect();
    let listing = fs::read_dir(root.join("src")).expect("the sources are there");
    for source in listing.map(|item| item.expect("the folder can be listed").path()) {
        let placed = ordered.contains(&source) || source.ends_with("lib.rs");
        assert!(placed, "{} has no place in the header's order", source.display());
    }
    ordered
}

#[test]
fn the_committed_header_is_generated_from_the_sources() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("the configuration is understood");
    let conventions = fs::read_to_string(root.join("header.txt")).expect("the conventions are written down");
    config.header = Some(conventions.trim_end().to_owned());
    let builder = cbindgen::Builder::new().with_config(config);
    let builder = sources(root).into_iter().fold(builder, cbindgen::Builder::with_src);
    let mut generated = Vec::new();
    builder.generate().expect("the sources are understood").write(&mut generated);
    let generated = String::from_utf8(generated).expect("headers are text");

    let committed = root.join("../include/modelium.h");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&committed, generated).expect("the header can be written");
        return;
    }
    let committed = fs::read_to_string(committed).expect("the header is there");
    let differs = committed.lines().zip(generated.lines()).find(|(committed, generated)| committed != generated);
    assert!(committed == generated, "include/modelium.h differs at {differs:?}; run `make header`");
}
