"""Writes tests/corpus/infer/contrib: models of one operator of ONNX Runtime each, and the types of their values in two runs.

    python infer_contrib.py            writes the folder
    python infer_contrib.py --check    writes nothing; exits 1 if a committed file differs

`runs.json` holds, for each model and each of two sets of sizes, `inputs` and `values`: {name: [dtype, dims]}, as ONNX
Runtime has them. Read by modelium-core/tests/it/infer_exports.rs.
"""

import json

import numpy
import onnx
import onnxruntime
from onnx import helper, numpy_helper

from output import deliver

FILES = {}
RUNS = {}
RANDOM = numpy.random.default_rng(0)
B, S, P = (1, 2), (3, 5), (4, 6)  # batch, sequence and past of the two runs


def floats(*dims):
    return RANDOM.standard_normal(dims).astype(numpy.float32)


def ones(dtype, *dims):
    return numpy.ones(dims, dtype)


def zeros(dtype, *dims):
    return numpy.zeros(dims, dtype)


def bytes_(*dims):
    return ones(numpy.uint8, *dims)


def feed(name, dims, make):
    """An input with symbolic dimensions, and its elements in each run."""
    return name, dims, [make(0), make(1)]


def run(model, inputs):
    """Every tensor of the main graph, by name."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return described(dict(zip(names, session.run(names, inputs), strict=True)))


def described(arrays):
    return {name: [array.dtype.name, list(array.shape)] for name, array in arrays.items()}


def case(name, op, inputs, outputs, *, domain="com.microsoft", constants=None, **attributes):
    """A model of one node. An input is a feed, the name of a constant, or None where it is left out."""
    feeds = {item[0]: item for item in inputs if isinstance(item, tuple)}
    names = [item[0] if isinstance(item, tuple) else item or "" for item in inputs]
    ports = [
        helper.make_tensor_value_info(port, helper.np_dtype_to_tensor_dtype(arrays[0].dtype), dims)
        for port, dims, arrays in feeds.values()
    ]
    graph = helper.make_graph(
        [helper.make_node(op, names, outputs, domain=domain, **attributes)],
        name,
        ports,
        [onnx.ValueInfoProto(name=output) for output in outputs if output],
        [numpy_helper.from_array(array, constant) for constant, array in (constants or {}).items()],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    sets = [{port: arrays[index] for port, _, arrays in feeds.values()} for index in (0, 1)]
    FILES[f"{name}.onnx"] = model.SerializeToString(deterministic=True)
    RUNS[name] = [{"inputs": described(arrays), "values": run(model, arrays)} for arrays in sets]


x24 = feed("x", ["b", "s", 24], lambda i: floats(B[i], S[i], 24))
case(
    "fmm",
    "FusedMatMul",
    [
        feed("a", ["b", "s", 4], lambda i: floats(B[i], S[i], 4)),
        feed("c", ["b", "t", 4], lambda i: floats(B[i], P[i], 4)),
    ],
    ["y"],
    transB=1,
)
case(
    "fmm_tb",
    "FusedMatMul",
    [
        feed("a", ["s", "b", 4], lambda i: floats(S[i], B[i], 4)),
        feed("c", ["b", 4, "t"], lambda i: floats(B[i], 4, P[i])),
    ],
    ["y"],
    transBatchA=1,
)
case(
    "fmm_tba",
    "FusedMatMul",
    [
        feed("a", [4, "b", "s"], lambda i: floats(4, B[i], S[i])),
        feed("c", ["b", 4, "t"], lambda i: floats(B[i], 4, P[i])),
    ],
    ["y"],
    transBatchA=1,
    transA=1,
)
case(
    "att",
    "Attention",
    [x24, "w", "bias"],
    ["y"],
    constants={"w": floats(24, 72), "bias": floats(72)},
    num_heads=4,
)
case(
    "att_past",
    "Attention",
    [x24, "w", "bias", None, feed("p", [2, "b", 4, "past", 6], lambda i: floats(2, B[i], 4, P[i], 6))],
    ["y", "present"],
    constants={"w": floats(24, 72), "bias": floats(72)},
    num_heads=4,
)
case(
    "mha",
    "MultiHeadAttention",
    [
        feed("q", ["b", "s", 64], lambda i: floats(B[i], S[i], 64)),
        feed("k", ["b", "t", 64], lambda i: floats(B[i], P[i], 64)),
        feed("v", ["b", "t", 32], lambda i: floats(B[i], P[i], 32)),
    ],
    ["y"],
    num_heads=4,
)
case(
    "mha_past",
    "MultiHeadAttention",
    [
        feed("q", ["b", "s", 64], lambda i: floats(B[i], S[i], 64)),
        feed("k", ["b", "s", 64], lambda i: floats(B[i], S[i], 64)),
        feed("v", ["b", "s", 64], lambda i: floats(B[i], S[i], 64)),
        None,
        None,
        None,
        feed("pk", ["b", 4, "past", 16], lambda i: floats(B[i], 4, P[i], 16)),
        feed("pv", ["b", 4, "past", 16], lambda i: floats(B[i], 4, P[i], 16)),
    ],
    ["y", "k2", "v2"],
    num_heads=4,
)
case(
    "gqa",
    "GroupQueryAttention",
    [
        feed("q", ["b", "s", 64], lambda i: floats(B[i], 1, 64)),
        feed("k", ["b", "s", 32], lambda i: floats(B[i], 1, 32)),
        feed("v", ["b", "s", 32], lambda i: floats(B[i], 1, 32)),
        feed("pk", ["b", 2, "past", 16], lambda i: floats(B[i], 2, 8, 16)),
        feed("pv", ["b", 2, "past", 16], lambda i: floats(B[i], 2, 8, 16)),
        feed("sl", ["b"], lambda i: numpy.full([B[i]], 8, numpy.int32)),
        "tot",
    ],
    ["y", "k2", "v2"],
    constants={"tot": numpy.array(9, numpy.int32)},
    num_heads=4,
    kv_num_heads=2,
)
case(
    "sln",
    "SkipLayerNormalization",
    [x24, x24, "g", "be"],
    ["y", "", "", "s"],
    constants={"g": floats(24), "be": floats(24)},
)
case(
    "ssln", "SkipSimplifiedLayerNormalization", [x24, x24, "g"], ["y", "", "", "s"], constants={"g": floats(24)}
)
case("sl", "SimplifiedLayerNormalization", [x24, "g"], ["y"], domain="", constants={"g": floats(24)})
case(
    "eln",
    "EmbedLayerNormalization",
    [
        feed("i", ["b", "s"], lambda i: numpy.zeros((B[i], S[i]), numpy.int32)),
        feed("sg", ["b", "s"], lambda i: numpy.zeros((B[i], S[i]), numpy.int32)),
        "we",
        "pe",
        "se",
        "g",
        "be",
    ],
    ["y", "m"],
    constants={"we": floats(10, 8), "pe": floats(16, 8), "se": floats(2, 8), "g": floats(8), "be": floats(8)},
)
for name in ("FastGelu", "Gelu", "QuickGelu"):
    case(f"{name.lower()}", name, [x24], ["y"])
case("biasgelu", "BiasGelu", [x24, "g"], ["y"], constants={"g": floats(24)})
case(
    "dqmm",
    "DynamicQuantizeMatMul",
    [x24, "w", "ws"],
    ["y"],
    constants={"w": numpy.ones((24, 7), numpy.int8), "ws": numpy.array([0.1], numpy.float32)},
)
case(
    "mmif",
    "MatMulIntegerToFloat",
    [feed("x", ["b", "s", 24], lambda i: numpy.ones((B[i], S[i], 24), numpy.uint8)), "w", "as", "bs"],
    ["y"],
    constants={
        "w": numpy.ones((24, 7), numpy.int8),
        "as": numpy.array([0.1], numpy.float32),
        "bs": numpy.array([0.1], numpy.float32),
    },
)
case(
    "nbits",
    "MatMulNBits",
    [feed("x", ["b", "s", 32], lambda i: floats(B[i], S[i], 32)), "w", "sc"],
    ["y"],
    constants={"w": numpy.zeros((5, 1, 16), numpy.uint8), "sc": floats(5)},
    K=32,
    N=5,
    bits=4,
    block_size=32,
)
scale = numpy.array(0.1, numpy.float32)
zero = numpy.array(0, numpy.uint8)
case(
    "qconcat",
    "QLinearConcat",
    [
        "sc",
        "zp",
        feed("a", ["b", "s", 4], lambda i: bytes_(B[i], S[i], 4)),
        "sc",
        "zp",
        feed("c", ["b", "t", 4], lambda i: bytes_(B[i], P[i], 4)),
        "sc",
        "zp",
    ],
    ["y"],
    constants={"sc": scale, "zp": zero},
    axis=1,
)
case(
    "qadd",
    "QLinearAdd",
    [
        feed("a", ["b", "s", 4], lambda i: bytes_(B[i], S[i], 4)),
        "sc",
        "zp",
        feed("c", ["s", 4], lambda i: bytes_(S[i], 4)),
        "sc",
        "zp",
        "sc",
        "zp",
    ],
    ["y"],
    constants={"sc": scale, "zp": zero},
)
img = feed("x", ["b", 8, "h", "w"], lambda i: bytes_(B[i], 8, 9 + i, 12 + i))
case(
    "qavg",
    "QLinearAveragePool",
    [img, "sc", "zp", "sc", "zp"],
    ["y"],
    constants={"sc": scale, "zp": zero},
    kernel_shape=[3, 3],
    strides=[2, 2],
    pads=[1, 1, 1, 1],
)
imgl = feed("x", ["b", "h", "w", 8], lambda i: bytes_(B[i], 9 + i, 12 + i, 8))
case(
    "qavg_last",
    "QLinearAveragePool",
    [imgl, "sc", "zp", "sc", "zp"],
    ["y"],
    constants={"sc": scale, "zp": zero},
    kernel_shape=[3, 3],
    strides=[2, 2],
    channels_last=1,
)
case(
    "qgap",
    "QLinearGlobalAveragePool",
    [imgl, "sc", "zp", "sc", "zp"],
    ["y"],
    constants={"sc": scale, "zp": zero},
    channels_last=1,
)
case(
    "qwhere",
    "QLinearWhere",
    [
        feed("c", ["s", 4], lambda i: numpy.ones((S[i], 4), bool)),
        feed("a", ["b", 1, 4], lambda i: bytes_(B[i], 1, 4)),
        "sc",
        "zp",
        feed("d", [4], lambda i: bytes_(4)),
        "sc",
        "zp",
        "sc",
        "zp",
    ],
    ["y"],
    constants={"sc": scale, "zp": zero},
)
case("qsig", "QLinearSigmoid", [img, "sc", "zp", "sc", "zp"], ["y"], constants={"sc": scale, "zp": zero})
case("nhwcmax", "NhwcMaxPool", [imgl], ["y"], kernel_shape=[3, 3], strides=[2, 2])
case(
    "fusedconv",
    "FusedConv",
    [feed("x", ["b", 3, "h", "w"], lambda i: floats(B[i], 3, 9 + i, 12 + i)), "w"],
    ["y"],
    constants={"w": floats(8, 3, 3, 3)},
    activation="Relu",
    strides=[2, 2],
)
case(
    "fgemm",
    "FusedGemm",
    [feed("x", ["b", 4], lambda i: floats(B[i], 4)), "w", "bb"],
    ["y"],
    constants={"w": floats(4, 6), "bb": floats(6)},
    activation="Relu",
)
case(
    "cdist",
    "CDist",
    [feed("a", ["n", 4], lambda i: floats(S[i], 4)), feed("c", ["m", 4], lambda i: floats(P[i], 4))],
    ["y"],
    metric="euclidean",
)
case(
    "unique",
    "Unique",
    [feed("a", ["n"], lambda i: numpy.array([1, 1, 2][: 2 + i], numpy.float32))],
    ["v", "i", "c"],
)
case("expand", "ExpandDims", [x24, "ax"], ["y"], constants={"ax": numpy.array(1, numpy.int32)})
case(
    "pad",
    "Pad",
    [x24, "pads", "v"],
    ["y"],
    constants={"pads": numpy.array([0, 1, 0, 0, 2, 0], numpy.int64), "v": numpy.array(0, numpy.float32)},
)
case(
    "range",
    "Range",
    ["a", "l", "d"],
    ["y"],
    constants={"a": numpy.array(0, numpy.int64), "l": numpy.array(9, numpy.int64), "d": numpy.array(2, numpy.int64)},
)
case("gathernd", "GatherND", [x24, "ix"], ["y"], constants={"ix": numpy.zeros((7, 1), numpy.int64)})
case(
    "qatt",
    "QAttention",
    [feed("x", ["b", "s", 24], lambda i: bytes_(B[i], S[i], 24)), "w", "bias", "is", "ws"],
    ["y"],
    constants={
        "w": numpy.ones((24, 72), numpy.int8),
        "bias": floats(72),
        "is": numpy.array(0.1, numpy.float32),
        "ws": numpy.array(0.1, numpy.float32),
    },
    num_heads=4,
)
case(
    "rot",
    "RotaryEmbedding",
    [
        feed("x", ["b", "s", 64], lambda i: floats(B[i], S[i], 64)),
        feed("pi", ["b", "s"], lambda i: numpy.zeros((B[i], S[i]), numpy.int64)),
        "cos",
        "sin",
    ],
    ["y"],
    constants={"cos": floats(32, 16), "sin": floats(32, 16)},
    num_heads=2,
)
case(
    "gbq",
    "GatherBlockQuantized",
    ["d", feed("i", ["b", "s"], lambda i: numpy.zeros((B[i], S[i]), numpy.int64)), "sc2"],
    ["y"],
    constants={"d": bytes_(10, 16), "sc2": floats(10, 1)},
    gather_axis=0,
    quantize_axis=1,
    block_size=32,
    bits=4,
)
case(
    "dqlstm",
    "DynamicQuantizeLSTM",
    [
        feed("x", ["s", "b", 4], lambda i: floats(S[i], B[i], 4)),
        "w",
        "r",
        None,
        None,
        None,
        None,
        None,
        "wsc",
        "wz",
        "rsc",
        "rz",
    ],
    ["y", "yh", "yc"],
    constants={
        "w": numpy.ones((1, 4, 32), numpy.int8),
        "r": numpy.ones((1, 8, 32), numpy.int8),
        "wsc": numpy.ones(1, numpy.float32),
        "wz": numpy.zeros(1, numpy.int8),
        "rsc": numpy.ones(1, numpy.float32),
        "rz": numpy.zeros(1, numpy.int8),
    },
    hidden_size=8,
)
case(
    "crop",
    "CropAndResize",
    [
        feed("x", ["b", 3, "h", "w"], lambda i: floats(B[i], 3, 9, 9)),
        feed("bx", ["n", 4], lambda i: numpy.zeros((S[i], 4), numpy.float32)),
        feed("bi", ["n"], lambda i: numpy.zeros((S[i],), numpy.int32)),
        "cs",
    ],
    ["y"],
    constants={"cs": numpy.array([4, 5], numpy.int32)},
)

lines = [f"{json.dumps(name)}: {json.dumps(runs)}" for name, runs in sorted(RUNS.items())]
FILES["runs.json"] = ("{\n" + ",\n".join(lines) + "\n}\n").encode()
deliver(__doc__, "tests/corpus/infer/contrib", FILES)
