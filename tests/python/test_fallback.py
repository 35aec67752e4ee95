"""Where onnxruntime is absent, the library's own evaluator proves. Each test runs a process that cannot find it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import modelium as ml
import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

REPOSITORY = Path(__file__).parents[2]
DIGITS = REPOSITORY / "examples" / "models" / "digits" / "digits.onnx"
SAMPLES = DIGITS.with_name("samples.npz")

Alone = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def alone(tmp_path: Path) -> Alone:
    """Runs Python where nothing named onnxruntime can be imported, workers included."""
    folder = tmp_path / "blind"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text("import sys\n\nsys.modules['onnxruntime'] = None\n")
    kept = {name: value for name, value in os.environ.items() if name != "ORT_DYLIB_PATH"}
    folders = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**kept, "PYTHONPATH": os.pathsep.join(folders)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)

    return run


def said(alone: Alone, code: str, *arguments: object) -> Any:
    """What the code printed as JSON."""
    done = alone("-c", "import json, sys, modelium as ml\n" + code, *map(str, arguments))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_evaluator_is_the_runtime(alone: Alone) -> None:
    known = said(alone, "print(json.dumps(ml.Pipeline().formats()))")
    assert [runtime["name"] for runtime in known["runtimes"]] == ["reference"]
    assert [runtime["name"] for runtime in ml.Pipeline().formats()["runtimes"]] == ["onnxruntime"]


def test_a_library_that_is_named_and_not_there_is_told() -> None:
    code = "import modelium as ml; print(ml.Pipeline().formats()['runtimes'][0]['name'])"
    environment = {**os.environ, "ORT_DYLIB_PATH": "/nowhere/libonnxruntime.so"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "reference\n"
    assert "RuntimeWarning: no such file, though ORT_DYLIB_PATH names it" in done.stderr
    assert "this library's own evaluator runs models instead" in done.stderr


CONVERT = """
plan = ml.open(sys.argv[1]).plan(target=sys.argv[2], samples=sys.argv[3])
seen = set()
done = plan.run(sys.argv[4], isolation=sys.argv[5], progress=lambda stage, *_: seen.add(stage))
print(json.dumps({"parity": done.parity.document, "seen": sorted(seen), "explained": str(plan.explain())}))
"""


@pytest.mark.parametrize("isolation", ["worker", "in_process"])
@pytest.mark.parametrize("target", ["files", "triton"])
def test_a_conversion_is_proven(tmp_path: Path, alone: Alone, target: str, isolation: str) -> None:
    out = tmp_path / "out"
    found = said(alone, CONVERT, DIGITS, target, SAMPLES, out, isolation)
    assert found["parity"]["passed"]
    assert found["parity"]["runtime"]["name"] == "reference"
    assert "evaluate" in found["seen"]
    assert "pip install onnxruntime" in found["explained"]
    model = next(out.rglob("*.onnx"))
    with np.load(SAMPLES) as samples:
        feed, labels = {"image": samples["image"]}, samples["labels"]
    original, result = (onnxruntime.InferenceSession(path).run(None, feed)[0] for path in (DIGITS, model))
    np.testing.assert_allclose(result, original, rtol=1e-4, atol=1e-4)
    accuracy = found["parity"]["accuracy"]
    assert accuracy["result"] == int((original.argmax(1) == labels).sum())
    if target == "triton":
        assert {node.domain for node in onnx.load(model).graph.node} <= {"", "ai.onnx"}
        assert "max_batch_size: 8" in (out / "digits" / "config.pbtxt").read_text()


def test_models_that_differ_are_told_apart(tmp_path: Path, alone: Alone) -> None:
    proto = onnx.load(DIGITS)
    tensor = next(tensor for tensor in reversed(proto.graph.initializer) if len(tensor.dims) == 2)
    tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor) + np.float32(0.5), tensor.name))
    onnx.save(proto, tmp_path / "b.onnx")
    code = "print(json.dumps(ml.compare(sys.argv[1], sys.argv[2], samples=sys.argv[3]).document))"
    report = said(alone, code, DIGITS, tmp_path / "b.onnx", SAMPLES)
    assert not report["passed"]
    with np.load(SAMPLES) as samples:
        feed = {"image": samples["image"]}
    a, b = (onnxruntime.InferenceSession(path).run(None, feed)[0] for path in (DIGITS, tmp_path / "b.onnx"))
    worst = next(sample for sample in report["samples"] if sample["source"] == "own")["outputs"][0]["max_absolute"]
    assert worst == pytest.approx(float(np.abs(a - b).max()), rel=1e-3)
    assert said(alone, code, DIGITS, DIGITS, SAMPLES)["passed"]


@pytest.fixture
def contrib(tmp_path: Path) -> Path:
    """A sound model with one operator that ONNX Runtime has and the specification has not."""
    path = tmp_path / "contrib.onnx"
    port = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node("BiasGelu", ["x", "bias"], ["y"], "fused", domain="com.microsoft")],
        "contrib",
        [port("x", TensorProto.FLOAT, ["batch", 4])],
        [port("y", TensorProto.FLOAT, ["batch", 4])],
        [numpy_helper.from_array(np.arange(4, dtype=np.float32), "bias")],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), path)
    return path


def test_an_operator_that_it_does_not_know_is_no_fault_of_the_model(contrib: Path, alone: Alone) -> None:
    assert ml.compare(contrib, contrib)  # onnxruntime knows it
    code = """
from modelium import errors
try:
    ml.compare(sys.argv[1], sys.argv[1])
except errors.UnsupportedError as error:
    compare = [str(error), *error.notes]
try:
    ml.open(sys.argv[1]).plan()
except errors.NoRouteError as error:
    plan = [str(error), *error.notes]
print(json.dumps({"compare": compare, "plan": plan}))
"""
    found = said(alone, code, contrib)
    assert "the evaluator does not know operator 'com.microsoft.BiasGelu'" in found["compare"][0]
    assert "`pip install onnxruntime`" in found["compare"][1]
    assert any("does not know com.microsoft::BiasGelu; install ONNX Runtime" in line for line in found["plan"])


def test_without_a_proof_it_is_deployed_on_request(tmp_path: Path, contrib: Path, alone: Alone) -> None:
    code = """
plan = ml.open(sys.argv[1]).plan(target="triton", allow_unproven=True)
done = plan.run(sys.argv[2])
print(json.dumps({"explained": str(plan.explain()), "parity": done.parity is None, "document": done.document}))
"""
    found = said(alone, code, contrib, tmp_path / "out")
    assert found["parity"]
    assert "unproven: the reference evaluator" in found["explained"]
    package = next(step for step in found["document"]["steps"] if step["id"] == "package")
    unproven = next(finding for finding in package["findings"] if finding["code"] == "triton.batch_unproven")
    assert "com.microsoft.BiasGelu" in unproven["message"]
    assert "pip install onnxruntime" in unproven["remedy"]


def test_the_command_line_says_what_to_install(contrib: Path, alone: Alone) -> None:
    done = alone("-m", "modelium", "compare", str(contrib), str(contrib))
    assert done.returncode == 1
    assert "com.microsoft.BiasGelu" in done.stderr
    assert "pip install onnxruntime" in done.stderr
