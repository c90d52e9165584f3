"""Pages of what was said before."""

from __future__ import annotations

import pytest

from lanchat.doors.irc import pages
from tests.doors.irc.readers import Reader


def test_a_page_has_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too much for one page is left out, farthest from where it begins; one message is always given."""
    reader = Reader()
    monkeypatch.setattr(pages, "LARGEST", 200)
    assert reader.numbers("LATEST #dev * 50") == [7, 8]
    assert reader.numbers("AFTER #dev msgid=3 50") == [4, 5]
    assert reader.numbers("AROUND #dev msgid=6 6") == [4, 5, 6, 7]
    monkeypatch.setattr(pages, "LARGEST", 1)
    assert reader.numbers("LATEST #dev * 50") == [8]
