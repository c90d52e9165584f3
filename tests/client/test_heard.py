from __future__ import annotations

import json

import pytest

from lanchat.client.heard import read
from lanchat.core.events import Said
from lanchat.core.replies import Names, Person
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


def test_every_text_is_cleaned_again() -> None:
    said = {"event": "said", "time": NOON, "room": "#a\nb", "nick": ESCAPE, "text": f"{ESCAPE}\nmore"}
    heard, _ = read(json.dumps(said).encode())
    assert heard == Said(time=NOON, room="#a b", nick="red", text="red\nmore")
    names = {"event": "names", "room": "#a", "people": [{"nick": ESCAPE}]}
    assert read(json.dumps(names).encode())[0] == Names(room="#a", people=[Person("red")])
