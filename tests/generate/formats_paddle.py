"""Writes the corpus of PaddlePaddle.

    pip install -r tests/generate/requirements-paddle.txt
    python tests/generate/formats_paddle.py

What must hold of each file is told by paddle, whose layer the parameters come from, and whose program lists its operators.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

OUT = Path(__file__).resolve().parents[1] / "corpus" / "formats" / "paddle"


def make(name, new):
    import paddle
    from paddle.static import InputSpec

    paddle.seed(1)
    net = paddle.nn.Sequential(paddle.nn.Conv2D(1, 2, 3), paddle.nn.ReLU(), paddle.nn.Flatten(), paddle.nn.Linear(32, 3))
    folder = OUT / name
    folder.mkdir(parents=True)
    paddle.jit.save(net, str(folder / "model"), input_spec=[InputSpec([None, 1, 6, 6], "float32", "image")])
    (folder / "model.pdiparams.info").unlink(missing_ok=True)
    parameters = {tensor.name: tensor for tensor in net.parameters()}
    facts = {"format": "paddle", "parameters": sum(int(tensor.size) for tensor in parameters.values()),
             "weight_bytes": {"float32": sum(int(tensor.size) * 4 for tensor in parameters.values())},
             "tensors": [{"name": name, "shape": list(parameters[name].shape), "dtype": "float32"} for name in sorted(parameters)],
             "inputs": [{"name": "image", "dtype": "float32", "shape": [None, 1, 6, 6]}]}
    if not new:
        from paddle.base.proto import framework_pb2

        program = framework_pb2.ProgramDesc.FromString((folder / "model.pdmodel").read_bytes())
        counts = {}
        for block in program.blocks:
            for op in block.ops:
                counts[op.type] = counts.get(op.type, 0) + 1
        facts.update(operators=counts, nodes=sum(counts.values()), framework={"name": "paddle", "version": paddle.__version__})
    print(json.dumps(facts))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        make(sys.argv[1], sys.argv[1] == "pir")
        sys.exit()
    shutil.rmtree(OUT, ignore_errors=True)
    facts = {}
    # paddle reads its flags once, when it is imported
    for name, flag in (("pir", "1"), ("program", "0")):
        run = subprocess.run([sys.executable, __file__, name], env={**os.environ, "FLAGS_enable_pir_api": flag}, capture_output=True, text=True, check=True)
        facts[name] = json.loads(run.stdout.splitlines()[-1])
    (OUT / "facts.json").write_text(json.dumps(facts, indent=2, sort_keys=True) + "\n")
