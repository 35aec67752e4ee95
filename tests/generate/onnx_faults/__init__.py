"""The broken models of tests/hostile/onnx, one fault each, and the odd ones that must be accepted.

`@faults` lists a generator of `Fault`s; each starts from `sound()`, which nothing is wrong with.
"""

import dataclasses

from onnx import parser

CASES = {}


@dataclasses.dataclass
class Fault:
    name: str
    # What is wrong, as a noun phrase.
    what: str
    # A ModelProto, or bytes.
    model: object
    # The ErrorKind that fits, for a refused model; None if several do.
    kind: str | None = "malformed"
    # The node, value, tensor or field that an error line should name.
    item: str | None = None
    # "refused", "accepted", or "survives": either answer is right as long as it comes soon and within limits.
    expect: str = "refused"
    # Files beside the model; it lies in a folder of its own if this is a map, even an empty one.
    beside: dict | None = None
    # Links that a test has to create beside the model: (kind, name, target).
    links: tuple = ()


def faults(function):
    for fault in function():
        if fault.name in CASES:
            raise ValueError(f"two cases are named {fault.name}")
        CASES[fault.name] = fault
    return function


def sound():
    """x·w, then Relu; the weight is eight raw bytes."""
    made = parser.parse_model("""
        <ir_version: 10, opset_import: ["" : 21], producer_name: "modelium-tests">
        sound (float[n, 2] x) => (float[n, 2] y) <float[2] w = {1, 2}> { a = Mul (x, w)  y = Relu (a) }
    """)
    weight = made.graph.initializer[0]
    weight.ClearField("float_data")
    weight.raw_data = bytes.fromhex("0000803f00000040")
    return made


def keeping():
    """The same tensors for an operator that asks nothing of their types and shapes: these can be wrong alone."""
    made = sound()
    del made.graph.node[:]
    made.graph.node.add(op_type="Keep", domain="com.example", input=["x", "w"], output=["y"])
    made.opset_import.add(domain="com.example", version=1)
    return made


def read(body, header='<ir_version: 10, opset_import: ["" : 21]>'):
    return parser.parse_model(f"{header} {body}")


def dump(made):
    return made if isinstance(made, bytes) else made.SerializeToString(deterministic=True)
