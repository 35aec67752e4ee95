"""Writes the corpus of MXNet.

    pip install -r tests/generate/requirements-mxnet.txt
    python tests/generate/formats_mxnet.py

What must hold of each file is told by mxnet, which reads the arrays again.
"""

import json
import shutil
from pathlib import Path

import mxnet as mx

OUT = Path(__file__).resolve().parents[1] / "corpus" / "formats" / "mxnet"


def arrays(path):
    found = {name.split(":", 1)[-1]: array for name, array in mx.nd.load(str(path)).items()}
    weight_bytes = {}
    for array in found.values():
        dtype = mx.base.string_types and str(array.dtype.__name__)
        weight_bytes[dtype] = weight_bytes.get(dtype, 0) + array.size * array.dtype().itemsize
    return {"parameters": sum(array.size for array in found.values()), "weight_bytes": weight_bytes,
            "tensors": [{"name": name, "shape": list(array.shape), "dtype": array.dtype.__name__} for name, array in found.items()]}


if __name__ == "__main__":
    shutil.rmtree(OUT, ignore_errors=True)
    (OUT / "network").mkdir(parents=True)
    mx.random.seed(1)
    net = mx.gluon.nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(mx.gluon.nn.Conv2D(2, 3, in_channels=1), mx.gluon.nn.BatchNorm(in_channels=2), mx.gluon.nn.Activation("relu"),
                mx.gluon.nn.Dense(3, in_units=32))
    net.initialize()
    net.hybridize()
    net(mx.nd.zeros((1, 1, 6, 6)))
    net.export(str(OUT / "network" / "model"), epoch=0)
    symbol = json.loads((OUT / "network" / "model-symbol.json").read_text())
    counts = {}
    for node in symbol["nodes"]:
        if node["op"] != "null":
            counts[node["op"]] = counts.get(node["op"], 0) + 1
    facts = {"network": {"format": "mxnet", "framework": {"name": "mxnet", "version": mx.__version__}, "operators": counts,
                         "nodes": sum(counts.values()), "inputs": [{"name": "data"}],
                         "outputs": [{"name": name} for name in mx.sym.load(str(OUT / "network" / "model-symbol.json")).list_outputs()],
                         **arrays(OUT / "network" / "model-0000.params")}}
    mx.nd.save(str(OUT / "arrays.params"), {"half": mx.nd.ones((2, 3), dtype="float16"), "whole": mx.nd.arange(4, dtype="int32"),
                                            "wide": mx.nd.ones((2, 2), dtype="float64")})
    facts["arrays.params"] = {"format": "mxnet", **arrays(OUT / "arrays.params")}
    (OUT / "facts.json").write_text(json.dumps(facts, indent=2, sort_keys=True) + "\n")
