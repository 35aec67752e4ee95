"""Fixtures that several test files share."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "triton"))

from server import TritonServer  # noqa: E402


@pytest.fixture(scope="module")
def triton() -> Iterator[Callable[..., TritonServer]]:
    """Starts real Triton servers, `triton(repository, *flags, control="explicit")`, until the module is done.

    `stop()` on what it returns ends one earlier.
    """
    with ExitStack() as servers:

        def start(repository: Path, *flags: str, **options: object) -> TritonServer:
            return servers.enter_context(TritonServer(repository, *flags, **options))  # type: ignore[arg-type]

        yield start
