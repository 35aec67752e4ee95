"""Writes the corpora of ncnn and MNN.

    pip install -r tests/generate/requirements-mobile.txt
    python tests/generate/formats_mobile.py

MNN writes its model itself. ncnn has no writer in Python: the text is written by its rules, the weights after it, and
ncnn loads both and runs them, which it refuses if a layer finds too few weights.
"""

import json
import shutil
from pathlib import Path

import MNN.expr as expr
import MNN.nn as nn
import ncnn
import numpy as np

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "formats"


def folder(name):
    shutil.rmtree(CORPUS / name, ignore_errors=True)
    (CORPUS / name).mkdir(parents=True)
    return CORPUS / name


def write_ncnn():
    out = folder("ncnn")
    random = np.random.default_rng(1)
    kernel, bias = random.normal(size=(4, 3, 3, 3)).astype(np.float32), np.zeros(4, np.float32)
    dense, offset = random.normal(size=(5, 4 * 36)).astype(np.float32), np.ones(5, np.float32)
    text = ["7767517", "5 5", "Input data 0 1 data 0=8 1=8 2=3", "Convolution conv 1 1 data features 0=4 1=3 5=1 6=108",
            "ReLU relu 1 1 features active", "InnerProduct dense 1 1 active scores 0=5 1=1 2=720", "Softmax prob 1 1 scores prob 0=0"]
    facts = {}
    for name, tag, cast in (("float32", 0, np.float32), ("float16", 0x01306B47, np.float16)):
        (out / name).mkdir()
        (out / name / "model.param").write_text("\n".join(text) + "\n")
        parts = [np.uint32(tag).tobytes(), kernel.astype(cast).tobytes(), bias.tobytes(), np.uint32(tag).tobytes(), dense.astype(cast).tobytes(), offset.tobytes()]
        (out / name / "model.bin").write_bytes(b"".join(parts))
        net = ncnn.Net()
        assert net.load_param(str(out / name / "model.param")) == 0 and net.load_model(str(out / name / "model.bin")) == 0
        run = net.create_extractor()
        run.input("data", ncnn.Mat(np.ones((3, 8, 8), np.float32)))
        status, result = run.extract("prob")
        assert status == 0 and abs(float(np.array(result).sum()) - 1) < 1e-3
        size = np.dtype(cast).itemsize
        weight_bytes = {"float32": 9 * 4 + (828 * 4 if size == 4 else 0)}
        if size == 2:
            weight_bytes["float16"] = 828 * 2
        facts[name] = {"format": "ncnn", "nodes": 5, "parameters": 108 + 4 + 720 + 5, "weight_bytes": weight_bytes,
                       "operators": {"Input": 1, "Convolution": 1, "ReLU": 1, "InnerProduct": 1, "Softmax": 1},
                       "inputs": [{"name": name, "shape": [3, 8, 8]} for name in net.input_names()],
                       "outputs": [{"name": name} for name in net.output_names()]}
    (out / "facts.json").write_text(json.dumps(facts, indent=2, sort_keys=True) + "\n")


def write_mnn():
    out = folder("mnn")
    x = expr.placeholder([1, 3, 8, 8], expr.NCHW)
    x.name = "x"
    y = expr.relu(nn.conv(3, 4, [3, 3])(x))
    y.name = "y"
    expr.save([y], str(out / "convolution.mnn"))
    loaded = expr.load_as_dict(str(out / "convolution.mnn"))
    inputs, _ = expr.get_inputs_and_outputs(loaded)
    facts = {"convolution.mnn": {"format": "mnn", "inputs": [{"name": name, "dtype": "float32", "shape": list(inputs[name].shape)} for name in inputs],
                                 "parameters": 4 * 3 * 3 * 3 + 4, "weight_bytes": {"float32": (4 * 3 * 3 * 3 + 4) * 4}}}
    (out / "facts.json").write_text(json.dumps(facts, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    write_ncnn()
    write_mnn()
