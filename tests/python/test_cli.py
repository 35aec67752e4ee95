"""The command line's contract: documents with a schema, exit codes, progress on stderr only."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import onnx
import pytest

REPOSITORY = Path(__file__).parents[2]
DIGITS = REPOSITORY / "examples" / "models" / "digits" / "digits.onnx"
SAMPLES = DIGITS.with_name("samples.npz")
SCHEMAS = REPOSITORY / "schemas"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Runs one command as a shell would."""
    command = [sys.executable, "-m", "modelium", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def document(schema: str, *arguments: object, code: int = 0) -> Any:
    """Runs a command with --json and holds its document against the committed schema."""
    result = run(*arguments, "--json")
    assert result.returncode == code, result.stderr
    found = json.loads(result.stdout)
    jsonschema.validate(found, json.loads((SCHEMAS / f"{schema}.json").read_text()))
    return found


def test_documents_keep_to_their_schemas(tmp_path: Path) -> None:
    assert document("model_descriptor", "inspect", DIGITS)["format"] == "onnx"
    assert document("scan_report", "scan", DIGITS)["files"][0]["verdict"] == "clean"
    assert document("plan_outcome", "plan", DIGITS, "--target", "triton")["plan"]
    out = tmp_path / "out"
    assert document(
        "execution", "run", DIGITS, "--target", "triton", "--out", out, "--samples", SAMPLES, "--name", "digits"
    )
    assert document("parity_report", "compare", DIGITS, DIGITS)["passed"]
    models = tmp_path / "models"
    assert document("deployment", "deploy", out, "--to", models)["version"] == 1
    assert document("deployment", "deploy", out, "--to", models)["version"] == 2
    assert document("findings", "lint", models) == []
    assert document("known", "formats")["targets"]


def test_people_get_tables(tmp_path: Path) -> None:
    for arguments in (
        ("inspect", DIGITS),
        ("plan", DIGITS),
        ("run", DIGITS, "--out", tmp_path / "out"),
        ("compare", DIGITS, DIGITS),
        ("scan", DIGITS),
        ("formats",),
    ):
        result = run(*arguments)
        assert result.returncode == 0, result.stderr
        assert len(result.stdout.splitlines()) > 1
        assert result.stderr == ""


def test_exit_codes(tmp_path: Path) -> None:
    garbage = tmp_path / "garbage.bin"
    garbage.write_bytes(b"\xde\xad\xbe\xef neither this nor that")
    absent = tmp_path / "absent.onnx"
    assert run("inspect", absent).returncode == 1
    assert run("inspect").returncode == 2
    assert run("scan", garbage).returncode == 4
    assert run("scan", DIGITS, garbage).returncode == 4
    assert run("plan", DIGITS, "--precision", "int4").returncode == 1
    assert run("health", "--server", "http://127.0.0.1:9").returncode == 1
    escape = REPOSITORY / "tests" / "hostile" / "onnx" / "external_parent"
    assert run("scan", escape).returncode == 3
    assert run("inspect", escape).returncode == 3


def test_errors_are_one_line_and_a_document(tmp_path: Path) -> None:
    result = run("inspect", tmp_path / "absent.onnx", "--json")
    report = json.loads(result.stdout)["error"]
    jsonschema.validate(report, json.loads((SCHEMAS / "error_report.json").read_text()))
    assert report["kind"] == "io"
    assert result.stderr.splitlines()[0].startswith("modelium: no such file or folder")


def test_a_mismatch_fails_the_comparison(tmp_path: Path) -> None:
    proto = onnx.load(DIGITS)
    bias = next(
        tensor for tensor in reversed(proto.graph.initializer) if len(tensor.dims) == 1 and tensor.dims[0] == 10
    )
    values = onnx.numpy_helper.to_array(bias).copy() + 1
    bias.CopyFrom(onnx.numpy_helper.from_array(values, bias.name))
    onnx.save(proto, tmp_path / "b.onnx")
    result = run("compare", DIGITS, tmp_path / "b.onnx")
    assert result.returncode == 1
    assert "no" in result.stdout


def test_the_console_script_is_installed() -> None:
    script = Path(sys.executable).with_name("modelium")
    assert shutil.which(str(script))
    result = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert result.stdout.startswith("modelium ")


@pytest.mark.parametrize(
    "command", ["inspect", "scan", "convert", "plan", "run", "compare", "deploy", "lint", "health", "formats"]
)
def test_every_command_has_help(command: str) -> None:
    assert "--json" in run(command, "--help").stdout
