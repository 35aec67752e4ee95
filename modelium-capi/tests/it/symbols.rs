//! What the shared library exports is what `symbols.txt` lists, and nothing else.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The shared library that was built with this test.
fn library() -> PathBuf {
    let test = std::env::current_exe().expect("the test has a path");
    let name = format!("{}modelium{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    test.parent().expect("the test lies in a folder").join(name)
}

/// The names of defined dynamic symbols.
fn exported(library: &Path) -> Vec<String> {
    let nm = Command::new("nm").args(["-D", "--defined-only"]).arg(library).output().expect("binutils are installed");
    assert!(nm.status.success(), "nm: {}", String::from_utf8_lossy(&nm.stderr));
    let listing = String::from_utf8(nm.stdout).expect("symbols are text");
    let mut names: Vec<_> =
        listing.lines().filter_map(|line| line.split_whitespace().nth(2)).map(str::to_owned).collect();
    names.sort();
    names
}

fn listed() -> Vec<String> {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("symbols.txt");
    fs::read_to_string(list).expect("the list is there").lines().map(str::to_owned).collect()
}

#[cfg(target_os = "linux")]
#[test]
fn the_shared_library_exports_what_is_listed() {
    assert_eq!(exported(&library()), listed());
}

#[test]
fn the_header_declares_what_is_listed() {
    let header = Path::new(env!("CARGO_MANIFEST_DIR")).join("../include/modelium.h");
    let header = fs::read_to_string(header).expect("the header is there");
    for symbol in listed().iter().filter(|symbol| *symbol != "modelium_test_panic") {
        assert!(header.contains(&format!("{symbol}(")), "{symbol} is exported and not declared");
    }
    assert!(!header.contains("modelium_test_panic"), "the panicking function is for tests only");
}
