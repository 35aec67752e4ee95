"""Scanning from Python and from the command line: verdicts, and documents that other tools accept."""

from __future__ import annotations

import hashlib
import json
import pickle
import subprocess
import sys
from pathlib import Path

import jsonschema
import modelium as ml
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from modelium import errors

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "tests" / "corpus" / "scan" / "shared"
DIGITS = ROOT / "examples" / "models" / "digits" / "digits.onnx"
SARIF = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text())


class Acts:
    """Runs a harmless command when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        import os

        return os.system, ("true",)


@pytest.fixture
def acting(tmp_path: Path) -> Path:
    path = tmp_path / "acting.pkl"
    path.write_bytes(pickle.dumps(Acts()))
    return path


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "modelium", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_pickle_that_acts_is_malicious_and_the_call_is_shown(acting: Path) -> None:
    report = ml.scan(acting)
    assert report.verdict == "malicious"
    assert not report
    assert any("system('true')" in (finding.get("evidence") or "") for finding in report.findings)
    assert "system" in report._repr_html_()
    with pytest.raises(errors.UnsafeContentError, match="malicious"):
        report.check()


def test_a_clean_model_is_clean_from_its_object_too() -> None:
    model = ml.open(DIGITS)
    assert model.scan().check()
    assert model.tensors
    assert model.resources["parameters"]["method"] == "exact"


def test_sarif_is_what_its_schema_says() -> None:
    report = ml.scan(SAMPLES, digests=True)
    sarif = report.to_sarif()
    jsonschema.validate(sarif, SARIF)
    results = sarif["runs"][0]["results"]
    assert len(results) == sum(len(file["findings"]) for file in report.files)
    nested = [artifact for artifact in sarif["runs"][0]["artifacts"] if "parentIndex" in artifact]
    assert nested, "members of archives are artifacts with a parent"
    for result in results:
        rule = sarif["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]


def test_a_bill_of_materials_is_what_its_schema_says() -> None:
    bom = ml.scan(SAMPLES / "malicious" / "pickle", DIGITS, digests=True).to_cyclonedx()
    problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bom))
    assert problem is None, problem
    kinds = {component["type"] for component in bom["components"]}
    assert {"machine-learning-model", "file"} <= kinds
    assert bom["vulnerabilities"]


def test_the_same_bytes_give_the_same_report() -> None:
    first, second = ml.scan(SAMPLES, digests=True), ml.scan(SAMPLES, digests=True)
    assert first.to_json() == second.to_json()
    assert first.to_sarif() == second.to_sarif()


def test_a_policy_accepts_a_finding_in_that_content_alone(acting: Path, tmp_path: Path) -> None:
    codes = {finding["code"] for finding in ml.scan(acting).findings}
    digest = hashlib.sha256(acting.read_bytes()).hexdigest()
    accept = [{"code": code, "sha256": digest, "reason": "made by this test"} for code in sorted(codes)]
    policy = tmp_path / "policy.json"
    policy.write_text(json.dumps({"accept": accept}))
    assert run("scan", "--policy", policy, acting).returncode == 0
    sarif = json.loads(run("scan", "--policy", policy, "--format", "sarif", acting).stdout)
    jsonschema.validate(sarif, SARIF)
    assert sarif["runs"][0]["results"][0]["suppressions"][0]["justification"] == "made by this test"
    acting.write_bytes(pickle.dumps([Acts()]))
    assert run("scan", "--policy", policy, acting).returncode == 3


def test_a_policy_without_reason_is_refused(acting: Path) -> None:
    accept = [{"code": "scan.malformed", "sha256": "0" * 64, "reason": ""}]
    with pytest.raises(errors.InvalidArgumentError, match="without a reason"):
        ml.scan(acting, policy={"accept": accept})


def test_an_update_that_acts_is_told_apart(acting: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.pkl"
    old.write_bytes(pickle.dumps({"weights": [1, 2]}))
    diff = ml.scan_diff(old, acting)
    assert diff.does_more
    assert "system" in str(diff)
    assert not ml.scan_diff(old, old).does_more
    assert run("scan", "--against", old, acting).returncode == 3
    assert run("scan", "--against", old, old).returncode == 0


def test_the_command_writes_the_document_and_shows_the_table(acting: Path, tmp_path: Path) -> None:
    out = tmp_path / "scan.sarif"
    done = run("scan", "--format", "sarif", "--out", out, acting, DIGITS)
    assert done.returncode == 3
    assert "1 malicious, 1 clean" in done.stdout
    jsonschema.validate(json.loads(out.read_text()), SARIF)


def test_every_rule_is_listed_once() -> None:
    rules = json.loads(run("scan", "--rules", "--json").stdout)
    ids = [rule["id"] for rule in rules]
    assert len(ids) == len(set(ids)) > 20
    assert run("scan").returncode == 2


def test_danger_is_among_the_findings_of_an_opened_model(acting: Path) -> None:
    assert any(finding["severity"] == "danger" for finding in ml.open(acting).findings)


def test_tensors_leave_a_clean_checkpoint_with_the_bytes_that_torch_loads(tmp_path: Path) -> None:
    out = tmp_path / "model.safetensors"
    checkpoints = sorted((ROOT / "tests" / "corpus" / "formats" / "torch").glob("*.pt"))
    done = ml.convert(checkpoints[0], out)
    assert done["tensors"] == len(ml.open(out).tensors) > 0
    with pytest.raises(errors.InvalidArgumentError, match="is there already"):
        ml.convert(checkpoints[0], out)
    assert run("convert", checkpoints[0], "--out", out, "--replace").returncode == 0


def test_nothing_is_taken_from_a_checkpoint_that_acts(tmp_path: Path) -> None:
    out = tmp_path / "model.safetensors"
    bad = SAMPLES / "malicious" / "pytorch" / "zip_noext"
    with pytest.raises(errors.UnsafeContentError, match=r"refusing to convert: .*system"):
        ml.convert(bad, out)
    assert not out.exists()
