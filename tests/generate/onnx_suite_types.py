"""Writes what the package `onnx` infers of the official suite's outputs when nobody declares them.

    python onnx_suite_types.py SUITE

SUITE is what onnx_suite.py wrote; the result is SUITE/types.json: per case the outputs' inferred and declared types,
spelt as in tests/corpus/onnx/expected.json. Not committed.
"""

import argparse
import json
import pathlib

import onnx
from onnx import TensorProto, shape_inference


def spell(info):
    kind = info.WhichOneof("value")
    if kind != "tensor_type":
        return {"kind": kind}
    tensor = info.tensor_type
    spelt = {"tensor": TensorProto.DataType.Name(tensor.elem_type).lower()}
    if tensor.HasField("shape"):
        spelt["shape"] = [
            dim.dim_value if dim.HasField("dim_value") else dim.dim_param or None for dim in tensor.shape.dim
        ]
    return spelt


def case(path):
    model = onnx.load(path / "model.onnx", load_external_data=False)
    declared = {output.name: spell(output.type) for output in model.graph.output}
    for output in model.graph.output:
        output.ClearField("type")
    try:
        inferred = shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
    except Exception:  # whatever it dislikes, it has no opinion then
        return {"declared": declared, "inferred": {}}
    types = {output.name: spell(output.type) for output in inferred.graph.output if output.HasField("type")}
    return {"declared": declared, "inferred": types}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", type=pathlib.Path, help="the folder that onnx_suite.py wrote")
    suite = parser.parse_args().suite
    cases = {path.parent.name: case(path.parent) for path in sorted(suite.glob("*/model.onnx"))}
    (suite / "types.json").write_text(json.dumps(cases, indent=0) + "\n", encoding="utf-8")
    print(f"{len(cases)} cases")


if __name__ == "__main__":
    main()
