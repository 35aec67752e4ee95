"""Writes the corpus of OpenVINO IR.

    pip install -r tests/generate/requirements-openvino.txt
    python tests/generate/formats_openvino.py

What must hold of each file is told by OpenVINO, which reads the file again.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import openvino as ov
from openvino import opset13 as op

OUT = Path(__file__).resolve().parents[1] / "corpus" / "formats" / "openvino"
TYPES = {"f32": "float32", "f16": "float16", "i64": "int64", "i32": "int32", "u8": "uint8", "i8": "int8", "boolean": "bool"}


def nodes(model):
    found = list(model.get_ordered_ops())
    for node in list(found):
        if node.get_type_name() in ("If", "Loop", "TensorIterator"):
            for index in range(2 if node.get_type_name() == "If" else 1):
                found += nodes(node.get_function(index))
    return found


def ports(found):
    return [{"name": port.get_any_name(), "dtype": TYPES[port.get_element_type().get_type_name()],
             "shape": [None if dim.is_dynamic else dim.get_length() for dim in port.get_partial_shape()]} for port in found]


def facts_of(path, made):
    model = ov.Core().read_model(path)
    counts, weight_bytes, parameters = {}, {}, 0
    for node in nodes(made):
        kind = node.get_type_name()
        written = {"Constant": "Const", "Relu": "ReLU", "Softmax": "SoftMax"}.get(kind, kind)
        counts[written] = counts.get(written, 0) + 1
        if kind == "Constant":
            dtype = TYPES[node.get_output_element_type(0).get_type_name()]
            weight_bytes[dtype] = weight_bytes.get(dtype, 0) + node.get_byte_size()
            parameters += int(np.prod(node.get_output_shape(0), dtype=int))
    return {"format": "openvino", "format_version": "11", "framework": {"name": "openvino", "version": ov.get_version()},
            "inputs": ports(model.inputs), "outputs": ports(model.outputs), "nodes": sum(counts.values()), "operators": counts,
            "parameters": parameters, "weight_bytes": weight_bytes, "metadata": {"name": model.get_friendly_name()}}


def dense():
    x = op.parameter([-1, 4], np.float32, name="x")
    weights = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
    y = op.relu(op.matmul(x, op.constant(weights, name="w"), False, False))
    y.output(0).set_names({"scores"})
    x.output(0).set_names({"x"})
    return ov.Model([y], [x], "dense")


def convolution():
    image = op.parameter([1, 3, 8, 8], np.float32, name="image")
    image.output(0).set_names({"image"})
    random = np.random.default_rng(1)
    y = op.convolution(image, op.constant(random.normal(size=(4, 3, 3, 3)).astype(np.float32)), [1, 1], [1, 1], [1, 1], [1, 1])
    y = op.add(y, op.constant(np.zeros((1, 4, 1, 1), np.float32)))
    y = op.reduce_mean(y, op.constant(np.array([2, 3], np.int64)), False)
    y = op.softmax(y, 1)
    y.output(0).set_names({"probabilities"})
    return ov.Model([y], [image], "convolution")


def branch():
    condition = op.parameter([], np.bool_, name="condition")
    x = op.parameter([2], np.float32, name="x")
    for port in (condition, x):
        port.output(0).set_names({port.get_friendly_name()})
    bodies = []
    for factor in (2.0, 3.0):
        inner = op.parameter([2], np.float32)
        bodies.append((ov.Model([op.multiply(inner, op.constant(np.full(2, factor, np.float32)))], [inner], "body"), inner))
    node = op.if_op(condition)
    for set_body, (body, _) in zip((node.set_then_body, node.set_else_body), bodies):
        set_body(body)
    node.set_input(x.output(0), bodies[0][1], bodies[1][1])
    y = node.set_output(bodies[0][0].results[0], bodies[1][0].results[0])
    y.set_names({"y"})
    return ov.Model([op.result(y)], [condition, x], "branch")


if __name__ == "__main__":
    shutil.rmtree(OUT, ignore_errors=True)
    facts = {}
    for name, make, half in (("dense", dense, False), ("dense_fp16", dense, True), ("convolution", convolution, False), ("branch", branch, False)):
        (OUT / name).mkdir(parents=True)
        ov.save_model(make(), OUT / name / "model.xml", compress_to_fp16=half)
        # reading joins what is equal, and writing changes what it writes: a fresh one tells what went in
        facts[name] = facts_of(OUT / name / "model.xml", ov.Core().read_model(OUT / name / "model.xml") if half else make())
    (OUT / "facts.json").write_text(json.dumps(facts, indent=2, sort_keys=True) + "\n")
