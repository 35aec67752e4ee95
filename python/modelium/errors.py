"""What can go wrong, one class for each kind.

Every error of modelium is a :class:`ModeliumError`; where a builtin says the same, the class derives from that too, so
that ``except OSError`` and ``except ValueError`` do what they should.
"""

from __future__ import annotations

TYPE_CHECKING = False  # importing `typing` would take longer than most commands do
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "BackendError",
    "CancelledError",
    "InternalError",
    "InvalidArgumentError",
    "IoError",
    "LimitExceededError",
    "MalformedError",
    "MismatchError",
    "ModeliumError",
    "NoRouteError",
    "UnsafeContentError",
    "UnsupportedError",
]


class ModeliumError(Exception):
    """The base of all: one line that says what was found, what was expected, and where."""

    #: The kind as JSON and the C ABI spell it.
    kind: str = "internal"
    #: The message without the place.
    message: str
    #: Where: any of ``file``, ``byte``, ``line``, ``item``.
    location: dict[str, Any]
    #: What else is known, and what to do next.
    notes: list[str]

    def __init__(
        self,
        text: str,
        *,
        message: str | None = None,
        location: dict[str, Any] | None = None,
        notes: list[str] | None = None,
    ) -> None:
        super().__init__(text)
        self.message = text if message is None else message
        self.location = location or {}
        self.notes = notes or []
        for note in self.notes:
            self.add_note(note)

    def to_dict(self) -> dict[str, Any]:
        """The facts as the same document that every language gets."""
        report: dict[str, Any] = {"kind": self.kind, "message": self.message}
        if self.location:
            report["location"] = self.location
        if self.notes:
            report["notes"] = self.notes
        return report


class IoError(ModeliumError, OSError):
    """The operating system refused: not found, no permission, disk full."""

    kind = "io"


class MalformedError(ModeliumError, ValueError):
    """The bytes are not what their format says they must be."""

    kind = "malformed"


class UnsupportedError(ModeliumError, NotImplementedError):
    """Well formed, and beyond what this version can do."""

    kind = "unsupported"


class LimitExceededError(ModeliumError):
    """A cap was reached: of the limits, or of a step of a plan."""

    kind = "limit_exceeded"


class UnsafeContentError(ModeliumError):
    """Going on could run or reach something that was not meant to."""

    kind = "unsafe_content"


class InvalidArgumentError(ModeliumError, ValueError):
    """The caller asked for something that makes no sense."""

    kind = "invalid_argument"


class NoRouteError(ModeliumError, LookupError):
    """No plan leads from this model to what is wanted."""

    kind = "no_route"


class MismatchError(ModeliumError):
    """Two models that must compute the same do not."""

    kind = "mismatch"


class BackendError(ModeliumError, RuntimeError):
    """A backend failed: a runtime, a server, a worker."""

    kind = "backend"


class CancelledError(ModeliumError):
    """The caller cancelled."""

    kind = "cancelled"


class InternalError(ModeliumError, RuntimeError):
    """A defect of modelium itself."""

    kind = "internal"


BY_KIND: dict[str, type[ModeliumError]] = {
    cls.kind: cls
    for cls in (
        IoError,
        MalformedError,
        UnsupportedError,
        LimitExceededError,
        UnsafeContentError,
        InvalidArgumentError,
        NoRouteError,
        MismatchError,
        BackendError,
        CancelledError,
        InternalError,
    )
}


def from_report(report: dict[str, Any], text: str) -> ModeliumError:
    """The exception for an error report; ``text`` is the whole line."""
    cls = BY_KIND.get(report["kind"], InternalError)
    return cls(text, message=report["message"], location=report.get("location"), notes=report.get("notes"))
