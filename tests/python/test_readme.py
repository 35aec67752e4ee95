"""What the README shows is what happens."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_python_snippets_run(tmp_path: Path) -> None:
    for snippet in blocks("python"):
        code = snippet.replace('"build/', f'"{tmp_path}/')
        result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
    assert (tmp_path / "models" / "digits" / "1" / "model.onnx").is_file()
    assert (tmp_path / "newer.onnx").is_file()


@pytest.mark.parametrize(("language", "source"), [("rust", "examples/rust/convert.rs"), ("c", "examples/c/convert.c")])
def test_the_other_snippets_are_parts_of_examples_that_run(language: str, source: str) -> None:
    (snippet,) = blocks(language)
    example = "\n".join(line.strip() for line in (ROOT / source).read_text().splitlines())
    for line in filter(None, map(str.strip, snippet.splitlines())):
        assert line in example, f"{source} does not have: {line}"


def test_the_commands_exist() -> None:
    commands = [
        line.split("#")[0] for block in blocks("sh") for line in block.splitlines() if line.startswith("modelium")
    ]
    names = {shlex.split(command)[1] for command in commands}
    journey = {"inspect", "scan", "convert", "plan", "run", "compare", "deploy", "lint", "health", "formats"}
    assert names == journey | {"simplify", "check", "infer", "upgrade"}
    targets = {line.split()[1] for block in blocks("sh") for line in block.splitlines() if line.startswith("make")}
    makefile = (ROOT / "Makefile").read_text()
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)


def test_the_demo_runs() -> None:
    result = subprocess.run(
        [sys.executable, "examples/python/demo.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert result.returncode == 0, result.stderr
    assert "config.pbtxt" in result.stdout


def test_every_link_leads_somewhere() -> None:
    for document in ROOT.glob("*.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", document.read_text()):
            assert "://" in target or (ROOT / target).exists(), f"{document.name}: {target}"
