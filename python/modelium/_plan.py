"""A plan: what would be done, step by step, and the way to have it done."""

from __future__ import annotations

import os

from modelium import _tables
from modelium._progress import listener

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from modelium._execution import Execution
    from modelium._native import Opened
    from modelium._pipeline import Pipeline
    from modelium._types import Document, Progress, StrPath


class Plan:
    """A typed recipe. It holds operations from a closed list, and no commands; nothing ran yet."""

    def __init__(self, pipeline: Pipeline, handle: Opened, outcome: Document) -> None:
        self._pipeline = pipeline
        self._handle = handle
        self._outcome = outcome

    @property
    def document(self) -> Document:
        """The plan itself; ``schemas/conversion_plan.json`` is its schema."""
        plan: Document = self._outcome["plan"]
        return plan

    @property
    def outcome(self) -> Document:
        """The plan with its alternatives, what was rejected and why, and how the decision was reached."""
        return self._outcome

    @property
    def steps(self) -> list[Document]:
        """The steps, in an order in which they can run."""
        steps: list[Document] = self.document["steps"]
        return steps

    @property
    def rejected(self) -> list[Document]:
        """Ways that would not work, and why."""
        rejected: list[Document] = self._outcome["rejected"]
        return rejected

    def explain(self) -> str:
        """What would be done, what it should take, and what was rejected, as text."""
        return self._pipeline._engine.explain(self._outcome)

    def to_json(self) -> str:
        """The canonical bytes: the same model, wishes and machine give the same."""
        return self._pipeline._engine.plan_json(self.document)

    def run(
        self,
        out: StrPath,
        *,
        replace: bool = False,
        isolation: str | None = None,
        workspace: StrPath | None = None,
        progress: Progress = None,
    ) -> Execution:
        """Runs the plan; ``out`` appears only when everything is done and in parity.

        ``isolation`` is ``"worker"`` (a child process with limits on time and memory, the default) or
        ``"in_process"`` (the default where the pipeline holds runtimes or deployers in Python). A ``workspace`` that is
        kept lets an interrupted run resume from the steps it finished.
        """
        options: Document = {"replace": replace, "isolation": isolation or self._pipeline._isolation}
        if workspace is not None:
            options["workspace"] = os.fspath(workspace)
        with listener(progress) as callback:
            document = self._pipeline._engine.run(self._handle, self.document, os.fspath(out), options, callback)
        from pathlib import Path

        from modelium._execution import Execution

        return Execution(self._pipeline, Path(os.fspath(out)), document)

    def __repr__(self) -> str:
        return f"<modelium.Plan: {self.document['decision']['summary']}>"

    def __str__(self) -> str:
        return self.explain()

    def _repr_html_(self) -> str:
        rows = [
            (
                step["id"],
                step["operation"]["op"],
                ", ".join(step["needs"]) or None,
                _span(step["expect"]["bytes_out"], _tables.size),
                _span(step["expect"]["peak_bytes"], _tables.size),
                _span(step["expect"]["seconds"], lambda seconds: f"{seconds:.3g} s"),
                step["on_failure"]["then"],
            )
            for step in self.steps
        ]
        header = ("step", "operation", "needs", "writes", "peak memory", "time", "on failure")
        table = _tables.html(self.document["decision"]["summary"], header, rows)
        if self.rejected:
            refused = [(one["what"], one["reason"]) for one in self.rejected]
            table += _tables.html("rejected", ("what", "why"), refused)
        return table


def _span(interval: Document, form: Any) -> str:
    low, high = form(interval["low"]), form(interval["high"])
    return str(low) if low == high else f"{low} – {high}"
