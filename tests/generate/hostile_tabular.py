"""Writes tests/hostile/formats/ for tabular models, bundles and YAML: files that lie or act, one fault each.

    python hostile_tabular.py

Needs nothing but Python; starts from the files of tests/corpus/formats. New cases get an entry in expected.json with the
verdict that is wanted here; `make bless` fills in the lines, and whoever blesses reads them.
"""

import gzip
import hashlib
import io
import json
import pathlib
import pickle
import shutil
import struct
import tarfile
import zipfile

TESTS = pathlib.Path(__file__).parents[1]
CORPUS, HOSTILE = TESTS / "corpus/formats", TESTS / "hostile/formats"

CLEAN, SUSPICIOUS, MALICIOUS, UNDETERMINED = "clean", "suspicious", "malicious", "undetermined"


class Acts:
    def __reduce__(self):
        import posix

        return posix.system, ("true",)


PICKLE = pickle.dumps(Acts(), 2)


def write(form, cases):
    """Each case: its content (bytes, or a map of files), and its verdict."""
    folder = HOSTILE / form
    listed = folder / "expected.json"
    known = json.loads(listed.read_text()) if listed.exists() else {}
    folder.mkdir(parents=True, exist_ok=True)
    for name, (content, verdict) in cases.items():
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        files = content if isinstance(content, dict) else {"": content}
        for inner, data in files.items():
            file = path / inner if inner else path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data if isinstance(data, bytes) else data.encode())
        known.setdefault(name, {"open": None, "verdict": verdict, "codes": []})
        if known[name]["verdict"] != verdict:
            print(f"{form}/{name}: {known[name]['verdict']} is recorded, {verdict} is wanted")
    listed.write_text(json.dumps(dict(sorted(known.items())), indent=2) + "\n")


def changed(document, path, value):
    """A copy of a document with another value at the end of a path."""
    copy = json.loads(json.dumps(document))
    *way, last = path
    inner = copy
    for key in way:
        inner = inner[key]
    inner[last] = value
    return copy


def text(document):
    return json.dumps(document, separators=(",", ":")).encode()


def of_xgboost():
    source = (CORPUS / "xgboost/binary.json").read_bytes()
    model, binary = json.loads(source), (CORPUS / "xgboost/binary.deprecated").read_bytes()
    forest = ["learner", "gradient_booster", "model"]
    tree = [*forest, "trees", 0]
    other = lambda path, value: text(changed(model, path, value))
    big = lambda kind, number: b"L" + struct.pack(">q", number) if kind == "L" else b""
    key = lambda name: big("L", len(name)) + name
    start = 4 + 136 + 8 + len("binary:logistic") + 8 + len("gbtree")
    patched = lambda at, data: binary[:at] + data + binary[at + len(data):]
    write("xgboost", {
        "child_beyond.json": (other([*tree, "left_children", 0], 99), SUSPICIOUS),
        "child_of_itself.json": (other([*tree, "left_children", 0], 0), SUSPICIOUS),
        "two_parents.json": (other([*tree, "right_children", 0], 1), SUSPICIOUS),
        "fewer_trees.json": (other([*forest, "gbtree_model_param", "num_trees"], "9"), SUSPICIOUS),
        "fewer_nodes.json": (other([*tree, "tree_param", "num_nodes"], "4294967295"), SUSPICIOUS),
        "nodes_not_a_number.json": (other([*tree, "tree_param", "num_nodes"], "-1"), SUSPICIOUS),
        "feature_beyond.json": (other([*tree, "split_indices", 0], 4000), SUSPICIOUS),
        "no_trees.json": (other([*forest, "trees"], None), SUSPICIOUS),
        "unknown_booster.json": (other(["learner", "gradient_booster", "name"], "gbforest"), UNDETERMINED),
        "key_twice.json": (source.replace(b'"version"', b'"learner":{},"version"'), SUSPICIOUS),
        "bytes_behind.json": (source + b"\x80\x02}.", SUSPICIOUS),
        "cut_off.json": (source[:1500], SUSPICIOUS),
        "nested.json": (b'{"learner":{"attributes":' + b'{"a":' * 5000, UNDETERMINED),
        "count_overflows.ubj": (b"{" + key(b"learner") + b"[$d#" + big("L", 2**62), SUSPICIOUS),
        "count_negative.ubj": (b"{" + key(b"learner") + b"[$d#" + big("L", -1), SUSPICIOUS),
        "items_of_nothing.ubj": (b"{" + key(b"learner") + b"[$T#" + big("L", 2**40), SUSPICIOUS),
        "text_beyond.ubj": (b"{" + key(b"learner") + b"S" + big("L", 2**63 - 1), SUSPICIOUS),
        "nested.ubj": (b"{" + key(b"learner") + b"[" * 5000, UNDETERMINED),
        "cut_off.ubj": ((CORPUS / "xgboost/binary.ubj").read_bytes()[:800], SUSPICIOUS),
        "bytes_behind.ubj": ((CORPUS / "xgboost/binary.ubj").read_bytes() + PICKLE, SUSPICIOUS),
        "name_overflows.deprecated": (patched(140, b"\xff" * 8), SUSPICIOUS),
        "trees_overflow.deprecated": (patched(start, b"\xff" * 4), SUSPICIOUS),
        "nodes_overflow.deprecated": (patched(start + 160 + 4, b"\xff" * 4), SUSPICIOUS),
        "child_beyond.deprecated": (patched(start + 160 + 148 + 4, struct.pack("<i", 7000)), SUSPICIOUS),
        "child_of_itself.deprecated": (patched(start + 160 + 148 + 4, struct.pack("<i", 0)), SUSPICIOUS),
        "cut_off.deprecated": (binary[:700], SUSPICIOUS),
        "bytes_behind.deprecated": (binary + PICKLE, SUSPICIOUS),
    })


def of_lightgbm():
    source = (CORPUS / "lightgbm/binary.txt").read_bytes()
    line = lambda name: next(line for line in source.split(b"\n") if line.startswith(name + b"="))
    other = lambda name, value: source.replace(line(name), name + b"=" + value, 1)
    write("lightgbm", {
        "child_beyond.txt": (other(b"left_child", b"9 -1 -2"), SUSPICIOUS),
        "leaf_beyond.txt": (other(b"left_child", b"1 -1 -99"), SUSPICIOUS),
        "circle.txt": (other(b"left_child", b"0 -1 -2"), SUSPICIOUS),
        "feature_beyond.txt": (other(b"split_feature", b"1 0 4000"), SUSPICIOUS),
        "feature_negative.txt": (other(b"split_feature", b"1 0 -7"), SUSPICIOUS),
        "short_list.txt": (other(b"threshold", b"1.0"), SUSPICIOUS),
        "leaves_overflow.txt": (other(b"num_leaves", b"18446744073709551615"), SUSPICIOUS),
        "leaves_not_a_number.txt": (other(b"num_leaves", b"four"), SUSPICIOUS),
        "features_overflow.txt": (other(b"max_feature_idx", b"99999999999999999999"), SUSPICIOUS),
        "fewer_trees.txt": (other(b"tree_sizes", b"550 560 560 560"), SUSPICIOUS),
        "no_features.txt": (source.replace(line(b"max_feature_idx") + b"\n", b""), SUSPICIOUS),
        "cut_off.txt": (source[:900], SUSPICIOUS),
        "bytes_behind.txt": (source + b"\0" + PICKLE, SUSPICIOUS),
    })


def of_catboost():
    source = (CORPUS / "catboost/binary.cbm").read_bytes()
    export = json.loads((CORPUS / "catboost/binary.json").read_text())
    # the sizes of the trees are the one list of three twos
    sizes = source.index(struct.pack("<4I", 3, 2, 2, 2)) + 4
    patched = lambda at, data: source[:at] + data + source[at + len(data):]
    write("catboost", {
        "length_beyond.cbm": (patched(4, b"\xff" * 4), SUSPICIOUS),
        "root_astray.cbm": (patched(8, struct.pack("<I", 0xFFFFFFF0)), SUSPICIOUS),
        "other_version.cbm": (source.replace(b"FlabuffersModel_v1", b"FlabuffersModel_v9"), UNDETERMINED),
        "tree_too_deep.cbm": (patched(sizes, struct.pack("<i", 63)), SUSPICIOUS),
        "tree_negative.cbm": (patched(sizes, struct.pack("<i", -1)), SUSPICIOUS),
        "splits_disagree.cbm": (patched(sizes, struct.pack("<i", 5)), SUSPICIOUS),
        "bytes_behind.cbm": (source + PICKLE, SUSPICIOUS),
        "cut_off.cbm": (source[:2000], SUSPICIOUS),
        "only_magic.cbm": (b"CBM1", SUSPICIOUS),
        "leaves_disagree.json": (text(changed(export, ["oblivious_trees", 0, "leaf_values"], [1, 2, 3])), SUSPICIOUS),
        "bytes_behind.json": (text(export) + b"\n{}", SUSPICIOUS),
        "cut_off.json": (text(export)[:4000], SUSPICIOUS),
    })


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


def node(loader, module, name, **more):
    return {"__class__": name, "__module__": module, "__loader__": loader, **more}


def of_skops():
    root = lambda inner: {**inner, "protocol": 2, "_skops_version": "0.16.0"}
    literal = lambda value: node("JsonNode", "builtins", "str", content=json.dumps(value), is_json=True)
    items = lambda *values: node("TupleNode", "builtins", "tuple", content=list(values))
    inside = lambda inner: root(node("ObjectNode", "sklearn.preprocessing._function_transformer", "FunctionTransformer",
                                     content=node("DictNode", "builtins", "dict", content={"func": inner})))
    one = lambda inner: zipped([("schema.json", text(inner))])
    step = node("ObjectNode", "sklearn.linear_model._base", "LinearRegression")
    escaped = text(root(node("FunctionNode", "posix", "system"))).replace(b"__loader__", b"\\u005f_loader__")
    honest = text(root(step))
    write("skops", {
        "function.skops": (one(inside(node("FunctionNode", "posix", "system"))), MALICIOUS),
        "function_old.skops": (one(inside(node("FunctionNode", "builtins", "function", content={
            "module_path": "os", "function": "system"}))), MALICIOUS),
        "function_chain.skops": (one(inside(node("FunctionNode", "numpy.os", "system"))), MALICIOUS),
        "function_unknown.skops": (one(inside(node("FunctionNode", "our_lab", "scale"))), SUSPICIOUS),
        "type_eval.skops": (one(inside(node("TypeNode", "builtins", "eval"))), MALICIOUS),
        "object_unknown.skops": (one(root(node("ObjectNode", "our_lab", "Model"))), SUSPICIOUS),
        "object_popen.skops": (one(root(node("ObjectNode", "subprocess", "Popen"))), MALICIOUS),
        "constructor.skops": (one(inside(node("ConstructorFromReduceNode", "subprocess", "Popen",
                                              content=items(literal(["true"]))))), MALICIOUS),
        "operator_call.skops": (one(inside(node("OperatorFuncNode", "operator", "call",
                                                attrs=items(literal("x"))))), MALICIOUS),
        "operator_of_another.skops": (one(inside(node("OperatorFuncNode", "sklearn", "methodcaller",
                                                      attrs=items(literal("fit"))))), MALICIOUS),
        "operator_dunder.skops": (one(inside(node("OperatorFuncNode", "operator", "attrgetter",
                                                  attrs=items(literal("__class__.__base__"))))), MALICIOUS),
        "operator_method.skops": (one(inside(node("OperatorFuncNode", "operator", "methodcaller",
                                                  attrs=items(literal("fit"))))), SUSPICIOUS),
        "method_of_another.skops": (one(inside(node("MethodNode", "builtins", "int",
                                                    content={"obj": step, "func": "fit"}))), MALICIOUS),
        "method_dunder.skops": (one(inside(node("MethodNode", "sklearn.linear_model._base", "LinearRegression",
                                                content={"obj": step, "func": "__getattribute__"}))), MALICIOUS),
        "loader_unknown.skops": (one(root(node("ExecNode", "sklearn.linear_model._base", "Ridge"))), SUSPICIOUS),
        "key_escaped.skops": (zipped([("schema.json", escaped)]), MALICIOUS),
        "schema_twice.skops": (zipped([("schema.json", honest), ("schema.json", text(root(
            node("FunctionNode", "os", "system"))))]), MALICIOUS),
        "pickle_inside.skops": (zipped([("schema.json", honest), ("weights.npy", PICKLE)]), MALICIOUS),
        "joblib_instead.skops": (PICKLE, MALICIOUS),
        "schema_cut_off.skops": (zipped([("schema.json", honest[:-12])]), SUSPICIOUS),
        "schema_nested.skops": (zipped([("schema.json", b'{"__loader__":' + b"[" * 5000)]), UNDETERMINED),
    })


FLAVOR = """flavors:
  python_function:
    env: conda.yaml
    loader_module: {loader}
    model_path: {path}
    python_version: 3.11.7{more}
mlflow_version: 2.19.0
model_uuid: 00000000000000000000000000000000
"""


def of_mlflow():
    config = lambda loader="mlflow.sklearn", path="model.pkl", more="": FLAVOR.format(loader=loader, path=path, more=more)
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{below}: &{below} [{', '.join(['*' + above] * 9)}]\n" for above, below in zip("abcdefgh", "bcdefghi"))
    write("mlflow", {
        "loader_acts": ({"MLmodel": config("os")}, MALICIOUS),
        "loader_chain": ({"MLmodel": config("mlflow.utils.os.system")}, MALICIOUS),
        "loader_own": ({"MLmodel": config("churn_loader", more="\n    code: code"),
                        "code/churn_loader.py": "def _load_pyfunc(path):\n    return None\n"}, SUSPICIOUS),
        "loader_own_alone": (config("churn_loader"), SUSPICIOUS),
        "code_first_on_the_path": ({"MLmodel": config(more="\n    code: code"), "code/numpy.py": "x = 1\n"}, SUSPICIOUS),
        "path_leads_out": ({"MLmodel": config(path="../../../etc/model.pkl")}, MALICIOUS),
        "path_absolute": ({"MLmodel": config(path="/tmp/model.pkl")}, MALICIOUS),
        "artifact_leads_out": ({"MLmodel": config(more="\n    artifacts:\n      x:\n        path: ../../secret")}, MALICIOUS),
        "tag_calls": ({"MLmodel": config() + "metadata: !!python/object/apply:os.system ['true']\n"}, MALICIOUS),
        "tag_before_a_fault": ({"MLmodel": config() + "x: !!python/object/apply:os.system ['true']\ny: [\n"}, MALICIOUS),
        "aliases_multiply": ({"MLmodel": config() + bomb}, SUSPICIOUS),
        "trusts_what_acts": ({"MLmodel": config(more="\n    skops_trusted_types: [os.system]")}, MALICIOUS),
        "program": ({"MLmodel": config("mlflow.pyfunc.loaders.code_model", more="\n    model_code_path: model.py"),
                     "model.py": "import mlflow\n"}, SUSPICIOUS),
        "installs_from_an_address": ({"MLmodel": config(), "requirements.txt":
                                      "numpy\nhelper @ https://files.example/helper-1.0.tar.gz\n"}, SUSPICIOUS),
        "installs_from_another_index": ({"MLmodel": config(), "conda.yaml":
                                         "dependencies:\n- pip:\n  - --extra-index-url https://pip.example/\n"}, SUSPICIOUS),
        "cut_off": ({"MLmodel": config()[:90] + ": [\n" + config()[90:]}, SUSPICIOUS),
        "pickle_beside": ({"MLmodel": config(), "model.pkl": PICKLE}, MALICIOUS),
    })


def of_torchserve():
    manifest = lambda **model: text({"createdOn": "26/11/2026 00:00:00", "runtime": "python", "model": {
        "modelName": "m", "serializedFile": "model.pt", "handler": "image_classifier", "modelVersion": "1.0", **model},
        "archiverVersion": "0.12.0"})
    pack = lambda data, *files: zipped([("MAR-INF/MANIFEST.json", data), *files])
    handler = "import os\n\n\ndef handle(data, context):\n    os.system('true')\n"
    write("torchserve", {
        "handler_shipped.mar": (pack(manifest(handler="handler.py:handle"), ("handler.py", "def handle(d, c):\n    return d\n")),
                                SUSPICIOUS),
        "handler_leads_out.mar": (pack(manifest(handler="../../handler.py")), MALICIOUS),
        "model_absolute.mar": (pack(manifest(serializedFile="/tmp/model.pt")), MALICIOUS),
        "model_acts.mar": (pack(manifest(), ("model.pt", PICKLE)), MALICIOUS),
        "installs_from_an_address.mar": (pack(manifest(requirementsFile="requirements.txt"),
                                              ("requirements.txt", "git+https://git.example/helper.git\n")), SUSPICIOUS),
        "manifest_cut_off.mar": (pack(manifest()[:80], ("model.pt", PICKLE)), MALICIOUS),
        "member_leads_out.mar": (pack(manifest(), ("../../handler.py", handler)), MALICIOUS),
    })


def taped(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def of_nemo():
    target = "target: nemo.collections.asr.models.EncDecCTCModel\n"
    pack = lambda config: taped([("./model_config.yaml", config.encode())])
    write("nemo", {
        "target_acts.nemo": (pack(target + "encoder:\n  _target_: os.system\n  command: 'true'\n"), MALICIOUS),
        "target_acts_gzipped.nemo": (gzip.compress(pack("encoder:\n  _target_: os.system\n"), mtime=0), MALICIOUS),
        "target_deep.nemo": (pack(target + "a:\n- b:\n  - {c: {_target_: subprocess.run, args: ['true']}}\n"), MALICIOUS),
        "target_through_a_library.nemo": (pack("_target_: nemo.core.classes.modelPT.os.system\n"), MALICIOUS),
        "target_of_the_model.nemo": (pack("target: runpy.run_path\nnemo_version: 1.0.0\n"), MALICIOUS),
        "target_interpolated.nemo": (pack("module: os\nencoder: {_target_: '${module}.system'}\n"), MALICIOUS),
        "target_through_an_alias.nemo": (pack("x: &x os.system\nencoder: {_target_: *x}\n"), MALICIOUS),
        "target_merged.nemo": (pack("x: &x {_target_: os.system}\nencoder:\n  <<: *x\n"), MALICIOUS),
        "target_as_json.nemo": (pack('{"encoder": {"_target_": "os.system", "command": "true"}}'), MALICIOUS),
        "target_unknown.nemo": (pack(target + "encoder:\n  _target_: our_lab.encoders.Encoder\n"), SUSPICIOUS),
        "target_fetches.nemo": (pack("lm: {_target_: transformers.AutoModel.from_pretrained, trust_remote_code: true}\n"),
                                SUSPICIOUS),
        "tag_calls.nemo": (pack(target + "x: !!python/object/apply:os.system ['true']\n"), MALICIOUS),
        "config_broken.nemo": (pack("encoder: [\n"), SUSPICIOUS),
        "weights_act.nemo": (taped([("./model_config.yaml", target.encode()), ("./model_weights.ckpt", PICKLE)]), MALICIOUS),
        "cut_off.nemo": (pack(target + "encoder: {}\n" * 100)[:700], SUSPICIOUS),
    })


def of_bentoml():
    config = "name: m\nversion: '1'\nmodule: {}\napi_version: v1\ncreation_time: '2026-01-01'\nlabels: {{}}\noptions: {{}}\n"
    bento = ("service: service:Svc\nname: m\nversion: '1'\nbentoml_version: 1.4.0\ncreation_time: '2026-01-01'\n"
             "models: []\ndocker:\n  setup_script: {}\n")
    write("bentoml", {
        "module_acts": ({"model.yaml": config.format("subprocess")}, MALICIOUS),
        "module_own": ({"model.yaml": config.format("our_lab.loader")}, SUSPICIOUS),
        "model_acts": ({"model.yaml": config.format("bentoml.sklearn"), "saved_model.pkl": PICKLE}, MALICIOUS),
        "setup_script": ({"bento.yaml": bento.format("./setup.sh"), "README.md": "x\n"}, SUSPICIOUS),
        "service_code": ({"bento.yaml": bento.format("null"), "src/service.py": "import bentoml\n"}, SUSPICIOUS),
        "installs_from_an_address": ({"bento.yaml": bento.format("null"),
                                      "env/python/requirements.txt": "-e git+ssh://git.example/x.git\n"}, SUSPICIOUS),
    })


def of_oci():
    def layout(config=b"{}", layer=b"# A model\n", title="README.md", name=None, size=None, urls=None):
        files = {"oci-layout": '{"imageLayoutVersion":"1.0.0"}'}

        def store(data, name=None):
            digest = hashlib.sha256(data).hexdigest()
            files[f"blobs/sha256/{name or digest}"] = data
            return {"digest": f"sha256:{name or digest}", "size": len(data)}

        described = {"mediaType": "application/vnd.cncf.model.doc.v1.raw", **store(layer, name),
                     "annotations": {"org.opencontainers.image.title": title}}
        described |= {"size": size} if size else {}
        described |= {"urls": urls} if urls else {}
        manifest = {"schemaVersion": 2, "config": {"mediaType": "application/vnd.cncf.model.config.v1+json", **store(config)},
                    "layers": [described]}
        files["index.json"] = text({"schemaVersion": 2, "manifests": [store(text(manifest))]})
        return files

    circle = layout()
    circle["index.json"] = text({"manifests": [{"digest": "sha256:" + "1" * 64, "size": 1}]})
    circle["blobs/sha256/" + "1" * 64] = circle["index.json"]
    write("oci", {
        "digest_of_another": (layout(name="0" * 64), SUSPICIOUS),
        "size_of_another": (layout(size=4096), SUSPICIOUS),
        "title_leads_out": (layout(title="../../.bashrc"), MALICIOUS),
        "title_absolute": (layout(title="/etc/profile"), MALICIOUS),
        "fetched_from_an_address": (layout(urls=["https://files.example/weights"]), SUSPICIOUS),
        "layer_acts": (layout(layer=PICKLE), MALICIOUS),
        "config_acts": (layout(config=PICKLE), MALICIOUS),
        "index_in_itself": (circle, SUSPICIOUS),
        "index_broken": (layout() | {"index.json": b'{"manifests": ['}, SUSPICIOUS),
    })


def of_triton_repository():
    config = 'name: "m"\nbackend: "{}"\nmax_batch_size: 0\n{}'
    parameter = 'parameters {{ key: "EXECUTION_ENV_PATH" value {{ string_value: "{}" }} }}\n'
    acts = "import os\n\nos.system('true')\n\n\nclass TritonPythonModel:\n    pass\n"
    write("triton_repository", {
        "program": ({"m/config.pbtxt": config.format("python", ""), "m/1/model.py": "class TritonPythonModel:\n    pass\n"},
                    SUSPICIOUS),
        "program_acts": ({"m/config.pbtxt": config.format("python", ""), "m/1/model.py": acts}, SUSPICIOUS),
        "file_leads_out": ({"m/config.pbtxt": config.format("onnxruntime", 'default_model_filename: "../../x.onnx"\n'),
                            "m/1/x.txt": "x\n"}, MALICIOUS),
        "environment_from_outside": ({"m/config.pbtxt": config.format("python", parameter.format("/opt/env.tar.gz")),
                                      "m/1/x.txt": "x\n"}, SUSPICIOUS),
        "library": ({"m/config.pbtxt": config.format("own", ""), "m/1/libtriton_own.so": b"\x7fELF" + bytes(60)}, SUSPICIOUS),
        "config_broken": ({"m/config.pbtxt": "input [ { name: ", "m/1/x.txt": "x\n"}, SUSPICIOUS),
        "model_acts": ({"m/config.pbtxt": config.format("fil", ""), "m/1/model.pkl": PICKLE}, MALICIOUS),
    })


def of_yaml():
    call = "!!python/object/apply:os.system ['true']"
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{below}: &{below} [{', '.join(['*' + above] * 9)}]\n" for above, below in zip("abcdefgh", "bcdefghi"))
    honest = ("args: !!python/object:argparse.Namespace\n  lr: 0.1\n  path: !!python/object/apply:pathlib.PosixPath\n"
              "  - data\npair: !!python/tuple [1, 2]\nact: !!python/name:torch.nn.modules.activation.ReLU ''\n")
    write("yaml", {
        "call.yaml": (f"x: {call}\n", MALICIOUS),
        "call_new.yaml": ("x: !!python/object/new:subprocess.Popen [['true']]\n", MALICIOUS),
        "call_verbatim.yaml": ("x: !<tag:yaml.org,2002:python/object/apply:os.system> ['true']\n", MALICIOUS),
        "call_by_a_directive.yaml": ("%TAG !p! tag:yaml.org,2002:pyt\n---\nx: !p!hon/object/apply:os.system ['true']\n", MALICIOUS),
        "call_escaped.yaml": ("x: !!pyth%6Fn/object/apply:os.system ['true']\n", MALICIOUS),
        "call_as_key.yaml": (f"? {call}\n: 1\n", MALICIOUS),
        "call_in_utf_16.yaml": (f"x: {call}\n".encode("utf-16"), MALICIOUS),
        "call_before_a_fault.yaml": (f"x: {call}\ny: [1\nz: }}\n", MALICIOUS),
        "call_in_the_second_document.yaml": (f"a: 1\n---\nb: {call}\n", MALICIOUS),
        "call_alone.yaml": (f"{call}\n", MALICIOUS),
        "call_unknown.yaml": ("x: !!python/object/apply:our_lab.make [1]\n", SUSPICIOUS),
        "name_acts.yaml": ("x: !!python/name:os.system ''\n", MALICIOUS),
        "another_language.yaml": ("x: !!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[]]]\n", SUSPICIOUS),
        "target_acts.yaml": ("model:\n  _target_: os.system\n  command: 'true'\n", MALICIOUS),
        "target_as_class_path.yaml": ("model:\n  class_path: subprocess.Popen\n  init_args: {args: ['true']}\n", MALICIOUS),
        "aliases_multiply.yaml": (bomb, SUSPICIOUS),
        "nested.yaml": ("a: " + "[" * 200 + "]" * 200 + "\n", SUSPICIOUS),
        "nested_without_end.yaml": ("a: " + "[" * 5000, SUSPICIOUS),
        "honest.yaml": (honest, CLEAN),
        "honest_targets.yaml": ("net:\n  _target_: our_lab.Net\n  act: {_target_: torch.nn.ReLU}\nplatform: linux\n", CLEAN),
    })


if __name__ == "__main__":
    for each in [of_xgboost, of_lightgbm, of_catboost, of_skops, of_mlflow, of_torchserve, of_nemo, of_bentoml, of_oci,
                 of_triton_repository, of_yaml]:
        each()
