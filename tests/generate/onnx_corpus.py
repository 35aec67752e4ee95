"""Writes tests/corpus/onnx: small models that together say what ONNX can say, and what the package `onnx` finds.

    python onnx_corpus.py            writes the models and expected.json
    python onnx_corpus.py --check    writes nothing; exits 1 if a committed file differs
"""

import collections
import json
import math
import pathlib
import tempfile

import numpy
import onnx
from onnx import AttributeProto as A
from onnx import TensorProto as T
from onnx import checker, external_data_helper, numpy_helper, shape_inference

from onnx_models import CASES, dump, extras, external, nets, structure, tensors, types, versions  # noqa: F401
from output import deliver

LIMIT = 20_000
BITS = {data_type: bits for data_type, (_, bits, _) in tensors.ELEMENTS.items()}


def element(data_type):
    return T.DataType.Name(data_type).lower()


def shape(proto):
    """A number, a name or null for each dimension."""
    return [getattr(dim, dim.WhichOneof("value")) if dim.WhichOneof("value") else None for dim in proto.dim]


def describe(kind):
    """A type as JSON; `shape` is absent where the rank is unknown, null where there is no type."""
    which = kind.WhichOneof("value")
    match which:
        case "tensor_type" | "sparse_tensor_type":
            proto = getattr(kind, which)
            out = {which.removesuffix("_type"): element(proto.elem_type)}
            return out | {"shape": shape(proto.shape)} if proto.HasField("shape") else out
        case "sequence_type" | "optional_type":
            return {which.removesuffix("_type"): describe(getattr(kind, which).elem_type)}
        case "map_type":
            return {"map": [element(kind.map_type.key_type), describe(kind.map_type.value_type)]}
        case "opaque_type":
            return {"opaque": [kind.opaque_type.domain, kind.opaque_type.name]}
    return None


def subgraphs(node):
    """The graphs in a node's attributes, each with the attribute's name."""
    for attribute in node.attribute:
        if attribute.type == A.GRAPH:
            yield attribute.name, attribute.g
        for index, graph in enumerate(attribute.graphs):
            yield f"{attribute.name}[{index}]", graph


def walk(graph, path=""):
    """The graph and every graph inside it, with a path of node indices and attribute names."""
    yield path, graph
    for index, node in enumerate(graph.node):
        for name, inner in subgraphs(node):
            yield from walk(inner, f"{path}/{index}.{name}")


def count(tensor):
    return math.prod(tensor.dims)


def parameters(graphs):
    """Elements, bytes by type: each initializer once, and once for all that are the same bytes of a file."""
    seen, elements, size = set(), 0, collections.Counter()
    for tensor in (tensor for _, graph in graphs for tensor in graph.initializer):
        if external_data_helper.uses_external_data(tensor):
            place = {entry.key: entry.value for entry in tensor.external_data}
            where = (place["location"], place.get("offset"), place.get("length"))
            if where in seen:
                continue
            seen.add(where)
        elements += count(tensor)
        if tensor.data_type == T.STRING:
            size["string"] += sum(map(len, tensor.string_data))
        else:
            size[element(tensor.data_type)] += (count(tensor) * BITS[tensor.data_type] + 7) // 8
    return {"parameters": elements, "weight_bytes": {name: size[name] for name in sorted(size)}}


def plain(value):
    """A value that JSON holds exactly: numbers as they are, what is no number as text, complex as a pair."""
    match value:
        case bytes():
            return value.decode()
        case complex():
            return [plain(value.real), plain(value.imag)]
        case float() if not math.isfinite(value):
            return str(value)
    return value


def values(tensor, folder):
    array = numpy_helper.to_array(tensor, folder)
    name = array.dtype.name
    if name.startswith(("int", "uint")):
        array = array.astype(numpy.uint64 if name == "uint64" else numpy.int64)
    elif name.startswith(("float", "bfloat")):
        array = array.astype(numpy.float64)
    return [plain(value) for value in array.reshape(-1).tolist()]


def inferred(path):
    """What strict inference with data propagation finds, or lenient inference where strict gives up."""
    loaded = onnx.load(path)
    try:
        result, how = shape_inference.infer_shapes(loaded, strict_mode=True, data_prop=True), "strict"
    except shape_inference.InferenceError:
        result, how = shape_inference.infer_shapes(loaded, data_prop=True), "lenient"
    return how, {
        inner or "/": {
            value.name: describe(value.type) for value in [*graph.input, *graph.value_info, *graph.output]
        }
        for inner, graph in walk(result.graph)
    }


def accepted(path):
    try:
        checker.check_model(path, full_check=False)
    except checker.ValidationError:
        return False
    return True


def expected(path):
    loaded = onnx.load(path, load_external_data=False)
    graphs = list(walk(loaded.graph))
    operators = collections.Counter(
        f"{node.domain}.{node.op_type}" if node.domain else node.op_type for _, graph in graphs for node in graph.node
    )
    how, types_of = inferred(path)
    return {
        "ir_version": loaded.ir_version,
        "opsets": {entry.domain: entry.version for entry in loaded.opset_import},
        "inputs": [{"name": value.name, "type": describe(value.type)} for value in loaded.graph.input],
        "outputs": [{"name": value.name, "type": describe(value.type)} for value in loaded.graph.output],
        "operators": {name: operators[name] for name in sorted(operators)},
        "subgraphs": len(graphs) - 1,
        "functions": [[entry.domain, entry.name, entry.overload, len(entry.node)] for entry in loaded.functions],
        **parameters(graphs),
        "sparse_values": sum(count(sparse.values) for _, graph in graphs for sparse in graph.sparse_initializer),
        "tensors": {
            tensor.name: {
                "type": element(tensor.data_type), "dims": list(tensor.dims),
                "values": values(tensor, str(path.parent)),
            }
            for tensor in loaded.graph.initializer if count(tensor) <= 16
        },
        "accepted_by_checker": accepted(path),
        "inference": how,
        "values": types_of,
    }


def lines(document):
    """JSON with a line for each entry of each model: short, and a change shows where it is."""
    models = []
    for name, facts in document["models"].items():
        body = ",\n".join(
            f"   {json.dumps(key)}: {json.dumps(fact, ensure_ascii=False)}" for key, fact in facts.items()
        )
        models.append(f"  {json.dumps(name)}: {{\n{body}\n  }}")
    return f'{{\n "onnx": {json.dumps(document["onnx"])},\n "models": {{\n' + ",\n".join(models) + "\n }\n}\n"


def main():
    files, facts = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for name, (made, beside) in sorted(CASES.items()):
            data = {f"{name}.onnx": dump(made)} if not beside else {f"{name}/model.onnx": dump(made)}
            data |= {f"{name}/{part}": content for part, content in beside.items()}
            for relative, content in data.items():
                if len(content) > LIMIT:
                    raise ValueError(f"{relative} has {len(content)} bytes, more than {LIMIT}")
                path = pathlib.Path(folder, relative)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            files |= data
            first = next(iter(data))
            facts[name] = {"file": first, **expected(pathlib.Path(folder, first))}
    document = {"onnx": onnx.__version__, "models": facts}
    files["expected.json"] = lines(document).encode()
    deliver(__doc__, "tests/corpus/onnx", files)


if __name__ == "__main__":
    main()
