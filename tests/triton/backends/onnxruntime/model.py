"""Serves `backend: "onnxruntime"` in a Triton that has no such back end, for tests only.

Triton takes `<backend-directory>/<name>/model.py` for a back end written in Python. This one runs
model.onnx with the real onnxruntime and holds a config against the graph by the rules of the C++
back end: the same configs load, the same are refused. It does not know sequence batching, ragged
batches or GPU options, which the C++ one does.

ONNX Runtime's -1 stands for any dimension without a fixed number.
"""

import json
import os
import sys

# The interpreter that Triton embeds leaves PYTHONPATH out.
sys.path[:0] = [path for path in os.environ.get("PYTHONPATH", "").split(":") if path and path not in sys.path]

import numpy as np  # noqa: E402
import onnxruntime as ort  # noqa: E402
import triton_python_backend_utils as triton  # noqa: E402

TYPES = {
    "tensor(bool)": "TYPE_BOOL",
    "tensor(uint8)": "TYPE_UINT8",
    "tensor(uint16)": "TYPE_UINT16",
    "tensor(uint32)": "TYPE_UINT32",
    "tensor(uint64)": "TYPE_UINT64",
    "tensor(int8)": "TYPE_INT8",
    "tensor(int16)": "TYPE_INT16",
    "tensor(int32)": "TYPE_INT32",
    "tensor(int64)": "TYPE_INT64",
    "tensor(float16)": "TYPE_FP16",
    "tensor(float)": "TYPE_FP32",
    "tensor(double)": "TYPE_FP64",
    "tensor(string)": "TYPE_STRING",
}
OPTIMIZATION = {
    "-1": ort.GraphOptimizationLevel.ORT_ENABLE_BASIC,
    "1": ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
    "2": ort.GraphOptimizationLevel.ORT_DISABLE_ALL,
}
# What the server fills in where a batching model leaves max_batch_size out.
DEFAULT_MAX_BATCH_SIZE = 4


class Port:
    """An input or output of the graph, in the words of a config."""

    def __init__(self, node):
        self.name = node.name
        self.onnx_type = node.type
        self.data_type = TYPES.get(node.type, "TYPE_INVALID")
        self.shape = [dim if isinstance(dim, int) else -1 for dim in node.shape]

    def batches(self):
        return self.shape[:1] == [-1]


class TritonPythonModel:
    @staticmethod
    def auto_complete_config(config):
        """Fills in what a config may leave out: all inputs, all outputs, or both."""
        given = config.as_dict()
        if given["input"] and given["output"]:
            return config
        # Triton tells the place only to the stub, as its first argument: <repository>/<model>/<version>/<file>.
        with open("/proc/self/cmdline") as command:
            folder, version, _ = command.read().split("\0")[1].rsplit("/", 2)
        session = open_session(given, folder, version)
        inputs, outputs = ports(session.get_inputs()), ports(session.get_outputs())
        batching = all(port.batches() for port in [*inputs.values(), *outputs.values()])
        if given["max_batch_size"] > 0 and not batching:
            refuse("max_batch_size is above 0, but a port of the model has no dynamic first dimension")
        if batching and given["max_batch_size"] == 0:
            config.set_max_batch_size(DEFAULT_MAX_BATCH_SIZE)
        if batching and "dynamic_batching" not in given and "sequence_batching" not in given:
            config.set_dynamic_batching()
        if not given["input"]:
            for port in inputs.values():
                config.add_input(complete(port, batching))
        if not given["output"]:
            for port in outputs.values():
                config.add_output(complete(port, batching))
        return config

    def initialize(self, args):
        config = json.loads(args["model_config"])
        self.batching = config["max_batch_size"] > 0
        self.session = open_session(config, args["model_repository"], args["model_version"])
        self.inputs = ports(self.session.get_inputs())
        self.outputs = ports(self.session.get_outputs())
        defaults = ports(self.session.get_overridable_initializers())

        required = [one["name"] for one in config["input"] if not one.get("optional")]
        if len(required) != len(self.inputs):
            refuse(f"the model has {len(self.inputs)} inputs {sorted(self.inputs)}, the config has {len(required)}")
        self.inputs.update(defaults)
        for one in config["input"]:
            if one.get("optional") and self.batching:
                refuse(f"input '{one['name']}' is optional, which a batching model cannot have")
            self.check("input", one, self.inputs)
        for one in config["output"]:
            self.check("output", one, self.outputs)

    def check(self, role, declared, known):
        """Refuses a declaration that the graph does not fulfil.

        An output must have the graph's dims exactly; an input may fix one that the graph leaves open.
        """
        port = known.get(declared["name"])
        if port is None:
            refuse(f"the model has no {role} '{declared['name']}', only {sorted(known)}")
        if port.data_type != declared["data_type"]:
            refuse(f"{role} '{port.name}' is {port.onnx_type} in the model, {declared['data_type']} in the config")
        dims = [int(dim) for dim in declared.get("reshape", declared).get("shape", declared["dims"])]
        if not port.shape:
            if any(dim != 1 for dim in dims):
                refuse(f"{role} '{port.name}' is a scalar in the model, {dims} in the config")
            return
        if self.batching and not port.batches():
            refuse(f"max_batch_size is above 0, but {role} '{port.name}' is {port.shape}: no dynamic first dimension")
        whole = [-1, *dims] if self.batching else dims
        exact = role == "output"
        if len(whole) != len(port.shape) or any(
            of_graph != of_config and (exact or of_graph != -1) for of_graph, of_config in zip(port.shape, whole)
        ):
            with_batch = " with its batch axis" if self.batching else ""
            refuse(f"{role} '{port.name}' is {port.shape} in the model, {whole} in the config{with_batch}")

    def execute(self, requests):
        """Runs all requests as one batch, as the C++ back end does."""
        try:
            wanted = sorted({name for request in requests for name in request.requested_output_names()})
            feeds = [self.feed(request) for request in requests]
            if not self.batching:
                results = [self.session.run(wanted, feed) for feed in feeds]
            else:
                results = self.run_batched(wanted, feeds)
        except Exception as error:  # whatever onnxruntime raises goes to the client, not to the stub
            return [triton.InferenceResponse([], error=triton.TritonError(str(error))) for _ in requests]
        return [self.respond(request, wanted, result) for request, result in zip(requests, results)]

    def feed(self, request):
        arrays = {}
        for name, port in self.inputs.items():
            tensor = triton.get_input_tensor_by_name(request, name)
            if tensor is None:
                continue
            array = tensor.as_numpy()
            if port.data_type == "TYPE_STRING":
                array = np.array([text.decode() for text in array.flat], dtype=object).reshape(array.shape)
            arrays[name] = array if port.shape else array.reshape(())
        return arrays

    def run_batched(self, wanted, feeds):
        rows = [len(next(iter(feed.values()))) for feed in feeds]
        whole = {name: np.concatenate([feed[name] for feed in feeds]) for name in feeds[0]}
        cuts = np.cumsum(rows)[:-1]
        split = []
        for name, array in zip(wanted, self.session.run(wanted, whole)):
            if not array.shape or array.shape[0] != sum(rows):
                raise ValueError(f"output '{name}' has shape {list(array.shape)} for a batch of {sum(rows)}")
            split.append(np.split(array, cuts))
        return zip(*split)

    def respond(self, request, wanted, result):
        asked = request.requested_output_names()
        # A config has no way to spell a scalar without a batch axis: its dims are [1].
        return triton.InferenceResponse([
            triton.Tensor(name, np.asarray(array) if self.outputs[name].shape else np.asarray(array).reshape(1))
            for name, array in zip(wanted, result)
            if name in asked
        ])


def open_session(config, folder, version):
    file = config.get("default_model_filename") or "model.onnx"
    if file == "model.py":  # Triton's own default for back ends written in Python
        file = "model.onnx"
    path = os.path.join(folder, version, file)
    if os.path.isdir(path):
        path = os.path.join(path, "model.onnx")
    if not os.path.exists(path):
        refuse(f"no file '{os.path.relpath(path, folder)}' in the model's folder")
    options = ort.SessionOptions()
    parameters = {name: value.get("string_value") for name, value in config.get("parameters", {}).items()}
    options.intra_op_num_threads = int(parameters.get("intra_op_thread_count") or 1)
    options.inter_op_num_threads = int(parameters.get("inter_op_thread_count") or 1)
    level = str(config.get("optimization", {}).get("graph", {}).get("level", 0))
    options.graph_optimization_level = OPTIMIZATION.get(level, ort.GraphOptimizationLevel.ORT_ENABLE_ALL)
    try:
        return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        refuse(str(error))


def ports(nodes):
    return {node.name: Port(node) for node in nodes}


def complete(port, batching):
    dims = port.shape[1:] if batching else port.shape
    declared = {"name": port.name, "data_type": port.data_type, "dims": dims or [1]}
    if batching and not dims:
        declared["reshape"] = {"shape": []}
    return declared


def refuse(reason):
    raise triton.TritonModelException(reason)
