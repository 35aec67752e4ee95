use crate::blob::Blob;
use crate::context::Context;
use crate::scan::keras::{Loader, judge_text, names};
use crate::scan::{Depth, Exam, Part, Verdict};

/// The codes that a configuration is reported under, and the verdict.
fn judged(text: &str, loader: Loader) -> (Vec<String>, Verdict) {
    let cx = Context::new();
    let mut exam = Exam::new(&[], Depth::Content, &cx);
    let blob = Blob::from_bytes("config.json", text.as_bytes().to_vec());
    let part = Part::file("config.json", blob.clone());
    judge_text(&blob, "config", loader, &part, &mut exam).unwrap();
    let examined = exam.finish();
    let codes = examined.findings.iter().map(|finding| finding.code.to_string()).collect();
    (codes, examined.verdict())
}

fn codes(text: &str) -> Vec<String> {
    judged(text, Loader::Keras).0
}

#[test]
fn the_tables_are_sorted_so_that_they_can_be_searched() {
    for table in [names::CLASSES, names::FUNCTIONS, names::TENSORFLOW] {
        assert!(table.windows(2).all(|pair| pair[0] < pair[1]));
    }
}

#[test]
fn what_keras_brings_is_clean_with_and_without_a_module() {
    let dense = r#"{"class_name": "Sequential", "config": {"layers": [
        {"class_name": "Dense", "config": {"units": 4, "activation": "relu"}},
        {"module": "keras.layers", "class_name": "Dense", "registered_name": null, "config": {"activation":
            {"module": "builtins", "class_name": "function", "config": "relu", "registered_name": "function"}}}]}}"#;
    assert_eq!(codes(dense), Vec::<String>::new());
}

#[test]
fn an_escaped_name_is_the_name() {
    assert_eq!(codes(r#"{"class_name": "\u004cambda", "config": {"function": ["x"]}}"#), ["keras.bytecode"]);
}

#[test]
fn an_object_is_found_at_any_depth_and_in_any_place() {
    let inner = r#"{"class_name": "__lambda__", "config": {"value": "eA=="}}"#;
    for text in [
        format!(r#"{{"loss": [[{inner}]]}}"#),
        format!(r#"{{"class_name": "Dense", "config": {{}}, "build_config": {{"a": {inner}}}}}"#),
        format!(r#"{{"class_name": "Dense", "config": {{}}, "inbound_nodes": [{{"args": [{inner}]}}]}}"#),
        format!(r#"{{"class_name": "TimeDistributed", "config": {{"layer": {inner}}}}}"#),
    ] {
        assert_eq!(codes(&text), ["keras.bytecode"], "{text}");
    }
}

#[test]
fn a_function_of_the_system_is_a_gadget_however_it_is_written() {
    for text in [
        r#"{"class_name": "function", "module": "builtins", "config": "exec", "registered_name": "exec"}"#,
        r#"{"class_name": "function", "module": "os", "config": "system"}"#,
        r#"{"class_name": "system", "module": "posix", "config": {}}"#,
        r#"{"class_name": "function", "module": "keras.utils", "config": "get_file"}"#,
        r#"{"class_name": "get_file", "module": "keras.utils", "config": {}}"#,
        r#"{"class_name": "function", "module": "keras.config", "config": "enable_unsafe_deserialization"}"#,
        r#"{"class_name": "function", "module": "logging", "config": "os.system"}"#,
        r#"{"class_name": "TFOpLambda", "config": {"function": "io.write_file"}}"#,
    ] {
        assert_eq!(codes(text), ["keras.gadget"], "{text}");
    }
}

#[test]
fn a_custom_class_needs_a_look_and_a_saved_model_revives_it() {
    let custom = r#"{"module": "mine.layers", "class_name": "Twice", "config": {}, "registered_name": "mine>Twice"}"#;
    assert_eq!(judged(custom, Loader::Keras), (vec!["keras.unknown_object".to_owned()], Verdict::Suspicious));
    assert_eq!(judged(custom, Loader::SavedModel), (vec!["keras.other_package".to_owned()], Verdict::Clean));
}

#[test]
fn a_name_that_the_host_registered_goes_before_the_class_beside_it() {
    let hidden = r#"{"module": "keras.layers", "class_name": "Dense", "config": {}, "registered_name": "p>Other"}"#;
    assert_eq!(codes(hidden), ["keras.unknown_object"]);
}

#[test]
fn a_vocabulary_is_words_a_path_or_an_address() {
    let lookup = |vocabulary: &str| {
        format!(
            r#"{{"module": "keras.layers", "class_name": "StringLookup", "config": {{"vocabulary": {vocabulary}}}}}"#
        )
    };
    assert_eq!(codes(&lookup(r#"["a", "b"]"#)), Vec::<String>::new());
    assert_eq!(codes(&lookup(r#""/etc/passwd""#)), ["keras.file_read"]);
    assert_eq!(codes(&lookup(r#""https://example.com/x""#)), ["keras.network"]);
}

#[test]
fn a_lambda_over_a_function_of_keras_is_that_function() {
    let named = r#"{"class_name": "Lambda", "config": {"function": "relu", "function_type": "function"}}"#;
    assert_eq!(codes(named), Vec::<String>::new());
    let gadget = r#"{"class_name": "Lambda", "config": {"function": "system", "function_type": "function"}}"#;
    assert_eq!(codes(gadget), ["keras.bytecode"]);
}

#[test]
fn a_key_that_decides_and_stands_twice_is_ambiguous() {
    assert_eq!(codes(r#"{"class_name": "Lambda", "class_name": "Dense", "config": {}}"#), ["keras.ambiguous"]);
}

#[test]
fn keras_2_names_some_initializers_by_the_module_of_tensorflow() {
    let constant =
        r#"{"module": "tensorflow.python.ops.init_ops_v2", "class_name": "Constant", "config": {"value": 1}}"#;
    assert_eq!(codes(constant), Vec::<String>::new());
}
