from __future__ import annotations

import json

import pytest

from lanchat.client import heard as module
from lanchat.client.heard import read
from lanchat.core.events import Said
from lanchat.core.replies import Missed, Names, Person
from tests.client.peers import NOON

ESCAPE = "\x1b[31mred\x07\u202e"


def test_an_event_is_read_with_the_reference_of_its_command() -> None:
    line = json.dumps({"event": "said", "id": 3, "time": NOON, "room": "#lobby", "nick": "ann", "text": "hi"}).encode()
    said = Said(id=3, time=NOON, room="#lobby", nick="ann", text="hi")
    assert read(line) == (said, "")
    assert read(line[:-1] + b',"ref":"7"}') == (said, "7")


@pytest.mark.parametrize(
    ("line", "ref"),
    [
        (b'{"event":"later-invention"}', ""),
        (b'{"event":"later-invention","ref":"7"}', "7"),
        (b'{"event":"said","ref":"7"}', "7"),
        (b'{"event":"said","ref":7}', ""),
        (b'{"ref', ""),
        (b"{\xff}", ""),
        (b"{" * 100_000, ""),
    ],
)
def test_what_is_not_known_is_passed_over(line: bytes, ref: str) -> None:
    assert read(line) == (None, ref)


@pytest.mark.parametrize("moment", ["x", "2026-13-01T00:00:00Z", "0000-00-00", "2026"])
def test_what_has_no_moment_is_passed_over(moment: str) -> None:
    """Wherever it stands; nothing of it could be shown."""
    said = {"event": "said", "time": moment, "room": "#a", "nick": "ann", "text": "hi", "ref": "7"}
    assert read(json.dumps(said).encode()) == (None, "7")
    changed = {"event": "changed", "time": NOON, "room": "#a", "nick": "ann"}
    for until in ("", NOON, moment):
        changes = [{"mode": "ban", "value": "x!*@*", "until": until}]
        heard, _ = read(json.dumps({**changed, "changes": changes}).encode())
        assert (heard is not None) is (until != moment)


def test_some_are_numbers_of_events() -> None:
    """What is behind them is gone."""
    heard, _ = read(b'{"event":"missed","since":7,"until":9}')
    assert heard == Missed(since=7, until=9)


def test_so_is_a_moment_that_is_in_no_year_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last evening of the last year is in the next one further east."""

    def local_day(_: str) -> str:
        raise OverflowError

    monkeypatch.setattr(module, "local_day", local_day)
    said = {"event": "said", "time": "9999-12-31T23:59:59.999Z", "room": "#a", "nick": "ann", "text": "hi"}
    assert read(json.dumps(said).encode()) == (None, "")


def test_every_text_is_cleaned_again() -> None:
    said = {"event": "said", "time": NOON, "room": "#a\nb", "nick": ESCAPE, "text": f"{ESCAPE}\nmore"}
    heard, _ = read(json.dumps(said).encode())
    assert heard == Said(time=NOON, room="#a b", nick="red", text="red\nmore")
    names = {"event": "names", "room": "#a", "people": [{"nick": ESCAPE}]}
    assert read(json.dumps(names).encode())[0] == Names(room="#a", people=[Person("red")])
