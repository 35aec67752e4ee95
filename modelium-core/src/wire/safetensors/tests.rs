use std::collections::BTreeMap;

use super::*;
use crate::error::Error;

fn file(header: &str, data: usize) -> Blob {
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend_from_slice(header.as_bytes());
    bytes.extend(std::iter::repeat_n(0, data));
    Blob::from_bytes("m", bytes)
}

fn fault(header: &str, data: usize) -> String {
    let blob = file(header, data);
    let strict = |header: Header<'_>| header.strict(&blob).map(|_| ());
    Header::read(&blob, &Context::new()).and_then(strict).map_err(|error: Error| error.to_string()).unwrap_err()
}

#[test]
fn what_is_laid_out_is_read_back() {
    let tensors = [
        NewTensor { name: "b\"\n", dtype: DType::Bfloat16, shape: &[2, 3] },
        NewTensor { name: "a", dtype: DType::Float32, shape: &[] },
        NewTensor { name: "é", dtype: DType::Float32, shape: &[0, 4] },
    ];
    let metadata = BTreeMap::from([("format".to_owned(), "pt".to_owned())]);
    let layout = layout(&tensors, &metadata).unwrap();
    assert_eq!(layout.order, [1, 2, 0]);
    assert_eq!(layout.header.len() % 8, 0);
    let mut bytes = layout.header.clone();
    bytes.resize(bytes.len() + 16, 0);
    let blob = Blob::from_bytes("m", bytes);
    let header = Header::read(&blob, &Context::new()).unwrap().strict(&blob).unwrap();
    assert_eq!(header.metadata, [("format".into(), "pt".into())]);
    let names: Vec<_> = header.tensors.iter().map(|entry| entry.name.as_ref()).collect();
    assert_eq!(names, ["a", "é", "b\"\n"]);
    for (entry, index) in header.tensors.iter().zip(&layout.order) {
        let range = header.data_start + entry.begin..header.data_start + entry.end;
        assert_eq!(range, layout.ranges[*index]);
    }
}

#[test]
fn a_name_that_stands_twice_is_told() {
    let header =
        r#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#;
    assert_eq!(fault(header, 2), "key 'a' stands twice; readers disagree on which one counts (m, at byte 61)");
}

#[test]
fn ranges_that_overlap_or_leave_holes_are_told() {
    let two = |a: &str, b: &str| {
        format!(
            r#"{{"a":{{"dtype":"U8","shape":[4],"data_offsets":{a}}},"b":{{"dtype":"U8","shape":[4],"data_offsets":{b}}}}}"#
        )
    };
    assert!(fault(&two("[0,4]", "[2,6]"), 6).starts_with("tensor 'b' overlaps 'a' by 2 bytes"));
    assert!(fault(&two("[0,4]", "[6,10]"), 10).starts_with("2 bytes in front of tensor 'b' belong to no tensor"));
    assert!(fault(&two("[4,8]", "[0,4]"), 9).starts_with("1 bytes follow the last tensor"));
    assert!(fault(&two("[0,4]", "[4,8]"), 7).starts_with("tensor 'b' ends at byte 8 of the data, which has 7"));
    assert!(fault(&two("[0,4]", "[9,5]"), 9).starts_with("tensor 'b' ends at 5 before it begins at 9"));
}

#[test]
fn sizes_that_contradict_shapes_are_told() {
    let one =
        |dtype: &str, shape: &str| format!(r#"{{"a":{{"dtype":"{dtype}","shape":{shape},"data_offsets":[0,4]}}}}"#);
    assert!(fault(&one("F32", "[2]"), 4).starts_with("tensor 'a' takes 8 bytes (F32[2]) but its range has 4"));
    assert!(fault(&one("F32", "[4294967296,4294967296]"), 4).starts_with("tensor 'a' claims more bytes than 64 bits"));
    assert!(fault(&one("F4", "[7]"), 4).starts_with("tensor 'a' ends inside a byte: F4[7]"));
    assert!(fault(&one("Q4", "[7]"), 4).starts_with("tensor 'a' has element type 'Q4'"));
    let blob = file(&one("F4", "[8]"), 4);
    assert!(Header::read(&blob, &Context::new()).unwrap().strict(&blob).is_ok());
}
