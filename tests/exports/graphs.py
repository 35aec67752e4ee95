"""What is counted in a model: nodes as one graph of operators, and attention layers."""

import collections
import pathlib

import onnx
import onnx.inliner

# one node that is a whole attention layer, with or without the contrib operators of ONNX Runtime
ATTENTION = {
    "Attention",
    "MultiHeadAttention",
    "GroupQueryAttention",
    "DecoderMaskedMultiHeadAttention",
    "PackedAttention",
    "PackedMultiHeadAttention",
}


def operators(path: pathlib.Path) -> collections.Counter:
    """How often each operator stands in a model: functions inlined, subgraphs counted, `Constant` left out.

    A constant is data: moving it to the initializers or back is no simplification.
    """
    model = onnx.load(path, load_external_data=False)
    if model.functions:
        model = onnx.inliner.inline_local_functions(model)
    found: collections.Counter = collections.Counter()
    graphs = [model.graph]
    while graphs:
        for node in graphs.pop().node:
            found[node.op_type] += node.op_type != "Constant"
            for attribute in node.attribute:
                graphs.extend([attribute.g] if attribute.type == onnx.AttributeProto.GRAPH else attribute.graphs)
    return +found


def attention(found: collections.Counter) -> int:
    """How many attention layers are one node each."""
    return sum(found[op] for op in ATTENTION)
