"""What a server's process gets from the system."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from lanchat.process import raise_file_limit


def test_file_limit_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process takes as many files as it may have, where there is such a limit."""
    resource = pytest.importorskip("resource")
    asked: list[Any] = []
    monkeypatch.setattr(resource, "getrlimit", lambda which: (100, 5_000))
    monkeypatch.setattr(resource, "setrlimit", lambda which, limits: asked.append(limits))
    assert raise_file_limit() == 5_000
    assert asked == [(5_000, 5_000)]
    monkeypatch.setattr(resource, "getrlimit", lambda which: (5_000, 5_000))
    assert raise_file_limit() == 5_000
    assert len(asked) == 1
    monkeypatch.setitem(sys.modules, "resource", None)
    assert raise_file_limit() == 0
