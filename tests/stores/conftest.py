"""Journals to talk into; none is left open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.stores.hands import Disks


@pytest.fixture
def disks(tmp_path: Path) -> Iterator[Disks]:
    """A folder in which journals are opened, one life after the other."""
    disks = Disks(tmp_path / "data")
    yield disks
    for chat in disks.chats:
        with suppress(OSError):  # its folder was left already
            chat.crash()
