"""The functions of the package: each uses a pipeline with the defaults."""

from __future__ import annotations

from modelium._pipeline import Pipeline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from modelium._compare import LayerReport, ParityReport
    from modelium._deployment import Deployment
    from modelium._graph import CheckReport, InferReport, Simplified
    from modelium._model import Model
    from modelium._scan import ScanDiff, ScanReport
    from modelium._types import Document, Progress, StrPath


def open(path: StrPath, *, progress: Progress = None) -> Model:  # the name is the habit: ml.open
    """Opens a model file or folder and describes it. Weights are not read, and nothing of it is executed."""
    return Pipeline().open(path, progress=progress)


def compare(original: StrPath, result: StrPath, **options: Any) -> ParityReport:
    """Runs both models on the same inputs and says how far their outputs are apart; see :meth:`Pipeline.compare`."""
    return Pipeline().compare(original, result, **options)


def compare_layers(original: StrPath, result: StrPath, **options: Any) -> LayerReport:
    """Finds the first node at which two models part; see :meth:`Pipeline.compare_layers`."""
    return Pipeline().compare_layers(original, result, **options)


def scan(
    *paths: StrPath,
    depth: str = "content",
    digests: bool = False,
    policy: Mapping[str, Any] | None = None,
    progress: Progress = None,
) -> ScanReport:
    """Looks for what must not be in a model; nothing is executed."""
    return Pipeline().scan(*paths, depth=depth, digests=digests, policy=policy, progress=progress)


def convert(path: StrPath, out: StrPath | None = None, **options: Any) -> Document:
    """Takes the tensors out of a checkpoint without running it; see :meth:`Pipeline.convert`."""
    return Pipeline().convert(path, out, **options)


def scan_diff(old: StrPath, new: StrPath, **options: Any) -> ScanDiff:
    """What the model at ``new`` does that the one at ``old`` does not; see :meth:`Pipeline.scan_diff`."""
    return Pipeline().scan_diff(old, new, **options)


def simplify(model: StrPath | Model, out: StrPath, **options: Any) -> Simplified:
    """Makes a model smaller that computes the same, and writes it to ``out``; see :meth:`Pipeline.simplify`."""
    return Pipeline(runs=False).simplify(model, out, **options)


def check(model: StrPath | Model, **options: Any) -> CheckReport:
    """Whether a model is what the specification demands; see :meth:`Pipeline.check`."""
    return Pipeline(runs=False).check(model, **options)


def infer(model: StrPath | Model, out: StrPath | None = None, **options: Any) -> InferReport:
    """The types of all values between; see :meth:`Pipeline.infer`."""
    return Pipeline(runs=False).infer(model, out, **options)


def upgrade(model: StrPath | Model, out: StrPath, *, opset: int, **options: Any) -> Document:
    """Writes a model in another version of the standard operator set; see :meth:`Pipeline.upgrade`."""
    return Pipeline(runs=False).upgrade(model, out, opset=opset, **options)


def deploy(folder: StrPath, to: StrPath, **options: Any) -> Deployment:
    """Publishes a rendered model repository into another; see :meth:`Pipeline.deploy`."""
    return Pipeline().deploy(folder, to, **options)


def lint(repository: StrPath) -> list[Document]:
    """Every disagreement between a Triton model repository's configs and its models, with line and remedy."""
    return Pipeline().lint(repository)


def health(server: str, model: str | None = None) -> Document:
    """How a server is, per model and version; where it is not ready, why."""
    return Pipeline().health(server, model)


def formats() -> Document:
    """The formats, passes, runtimes and targets there are."""
    return Pipeline().formats()
