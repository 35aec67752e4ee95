"""The native library: documents in, documents out. The modules beside it give them their faces."""

from collections.abc import Mapping, Sequence
from typing import Any, final

from typing_extensions import Buffer

from modelium._types import Callback

__all__ = ["Engine", "Opened", "Tensor", "__version__"]

__version__: str

@final
class Tensor(Buffer):
    """A named tensor; ``numpy.asarray(tensor)`` and ``memoryview(tensor)`` see its elements without a copy."""

    @property
    def name(self) -> str: ...
    @property
    def dtype(self) -> str: ...
    @property
    def shape(self) -> tuple[int, ...]: ...
    def __buffer__(self, flags: int, /) -> memoryview: ...

@final
class Opened:
    """A model that was opened and described."""

    def descriptor(self) -> dict[str, Any]: ...

@final
class Engine:
    """The pipeline with what there is to work with."""

    def __new__(
        cls,
        *,
        runs: bool,
        onnxruntime: str | None,
        packages: Sequence[str],
        runtimes: Sequence[Any],
        validators: Sequence[Any],
        deployers: Sequence[Any],
        limits: Mapping[str, Any] | None,
        policy: Mapping[str, Any] | None,
        worker: Sequence[str],
    ) -> Engine: ...
    def open(self, path: str, progress: Callback | None) -> Opened: ...
    def costs(self, model: Opened, bindings: Mapping[str, int]) -> dict[str, Any]: ...
    def plan(
        self, model: Opened, requirements: Mapping[str, Any], samples: str | None, progress: Callback | None
    ) -> dict[str, Any]: ...
    def explain(self, outcome: Mapping[str, Any]) -> str: ...
    def plan_json(self, plan: Mapping[str, Any]) -> str: ...
    def run(
        self,
        model: Opened,
        plan: Mapping[str, Any],
        out: str,
        options: Mapping[str, Any],
        progress: Callback | None,
    ) -> dict[str, Any]: ...
    def compare(
        self,
        original: str,
        result: str,
        options: Mapping[str, Any],
        progress: Callback | None,
    ) -> dict[str, Any]: ...
    def compare_layers(
        self, original: str, result: str, options: Mapping[str, Any], progress: Callback | None
    ) -> tuple[dict[str, Any], str]: ...
    def simplify(
        self, path: str, out: str, options: Mapping[str, Any], progress: Callback | None
    ) -> dict[str, Any]: ...
    def check(self, path: str, full: bool, progress: Callback | None) -> dict[str, Any]: ...
    def infer(
        self, path: str, out: str | None, bindings: Mapping[str, int], replace: bool, progress: Callback | None
    ) -> dict[str, Any]: ...
    def upgrade(self, path: str, out: str, opset: int, replace: bool, progress: Callback | None) -> dict[str, Any]: ...
    def scan(self, paths: Sequence[str], options: Mapping[str, Any], progress: Callback | None) -> dict[str, Any]: ...
    def scan_diff(
        self, old: str, new: str, options: Mapping[str, Any], progress: Callback | None
    ) -> dict[str, Any]: ...
    def extract_tensors(self, path: str, out: str, replace: bool, progress: Callback | None) -> dict[str, Any]: ...
    def sarif(self, report: Mapping[str, Any]) -> dict[str, Any]: ...
    def bill_of_materials(self, paths: Sequence[str], report: Mapping[str, Any]) -> dict[str, Any]: ...
    def deploy(
        self,
        folder: str,
        repository: str,
        server: str | None,
        keep_versions: int | None,
        wait_seconds: float,
        progress: Callback | None,
    ) -> dict[str, Any]: ...
    def rollback(self, deployment: Mapping[str, Any], wait_seconds: float) -> dict[str, Any]: ...
    def lint(self, repository: str, progress: Callback | None) -> list[dict[str, Any]]: ...
    def health(self, server: str, model: str | None) -> dict[str, Any]: ...
    def deployment_health(self, deployment: Mapping[str, Any]) -> dict[str, Any]: ...
    def formats(self) -> dict[str, Any]: ...
    def serve_worker(self) -> int: ...
