"""A progress line on a terminal, and nothing anywhere else."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import TextIO

    from modelium._types import Callback, Progress


class Listener:
    """A callback, or nobody, for the time of one call."""

    def __init__(self, callback: Callback | None) -> None:
        self._callback = callback

    def __enter__(self) -> Callback | None:
        return self._callback

    def __exit__(self, *_: object) -> None:
        pass


class Bar:
    """Draws one line that is overwritten, and wipes it at the end."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._width = 0

    def __call__(self, stage: str, done: int, total: int) -> None:
        if total > 0:
            share = min(done / total, 1.0)
            filled = int(share * 24)
            line = f"{stage:<10} [{'█' * filled}{'·' * (24 - filled)}] {share:4.0%}"
        else:
            line = f"{stage:<10} {done:,}"
        self._stream.write("\r" + line.ljust(self._width))
        self._stream.flush()
        self._width = len(line)

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()
            self._width = 0


def listener(progress: Progress) -> Bar | Listener:
    """Who hears of one call's progress."""
    return Bar() if progress is True else Listener(progress or None)
