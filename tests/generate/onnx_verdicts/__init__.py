"""The models of tests/hostile/check: most are broken in one place, some only look so.

`@cases` lists a generator of `Case`s. Whether a model is sound is not said here: the official checker says it.
"""

import dataclasses

from onnx import parser

CASES = {}


@dataclasses.dataclass
class Case:
    name: str
    # What is special, as a noun phrase.
    what: str
    model: object
    # Files beside the model; it lies in a folder of its own if this is a map.
    beside: dict | None = None


def cases(function):
    for case in function():
        if case.name in CASES:
            raise ValueError(f"two cases are named {case.name}")
        CASES[case.name] = case
    return function


def read(graph, opset=21, ir=10, more=""):
    """A model from ONNX's text form; `more` are further imports and, after them, functions follow in `graph`."""
    return parser.parse_model(f'<ir_version: {ir}, opset_import: ["" : {opset}{more}]> {graph}')


def texts(prefix, rows, **fields):
    """One case for each row: name, what, graph and, where it differs, a map of fields for `read`."""
    for name, what, graph, *rest in rows:
        yield Case(f"{prefix}_{name}", what, read(graph, **(fields | (rest[0] if rest else {}))))


def sound():
    return read("g (float[n, 2] x) => (float[n, 2] y) <float[2] w = {1, 2}> { a = Mul (x, w)  y = Relu (a) }")


def dump(made):
    return made if isinstance(made, bytes) else made.SerializeToString(deterministic=True)
