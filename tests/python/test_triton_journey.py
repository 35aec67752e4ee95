"""From a model file to a real Triton server and back again, as a user of the package would go.

The server's own behaviour is held by `test_triton_server.py`; here modelium renders, checks, publishes and rolls back,
and onnxruntime on the original file says what a client must receive.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import modelium as ml
import numpy as np
import onnx
import onnxruntime
import pytest
import tritonclient.grpc as grpc
import tritonclient.http as http
from google.protobuf import json_format, text_format
from modelium import errors
from onnx import numpy_helper, parser
from server import TritonServer
from tritonclient.grpc.model_config_pb2 import ModelConfig
from tritonclient.utils import InferenceServerException, np_to_triton_dtype

Triton = Callable[..., TritonServer]
Feeds = Mapping[str, np.ndarray]
REPOSITORY = Path(__file__).parents[2]
DIGITS = REPOSITORY / "examples" / "models" / "digits" / "digits.onnx"
SAMPLES = DIGITS.with_name("samples.npz")
LINEAR = "(float[N,3] x) => (float[N,2] y) <float[3,2] w = {2, 0, 0, 2, 2, 2}> { y = MatMul(x, w) }"
MOST = 16


def graph(text: str) -> onnx.ModelProto:
    """A model of one graph, in ONNX's own text form."""
    return parser.parse_model(f'<ir_version: 9, opset_import: ["": 20]> graph {text}')


def render(model: Path, out: Path, name: str, batch: int = MOST, samples: Path | None = None) -> ml.Execution:
    plan = ml.open(model).plan(target="triton", name=name, samples=samples, batch=(1, batch))
    return plan.run(out, isolation="in_process")


def render_graph(folder: Path, name: str, text: str) -> ml.Execution:
    onnx.save(graph(text), folder / f"{name}.onnx")
    return render(folder / f"{name}.onnx", folder / f"{name}_rendered", name)


def url(server: TritonServer) -> str:
    return f"http://{server.http}"


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def ask(transport: ModuleType, address: str, name: str, feeds: Feeds, output: str) -> np.ndarray:
    """One output of one request; `transport` is tritonclient's http or grpc."""
    with transport.InferenceServerClient(address) as client:
        tensors = []
        for key, array in feeds.items():
            tensors.append(transport.InferInput(key, list(array.shape), np_to_triton_dtype(array.dtype)))
            tensors[-1].set_data_from_numpy(array)
        return np.asarray(client.infer(name, tensors).as_numpy(output))


def infer(server: TritonServer, name: str, feeds: Feeds, output: str) -> np.ndarray:
    """One output over HTTP, which must equal the one over gRPC."""
    over_http = ask(http, server.http, name, feeds, output)
    np.testing.assert_array_equal(over_http, ask(grpc, server.grpc, name, feeds, output))
    return over_http


def images(count: int) -> np.ndarray:
    with np.load(SAMPLES) as samples:
        return samples["image"][:count]


def logits(model: Path, image: np.ndarray) -> np.ndarray:
    return onnxruntime.InferenceSession(model).run(["logits"], {"image": image})[0]


def assert_serves(server: TritonServer, model: Path) -> None:
    """The server computes for `digits` what onnxruntime computes for this file."""
    image = images(3)
    served = infer(server, "digits", {"image": image}, "logits")
    np.testing.assert_allclose(served, logits(model, image), rtol=1e-4, atol=1e-4)


def assert_within(ours: Any, theirs: Any, path: str = "config") -> None:
    """All that we wrote stands in what the server reports, which holds its defaults too."""
    if isinstance(ours, dict):
        for key, value in ours.items():
            assert key in theirs, f"{path}.{key}"
            assert_within(value, theirs[key], f"{path}.{key}")
    elif isinstance(ours, list):
        assert len(ours) == len(theirs), path
        for index, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            assert_within(one, other, f"{path}[{index}]")
    else:
        assert ours == theirs, path


def assert_reported_as_written(server: TritonServer, repository: Path, name: str) -> None:
    """Parses our config with Triton's own schema, and holds it against the server's."""
    written = text_format.Parse((repository / name / "config.pbtxt").read_text(), ModelConfig())
    status, body = server.request("GET", f"/v2/models/{name}/config")
    assert status == 200, body
    reported = json_format.Parse(body, ModelConfig(), ignore_unknown_fields=True)
    assert written.name == name
    assert written.max_batch_size == reported.max_batch_size
    ours, theirs = (
        json_format.MessageToDict(message, preserving_proto_field_name=True) for message in (written, reported)
    )
    assert_within(ours, theirs)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("repository")


@pytest.fixture(scope="module")
def server(triton: Triton, repository: Path) -> TritonServer:
    """Fills nothing in, so that each config must be whole as it was rendered."""
    return triton(repository, "--disable-auto-complete-config")


@pytest.fixture(scope="module")
def retrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The digits model with other weights."""
    model = onnx.load(DIGITS)
    noise = np.random.default_rng(7)
    for tensor in model.graph.initializer:
        array = numpy_helper.to_array(tensor)
        if array.dtype == np.float32 and array.ndim > 1:
            changed = (array * noise.uniform(0.5, 1.5, array.shape)).astype(np.float32)
            tensor.CopyFrom(numpy_helper.from_array(changed, tensor.name))
    path = tmp_path_factory.mktemp("retrained") / "retrained.onnx"
    onnx.save(model, path)
    assert not np.allclose(logits(path, images(3)), logits(DIGITS, images(3)), rtol=1e-2, atol=1e-2)
    return path


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> ml.Execution:
    return render(DIGITS, tmp_path_factory.mktemp("digits") / "rendered", "digits", samples=SAMPLES)


@pytest.fixture(scope="module")
def first(digits: ml.Execution, server: TritonServer, repository: Path) -> ml.Deployment:
    return digits.deploy(repository, server=url(server))


def test_the_model_that_was_proven_is_the_one_that_is_served(
    digits: ml.Execution, first: ml.Deployment, server: TritonServer
) -> None:
    assert digits.parity is not None
    assert digits.parity.check().passed
    assert (first.name, first.version) == ("digits", 1)
    assert first.health()["ready"]
    for count in (1, 2, MOST):
        image = images(count)
        served = infer(server, "digits", {"image": image}, "logits")
        np.testing.assert_allclose(served, logits(DIGITS, image), rtol=1e-4, atol=1e-4)
    with pytest.raises(InferenceServerException, match=f"batch-size must be <= {MOST}"):
        infer(server, "digits", {"image": images(MOST + 1)}, "logits")


def test_the_served_model_is_as_accurate_as_the_original(
    digits: ml.Execution, first: ml.Deployment, server: TritonServer
) -> None:
    with np.load(SAMPLES) as samples:
        image, labels = samples["image"], samples["labels"]
    served = np.concatenate(
        [
            ask(http, server.http, first.name, {"image": image[at : at + MOST]}, "logits")
            for at in range(0, len(image), MOST)
        ]
    )
    right = int((served.argmax(1) == labels).sum())
    assert right == int((logits(DIGITS, image).argmax(1) == labels).sum())
    assert digits.parity is not None
    assert digits.parity.document["accuracy"]["result"] == right


def test_a_new_version_is_rolled_out_and_back_and_out_again(
    digits: ml.Execution, retrained: Path, first: ml.Deployment, server: TritonServer, repository: Path, tmp_path: Path
) -> None:
    second = render(retrained, tmp_path / "rendered", "digits").deploy(repository, server=url(server))
    assert second.version == first.version + 1
    assert second.health()["ready"]
    assert_serves(server, retrained)

    back = second.rollback()
    assert back.version == first.version
    assert back.health()["ready"]
    assert_serves(server, DIGITS)
    for version, model in ((first.version, digits.path / "digits/1/model.onnx"), (second.version, None)):
        kept = repository / "digits" / str(version) / "model.onnx"
        assert kept.stat().st_size
        assert model is None or kept.read_bytes() == model.read_bytes()
    with pytest.raises(errors.InvalidArgumentError, match="none before it"):
        back.rollback()
    assert_serves(server, DIGITS)

    third = ml.deploy(tmp_path / "rendered", repository, server=url(server))
    assert third.version == second.version + 1
    assert_serves(server, retrained)
    assert third.rollback().version == first.version
    assert_serves(server, DIGITS)


def test_a_file_that_is_no_model_never_reaches_the_repository(
    digits: ml.Execution, first: ml.Deployment, server: TritonServer, repository: Path, tmp_path: Path
) -> None:
    broken = shutil.copytree(digits.path, tmp_path / "broken")
    (broken / "digits/1/model.onnx").write_bytes(b"not protobuf")
    before = contents(repository)
    with pytest.raises(errors.InvalidArgumentError, match="would not be served") as refused:
        ml.deploy(broken, repository, server=url(server))
    assert "model.onnx" in str(refused.value)
    assert contents(repository) == before
    assert ml.health(url(server), first.name)["ready"]


# onnxruntime refuses the operator; all that can be known without it is right
UNKNOWN_OPERATOR = '<ir_version: 9, opset_import: ["": 20, "nowhere": 1]> graph SIGNATURE { OUT = nowhere.Nothing(IN) }'


def test_what_the_server_refuses_leaves_the_old_version_serving(
    digits: ml.Execution, first: ml.Deployment, server: TritonServer, repository: Path, tmp_path: Path
) -> None:
    broken = shutil.copytree(digits.path, tmp_path / "broken")
    text = UNKNOWN_OPERATOR.replace("SIGNATURE", "(float[batch,1,8,8] image) => (float[batch,10] logits)")
    onnx.save(parser.parse_model(text.replace("OUT", "logits").replace("IN", "image")), broken / "digits/1/model.onnx")
    assert [finding for finding in ml.lint(broken) if finding["severity"] == "error"] == []
    before = contents(repository)
    with pytest.raises(errors.BackendError, match="Nothing") as refused:
        ml.deploy(broken, repository, server=url(server))
    assert any("as it was before" in note for note in refused.value.notes)
    assert contents(repository) == before
    assert ml.health(url(server), first.name)["ready"]
    assert_serves(server, DIGITS)


def test_a_first_version_that_the_server_refuses_is_taken_out_again(
    server: TritonServer, repository: Path, tmp_path: Path
) -> None:
    rendered = render_graph(tmp_path, "unborn", LINEAR).path
    text = UNKNOWN_OPERATOR.replace("SIGNATURE", "(float[N,3] x) => (float[N,2] y)")
    onnx.save(parser.parse_model(text.replace("OUT", "y").replace("IN", "x")), rendered / "unborn/1/model.onnx")
    with pytest.raises(errors.BackendError, match="Nothing"):
        ml.deploy(rendered, repository, server=url(server))
    assert not (repository / "unborn").exists()
    assert server.request("GET", "/v2/models/unborn/ready")[0] == 400


class Mistake(NamedTuple):
    """One edit of the rendered config, and what must be said about it."""

    old: str
    new: str
    code: str
    #: The first line with this text, counted in the edited config, is the one to name.
    line: str
    remedy: str


MISTAKES = {
    "unknown_field": Mistake(
        "max_batch_size:", "max_batch:", "triton.unknown_field", "max_batch:", "did you mean 'max_batch_size'?"
    ),
    "other_name": Mistake('name: "linear"', 'name: "other"', "triton.name_differs", "other", "rename one of them"),
    "preferred_above_max": Mistake(
        "dynamic_batching { }",
        "dynamic_batching { preferred_batch_size: [ 17 ] }",
        "triton.preferred_batch_size",
        "preferred_batch_size",
        "lower it",
    ),
    "dims_zero": Mistake("dims: [ 3 ]", "dims: [ 0 ]", "triton.bad_dims", "dims: [ 0 ]", "-1 for one that varies"),
    "no_data_type": Mistake("    data_type: TYPE_FP32\n", "", "triton.missing_data_type", "  {", "TYPE_FP32"),
    "no_such_version": Mistake(
        "latest {\n    num_versions: 1",
        "specific {\n    versions: [ 7 ]",
        "triton.version_policy",
        "[ 7 ]",
        "there is 1",
    ),
    "wrong_dims": Mistake("dims: [ 3 ]", "dims: [ 4 ]", "triton.dims_differ", "dims: [ 4 ]", "write dims: [ 3 ]"),
}


@pytest.fixture(scope="module")
def linear(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return render_graph(tmp_path_factory.mktemp("linear"), "linear", LINEAR).path


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_before_it_is_uploaded(linear: Path, name: str, tmp_path: Path) -> None:
    mistake = MISTAKES[name]
    assert ml.lint(linear) == []
    edited = shutil.copytree(linear, tmp_path / "edited")
    config = edited / "linear/config.pbtxt"
    text = config.read_text()
    assert mistake.old in text
    text = text.replace(mistake.old, mistake.new, 1)
    config.write_text(text)

    faults = [finding for finding in ml.lint(edited) if finding["severity"] == "error"]
    [fault] = [finding for finding in faults if finding["code"] == mistake.code]
    line = next(number for number, words in enumerate(text.splitlines(), 1) if mistake.line in words)
    assert fault["location"] == {"file": str(config), "line": line}
    assert mistake.remedy in fault["remedy"]

    models = tmp_path / "models"
    with pytest.raises(errors.InvalidArgumentError, match="would not be served"):
        ml.deploy(edited, models)
    assert not models.exists()


def test_an_ensemble_over_an_output_that_does_not_exist_is_found(linear: Path, tmp_path: Path) -> None:
    models = shutil.copytree(linear, tmp_path / "models")
    (models / "whole/1").mkdir(parents=True)
    config = models / "whole/config.pbtxt"
    config.write_text(
        """\
name: "whole"
platform: "ensemble"
max_batch_size: 8
input [ { name: "x" data_type: TYPE_FP32 dims: [ 3 ] } ]
output [ { name: "y" data_type: TYPE_FP32 dims: [ 2 ] } ]
ensemble_scheduling {
  step [ {
    model_name: "linear"
    model_version: -1
    input_map { key: "x" value: "x" }
    output_map { key: "zzz" value: "y" }
  } ]
}
"""
    )
    [fault] = [finding for finding in ml.lint(models) if "zzz" in finding["message"]]
    assert (fault["severity"], fault["code"]) == ("error", "triton.ensemble_map")
    assert fault["location"] == {"file": str(config), "line": 11}
    assert "'y'" in fault["remedy"]


class Case(NamedTuple):
    """A model that is not simply floats by the row."""

    graph: str
    #: What the rendered config must say.
    max_batch_size: int
    #: As a client sends them: a scalar is [1], one number for each row is [rows, 1].
    feeds: dict[str, np.ndarray]


X = np.arange(6, dtype=np.float32).reshape(2, 3) ** 2
CASES = {
    "fixed": Case(LINEAR.replace("N", "2"), 0, {"x": X}),
    "fixed_one": Case(LINEAR.replace("N", "1"), 0, {"x": X[:1]}),
    # rows of a batch would depend on who else asks
    "coupled": Case(
        "(float[N,3] x) => (float[N,3] y) <int64[1] axes = {0}> { m = ReduceMean(x, axes) y = Sub(x, m) }",
        0,
        {"x": X},
    ),
    "reduced": Case(
        "(float[N,3] x) => (float[3] y) <int64[1] axes = {0}> { y = ReduceSum<keepdims = 0>(x, axes) }", 0, {"x": X}
    ),
    "scalar_output": Case("(float[N,3] x) => (float y) { y = ReduceSum<keepdims = 0>(x) }", 0, {"x": X}),
    "scalar_input": Case(
        "(float[N,3] x, float f) => (float[N,3] y) { y = Mul(x, f) }", 0, {"x": X, "f": np.array([3], np.float32)}
    ),
    "one_number_a_row": Case(
        "(float[N] x) => (float[N] y) { y = Add(x, x) }", MOST, {"x": np.array([[1], [2]], np.float32)}
    ),
    "int64": Case("(int64[N,3] x) => (int64[N,3] y) { y = Add(x, x) }", MOST, {"x": X.astype(np.int64) << 40}),
    "bool": Case("(bool[N,3] x) => (bool[N,3] y) { y = Not(x) }", MOST, {"x": X > 3}),
    "string": Case(
        "(string[N,3] x) => (string[N,3] y) { y = StringConcat(x, x) }",
        MOST,
        {"x": np.array([["a", "", "ä"], ["b c", "\n", "ß"]], object)},
    ),
    "fp16": Case("(float16[N,3] x) => (float16[N,3] y) { y = Add(x, x) }", MOST, {"x": X.astype(np.float16)}),
    "two_inputs": Case(
        "(float[N,3] a, int64[N,3] b) => (float[N,3] y) { c = Cast<to = 1>(b) y = Sub(a, c) }",
        MOST,
        {"a": X, "b": np.arange(6).reshape(2, 3)},
    ),
    "open_sizes": Case(
        "(uint8[N,height,width] x) => (float[N,height,width] y) { y = Cast<to = 1>(x) }",
        MOST,
        {"x": np.arange(40, dtype=np.uint8).reshape(2, 4, 5)},
    ),
    "external": Case(LINEAR, MOST, {"x": X}),
}


@pytest.fixture(scope="module")
def originals(server: TritonServer, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Publishes each case, all at once, since most of a load is waiting; gives the files they came from."""
    folder = tmp_path_factory.mktemp("cases")

    def publish(name: str) -> Path:
        path = folder / name / "model.onnx"
        path.parent.mkdir()
        model = graph(CASES[name].graph)
        if name == "external":
            onnx.save_model(model, path, save_as_external_data=True, location="weights.bin", size_threshold=0)
        else:
            onnx.save(model, path)
        deployed = render(path, folder / name / "rendered", name).deploy(repository, server=url(server))
        assert deployed.health()["ready"]
        return path

    with ThreadPoolExecutor(4) as pool:
        return dict(zip(CASES, pool.map(publish, CASES), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_models_of_every_shape_are_served_as_the_original_computes(
    originals: dict[str, Path], server: TritonServer, repository: Path, name: str
) -> None:
    case = CASES[name]
    session = onnxruntime.InferenceSession(originals[name])
    feeds = {
        port.name: case.feeds[port.name].reshape(case.feeds[port.name].shape[: len(port.shape)])
        for port in session.get_inputs()
    }
    expected = session.run(["y"], feeds)[0]
    served = infer(server, name, case.feeds, "y")
    assert served.size == np.size(expected)
    if served.dtype == object:
        assert [text.decode() for text in served.flat] == list(expected.flat)
    else:
        assert served.dtype == np.asarray(expected).dtype
        np.testing.assert_allclose(served.reshape(np.shape(expected)), expected, rtol=1e-4)
    config = text_format.Parse((repository / name / "config.pbtxt").read_text(), ModelConfig())
    assert config.max_batch_size == case.max_batch_size


@pytest.mark.parametrize("name", ["digits", "coupled", "one_number_a_row", "string", "two_inputs"])
def test_the_server_reports_the_config_that_was_written(
    first: ml.Deployment, originals: dict[str, Path], server: TritonServer, repository: Path, name: str
) -> None:
    assert_reported_as_written(server, repository, name)


def modelium(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "modelium", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_health_says_why_for_each_model(digits: ml.Execution, triton: Triton, tmp_path: Path) -> None:
    """On a server as it is by default, which fills configs in."""
    repository = tmp_path / "repository"
    repository.mkdir()
    server = triton(repository)
    deployed = digits.deploy(repository, server=url(server))
    assert_reported_as_written(server, repository, "digits")
    assert ml.health(url(server)) == {
        "live": True,
        "ready": True,
        "models": [{"name": "digits", "version": 1, "ready": True}],
    }
    assert modelium("health", "--server", url(server)).returncode == 0

    (repository / "broken/1").mkdir(parents=True)
    (repository / "broken/1/model.onnx").write_bytes(b"not protobuf")
    (repository / "broken/config.pbtxt").write_text('backend: "onnxruntime"\n')
    assert server.request("POST", "/v2/repository/models/broken/load")[0] == 400
    health = ml.health(url(server))
    assert (health["live"], health["ready"]) == (True, False)
    reasons = {model["name"]: model.get("reason") for model in health["models"]}
    assert reasons["digits"] is None
    assert "Protobuf parsing failed" in reasons["broken"].splitlines()[0]
    assert deployed.health()["ready"]

    whole = modelium("health", "--server", url(server))
    assert whole.returncode == 1
    assert "live, not ready" in whole.stdout
    assert "Protobuf parsing failed" in whole.stdout
    assert modelium("health", "--server", url(server), "--model", "digits").returncode == 0
    broken = modelium("health", "--server", url(server), "--model", "broken", "--json")
    assert broken.returncode == 1
    assert [model["name"] for model in json.loads(broken.stdout)["models"]] == ["broken"]
    unknown = modelium("health", "--server", url(server), "--model", "nobody")
    assert unknown.returncode == 1
    assert "no such model" in unknown.stdout

    server.stop()
    gone = modelium("health", "--server", url(server))
    assert gone.returncode == 1
    assert "modelium: " in gone.stderr
    with pytest.raises(errors.BackendError):
        deployed.health()


HAND_WRITTEN = """\
name: "NAME"
platform: "onnxruntime_onnx"
max_batch_size: 8
input [
  {
    name: "x"
    data_type: TYPE_FP32
    dims: [ 3 ]
  }
]
output [ { name: "y" data_type: TYPE_FP32 dims: [ 2 ] } ]
"""


class Fault(NamedTuple):
    """What users get wrong by hand: the right text, theirs, the line and the finding."""

    graph: str
    right: str
    wrong: str
    line: int
    code: str


FAULTS = {
    "hand_batch": Fault(
        LINEAR.replace("N", "1"),
        HAND_WRITTEN.replace("size: 8", "size: 0").replace("[ 3 ]", "[ 1, 3 ]").replace("[ 2 ]", "[ 1, 2 ]"),
        HAND_WRITTEN,
        8,
        "triton.no_batch_axis",
    ),
    "hand_axis": Fault(
        LINEAR, HAND_WRITTEN, HAND_WRITTEN.replace("[ 3 ]", "[ -1, 3 ]"), 8, "triton.batch_axis_in_dims"
    ),
    "hand_type": Fault(LINEAR, HAND_WRITTEN, HAND_WRITTEN.replace("FP32\n", "FP64\n"), 7, "triton.data_type_differs"),
    "hand_name": Fault(LINEAR, HAND_WRITTEN, HAND_WRITTEN.replace('"x"', '"X"'), 6, "triton.unknown_input"),
}


def test_a_repository_written_by_hand_is_put_right(server: TritonServer, repository: Path, tmp_path: Path) -> None:
    """What lint finds, the server refuses; what it finds no more, the server takes."""
    for name, fault in FAULTS.items():
        (tmp_path / name / "1").mkdir(parents=True)
        onnx.save(graph(fault.graph), tmp_path / name / "1/model.onnx")
        (tmp_path / name / "config.pbtxt").write_text(fault.wrong.replace("NAME", name))
    faults = [finding for finding in ml.lint(tmp_path) if finding["severity"] == "error"]
    assert all(finding["remedy"] for finding in faults)
    for name, fault in FAULTS.items():
        place = {"file": str(tmp_path / name / "config.pbtxt"), "line": fault.line}
        assert (fault.code, place) in [(finding["code"], finding["location"]) for finding in faults]
    text = modelium("lint", tmp_path)
    assert text.returncode == 1
    assert "hand_type/config.pbtxt:7" in text.stdout

    def load(name: str) -> int:
        return server.request("POST", f"/v2/repository/models/{name}/load")[0]

    for name in FAULTS:
        shutil.copytree(tmp_path / name, repository / name)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(load, FAULTS)) == {400}
        for name, fault in FAULTS.items():
            for root in (tmp_path, repository):
                (root / name / "config.pbtxt").write_text(fault.right.replace("NAME", name))
        assert [finding for finding in ml.lint(tmp_path) if finding["severity"] == "error"] == []
        assert set(pool.map(load, FAULTS)) == {200}
    assert infer(server, "hand_batch", {"x": X[:1]}, "y").tolist() == (X[:1] @ [[2, 0], [0, 2], [2, 2]]).tolist()
