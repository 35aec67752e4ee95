"""Types that several modules name. Nothing imports this when it runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

#: What crosses from the native library: an object of JSON.
Document = dict[str, Any]
StrPath = str | os.PathLike[str]
#: One line of a table.
Row = Sequence[object]
#: A range of one dimension: a number, or the least and the most.
Range = int | tuple[int, int]
#: Called with the stage, the units done and the units in all (0 when unknown).
Callback = Callable[[str, int, int], object]
#: ``True`` draws a bar on stderr; a function is called with stage, done and total.
Progress = bool | Callback | None
