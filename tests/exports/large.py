"""Simplifies a model of more than 2 GB: read from external data, written beside the model, run before and after.

    python large.py FOLDER [--modelium PROGRAM] [--width N]

Makes the model in FOLDER (3 GB at the default width) unless it is there. Needs onnx and onnxruntime. Fails unless both
levels give the same numbers in ONNX Runtime, no node is left that could go, private memory stays below 64 MiB and the
largest tensor, and resident memory below 1.2 × the file.
"""

import argparse
import pathlib
import subprocess
import sys
import time

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

SLACK = 64 << 20


def build(folder: pathlib.Path, width: int) -> pathlib.Path:
    """Three products; the first weight is stored turned, the second is scaled by a constant, and noise stands between."""
    path = folder / "large.onnx"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(0)
    weights = []
    with (folder / "large.data").open("wb") as data:
        for name in ("w0", "w1", "w2"):
            start = data.tell()
            rows = random.standard_normal((width // 16, width), dtype=np.float32) / np.float32(width) ** 0.5
            for _ in range(16):
                data.write(rows.tobytes())
            tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=[width, width])
            tensor.data_location = TensorProto.EXTERNAL
            entries = {"location": "large.data", "offset": start, "length": data.tell() - start}
            for key, entry in entries.items():
                tensor.external_data.add(key=key, value=str(entry))
            weights.append(tensor)
    bias = helper.make_tensor("bias", TensorProto.FLOAT, [width], [0.5] * width)
    scale = helper.make_tensor("scale", TensorProto.FLOAT, [width], [1.0 + i / width for i in range(width)])
    nodes = [
        helper.make_node("Transpose", ["w0"], ["turned"], perm=[1, 0]),
        helper.make_node("MatMul", ["x", "turned"], ["a"]),
        helper.make_node("Identity", ["a"], ["b"]),
        helper.make_node("Gemm", ["b", "w1", "bias"], ["c"], transB=1),
        helper.make_node("Mul", ["c", "scale"], ["d"]),
        helper.make_node("Transpose", ["d"], ["e"], perm=[1, 0]),
        helper.make_node("Transpose", ["e"], ["f"], perm=[1, 0]),
        helper.make_node("MatMul", ["f", "w2"], ["y"]),
    ]
    ports = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", width]) for name in "xy"]
    graph = helper.make_graph(nodes, "large", ports[:1], ports[1:], initializer=[*weights, bias, scale])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path.write_bytes(model.SerializeToString())
    return path


def run(path: pathlib.Path, width: int) -> np.ndarray:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    x = np.random.default_rng(1).standard_normal((2, width), dtype=np.float32)
    return session.run(None, {"x": x})[0]


def watched(command: list[str]) -> tuple[float, int, int]:
    """Runs a program; gives seconds, and the most bytes that were private and that were resident, looked at every 2 ms."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    private = resident = 0
    while process.poll() is None:
        try:
            lines = pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines()
        except OSError:
            break
        sizes = {line.split(":")[0]: line.split() for line in lines}
        if "RssAnon" in sizes:
            private = max(private, int(sizes["RssAnon"][1]) << 10)
            resident = max(resident, int(sizes["VmHWM"][1]) << 10)
        time.sleep(0.002)
    if process.wait() != 0:
        sys.exit(f"exit status {process.returncode}: {' '.join(command)}")
    return time.monotonic() - started, private, resident


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--modelium", default="modelium", help="the program")
    parser.add_argument("--width", type=int, default=16384, help="rows and columns of a weight; a multiple of 16")
    options = parser.parse_args()
    width = options.width
    path = build(options.folder, width)
    size = path.stat().st_size + (options.folder / "large.data").stat().st_size
    due = run(path, width)
    wrong = []
    for level in ("portable", "onnxruntime"):
        out = options.folder / f"{level}.onnx"
        command = [options.modelium, "simplify", str(path), str(out), "--level", level, "--replace"]
        seconds, private, resident = watched(command)
        nodes = [node.op_type for node in onnx.load(out, load_external_data=False).graph.node]
        found = run(out, width)
        worst = float(np.abs(found - due).max() / np.abs(due).max())
        print(
            f"{level}: {size / 1e9:.1f} GB in {seconds:.1f} s, private {private >> 20} MiB, resident {resident >> 20} MiB, "
            f"8 → {len(nodes)} nodes, off by {worst:.1e}"
        )
        if worst > 1e-4:
            wrong.append(f"{level}: outputs differ")
        if len(nodes) > 3:
            wrong.append(f"{level}: {nodes} are left")
        if private > SLACK + 4 * width * width:
            wrong.append(f"{level}: {private} private bytes")
        if resident > 1.2 * size:
            wrong.append(f"{level}: {resident} resident bytes")
        for file in options.folder.glob(f"{level}.onnx*"):
            file.unlink()
    sys.exit("\n".join(wrong) or 0)


if __name__ == "__main__":
    main()
