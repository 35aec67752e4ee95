"""Lays out the official ONNX test suite, as far as the package `onnx` carries it, one folder per case.

    python onnx_suite.py OUT

OUT/<case>/model.onnx, case.json (kind and tolerances) and, where the suite has values,
test_data_set_<n>/{input,output}_<i>.pb. The `light` networks have no values. The result is not committed.
"""

import argparse
import collections
import json
import pathlib
import shutil

import onnx
from onnx.backend.test import loader

FOLDERS = ["simple", "pytorch-converted", "pytorch-operator"]


def value_proto(value, declared):
    """A value of the suite as the message that its declared type calls for."""
    if isinstance(value, onnx.TensorProto):
        return value
    write = {
        "map_type": onnx.numpy_helper.from_dict,
        "sequence_type": onnx.numpy_helper.from_list,
        "optional_type": onnx.numpy_helper.from_optional,
        "tensor_type": onnx.numpy_helper.from_array,
    }[declared.type.WhichOneof("value")]
    return write(value, declared.name)


def write_case(folder, kind, model, rtol, atol):
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(model)
    (folder / "case.json").write_text(json.dumps({"kind": kind, "rtol": rtol, "atol": atol}) + "\n", encoding="utf-8")


def write_node_case(folder, case):
    """A case that exists as Python objects only."""
    write_case(folder, "node", case.model.SerializeToString(deterministic=True), case.rtol, case.atol)
    for number, values in enumerate(case.data_sets):
        data = folder / f"test_data_set_{number}"
        data.mkdir()
        graph = case.model.graph
        for what, declared, given in zip(("input", "output"), (graph.input, graph.output), values):
            for index, (value, info) in enumerate(zip(given, declared)):
                proto = value_proto(value, info)
                (data / f"{what}_{index}.pb").write_bytes(proto.SerializeToString(deterministic=True))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path, help="a folder that does not exist, or that this script has filled")
    out = parser.parse_args().out
    marker = out / "suite.json"
    if out.exists() and not marker.exists():
        parser.error(f"{out} exists and is not a suite")
    shutil.rmtree(out, ignore_errors=True)

    counts = collections.Counter()
    for case in loader.load_node_model_tests():
        write_node_case(out / case.name, case)
        counts["node"] += 1
    for kind in FOLDERS:
        for case in loader.load_model_tests(kind=kind):
            source = pathlib.Path(case.model_dir)
            write_case(out / case.name, kind, (source / "model.onnx").read_bytes(), case.rtol, case.atol)
            for data in source.glob("test_data_set_*"):
                shutil.copytree(data, out / case.name / data.name)
            counts[kind] += 1
    for path in pathlib.Path(loader.DATA_DIR, "light").glob("*.onnx"):
        write_case(out / f"test_{path.stem}", "light", path.read_bytes(), 1e-3, 1e-7)
        counts["light"] += 1

    marker.write_text(json.dumps({"onnx": onnx.__version__, "cases": counts}, indent=1) + "\n", encoding="utf-8")
    print(f"{counts.total()} cases: " + ", ".join(f"{count} {kind}" for kind, count in counts.items()))


if __name__ == "__main__":
    main()
