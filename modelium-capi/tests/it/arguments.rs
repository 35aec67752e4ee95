//! Wrong arguments: NULL, text that is not UTF-8, documents that are none. The model that calls are made with is real, so
//! that nothing but the argument in question is wrong.

use std::ffi::{CStr, c_char, c_void};
use std::mem::MaybeUninit;
use std::ptr::{self, NonNull};

use modelium::*;

use crate::support::{Failure, call, lent, open, pipeline};

type Text = *const c_char;
type OutText<'a> = Option<&'a mut MaybeUninit<*mut c_char>>;
type OutError<'a> = Option<&'a mut MaybeUninit<*mut modelium_error>>;

const NULL: Text = ptr::null();

fn refused<T>(result: Result<T, Failure>) -> String {
    let Err(failure) = result else { panic!("a wrong argument was taken") };
    assert_eq!(failure.status, modelium_status::InvalidArgument, "{}", failure.message);
    assert_eq!(failure.report["kind"], "invalid_argument");
    failure.message
}

/// Every function that takes strings or gives a string, as one shape: handles, up to three strings, the result.
struct Function {
    name: &'static str,
    /// The names of its strings that must be there, in order, and a value of each that is well formed.
    strings: &'static [(&'static str, &'static CStr)],
    /// The names of its strings that may be NULL.
    optional: &'static [&'static str],
    /// The name of its result; empty if it may be NULL.
    result: &'static str,
    make: fn(&Handles<'_>, &[Text], &[Text], OutText<'_>, OutError<'_>) -> modelium_status,
}

/// The handles of a call, each of which may be NULL.
#[derive(Clone, Copy)]
struct Handles<'a> {
    pipeline: Option<&'a modelium_pipeline>,
    model: Option<&'a modelium_model>,
}

const FUNCTIONS: &[Function] = &[
    Function {
        name: "modelium_pipeline_formats",
        strings: &[],
        optional: &[],
        result: "known",
        make: |handles, _, _, out, error| modelium_pipeline_formats(handles.pipeline, out, error),
    },
    Function {
        name: "modelium_pipeline_plan",
        strings: &[],
        optional: &["requirements", "samples"],
        result: "plan",
        make: |handles, _, optional, out, error| unsafe {
            modelium_pipeline_plan(handles.pipeline, handles.model, optional[0], optional[1], None, out, None, error)
        },
    },
    Function {
        name: "modelium_pipeline_run",
        strings: &[("plan", c"{}"), ("out", c"out")],
        optional: &["options"],
        result: "",
        make: |handles, strings, optional, out, error| unsafe {
            let [plan, path] = *strings else { unreachable!("two strings") };
            modelium_pipeline_run(handles.pipeline, handles.model, plan, path, optional[0], None, out, error)
        },
    },
    Function {
        name: "modelium_pipeline_compare",
        strings: &[("original", c"a.onnx"), ("result", c"b.onnx")],
        optional: &["options"],
        result: "",
        make: |handles, strings, optional, out, error| unsafe {
            let [original, result] = *strings else { unreachable!("two strings") };
            modelium_pipeline_compare(handles.pipeline, original, result, optional[0], None, None, out, error)
        },
    },
    Function {
        name: "modelium_pipeline_scan",
        strings: &[("paths", c"a.onnx")],
        optional: &["options"],
        result: "report",
        make: |handles, strings, optional, out, error| unsafe {
            modelium_pipeline_scan(handles.pipeline, strings.as_ptr(), strings.len(), optional[0], None, out, error)
        },
    },
    Function {
        name: "modelium_pipeline_scan_diff",
        strings: &[("original", c"a.onnx"), ("result", c"b.onnx")],
        optional: &["options"],
        result: "diff",
        make: |handles, strings, optional, out, error| unsafe {
            let [original, result] = *strings else { unreachable!("two strings") };
            modelium_pipeline_scan_diff(handles.pipeline, original, result, optional[0], None, out, error)
        },
    },
    Function {
        name: "modelium_pipeline_bill_of_materials",
        strings: &[("paths", c"a.onnx"), ("report", c"{}")],
        optional: &[],
        result: "bom",
        make: |handles, strings, _, out, error| unsafe {
            let report = strings[1];
            modelium_pipeline_bill_of_materials(handles.pipeline, strings.as_ptr(), 1, report, None, out, error)
        },
    },
    Function {
        name: "modelium_pipeline_extract_tensors",
        strings: &[("path", c"a.pt"), ("out", c"a.safetensors")],
        optional: &[],
        result: "",
        make: |handles, strings, _, out, error| unsafe {
            let [path, target] = *strings else { unreachable!("two strings") };
            modelium_pipeline_extract_tensors(handles.pipeline, path, target, None, out, error)
        },
    },
    Function {
        name: "modelium_pipeline_simplify",
        strings: &[("path", c"a.onnx"), ("out", c"b.onnx")],
        optional: &["options"],
        result: "",
        make: |handles, strings, optional, out, error| unsafe {
            let [path, target] = *strings else { unreachable!("two strings") };
            modelium_pipeline_simplify(handles.pipeline, path, target, optional[0], None, out, error)
        },
    },
    Function {
        name: "modelium_pipeline_check",
        strings: &[("path", c"a.onnx")],
        optional: &[],
        result: "",
        make: |handles, strings, _, out, error| unsafe {
            modelium_pipeline_check(handles.pipeline, strings[0], true, None, None, out, error)
        },
    },
    Function {
        name: "modelium_pipeline_upgrade",
        strings: &[("path", c"a.onnx"), ("out", c"b.onnx")],
        optional: &[],
        result: "",
        make: |handles, strings, _, out, error| unsafe {
            let [path, target] = *strings else { unreachable!("two strings") };
            modelium_pipeline_upgrade(handles.pipeline, path, target, 21, None, out, error)
        },
    },
    Function {
        name: "modelium_pipeline_compare_layers",
        strings: &[("original", c"a.onnx"), ("result", c"b.onnx")],
        optional: &["options"],
        result: "",
        make: |handles, strings, optional, out, error| unsafe {
            let [original, result] = *strings else { unreachable!("two strings") };
            modelium_pipeline_compare_layers(handles.pipeline, original, result, optional[0], None, None, out, error)
        },
    },
    Function {
        name: "modelium_pipeline_infer",
        strings: &[("path", c"a.onnx")],
        optional: &["out", "bindings"],
        result: "report",
        make: |handles, strings, optional, out, error| unsafe {
            let [target, bindings] = *optional else { unreachable!("two strings") };
            modelium_pipeline_infer(handles.pipeline, strings[0], target, bindings, None, out, error)
        },
    },
    Function {
        name: "modelium_scan_to_sarif",
        strings: &[("report", c"{}")],
        optional: &[],
        result: "sarif",
        make: |_, strings, _, out, error| unsafe { modelium_scan_to_sarif(strings[0], out, error) },
    },
    Function {
        name: "modelium_pipeline_lint",
        strings: &[("repository", c"models")],
        optional: &[],
        result: "findings",
        make: |handles, strings, _, out, error| unsafe {
            modelium_pipeline_lint(handles.pipeline, strings[0], None, out, error)
        },
    },
    Function {
        name: "modelium_pipeline_deploy",
        strings: &[("folder", c"built"), ("repository", c"models")],
        optional: &["server", "options"],
        result: "",
        make: |handles, strings, optional, out, error| unsafe {
            let ([folder, repository], [server, options]) = (strings, optional) else { unreachable!("two each") };
            modelium_pipeline_deploy(handles.pipeline, *folder, *repository, *server, *options, None, out, error)
        },
    },
    Function {
        name: "modelium_pipeline_rollback",
        strings: &[("deployment", c"{\"target\":\"triton\",\"name\":\"a\",\"version\":1,\"root\":\"models\"}")],
        optional: &["options"],
        result: "",
        make: |handles, strings, optional, out, error| unsafe {
            modelium_pipeline_rollback(handles.pipeline, strings[0], optional[0], None, out, error)
        },
    },
    Function {
        name: "modelium_pipeline_deployment_health",
        strings: &[("deployment", c"{}")],
        optional: &[],
        result: "health",
        make: |handles, strings, _, out, error| unsafe {
            modelium_pipeline_deployment_health(handles.pipeline, strings[0], None, out, error)
        },
    },
    Function {
        name: "modelium_pipeline_health",
        strings: &[("server", c"http://127.0.0.1:9")],
        optional: &["model"],
        result: "health",
        make: |handles, strings, optional, out, error| unsafe {
            modelium_pipeline_health(handles.pipeline, strings[0], optional[0], None, out, error)
        },
    },
    Function {
        name: "modelium_model_describe",
        strings: &[],
        optional: &[],
        result: "descriptor",
        make: |handles, _, _, out, error| modelium_model_describe(handles.model, out, error),
    },
    Function {
        name: "modelium_pipeline_costs",
        strings: &[],
        optional: &["bindings"],
        result: "costs",
        make: |handles, _, optional, out, error| unsafe {
            modelium_pipeline_costs(handles.pipeline, handles.model, optional[0], None, out, error)
        },
    },
    Function {
        name: "modelium_plan_explain",
        strings: &[("outcome", c"{}")],
        optional: &[],
        result: "explanation",
        make: |_, strings, _, out, error| unsafe { modelium_plan_explain(strings[0], out, error) },
    },
];

impl Function {
    /// Calls it with one string in the place of a good one: the string at `position`, mandatory ones first.
    fn with(&self, handles: &Handles<'_>, position: usize, string: Text) -> Result<*mut c_char, Failure> {
        let mut strings: Vec<Text> = self.strings.iter().map(|(_, good)| good.as_ptr()).collect();
        let mut optional: Vec<Text> = self.optional.iter().map(|_| NULL).collect();
        let places = strings.iter_mut().chain(&mut optional);
        *places.into_iter().nth(position).expect("a string of the function") = string;
        call(|out, error| (self.make)(handles, &strings, &optional, out, error))
    }

    fn good(&self, handles: &Handles<'_>, out: OutText<'_>, error: OutError<'_>) -> modelium_status {
        let strings: Vec<Text> = self.strings.iter().map(|(_, good)| good.as_ptr()).collect();
        let optional: Vec<Text> = self.optional.iter().map(|_| NULL).collect();
        (self.make)(handles, &strings, &optional, out, error)
    }
}

#[test]
fn null_is_refused_wherever_it_makes_no_sense() {
    let pipeline = pipeline(None).expect("the defaults work");
    let model = open(&pipeline);
    let handles = Handles { pipeline: Some(&pipeline), model: Some(&model) };
    for function in FUNCTIONS {
        let refusal = |name: &str| format!("the argument '{name}' is NULL");
        for (position, (name, _)) in function.strings.iter().enumerate() {
            assert_eq!(refused(function.with(&handles, position, NULL)), refusal(name), "{}", function.name);
        }
        if !function.result.is_empty() {
            let failure = call::<c_void>(|_, error| function.good(&handles, None, error));
            assert_eq!(refused(failure), refusal(function.result), "{}", function.name);
        }
        let takes_pipeline = function.name.starts_with("modelium_pipeline");
        if takes_pipeline {
            let handles = Handles { pipeline: None, ..handles };
            let failure = call(|out, error| function.good(&handles, out, error));
            assert_eq!(refused(failure), refusal("pipeline"), "{}", function.name);
        }
        if function.name.starts_with("modelium_model")
            || ["plan", "run", "costs"].iter().any(|verb| function.name.ends_with(verb))
        {
            let handles = Handles { model: None, ..handles };
            let failure = call(|out, error| function.good(&handles, out, error));
            assert_eq!(refused(failure), refusal("model"), "{}", function.name);
        }
    }
}

#[test]
fn null_is_refused_by_functions_that_give_handles() {
    let pipeline = pipeline(None).expect("the defaults work");
    let path = c"model.onnx".as_ptr();
    let refusals = [
        refused(call::<c_void>(|_, error| modelium_context_new(None, ptr::null_mut(), None, error))),
        refused(call::<c_void>(|_, error| unsafe { modelium_pipeline_new(NULL, None, error) })),
        refused(call(|out, error| unsafe { modelium_pipeline_open(None, path, None, out, error) })),
        refused(call(|out, error| unsafe { modelium_pipeline_open(Some(&pipeline), NULL, None, out, error) })),
        refused(call::<c_void>(|_, error| unsafe { modelium_pipeline_open(Some(&pipeline), path, None, None, error) })),
    ];
    let names = ["context", "pipeline", "pipeline", "path", "model"];
    assert_eq!(refusals, names.map(|name| format!("the argument '{name}' is NULL")));
}

unsafe extern "C" fn review(_: *mut c_void, _: Text, _: Text, _: *mut modelium_findings) -> bool {
    true
}

#[test]
fn null_is_refused_by_functions_about_validators() {
    let mut pipeline = pipeline(None).expect("the defaults work");
    let user = ptr::null_mut();
    let refusals = [
        refused(call::<c_void>(|_, error| unsafe { modelium_pipeline_add_validator(None, Some(review), user, error) })),
        refused(call::<c_void>(|_, error| unsafe {
            modelium_pipeline_add_validator(Some(NonNull::from(&mut *pipeline)), None, user, error)
        })),
        refused(call::<c_void>(|_, error| unsafe { modelium_findings_add(None, c"{}".as_ptr(), error) })),
    ];
    assert_eq!(refusals, ["pipeline", "review", "findings"].map(|name| format!("the argument '{name}' is NULL")));
}

#[test]
fn text_that_is_not_utf8_is_refused_with_the_byte() {
    let pipeline = pipeline(None).expect("the defaults work");
    let model = open(&pipeline);
    let handles = Handles { pipeline: Some(&pipeline), model: Some(&model) };
    for function in FUNCTIONS {
        let names = function.strings.iter().map(|(name, _)| *name).chain(function.optional.iter().copied());
        for (position, name) in names.enumerate() {
            let refusal = format!("the argument '{name}' is not UTF-8 from its byte 1 on");
            assert_eq!(refused(function.with(&handles, position, c"a\xff".as_ptr())), refusal, "{}", function.name);
        }
    }
    let opened =
        call(|out, error| unsafe { modelium_pipeline_open(Some(&pipeline), c"a\xff".as_ptr(), None, out, error) });
    assert_eq!(refused(opened), "the argument 'path' is not UTF-8 from its byte 1 on");
}

#[test]
fn a_document_that_is_none_is_refused_with_the_place() {
    let pipeline = pipeline(None).expect("the defaults work");
    let model = open(&pipeline);
    let handles = Handles { pipeline: Some(&pipeline), model: Some(&model) };
    let documents = ["requirements", "options", "bindings", "deployment", "report"];
    let mut tried = 0;
    for function in FUNCTIONS {
        let names = function.strings.iter().map(|(name, _)| *name).chain(function.optional.iter().copied());
        for (position, name) in names.enumerate().filter(|(_, name)| documents.contains(name)) {
            let message = refused(function.with(&handles, position, c"{".as_ptr()));
            let expected =
                format!("the argument '{name}' is not understood: EOF while parsing an object at line 1 column 1");
            assert_eq!(message, expected, "{}", function.name);
            tried += 1;
        }
    }
    assert_eq!(tried, 15);
}

#[test]
fn an_option_that_nobody_knows_is_refused_with_those_that_are_known() {
    let message = refused(pipeline(Some(c"{\"ort\": 1}")));
    let expected =
        "unknown field `ort`, expected one of `onnxruntime`, `worker`, `limits`, `policy` at line 1 column 6";
    assert_eq!(message, format!("the argument 'options' is not understood: {expected}"));
}

#[test]
fn every_exported_function_is_tried() {
    let listed =
        std::fs::read_to_string(crate::support::repository("modelium-capi/symbols.txt")).expect("the list is there");
    let elsewhere = [
        "modelium_abi_version",
        "modelium_version",
        "modelium_status_name",
        "modelium_string_free",
        "modelium_test_panic",
        "modelium_error_status",
        "modelium_error_message",
        "modelium_error_report",
        "modelium_error_free",
        "modelium_context_new",
        "modelium_context_cancel",
        "modelium_context_free",
        "modelium_pipeline_new",
        "modelium_pipeline_free",
        "modelium_pipeline_open",
        "modelium_pipeline_add_validator",
        "modelium_findings_add",
        "modelium_model_free",
    ];
    for symbol in listed.lines() {
        let tried = elsewhere.contains(&symbol) || FUNCTIONS.iter().any(|function| function.name == symbol);
        assert!(tried, "nobody calls {symbol} with wrong arguments");
    }
}

#[test]
fn an_error_that_nobody_wants_is_fine() {
    let status = unsafe { modelium_pipeline_new(c"nonsense".as_ptr(), None, None) };
    assert_eq!(status, modelium_status::InvalidArgument);
}

#[test]
fn freeing_nothing_is_fine() {
    modelium_pipeline_free(None);
    modelium_model_free(None);
    modelium_context_free(None);
    modelium_context_cancel(None);
    modelium_error_free(None);
    unsafe { modelium_string_free(ptr::null_mut()) };
}

#[test]
fn no_error_reads_as_ok() {
    assert_eq!(modelium_error_status(None), modelium_status::Ok);
    assert_eq!(lent(modelium_error_message(None)), "");
    assert!(modelium_error_report(None).is_null());
}

#[test]
fn the_gate_holds() {
    let failure = call::<c_void>(|_, error| modelium_test_panic(error)).expect_err("it panics");
    assert_eq!(failure.status, modelium_status::Internal);
    assert_eq!(failure.message, "panic: asked to");
    assert!(failure.report["notes"][0].as_str().is_some_and(|note| note.contains("defect of modelium")));
}

#[test]
fn an_error_carries_the_place() {
    let pipeline = pipeline(None).expect("the defaults work");
    let opened = call(|out, error| unsafe {
        modelium_pipeline_open(Some(&pipeline), c"nowhere.onnx".as_ptr(), None, out, error)
    });
    let failure = opened.expect_err("there is no such file");
    assert_eq!(failure.status, modelium_status::Io);
    assert_eq!(failure.message, "no such file or folder; check the path (nowhere.onnx)");
    assert_eq!(failure.report["location"]["file"], "nowhere.onnx");
}
