"""The models of tests/corpus/onnx: each function makes one, and `@model` lists it under the function's name."""

import inspect

import onnx
from onnx import parser

CASES = {}


def model(function):
    """Lists the function's models; it returns one, yields (suffix, model) pairs, or adds external files.

    A model is a ModelProto, or the bytes of one. Where external data belongs to it, the function returns
    (model, {file name: bytes}) and the whole lies in a folder of its own.
    """
    if inspect.isgeneratorfunction(function):
        for suffix, made in function():
            CASES[f"{function.__name__}_{suffix}"] = (made, {})
    else:
        made = function()
        CASES[function.__name__] = made if isinstance(made, tuple) else (made, {})
    return function


def read(text):
    """A model from ONNX's text syntax."""
    return parser.parse_model(text)


def dump(made):
    return made if isinstance(made, bytes) else made.SerializeToString(deterministic=True)


def wrap(graph, opset=21, ir_version=10, **fields):
    """A model around `graph` with one opset import, or those that `opset` maps to versions."""
    imports = opset if isinstance(opset, dict) else {"": opset}
    made = onnx.helper.make_model(
        graph, ir_version=ir_version, producer_name="modelium-tests",
        opset_imports=[onnx.helper.make_opsetid(domain, version) for domain, version in imports.items()],
        **fields,
    )
    return made
