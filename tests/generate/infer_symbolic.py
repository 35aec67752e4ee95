"""Writes tests/corpus/infer/symbolic: what ONNX Runtime's symbolic shape inference says of the exports in tests/corpus/exports.

    python infer_symbolic.py            writes the folder, with build/venv-export (it needs sympy)
    python infer_symbolic.py --check    writes nothing; exits 1 if a committed file differs

`types.json`: {export: {value: [dtype or null, dims or null]}}, a dimension is a number, a text, or null; null in place of an
export where the tool fails. Read by modelium-core/tests/it/infer_exports.rs. What `onnx.shape_inference` knows is asked for
when the tests of Python run.
"""

import json

import onnx
from onnxruntime.tools.symbolic_shape_infer import SymbolicShapeInference

from output import REPOSITORY, deliver


def types(model):
    """What a model says of its values."""
    found = {}
    for value in [*model.graph.value_info, *model.graph.output]:
        if not value.type.HasField("tensor_type"):
            continue
        tensor = value.type.tensor_type
        dtype = onnx.helper.tensor_dtype_to_np_dtype(tensor.elem_type).name if tensor.elem_type else None
        dims = None
        if tensor.HasField("shape"):
            dims = [dim.dim_value if dim.HasField("dim_value") else (dim.dim_param or None) for dim in tensor.shape.dim]
        found[value.name] = [dtype, dims]
    return found


def inferred(path):
    model = onnx.load(path)
    del model.graph.value_info[:]  # what the writer left of types would be told again as the tool's own
    try:
        return types(SymbolicShapeInference.infer_shapes(model, auto_merge=True))
    except Exception as error:  # whatever it is, it is its answer
        print(f"{path.parent.name}: {type(error).__name__}: {str(error)[:100]}")
        return None


exports = sorted((REPOSITORY / "tests/corpus/exports").glob("*/model.onnx"))
lines = [f"{json.dumps(path.parent.name)}: {json.dumps(inferred(path), sort_keys=True)}" for path in exports]
deliver(__doc__, "tests/corpus/infer/symbolic", {"types.json": ("{\n" + ",\n".join(lines) + "\n}\n").encode()})
