"""The harness of tests/triton, and what a real Triton server does with right and wrong repositories.

Nothing here uses modelium: these are the facts that its Triton deployer and its lint build on.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import server as server_module
import tritonclient.grpc as grpc
import tritonclient.http as http
from onnx import TensorProto, helper, numpy_helper
from server import TritonServer
from tritonclient.utils import InferenceServerException

Triton = Callable[..., TritonServer]
Ports = dict[str, tuple[int, list[str | int]]]
Refusals = dict[str, tuple[int, str]]
FLOAT, STRING = TensorProto.FLOAT, TensorProto.STRING
CONFIG = """\
name: "NAME"
backend: "onnxruntime"
max_batch_size: 8
input [ { name: "x" data_type: TYPE_FP32 dims: [ 3 ] } ]
output [ { name: "y" data_type: TYPE_FP32 dims: [ 2 ] } ]
instance_group [ { kind: KIND_CPU count: 1 } ]
"""
X_DIMS, Y_DIMS = "dims: [ 3 ]", "dims: [ 2 ]"
ZEROS = 'inputs { key: "x" value { data_type: TYPE_FP32 dims: [ 3 ] zero_data: true } }'


def graph(
    nodes: list[onnx.NodeProto], inputs: Ports, outputs: Ports, weights: dict[str, np.ndarray] | None = None
) -> onnx.ModelProto:
    """A model of one graph."""

    def infos(ports: Ports) -> list[onnx.ValueInfoProto]:
        return [helper.make_tensor_value_info(name, dtype, shape) for name, (dtype, shape) in ports.items()]

    tensors = [numpy_helper.from_array(array, name) for name, array in (weights or {}).items()]
    body = helper.make_graph(nodes, "graph", infos(inputs), infos(outputs), tensors)
    return helper.make_model(body, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)


def linear(factor: float = 2.0, batch: str | int = "N") -> onnx.ModelProto:
    """y = x·w: from three ones to `2·factor` twice."""
    weight = np.array([[factor, 0], [0, factor], [factor, factor]], np.float32)
    node = helper.make_node("MatMul", ["x", "w"], ["y"])
    return graph([node], {"x": (FLOAT, [batch, 3])}, {"y": (FLOAT, [batch, 2])}, {"w": weight})


def kept_columns() -> onnx.ModelProto:
    """y = no column of x, whatever its width; the graph leaves both widths open."""
    node = helper.make_node("Compress", ["x", "none"], ["y"], axis=1)
    none = np.array([False, False, False])
    return graph([node], {"x": (FLOAT, ["N", "width"])}, {"y": (FLOAT, ["N", "kept"])}, {"none": none})


def add_model(repository: Path, name: str, config: str, model: onnx.ModelProto | bytes, version: str = "1") -> Path:
    """Writes `name/config.pbtxt` and `name/version/model.onnx`; returns the folder of the version."""
    folder = repository / name / version
    folder.mkdir(parents=True, exist_ok=True)
    (repository / name / "config.pbtxt").write_text(config.replace("NAME", name))
    (folder / "model.onnx").write_bytes(model if isinstance(model, bytes) else model.SerializeToString())
    return folder


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("repository")


@pytest.fixture(scope="module")
def server(triton: Triton, repository: Path) -> TritonServer:
    """Takes configs as they are. Filling them in, Triton's default, costs our back end a second for each model."""
    return triton(repository, "--disable-auto-complete-config")


@pytest.fixture(scope="module")
def default_server(triton: Triton, repository: Path) -> TritonServer:
    return triton(repository)


def load(server: TritonServer, name: str) -> tuple[int, str]:
    return server.request("POST", f"/v2/repository/models/{name}/load")


def index(server: TritonServer, name: str) -> dict[str, tuple[str, str]]:
    """State and reason of each version of a model, by the repository index."""
    status, body = server.request("POST", "/v2/repository/index")
    assert status == 200, body
    rows = [row for row in json.loads(body) if row["name"] == name and "version" in row]
    return {row["version"]: (row["state"], row.get("reason", "")) for row in rows}


def ask(transport: ModuleType, address: str, name: str, x: np.ndarray, version: str = "") -> np.ndarray:
    """Output y of one request; `transport` is tritonclient's http or grpc."""
    with transport.InferenceServerClient(address) as client:
        tensor = transport.InferInput("x", list(x.shape), "BYTES" if x.dtype == object else "FP32")
        tensor.set_data_from_numpy(x)
        return np.asarray(client.infer(name, [tensor], version).as_numpy("y"))


def infer(server: TritonServer, name: str, x: np.ndarray, version: str = "") -> np.ndarray:
    """Output y over HTTP, which must equal the one over gRPC."""
    over_http = ask(http, server.http, name, x, version)
    np.testing.assert_array_equal(over_http, ask(grpc, server.grpc, name, x, version))
    return over_http


def infer_ones(server: TritonServer, name: str, version: str = "") -> float:
    return float(infer(server, name, np.ones((1, 3), np.float32), version)[0, 0])


def test_starts_on_ports_of_its_own_and_is_live(server: TritonServer) -> None:
    assert server.request("GET", "/v2/health/live") == (200, "")
    assert len({server.http, server.grpc, server.metrics}) == 3
    assert json.loads(server.request("GET", "/v2")[1])["version"] == "2.51.0"
    assert "Started HTTPService at " + server.http in server.log


@pytest.mark.parametrize("key", ["backend", "platform"])
def test_serves_a_dynamic_batch_as_onnxruntime_computes_it(server: TritonServer, repository: Path, key: str) -> None:
    name, model = f"batch_{key}", linear()
    value = {"backend": 'backend: "onnxruntime"', "platform": 'platform: "onnxruntime_onnx"'}[key]
    add_model(repository, name, CONFIG.replace('backend: "onnxruntime"', value), model)
    assert load(server, name) == (200, "")
    session = ort.InferenceSession(model.SerializeToString())
    for batch in (1, 3, 8):
        x = np.random.default_rng(batch).normal(size=(batch, 3)).astype(np.float32)
        np.testing.assert_array_equal(infer(server, name, x), session.run(None, {"x": x})[0])
    with pytest.raises(InferenceServerException, match="batch-size must be <= 8"):
        infer(server, name, np.zeros((9, 3), np.float32))


def test_runs_waiting_requests_as_one_batch(server: TritonServer, repository: Path) -> None:
    batching = "dynamic_batching { preferred_batch_size: [ 4 ] max_queue_delay_microseconds: 5000000 }"
    add_model(repository, "queue", CONFIG + batching, linear())
    assert load(server, "queue") == (200, "")
    ones = np.ones((2, 3), np.float32)
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(ask, http, server.http, "queue", factor * ones) for factor in (1, 5)]
    assert [answer.result()[0, 0] for answer in asked] == [4, 20]
    [statistics] = json.loads(server.request("GET", "/v2/models/queue/stats")[1])["model_stats"]
    assert (statistics["inference_count"], statistics["execution_count"]) == (4, 1)


def test_hands_an_error_of_the_graph_to_the_client(server: TritonServer, repository: Path) -> None:
    node = helper.make_node("Reshape", ["x", "shape"], ["y"])
    pairs = graph([node], {"x": (FLOAT, ["N", 3])}, {"y": (FLOAT, ["M", 2])}, {"shape": np.array([-1, 2])})
    add_model(repository, "pairs", CONFIG, pairs)
    assert load(server, "pairs") == (200, "")
    with pytest.raises(InferenceServerException, match="cannot be reshaped|input tensor"):
        infer_ones(server, "pairs")
    with pytest.raises(InferenceServerException, match="output 'y' has shape \\[3, 2\\] for a batch of 2"):
        infer(server, "pairs", np.ones((2, 3), np.float32))


def test_serves_weights_that_lie_beside_the_model(server: TritonServer, repository: Path) -> None:
    folder = add_model(repository, "external", CONFIG, b"")
    path = folder / "model.onnx"
    onnx.save_model(linear(5), path, save_as_external_data=True, location="weights.bin", size_threshold=0)
    assert (folder / "weights.bin").stat().st_size > 0
    assert load(server, "external") == (200, "")
    assert infer_ones(server, "external") == 10


def test_serves_strings(server: TritonServer, repository: Path) -> None:
    node = helper.make_node("StringConcat", ["x", "x"], ["y"])
    model = graph([node], {"x": (STRING, ["N", 3])}, {"y": (STRING, ["N", 3])})
    config = CONFIG.replace("TYPE_FP32", "TYPE_STRING").replace("[ 2 ]", "[ 3 ]")
    add_model(repository, "strings", config, model)
    assert load(server, "strings") == (200, "")
    y = infer(server, "strings", np.array([["a", "", "ä"]], dtype=object))
    assert y.tolist() == [[b"aa", b"", "ää".encode()]]


def test_serves_a_scalar_as_dims_1(server: TritonServer, repository: Path) -> None:
    node = helper.make_node("ReduceSum", ["x"], ["y"], keepdims=0)
    model = graph([node], {"x": (FLOAT, [2, 3])}, {"y": (FLOAT, [])})
    config = CONFIG.replace("batch_size: 8", "batch_size: 0").replace(X_DIMS, "dims: [ 2, 3 ]")
    add_model(repository, "scalar", config.replace(Y_DIMS, "dims: [ 1 ]"), model)
    assert load(server, "scalar") == (200, "")
    assert infer(server, "scalar", np.ones((2, 3), np.float32)).tolist() == [6]


def test_serves_one_number_per_row_by_a_reshape_to_nothing(server: TritonServer, repository: Path) -> None:
    nodes = [helper.make_node("ReduceSum", ["x", "axes"], ["y"], keepdims=0)]
    model = graph(nodes, {"x": (FLOAT, ["N", 3])}, {"y": (FLOAT, ["N"])}, {"axes": np.array([1], np.int64)})
    add_model(repository, "rows", CONFIG.replace("[ 2 ]", "[ 1 ] reshape { shape: [ ] }"), model)
    assert load(server, "rows") == (200, "")
    assert infer(server, "rows", np.ones((2, 3), np.float32)).tolist() == [[3], [3]]


def test_serves_an_output_without_elements(server: TritonServer, repository: Path) -> None:
    add_model(repository, "nothing", CONFIG.replace(Y_DIMS, "dims: [ -1 ]"), kept_columns())
    assert load(server, "nothing") == (200, "")
    assert infer(server, "nothing", np.ones((2, 3), np.float32)).shape == (2, 0)


def test_answers_a_classification_with_labels(server: TritonServer, repository: Path) -> None:
    add_model(repository, "labels", CONFIG.replace("[ 2 ]", '[ 2 ] label_filename: "labels.txt"'), linear())
    (repository / "labels/labels.txt").write_text("cat\ndog\n")
    assert load(server, "labels") == (200, "")
    with http.InferenceServerClient(server.http) as client:
        tensor = http.InferInput("x", [1, 3], "FP32")
        tensor.set_data_from_numpy(np.array([[1, 2, 3]], np.float32))
        wanted = [http.InferRequestedOutput("y", class_count=1)]
        assert client.infer("labels", [tensor], outputs=wanted).as_numpy("y").tolist() == [[b"10.000000:1:dog"]]


def test_fills_in_what_the_config_leaves_out(default_server: TritonServer, repository: Path) -> None:
    add_model(repository, "bare", 'backend: "onnxruntime"\n', linear())
    assert load(default_server, "bare") == (200, "")
    config = json.loads(default_server.request("GET", "/v2/models/bare/config")[1])
    assert (config["input"][0]["dims"], config["output"][0]["dims"]) == ([3], [2])
    assert config["max_batch_size"] == 4
    assert "dynamic_batching" in config


def test_runs_a_warmup_before_the_model_is_ready(server: TritonServer, repository: Path) -> None:
    add_model(repository, "warm", CONFIG + f'model_warmup [ {{ name: "zeros" batch_size: 2 {ZEROS} }} ]', linear())
    assert load(server, "warm") == (200, "")
    [statistics] = json.loads(server.request("GET", "/v2/models/warm/stats")[1])["model_stats"]
    assert (statistics["inference_count"], statistics["execution_count"]) == (2, 1)


# The message of all these is the same; the log alone tells the reason.
UNREADABLE = {
    "unknown_field": (CONFIG.replace("max_batch_size", "max_batch"), 'no field named "max_batch"'),
    "enum_without_prefix": (CONFIG.replace("TYPE_FP32", "FP32"), 'Unknown enumeration value of "FP32"'),
    "open_bracket": (CONFIG.replace(X_DIMS, "dims: [ 3"), "Error parsing text-format"),
    "field_twice": (CONFIG + "max_batch_size: 4", 'Non-repeated field "max_batch_size" is specified multiple times'),
    "two_schedulers": (CONFIG + "dynamic_batching {} sequence_batching {}", "scheduling_choice"),
    "negative_batch": (CONFIG.replace("batch_size: 8", "batch_size: -1"), "'max_batch_size' must be non-negative"),
    "other_name": (CONFIG.replace("NAME", "other"), "directory name must equal model name"),
    "preferred_above_max": (
        CONFIG + "dynamic_batching { preferred_batch_size: [ 16 ] }",
        "dynamic batching preferred size must be <= max batch size",
    ),
}
# Here the client is told.
REFUSED = {
    "dims_zero": (CONFIG.replace(X_DIMS, "dims: [ 0 ]"), "dimension must be integer >= 1, or -1"),
    "no_dims": (CONFIG.replace(X_DIMS, ""), "must specify 'dims'"),
    "no_data_type": (CONFIG.replace("data_type: TYPE_FP32 " + X_DIMS, X_DIMS), "must specify 'data_type'"),
    "no_such_backend": (CONFIG.replace("onnxruntime", "onnx"), "unable to find backend library for backend 'onnx'"),
    "no_gpu": (CONFIG.replace("KIND_CPU", "KIND_GPU"), "has kind KIND_GPU but no GPUs are available"),
    "no_such_version": (
        CONFIG + "version_policy { specific { versions: [ 7 ] } }",
        "at least one version must be available under the version policy",
    ),
    "no_versions": (
        CONFIG + "version_policy { latest { num_versions: 0 } }",
        "at least one version must be available under the version policy",
    ),
    "no_labels": (CONFIG.replace(Y_DIMS, Y_DIMS + ' label_filename: "labels.txt"'), "labels.txt: No such file"),
    # From here on it is the back end that refuses, in the words of tests/triton/backends.
    "other_dims": (CONFIG.replace(X_DIMS, "dims: [ 4 ]"), "input 'x' is [-1, 3] in the model, [-1, 4] in the config"),
    "open_dims": (CONFIG.replace(X_DIMS, "dims: [ -1 ]"), "input 'x' is [-1, 3] in the model, [-1, -1] in the config"),
    "batch_axis_in_dims": (CONFIG.replace(X_DIMS, "dims: [ -1, 3 ]"), "[-1, -1, 3] in the config with its batch axis"),
    "other_output_dims": (CONFIG.replace(Y_DIMS, "dims: [ -1 ]"), "output 'y' is [-1, 2] in the model"),
    "other_type": (CONFIG.replace("TYPE_FP32", "TYPE_FP64", 1), "input 'x' is tensor(float) in the model, TYPE_FP64"),
    "other_input_name": (CONFIG.replace('"x"', '"z"'), "the model has no input 'z', only ['x']"),
    "other_output_name": (CONFIG.replace('"y"', '"z"'), "the model has no output 'z', only ['y']"),
}
# Configs that are right, for a model that is not.
WRONG_MODELS: dict[str, tuple[onnx.ModelProto | bytes, str]] = {
    "fixed_batch": (linear(batch=1), "max_batch_size is above 0, but input 'x' is [1, 3]: no dynamic first dimension"),
    "open_output": (kept_columns(), "output 'y' is [-1, -1] in the model, [-1, 2] in the config with its batch axis"),
    "not_onnx": (b"not protobuf", "Protobuf parsing failed"),
    "two_inputs": (
        graph(
            [helper.make_node("Add", ["x", "z"], ["y"])],
            {"x": (FLOAT, ["N", 3]), "z": (FLOAT, ["N", 3])},
            {"y": (FLOAT, ["N", 3])},
        ),
        "the model has 2 inputs ['x', 'z'], the config has 1",
    ),
}


@pytest.fixture(scope="module")
def refusals(default_server: TritonServer, repository: Path) -> Refusals:
    """Status and body of loading each mistake. All at once: most of a load is waiting."""
    for name, (config, _) in {**UNREADABLE, **REFUSED}.items():
        add_model(repository, name, config, linear())
    for name, (model, _) in WRONG_MODELS.items():
        add_model(repository, name, CONFIG, model)
    names = [*UNREADABLE, *REFUSED, *WRONG_MODELS]
    with ThreadPoolExecutor(8) as pool:
        return dict(zip(names, pool.map(lambda name: load(default_server, name), names), strict=True))


@pytest.mark.parametrize("mistake", UNREADABLE)
def test_hides_why_it_cannot_read_a_config(refusals: Refusals, default_server: TritonServer, mistake: str) -> None:
    message = f"failed to load '{mistake}', failed to poll from model repository"
    assert refusals[mistake] == (500, json.dumps({"error": message}, separators=(",", ":")))
    assert UNREADABLE[mistake][1] in default_server.log


@pytest.mark.parametrize("mistake", REFUSED)
def test_refuses_a_config_and_says_why(refusals: Refusals, mistake: str) -> None:
    status, body = refusals[mistake]
    assert status == 400
    assert REFUSED[mistake][1] in json.loads(body)["error"]


@pytest.mark.parametrize("mistake", WRONG_MODELS)
def test_refuses_a_model_and_says_why(refusals: Refusals, mistake: str) -> None:
    status, body = refusals[mistake]
    assert status == 400
    assert WRONG_MODELS[mistake][1] in json.loads(body)["error"]


def test_refuses_an_ensemble_over_an_output_that_does_not_exist(server: TritonServer, repository: Path) -> None:
    add_model(repository, "part", CONFIG, linear())
    step = 'model_name: "part" model_version: -1 input_map { key: "x" value: "x" } output_map { key: "zzz" value: "y" }'
    config = CONFIG.replace('backend: "onnxruntime"', 'platform: "ensemble"').split("instance_group")[0]
    add_model(repository, "whole", config + f"ensemble_scheduling {{ step [ {{ {step} }} ] }}", b"")
    status, body = load(server, "whole")
    assert status == 400
    assert "ensemble tensor y is mapped from non-existing output zzz in model part" in json.loads(body)["error"]


def test_rolls_a_second_version_out_and_back(server: TritonServer, repository: Path) -> None:
    add_model(repository, "rolled", CONFIG, linear(1))
    assert load(server, "rolled") == (200, "")
    add_model(repository, "rolled", CONFIG, linear(2), version="2")
    assert infer_ones(server, "rolled") == 2
    assert load(server, "rolled") == (200, "")
    assert infer_ones(server, "rolled") == 4
    assert index(server, "rolled")["2"] == ("READY", "")
    assert server.request("GET", "/v2/models/rolled/versions/1/ready")[0] == 400

    pinned = CONFIG.replace("NAME", "rolled") + "version_policy { specific { versions: [ 1 ] } }"
    (repository / "rolled/config.pbtxt").write_text(pinned)
    assert load(server, "rolled") == (200, "")
    assert infer_ones(server, "rolled") == 2
    assert server.request("POST", "/v2/repository/models/rolled/unload") == (200, "")
    assert server.request("GET", "/v2/models/rolled/ready")[0] == 400


def test_keeps_two_versions_when_the_policy_asks_for_all(server: TritonServer, repository: Path) -> None:
    for version in ("1", "2"):
        add_model(repository, "both", CONFIG + "version_policy { all {} }", linear(int(version)), version)
    assert load(server, "both") == (200, "")
    assert [infer_ones(server, "both", version) for version in ("", "1", "2")] == [4, 2, 4]


def test_goes_on_with_the_old_version_when_the_new_one_is_broken(server: TritonServer, repository: Path) -> None:
    add_model(repository, "kept", CONFIG, linear())
    assert load(server, "kept") == (200, "")
    add_model(repository, "kept", CONFIG, b"not protobuf", version="2")
    assert load(server, "kept")[0] == 400
    assert infer_ones(server, "kept") == 4
    assert server.request("GET", "/v2/models/kept/ready") == (200, "")
    assert server.request("GET", "/v2/models/kept/versions/2/ready") == (400, '{"error":"Model version not ready"}')
    versions = index(server, "kept")
    assert versions["1"] == ("READY", "")
    assert versions["2"][0] == "UNAVAILABLE"
    assert "Protobuf parsing failed" in versions["2"][1]
    assert server.request("GET", "/v2/health/ready")[0] == 400


def test_takes_a_folder_that_begins_with_a_digit_for_a_version(server: TritonServer, repository: Path) -> None:
    add_model(repository, "staged", CONFIG, linear())
    add_model(repository, "staged", CONFIG, linear(), version=".2.part")
    assert load(server, "staged") == (200, "")
    assert index(server, "staged") == {"1": ("READY", "")}
    add_model(repository, "staged", CONFIG, linear(), version="2.part")
    assert load(server, "staged")[0] == 400
    assert index(server, "staged")["2"][0] == "UNAVAILABLE"


def test_does_not_start_beside_a_folder_that_is_no_model(triton: Triton, tmp_path: Path) -> None:
    (tmp_path / ".staging").mkdir()
    with pytest.raises(RuntimeError, match="failed to load all models"):
        triton(tmp_path, control="none")


def test_does_not_survive_a_warmup_beyond_max_batch_size(triton: Triton, tmp_path: Path) -> None:
    """Triton refuses it or, by a race of its own, crashes: seen in about one run of three."""
    add_model(tmp_path, "large", CONFIG + f'model_warmup [ {{ name: "zeros" batch_size: 9 {ZEROS} }} ]', linear())
    with pytest.raises(RuntimeError, match="max allowed is 8|ended with -"):
        triton(tmp_path, control="none")


def test_leaves_nothing_behind(triton: Triton, tmp_path: Path) -> None:
    add_model(tmp_path, "model", CONFIG, linear())
    server = triton(tmp_path, control="none")
    assert infer_ones(server, "model") == 4
    group = server.pid
    assert len(processes_of(group)) == 2  # the server, and the stub of the one instance
    server.stop()
    assert processes_of(group) == []
    with pytest.raises(OSError, match=r"refused|reset"):
        server.request("GET", "/v2/health/live")
    assert "Started HTTPService" in server.log


def test_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    repository, scratch = tmp_path / "repository", tmp_path / "scratch"
    add_model(repository, "model", CONFIG, linear())
    scratch.mkdir()
    code = (
        "import sys, time\n"
        "from server import TritonServer\n"
        "server = TritonServer(sys.argv[1], control='none')\n"
        "server.start()\n"
        "print(server.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    command = [sys.executable, "-c", code, str(repository)]
    environment = os.environ | {"TMPDIR": str(scratch), "PYTHONPATH": str(Path(server_module.__file__).parent)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as owner:
        assert owner.stdout is not None
        group = int(owner.stdout.readline())
        assert processes_of(group)
        owner.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while processes_of(group) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert processes_of(group) == []


def processes_of(group: int) -> list[int]:
    """The processes of a group that have not ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, process_group = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(process_group) == group and state != "Z":
            found.append(int(stat.parent.name))
    return found
