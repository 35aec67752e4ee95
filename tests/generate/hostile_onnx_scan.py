"""ONNX models that act or hide something: `tests/hostile/formats/onnx`. Written with the package `onnx`.

    pip install -r requirements.txt
    python hostile_onnx_scan.py
"""

import struct

import numpy as np
import onnx
from hostile_tensors import ELF, write
from onnx import TensorProto, helper

FLOATS = helper.make_tensor_value_info


def weight(location: str | None = None, name: str = "w", **keys: str) -> TensorProto:
    tensor = helper.make_tensor(name, TensorProto.FLOAT, [4], np.ones(4, np.float32).tobytes(), raw=True)
    if location is not None:
        tensor.ClearField("raw_data")
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in {"location": location, **keys}.items():
            entry = tensor.external_data.add()
            entry.key, entry.value = key, value
    return tensor


def model(nodes=(), weights=(), functions=(), sparse=(), domains=(), **fields) -> onnx.ModelProto:
    nodes = list(nodes) or [helper.make_node("Identity", ["x"], ["y"])]
    ports = [FLOATS("x", TensorProto.FLOAT, [4])], [FLOATS("y", TensorProto.FLOAT, [4])]
    graph = helper.make_graph(nodes, "g", *ports, initializer=list(weights), sparse_initializer=list(sparse))
    opsets = [helper.make_opsetid("", 17), *(helper.make_opsetid(domain, 1) for domain in domains)]
    return helper.make_model(graph, opset_imports=opsets, functions=list(functions), ir_version=10, **fields)


def constant(tensor: TensorProto, output: str = "c") -> onnx.NodeProto:
    return helper.make_node("Constant", [], [output], value=tensor)


def branch(tensor: TensorProto) -> onnx.GraphProto:
    return helper.make_graph([constant(tensor, "b")], "branch", [], [FLOATS("b", TensorProto.FLOAT, [4])])


def function(name: str, calls: str) -> onnx.FunctionProto:
    return helper.make_function("own", name, ["x"], ["y"], [helper.make_node(calls, ["x"], ["y"], domain="own")],
                                [helper.make_opsetid("own", 1)])


def with_metadata(made: onnx.ModelProto, key: str, value: str) -> onnx.ModelProto:
    entry = made.metadata_props.add()
    entry.key, entry.value = key, value
    return made


def training(tensor: TensorProto) -> onnx.ModelProto:
    made = model()
    info = made.training_info.add()
    info.algorithm.CopyFrom(branch(tensor))
    return made


AWAY = "../../etc/passwd"
ELSEWHERE = {
    "parent": AWAY,
    "parent_below": "sub/../../w",
    "parent_of_windows": "sub\\..\\..\\w",
    "absolute": "/etc/passwd",
    "drive": "C:\\w",
    "address": "https://example.com/w",
    "nul": "w\0.bin",
    "memory": "*/_ORT_MEM_ADDR_/*",
}


def cases() -> dict[str, onnx.ModelProto]:
    found = {f"external_{name}": model(weights=[weight(location)]) for name, location in ELSEWHERE.items()}
    program = helper.make_tensor("w", TensorProto.UINT8, [len(ELF)], ELF, raw=True)
    sparse = helper.make_sparse_tensor(weight(AWAY), helper.make_tensor("i", TensorProto.INT64, [4], [0, 1, 2, 3]), [8])
    shared = helper.make_node("If", ["x"], ["y"], then_branch=branch(weight(AWAY)), else_branch=branch(weight()))
    body = helper.make_function("own", "f", ["x"], ["y"], [constant(weight(AWAY), "y")], [helper.make_opsetid("", 17)])
    call = helper.make_node("f", ["x"], ["y"], domain="own")
    context = helper.make_node("EPContext", ["x"], ["y"], domain="com.microsoft", embed_mode=0, ep_cache_context=AWAY)
    return found | {
        "external_in_an_attribute": model([constant(weight(AWAY)), helper.make_node("Identity", ["c"], ["y"])]),
        "external_in_a_branch": model([shared]),
        "external_in_a_function": model([call], functions=[body], domains=["own"]),
        "external_in_a_sparse_tensor": model(sparse=[sparse]),
        "external_in_training": training(weight(AWAY)),
        "external_in_a_device_program": model([context], domains=["com.microsoft"]),
        "external_missing": model(weights=[weight("not_there.bin")]),
        "external_key_unknown": model(weights=[weight("not_there.bin", base_dir="/")]),
        "external_key_of_python": model(weights=[weight("not_there.bin", __class__="x")]),
        "external_offset_negative": model(weights=[weight("not_there.bin", offset="-8")]),
        "domain_unknown": model([helper.make_node("Run", ["x"], ["y"], domain="com.example")], domains=["com.example"]),
        "domain_of_an_extension": model([helper.make_node("Tokenize", ["x"], ["y"], domain="ai.onnx.contrib")], domains=["ai.onnx.contrib"]),
        "python_operator": model([helper.make_node("PythonOp", ["x"], ["y"], domain="com.microsoft")], domains=["com.microsoft"]),
        "python_operator_in_a_branch": model([helper.make_node("If", ["x"], ["y"], then_branch=helper.make_graph(
            [helper.make_node("PyOp", [], ["b"], domain="ai.onnx.contrib")], "t", [], [FLOATS("b", TensorProto.FLOAT, [4])]), else_branch=branch(weight()))], domains=["ai.onnx.contrib"]),
        "functions_in_a_circle": model([helper.make_node("a", ["x"], ["y"], domain="own")], functions=[function("a", "b"), function("b", "a")], domains=["own"]),
        "program_as_a_weight": model(weights=[program]),
        "secret_in_the_metadata": with_metadata(model(), "token", "hf_" + "QwErTyUiOpAsDfGhJkLzXcVbNmQwErTyUi"),
        "secret_in_the_text": model(doc_string="pushed with hf_" + "QwErTyUiOpAsDfGhJkLzXcVbNmQwErTyUi"),
    }


if __name__ == "__main__":
    files = {f"{name}.onnx": made.SerializeToString() for name, made in cases().items()}
    whole = files["domain_unknown.onnx"]
    files["cut_off.onnx"] = whole[: len(whole) // 2]
    files["length_beyond_the_file.onnx"] = b"\x08\x0a\x3a" + b"\xff\xff\xff\xff\x07" + whole[8:]
    files["archive_behind.onnx"] = model().SerializeToString() + b"PK\x05\x06" + struct.pack("<8xIIH", 0, 0, 0)
    write("onnx", files)
