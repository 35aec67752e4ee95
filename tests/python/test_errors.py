"""Each kind of failure is its own exception, and a builtin where one fits."""

import json
from pathlib import Path

import modelium as ml
import pytest
from modelium import errors

SCHEMAS = Path(__file__).parents[2] / "schemas"


def test_every_kind_of_the_schema_has_a_class() -> None:
    schema = json.loads((SCHEMAS / "error_report.json").read_text())
    kinds = {one["const"] for one in schema["$defs"]["ErrorKind"]["oneOf"]}
    assert set(errors.BY_KIND) == kinds
    assert all(issubclass(cls, errors.ModeliumError) for cls in errors.BY_KIND.values())


@pytest.mark.parametrize(
    ("name", "content", "kind", "builtin"),
    [
        ("m.onnx", b"", errors.MalformedError, ValueError),
        ("m.onnx", b"\x00\x04K\x01.", errors.MalformedError, ValueError),
        ("m.onnx", b"\x08\x08\x3a\xff\xff\xff\x7f", errors.MalformedError, ValueError),
        ("m.bin", b"neither this nor that", errors.UnsupportedError, NotImplementedError),
    ],
)
def test_broken_files(
    tmp_path: Path, name: str, content: bytes, kind: type[Exception], builtin: type[Exception]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(kind) as raised:
        ml.open(path)
    assert isinstance(raised.value, builtin)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(errors.IoError, match="no such file") as raised:
        ml.open(tmp_path / "absent.onnx")
    assert isinstance(raised.value, OSError)
    assert raised.value.to_dict()["kind"] == "io"


def test_a_folder_with_two_models(tmp_path: Path) -> None:
    digits = Path(__file__).parents[2] / "examples" / "models" / "digits" / "digits.onnx"
    for name in ("a.onnx", "b.onnx"):
        (tmp_path / name).write_bytes(digits.read_bytes())
    with pytest.raises(errors.ModeliumError, match=r"a\.onnx.*b\.onnx"):
        ml.open(tmp_path)


def test_a_wish_that_is_misspelt_names_the_field() -> None:
    digits = Path(__file__).parents[2] / "examples" / "models" / "digits" / "digits.onnx"
    with pytest.raises(errors.InvalidArgumentError, match="requirements"):
        ml.open(digits).plan(target="tritn")
    with pytest.raises(errors.InvalidArgumentError, match="limits"):
        ml.Pipeline(limits={"nodez": 1})


def test_limits_are_kept() -> None:
    digits = Path(__file__).parents[2] / "examples" / "models" / "digits" / "digits.onnx"
    with pytest.raises(errors.LimitExceededError):
        ml.Pipeline(limits={"nodes": 3}).open(digits)


def test_keeping_no_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(errors.InvalidArgumentError, match="counts from 1"):
        ml.deploy(tmp_path, tmp_path / "models", keep_versions=0)
