//! The committed header is the one that this crate gives.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::repository;

/// The order in which the header presents the sources.
const ORDER: [&str; 12] = [
    "version",
    "error",
    "arguments",
    "context",
    "pipeline",
    "model",
    "plan",
    "graph",
    "scan",
    "validator",
    "deploy",
    "gate",
];

fn sources(root: &Path) -> Vec<PathBuf> {
    let ordered: Vec<_> = ORDER.iter().map(|name| root.join(format!("src/{name}.rs"))).collect();
    let listing = fs::read_dir(root.join("src")).expect("the sources are there");
    for source in listing.map(|item| item.expect("the folder can be listed").path()) {
        let placed = ordered.contains(&source) || source.ends_with("lib.rs") || source.ends_with("schema.rs");
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

    let committed = repository("include/modelium.h");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&committed, generated).expect("the header can be written");
        return;
    }
    let committed = fs::read_to_string(committed).expect("the header is there");
    let differs = committed.lines().zip(generated.lines()).find(|(committed, generated)| committed != generated);
    assert!(committed == generated, "include/modelium.h differs at {differs:?}; run `make header`");
}

#[test]
fn every_schema_that_the_header_names_is_committed() {
    let header = fs::read_to_string(repository("include/modelium.h")).expect("the header is there");
    let names = header.split("schemas/").skip(1).filter_map(|rest| rest.split_once(".json")).map(|(name, _)| name);
    let missing: Vec<_> = names.filter(|name| !repository(&format!("schemas/{name}.json")).is_file()).collect();
    assert!(missing.is_empty(), "no schema of {missing:?}");
}

#[test]
fn the_cpp_face_covers_the_header() {
    let face = fs::read_to_string(repository("include/modelium.hpp")).expect("the C++ face is there");
    let listed = fs::read_to_string(repository("modelium-capi/symbols.txt")).expect("the list is there");
    let left_out = ["modelium_error_status", "modelium_test_panic"];
    let missing: Vec<_> =
        listed.lines().filter(|name| !face.contains(&format!("{name}(")) && !left_out.contains(name)).collect();
    assert!(missing.is_empty(), "include/modelium.hpp does not call {missing:?}");
}
