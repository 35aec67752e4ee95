"""modelium takes a model as somebody stored it and gets it to where it is served, inside your process.

    >>> import modelium as ml
    >>> model = ml.open("resnet50.onnx")                       # headers only; a table in a notebook
    >>> plan = model.plan(target="triton")
    >>> print(plan.explain())                                  # what would be done, and why; nothing ran
    >>> done = plan.run("build/", progress=True)               # build/ appears only when complete and in parity
    >>> done.deploy("models/")                                 # published into a Triton model repository

Nothing here needs PyTorch, TensorFlow or Java. Models are mapped, never loaded whole; analysing one executes nothing.
"""

from __future__ import annotations

from modelium import errors
from modelium._native import Tensor, __version__
from modelium.errors import ModeliumError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from modelium._compare import LayerReport, ParityReport
    from modelium._deployment import Deployment
    from modelium._execution import Execution
    from modelium._functions import (
        check,
        compare,
        compare_layers,
        convert,
        deploy,
        formats,
        health,
        infer,
        lint,
        open,
        scan,
        scan_diff,
        simplify,
        upgrade,
    )
    from modelium._graph import CheckReport, InferReport, Simplified
    from modelium._model import Model
    from modelium._pipeline import Pipeline
    from modelium._plan import Plan
    from modelium._scan import ScanDiff, ScanReport

__all__ = [
    "CheckReport",
    "Deployment",
    "Execution",
    "InferReport",
    "LayerReport",
    "Model",
    "ModeliumError",
    "ParityReport",
    "Pipeline",
    "Plan",
    "ScanDiff",
    "ScanReport",
    "Simplified",
    "Tensor",
    "__version__",
    "check",
    "compare",
    "compare_layers",
    "convert",
    "deploy",
    "errors",
    "formats",
    "health",
    "infer",
    "lint",
    "open",
    "scan",
    "scan_diff",
    "simplify",
    "upgrade",
]

# Where the other names are; a module is read when the first of its names is used, so that a command starts at once.
_HOMES = {
    "CheckReport": "_graph",
    "Deployment": "_deployment",
    "Execution": "_execution",
    "InferReport": "_graph",
    "LayerReport": "_compare",
    "Model": "_model",
    "ParityReport": "_compare",
    "Pipeline": "_pipeline",
    "Plan": "_plan",
    "ScanDiff": "_scan",
    "ScanReport": "_scan",
    "Simplified": "_graph",
}

if not TYPE_CHECKING:  # a checker sees the imports above, and no other names

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module 'modelium' has no attribute '{name}'")
        import importlib

        found: object = getattr(importlib.import_module(f"modelium.{_HOMES.get(name, '_functions')}"), name)
        globals()[name] = found
        return found

    def __dir__() -> list[str]:
        return [*globals(), *__all__]
