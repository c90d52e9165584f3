"""A message that is sent once more is known by its mark."""

from __future__ import annotations

import pytest

from lanchat.core.journal import Mark
from lanchat.core.marks import Marks


def test_marks_stand_for_events() -> None:
    """The same reference of another client is another message."""
    marks = Marks()
    marks.add(Mark("one", "1"), 7)
    assert marks.find(Mark("one", "1")) == 7
    assert marks.find(Mark("two", "1")) == 0
    assert marks.find(Mark("one", "2")) == 0


def test_oldest_mark_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are so many and no more."""
    monkeypatch.setattr("lanchat.core.marks._MOST", 2)
    marks = Marks()
    for number in (1, 2, 3):
        marks.add(Mark("one", str(number)), number)
    assert [marks.find(Mark("one", str(number))) for number in (1, 2, 3)] == [0, 2, 3]


def test_marks_of_the_time_before_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """A restart forgets none, but the oldest when there are too many."""
    monkeypatch.setattr("lanchat.core.marks._MOST", 2)
    marks = Marks()
    marks.restore([(Mark("one", str(number)), number) for number in (4, 5, 6)])
    assert [marks.find(Mark("one", str(number))) for number in (4, 5, 6)] == [0, 5, 6]
