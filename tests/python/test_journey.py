"""From a file to a proven result, as a user of the package would write it."""

import json
from pathlib import Path

import modelium as ml
import numpy as np
import onnx
import onnxruntime
import pytest
from modelium import errors
from onnx import TensorProto, helper, numpy_helper

REPOSITORY = Path(__file__).parents[2]
DIGITS = REPOSITORY / "examples" / "models" / "digits" / "digits.onnx"
SAMPLES = DIGITS.with_name("samples.npz")


def test_a_model_is_described_without_running_it() -> None:
    model = ml.open(DIGITS)
    proto = onnx.load(DIGITS)
    assert model.format == "onnx"
    assert [port["name"] for port in model.inputs] == ["image"]
    assert model.inputs[0]["shape"][1:] == [1, 8, 8]
    assert sum(model.operators.values()) == len(proto.graph.node)
    stored = sum(int(np.prod(tensor.dims)) for tensor in proto.graph.initializer)
    constants = sum(
        int(np.prod(attribute.t.dims))
        for node in proto.graph.node
        if node.op_type == "Constant"
        for attribute in node.attribute
        if attribute.name == "value"
    )
    assert stored <= model.parameters <= stored + constants
    assert "image" in model._repr_html_()
    assert "Conv" in str(model)


def test_costs_follow_the_bindings() -> None:
    model = ml.open(DIGITS)
    one, four = model.costs(batch=1), model.costs(batch=4)
    assert four["macs"] == 4 * one["macs"]


@pytest.mark.parametrize("isolation", ["worker", "in_process"])
def test_the_whole_journey_is_proven(tmp_path: Path, isolation: str) -> None:
    plan = ml.open(DIGITS).plan(target="triton", samples=SAMPLES)
    assert "parity" in plan.explain()
    seen: list[str] = []
    done = plan.run(tmp_path / "out", isolation=isolation, progress=lambda stage, _done, _total: seen.append(stage))
    assert seen
    assert done.parity is not None
    assert done.parity.check().passed
    model = next(path for path in done.files if path.suffix == ".onnx")
    assert len(onnx.load(model).graph.node) < len(onnx.load(DIGITS).graph.node)
    with np.load(SAMPLES) as samples:
        image, labels = samples["image"], samples["labels"]
    result = onnxruntime.InferenceSession(model).run(None, {"image": image})[0]
    original = onnxruntime.InferenceSession(DIGITS).run(None, {"image": image})[0]
    np.testing.assert_allclose(result, original, rtol=1e-4, atol=1e-4)
    accuracy = done.parity.document["accuracy"]
    assert accuracy["rows"] == len(labels)
    assert accuracy["original"] == int((original.argmax(1) == labels).sum())
    assert accuracy["result"] == int((result.argmax(1) == labels).sum())
    assert "config.pbtxt" in done.tree()


def test_the_same_wishes_give_the_same_bytes() -> None:
    first, second = (ml.open(DIGITS).plan(target="triton").to_json() for _ in range(2))
    assert first == second
    assert json.loads(first)["schema"] == 1


def test_an_impossible_wish_says_what_was_looked_at() -> None:
    with pytest.raises(errors.NoRouteError) as refused:
        ml.open(DIGITS).plan(precision="int4")
    assert refused.value.notes
    assert isinstance(refused.value, LookupError)


def test_an_occupied_folder_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    plan = ml.open(DIGITS).plan()
    with pytest.raises(errors.InvalidArgumentError, match="not empty"):
        plan.run(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    plan.run(tmp_path, replace=True)
    assert not (tmp_path / "mine.txt").exists()


@pytest.mark.parametrize("isolation", ["worker", "in_process"])
def test_a_callback_that_raises_cancels_and_leaves_nothing(tmp_path: Path, isolation: str) -> None:
    class Enough(Exception):
        pass

    def stop(stage: str, _done: int, _total: int) -> None:
        raise Enough(stage)

    plan = ml.open(DIGITS).plan()
    with pytest.raises(Enough):
        plan.run(tmp_path / "out", isolation=isolation, progress=stop)
    assert list(tmp_path.iterdir()) == []


def perturbed(source: Path, target: Path) -> None:
    """The model with the weights of its last layer moved."""
    proto = onnx.load(source)
    tensor = next(tensor for tensor in reversed(proto.graph.initializer) if len(tensor.dims) == 2)
    values = numpy_helper.to_array(tensor).copy()
    values += 0.5
    tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))
    onnx.save(proto, target)


def test_a_moved_weight_is_caught_with_its_output(tmp_path: Path) -> None:
    perturbed(DIGITS, tmp_path / "b.onnx")
    report = ml.compare(DIGITS, tmp_path / "b.onnx", samples=SAMPLES)
    assert not report
    with np.load(SAMPLES) as samples:
        feed = {"image": samples["image"]}
    a, b = (onnxruntime.InferenceSession(path).run(None, feed)[0] for path in (DIGITS, tmp_path / "b.onnx"))
    worst = max(output["max_absolute"] for sample in report.document["samples"] for output in sample["outputs"])
    assert worst >= np.abs(a - b).max() * 0.99
    with pytest.raises(errors.MismatchError, match="logits"):
        report.check()
    assert ml.compare(DIGITS, DIGITS)


def test_external_data_travels(tmp_path: Path) -> None:
    proto = onnx.load(DIGITS)
    onnx.save(proto, tmp_path / "m.onnx", save_as_external_data=True, location="m.bin", size_threshold=0)
    model = ml.open(tmp_path / "m.onnx")
    assert {file["name"] for file in model.descriptor["files"]} == {"m.onnx", "m.bin"}
    assert model.plan(target="triton").run(tmp_path / "out").parity


def test_external_data_cannot_leave_the_folder(tmp_path: Path) -> None:
    weight = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[1], data_location=TensorProto.EXTERNAL)
    weight.external_data.add(key="location", value="../secret")
    graph = helper.make_graph(
        [helper.make_node("Identity", ["w"], ["y"])],
        "g",
        [],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])],
        [weight],
    )
    (tmp_path / "m").mkdir()
    (tmp_path / "secret").write_bytes(b"1234")
    (tmp_path / "m" / "m.onnx").write_bytes(helper.make_model(graph).SerializeToString())
    with pytest.raises(errors.UnsafeContentError, match=r"'w'.*'\.\.'"):
        ml.open(tmp_path / "m" / "m.onnx")
    assert ml.scan(tmp_path / "m" / "m.onnx").verdict == "malicious"


def test_a_plan_keeps_to_the_licences_that_are_wanted(tmp_path: Path) -> None:
    plan = ml.open(DIGITS).plan(license={"allow": ["Apache-2.0"], "unknown": "deny"})
    with pytest.raises(errors.InvalidArgumentError, match="under which licence it comes"):
        plan.run(tmp_path / "out", isolation="in_process")
    assert not (tmp_path / "out").exists()
