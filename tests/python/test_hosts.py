"""Python objects as runtimes, validators and deployers."""

from pathlib import Path
from typing import Any

import modelium as ml
import numpy as np
import onnxruntime
import pytest
from modelium import errors

DIGITS = Path(__file__).parents[2] / "examples" / "models" / "digits" / "digits.onnx"


class Runtime:
    """ONNX Runtime's own Python package as a runtime."""

    name = "mine"

    def __init__(self) -> None:
        self.loaded: list[str] = []
        self.runs = 0

    def version(self) -> str:
        return onnxruntime.__version__

    def load(self, path: str) -> "Session":
        self.loaded.append(str(path))
        return Session(self, onnxruntime.InferenceSession(path))


class Session:
    """A loaded model."""

    def __init__(self, runtime: Runtime, session: onnxruntime.InferenceSession) -> None:
        self._runtime = runtime
        self._session = session
        self.inputs = [self._port(port) for port in session.get_inputs()]
        self.outputs = [self._port(port) for port in session.get_outputs()]

    @staticmethod
    def _port(port: Any) -> dict[str, Any]:
        assert port.type == "tensor(float)"
        return {"name": port.name, "dtype": "float32", "shape": port.shape}

    def run(self, inputs: dict[str, ml.Tensor]) -> list[np.ndarray]:
        self._runtime.runs += 1
        for tensor in inputs.values():
            assert memoryview(tensor).readonly
        return list(self._session.run(None, {name: np.asarray(tensor) for name, tensor in inputs.items()}))


def test_a_python_runtime_proves_parity(tmp_path: Path) -> None:
    runtime = Runtime()
    pipeline = ml.Pipeline(runtimes=[runtime])
    plan = pipeline.open(DIGITS).plan()
    assert plan.document["environment"]["runtimes"][0] == {"name": "mine", "version": onnxruntime.__version__}
    step = next(step for step in plan.steps if step["operation"]["op"] == "parity")
    assert step["operation"]["runtime"] == "mine"
    done = plan.run(tmp_path / "out", isolation="in_process")
    assert done.parity
    assert done.parity.document["runtime"]["name"] == "mine"
    assert runtime.runs >= 4
    assert len(runtime.loaded) >= 2


def test_an_exception_of_a_runtime_names_it(tmp_path: Path) -> None:
    class Broken(Runtime):
        def load(self, path: str) -> Session:
            raise RuntimeError("out of order")

    plan = ml.Pipeline(runtimes=[Broken()]).open(DIGITS).plan()
    with pytest.raises(errors.BackendError, match="out of order"):
        plan.run(tmp_path / "out", isolation="in_process")
    assert not (tmp_path / "out").exists()


def test_a_validator_can_refuse_more(tmp_path: Path) -> None:
    class NoSimplify:
        def review(self, plan: dict[str, Any], model: dict[str, Any]) -> list[dict[str, Any]]:
            assert model["format"] == "onnx"
            return [
                {"code": "mine.no_simplify", "severity": "error", "message": f"step '{step['id']}' rewrites the graph"}
                for step in plan["steps"]
                if step["operation"]["op"] == "simplify"
            ]

    plan = ml.Pipeline(validators=[NoSimplify()]).open(DIGITS).plan()
    with pytest.raises(errors.ModeliumError) as refused:
        plan.run(tmp_path / "out")
    assert any("rewrites the graph" in note for note in [str(refused.value), *refused.value.notes])
    assert not (tmp_path / "out").exists()


def test_a_deployer_renders_its_own_target(tmp_path: Path) -> None:
    class Shelf:
        target = "triton"  # takes the place of ours

        def render(self, request: dict[str, Any]) -> dict[str, Any]:
            assert request["descriptor"]["format"] == "onnx"
            return {"files": {"model.onnx": request["model"], "card.txt": b"hello"}, "findings": []}

        def apply(self, rendered: dict[str, Any]) -> dict[str, Any]:
            return {"target": "triton", "name": rendered["name"], "version": 7, "root": "/shelf"}

        def health(self, deployment: dict[str, Any]) -> dict[str, Any]:
            return {"live": True, "ready": True, "models": []}

    plan = ml.Pipeline(deployers=[Shelf()]).open(DIGITS).plan(target="triton")
    done = plan.run(tmp_path / "out", isolation="in_process")
    assert {path.name for path in done.files} == {"model.onnx", "card.txt"}


def test_tensors_speak_the_buffer_protocol() -> None:
    seen: dict[str, Any] = {}

    class Looks(Runtime):
        def load(self, path: str) -> Session:
            session = super().load(path)
            run = session.run

            def look(inputs: dict[str, ml.Tensor]) -> list[np.ndarray]:
                (tensor,) = inputs.values()
                view = memoryview(tensor)
                seen.update(name=tensor.name, dtype=tensor.dtype, shape=tensor.shape, view=(view.format, view.shape))
                return run(inputs)

            session.run = look  # type: ignore[method-assign]
            return session

    pipeline = ml.Pipeline(runtimes=[Looks()])
    assert pipeline.compare(DIGITS, DIGITS)
    assert seen["name"] == "image"
    assert seen["dtype"] == "float32"
    assert seen["view"] == ("f", seen["shape"])
