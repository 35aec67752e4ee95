"""Writes backends/ort/tests/parity: models that differ from others in one place, and where numpy finds the difference.

    python ort_parity.py            writes the models, samples and expected.json
    python ort_parity.py --check    writes nothing; exits 1 if a committed file differs

Numbers depend on the processor in their last bits: `--check` is for the machine that wrote them.
"""

import io
import json
import zipfile

import numpy
import onnx
import onnxruntime
from onnx import numpy_helper, parser

from output import REPOSITORY, deliver


def run(model, feed):
    """The first output, nothing optimised."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return session.run(None, feed)[0]


def dump(model):
    return model.SerializeToString(deterministic=True)


def changed(model, name, index, by):
    """The same model with one element of an initializer changed."""
    model = onnx.load_from_string(model)
    for tensor in model.graph.initializer:
        if tensor.name == name:
            array = numpy_helper.to_array(tensor).copy()
            array[index] += by
            tensor.CopyFrom(numpy_helper.from_array(array, name))
    return dump(model)


def samples(**arrays):
    """An .npz without dates."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, array in arrays.items():
            data = io.BytesIO()
            numpy.lib.format.write_array(data, array, allow_pickle=False)
            file.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), data.getvalue())
    return out.getvalue()


def facts(before, after):
    """How far apart numpy finds two outputs; NaN aside."""
    before, after = before.astype("f8"), after.astype("f8")
    apart = numpy.nan_to_num(numpy.abs(before - after))
    index = numpy.unravel_index(numpy.argmax(apart), apart.shape)
    both = numpy.isfinite(before) & numpy.isfinite(after)
    a, b = before[both], after[both]
    return {
        "index": [int(axis) for axis in index],
        "absolute": float(apart.max()),
        "relative": float(numpy.max(numpy.abs(a - b)[a != 0] / numpy.abs(a[a != 0]))),
        "cosine": float(a @ b / numpy.sqrt((a @ a) * (b @ b))),
        "nan_differs": numpy.argwhere(numpy.isnan(before) != numpy.isnan(after)).tolist(),
    }


def main():
    random = numpy.random.default_rng(11)
    files, expected = {}, {}

    mlp = (REPOSITORY / "tests/corpus/onnx/net_mlp.onnx").read_bytes()
    weight = next(tensor for tensor in onnx.load_from_string(mlp).graph.initializer if len(tensor.dims) == 2)
    files["mlp_changed.onnx"] = changed(mlp, weight.name, (3, 2), 0.25)
    features = random.standard_normal((7, 10)).astype("f4")
    files["mlp_samples.npz"] = samples(features=features)
    expected["mlp"] = facts(run(mlp, {"features": features}), run(files["mlp_changed.onnx"], {"features": features}))

    header = '<ir_version: 8, opset_import: ["" : 17]> '
    files["log.onnx"] = dump(parser.parse_model(header + "log (float[n, 3] x) => (float[n, 3] y) { y = Log (x) }"))
    magnitude = "log (float[n, 3] x) => (float[n, 3] y) { m = Abs (x)  y = Log (m) }"
    files["log_of_magnitude.onnx"] = dump(parser.parse_model(header + magnitude))
    x = numpy.array([[1, 2, 0], [4, 5, -6]], "f4")
    files["log_samples.npz"] = samples(x=x)
    expected["log"] = facts(run(files["log.onnx"], {"x": x}), run(files["log_of_magnitude.onnx"], {"x": x}))

    embed = parser.parse_model(header + "embed (int64[n] ids) => (float[n, 4] y) { y = Gather (table, ids) }")
    table = numpy.arange(200, dtype="f4").reshape(50, 4)
    embed.graph.initializer.append(numpy_helper.from_array(table, "table"))
    files["embed.onnx"] = dump(embed)
    files["embed_changed.onnx"] = changed(files["embed.onnx"], "table", (37, 1), 0.5)

    digits = REPOSITORY / "examples/models/digits"
    arrays = numpy.load(digits / "samples.npz")
    logits = run((digits / "digits.onnx").read_bytes(), {"image": arrays["image"]})
    hits = int((logits.argmax(1) == arrays["labels"]).sum())
    expected["digits"] = {"rows": len(arrays["labels"]), "hits": hits}

    files["expected.json"] = (json.dumps(expected, indent=1) + "\n").encode()
    deliver(__doc__, "backends/ort/tests/parity", files)


if __name__ == "__main__":
    main()
