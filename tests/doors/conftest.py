"""Whatever a client sends, it is never a traceback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.restarts import RUNNING


@pytest.fixture(autouse=True)
def _no_open_files() -> Iterator[None]:
    """Stop the servers that a test has left running."""
    yield
    while RUNNING:
        RUNNING[-1].stops()


@pytest.fixture(autouse=True)
def _no_traceback(tracebacks: object) -> None:
    """Watch every test of the doors."""
