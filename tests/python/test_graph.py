"""Checking, inferring, simplifying and converting real exports, held against onnx and ONNX Runtime."""

import json
import math
import shutil
from fractions import Fraction
from pathlib import Path

import modelium as ml
import numpy as np
import onnx
import onnx.checker
import onnx.numpy_helper
import onnx.shape_inference
import onnxruntime
import pytest
from test_cli import document, run

EXPORTS = Path(__file__).parents[1] / "corpus" / "exports"
MODELS = sorted(path.parent.name for path in EXPORTS.glob("*/model.onnx"))
BERT = EXPORTS / "bert-tiny.legacy" / "model.onnx"


def outputs(model: Path, case: Path, number: int) -> list[np.ndarray]:
    """What ONNX Runtime computes of a case's inputs, as the file says it: without optimisations."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    with np.load(case / f"inputs_{number}.npz") as inputs:
        return list(session.run(None, {port.name: inputs[port.name] for port in session.get_inputs()}))


def assert_close(found: list[np.ndarray], wanted: list[np.ndarray]) -> None:
    """Equal shapes, and equal numbers within 1e-4 of the largest."""
    assert [one.shape for one in found] == [one.shape for one in wanted]
    for one, other in zip(found, wanted, strict=True):
        if one.dtype.kind == "f":
            scale = max(float(np.abs(other).max(initial=0.0)), 1e-3)
            assert float(np.abs(one - other).max(initial=0.0)) <= 1e-4 * scale
        else:
            np.testing.assert_array_equal(one, other)


def dynamic(model: Path) -> list[list[str]]:
    """The symbols of the inputs' and outputs' shapes."""
    graph = onnx.load(model).graph
    return [[dim.dim_param for dim in port.type.tensor_type.shape.dim] for port in (*graph.input, *graph.output)]


@pytest.mark.parametrize("level", ["portable", "onnxruntime"])
@pytest.mark.parametrize("name", MODELS)
def test_a_real_export_computes_the_same_and_never_grows(name: str, level: str, tmp_path: Path) -> None:
    case, out = EXPORTS / name, tmp_path / "simplified.onnx"
    done = ml.simplify(case / "model.onnx", out, level=level)
    assert done.after["nodes"] <= done.before["nodes"]
    assert done.after["bytes"] <= done.before["bytes"]
    assert dynamic(out) == dynamic(case / "model.onnx")
    onnx.checker.check_model(out, full_check=level == "portable")
    for number in range(len(list(case.glob("inputs_*.npz")))):
        assert_close(outputs(out, case, number), outputs(case / "model.onnx", case, number))


def test_portable_means_the_standard_operators_of_the_models_own_opset(tmp_path: Path) -> None:
    ml.simplify(BERT, tmp_path / "portable.onnx")
    before, after = onnx.load(BERT), onnx.load(tmp_path / "portable.onnx")
    assert {opset.domain: opset.version for opset in after.opset_import} == {
        opset.domain: opset.version for opset in before.opset_import
    }
    assert {node.domain for node in after.graph.node} <= {"", "ai.onnx"}


def test_the_runtimes_operators_are_used_where_they_are_allowed(tmp_path: Path) -> None:
    done = ml.simplify(ml.open(BERT), tmp_path / "ort.onnx", level="onnxruntime")
    assert any(operator.startswith("com.microsoft.") for operator in done.after["operators"])


def test_what_was_done_can_be_read_and_left_out(tmp_path: Path) -> None:
    done = ml.simplify(BERT, tmp_path / "all.onnx")
    passes = {rewrite["pass"] for rewrite in done.rewrites}
    assert passes
    assert len(done.explain().splitlines()) == len(done.rewrites)
    assert "before" in str(done)
    assert "<table>" in done._repr_html_()
    without = ml.simplify(BERT, tmp_path / "none.onnx", without=sorted(passes))
    assert not passes & {rewrite["pass"] for rewrite in without.rewrites}
    with pytest.raises(ml.errors.InvalidArgumentError, match="no pass is named 'magic'"):
        ml.simplify(BERT, tmp_path / "magic.onnx", without=["magic"])
    assert not (tmp_path / "magic.onnx").exists()


def test_a_file_is_replaced_only_when_asked(tmp_path: Path) -> None:
    out = tmp_path / "model.onnx"
    shutil.copy(BERT, out)
    with pytest.raises(ml.errors.InvalidArgumentError, match="is there already"):
        ml.simplify(out, out)
    assert out.read_bytes() == BERT.read_bytes()
    assert ml.simplify(out, out, replace=True).after["nodes"] < ml.open(BERT).descriptor["nodes"]


@pytest.mark.parametrize("name", MODELS)
def test_real_exports_are_valid(name: str) -> None:
    report = ml.check(EXPORTS / name / "model.onnx")
    assert report.valid, str(report)


def test_an_invalid_model_is_a_report_with_its_reason(tmp_path: Path) -> None:
    model = onnx.load(BERT)
    model.graph.node[3].input[0] = "nowhere"
    onnx.save(model, tmp_path / "broken.onnx")
    report = ml.check(tmp_path / "broken.onnx")
    assert not report
    assert report.fault is not None
    assert "nowhere" in report.fault["message"]
    with pytest.raises(ml.errors.MalformedError, match="nowhere"):
        report.check()


@pytest.mark.parametrize("name", MODELS)
def test_inference_knows_what_the_official_one_knows(name: str, tmp_path: Path) -> None:
    path = EXPORTS / name / "model.onnx"
    ml.infer(path, tmp_path / "ours.onnx")
    onnx.checker.check_model(tmp_path / "ours.onnx")
    theirs = onnx.shape_inference.infer_shapes(onnx.load(path), data_prop=True)
    ours = {value.name: value.type for value in onnx.load(tmp_path / "ours.onnx").graph.value_info}
    for value in theirs.graph.value_info:
        if value.type.tensor_type.elem_type == 0:
            continue
        assert value.name in ours
        mine, other = ours[value.name].tensor_type, value.type.tensor_type
        assert mine.elem_type == other.elem_type
        if other.HasField("shape"):
            assert len(mine.shape.dim) == len(other.shape.dim), value.name
            for a, b in zip(mine.shape.dim, other.shape.dim, strict=True):
                if b.HasField("dim_value"):
                    assert a.dim_value == b.dim_value, value.name


def claimed(dim: onnx.TensorShapeProto.Dimension, sizes: dict[str, Fraction]) -> Fraction | None:
    """What a dimension is if its names are these numbers; ``None`` if one is not among them."""
    if dim.HasField("dim_value"):
        return Fraction(dim.dim_value)
    functions = {"floor": math.floor, "trunc": math.trunc, "min": min, "max": max, "__builtins__": {}}
    try:
        return Fraction(eval(dim.dim_param, functions, dict(sizes)))
    except (NameError, SyntaxError):
        return None


@pytest.mark.parametrize("name", MODELS)
def test_every_shape_that_is_claimed_is_what_comes_out(name: str, tmp_path: Path) -> None:
    case, annotated = EXPORTS / name, tmp_path / "annotated.onnx"
    ml.infer(case / "model.onnx", annotated)
    model = onnx.load(annotated)
    declared = {port.name: port.type for port in (*model.graph.input, *model.graph.value_info, *model.graph.output)}
    shown = {port.name for port in model.graph.output}
    tensors = [info for info in model.graph.value_info if info.type.HasField("tensor_type") and info.name not in shown]
    model.graph.output.extend(tensors)
    onnx.save(model, annotated)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(annotated, options, providers=["CPUExecutionProvider"])
    names = [port.name for port in session.get_outputs()]
    held = 0
    for number in range(2):
        with np.load(case / f"inputs_{number}.npz") as inputs:
            given = {port.name: inputs[port.name] for port in session.get_inputs()}
        sizes = {
            dim.dim_param: Fraction(size)
            for value, array in given.items()
            for dim, size in zip(declared[value].tensor_type.shape.dim, array.shape, strict=True)
            if dim.dim_param.isidentifier()
        }
        for value, array in zip(names, session.run(None, given), strict=True):
            shape = declared[value].tensor_type.shape
            if not declared[value].tensor_type.HasField("shape"):
                continue
            assert len(shape.dim) == array.ndim, value
            for dim, size in zip(shape.dim, array.shape, strict=True):
                claim = claimed(dim, sizes)
                assert claim is None or claim == size, f"{value}: {dim.dim_param} is {size}"
                held += claim is not None
    assert held > len(names)


def test_symbols_get_numbers() -> None:
    symbolic, bound = ml.infer(BERT), ml.infer(BERT, dims={"batch": 3})
    assert any("batch" in found for found in symbolic.types.values())
    assert not any("batch" in found for found in bound.types.values())
    assert not bound.faults


@pytest.mark.parametrize("opset", [15, 21])
def test_another_opset_computes_the_same(opset: int, tmp_path: Path) -> None:
    case, out = BERT.parent, tmp_path / "other.onnx"
    try:
        done = ml.upgrade(BERT, out, opset=opset)
    except ml.errors.UnsupportedError as error:
        assert opset < 17  # noqa: PT017
        assert "cannot be expressed" in str(error)  # noqa: PT017
        assert not out.exists()  # noqa: PT017
        return
    assert done["to"] == opset
    assert onnx.load(out).opset_import[0].version == opset
    assert_close(outputs(out, case, 0), outputs(BERT, case, 0))


def test_what_cannot_be_expressed_is_listed_node_by_node(tmp_path: Path) -> None:
    model, out = EXPORTS / "t5-decoder-tiny.legacy" / "model.onnx", tmp_path / "other.onnx"
    with pytest.raises(ml.errors.UnsupportedError, match="2 of .* nodes cannot be expressed in opset 11") as caught:
        ml.upgrade(model, out, opset=11)
    assert len(caught.value.notes) == 2
    assert all("'Min' of opset 12" in note for note in caught.value.notes)
    shown = run("upgrade", model, out, "--opset", "11")
    assert shown.returncode == 1
    assert all(note in shown.stderr for note in caught.value.notes)
    assert not out.exists()


def test_the_first_node_at_which_models_part_is_found(tmp_path: Path) -> None:
    model = onnx.load(BERT)
    weights = [tensor for tensor in model.graph.initializer if len(tensor.dims) == 2 and tensor.data_type == 1]
    broken = weights[len(weights) // 2]
    node = next(node for node in model.graph.node if broken.name in node.input)
    changed = onnx.numpy_helper.to_array(broken).copy()
    changed[0, 0] += 1.0
    broken.CopyFrom(onnx.numpy_helper.from_array(changed, broken.name))
    onnx.save(model, tmp_path / "broken.onnx")
    samples = BERT.parent / "inputs_0.npz"
    found = ml.compare_layers(BERT, tmp_path / "broken.onnx", samples=samples)
    assert not found
    assert found.first is not None
    assert found.first["node"]["name"] == node.name
    assert found.document["probes"] <= 2 * len(model.graph.node).bit_length()
    simplified = tmp_path / "simplified.onnx"
    ml.simplify(BERT, simplified)
    assert ml.compare_layers(BERT, simplified, samples=samples).first is None
    assert run("compare", BERT, tmp_path / "broken.onnx", "--layers", "--samples", samples).returncode == 1


def test_commands_give_documents_and_tables(tmp_path: Path) -> None:
    assert document("simplified", "simplify", BERT, tmp_path / "a.onnx")["rewrites"]
    assert document("check_report", "check", BERT)["valid"]
    assert document("infer_report", "infer", BERT, "--dim", "batch=2", "--out", tmp_path / "b.onnx")["values"]
    assert document("upgraded", "upgrade", BERT, tmp_path / "c.onnx", "--opset", "21")["to"] == 21
    table = run("simplify", BERT, tmp_path / "d.onnx", "--explain", "--level", "onnxruntime").stdout
    assert "→" in table
    assert "nodes" in table
    assert run("check", BERT, "--structure").stdout.strip().endswith("valid")
    assert "input_ids" not in json.dumps(run("infer", BERT).stdout.splitlines()[:1])
