//! Tensors that are read without running a checkpoint are, byte for byte, those that PyTorch loads.

use std::collections::BTreeMap;
use std::fs;

use modelium_core::artifact::{MemorySink, Sink as _, sha256_hex};
use modelium_core::pipeline::Pipeline;
use modelium_core::wire::safetensors::Header;
use modelium_core::{Blob, Context, ErrorKind, Registry};
use serde::Deserialize;

use crate::support::repository;

/// What `torch.load` gives.
#[derive(Debug, PartialEq, Eq, Deserialize)]
struct Loaded {
    dtype: String,
    shape: Vec<u64>,
    sha256: String,
}

fn expected() -> BTreeMap<String, BTreeMap<String, Loaded>> {
    let list = repository("tests/corpus/formats/torch/tensors.json");
    serde_json::from_str(&fs::read_to_string(list).unwrap()).unwrap()
}

fn extract(file: &str) -> modelium_core::Result<(Blob, modelium_core::pipeline::Extracted)> {
    let path = repository("tests/corpus/formats/torch").join(file);
    let mut sink = MemorySink::new();
    let cx = Context::new();
    let done = Pipeline::new(Registry::builtin()).extract_tensors(path, "model.safetensors", &mut sink, &cx)?;
    sink.commit()?;
    let bytes = sink.into_files().remove("model.safetensors").unwrap();
    Ok((Blob::from_bytes("model.safetensors", bytes), done))
}

#[test]
fn tensors_are_byte_for_byte_those_that_pytorch_loads() {
    let mut wrong = Vec::new();
    for (file, tensors) in expected() {
        let (blob, _) = match extract(&file) {
            Ok(done) => done,
            Err(error) => {
                wrong.push(format!("{file}: {error}"));
                continue;
            }
        };
        let header = Header::read(&blob, &Context::new()).unwrap().strict(&blob).unwrap();
        let mut found = BTreeMap::new();
        for entry in &header.tensors {
            let range = header.data_start + entry.begin..header.data_start + entry.end;
            let dtype = entry.element().unwrap().name().to_owned();
            let sha256 = sha256_hex(&blob.slice(range).unwrap());
            found.insert(entry.name.to_string(), Loaded { dtype, shape: entry.shape.clone(), sha256 });
        }
        if found != tensors {
            wrong.push(format!("{file}: expected {tensors:?}, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn tied_weights_keep_their_names_and_are_told() {
    let (_, done) = extract("tied.pt").unwrap();
    assert_eq!(done.tied, BTreeMap::from([("head.weight".to_owned(), "embed.weight".to_owned())]));
}

#[test]
fn a_checkpoint_that_acts_is_not_converted() {
    let path = repository("tests/corpus/scan/shared/malicious/pytorch/zip_noext");
    let mut sink = MemorySink::default();
    let pipeline = Pipeline::new(Registry::builtin());
    let error = pipeline.extract_tensors(&path, "m.safetensors", &mut sink, &Context::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnsafeContent);
    let said = error.to_string().replace(&path.display().to_string(), "…");
    assert!(said.starts_with("refusing to convert: calls 'os.system'"), "{said}");
    assert!(said.contains("member 'archive/data.pkl'"), "{said}");
}

#[test]
fn a_sparse_tensor_is_named_in_the_refusal() {
    let error = extract("sparse.pt").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.message().contains("tensor 's' is sparse"), "{error}");
}
