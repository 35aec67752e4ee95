"""The pipeline: what there is to work with, and every verb of it."""

from __future__ import annotations

import os
import sys

from modelium import _native
from modelium._progress import listener
from modelium.errors import InvalidArgumentError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from modelium._compare import LayerReport, ParityReport
    from modelium._deployment import Deployment
    from modelium._graph import CheckReport, InferReport, Simplified
    from modelium._model import Model
    from modelium._scan import ScanDiff, ScanReport
    from modelium._types import Document, Progress, StrPath


class Pipeline:
    """What there is to work with: runtimes, validators, deployers and limits. Reusable and thread-safe.

    The functions of this module use one with the defaults. Models are run by ONNX Runtime; where that is not installed,
    by this library's own evaluator ``reference``, which is slower and knows the operators of the specification alone.

    Make your own to pass in Python objects: a *runtime* has ``name``, ``version()`` and ``load(path)``; a *validator*
    has ``review(plan, model)`` and returns findings; a *deployer* has ``target``, ``render(request, folder)``,
    ``apply(rendered)`` and ``health(deployment)``. With ``runs=False`` there is no runtime but yours: it starts at
    once, and cannot run models by itself.
    """

    def __init__(
        self,
        *,
        onnxruntime: StrPath | None = None,
        runtimes: Sequence[Any] = (),
        validators: Sequence[Any] = (),
        deployers: Sequence[Any] = (),
        limits: Mapping[str, Any] | None = None,
        policy: Mapping[str, Any] | None = None,
        worker: Sequence[str] | None = None,
        runs: bool = True,
    ) -> None:
        library = None if onnxruntime is None else os.fspath(onnxruntime)
        program = list(worker) if worker else [sys.executable, "-m", "modelium._worker"]
        # objects of this process cannot run in another one
        self._isolation = "in_process" if runtimes or deployers else "worker"
        self._engine = _native.Engine(
            runs=runs,
            onnxruntime=library,
            packages=_package_folders() if runs else [],
            runtimes=list(runtimes),
            validators=list(validators),
            deployers=list(deployers),
            limits=None if limits is None else dict(limits),
            policy=None if policy is None else dict(policy),
            worker=program if library is None else [*program, "--onnxruntime", library],
        )

    def open(self, path: StrPath, *, progress: Progress = None) -> Model:
        """Opens a model file or folder and describes it. Weights are not read, and nothing of it is executed."""
        from modelium._model import Model

        with listener(progress) as callback:
            return Model(self, self._engine.open(os.fspath(path), callback))

    def compare(
        self,
        original: StrPath,
        result: StrPath,
        *,
        samples: StrPath | None = None,
        absolute: float | None = None,
        relative: float | None = None,
        cosine: float | None = None,
        seed: int = 0,
        progress: Progress = None,
    ) -> ParityReport:
        """Runs both models on the same inputs and says how far their outputs are apart."""
        from modelium._compare import ParityReport

        options = _comparison(samples, seed, absolute=absolute, relative=relative, cosine=cosine)
        with listener(progress) as callback:
            report = self._engine.compare(os.fspath(original), os.fspath(result), options, callback)
        return ParityReport(report)

    def compare_layers(
        self,
        original: StrPath,
        result: StrPath,
        *,
        samples: StrPath | None = None,
        absolute: float | None = None,
        relative: float | None = None,
        seed: int = 0,
        progress: Progress = None,
    ) -> LayerReport:
        """Runs two ONNX models on the same input; where an output differs, finds the first node that does.

        It bisects: each probe runs a part of both models and holds the values of one line through them.
        """
        from modelium._compare import LayerReport

        options = _comparison(samples, seed, absolute=absolute, relative=relative)
        with listener(progress) as callback:
            return LayerReport(*self._engine.compare_layers(os.fspath(original), os.fspath(result), options, callback))

    def scan(
        self,
        *paths: StrPath,
        depth: str = "content",
        digests: bool = False,
        policy: Mapping[str, Any] | None = None,
        progress: Progress = None,
    ) -> ScanReport:
        """Looks for what must not be in models; nothing is executed. A path is a file, or a folder with all below it.

        ``depth="structure"`` leaves the raw bytes of weights unread. ``policy`` accepts findings by rule and digest,
        with a reason: ``schemas/scan_options.json``.
        """
        from modelium._scan import ScanReport

        names = [os.fspath(path) for path in paths]
        options = _scan_options(depth, digests, policy)
        with listener(progress) as callback:
            return ScanReport(self, names, self._engine.scan(names, options, callback))

    def scan_diff(
        self,
        old: StrPath,
        new: StrPath,
        *,
        depth: str = "content",
        policy: Mapping[str, Any] | None = None,
        progress: Progress = None,
    ) -> ScanDiff:
        """What the model at ``new`` does that the one at ``old`` does not."""
        from modelium._scan import ScanDiff

        options = _scan_options(depth, False, policy)
        with listener(progress) as callback:
            return ScanDiff(self._engine.scan_diff(os.fspath(old), os.fspath(new), options, callback))

    def convert(
        self,
        path: StrPath,
        out: StrPath | None = None,
        *,
        to: str = "safetensors",
        replace: bool = False,
        progress: Progress = None,
    ) -> Document:
        """Takes the tensors out of a checkpoint without running it; ``out`` appears only when it is complete.

        Names and tied weights are kept, and each tensor has the bytes that the framework would have loaded. Nothing is
        taken from a file that does not scan clean: :class:`~modelium.errors.UnsafeContentError` names the call. By
        default ``out`` lies beside the checkpoint, with the ending of the format.
        """
        if to != "safetensors":
            raise InvalidArgumentError(f"cannot convert to '{to}'; there is 'safetensors'")
        source = os.fspath(path)
        target = os.fspath(out) if out is not None else os.path.splitext(source)[0] + ".safetensors"
        with listener(progress) as callback:
            document = self._engine.extract_tensors(source, target, replace, callback)
        return {**document, "path": target}

    def simplify(
        self,
        model: StrPath | Model,
        out: StrPath,
        *,
        level: str = "portable",
        without: Sequence[str] = (),
        growth_bytes: int = 0,
        replace: bool = False,
        progress: Progress = None,
    ) -> Simplified:
        """Makes a model smaller that computes the same, and writes it as ONNX to ``out``.

        ``level="portable"`` uses the standard operators of the model's own operator set, ``"onnxruntime"`` those of
        ONNX Runtime too. ``without`` names passes that must not run, ``growth_bytes`` allows folded constants to make
        the file larger. Dynamic dimensions stay dynamic; ``out`` appears only when it is complete.
        """
        from modelium._graph import Simplified

        options = {"level": level, "without": list(without), "growth_bytes": growth_bytes, "replace": replace}
        target = os.fspath(out)
        with listener(progress) as callback:
            return Simplified(target, self._engine.simplify(_path_of(model), target, options, callback))

    def check(self, model: StrPath | Model, *, full: bool = True, progress: Progress = None) -> CheckReport:
        """Whether a model is what the specification demands; ``full`` holds its types and shapes against it too."""
        from modelium._graph import CheckReport

        source = _path_of(model)
        with listener(progress) as callback:
            return CheckReport(source, self._engine.check(source, full, callback))

    def infer(
        self,
        model: StrPath | Model,
        out: StrPath | None = None,
        *,
        dims: Mapping[str, int] | None = None,
        replace: bool = False,
        progress: Progress = None,
    ) -> InferReport:
        """The types of all values between, symbols included; ``dims`` gives numbers to symbols.

        With ``out``, the model is written there with them.
        """
        from modelium._graph import InferReport

        target = os.fspath(out) if out is not None else None
        with listener(progress) as callback:
            return InferReport(self._engine.infer(_path_of(model), target, dict(dims or {}), replace, callback))

    def upgrade(
        self,
        model: StrPath | Model,
        out: StrPath,
        *,
        opset: int,
        replace: bool = False,
        progress: Progress = None,
    ) -> Document:
        """Writes a model in another version of the standard operator set, up or down, so that it computes the same.

        Where a node has no equivalent, :class:`~modelium.errors.UnsupportedError` names each, and nothing is written.
        Returns the versions and the nodes that had to change (``schemas/upgraded.json``).
        """
        target = os.fspath(out)
        with listener(progress) as callback:
            return {**self._engine.upgrade(_path_of(model), target, opset, replace, callback), "path": target}

    def deploy(
        self,
        folder: StrPath,
        to: StrPath,
        *,
        server: str | None = None,
        keep_versions: int | None = None,
        wait_seconds: float = 60.0,
        progress: Progress = None,
    ) -> Deployment:
        """Publishes a model repository's models into another, and has the server at ``server`` load them."""
        from modelium._deployment import Deployment

        if keep_versions is not None and keep_versions < 1:
            raise InvalidArgumentError(f"keep_versions is {keep_versions}; it counts from 1")
        with listener(progress) as callback:
            document = self._engine.deploy(
                os.fspath(folder), os.fspath(to), server, keep_versions, wait_seconds, callback
            )
        return Deployment(self, document)

    def lint(self, repository: StrPath, *, progress: Progress = None) -> list[Document]:
        """Every disagreement between a Triton model repository's configs and its models, with line and remedy."""
        with listener(progress) as callback:
            findings: list[Document] = self._engine.lint(os.fspath(repository), callback)
        return findings

    def health(self, server: str, model: str | None = None) -> Document:
        """How a server is, per model and version; where it is not ready, why."""
        document: Document = self._engine.health(server, model)
        return document

    def formats(self) -> Document:
        """The formats, passes, runtimes and targets that this pipeline knows."""
        document: Document = self._engine.formats()
        return document


def _package_folders() -> list[str]:
    """The folders that hold the package ``onnxruntime``, found without importing it."""
    from importlib.util import find_spec

    spec = find_spec("onnxruntime")
    return [os.path.dirname(folder) for folder in (spec.submodule_search_locations or [])] if spec else []


def _path_of(model: StrPath | Model) -> str:
    return os.fspath(model) if isinstance(model, (str, os.PathLike)) else model.path


def _scan_options(depth: str, digests: bool, policy: Mapping[str, Any] | None) -> Document:
    return {"depth": depth, "digests": digests, "policy": dict(policy or {})}


def _comparison(samples: StrPath | None, seed: int, **wishes: float | None) -> Document:
    options: Document = {"seed": seed, **{key: value for key, value in wishes.items() if value is not None}}
    return options if samples is None else {**options, "samples": os.fspath(samples)}
