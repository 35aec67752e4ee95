//! The library is found, or it is said what to do.

use std::path::PathBuf;

use modelium_core::error::ErrorKind;
use modelium_core::runtime::Runtime as _;
use modelium_ort::{OrtOptions, OrtRuntime, find_library};

use crate::support::{library, runtime};

fn refused(library: PathBuf) -> modelium_core::Error {
    let options = OrtOptions { library: Some(library), ..OrtOptions::default() };
    OrtRuntime::new(options).map(|_| ()).expect_err("it is no library")
}

#[test]
fn the_version_is_the_library_s_own() {
    let runtime = runtime();
    assert_eq!(runtime.name(), "onnxruntime");
    let file = runtime.library().file_name().expect("a file").to_string_lossy().into_owned();
    assert!(file.contains(&runtime.version()), "{file} is {}", runtime.version());
}

#[test]
fn a_package_is_found_in_its_site_packages() {
    let library = library();
    let packages = library.ancestors().nth(3).expect("site-packages/onnxruntime/capi/lib").to_owned();
    assert_eq!(find_library(&[PathBuf::from("nowhere"), packages]), Some(library));
    assert_eq!(find_library(&[]), None);
}

#[test]
fn a_missing_library_says_what_to_do() {
    let error = refused(PathBuf::from("nowhere/libonnxruntime.so"));
    assert_eq!(error.kind(), ErrorKind::Backend);
    assert_eq!(
        error.to_string(),
        "no such file, though OrtOptions names it; install the package (pip install onnxruntime), or name the library by \
         ORT_DYLIB_PATH or OrtOptions (nowhere/libonnxruntime.so)"
    );
}

#[test]
fn a_file_that_is_no_library_is_refused() {
    runtime(); // one process, one library: what is loaded is not disturbed
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("libonnxruntime.so.1.32.0");
    std::fs::write(&file, "not a library").expect("it can be written");
    let error = refused(file);
    assert_eq!(error.kind(), ErrorKind::Backend);
    assert!(error.message().starts_with("this process runs the onnxruntime of "), "{error}");
}
