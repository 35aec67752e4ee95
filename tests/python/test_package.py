"""The package itself: typed stubs that are true, a light import, nothing imported that was not asked for."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import modelium as ml


def test_the_stubs_are_those_of_the_native_library() -> None:
    allowed = Path(__file__).with_name("stubtest_allowlist.txt")
    options = ["--ignore-disjoint-bases", "--ignore-unused-allowlist", "--allowlist", str(allowed)]
    command = [sys.executable, "-m", "mypy.stubtest", "modelium", *options]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_importing_it_imports_no_framework() -> None:
    code = "import sys, modelium; print('\\n'.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "onnx", "onnxruntime", "torch", "tensorflow"} & set(loaded)


def test_every_public_name_is_where_a_type_checker_finds_it() -> None:
    source = Path(ml.__file__).read_text(encoding="utf-8")
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom) and node.module]
    homes = {alias.name: node.module for node in imports for alias in node.names if node.module != "__future__"}
    assert sorted(homes) == sorted(ml.__all__)
    for name, home in homes.items():
        module = ml if home == "modelium" else importlib.import_module(str(home))
        assert getattr(ml, name) is getattr(module, name)
        assert name in dir(ml)
    assert not hasattr(ml, "magic")


def test_importing_it_loads_no_face_that_is_not_used() -> None:
    code = "import sys, modelium; print('\\n'.join(name for name in sys.modules if name.startswith('modelium.')))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert sorted(loaded) == ["modelium._native", "modelium.errors"]


def test_the_wheel_is_small() -> None:
    wheels = list((Path(__file__).parents[2] / "build" / "wheels").glob("modelium-*.whl"))
    assert len(wheels) == 1
    assert wheels[0].stat().st_size <= 15 * 2**20
    assert "abi3" in wheels[0].name


def test_the_stages_of_a_fork_are_independent() -> None:
    code = """
import os, modelium as ml
digits = ml.open("examples/models/digits/digits.onnx")
child = os.fork()
if child == 0:
    again = ml.open("examples/models/digits/digits.onnx")
    os._exit(0 if again.parameters == digits.parameters and ml.compare(again.path, again.path) else 1)
assert os.waitpid(child, 0)[1] == 0
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, cwd=Path(__file__).parents[2], timeout=60)
