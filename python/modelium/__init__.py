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
from modelium._graph import CheckReport, InferReport, LayerReport, Simplified
from modelium._native import Tensor, __version__
from modelium._pipeline import (
    Deployment,
    Execution,
    Model,
    ParityReport,
    Pipeline,
    Plan,
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
from modelium._scan import ScanDiff, ScanReport
from modelium.errors import ModeliumError

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
