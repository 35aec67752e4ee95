//! Arrays as numpy saves them, and archives that lie.

use std::collections::BTreeMap;

use modelium_core::error::ErrorKind;
use modelium_core::tensor::{DType, Data, Tensor};
use modelium_core::wire::npz::read_npz;
use modelium_core::{Blob, CancelToken, Context, Limits};
use serde_json::Value;

use crate::support::{golden, repository};

#[path = "../../../fuzz/src/npz.rs"]
mod fuzz;

fn blob(path: &str) -> Blob {
    let path = repository(path);
    let name = path.file_name().expect("a file").to_string_lossy().into_owned();
    Blob::from_bytes(name, std::fs::read(path).expect("the file is committed"))
}

fn read(file: &str) -> BTreeMap<String, Tensor> {
    read_npz(&blob(&format!("tests/corpus/npz/{file}.npz")), &Context::new()).expect(file)
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// An array as `expected.json` has it.
fn facts(tensor: &Tensor) -> Value {
    let (key, elements) = match &tensor.data {
        Data::Strings(strings) => ("strings", strings.iter().map(|string| hex(string)).collect()),
        _ => ("bytes", Value::from(hex(&tensor.to_le_bytes().expect("numbers have bytes")))),
    };
    serde_json::json!({ "dtype": tensor.dtype, "dims": tensor.dims, key: elements })
}

#[test]
fn every_array_of_the_corpus_is_read_as_numpy_wrote_it() {
    let expected: Value = serde_json::from_slice(&blob("tests/corpus/npz/expected.json")).expect("the file is JSON");
    for (file, arrays) in expected.as_object().expect("archives by name") {
        let found: BTreeMap<_, _> = read(file).iter().map(|(name, tensor)| (name.clone(), facts(tensor))).collect();
        assert_eq!(serde_json::to_value(found).expect("facts are JSON"), *arrays, "{file}");
    }
}

#[test]
fn a_stored_array_is_a_window_of_the_archive() {
    let archive = blob("tests/corpus/npz/numbers.npz");
    let arrays = read_npz(&archive, &Context::new()).expect("it is sound");
    let Data::Raw(window) = &arrays["f4"].data else { panic!("numbers are raw") };
    let range = archive.as_ptr_range();
    assert!(range.contains(&window.as_ptr()), "it was copied");
    let end = window.offset() + window.len();
    assert_eq!(archive.slice(window.offset()..end).as_ref(), Some(window));
}

#[test]
fn the_labelled_samples_of_the_example_are_read() {
    let arrays = read_npz(&blob("examples/models/digits/samples.npz"), &Context::new()).expect("it is sound");
    assert_eq!(arrays["image"].dtype, DType::Float32);
    assert_eq!(arrays["labels"].dims, arrays["image"].dims[..1]);
}

#[test]
fn each_hostile_archive_is_one_exact_line() {
    let folder = repository("tests/hostile/npz");
    let files =
        std::fs::read_dir(folder).expect("the folder is committed").map(|item| item.expect("it can be listed").path());
    let archives = files.filter(|path| path.extension().is_some_and(|extension| extension == "npz"));
    let name = |path: std::path::PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let mut names: Vec<String> = archives.filter_map(name).collect();
    names.sort();
    assert!(names.len() > 50, "only {} files", names.len());
    let line = |name: &String| match read_npz(&blob(&format!("tests/hostile/npz/{name}")), &Context::new()) {
        Ok(arrays) => panic!("{name} is read as {arrays:?}"),
        Err(error) => format!("{name}: {}: {error}\n", error.kind().as_str()),
    };
    golden("tests/hostile/npz/errors.txt", &names.iter().map(line).collect::<String>());
}

#[test]
fn limits_hold() {
    let archive = blob("tests/corpus/npz/compressed.npz");
    for (limits, message) in [
        (
            Limits { inflated_bytes: 1000, ..Limits::default() },
            "the members inflate to 2206 bytes, more than 1000; raise Limits::inflated_bytes to read them",
        ),
        (
            Limits { entries: 13, ..Limits::default() },
            "the archive has 14 members, more than 13; raise Limits::entries to read it",
        ),
        (
            Limits { rank: 1, ..Limits::default() },
            "the array has 2 dimensions, more than 1; raise Limits::rank to read it",
        ),
    ] {
        let error = read_npz(&archive, &Context::new().with_limits(limits)).expect_err(message);
        assert_eq!((error.kind(), error.message()), (ErrorKind::LimitExceeded, message));
    }
    let strings = blob("tests/corpus/npz/strings.npz");
    let cx = Context::new().with_limits(Limits { structure_bytes: 10, ..Limits::default() });
    let error = read_npz(&strings, &cx).expect_err("four strings take more");
    assert_eq!(error.message(), "4 strings take more memory than Limits::structure_bytes allows");
}

#[test]
fn reading_can_be_cancelled() {
    let cancel = CancelToken::default();
    cancel.cancel();
    let cx = Context::new().with_cancel(cancel);
    let error = read_npz(&blob("tests/corpus/npz/numbers.npz"), &cx).expect_err("it is cancelled");
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}

/// The body of the fuzz target on archives with each of their bits turned, and cut at each byte.
#[test]
fn no_single_fault_makes_a_panic() {
    let cx = fuzz::context();
    for (file, masks) in [("version_3", &[1, 2, 4, 8, 16, 32, 64, 128][..]), ("compressed", &[0x41])] {
        let bytes = blob(&format!("tests/corpus/npz/{file}.npz")).to_vec();
        assert!(fuzz::run(&bytes, &cx), "{file}");
        for at in 0..bytes.len() {
            for mask in masks {
                let mut turned = bytes.clone();
                turned[at] ^= mask;
                fuzz::run(&turned, &cx);
            }
            assert!(!fuzz::run(&bytes[..at], &cx), "{file} is read without its last bytes");
        }
    }
}

/// The same on one array, whose header an archive's checksum would shield.
#[test]
fn no_single_fault_of_a_header_makes_a_panic() {
    let cx = fuzz::context();
    for (descr, size) in [("<f4", 24), ("<U2", 48), (">c8", 48), ("|b1", 6)] {
        let header = format!("{{'descr': '{descr}', 'fortran_order': True, 'shape': (2, 3), }}\n");
        let length = u16::try_from(header.len()).expect("it is short").to_le_bytes();
        let bytes = [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes(), &vec![0; size]].concat();
        assert!(fuzz::run(&bytes, &cx), "{descr}");
        for at in 0..bytes.len() {
            for byte in 0..=u8::MAX {
                let mut turned = bytes.clone();
                turned[at] = byte;
                fuzz::run(&turned, &cx);
            }
            assert!(!fuzz::run(&bytes[..at], &cx), "{descr} is read without its last bytes");
        }
    }
}
