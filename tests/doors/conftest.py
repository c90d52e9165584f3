"""Whatever a client sends, it is never a traceback."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _no_traceback(tracebacks: object) -> None:
    """Watch every test of the doors."""
